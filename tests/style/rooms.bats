# SPDX-License-Identifier: MIT
# ARCHITECTURE.md is a map of the tree as it is.

load ../helper/common

# rooms FIRST... - the names in the first column of the tables of ARCHITECTURE.md, a line each.
mapped() {
	sed -n 's/^| \(`[^|]*\) |.*/\1/p' "$SOV_SRCDIR/ARCHITECTURE.md" | grep -o '`[^`]*`' | tr -d '`' | sort -u
}

@test "ARCHITECTURE.md names every room of the library and the programs" {
	local room
	(cd "$SOV_SRCDIR" && find include/sov lib cli wrapper tool man completions cmake examples .ci -mindepth 0 -maxdepth 2 -name '*.*' -type f) |
		sed 's|/[^/]*$||; s|^examples/.*|examples|; s|^completions/.*|completions|' | grep -vx lib | sort -u >there
	while read -r room; do
		grep -qxF "$room" <(mapped) || echo "$room"
	done <there >unnamed
	run cat unnamed
	assert_output ""
}

@test "ARCHITECTURE.md names every room of the tests" {
	local room
	for room in "$SOV_SRCDIR"/tests/*/; do
		room=$(basename "$room")
		grep -qxF "$room" <(mapped) || echo "$room"
	done >unnamed
	run cat unnamed
	assert_output ""
}

@test "every room that ARCHITECTURE.md names is there" {
	local room
	[ "$(mapped | wc -l)" -gt 20 ]
	for room in $(mapped); do
		[ -d "$SOV_SRCDIR/$room" ] || [ -d "$SOV_SRCDIR/tests/$room" ] || echo "$room"
	done >missing
	run cat missing
	assert_output ""
}

@test "every file that ARCHITECTURE.md, CONTRIBUTING.md and README.md point at is there" {
	local file
	for file in $(grep -ohE '`[A-Za-z./_-]+/[A-Za-z._-]+\.[a-z]+`' "$SOV_SRCDIR"/{ARCHITECTURE,CONTRIBUTING,README}.md | tr -d '`' | sort -u); do
		[ -e "$SOV_SRCDIR/$file" ] || echo "$file"
	done >missing
	run cat missing
	assert_output ""
}
