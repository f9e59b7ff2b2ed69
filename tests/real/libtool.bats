#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# GNU libtool's own test suite, by CC=gcc and by CC=sovcc: the same result for every test. The suite links shared
# libraries in all the ways that libtool knows, and looks at what the compiler prints and leaves behind.

load ../helper/common
load rebuild

# What is about linking, in C and C++; without Fortran and Java, and without those that only install libtool itself.
selection='-k libtool,!f77,!fc,!gcj -k libltdl,!libtoolize'

# suite LABEL - configure, build and run the suite in a copy; leaves LABEL.results, a line a test.
suite() {
	cp -a pristine "$1"
	(
		cd "$1"
		./configure --disable-dependency-tracking
		make
		# Its exit status says only whether a test failed; the list says which.
		make check-local TESTSUITEFLAGS="-j2 $selection" || true
	) >"$1.log" 2>&1
	grep -E '^ *[0-9]+: ' "$1.log" | sort -n >"$1.results"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	unpack
	with_gcc
	suite plain
	with_sovcc
	suite undeclared
	SOV_FROM_NAME=1 suite from-name
	echo "# $(wc -l <plain.results) tests of libtool's suite compared" >&3
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

@test "plain gcc: the suite runs, and the tests about versions and links pass" {
	tail -n 40 plain.log
	run -0 cat plain.results
	assert_line --regexp '^ *[0-9]+: versioning  +ok'
	assert_line --regexp '^ *[0-9]+: Simple DESTDIR install  +ok'
	assert_line --regexp '^ *[0-9]+: shared library  +ok'
	run -1 grep FAILED plain.results
}

@test "sovcc: every test of the suite ends as it does with gcc" {
	run -0 grep -xF "CC=\"$SOV_BINDIR/sovcc\"" undeclared/libtool
	tail -n 40 undeclared.log
	run -0 diff plain.results undeclared.results
}

@test "sovcc with each versioned output declared by its own name: the same results again" {
	tail -n 40 from-name.log
	run -0 diff plain.results from-name.results
}
