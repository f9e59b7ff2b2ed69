# SPDX-License-Identifier: MIT
load ../helper/common
load lint

@test "soname-missing flags a library that was linked without -soname" {
	make_lib lib/libx.so.1.0
	run_sov 1 lint lib
	assert_line "lib/libx.so.1.0: error: no SONAME [soname-missing]"
	assert_line "  fix:      declare its version and link it with sovcc, or link it with -Wl,-soname,NAME"
}

@test "soname-missing flags a library in every public directory" {
	local directory
	for directory in lib lib32 lib64 libx32 usr/lib usr/lib/x86_64-linux-gnu usr/local/lib64 local/lib lib/arm-linux-gnueabihf .; do
		make_lib "stage/$directory/libx.so"
	done
	run_sov 1 lint stage
	assert_line --partial "10 errors, 0 warnings in 10 libraries"
}

@test "soname-missing flags a directory that --libdir makes public" {
	make_lib stage/opt/demo/lib/libx.so
	run_sov 0 lint stage
	run_sov 1 lint --libdir opt/demo/lib stage
	assert_line "stage/opt/demo/lib/libx.so: error: no SONAME [soname-missing]"
	run_sov 1 lint --libdir /opt/demo/lib/ stage
}

@test "soname-missing flags a library once that has two names" {
	make_lib lib/libx.so.1.0
	ln lib/libx.so.1.0 lib/libx.so.1
	run_sov 1 lint lib
	assert_line --partial "1 error, 0 warnings"
}

@test "soname-missing accepts plugins in private directories and modules that -l cannot find" {
	make_lib stage/usr/lib/demo/libplugin.so
	make_lib stage/usr/lib/x86_64-linux-gnu/gconv/CODEC.so
	make_lib stage/usr/lib/module.so
	make_lib stage/usr/lib/libx.so.1.0-gdb.so
	make_lib stage/usr/libexec/demo/libhook.so.1
	rm stage/usr/lib/libx.so.1.0-gdb.so
	run_sov 0 -v lint stage
	refute_output --partial "["
}

@test "soname-missing accepts programs, objects, debug files and what is not ELF" {
	mkdir -p usr/lib/debug/.build-id/ab
	echo 'int main(void) { return 0; }' >main.c
	gcc -g -pie -fPIE -o usr/lib/libprogram.so main.c
	gcc -c -o usr/lib/libobject.so main.c
	make_lib debug.so libdebug.so.1 -g
	objcopy --only-keep-debug debug.so usr/lib/libdebug.so.1.debug
	objcopy --only-keep-debug debug.so usr/lib/debug/.build-id/ab/libdebug.so.1
	echo 'import gdb' >usr/lib/libx.so.1.2.3-gdb.py
	echo 'GROUP ( libx.so.1 )' >usr/lib/libscript.so
	run_sov 0 -v lint usr/lib
	refute_output --partial "["
}
