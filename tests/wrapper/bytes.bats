#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The output and every side file are those of the plain compiler, given the same soname and the
# linker's -o.
load ../helper/common
load wrapper

names=(-Xlinker -soname -Xlinker libdemo.so.2 -Xlinker -o -Xlinker libdemo.so.2.1.0)

# prepare - a directory w with two sources and demo.o.
prepare() {
	mkdir w
	cp demo.o w
	echo '#include "one.h"
	int one(int n) { return n ? one(n - 1) : 1; }' >w/one.c
	echo 'int one(int n);' >w/one.h
	echo 'int two(void); int two(void) { return 2; }' >w/two.c
}

# same_files COMPILER ARGS... - run both in a directory of the same name, compare everything they leave.
same_files() {
	local compiler=$1
	shift
	prepare
	(cd w && "$compiler" -shared -fPIC -frandom-seed=1 "$@" -o libdemo.so "${names[@]}")
	mv w plain
	prepare
	(cd w && SOV_CC=$compiler run_sovcc 0 -shared -fPIC -frandom-seed=1 "$@" -o libdemo.so --sov-version=2.1.0)
	ls -A plain >plain.list
	rm w/libdemo.so w/libdemo.so.2
	ls -A w | diff plain.list -
	diff -r plain w
	side_files=$(ls -A w)
	rm -r plain w
}

@test "objects only" {
	same_files gcc demo.o
	same_files clang demo.o
}

@test "sources, compiled and linked in one command" {
	same_files gcc one.c two.c demo.o
	same_files clang one.c two.c demo.o
}

@test "-MD, -MMD and -MF: dependency files" {
	same_files gcc -MD one.c
	assert_regex "$side_files" 'libdemo\.d'
	same_files gcc -MMD one.c
	same_files gcc -MMD -MF deps one.c
	assert_regex "$side_files" 'deps'
	same_files clang -MD one.c
	same_files clang -MMD -MF deps one.c
}

@test "-save-temps" {
	same_files gcc -save-temps one.c
	assert_regex "$side_files" 'one\.s'
	same_files clang -save-temps one.c
	same_files gcc -save-temps=obj one.c
}

@test "-g -gsplit-dwarf: dwo files" {
	same_files gcc -g -gsplit-dwarf one.c two.c
	assert_regex "$side_files" '\.dwo'
	same_files clang -g -gsplit-dwarf one.c two.c
}

@test "--coverage: notes" {
	same_files gcc --coverage one.c two.c
	assert_regex "$side_files" '\.gcno'
	same_files clang --coverage one.c two.c
}

@test "-fstack-usage" {
	same_files gcc -fstack-usage one.c
	assert_regex "$side_files" '\.su'
}

@test "-fdump-tree-optimized" {
	same_files gcc -O2 -fdump-tree-optimized one.c
	assert_regex "$side_files" '\.optimized'
}

@test "-Wl,-Map: the link editor's map" {
	same_files gcc -Wl,--gc-sections -Wl,-Map,map demo.o
	assert_regex "$side_files" 'map'
}

@test "-flto" {
	same_files gcc -O2 -flto one.c two.c
}
