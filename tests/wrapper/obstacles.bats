#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What stands where a name of a declared library must go.
load ../helper/common
load wrapper

# link_blocked OUTPUT NAME - a declared link of OUTPUT is refused for NAME, the compiler never started.
link_blocked() {
	make_recorder fakecc
	SOV_CC=$PWD/fakecc link_demo 1 -o "$1" --sov-version=2.1.0
	assert_refused
	assert_output --partial "$2"
	assert_absent fakecc.argv
}

@test "a directory under the soname is an obstacle" {
	mkdir libdemo.so.2
	link_blocked libdemo.so libdemo.so.2
	assert [ -d libdemo.so.2 ]
}

@test "a directory under the linker name is an obstacle" {
	mkdir libdemo.so
	link_blocked libdemo.so.2.1.0 libdemo.so
	assert [ -d libdemo.so ]
}

@test "a directory under the real name is an obstacle" {
	mkdir libdemo.so.2.1.0
	link_blocked libdemo.so libdemo.so.2.1.0
	assert [ -d libdemo.so.2.1.0 ]
}

@test "a directory under the name that -o gives is an obstacle" {
	mkdir libdemo.so
	link_blocked libdemo.so libdemo.so
	assert [ -d libdemo.so ]
}

@test "a regular file under the soname is an obstacle" {
	echo precious >libdemo.so.2
	link_blocked libdemo.so libdemo.so.2
	run -0 cat libdemo.so.2
	assert_output precious
}

@test "a regular file under the linker name is an obstacle" {
	echo precious >libdemo.so
	link_blocked libdemo.so.2.1.0 libdemo.so
	run -0 cat libdemo.so
	assert_output precious
}

@test "a fifo where a link must go is an obstacle" {
	mkfifo libdemo.so.2
	link_blocked libdemo.so libdemo.so.2
	assert [ -p libdemo.so.2 ]
}

@test "an obstacle below the output's directory is found there" {
	mkdir -p out/libdemo.so.2
	link_blocked out/libdemo.so out/libdemo.so.2
}

@test "a regular file under the very name that -o gives becomes the link that it should be" {
	echo 'an old library' >libdemo.so
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "a regular file under the soname becomes a link when -o names it" {
	echo 'an old library' >libdemo.so.2
	link_demo 0 -o libdemo.so.2 --sov-version=2.1.0
	assert_chain
}

@test "an old library under the real name is replaced" {
	echo 'an old library' >libdemo.so.2.1.0
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "a failed compile leaves the regular file that -o names to the compiler" {
	make_recorder fakecc 'exit 1'
	echo 'an old library' >libdemo.so
	SOV_CC=$PWD/fakecc link_demo 1 -o libdemo.so --sov-version=2.1.0
	assert_output ''
	run -0 cat libdemo.so
	assert_output 'an old library'
}

@test "a link that points elsewhere is moved" {
	touch elsewhere
	ln -s elsewhere libdemo.so.2
	ln -s "$PWD/elsewhere" libdemo.so
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
	assert [ ! -s elsewhere ]
}

@test "nothing is an obstacle to a link that names its own soname" {
	mkdir libdemo.so.2
	link_demo 0 -o libdemo.so -Wl,-soname,libdemo.so.2 --sov-version=2.1.0
	assert_only libdemo.so libdemo.so.2
}

@test "an undeclared link overwrites what cc overwrites" {
	echo 'an old library' >libdemo.so
	mkdir libdemo.so.2
	link_demo 0 -o libdemo.so
	assert_library libdemo.so ''
}

@test "a link under the real name is an obstacle, wherever it leads" {
	mkdir o
	echo precious >o/real
	ln -s o/real libdemo.so.2.1.0
	link_demo 1 -o libdemo.so --sov-version=2.1.0
	assert_line -n 0 "sovcc: error: libdemo.so.2.1.0: no file can be written here"
	assert_line "  found:    a link"
	assert_equal "$(cat o/real)" precious
}

@test "a directory that cannot be read is refused before the compiler runs" {
	mkdir closed
	chmod 333 closed
	local as=()
	[ "$(id -u)" -ne 0 ] || as=(setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search)
	run -1 "${as[@]}" "$SOV_BINDIR/sovcc" -shared demo.o -o closed/libdemo.so --sov-version=2.1.0
	assert_line -n 0 "sovcc: error: closed: cannot open the directory of the output: Permission denied"
	chmod 755 closed
	assert_equal "$(ls closed)" ""
}
