#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Names and sizes that a build may really have.
load ../helper/common
load wrapper

# link_in DIRECTORY - a declared link with a sov.conf inside it, and into it from outside.
link_in() {
	mkdir -- "$1"
	printf '[lib demo]\nversion = 2.1.0\n' >"$1/sov.conf"
	(cd -- "$1" && run_sovcc 0 -shared ../demo.o -o libdemo.so && assert_output '' && assert_chain)
	rm -- "$1"/libdemo.so*
	link_demo 0 -o "$1/libdemo.so" --sov-version=2.1.0
	(cd -- "$1" && assert_chain)
}

@test "a directory with a blank" {
	link_in 'my project'
}

@test "a directory with quotes, a dollar and a backslash" {
	link_in "it's \"my\" \$HOME \\dir"
}

@test "a directory with a newline" {
	link_in $'two\nlines'
}

@test "a directory with a comma" {
	link_in 'a,b,-soname,c'
}

@test "a directory whose name is no UTF-8" {
	link_in $'caf\xe9'
}

@test "a directory that begins with a dash, as a relative output" {
	mkdir -- -out
	link_demo 0 -o ./-out/libdemo.so --sov-version=2.1.0
	(cd -- ./-out && assert_chain)
}

@test "an output that begins with a dash, which the driver takes and the linker must not misread" {
	mkdir -- -out
	link_demo 0 -o -out/libdemo.so --sov-version=2.1.0
	(cd ./-out && assert_chain)
}

@test "a base name with a blank, a plus and a dot" {
	link_demo 0 -o 'lib my c++1.1.so' --sov-version=2.1.0
	assert_library 'lib my c++1.1.so.2.1.0' 'lib my c++1.1.so.2'
	assert_link 'lib my c++1.1.so.2' 'lib my c++1.1.so.2.1.0'
}

@test "a base name that is no UTF-8" {
	local name=$'lib\xe9t\xe9.so'
	link_demo 0 -o "$name" --sov-version=2.1.0
	assert_link "$name" "$name.2"
	assert_link "$name.2" "$name.2.1.0"
}

@test "a name with control bytes is shown escaped in an error" {
	local name=$'evil\nsovcc: error: forged\e[31m/libdemo.so.3'
	mkdir -p "$(dirname "$name")"
	link_demo 1 -o "$name" --sov-version=2.1.0
	assert_refused
	refute_line --regexp '^sovcc: error: forged'
	assert_output --partial 'evil\n'
	refute_output --partial $'\e'
}

@test "an absolute output" {
	mkdir out
	link_demo 0 -o "$PWD/out/libdemo.so" --sov-version=2.1.0
	cd out
	assert_chain
}

@test "an output with .., . and doubled slashes" {
	mkdir out
	link_demo 0 -o out/..//out/./libdemo.so --sov-version=2.1.0
	cd out
	assert_chain
}

@test "an output below a symbolic link to a directory" {
	mkdir real
	ln -s real out
	link_demo 0 -o out/libdemo.so --sov-version=2.1.0
	cd real
	assert_chain
}

@test "an output in a directory that does not exist is the compiler's error" {
	link_demo 1 -o nodir/libdemo.so --sov-version=2.1.0
	refute_output --partial sovcc
	assert_output --partial nodir
	assert_only
}

@test "the longest name that fits is linked, one byte more is an error before the compiler runs" {
	local base
	base=$(printf 'x%.0s' {1..200})
	link_demo 0 -o "lib$base.so" --sov-version=2.1.0
	assert_library "lib$base.so.2.1.0" "lib$base.so.2"
	rm "lib$base.so"*
	make_recorder fakecc
	SOV_CC=$PWD/fakecc link_demo 1 -o "lib${base}x.so" --sov-version=2.1.0
	assert_refused
	assert_only fakecc
}

@test "100 KiB of options in one command" {
	local defines=() i
	for ((i = 0; i < 2500; i++)); do
		defines+=("-DNAME_$((100000 + i))=a_value_of_some_length")
	done
	link_demo 0 "${defines[@]}" -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "one argument of nearly 128 KiB reaches the compiler whole" {
	make_recorder fakecc
	local long
	long=-D$(head -c 131000 /dev/zero | tr '\0' x)
	SOV_CC=$PWD/fakecc link_demo 0 "$long" -o libdemo.so --sov-version=2.1.0
	run -0 sed -n 3p fakecc.argv
	assert_equal "${#output}" 131002
}

# many_objects BYTES - paths of one empty object, 4,000 bytes each, in the array objects.
many_objects() {
	gcc -c -x c /dev/null -o empty.o
	local path i
	path=$(printf './%.0s' {1..2000})empty.o
	objects=()
	for ((i = 0; i < $1 / 4000; i++)); do
		objects+=("$path")
	done
}

@test "1.8 MB of object names in one command" {
	many_objects 1800000
	link_demo 0 "${objects[@]}" -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "an @file of 1 MB is read to its end" {
	many_objects 1000000
	printf '%s\n' "${objects[@]}" >objects
	echo '-Wl,-soname,libdemo.so.9' >>objects
	link_demo 1 @objects -o libdemo.so --sov-version=2.1.0
	assert_refused
	sed -i '$s/9/2/' objects
	link_demo 0 @objects -o libdemo.so --sov-version=2.1.0
	assert_library libdemo.so libdemo.so.2
}

@test "an @file of 4 MB, more than argv may hold, is not made into arguments" {
	many_objects 4000000
	printf '%s\n' "${objects[@]}" >objects
	link_demo 0 @objects -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "an @file that names itself is an error of the compiler's, not a hang" {
	echo '@self' >self
	run -1 timeout 20 "$SOV_BINDIR/sovcc" -shared demo.o @self -o libdemo.so --sov-version=2.1.0
	assert_absent libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "an @file that is a fifo is left for the compiler to read" {
	mkfifo pipe
	(echo '-DFROM_FIFO=5' >pipe) &
	local writer=$!
	echo 'int one = FROM_FIFO;' >one.c
	SOV_CC=clang run -0 timeout 5 "$SOV_BINDIR/sovcc" -c one.c @pipe -o one.o
	kill "$writer" 2>/dev/null || true
}

@test "the tools of a directory that is gone: the error is sovcc's or the compiler's, never a crash" {
	mkdir gone
	cd gone
	rmdir ../gone
	run -1 "$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_output --partial 'error'
	cd ..
}

@test "a real name that the driver would take for an @file is passed as a path" {
	mkdir @d d
	echo elsewhere.so >d/libdemo.so.2.1.0 # what @d/libdemo.so.2.1.0 would be read from
	make_conf '[lib demo]\nversion = 2.1.0'
	link_demo 0 -o @d/libdemo.so
	assert_library ./@d/libdemo.so.2.1.0 libdemo.so.2
	assert_absent elsewhere.so
}
