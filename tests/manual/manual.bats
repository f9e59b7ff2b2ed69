#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The manual pages say what the programs say of themselves.

load ../helper/common

man=$BATS_TEST_DIRNAME/../../man

# documented PAGE - the long options that head an entry of an mdoc page.
documented() {
	sed -n 's/^\.It .*Fl -\([a-z-]*\).*/--\1/p' "$man/$1" | sort -u
}

# announced COMMAND... - the long options that a --help prints.
announced() {
	"$@" | grep -o '^ *\(-[a-z], \)\?--[a-z-]*' | sed 's/.*--/--/' | sort -u
}

@test "mandoc finds nothing wrong in any page" {
	for page in "$man"/*.[1-8]; do
		# Pages that other packages bring need not be installed here.
		run sh -c "mandoc -Tlint '$page' 2>/dev/null | grep -v 'STYLE: referenced manual not found'"
		assert_output ""
	done
}

@test "sovcc(1) has every option that sovcc --sov-help prints, and no other" {
	run -0 announced "$SOV_BINDIR/sovcc" --sov-help
	expected=$output
	assert [ -n "$expected" ]
	run -0 documented sovcc.1
	assert_output "$expected"
}

@test "sov(1) has every option that help prints for each command, and no other" {
	expected=$(
		announced "$SOV_BINDIR/sov" --help
		"$SOV_BINDIR/sov" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\).*/\1/p' | while read -r command; do
			announced "$SOV_BINDIR/sov" help "$command"
		done
	)
	assert [ -n "$expected" ]
	run -0 documented sov.1
	assert_output "$(sort -u <<<"$expected")"
}

@test "sov(1) has every command" {
	"$SOV_BINDIR/sov" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\).*/\1/p' >commands
	assert [ -s commands ]
	while read -r command; do
		run -0 grep "^\.Nm sov .*Cm $command\|^\.Cm $command" "$man/sov.1"
	done <commands
}

@test "sovcc(1) has every variable that sovcc reads, and no other" {
	run -0 sh -c "grep -rho '\"SOV_[A-Z_]*\"' '$SOV_SRCDIR/wrapper' | tr -d '\"' | sort -u"
	assert_line SOV_CONF
	expected=$output
	run -0 sh -c "grep '^\.It Ev' '$man/sovcc.1' | grep -o 'SOV_[A-Z_]*' | sort -u"
	assert_output "$expected"
}

@test "the program of libsov(3) compiles, accepts the right soname and explains a wrong one" {
	awk '/^\.Ed/ { inside = 0 } inside; /^\.Bd -literal/ && !done { inside = done = 1 }' "$man/libsov.3" >check.c
	flags=()
	[ -z "${SOV_SANITIZE:-}" ] || flags=("-fsanitize=$SOV_SANITIZE")
	run -0 gcc -std=c11 -Wall -Wextra -Werror "${flags[@]}" -I "$SOV_SRCDIR/include" -o check check.c \
		-L "$SOV_BUILDDIR/lib" -lsov "-Wl,-rpath,$SOV_BUILDDIR/lib"
	make_lib right.so libdemo.so.2
	run -0 ./check right.so
	assert_output ""
	make_lib wrong.so libdemo.so.1
	run -1 ./check wrong.so
	assert_output --partial "wrong.so: error: SONAME does not match the declared version [declared-mismatch]
  expected: libdemo.so.2 (2.1.0 in check.c)
  found:    libdemo.so.1"
}
