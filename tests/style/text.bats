# SPDX-License-Identifier: MIT
# What every file of ours has, or has not.

load ../helper/common

# ours - the files that we write: no build tree, no cache.
ours() {
	(cd "$SOV_SRCDIR" && find . \( -name .git -o -name .cache -o -path ./build -o -name __pycache__ \) -prune -o -type f -print | sed 's|^\./||')
}

# complaints ARGS... - grep in our files; every hit is a fault.
complaints() {
	(cd "$SOV_SRCDIR" && ours | tr '\n' '\0' | xargs -0 grep -nIE "$@" || true)
}

@test "every source file names its licence on one of its first two lines" {
	local file
	ours | grep -E '\.(c|h|def|py|sh|bash|bats|cmake|map)$|CMakeLists\.txt$|^run$|^\.ci/run$' >files
	[ "$(wc -l <files)" -gt 50 ]
	while read -r file; do
		head -n 2 "$SOV_SRCDIR/$file" | grep -q 'SPDX-License-Identifier: MIT' || echo "$file"
	done <files >without
	run cat without
	assert_output ""
}

@test "nothing is left open in the code" {
	run complaints '(^|[^A-Za-z])(TO''DO|FIX''ME|XX''X|HA''CK)([^A-Za-z]|$)'
	assert_output ""
}

@test "no line ends in a blank, and every file ends in a newline" {
	run complaints '[[:blank:]]$' --exclude='*.tsv'
	assert_output ""
	local file
	ours | while read -r file; do
		[ ! -s "$SOV_SRCDIR/$file" ] || [ -z "$(tail -c 1 "$SOV_SRCDIR/$file")" ] || echo "$file"
	done >without
	run cat without
	assert_output ""
}

@test "no line of C is wider than 100 columns" {
	local file
	ours | grep '\.[ch]$' >files
	[ "$(wc -l <files)" -gt 50 ]
	while read -r file; do
		expand -t 8 "$SOV_SRCDIR/$file" | awk -v file="$file" 'length > 100 { print file ":" FNR }'
	done <files >wide
	run cat wide
	assert_output ""
}

@test "half of our functions are at most 19 lines long, nine in ten under 60" {
	run -0 "$SOV_SRCDIR/tests/style/functions.py" $(cd "$SOV_SRCDIR" && ours | grep -E '^(lib|cli|wrapper|tool)/.*\.c$' | sed "s|^|$SOV_SRCDIR/|")
	[[ ${lines[0]} =~ ^median=([0-9]+)\ p90=([0-9]+)\ longest=([0-9]+)\ count=([0-9]+)$ ]]
	[ "${BASH_REMATCH[1]}" -le 19 ]
	[ "${BASH_REMATCH[2]}" -lt 60 ]
	[ "${BASH_REMATCH[4]}" -gt 100 ]
}

@test "a long function is measured as long" {
	{ echo 'int f(void)'; echo '{'; yes '	;' | head -n 70; echo '}'; } >a.c
	run -0 "$SOV_SRCDIR/tests/style/functions.py" a.c
	assert_line "median=72 p90=72 longest=72 count=1"
	assert_line "a.c:2: 72 lines"
}

@test "no C file is longer than 700 lines" {
	(cd "$SOV_SRCDIR" && find lib cli wrapper tool -name '*.c' -exec wc -l {} +) | awk '$2 != "total" && $1 > 700' >long
	run cat long
	assert_output ""
}

# another_clang_format - puts one in the way that formats as no version 14 does.
another_clang_format() {
	mkdir bin
	printf '#!/bin/sh\n[ "$1" = --version ] && echo "clang-format version 19.1.7"\n' >bin/clang-format
	chmod +x bin/clang-format
	PATH=$PWD/bin:$PATH
}

@test "another clang-format than ours does not judge, and that is said" {
	another_clang_format
	printf 'ID=debian\nVERSION_ID="13"\n' >os-release
	run -0 "$SOV_SRCDIR/tests/style/format.sh" "$PWD/os-release"
	assert_output "format.sh: not judged: clang-format 14 is needed, this is clang-format version 19.1.7"
}

@test "another clang-format than ours is an error where ours is the system's" {
	another_clang_format
	printf 'ID=debian\nVERSION_ID="12"\n' >os-release
	run -1 "$SOV_SRCDIR/tests/style/format.sh" "$PWD/os-release"
	assert_output "format.sh: clang-format 14 is needed, this is clang-format version 19.1.7"
}
