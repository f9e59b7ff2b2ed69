# SPDX-License-Identifier: MIT
# Root installs into a tree that belongs to somebody else, who plants links and does not hold still. Whatever comes of
# the installation, nothing outside --root is made, changed or taken away.
#
# SOV_ROUNDS - how many installations the tests run whose name ends in "over and over".

load ../helper/common
load upgrade

ROUNDS=${SOV_ROUNDS:-20}
TOOLS=$SOV_BUILDDIR/tests/upgrade
OWNER=65534

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	make_lib libdemo.so.1.0.0 libdemo.so.1
	make_lib libdemo.so.1.1.0 libdemo.so.1 -Wl,--defsym=newer=1
	make_lib libother.so.9.0.0 libother.so.9
}

# The tree "root", its owner's; "outside", which nobody may touch; LIBS, what is installed.
setup() {
	sov_setup
	[ "$(id -u)" -eq 0 ] || skip "needs root, who installs into the tree of another"
	LIBS=$BATS_FILE_TMPDIR
	SOV=("$SOV_BINDIR/sov")
	mkdir -p root/usr/lib root/away outside/canary outside/lib
	cp "$LIBS/libdemo.so.1.0.0" outside/lib/libdemo.so.0.9.0
	ln -s libdemo.so.0.9.0 outside/lib/libdemo.so.0
	echo "not to be touched" >outside/sentinel
	chown -R "$OWNER:$OWNER" root
	# whoever follows a link out of the root can write there: only root is asked
	chmod 711 "$BATS_TEST_TMPDIR"
	frozen >before
}

# frozen - everything outside: names, inodes, modes, owners, sizes, times, directories too, and contents.
frozen() {
	find outside -printf '%p %y %i %m %U:%G %n %s %T@ %C@ %l\n' | sort
	find outside -type f -exec sha256sum {} + | sort
}

# Nothing outside was touched, no matter what else there is to say.
assert_untouched() {
	frozen >after
	run diff before after
	assert_output ""
	assert_success
}

# as_owner COMMAND... - as the owner of the tree.
as_owner() {
	setpriv --reuid "$OWNER" --regid "$OWNER" --clear-groups "$@"
}

# each_manner FUNCTION - the test by openat2, and by the walk that stands in for it: where the kernel has none, and
# where filters refuse it.
each_manner() {
	local error
	"$@"
	for error in ENOSYS EPERM; do
		SOV=("$TOOLS/deny" "openat2=$error" -- "$SOV_BINDIR/sov")
		"$@"
	done
}

# sov_install ARGS... - $SOV installs into the tree; it neither hangs nor dies of a signal. $status, $output.
sov_install() {
	run timeout 20 "${SOV[@]}" install --root root "$@"
	[[ $status =~ ^[0123]$ ]] || fail "exit status $status of: ${SOV[*]} install --root root $*: $output"
}

# --- planted before the run

planted_real_name() {
	local target
	for target in "$PWD/outside/sentinel" ../../../outside/sentinel "$PWD/outside/none" ../../../outside/none; do
		ln -sfn "$target" root/usr/lib/libdemo.so.1.0.0
		listing root >old
		sov_install "$LIBS/libdemo.so.1.0.0" usr/lib
		assert_equal "$status" 1
		listing root >new
		assert_equal "$(cat new)" "$(cat old)"
	done
	assert_untouched
}

@test "a link under the real name is an obstacle, wherever it leads" {
	each_manner planted_real_name
}

planted_links() {
	local target
	for target in "$PWD/outside/sentinel" ../../../outside/sentinel "$PWD/outside/none" ../../../outside/none; do
		rm -f root/usr/lib/*
		ln -s "$target" root/usr/lib/libdemo.so.1
		ln -s "$target" root/usr/lib/libdemo.so
		sov_install --linker-name=soname "$LIBS/libdemo.so.1.0.0" usr/lib
		assert_equal "$status" 0
		assert_equal "$(names root/usr/lib)" "libdemo.so -> libdemo.so.1
libdemo.so.1 -> libdemo.so.1.0.0
libdemo.so.1.0.0"
	done
	assert_untouched
}

@test "links out of the root under the soname and the linker name are replaced, never written through" {
	each_manner planted_links
}

planted_directory() {
	local target
	for target in "$PWD/outside/canary" ../../outside/canary ../../../../../../../../../../..$PWD/outside/canary \
		"$PWD/outside/none" /proc/self/cwd/outside/canary /proc/self/root"$PWD"/outside/canary; do
		rm -rf root/usr/lib
		ln -s "$target" root/usr/lib
		sov_install "$LIBS/libdemo.so.1.0.0" usr/lib
		sov_install "$LIBS/libdemo.so.1.0.0" usr/lib/deeper/still
		sov_install "$LIBS/libdemo.so.1.0.0" usr/lib/../lib/.
		rm -rf root/usr
		ln -s "${target/..\//}" root/usr
		sov_install "$LIBS/libdemo.so.1.0.0" usr/lib
		sov_install "$LIBS/libdemo.so.1.0.0" usr
		rm root/usr
		mkdir -p root/usr
	done
	assert_untouched
}

@test "a link in place of the directory, or of a parent, leads nowhere but below the root" {
	each_manner planted_directory
}

link_inside() {
	local inside=root$PWD/inside
	rm -rf root/* inside
	# whoever takes the link for one of the system's writes here, and not into the system
	mkdir -p "$inside" inside
	ln -s "$PWD/inside" root/lib64
	sov_install "$LIBS/libdemo.so.1.0.0" lib64
	assert_equal "$status" 0
	assert [ -f "$inside/libdemo.so.1.0.0" ]
	ln -sfn "../../..$PWD/../${PWD##*/}/inside" root/lib64
	sov_install "$LIBS/libdemo.so.1.1.0" lib64
	assert_equal "$status" 0
	assert [ -f "$inside/libdemo.so.1.1.0" ]
	assert_equal "$(names inside)" ""
}

@test "an absolute or relative link that stays below the root is followed to below the root" {
	each_manner link_inside
}

dots() {
	sov_install "$LIBS/libdemo.so.1.0.0" ../outside/canary
	sov_install "$LIBS/libdemo.so.1.0.0" usr/lib/../../../outside/canary
	assert_untouched
}

@test "dots in the directory lead to the root at most" {
	each_manner dots
}

@test "a circle of links in place of the directory is an error" {
	rm -rf root/usr/lib
	ln -s lib64 root/usr/lib
	ln -s lib root/usr/lib64
	for sov in "$SOV_BINDIR/sov" "$TOOLS/deny openat2 -- $SOV_BINDIR/sov"; do
		# shellcheck disable=SC2086 # words are meant
		run -1 timeout 20 $sov install --root root "$LIBS/libdemo.so.1.0.0" usr/lib
		assert_line "root/usr/lib: error: cannot open the directory"
	done
}

# What our temporary names are, or could be.
temporary_names=(.sov-link .sov-file-0 .sov-file-1 .sov-strip)

plant_link() { ln -s "$PWD/outside/sentinel" "$1"; }
plant_dangling() { ln -s "$PWD/outside/none" "$1"; }
plant_link_to_directory() { ln -s "$PWD/outside/canary" "$1"; }
plant_directory() { mkdir "$1" && touch "$1/libx.so.1"; }
plant_fifo() { mkfifo "$1"; }
plant_file() { echo mine >"$1"; }
plant_hard_link() { ln outside/sentinel "$1"; }

@test "whatever lies under the temporary names, the library is installed and nothing else touched" {
	local how name denied
	for denied in getrandom O_TMPFILE O_TMPFILE,flock; do
		for how in link dangling link_to_directory directory fifo file; do
			rm -rf root/usr/lib
			mkdir root/usr/lib
			for name in "${temporary_names[@]}"; do
				"plant_$how" "root/usr/lib/$name"
			done
			chown -hR "$OWNER:$OWNER" root/usr/lib
			SOV=("$TOOLS/deny" "$denied" -- "$SOV_BINDIR/sov")
			sov_install --strip "$LIBS/libdemo.so.1.0.0" usr/lib
			assert_equal "$how $denied $status" "$how $denied 0"
			assert_equal "$(readlink root/usr/lib/libdemo.so.1)" libdemo.so.1.0.0
			assert_equal "$(soname_of root/usr/lib/libdemo.so.1)" libdemo.so.1
			[ ! -L root/usr/lib/libdemo.so.1.0.0 ]
		done
	done
	assert_untouched
}

@test "a hard link to a file outside, planted for a temporary or the real name, does not change that file" {
	local name
	for name in "${temporary_names[@]}" libdemo.so.1.0.0; do
		ln outside/sentinel "root/usr/lib/$name"
	done
	sov_install --strip --mode 0700 "$LIBS/libdemo.so.1.0.0" usr/lib
	assert_equal "$status" 0
	assert_equal "$(cat outside/sentinel)" "not to be touched"
	assert_equal "$(stat -c %a outside/sentinel)" 644
	assert_equal "$(soname_of root/usr/lib/libdemo.so.1.0.0)" libdemo.so.1
}

@test "strip is never handed a name that the owner of the directory can lead elsewhere" {
	cp "$LIBS/libdemo.so.1.0.0" outside/canary/libdemo.so.1.0.0
	frozen >before
	cat >strip-meanwhile <<-EOT
		#!/bin/sh
		for name in root/usr/lib/.sov-*; do
			[ ! -e "\$name" ] || { mv "\$name" "\$name.away"; ln -s "$PWD/outside/canary" "\$name"; }
		done
		exec strip "\$@"
	EOT
	chmod +x strip-meanwhile
	STRIP=$PWD/strip-meanwhile sov_install --strip "$LIBS/libdemo.so.1.0.0" usr/lib
	assert_untouched
	STRIP=$PWD/strip-meanwhile
	SOV=("$TOOLS/deny" O_TMPFILE -- "$SOV_BINDIR/sov")
	sov_install --strip "$LIBS/libdemo.so.1.0.0" usr/lib
	assert_untouched
}

# --- names

@test "a directory at each of the names is an obstacle, and nothing changes" {
	local name
	for name in libdemo.so libdemo.so.1 libdemo.so.1.0.0; do
		rm -rf root/usr/lib
		mkdir -p "root/usr/lib/$name"
		listing root >old
		sov_install --linker-name=soname "$LIBS/libdemo.so.1.0.0" usr/lib
		assert_equal "$name $status" "$name 1"
		assert_output --partial "root/usr/lib/$name: error: "
		assert_equal "$(listing root)" "$(cat old)"
	done
}

@test "a fifo, a socket and a device at each of the names is an obstacle, and nothing hangs" {
	local name
	for name in libdemo.so libdemo.so.1 libdemo.so.1.0.0; do
		for make in 'mkfifo "$1"' 'mknod "$1" c 1 5' 'mknod "$1" b 7 99'; do
			rm -rf root/usr/lib
			mkdir -p root/usr/lib
			sh -c "$make" - "root/usr/lib/$name"
			listing root >old
			sov_install --linker-name=soname "$LIBS/libdemo.so.1.0.0" usr/lib
			assert_equal "$make $name $status" "$make $name 1"
			assert_equal "$(listing root)" "$(cat old)"
		done
	done
}

@test "a fifo, a device, a directory in place of LIB is refused, and nothing hangs" {
	mkfifo fifo.so.1
	mknod null.so.1 c 1 3
	mknod zero.so.1 c 1 5
	mkdir directory.so.1
	ln -s loop.so.1 loop.so.1
	for lib in fifo.so.1 null.so.1 zero.so.1 directory.so.1 loop.so.1 none.so.1; do
		sov_install "$lib" usr/lib
		[[ $status =~ ^[123]$ ]] || fail "$lib: exit status $status"
		assert_output --regexp "(error: $lib|$lib: error): "
		assert_equal "$(names root/usr/lib)" ""
	done
}

@test "a file or a fifo in place of DIR is an error" {
	rmdir root/usr/lib
	echo text >root/usr/lib
	sov_install "$LIBS/libdemo.so.1.0.0" usr/lib
	[[ $status =~ ^[13]$ ]]
	assert_equal "$(cat root/usr/lib)" text
	rm root/usr/lib
	mkfifo root/usr/lib
	sov_install "$LIBS/libdemo.so.1.0.0" usr/lib
	[[ $status =~ ^[13]$ ]]
	sov_install "$LIBS/libdemo.so.1.0.0" usr/lib/deeper
	[[ $status =~ ^[13]$ ]]
}

@test "links in a circle under the names are an obstacle, and nothing changes" {
	ln -s libdemo.so.1 root/usr/lib/libdemo.so
	ln -s libdemo.so root/usr/lib/libdemo.so.1
	listing root >old
	sov_install --linker-name=soname "$LIBS/libdemo.so.1.0.0" usr/lib
	assert_equal "$status" 1
	assert_line "root/usr/lib/libdemo.so.1: error: the link leads in a circle"
	assert_equal "$(listing root)" "$(cat old)"
}

@test "a SONAME that is a path, dots or control bytes is refused, whatever is asked for" {
	local soname
	for soname in ../x ../x.so.1 /etc/x.so.1 lib/x.so.1 .. . $'libx\n.so.1' $'libx\e[31m.so.1'; do
		make_lib libx.so.1.0.0 "$soname"
		sov_install libx.so.1.0.0 usr/lib
		[[ $status =~ ^[12]$ ]] || fail "$soname: exit status $status: $output"
		assert_equal "${output//[$'\n\t '[:print:]]/}" ""
		sov_install --version 1.0.0 libx.so.1.0.0 usr/lib
		[[ $status =~ ^[12]$ ]] || fail "$soname: exit status $status: $output"
		assert_equal "$(names root/usr/lib)" ""
		rm libx.so.1.0.0
	done
	assert_untouched
}

@test "an empty SONAME is refused" {
	make_lib whole.so libdemo.so.1
	sed 's/libdemo\.so\.1/\x00ibdemo.so.1/' whole.so >libdemo.so.1.0.0
	sov_install libdemo.so.1.0.0 usr/lib
	[[ $status =~ ^[12]$ ]] || fail "exit status $status: $output"
	assert_equal "$(names root/usr/lib)" ""
}

@test "names of 255 bytes are installed, longer ones refused" {
	local base
	base=lib$(printf 'l%.0s' {1..242})
	make_lib "$base.so.1.0.10" "$base.so.1"
	sov_install "$base.so.1.0.10" usr/lib
	assert_equal "$status" 0
	assert_equal "$(readlink "root/usr/lib/$base.so")" "$base.so.1"
	assert_equal "$(readlink "root/usr/lib/$base.so.1")" "$base.so.1.0.10"
	listing root >old
	make_lib long.so "$base.so.1.0.100"
	sov_install long.so usr/lib
	[[ $status =~ ^[12]$ ]] || fail "exit status $status: $output"
	make_lib "${base:0:203}.so" "${base:0:203}.so.1"
	sov_install --release 123456789.123456789.123456789.123456789 --version 1.123456789 "${base:0:203}.so" usr/lib
	[[ $status =~ ^[12]$ ]] || fail "exit status $status: $output"
	assert_equal "$(listing root)" "$(cat old)"
}

@test "directories with newlines, blanks, UTF-8 and bytes that are none are used as they are, and shown escaped" {
	local dir dirs
	dirs=($'usr/a\nb' 'usr/a b' usr/bibliothèque $'usr/\xff\xfe'
		$'usr/\xc2\x9b' $'usr/a\e[31mb' usr/-n 'usr/$(touch x)')
	for dir in "${dirs[@]}"; do
		sov_install -v "$LIBS/libdemo.so.1.0.0" "$dir"
		assert_equal "$dir $status" "$dir 0"
		assert_equal "$(readlink "root/$dir/libdemo.so.1")" libdemo.so.1.0.0
		assert_equal "$(tr -d '\n[:print:]è' <<<"$output")" ""
		assert_equal "$(grep -c install <<<"$output")" 1
	done
}

@test "a LIB whose name has newlines and control bytes is shown escaped" {
	cp "$LIBS/libother.so.9.0.0" $'libx\n\e[31m.so.1.0.0'
	sov_install --version 1.0.0 $'libx\n\e[31m.so.1.0.0' usr/lib
	[[ $status =~ ^[12]$ ]] || fail "exit status $status: $output"
	assert_equal "${output//[$'\n\t '[:print:]]/}" ""
	assert_equal "$(names root/usr/lib)" ""
}

@test "a path longer than the system takes is an error, one just below it is not" {
	local deep
	deep=$(printf 'd%.0s' {1..200})
	deep=$deep/$deep/$deep/$deep/$deep/$deep/$deep/$deep
	sov_install "$LIBS/libdemo.so.1.0.0" "$deep"
	assert_equal "$status" 0
	assert_equal "$(readlink "root/$deep/libdemo.so.1")" libdemo.so.1.0.0
	sov_install "$LIBS/libdemo.so.1.0.0" "$deep/$deep/$deep"
	assert_equal "$status" 3
	assert_output --partial "error: "
	sov_install "$LIBS/libdemo.so.1.0.0" "$(printf 'd%.0s' {1..256})"
	assert_equal "$status" 3
}

# --- changed during the run

# complete DIR REAL - the three names are there and lead to that very file of LIBS.
complete() {
	[ "$(readlink "$1/libdemo.so.1")" = "$2" ] && [ ! -L "$1/$2" ] && cmp -s "$1/$2" "$LIBS/$2"
}

# between SCRIPT DENIED - the script runs before each change that an installation makes, one after the other. An
# installation that ends 0 has really come about.
between() {
	local script=$1 denied=$2 n
	local -x ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # it looks for leaks by ptrace, as does meddle
	for n in {1..60}; do
		rm -rf root/usr/lib
		mkdir root/usr/lib
		cp "$LIBS/libdemo.so.1.0.0" root/usr/lib
		ln -s libdemo.so.1.0.0 root/usr/lib/libdemo.so.1
		ln -s libdemo.so.1 root/usr/lib/libdemo.so
		chown -hR "$OWNER:$OWNER" root/usr
		cp "$LIBS/libdemo.so.1.1.0" lib.so.1.1.0
		run timeout 20 "$TOOLS/deny" "$denied" -- "$TOOLS/meddle" "$n" "exec 2>/dev/null; ($script); true" -- \
			"$SOV_BINDIR/sov" install --version 1.1.0 --root root --sync lib.so.1.1.0 usr/lib
		[ "$status" != 120 ] || break
		[[ $status =~ ^[013]$ ]] || fail "before change $n: exit status $status: $output"
		[ "$status" != 0 ] || complete root/usr/lib libdemo.so.1.1.0 ||
			fail "before change $n: exit status 0, but $(ls -la root/usr/lib)"
	done
	# an installation makes six changes at the least: a file, its mode, its name, a link, its name, a sync
	[ "$n" -gt 6 ] && [ "$n" -lt 60 ] || fail "$n changes"
	assert_untouched
}

@test "exit 0 is true, though the owner leads the names outside between any two steps" {
	between "cd root/usr/lib; for n in *.so*; do ln -sfn '$PWD/outside/sentinel' \$n; done" renameat2
	between "cd root/usr/lib; for n in *.so* .sov-*; do ln -sfn '$PWD/outside/sentinel' \$n; done" O_TMPFILE
}

@test "exit 0 is true, though the owner puts a file of his own under each name between any two steps" {
	local script='
		cd root/usr/lib
		for n in libdemo.so.1.1.0 .sov-file-*; do
			[ ! -e "$n" ] || { rm -f "$n"; cp "$LIBS/libdemo.so.1.0.0" "$n"; }
		done'
	export LIBS
	between "$script" renameat2
	between "$script" O_TMPFILE
}

@test "exit 0 is true, though the owner takes all names away between any two steps" {
	between "cd root/usr/lib; rm -f * .sov-*" renameat2
	between "cd root/usr/lib; rm -f * .sov-*" O_TMPFILE,flock
}

@test "what is copied is what was verified, though LIB changes between any two steps" {
	between "cat '$LIBS/libother.so.9.0.0' >lib.so.1.1.0" renameat2
	between "cat '$LIBS/libother.so.9.0.0' >lib.so.1.1.0" copy_file_range,FICLONE
	between ": >lib.so.1.1.0" renameat2
	between "truncate -s 5000 lib.so.1.1.0" copy_file_range,FICLONE
}

# swapping MODE A B... - start an owner who does not hold still.
swapping() {
	SWAP_UID=$OWNER "$TOOLS/swap" "$@" >rounds 3>&- &
	swapper=$!
}

still() {
	kill "$swapper"
	wait "$swapper"
	[ "$(cat rounds)" -gt "$ROUNDS" ] || fail "only $(cat rounds) swaps"
}

# installed SOV... - one installation, which may be refused or fail, by the table of exit statuses; counts those that succeed.
installed() {
	timeout 20 "$@" 2>>said && ((++successes)) || [ $? -le 3 ]
}

# installing SOV... - back and forth between two versions; some must succeed, or nothing was tried.
installing() {
	local i successes=0
	for ((i = 0; i < ROUNDS / 2; i++)); do
		installed "$@" install --root root -q "$LIBS/libdemo.so.1.1.0" usr/lib || return
		installed "$@" install --root root -q --allow-downgrade "$LIBS/libdemo.so.1.0.0" usr/lib || return
	done
	[ "$successes" -gt 0 ] || fail "no installation succeeded: $(sort said | uniq -c)"
}

@test "a directory and a link that change places lead no installation outside, over and over" {
	ln -s "$PWD/outside/canary" root/usr/evil
	chown -h "$OWNER:$OWNER" root/usr/evil
	for mode in exchange rename; do
		swapping "$mode" root/usr/lib root/usr/evil
		installing "$SOV_BINDIR/sov"
		installing "$TOOLS/deny" openat2 -- "$SOV_BINDIR/sov"
		still
		assert_untouched
	done
}

@test "a parent and a link that change places lead no installation outside, over and over" {
	mkdir outside/canary/lib
	frozen >before
	ln -s "$PWD/outside/canary" root/evil
	chown -h "$OWNER:$OWNER" root/evil
	swapping exchange root/usr root/evil
	installing "$SOV_BINDIR/sov"
	installing "$TOOLS/deny" openat2 -- "$SOV_BINDIR/sov"
	still
	assert_untouched
}

@test "links that come and go under every name lead no installation outside, over and over" {
	local lib=root/usr/lib
	swapping plant "$PWD/outside/sentinel" $lib/{.sov-link,.sov-file-0,.sov-strip,libdemo.so,libdemo.so.1,libdemo.so.1.1.0}
	installing "$SOV_BINDIR/sov"
	installing "$TOOLS/deny" O_TMPFILE -- "$SOV_BINDIR/sov"
	still
	assert_untouched
}

@test "a directory and a link that change places lead neither links nor prune outside, over and over" {
	local i
	ln -s "$PWD/outside/lib" root/usr/evil
	cp "$LIBS/libdemo.so.1.0.0" outside/lib/libdemo.so.0.8.0
	frozen >before
	cp outside/lib/* root/usr/lib
	chown -hR "$OWNER:$OWNER" root/usr
	swapping exchange root/usr/lib root/usr/evil
	for ((i = 0; i < ROUNDS; i++)); do
		"$SOV_BINDIR/sov" links -q --root root --prune-dangling usr/lib >>said 2>&1 || [ $? -le 3 ]
		"$SOV_BINDIR/sov" prune -q --yes --ignore-unreadable --root root usr/lib >>said 2>&1 || [ $? -le 3 ]
	done
	still
	assert_untouched
}

@test "install(1) and ln are led outside by the same owner, over and over" {
	ln -s "$PWD/outside/canary" root/usr/evil
	chown -h "$OWNER:$OWNER" root/usr/evil
	swapping exchange root/usr/lib root/usr/evil
	for ((i = 0; i < 50; i++)); do
		install -m 755 "$LIBS/libdemo.so.1.0.0" root/usr/lib/ || true
	done
	still
	[ -e outside/canary/libdemo.so.1.0.0 ]
}
