#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Upgrades under a running program: the server of examples/live-upgrade, which says in each answer which libgreet it has
# been answered by, and /proc/PID/maps, which says whose code that is.

load ../helper/common
load upgrade

# What is built once: the three releases, the client, and the server against the headers of each major.
setup_file() {
	cp -R "$SOV_SRCDIR/examples/live-upgrade" "$BATS_FILE_TMPDIR/example"
	cd "$BATS_FILE_TMPDIR/example"
	make -s CC="$SOV_BINDIR/sovcc"
	local release
	for release in 1.0.0 2.0.0; do
		gcc -O2 -I"libgreet-$release" -o "greetd-${release%%.*}" greetd.c \
			-L"libgreet-$release" -lgreet -Wl,-rpath,'$ORIGIN/../lib'
	done
}

setup() {
	sov_setup
	cp -a "$BATS_FILE_TMPDIR"/example/{libgreet-*,ask} .
	mkdir -p prefix/bin run
	cp "$BATS_FILE_TMPDIR"/example/greetd-? prefix/bin
}

# The servers of this test, by the numbers they left.
teardown() {
	local file
	for file in run/*.pid; do
		[ ! -f "$file" ] || kill "$(cat "$file")" || true
	done
}

# install_greet RELEASE [ARGS...] - as a person does it, without waiting for a disk.
install_greet() {
	local release=$1
	shift
	run_sov 0 install --no-sync "$@" "libgreet-$release/libgreet.so" prefix/lib
}

# start NAME MAJOR - a server, to be called NAME from here on.
start() {
	"prefix/bin/greetd-$2" "run/$1"
}

# mapped NAME - the files of libgreet that this server has mapped, as the kernel calls them.
mapped() {
	sed -n 's,.*/\(libgreet.*\),\1,p' "/proc/$(cat "run/$1.pid")/maps" | sort -u
}

# mapped_inode NAME - and their inodes.
mapped_inode() {
	awk '/libgreet/ { print $5 }' "/proc/$(cat "run/$1.pid")/maps" | sort -u
}

# assert_runs NAME RELEASE FILE - this server answers, and by the code of that release in that file.
assert_runs() {
	run -0 ./ask "run/$1" Ada
	assert_output --regexp "^[A-Z][a-z]+, Ada.*! \(libgreet $2\)\$"
	assert_equal "$(mapped "$1")" "$3"
}

@test "minor upgrade: a running server keeps its code, one started after has the new" {
	install_greet 1.0.0
	start old 1
	assert_runs old 1.0.0 libgreet.so.1.0.0
	local inode
	inode=$(mapped_inode old)
	install_greet 1.1.0
	start new 1
	assert_runs old 1.0.0 libgreet.so.1.0.0
	assert_runs new 1.1.0 libgreet.so.1.1.0
	assert_equal "$(mapped_inode old)" "$inode"
	assert_equal "$(mapped_inode new)" "$(stat -c %i prefix/lib/libgreet.so.1.1.0)"
	assert_equal "$(names prefix/lib)" "libgreet.so -> libgreet.so.1
libgreet.so.1 -> libgreet.so.1.1.0
libgreet.so.1.0.0
libgreet.so.1.1.0"
}

@test "major upgrade: the new one stands beside, and programs of both start and run" {
	install_greet 1.1.0
	start old 1
	install_greet 2.0.0
	start again 1
	start new 2
	assert_runs old 1.1.0 libgreet.so.1.1.0
	assert_runs again 1.1.0 libgreet.so.1.1.0
	assert_runs new 2.0.0 libgreet.so.2.0.0
	assert_equal "$(mapped_inode again)" "$(mapped_inode old)"
	assert_equal "$(names prefix/lib)" "libgreet.so -> libgreet.so.1
libgreet.so.1 -> libgreet.so.1.1.0
libgreet.so.1.1.0
libgreet.so.2 -> libgreet.so.2.0.0
libgreet.so.2.0.0"
}

@test "other bytes under the same real name: a running server keeps the old inode and works" {
	install_greet 1.0.0
	start old 1
	local inode
	inode=$(mapped_inode old)
	(cd libgreet-1.0.0 && "$SOV_BINDIR/sovcc" -shared -fPIC -DGREET_VERSION='"1.0.0 anew"' -o libgreet.so greet.c)
	install_greet 1.0.0
	start new 1
	assert_runs old 1.0.0 "libgreet.so.1.0.0 (deleted)"
	assert_runs new "1.0.0 anew" libgreet.so.1.0.0
	assert_equal "$(mapped_inode old)" "$inode"
	assert_not_equal "$(mapped_inode new)" "$inode"
}

@test "the same bytes again: nobody has to be restarted" {
	install_greet 1.0.0
	start old 1
	install_greet 1.0.0
	assert_runs old 1.0.0 libgreet.so.1.0.0
}

@test "downgrade: only when asked for; a running server keeps the newer code" {
	install_greet 1.1.0
	start old 1
	run_sov 1 install --no-sync libgreet-1.0.0/libgreet.so prefix/lib
	start between 1
	assert_runs between 1.1.0 libgreet.so.1.1.0
	install_greet 1.0.0 --allow-downgrade
	start new 1
	assert_runs old 1.1.0 libgreet.so.1.1.0
	assert_runs new 1.0.0 libgreet.so.1.0.0
}

# All of its code is still to be read from the file, and every function still to be bound.
@test "a server that has not answered anything before the upgrade answers after it" {
	install_greet 1.0.0
	start old 1
	install_greet 1.1.0
	(cd libgreet-1.0.0 && "$SOV_BINDIR/sovcc" -shared -fPIC -DGREET_VERSION='"anew"' -o libgreet.so greet.c)
	install_greet 1.0.0 --allow-downgrade
	assert_runs old 1.0.0 "libgreet.so.1.0.0 (deleted)"
}

@test "uninstalled under a running server: it goes on, and the next one has what stays" {
	install_greet 1.0.0
	install_greet 1.1.0
	start old 1
	run_sov 0 install --no-sync --uninstall libgreet-1.1.0/libgreet.so prefix/lib
	start new 1
	assert_runs old 1.1.0 "libgreet.so.1.1.0 (deleted)"
	assert_runs new 1.0.0 libgreet.so.1.0.0
}

# stale STATUS - the servers of which sov users says that they need a restart.
stale() {
	run_sov_split "$1" users --format=json prefix/lib/libgreet.so.1
	jq -r '.users[] | select(.needs_restart) | .pid' <<<"$output" | sort -n
}

@test "sov users names the servers that were started before, and nobody once they are restarted" {
	install_greet 1.0.0
	start old 1
	assert_equal "$(stale 0)" ""
	install_greet 1.1.0
	start new 1
	assert_equal "$(stale 1)" "$(cat run/old.pid)"
	./ask --stop run/old
	start old 1
	assert_equal "$(stale 0)" ""
}

# Processes that a test machine hides are nobody's who uses this directory.
@test "sov prune leaves a file alone that a server runs, and takes it when the server has ended" {
	install_greet 1.0.0
	start old 1
	install_greet 1.1.0
	run_sov 0 prune --yes --ignore-unreadable prefix/lib
	assert_runs old 1.0.0 libgreet.so.1.0.0
	./ask --stop run/old
	run_sov 0 prune --yes --ignore-unreadable prefix/lib
	assert_output "remove prefix/lib/libgreet.so.1.0.0"
	start new 1
	assert_runs new 1.1.0 libgreet.so.1.1.0
}

# compiled_for - the SONAME that a program records which is linked now with -lgreet.
compiled_for() {
	echo 'const char *greet_version(void); int main(void) { return !greet_version(); }' |
		gcc -x c - -o probe -Lprefix/lib -lgreet &&
		readelf -dW probe | sed -n 's/.*(NEEDED).*\[\(libgreet.*\)\]/\1/p'
}

@test "the link editor takes the major that the headers are of, until it is asked to move" {
	install_greet 1.0.0
	install_greet 2.0.0
	assert_equal "$(compiled_for)" libgreet.so.1
	install_greet 2.0.0 --linker-name=soname
	assert_equal "$(compiled_for)" libgreet.so.2
	install_greet 1.1.0
	assert_equal "$(compiled_for)" libgreet.so.2
}

# come_and_go FILE - start, ask and end servers until FILE is there (or this directory is not), one after the other.
come_and_go() {
	local n
	for ((n = 0; n < 2000; n++)); do
		[ ! -e "$1" ] && [ -d run ] || break
		if start "guest$n" 1 && ./ask "run/guest$n" Ada && ./ask --stop "run/guest$n"; then
			echo served
		else
			echo "guest $n failed"
		fi
	done 2>&1
}

@test "forty upgrades back and forth: one server answers all the time, and every other one starts" {
	install_greet 1.0.0
	start old 1
	come_and_go finished >guests &
	local guests=$! round failed=0
	for round in {1..20}; do
		install_greet 1.1.0
		./ask run/old Ada >>answers || failed=$((failed + 1))
		install_greet 1.0.0 --allow-downgrade
		./ask run/old Ada >>answers || failed=$((failed + 1))
	done
	touch finished
	wait "$guests"
	assert_equal "$failed" 0
	assert_equal "$(sort answers | uniq -c | sed 's/^ *//')" "40 Hello, Ada! (libgreet 1.0.0)"
	run grep -vxE 'served|Hello, Ada(, and welcome)?! \(libgreet 1\.[01]\.0\)' guests
	assert_output ""
	[ "$(grep -cx served guests)" -ge 3 ]
}
