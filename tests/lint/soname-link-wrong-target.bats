# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "soname-link-wrong-target flags a soname link to another library" {
	make_chain usr/lib
	make_lib usr/lib/libdemo-util.so.2.0 libdemo-util.so.2
	ln -s libdemo.so.2 usr/lib/libdemo-util.so.2
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo-util.so.2: error: the soname link leads to another library [soname-link-wrong-target]"
	assert_line "  expected: a library with the SONAME libdemo-util.so.2"
	assert_line "  found:    libdemo.so.2.1.0 with the SONAME libdemo.so.2"
	assert_line --partial "1 error, 0 warnings"
}

@test "soname-link-wrong-target flags a soname link to another major version" {
	make_chain usr/lib
	ln -s libdemo.so.2.1.0 usr/lib/libdemo.so.1
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.1: error: the soname link leads to another library [soname-link-wrong-target]"
}

@test "soname-link-wrong-target sees through directories, and is an info where programs do not look" {
	make_chain usr/lib/private
	ln -s private/libdemo.so.2.1.0 usr/lib/libdemo.so.3
	ln -s libdemo.so.2.1.0 usr/lib/private/libdemo.so.3
	run_sov 1 -v lint .
	assert_line "./usr/lib/libdemo.so.3: error: the soname link leads to another library [soname-link-wrong-target]"
	assert_line "./usr/lib/private/libdemo.so.3: info: the soname link leads to another library [soname-link-wrong-target]"
}

@test "soname-link-wrong-target accepts chains of any length that end at the right SONAME" {
	make_lib usr/lib/libXaw7.so.7.0.0 libXaw.so.7
	ln -s libXaw7.so.7.0.0 usr/lib/libXaw7.so.7
	ln -s libXaw7.so.7 usr/lib/libXaw.so.7
	ln -s libXaw.so.7 usr/lib/libXaw.so
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "soname-link-wrong-target accepts links that abbreviate the file's own name" {
	make_lib usr/lib/libdemo.so.9.1.0 libdemo.so.1
	ln -s libdemo.so.9.1.0 usr/lib/libdemo.so.1
	ln -s libdemo.so.9.1.0 usr/lib/libdemo.so.9
	ln -s libdemo.so.9.1.0 usr/lib/libdemo.so.9.1
	make_lib usr/lib/libtcl8.6.so libtcl8.6.so
	ln -s libtcl8.6.so usr/lib/libtcl8.6.so.0
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "soname-link-wrong-target flags a name that only begins like the file's own" {
	make_lib usr/lib/libdemo.so.12.0 libdemo.so.12
	ln -s libdemo.so.12.0 usr/lib/libdemo.so.12
	ln -s libdemo.so.12.0 usr/lib/libdemo.so.1
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.1: error: the soname link leads to another library [soname-link-wrong-target]"
	assert_line --partial "1 error, 0 warnings"
}
