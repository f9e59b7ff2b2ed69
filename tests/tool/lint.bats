# SPDX-License-Identifier: MIT
# sov lint as a program: output, options, exit codes. Each rule has its own tests in tests/lint.
load ../helper/common

setup() {
	sov_setup
	mkdir .git # no sov.conf above counts
}

# make_tree DIR - a good install tree of libgood 1.2.
make_tree() {
	make_lib "$1/lib/libgood.so.1.2" libgood.so.1
	ln -s libgood.so.1.2 "$1/lib/libgood.so.1"
	ln -s libgood.so.1 "$1/lib/libgood.so"
}

@test "a clean tree ends 0 with a line that counts, on stderr" {
	make_tree root
	run_sov_split 0 lint root
	assert_output ""
	assert_equal "$stderr" "0 errors, 0 warnings in 1 library"
}

@test "a finding is printed with the path as the user would type it" {
	make_lib lib/libx.so.1.0
	run_sov 1 lint lib
	assert_line "lib/libx.so.1.0: error: no SONAME [soname-missing]"
	mkdir -p sub
	cd sub
	run_sov 1 lint ../lib/
	assert_line "../lib/libx.so.1.0: error: no SONAME [soname-missing]"
}

@test "findings go to stdout, the count to stderr, and -q keeps that back" {
	make_lib root/lib/libx.so.1.0
	make_tree root
	run_sov_split 1 lint root
	assert_line -n 0 "root/lib/libx.so.1.0: error: no SONAME [soname-missing]"
	assert_equal "$stderr" "1 error, 0 warnings in 2 libraries"
	run_sov_split 1 -q lint root
	assert_equal "$stderr" ""
	assert_line -n 0 "root/lib/libx.so.1.0: error: no SONAME [soname-missing]"
}

@test "a warning alone is a finding too" {
	make_lib root/usr/lib/libx.so libx.so.1
	run_sov 1 lint root
	assert_line "root/usr/lib/libx.so: warning: $(message_of real-name-unversioned root)"
}

# message_of RULE ROOT - the rest of the line that the rule prints.
message_of() {
	"$SOV_BINDIR/sov" lint --format=json "$2" 2>/dev/null |
		jq -r --arg rule "$1" '.findings[] | select(.rule == $rule) | "\(.message) [\(.rule)]"'
}

@test "what is good to know is printed with -v only, and is no finding" {
	make_lib root/usr/lib/plugins/x.so x.so.0
	run_sov_split 0 lint root
	assert_output ""
	run_sov_split 0 lint -v root
	assert_line -n 0 --regexp "^root/usr/lib/plugins/x.so: info: .* \[soname-link-missing\]$"
	run_sov_split 0 lint --format=json root
	assert_equal "$(jq -c '.summary.infos, .findings[0].severity' <<<"$output")" $'1\n"info"'
}

@test "several roots are linted, and each finding names its own" {
	make_lib one/lib/libx.so.1.0
	make_lib two/lib/liby.so.1.0
	run_sov 1 lint one two
	assert_line "one/lib/libx.so.1.0: error: no SONAME [soname-missing]"
	assert_line "two/lib/liby.so.1.0: error: no SONAME [soname-missing]"
}

@test "a root that is not there is exit status 3" {
	run_sov_split 3 lint nosuch
	assert_output ""
	assert_regex "$stderr" "^nosuch: error: "
}

@test "a broken library is a finding" {
	make_tree root
	truncate -s 300 root/lib/libgood.so.1.2
	run_sov 1 lint root
	assert_line --regexp "^root/lib/libgood.so.1.2: error: .* \[elf-corrupt\]$"
}

@test "an unreadable directory wins over findings" {
	[ "$(id -u)" -ne 0 ] || run_as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	make_lib root/lib/libx.so.1.0
	mkdir -p root/usr/lib
	chmod 000 root/usr/lib
	chmod 755 "$BATS_TEST_TMPDIR"
	run -3 --separate-stderr "${run_as[@]}" "$SOV_BINDIR/sov" lint root
	assert_line --partial "[soname-missing]"
	assert_regex "$stderr" "root/usr/lib: error: "
}

@test "declared names are checked with --conf only" {
	make_lib root/lib/libgood.so.1.2 libgood.so.1
	ln -s libgood.so.1.2 root/lib/libgood.so.1
	make_conf '[lib good]\nversion = 2.0'
	run_sov 0 lint root
	run_sov 1 lint --conf sov.conf root
	assert_line --regexp "^root/lib/libgood.so.1.2: error: .* \[declared-mismatch\]$"
	SOV_CONF=sov.conf run_sov 1 lint root
}

@test "what sov.conf ignores is ignored, also without --conf" {
	make_lib root/lib/libx.so.1.0
	make_lib root/lib/liby.so.1.0
	make_conf '[lint]\nignore = soname-missing lib/libx.*'
	run_sov 1 lint root
	refute_line --partial "libx"
	assert_line "root/lib/liby.so.1.0: error: no SONAME [soname-missing]"
}

@test "a broken sov.conf is an error" {
	make_tree root
	make_conf '[lint'
	run_sov_split 2 lint root
	assert_output ""
	assert_regex "$stderr" "^sov.conf:1: error: "
}

@test "--sysroot gives what a link needs" {
	make_tree system
	mkdir -p root/usr/lib
	ln -s libgood.so.1.2 root/usr/lib/libgood.so.1
	mkdir -p system/usr
	mv system/lib system/usr/lib
	run_sov 1 lint root
	assert_line --partial "[soname-link-dangling]"
	run_sov 0 lint --sysroot system root
}

@test "--libdir makes a directory public" {
	make_lib root/opt/thing/libx.so.1.0
	run_sov 0 lint root
	run_sov 1 lint --libdir opt/thing root
	assert_line "root/opt/thing/libx.so.1.0: error: no SONAME [soname-missing]"
}

@test "--list-rules prints each rule with its severity and what it finds" {
	run_sov_split 0 lint --list-rules
	for rule in soname-missing soname-empty soname-has-slash soname-is-linker-name soname-link-missing \
		soname-link-dangling soname-link-wrong-target soname-link-not-symlink link-absolute \
		link-escapes-root elf-corrupt declared-mismatch; do
		assert_line --regexp "^$rule +error +[a-zA-Z]|^$rule +warning +[a-zA-Z]"
	done
	assert_equal "$stderr" ""
}

@test "json holds roots, findings and a summary" {
	make_lib root/lib/libx.so.1.0
	run_sov_split 1 lint --format=json root
	assert_equal "$(jq -c '[.format, (.tool | test("^sov [0-9]")), .roots]' <<<"$output")" '[1,true,["root"]]'
	assert_equal "$(jq -c '.findings[0] | [.rule, .severity, .root, .path, .message]' <<<"$output")" \
		'["soname-missing","error","root","lib/libx.so.1.0","no SONAME"]'
	assert_equal "$(jq -c '.findings[0] | to_entries | map(select(.value == null or .value == "")) | length' <<<"$output")" 0
	assert_equal "$(jq -c '.summary | keys_unsorted' <<<"$output")" \
		'["files","libraries","errors","warnings","infos","unreadable"]'
	assert_equal "$(jq -c '.summary.errors' <<<"$output")" 1
}

@test "json is ordered by root, path and rule" {
	for root in b a; do
		for name in liby liba; do
			make_lib "$root/lib/$name.so.1.0"
		done
	done
	run_sov_split 1 lint --format=json b a
	assert_equal "$(jq -c '[.findings[] | [.root, .path, .rule]] | . == sort' <<<"$output")" true
	assert_equal "$(jq -c '.findings | length >= 4' <<<"$output")" true
}

@test "json stays valid whatever a name is made of" {
	make_lib $'root/lib/lib\xff\n\e.so.1.0'
	run_sov_split 1 lint --format=json root
	assert_equal "$(jq -r '.findings[0].path_hex' <<<"$output")" 6c69622f6c6962ff0a1b2e736f2e312e30
	run_sov 1 lint root
	assert_line 'root/lib/lib\xFF\n\x1B.so.1.0: error: no SONAME [soname-missing]'
}

@test "-o json=FILE writes what --format=json prints" {
	make_lib root/lib/libx.so.1.0
	run_sov_split 1 lint -o json=copy.json root
	assert_line -n 0 "root/lib/libx.so.1.0: error: no SONAME [soname-missing]"
	run_sov_split 1 lint --format=json root
	assert_output "$(cat copy.json)"
}

@test "nothing in the tree is changed, run or left behind" {
	make_tree root
	make_lib root/lib/libx.so.1.0
	before=$(find root -printf '%p %m %T@ %C@ %l\n' | sort | sha256sum)
	run_sov 1 lint root
	assert_equal "$(find root -printf '%p %m %T@ %C@ %l\n' | sort | sha256sum)" "$before"
}
