# SPDX-License-Identifier: MIT
# sov users: which running processes map which real file.
load ../helper/common
load upgrade
load hold

# A SONAME asks for every process of the machine: the library has a name that no other test's has.
setup_file() {
	export X=libx$$
	cd "$BATS_FILE_TMPDIR"
	make_lib $X.so.1.0 $X.so.1
	make_lib $X.so.1.1 $X.so.1 -DNEWER
	make_lib $X.so.2.0 $X.so.2
}

# lib/, a real directory below $HERE: version 1.0 as it lies installed.
setup() {
	sov_setup
	HERE=$(pwd -P)
	put $X.so.1.0 $X.so.1
	ln -s $X.so.1 lib/$X.so
}

teardown() {
	release_all
}

# put REAL SONAME - install a library that setup_file made: a new file under its name, then its soname link.
put() {
	mkdir -p lib
	cp "$BATS_FILE_TMPDIR/$1" lib/.new
	mv lib/.new "lib/$1"
	ln -sf "$1" "lib/$2"
}

# run_users STATUS ARGS... - sov users; its lines in $output.
run_users() {
	run_sov_split "$1" users "${@:2}"
}

# private COMMAND... - in a mount namespace of its own.
private() {
	local propagation=private
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount"
	unshare --mount true 2>/dev/null || propagation=unchanged
	unshare --mount --propagation "$propagation" "$@"
}

# open_to_all - let every user reach the directory of the test.
open_to_all() {
	chmod 711 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"
}

me() {
	id -un
}

@test "a process that maps the present file is shown, and needs no restart" {
	hold lib/$X.so.1
	run_users 0 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 present"
}

@test "nobody maps it: nothing is printed" {
	run_users 0 lib/$X.so.1
	assert_output ""
}

@test "every name of a library asks for the same" {
	hold lib/$X.so.1
	expected="$HELD hold $(me) $HERE/lib/$X.so.1.0 present"
	for name in lib/$X.so lib/$X.so.1 lib/$X.so.1.0 "$HERE/lib/../lib/$X.so.1"; do
		run_users 0 "$name"
		assert_output "$expected"
	done
	cd lib
	run_users 0 $X.so.1
	assert_output "$expected"
	ln -s lib ../way
	run_users 0 ../way/$X.so.1
	assert_output "$expected"
}

@test "a minor upgrade under a new real name: who maps the old one needs a restart" {
	hold lib/$X.so.1
	old=$HELD
	put $X.so.1.1 $X.so.1
	hold lib/$X.so.1
	run_users 1 lib/$X.so.1
	assert_line "$old hold $(me) $HERE/lib/$X.so.1.0 old, $X.so.1 leads to $X.so.1.1, needs restart"
	assert_line "$HELD hold $(me) $HERE/lib/$X.so.1.1 present"
	assert_equal "${#lines[@]}" 2
}

@test "a rebuild under the same real name: who maps the old file needs a restart" {
	hold lib/$X.so.1
	old=$HELD
	put $X.so.1.0 $X.so.1
	hold lib/$X.so.1
	run_users 1 lib/$X.so.1
	assert_line "$old hold $(me) $HERE/lib/$X.so.1.0 replaced, needs restart"
	assert_line "$HELD hold $(me) $HERE/lib/$X.so.1.0 present"
}

@test "a deleted file: who maps it needs a restart" {
	hold lib/$X.so.1
	put $X.so.1.1 $X.so.1
	rm lib/$X.so.1.0
	run_users 1 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 deleted, needs restart"
}

@test "a library that is gone whole can be asked for by the path that it had, which is said" {
	hold lib/$X.so.1
	rm lib/*
	for name in $X.so.1 $X.so.1.0; do
		run_users 1 "lib/$name"
		assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 deleted, needs restart"
		assert_regex "$stderr" "lib/$name: warning: nothing has this name now"
	done
}

@test "a file that was moved away under a process is old, and one moved back is present" {
	hold lib/$X.so.1
	mv lib/$X.so.1.0 lib/$X.so.1.0.bak
	put $X.so.1.1 $X.so.1
	run_users 1 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0.bak old, $X.so.1 leads to $X.so.1.1, needs restart"
	rm lib/$X.so.1.1
	mv lib/$X.so.1.0.bak lib/$X.so.1.0
	ln -sf $X.so.1.0 lib/$X.so.1
	run_users 0 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 present"
}

@test "a file that lost its name and got it back by a hard link is present" {
	hold lib/$X.so.1
	ln lib/$X.so.1.0 lib/saved
	rm lib/$X.so.1.0
	run_users 1 lib/$X.so.1
	assert_output --partial " deleted, needs restart"
	ln lib/saved lib/$X.so.1.0
	run_users 0 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 present"
}

@test "a major upgrade: the users of the old soname are on the present file of that" {
	hold lib/$X.so.1
	one=$HELD
	put $X.so.2.0 $X.so.2
	ln -sf $X.so.2 lib/$X.so
	hold lib/$X.so.2
	run_users 0 lib/$X.so.1
	assert_output "$one hold $(me) $HERE/lib/$X.so.1.0 present"
	run_users 0 lib/$X.so
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.2.0 present"
	run_users 0 lib
	assert_equal "${#lines[@]}" 2
}

@test "a SONAME asks everywhere, by names and by what files say of themselves" {
	mkdir other elsewhere
	cp "$BATS_FILE_TMPDIR/$X.so.1.1" other/
	cp "$BATS_FILE_TMPDIR/$X.so.1.1" elsewhere/$X-1.1.so
	make_lib elsewhere/$X.so.1.5 liby.so.1
	for file in lib/$X.so.1 other/$X.so.1.1 elsewhere/$X-1.1.so elsewhere/$X.so.1.5; do
		hold "$file"
	done
	run_users 0 $X.so.1
	assert_line "${HOLD_PIDS[0]} hold $(me) $HERE/lib/$X.so.1.0 present"
	assert_line "${HOLD_PIDS[1]} hold $(me) $HERE/other/$X.so.1.1 present"
	assert_line "${HOLD_PIDS[2]} hold $(me) $HERE/elsewhere/$X-1.1.so present"
	refute_line --partial $X.so.1.5
	# without a number: every major; a number is no prefix of a longer one
	run_users 0 $X.so
	assert_line --partial "$HERE/lib/$X.so.1.0 present"
	make_lib far/$X.so.10.0 $X.so.10
	make_lib far/$X.so.10.1
	hold far/$X.so.10.0 far/$X.so.10.1
	run_users 0 $X.so.1
	refute_line --partial far
}

@test "a file without SONAME is asked for by its name" {
	make_lib plugin/filter-$X.so
	hold plugin/filter-$X.so
	run_users 0 plugin/filter-$X.so
	assert_output "$HELD hold $(me) $HERE/plugin/filter-$X.so present"
	run_users 0 filter-$X.so
	assert_line "$HELD hold $(me) $HERE/plugin/filter-$X.so present"
}

@test "another directory's library of the same SONAME is not meant by a path" {
	mkdir other lib/below
	cp lib/$X.so.1.0 other/
	cp lib/$X.so.1.0 lib/below/
	hold other/$X.so.1.0 lib/below/$X.so.1.0
	run_users 0 lib/$X.so.1
	assert_output ""
}

@test "the same file by a hard link in another directory is meant" {
	mkdir other
	ln lib/$X.so.1.0 other/any-name
	hold other/any-name
	run_users 0 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/other/any-name present"
}

@test "a directory asks for every library in it and below, and for no other" {
	make_lib lib/plugins/deep/filter-$X.so
	make_lib library/liby.so.1
	make_lib lib/plain-file
	for file in lib/$X.so.1 lib/plugins/deep/filter-$X.so library/liby.so.1 lib/plain-file; do
		hold "$file"
	done
	run_users 0 lib
	assert_line "${HOLD_PIDS[0]} hold $(me) $HERE/lib/$X.so.1.0 present"
	assert_line "${HOLD_PIDS[1]} hold $(me) $HERE/lib/plugins/deep/filter-$X.so present"
	assert_equal "${#lines[@]}" 2
	run_users 0 lib/
	assert_equal "${#lines[@]}" 2
	rm lib/$X.so.1.0
	run_users 1 lib
	assert_line "${HOLD_PIDS[0]} hold $(me) $HERE/lib/$X.so.1.0 deleted, needs restart"
	run_users 1 /
	assert_line "${HOLD_PIDS[0]} hold $(me) $HERE/lib/$X.so.1.0 deleted, needs restart"
	assert_line --partial "$HERE/library/liby.so.1 present"
}

@test "several operands are one question" {
	make_lib other/liby.so.1
	hold lib/$X.so.1 other/liby.so.1
	run_users 0 lib/$X.so.1 other lib
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 present
$HELD hold $(me) $HERE/other/liby.so.1 present"
}

@test "a file that is only read is shown, and nobody needs a restart for it" {
	hold -r lib/$X.so.1
	run_users 0 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 present, only read"
	rm lib/$X.so.1.0
	run_users 0 lib
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 deleted, only read"
}

@test "a file that is called so is not deleted, until it is" {
	make_lib "lib/$X.so.1.0 (deleted)"
	hold "lib/$X.so.1.0 (deleted)"
	run_users 0 lib
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 (deleted) present"
	rm "lib/$X.so.1.0 (deleted)"
	run_users 1 lib
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 (deleted) deleted, needs restart"
}

@test "a deleted file is deleted although another one is called \"(deleted)\"" {
	hold lib/$X.so.1
	rm lib/$X.so.1.0
	cp "$BATS_FILE_TMPDIR/$X.so.1.0" "lib/$X.so.1.0 (deleted)"
	run_users 1 lib
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 deleted, needs restart"
}

@test "newlines in names, and what the kernel writes for them as part of a name" {
	make_lib $'lib/a\nb.so'
	make_lib 'lib/c\012d.so'
	hold $'lib/a\nb.so' 'lib/c\012d.so'
	run_users 0 lib
	assert_output "$HELD hold $(me) $HERE/lib/a\\nb.so present
$HELD hold $(me) $HERE/lib/c\\\\012d.so present"
	run_users 0 --format=json lib
	assert_equal "$(jq -r '.users[].file' <<<"$output")" "$HERE/lib/a
b.so
$HERE/lib/c\\012d.so"
}

@test "control bytes of a command's name are escapes" {
	cp "$HOLD" $'evil\e[2J\nx'
	HOLD=$PWD/$'evil\e[2J\nx' hold lib/$X.so.1
	run_users 0 lib/$X.so.1
	assert_output "$HELD evil\\x1B[2J\\nx $(me) $HERE/lib/$X.so.1.0 present"
}

@test "a library that lies in memory only is nobody's file" {
	cp lib/$X.so.1.0 $X.so.1.0
	hold -m $X.so.1.0
	run_users 0 $X.so.1.0
	assert_output ""
	run "$SOV_BINDIR/sov" users /
	refute_output --partial memfd
}

@test "a process whose first thread has ended is seen by another one" {
	hold -t lib/$X.so.1
	rm lib/$X.so.1.0
	# the first thread ends after it has started the one that says it is ready
	while [ -s "/proc/$HELD/maps" ] && [ -n "$(cat "/proc/$HELD/maps")" ]; do
		sleep 0.05
	done
	run_users 1 lib
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 deleted, needs restart"
}

@test "processes that start and end meanwhile are no error" {
	(while [ ! -e stop ]; do "$HOLD" lib/$X.so.1 </dev/null >/dev/null; done) 3>&- &
	starter=$!
	for _ in {1..40}; do
		run "$SOV_BINDIR/sov" users -q lib/$X.so.1
		[ "$status" -eq 0 ] || break
	done
	touch stop
	wait "$starter"
	assert_success
	refute_output --partial error
}

@test "json says what each process maps, and what was not seen" {
	hold lib/$X.so.1
	put $X.so.1.1 $X.so.1
	run_users 1 --format=json lib/$X.so.1
	assert_equal "$(jq -c '[.format, .asked]' <<<"$output")" '[1,["lib/'"$X"'.so.1"]]'
	assert_equal "$(jq -c '.users' <<<"$output")" "[{\"pid\":$HELD,\"command\":\"hold\",\"user\":\"$(me)\",\"uid\":$(id -u),\
\"file\":\"$HERE/lib/$X.so.1.0\",\"soname\":\"$X.so.1\",\"state\":\"old\",\"now\":\"$HERE/lib/$X.so.1.1\",\
\"runs\":true,\"another_root\":false,\"needs_restart\":true}]"
	assert_equal "$(jq -c '.summary | [.processes > 1, .need_restart, (.unreadable | type), .hidden]' <<<"$output")" \
		'[true,1,"number",false]'
}

@test "-v counts" {
	hold lib/$X.so.1
	run_users 0 -v lib/$X.so.1
	assert_line --regexp "^0 of [0-9]+ processes need a restart"
	rm lib/$X.so.1.0
	run_users 1 -v lib
	assert_line --regexp "^1 of [0-9]+ processes needs a restart"
}

@test "what names no library is a usage error" {
	run_users 2
	assert_equal "$stderr" "sov: error: users needs a library, a SONAME or a directory"
	echo text >lib/README
	for operand in lib/README README "$HOLD" /dev/null ""; do
		run_sov_split 2 users "$operand"
		assert_regex "$stderr" "names no shared library"
	done
}

@test "a path that nothing has, and that is no library's, is an error" {
	for operand in lib/none ./nodir /nonexist; do
		run_users 3 "$operand"
		assert_equal "$stderr" "$operand: error: cannot find the file: No such file or directory"
	done
}

@test "a directory that is not there is an error" {
	run_users 3 nosuch/$X.so.1
	assert_equal "$stderr" "nosuch: error: cannot open the directory: No such file or directory"
}

# What is no library by its bytes is asked for by its name: an upgrade may have gone wrong.
@test "a broken file under the name of a library: who maps the right one needs a restart" {
	hold lib/$X.so.1
	echo broken >lib/.new
	mv lib/.new lib/$X.so.1.0
	run_users 1 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 replaced, needs restart"
}

@test "a user sees his own processes, and the others are counted" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to be another user"
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	open_to_all
	hold lib/$X.so.1
	HOLD_AS=("${nobody[@]}")
	hold lib/$X.so.1
	line="$HELD hold $(id -un 65534) $HERE/lib/$X.so.1.0"
	users=("${nobody[@]}" "$SOV_BINDIR/sov" users)
	run -0 --separate-stderr "${users[@]}" lib/$X.so.1
	assert_output "$line present"
	assert_regex "$stderr" "^/proc: warning: [0-9]+ of [0-9]+ processes may not be examined and are left out"
	assert_regex "$stderr" "fix:      run sov users as root"
	run -0 --separate-stderr "${users[@]}" -q lib/$X.so.1
	assert_equal "$stderr" ""
	run -0 --separate-stderr "${users[@]}" --format=json lib/$X.so.1
	assert_equal "$(jq '.summary.unreadable >= 1' <<<"$output")" true
	put $X.so.1.1 $X.so.1
	run -1 --separate-stderr "${users[@]}" lib/$X.so.1
	assert_output "$line old, $X.so.1 leads to $X.so.1.1, needs restart"
	put $X.so.1.0 $X.so.1
	run -1 --separate-stderr "${users[@]}" lib/$X.so.1
	assert_output "$line replaced, needs restart"
	rm lib/$X.so.1.0
	run -1 --separate-stderr "${users[@]}" lib
	assert_output "$line deleted, needs restart"
}

@test "root without the capability to look into processes is not told to be root" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to do without a capability"
	HOLD_AS=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	open_to_all
	hold lib/$X.so.1
	run -0 --separate-stderr setpriv --inh-caps=-all --bounding-set=-all "$SOV_BINDIR/sov" users lib/$X.so.1
	assert_regex "$stderr" "fix:      run sov users with CAP_SYS_PTRACE"
}

@test "where /proc hides the processes of others, that is said" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount"
	open_to_all
	run -0 --separate-stderr private sh -c '
		mount -t proc -o hidepid=2 proc /proc &&
		exec setpriv --reuid=65534 --regid=65534 --clear-groups "$SOV_BINDIR/sov" users lib/$X.so.1'
	assert_regex "$stderr" "^/proc: warning: does not show the processes of other users"
	run -0 --separate-stderr private sh -c '
		mount -t proc -o hidepid=2 proc /proc &&
		exec setpriv --reuid=65534 --regid=65534 --clear-groups "$SOV_BINDIR/sov" users --format=json lib/$X.so.1'
	assert_equal "$(jq .summary.hidden <<<"$output")" true
}

@test "without /proc nothing can be said" {
	hold lib/$X.so.1
	mkdir real
	# a sanitizer wants the maps of its own process
	run -3 --separate-stderr private sh -c '
		mount --bind /proc real && mount -t tmpfs none /proc && ln -s "$PWD/real/self" /proc/4 && ln -s 4 /proc/self &&
		ASAN_OPTIONS=detect_leaks=0 exec "$SOV_BINDIR/sov" users lib/$X.so.1'
	assert_output ""
	assert_equal "$stderr" $'/proc: error: shows no processes\n  fix:      mount -t proc proc /proc'
}

# A service in a sandbox: a mount namespace of its own, with our files in it.
@test "a process in another mount namespace that has our files is a user like any other" {
	needs_own_mounts
	HOLD_AS=(unshare --mount)
	hold lib/$X.so.1
	run_users 0 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 present"
	put $X.so.1.1 $X.so.1
	run_users 1 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 old, $X.so.1 leads to $X.so.1.1, needs restart"
	rm lib/$X.so.1.0
	run_users 1 lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/lib/$X.so.1.0 deleted, needs restart"
}

# in_container pivot|chroot FILE... - hold FILEs in a mount namespace whose root, made by pivot_root(2) or chroot(2), is a
# tmpfs with the machine's own programs and a lib of its own where ours is. $THERE is that lib, as we reach it.
in_container() {
	needs_own_mounts
	mkdir -p container
	export HERE MANNER=$1
	HOLD_AS=(unshare --mount sh -c '
		set -e
		mount -t tmpfs tmpfs container
		for directory in usr lib lib64 bin; do
			[ ! -d "/$directory" ] || { mkdir -p "container/$directory" && mount --bind "/$directory" "container/$directory"; }
		done
		mkdir -p "container$HERE/lib" "container$(dirname "$0")" container/old container/proc
		mount -t proc proc container/proc
		cp "$0" "container$0"
		cp lib/$X.so.1.0 "container$HERE/lib"
		ln -s $X.so.1.0 "container$HERE/lib/$X.so.1"
		case $MANNER in
		pivot) cd container; pivot_root . old; cd /; umount -l /old; exec "$0" "$@" ;;
		chroot) exec chroot container "$0" "$@" ;;
		esac')
	hold "${@:2}"
	THERE=/proc/$HELD/root$HERE/lib
}

@test "a container's own library is shown by the path that the container has, and judged there" {
	hold lib/$X.so.1
	ours=$HELD
	in_container pivot "$HERE/lib/$X.so.1"
	line="$HELD hold $(me) $HERE/lib/$X.so.1.0"
	run_users 0 $X.so.1
	assert_line "$ours hold $(me) $HERE/lib/$X.so.1.0 present"
	assert_line "$line present, in another root"
	# our upgrade is not the container's
	put $X.so.1.1 $X.so.1
	run_users 1 lib/$X.so.1
	assert_line "$ours hold $(me) $HERE/lib/$X.so.1.0 old, $X.so.1 leads to $X.so.1.1, needs restart"
	assert_line "$line present, in another root"
	# nor is its upgrade ours; an absolute link is followed there
	cp "$BATS_FILE_TMPDIR/$X.so.1.1" "$THERE/$X.so.1.2"
	ln -sf "$HERE/lib/$X.so.1.2" "$THERE/$X.so.1"
	run_users 1 $X.so.1
	assert_line "$line old, $X.so.1 leads to $X.so.1.2, in another root, needs restart"
	mv "$THERE/$X.so.1.2" "$THERE/$X.so.1.0"
	run_users 1 $X.so.1
	assert_line "$line replaced, in another root, needs restart"
	rm "$THERE/$X.so.1.0"
	run_users 1 --format=json $X.so.1
	assert_equal "$(jq -c ".users[] | select(.pid == $HELD) | [.state, .another_root, .needs_restart]" <<<"$output")" \
		'["deleted",true,true]'
}

@test "a chroot in another mount namespace: the same, by the path that leads there from its top" {
	in_container chroot "$HERE/lib/$X.so.1"
	line="$HELD hold $(me) $HERE/container$HERE/lib/$X.so.1.0"
	run_users 0 $X.so.1
	assert_output "$line present, in another root"
	ln -sf "$HERE/lib/none" "$THERE/$X.so.1"
	run_users 0 $X.so.1
	assert_output "$line present, in another root"
	rm "$THERE/$X.so.1.0"
	run_users 1 $X.so.1
	assert_output "$line deleted, in another root, needs restart"
}

@test "a chroot in our mount namespace is a directory of ours" {
	[ "$(id -u)" -eq 0 ] || skip "needs root for chroot"
	make_root jail
	HOLD_AS=(chroot jail)
	HOLD=/hold hold /lib/$X.so.1
	run_users 0 jail/lib/$X.so.1
	assert_output "$HELD hold $(me) $HERE/jail/lib/$X.so.1.0 present"
	rm jail/lib/$X.so.1.0
	run_users 1 jail
	assert_line "$HELD hold $(me) $HERE/jail/lib/$X.so.1.0 deleted, needs restart"
}

# make_root DIR - a tree in which the holder runs.
make_root() {
	local file
	mkdir -p "$1/lib"
	cp "$HOLD" "$1/hold"
	for file in $(ldd "$HOLD" | grep -o '/[^ ]*'); do
		mkdir -p "$1$(dirname "$file")"
		cp -L "$file" "$1$file"
	done
	cp lib/$X.so.1.0 "$1/lib/"
	ln -s $X.so.1.0 "$1/lib/$X.so.1"
}

@test "a file that is hidden by a mount is replaced" {
	run -1 private sh -c '
		. "$SOV_SRCDIR/tests/upgrade/hold.sh"
		hold lib/$X.so.1
		mount --bind "$BATS_FILE_TMPDIR" lib
		"$SOV_BINDIR/sov" users -q lib; status=$?
		release
		umount lib
		exit $status'
	assert_output --regexp "^[0-9]+ hold $(me) $HERE/lib/$X.so.1.0 replaced, needs restart$"
}

@test "overlayfs: present, copied up, old, replaced, deleted" {
	run -0 private sh -c '
		mkdir -p disk && mount -t tmpfs tmpfs disk && mkdir disk/lower disk/upper disk/work
		cp lib/$X.so.1.0 disk/lower/
		ln -s $X.so.1.0 disk/lower/$X.so.1
		mount -t overlay overlay -o lowerdir=disk/lower,upperdir=disk/upper,workdir=disk/work lib
		. "$SOV_SRCDIR/tests/upgrade/hold.sh"
		hold lib/$X.so.1
		users() { "$SOV_BINDIR/sov" users -q lib; echo "status $?"; }
		users
		touch lib/$X.so.1.0 && users
		cp "$BATS_FILE_TMPDIR/$X.so.1.1" lib/ && ln -sf $X.so.1.1 lib/$X.so.1 && users
		mv lib/$X.so.1.1 lib/$X.so.1.0 && ln -sf $X.so.1.0 lib/$X.so.1 && users
		rm lib/$X.so.1.0 && users
		release
		umount lib disk'
	assert_output --regexp "^([0-9]+) hold $(me) $HERE/lib/$X.so.1.0 present
status 0
[0-9]+ hold $(me) $HERE/lib/$X.so.1.0 present
status 0
[0-9]+ hold $(me) $HERE/lib/$X.so.1.0 old, $X.so.1 leads to $X.so.1.1, needs restart
status 1
[0-9]+ hold $(me) $HERE/lib/$X.so.1.0 replaced, needs restart
status 1
[0-9]+ hold $(me) $HERE/lib/$X.so.1.0 deleted, needs restart
status 1$"
}

@test "nothing that is examined is run or mapped" {
	echo '#include <stdio.h>
	__attribute__((constructor)) static void ran(void) { fclose(fopen("ran", "w")); }' |
		gcc -shared -fPIC -Wl,-soname,libc4.so.1 -o lib/libc4.so.1 -x c -
	hold -r lib/libc4.so.1
	rm -f ran
	ASAN_OPTIONS=detect_leaks=0 run -0 strace -f -y -e trace=execve,execveat,mmap,mprotect -o trace \
		"$SOV_BINDIR/sov" users lib libc4.so.1
	assert_output --partial "$HELD hold $(me) $HERE/lib/libc4.so.1 present, only read"
	assert [ ! -e ran ]
	assert_equal "$(grep -c exec trace)" 1
	assert [ "$(grep -c "mmap(" trace)" -gt 5 ]
	run ! grep "m[a-z]*(.*libc4" trace
}
