# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "real-name-unversioned flags a regular file under the linker name with a versioned SONAME" {
	make_lib usr/lib/libdemo.so libdemo.so.2
	ln -s libdemo.so usr/lib/libdemo.so.2
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so: warning: the file with the code has the linker name [real-name-unversioned]"
	assert_line "  expected: libdemo.so, a link to libdemo.so.2 or to its real name"
	assert_line --partial "0 errors, 1 warning in 1 library"
}

@test "real-name-unversioned accepts releases, hard links, unversioned libraries, scripts and plugins" {
	make_lib usr/lib/libelf-0.188.so libelf.so.1
	ln -s libelf-0.188.so usr/lib/libelf.so.1
	make_lib usr/lib/libhard.so.2.1.0 libhard.so.2
	ln usr/lib/libhard.so.2.1.0 usr/lib/libhard.so
	ln -s libhard.so usr/lib/libhard.so.2
	make_lib usr/lib/libtcl8.6.so libtcl8.6.so
	make_lib usr/lib/plugins/libplug.so libplug.so.0
	ln -s libplug.so usr/lib/plugins/libplug.so.0
	echo 'INPUT(libelf.so.1)' >usr/lib/libelf.so
	run_sov 0 -v lint .
	refute_output --partial "["
}
