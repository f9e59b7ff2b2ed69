#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Real libraries put over each other by sov install below a running program: two versions of zlib with one soname, two
# majors of libffi. Each is built by its own build system; the second of each differs from the first in its version.

load ../helper/common
SOV_PACKAGE=zlib
load rebuild

# build PACKAGE LABEL [FILE SED-SCRIPT] - by its recipe, with the change; LABEL.stage is what it installs.
build() {
	SOV_PACKAGE=$1 recipe=$SOV_SRCDIR/tests/real/recipes/$1.sh
	rm -rf pristine
	unpack
	[ $# -lt 4 ] || sed -i -E "$4" "pristine/$3"
	with_gcc
	rebuild "$2"
	assert_built "$2"
	rm -rf "$2.src"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	build zlib zlib-13
	build zlib zlib-14 zlib.h 's/1\.2\.13/1.2.14/; s/0x12d0/0x12e0/'
	# Says that it is another one, and then is given the same real name.
	build zlib zlib-anew zlib.h 's/(ZLIB_VERSION ".*)"/\1-anew"/'
	(cd zlib-anew.stage/usr/lib && mv libz.so.1.2.13-anew libz.so.1.2.13)
	build libffi ffi-8
	build libffi ffi-9 libtool-version 's/^[0-9]+:[0-9]+:[0-9]+$/9:0:0/'
}

setup() {
	sov_setup
	mkdir run
}

teardown() {
	local file
	for file in run/*.pid; do
		[ ! -f "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
	done
}

# built LABEL - the file with the code of that build.
built() {
	find "$BATS_FILE_TMPDIR/$1.stage/usr/lib" -maxdepth 1 -type f -name 'lib*.so.*'
}

# install_real STATUS LABEL [ARGS...] - to root/usr/lib, which is clean afterwards however it went.
install_real() {
	local status=$1 label=$2
	shift 2
	run_sov 0 -q lint root
	run_sov "$status" install --root=root "$@" "$(built "$label")" /usr/lib
	local said=$output
	run_sov 0 -q lint root
	output=$said
}

# compile PROGRAM LABEL LIBRARY AS - with the headers of that build, and what -l finds in the tree.
compile() {
	gcc -O2 -I"$BATS_FILE_TMPDIR/$2.stage/usr/include" -o "$4" "$SOV_SRCDIR/tests/real/$1.c" \
		-Lroot/usr/lib "-l$3" -Wl,-rpath,"$PWD/root/usr/lib"
}

# start NAME PROGRAM - in the background; its input ends when this test does.
declare -gA to from
start() {
	local in out
	mkfifo "run/$1.in" "run/$1.out"
	"./$2" <"run/$1.in" >"run/$1.out" 3>&- &
	echo $! >"run/$1.pid"
	exec {in}>"run/$1.in" {out}<"run/$1.out"
	to[$1]=$in from[$1]=$out
}

# assert_works NAME ANSWER FILE - it has gone on since it was last asked, with the code of that file.
assert_works() {
	local reply=""
	echo >&"${to[$1]}"
	IFS= read -r -t 60 reply <&"${from[$1]}" || fail "$1 does not answer"
	assert_regex "$reply" "^ok $2\$"
	assert_equal "$(sed -n 's,.*/\(lib\(z\|ffi\)\.so.*\),\1,p' "/proc/$(cat "run/$1.pid")/maps" | sort -u)" "$3"
}

# links - what the names of the tree lead to.
links() {
	(cd root/usr/lib && find . -type l -printf '%P -> %l\n' | sort)
}

# stale_users STATUS ARG... - who sov users says has to be restarted.
stale_users() {
	local status=$1
	shift
	run_sov_split "$status" users --format=json "$@"
	jq -r '.users[] | select(.needs_restart) | .pid' <<<"$output" | sort -un
}

@test "zlib 1.2.13 to 1.2.14: what runs keeps the old, what starts has the new, sov users and prune agree" {
	mkdir root
	install_real 0 zlib-13
	compile packer zlib-13 z packer
	start old packer
	assert_works old "1\.2\.13 [0-9]+" libz.so.1.2.13
	install_real 0 zlib-14
	assert_equal "$(links)" "libz.so -> libz.so.1
libz.so.1 -> libz.so.1.2.14"
	start new packer
	assert_works old "1\.2\.13 [0-9]+" libz.so.1.2.13
	assert_works new "1\.2\.14 [0-9]+" libz.so.1.2.14
	assert_equal "$(stale_users 1 root/usr/lib/libz.so.1)" "$(cat run/old.pid)"
}

@test "zlib 1.2.13 again: the same bytes change nothing, other bytes leave the running program its own" {
	mkdir root
	install_real 0 zlib-13
	compile packer zlib-13 z packer
	start old packer
	install_real 0 zlib-13
	assert_works old "1\.2\.13 [0-9]+" libz.so.1.2.13
	install_real 0 zlib-anew
	start new packer
	assert_works old "1\.2\.13 [0-9]+" "libz.so.1.2.13 (deleted)"
	assert_works new "1\.2\.13-anew [0-9]+" libz.so.1.2.13
	assert_works old "1\.2\.13 [0-9]+" "libz.so.1.2.13 (deleted)"
}

@test "zlib 1.2.14 to 1.2.13: refused, then allowed; what runs keeps the newer" {
	mkdir root
	install_real 0 zlib-14
	compile packer zlib-14 z packer
	start old packer
	install_real 1 zlib-13
	assert_equal "$(links)" "libz.so -> libz.so.1
libz.so.1 -> libz.so.1.2.14"
	install_real 0 zlib-13 --allow-downgrade
	start new packer
	assert_works old "1\.2\.14 [0-9]+" libz.so.1.2.14
	assert_works new "1\.2\.13 [0-9]+" libz.so.1.2.13
}

@test "libffi 8 and 9: both majors at once, the linker name moves when asked" {
	mkdir root
	install_real 0 ffi-8
	compile caller ffi-8 ffi caller-8
	start old caller-8
	install_real 0 ffi-9
	assert_equal "$(links)" "libffi.so -> libffi.so.8
libffi.so.8 -> libffi.so.8.1.2
libffi.so.9 -> libffi.so.9.0.0"
	install_real 0 ffi-9 --linker-name=soname
	compile caller ffi-9 ffi caller-9
	start new caller-9
	start again caller-8
	assert_works old "[0-9]+" libffi.so.8.1.2
	assert_works new "[0-9]+" libffi.so.9.0.0
	assert_works again "[0-9]+" libffi.so.8.1.2
	assert_equal "$(stale_users 0 root/usr/lib/libffi.so.8)" ""
}

@test "sov prune takes zlib 1.2.13 when nobody runs it any more" {
	mkdir root
	install_real 0 zlib-13
	compile packer zlib-13 z packer
	start old packer
	install_real 0 zlib-14
	assert_works old "1\.2\.13 [0-9]+" libz.so.1.2.13
	run_sov 0 prune --yes --ignore-unreadable root/usr/lib
	[ -e root/usr/lib/libz.so.1.2.13 ]
	assert_works old "1\.2\.13 [0-9]+" libz.so.1.2.13
	local in=${to[old]}
	exec {in}>&-
	wait "$(cat run/old.pid)"
	rm run/old.pid
	run_sov 0 prune --yes --ignore-unreadable root/usr/lib
	[ ! -e root/usr/lib/libz.so.1.2.13 ]
	run_sov 0 -q lint root
	start new packer
	assert_works new "1\.2\.14 [0-9]+" libz.so.1.2.14
}
