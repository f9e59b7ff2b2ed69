# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "link-escapes-root flags a link with more .. than there are directories" {
	make_lib libdemo.so.2.1.0 libdemo.so.2
	mkdir -p stage/usr/lib
	ln -s ../../../libdemo.so.2.1.0 stage/usr/lib/libdemo.so.2
	run_sov 1 lint stage
	assert_line "stage/usr/lib/libdemo.so.2: error: the link climbs out of the tree [link-escapes-root]"
	assert_line "  found:    libdemo.so.2 -> ../../../libdemo.so.2.1.0"
	assert_line --partial "1 error, 0 warnings in 0 libraries"
}

@test "link-escapes-root flags a link that escapes through another" {
	mkdir -p stage/usr/lib stage/opt
	ln -s ../.. stage/opt/up
	ln -s ../../opt/up/libdemo.so.2.1.0 stage/usr/lib/libdemo.so.2
	run_sov 1 lint stage
	assert_line "stage/usr/lib/libdemo.so.2: error: the link climbs out of the tree [link-escapes-root]"
}

@test "link-escapes-root never looks at what lies outside" {
	make_lib outside/libother.so.1 libother.so.1
	mkdir stage
	ln -s ../outside/libother.so.1 stage/libdemo.so.2
	run_sov 1 lint stage
	assert_line "stage/libdemo.so.2: error: the link climbs out of the tree [link-escapes-root]"
	refute_rule soname-link-wrong-target
}

@test "link-escapes-root flags what climbs out of the tree that the root is a part of" {
	mkdir -p stage/usr/lib
	ln -s ../../../libdemo.so.2.1.0 stage/usr/lib/libdemo.so.2
	run_sov 1 lint stage/usr/lib
	assert_line "stage/usr/lib/libdemo.so.2: error: the link climbs out of the tree [link-escapes-root]"
}

@test "link-escapes-root accepts .. as far as the top, and beside a root that is a part of a tree" {
	make_chain stage/lib
	mkdir -p stage/usr/lib
	ln -s ../../lib/libdemo.so.2.1.0 stage/usr/lib/libdemo.so.2
	run_sov 0 -v lint stage
	refute_output --partial "["
	run_sov 0 -v lint stage/usr/lib
	refute_output --partial "["
}
