# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "soname-link-not-symlink flags a copy under the soname" {
	make_lib usr/lib/libdemo.so.2.1.0 libdemo.so.2
	cp usr/lib/libdemo.so.2.1.0 usr/lib/libdemo.so.2
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.2: error: a copy stands where the soname link must be [soname-link-not-symlink]"
	assert_line "  expected: libdemo.so.2 -> libdemo.so.2.1.0"
	assert_line "  found:    a regular file"
	assert_line --partial "1 error, 0 warnings"
}

@test "soname-link-not-symlink flags a directory and a fifo under the soname, and says which" {
	make_lib usr/lib/libdemo.so.2.1.0 libdemo.so.2
	mkdir usr/lib/libdemo.so.2
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.2: error: something else stands where the soname link must be [soname-link-not-symlink]"
	assert_line "  found:    a directory"
	rmdir usr/lib/libdemo.so.2
	mkfifo usr/lib/libdemo.so.2
	run_sov 1 lint .
	assert_line "  found:    a fifo, socket or device"
}

@test "soname-link-not-symlink names the newest of two real files" {
	make_lib usr/lib/libdemo.so.2.0.9 libdemo.so.2
	make_lib usr/lib/libdemo.so.2.1.0 libdemo.so.2
	cp usr/lib/libdemo.so.2.1.0 usr/lib/libdemo.so.2
	run_sov 1 lint .
	assert_line "  expected: libdemo.so.2 -> libdemo.so.2.1.0"
	assert_line --partial "1 error, 0 warnings"
}

@test "soname-link-not-symlink accepts a link, a hard link, a real name that is the SONAME, and plugins" {
	make_chain usr/lib
	make_lib usr/lib/libhard.so.2.1.0 libhard.so.2
	ln usr/lib/libhard.so.2.1.0 usr/lib/libhard.so.2
	make_lib usr/lib/libsame.so.3 libsame.so.3
	make_lib usr/lib/libmajors.so.1 libmajors.so.1
	make_lib usr/lib/libmajors.so.2 libmajors.so.2
	ln -s libmajors.so.2 usr/lib/libmajors.so
	make_lib usr/lib/plugins/libplug.so.1.0 libplug.so.1
	cp usr/lib/plugins/libplug.so.1.0 usr/lib/plugins/libplug.so.1
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "soname-link-not-symlink accepts a backup beside the real file" {
	make_lib usr/lib/libdemo.so.2 libdemo.so.2
	cp usr/lib/libdemo.so.2 usr/lib/libdemo.so.2.orig
	run_sov 0 lint .
}
