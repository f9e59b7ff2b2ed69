#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# After a declared link the file decides, not what was asked for.
load ../helper/common
load wrapper

real_ld=$(command -v ld.bfd)

@test "a linker that writes another SONAME: the output is removed and no link is made" {
	make_linker "exec $real_ld \"\$@\" -soname libevil.so.1"
	link_demo 1 -B linker -o libdemo.so --sov-version=2.1.0
	assert_line --index 0 --regexp \
		'^sovcc: error: libdemo\.so\.2\.1\.0: SONAME does not match the declared version'
	assert_line --regexp '^  expected: libdemo\.so\.2( |$)'
	assert_line '  found:    libevil.so.1'
	assert_line --regexp '^  fix:      '
	assert_only linker
}

@test "a linker that writes another SONAME: the links of the last good build stay as they were" {
	link_demo 0 -o libdemo.so --sov-version=2.0.0
	make_linker "exec $real_ld \"\$@\" -soname libevil.so.1"
	link_demo 1 -B linker -o libdemo.so --sov-version=2.1.0
	assert_refused
	assert_link libdemo.so.2 libdemo.so.2.0.0
	assert_library libdemo.so.2.0.0 libdemo.so.2
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.0.0 linker
}

@test "a linker that writes no SONAME is found out" {
	# not the linker's last word: that is the C library's crtn.o, which root may write
	make_linker "exec $real_ld -shared demo.o -o libdemo.so.2.1.0"
	link_demo 1 -B linker -o libdemo.so --sov-version=2.1.0
	assert_refused
	assert_only linker
}

@test "a soname on the command line that the linker does not write is found out" {
	make_linker "exec $real_ld \"\$@\" -soname libevil.so.1"
	link_demo 1 -B linker -o libdemo.so -Wl,-soname,libdemo.so.2 --sov-version=2.1.0
	assert_line --index 0 --regexp '^sovcc: error: libdemo\.so: SONAME does not match the declared version'
	assert_only linker
}

@test "a linker that heeds only the first -o is found out" {
	make_linker "exec $real_ld \"\$@\" -o libdemo.so"
	link_demo 1 -B linker -o libdemo.so --sov-version=2.1.0
	assert_line --index 0 "sovcc: error: libdemo.so: the link editor wrote this file, not the declared real\
 name [declared-mismatch]"
	assert_line '  expected: libdemo.so.2.1.0 (--sov-version)'
	assert_only linker
}

@test "a broken file from the linker is found out and removed" {
	make_linker "$real_ld \"\$@\"" 'truncate -s 100 libdemo.so.2.1.0'
	link_demo 1 -B linker -o libdemo.so --sov-version=2.1.0
	assert_refused
	assert_only linker
}

@test "a linker that exits 0 and writes nothing makes no link" {
	link_demo 0 -Wl,--version -o libdemo.so --sov-version=2.1.0
	assert_line --partial 'GNU ld'
	assert_only
}

@test "a linker that exits 0 and writes nothing leaves the last build alone" {
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	local before
	before=$(stat -c '%i %Z' libdemo.so libdemo.so.2 libdemo.so.2.1.0)
	link_demo 0 -Wl,--help -o libdemo.so --sov-version=2.1.0
	assert_equal "$(stat -c '%i %Z' libdemo.so libdemo.so.2 libdemo.so.2.1.0)" "$before"
}

@test "a library that this run did not write is not judged" {
	make_lib libdemo.so.2.1.0 libother.so.5
	link_demo 0 -Wl,--version -o libdemo.so --sov-version=2.1.0
	assert_library libdemo.so.2.1.0 libother.so.5
	assert_absent libdemo.so.2 libdemo.so
}

@test "a link that makes a relocatable object gets no links" {
	SOV_CC=gcc link_demo 0 -fuse-ld=mold -r -nostdlib -o libdemo.so --sov-version=2.1.0
	assert_only libdemo.so
}

@test "a link that makes a relocatable object by the linker's own -r gets no links" {
	SOV_CC=gcc link_demo 0 -fuse-ld=mold -Wl,-r -nostdlib -o libdemo.so --sov-version=2.1.0
	assert_absent libdemo.so.2
	refute [ -L libdemo.so ]
}

@test "a failing linker's status is passed on and nothing is judged" {
	make_linker 'echo "ld: no" >&2; exit 7'
	SOV_CC=clang link_demo 7 -B linker -o libdemo.so --sov-version=2.1.0
	assert_line 'ld: no'
	refute_output --partial sovcc
	assert_only linker
}

@test "gcc's -no-pie behind -shared makes a program, which is no declared library" {
	echo 'int main(void) { return 0; }' >m.c
	run_sovcc 1 gcc -shared -no-pie m.c -o libdemo.so --sov-version=2.1.0
	assert_line -n 0 "sovcc: error: libdemo.so.2.1.0: not a shared library [declared-mismatch]"
	assert_absent libdemo.so libdemo.so.2 libdemo.so.2.1.0
}
