# SPDX-License-Identifier: MIT
load ../helper/common
load lint

setup() {
	sov_setup
	make_conf '# one section a library\n[lib demo]\nversion = 2.1.0'
}

@test "declared-mismatch flags another SONAME, says where it was declared and how to mend it" {
	make_lib lib/libdemo.so.2.1.0 libdemo.so.1
	ln -s libdemo.so.2.1.0 lib/libdemo.so.1
	run_sov 1 lint --conf sov.conf lib
	assert_line "lib/libdemo.so.2.1.0: error: SONAME does not match the declared version [declared-mismatch]"
	assert_line "  expected: libdemo.so.2 (sov.conf:3)"
	assert_line "  found:    libdemo.so.1"
	assert_line "  fix:      relink with sovcc, or declare soversion = 1"
	assert_line --partial "1 error, 0 warnings"
}

@test "declared-mismatch flags another file name" {
	make_chain stage/usr/lib demo 2.0.9
	run_sov 1 lint --conf sov.conf stage
	assert_line "stage/usr/lib/libdemo.so.2.0.9: error: file name does not match the declared version [declared-mismatch]"
	assert_line "  expected: libdemo.so.2.1.0 (sov.conf:3)"
	assert_line "  found:    libdemo.so.2.0.9"
}

@test "declared-mismatch does not propose a soversion beside a libtool triple" {
	make_conf '[lib demo]\nlibtool = 5:4:3'
	make_chain stage/usr/lib demo 3.1.4
	run_sov 1 lint --conf sov.conf stage
	assert_line "  expected: libdemo.so.2 (sov.conf:2)"
	assert_line "  fix:      relink with sovcc"
}

@test "declared-mismatch flags a linker name that points elsewhere than declared" {
	make_conf '[lib demo]\nversion = 2.1.0\nlinker-name = real'
	make_chain stage/usr/lib
	run_sov 1 lint --conf sov.conf stage
	assert_line "stage/usr/lib/libdemo.so: error: the linker name does not point where it is declared to [declared-mismatch]"
	assert_line "  expected: libdemo.so -> libdemo.so.2.1.0 (sov.conf:3)"
	assert_line "  found:    libdemo.so -> libdemo.so.2"
	make_conf '[lib demo]\nversion = 2.1.0\nlinker-name = none'
	run_sov 1 lint --conf sov.conf stage
	assert_line "  expected: no linker name (sov.conf:3)"
	make_conf '[lib demo]\nversion = 2.1.0\nlinker-name = soname'
	run_sov 0 lint --conf sov.conf stage
}

@test "declared-mismatch accepts the declared names, in both layouts and as a hard link" {
	make_chain stage/usr/lib
	make_lib both/usr/lib/libdemo.so.2.1.0 libdemo.so.2
	ln -s libdemo.so.2.1.0 both/usr/lib/libdemo.so.2
	ln -s libdemo.so.2.1.0 both/usr/lib/libdemo.so
	make_lib hard/usr/lib/libdemo.so.2.1.0 libdemo.so.2
	ln hard/usr/lib/libdemo.so.2.1.0 hard/usr/lib/libdemo.so.2
	ln hard/usr/lib/libdemo.so.2.1.0 hard/usr/lib/libdemo.so.2.1.0.1
	run_sov 0 -v lint --conf sov.conf stage both hard
	refute_output --partial "["
}

@test "declared-mismatch accepts older versions beside the declared one, other libraries and plugins" {
	make_chain stage/usr/lib demo 1.4.2
	make_chain stage/usr/lib demo 2.1.0
	make_lib stage/usr/lib/libdemo.so.2.0.0 libdemo.so.2
	make_chain stage/usr/lib demo-util 7.0.0
	make_lib stage/usr/lib/plugins/libdemo.so.9 libdemo.so.9
	run_sov 0 -v lint --conf sov.conf stage
	refute_output --partial "["
}

@test "declared-mismatch does not take another version with the wrong SONAME for the declared one" {
	make_lib stage/usr/lib/libdemo.so.2.1.0 libdemo.so.1
	ln -s libdemo.so.2.1.0 stage/usr/lib/libdemo.so.1
	make_chain stage/usr/lib demo 2.0.0
	run_sov 1 lint --conf sov.conf stage
	assert_line "stage/usr/lib/libdemo.so.2.1.0: error: SONAME does not match the declared version [declared-mismatch]"
	assert_line "stage/usr/lib/libdemo.so.2.0.0: error: file name does not match the declared version [declared-mismatch]"
}

@test "declared-mismatch accepts everything when no sov.conf is given: digits are never compared" {
	make_lib stage/usr/lib/libvtk.so.9.1.0 libvtk.so.1
	ln -s libvtk.so.9.1.0 stage/usr/lib/libvtk.so.1
	make_lib stage/usr/lib/libdemo.so.9.0 libdemo.so.7
	ln -s libdemo.so.9.0 stage/usr/lib/libdemo.so.7
	run_sov 0 -v lint stage
	refute_output --partial "["
}
