# SPDX-License-Identifier: MIT
# sov names: what is printed for a declaration on the command line.
load ../helper/common

# names_are LINKER-NAME SONAME REAL-NAME - the last run printed these three lines and nothing else.
names_are() {
	assert_output "linker_name=$1
soname=$2
real_name=$3"
}

@test "sov names demo --version 2.1.0 prints exactly three lines" {
	run_sov 0 names demo --version 2.1.0
	names_are libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "a version and a soversion" {
	run_sov 0 names demo --version 1.4.2 --soversion 7
	names_are libdemo.so libdemo.so.7 libdemo.so.1.4.2
}

@test "a libtool triple" {
	run_sov 0 names demo --libtool 5:4:2
	names_are libdemo.so libdemo.so.3 libdemo.so.3.2.4
}

@test "a version and a release" {
	run_sov 0 names demo --version 1.4.2 --release 9
	names_are libdemo.so libdemo-9.so.1 libdemo-9.so.1.4.2
}

@test "a release alone" {
	run_sov 0 names demo --release 1.2
	names_are libdemo.so libdemo-1.2.so libdemo-1.2.so
}

@test "every policy" {
	while read -r policy version soname; do
		run_sov 0 names demo --policy "$policy" --version "$version"
		names_are libdemo.so "$soname" "libdemo.so.$version"
	done <<-'EOF'
		major 1.4.2 libdemo.so.1
		minor 1.4.2 libdemo.so.1.4
		exact 1.4.2 libdemo.so.1.4.2
		semver 0.0.7 libdemo.so.0.0.7
		semver 0.3.7 libdemo.so.0.3
		semver 1.3.7 libdemo.so.1
	EOF
}

@test "every system" {
	for os in linux gnu musl hurd freebsd solaris; do
		run_sov 0 names demo --version 1.4.2 --os "$os"
		names_are libdemo.so libdemo.so.1 libdemo.so.1.4.2
	done
	run_sov 0 names demo --version 1.4.2 --os netbsd
	names_are libdemo.so libdemo.so.1 libdemo.so.1.4
	run_sov 0 names demo --libtool 5:4:2 --os netbsd
	names_are libdemo.so libdemo.so.5 libdemo.so.5.4
	run_sov 0 names demo --libtool 5:4:2 --os openbsd
	names_are "" "" libdemo.so.5.4
	run_sov 0 names demo --version 1.4.2 --os android
	names_are libdemo.so libdemo.so libdemo.so
}

@test "darwin adds the two versions that its link editor takes" {
	run_sov 0 names demo --libtool 5:4:2 --os darwin
	assert_output "linker_name=libdemo.dylib
soname=libdemo.3.dylib
real_name=libdemo.3.dylib
compatibility_version=6
current_version=6.4"
}

@test "an unknown system is a usage error that names the nearest" {
	run_sov 2 names demo --version 1 --os linxu
	assert_line -n 0 --partial "sov: error: --os: "
	assert_line "  found:    linxu"
	assert_line --regexp "^  fix: .*linux"
}

@test "--linker-name=none leaves the linker name empty" {
	run_sov 0 names demo --version 2.1.0 --linker-name=none
	names_are "" libdemo.so.2 libdemo.so.2.1.0
}

@test "what is no version is refused, with what was found and what is allowed" {
	for version in 1.0-rc1 v1 01 1..2 .1 1. '' ' 1' +1 1.2.3.4.5 1/2 1234567890 1.0+git; do
		run_sov_split 2 names demo "--version=$version"
		assert_equal "$output" ""
		assert_regex "$stderr" "^sov: error: --version: "
		assert_regex "$stderr" $'\n  expected: 1 to 4 numbers'
		assert_regex "$stderr" $'\n  found:    '
	done
}

@test "a version of 5,000 digits is refused" {
	run_sov_split 2 names demo --version "$(printf '1%.0s' {1..5000})"
	assert_equal "$output" ""
	assert_regex "$stderr" "^sov: error: --version: "
}

@test "an age above current is refused" {
	run_sov 2 names demo --libtool 2:0:3
	assert_line -n 0 --partial "sov: error: --libtool: "
}

@test "a version beside a triple is an error that names both" {
	run_sov 2 names demo --version 1.0 --libtool 1:0:0
	assert_line -n 0 "sov: error: --libtool: libtool contradicts version"
	assert_output --partial "version (--version) and libtool (--libtool)"
}

@test "an empty, slashed or over-long base name is refused" {
	run_sov_split 2 names "" --version 1
	assert_equal "$output" ""
	run_sov_split 2 names a/b --version 1
	assert_equal "$output" ""
	run_sov_split 2 names "$(printf 'x%.0s' {1..201})" --version 1
	assert_equal "$output" ""
}

@test "sh quotes what the shell would not leave alone" {
	run_sov 0 names demo --version 2.1.0 --format=sh
	assert_output "linker_name=libdemo.so
soname=libdemo.so.2
real_name=libdemo.so.2.1.0"
	run_sov 0 names "a b'\$c\`" --version 2 --format=sh
	eval "$output"
	# shellcheck disable=SC2154 # eval sets it
	assert_equal "$real_name" "liba b'\$c\`.so.2"
}

@test "make prints variables, and every name that a clean must remove" {
	run_sov 0 names demo --version 2.1.0 --format=make
	assert_output "SOV_LINKER_NAME = libdemo.so
SOV_SONAME = libdemo.so.2
SOV_REAL_NAME = libdemo.so.2.1.0
SOV_CLEAN = libdemo.so libdemo.so.2 libdemo.so.2.1.0"
}

@test "SOV_CLEAN has each name once, and none that does not exist" {
	run_sov 0 names demo --release 1.2 --format=make
	assert_line "SOV_CLEAN = libdemo.so libdemo-1.2.so"
	run_sov 0 names demo --version 1.2 --os openbsd --format=make
	assert_line "SOV_SONAME ="
	assert_line "SOV_CLEAN = libdemo.so.1.2"
}

@test "make reads back the very bytes" {
	"$SOV_BINDIR/sov" names 'a$b#c\#d' --version 1 --format=make >names.mk
	printf 'include names.mk\nall:\n\t@printf "%%s\\n" '"'"'$(SOV_SONAME)'"'"'\n' >Makefile
	run -0 make -s
	assert_output 'liba$b#c\#d.so.1'
}

@test "make refuses a name with a blank" {
	run_sov_split 2 names "a b" --version 1 --format=make
	assert_equal "$output" ""
	assert_regex "$stderr" "^sov: error: make has no word for a name with a blank in it"
}

@test "cmake prints set() commands" {
	run_sov 0 names demo --version 2.1.0 --format=cmake
	assert_output 'set(SOV_LINKER_NAME "libdemo.so")
set(SOV_SONAME "libdemo.so.2")
set(SOV_REAL_NAME "libdemo.so.2.1.0")'
}

@test "cmake reads back the very bytes" {
	"$SOV_BINDIR/sov" names 'a;b"c\d${e}@f@' --version 1 --format=cmake >names.cmake
	echo 'include(names.cmake)' >script.cmake
	echo 'message("<${SOV_SONAME}>")' >>script.cmake
	run -0 cmake -P script.cmake
	assert_output '<liba;b"c\d${e}@f@.so.1>'
}

@test "json prints one object" {
	run_sov 0 names demo --libtool 5:4:2 --os darwin --format=json
	version=$(sed -n 's/^version = //p' "$SOV_SRCDIR/sov.conf")
	assert_equal "$(jq -c . <<<"$output")" '{"format":1,"tool":"sov '"$version"'","base":"demo","os":"darwin","linker_name":"libdemo.dylib","soname":"libdemo.3.dylib","real_name":"libdemo.3.dylib","compatibility_version":"6","current_version":"6.4"}'
}

@test "json keeps a name that is no UTF-8" {
	run_sov 0 names $'d\xffmo' --version 1 --format=json
	assert_equal "$(jq -r .soname <<<"$output")" $'libd\xEF\xBF\xBDmo.so.1'
	assert_equal "$(jq -r .soname_hex <<<"$output")" 6c696264ff6d6f2e736f2e31
	assert_equal "$(jq -r .base_hex <<<"$output")" 64ff6d6f
}

@test "an unknown format is a usage error that names the nearest" {
	run_sov 2 names demo --version 1 --format=jsno
	assert_output "sov: error: --format: unknown format
  expected: text, sh, make, cmake, json
  found:    jsno
  fix:      did you mean json?"
}

@test "--all-forms prints the equivalents" {
	run_sov 0 names demo --version 1.4.2 --all-forms
	assert_output "version=version = 1.4.2
version-number=-version-number 1:4:2
version-info=-version-info 5:2:4
cmake=VERSION 1.4.2 SOVERSION 1
meson=version: '1.4.2', soversion: '1'"
}

@test "--all-forms prints - where a form cannot say it" {
	run_sov 0 names demo --version 1.4.2 --soversion 7 --all-forms
	assert_line "version-number=-"
	assert_line "version-info=-"
	assert_line "cmake=VERSION 1.4.2 SOVERSION 7"
}

@test "--explain says where each thing comes from" {
	run_sov 0 names demo --version 2.1.0 --explain
	assert_line "declared: version = 2.1.0 (--version)"
	assert_line "soversion: 2 (policy major, the default: the first number)"
	assert_line --partial "system: linux ("
	assert_line --partial "linker_name: libdemo.so ("
	assert_line --partial "soname: libdemo.so.2 ("
	assert_line --partial "real_name: libdemo.so.2.1.0 ("
}

@test "--explain of a triple, a soversion, a policy and a release" {
	run_sov 0 names demo --libtool 5:4:2 --explain
	assert_line "soversion: 3 (current - age)"
	assert_line "version: 3.2.4 (current - age, age, revision)"
	run_sov 0 names demo --version 1.4.2 --soversion 7 --explain
	assert_line "declared: soversion = 7 (--soversion)"
	assert_line "soversion: 7 (declared)"
	run_sov 0 names demo --version 0.4.2 --policy semver --explain
	assert_line "soversion: 0.4 (policy semver: of 0.0.z all three numbers, of 0.y two, else the first)"
	run_sov 0 names demo --release 9 --linker-name real --explain
	assert_line "declared: release = 9 (--release)"
	assert_line "declared: linker-name = real (--linker-name)"
	assert_line "soversion: none, for only a release is declared"
	run_sov 0 names demo --version 1.2 --os openbsd --explain
	assert_line "soname: none (what programs ask for at run time)"
}

@test "--explain and --format are one or the other" {
	run_sov 2 names demo --version 1 --explain --format=json
	assert_output "sov: error: --explain and --format=json: one of them"
}
