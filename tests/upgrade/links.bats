# SPDX-License-Identifier: MIT
# What a user sees of `sov links`.

load ../helper/common
load upgrade

# A loop that runs beside a test ends with it, whatever becomes of the test.
teardown() {
	touch "$BATS_TEST_TMPDIR/stop"
	wait
}

# make_foreign PATH SONAME BITS little|big MACHINE - a library of another machine, which no compiler here makes.
make_foreign() {
	python3 - "$@" <<-'END'
		import os, sys
		sys.path.insert(0, os.environ["SOV_SRCDIR"] + "/tests/corpus")
		from elfimage import ElfImage
		path, soname, bits, order, machine = sys.argv[1:]
		image = ElfImage(int(bits), order == "little", machine=int(machine), soname=soname.encode())
		open(path, "wb").write(image.bytes)
	END
}

@test "a soname link that is absent is made, and the step is printed" {
	make_lib lib/libx.so.1.2.0 libx.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.2.0"
	[ "$(readlink lib/libx.so.1)" = libx.so.1.2.0 ]
}

@test "a directory that is right stays untouched, in silence; -v says what is right" {
	make_chain lib libx.so.1.2.0 libx.so.1 libx.so
	listing lib >before
	run_sov 0 links lib
	assert_output ""
	run_sov 0 links -v lib
	assert_output "keep lib/libx.so.1 -> libx.so.1.2.0 (is right)"
	diff before <(listing lib)
}

@test "a link that leads to an older file is led to the newest, numbers of any length" {
	make_chain lib libx.so.1.9 libx.so.1
	make_lib lib/libx.so.1.10 libx.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.10 (was libx.so.1.9)"
	make_lib lib/libx.so.1.4294967297 libx.so.1
	make_lib lib/libx.so.1.99999999999999999999 libx.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.99999999999999999999 (was libx.so.1.10)"
}

@test "two majors have a link each" {
	make_lib lib/libx.so.1.2.0 libx.so.1
	make_lib lib/libx.so.2.0.0 libx.so.2
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.2.0
link lib/libx.so.2 -> libx.so.2.0.0"
}

@test "backups and temporaries are never chosen, and a link to one is led back" {
	make_lib lib/libx.so.1.0.0 libx.so.1
	local tail
	for tail in '~' .bak .orig .debug -rc1 .dpkg-new ';5f3a' .old _; do
		cp lib/libx.so.1.0.0 "lib/libx.so.1.0.0$tail"
	done
	cp lib/libx.so.1.0.0 lib/.sov-libx.so.1.9
	ln -s libx.so.1.0.0~ lib/libx.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.0.0 (was libx.so.1.0.0~)"
}

@test "what is no library is never chosen: a program, a text" {
	make_lib lib/libx.so.1.0 libx.so.1
	echo 'int main(void) { return 0; }' | gcc -pie -Wl,-soname,libx.so.1 -o lib/libx.so.1.1 -x c -
	echo text >lib/libx.so.1.2
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.0"
}

# Somebody copies it just now, or the disk was full: there is no saying which link it wants.
@test "beside a file that is cut short the links of its stem stay, and the others are put right" {
	make_lib lib/libx.so.1.0 libx.so.1
	make_lib whole libx.so.1
	make_lib lib/liby.so.1.0 liby.so.1
	head -c 700 whole >lib/libx.so.1.1
	ln -s libx.so.1.1 lib/libx.so.1
	run_sov_split 3 links --linker-names lib
	assert_output "link lib/liby.so.1 -> liby.so.1.0
link lib/liby.so -> liby.so.1"
	assert_regex "$stderr" "^lib/libx.so.1.1: error: "
	[ "$(readlink lib/libx.so.1)" = libx.so.1.1 ]
	run_sov_split 3 links -v lib
	assert_line "keep lib/libx.so.1 -> libx.so.1.1 (a file of its stem could not be examined)"
	cp whole lib/libx.so.1.1
	run_sov_split 0 links lib
	assert_output ""
	[ "$(readlink lib/libx.so.1)" = libx.so.1.1 ]
}

@test "a SONAME with a slash is refused, and nothing is made outside of the directory" {
	make_lib lib/libx.so.1.0 ../x.so.1
	make_lib lib/liby.so.1.0 liby.so.1
	run_sov 1 links lib
	assert_output "refuse lib/libx.so.1.0 (its SONAME, \"../x.so.1\", has a '/')
link lib/liby.so.1 -> liby.so.1.0"
	[ ! -L x.so.1 ]
}

@test "a SONAME of another stem is refused, and that library's good link stays" {
	make_chain lib libbar.so.1.0 libbar.so.1
	make_lib lib/libfoo.so.1.0 libbar.so.1
	run_sov 1 links lib
	assert_output "refuse lib/libfoo.so.1.0 (its SONAME, libbar.so.1, is of another stem than its name)"
	[ "$(readlink lib/libbar.so.1)" = libbar.so.1.0 ]
}

@test "a link that leads to a file of another stem already was meant so, and stays" {
	make_lib lib/libm-2.31.so libm.so.6
	ln -s libm-2.31.so lib/libm.so.6
	run_sov 0 links -v lib
	assert_output "keep lib/libm.so.6 -> libm-2.31.so (is right)"
}

@test "a regular file or a directory where a link must go is never replaced" {
	make_lib lib/libx.so.1.0 libx.so.1
	make_lib lib/liby.so.1.0 liby.so.1
	make_lib lib/libz.so.1.0 libz.so.1
	echo mine >lib/libx.so.1
	mkdir lib/liby.so.1
	mkfifo lib/libz.so.1
	listing lib >before
	run_sov 1 links lib
	assert_output "refuse lib/libx.so.1 -> libx.so.1.0 (a regular file stands there)
refuse lib/liby.so.1 -> liby.so.1.0 (a directory stands there)
refuse lib/libz.so.1 -> libz.so.1.0 (something that is no link stands there)"
	diff before <(listing lib)
}

@test "a library whose file name is its SONAME needs no link" {
	make_lib lib/libx.so.1 libx.so.1
	make_lib lib/liby.so liby.so
	make_lib lib/libz.so
	run_sov 0 links lib
	assert_output ""
	make_lib lib/libx.so.1.5 libx.so.1
	run_sov 1 links lib
	assert_output "refuse lib/libx.so.1 -> libx.so.1.5 (a regular file stands there)"
}

@test "an unversioned file bears the link of its SONAME until there is a versioned one" {
	make_lib lib/libx.so libx.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so"
	make_lib lib/libx.so.1.0 libx.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.0 (was libx.so)"
}

@test "other spellings of the right link stay: by a second link, with ./, over the parent" {
	make_lib lib/libx.so.1.0.0 libx.so.1
	local target
	ln -s libx.so.1.0.0 lib/libx.so.1.0
	for target in libx.so.1.0 ./libx.so.1.0.0 ../lib/libx.so.1.0.0 "$PWD/lib/libx.so.1.0.0"; do
		ln -sfn "$target" lib/libx.so.1
		run_sov 0 links lib
		assert_output ""
	done
}

@test "a link into another directory stays while a library of its SONAME is there" {
	make_lib lib/libx.so.1.5 libx.so.1
	make_lib far/libx.so.1.0 libx.so.1
	ln -s ../far/libx.so.1.0 lib/libx.so.1
	run_sov 0 links -v lib
	assert_output "keep lib/libx.so.1 -> ../far/libx.so.1.0 (leads to another directory)"
	make_lib far/libx.so.1.0 libother.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.5 (was ../far/libx.so.1.0)"
	ln -sfn ../far/absent lib/libx.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.5 (was ../far/absent)"
}

@test "links that lead to nothing are removed with --prune-dangling only, linker names never" {
	mkdir lib
	ln -s libx.so.1.0 lib/libx.so.1
	ln -s libx.so.1.0.0 lib/libx.so.1.0
	ln -s liby.so.1 lib/liby.so.1
	ln -s libx.so.1 lib/libx.so
	ln -s absent lib/plugin.so.1
	run_sov 0 links -v lib
	assert_line --index 0 "keep lib/libx.so.1 -> libx.so.1.0 (leads nowhere; --prune-dangling removes it)"
	run_sov 0 links --prune-dangling lib
	assert_output "remove lib/libx.so.1 (was libx.so.1.0; leads nowhere)
remove lib/libx.so.1.0 (was libx.so.1.0.0; leads nowhere)
remove lib/liby.so.1 (was liby.so.1; leads nowhere)"
	run names lib
	assert_output "libx.so -> libx.so.1
plugin.so.1 -> absent"
}

@test "a link is not pruned that leads to something once the soname link is made" {
	make_lib lib/libx.so.1.0 libx.so.1
	ln -s libx.so.1 lib/libx.so.9
	run_sov 0 links --prune-dangling lib
	assert_output "link lib/libx.so.1 -> libx.so.1.0"
	[ -e lib/libx.so.9 ]
}

@test "libraries of machines that nothing here runs are linked too" {
	mkdir lib
	make_foreign lib/libarm.so.1.0 libarm.so.1 32 little 40
	make_foreign lib/libz390.so.1.0 libz390.so.1 64 big 22
	run_sov 0 links lib
	assert_output "link lib/libarm.so.1 -> libarm.so.1.0
link lib/libz390.so.1 -> libz390.so.1.0"
}

@test "of two machines under one SONAME the link moves within its own, and none is guessed" {
	mkdir lib
	make_foreign lib/libx.so.1.0 libx.so.1 64 little 62
	make_foreign lib/libx.so.1.1 libx.so.1 64 little 62
	make_foreign lib/libx.so.1.2 libx.so.1 32 little 3
	run_sov 1 links lib
	assert_output "refuse lib/libx.so.1 (libraries of two machines bear this SONAME: 386 of 32 bits, x86-64 of 64)"
	ln -s libx.so.1.0 lib/libx.so.1
	run_sov 0 links lib
	assert_output "link lib/libx.so.1 -> libx.so.1.1 (was libx.so.1.0)"
}

@test "--dry-run says the steps, --check exits 1 as well, and neither changes anything" {
	make_lib lib/libx.so.1.0 libx.so.1
	listing lib >before
	run_sov 0 links --dry-run lib
	assert_output "link lib/libx.so.1 -> libx.so.1.0"
	run_sov 1 links --check lib
	assert_output "link lib/libx.so.1 -> libx.so.1.0"
	diff before <(listing lib)
	run_sov 0 links lib
	run_sov 0 links --check lib
	assert_output ""
}

@test "--linker-names makes what is absent, dangling or another library's, to the newest major by number" {
	make_chain lib libx.so.9.0 libx.so.9
	make_chain lib libx.so.10.0 libx.so.10
	make_chain lib liby.so.1.0 liby.so.1
	make_chain lib libz.so.1.0 libz.so.1
	ln -s liby.so.0 lib/liby.so
	ln -s liby.so.1 lib/libz.so
	run_sov 0 links --linker-names lib
	assert_output "link lib/libx.so -> libx.so.10
link lib/liby.so -> liby.so.1 (was liby.so.0)
link lib/libz.so -> libz.so.1 (was liby.so.1)"
}

@test "--linker-names leaves one that leads to an older major, a file, a linker script, or elsewhere" {
	make_chain lib libold.so.1.0 libold.so.1 libold.so
	make_chain lib libold.so.2.0 libold.so.2
	make_chain lib libscript.so.1.0 libscript.so.1
	echo 'INPUT(libscript.so.1)' >lib/libscript.so
	make_chain lib libfar.so.1.0 libfar.so.1
	make_lib far/libfar.so.1.0 libfar.so.1
	ln -s ../far/libfar.so.1.0 lib/libfar.so
	make_lib lib/libplain.so libplain.so
	listing lib >before
	run_sov 0 links --linker-names lib
	assert_output ""
	run_sov 0 links -v --linker-names lib
	assert_line "keep lib/libold.so -> libold.so.1 (leads to a library of its name)"
	assert_line "keep lib/libscript.so (is a regular file)"
	diff before <(listing lib)
}

@test "a linker name is made for a soname link of the same run, and not for a refused one" {
	make_lib lib/libx.so.1.0 libx.so.1
	make_lib lib/liby.so.1.0 liby.so.1
	mkdir lib/liby.so.1
	run_sov 1 links --linker-names lib
	assert_output "link lib/libx.so.1 -> libx.so.1.0
refuse lib/liby.so.1 -> liby.so.1.0 (a directory stands there)
link lib/libx.so -> libx.so.1"
}

@test "--root: absolute links lead below it, and no path leads out" {
	make_lib stage/usr/lib/libx.so.1.0 libx.so.1
	make_lib stage/opt/libx.so.1.7 libx.so.1
	ln -s /opt/libx.so.1.7 stage/usr/lib/libx.so.1
	ln -s /usr/lib stage/lib
	run_sov 0 links -v --root stage /lib
	assert_output "keep stage/lib/libx.so.1 -> /opt/libx.so.1.7 (leads to another directory)"
	mkdir outside
	ln -s "$PWD/outside" stage/out
	run_sov 3 links --root stage out
	assert_output --partial "stage/out: error:"
}

@test "several directories: each is put right, whatever becomes of the others" {
	make_lib one/libx.so.1.0 libx.so.1
	make_lib two/liby.so.1.0 liby.so.1
	run_sov_split 3 links one absent two
	assert_output "link one/libx.so.1 -> libx.so.1.0
link two/liby.so.1 -> liby.so.1.0"
	[[ $stderr == "absent: error: "* ]]
	run_sov 1 links one two/liby.so.1.0
	assert_output --partial "two/liby.so.1.0: error: "
	run_sov 2 links
	assert_output --partial "links needs a directory"
}

@test "--like-ldconfig says what ldconfig -n would do, and what sov does otherwise; nothing changes" {
	make_lib lib/libx.so.1.0 libx.so.1
	cp lib/libx.so.1.0 lib/libx.so.1.0~
	ln -s absent lib/libold.so.1
	listing lib >before
	run_sov 1 links --like-ldconfig lib
	assert_output "remove lib/libold.so.1 (was absent; sov keeps it: leads nowhere; --prune-dangling removes it)
link lib/libx.so.1 -> libx.so.1.0~ (sov: -> libx.so.1.0)"
	diff before <(listing lib)
	rm lib/libx.so.1.0~ lib/libold.so.1
	run_sov 0 links --like-ldconfig lib
	assert_output "link lib/libx.so.1 -> libx.so.1.0"
	run_sov 1 links --like-ldconfig --check lib
}

@test "--like-ldconfig names what only sov would do" {
	mkdir lib
	make_foreign lib/libz390.so.1.0 libz390.so.1 64 big 22
	run_sov 1 links --like-ldconfig lib
	assert_output "keep lib/libz390.so.1 (sov: -> libz390.so.1.0)"
}

@test "--like-ldconfig foresees where ldconfig waits for ever" {
	mkdir lib
	mkfifo pipe
	ln -s ../pipe lib/libx.so.1
	run_sov 0 links --like-ldconfig lib
	assert_output "refuse lib/libx.so.1 (it waits here for ever: a fifo)"
}

@test "a machine reads the same as JSON" {
	make_lib lib/libx.so.1.0 libx.so.1
	make_lib lib/liby.so.1.0 libx.so.1
	run_sov 1 links --dry-run --format=json lib
	run -0 jq -c '[.planned, .summary, [.steps[] | [.verb, .path, .target]]]' <<<"$output"
	assert_output '[true,{"changes":1,"kept":0,"refused":1},[["refuse","lib/liby.so.1.0",null],["link","lib/libx.so.1","libx.so.1.0"]]]'
}

@test "names with newlines and blanks are shown with escapes and linked as they are" {
	make_lib $'lib/lib a\n.so.1.0' $'lib a\n.so.1'
	make_lib 'lib/lib b.so.1.0' 'lib b.so.1'
	run_sov 1 links lib
	assert_output "refuse lib/lib a\\n.so.1.0 (its SONAME, \"lib a\\n.so.1\", has control bytes)
link lib/lib b.so.1 -> lib b.so.1.0"
}

@test "--sync: a library is on the disk before a link leads to it" {
	make_lib lib/libx.so.1.0 libx.so.1
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 strace -qq -y -o trace -e trace=fsync,symlinkat,renameat \
		"$SOV_BINDIR/sov" links --sync lib
	run -0 sed -E 's/^([a-z]+)\(.*(libx\.so\.1\.0|lib>).*/\1 \2/' trace
	assert_line --index 0 "fsync libx.so.1.0"
	assert_line --index 1 --partial symlinkat
}

@test "what a killed run has left is swept, and nothing temporary stays" {
	make_lib lib/libx.so.1.0 libx.so.1
	ln -s libx.so.1.0 lib/.sov-link
	run_sov 0 links lib
	run names lib
	assert_output "libx.so.1 -> libx.so.1.0
libx.so.1.0"
}

@test "whoever looks for the soname finds it, while it is led on 400 times" {
	make_lib libx libx.so.1
	make_chain lib libx.so.1.0 libx.so.1
	{
		looks=0
		while [ ! -e stop ]; do
			[ -e lib/libx.so.1 ] || echo missed >>misses
			looks=$((looks + 1))
		done
		echo "$looks" >looks
	} 3>&- &
	local i
	for ((i = 1; i <= 400; i++)); do
		cp libx "lib/libx.so.1.$i"
		"$SOV_BINDIR/sov" links --no-sync lib >>steps
		rm -f "lib/libx.so.1.$((i - 2))"
	done
	touch stop
	wait
	[ "$(grep -c '^link lib/libx.so.1 -> ' steps)" = 400 ]
	[ "$(cat looks)" -gt 0 ]
	[ ! -e misses ]
}
