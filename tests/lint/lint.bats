# SPDX-License-Identifier: MIT
# What holds for all rules: exit status, order, counts, roots, hostile names, what cannot be read.
load ../helper/common
load lint

@test "a clean tree exits 0 and prints nothing but its summary" {
	make_chain lib
	run_sov_split 0 lint .
	assert_output ""
	assert_equal "$stderr" "0 errors, 0 warnings in 1 library"
}

@test "a tree without libraries, and an empty one, are clean" {
	mkdir -p stage/etc
	touch stage/etc/dbus.socket stage/etc/notes.source
	run_sov 0 lint stage
	assert_line --partial "0 errors, 0 warnings in 0 libraries"
	mkdir empty
	run_sov 0 lint empty
}

@test "an info alone is no finding" {
	make_lib lib/plugins/x.so x.so.0
	run_sov_split 0 lint .
	assert_output ""
	run_sov_split 0 -v lint .
	assert_line "./lib/plugins/x.so: info: no entry beside it has the name that its SONAME says [soname-link-missing]"
}

@test "a warning alone exits 1" {
	make_lib lib/libx.so libx.so.1
	ln -s libx.so lib/libx.so.1
	run_sov 1 lint .
	assert_line --partial "0 errors, 1 warning"
}

@test "findings come by root, path and rule, whatever the order on disk or of the arguments" {
	local name
	for name in c a b; do
		make_lib "stage/usr/lib/lib$name.so.1" # no SONAME
	done
	make_lib stage/lib/libz.so libz.so.1 # two rules
	make_lib stage/libzz.so.1
	make_lib other/libx.so
	run_sov_split 1 lint stage other
	run -0 sed -n 's/^\([^ :]*\): [a-z]*: .*\[\(.*\)\]$/\1 \2/p' <<<"$output"
	assert_output "other/libx.so soname-missing
stage/lib/libz.so real-name-unversioned
stage/lib/libz.so soname-link-missing
stage/libzz.so.1 soname-missing
stage/usr/lib/liba.so.1 soname-missing
stage/usr/lib/libb.so.1 soname-missing
stage/usr/lib/libc.so.1 soname-missing"
}

@test "two copies of a tree give the same bytes" {
	local i
	for i in 1 2 3 4 5 6 7 8 9; do
		make_lib "one/lib/libx$i.so.1.0" "libx$i.so.1"
		ln -s "/tmp/libx$i.so.1.0" "one/lib/libx$i.so"
	done
	mkdir -p two/lib
	for i in 9 1 8 2 7 3 6 4 5; do
		cp "one/lib/libx$i.so.1.0" two/lib/
		ln -s "/tmp/libx$i.so.1.0" "two/lib/libx$i.so"
	done
	(cd one && "$SOV_BINDIR/sov" lint . >../one.txt) || [ $? -eq 1 ]
	(cd two && "$SOV_BINDIR/sov" lint . >../two.txt) || [ $? -eq 1 ]
	[ -s one.txt ]
	cmp one.txt two.txt
}

@test "several roots are linted each for itself" {
	make_lib a/lib/libx.so.1.0 libx.so.1
	make_chain b/lib x 1.0
	run_sov 1 lint a b
	assert_line --partial "a/lib/libx.so.1.0: error:"
	assert_line --partial "1 error, 0 warnings in 2 libraries"
}

@test "a root that is not there, or no directory, exits 3" {
	run_sov 3 lint nothing
	assert_line "nothing: error: cannot read the directory: No such file or directory"
	touch file
	run_sov 3 lint file
	assert_line "file: error: cannot read the directory: Not a directory"
	run_sov 2 lint
}

@test "the root may be a link, and one directory of libraries is a root" {
	make_lib real/libx.so.1.0 libx.so.1
	ln -s real link
	run_sov 1 lint link/
	assert_line --partial "libx.so.1.0: error: no entry beside it"
	cd real
	run_sov 1 lint .
	assert_line --partial "./libx.so.1.0: error: no entry beside it"
}

@test "a directory that cannot be read exits 3, and the rest is linted" {
	[ "$(id -u)" -ne 0 ] || command -v setpriv
	make_lib stage/lib/libx.so.1.0 libx.so.1
	make_lib stage/lib/secret/liby.so.1
	chmod 000 stage/lib/secret
	chmod 755 "$BATS_TEST_TMPDIR"
	local as=()
	# root reads everything, but for the want of a capability
	[ "$(id -u)" -ne 0 ] || as=(setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search)
	run -3 "${as[@]}" "$SOV_BINDIR/sov" lint stage
	chmod 755 stage/lib/secret
	assert_line "stage/lib/secret: error: cannot read the directory: Permission denied"
	assert_line --partial "stage/lib/libx.so.1.0: error: no entry beside it"
}

@test "a library that cannot be opened exits 3, and the rest is linted" {
	make_lib stage/lib/libx.so.1.0 libx.so.1
	make_lib stage/lib/liby.so.1 liby.so.1
	chmod 000 stage/lib/liby.so.1
	local as=()
	[ "$(id -u)" -ne 0 ] || as=(setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search)
	run -3 "${as[@]}" "$SOV_BINDIR/sov" lint stage
	assert_line "stage/lib/liby.so.1: error: cannot open it: Permission denied"
	assert_line --partial "stage/lib/libx.so.1.0: error: no entry beside it"
}

@test "fifos, sockets and devices under the name of a library are never opened" {
	mkdir -p lib
	mkfifo lib/libx.so.1
	run -0 timeout 10 "$SOV_BINDIR/sov" lint .
	ln -s libx.so.1 lib/libx.so
	ln -s /dev/zero lib/libzero.so.1
	run -1 timeout 10 "$SOV_BINDIR/sov" lint .
	assert_line --partial "[link-absolute]"
}

@test "names from the disk are shown as escapes" {
	make_lib lib/$'lib\e[31mx\n.so.1.0'
	ln -s $'nothing\r\xff' lib/$'lib\xe2\x80\xaey.so.1'
	run_sov 1 lint .
	assert_line './lib/lib\x1B[31mx\n.so.1.0: error: no SONAME [soname-missing]'
	assert_line './lib/lib\xE2\x80\xAEy.so.1: error: the link leads to nothing [soname-link-dangling]'
	assert_line '  found:    lib\xE2\x80\xAEy.so.1 -> nothing\r\xFF'
}

@test "a soname that is no file name is never looked for" {
	make_lib lib/libx.so.1 ..
	make_lib lib/liby.so.1 .
	run_sov 0 lint .
}

@test "a soname or a target of thousands of bytes is handled" {
	local long
	long=$(printf 'l%.0s' {1..4000})
	make_lib lib/libx.so.1 "$long"
	mkdir -p lib/plugins
	ln -s "$long" lib/plugins/liby.so.1
	run_sov 1 lint .
	assert_line "./lib/plugins/liby.so.1: error: the link leads to nothing [soname-link-dangling]"
}

@test "nothing is changed" {
	make_lib stage/lib/libx.so.1.0 libx.so.1
	ln -s nothing stage/lib/liby.so.1
	find stage -printf '%p %y %l %s %C@\n' | sort >before
	run_sov 1 lint stage
	find stage -printf '%p %y %l %s %C@\n' | sort >after
	diff before after
}

@test "sov.conf says what to ignore, everywhere or by path" {
	make_lib stage/usr/lib/libhook.so
	make_lib stage/usr/lib/libdemo.so
	make_conf '[lint]\nignore = soname-missing usr/lib/libhook.so'
	run_sov 1 lint stage
	assert_line --partial "1 error, 0 warnings"
	assert_line "stage/usr/lib/libdemo.so: error: no SONAME [soname-missing]"
	make_conf '[lint]\nignore = soname-missing'
	run_sov 0 lint stage
}

@test "an unknown rule to ignore is an error with the nearest known one" {
	mkdir stage
	make_conf '[lint]\nignore = soname-mising'
	run_sov 2 lint stage
	assert_line "sov.conf:2: error: no such rule to ignore"
	assert_line "  found:    soname-mising"
	assert_line "  fix:      did you mean soname-missing?"
}

@test "a key of [lint] that lint does not know stops lint alone" {
	mkdir stage
	make_conf '[lib demo]\nversion = 2.1.0\n[lint]\nignroe = soname-missing'
	run_sov 2 lint stage
	assert_output "sov.conf:4: error: unknown key of [lint]
  expected: ignore
  found:    ignroe
  fix:      did you mean ignore?"
	run_sov 0 names demo
	echo 'int demo;' >demo.c
	run_sovcc 0 -shared -fPIC -o libdemo.so demo.c
	assert_equal "$(soname_of libdemo.so)" libdemo.so.2
}

@test "every rule is listed with its severity" {
	run_sov 0 lint --list-rules
	assert_line --regexp '^soname-link-missing +error +nothing has the name that programs will look for$'
	assert_equal "${#lines[@]}" 15
}
