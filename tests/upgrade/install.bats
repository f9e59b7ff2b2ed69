# SPDX-License-Identifier: MIT
# sov install: what it makes, says and leaves alone.
load ../helper/common
load upgrade

setup_file() {
	prebuild
}

setup() {
	sov_setup
	mkdir .git # no sov.conf above counts
}

@test "the first install makes the three names, and says nothing" {
	run_sov_split 0 install "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$output$stderr" ""
	assert_equal "$(names lib)" "libdemo.so -> libdemo.so.2
libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.1.0"
	cmp "$BUILD/libdemo.so.2.1.0" lib/libdemo.so.2.1.0
}

@test "-v says what was done" {
	run_sov_split 0 install -v "$BUILD/libdemo.so.2.1.0" lib
	assert_output "mkdir lib
install lib/libdemo.so.2.1.0
link lib/libdemo.so.2 -> libdemo.so.2.1.0
link lib/libdemo.so -> libdemo.so.2"
	run_sov_split 0 install -v "$BUILD/libdemo.so.2.2.0" lib/
	assert_output "install lib/libdemo.so.2.2.0
link lib/libdemo.so.2 -> libdemo.so.2.2.0 (was libdemo.so.2.1.0)
keep lib/libdemo.so (leads to libdemo.so.2 already)"
}

@test "--dry-run says the same, and changes nothing" {
	run_sov_split 0 install --dry-run --root stage "$BUILD/libdemo.so.2.1.0" /usr/lib
	assert_output "mkdir stage/usr/lib
install stage/usr/lib/libdemo.so.2.1.0
link stage/usr/lib/libdemo.so.2 -> libdemo.so.2.1.0
link stage/usr/lib/libdemo.so -> libdemo.so.2"
	refute [ -e stage ]
	run_sov 0 install "$BUILD/libdemo.so.2.0.0" lib
	before=$(listing lib)
	run_sov_split 0 install --dry-run --backup "$BUILD/libdemo.so.2.1.0" lib
	assert_line -n 1 "link lib/libdemo.so.2 -> libdemo.so.2.1.0 (was libdemo.so.2.0.0)"
	run_sov 0 install --dry-run --strip --manifest list "$BUILD/libdemo.so.2.0.0" lib
	assert_line -n 0 "install lib/libdemo.so.2.0.0 (replaces another file)"
	assert_equal "$(listing lib)" "$before"
	refute [ -e list ]
}

@test "--dry-run needs no lock and no leave to write" {
	run_sov 0 install "$BUILD/libdemo.so.2.0.0" lib
	exec 9<lib
	flock 9
	run_sov 0 install --dry-run "$BUILD/libdemo.so.2.1.0" lib
	assert_line -n 0 "install lib/libdemo.so.2.1.0"
}

@test "json has every step, and what an act comes to" {
	run_sov_split 0 install --format=json "$BUILD/libdemo.so.2.0.0" lib
	run_sov_split 0 install --format=json "$BUILD/libdemo.so.2.1.0" lib
	jq -c 'del(.tool)' <<<"$output" >got
	assert_equal "$(cat got)" '{"format":1,"planned":false,"steps":[{"verb":"install","path":"lib/libdemo.so.2.1.0"},{"verb":"link","path":"lib/libdemo.so.2","target":"libdemo.so.2.1.0","was":"libdemo.so.2.0.0"},{"verb":"keep","path":"lib/libdemo.so","why":"leads to libdemo.so.2 already"}],"summary":{"changes":2,"kept":1,"refused":0}}'
	run_sov_split 0 install --dry-run -o json=plan.json "$BUILD/libdemo.so.2.2.0" lib
	assert_equal "$(jq -c '[.planned, .summary.changes]' plan.json)" '[true,2]'
}

@test "what is the same already is left alone, inode and all" {
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	before=$(listing lib)
	touch "$BUILD/libdemo.so.2.1.0" # times do not count
	run_sov_split 0 install -v "$BUILD/libdemo.so.2.1.0" lib
	assert_output "keep lib/libdemo.so.2.1.0 (the same already)
keep lib/libdemo.so.2 (leads to libdemo.so.2.1.0 already)
keep lib/libdemo.so (leads to libdemo.so.2 already)"
	assert_equal "$(listing lib)" "$before"
}

@test "other bytes of the same size and time are not the same" {
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	cp -p "$BUILD/libdemo.so.2.1.0" libdemo.so.2.1.0
	sed -i 's/libdemo\.so\.2\.1\.0/libdemo.so.2.1.X/' libdemo.so.2.1.0
	touch -r lib/libdemo.so.2.1.0 libdemo.so.2.1.0
	run_sov_split 0 install -v libdemo.so.2.1.0 lib
	assert_line -n 0 "install lib/libdemo.so.2.1.0 (replaces another file)"
	cmp libdemo.so.2.1.0 lib/libdemo.so.2.1.0
}

@test "another mode or owner is not the same, and is mended by a new file" {
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	chmod 4755 lib/libdemo.so.2.1.0
	run_sov_split 0 install -v "$BUILD/libdemo.so.2.1.0" lib
	assert_line -n 0 "install lib/libdemo.so.2.1.0 (replaces another file)"
	assert_equal "$(stat -c %a lib/libdemo.so.2.1.0)" 755
	run_sov_split 0 install -v --mode 644 "$BUILD/libdemo.so.2.1.0" lib
	assert_line -n 0 "install lib/libdemo.so.2.1.0 (replaces another file)"
}

@test "a library may be installed onto itself" {
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	before=$(listing lib)
	run_sov 0 install lib/libdemo.so lib
	assert_equal "$(listing lib)" "$before"
	run_sov 0 install --mode 600 lib/libdemo.so lib
	assert_equal "$(stat -c %a lib/libdemo.so.2.1.0)" 600
	cmp "$BUILD/libdemo.so.2.1.0" lib/libdemo.so.2.1.0
}

@test "an open file keeps its bytes when its name gets others" {
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	exec 8<lib/libdemo.so.2
	cp "$BUILD/libdemo.so.2.2.0" libdemo.so.2.1.0
	run_sov 0 install libdemo.so.2.1.0 lib
	cmp "$BUILD/libdemo.so.2.1.0" /dev/fd/8
	cmp "$BUILD/libdemo.so.2.2.0" lib/libdemo.so.2
}

@test "one file under three names is one library" {
	cp "$BUILD/libdemo.so.2.1.0" .
	ln -s libdemo.so.2.1.0 libdemo.so.2
	ln -s libdemo.so.2 libdemo.so
	run_sov_split 0 install -v libdemo.so* lib
	assert_output "mkdir lib
keep libdemo.so.2 (the same file as libdemo.so)
keep libdemo.so.2.1.0 (the same file as libdemo.so)
install lib/libdemo.so.2.1.0
link lib/libdemo.so.2 -> libdemo.so.2.1.0
link lib/libdemo.so -> libdemo.so.2"
}

@test "several libraries are one act: files first, then sonames, then linker names" {
	run_sov_split 0 install -v "$BUILD/libdemo.so.2.1.0" "$BUILD/libother.so.1.0.0" lib
	assert_output "mkdir lib
install lib/libdemo.so.2.1.0
install lib/libother.so.1.0.0
link lib/libdemo.so.2 -> libdemo.so.2.1.0
link lib/libother.so.1 -> libother.so.1.0.0
link lib/libdemo.so -> libdemo.so.2
link lib/libother.so -> libother.so.1"
}

# changes ARGS... - the calls by which `sov install ARGS` changes names and waits for the disk, a line each.
changes() {
	export ASAN_OPTIONS=detect_leaks=0
	strace -f -qq -y -o trace -e trace=linkat,rename,renameat,renameat2,symlink,symlinkat,unlink,unlinkat,fsync,flock \
		"$SOV_BINDIR/sov" install "$@"
	sed -nE 's/^[0-9]+ +//; /= 0$/!d; s/renameat2?\(.*, "([^"]*)".*/rename \1/; s/symlinkat\(.*, "([^"]*)".*/symlink \1/
		s/linkat\(.*, "([^"]*)", .*/link \1/; s/(fsync|flock)\([0-9]*<.*\/([^/>]*)(>\(deleted\))?[>,)].*/\1 \2/; p' trace
}

@test "the calls come in the order of the contract" {
	run_sov 0 install --linker-name=real "$BUILD/libdemo.so.2.0.0" lib
	assert_equal "$(changes "$BUILD/libdemo.so.2.1.0" lib | sed -E 's/^(fsync|flock) #.*/\1 draft/')" "flock lib
fsync draft
link .sov-file-0
rename libdemo.so.2.1.0
fsync lib
symlink .sov-link
rename libdemo.so.2
symlink .sov-link
rename libdemo.so
fsync lib
flock lib"
}

# fsyncs ARGS... - how often `sov install ARGS` waits for the disk.
fsyncs() {
	strace -f -qq -o trace -e trace=fsync,fdatasync,sync,syncfs,sync_file_range "$SOV_BINDIR/sov" install "$@"
	grep -c sync trace || true
}

@test "the disk is waited for, but not below a root; --sync and --no-sync say otherwise" {
	mkdir lib stage
	export ASAN_OPTIONS=detect_leaks=0
	assert [ "$(fsyncs "$BUILD/libdemo.so.2.0.0" lib)" -ge 3 ]
	# what is the same may have been written without: the file and the directory, twice
	assert_equal "$(fsyncs "$BUILD/libdemo.so.2.0.0" lib)" 3
	assert_equal "$(fsyncs --no-sync "$BUILD/libdemo.so.2.1.0" lib)" 0
	assert_equal "$(fsyncs --root stage "$BUILD/libdemo.so.2.1.0" lib)" 0
	assert [ "$(fsyncs --root stage --sync "$BUILD/libdemo.so.2.2.0" lib)" -ge 3 ]
	assert_equal "$(fsyncs --sync --no-sync --root '' "$BUILD/libdemo.so.2.2.0" lib)" 0
	# DESTDIR=/ is the running system
	assert [ "$(fsyncs --root / --allow-downgrade "$BUILD/libdemo.so.2.1.0" "$PWD/lib")" -ge 3 ]
}

@test "more libraries than the soft limit has descriptors" {
	mkdir many
	for i in {10..40}; do sed "s/libother.so.1/liboth$i.so.1/g" "$BUILD/libother.so.1.0.0" >"many/$i"; done
	(ulimit -Sn 32 && run_sov 0 install many/* lib)
	assert_equal "$(names lib | wc -l)" 62
	(ulimit -n 32 && install_refused 3 many/* lib)
}

@test "--root: no link leads out, and an absolute one leads to below it" {
	mkdir -p stage/usr/lib64 away
	ln -s /usr/lib64 stage/usr/lib
	ln -s ../../../away stage/usr/out
	run_sov 0 install --root stage "$BUILD/libdemo.so.2.1.0" usr/lib
	assert [ -f stage/usr/lib64/libdemo.so.2.1.0 ]
	run_sov 1 install --root stage "$BUILD/libdemo.so.2.1.0" usr/out
	assert_line -n 0 "stage/usr/out: error: cannot open the directory"
	assert_equal "$(names away)" ""
}

@test "--component: runtime, dev, and both together are all" {
	run_sov 0 install --root runtime --component=runtime "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(names runtime/lib)" "libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.1.0"
	run_sov_split 0 install --root dev --component=dev -v "$BUILD/libdemo.so.2.1.0" lib
	assert_output "mkdir dev/lib
link dev/lib/libdemo.so -> libdemo.so.2"
	assert_equal "$(names dev/lib)" "libdemo.so -> libdemo.so.2"
	run_sov 0 install --root dev --component=dev --linker-name=real "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(names dev/lib)" "libdemo.so -> libdemo.so.2.1.0"
	run_sov 0 install --root both --component=all "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(names both/lib | wc -l)" 3
}

@test "--manifest lists what belongs to the libraries, without the root" {
	run_sov 0 install --root stage --manifest list "$BUILD/libdemo.so.2.1.0" "$BUILD/libother.so.1.0.0" usr/./lib//
	assert_equal "$(cat list)" "/usr/lib/libdemo.so.2.1.0
/usr/lib/libdemo.so.2
/usr/lib/libdemo.so
/usr/lib/libother.so.1.0.0
/usr/lib/libother.so.1
/usr/lib/libother.so"
	# what was there already belongs to them too; what leads elsewhere does not
	cp list before
	run_sov 0 install --root stage --manifest list "$BUILD/libdemo.so.2.1.0" "$BUILD/libother.so.1.0.0" usr/lib
	cmp list before
	run_sov 0 install --root stage --manifest list "$BUILD/libdemo.so.3.0.0" usr/lib
	assert_equal "$(cat list)" "/usr/lib/libdemo.so.3.0.0
/usr/lib/libdemo.so.3"
}

@test "--manifest without a root is absolute" {
	mkdir here
	ln -s here there
	run_sov 0 install --component=dev --manifest list "$BUILD/libdemo.so.2.1.0" there
	assert_equal "$(cat list)" "$(pwd -P)/here/libdemo.so"
}

@test "--manifest: a directory that no line can name is refused before anything is published" {
	mkdir $'a\nb'
	run_sov_split 2 install --manifest list "$BUILD/libdemo.so.2.1.0" $'a\nb'
	assert_equal "$stderr" 'sov: error: a\nb: a manifest has a path a line, and this one has two lines'
	assert_equal "$(names $'a\nb')" ""
}

@test "--manifest that can't be written is exit status 3, and nothing is published" {
	mkdir lib
	for list in no/such/dir/list lib; do
		install_refused 3 --manifest $list "$BUILD/libdemo.so.2.1.0" lib
		assert_regex "$stderr" "^$list: error: cannot be written: "
	done
	run_sov 0 install --manifest lib2/list "$BUILD/libdemo.so.2.1.0" lib2
	run_sov 0 install --manifest /dev/stdout "$BUILD/libdemo.so.2.1.0" lib
	assert_line "$(pwd -P)/lib/libdemo.so"
}

@test "foreign architectures are installed as our own" {
	for prefix in s390x-linux-gnu arm-linux-gnueabihf; do
		echo 'int f(void); int f(void) { return 1; }' |
			"$prefix-gcc" -shared -fPIC -nostdlib -Wl,-soname,libdemo.so.2 -o libdemo.so.2.1.0 -x c -
		run_sov 0 install libdemo.so.2.1.0 "$prefix"
		assert_equal "$(names "$prefix" | wc -l)" 3
		run_sov_split 0 install -v libdemo.so.2.1.0 "$prefix"
		assert_line -n 0 "keep $prefix/libdemo.so.2.1.0 (the same already)"
	done
}

@test "TERM while the lock is waited for ends it by that signal" {
	mkdir lib
	exec 9<lib
	flock 9
	"$SOV_BINDIR/sov" install "$BUILD/libdemo.so.2.1.0" lib 9<&- &
	pid=$!
	# the directory is opened after the signals are provided for
	until [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$SOV_BINDIR/sov")" ] &&
		ls -l "/proc/$pid/fd" | grep -q '/lib$'; do sleep 0.01; done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$? # by run, it would be no child of the shell that waits
	assert_equal "$status" 143
	assert_equal "$(names lib)" ""
}

@test "mistakes on the command line are exit status 2, and nothing is made" {
	install_refused 2
	assert_equal "$stderr" "sov: error: install needs a library and a directory
  expected: sov install LIB... DIR"
	install_refused 2 "$BUILD/libdemo.so.2.1.0"
	install_refused 2 --component=libs "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "sov: error: --component: unknown word
  expected: all, runtime, dev
  found:    libs"
	install_refused 2 --linker-name=sonmae "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "sov: error: --linker-name: unknown word
  expected: soname, real, keep, none
  found:    sonmae
  fix:      did you mean soname?"
	for mode in 8 u+x 10000 '' 07777x; do
		install_refused 2 --mode="$mode" "$BUILD/libdemo.so.2.1.0" lib
		assert_regex "$stderr" "^sov: error: --mode: not a mode"
	done
	for owner in '' : nosuchuser nosuchuser:root root:nosuchgroup 4294967295 +root -1; do
		install_refused 2 --owner="$owner" "$BUILD/libdemo.so.2.1.0" lib
		assert_regex "$stderr" "^sov: error: --owner: there is no such (user|group)"
	done
	install_refused 2 --uninstall --manifest list "$BUILD/libdemo.so.2.1.0" lib
	assert_regex "$stderr" "^sov: error: --manifest: says all that is to be uninstalled"
}

@test "an empty DIR is a usage error, never the current directory" {
	for command in "install $BUILD/libdemo.so.2.1.0" "install --uninstall $BUILD/libdemo.so.2.1.0" \
		"install --root=stage $BUILD/libdemo.so.2.1.0" "links ." "prune ."; do
		# shellcheck disable=SC2086 # words
		run_sov_split 2 $command ""
		assert_equal "$stderr" "sov: error: the directory has no name
  expected: a directory
  found:    \"\"
  fix:      the current one is '.'"
	done
	assert_equal "$(names . | grep demo)" ""
}

@test "a relative LIB below a directory that is not searchable from above" {
	install -d -o 65534 closed/work
	cp "$BUILD/libdemo.so.2.1.0" closed/work
	ln -s libdemo.so.2.1.0 closed/work/any
	mkdir closed/work/sub
	ln -s ../any closed/work/sub/far
	cp "$SOV_BINDIR/sov" closed/work
	chmod 700 closed
	(cd closed/work && setpriv --reuid 65534 --regid 65534 --clear-groups -- \
		bash -c './sov install any lib && ./sov install sub/far lib2')
	assert_equal "$(names closed/work/lib)" "libdemo.so -> libdemo.so.2
libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.1.0"
	assert_equal "$(names closed/work/lib2)" "$(names closed/work/lib)"
}

@test "'..' in DIR below a root is a usage error" {
	for dir in .. ../lib lib/.. /usr/../lib usr/..//lib/; do
		install_refused 2 --root=stage "$BUILD/libdemo.so.2.1.0" "$dir"
		assert_equal "$stderr" "sov: error: $dir: has '..' in it, below a root
  fix:      name the directory itself, as it is below the root"
	done
	run_sov 0 install --root=stage "$BUILD/libdemo.so.2.1.0" ..lib/...
	mkdir sub
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" sub/../lib
}

@test "--manifest without a file name is a usage error" {
	install_refused 2 --manifest= "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "sov: error: --manifest: the file has no name
  expected: a file
  found:    \"\""
	install_refused 2 --uninstall --manifest=
}
