# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "soname-empty flags a SONAME without a byte" {
	make_lib usr/lib/libx.so.1 libx.so.1
	sed -i 's/libx\.so\.1/\x00ibx.so.1/' usr/lib/libx.so.1
	[ -n "$(readelf -dW usr/lib/libx.so.1 | grep 'SONAME.*\[\]')" ]
	run_sov 1 lint .
	assert_line "./usr/lib/libx.so.1: error: the SONAME is empty [soname-empty]"
	refute_rule soname-missing
	refute_rule soname-link-missing
}

@test "soname-empty accepts a name, and no SONAME where there need be none" {
	make_chain usr/lib
	make_lib usr/lib/plugins/x.so
	run_sov 0 -v lint .
	refute_output --partial "["
}
