#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Many links at once.
load ../helper/common
load wrapper

libraries=(one two three four five six seven eight)

# assert_all - every library has its chain and nothing else lies around.
assert_all() {
	local name expected=(sov.conf "$1")
	for name in "${libraries[@]}"; do
		assert_library "lib$name.so.1.2.3" "lib$name.so.1"
		assert_link "lib$name.so.1" "lib$name.so.1.2.3"
		assert_link "lib$name.so" "lib$name.so.1"
		expected+=("lib$name.so" "lib$name.so.1" "lib$name.so.1.2.3")
	done
	run diff <(ls -A --ignore=demo.o --ignore='.ninja*') <(printf '%s\n' "${expected[@]}" | LC_ALL=C sort)
	assert_output ''
}

# declare_all - sov.conf with a section for each.
declare_all() {
	local name
	for name in "${libraries[@]}"; do
		printf '[lib %s]\nversion = 1.2.3\n' "$name"
	done >sov.conf
}

@test "make -j8 links eight libraries in one directory" {
	declare_all
	{
		echo "all: $(printf 'lib%s.so ' "${libraries[@]}")"
		printf 'lib%%.so: demo.o\n\t$(CC) -shared -o $@ $<\n'
	} >Makefile
	run -0 make -j8 CC="$SOV_BINDIR/sovcc"
	assert_all Makefile
	run -0 make -j8 CC="$SOV_BINDIR/sovcc"
	assert_output --partial 'Nothing to be done'
}

@test "ninja links eight libraries in one directory" {
	declare_all
	{
		printf 'rule so\n  command = %s -shared -o $out $in\n' "$SOV_BINDIR/sovcc"
		printf 'build lib%s.so: so demo.o\n' "${libraries[@]}"
	} >build.ninja
	run -0 ninja -j8
	assert_all build.ninja
	run -0 ninja -j8
	assert_output --partial 'no work to do'
}

@test "two versions of one library linked at once each have their file, and the links are one of them whole" {
	local round first second
	for ((round = 0; round < 10; round++)); do
		rm -f libdemo.so*
		"$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.0.0 &
		first=$!
		"$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0 &
		second=$!
		wait "$first"
		wait "$second"
		assert_library libdemo.so.2.0.0 libdemo.so.2
		assert_library libdemo.so.2.1.0 libdemo.so.2
		assert_link libdemo.so libdemo.so.2
		assert_regex "$(readlink libdemo.so.2)" '^libdemo\.so\.2\.[01]\.0$'
	done
	run -0 ls -A
	refute_line --partial .sov-
}

@test "the links of one library made by eight at once are never missing to a reader" {
	link_demo 0 -o libdemo.so --sov-version=2.0.0
	(while [ ! -e stop ]; do
		[ -e libdemo.so ] || echo missing
	done >seen) &
	local reader=$! i jobs=()
	for i in {1..8}; do
		# each its own real name, so that no linker writes where another one does
		"$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so "--sov-version=2.$i.0" &
		jobs+=($!)
	done
	for i in "${jobs[@]}"; do
		wait "$i"
	done
	touch stop
	wait "$reader"
	run -0 cat seen
	assert_output ''
}
