# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "soname-link-missing flags a library beside which nothing has the name that programs look for" {
	make_lib usr/lib/libdemo.so.2.1.0 libdemo.so.2
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.2.1.0: error: no entry beside it has the name that its SONAME says [soname-link-missing]"
	assert_line "  expected: libdemo.so.2 -> libdemo.so.2.1.0"
	assert_line "  found:    nothing"
	assert_line "  fix:      ln -s libdemo.so.2.1.0 ./usr/lib/libdemo.so.2"
}

@test "soname-link-missing's fix mends it" {
	make_lib usr/lib/libdemo.so.2.1.0 libdemo.so.2
	run_sov 1 lint usr/
	eval "$(sed -n 's/^  fix:      //p' <<<"$output")"
	run_sov 0 lint usr/
}

@test "soname-link-missing flags a release without its link" {
	make_lib usr/lib/libdemo-0.188.so libdemo.so.1
	run_sov 1 lint .
	assert_line --partial "[soname-link-missing]"
	assert_line "  expected: libdemo.so.1 -> libdemo-0.188.so"
}

@test "soname-link-missing is an info about plugins" {
	make_lib usr/lib/krb5/plugins/spake.so spake.so.0
	make_lib usr/lib/module.so module.so.0
	run_sov 0 lint .
	refute_rule soname-link-missing
	run_sov 0 -v lint .
	assert_line "./usr/lib/krb5/plugins/spake.so: info: no entry beside it has the name that its SONAME says [soname-link-missing]"
	assert_line "./usr/lib/module.so: info: no entry beside it has the name that its SONAME says [soname-link-missing]"
}

@test "soname-link-missing accepts links of both layouts, hard links and a real name that is the SONAME" {
	make_chain usr/lib chain
	make_lib usr/lib/libboth.so.2.1.0 libboth.so.2
	ln -s libboth.so.2.1.0 usr/lib/libboth.so.2
	ln -s libboth.so.2.1.0 usr/lib/libboth.so
	make_lib usr/lib/libhard.so.2.1.0 libhard.so.2
	ln usr/lib/libhard.so.2.1.0 usr/lib/libhard.so.2
	make_lib usr/lib/libsame.so.3 libsame.so.3
	make_lib usr/lib/libelf-0.188.so libelf.so.1
	ln -s libelf-0.188.so usr/lib/libelf.so.1
	make_chain usr/lib majors 1.4.2
	make_chain usr/lib majors 2.0.0
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "soname-link-missing accepts a SONAME that does not look like a library" {
	make_lib usr/lib/libodd.so odd
	run_sov 1 lint .
	assert_line --partial "[soname-link-missing]"
	ln -s libodd.so usr/lib/odd
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "soname-link-missing's fix runs nothing that a hostile name says" {
	local name="lib's x\$(touch ran);touch ran.so"
	make_lib "$name.1.0" "$name.1"
	run_sov 1 lint .
	run -0 sh -c "$(sed -n 's/^  fix:      //p' <<<"$output")"
	assert_output ""
	assert [ ! -e ran ]
	assert_equal "$(readlink "$name.1")" "$name.1.0"
	run_sov 0 lint .
}

@test "soname-link-missing shows no command that would name another file once it is pasted" {
	make_lib 'libx\y.so.1.0' 'libx\y.so.1'
	run_sov 1 lint .
	assert_line "  fix:      make that link by hand: no command shows such a name"
}
