# SPDX-License-Identifier: MIT
# Where a declaration comes from: command line, sov.conf, environment; seen through sov names.
load ../helper/common

# A directory of the test's own stops the search upward.
setup() {
	sov_setup
	mkdir -p .git
}

@test "the only section of sov.conf is taken without BASE" {
	make_conf '[lib demo]\nversion = 2.1.0'
	run_sov 0 names
	assert_line "real_name=libdemo.so.2.1.0"
}

@test "with several sections BASE chooses" {
	make_conf '[lib demo]\nversion = 2.1.0\n[lib demo-gl]\nlibtool = 5:4:2'
	run_sov 0 names demo-gl
	assert_line "real_name=libdemo-gl.so.3.2.4"
}

@test "several sections and no BASE is a usage error that lists them" {
	make_conf '[lib demo]\nversion = 2.1.0\n[lib demo-gl]\nlibtool = 5:4:2'
	run_sov 2 names
	assert_output "sov: error: which library? sov.conf declares 2
  expected: one of demo, demo-gl
  fix:      sov names demo"
}

@test "no BASE and no sov.conf is a usage error" {
	run_sov 2 names --version 1.0
	assert_line -n 0 "sov: error: which library? there is no sov.conf"
}

@test "nothing that declares the library is an error that says what to do" {
	run_sov 2 names demo
	assert_output "demo: error: nothing declares this library
  fix:      give --version V, or add a sov.conf with its [lib] section"
}

@test "a section that was nearly named is suggested" {
	make_conf '[lib demo]\nversion = 2.1.0'
	run_sov 2 names dmeo
	assert_output "dmeo: error: nothing declares this library
  found:    sov.conf has no section that names it
  fix:      did you mean demo?"
}

@test "a section is suggested for a file name in the place of a base name" {
	make_conf '[lib zero]\nversion = 1\n[lib alpha]\nversion = 1'
	for name in libalpha alpha.so libalpha.so libalpha.so.1.2 alhpa; do
		run_sov 2 names "$name"
		assert_line "  fix:      did you mean alpha?"
	done
	make_conf '[lib libalpha]\nversion = 1'
	run_sov 2 names libalpha.so
	assert_line "  fix:      did you mean libalpha?"
	run_sov 0 names libalpha
}

@test "of several sections the nearest is suggested, not the first that is near" {
	make_conf '[lib alphas]\nversion = 1\n[lib alpha]\nversion = 1'
	run_sov 2 names libalpha
	assert_line "  fix:      did you mean alpha?"
}

@test "sov.conf is found upward, and its path is told as it was found" {
	make_conf '[lib demo]\nversion = 2.1.0'
	mkdir -p a/b
	cd a/b
	run_sov 0 names --explain
	assert_line "declared: version = 2.1.0 (../../sov.conf:2)"
}

@test "the search stops at the directory that holds .git" {
	make_conf '[lib demo]\nversion = 2.1.0'
	mkdir -p a/.git a/b
	cd a/b
	run_sov 2 names demo
	assert_line -n 0 "demo: error: nothing declares this library"
}

@test "--conf is above SOV_CONF, and that above the nearest" {
	make_conf '[lib demo]\nversion = 1.0'
	printf '[lib demo]\nversion = 2.0\n' >two.conf
	printf '[lib demo]\nversion = 3.0\n' >three.conf
	SOV_CONF=two.conf run_sov 0 names
	assert_line "real_name=libdemo.so.2.0"
	SOV_CONF=two.conf run_sov 0 names --conf three.conf
	assert_line "real_name=libdemo.so.3.0"
}

@test "a --conf that is not there is an error" {
	run_sov_split 3 names demo --conf nosuch.conf
	assert_equal "$output" ""
	assert_regex "$stderr" "^nosuch.conf: error: "
}

@test "a sov.conf that is a directory is an error, not silence" {
	mkdir sov.conf
	run_sov_split 2 names demo
	assert_equal "$output" ""
	assert_regex "$stderr" "^sov.conf: error: "
}

@test "a fault in sov.conf names file and line" {
	make_conf '[lib demo]\nverison = 2.1.0'
	run_sov 2 names
	assert_line -n 0 "sov.conf:2: error: unknown key"
	assert_line "  found:    verison"
	assert_line --regexp "^  fix: .*version"
}

@test "a command line that declares a version does not mind a broken sov.conf" {
	make_conf '[lib demo'
	run_sov 0 names demo --version 2.1.0
	assert_line "real_name=libdemo.so.2.1.0"
	run_sov 2 names demo --version 2.1.0 --conf sov.conf
}

@test "the command line owns the declaration when it gives a version" {
	make_conf '[lib demo]\nversion = 2.1.0\nsoversion = 7\nrelease = 9'
	run_sov 0 names demo --version 3.0
	assert_output "linker_name=libdemo.so
soname=libdemo.so.3
real_name=libdemo.so.3.0"
}

@test "a lone key of the command line replaces that key" {
	make_conf '[lib demo]\nversion = 2.1.0\nsoversion = 7'
	run_sov 0 names --soversion 8
	assert_line "soname=libdemo.so.8"
	assert_line "real_name=libdemo.so.2.1.0"
}

@test "a contradiction names both places" {
	make_conf '[lib demo]\nlibtool = 5:4:2'
	run_sov 2 names --soversion 8
	assert_line -n 0 "sov: error: --soversion: soversion contradicts libtool"
	assert_line --partial "libtool (sov.conf:2) and soversion (--soversion)"
}

@test "the environment declares what nothing above it does" {
	SOV_VERSION=4.5.6 run_sov 0 names demo
	assert_line "real_name=libdemo.so.4.5.6"
	SOV_LIBTOOL=5:4:2 run_sov 0 names demo
	assert_line "real_name=libdemo.so.3.2.4"
	SOV_VERSION=4.5.6 SOV_SOVERSION=9 SOV_RELEASE=1 SOV_LINKER_NAME=none run_sov 0 names demo
	assert_output "linker_name=
soname=libdemo-1.so.9
real_name=libdemo-1.so.4.5.6"
	SOV_VERSION=4.5.6 SOV_POLICY=exact run_sov 0 names demo
	assert_line "soname=libdemo.so.4.5.6"
}

@test "sov.conf is above the environment" {
	make_conf '[lib demo]\nversion = 2.1.0'
	SOV_VERSION=4.5.6 SOV_SOVERSION=9 run_sov 0 names
	assert_line "soname=libdemo.so.2"
	SOV_VERSION=4.5.6 run_sov 0 names other
	assert_line "soname=libother.so.4"
}

@test "an empty variable says nothing" {
	SOV_VERSION='' SOV_RELEASE=3 run_sov 0 names demo
	assert_line "soname=libdemo-3.so"
}

@test "a bad value in the environment is told by its variable" {
	SOV_VERSION=1.x run_sov 2 names demo
	assert_line -n 0 --partial "sov: error: SOV_VERSION: "
}

@test "a sov.conf of somebody else in a directory like /tmp is not taken, and that is said" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to give a file away"
	mkdir shared
	chmod 1777 shared
	printf '[lib demo]\nversion = 6.6.6\n' >shared/sov.conf
	chown 12345 shared/sov.conf
	cd shared
	run_sov 2 names demo
	assert_line -n 0 --partial "sov.conf: warning: not read"
	assert_line "demo: error: nothing declares this library"
	run_sov 2 -q names demo
	refute_line --partial "warning"
}

@test "a section that gives a release alone is laid over the environment's version" {
	make_conf '[lib demo]\nrelease = 9'
	SOV_VERSION=1.4.2 run_sov 0 names demo
	assert_line "soname=libdemo-9.so.1"
	assert_line "real_name=libdemo-9.so.1.4.2"
}

@test "a section that gives a version shuts the environment out" {
	make_conf '[lib demo]\nversion = 2.1.0'
	SOV_VERSION=1.4.2 SOV_SOVERSION=7 SOV_RELEASE=9 run_sov 0 names demo
	assert_line "soname=libdemo.so.2"
	assert_line "real_name=libdemo.so.2.1.0"
}
