#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A command that makes no declared shared library is the compiler's own.
load ../helper/common
load wrapper

# successful_execs - the programs that strace saw started, with their arguments.
successful_execs() {
	sed -n 's/^[0-9]* *execve(\(.*\], \).* = 0$/\1/p' trace | sed 's/, $//'
}

@test "a compile is sovcc and then the compiler in the same process, with the argv as it came" {
	make_recorder fakecc
	strace -f -qq -s 4096 -e trace=execve -o trace env SOV_CC="$PWD/fakecc" "$SOV_BINDIR/sovcc" -c a.c -o a.o
	run -0 successful_execs
	assert_line --index 1 "\"$SOV_BINDIR/sovcc\", [\"$SOV_BINDIR/sovcc\", \"-c\", \"a.c\", \"-o\", \"a.o\"]"
	assert_line --index 2 "\"$PWD/fakecc\", [\"$PWD/fakecc\", \"-c\", \"a.c\", \"-o\", \"a.o\"]"
	assert_equal "${#lines[@]}" 3
	assert_equal "$(cut -d' ' -f1 trace | sort -u | wc -l)" 1
}

@test "a compile looks for no sov.conf" {
	make_conf '[lib demo]\nversion = 2.1.0'
	make_recorder fakecc
	strace -f -qq -e trace=file -o trace env SOV_CC="$PWD/fakecc" "$SOV_BINDIR/sovcc" -c a.c -o a.o
	run grep -c 'sov\.conf' trace
	assert_output 0
}

@test "odd arguments reach the compiler byte for byte" {
	make_recorder fakecc
	echo '-DFROM_FILE' >flags
	SOV_CC=$PWD/fakecc run_sovcc 0 -c '' 'a b' "quo'te\"" $'new\nline' $'\xff\xfe' @flags -- @missing
	printf '%s\n' -c '' 'a b' "quo'te\"" $'new\nline' $'\xff\xfe' @flags -- @missing >expected
	cmp expected fakecc.argv
}

@test "the compiler runs with its own absolute path as argv[0]" {
	SOV_CC=gcc run_sovcc 0 --version
	assert_line --index 0 "$(gcc --version | head -n 1)"
	SOV_CC=gcc run_sovcc 0 -v -c -x c /dev/null -o null.o
	assert_line "COLLECT_GCC=$(command -v gcc)"
}

@test "the compiler's exit status is passed on" {
	make_recorder fakecc 'exit 37'
	SOV_CC=$PWD/fakecc run_sovcc 37 -c a.c
}

@test "a compiler killed by a signal shows as killed by that signal" {
	# shellcheck disable=SC2016
	make_recorder fakecc 'kill -SEGV $$'
	SOV_CC=$PWD/fakecc run -0 ended "$SOV_BINDIR/sovcc" -c a.c
	assert_output "signal 11"
}

@test "stdin is the compiler's" {
	run -0 "$SOV_BINDIR/sovcc" -c -x c - -o from-stdin.o <<<'int from_stdin;'
	run -0 nm from-stdin.o
	assert_output --partial from_stdin
}

@test "stdout and stderr are the compiler's, each by itself" {
	make_recorder fakecc 'echo out; echo err >&2'
	SOV_CC=$PWD/fakecc run_sovcc_split 0 -c a.c
	assert_output out
	# shellcheck disable=SC2154
	assert_equal "$stderr" err
}

@test "no descriptor of sovcc's own reaches the compiler" {
	make_recorder fakecc 'ls /proc/self/fd >"$0.fds"'
	./fakecc
	mv fakecc.fds plain
	SOV_CC=$PWD/fakecc "$SOV_BINDIR/sovcc" -c a.c
	diff plain fakecc.fds
	SOV_CC=$PWD/fakecc "$SOV_BINDIR/sovcc" -shared demo.o -o libdemo.so --sov-version=2.1.0
	diff plain fakecc.fds
}

@test "the compiler's environment is the caller's, with SOV_DEPTH counted up" {
	make_recorder fakecc 'env | grep -v ^_= | sort >"$0.env"'
	export SOV_CC=$PWD/fakecc
	./fakecc
	mv fakecc.env plain
	"$SOV_BINDIR/sovcc" -c a.c
	run -1 diff plain fakecc.env
	assert_line --index 1 '> SOV_DEPTH=1'
	assert_equal "${#lines[@]}" 2
}

@test "an executable is untouched, whatever is declared" {
	make_conf '[lib demo]\nversion = 2.1.0'
	echo 'int main(void) { return 0; }' >m.c
	SOV_VERSION=2.1.0 SOV_REQUIRE=1 run_sovcc 0 m.c -o libdemo.so
	rm m.c
	assert_only libdemo.so sov.conf
}

@test "a library that nothing declares is linked as by cc" {
	link_demo 0 -o libdemo.so
	assert_output ''
	assert_only libdemo.so
	assert_library libdemo.so ''
}

@test "a library whose name no section of sov.conf knows is untouched" {
	make_conf '[lib other]\nversion = 2.1.0'
	link_demo 0 -o libdemo.so
	assert_only libdemo.so sov.conf
}

@test "sov.conf is not opened for an output that is no lib*.so*" {
	make_conf 'this is no sov.conf'
	link_demo 0 -o plugin.so
	assert_output ''
	assert_only plugin.so sov.conf
}

@test "what makes no shared link stays untouched under a declaration" {
	echo 'int demo(void); int demo(void) { return 1; }' >demo.c
	make_recorder fakecc
	export SOV_CC=$PWD/fakecc
	local what
	for what in -c -S -E -M -MM -fsyntax-only '-###' --version --help -r -dumpversion -dumpmachine \
		-print-search-dirs -print-file-name=libc.so -print-prog-name=ld --print-search-dirs -dM\ -E; do
		# shellcheck disable=SC2086
		run_sovcc 0 --sov-version=2.1.0 -shared $what demo.c -o libdemo.so
		# shellcheck disable=SC2086
		printf '%s\n' -shared $what demo.c -o libdemo.so | diff - fakecc.argv
	done
}

@test "-v with inputs links, and so is declared" {
	link_demo 0 -v -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "-Wl,-v with inputs links, and so is declared" {
	link_demo 0 -Wl,-v -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "-shared-libgcc is not -shared" {
	echo 'int main(void) { return 0; }' >m.c
	run_sovcc 0 -shared-libgcc m.c -o libdemo.so --sov-version=2.1.0
	assert_only libdemo.so m.c
}

@test "-shared as the value of another option is not -shared" {
	echo 'int main(void) { return 0; }' >m.c
	make_recorder fakecc
	export SOV_CC=$PWD/fakecc
	local option
	for option in -o -x -D -U -I -L -l -T -u -e -z -B -A -MF -MT -MQ -include -imacros -isystem -iquote \
		-idirafter -iprefix -iwithprefix -iwithprefixbefore -isysroot -imultilib --param -aux-info \
		-dumpbase -dumpbase-ext -dumpdir -wrapper -specs -Xpreprocessor -Xassembler; do
		run_sovcc 0 m.c "$option" -shared -o libdemo.so --sov-version=2.1.0
		printf '%s\n' m.c "$option" -shared -o libdemo.so | diff - fakecc.argv || fail "$option"
	done
}

@test "SOV_OFF=1 takes sovcc's own arguments out and does nothing else" {
	make_conf '[lib demo]\nversion = 2.1.0'
	SOV_OFF=1 SOV_REQUIRE=1 link_demo 0 -o libdemo.so --sov-version=2.1.0
	assert_only libdemo.so sov.conf
	assert_library libdemo.so ''
}

@test "no --sov- argument reaches the compiler of an untouched command" {
	make_recorder fakecc
	SOV_CC=$PWD/fakecc run_sovcc 0 --sov-version=1 -c --sov-soversion=2 a.c --sov-require
	printf '%s\n' -c a.c | diff - fakecc.argv
}

@test "a declared link without any input is the compiler's to refuse" {
	make_conf '[lib demo]\nversion = 2.1.0'
	run gcc -shared -o libdemo.so
	assert_failure 1
	assert_output --partial "no input files"
	run_sovcc 1 gcc -shared -o libdemo.so
	assert_output --partial "no input files"
	assert_absent libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "an output whose name says no version that can be read is the compiler's own" {
	local name
	for name in libleveldb.so.1d.1.23 libx.so.new libx.so.1~ libx.sox libx.so-git libbenchmark.so.1debian; do
		link_demo 0 -o "$name"
		refute_output
		SOV_REQUIRE=1 link_demo 1 -o "$name"
		assert_line -n 0 "sovcc: error: $name: nothing declares this library's version"
		assert [ -f "$name" ]
	done
}
