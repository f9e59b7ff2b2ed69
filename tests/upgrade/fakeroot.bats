#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# --owner where it is not really allowed: by somebody without rights, under fakeroot, as packages are built.

load ../helper/common
load unprivileged

setup_file() {
	unprivileged_setup
	cd "$yard"
	make_lib libdemo.so.2.1.0 libdemo.so.2
}

teardown_file() {
	unprivileged_teardown
}

# Every test installs to a stage of its own.
setup() {
	cd "$yard" || return
	stage=stage$BATS_TEST_NUMBER
}

# owners - every name of the stage's library directory with its owner, as who calls sees it.
owners() {
	echo "stat -c '%U:%G %a %N' $stage/usr/lib/*"
}

@test "under fakeroot an unprivileged user installs root's files" {
	run -0 as_nobody fakeroot sh -c "sov install --root=$stage --owner=root:root libdemo.so.2.1.0 /usr/lib && $(owners)"
	assert_output "root:root 777 '$stage/usr/lib/libdemo.so' -> 'libdemo.so.2'
root:root 777 '$stage/usr/lib/libdemo.so.2' -> 'libdemo.so.2.1.0'
root:root 755 '$stage/usr/lib/libdemo.so.2.1.0'"
	# Outside it is seen that nothing of this is so.
	run -0 stat -c %u "$stage/usr/lib/libdemo.so.2.1.0"
	refute_output 0
}

@test "under fakeroot any owner can be had, by number too, and set-id bits asked for stay" {
	run -0 as_nobody fakeroot sh -c "sov install --root=$stage --owner=12:34 --mode=4755 libdemo.so.2.1.0 /usr/lib &&
		stat -c '%u:%g %a' $stage/usr/lib/libdemo.so.2.1.0"
	assert_output "12:34 4755"
}

@test "an upgrade under fakeroot: the file is whole and the links have moved" {
	run -0 as_nobody sh -c "sov install --root=$stage libdemo.so.2.1.0 /usr/lib"
	make_lib libdemo.so.2.2.0 libdemo.so.2
	run -0 as_nobody fakeroot sh -c "sov install --root=$stage --owner=root:root libdemo.so.2.2.0 /usr/lib"
	cmp libdemo.so.2.2.0 "$stage/usr/lib/libdemo.so"
	run -0 ls -A "$stage/usr/lib"
	assert_output "libdemo.so
libdemo.so.2
libdemo.so.2.1.0
libdemo.so.2.2.0"
}

@test "without fakeroot the same owner is refused, and nothing is installed" {
	run -3 as_nobody sov install --root="$stage" --owner=root:root libdemo.so.2.1.0 /usr/lib
	assert_line "$stage/usr/lib: error: a new file cannot be given its owner: Operation not permitted"
	run find "$stage" ! -type d
	assert_output ""
}
