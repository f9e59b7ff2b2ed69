# SPDX-License-Identifier: MIT
# Each header stands alone.

load ../helper/common

warnings=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only)

# compile_alone COMPILER... - every public header by itself; prints what fails.
compile_alone() {
	local header
	for header in "$SOV_SRCDIR"/include/sov/*.h; do
		echo "#include <sov/${header##*/}>" | "$@" -I"$SOV_SRCDIR/include" "${warnings[@]}" - 2>&1 || echo "$header"
	done
}

@test "every public header compiles alone as C11" {
	run compile_alone gcc -std=c11 -Wstrict-prototypes -x c
	assert_output ""
}

@test "every public header compiles alone as C++17" {
	run compile_alone g++ -std=c++17 -x c++
	assert_output ""
}

@test "every private header compiles alone" {
	local header
	cd "$SOV_SRCDIR"
	for header in $(find lib cli wrapper tool -name '*.h'); do
		echo "#include \"${header#lib/}\"" |
			gcc -std=gnu11 -D_GNU_SOURCE -Ilib -I. -Iinclude "${warnings[@]}" -Wno-unused-function -x c - 2>&1 || echo "$header"
	done >"$BATS_TEST_TMPDIR/out"
	run cat "$BATS_TEST_TMPDIR/out"
	assert_output ""
}

@test "sov.h is over all public headers" {
	cd "$SOV_SRCDIR/include/sov"
	run -0 sed -n 's|#include <sov/\(.*\)>|\1|p' sov.h
	[ "$output" = "$(ls *.h | grep -vx sov.h)" ]
}

@test "every public declaration has a comment above it" {
	run -0 awk '
		/^SOV_PUBLIC/ && previous !~ /\*\/$/ && !grouped { print FILENAME ":" FNR ": " $0 }
		{ grouped = /^SOV_PUBLIC/ || (grouped && !/^$/) ; previous = $0 }' "$SOV_SRCDIR"/include/sov/*.h
	assert_output ""
}
