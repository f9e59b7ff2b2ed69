#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A declared link: names, links, and where the declaration comes from.
load ../helper/common
load wrapper

@test "the output may be spelt with the linker name" {
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_output ''
	assert_chain
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "the output may be spelt with the soname" {
	link_demo 0 -o libdemo.so.2 --sov-version=2.1.0
	assert_chain
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "the output may be spelt with the real name" {
	link_demo 0 -o libdemo.so.2.1.0 --sov-version=2.1.0
	assert_chain
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "a source compiled and linked in one command is declared too" {
	echo 'int one(void); int one(void) { return 1; }' >one.c
	run_sovcc 0 -fPIC -shared one.c -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "another version in the output's name is an error before the compiler runs" {
	make_recorder fakecc
	local name
	for name in libdemo.so.3 libdemo.so.2.1 libdemo.so.2.1.1 libdemo.so.2.1.0.0 libdemo.so.1.2.3; do
		SOV_CC=$PWD/fakecc link_demo 1 -o "$name" --sov-version=2.1.0
		assert_refused
	done
	assert_only fakecc
}

@test "links are made beside the real file, relative to it" {
	mkdir -p out/lib
	link_demo 0 -o out/lib/libdemo.so --sov-version=2.1.0
	assert_library out/lib/libdemo.so.2.1.0 libdemo.so.2
	assert_link out/lib/libdemo.so.2 libdemo.so.2.1.0
	assert_link out/lib/libdemo.so libdemo.so.2
	assert_only out
}

@test "exactly the names are appended, and everything else stays as it came" {
	make_recorder fakecc
	SOV_CC=$PWD/fakecc link_demo 0 -o sub/libdemo.so --sov-version=2.1.0 -Wl,-z,now
	printf '%s\n' -shared demo.o -o sub/libdemo.so -Wl,-z,now -Xlinker -soname -Xlinker libdemo.so.2 \
		-Xlinker -o -Xlinker sub/libdemo.so.2.1.0 | diff - fakecc.argv
}

@test "the names are appended before a --" {
	make_recorder fakecc
	SOV_CC=$PWD/fakecc run_sovcc 0 -shared -o libdemo.so --sov-version=2.1.0 -- demo.o
	printf '%s\n' -shared -o libdemo.so -Xlinker -soname -Xlinker libdemo.so.2 \
		-Xlinker -o -Xlinker libdemo.so.2.1.0 -- demo.o | diff - fakecc.argv
}

@test "the names are appended before the @file that holds a --" {
	make_recorder fakecc
	echo '-- demo.o' >rest
	SOV_CC=$PWD/fakecc run_sovcc 0 -shared -o libdemo.so --sov-version=2.1.0 @rest
	printf '%s\n' -shared -o libdemo.so -Xlinker -soname -Xlinker libdemo.so.2 \
		-Xlinker -o -Xlinker libdemo.so.2.1.0 @rest | diff - fakecc.argv
}

@test "an @file is read, never expanded" {
	make_recorder fakecc
	echo '-shared demo.o' >inner
	echo '@inner -o libdemo.so' >outer
	SOV_CC=$PWD/fakecc run_sovcc 0 @outer --sov-version=2.1.0
	printf '%s\n' @outer -Xlinker -soname -Xlinker libdemo.so.2 -Xlinker -o -Xlinker libdemo.so.2.1.0 |
		diff - fakecc.argv
}

@test "-shared and -o inside nested @files are a declared link" {
	echo '-shared demo.o' >inner
	echo '@inner -o libdemo.so' >outer
	run_sovcc 0 @outer --sov-version=2.1.0
	assert_chain
}

@test "the linker's own -o names the output" {
	link_demo 0 -o other.so -Wl,-o,libdemo.so --sov-version=2.1.0
	assert_chain
	assert_absent other.so
}

@test "sov.conf in the current directory declares" {
	make_conf '[lib demo]\nversion = 2.1.0'
	link_demo 0 -o libdemo.so
	assert_chain
}

@test "sov.conf further up declares" {
	make_conf '[lib demo]\nversion = 2.1.0'
	mkdir -p src/lib
	mv demo.o src/lib
	cd src/lib
	link_demo 0 -o libdemo.so
	assert_chain
}

@test "the nearest sov.conf is the one" {
	make_conf '[lib demo]\nversion = 9.9.9'
	mkdir src
	mv demo.o src
	cd src
	make_conf '[lib demo]\nversion = 2.1.0'
	link_demo 0 -o libdemo.so
	assert_chain
}

@test "the search for sov.conf stops at the directory that holds .git" {
	make_conf '[lib demo]\nversion = 2.1.0'
	mkdir -p project/.git project/src
	mv demo.o project/src
	cd project/src
	link_demo 0 -o libdemo.so
	assert_only libdemo.so
	mv ../../sov.conf ..
	link_demo 0 -o libdemo.so
	assert_chain
}

@test "SOV_CONF names the file" {
	mkdir etc
	make_conf '[lib demo]\nversion = 9.9.9'
	printf '[lib demo]\nversion = 2.1.0\n' >etc/names
	SOV_CONF=etc/names link_demo 0 -o libdemo.so
	assert_chain
}

@test "a SOV_CONF that does not exist is an error" {
	SOV_CONF=missing.conf link_demo 1 -o libdemo.so
	assert_refused
	assert_only
}

@test "sov.conf of a stranger in a world-writable sticky directory is not taken, and that is said" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to give a file away"
	mkdir -m 1777 shared
	mv demo.o shared
	cd shared
	make_conf '[lib demo]\nversion = 2.1.0'
	chown 12345 sov.conf
	link_demo 0 -o libdemo.so
	assert_output --partial 'sov.conf'
	assert_library libdemo.so ''
	assert_only libdemo.so sov.conf
}

@test "one's own sov.conf in a world-writable sticky directory is taken" {
	mkdir -m 1777 shared
	mv demo.o shared
	cd shared
	make_conf '[lib demo]\nversion = 2.1.0'
	link_demo 0 -o libdemo.so
	assert_chain
}

@test "each section of sov.conf declares its own library" {
	make_conf '[lib demo]\nversion = 2.1.0\n[lint]\nignore = soname-missing\n[lib demo-gl]\nlibtool = 5:4:2'
	link_demo 0 -o libdemo.so
	link_demo 0 -o libdemo-gl.so
	assert_chain
	assert_library libdemo-gl.so.3.2.4 libdemo-gl.so.3
	assert_link libdemo-gl.so.3 libdemo-gl.so.3.2.4
	assert_link libdemo-gl.so libdemo-gl.so.3
}

@test "a section speaks for an output that differs only in the digits: another version is an error" {
	make_conf '[lib demo]\nversion = 2.1.0'
	link_demo 1 -o libdemo.so.3.0.0
	assert_refused
	assert_output --partial 'sov.conf:2'
	assert_only sov.conf
}

@test "SOV_VERSION declares every lib*.so*" {
	SOV_VERSION=2.1.0 link_demo 0 -o libdemo.so
	assert_chain
}

@test "SOV_LIBTOOL declares a libtool triple" {
	SOV_LIBTOOL=5:4:2 link_demo 0 -o libdemo.so
	assert_library libdemo.so.3.2.4 libdemo.so.3
}

@test "SOV_SOVERSION, SOV_RELEASE and SOV_LINKER_NAME complete SOV_VERSION" {
	SOV_VERSION=1.4.2 SOV_SOVERSION=7 SOV_RELEASE=9 SOV_LINKER_NAME=real link_demo 0 -o libdemo.so
	assert_library libdemo-9.so.1.4.2 libdemo-9.so.7
	assert_link libdemo-9.so.7 libdemo-9.so.1.4.2
	assert_link libdemo.so libdemo-9.so.1.4.2
}

@test "SOV_POLICY completes SOV_VERSION" {
	SOV_VERSION=1.4.2 SOV_POLICY=minor link_demo 0 -o libdemo.so
	assert_library libdemo.so.1.4.2 libdemo.so.1.4
}

@test "the environment says nothing about an output that is no lib*.so*" {
	SOV_VERSION=2.1.0 link_demo 0 -o plugin.so
	assert_only plugin.so
}

@test "an empty variable declares nothing" {
	SOV_VERSION='' SOV_REQUIRE='' SOV_FROM_NAME='' SOV_CONF='' link_demo 0 -o libdemo.so
	assert_only libdemo.so
}

@test "SOV_FROM_NAME=1 reads the version off a versioned output" {
	SOV_FROM_NAME=1 link_demo 0 -o libdemo.so.2.1.0
	assert_chain
}

@test "SOV_FROM_NAME=1 says nothing about an unversioned output" {
	SOV_FROM_NAME=1 link_demo 0 -o libdemo.so
	assert_only libdemo.so
	assert_library libdemo.so ''
}

@test "SOV_VERSION comes before SOV_FROM_NAME" {
	SOV_VERSION=2.1.0 SOV_FROM_NAME=1 link_demo 1 -o libdemo.so.3.0.0
	assert_refused
	assert_only
}

@test "sov.conf comes before the environment" {
	make_conf '[lib demo]\nversion = 2.1.0'
	SOV_VERSION=9.9.9 SOV_LINKER_NAME=real link_demo 0 -o libdemo.so
	assert_chain
}

@test "the command line comes before sov.conf" {
	make_conf '[lib demo]\nversion = 9.9.9\nlinker-name = real'
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "a lone key on the command line replaces that key of sov.conf" {
	make_conf '[lib demo]\nversion = 2.1.0\nsoversion = 5'
	link_demo 0 -o libdemo.so --sov-soversion=7 --sov-linker-name=real
	assert_library libdemo.so.2.1.0 libdemo.so.7
	assert_link libdemo.so.7 libdemo.so.2.1.0
	assert_link libdemo.so libdemo.so.2.1.0
}

@test "a soversion over sov.conf's libtool triple is an error that names both places" {
	make_conf '[lib demo]\nlibtool = 5:4:2'
	link_demo 1 -o libdemo.so --sov-soversion=7
	assert_refused
	assert_output --partial 'sov.conf:2'
	assert_output --partial -- '--sov-soversion'
	assert_only sov.conf
}

@test "--sov-version with --sov-libtool is an error" {
	link_demo 1 -o libdemo.so --sov-version=1.2.3 --sov-libtool=1:2:0
	assert_refused
	assert_output --partial -- '--sov-version'
	assert_output --partial -- '--sov-libtool'
	assert_only
}

@test "a lone --sov-soversion that completes nothing is an error" {
	link_demo 1 -o libdemo.so --sov-soversion=7
	assert_refused
	assert_only
}

@test "SOV_REQUIRE=1 refuses a lib*.so* that nothing declares" {
	SOV_REQUIRE=1 link_demo 1 -o libdemo.so
	assert_refused
	assert_output --partial libdemo.so
	assert_only
}

@test "--sov-require refuses a lib*.so* that nothing declares" {
	link_demo 1 -o libdemo.so --sov-require
	assert_refused
	assert_only
}

@test "SOV_REQUIRE=1 accepts what is declared, and what is no lib*.so*" {
	export SOV_REQUIRE=1
	link_demo 0 -o plugin.so
	SOV_VERSION=2.1.0 link_demo 0 -o libdemo.so
	assert_chain
}

@test "--sov-libtool gives the names of a triple" {
	link_demo 0 -o libdemo.so --sov-libtool=5:4:2
	assert_library libdemo.so.3.2.4 libdemo.so.3
	assert_only libdemo.so libdemo.so.3 libdemo.so.3.2.4
}

@test "--sov-soversion decides the soname" {
	link_demo 0 -o libdemo.so --sov-version=1.4.2 --sov-soversion=7
	assert_library libdemo.so.1.4.2 libdemo.so.7
	assert_only libdemo.so libdemo.so.1.4.2 libdemo.so.7
}

@test "--sov-policy says how much of the version is the soversion" {
	local case
	for case in major=1 minor=1.4 exact=1.4.2 semver=1; do
		link_demo 0 -o libdemo.so --sov-version=1.4.2 "--sov-policy=${case%=*}"
		assert_library libdemo.so.1.4.2 "libdemo.so.${case#*=}"
		rm libdemo.so*
	done
}

@test "with one number in the version the soname is the real name" {
	link_demo 0 -o libdemo.so --sov-version=2
	assert_library libdemo.so.2 libdemo.so.2
	assert_link libdemo.so libdemo.so.2
	assert_only libdemo.so libdemo.so.2
}

@test "--sov-release goes into stem, soname and real name, not into the linker name" {
	link_demo 0 -o libdemo.so --sov-version=1.4.2 --sov-release=9
	assert_library libdemo-9.so.1.4.2 libdemo-9.so.1
	assert_link libdemo-9.so.1 libdemo-9.so.1.4.2
	assert_link libdemo.so libdemo-9.so.1
	assert_only libdemo-9.so.1 libdemo-9.so.1.4.2 libdemo.so
}

@test "with a release the output may be spelt by its soname or real name" {
	local name
	for name in libdemo-9.so.1 libdemo-9.so.1.4.2; do
		link_demo 0 -o "$name" --sov-version=1.4.2 --sov-release=9
		assert_only libdemo-9.so.1 libdemo-9.so.1.4.2 libdemo.so
		rm libdemo*.so*
	done
}

@test "a release alone is one file and its linker name" {
	link_demo 0 -o libdemo.so --sov-release=1.2
	assert_library libdemo-1.2.so libdemo-1.2.so
	assert_link libdemo.so libdemo-1.2.so
	assert_only libdemo-1.2.so libdemo.so
}

@test "linker-name = real points at the real name" {
	link_demo 0 -o libdemo.so --sov-version=2.1.0 --sov-linker-name=real
	assert_link libdemo.so libdemo.so.2.1.0
	assert_link libdemo.so.2 libdemo.so.2.1.0
}

@test "linker-name = none makes no linker name" {
	link_demo 0 -o libdemo.so.2.1.0 --sov-version=2.1.0 --sov-linker-name=none
	assert_only libdemo.so.2 libdemo.so.2.1.0
}

@test "linker-name = none: an output spelt with the linker name is told the two names there are" {
	link_demo 1 -o libdemo.so --sov-version=2.1.0 --sov-linker-name=none
	assert_line "  expected: libdemo.so.2.1.0 or libdemo.so.2 (--sov-version)"
	assert_line "  fix:      write -o libdemo.so.2, or declare the version that is meant"
}

@test "--sov-version without = is an error with the right spelling" {
	link_demo 1 -o libdemo.so --sov-version 2.1.0
	assert_refused
	assert_line '  fix:      write --sov-version=V, in one word'
	assert_only
}

@test "an unknown --sov- argument is an error that names the nearest one" {
	link_demo 1 -o libdemo.so --sov-verison=2.1.0
	assert_refused
	assert_output --partial -- '--sov-version'
	assert_only
}

@test "a --sov- argument twice is an error" {
	link_demo 1 -o libdemo.so --sov-version=2.1.0 --sov-version=2.1.1
	assert_refused
	assert_only
}

@test "a --sov- argument inside an @file is an error" {
	echo '--sov-version=2.1.0' >flags
	link_demo 1 -o libdemo.so @flags
	assert_refused
	assert_output --partial -- '--sov-version=2.1.0'
	assert_only flags
}

@test "a --sov- argument without -o is an error" {
	link_demo 1 --sov-version=2.1.0
	assert_refused
	assert_output --partial -- '-o'
	assert_only
}

@test "what is no version is refused with what was found" {
	local version
	for version in '' v1 1.2-rc1 01.2 1..2 1.2. .1 1.2.3.4.5 -1 +1 '1 2' 1/2 1234567890 1.2.3+git; do
		link_demo 1 -o libdemo.so "--sov-version=$version"
		assert_refused
		assert_output --partial "$version"
	done
	assert_only
}

@test "--sov-dry-run prints the command and the links, and makes nothing" {
	make_recorder fakecc
	SOV_CC=$PWD/fakecc run_sovcc_split 0 -shared demo.o -o libdemo.so --sov-version=2.1.0 --sov-dry-run
	assert_line --partial "-shared demo.o -o libdemo.so -Xlinker -soname -Xlinker libdemo.so.2"
	assert_line --partial "libdemo.so.2 -> libdemo.so.2.1.0"
	assert_line --partial "libdemo.so -> libdemo.so.2"
	assert_only fakecc
}

@test "--sov-verbose says what was done" {
	link_demo 0 -o libdemo.so --sov-version=2.1.0 --sov-verbose
	assert_output --partial "libdemo.so.2.1.0"
	assert_output --partial "libdemo.so.2"
	assert_chain
}

@test "--sov-verbose says why a link was left untouched" {
	link_demo 0 -o libdemo.so --sov-verbose
	assert_output --partial 'untouched'
	assert_only libdemo.so
}

@test "--sov-help prints sovcc's own version and options to stdout" {
	run_sovcc_split 0 --sov-help
	assert_output --regexp 'sovcc [0-9]+\.[0-9]+\.[0-9]+'
	assert_output --partial -- '--sov-version='
	assert_equal "$stderr" ''
}

@test "linking again leaves the same three names" {
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "a link that is right already is not made again" {
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	local before
	before=$(stat -c '%i %Z' libdemo.so libdemo.so.2)
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_equal "$(stat -c '%i %Z' libdemo.so libdemo.so.2)" "$before"
}

@test "a new minor version moves the soname link and leaves the old file" {
	link_demo 0 -o libdemo.so --sov-version=2.0.9
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
	assert_library libdemo.so.2.0.9 libdemo.so.2
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.0.9 libdemo.so.2.1.0
}

@test "a new major version moves the linker name and leaves the old chain" {
	link_demo 0 -o libdemo.so --sov-version=1.9.0
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
	assert_link libdemo.so.1 libdemo.so.1.9.0
	assert_library libdemo.so.1.9.0 libdemo.so.1
}

@test "dangling links of a failed build are mended" {
	ln -s libdemo.so.2 libdemo.so
	ln -s libdemo.so.2.1.0 libdemo.so.2
	link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_chain
	assert_only libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "a section that gives a release alone is laid over the environment's version" {
	make_conf '[lib demo]\nrelease = 9'
	SOV_VERSION=1.4.2 link_demo 0 -o libdemo.so
	assert_library libdemo-9.so.1.4.2 libdemo-9.so.1
	assert_link libdemo.so libdemo-9.so.1
}

@test "an empty --sov-conf is refused, not taken for none" {
	make_conf '[lib demo]\nversion = 2.1.0'
	link_demo 1 -o libdemo.so --sov-conf=
	assert_line -n 0 "sovcc: error: --sov-conf: its value is empty"
}

@test "an output that makes the soname look like an option is refused" {
	link_demo 1 -o -demo.so --sov-version=2.1.0
	assert_line -n 0 "sovcc: error: -demo.so: the declared soname looks like an option"
	assert_equal "$(ls)" demo.o
}

@test "-shared that only the link editor sees is refused where the command line declares a version" {
	link_demo() { run_sovcc "$1" demo.o "${@:2}"; }
	link_demo 1 -nostdlib -Wl,-shared -o libdemo.so --sov-version=2.1.0
	assert_line "  fix:      write -shared in place of -Wl,-shared"
	assert_absent libdemo.so
}

@test "-shared in SOV_CC counts" {
	SOV_CC="gcc -shared" run_sovcc 0 demo.o -o libdemo.so --sov-version=2.1.0
	assert_library libdemo.so.2.1.0 libdemo.so.2
}
