#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Bad input and a bad machine: a clear error, nothing made, nothing lost.
load ../helper/common
load wrapper

# on_small_disk OPTIONS COMMAND - run shell COMMAND in ./disk, a tmpfs of its own with these options.
on_small_disk() {
	local propagation=private
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a small file system"
	# where / is no mount point, as in a chroot, its propagation cannot be changed
	unshare --mount true 2>/dev/null || propagation=unchanged
	mkdir -p disk
	unshare --mount --propagation "$propagation" sh -c '
		mount -t tmpfs -o "$1" tmpfs disk && cp demo.o disk && (cd disk && eval "$2")
		status=$?
		umount disk && exit "$status"' - "$1" "$2"
}

# without_override COMMAND... - run as a user whom file modes stop, root or not.
without_override() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --inh-caps=-all --bounding-set=-dac_override,-dac_read_search "$@"
	else
		"$@"
	fi
}

@test "a failing compile: its status and message, no link made or moved" {
	link_demo 0 -o libdemo.so --sov-version=2.0.0
	link_demo 1 missing.o -o libdemo.so --sov-version=2.1.0
	refute_output --partial sovcc
	assert_output --partial missing.o
	assert_link libdemo.so.2 libdemo.so.2.0.0
	assert_absent libdemo.so.2.1.0
}

@test "clang's own exit status of a failing linker is passed on" {
	make_linker 'exit 7'
	SOV_CC=clang link_demo 7 -B linker -o libdemo.so --sov-version=2.1.0
	assert_absent libdemo.so.2
}

@test "a linker that writes the library and then fails gets no link" {
	make_linker "$(command -v ld.bfd) \"\$@\"; exit 7"
	SOV_CC=clang link_demo 7 -B linker -o libdemo.so --sov-version=2.1.0
	assert_output --partial 'exit code 7'
	assert_absent libdemo.so libdemo.so.2
}

@test "a disk that is full while linking: the compiler's error, and no link" {
	run -1 on_small_disk size=12k \
		'"$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0; status=$?; ls -A >&3; exit $status' \
		3>names
	assert_output --partial 'No space left on device'
	run -0 cat names
	refute_line libdemo.so
	refute_line libdemo.so.2
}

@test "a disk with no room for a link: an error of sovcc's, and no half a chain" {
	# one inode for the directory, demo.o and the library each
	run -1 on_small_disk nr_inodes=3 \
		'"$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0; status=$?; ls -A >&3; exit $status' \
		3>names
	assert_line --partial 'sovcc: error: '
	assert_output --partial 'No space left on device'
	run -0 cat names
	refute_line libdemo.so
	refute_line --partial .sov-
}

@test "a directory that may not be written: the compiler's error" {
	mkdir -m 555 out
	run -1 without_override "$SOV_BINDIR/sovcc" -shared demo.o -o out/libdemo.so --sov-version=2.1.0
	refute_output --partial sovcc:
	assert_output --partial out/libdemo.so
}

@test "sov.conf that is a directory is an error" {
	mkdir sov.conf
	link_demo 1 -o libdemo.so
	assert_refused
	assert_output --partial sov.conf
	assert_only sov.conf
}

@test "sov.conf that is a fifo is an error, not a hang" {
	mkfifo sov.conf
	run -1 timeout 20 "$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so
	assert_refused
	assert_only sov.conf
}

@test "sov.conf with a NUL byte is an error that names the line" {
	printf '[lib demo]\nversion = 2.1\0.0\n' >sov.conf
	link_demo 1 -o libdemo.so
	assert_refused
	assert_output --partial 'sov.conf:2'
	assert_only sov.conf
}

@test "sov.conf that cannot be read is an error" {
	make_conf '[lib demo]\nversion = 2.1.0'
	chmod 000 sov.conf
	run -1 without_override "$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so
	assert_refused
	assert_output --partial 'Permission denied'
	assert_only sov.conf
}

@test "sov.conf that is a dangling link is an error" {
	ln -s missing sov.conf
	link_demo 1 -o libdemo.so
	assert_refused
	assert_only sov.conf
}

@test "an unknown key of sov.conf is an error that names file, line and the nearest word" {
	make_conf '[lib demo]\nverison = 2.1.0'
	link_demo 1 -o libdemo.so
	assert_refused
	assert_output --partial 'sov.conf:2'
	assert_output --partial 'version'
	assert_only sov.conf
}

@test "a broken section of another library is an error too" {
	make_conf '[lib demo]\nversion = 2.1.0\n[lib other]\nversion = one'
	link_demo 1 -o libdemo.so
	assert_refused
	assert_output --partial 'sov.conf:4'
	assert_only sov.conf
}

@test "a bad environment variable is an error that names it" {
	SOV_VERSION=v1 link_demo 1 -o libdemo.so
	assert_refused
	assert_output --partial SOV_VERSION
	assert_only
}

@test "a version of 5,000 digits is refused on the command line, in sov.conf and in the environment" {
	local digits
	digits=$(printf '1%.0s' {1..5000})
	link_demo 1 -o libdemo.so "--sov-version=$digits"
	assert_refused
	SOV_VERSION=$digits link_demo 1 -o libdemo.so
	assert_refused
	printf '[lib demo]\nversion = %s\n' "$digits" >sov.conf
	link_demo 1 -o libdemo.so
	assert_refused
	assert_output --partial sov.conf:2
	assert_only sov.conf
}

@test "an output with a version of 5,000 digits is refused under SOV_FROM_NAME" {
	local digits
	digits=$(printf '1%.0s' {1..5000})
	SOV_FROM_NAME=1 link_demo 1 -o "libdemo.so.$digits"
	assert_only
}

@test "sov.conf replaced again and again while links run: each link has one version whole" {
	printf '[lib demo]\nversion = 1.0.0\nlinker-name = real\n' >one
	printf '[lib demo]\nversion = 2.0.0\nsoversion = 7\n' >two
	cp one sov.conf
	(while [ ! -e stop ]; do
		cp one new && mv new sov.conf
		cp two new && mv new sov.conf
	done) &
	local ours=$! round
	for ((round = 0; round < 20; round++)); do
		link_demo 0 -o libdemo.so
	done
	touch stop
	wait "$ours"
	local file
	for file in libdemo.so.?.0.0; do
		case $file in
		libdemo.so.1.0.0) assert_library "$file" libdemo.so.1 ;;
		libdemo.so.2.0.0) assert_library "$file" libdemo.so.7 ;;
		*) fail "$file" ;;
		esac
	done
	assert_absent libdemo.so.2
}

@test "--sov-help to a full disk is an error" {
	run -1 bash -c '"$1" --sov-help >/dev/full' - "$SOV_BINDIR/sovcc"
	assert_line --partial 'sovcc: error: '
}

@test "--sov-help to a closed stdout is an error" {
	run -1 bash -c '"$1" --sov-help >&-' - "$SOV_BINDIR/sovcc"
	assert_line --partial 'sovcc: error: '
}

@test "--sov-dry-run to a full disk is an error" {
	run -1 bash -c '"$1" -shared demo.o -o libdemo.so --sov-version=2.1.0 --sov-dry-run >/dev/full' - \
		"$SOV_BINDIR/sovcc"
	assert_line --partial 'sovcc: error: '
	assert_only
}

@test "no temporary file of sovcc's own is left in TMPDIR or beside the library" {
	mkdir tmp
	TMPDIR=$PWD/tmp link_demo 0 -o libdemo.so --sov-version=2.1.0
	TMPDIR=$PWD/tmp link_demo 1 missing.o -o libdemo.so --sov-version=2.1.0
	assert_equal "$(ls -A tmp)" ''
	run -0 ls -A
	refute_line --partial .sov-
}
