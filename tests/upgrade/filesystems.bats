# SPDX-License-Identifier: MIT
# File systems that are full, read-only, of another kind, or lack something. Each time the library is installed, whole,
# or there is an error, its exit status, and the directory as it was; a temporary name stays in neither case.

load ../helper/common
load upgrade

TOOLS=$SOV_BUILDDIR/tests/upgrade

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	make_lib libdemo.so.1.0.0 libdemo.so.1
	make_lib libdemo.so.1.1.0 libdemo.so.1 -Wl,--defsym=newer=1
	# 100 kB, which does not fit where the small ones do
	echo 'const char pad[100000] = {1};' >pad.c
	make_lib libdemo.so.1.2.0 libdemo.so.1 pad.c
	# other bytes under the same names
	mkdir small large
	cp libdemo.so.1.0.0 small/libdemo.so.1.2.0
	cp libdemo.so.1.2.0 large/libdemo.so.1.0.0
}

setup() {
	sov_setup
	export LIBS=$BATS_FILE_TMPDIR SOV=$SOV_BINDIR/sov TOOLS
	export -f names listing
	mkdir disk
}

# mounted MOUNT-ARGUMENTS SCRIPT - the script, stopped at its first error, with a file system mounted on "disk" where
# nobody else sees it, and which goes when it ends.
mounted() {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a file system"
	# where / is no mount point, as in a chroot, its propagation cannot be changed
	local propagation=private
	unshare --mount true 2>/dev/null || propagation=unchanged
	unshare --mount --propagation "$propagation" bash -euc "
		$(declare -f expect right unchanged full lacks_linker_name)
		mount $1 disk
		$2"
}

# expect STATUS COMMAND... - it ends so, and what it says is in "said".
expect() {
	local want=$1 status=0
	shift
	"$@" >said 2>&1 || status=$?
	[ "$status" = "$want" ] || { echo "exit status $status, not $want, of: $*"; cat said; return 1; }
}

# right DIR VERSION - what an installation of that version must have made; whatever else there is, no temporary name.
right() {
	cmp "$LIBS/libdemo.so.$2" "$1/libdemo.so.$2" || return
	[ "$(readlink "$1/libdemo.so.1")" = "libdemo.so.$2" ] && [ "$(readlink "$1/libdemo.so")" = libdemo.so.1 ] &&
		[ "$(stat -c %a "$1/libdemo.so.$2")" = 755 ] && [ -z "$(find "$1" -name '.sov*')" ] ||
		{ ls -la "$1"; return 1; }
}

# unchanged COMMAND... - it fails with 3 and a message, and "disk/lib" stays as it was.
unchanged() {
	listing disk/lib >before
	expect 3 "$@"
	grep -q ': error: ' said
	listing disk/lib >after
	diff before after
}

# full DIR VERSION COMMAND... - it succeeds, or fails for want of space and changes nothing.
full() {
	local dir=$1 version=$2 status=0
	shift 2
	listing "$dir" >before
	"$@" >said 2>&1 || status=$?
	case $status in
	0) right "$dir" "$version" ;;
	3)
		grep -Eq 'No space left on device|Disk quota exceeded' said
		listing "$dir" >after
		diff before after || lacks_linker_name "$dir" "$version"
		;;
	*) cat said && return 1 ;;
	esac
	echo "$status" >>statuses
}

# lacks_linker_name DIR VERSION - programs find the new version, whole; for one more link there was no room.
lacks_linker_name() {
	cmp "$LIBS/libdemo.so.$2" "$1/libdemo.so.$2" && [ "$(readlink "$1/libdemo.so.1")" = "libdemo.so.$2" ] &&
		[ ! -L "$1/libdemo.so" ] && [ -z "$(find "$1" -name '.sov*')" ]
}

# both_ways - the series of full() has seen failures, and success in the end.
both_ways() {
	[ "$(head -n 1 statuses)" = 3 ] && [ "$(tail -n 1 statuses)" = 0 ] || { cat statuses; return 1; }
}

# --- full

@test "a disk that is full at any point of a first installation" {
	mounted '-t tmpfs -o size=1M tmpfs' '
		for ((free = 0; free <= 160; free += 8)); do
			rm -rf disk/*
			mkdir disk/lib
			fallocate -l $((1024 - free))k disk/filler
			full disk/lib 1.2.0 "$SOV" install "$LIBS/libdemo.so.1.2.0" disk/lib
		done'
	both_ways
}

@test "a disk that is full at any point of an upgrade, and of an installation over the same name" {
	mounted '-t tmpfs -o size=1M tmpfs' '
		for old in libdemo.so.1.0.0 small/libdemo.so.1.2.0; do
			for ((free = 0; free <= 160; free += 16)); do
				rm -rf disk/*
				mkdir disk/lib
				"$SOV" install "$LIBS/$old" disk/lib
				fallocate -l $((1024 - 16 - free))k disk/filler
				full disk/lib 1.2.0 "$SOV" install "$LIBS/libdemo.so.1.2.0" disk/lib
			done
		done'
	both_ways
}

@test "too few inodes at any point of a first installation and of an upgrade" {
	mounted '-t tmpfs -o nr_inodes=100 tmpfs' '
		for old in 0 1; do
			for ((free = 0; free <= 8; free++)); do
				mount -o remount,nr_inodes=100 disk
				rm -rf disk/*
				mkdir disk/lib
				[ $old = 0 ] || "$SOV" install "$LIBS/libdemo.so.1.0.0" disk/lib
				used=$(($(stat -f -c "%c - %d" disk)))
				mount -o "remount,nr_inodes=$((used + free))" disk
				full disk/lib 1.1.0 "$SOV" install "$LIBS/libdemo.so.1.1.0" disk/lib
			done
		done'
	both_ways
}

@test "a disk without room for another block of the directory" {
	truncate -s 4M image
	mkfs.ext4 -q -F -b 1024 -m 0 -O ^has_journal image
	mounted '-o loop image' '
		mkdir disk/lib
		# names to the end of the first block of the directory
		for i in {1..3}; do touch "disk/lib/$(printf "%0250d" $i)"; done
		dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null || true
		size=$(stat -c %s disk/filler)
		for ((free = 0; free <= 150; free += 3)); do
			truncate -s "$((size - free * 1024))" disk/filler
			full disk/lib 1.2.0 "$SOV" install "$LIBS/libdemo.so.1.2.0" disk/lib
			[ "$(tail -n 1 statuses)" != 0 ] || break
		done'
	both_ways
}

# --- read-only, and of other kinds

@test "a read-only file system: an error, but looking is allowed" {
	mounted '-t tmpfs tmpfs' '
		mkdir disk/lib
		"$SOV" install "$LIBS/libdemo.so.1.0.0" disk/lib
		mount -o remount,ro disk
		unchanged "$SOV" install "$LIBS/libdemo.so.1.1.0" disk/lib
		grep -q "Read-only file system" said
		unchanged "$SOV" install "$LIBS/libdemo.so.1.1.0" disk/other
		expect 0 "$SOV" install --dry-run "$LIBS/libdemo.so.1.1.0" disk/lib
		expect 0 "$SOV" links --check disk/lib
		expect 0 "$SOV" links disk/lib
		expect 0 "$SOV" install "$LIBS/libdemo.so.1.0.0" disk/lib || grep -q "Read-only file system" said'
}

@test "a directory that may not be written: an error, and nothing changes" {
	mkdir disk/lib
	"$SOV" install "$LIBS/libdemo.so.1.0.0" disk/lib
	chmod 555 disk/lib
	unprivileged=(env)
	[ "$(id -u)" -ne 0 ] || unprivileged=(setpriv "--bounding-set=-all" "--inh-caps=-all")
	unchanged "${unprivileged[@]}" "$SOV" install "$LIBS/libdemo.so.1.1.0" disk/lib
	grep -q "Permission denied" said
	unchanged "${unprivileged[@]}" "$SOV" install "$LIBS/libdemo.so.1.1.0" disk/lib/deeper
	chmod 755 disk/lib
	expect 0 "${unprivileged[@]}" "$SOV" install "$LIBS/libdemo.so.1.1.0" disk/lib
	right disk/lib 1.1.0
}

@test "no programs, devices or set-id bits on the file system: libraries go there all the same" {
	mounted '-t tmpfs -o noexec,nodev,nosuid tmpfs' '
		expect 0 "$SOV" install --sync "$LIBS/libdemo.so.1.0.0" disk/lib
		right disk/lib 1.0.0
		expect 0 "$SOV" install --strip "$LIBS/libdemo.so.1.1.0" disk/lib
		[ "$(readlink disk/lib/libdemo.so.1)" = libdemo.so.1.1.0 ]'
}

@test "an overlay: the lower layer is never touched" {
	mkdir layers
	mounted '-t tmpfs tmpfs' '
		mkdir -p disk/{lower/lib,upper,work,merged}
		"$SOV" install "$LIBS/libdemo.so.1.0.0" disk/lower/lib
		listing disk/lower >before
		mount -t overlay -o lowerdir=disk/lower,upperdir=disk/upper,workdir=disk/work overlay disk/merged
		expect 0 "$SOV" install --sync "$LIBS/libdemo.so.1.1.0" disk/merged/lib
		right disk/merged/lib 1.1.0
		expect 0 "$SOV" install --allow-downgrade "$LIBS/large/libdemo.so.1.0.0" disk/merged/lib
		cmp "$LIBS/libdemo.so.1.2.0" disk/merged/lib/libdemo.so.1.0.0
		expect 0 "$SOV" install "$LIBS/libdemo.so.1.1.0" disk/merged/lib
		right disk/merged/lib 1.1.0
		expect 0 "$SOV" install --uninstall "$LIBS/libdemo.so.1.0.0" disk/merged/lib
		[ ! -e disk/merged/lib/libdemo.so.1.0.0 ]
		right disk/merged/lib 1.1.0
		listing disk/lower >after
		diff before after'
}

@test "a disk with a quota" {
	truncate -s 128M image
	mkfs.btrfs -q image
	mounted '-o loop image' '
		btrfs quota enable disk >/dev/null
		btrfs subvolume create disk/lib >/dev/null
		"$SOV" install --sync "$LIBS/libdemo.so.1.0.0" disk/lib
		right disk/lib 1.0.0
		btrfs qgroup limit -e 128k disk/lib
		sync -f disk
		full disk/lib 1.2.0 "$SOV" install --sync "$LIBS/libdemo.so.1.2.0" disk/lib
		btrfs qgroup limit -e 1m disk/lib
		full disk/lib 1.2.0 "$SOV" install --sync "$LIBS/libdemo.so.1.2.0" disk/lib'
	both_ways
}

# --- what a kernel or a file system may lack

# through_life DENIED [OPTION...] - install, upgrade, install again, go back, take away; each must come about.
through_life() {
	local run=("$TOOLS/deny" "$1" -- "$SOV")
	shift
	rm -rf disk/lib
	expect 0 "${run[@]}" install --sync "$@" "$LIBS/libdemo.so.1.0.0" disk/lib
	right disk/lib 1.0.0
	expect 0 "${run[@]}" install --sync "$@" "$LIBS/libdemo.so.1.2.0" disk/lib
	right disk/lib 1.2.0
	expect 0 "${run[@]}" install --sync "$@" "$LIBS/libdemo.so.1.2.0" disk/lib
	right disk/lib 1.2.0
	expect 0 "${run[@]}" install --sync "$@" --allow-downgrade "$LIBS/libdemo.so.1.1.0" disk/lib
	right disk/lib 1.1.0
	rm disk/lib/libdemo.so.1
	expect 0 "${run[@]}" links disk/lib
	right disk/lib 1.2.0
	expect 0 "${run[@]}" install --uninstall "$LIBS/libdemo.so.1.2.0" disk/lib
	right disk/lib 1.1.0
	expect 0 "${run[@]}" prune --yes --ignore-unreadable --root disk lib
	assert_equal "$(names disk/lib)" "libdemo.so -> libdemo.so.1
libdemo.so.1 -> libdemo.so.1.1.0
libdemo.so.1.1.0"
}

@test "every system call that may be missing may be missing" {
	local denied
	for denied in openat2 openat2=EPERM openat2=EINVAL renameat2 renameat2=EINVAL getrandom statx fallocate sendfile \
		copy_file_range copy_file_range=EXDEV copy_file_range=EINVAL copy_file_range=EOPNOTSUPP \
		copy_file_range=EPERM FICLONE FICLONE=EXDEV FICLONE=EINVAL FICLONE,copy_file_range,sendfile \
		fsync-directory flock flock=ENOLCK flock=EOPNOTSUPP flock=EINVAL; do
		through_life "$denied"
	done
}

@test "a file system without unnamed files, or one that never gives them a name" {
	local denied
	for denied in O_TMPFILE O_TMPFILE=EISDIR O_TMPFILE=EINVAL O_TMPFILE=ENOENT O_TMPFILE=ENOSYS O_TMPFILE=EPERM \
		linkat-empty linkat-empty=EPERM linkat-follow linkat-empty,linkat-follow linkat linkat=EOPNOTSUPP \
		linkat=EXDEV O_TMPFILE,flock=ENOLCK; do
		through_life "$denied"
		STRIP=true through_life "$denied" --strip
	done
}

@test "a file server of the old kind lacks all of it at once" {
	through_life O_TMPFILE,openat2,renameat2,linkat,flock=ENOLCK,copy_file_range=EXDEV,FICLONE,fsync-directory
}

@test "without /proc all is as with it, but what looks at processes says that it can't" {
	mounted '-t tmpfs tmpfs' '
		mkdir real
		mount --bind /proc real
		mount -t tmpfs tmpfs /proc
		# a sanitizer reads its options, and the maps of its own process, from there
		[ -z "${SOV_SANITIZE:-}" ] || { ln -s "$PWD/real/self" /proc/4; ln -s 4 /proc/self; }
		export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
		for options in --sync --strip; do
			rm -rf disk/lib
			expect 0 "$SOV" install $options "$LIBS/libdemo.so.1.0.0" disk/lib
			expect 0 "$SOV" install $options "$LIBS/libdemo.so.1.1.0" disk/lib
			[ "$(readlink disk/lib/libdemo.so.1)" = libdemo.so.1.1.0 ]
			[ -z "$(find disk/lib -name ".sov*")" ]
			[ "$(stat -c %a disk/lib/libdemo.so.1.1.0)" = 755 ]
		done
		expect 0 "$SOV" links disk/lib
		expect 0 "$SOV" deps disk/lib/libdemo.so.1.1.0
		unchanged "$SOV" users disk/lib/libdemo.so.1.1.0
		unchanged "$SOV" prune --yes --root disk lib
		# without privileges /proc is what gives an unnamed file its name, and no sanitizer gets at its own
		[ -z "${SOV_SANITIZE:-}" ] || exit 0
		cp "$SOV" "$LIBS/libdemo.so.1.2.0" disk && chmod 1777 disk
		chown -R 65534:65534 disk/lib
		mount --bind disk /mnt
		cd /mnt
		expect 0 setpriv --reuid 65534 --regid 65534 --clear-groups ./sov install libdemo.so.1.2.0 lib
		right lib 1.2.0'
}

@test "a file system without links: an error that says so, and nothing is half done" {
	mkdir disk/lib
	local fat=("$TOOLS/deny" symlinkat,linkat,O_TMPFILE -- "$SOV")
	unchanged "${fat[@]}" install "$LIBS/libdemo.so.1.0.0" disk/lib
	grep -q "Operation not permitted" said
	unchanged "${fat[@]}" install --component=runtime "$LIBS/libdemo.so.1.0.0" disk/lib
	cp "$LIBS/libdemo.so.1.0.0" disk/lib
	unchanged "${fat[@]}" links disk/lib
	# a library that needs no links
	make_lib libplain.so libplain.so
	expect 0 "${fat[@]}" install libplain.so disk/lib
	cmp libplain.so disk/lib/libplain.so
	assert_equal "$(names disk/lib)" "libdemo.so.1.0.0
libplain.so"
}

@test "an owner or a mode that can't be given, a file that can't be synced: an error, and nothing changes" {
	mkdir disk/lib
	"$SOV" install "$LIBS/libdemo.so.1.0.0" disk/lib
	local denied
	for denied in fchown,fchown=EPERM fchmod fchmod=EROFS fsync fsync=ENOSPC; do
		unchanged "$TOOLS/deny" "$denied" -- "$SOV" install --sync --owner 12345 "$LIBS/libdemo.so.1.1.0" disk/lib
		unchanged "$TOOLS/deny" "$denied,O_TMPFILE" -- "$SOV" install --sync --owner 12345 "$LIBS/libdemo.so.1.1.0" disk/lib
	done
	# who may not give files away installs his own
	expect 0 "$TOOLS/deny" fchown -- "$SOV" install "$LIBS/libdemo.so.1.1.0" disk/lib
	right disk/lib 1.1.0
}
