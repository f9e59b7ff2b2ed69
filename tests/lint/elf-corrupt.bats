# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "elf-corrupt flags a library that is cut short" {
	make_lib whole/whole.so libdemo.so.2
	mkdir -p usr/lib
	head -c 4096 whole/whole.so >usr/lib/libdemo.so.2
	run_sov 1 lint usr
	assert_line "usr/lib/libdemo.so.2: error: the dynamic linker cannot use this file [elf-corrupt]"
	assert_line "  expected: a whole ELF file"
	assert_line "  fix:      build or copy it again"
}

@test "elf-corrupt flags an empty library, once under two names" {
	mkdir -p usr/lib
	touch usr/lib/libdemo.so.2
	ln usr/lib/libdemo.so.2 usr/lib/libdemo.so
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.2: error: the dynamic linker cannot use this file [elf-corrupt]"
	assert_line "  found:    empty"
	assert_line --partial "1 error, 0 warnings in 0 libraries"
}

@test "elf-corrupt flags plugins too, and a header that promises what is not there" {
	mkdir -p usr/lib/plugins
	printf '\177ELF\002\001\001' >usr/lib/plugins/x.so
	run_sov 1 lint .
	assert_line "./usr/lib/plugins/x.so: error: the dynamic linker cannot use this file [elf-corrupt]"
}

@test "elf-corrupt accepts debug files, text, Mach-O, archives and other files that never said ELF" {
	mkdir -p usr/lib/debug/.build-id/ab
	make_lib whole/whole.so libdemo.so.2 -g
	objcopy --only-keep-debug whole/whole.so usr/lib/debug/.build-id/ab/cdef.so.debug
	objcopy --only-keep-debug whole/whole.so usr/lib/libdemo.so.2.1.0.debug
	echo 'import gdb' >usr/lib/libdemo.so.2.1.0-gdb.py
	echo 'INPUT(-ldemo)' >usr/lib/libtext.so
	printf '\317\372\355\376\007\000\000\001' >usr/lib/libsetuid-osx.so
	ar cr usr/lib/libarchive.so
	: >usr/lib/empty.so-marker
	run_sov 0 -v lint usr
	refute_output --partial "["
}
