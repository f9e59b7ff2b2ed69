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
		# A link page is one line that stands for another page; see sovc++ below.
		! grep -q '^\.so ' "$page" || continue
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
	run -0 sh -c "grep -rho '\"SOV_[A-Z_]*\"' '$SOV_SRCDIR/wrapper' '$SOV_SRCDIR/cli' | tr -d '\"' | sort -u"
	assert_line SOV_CONF
	expected=$output
	run -0 sh -c "grep '^\.It Ev' '$man/sovcc.1' | grep -o 'SOV_[A-Z_]*' | sort -u"
	assert_output "$expected"
}

# diagnostic_of PAGE - the block of an mdoc page whose first line is a diagnostic.
diagnostic_of() {
	awk '/^\.Ed/ { if (keep) exit } keep || (literal && /: error: /) { keep = 1; print } { literal = /^\.Bd -literal/ }' \
		"$man/$1"
}

@test "the diagnostic in sovcc(1) is what sovcc prints" {
	make_conf '# demo\n[lib demo]\nversion = 2.1.0'
	echo 'int demo;' >demo.c
	run_sovcc 1 -shared -fPIC -Wl,-soname,libdemo.so.1 -o libdemo.so demo.c
	assert_output "$(diagnostic_of sovcc.1)"
}

@test "the diagnostic in sov(1) is what sov lint prints" {
	make_lib stage/usr/lib/libdemo.so.2.1.0 libdemo.so.2
	run_sov 1 lint -q stage
	assert_output "$(diagnostic_of sov.1)"
}

@test "the names in sov(1) are what sov names prints" {
	run_sov 0 names demo --version 2.1.0
	assert_output "$(sed -n '/^\$ sov names demo --version 2.1.0$/,/^\.Ed/p' "$man/sov.1" | sed '1d;$d')"
	assert_line "soname=libdemo.so.2"
}

@test "the declarations in sov.conf(5) give the names in its table" {
	sed -n '/^\.It Em declared/,/^\.El/s/^\.It \(.*\)/\1/p' "$man/sov.conf.5" >rows
	assert [ "$(wc -l <rows)" -ge 6 ]
	while IFS='|' read -r declared soname real; do
		make_conf "[lib demo]\n${declared//, /\\n}"
		run_sov 0 names demo
		assert_line "soname=$soname"
		assert_line "real_name=$real"
	done < <(sed '/^Em/d; s/ Ta /|/g' rows)
}

@test "the example at the head of sov.conf(5) is a sov.conf" {
	sed -n '/^# one section a library/,/^\.Ed/p' "$man/sov.conf.5" | sed '$d' >sov.conf
	run_sov 0 names demo-gl
	assert_line "soname=libdemo-gl.so.3"
	assert_line "real_name=libdemo-gl.so.3.2.4"
	mkdir tree
	run_sov 0 lint tree
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

@test "libsov(3) names every function that the library exports, and no other" {
	grep -o 'sov_[a-z_]*;' "$SOV_SRCDIR/lib/libsov.map" | tr -d ';' | sort >exported
	assert [ -s exported ]
	# What needs no symbol: inline functions of the headers.
	sed -n 's/^static inline .*\b\(sov_[a-z_]*\)(.*/\1/p' "$SOV_SRCDIR"/include/sov/*.h | sort >inline
	run -0 diff <(sort exported inline) <(sed -n 's/^\.Fn \(sov_[a-z_]*\).*/\1/p' "$man/libsov.3" | sort -u)
}

@test "man sovc++ shows sovcc(1)" {
	# As installed, so that the link finds its page.
	mkdir man1
	cp "$man"/*.1 man1
	run -0 mandoc -Tascii man1/sovc++.1
	expected=$output
	assert_line --partial "compiler that gives shared libraries their declared names"
	run -0 mandoc -Tascii man1/sovcc.1
	assert_output "$expected"
}

@test "every function that ARCHITECTURE.md names is defined" {
	grep -o '`[a-z_]*()`' "$SOV_SRCDIR/ARCHITECTURE.md" | tr -d '`()' | sort -u >named
	assert [ "$(wc -l <named)" -gt 20 ]
	while read -r function; do
		grep -rqE "^[a-z].*\b$function\(" "$SOV_SRCDIR"/{lib,cli,wrapper,tool} --include='*.c' || echo "$function"
	done <named >missing
	run cat missing
	assert_output ""
}
