# SPDX-License-Identifier: MIT
# What is no library, and what stands in the way: a message, the exit status, and nothing changed.
load ../helper/common
load upgrade

setup_file() {
	prebuild
}

setup() {
	sov_setup
	mkdir .git
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
}

# refused STATUS ARGS... - install_refused; the same with a good library before it: one act, and none is installed. $said has what was
# said.
refused() {
	install_refused "$@"
	said=$stderr
	install_refused "$1" "$BUILD/libother.so.1.0.0" "${@:2}"
	assert_equal "$stderr" "$said"
}

@test "a file that is not ELF" {
	echo text >libtext.so.1
	refused 1 libtext.so.1 lib
	assert_equal "$said" "libtext.so.1: error: not a shared library [declared-mismatch]
  found:    script, text
  fix:      give the library; install(1) puts other files"
	: >libempty.so.1
	install_refused 1 libempty.so.1 lib --version 1
	assert_equal "$stderr" "libempty.so.1: error: not a shared library [declared-mismatch]
  found:    not-elf, empty
  fix:      give the library; install(1) puts other files"
}

@test "a static library" {
	echo 'int x;' | gcc -c -o x.o -x c -
	ar rc libdemo.a x.o
	refused 1 libdemo.a lib
	assert_equal "$said" "libdemo.a: error: not a shared library [declared-mismatch]
  found:    archive
  fix:      give the library; install(1) puts other files"
	refused 1 x.o lib
	assert_regex "$said" "found:    object"
}

@test "a program" {
	echo 'int main(void) { return 0; }' | gcc -o program -x c -
	refused 1 program lib
	assert_equal "$said" "program: error: not a shared library [declared-mismatch]
  found:    program
  fix:      give the library; install(1) puts other files"
}

@test "a separate debug file, and a directory" {
	objcopy --only-keep-debug "$BUILD/libdemo.so.2.2.0" libdemo.so.2.2.0
	refused 1 libdemo.so.2.2.0 lib
	assert_regex "$said" "found:    debug"
	mkdir libdir.so.1
	install_refused 2 libdir.so.1 lib
	assert_equal "$stderr" "sov: error: libdir.so.1: is a directory, not a library
  expected: sov install LIB... DIR
  fix:      DIR comes last"
}

@test "a library with no SONAME that nothing declares" {
	make_lib libplain.so
	refused 2 libplain.so lib
	assert_equal "$said" "libplain.so: error: nothing names this library
  expected: a SONAME, or a declaration
  found:    no SONAME, and nothing declares it
  fix:      declare it, and relink with sovcc, or with -Wl,-soname,NAME"
}

@test "a library with no SONAME that is declared" {
	make_lib libplain.so
	make_conf '[lib plain]\nversion = 1.0'
	refused 1 libplain.so lib
	assert_equal "$said" "libplain.so: error: SONAME does not match the declared version [declared-mismatch]
  expected: libplain.so.1 (sov.conf:2)
  found:    no SONAME
  fix:      relink with sovcc"
}

@test "a SONAME that is no file name, or no library's" {
	make_lib libevil.so.1 ../libevil.so.1
	refused 1 libevil.so.1 lib
	assert_equal "$said" "libevil.so.1: error: its SONAME can't be a file name: it has a '/'
  found:    ../libevil.so.1"
	make_lib libodd.so.1 $'libo\ndd.so.1'
	refused 1 libodd.so.1 lib
	assert_regex "$said" "it has control bytes"
	make_lib libhidden.so.1 .libhidden.so.1
	refused 1 libhidden.so.1 lib
	assert_equal "$said" "libhidden.so.1: error: its SONAME can't be a file name: it is hidden
  found:    .libhidden.so.1"
	make_lib .hid.so .hid.so.1
	install_refused 1 .hid.so lib --version 1.0
	assert_equal "$stderr" ".hid.so: error: its declared name is hidden
  found:    .hid.so.1"
	make_lib libword.so.1 word
	refused 1 libword.so.1 lib
	assert_equal "$said" "libword.so.1: error: its SONAME is not the name of a library
  expected: NAME.so, or with numbers behind it
  found:    word"
}

@test "a broken library" {
	head -c 100 "$BUILD/libdemo.so.2.2.0" >libdemo.so.2.2.0
	refused 3 libdemo.so.2.2.0 lib
	assert_regex "$said" "^libdemo.so.2.2.0: error: "
	head -c 9000 "$BUILD/libdemo.so.2.2.0" >libdemo.so.2.2.0
	refused 3 libdemo.so.2.2.0 lib
}

@test "a library that is not there, and one at the end of a circle of links" {
	refused 3 libnosuch.so.1 lib
	assert_equal "$said" "libnosuch.so.1: error: cannot open: No such file or directory"
	ln -s libb.so liba.so
	ln -s liba.so libb.so
	refused 3 liba.so lib
	assert_equal "$said" "liba.so: error: cannot open: Too many levels of symbolic links"
}

@test "a destination that is a file" {
	refused 2 "$BUILD/libdemo.so.2.2.0" lib/libdemo.so.2.1.0
	assert_equal "$said" "sov: error: lib/libdemo.so.2.1.0: is a file, not a directory
  expected: sov install LIB... DIR
  fix:      DIR comes last"
	refused 1 "$BUILD/libdemo.so.2.2.0" lib/libdemo.so.2.1.0/lib
}

@test "a destination at the end of a circle of links" {
	ln -s b a
	ln -s a b
	refused 1 "$BUILD/libdemo.so.2.2.0" a
	assert_regex "$said" "^a: error: cannot open the directory"
}

@test "a soname that is a regular file" {
	cp --remove-destination "$BUILD/libdemo.so.2.1.0" lib/libdemo.so.2
	refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_equal "$said" "lib/libdemo.so.2: error: no link can be made here
  expected: a link to libdemo.so.2.2.0, or nothing
  found:    a regular file
  fix:      move it away, then try again"
}

@test "a soname that is a directory, a fifo" {
	rm lib/libdemo.so.2
	mkdir lib/libdemo.so.2
	refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_regex "$said" "found:    a directory"
	rmdir lib/libdemo.so.2
	mkfifo lib/libdemo.so.2
	refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_regex "$said" "found:    neither file, link nor directory"
}

@test "a soname or linker name that leads in a circle" {
	ln -sfn libdemo.so.2 lib/libdemo.so.2
	refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_equal "$said" "lib/libdemo.so.2: error: the link leads in a circle
  expected: a link to libdemo.so.2.2.0, or nothing
  found:    a link to libdemo.so.2
  fix:      move it away, then try again"
	ln -sfn libdemo.so.2.1.0 lib/libdemo.so.2
	ln -sfn libdemo.so lib/libdemo.so
	refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_regex "$said" "^lib/libdemo.so: error: the link leads in a circle"
	run_sov 0 install --linker-name=keep "$BUILD/libdemo.so.2.2.0" lib
}

@test "a real name that is a link, a directory" {
	ln -s libdemo.so.2.1.0 lib/libdemo.so.2.2.0
	refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_equal "$said" "lib/libdemo.so.2.2.0: error: no file can be put here
  expected: a regular file, or nothing
  found:    a link to libdemo.so.2.1.0
  fix:      move it away, then try again"
	rm lib/libdemo.so.2.2.0
	mkdir lib/libdemo.so.2.2.0
	refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_regex "$said" "found:    a directory"
}

@test "a linker name that is a directory" {
	rm lib/libdemo.so
	mkdir lib/libdemo.so
	refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_regex "$said" "^lib/libdemo.so: error: no link can be made here"
}

@test "a newer version already there" {
	refused 1 "$BUILD/libdemo.so.2.0.0" lib
	assert_regex "$said" "^lib/libdemo.so.2.1.0: error: a newer version is installed"
}

@test "a bad one behind a good one leaves the good one out" {
	echo text >libtext.so.1
	install_refused 1 "$BUILD/libdemo.so.2.2.0" "$BUILD/libother.so.1.0.0" libtext.so.1 lib
}

@test "a directory is not made for what is refused" {
	echo text >libtext.so.1
	install_refused 1 libtext.so.1 new/lib
	refute [ -e new ]
}

@test "a library of another machine under the same name" {
	mkdir cross
	s390x-linux-gnu-gcc -shared -fPIC -nostdlib -Wl,-soname,libdemo.so.2 -o cross/libdemo.so.2.1.0 -x c - \
		<<<'int f(void) { return 1; }'
	ours=$(uname -m | tr _ -)
	refused 1 cross/libdemo.so.2.1.0 lib
	assert_equal "$said" "lib/libdemo.so.2.1.0: error: a library of another machine has this name
  expected: s390, 64 bits, big-endian, or nothing
  found:    $ours, 64 bits, little-endian
  fix:      move it away, or install into another directory"
	refused 1 --allow-downgrade cross/libdemo.so.2.1.0 lib
	run_sov 0 install cross/libdemo.so.2.1.0 foreign
	install_refused 1 "$BUILD/libdemo.so.2.1.0" foreign
	assert_regex "$stderr" "found:    s390, 64 bits, big-endian"
	# nor is its soname taken by another version
	install_refused 1 "$BUILD/libdemo.so.2.2.0" foreign
	assert_equal "$stderr" "foreign/libdemo.so.2.1.0: error: a library of another machine bears the SONAME here
  expected: $ours, 64 bits, little-endian, or nothing
  found:    s390, 64 bits, big-endian
  fix:      move it away, or install into another directory"
}
