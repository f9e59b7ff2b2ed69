#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A package whose build names its library itself, built four times by its own build system: by plain gcc, by sovcc with
# nothing declared, by sovcc with the right version declared, and with a wrong one. The first three leave the same tree.

load ../helper/common
load rebuild

# The same declaration with another first number in each key: other names in every respect.
wrong() {
	sed -E 's/^(version|soversion) = [0-9]+/\1 = 99/; s/^(libtool) = .*/\1 = 99:0:0/'
}

setup_file() {
	local right
	cd "$BATS_FILE_TMPDIR"
	unpack
	. "$recipe"
	right=$(cd pristine && declaration)
	# Not called sov.conf: the build below would find it.
	printf '[lib %s]\n%s\n' "$library" "$right" >right.conf
	with_gcc
	rebuild plain
	with_sovcc
	rebuild undeclared
	# Required: a link that the declaration were not found for would stop the build.
	SOV_REQUIRE=1 rebuild declared "$right"
	rebuild wrong "$(wrong <<<"$right")"
	note_figures plain undeclared declared wrong
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	. "$recipe"
}

@test "plain gcc builds it, with the soname that upstream's own files declare" {
	assert_built plain
	eval "$("$SOV_BINDIR/sov" names --conf right.conf --format=sh "$library")"
	assert_equal "$(soname_of "$(real_file plain.stage)")" "$soname"
}

@test "sovcc with nothing declared installs the same names, links, SONAMEs and bytes" {
	assert_same_as_plain undeclared
}

@test "sovcc with the right version declared installs the same names, links, SONAMEs and bytes" {
	assert_same_as_plain declared
}

@test "sovcc with a wrong version declared stops the build, says why, and leaves no library behind" {
	tail -n 40 wrong.log
	assert_not_equal "$(cat wrong.status)" 0
	run -0 grep -A 3 '^sovcc: error: ' wrong.log
	assert_line --regexp '^sovcc: error: .*lib.*: .* \[declared-mismatch\]$'
	assert_line --regexp "^  expected: lib$library.*99.* \\(.*sov\\.conf:[0-9]+\\)\$"
	assert_line --regexp "^  found:    lib$library"
	assert_line --regexp '^  fix:      .'
	# Links that lead nowhere do not count: Meson makes its own before anything is compiled.
	run -0 find -L wrong.src wrong.stage -type f -name "lib$library*.so*"
	assert_output ''
}

@test "sov show, check and lint read what was installed" {
	local lib
	lib=$(real_file declared.stage)
	run_sov 0 show "$lib"
	assert_line "kind=library"
	run_sov 0 check --conf right.conf "$lib"
	cd declared.stage
	run_sov $((${#lint_findings} > 0)) lint .
	assert_equal "$(grep -E ': (error|warning): ' <<<"$output")" "${lint_findings-}"
}
