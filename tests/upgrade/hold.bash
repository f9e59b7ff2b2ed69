# SPDX-License-Identifier: MIT
# Programs that run while a test looks at them: `load hold`, and `release_all` in teardown.
# shellcheck shell=bash

HOLD=$SOV_BUILDDIR/tests/upgrade/hold
HOLD_COUNT=0
HOLD_AS=() HOLD_PIDS=() HOLD_ENDS=()

# hold [-r|-m|-t] FILE... - start a process that maps these files; $HELD is its pid. It runs until it is released.
# HOLD_AS=(COMMAND...) has the next one started by a command that ends in exec.
hold() {
	local stem=$BATS_TEST_TMPDIR/.hold.$((++HOLD_COUNT)) end line
	mkfifo "$stem.in" "$stem.out"
	${HOLD_AS[@]+"${HOLD_AS[@]}"} "$HOLD" "$@" <"$stem.in" >"$stem.out" 2>"$stem.err" 3>&- &
	HELD=$!
	HOLD_AS=()
	exec {end}>"$stem.in"
	HOLD_PIDS+=("$HELD") HOLD_ENDS+=("$end")
	read -r line <"$stem.out" || true
	[ "${line:-}" = ready ] || fail "hold $*: $(cat "$stem.err")"
}

# release_all - end every one, and wait until it has.
release_all() {
	local end
	for end in ${HOLD_ENDS[@]+"${HOLD_ENDS[@]}"}; do
		exec {end}>&-
	done
	[ ${#HOLD_PIDS[@]} -eq 0 ] || wait "${HOLD_PIDS[@]}" 2>/dev/null || true
	HOLD_PIDS=() HOLD_ENDS=()
}
