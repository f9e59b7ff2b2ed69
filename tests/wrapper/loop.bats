#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# sovcc never runs itself, and finds the compiler behind every directory of masquerading links.
load ../helper/common
load wrapper

ccache_links=/usr/lib/ccache

# setup_ccache - ccache works in this test's own directory.
setup_ccache() {
	export CCACHE_DIR=$PWD/cache CCACHE_TEMPDIR=$PWD/cache/tmp
}

@test "SOV_CC that is sovcc is an error" {
	SOV_CC=$SOV_BINDIR/sovcc run_sovcc 1 -c a.c
	assert_refused
	assert_output --partial sovcc
}

@test "SOV_CC that is a link to sovcc is an error" {
	ln -s "$SOV_BINDIR/sovcc" mycc
	SOV_CC=$PWD/mycc run_sovcc 1 -c a.c
	assert_refused
}

@test "SOV_CC=sovcc found in PATH is an error" {
	PATH=$SOV_BINDIR:$PATH SOV_CC=sovcc run_sovcc 1 -c a.c
	assert_refused
}

@test "sovcc as the first argument is an error, not a loop" {
	PATH=$SOV_BINDIR:$PATH run_sovcc 1 sovcc -c a.c
	assert_refused
}

@test "a script that runs sovcc again ends in an error at depth 8" {
	printf '#!/bin/sh\nexec "%s" "$@"\n' "$SOV_BINDIR/sovcc" >again
	chmod +x again
	SOV_CC=$PWD/again run_sovcc 1 -c a.c
	assert_refused
	assert_output --partial SOV_DEPTH
}

@test "SOV_DEPTH above 8 is an error, 8 is not" {
	make_recorder fakecc
	SOV_DEPTH=9 SOV_CC=$PWD/fakecc run_sovcc 1 -c a.c
	assert_refused
	assert_absent fakecc.argv
	SOV_DEPTH=8 SOV_CC=$PWD/fakecc run_sovcc 0 -c a.c
}

@test "sovcc inside sovcc's compiler works: a build that wraps twice" {
	printf '#!/bin/sh\nSOV_CC=gcc exec "%s" "$@"\n' "$SOV_BINDIR/sovcc" >wrapped
	chmod +x wrapped
	SOV_CC=$PWD/wrapped link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "the masquerading directory first in PATH finds the next compiler of that name" {
	local name
	for name in gcc g++ cc c++ clang clang++; do
		PATH=$SOV_LIBEXECDIR:$PATH run -0 "$name" --version
		assert_output "$("$name" --version)"
	done
}

@test "a declared link through a masquerading link" {
	PATH=$SOV_LIBEXECDIR:$PATH run -0 gcc -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "a compile through a masquerading link called by its path" {
	echo 'int one;' >one.c
	PATH=$SOV_LIBEXECDIR:$PATH run -0 "$SOV_LIBEXECDIR/gcc" -c one.c -o one.o
	assert [ -s one.o ]
}

@test "the masquerading directory is not in the child's PATH" {
	mkdir bin
	make_recorder bin/gcc 'echo "$PATH" >path'
	PATH=$SOV_LIBEXECDIR:$PWD/bin:$SOV_LIBEXECDIR/:$PATH run -0 gcc -c a.c
	run -0 cat path
	refute_output --partial "$SOV_LIBEXECDIR"
	assert_output --partial "$PWD/bin:"
}

@test "a masquerading link under another spelling of its directory still finds the compiler" {
	ln -s "$SOV_LIBEXECDIR" masks
	PATH=$PWD/masks:$SOV_LIBEXECDIR:$PATH run -0 gcc -dumpversion
	assert_output "$(gcc -dumpversion)"
}

@test "only the masquerading directory in PATH is an error that names the compiler" {
	PATH=$SOV_LIBEXECDIR run -1 "$SOV_LIBEXECDIR/gcc" -c a.c
	assert_refused
	assert_output --partial gcc
}

@test "our masquerading links before ccache's" {
	setup_ccache
	PATH=$SOV_LIBEXECDIR:$ccache_links:$PATH run -0 gcc -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "ccache's masquerading links before ours" {
	setup_ccache
	echo 'int one;' >one.c
	PATH=$ccache_links:$SOV_LIBEXECDIR:$PATH run -0 gcc -c one.c -o one.o
	PATH=$ccache_links:$SOV_LIBEXECDIR:$PATH run -0 gcc -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "ccache caches a compile through our masquerading link" {
	setup_ccache
	echo 'int one;' >one.c
	local round
	for round in 1 2; do
		PATH=$SOV_LIBEXECDIR:$ccache_links:$PATH run -0 gcc -c one.c -o "one$round.o"
	done
	run -0 ccache --print-stats
	assert_line --regexp '^direct_cache_hit[[:space:]]1$'
	cmp one1.o one2.o
}

@test "a masquerading link runs the compiler of its own name, whatever SOV_CC says" {
	make_recorder fakecc
	SOV_CC=$PWD/fakecc run -0 "$SOV_LIBEXECDIR/gcc" -dumpversion
	assert_absent fakecc.argv
}
