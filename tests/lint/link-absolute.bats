# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "link-absolute flags a link with an absolute target" {
	make_lib stage/usr/lib/libdemo.so.2.1.0 libdemo.so.2
	ln -s /usr/lib/libdemo.so.2.1.0 stage/usr/lib/libdemo.so.2
	run_sov 1 lint stage
	assert_line "stage/usr/lib/libdemo.so.2: warning: the link is absolute [link-absolute]"
	assert_line "  found:    libdemo.so.2 -> /usr/lib/libdemo.so.2.1.0"
	assert_line --partial "0 errors, 1 warning in 1 library"
}

@test "link-absolute flags a link to where the tree was built" {
	make_lib stage/usr/lib/libdemo.so.2.1.0 libdemo.so.2
	ln -s "$PWD/stage/usr/lib/libdemo.so.2.1.0" stage/usr/lib/libdemo.so.2
	run_sov 1 lint stage
	assert_line "stage/usr/lib/libdemo.so.2: warning: the link is absolute [link-absolute]"
}

@test "link-absolute flags links of a flat directory and of private ones" {
	make_chain flat
	ln -s /usr/lib/libdemo.so.2 flat/libflat.so
	mkdir flat/plugins
	ln -s /opt/x.so flat/plugins/x.so
	run_sov 1 lint flat
	assert_line "flat/libflat.so: warning: the link is absolute [link-absolute]"
	assert_line "flat/plugins/x.so: warning: the link is absolute [link-absolute]"
}

@test "link-absolute is an info between two top directories, as some distributions have it" {
	make_chain stage/lib
	mkdir -p stage/usr/lib
	ln -s /lib/libdemo.so.2 stage/usr/lib/libdemo.so
	run_sov 0 -v lint stage
	assert_line "stage/usr/lib/libdemo.so: info: the link is absolute [link-absolute]"
	run_sov 0 -v lint stage/usr/lib
	assert_line "stage/usr/lib/libdemo.so: info: the link is absolute [link-absolute]"
}

@test "link-absolute accepts relative links" {
	make_chain stage/lib
	mkdir -p stage/usr/lib
	ln -s ../../lib/libdemo.so.2 stage/usr/lib/libdemo.so
	run_sov 0 -v lint stage
	refute_output --partial "["
}
