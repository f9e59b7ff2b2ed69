# SPDX-License-Identifier: MIT
# Where results go: standard output that is full, closed or absent, and the files of -o.
load ../helper/common

@test "a full disk on stdout is an error, for every command" {
	make_lib libdemo.so.2.1.0 libdemo.so.9
	while read -r line; do
		# shellcheck disable=SC2086
		run -3 bash -c '"$0" "$@" >/dev/full' "$SOV_BINDIR/sov" $line
		assert_line "sov: error: cannot write the results: No space left on device"
	done <<-'EOF'
		--version
		--help
		help names
		names demo --version 2.1.0
		names demo --version 2.1.0 --format=json
		show libdemo.so.2.1.0
		show --format=json libdemo.so.2.1.0
		show --format=jsonl libdemo.so.2.1.0
		check libdemo.so.2.1.0 --version 2.1.0
		lint --list-rules
		lint --format=json .
	EOF
}

@test "a closed pipe on stdout is an error, not death by a signal" {
	run -0 bash -c '{ sleep 0.2; "$0" names demo --version 2.1.0; echo "status $?" >&2; } | :' "$SOV_BINDIR/sov"
	assert_line "sov: error: cannot write the results: Broken pipe"
	assert_line "status 3"
}

@test "a closed stdout is an error" {
	run -3 bash -c '"$0" names demo --version 2.1.0 -o text=copy >&-' "$SOV_BINDIR/sov"
	assert_line "sov: error: cannot write the results: Bad file descriptor"
	assert_equal "$(cat copy)" "$("$SOV_BINDIR/sov" names demo --version 2.1.0)"
}

@test "no file that is opened takes the number of a closed stdin, stdout or stderr" {
	for fd in 0 2; do
		run -0 bash -c "\"\$0\" show /proc/self/fd/$fd $fd>&-" "$SOV_BINDIR/sov"
		assert_line "kind=special"
	done
}

@test "a command that prints nothing does not mind a full disk" {
	make_lib libdemo.so.2.1.0 libdemo.so.2
	ln -s libdemo.so.2.1.0 libdemo.so.2
	ln -s libdemo.so.2 libdemo.so
	run -0 bash -c '"$0" check libdemo.so --version 2.1.0 >/dev/full' "$SOV_BINDIR/sov"
}

@test "-o writes copies beside what stdout carries" {
	run_sov 0 names demo --version 2.1.0 -o make=names.mk -o json=names.json --format=cmake
	assert_line -n 0 'set(SOV_LINKER_NAME "libdemo.so")'
	assert_equal "$(head -1 names.mk)" "SOV_LINKER_NAME = libdemo.so"
	assert_equal "$(jq -r .soname names.json)" libdemo.so.2
}

@test "-o leaves nothing else behind, and follows the umask" {
	umask 027
	run_sov 0 names demo --version 2.1.0 -o make=names.mk
	assert_equal "$(ls -A)" names.mk
	assert_equal "$(stat -c %a names.mk)" 640
}

@test "-o replaces an old file whole, keeps its mode, and follows a link to it" {
	mkdir real
	printf 'old\n%.0s' {1..1000} >real/names.mk
	chmod 600 real/names.mk
	ln real/names.mk kept
	ln -s real/names.mk names.mk
	run_sov 0 names demo --version 2.1.0 -o make=names.mk
	assert [ -L names.mk ]
	assert_equal "$(wc -l <real/names.mk)" 4
	assert_equal "$(stat -c %a real/names.mk)" 600
	assert_equal "$(wc -l <kept)" 1000
}

@test "-o writes to a device as it is" {
	mkfifo pipe
	timeout 10 cat pipe >got &
	run_sov 0 names demo --version 2.1.0 -o text=pipe
	wait || true
	assert_equal "$(cat got)" "$output"
	assert [ -p pipe ]
	run_sov 3 names demo --version 2.1.0 -o text=/dev/full
	assert_line -n 0 "/dev/full: error: cannot be written: No space left on device"
	assert [ -c /dev/full ]
}

@test "-o that cannot be written is exit status 3, and the old file stays" {
	run_sov 3 names demo --version 2.1.0 -o make=nosuch/names.mk
	assert_line -n 0 "nosuch/names.mk: error: cannot be written: No such file or directory"
	mkdir directory
	run_sov 3 names demo --version 2.1.0 -o make=directory
	assert_line -n 0 "directory: error: cannot be written: Is a directory"
}

@test "an old file survives a disk that fills up" {
	printf 'old' >names.mk
	run -3 bash -c 'ulimit -f 0; trap "" XFSZ; "$0" names demo --version 2.1.0 -o make=names.mk' "$SOV_BINDIR/sov"
	assert_line "names.mk: error: cannot be written: File too large"
	assert_equal "$(cat names.mk)" old
	assert_equal "$(ls -A)" names.mk
}

@test "-o that is not FORMAT=FILE is a usage error" {
	run_sov 2 names demo --version 1 -o make
	assert_output "sov: error: -o: needs a format and a file
  expected: -o FORMAT=FILE
  found:    -o make"
	run_sov 2 names demo --version 1 -o make=
	run_sov 2 names demo --version 1 -o maek=x
	assert_line "  fix:      did you mean make?"
	run_sov 2 names demo --version 1 -o json=-
	assert_line "  fix:      --format=json, which goes to standard output"
}

@test "more -o than there is room for is a usage error" {
	run_sov 2 names demo --version 1 -o text=1 -o text=2 -o text=3 -o text=4 -o text=5 -o text=6 -o text=7 \
		-o text=8 -o text=9
	assert_output "sov: error: -o: given more than 8 times"
}
