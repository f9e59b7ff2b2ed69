#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# One upstream package, built four times at the same place by its own build system: by plain gcc, by sovcc with nothing
# declared, by sovcc with the right version declared, and with a wrong one. The first three must leave the same tree.
# SOV_PACKAGE names the package: a row of packages.tsv and a file of recipes/.
#
# A recipe says what the library is called and how it is built:
#   library        what -l takes
#   declaration    prints what a sov.conf for this source tree says of it, from the upstream's own files
#   do_configure, do_build, do_install DESTDIR    with $CC and $CXX as the compilers
#   lint_findings  what sov lint rightly says of the installed tree (default: nothing)

load ../helper/common

# rebuild LABEL [DECLARATION] - build from a pristine copy, with the declaration in sov.conf if there is one. Leaves
# LABEL.status, LABEL.log, LABEL.seconds, LABEL.manifest, and the trees LABEL.src and LABEL.stage. During the build both
# are at a place that has no label in it, so that debug information and whatever else names a path has the same bytes.
rebuild() {
	local label=$1 declared=${2-} stage=$PWD/stage status=0 start=$SECONDS
	cp -a pristine src
	mkdir stage
	[ -z "$declared" ] || printf '[lib %s]\n%s\n' "$library" "$declared" >src/sov.conf
	(
		cd src
		bash -eu -o pipefail -c '. "$1"; do_configure; do_build; do_install "$2"' \
			rebuild "$recipe" "$stage"
	) >"$label.log" 2>&1 || status=$?
	echo "$status" >"$label.status"
	echo $((SECONDS - start)) >"$label.seconds"
	manifest stage >"$label.manifest"
	mv src "$label.src"
	mv stage "$label.stage"
}

# manifest DIR - every name with its type, mode and link target; every file's bytes; every library's SONAME.
manifest() {
	(
		cd "$1"
		find . -mindepth 1 -printf '%P %y %m %l\n' | sort
		find . -type f -exec sha256sum {} + | sort -k 2
		find . -type f -name 'lib*.so*' -print | sort | while read -r file; do
			echo "$file SONAME $(soname_of "$file")"
		done
	)
}

# The same declaration with another first number in each key: other names in every respect.
wrong() {
	sed -E 's/^(version|soversion) = [0-9]+/\1 = 99/; s/^(libtool) = .*/\1 = 99:0:0/'
}

setup_file() {
	local package=${SOV_PACKAGE:?names the package to build} dsc
	export recipe=$SOV_SRCDIR/tests/real/recipes/$package.sh
	cd "$BATS_FILE_TMPDIR"
	dsc=("$SOV_CACHE/sources/$package"/*.dsc)
	[ -f "${dsc[0]}" ] || {
		echo "$package: no source in $SOV_CACHE/sources: run tests/real/fetch.sh" >&2
		return 1
	}
	dpkg-source --no-check --skip-patches -x "${dsc[0]}" pristine >unpack.log 2>&1 || {
		cat unpack.log >&2
		return 1
	}
	. "$recipe"
	local right
	right=$(cd pristine && declaration)
	printf '[lib %s]\n%s\n' "$library" "$right" >sov.conf
	export MAKEFLAGS=-j2

	CC=gcc CXX=g++ rebuild plain
	export SOV_CC=gcc SOV_CXX=g++ CC=$SOV_BINDIR/sovcc CXX=$SOV_BINDIR/sovc++
	rebuild undeclared
	SOV_REQUIRE=1 rebuild declared "$right"
	rebuild wrong "$(wrong <<<"$right")"
	echo "# $package: $(find plain.stage -type f | wc -l) files compared; seconds:" \
		"$(cat plain.seconds undeclared.seconds declared.seconds wrong.seconds | paste -sd' ')" >&3
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	. "$recipe"
}

# The log goes to the test's own output, which bats shows when the test fails.
assert_same_as_plain() {
	tail -n 40 "$1.log"
	assert_equal "$(cat "$1.status")" "$(cat plain.status)"
	run -0 diff -u plain.manifest "$1.manifest"
}

real_file() {
	find "$1" -type f -name "lib$library*.so*"
}

@test "plain gcc builds it, with the soname that upstream's own files declare" {
	tail -n 40 plain.log
	assert_equal "$(cat plain.status)" 0
	eval "$("$SOV_BINDIR/sov" names --conf sov.conf --format=sh "$library")"
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
	assert_equal "$(($(cat wrong.status) != 0))" 1
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
	run_sov 0 check --conf sov.conf "$lib"
	cd declared.stage
	run_sov $((${#lint_findings} > 0)) lint .
	assert_equal "$(grep -E ': (error|warning): ' <<<"$output")" "${lint_findings-}"
}
