# SPDX-License-Identifier: MIT
# sov check: files held against their declaration.
load ../helper/common

setup() {
	sov_setup
	mkdir .git # no sov.conf above counts
}

# make_chain - libdemo 2.1.0 with both links.
make_chain() {
	make_lib libdemo.so.2.1.0 "${1:-libdemo.so.2}"
	ln -s libdemo.so.2.1.0 libdemo.so.2
	ln -s libdemo.so.2 libdemo.so
}

@test "a library that agrees is passed in silence" {
	make_chain
	run_sov 0 check libdemo.so.2.1.0 --version 2.1.0
	assert_output ""
}

@test "it may be called by any of its three names" {
	make_chain
	for name in libdemo.so libdemo.so.2 libdemo.so.2.1.0; do
		run_sov 0 check "$name" --version 2.1.0
		assert_output ""
	done
}

@test "-v says what is right" {
	make_chain
	run_sov_split 0 check -v libdemo.so.2.1.0 --version 2.1.0
	assert_output "libdemo.so.2.1.0: ok (soname libdemo.so.2)"
	assert_equal "$stderr" ""
}

@test "a wrong SONAME is a finding in the form of a compiler's" {
	make_chain libdemo.so.1
	make_conf '[lib demo]\n\nversion = 2.1.0'
	run_sov_split 1 check libdemo.so.2.1.0
	assert_output "libdemo.so.2.1.0: error: SONAME does not match the declared version [declared-mismatch]
  expected: libdemo.so.2 (sov.conf:3)
  found:    libdemo.so.1
  fix:      relink with sovcc, or declare soversion = 1"
	assert_equal "$stderr" ""
}

@test "a triple has no soversion to declare" {
	make_chain libdemo.so.1
	run_sov 1 check libdemo.so.2.1.0 --libtool 3:0:1
	assert_line "  expected: libdemo.so.2 (--libtool)"
	assert_line "  fix:      relink with sovcc"
}

@test "a missing SONAME is a finding" {
	make_chain -
	run_sov 1 check libdemo.so.2.1.0 --version 2.1.0
	assert_line "  expected: libdemo.so.2 (--version)"
	assert_line "  found:    no SONAME"
}

@test "a wrong file name is a finding" {
	make_lib libdemo.so.2.0.9 libdemo.so.2
	ln -s libdemo.so.2.0.9 libdemo.so.2
	ln -s libdemo.so.2 libdemo.so
	run_sov 1 check libdemo.so.2.0.9 --version 2.1.0
	assert_line "libdemo.so.2.0.9: error: file name does not match the declared version [declared-mismatch]"
	assert_line "  expected: libdemo.so.2.1.0 (--version)"
	assert_line "  fix:      rename it to libdemo.so.2.1.0"
}

@test "a missing link beside it is a finding" {
	make_lib libdemo.so.2.1.0 libdemo.so.2
	run_sov 1 check libdemo.so.2.1.0 --version 2.1.0
	assert_line "libdemo.so.2.1.0: error: the soname link is missing [declared-mismatch]"
	assert_line "libdemo.so.2.1.0: error: the linker name is missing [declared-mismatch]"
}

@test "both layouts are right, unless linker-name is declared" {
	make_chain
	ln -sf libdemo.so.2.1.0 libdemo.so
	run_sov 0 check libdemo.so.2.1.0 --version 2.1.0
	run_sov 0 check libdemo.so.2.1.0 --version 2.1.0 --linker-name real
	run_sov 1 check libdemo.so.2.1.0 --version 2.1.0 --linker-name soname
	assert_line --partial "the linker name does not point where it is declared to [declared-mismatch]"
	rm libdemo.so
	run_sov 0 check libdemo.so.2.1.0 --version 2.1.0 --linker-name none
}

@test "the section of sov.conf is chosen by the file's name" {
	make_chain
	make_lib libdemo-gl.so.3.2.4 libdemo-gl.so.9
	ln -s libdemo-gl.so.3.2.4 libdemo-gl.so.3
	ln -s libdemo-gl.so.3 libdemo-gl.so
	make_conf '[lib demo]\nversion = 2.1.0\n[lib demo-gl]\nlibtool = 5:4:2'
	run_sov 1 check libdemo.so.2.1.0 libdemo-gl.so.3.2.4
	assert_line -n 0 --partial "libdemo-gl.so.3.2.4: error: SONAME"
	assert_line -n 1 "  expected: libdemo-gl.so.3 (sov.conf:4)"
	refute_line --partial "libdemo.so.2"
}

@test "the environment declares what sov.conf does not" {
	make_chain
	SOV_VERSION=2.1.0 run_sov 0 check libdemo.so.2.1.0
	SOV_VERSION=3.1.0 run_sov 1 check libdemo.so.2.1.0
	assert_line "  expected: libdemo.so.3 (SOV_VERSION)"
}

@test "a release is in the names" {
	make_lib libdemo-9.so.1.4.2 libdemo-9.so.1
	ln -s libdemo-9.so.1.4.2 libdemo-9.so.1
	ln -s libdemo-9.so.1 libdemo.so
	for name in libdemo-9.so.1.4.2 libdemo-9.so.1 libdemo.so; do
		run_sov 0 check "$name" --version 1.4.2 --release 9
	done
	run_sov 1 check libdemo-9.so.1.4.2 --version 1.4.3 --release 9
}

@test "a name without lib is a library's too" {
	make_lib plugin.so.1.2 plugin.so.1
	ln -s plugin.so.1.2 plugin.so.1
	ln -s plugin.so.1 plugin.so
	run_sov 0 check plugin.so.1.2 --version 1.2
}

@test "--expect-soname looks at the SONAME alone" {
	make_lib any.name libdemo.so.2
	make_lib bare
	run_sov 0 check any.name --expect-soname libdemo.so.2
	run_sov 0 check bare --expect-soname ''
	run_sov 1 check any.name --expect-soname libdemo.so.3
	assert_output "any.name: error: SONAME is not the expected one [declared-mismatch]
  expected: libdemo.so.3 (--expect-soname)
  found:    libdemo.so.2
  fix:      relink with -Wl,-soname,libdemo.so.3"
	run_sov 1 check any.name --expect-soname ''
	run_sov 0 check -v bare --expect-soname ''
	assert_output "bare: ok (no soname)"
}

@test "--expect-soname beside a declaration is a usage error" {
	run_sov 2 check x --expect-soname s --version 1
	assert_output --partial "sov: error: --expect-soname: "
}

@test "a file that nothing declares is exit status 2, and the others are judged all the same" {
	make_chain libdemo.so.9
	make_lib libother.so.1 libother.so.1
	make_conf '[lib demo]\nversion = 2.1.0'
	for order in "libdemo.so.2.1.0 libother.so.1" "libother.so.1 libdemo.so.2.1.0"; do
		# shellcheck disable=SC2086 # two words
		run_sov_split 2 check $order
		assert_line -n 0 "libdemo.so.2.1.0: error: SONAME does not match the declared version [declared-mismatch]"
		assert_equal "$stderr" "libother.so.1: error: nothing declares this library
  found:    sov.conf has no section that names it
  fix:      give --version V, or add a [lib] section"
		# shellcheck disable=SC2086
		run_sov_split 2 check --format=json $order
		assert_equal "$(jq -c '[.findings[].path]' <<<"$output")" '["libdemo.so.2.1.0"]'
	done
}

@test "a file that nothing declares is said beside one that is right" {
	make_chain
	make_lib libother.so.1 libother.so.1
	make_conf '[lib demo]\nversion = 2.1.0'
	run_sov_split 2 check -v libother.so.1 libdemo.so
	assert_output "libdemo.so: ok (soname libdemo.so.2)"
}

@test "what cannot be examined wins over what nothing declares" {
	make_lib libother.so.1 libother.so.1
	run_sov_split 3 check libother.so.1 libnosuch.so
	assert_regex "$stderr" "libother.so.1: error: nothing declares this library"
	assert_regex "$stderr" "libnosuch.so: error: cannot open: No such file or directory"
}

@test "a fault of sov.conf stops before anything is judged" {
	make_chain libdemo.so.9
	make_conf '[lib demo]\nlibtool = 2:0:0'
	run_sov_split 2 check libdemo.so.2.1.0 libother.so --soversion 2
	assert_output ""
	assert_regex "$stderr" "^sov: error: --soversion: soversion contradicts libtool"
}

@test "what is wrong with a file is said before who declares it" {
	make_conf '[lib demo]\nversion = 2.1.0'
	mkdir directory
	echo text >README
	run_sov 3 check nofile
	assert_output "nofile: error: cannot open: No such file or directory"
	run_sov 3 check 'nothing/*.so'
	assert_output "nothing/*.so: error: cannot open: No such file or directory"
	run_sov 1 check directory
	assert_output "directory: error: not a shared library [declared-mismatch]
  found:    special, directory"
	run_sov 1 check README --version 1.0
	assert_line -n 0 "README: error: not a shared library [declared-mismatch]"
	printf '\177ELF' >libcut.so
	run_sov 3 check libcut.so
	refute_line --partial "nothing declares"
}

@test "a section that was nearly named is suggested by the file's name, whatever stands before and behind" {
	make_conf '[lib zero]\nversion = 1\n[lib alpha]\nversion = 1'
	make_lib deep/libalhpa.so.1.2
	make_lib alpha.so
	for file in deep/libalhpa.so.1.2 alpha.so; do
		run_sov 2 check "$file"
		assert_line "  fix:      did you mean alpha?"
	done
}

@test "a file name that is no library's is a usage error" {
	make_lib plugin
	run_sov 2 check plugin --version 1.0
	assert_line -n 0 "sov: error: plugin: is not the file name of a shared library"
	assert_line "  fix:      --expect-soname looks at the SONAME alone"
}

@test "a file of another version beside the declared one is told as that, and its links are not judged" {
	make_chain
	make_conf '[lib demo]\nversion = 3.0.0'
	make_lib libdemo.so.3.0.0 libdemo.so.3
	ln -s libdemo.so.3.0.0 libdemo.so.3
	ln -sfn libdemo.so.3 libdemo.so
	run_sov 1 check libdemo.so.2.1.0
	assert_output "libdemo.so.2.1.0: error: the file of another version, beside that of the declared one [declared-mismatch]
  expected: libdemo.so.3.0.0 (sov.conf:2)
  found:    libdemo.so.2.1.0, SONAME libdemo.so.2"
	run_sov 0 check libdemo.so.3.0.0
}

@test "no fix puts a file in the place of another" {
	make_lib libdemo.so.2 libdemo.so.2
	make_lib libdemo.so.2.1.0 libdemo.so.2
	ln -s libdemo.so.2 libdemo.so
	run_sov 1 check libdemo.so.2 --version 2.1.0
	assert_output "libdemo.so.2: error: file name does not match the declared version [declared-mismatch]
  expected: libdemo.so.2.1.0 (--version)
  found:    libdemo.so.2"
}

@test "a file of the version before is to be linked again, not renamed" {
	make_chain
	run_sov 1 check libdemo.so.2.1.0 --version 3.0.0
	assert_output "libdemo.so.2.1.0: error: file name does not match the declared version [declared-mismatch]
  expected: libdemo.so.3.0.0 (--version)
  found:    libdemo.so.2.1.0
  fix:      relink with sovcc
libdemo.so.2.1.0: error: SONAME does not match the declared version [declared-mismatch]
  expected: libdemo.so.3 (--version)
  found:    libdemo.so.2
  fix:      relink with sovcc, or declare soversion = 2"
}

@test "a missing soname link is blamed alone, not what points at it" {
	make_chain
	rm libdemo.so.2
	for target in libdemo.so.2 ./libdemo.so.2; do
		ln -sfn "$target" libdemo.so
		run_sov 1 check libdemo.so.2.1.0 --version 2.1.0
		assert_output "libdemo.so.2.1.0: error: the soname link is missing [declared-mismatch]
  expected: libdemo.so.2 -> libdemo.so.2.1.0 (--version)
  found:    nothing
  fix:      ln -sfn libdemo.so.2.1.0 libdemo.so.2"
	done
}

@test "what cannot be examined is exit status 3, and wins over findings" {
	make_chain libdemo.so.9
	run_sov_split 3 check libdemo.so.2.1.0 libnosuch.so --version 2.1.0
	assert_line --partial "libdemo.so.2.1.0: error: SONAME does not match"
	assert_equal "$stderr" "libnosuch.so: error: cannot open: No such file or directory"
}

@test "a broken file is exit status 3" {
	make_chain
	truncate -s 300 libdemo.so.2.1.0
	run_sov_split 3 check libdemo.so.2.1.0 --version 2.1.0
	assert_regex "$stderr" "^libdemo.so.2.1.0: error: "
}

@test "what is no shared library is a finding" {
	echo text >libdemo.so
	run_sov 1 check libdemo.so --version 2.1.0
	assert_line -n 0 "libdemo.so: error: not a shared library [declared-mismatch]"
	assert_line "  found:    script, text"
}

@test "json holds every field of a finding" {
	make_chain libdemo.so.1
	run_sov_split 1 check --format=json libdemo.so.2.1.0 --version 2.1.0
	assert_equal "$(jq -c '[.format, (.tool | test("^sov [0-9]")), .roots]' <<<"$output")" '[1,true,[]]'
	assert_equal "$(jq -c '.findings' <<<"$output")" '[{"rule":"declared-mismatch","severity":"error","path":"libdemo.so.2.1.0","object":"libdemo.so.2","message":"SONAME does not match the declared version","expected":"libdemo.so.2 (--version)","found":"libdemo.so.1","fix":"relink with sovcc, or declare soversion = 1"}]'
	assert_equal "$(jq -c '.summary' <<<"$output")" '{"files":1,"libraries":1,"errors":1,"warnings":0,"infos":0,"unreadable":0}'
}

@test "colour marks the severity only" {
	make_chain libdemo.so.1
	run_sov 1 --color=always check libdemo.so.2.1.0 --version 2.1.0
	assert_line -n 0 $'libdemo.so.2.1.0: \e[1;31merror\e[0m: SONAME does not match the declared version [declared-mismatch]'
}

@test "a fix runs nothing that a hostile name says" {
	local directory='x$(touch ran) y'
	make_lib "$directory/libdemo.so.2.1.0" libdemo.so.2
	run_sov 1 check "$directory/libdemo.so.2.1.0" --version 2.1.0 --linker-name none
	run -0 sh -c "$(sed -n 's/^  fix:      //p' <<<"$output")"
	assert_output ""
	assert [ ! -e ran ]
	assert_equal "$(readlink "$directory/libdemo.so.2")" libdemo.so.2.1.0
	run_sov 0 check "$directory/libdemo.so.2.1.0" --version 2.1.0 --linker-name none
	run_sov 1 check "$directory/libdemo.so.2.1.0" --expect-soname 'a b'
	assert_line "  fix:      relink with '-Wl,-soname,a b'"
}

@test "no fix puts a link in the place of a file" {
	make_lib libdemo.so.2.1.0 libdemo.so.2
	make_lib libdemo.so.2 libdemo.so.2
	run_sov 1 check libdemo.so.2.1.0 --version 2.1.0 --linker-name none
	assert_line "  found:    libdemo.so.2 is another file, not a link"
	assert_line "  fix:      move that file away first, then ln -s libdemo.so.2.1.0 libdemo.so.2"
}
