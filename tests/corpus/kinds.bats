#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the tools of this machine make, told apart by `sov show`.
load ../helper/common

# show STATUS FILE - one line of "key=value, key=value ..." in $output, without the file's own name.
show() {
	run "-$1" --separate-stderr "$SOV_BINDIR/sov" show "$2"
	output=$(printf '%s\n' "$output" | sed 1d | paste -sd ' ')
}

host_facts() {
	"$SOV_BINDIR/sov" show "$(command -v gcc)" | sed -n '/^class=/,$p' | paste -sd ' '
}

make_object() {
	echo 'int sov_fixture(void); int sov_fixture(void) { return 1; }' | "$@" -c -o demo.o -x c -
}

@test "a library is told with what it needs, in order" {
	make_lib libone.so libone.so.1
	make_lib libtwo.so libtwo.so.2
	make_lib libdemo.so.2.1.0 libdemo.so.2 -nostdlib -Wl,--no-as-needed ./libtwo.so ./libone.so \
		-Wl,-rpath,/opt/demo -Wl,--enable-new-dtags
	show 0 libdemo.so.2.1.0
	assert_output "kind=library soname=libdemo.so.2 needed=libtwo.so.2 needed=libone.so.1 \
runpath=/opt/demo $(host_facts)"
}

@test "an old-style rpath is told as such" {
	make_lib libdemo.so libdemo.so.2 -nostdlib -Wl,-rpath,/opt/demo -Wl,--disable-new-dtags
	show 0 libdemo.so
	assert_output "kind=library soname=libdemo.so.2 rpath=/opt/demo $(host_facts)"
}

@test "a library without section headers is read all the same" {
	make_lib libdemo.so libdemo.so.2 -nostdlib
	# e_shoff, e_shentsize, e_shnum and e_shstrndx of a 64-bit file
	printf '\0\0\0\0\0\0\0\0' | dd of=libdemo.so bs=1 seek=40 conv=notrunc status=none
	printf '\0\0\0\0\0\0' | dd of=libdemo.so bs=1 seek=58 conv=notrunc status=none
	show 0 libdemo.so
	assert_output "kind=library soname=libdemo.so.2 $(host_facts)"
}

@test "a stripped library is read all the same" {
	make_lib libdemo.so libdemo.so.2 -nostdlib
	strip --strip-all libdemo.so
	show 0 libdemo.so
	assert_output "kind=library soname=libdemo.so.2 $(host_facts)"
}

@test "a library that is cut short is broken, with the reason on stderr" {
	make_lib libdemo.so libdemo.so.2
	truncate -s 1000 libdemo.so
	show 3 libdemo.so
	assert_output "kind=broken detail=PT_LOAD past the end of the file $(host_facts)"
	assert_regex "${stderr_lines[0]}" '^libdemo\.so: error: PT_LOAD past the end of the file'
	assert_equal "${stderr_lines[1]}" '  expected: inside 1000 bytes'
	assert_regex "${stderr_lines[2]}" '^  found:    [0-9]+ bytes at offset [0-9]+$'
	assert_equal "${stderr_lines[3]}" '  fix:      the file is cut short: build or copy it again'
}

@test "a position-independent program is a program, libc.so.6 is a library though it can be run" {
	echo 'int main(void) { return 0; }' | gcc -fPIE -pie -o demo -x c -
	show 0 demo
	assert_output --partial 'kind=program needed=libc.so.6'
	show 0 "$(gcc -print-file-name=libc.so.6)"
	assert_output --partial 'kind=library soname=libc.so.6'
}

@test "a static program and one at a fixed address are programs" {
	echo 'void _start(void); void _start(void) { for (;;) ; }' >start.c
	gcc -nostdlib -static -no-pie -o static start.c
	gcc -nostdlib -static-pie -o static-pie start.c
	for program in static static-pie; do
		show 0 "$program"
		assert_output "kind=program $(host_facts)"
	done
}

@test "what objcopy --only-keep-debug leaves is a debug file" {
	make_lib libdemo.so libdemo.so.2 -g
	objcopy --only-keep-debug libdemo.so libdemo.so.debug
	show 0 libdemo.so.debug
	assert_output "kind=debug $(host_facts)"
}

@test "what eu-strip -f leaves is a debug file" {
	make_lib libdemo.so libdemo.so.2 -g
	eu-strip -f libdemo.so.debug libdemo.so
	show 0 libdemo.so.debug
	assert_output "kind=debug $(host_facts)"
	show 0 libdemo.so
	assert_output --partial 'kind=library soname=libdemo.so.2'
}

@test "the debug file of a program is one" {
	echo 'int main(void) { return 0; }' | gcc -g -no-pie -o demo -x c -
	eu-strip -f demo.debug demo
	show 0 demo.debug
	assert_output "kind=debug $(host_facts)"
}

@test "objects, and those that hold a compiler's intermediate code" {
	make_object gcc
	show 0 demo.o
	assert_output "kind=object $(host_facts)"
	for fat in -fno-fat-lto-objects -ffat-lto-objects; do
		make_object gcc -flto $fat
		show 0 demo.o
		assert_output "kind=object detail=LTO object $(host_facts)"
	done
	make_object clang -flto
	show 0 demo.o
	assert_output 'kind=not-elf detail=LLVM bitcode'
}

@test "archives, thin or not, whatever their names" {
	make_object gcc
	ar rc libdemo.a demo.o
	ar rcT libthin.a demo.o
	cp libdemo.a libdemo.so
	show 0 libdemo.a
	assert_output 'kind=archive'
	show 0 libthin.a
	assert_output 'kind=archive detail=thin archive'
	show 0 libdemo.so
	assert_output 'kind=archive'
}

@test "linker scripts, scripts, compressed and empty files" {
	echo 'INPUT(libdemo.so.2)' >libdemo.so
	printf '#!/bin/sh\n' >script
	gzip -k libdemo.so
	: >empty
	show 0 libdemo.so
	assert_output 'kind=script detail=linker script'
	show 0 script
	assert_output 'kind=script detail=#! script'
	show 0 libdemo.so.gz
	assert_output 'kind=not-elf detail=gzip'
	show 0 empty
	assert_output 'kind=not-elf detail=empty'
}

# foreign CLASS DATA MACHINE COMPILER... - link for another system; readelf and sov must agree.
foreign() {
	local facts="class=$1 data=$2 machine=$3"
	shift 3
	echo 'int sov_fixture(void); int sov_fixture(void) { return 1; }' |
		"$@" -shared -fPIC -nostdlib -o libone.so -Wl,-soname,libone.so.1 -x c -
	echo 'int sov_other(void); int sov_other(void) { return 1; }' |
		"$@" -shared -fPIC -nostdlib -o libdemo.so -Wl,-soname,libdemo.so.2,--no-as-needed \
			-Wl,-rpath,/opt/demo,--enable-new-dtags -x c - -x none ./libone.so
	show 0 libdemo.so
	assert_output "kind=library soname=libdemo.so.2 needed=libone.so.1 runpath=/opt/demo $facts"
	assert_equal "$(soname_of libdemo.so)" libdemo.so.2
	assert_equal "$(readelf -dW libdemo.so | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p')" libone.so.1
}

@test "a 64-bit big-endian library, linked for s390x, is read as readelf reads it" {
	foreign 64 big s390 s390x-linux-gnu-gcc
}

@test "a 32-bit library is read as readelf reads it" {
	[ "$(uname -m)" = x86_64 ] || skip "gcc -m32 is of x86-64"
	foreign 32 little 386 gcc -m32
}
