# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "soname-is-linker-name flags a versioned file whose SONAME has no version" {
	make_lib usr/lib/libdemo.so.2.1.0 libdemo.so
	ln -s libdemo.so.2.1.0 usr/lib/libdemo.so
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.2.1.0: error: a versioned file has the linker name for its SONAME [soname-is-linker-name]"
	assert_line "  found:    libdemo.so"
	assert_line --partial "1 error, 0 warnings"
}

@test "soname-is-linker-name accepts an unversioned library, a release, and a plugin" {
	make_lib usr/lib/libtcl.so libtcl.so
	make_lib usr/lib/libdemo-1.2.so.0.0 libdemo-1.2.so
	ln -s libdemo-1.2.so.0.0 usr/lib/libdemo-1.2.so
	make_lib usr/lib/plugins/libplug.so.1 libplug.so
	ln -s libplug.so.1 usr/lib/plugins/libplug.so
	run_sov 0 -v lint .
	refute_output --partial "["
}
