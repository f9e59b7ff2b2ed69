#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Signals reach the compiler's process, and how it ended is how sovcc ends.
load ../helper/common
load wrapper

# A compiler that says which signal it got and dies of it.
# shellcheck disable=SC2016
make_patient() {
	make_recorder patient \
		'for name in INT TERM HUP QUIT; do' \
		'	trap "echo $name >got; kill \$! ; trap - $name; kill -$name \$\$" $name' \
		'done' \
		'ulimit -c 0' 'sleep 10 >/dev/null 2>&1 3>&- & echo $$ >compiler.pid' 'wait'
}

# send SIGNAL [ARGUMENT...] - to a declared link, or to sovcc with these arguments.
send() {
	local signal=$1
	shift
	[ $# -gt 0 ] || set -- -shared demo.o -o libdemo.so --sov-version=2.1.0
	SOV_CC=$PWD/patient run -0 python3 "$BATS_TEST_DIRNAME/signals.py" "$signal" 5 "$SOV_BINDIR/sovcc" "$@"
}

@test "INT, TERM, HUP and QUIT reach the compiler of a declared link, and sovcc dies by the same" {
	make_patient
	local signal
	for signal in INT=2 TERM=15 HUP=1 QUIT=3; do
		send "${signal%=*}"
		assert_output "signal ${signal#*=}"
		assert_equal "$(cat got)" "${signal%=*}"
		rm got compiler.pid
	done
	assert_only patient patient.argv
}

@test "INT, TERM, HUP and QUIT reach the compiler of an untouched command" {
	make_patient
	local signal
	for signal in INT=2 TERM=15 HUP=1 QUIT=3; do
		send "${signal%=*}" -c demo.c
		assert_output "signal ${signal#*=}"
		assert_equal "$(cat got)" "${signal%=*}"
		rm got compiler.pid
	done
}

@test "sovcc dies by the signal although the compiler ended by itself, and makes no link" {
	# shellcheck disable=SC2016
	make_recorder patient 'trap "kill \$!; exit 0" TERM' 'cp demo.o libdemo.so.2.1.0' \
		'sleep 10 >/dev/null 2>&1 3>&- & echo $$ >compiler.pid' 'wait'
	send TERM
	assert_output 'signal 15'
	assert_absent libdemo.so libdemo.so.2
}

@test "a compiler killed by a signal in a declared link shows as killed by that signal" {
	# shellcheck disable=SC2016
	make_recorder fakecc 'kill -TERM $$'
	SOV_CC=$PWD/fakecc run -0 ended "$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_output 'signal 15'
}

@test "a compiler that crashes in a declared link shows as crashed" {
	# shellcheck disable=SC2016
	make_recorder fakecc 'ulimit -c 0; kill -SEGV $$'
	SOV_CC=$PWD/fakecc run -0 ended "$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_output 'signal 11'
	assert_only fakecc fakecc.argv
}

@test "a signal that the caller ignores stays ignored" {
	# shellcheck disable=SC2016
	make_recorder patient 'sleep 0.5 >/dev/null 2>&1 3>&- & echo $$ >compiler.pid' 'wait'
	SOV_CC=$PWD/patient run -0 env --ignore-signal=HUP python3 "$BATS_TEST_DIRNAME/signals.py" HUP 10 \
		"$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_output 'exit 0'
}

# signals_of FILE - the blocked and ignored signals in it, 1 to 31: the C library's posix_spawn
# ignores two real-time ones that it keeps for itself.
signals_of() {
	local key value
	while read -r key value; do
		printf '%s %x\n' "$key" $((16#$value & 0x7fffffff))
	done <"$1"
}

@test "the compiler of a declared link starts with the caller's signal mask and dispositions" {
	# shellcheck disable=SC2016
	make_recorder fakecc 'grep -E "^Sig(Blk|Ign):" /proc/self/status >"$0.signals"'
	env --ignore-signal=HUP --block-signal=USR1 ./fakecc
	mv fakecc.signals plain
	SOV_CC=$PWD/fakecc run -0 env --ignore-signal=HUP --block-signal=USR1 \
		"$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0
	diff <(signals_of plain) <(signals_of fakecc.signals)
}

@test "a signal after the compiler has ended ends sovcc, and goes to no other process" {
	run -0 strace -f -o trace -e trace=flock,kill -e inject=flock:delay_enter=1000000 \
		python3 -c 'import os, signal, subprocess, sys, time
child = subprocess.Popen(sys.argv[1:])
while not os.path.exists("libdemo.so.2.1.0"): time.sleep(0.01)
time.sleep(0.5)
child.send_signal(signal.SIGTERM)
print("ended by", -child.wait())' "$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_output "ended by 15"
	run grep -c ESRCH trace
	assert_output 0
}

@test "SIGCHLD ignored by whoever called changes nothing" {
	run -0 python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0
	assert_library libdemo.so.2.1.0 libdemo.so.2
	assert_link libdemo.so libdemo.so.2
}
