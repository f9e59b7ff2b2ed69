# SPDX-License-Identifier: MIT
# sov prune: old real files that nobody uses.
#
# What a machine's other processes map must not decide here: but for the tests that are about just that, those that
# may not be examined (in a container, even root's first process) use nothing.
load ../helper/common
load upgrade
load hold

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	for version in 1.0 1.1 1.2 1.10; do
		make_lib "libx.so.$version" libx.so.1 -DVERSION="${version#*.}"
	done
	make_lib libx.so.2.0 libx.so.2
}

# root/usr/lib: libx 1.0 to 1.2, the last of which is installed.
setup() {
	sov_setup
	lib=root/usr/lib
	mkdir -p "$lib"
	cp "$BATS_FILE_TMPDIR"/libx.so.1.[012] "$lib"
	ln -s libx.so.1.2 "$lib/libx.so.1"
	ln -s libx.so.1 "$lib/libx.so"
}

teardown() {
	release_all
}

# run_prune STATUS ARGS... - prune usr/lib below root.
run_prune() {
	run_sov_split "$1" prune --root root --ignore-unreadable "${@:2}" usr/lib
}

# assert_stays NAME WHY - the file stays, whatever is asked for, and is said to stay because of WHY.
assert_stays() {
	run_prune 0 -v --yes
	assert_line "keep $lib/$1 ($2)"
	assert [ -e "$lib/$1" ]
}

@test "without --yes it is only said what would go" {
	listing root >before
	run_prune 0
	assert_output "remove $lib/libx.so.1.1
remove $lib/libx.so.1.0"
	run_prune 0 --dry-run
	assert_equal "${#lines[@]}" 2
	run_prune 0 --yes --dry-run
	assert_equal "${#lines[@]}" 2
	run -0 diff before <(listing root)
}

@test "after a list of what would go it is said that nothing went" {
	run_prune 0
	assert_equal "$stderr" "nothing removed; --yes removes"
	run_prune 0 -q
	assert_equal "$stderr" ""
	run_prune 0 --yes
	assert_equal "$stderr" ""
	run_prune 0
	assert_equal "$stderr" ""
}

@test "--yes removes old files, and nothing else" {
	listing root | grep -v 'libx.so.1.[01]' >before
	run_prune 0 --yes
	assert_output "remove $lib/libx.so.1.1
remove $lib/libx.so.1.0"
	run -0 diff before <(listing root)
	run_prune 0 --yes
	assert_output ""
}

@test "the directory is found as others are: relative, absolute, by a link, without a root" {
	ln -s usr/lib root/lib
	for where in usr/lib /usr/lib lib /lib ./usr/../usr/lib; do
		run_sov 0 prune --root root --ignore-unreadable "$where"
		assert_line "remove root/${where#/}/libx.so.1.0"
	done
}

@test "-v says why a file stays" {
	cp "$BATS_FILE_TMPDIR/libx.so.2.0" "$lib"
	run_prune 0 -v
	assert_output "keep $lib/libx.so.2.0 (libx.so.2 leads to no other file of it)
keep $lib/libx.so.1.2 (libx.so leads to it)
remove $lib/libx.so.1.1
remove $lib/libx.so.1.0"
}

@test "versions are numbers: 1.10 is newer than 1.2" {
	cp "$BATS_FILE_TMPDIR/libx.so.1.10" "$lib"
	ln -sf libx.so.1.10 "$lib/libx.so.1"
	run_prune 0
	assert_output "remove $lib/libx.so.1.2
remove $lib/libx.so.1.1
remove $lib/libx.so.1.0"
}

@test "the newest of a soname stays, also when the soname leads to an older one" {
	ln -sf libx.so.1.1 "$lib/libx.so.1"
	assert_stays libx.so.1.2 "is the newest of libx.so.1"
	assert_equal "$(names "$lib")" "libx.so -> libx.so.1
libx.so.1 -> libx.so.1.1
libx.so.1.1
libx.so.1.2"
}

@test "two majors: each keeps its own" {
	cp "$BATS_FILE_TMPDIR/libx.so.2.0" "$lib"
	ln -s libx.so.2.0 "$lib/libx.so.2"
	ln -sf libx.so.2 "$lib/libx.so"
	run_prune 0 --yes
	assert_equal "$(names "$lib")" "libx.so -> libx.so.2
libx.so.1 -> libx.so.1.2
libx.so.1.2
libx.so.2 -> libx.so.2.0
libx.so.2.0"
}

@test "without a soname link that leads to another file of it, everything stays" {
	rm "$lib/libx.so"
	rm "$lib/libx.so.1"
	assert_stays libx.so.1.0 "libx.so.1 leads to no other file of it"
	ln -s nothing "$lib/libx.so.1"
	assert_stays libx.so.1.0 "libx.so.1 leads to no other file of it"
	ln -sf ../elsewhere/libx.so.1.2 "$lib/libx.so.1"
	assert_stays libx.so.1.0 "libx.so.1 leads to no other file of it"
	cp --remove-destination "$lib/libx.so.1.2" "$lib/libx.so.1"
	assert_stays libx.so.1.0 "libx.so.1 leads to no other file of it"
	make_lib "$lib/liby.so.1.0" liby.so.1
	ln -sf liby.so.1.0 "$lib/libx.so.1"
	assert_stays libx.so.1.0 "libx.so.1 leads to no other file of it"
}

@test "names of no strict form are nobody's business" {
	for name in libx.so.1.0.bak libx.so.1.0~ libx.so.1.0-rc1 .libx.so.1.0.~1~ libx.so.1.0.debug libx-1.0.so; do
		cp "$lib/libx.so.1.0" "$lib/$name"
	done
	run_prune 0 --yes -v
	assert_equal "$(names "$lib" | grep -v -- '->')" ".libx.so.1.0.~1~
libx-1.0.so
libx.so.1.0-rc1
libx.so.1.0.bak
libx.so.1.0.debug
libx.so.1.0~
libx.so.1.2"
	refute_output --partial bak
}

@test "a file of that name that is none of the soname stays" {
	make_lib "$lib/libx.so.1.0.1" liby.so.1
	make_lib "$lib/libx.so.1.0.2"
	echo text >"$lib/libx.so.1.0.3"
	make_lib "$lib/liby.so.1.0" libx.so.1
	mkdir "$lib/libx.so.1.0.4"
	run_prune 0 --yes -v
	assert_line "keep $lib/libx.so.1.0.1 (is no real name of its SONAME liby.so.1)"
	assert_line "keep $lib/libx.so.1.0.2 (has no SONAME)"
	assert_line "keep $lib/libx.so.1.0.3 (is no library that can be examined)"
	assert_line "keep $lib/liby.so.1.0 (is no real name of its SONAME libx.so.1)"
	assert [ -d "$lib/libx.so.1.0.4" ]
	assert [ ! -e "$lib/libx.so.1.0" ]
}

@test "a file that the linker name leads to stays" {
	ln -sf libx.so.1.0 "$lib/libx.so"
	assert_stays libx.so.1.0 "libx.so leads to it"
}

@test "a file that any link below the root leads to stays" {
	mkdir -p root/opt/app root/usr/lib64
	ln -s ../../usr/lib/libx.so.1.0 root/opt/app/current
	assert_stays libx.so.1.0 "root/opt/app/current leads to it"
	ln -sf /usr/lib/libx.so.1.0 root/opt/app/current
	assert_stays libx.so.1.0 "root/opt/app/current leads to it"
	# through a link to the directory, and by the last link of a chain
	ln -s usr/lib root/way
	ln -sf /way/libx.so.1.0 root/opt/app/last
	ln -sf last root/opt/app/current
	assert_stays libx.so.1.0 "root/opt/app/last leads to it"
	# out of the root: there is no saying where that leads once the root is the system's
	rm root/opt/app/last
	ln -sf ../../../../usr/lib/libx.so.1.0 root/opt/app/current
	assert_stays libx.so.1.0 "root/opt/app/current leads to it"
	# to another file of that name, or to none
	cp "$lib/libx.so.1.0" root/usr/lib64/
	ln -sf ../../usr/lib64/libx.so.1.0 root/opt/app/current
	ln -sf ../../usr/nowhere/libx.so.1.0 root/opt/app/dangling
	run_prune 0 --yes
	assert_line "remove $lib/libx.so.1.0"
}

@test "a file that is needed by its real name below the root stays" {
	mkdir -p root/usr/bin
	make_lib libx.so.1.0 libx.so.1.0
	echo 'int sov_fixture(void); int main(void) { return sov_fixture(); }' |
		gcc -o root/usr/bin/app -x c - -x none libx.so.1.0 -Wl,--allow-shlib-undefined
	make_lib libx.so.1.1 libx.so.1
	make_lib root/usr/lib/libuser.so.1 libuser.so.1 -Wl,--no-as-needed libx.so.1.1
	run_prune 0 --yes -v
	assert_line "keep $lib/libx.so.1.0 (root/usr/bin/app needs it by this name)"
	# that one needs the soname
	assert_line "remove $lib/libx.so.1.1"
	rm root/usr/bin/app
	mkdir -p root/plugins
	make_lib ./libx.so.1.0
	make_lib root/plugins/p.so - -Wl,--no-as-needed ./libx.so.1.0
	assert_stays libx.so.1.0 "root/plugins/p.so needs it by this name"
}

@test "a file that a linker script mentions stays" {
	rm "$lib/libx.so"
	echo 'INPUT ( /usr/lib/libx.so.1.0 )' >"$lib/libx.so"
	assert_stays libx.so.1.0 "$lib/libx.so mentions it"
	echo 'a text about /usr/lib/libx.so.1.0' >"$lib/README"
	echo 'INPUT ( libx.so.1 )' >"$lib/libx.so"
	run_prune 0 --yes
	assert_line "remove $lib/libx.so.1.0"
}

@test "a file that another one filters, or is to be watched by, stays" {
	cp "$BATS_FILE_TMPDIR/libx.so.1.10" "$lib/libx.so.1.3"
	ln -sf libx.so.1.3 "$lib/libx.so.1"
	cp "$BATS_FILE_TMPDIR/libx.so.1.0" "$lib/libx.so.1.0.1"
	make_lib root/usr/lib/libf.so - -Wl,--filter=libx.so.1.0
	make_lib root/usr/lib/liba.so - -Wl,--auxiliary=libx.so.1.0.1
	make_lib root/usr/lib/libw.so - -Wl,--audit=libother.so:/usr/lib/libx.so.1.1
	make_lib root/usr/lib/libd.so - -Wl,--depaudit=libx.so.1.2:libother.so
	run_prune 0 --yes -v
	assert_line "keep $lib/libx.so.1.0 ($lib/libf.so needs it by this name)"
	assert_line "keep $lib/libx.so.1.0.1 ($lib/liba.so needs it by this name)"
	assert_line "keep $lib/libx.so.1.1 ($lib/libw.so needs it by this name)"
	assert_line "keep $lib/libx.so.1.2 ($lib/libd.so needs it by this name)"
}

@test "a file that every program is to load first stays" {
	mkdir -p root/etc root/opt/etc
	echo '/usr/lib/libx.so.1.1' >root/opt/etc/ld.so.preload
	echo 'libother.so /usr/lib/libx.so.1.0' >root/etc/ld.so.preload
	run_prune 0 --yes -v
	assert_line "keep $lib/libx.so.1.0 (root/etc/ld.so.preload mentions it)"
	assert_line "remove $lib/libx.so.1.1"
}

@test "a file that a process runs or reads stays as long as that does" {
	hold "$lib/libx.so.1.1"
	one=$HELD
	hold -r "$lib/libx.so.1.0"
	run_prune 0 --yes -v
	assert_line "keep $lib/libx.so.1.1 (process $one (hold) maps it)"
	assert_line "keep $lib/libx.so.1.0 (process $HELD (hold) maps it)"
	release_all
	run_prune 0 --yes
	assert_output "remove $lib/libx.so.1.1
remove $lib/libx.so.1.0"
}

@test "a process in a mount namespace of its own, where the file has another path, counts" {
	needs_own_mounts
	mkdir elsewhere
	HOLD_AS=(unshare --mount sh -c 'mount --bind root/usr/lib elsewhere && exec "$0" "$@"')
	hold elsewhere/libx.so.1.0
	assert_stays libx.so.1.0 "process $HELD (hold) maps it"
}

@test "a process that maps another file of the same name does not count" {
	mkdir other
	cp "$lib/libx.so.1.0" other/
	hold other/libx.so.1.0
	rm other/libx.so.1.0
	run_prune 0 --yes
	assert_line "remove $lib/libx.so.1.0"
}

@test "--keep keeps so many of the newest unused files of each soname" {
	cp "$BATS_FILE_TMPDIR/libx.so.1.10" "$lib"
	ln -sf libx.so.1.10 "$lib/libx.so.1"
	for version in 1.0 1.1 1.2; do
		make_lib "$lib/liby.so.$version" liby.so.1
	done
	ln -s liby.so.1.2 "$lib/liby.so.1"
	hold "$lib/libx.so.1.2"
	run_prune 0 -v --keep 1
	assert_output "keep $lib/libx.so.1.10 (libx.so leads to it)
keep $lib/libx.so.1.2 (process $HELD (hold) maps it)
keep $lib/libx.so.1.1 (one of the 1 newest to keep)
remove $lib/libx.so.1.0
keep $lib/liby.so.1.2 (liby.so.1 leads to it)
keep $lib/liby.so.1.1 (one of the 1 newest to keep)
remove $lib/liby.so.1.0"
	run_prune 0 --keep=2 --yes
	assert_output ""
	run_prune 0 --keep=0 --yes
	assert_output "remove $lib/libx.so.1.1
remove $lib/libx.so.1.0
remove $lib/liby.so.1.1
remove $lib/liby.so.1.0"
	for bad in -1 x 1x '' 99999999999999999999; do
		run_prune 2 "--keep=$bad"
		assert_regex "$stderr" "^sov: error: --keep: is no number of files"
	done
}

# alone COMMAND... - where nobody's processes are but ours.
alone() {
	unshare --fork --pid --mount-proc "$@"
}

@test "where every process can be examined, nothing need be ignored" {
	needs_own_mounts
	run -0 alone "$SOV_BINDIR/sov" prune --root root --yes usr/lib
	assert_output "remove $lib/libx.so.1.1
remove $lib/libx.so.1.0"
}

@test "processes that may not be examined may use a file: it is refused" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to be another user"
	chmod 755 . && chown -R 65534 root
	listing root >before
	run -1 --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$SOV_BINDIR/sov" prune --root root --yes usr/lib
	assert_line -n 0 --regexp "^refuse $lib/libx.so.1.1 \([0-9]+ of [0-9]+ processes may not be examined, and may use it\)$"
	assert_line -n 1 --regexp "^refuse $lib/libx.so.1.0 "
	assert_equal "$stderr" "sov prune: warning: 2 files stay, for not all that may use them could be examined
  fix:      run it as who may examine all, or --ignore-unreadable takes the risk"
	run -0 diff before <(listing root)
	run -0 --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$SOV_BINDIR/sov" prune --root root --yes --ignore-unreadable usr/lib
	assert_output "remove $lib/libx.so.1.1
remove $lib/libx.so.1.0"
}

@test "a user's own process counts without any privilege" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to be another user"
	chmod 755 . && chown -R 65534 root
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	HOLD_AS=("${nobody[@]}")
	hold "$lib/libx.so.1.0"
	run -0 --separate-stderr "${nobody[@]}" "$SOV_BINDIR/sov" prune --root root --yes --ignore-unreadable -v usr/lib
	assert_line "keep $lib/libx.so.1.0 (process $HELD (hold) maps it)"
	assert_line "remove $lib/libx.so.1.1"
}

@test "processes that /proc does not even show may use a file: it is refused" {
	needs_own_mounts
	chmod 755 . && chown -R 65534 root
	run -1 --separate-stderr alone sh -c '
		mount -t proc -o hidepid=2 proc /proc || exit
		setpriv --reuid=65534 --regid=65534 --clear-groups "$SOV_BINDIR/sov" prune --root root --yes usr/lib
		exit $?'
	assert_line "refuse $lib/libx.so.1.0 (/proc hides processes of other users, which may use it)"
	assert [ -e "$lib/libx.so.1.0" ]
}

@test "without /proc nothing is removed" {
	needs_own_mounts
	mkdir real
	# a sanitizer wants the maps of its own process
	run -3 --separate-stderr alone sh -c '
		mount --bind /proc real && mount -t tmpfs none /proc && ln -s "$PWD/real/self" /proc/self &&
		ASAN_OPTIONS=detect_leaks=0 exec "$SOV_BINDIR/sov" prune --root root --ignore-unreadable --yes usr/lib'
	assert_output ""
	assert_equal "$stderr" $'/proc: error: shows no processes\n  fix:      mount -t proc proc /proc'
	assert [ -e "$lib/libx.so.1.0" ]
}

@test "what can't be read below the root may need a file: it is refused" {
	needs_own_mounts
	run_as=()
	if [ "$(id -u)" -eq 0 ]; then
		run_as=(setpriv --inh-caps=-all --bounding-set=-dac_override,-dac_read_search)
	fi
	mkdir -p root/private
	chmod 000 root/private
	sov=("${run_as[@]}" "$SOV_BINDIR/sov" prune --root root --yes)
	run -3 --separate-stderr alone "${sov[@]}" usr/lib
	assert_line "refuse $lib/libx.so.1.0 (1 files or directories could not be examined, and may need it)"
	assert_equal "$stderr" "root/private: error: cannot read the directory: Permission denied
sov prune: warning: 2 files stay, for not all that may use them could be examined
  fix:      run it as who may examine all, or --ignore-unreadable takes the risk"
	assert [ -e "$lib/libx.so.1.0" ]
	run -0 --separate-stderr alone "${sov[@]}" --ignore-unreadable usr/lib
	assert_line "remove $lib/libx.so.1.0"
	assert_equal "$stderr" "root/private: warning: cannot read the directory: Permission denied"
	chmod 755 root/private
}

@test "without a root the whole system is searched" {
	needs_own_mounts
	[ "$(id -u)" -eq 0 ] || skip "needs root for chroot"
	# a system of our own, or the test would search this one
	mkdir -p root/bin root/proc root/opt root/sys
	for file in "$SOV_BINDIR/sov" $(ldd "$SOV_BINDIR/sov" | grep -o '/[^ ]*'); do
		mkdir -p "root$(dirname "$file")"
		cp -L "$file" "root$file"
	done
	ln -s /usr/lib/libx.so.1.1 root/opt/current
	run -0 --separate-stderr alone sh -c '
		mount -t proc proc root/proc
		ASAN_OPTIONS=detect_leaks=0 chroot root "$SOV_BINDIR/sov" prune -v --yes /usr/lib
		status=$?
		umount root/proc
		exit $status'
	assert_output "keep /usr/lib/libx.so.1.2 (libx.so leads to it)
keep /usr/lib/libx.so.1.1 (/opt/current leads to it)
remove /usr/lib/libx.so.1.0"
}

@test "the lock of the directory is waited for, but not to say what would be done" {
	mkfifo end
	flock "$lib" sh -c 'touch locked; read -r _ <end' 3>&- &
	locker=$!
	while [ ! -e locked ]; do sleep 0.05; done
	run_prune 0
	"$SOV_BINDIR/sov" prune --root root --ignore-unreadable --yes usr/lib >out 3>&- &
	pruner=$!
	sleep 0.5
	assert [ -e "$lib/libx.so.1.0" ]
	echo >end
	wait "$locker"
	wait "$pruner"
	assert [ ! -e "$lib/libx.so.1.0" ]
}

# Somebody who takes no lock comes in after the first file was found unused, before it is removed.
@test "the directory and the processes are looked at again before each file" {
	meddle=("$SOV_BUILDDIR/tests/upgrade/meddle" 1)
	sov=(env ASAN_OPTIONS=detect_leaks=0 "$SOV_BINDIR/sov" prune --root root --ignore-unreadable --yes -v usr/lib)
	run -0 "${meddle[@]}" "ln -s libx.so.1.0 $lib/libx.so.1.0.9" -- "${sov[@]}"
	assert_line "remove $lib/libx.so.1.1"
	assert_line "keep $lib/libx.so.1.0 (libx.so.1.0.9 leads to it)"
	rm "$lib/libx.so.1.0.9"
	cp "$BATS_FILE_TMPDIR/libx.so.1.1" "$lib"
	run -0 "${meddle[@]}" "cp --remove-destination $lib/libx.so.1.2 $lib/libx.so.1.0" -- "${sov[@]}"
	assert_line "keep $lib/libx.so.1.0 (it has changed meanwhile)"
	cp "$BATS_FILE_TMPDIR/libx.so.1.1" "$lib"
	mkfifo in out
	run -0 "${meddle[@]}" "'$HOLD' $lib/libx.so.1.0 <in >out 2>/dev/null 3>&- & exec 9>in; read -r _ <out; sleep 300 >/dev/null 2>&1 3>&- & echo \$! >sleeper" \
		-- "${sov[@]}"
	kill "$(cat sleeper)"
	assert_line --regexp "^keep $lib/libx.so.1.0 \(process [0-9]+ \(hold\) maps it\)$"
	cp "$BATS_FILE_TMPDIR/libx.so.1.1" "$lib"
	run -0 "${meddle[@]}" "rm $lib/libx.so.1.0" -- "${sov[@]}"
	refute_line --partial "libx.so.1.0"
}

@test "a signal: what was begun is finished, and the rest stays" {
	run "$SOV_BUILDDIR/tests/upgrade/meddle" 1 'kill -TERM "$(pgrep -P "$PPID" -x sov)"' -- \
		env ASAN_OPTIONS=detect_leaks=0 "$SOV_BINDIR/sov" prune --root root --ignore-unreadable --yes usr/lib
	assert_equal "$status" 143
	assert_line "remove $lib/libx.so.1.1"
	assert_line "$lib: error: given up: Interrupted system call"
	assert_equal "$(names "$lib")" "libx.so -> libx.so.1
libx.so.1 -> libx.so.1.2
libx.so.1.0
libx.so.1.2"
}

@test "json has the steps" {
	run_prune 0 --format=json
	assert_equal "$(jq -c '[.format, .planned, .summary.changes]' <<<"$output")" '[1,true,2]'
	assert_equal "$(jq -c '[.steps[] | [.verb, .path, .why]]' <<<"$output")" \
		"[[\"keep\",\"$lib/libx.so.1.2\",\"libx.so leads to it\"],[\"remove\",\"$lib/libx.so.1.1\",null],[\"remove\",\"$lib/libx.so.1.0\",null]]"
	run_prune 0 --format=json --yes
	assert_equal "$(jq -c '[.planned, .summary.changes]' <<<"$output")" '[false,2]'
}

@test "several directories" {
	cp -a root/usr/lib root/usr/lib64
	run_sov 0 prune --root root --ignore-unreadable --yes usr/lib usr/lib64
	assert_output "remove root/usr/lib/libx.so.1.1
remove root/usr/lib/libx.so.1.0
remove root/usr/lib64/libx.so.1.1
remove root/usr/lib64/libx.so.1.0"
}

@test "no directory, a file, none at all" {
	run_sov 2 prune
	assert_output "sov: error: prune needs a directory"
	run_sov 3 prune --root root nosuch
	assert_output --partial "root/nosuch: error: "
	run_sov 1 prune --root root usr/lib/libx.so.1.0
	assert_output --partial "root/usr/lib/libx.so.1.0: error: "
}

@test "a file that can't be removed is an error, and those before it are said" {
	[ "$(id -u)" -eq 0 ] || skip "needs root for the immutable attribute"
	chattr +i "$lib/libx.so.1.0"
	run_prune 3 --yes
	chattr -i "$lib/libx.so.1.0"
	assert_output "remove $lib/libx.so.1.1"
	assert_equal "$stderr" "$lib/libx.so.1.0: error: cannot be removed: Operation not permitted"
}
