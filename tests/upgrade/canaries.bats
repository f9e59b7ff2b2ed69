# SPDX-License-Identifier: MIT
# Nothing that is inspected, installed or cleaned up is ever run: no program of it is started, no byte of it is mapped,
# and none of five kinds of canary sings.

load ../helper/common
load upgrade

CANARIES=(audit constructor depaudit ifunc interp)

# hatch OUTPUT CANARY GCC-ARGUMENT... - build something that leaves "CANARY.sang" where it runs.
hatch() {
	local output=$1 trace=$CAGE/$2.sang
	shift 2
	gcc -O1 -fPIC -DTRACE="\"$trace\"" -o "$output" "$@"
}

# library CANARY GCC-ARGUMENT... - the library that carries it.
library() {
	local canary=$1
	shift
	hatch "lib/lib$canary.so.1.0.0" "$canary" -shared "-Wl,-soname,lib$canary.so.1" "$@"
}

setup_file() {
	local source=$SOV_SRCDIR/tests/upgrade/canary.c
	export CAGE=$BATS_FILE_TMPDIR
	cd "$CAGE"
	mkdir lib
	hatch audit.so audit -shared -DAUDITOR "$source"
	hatch depaudit.so depaudit -shared -DAUDITOR "$source"
	hatch interp.program interp -static-pie -nostdlib -ffreestanding -DINTERPRETER "$source"
	echo 'int canary(void); int canary(void) { return 1; }' >plain.c
	echo "const char interp[] __attribute__((section(\".interp\"))) = \"$CAGE/interp.program\";" >interp.c
	library audit -Wl,--audit="$CAGE/audit.so" plain.c
	library constructor -DCONSTRUCTOR "$source" plain.c
	library depaudit -Wl,--depaudit="$CAGE/depaudit.so" plain.c
	library ifunc -DIFUNC "$source"
	library interp plain.c interp.c
	# all five in one program
	echo 'int main(void) { return 0; }' | gcc -o program -x c - -x none -Wl,--no-as-needed lib/lib*.so.1.0.0 \
		-Wl,--disable-new-dtags '-Wl,-rpath,$ORIGIN/lib' -Wl,--audit="$CAGE/audit.so" \
		-Wl,--depaudit="$CAGE/depaudit.so" -Wl,--dynamic-linker="$CAGE/interp.program"
}

setup() {
	sov_setup
	cp -r "$CAGE/lib" "$CAGE/program" .
	rm -f "$CAGE"/*.sang
}

# singing - which canaries have been run, on one line.
singing() {
	(cd "$CAGE" && find . -name '*.sang' -printf '%P\n' | sed 's/\.sang$//' | sort | tr '\n' ' ')
}

# watch COMMAND... - run it under strace. $started has each program that it or a child starts, or tries to; $mapped what
# it maps of the files of this test.
watch() {
	local status=0
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 strace -f -y -o trace -e trace=execve,execveat,mmap "$@" >said 2>&1 ||
		status=$?
	[ "$status" -le 1 ] || fail "exit status $status of: $*: $(cat said)"
	started=$(grep -o 'execve.*' trace | sed 's/^execve("\([^"]*\)".*/\1/')
	mapped=$(grep -E "mmap\(.*<($PWD|$CAGE)/" trace || true)
}

# assert_silent COMMAND... - it starts no program but itself, maps nothing of ours, and no canary sings.
assert_silent() {
	watch "$@"
	assert_equal "$started" "$1"
	assert_equal "$mapped" ""
	assert_equal "$(singing)" ""
}

@test "each canary sings where it is run" {
	local name
	for name in audit constructor depaudit ifunc; do
		rm -f "$CAGE"/*.sang
		echo 'int main(void) { return 0; }' | gcc -o run -x c - -x none -Wl,--no-as-needed "lib/lib$name.so.1.0.0" \
			-Wl,-rpath,"$PWD/lib" $([[ $name != *audit ]] || echo "-Wl,--$name=$CAGE/$name.so")
		ln -sf "lib$name.so.1.0.0" "lib/lib$name.so.1"
		run -0 ./run
		assert_equal "$(singing)" "$name "
	done
	rm -f "$CAGE"/*.sang
	chmod +x lib/libinterp.so.1.0.0
	run -0 lib/libinterp.so.1.0.0
	assert_equal "$(singing)" "interp "
}

@test "ldd makes some of them sing, and is seen to do it" {
	local lib
	for lib in lib/*; do
		watch ldd "$lib"
		assert_regex "$mapped" PROT_EXEC
	done
	echo "# ldd ran: $(singing)" >&3
	assert_equal "$(singing)" "audit depaudit "
}

@test "sov deps runs and maps nothing of what it is asked about, and nothing that this needs" {
	local lib
	(cd lib && for lib in *; do ln -s "$lib" "${lib%.0.0}"; done)
	assert_silent "$SOV_BINDIR/sov" deps program lib/*
	assert_silent "$SOV_BINDIR/sov" deps --format=json program
}

@test "sov show, check and lint run and map nothing" {
	assert_silent "$SOV_BINDIR/sov" show program lib/*
	assert_silent "$SOV_BINDIR/sov" check --version 1.0.0 lib/*
	assert_silent "$SOV_BINDIR/sov" lint lib
}

@test "sov install runs and maps nothing, taking away included" {
	assert_silent "$SOV_BINDIR/sov" install lib/* to
	assert_silent "$SOV_BINDIR/sov" install --sync lib/* to
	assert_silent "$SOV_BINDIR/sov" install --root . --dry-run lib/* other
	assert_silent "$SOV_BINDIR/sov" install --uninstall lib/* to
}

@test "sov install --strip runs strip, and nothing else" {
	watch "$SOV_BINDIR/sov" install --strip lib/* to
	assert_equal "$(sed 's|.*/||' <<<"$started" | sort -u | tr '\n' ' ')" "sov strip "
	assert_equal "$(grep PROT_EXEC <<<"$mapped")" ""
	assert_equal "$(singing)" ""
	assert [ -f to/libifunc.so.1.0.0 ]
}

@test "sov links runs and maps nothing" {
	assert_silent "$SOV_BINDIR/sov" links lib
	assert_silent "$SOV_BINDIR/sov" links --check --linker-names lib
	assert_silent "$SOV_BINDIR/sov" links --like-ldconfig lib
	assert [ -L lib/libifunc.so.1 ]
}

@test "sov users and sov prune run and map nothing" {
	assert_silent "$SOV_BINDIR/sov" users lib/*
	assert_silent "$SOV_BINDIR/sov" users lib
	assert_silent "$SOV_BINDIR/sov" prune --root . lib
	assert_silent "$SOV_BINDIR/sov" prune --yes --ignore-unreadable --root . lib
}
