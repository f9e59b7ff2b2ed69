# SPDX-License-Identifier: MIT
# Building one upstream package again and again at the same place: `load rebuild`, after ../helper/common.
# SOV_PACKAGE names the package: a row of packages.tsv and, where rebuild is used, a file of recipes/.
#
# A recipe says what the library is called and how it is built:
#   library        what -l takes
#   declaration    prints what a sov.conf for this source tree says of it, from the upstream's own files
#   do_configure, do_build, do_install DESTDIR    with $CC and $CXX as the compilers
#   lint_findings  what sov lint rightly says of the installed tree (default: nothing)
# shellcheck shell=bash disable=SC2154

: "${SOV_PACKAGE:?names the package to build}"
recipe=$SOV_SRCDIR/tests/real/recipes/$SOV_PACKAGE.sh

# unpack - upstream's source as it came, without Debian's patches, in ./pristine.
unpack() {
	local dsc=("$SOV_CACHE/sources/$SOV_PACKAGE"/*.dsc)
	[ -f "${dsc[0]}" ] || {
		echo "$SOV_PACKAGE: no source in $SOV_CACHE/sources: run tests/real/fetch.sh" >&2
		return 1
	}
	dpkg-source --no-check --skip-patches -x "${dsc[0]}" pristine >unpack.log 2>&1 || {
		cat unpack.log >&2
		return 1
	}
}

# Both as the compilers from here on. What they run is named: cc may be another compiler than gcc.
with_gcc() {
	export CC=gcc CXX=g++
}

with_sovcc() {
	export CC=$SOV_BINDIR/sovcc CXX=$SOV_BINDIR/sovc++ SOV_CC=gcc SOV_CXX=g++
}

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
		MAKEFLAGS=-j2 bash -eu -o pipefail -c '. "$1"; do_configure; do_build; do_install "$2"' \
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
		cd "$1" || exit
		find . -mindepth 1 -printf '%P %y %m %l\n' | sort
		find . -type f -exec sha256sum {} + | sort -k 2
		find . -type f -name 'lib*.so*' -print | sort | while read -r file; do
			echo "$file SONAME $(soname_of "$file")"
		done
	)
}

# note_figures LABEL... - what was compared and how long each build took, for the log.
note_figures() {
	local label seconds=()
	for label; do
		seconds+=("$label $(cat "$label.seconds")")
	done
	echo "# $SOV_PACKAGE: $(find "$1.stage" -type f | wc -l) files compared; seconds: ${seconds[*]}" >&3
}

# What the build printed goes to the test's own output, which bats shows when the test fails.
assert_built() {
	tail -n 40 "$1.log"
	assert_equal "$(cat "$1.status")" 0
}

assert_same_as_plain() {
	assert_built plain
	assert_built "$1"
	run -0 diff -u plain.manifest "$1.manifest"
}

# real_file DIR - the file below it that holds the library's code.
real_file() {
	find "$1" -type f -name "lib$library*.so*"
}
