# SPDX-License-Identifier: MIT
# What every bats file loads: `load ../helper/common`.
# ctest gives SOV_BINDIR and the rest; by hand, `bats tests/tool/names.bats` takes the release build.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

: "${SOV_SRCDIR:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${SOV_BUILDDIR:=$SOV_SRCDIR/build/release}"
: "${SOV_BINDIR:=$SOV_BUILDDIR/bin}"
: "${SOV_LIBEXECDIR:=$SOV_BUILDDIR/libexec/sovcc}"
: "${SOV_CACHE:=$SOV_SRCDIR/.cache}"
export SOV_SRCDIR SOV_BUILDDIR SOV_BINDIR SOV_LIBEXECDIR SOV_CACHE LC_ALL=C
unset LIBRARY_PATH NO_COLOR CLICOLOR_FORCE

# Every test stands in a directory of its own. A file with a setup() of its own calls sov_setup first.
sov_setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

setup() {
	sov_setup
}

# needs_own_mounts - for tests that mount. unshare(1) makes mounts private from the root on, which must be a mount point: in
# a plain chroot it is none.
needs_own_mounts() {
	unshare --mount true 2>/dev/null || skip "needs root, and a root directory that is a mount point"
}

# run_sov STATUS ARGS... - run sov; $output has stdout and stderr, in their order.
run_sov() {
	local status=$1
	shift
	run "-$status" "$SOV_BINDIR/sov" "$@"
}

# run_sov_split STATUS ARGS... - run sov; stdout in $output, stderr in $stderr.
run_sov_split() {
	local status=$1
	shift
	run "-$status" --separate-stderr "$SOV_BINDIR/sov" "$@"
}

# run_sovcc STATUS ARGS... and run_sovcc_split - the same with sovcc.
run_sovcc() {
	local status=$1
	shift
	run "-$status" "$SOV_BINDIR/sovcc" "$@"
}

run_sovcc_split() {
	local status=$1
	shift
	run "-$status" --separate-stderr "$SOV_BINDIR/sovcc" "$@"
}

# make_lib PATH [SONAME [GCC-ARGUMENT...]] - a library of one function through the real compiler and linker.
# No SONAME, or "-": it gets none. Parent directories are made.
make_lib() {
	local path=$1 soname=${2:--} args=()
	shift $(($# < 2 ? $# : 2))
	[ "$soname" = - ] || args=("-Wl,-soname,$soname")
	mkdir -p "$(dirname -- "$path")"
	echo 'int sov_fixture(void); int sov_fixture(void) { return 1; }' |
		gcc -shared -fPIC -o "$path" "${args[@]}" -x c - -x none "$@"
}

# make_conf TEXT - write sov.conf here. Escapes of printf's %b are taken.
make_conf() {
	printf '%b\n' "$1" >sov.conf
}

# soname_of FILE - its DT_SONAME as readelf sees it; nothing when it has none.
soname_of() {
	readelf -dW -- "$1" | sed -n 's/.*(SONAME).*\[\(.*\)\]$/\1/p'
}
