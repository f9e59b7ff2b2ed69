# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "linker-name-wrong-target flags a linker name that leads to another library" {
	make_chain usr/lib
	make_chain usr/lib other
	ln -sf libother.so.2 usr/lib/libdemo.so
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so: warning: the linker name leads to another library [linker-name-wrong-target]"
	assert_line "  expected: a library called libdemo"
	assert_line "  found:    libother.so.2.1.0 with the SONAME libother.so.2"
	assert_line --partial "0 errors, 1 warning in 2 libraries"
}

@test "linker-name-wrong-target flags a library with a longer name" {
	make_chain usr/lib
	make_chain usr/lib demo-util
	ln -sf libdemo-util.so.2 usr/lib/libdemo.so
	run_sov 1 lint .
	assert_line --partial "[linker-name-wrong-target]"
}

@test "linker-name-wrong-target flags an alias of a library that a .pc file tells of" {
	make_chain usr/lib other
	ln -s libother.so.2 usr/lib/libdemo.so
	mkdir usr/lib/pkgconfig
	echo 'Libs: -lother' >usr/lib/pkgconfig/demo.pc
	run_sov 0 lint .
	echo 'Libs: -ldemo' >usr/lib/pkgconfig/demo.pc
	run_sov 1 lint .
	assert_line --partial "[linker-name-wrong-target]"
}

@test "linker-name-wrong-target is an info about an alias without a library of its name" {
	make_chain usr/lib cmocka
	ln -s libcmocka.so usr/lib/libcmockery.so
	run_sov 0 -v lint .
	assert_line "./usr/lib/libcmockery.so: info: the linker name leads to another library [linker-name-wrong-target]"
}

@test "linker-name-wrong-target accepts aliases by a part of the name, both layouts and linker scripts" {
	make_chain usr/lib png16
	ln -s libpng16.so usr/lib/libpng.so
	make_chain usr/lib ldap
	ln -s libldap.so usr/lib/libldap_r.so
	make_lib usr/lib/libboth.so.2.1.0 libboth.so.2
	ln -s libboth.so.2.1.0 usr/lib/libboth.so.2
	ln -s libboth.so.2.1.0 usr/lib/libboth.so
	make_lib usr/lib/libXaw7.so.7.0.0 libXaw.so.7
	ln -s libXaw7.so.7.0.0 usr/lib/libXaw.so.7
	ln -s libXaw7.so.7.0.0 usr/lib/libXaw7.so
	ln -s libXaw7.so.7.0.0 usr/lib/libXaw.so
	mkdir usr/lib/pkgconfig
	echo 'Libs: -lXaw7' >usr/lib/pkgconfig/xaw7.pc
	echo 'INPUT(libldap.so)' >usr/lib/libscript.so.in
	echo 'INPUT(libldap.so.2)' >usr/lib/libscript.so
	run_sov 0 -v lint .
	refute_output --partial "["
}
