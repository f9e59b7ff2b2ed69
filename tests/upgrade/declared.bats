# SPDX-License-Identifier: MIT
# Which names a library is installed by: declared ones, or those of its SONAME.
load ../helper/common
load upgrade

setup_file() {
	prebuild
}

setup() {
	sov_setup
	mkdir .git
}

@test "declared names are found by the file's name, whatever link it is given by" {
	make_conf '[lib other]\nversion = 1\n[lib demo]\nversion = 2.1.0'
	make_lib build/libdemo.so libdemo.so.2
	run_sov 0 install build/libdemo.so lib
	assert_equal "$(names lib)" "libdemo.so -> libdemo.so.2
libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.1.0"
	ln -s libdemo.so build/any
	run_sov_split 0 install -v build/any lib
	assert_line -n 0 "keep lib/libdemo.so.2.1.0 (the same already)"
}

@test "a file of any name is declared by its SONAME" {
	make_conf '[lib demo]\nversion = 2.1.0'
	make_lib out.tmp libdemo.so.2
	run_sov 0 install out.tmp lib
	assert [ -f lib/libdemo.so.2.1.0 ]
	rm -r lib sov.conf
	run_sov 0 install out.tmp lib --version 2.1.0
	assert [ -f lib/libdemo.so.2.1.0 ]
}

@test "the command line and the environment declare as for sov check" {
	make_lib libdemo.so libdemo.so.3
	run_sov 0 install libdemo.so lib --libtool 5:4:2
	assert [ -f lib/libdemo.so.3.2.4 ]
	SOV_VERSION=3.3 run_sov 0 install libdemo.so lib
	assert [ -f lib/libdemo.so.3.3 ]
	run_sov 0 install libdemo.so other --version 4.0 --soversion 3
	assert_equal "$(names other)" "libdemo.so -> libdemo.so.3
libdemo.so.3 -> libdemo.so.4.0
libdemo.so.4.0"
}

@test "a soversion that the real name does not begin with is the linker name's all the same" {
	make_lib libdemo.so libdemo.so.3
	run_sov 0 install libdemo.so lib --version 4.0 --soversion 3 --linker-name=real
	run_sov 0 install libdemo.so lib --version 4.1 --soversion 3
	assert_equal "$(readlink lib/libdemo.so)" libdemo.so.4.1
}

@test "a release is in the names, not in the linker name" {
	make_conf '[lib demo]\nversion = 1.4.2\nrelease = 9'
	make_lib libdemo-9.so.1.4.2 libdemo-9.so.1
	run_sov 0 install libdemo-9.so.1.4.2 lib
	assert_equal "$(names lib)" "libdemo-9.so.1 -> libdemo-9.so.1.4.2
libdemo-9.so.1.4.2
libdemo.so -> libdemo-9.so.1"
}

@test "a release alone is one file, and a linker name" {
	make_conf '[lib demo]\nrelease = 1.2'
	make_lib libdemo-1.2.so libdemo-1.2.so
	run_sov 0 install libdemo-1.2.so lib
	assert_equal "$(names lib)" "libdemo-1.2.so
libdemo.so -> libdemo-1.2.so"
}

@test "undeclared, the real name is the file's own when it continues the SONAME" {
	make_lib a/libx.so.1.2.3 libx.so.1
	make_lib b/liby.so liby.so.4
	make_lib c/libz-2.0.so libz.so.6
	make_lib d/libw.so.10.1 libw.so.1
	make_lib e/libv.so.3.1 libv.so
	make_lib f/libu.so libu.so
	run_sov 0 install ?/* lib
	assert_equal "$(names lib)" "libu.so
libv.so -> libv.so.3.1
libv.so.3.1
libw.so -> libw.so.1
libw.so.1
libx.so -> libx.so.1
libx.so.1 -> libx.so.1.2.3
libx.so.1.2.3
liby.so -> liby.so.4
liby.so.4
libz.so -> libz.so.6
libz.so.6"
}

@test "a SONAME that disagrees with the declaration is refused" {
	make_conf '# demo\n[lib demo]\nversion = 2.1.0'
	make_lib libdemo.so.2.1.0 libdemo.so.1
	install_refused 1 libdemo.so.2.1.0 lib
	assert_equal "$stderr" "libdemo.so.2.1.0: error: SONAME does not match the declared version [declared-mismatch]
  expected: libdemo.so.2 (sov.conf:3)
  found:    libdemo.so.1
  fix:      relink with sovcc, or declare soversion = 1"
}

@test "a file of another version than the declared one is refused" {
	install_refused 1 "$BUILD/libdemo.so.2.0.0" lib --version 2.1.0
	assert_equal "$stderr" "$BUILD/libdemo.so.2.0.0: error: file name does not match the declared version [declared-mismatch]
  expected: libdemo.so.2.1.0 (--version)
  found:    libdemo.so.2.0.0
  fix:      install the file of that version, or declare this one's"
}

@test "a fault of sov.conf stops before anything is looked at" {
	make_conf '[lib demo]\nversio = 2'
	install_refused 2 "$BUILD/libdemo.so.2.0.0" lib
	assert_regex "$stderr" '^sov.conf:2: error: unknown key'
}

@test "a version for a library that no name can be declared for is an error" {
	long=lib$(printf 'x%.0s' {1..230}).so
	make_lib "$long.1" "$long.1"
	install_refused 2 --version=2.0 "$long.1" lib
	assert_equal "$stderr" "sov: error: $long.1: no name can be declared for it
  expected: a file name or SONAME libNAME.so, or with numbers behind it, NAME of at most 200 bytes
  fix:      rename it, or declare nothing: its SONAME names it then"
	SOV_VERSION=2.0 install_refused 2 "$long.1" lib
	run_sov 0 install "$long.1" lib
	make_lib plugin plugin
	install_refused 2 --version=2.0 plugin lib
	assert_regex "$stderr" "^sov: error: plugin: no name can be declared for it"
	echo text >readme
	install_refused 1 --version=2.0 readme lib
	assert_regex "$stderr" "^readme: error: not a shared library"
}

@test "a sov.conf that is named must name the library; one that is found need not" {
	make_conf '[lib dem]\nversion = 2.1.0'
	install_refused 2 --conf=sov.conf "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "$BUILD/libdemo.so.2.1.0: error: nothing declares this library
  found:    sov.conf has no section that names it
  fix:      did you mean dem?"
	install_refused 2 --uninstall --conf=sov.conf "$BUILD/libdemo.so.2.1.0" lib
	cp "$BUILD/libdemo.so.2.1.0" .
	run_sov 0 install libdemo.so.2.1.0 lib
	run_sov 0 install --conf=sov.conf --version=2.1.0 libdemo.so.2.1.0 lib
}

@test "--soversion and --policy declare nothing without a version, and that is said" {
	install_refused 2 --soversion=2 "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "sov: error: --soversion: declares nothing without a version
  fix:      give --version V as well"
	install_refused 2 --policy=minor "$BUILD/libdemo.so.2.1.0" lib
	assert_regex "$stderr" "^sov: error: --policy: declares nothing"
	SOV_VERSION=2.1.0 run_sov 0 install --soversion=2 "$BUILD/libdemo.so.2.1.0" lib
}
