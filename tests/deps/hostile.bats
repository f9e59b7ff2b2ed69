# SPDX-License-Identifier: MIT
# Trees that nobody vouches for: nothing in them is run or mapped, and nothing in them keeps us from ending.

load ../helper/common
load deps

# LeakSanitizer cannot work under ptrace.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"

# canary PATH [GCC-ARGUMENT...] - a library that leaves the file `sung` when any of it is run.
canary() {
	local path=$1
	shift
	mkdir -p "$(dirname -- "$path")"
	cat >canary.c <<-EOT
		#include <fcntl.h>
		#include <unistd.h>
		static void sing(void) { close(open("$PWD/sung", O_CREAT | O_WRONLY, 0600)); }
		__attribute__((constructor)) static void begin(void) { sing(); }
		unsigned la_version(unsigned version) { sing(); return version; }
		static int real(void) { return 1; }
		static int (*choose(void))(void) { sing(); return real; }
		int chosen(void) __attribute__((ifunc("choose")));
		int call(void);
		int call(void) { return chosen(); }
	EOT
	gcc -shared -fPIC -o "$path" canary.c "$@"
}

@test "no constructor, IFUNC, auditor or dynamic linker of what is looked at is run, nothing of it is mapped" {
	canary one/libx.so.1 -Wl,-soname,libx.so.1
	canary one/libaudit.so.1 -Wl,-soname,libaudit.so.1
	canary one/ld.so -Wl,-soname,ld.so
	make_prog prog one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,--audit,"$PWD/one/libaudit.so.1" \
		-Wl,--depaudit,"$PWD/one/libaudit.so.1"
	make_prog strange one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,--dynamic-linker,"$PWD/one/ld.so"
	# the canaries do sing: ldd runs the auditor
	ldd prog >/dev/null 2>&1 || true
	[ -e sung ]
	rm -f sung
	strace -f -o trace "$SOV_BINDIR/sov" deps -v prog strange one/libx.so.1 >out
	grep -F "libx.so.1 => $PWD/one/libx.so.1" out
	[ ! -e sung ]
	run -0 grep -c 'execve(' trace
	assert_output 1
	run -1 grep -E 'clone|fork|vfork' trace
	# by descriptor: which of those that mmap is given were opened for a file of ours?
	python3 - trace "$PWD" <<-'EOT'
		import re, sys
		trace, here = sys.argv[1:]
		ours, opened, mapped = set(), 0, 0
		for line in open(trace, errors="replace"):
		    line = re.sub(r"^\d+ +", "", line)
		    found = re.match(r'open(?:at2?)?\(.*?"(.*?)".*= (\d+)$', line)
		    if found:
		        inside = found[1].startswith(here) or found[1] in ("prog", "strange", "one/libx.so.1")
		        opened += inside
		        (ours.add if inside else ours.discard)(found[2])
		    found = re.match(r"close\((\d+)\)", line)
		    if found:
		        ours.discard(found[1])
		    found = re.match(r"mmap\(.*, (-?\d+), (?:0|0x[0-9a-f]+)\) += ", line)
		    if found and found[1] in ours:
		        mapped += 1
		        print(line)
		print(opened, "opened,", mapped, "mapped")
		sys.exit(0 if opened >= 4 and mapped == 0 else 1)
	EOT
}

@test "no file is opened twice for its facts in one run" {
	make_lib one/libx.so.1 libx.so.1
	for n in 1 2 3 4 5; do
		make_prog "prog$n" one/libx.so.1 -Wl,-rpath,"$PWD/one"
	done
	strace -o trace -e trace=open,openat,openat2 "$SOV_BINDIR/sov" deps prog? >out
	assert_equal "$(grep -c 'one/libx.so.1"' trace)" 1
	assert_equal "$(grep -c 'libx.so.1 => ' out)" 5
	assert_equal "$(grep -c 'ld.so.cache"' trace)" 2 # its own dynamic linker's is the other
}

@test "libraries that need one another in a circle, and a thousand in a row" {
	python3 - <<-'EOT'
		import os, sys
		sys.path.insert(0, os.environ["SOV_SRCDIR"] + "/tests/corpus")
		from elfimage import ElfImage
		def write(path, image):
		    with open(path, "wb") as file:
		        file.write(bytes(image.bytes))
		os.mkdir("row")
		for n in range(1000):
		    write(f"row/lib{n}.so", ElfImage(soname=b"lib%d.so" % n, needed=(b"lib%d.so" % ((n + 1) % 1000), b"lib0.so")))
		os.mkdir("wide")
		for n in range(200):
		    write(f"wide/lib{n}.so", ElfImage(soname=b"lib%d.so" % n, needed=[b"lib%d.so" % m for m in range(200)]))
	EOT
	run_sov 0 deps --library-path row row/lib0.so
	assert_equal "${#lines[@]}" 999
	run_sov 0 deps --tree --library-path row row/lib0.so
	assert_line --regexp '^ {3996}lib999\.so => row/lib999\.so$'
	run_sov 0 deps --library-path wide wide/lib0.so
	assert_equal "${#lines[@]}" 199
}

@test "ten thousand DT_NEEDED are refused, four thousand missing ones are told" {
	python3 - <<-'EOT'
		import os, sys
		sys.path.insert(0, os.environ["SOV_SRCDIR"] + "/tests/corpus")
		from elfimage import ElfImage
		for count in (10000, 4000):
		    image = ElfImage(soname=b"libmany.so", needed=[b"lib%d.so" % n for n in range(count)])
		    with open(f"many{count}", "wb") as file:
		        file.write(bytes(image.bytes))
	EOT
	run_sov 3 deps many10000
	assert_line --partial "more DT_NEEDED than any library has"
	run_sov 1 deps many4000
	assert_equal "$(grep -c ' => not found$' <<<"$output")" 4000
}

@test "version tables that lead nowhere, in circles or out of the file" {
	gcc -shared -fPIC -o libgood.so -Wl,-soname,libgood.so -x c - <<-'EOT'
		#include <stdio.h>
		void f(void); void f(void) { puts("x"); }
	EOT
	python3 - <<-'EOT'
		import re, struct, subprocess
		out = subprocess.run(["readelf", "-dW", "libgood.so"], capture_output=True, text=True).stdout
		at = int(re.search(r"\(VERNEED\)\s+0x([0-9a-f]+)", out)[1], 16)
		good = open("libgood.so", "rb").read()
		offset = at  # the first PT_LOAD begins at 0
		assert struct.unpack_from("<H", good, offset)[0] == 1
		for number, (field, size, value) in enumerate([
		        (0, "H", 2), (4, "I", 0xFFFFFFF0), (8, "I", 0xFFFFFFFF), (8, "I", 0x7FFFFFF0), (12, "I", 0xFFFFFFFC),
		        (12, "I", 0x100000)]):
		    bad = bytearray(good)
		    struct.pack_into("<" + size, bad, offset + field, value)
		    open(f"bad{number}.so", "wb").write(bad)
	EOT
	for bad in bad?.so; do
		run_sov 3 deps "$bad"
		assert_line --regexp "^$bad: error: .*DT_VERNEED"
	done
}

@test "caches that were made to hurt" {
	mkdir -p tree/etc tree/usr/lib
	make_lib tree/usr/lib/libx.so.1 libx.so.1 -nostdlib
	make_lib tree/liby.so libv.so -nostdlib -Wl,--no-as-needed tree/usr/lib/libx.so.1
	python3 - <<-'EOT'
		import struct
		head = b"glibc-ld.so.cache1.1"
		def new(count, entries=b"", strings=b"", flags=2, extension=0):
		    return head + struct.pack("<IIB3xI12x", count, len(strings), flags, extension) + entries + strings
		def entry(key, value, flags=0x303, hwcap=0):
		    return struct.pack("<IIIIQ", flags, key, value, 0, hwcap)
		unterminated = new(1, entry(72, 82), b"libx.so.1\0/usr/lib/libx.so.1")
		cases = [
		    b"", head, new(0xFFFFFFFF), new(1), new(0), new(1, flags=1),
		    new(2, entry(0xFFFFFFFF, 0) + entry(72, 0xFFFFFFF0), b"libx.so.1\0"),
		    unterminated,
		    new(1, entry(72, 82, hwcap=1 << 62 | 0xFFFFFFFF), b"libx.so.1\0/x\0"),
		    new(1, entry(72, 82, hwcap=1 << 62), b"libx.so.1\0/x\0\0\0\0" + struct.pack("<II", 0xEAA42174, 0xFFFFFFFF),
		        extension=88),
		    b"ld.so-1.7.0\0" + struct.pack("<I", 0xFFFFFFFF),
		    b"ld.so-1.7.0\0" + struct.pack("<I", 1) + struct.pack("<III", 3, 0xFFFFFFFF, 5),
		    b"ld.so-1.7.0\0" + struct.pack("<I", 0) + new(3),
		    new(1, entry(72, 82), b"libx.so.1\0" + b"/" + b"x" * 100000),
		]
		for number, case in enumerate(cases):
		    open(f"cache{number}", "wb").write(case)
	EOT
	for cache in cache*; do
		cp "$cache" tree/etc/ld.so.cache
		run "$SOV_BINDIR/sov" deps --root tree tree/liby.so
		[ "$status" -le 1 ]
		assert_line "	libx.so.1 => /usr/lib/libx.so.1"
	done
	truncate -s 10G tree/etc/ld.so.cache
	run_sov 1 deps --root tree tree/liby.so
	assert_line --partial "[cache-unusable]"
}

@test "ld.so.conf that includes itself, names pipes, has endless lines" {
	mkdir -p tree/etc/d tree/opt
	make_lib tree/opt/libx.so.1 libx.so.1 -nostdlib
	make_lib tree/liby.so libv.so -nostdlib -Wl,--no-as-needed tree/opt/libx.so.1
	mkfifo tree/etc/d/pipe
	{
		echo "include /etc/ld.so.conf ld.so.conf d/* /../../../etc/ld.so.conf"
		head -c 100000 /dev/zero | tr '\0' '*'
		printf '\n%s\n' "$(printf '/%.0sx' {1..3000})"
		echo /opt
	} >tree/etc/ld.so.conf
	run_sov 0 deps --root tree tree/liby.so
	assert_output "	libx.so.1 => /opt/libx.so.1"
}

@test "an interpreter at an offset that no file has is damage, not an error of the disk" {
	echo 'int main(void) { return 0; }' | gcc -o prog -x c -
	python3 - <<-'END'
		import struct
		image = bytearray(open("prog", "rb").read())
		at, size, count = struct.unpack_from("<Q", image, 32)[0], *struct.unpack_from("<HH", image, 54)
		for header in range(at, at + size * count, size):
		    if struct.unpack_from("<I", image, header)[0] == 3:
		        struct.pack_into("<Q", image, header + 8, 2**64 - 4096)
		open("prog", "wb").write(image)
	END
	run_sov 3 deps prog
	assert_line --partial "PT_INTERP is no text that ends with a NUL"
}
