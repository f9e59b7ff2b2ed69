# SPDX-License-Identifier: MIT
# Several programs work on one directory at once. Each that says 0 has done its work, what stands in the end is what one
# of them would have made alone, and no temporary name stays.
#
# SOV_ROUNDS - how often the tests let eight loose whose name ends in "over and over".

load ../helper/common
load upgrade

ROUNDS=${SOV_ROUNDS:-10}
TOOLS=$SOV_BUILDDIR/tests/upgrade

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	for version in 1.0.0 1.1.0; do
		make_lib "libdemo.so.$version" libdemo.so.1 "-Wl,--defsym=demo_$version=1"
		make_lib "libother.so.$version" libother.so.1 "-Wl,--defsym=other_$version=1"
	done
}

setup() {
	sov_setup
	LIBS=$BATS_FILE_TMPDIR
	SOV=("$SOV_BINDIR/sov")
	mkdir lib
}

teardown() {
	rm -f go # whoever still runs against us ends
}

# eight COMMAND... - run it eight times at once, the number (0 to 7) as its last argument; what they say is in "said".
# $statuses has their exit statuses, those that were seen, in their order.
eight() {
	local i pids=()
	for i in {0..7}; do
		"$@" "$i" >>said 2>&1 &
		pids+=($!)
	done
	statuses=""
	for i in "${pids[@]}"; do
		wait "$i" && statuses+=0 || statuses+=$?
	done
}

# whole NAME... - each file is there, byte for byte.
whole() {
	local name
	for name in "$@"; do
		cmp "lib/$name" "$LIBS/$name" || return
	done
}

# expect_names LINE... - the directory has just these; with $round in the message.
expect_names() {
	[ "$(names lib)" = "$(printf '%s\n' "$@")" ] || fail "round $round: $(names lib)
$(cat said)"
}

expect_statuses() {
	[ "$statuses" = "$1" ] || fail "round $round: exit statuses $statuses
$(cat said)"
}

same_version() {
	"${SOV[@]}" install --no-sync "$LIBS/libdemo.so.1.1.0" lib
}

one_of_two() {
	"${SOV[@]}" install --no-sync --allow-downgrade "$LIBS/libdemo.so.1.$(($1 % 2)).0" lib
}

never_back() {
	"${SOV[@]}" install --no-sync "$LIBS/libdemo.so.1.$(($1 % 2)).0" lib
}

both_of_two() {
	local minor=$(($1 % 2))
	"${SOV[@]}" install --no-sync --allow-downgrade "$LIBS/libdemo.so.1.$minor.0" "$LIBS/libother.so.1.$minor.0" lib
}

eight_of_the_same() {
	for ((round = 0; round < ROUNDS; round++)); do
		eight same_version
		expect_statuses 00000000
		expect_names "libdemo.so -> libdemo.so.1" "libdemo.so.1 -> libdemo.so.1.1.0" libdemo.so.1.1.0
		whole libdemo.so.1.1.0
		# a first installation and one over another by turns
		((round % 2)) || rm -f lib/*
	done
}

@test "eight installations of one version all succeed, over and over" {
	eight_of_the_same
}

@test "eight installations of one version all succeed on a file system without locks, over and over" {
	SOV=("$TOOLS/deny" flock -- "$SOV_BINDIR/sov")
	eight_of_the_same
	SOV=("$TOOLS/deny" flock=ENOLCK,O_TMPFILE -- "$SOV_BINDIR/sov")
	eight_of_the_same
}

@test "of eight installations of two versions one is the last, over and over" {
	local target
	for ((round = 0; round < ROUNDS; round++)); do
		eight one_of_two
		expect_statuses 00000000
		target=$(readlink lib/libdemo.so.1)
		[[ $target =~ ^libdemo\.so\.1\.[01]\.0$ ]]
		expect_names "libdemo.so -> libdemo.so.1" "libdemo.so.1 -> $target" libdemo.so.1.0.0 libdemo.so.1.1.0
		whole libdemo.so.1.0.0 libdemo.so.1.1.0
		((round % 2)) || rm -f lib/*
	done
}

@test "the newest of eight wins, and the older ones that come after are refused, over and over" {
	local name
	for ((round = 0; round < ROUNDS; round++)); do
		rm -f lib/*
		eight never_back
		# those of the newer version are the odd ones; an older one that came first is installed
		[[ $statuses =~ ^([01]0){4}$ ]] || fail "round $round: $statuses $(cat said)"
		assert_equal "$(readlink lib/libdemo.so.1)" libdemo.so.1.1.0
		whole libdemo.so.1.1.0
		for name in lib/* lib/.sov-*; do
			[[ $name =~ ^lib/libdemo\.so(\.1(\.[01]\.0)?)?$ || $name = "lib/.sov-*" ]] || fail "round $round: $name"
		done
	done
}

@test "two libraries of one call stay together among eight calls, over and over" {
	local v
	for ((round = 0; round < ROUNDS; round++)); do
		eight both_of_two
		expect_statuses 00000000
		v=$(readlink lib/libdemo.so.1)
		v=${v#libdemo.so.}
		expect_names "libdemo.so -> libdemo.so.1" "libdemo.so.1 -> libdemo.so.$v" libdemo.so.1.0.0 libdemo.so.1.1.0 \
			"libother.so -> libother.so.1" "libother.so.1 -> libother.so.$v" libother.so.1.0.0 libother.so.1.1.0
		whole lib{demo,other}.so.1.{0,1}.0
		((round % 2)) || rm -f lib/*
	done
}

# against COMMAND... - it runs over and over until `peace`.
against() {
	: >go
	(while [ -e go ]; do "$@" >>peer-said 2>&1 || echo "exit status $?" >>peer-said; done) 3>&- &
	peer=$!
}

peace() {
	rm -f go
	wait "$peer"
}

# upgrades - install 1.0.0, then 1.1.0 over it; each must succeed, and the last one must stand.
upgrades() {
	local v
	for ((round = 0; round < ROUNDS; round++)); do
		for v in 1.0.0 1.1.0; do
			"${SOV[@]}" install --no-sync --allow-downgrade "$LIBS/libdemo.so.$v" "$LIBS/libother.so.$v" lib >>said 2>&1 ||
				fail "round $round, $v: exit status $?: $(cat said)"
			whole "libdemo.so.$v" "libother.so.$v"
			[ -e lib/libdemo.so.1 ] && [ -e lib/libother.so.1 ] || fail "round $round: $(names lib)"
		done
		[ "$(readlink lib/libdemo.so.1)" = libdemo.so.1.1.0 ] || fail "round $round: $(names lib)"
	done
}

both_names=("libdemo.so -> libdemo.so.1" "libdemo.so.1 -> libdemo.so.1.1.0" libdemo.so.1.0.0 libdemo.so.1.1.0
	"libother.so -> libother.so.1" "libother.so.1 -> libother.so.1.1.0" libother.so.1.0.0 libother.so.1.1.0)

@test "upgrades succeed while sov links runs, over and over" {
	against "$SOV_BINDIR/sov" links lib
	upgrades
	peace
	expect_names "${both_names[@]}"
	run grep 'exit status' peer-said
	assert_output ""
}

@test "upgrades succeed while sov prune --yes runs, over and over" {
	against "$SOV_BINDIR/sov" prune --yes --ignore-unreadable --root . lib
	upgrades
	peace
	whole libdemo.so.1.1.0 libother.so.1.1.0
	assert_equal "$(readlink lib/libdemo.so.1)" libdemo.so.1.1.0
	run find lib -name '.*' -mindepth 1
	assert_output ""
	run grep 'exit status' peer-said
	assert_output ""
}

@test "first installations succeed while ldconfig -n runs, over and over" {
	against ldconfig -n lib
	for ((round = 0; round < 2 * ROUNDS; round++)); do
		rm -f lib/*
		"${SOV[@]}" install --no-sync "$LIBS/libdemo.so.1.1.0" "$LIBS/libother.so.1.1.0" lib >>said 2>&1 ||
			fail "round $round: exit status $?: $(cat said)"
		expect_names "libdemo.so -> libdemo.so.1" "libdemo.so.1 -> libdemo.so.1.1.0" libdemo.so.1.1.0 \
			"libother.so -> libother.so.1" "libother.so.1 -> libother.so.1.1.0" libother.so.1.1.0
	done
	peace
}

@test "installations succeed while sovcc links into the same directory, over and over" {
	echo 'int f(void); int f(void) { return 1; }' >f.c
	against "$SOV_BINDIR/sovcc" --sov-version=1.2.0 -shared -fPIC -o lib/libdemo.so f.c
	for ((round = 0; round < ROUNDS; round++)); do
		one_of_two "$round" >>said 2>&1 || fail "round $round: exit status $?: $(cat said)"
	done
	peace
	[[ $(readlink lib/libdemo.so.1) =~ ^libdemo\.so\.1\.[012]\.0$ ]]
	assert_equal "$(readlink lib/libdemo.so)" libdemo.so.1
	whole libdemo.so.1.0.0 libdemo.so.1.1.0
	assert_equal "$(soname_of lib/libdemo.so.1.2.0)" libdemo.so.1
	run find lib -name '.*' -mindepth 1
	assert_output ""
	run cat peer-said
	assert_output ""
}

@test "somebody who keeps the lock is waited for" {
	flock lib sleep 0.5 3>&- &
	until ! flock -n lib true; do :; done
	run -0 "${SOV[@]}" install --no-sync "$LIBS/libdemo.so.1.1.0" lib
	wait
	assert_equal "$(readlink lib/libdemo.so.1)" libdemo.so.1.1.0
}

by_install() {
	install -m 755 "$LIBS/libdemo.so.1.1.0" lib/libdemo.so.1.1.0
}

@test "a soname link that somebody leads to a newer version meanwhile stays there, and it is said" {
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 strace -o trace -e trace=fsync \
		-e inject=fsync:delay_enter=2000000:when=3 "${SOV[@]}" install --sync "$LIBS/libdemo.so.1.0.0" lib 2>said &
	until [ -L lib/libdemo.so ]; do
		kill -0 $! || break
	done
	cp "$LIBS/libdemo.so.1.1.0" lib
	ln -s libdemo.so.1.1.0 newer
	mv -T newer lib/libdemo.so.1
	status=0
	wait $! || status=$?
	assert_equal "$status" 1
	run cat said
	assert_line "lib/libdemo.so.1: error: does not stay as it was made"
	assert_equal "$(readlink lib/libdemo.so.1)" libdemo.so.1.1.0
}

@test "eight install(1) at once: some fail" {
	local failed=0 calls=0
	for ((round = 0; round < 500 && (failed == 0 || round < ROUNDS); round++)); do
		eight by_install
		statuses=${statuses//0/}
		failed=$((failed + ${#statuses}))
		calls=$((calls + 8))
	done
	echo "# install(1): $failed of $calls calls failed" >&3
	[ "$failed" -gt 0 ]
}
