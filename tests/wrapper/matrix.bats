#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Both compilers with all four linkers.
load ../helper/common
load wrapper

# each_pair FUNCTION - run it with SOV_CC and -fuse-ld for each pair.
each_pair() {
	local compiler linker
	for compiler in gcc clang; do
		for linker in bfd gold lld mold; do
			rm -f libdemo.so*
			echo "$compiler with $linker:"
			SOV_CC=$compiler "$1" "-fuse-ld=$linker"
		done
	done
}

declared() {
	link_demo 0 "$1" -o libdemo.so --sov-version=2.1.0
	assert_chain
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

agreeing() {
	link_demo 0 "$1" -Wl,-soname -Wl,libdemo.so.2 -o libdemo.so.2.1.0 --sov-version=2.1.0
	assert_library libdemo.so.2.1.0 libdemo.so.2
	assert_only libdemo.so.2.1.0
}

disagreeing() {
	link_demo 1 "$1" -Wl,-soname,libdemo.so.1 -o libdemo.so --sov-version=2.1.0
	assert_refused
	assert_only
}

relinked() {
	link_demo 0 "$1" -o libdemo.so --sov-version=2.1.0
	link_demo 0 "$1" -o libdemo.so --sov-version=2.1.0
	link_demo 0 "$1" -o libdemo.so.2 --sov-version=2.2.0
	assert_library libdemo.so.2.1.0 libdemo.so.2
	assert_library libdemo.so.2.2.0 libdemo.so.2
	assert_link libdemo.so.2 libdemo.so.2.2.0
	assert_link libdemo.so libdemo.so.2
}

failing() {
	link_demo 0 "$1" -o libdemo.so --sov-version=2.0.0
	link_demo 1 "$1" missing.o -o libdemo.so --sov-version=2.1.0
	refute_output --partial 'sovcc: '
	assert_link libdemo.so.2 libdemo.so.2.0.0
	assert_absent libdemo.so.2.1.0
}

without_output() {
	link_demo 0 "$1" -Wl,--version -o libdemo.so --sov-version=2.1.0
	assert_only
}

@test "a declared link has its names" {
	each_pair declared
}

@test "an agreeing soname is accepted" {
	each_pair agreeing
}

@test "a disagreeing soname is refused" {
	each_pair disagreeing
}

@test "a relink over the links of the last build replaces the real file only" {
	each_pair relinked
}

@test "a failed link moves nothing" {
	each_pair failing
}

@test "a linker that only prints makes nothing" {
	each_pair without_output
}
