# SPDX-License-Identifier: MIT
# Subdirectories for what the processor can do: held against the real dynamic linker.

load ../helper/common
load deps

setup() {
	sov_setup
	[ "$(uname -m)" = x86_64 ] || skip "x86-64 has the levels that are tested"
	INTERP=$(readelf -lW "$SOV_BINDIR/sov" | sed -n 's/.*program interpreter: \(.*\)\]$/\1/p')
	make_lib one/libx.so.1 libx.so.1
	make_prog prog one/libx.so.1 -Wl,-rpath,"$PWD/one"
}

# in_levels LEVEL... - libx.so.1 also for these.
in_levels() {
	local level
	for level; do
		mkdir -p "one/glibc-hwcaps/$level"
		cp one/libx.so.1 "one/glibc-hwcaps/$level/libx.so.1"
	done
}

# masked LIST - what the real dynamic linker says when it may use these alone.
masked() {
	"$INTERP" --glibc-hwcaps-mask "$1" --list ./prog | plain
}

@test "this machine's processor decides, as it does for the dynamic linker" {
	in_levels x86-64-v1 x86-64-v2 x86-64-v3 x86-64-v4 x86-64-v9
	same_as_loader ./prog
	in_levels nonsense
	rm -r one/glibc-hwcaps/x86-64-v4
	same_as_loader ./prog
	rm -r one/glibc-hwcaps/x86-64-v3
	same_as_loader ./prog
	rm -r one/glibc-hwcaps/x86-64-v2
	same_as_loader ./prog
	says "libx.so.1 => $PWD/one/libx.so.1"
}

@test "--hwcaps says which, the best first" {
	in_levels x86-64-v2 x86-64-v3
	for list in "" x86-64-v2 x86-64-v3 x86-64-v3:x86-64-v2; do
		diff <(masked "${list:-none}") <(sov_says --hwcaps="$list" ./prog)
	done
	sov_says --hwcaps=x86-64-v2:x86-64-v3 ./prog | grep -F glibc-hwcaps/x86-64-v2/libx.so.1
	sov_says --hwcaps= ./prog | grep -xF "libx.so.1 => $PWD/one/libx.so.1"
}

@test "a processor with less finds less" {
	in_levels x86-64-v2 x86-64-v3 x86-64-v4
	export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX512F
	loader_says ./prog >said
	says "libx.so.1 => $PWD/one/glibc-hwcaps/x86-64-v2/libx.so.1"
	diff said <(env -u GLIBC_TUNABLES "$SOV_BINDIR/sov" deps --hwcaps=x86-64-v2 ./prog | plain)
}

@test "a file for another machine in a subdirectory is passed over" {
	in_levels x86-64-v2
	arm-linux-gnueabihf-gcc -shared -nostdlib -Wl,-soname,libx.so.1 -o one/glibc-hwcaps/x86-64-v2/libx.so.1 -x c /dev/null
	diff <(masked x86-64-v2) <(sov_says --hwcaps=x86-64-v2 ./prog)
}

@test "the older subdirectories are looked into where this glibc still does" {
	mkdir -p one/tls one/x86_64
	cp one/libx.so.1 one/x86_64/
	same_as_loader ./prog
	cp one/libx.so.1 one/tls/
	same_as_loader ./prog
}
