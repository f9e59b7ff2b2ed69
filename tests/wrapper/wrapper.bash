# SPDX-License-Identifier: MIT
# What the files of this room share: `load wrapper` after `load ../helper/common`.
# shellcheck shell=bash disable=SC2154

# setup_file, setup - every test finds demo.o, a PIC object of one function, and nothing declared.
setup_file() {
	echo 'int demo(void); int demo(void) { return 1; }' |
		gcc -c -fPIC -x c - -o "$BATS_FILE_TMPDIR/demo.o"
}

setup() {
	sov_setup
	cp "$BATS_FILE_TMPDIR/demo.o" .
}

# link_demo STATUS ARGS... - sovcc -shared demo.o ARGS.
link_demo() {
	local status=$1
	shift
	run_sovcc "$status" -shared demo.o "$@"
}

# make_recorder FILE [LINE...] - a compiler that writes its arguments, one a line, to FILE.argv and
# then runs the given lines of shell; with none it succeeds and makes nothing.
make_recorder() {
	local file=$1
	shift
	{
		echo '#!/bin/sh'
		# shellcheck disable=SC2016
		echo 'for argument; do printf "%s\n" "$argument"; done >"$0.argv"'
		printf '%s\n' "$@"
	} >"$file"
	chmod +x "$file"
}

# make_linker LINE... - linker/ld, which runs the given lines of shell; "$@" are ld's arguments.
make_linker() {
	mkdir -p linker
	printf '%s\n' '#!/bin/sh' "$@" >linker/ld
	chmod +x linker/ld
}

# ended COMMAND... - run it and print how it ended, "exit N" or "signal N", which $? cannot tell apart.
ended() {
	python3 -c 'import subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print("exit %d" % code if code >= 0 else "signal %d" % -code)' "$@"
}

# assert_link NAME TARGET - NAME is a symbolic link that says exactly TARGET.
assert_link() {
	[ -L "$1" ] || fail "$1 is no symbolic link" || return
	assert_equal "$(readlink -- "$1")" "$2"
}

# assert_absent NAME... - nothing of that name, not even a dangling link.
assert_absent() {
	local name
	for name; do
		if [ -e "$name" ] || [ -L "$name" ]; then
			fail "$name exists" || return
		fi
	done
}

# assert_only NAME... - this directory holds exactly these (in the order of ls) besides demo.o and what
# bats keeps here.
assert_only() {
	assert_equal "$(ls -A --ignore=demo.o --ignore='separate-stderr-*')" "$(printf '%s\n' "$@")"
}

# assert_library FILE SONAME - FILE is a regular file and a shared object of that SONAME.
assert_library() {
	if [ ! -f "$1" ] || [ -L "$1" ]; then
		fail "$1 is no regular file" || return
	fi
	assert_equal "$(soname_of "$1")" "$2"
}

# assert_chain - libdemo of 2.1.0 as the default layout has it, and nothing else.
assert_chain() {
	assert_library libdemo.so.2.1.0 libdemo.so.2 &&
		assert_link libdemo.so.2 libdemo.so.2.1.0 &&
		assert_link libdemo.so libdemo.so.2
}

# assert_refused - the error of sovcc's own came first.
assert_refused() {
	assert_regex "${lines[0]}" '^sovcc: error: '
}
