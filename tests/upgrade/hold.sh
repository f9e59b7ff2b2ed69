# SPDX-License-Identifier: MIT
# hold.bash for a shell in a namespace of its own, which sources this: hold FILE - start a process that maps FILE; $HELD is
# its pid. It ends when the shell does.
# shellcheck shell=sh
hold() {
	mkfifo .hold.in .hold.out
	"$SOV_BUILDDIR/tests/upgrade/hold" "$1" <.hold.in >.hold.out &
	HELD=$!
	exec 9>.hold.in
	read -r _ <.hold.out
}

release() {
	exec 9>&-
	wait
}
