# SPDX-License-Identifier: MIT
# What somebody without rights can do: `load unprivileged` after ../helper/common; its teardown_file has to be called.
# shellcheck shell=bash

# unprivileged_setup - $yard, a directory that nobody owns and may reach, with sov and sovcc in $yard/bin. What bats
# gives, and a checkout, may be below a directory that is root's alone.
unprivileged_setup() {
	export yard
	yard=$(mktemp -d "${TMPDIR:-/tmp}/sov-test-XXXXXX")
	mkdir "$yard/bin"
	cp -L "$SOV_BINDIR/sov" "$SOV_BINDIR/sovcc" "$yard/bin"
	[ "$(id -u)" != 0 ] || chown -R nobody: "$yard"
}

unprivileged_teardown() {
	rm -rf -- "$yard"
}

# as_nobody COMMAND... - in this directory, with sov in PATH, without any right. Who is not root has none already.
as_nobody() {
	local drop=()
	# fakeroot is loaded before everything, a sanitizer wants to be the first.
	local sanitizer=ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0:detect_leaks=0
	[ "$(id -u)" != 0 ] || drop=(setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs)
	env "$sanitizer" HOME="$yard" TMPDIR="$yard" PATH="$yard/bin:$PATH" "${drop[@]}" "$@"
}
