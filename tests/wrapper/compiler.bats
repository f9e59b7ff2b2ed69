#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which compiler runs.
load ../helper/common
load wrapper

# bin_with NAME... - recorders of these names in bin, first in PATH.
bin_with() {
	local name
	mkdir -p bin
	for name; do
		make_recorder "bin/$name"
	done
	PATH=$PWD/bin:$PATH
}

@test "the default compiler is cc" {
	bin_with cc
	run_sovcc 0 -c a.c
	printf '%s\n' -c a.c | diff - bin/cc.argv
}

@test "SOV_CC is split at blanks" {
	bin_with outer
	SOV_CC='  outer  inner -m64 ' run_sovcc 0 -c a.c
	printf '%s\n' inner -m64 -c a.c | diff - bin/outer.argv
}

@test "an empty or blank SOV_CC is the default" {
	bin_with cc
	local value
	for value in '' ' ' '  '; do
		SOV_CC=$value run_sovcc 0 -c a.c
		rm bin/cc.argv
	done
}

@test "CC=\"sovcc gcc\": the first argument is the compiler" {
	bin_with gcc cc
	run_sovcc 0 gcc -c a.c
	printf '%s\n' -c a.c | diff - bin/gcc.argv
	assert_absent bin/cc.argv
}

@test "the first argument comes before SOV_CC" {
	bin_with gcc other
	SOV_CC=other run_sovcc 0 gcc -c a.c
	assert_absent bin/other.argv
}

@test "the first argument may be a path" {
	bin_with gcc
	run_sovcc 0 ./bin/gcc -c a.c
	run_sovcc 0 "$PWD/bin/gcc" -c a.c
	printf '%s\n' -c a.c | diff - bin/gcc.argv
}

@test "a first argument with the suffix of an input is an input, executable or not" {
	bin_with cc
	local name
	for name in a.c a.cc a.cpp a.C a.cxx a.s a.S a.i a.ii a.o a.a a.so a.so.1 a.so.1.2.3 a.lo a.f90 a.m a.d a.go \
		a.h a.ld; do
		printf '#!/bin/sh\nexit 9\n' >"$name"
		chmod +x "$name"
		run_sovcc 0 "./$name" -c
		printf '%s\n' "./$name" -c | diff - bin/cc.argv || fail "$name"
	done
}

@test "a versioned compiler name as the first argument is a compiler" {
	bin_with gcc-12 x86_64-linux-gnu-gcc-4.9 clang-14
	run_sovcc 0 gcc-12 -c a.c
	run_sovcc 0 x86_64-linux-gnu-gcc-4.9 -c a.c
	run_sovcc 0 clang-14 -c a.c
	assert [ -e bin/gcc-12.argv ]
	assert [ -e bin/x86_64-linux-gnu-gcc-4.9.argv ]
	assert [ -e bin/clang-14.argv ]
}

@test "a first argument that nothing could run is an input" {
	bin_with cc
	touch data
	run_sovcc 0 data -c
	run_sovcc 0 ./data -c
	run_sovcc 0 missing -c
	run_sovcc 0 ./missing -c
	printf '%s\n' ./missing -c | diff - bin/cc.argv
}

@test "a file in the current directory that PATH does not find is an input" {
	bin_with cc
	make_recorder tool
	run_sovcc 0 tool -c
	printf '%s\n' tool -c | diff - bin/cc.argv
}

@test "a directory as the first argument is an input" {
	bin_with cc
	mkdir objects bin/gcc
	run_sovcc 0 ./objects -c
	printf '%s\n' ./objects -c | diff - bin/cc.argv
}

@test "a declaration may stand before the compiler" {
	run_sovcc 0 --sov-version=2.1.0 gcc -shared demo.o -o libdemo.so
	assert_chain
}

@test "CC=\"sovcc gcc\" links a declared library" {
	run_sovcc 0 gcc -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "CC=\"sovcc ccache gcc\" compiles from the cache and links a declared library" {
	export CCACHE_DIR=$PWD/cache
	echo 'int one(void); int one(void) { return 1; }' >one.c
	run_sovcc 0 ccache gcc -fPIC -c one.c -o one.o
	run_sovcc 0 ccache gcc -fPIC -c one.c -o one.o
	run -0 ccache --print-stats
	assert_line --regexp '^direct_cache_hit[[:space:]]1$'
	run_sovcc 0 ccache gcc -shared one.o demo.o -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "SOV_CC=\"ccache gcc\" compiles and links" {
	export CCACHE_DIR=$PWD/cache SOV_CC='ccache gcc'
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "SOV_CC=\"distcc gcc\" compiles and links" {
	export DISTCC_DIR=$PWD/distcc DISTCC_HOSTS=localhost SOV_CC='distcc gcc'
	echo 'int one(void); int one(void) { return 1; }' >one.c
	run_sovcc 0 -fPIC -c one.c -o one.o
	run_sovcc 0 -shared one.o demo.o -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "a compiler that does not exist is an error" {
	SOV_CC=no-such-compiler run_sovcc 1 -c a.c
	assert_refused
	assert_output --partial no-such-compiler
}

@test "a compiler path that does not exist is an error" {
	SOV_CC=/nonexistent/gcc run_sovcc 1 -c a.c
	assert_refused
	assert_output --partial /nonexistent/gcc
}

@test "a compiler that may not be run is an error" {
	touch notexec
	SOV_CC=$PWD/notexec run_sovcc 1 -c a.c
	assert_refused
	assert_output --partial notexec
}

@test "a missing compiler is an error of a declared link too, and makes nothing" {
	SOV_CC=no-such-compiler link_demo 1 -o libdemo.so --sov-version=2.1.0
	assert_refused
	assert_only
}

@test "a script without #! is run as execvp would run it, declared or not" {
	# shellcheck disable=SC2016
	echo 'echo "$*" >said; exit 3' >fakecc
	chmod +x fakecc
	SOV_CC=$PWD/fakecc run_sovcc 3 -c a.c
	assert_equal "$(cat said)" '-c a.c'
	SOV_CC=$PWD/fakecc link_demo 3 -o libdemo.so --sov-version=2.1.0
	assert_regex "$(cat said)" '^-shared demo.o -o libdemo.so -Xlinker -soname '
}

@test "sovc++ runs c++ and links the C++ library" {
	echo '#include <string>
	std::string greeting(void); std::string greeting(void) { return std::string("hello") + " you"; }' >one.cc
	run -0 "$SOV_BINDIR/sovc++" -fPIC -shared one.cc -o libdemo.so --sov-version=2.1.0
	assert_chain
	run -0 readelf -d libdemo.so
	assert_output --partial 'libstdc++.so.6'
}

@test "sovc++ runs SOV_CXX, not SOV_CC" {
	bin_with mycxx mycc
	SOV_CC=mycc SOV_CXX='mycxx -x1' run -0 "$SOV_BINDIR/sovc++" -c a.cc
	printf '%s\n' -x1 -c a.cc | diff - bin/mycxx.argv
	assert_absent bin/mycc.argv
}

@test "PREFIX-sovcc runs PREFIX-gcc, PREFIX-sovc++ runs PREFIX-g++" {
	bin_with aarch64-linux-gnu-gcc aarch64-linux-gnu-g++
	ln -s "$SOV_BINDIR/sovcc" bin/aarch64-linux-gnu-sovcc
	ln -s "$SOV_BINDIR/sovcc" bin/aarch64-linux-gnu-sovc++
	run -0 aarch64-linux-gnu-sovcc -c a.c
	printf '%s\n' -c a.c | diff - bin/aarch64-linux-gnu-gcc.argv
	run -0 aarch64-linux-gnu-sovc++ -c a.cc
	printf '%s\n' -c a.cc | diff - bin/aarch64-linux-gnu-g++.argv
}

# cross_link PREFIX MACHINE - a declared library of another machine through PREFIX-sovcc.
cross_link() {
	command -v "$1-gcc" >/dev/null || skip "$1-gcc is missing"
	ln -s "$SOV_BINDIR/sovcc" "$1-sovcc"
	echo 'int one(void); int one(void) { return 1; }' >one.c
	run -0 "./$1-sovcc" -nostdlib -fPIC -shared one.c -o libdemo.so --sov-version=2.1.0
	assert_chain
	run -0 readelf -h libdemo.so
	assert_output --partial "$2"
}

@test "a 32-bit little-endian library through a cross prefix" {
	cross_link arm-linux-gnueabihf ARM
}

@test "a 64-bit big-endian library through a cross prefix" {
	cross_link s390x-linux-gnu 'IBM S/390'
}

@test "a wrong soname in a big-endian library is found out" {
	command -v s390x-linux-gnu-gcc >/dev/null || skip "s390x-linux-gnu-gcc is missing"
	make_linker "exec $(command -v s390x-linux-gnu-ld) \"\$@\" -soname libevil.so.1"
	echo 'int one(void); int one(void) { return 1; }' >one.c
	ln -s "$SOV_BINDIR/sovcc" s390x-linux-gnu-sovcc
	run -1 ./s390x-linux-gnu-sovcc -B linker -nostdlib -fPIC -shared one.c -o libdemo.so --sov-version=2.1.0
	assert_refused
	assert_line '  found:    libevil.so.1'
	assert_absent libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "a masquerading link keeps the empty elements of PATH, which are the current directory" {
	make_recorder fakecc 'echo "$PATH"'
	mkdir real
	mv fakecc real/gcc
	PATH=":$SOV_BINDIR/../libexec/sovcc:$PWD/real:/usr/bin:/bin" run -0 gcc -c x.c
	assert_output ":$PWD/real:/usr/bin:/bin"
}
