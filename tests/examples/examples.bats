#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each README does what it says: its ```sh blocks are run in their order, in a copy of the example, and print what the
# ```text block behind them shows.

load ../helper/common

# blocks_of README SECTION DIRECTORY - each block as DIRECTORY/NN.sh, what it prints as NN.txt. SECTION "": all of it.
blocks_of() {
	mkdir -p "$3"
	awk -v section="$2" -v dir="$3" '
		/^## / { inside = $0 == "## " section }
		!inside && section != "" { next }
		/^```sh$/ { out = sprintf("%s/%02d.sh", dir, ++n); next }
		/^```text$/ && n > 0 { out = sprintf("%s/%02d.txt", dir, n); next }
		/^```$/ { out = ""; next }
		out != "" { print >out }' "$1"
	[ -e "$3/01.sh" ]
}

# follow EXAMPLE README [SECTION]
follow() {
	blocks_of "$SOV_SRCDIR/$2" "${3:-}" "$BATS_TEST_TMPDIR/blocks"
	cp -R "$SOV_SRCDIR/examples/$1" work
	cd work || return
	for script in "$BATS_TEST_TMPDIR"/blocks/*.sh; do
		run -0 env PATH="$SOV_BINDIR:$PATH" bash -e "$script"
		[ ! -e "${script%.sh}.txt" ] || assert_output - <"${script%.sh}.txt"
	done
}

@test "the quick start of the first README works as it is written" {
	follow make README.md "Quick start"
}

@test "installing and upgrading in the first README works as it is written" {
	follow live-upgrade README.md "Install and upgrade"
}

@test "examples/make does what its README says" {
	follow make examples/make/README.md
}

@test "examples/two-build-systems does what its README says" {
	follow two-build-systems examples/two-build-systems/README.md
}

@test "examples/ci-lint does what its README says" {
	follow ci-lint examples/ci-lint/README.md
}

# Servers that a failed step has left; they would end by themselves, later.
teardown() {
	local server
	for server in run/*.pid; do
		[ ! -f "$server" ] || ./ask --stop "${server%.pid}" || true
	done
}

@test "examples/live-upgrade does what its README says" {
	follow live-upgrade examples/live-upgrade/README.md
}

@test "a version raised in sov.conf reaches every name that the Makefile makes, installs and cleans" {
	cp -R "$SOV_SRCDIR/examples/make" work
	cd work
	PATH=$SOV_BINDIR:$PATH
	make -s
	sed -i 's/2\.1\.0/3.0.4/' sov.conf
	make -s install DESTDIR=stage
	run -0 ls stage/usr/lib
	assert_output "libdemo.so
libdemo.so.3
libdemo.so.3.0.4"
	run -0 soname_of libdemo.so.3.0.4
	assert_output "libdemo.so.3"
	make -s clean
	run -0 sh -c 'ls libdemo.so*'
	assert_output "libdemo.so.2
libdemo.so.2.1.0"
}

@test "the demonstration ends in an install tree without findings" {
	run -0 "$SOV_SRCDIR/examples/make/demo.sh" "$SOV_BUILDDIR"
	assert_line "soname=libdemo.so.2"
	assert_line "'stage/usr/lib/libdemo.so.2' -> 'libdemo.so.2.1.0'"
	assert_line "Hello, world! (10 letters)"
	assert_line "0 errors, 0 warnings in 1 library"
}

@test "the demonstration of an upgrade ends with every server's answer" {
	run -0 "$SOV_SRCDIR/examples/live-upgrade/demo.sh" "$SOV_BUILDDIR"
	assert_line "Hello, Ada! (libgreet 1.0.0)"
	assert_line "Bonjour, Ada! (libgreet 2.0.0)"
	assert_line --regexp '^remove prefix/lib/libgreet\.so\.1\.0\.0$'
	assert_equal "${lines[-1]}" "Hello, Ada, and welcome! (libgreet 1.1.0)"
}
