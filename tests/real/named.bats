#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A package whose build gives its library no soname: what sovcc is for. Nothing of upstream's is edited.

load ../helper/common
load rebuild

setup_file() {
	local right
	cd "$BATS_FILE_TMPDIR"
	unpack
	. "$recipe"
	right=$(cd pristine && declaration)
	# Not called sov.conf: the build below would find it.
	printf '[lib %s]\n%s\n' "$library" "$right" >right.conf
	eval "$("$SOV_BINDIR/sov" names --conf right.conf --format=sh "$library")"
	with_gcc
	rebuild plain
	SOLIBS=-Wl,-soname,$soname rebuild with-soname
	with_sovcc
	rebuild undeclared
	rebuild declared "$right"
	note_figures plain with-soname undeclared declared
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	. "$recipe"
	eval "$("$SOV_BINDIR/sov" names --conf right.conf --format=sh "$library")"
}

# in_build LABEL NAME - that name where the build links it.
in_build() {
	find "$1.src" -name "$2"
}

@test "plain gcc links a library without a soname, and sov lint says so" {
	assert_built plain
	assert_equal "$(soname_of "$(real_file plain.stage)")" ''
	cd plain.stage
	run_sov 1 lint .
	assert_line "./usr/lib/$linker_name: error: no SONAME [soname-missing]"
}

@test "sovcc with nothing declared installs the same names, links and bytes" {
	assert_same_as_plain undeclared
}

@test "sovcc with the version declared makes all three names, and sov check agrees" {
	assert_built declared
	assert_equal "$(readlink "$(in_build declared "$linker_name")")" "$soname"
	assert_equal "$(readlink "$(in_build declared "$soname")")" "$real_name"
	assert_equal "$(soname_of "$(in_build declared "$real_name")")" "$soname"
	run_sov 0 check --conf right.conf "$(in_build declared "$real_name")"
}

@test "its bytes are those of gcc told the same soname" {
	assert_built with-soname
	cmp "$(real_file with-soname.stage)" "$(in_build declared "$real_name")"
}

# cp follows the links, so that the one file that upstream's rule installs is found by no program that was linked to it.
@test "sov lint finds that upstream's install rule still copies one name of the three" {
	cd declared.stage
	run_sov 1 lint .
	assert_line "./usr/lib/$linker_name: error: no entry beside it has the name that its SONAME says [soname-link-missing]"
}

@test "installed with its links, the tree is clean" {
	cp -a declared.stage whole
	rm "whole/usr/lib/$linker_name"
	cp -d "$(dirname "$(in_build declared "$real_name")")/$linker_name"* whole/usr/lib/
	run_sov 0 lint whole
}
