# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "soname-has-slash flags a SONAME that is a path" {
	make_lib usr/lib/libx.so.1 /usr/lib/libx.so.1
	run_sov 1 lint .
	assert_line "./usr/lib/libx.so.1: error: the SONAME holds a '/' [soname-has-slash]"
	assert_line "  expected: libx.so.1"
	assert_line "  found:    /usr/lib/libx.so.1"
	refute_rule soname-link-missing
}

@test "soname-has-slash flags a relative path and a slash at the end" {
	make_lib usr/lib/libx.so.1 ./libx.so.1
	make_lib usr/lib/plugins/liby.so liby.so.1/
	run_sov 1 lint .
	assert_line "./usr/lib/libx.so.1: error: the SONAME holds a '/' [soname-has-slash]"
	assert_line "./usr/lib/plugins/liby.so: error: the SONAME holds a '/' [soname-has-slash]"
	assert_line "  expected: a name without directory"
}

@test "soname-has-slash is ignored where sov.conf says so" {
	make_lib usr/lib/libx.so.1 /usr/lib/libx.so.1
	make_conf '[lint]\nignore = soname-has-slash usr/lib/*'
	run_sov 0 lint .
	make_conf '[lint]\nignore = soname-has-slash lib/*'
	run_sov 1 lint .
}

@test "soname-has-slash accepts a name" {
	make_chain usr/lib
	run_sov 0 -v lint .
	refute_output --partial "["
}
