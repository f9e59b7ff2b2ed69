# SPDX-License-Identifier: MIT
# What `sov deps` finds wrong, and how it says so.

load ../helper/common
load deps

@test "a library that is not found: who needs it, and where it was searched" {
	make_lib one/libdeep.so.2 libdeep.so.2
	make_lib one/libx.so.1 libx.so.1 -Wl,--no-as-needed one/libdeep.so.2
	make_prog prog one/libx.so.1 -Wl,-rpath,'$ORIGIN/one' -Wl,-rpath-link,one
	rm one/libdeep.so.2
	run_sov 1 deps --library-path=/opt/nowhere prog
	assert_line "	libdeep.so.2 => not found"
	assert_line "prog: error: libdeep.so.2 is not found [dependency-missing]"
	assert_line --regexp '^  expected: library path /opt/nowhere; /etc/ld\.so\.cache; /lib.*, /usr/lib'
	assert_line "  found:    prog -> libx.so.1 -> libdeep.so.2"
}

@test "a version that is needed and not defined, as the dynamic linker has it" {
	echo 'int v(void); int v(void) { return 1; }' >v.c
	echo 'OLD { v; }; NEW { } OLD;' >with.map
	echo 'OLD { v; };' >without.map
	mkdir one
	gcc -shared -fPIC -Wl,-soname,libv.so.1 -Wl,--version-script=with.map -o one/libv.so.1 v.c
	echo 'int v(void); __asm__(".symver v,v@NEW"); int main(void) { return v(); }' >m.c
	echo 'int v(void); int v2(void); int v2(void) { return 1; } int v(void) { return 1; }' >v2.c
	echo 'OLD { v; }; NEW { v2; } OLD;' >with.map
	gcc -shared -fPIC -Wl,-soname,libv.so.1 -Wl,--version-script=with.map -o one/libv.so.1 v2.c
	echo 'int v2(void); int main(void) { return v2(); }' >m.c
	gcc -o prog m.c one/libv.so.1 -Wl,-rpath,"$PWD/one"
	run_sov 0 deps prog
	gcc -shared -fPIC -Wl,-soname,libv.so.1 -Wl,--version-script=without.map -o one/libv.so.1 v.c
	run env LD_TRACE_LOADED_OBJECTS=1 LD_WARN=1 LD_BIND_NOW=1 ./prog
	assert_output --partial "version \`NEW' not found"
	run_sov 1 deps prog
	assert_line "prog: error: version NEW not defined in libv.so.1, needed by prog [version-missing]"
	assert_line "  expected: a libv.so.1 that defines NEW"
	assert_line "  found:    $PWD/one/libv.so.1"
	# one without any versions may define anything
	gcc -shared -fPIC -Wl,-soname,libv.so.1 -o one/libv.so.1 v2.c
	run_sov 0 deps prog
}

@test "a version that a weak reference alone needs may be missing" {
	echo 'int a(void); int b(void); int a(void) { return 1; } int b(void) { return 1; }' >v.c
	echo 'OLD { a; }; NEW { b; } OLD;' >with.map
	mkdir one
	gcc -shared -fPIC -Wl,-soname,libv.so.1 -Wl,--version-script=with.map -o one/libv.so.1 v.c
	echo 'int a(void); __attribute__((weak)) int b(void); int main(void) { return a() + (b ? 1 : 0); }' |
		gcc -o prog -x c - -x none one/libv.so.1 -Wl,-rpath,"$PWD/one"
	# what newer link editors write
	python3 - prog <<-'EOT'
		import struct, sys
		data = bytearray(open(sys.argv[1], "rb").read())
		hash = 0
		for byte in b"NEW":
		    hash = (hash << 4) + byte
		at = data.index(struct.pack("<IH", hash, 0))
		data[at + 4] = 2
		open(sys.argv[1], "wb").write(data)
	EOT
	readelf -VW prog | grep 'Name: NEW.*WEAK'
	echo 'OLD { a; };' >without.map
	gcc -shared -fPIC -Wl,-soname,libv.so.1 -Wl,--version-script=without.map -o one/libv.so.1 v.c
	run_sov 0 deps prog
}

@test "two majors of one library, directly and through another: both ways" {
	make_lib one/libssl.so.1.1 libssl.so.1.1
	make_lib one/libssl.so.3 libssl.so.3
	make_lib one/liba.so.1 liba.so.1 -Wl,--no-as-needed one/libssl.so.1.1
	make_prog prog one/liba.so.1 one/libssl.so.3 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags -Wl,-rpath-link,one
	run_sov 1 deps prog
	assert_line "prog: warning: two versions of one library: libssl.so.3 and libssl.so.1.1 [two-majors]"
	assert_line "  found:    prog -> libssl.so.3, and prog -> liba.so.1 -> libssl.so.1.1"
}

@test "two majors through two libraries, and three of them" {
	for major in 1 2 3; do
		make_lib "one/libz.so.$major" "libz.so.$major"
		make_lib "one/lib$major.so" "lib$major.so" -Wl,--no-as-needed "one/libz.so.$major"
	done
	make_prog prog one/lib1.so one/lib2.so one/lib3.so -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags -Wl,-rpath-link,one
	run_sov 1 deps prog
	assert_line "  found:    prog -> lib1.so -> libz.so.1, and prog -> lib2.so -> libz.so.2"
	assert_line "  found:    prog -> lib1.so -> libz.so.1, and prog -> lib3.so -> libz.so.3"
	assert_equal "$(grep -c two-majors <<<"$output")" 2
}

@test "what only looks alike is not two majors" {
	make_lib one/libx-1.so.0 libx-1.so.0
	make_lib one/libx-2.so.0 libx-2.so.0
	make_lib one/libx.so.1 libx.so.1
	make_lib one/libxx.so.2 libxx.so.2
	make_prog prog one/libx-1.so.0 one/libx-2.so.0 one/libx.so.1 one/libxx.so.2 -Wl,-rpath,"$PWD/one"
	run_sov 0 deps prog
}

@test "a file that stops the dynamic linker" {
	make_lib one/libx.so.1 libx.so.1
	make_prog prog one/libx.so.1 -Wl,-rpath,"$PWD/one"
	echo 'INPUT(libx.so.2)' >one/libx.so.1
	run -127 env LD_TRACE_LOADED_OBJECTS=1 ./prog
	assert_output --partial "file too short"
	run_sov 1 deps prog
	assert_line "prog: error: $PWD/one/libx.so.1 is no library: the dynamic linker stops there [dependency-unusable]"
	assert_line "  found:    script, linker script, needed by prog -> libx.so.1" ||
		assert_line --partial "  found:    script"
	make_prog one/libx.so.1
	run_sov 1 deps prog
	assert_line "prog: error: $PWD/one/libx.so.1 is a program: the dynamic linker stops there [dependency-unusable]"
}

@test "a library or program that is broken could not be examined" {
	make_lib one/libx.so.1 libx.so.1
	make_prog prog one/libx.so.1 -Wl,-rpath,"$PWD/one"
	truncate -s 2000 one/libx.so.1
	run_sov 3 deps prog
	assert_line "	libx.so.1 => $PWD/one/libx.so.1"
	assert_line "$PWD/one/libx.so.1: error: PT_LOAD past the end of the file [elf-corrupt]"
	make_prog whole
	truncate -s 2000 whole
	run_sov 3 deps whole
	assert_line "whole: error: PT_LOAD past the end of the file [elf-corrupt]"
}

@test "files that are not there do not keep the others from being examined" {
	make_prog prog
	run_sov_split 3 deps nowhere prog
	assert_line "prog:"
	assert_line --partial "	libc.so.6 => "
	[ "$stderr" = "nowhere: error: cannot open: No such file or directory" ]
	run_sov 2 deps
	assert_line --partial "deps needs a file"
}

@test "an auditor that the dynamic linker would run is told of with -v" {
	make_lib one/libaudit.so.1 libaudit.so.1
	make_prog prog -Wl,--audit,libaudit.so.1
	run_sov 0 deps prog
	refute_output --partial auditor
	run_sov 0 deps -v prog
	assert_line "prog: info: the dynamic linker, and ldd, would run an auditor [auditor]"
	assert_line "  found:    libaudit.so.1"
}

@test "what may help against a missing library: the variable that was not asked, or the directory" {
	make_lib one/libdeep.so.2 libdeep.so.2
	make_lib two/libx.so.1 libx.so.1 -Wl,--no-as-needed one/libdeep.so.2
	make_prog prog two/libx.so.1 -Wl,-rpath,'$ORIGIN/two' -Wl,-rpath-link,one
	run_sov 1 deps prog
	assert_line "  fix:      --library-path=DIR names a directory to search"
	LD_LIBRARY_PATH=$PWD/one run_sov 1 deps prog
	assert_line "  fix:      --env searches LD_LIBRARY_PATH, as ldd does"
	LD_LIBRARY_PATH=$PWD/one run_sov 0 deps --env prog
	LD_LIBRARY_PATH='' run_sov 1 deps prog
	assert_line "  fix:      --library-path=DIR names a directory to search"
	LD_LIBRARY_PATH=$PWD/one run_sov 1 deps --library-path=two prog
	assert_line "  fix:      --library-path=DIR names a directory to search"
	cp one/libdeep.so.2 two/
	run_sov 1 deps prog
	assert_line "  fix:      --library-path=$PWD/two names a directory to search"
	run_sov 0 deps --library-path="$PWD/two" prog
	echo not-elf >two/libdeep.so.2
	run_sov 1 deps prog
	assert_line "  fix:      --library-path=DIR names a directory to search"
}

@test "nothing helps against a path that is needed and not there" {
	make_lib gone.so ''
	make_prog prog "$PWD/gone.so"
	rm gone.so
	run_sov 1 deps prog
	assert_line "prog: error: $PWD/gone.so is not found [dependency-missing]"
	refute_output --partial "fix:"
}

@test "a dynamic linker that is not there: install it, or name the tree that has it" {
	make_prog prog -Wl,--dynamic-linker=/lib/ld-nowhere.so.9
	run_sov 1 deps prog
	assert_line "prog: error: the dynamic linker that it names is not there [interpreter-missing]"
	assert_line "  fix:      install the package that has /lib/ld-nowhere.so.9, or give --root=DIR, the tree that has it"
	make_root root >/dev/null
	mv prog root/bin/
	run_sov 1 deps --root root root/bin/prog
	assert_line "  fix:      install the package that has /lib/ld-nowhere.so.9 below the root"
}

@test "a directory or special file is an error, a script or an archive is none" {
	mkdir directory
	mkfifo pipe
	echo '#!/bin/sh' >script
	gcc -c -o object.o -x c /dev/null
	ar rc libx.a object.o
	run_sov_split 3 deps directory pipe /dev/null script libx.a
	assert_output "script:
	not a dynamic executable (script)
libx.a:
	not a dynamic executable (archive)"
	[ "$stderr" = "directory: error: not a regular file
  found:    directory
pipe: error: not a regular file
  found:    fifo
/dev/null: error: not a regular file
  found:    character device" ]
	run_sov 0 deps script libx.a
}
