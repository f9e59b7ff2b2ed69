# SPDX-License-Identifier: MIT
# sov install --uninstall: what was installed goes, nothing else, and no link dangles.
load ../helper/common
load upgrade

setup_file() {
	prebuild
}

setup() {
	sov_setup
	mkdir .git
}

put() {
	run_sov 0 install "$BUILD/libdemo.so.$1" lib "${@:2}"
}

# take VERSION [ARGS...] - uninstall that version of libdemo from lib; steps in $output.
take() {
	run_sov_split 0 install --uninstall -v "$BUILD/libdemo.so.$1" lib "${@:2}"
}

@test "what was installed goes: linker name, soname link, file" {
	put 2.1.0
	take 2.1.0
	assert_output "remove lib/libdemo.so
remove lib/libdemo.so.2
remove lib/libdemo.so.2.1.0"
	assert_equal "$(names lib)" ""
}

@test "a second time there is nothing to remove, which is no error" {
	put 2.1.0
	take 2.1.0
	take 2.1.0
	assert_output "keep lib/libdemo.so.2.1.0 (is not there)
keep lib/libdemo.so.2 (is not there)
keep lib/libdemo.so (is not there)"
}

@test "--dry-run says the same, and changes nothing" {
	put 2.1.0
	before=$(listing lib)
	run_sov_split 0 install --uninstall --dry-run "$BUILD/libdemo.so.2.1.0" lib
	assert_output "remove lib/libdemo.so
remove lib/libdemo.so.2
remove lib/libdemo.so.2.1.0"
	assert_equal "$(listing lib)" "$before"
}

@test "the soname goes back to the newest file that stays" {
	put 2.0.0
	put 2.1.0
	put 2.2.0
	take 2.2.0
	assert_output "link lib/libdemo.so.2 -> libdemo.so.2.1.0 (was libdemo.so.2.2.0)
remove lib/libdemo.so.2.2.0"
	assert_equal "$(names lib)" "libdemo.so -> libdemo.so.2
libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.0.0
libdemo.so.2.1.0"
}

@test "a linker name to the real name goes back with it" {
	put 2.0.0
	put 2.1.0 --linker-name=real
	take 2.1.0
	assert_output "link lib/libdemo.so -> libdemo.so.2.0.0 (was libdemo.so.2.1.0)
link lib/libdemo.so.2 -> libdemo.so.2.0.0 (was libdemo.so.2.1.0)
remove lib/libdemo.so.2.1.0"
}

@test "an older one goes without a word about the links of the newer" {
	put 2.0.0
	put 2.1.0
	take 2.0.0
	assert_output "keep lib/libdemo.so (leads to a file that stays)
keep lib/libdemo.so.2 (leads to a file that stays)
remove lib/libdemo.so.2.0.0"
}

@test "another major and its linker name stay" {
	put 2.1.0
	put 3.0.0 --linker-name=soname
	take 2.1.0
	assert_equal "$(names lib)" "libdemo.so -> libdemo.so.3
libdemo.so.3 -> libdemo.so.3.0.0
libdemo.so.3.0.0"
}

@test "two versions at once: the soname passes both" {
	put 2.0.0
	put 2.1.0
	put 2.2.0
	run_sov 0 install --uninstall "$BUILD/libdemo.so.2.2.0" "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(names lib)" "libdemo.so -> libdemo.so.2
libdemo.so.2 -> libdemo.so.2.0.0
libdemo.so.2.0.0"
}

@test "no link dangles between any two calls" {
	put 2.0.0
	put 2.1.0 --linker-name=real
	export ASAN_OPTIONS=detect_leaks=0
	strace -f -qq -o trace -e trace=unlink,unlinkat,rename,renameat,renameat2 \
		"$SOV_BINDIR/sov" install --uninstall "$BUILD/libdemo.so.2.1.0" lib
	run -0 sed -nE 's/.*"([^"]*)".*= 0$/\1/p' trace
	assert_output "libdemo.so
libdemo.so.2
libdemo.so.2.1.0"
}

@test "--component: runtime takes a linker name along that would dangle, dev takes that alone" {
	put 2.1.0
	take 2.1.0 --component=dev
	assert_output "remove lib/libdemo.so"
	put 2.1.0
	take 2.1.0 --component=runtime
	assert_output "remove lib/libdemo.so
remove lib/libdemo.so.2
remove lib/libdemo.so.2.1.0"
	put 3.0.0
	take 2.1.0 --component=dev
	assert_output "keep lib/libdemo.so (leads to another library)"
}

@test "a rebuilt library is what was installed: its bytes do not count" {
	put 2.1.0
	cp "$BUILD/libdemo.so.2.2.0" libdemo.so.2.1.0
	run_sov 0 install --uninstall libdemo.so.2.1.0 lib
	assert_equal "$(names lib)" ""
}

@test "a library may be named by where it is installed" {
	put 2.1.0
	run_sov 0 install --uninstall lib/libdemo.so lib
	assert_equal "$(names lib)" ""
}

@test "a file of another SONAME, or no library, is not removed, and nothing else is" {
	put 2.1.0
	make_lib lib/libdemo.so.2.1.0 libdemo.so.9
	install_refused 1 --uninstall "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "lib/libdemo.so.2.1.0: error: is not what was installed, and is not removed
  expected: a shared library, SONAME libdemo.so.2
  found:    SONAME libdemo.so.9
  fix:      remove it by hand if it may go"
	echo text >lib/libdemo.so.2.1.0
	install_refused 1 --uninstall "$BUILD/libother.so.1.0.0" "$BUILD/libdemo.so.2.1.0" lib
	assert_regex "$stderr" "found:    script"
	rm lib/libdemo.so.2.1.0
	mkdir lib/libdemo.so.2.1.0
	install_refused 1 --uninstall "$BUILD/libdemo.so.2.1.0" lib
	assert_regex "$stderr" "found:    a directory"
}

@test "a linker script and a soname that is a file are not links that were made" {
	put 2.1.0 --linker-name=none
	echo 'INPUT(libdemo.so.2)' >lib/libdemo.so
	take 2.1.0
	assert_line "keep lib/libdemo.so (a file, and not the link that was made)"
	assert_equal "$(names lib)" libdemo.so
}

@test "a soname link in other words than a bare name goes back as well" {
	local target
	ln -s lib far
	for target in "$PWD/lib/libdemo.so.2.1.0" ../lib/libdemo.so.2.1.0 ../far/libdemo.so.2.1.0 .//libdemo.so.2.1.0; do
		put 2.0.0
		run_sov 0 install --manifest new "$BUILD/libdemo.so.2.1.0" lib
		ln -sfn "$target" lib/libdemo.so.2
		take 2.1.0
		assert_output "link lib/libdemo.so.2 -> libdemo.so.2.0.0 (was $target)
remove lib/libdemo.so.2.1.0"
		assert_equal "$(names lib)" "libdemo.so -> libdemo.so.2
libdemo.so.2 -> libdemo.so.2.0.0
libdemo.so.2.0.0"
		put 2.1.0
		ln -sfn "$target" lib/libdemo.so.2
		run_sov 0 install --uninstall --manifest new
		assert_equal "$(readlink lib/libdemo.so.2)" libdemo.so.2.0.0
		rm -r lib
	done
}

@test "links by way of another directory lead here all the same" {
	put 2.1.0
	put 2.0.0 --allow-downgrade
	mkdir other
	ln -s ../lib/libdemo.so.2.1.0 other/current
	ln -sfn ../other/current lib/libdemo.so.2
	take 2.1.0
	assert_output "link lib/libdemo.so.2 -> libdemo.so.2.0.0 (was ../other/current)
remove lib/libdemo.so.2.1.0"
	put 2.1.0
	ln -sfn "$PWD/lib/libdemo.so.2" lib/libdemo.so
	take 2.0.0
	take 2.1.0
	assert_equal "$(names lib)" ""
}

@test "a further link that would dangle stops it, and nothing is changed" {
	local target
	put 2.0.0
	put 2.1.0
	for target in libdemo.so.2.0.0 "$PWD/lib/libdemo.so.2.0.0"; do
		ln -sfn "$target" lib/libcompat.so.7
		install_refused 1 --uninstall "$BUILD/libdemo.so.2.0.0" lib
		assert_equal "$stderr" "lib/libcompat.so.7: error: leads to libdemo.so.2.0.0, which is to be removed
  expected: no link to it but those that were installed with it
  found:    a link to $target
  fix:      move it away, then try again"
		take 2.1.0
		assert_line "remove lib/libdemo.so.2.1.0"
		put 2.1.0
	done
	ln -s libdemo.so.2.0.0 lib/libcompat.so
	rm lib/libcompat.so.7
	install_refused 1 --uninstall "$BUILD/libdemo.so.2.0.0" lib
	assert_regex "$stderr" "^lib/libcompat.so: error: leads to"
	rm lib/libcompat.so
	ln -s libdemo.so.2.0.0 lib/libdemo.so.2.0
	install_refused 1 --uninstall "$BUILD/libdemo.so.2.0.0" lib
}

@test "a further link by way of the soname follows it, and stops it only when the soname goes" {
	put 2.0.0
	put 2.1.0
	ln -s libdemo.so.2 lib/libcompat.so.7
	take 2.1.0
	assert_equal "$(cd lib && readlink -e libcompat.so.7)" "$(readlink -f lib/libdemo.so.2.0.0)"
	install_refused 1 --uninstall "$BUILD/libdemo.so.2.0.0" lib
}

@test "a file that bears the soname itself hands it on" {
	make_lib a/libx.so.1 libx.so.1
	make_lib lib/libx.so.1.0 libx.so.1
	run_sov 1 install a/libx.so.1 lib
	run_sov 0 install --allow-downgrade a/libx.so.1 lib
	run_sov_split 0 install --uninstall -v a/libx.so.1 lib
	assert_output "remove lib/libx.so.1
link lib/libx.so.1 -> libx.so.1.0"
	assert_equal "$(names lib)" "libx.so -> libx.so.1
libx.so.1 -> libx.so.1.0
libx.so.1.0"
}

@test "a file that bears the soname is never gone before the link that follows it is made" {
	make_lib a/libw.so.1 libw.so.1
	make_lib lib/libw.so.1 libw.so.1
	make_lib lib/libw.so.1.2 libw.so.1
	export ASAN_OPTIONS=detect_leaks=0
	before=$(names lib)
	run -3 strace -f -qq -o trace -e trace=symlinkat -e inject=symlinkat:error=ENOSPC \
		"$SOV_BINDIR/sov" install --uninstall a/libw.so.1 lib
	assert_equal "$(names lib)" "$before"
	run -0 strace -f -qq -o trace -e trace=unlink,unlinkat,rename,renameat,renameat2 \
		"$SOV_BINDIR/sov" install --uninstall a/libw.so.1 lib
	run -0 sed -nE 's/^[0-9]* *([a-z]*).*"([^"]*)".*= 0$/\1 \2/p' trace
	assert_output "renameat libw.so.1"
	assert_equal "$(readlink lib/libw.so.1)" libw.so.1.2
}

@test "--manifest removes exactly what it lists, in every directory" {
	run_sov 0 install --root stage --manifest a "$BUILD/libdemo.so.2.1.0" usr/lib
	run_sov 0 install --root stage --manifest b "$BUILD/libother.so.1.0.0" usr/lib64
	run_sov 0 install --root stage "$BUILD/libother.so.1.0.0" usr/lib
	cat a b >list
	run_sov_split 0 install --uninstall --root stage --manifest list -v
	assert_output "remove stage/usr/lib/libdemo.so
remove stage/usr/lib/libdemo.so.2
remove stage/usr/lib/libdemo.so.2.1.0
remove stage/usr/lib64/libother.so
remove stage/usr/lib64/libother.so.1
remove stage/usr/lib64/libother.so.1.0.0"
	assert_equal "$(names stage/usr/lib | wc -l)" 3
	assert_equal "$(names stage/usr/lib64)" ""
}

@test "--manifest and --component together are refused: the list says what goes" {
	run_sov 0 install --manifest new "$BUILD/libdemo.so.2.1.0" lib
	run_sov 2 install --uninstall --component=dev --manifest new
	assert_output "sov: error: --component: a manifest says itself what goes
  fix:      give LIB... DIR, or leave --component out"
	[ -e lib/libdemo.so.2.1.0 ]
}

@test "--manifest of an older version leaves the links that a newer one has now" {
	run_sov 0 install --manifest old "$BUILD/libdemo.so.2.0.0" lib
	run_sov 0 install --manifest new "$BUILD/libdemo.so.2.1.0" lib
	run_sov 0 install --uninstall --manifest old
	assert_equal "$(names lib)" "libdemo.so -> libdemo.so.2
libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.1.0"
	run_sov 0 install --uninstall --manifest new
	assert_equal "$(names lib)" ""
}

@test "--manifest of a -dev package takes the linker name although the library stays" {
	put 2.1.0 --component=runtime
	run_sov 0 install --component=dev --manifest dev "$BUILD/libdemo.so.2.1.0" lib
	run_sov 0 install --uninstall --manifest dev
	assert_equal "$(names lib)" "libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.1.0"
}

@test "a manifest that lists what no library is called is refused whole" {
	put 2.1.0
	echo "$PWD/lib/libdemo.so" >list
	echo "$PWD/lib/../list" >>list
	install_refused 2 --uninstall --manifest list
	assert_equal "$stderr" "list:2: error: not the name of a shared library
  expected: a path that sov install --manifest has listed
  found:    $PWD/lib/../list"
	echo lib/libdemo.so >list
	install_refused 2 --uninstall --manifest list
	assert_regex "$stderr" "^list:1: error: not an absolute path"
	printf '/lib/libx.so\0.1\n' >list
	install_refused 2 --uninstall --manifest list
	assert_equal "$stderr" "list: error: not a manifest: it has a NUL byte"
	install_refused 3 --uninstall --manifest nosuch
}

@test "a directory that is gone holds nothing; the others are cleared" {
	run_sov 0 install --root . --manifest a "$BUILD/libdemo.so.2.1.0" lib
	run_sov 0 install --root . --manifest b "$BUILD/libother.so.1.0.0" zlib
	echo "/nosuch/lib/libx.so" | cat a b - >list
	rm -r lib
	run_sov_split 0 install --uninstall --root . --manifest list -v
	assert_output "keep ./lib/libdemo.so (is not there)
keep ./lib/libdemo.so.2 (is not there)
keep ./lib/libdemo.so.2.1.0 (is not there)
keep ./nosuch/lib/libx.so (is not there)
remove ./zlib/libother.so
remove ./zlib/libother.so.1
remove ./zlib/libother.so.1.0.0"
	[ ! -e lib ] && [ ! -e nosuch ]
	take 2.1.0
	assert_line "keep lib/libdemo.so.2.1.0 (is not there)"
}

@test "what is no directory, in place of one, is an error, and nothing is removed" {
	run_sov 0 install --root . --manifest a "$BUILD/libdemo.so.2.1.0" lib
	echo "/tool/libx.so" | cat a - >list
	: >tool
	install_refused 1 --uninstall --root . --manifest list
}

@test "an empty manifest lists nothing to do" {
	: >list
	run_sov 0 install --uninstall --manifest list
}
