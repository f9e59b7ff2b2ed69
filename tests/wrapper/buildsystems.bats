#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# CMake, Meson, libtool and configure drive sovcc as they drive cc.
load ../helper/common
load wrapper

setup() {
	sov_setup
	unset CFLAGS LDFLAGS
	echo 'int demo(void); int demo(void) { return 1; }' >demo.c
}

# cmake_project [PROPERTIES...] - libdemo with these target properties.
cmake_project() {
	cat >CMakeLists.txt <<-END
		cmake_minimum_required(VERSION 3.16)
		project(demo C)
		add_library(demo SHARED demo.c)
		$([ $# -eq 0 ] || echo "set_target_properties(demo PROPERTIES $*)")
	END
}

# cmake_build STATUS ARGS... - configure with ARGS, build.
cmake_build() {
	local wanted=$1
	shift
	run -0 cmake -S . -B build -G Ninja "$@"
	run "-$wanted" cmake --build build
}

meson_project() {
	cat >meson.build <<-END
		project('demo', 'c')
		shared_library('demo', 'demo.c'$1)
	END
}

@test "CMake with CC=sovcc configures as with cc and builds the same bytes" {
	cmake_project VERSION 2.1.0 SOVERSION 2
	cmake_build 0
	mv build plain
	CC=$SOV_BINDIR/sovcc cmake_build 0
	cmp plain/libdemo.so.2.1.0 build/libdemo.so.2.1.0
	(cd build && assert_chain)
}

@test "CMake with CC=sovcc and sov.conf: the names that CMake gives are verified" {
	cmake_project VERSION 2.1.0 SOVERSION 2
	make_conf '[lib demo]\nversion = 2.1.0'
	CC=$SOV_BINDIR/sovcc cmake_build 0
	(cd build && assert_chain)
}

@test "CMake with CC=sovcc and a sov.conf that says otherwise: the build fails and leaves no library" {
	cmake_project VERSION 2.1.0 SOVERSION 2
	make_conf '[lib demo]\nversion = 3.0.0'
	CC=$SOV_BINDIR/sovcc cmake_build 1
	assert_output --partial 'sovcc: error: '
	assert_output --partial 'expected: libdemo.so.3 ('
	(cd build && assert_absent libdemo.so libdemo.so.2 libdemo.so.2.1.0 libdemo.so.3 libdemo.so.3.0.0)
}

@test "CMAKE_C_LINKER_LAUNCHER=sovcc: right names are verified, wrong ones stop the build" {
	cmake_project VERSION 2.1.0 SOVERSION 2
	make_conf '[lib demo]\nversion = 2.1.0'
	cmake_build 0 -DCMAKE_C_LINKER_LAUNCHER="$SOV_BINDIR/sovcc"
	(cd build && assert_chain)
	make_conf '[lib demo]\nversion = 3.0.0'
	rm -r build
	cmake_build 1 -DCMAKE_C_LINKER_LAUNCHER="$SOV_BINDIR/sovcc"
	assert_line --partial 'sovcc: error: '
	assert_absent build/libdemo.so.2.1.0
}

@test "CMake's feature probes are not declared by a variable that declares every library" {
	cmake_project VERSION 2.1.0 SOVERSION 2
	SOV_VERSION=2.1.0 SOV_REQUIRE=1 CC=$SOV_BINDIR/sovcc cmake_build 0
	(cd build && assert_chain)
}

@test "Meson with CC=sovcc configures as with cc and builds the same bytes" {
	meson_project ", version: '2.1.0'"
	run -0 meson setup build
	run -0 ninja -C build
	mv build plain
	CC=$SOV_BINDIR/sovcc run -0 meson setup build
	assert_output --partial "C compiler for the host machine: $SOV_BINDIR/sovcc (gcc "
	run -0 ninja -C build
	cmp plain/libdemo.so.2.1.0 build/libdemo.so.2.1.0
}

@test "Meson with CC=sovcc and sov.conf: right names are verified, wrong ones stop the build" {
	meson_project ", version: '2.1.0'"
	make_conf '[lib demo]\nversion = 2.1.0'
	CC=$SOV_BINDIR/sovcc run -0 meson setup build
	run -0 ninja -C build
	(cd build && assert_library libdemo.so.2.1.0 libdemo.so.2)
	make_conf '[lib demo]\nversion = 3.0.0'
	run -0 ninja -C build -t clean
	run -1 ninja -C build
	assert_line --partial 'sovcc: error: '
	assert_absent build/libdemo.so.2.1.0
}

# configured - a package of autoconf and libtool, configured here with CC=sovcc; its ./libtool drives sovcc.
configured() {
	cat >configure.ac <<-'END'
		AC_INIT([demo], [2.1.0])
		AC_CONFIG_AUX_DIR([aux])
		AC_PROG_CC
		LT_INIT([disable-static])
		AC_OUTPUT
	END
	mkdir aux
	run -0 autoreconf -i
	run -0 ./configure CC="$SOV_BINDIR/sovcc"
}

# libtool_link STATUS ARGS... - compile and link libdemo.la with ./libtool.
libtool_link() {
	local wanted=$1
	shift
	rm -rf libdemo.la .libs
	run -0 ./libtool --tag=CC --mode=compile "$SOV_BINDIR/sovcc" -c demo.c -o demo.lo
	run "-$wanted" ./libtool --tag=CC --mode=link "$SOV_BINDIR/sovcc" -o libdemo.la demo.lo \
		-rpath /usr/local/lib "$@"
}

@test "libtool with CC=sovcc: undeclared as with cc, right triple verified, wrong triple refused" {
	configured
	libtool_link 0 -version-info 3:0:1
	assert_line --partial "$SOV_BINDIR/sovcc -shared"
	(cd .libs && assert_library libdemo.so.2.1.0 libdemo.so.2)
	make_conf '[lib demo]\nlibtool = 3:0:1'
	libtool_link 0 -version-info 3:0:1
	(cd .libs && assert_library libdemo.so.2.1.0 libdemo.so.2)
	assert_link .libs/libdemo.so libdemo.so.2.1.0
	make_conf '[lib demo]\nlibtool = 5:0:0'
	libtool_link 1 -version-info 3:0:1
	assert_line --partial 'sovcc: error: '
	assert_line --partial 'expected: libdemo.so.5 ('
	assert_absent .libs/libdemo.so.2.1.0 libdemo.la
}

@test "configure finds the same through sovcc as through cc" {
	configured
	mv config.log ours.log
	run -0 ./configure CC=cc
	# what configure found out: its cache variables, but for the compiler's own name
	found() {
		sed -n '/^## Cache variables/,/^## Output variables/p' "$1" |
			grep '^[a-z]*_cv_' | grep -v -e '_env_CC_' -e '_prog_ac_ct_CC='
	}
	run diff <(found ours.log) <(found config.log)
	assert_output ''
}

@test "the probes that build systems make see through sovcc" {
	run -0 "$SOV_BINDIR/sovcc" -print-prog-name=ld
	assert_output "$(cc -print-prog-name=ld)"
	run_sovcc_split 0 -Wl,--version
	assert_output "$(cc -Wl,--version 2>/dev/null)"
}
