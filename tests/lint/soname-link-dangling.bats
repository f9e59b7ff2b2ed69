# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "soname-link-dangling flags a soname link to nothing" {
	mkdir -p usr/lib
	ln -s libdemo.so.2.1.0 usr/lib/libdemo.so.2
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.2: error: the link leads to nothing [soname-link-dangling]"
	assert_line "  found:    libdemo.so.2 -> libdemo.so.2.1.0"
	assert_line --partial "1 error, 0 warnings in 0 libraries"
}

@test "soname-link-dangling flags a release's link, an absolute one, a circle and a chain that ends in nothing" {
	mkdir -p usr/lib
	ln -s libdemo-1.2.so.0.1 usr/lib/libdemo-1.2.so
	ln -s /usr/lib/libabsolute.so.2.1.0 usr/lib/libabsolute.so.2
	ln -s libcircle.so.1 usr/lib/libcircle.so.1.0
	ln -s libcircle.so.1.0 usr/lib/libcircle.so.1
	ln -s libchain.so.1.0 usr/lib/libchain.so.1
	ln -s libchain.so.1.0.0 usr/lib/libchain.so.1.0
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo-1.2.so: error: the link leads to nothing [soname-link-dangling]"
	assert_line "./usr/lib/libabsolute.so.2: error: the link leads to nothing [soname-link-dangling]"
	assert_line "./usr/lib/libcircle.so.1: error: the link leads in a circle [soname-link-dangling]"
	assert_line "./usr/lib/libcircle.so.1.0: error: the link leads in a circle [soname-link-dangling]"
	assert_line "./usr/lib/libchain.so.1: error: the link leads to nothing [soname-link-dangling]"
}

@test "soname-link-dangling is an info about development links and alternatives when there is no sysroot" {
	mkdir -p usr/lib
	ln -s libdemo.so.2 usr/lib/libdemo.so
	ln -s /etc/alternatives/libblas.so.3 usr/lib/libblas.so.3
	run_sov 0 -v lint .
	assert_line "./usr/lib/libdemo.so: info: the link leads to nothing [soname-link-dangling]"
	assert_line "./usr/lib/libblas.so.3: info: the link leads to nothing [soname-link-dangling]"
}

@test "soname-link-dangling flags a circle of any name: no other package can mend it" {
	mkdir -p usr/lib etc/alternatives
	ln -s libdemo.so usr/lib/libdemo.so
	ln -s /etc/alternatives/libblas.so.3 usr/lib/libblas.so.3
	ln -s /usr/lib/libblas.so.3 etc/alternatives/libblas.so.3
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so: error: the link leads in a circle [soname-link-dangling]"
	assert_line "./usr/lib/libblas.so.3: error: the link leads in a circle [soname-link-dangling]"
	assert_line "  fix:      point it at the library, or remove the link"
	refute_line --partial "--sysroot"
}

@test "soname-link-dangling finds in a sysroot what the tree lacks, and then knows" {
	mkdir -p dev/usr/lib runtime/etc/alternatives
	ln -s libdemo.so.2 dev/usr/lib/libdemo.so
	ln -s libgone.so.2 dev/usr/lib/libgone.so
	ln -s /etc/alternatives/libblas.so.3 dev/usr/lib/libblas.so.3
	make_chain runtime/usr/lib
	make_lib runtime/usr/lib/blas/libblas.so.3 libblas.so.3
	ln -s /usr/lib/blas/libblas.so.3 runtime/etc/alternatives/libblas.so.3
	run_sov 1 lint --sysroot runtime dev
	assert_line "dev/usr/lib/libgone.so: error: the link leads to nothing [soname-link-dangling]"
	assert_line "  expected: a link to a library in this tree or a sysroot"
	assert_line --partial "1 error, 0 warnings"
}

@test "soname-link-dangling goes on in the sysroot where the tree's part of a chain ends" {
	mkdir -p tree/usr/lib
	ln -s libdemo.so.2 tree/usr/lib/libdemo.so
	ln -s ../../lib/libdemo.so.2.1.0 tree/usr/lib/libdemo.so.2
	make_lib sysroot/lib/libdemo.so.2.1.0 libdemo.so.2
	run_sov 1 lint tree
	run_sov 0 lint --sysroot sysroot tree
	make_lib sysroot/lib/libdemo.so.2.1.0 libother.so.2
	run_sov 0 -v lint --sysroot sysroot tree
	assert_line --partial "0 errors"
}

@test "soname-link-dangling accepts links through linked directories, as a merged /usr has them" {
	make_chain usr/lib
	ln -s usr/lib lib
	ln -s /lib/libdemo.so.2.1.0 usr/lib/libmerged.so
	ln -s ../../lib/libdemo.so.2 usr/lib/libmerged2.so
	run_sov 0 -v lint .
	refute_rule soname-link-dangling
}

@test "soname-link-dangling accepts what lies outside a root that is a part of a tree" {
	make_chain stage/lib
	mkdir -p stage/usr/lib
	ln -s ../../lib/libdemo.so.2 stage/usr/lib/libdemo.so.2
	ln -s /lib/libdemo.so.2 stage/usr/lib/libdemo.so
	run_sov 0 lint stage/usr/lib
	run_sov 0 lint stage
	run_sov 1 lint --sysroot stage/usr stage/usr/lib
	assert_line "stage/usr/lib/libdemo.so.2: error: the link leads to nothing [soname-link-dangling]"
	run_sov 0 lint --sysroot stage stage/usr/lib
}
