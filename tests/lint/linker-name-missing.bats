# SPDX-License-Identifier: MIT
load ../helper/common
load lint

# make_runtime DIRECTORY [NAME] - a library without its linker name.
make_runtime() {
	make_chain "$@"
	rm "$1/lib${2:-demo}.so"
}

@test "linker-name-missing flags a library beside whose headers there is no linker name" {
	make_runtime usr/lib
	mkdir -p usr/include
	touch usr/include/demo.h
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.2.1.0: warning: no linker name, though files for building with it are there [linker-name-missing]"
	assert_line "  expected: libdemo.so -> libdemo.so.2"
	assert_line --partial "0 errors, 1 warning in 1 library"
}

@test "linker-name-missing takes a static library, a libtool library and a .pc file for development files" {
	make_runtime usr/lib
	run_sov 0 lint .
	touch usr/lib/libdemo.a
	run_sov 1 lint .
	rm usr/lib/libdemo.a
	touch usr/lib/libdemo.la
	run_sov 1 lint .
	rm usr/lib/libdemo.la
	mkdir usr/lib/pkgconfig
	printf 'Name: demo\nLibs.private: -ldemo\n' >usr/lib/pkgconfig/other.pc
	run_sov 0 lint .
	printf 'Name: demo\nLibs: -L${libdir} -ldemo\n' >usr/lib/pkgconfig/demo.pc
	run_sov 1 lint .
	assert_line --partial "[linker-name-missing]"
}

@test "linker-name-missing says what there is when the linker name leads to nothing, and its fix mends it" {
	make_runtime usr/lib
	ln -s libdemo.so.3 usr/lib/libdemo.so
	touch usr/lib/libdemo.a
	run_sov 1 lint .
	assert_line "./usr/lib/libdemo.so.2.1.0: warning: no linker name that leads to it, though files for building with it are there [linker-name-missing]"
	assert_line "  expected: libdemo.so -> libdemo.so.2"
	assert_line "  found:    libdemo.so, which leads nowhere: libdemo.so.3 is not there"
	eval "$(sed -n 's/^  fix:      //p' <<<"$output")"
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "linker-name-missing names what is not there by its path when it would lie elsewhere" {
	make_runtime usr/lib
	ln -s ../../opt/lib/libdemo.so.2 usr/lib/libdemo.so
	touch usr/lib/libdemo.a
	run_sov 1 lint .
	assert_line "  found:    libdemo.so, which leads nowhere: opt/lib/libdemo.so.2 is not there"
}

@test "linker-name-missing flags a linker name that leads in a circle, and its fix mends it" {
	make_runtime usr/lib
	ln -s libdemo.so usr/lib/libdemo.so
	mkdir -p usr/include
	touch usr/include/demo.h
	run_sov 1 lint .
	assert_line --partial "[linker-name-missing]"
	assert_line "  found:    libdemo.so, which leads in a circle"
	eval "$(sed -n 's/^  fix:      ln/ln/p' <<<"$output")"
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "linker-name-missing leaves a linker name to the soname link that is missing, dangles or leads in a circle" {
	local target
	make_chain usr/lib
	touch usr/lib/libdemo.a
	rm usr/lib/libdemo.so.2
	run_sov 1 lint .
	assert_line --partial "[soname-link-missing]"
	refute_rule linker-name-missing
	for target in libdemo.so.2.0.9 libdemo.so.2 libdemo.so; do
		ln -sfn "$target" usr/lib/libdemo.so.2
		run_sov 1 lint .
		assert_line --partial "[soname-link-dangling]"
		refute_rule linker-name-missing
	done
	rm usr/lib/libdemo.so.2
	ln -sfn /usr/lib/libdemo.so.2 usr/lib/libdemo.so
	run_sov 1 lint .
	refute_rule linker-name-missing
}

@test "linker-name-missing leaves an older major alone when the newer one's soname link is missing" {
	make_chain usr/lib demo 1.4.2
	make_chain usr/lib demo 2.1.0
	touch usr/lib/libdemo.a
	rm usr/lib/libdemo.so.2
	run_sov 1 lint .
	assert_line --partial "[soname-link-missing]"
	refute_rule linker-name-missing
}

@test "linker-name-missing accepts a tree without development files" {
	make_runtime usr/lib
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "linker-name-missing accepts any name *.so that leads to the library, in any directory" {
	mkdir -p usr/include
	touch usr/include/x.h
	make_runtime usr/lib png16
	ln -s libpng16.so.2 usr/lib/libpng.so
	make_runtime usr/lib gcc_s
	mkdir -p usr/lib/gcc/12
	ln -s ../../libgcc_s.so.2 usr/lib/gcc/12/libgcc_s.so
	make_lib usr/lib/libelf-0.188.so libelf.so.1
	ln -s libelf-0.188.so usr/lib/libelf.so.1
	make_chain usr/lib majors 1.4.2
	make_chain usr/lib majors 2.0.0
	make_lib usr/lib/libtcl8.6.so libtcl8.6.so
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "linker-name-missing accepts a linker script that names the library" {
	mkdir -p usr/include
	touch usr/include/x.h
	make_runtime usr/lib c
	echo 'GROUP ( /usr/lib/libc.so.2 AS_NEEDED ( ld.so.2 ) )' >usr/lib/libc.so
	make_runtime usr/lib tinfo
	echo 'INPUT(libtinfo.so.2 -lc)' >usr/lib/libcurses.so
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "linker-name-missing accepts what nobody links with: service modules, libc's old parts, dispatched libraries" {
	local name
	mkdir -p usr/include
	touch usr/include/x.h
	for name in libnss_files.so.2 libdl.so.2 libpthread.so.0 libGLX_mesa.so.0; do
		make_lib "usr/lib/$name" "$name"
	done
	run_sov 0 -v lint .
	refute_output --partial "["
}

@test "linker-name-missing accepts a whole system, whose headers are those of other libraries" {
	make_runtime usr/lib
	mkdir -p usr/include
	touch usr/include/other.h usr/lib/os-release
	run_sov 0 -v lint .
	refute_output --partial "["
	touch usr/lib/libdemo.a
	run_sov 1 lint .
}
