# SPDX-License-Identifier: MIT
# sov show: what a file is.
load ../helper/common

@test "a library: its names, class, byte order and machine" {
	make_lib libneeded.so.4 libneeded.so.4
	make_lib libdemo.so.2.1.0 libdemo.so.2 -nostdlib -Wl,--no-as-needed libneeded.so.4
	run_sov_split 0 show libdemo.so.2.1.0
	assert_output "file=libdemo.so.2.1.0
kind=library
soname=libdemo.so.2
needed=libneeded.so.4
class=64
data=little
machine=$(machine_of libdemo.so.2.1.0)"
	assert_equal "$stderr" ""
}

# machine_of FILE - our word for what the compiler here makes.
machine_of() {
	case $(uname -m) in
	x86_64) echo x86-64 ;;
	*) uname -m ;;
	esac
}

@test "every NEEDED has a line, in order; RPATH and RUNPATH each have one" {
	make_lib libb.so libb.so.1
	make_lib liba.so liba.so.1
	make_lib libx.so - -nostdlib -Wl,--no-as-needed libb.so liba.so -Wl,-rpath,/opt/r:/opt/s -Wl,--enable-new-dtags
	make_lib liby.so - -nostdlib -Wl,-rpath,/opt/r -Wl,--disable-new-dtags
	run_sov 0 show libx.so
	assert_line -n 2 "needed=libb.so.1"
	assert_line -n 3 "needed=liba.so.1"
	assert_line "runpath=/opt/r:/opt/s"
	refute_line --partial "rpath=/opt/r:"$'\n'
	run_sov 0 show liby.so
	assert_line "rpath=/opt/r"
	refute_line --partial "runpath="
}

@test "no SONAME has no line, an empty one an empty line" {
	make_lib none.so
	make_lib empty.so
	run_sov 0 show none.so
	refute_line --partial "soname="
	make_lib empty.so x
	# The last byte of "x" is all that makes the name: without it the string is "".
	python3 - <<-'EOF'
		data = bytearray(open("empty.so", "rb").read())
		at = data.index(b"\0x\0")
		data[at + 1] = 0
		open("empty.so", "wb").write(data)
	EOF
	run_sov 0 show empty.so
	assert_line "soname="
}

@test "several files are separated by an empty line" {
	echo text >a
	echo text >b
	run_sov 0 show a b
	assert_output "file=a
kind=script
detail=text

file=b
kind=script
detail=text"
}

@test "every kind has its word" {
	mkdir directory
	mkfifo fifo
	echo '#!/bin/sh' >script
	: >empty
	printf '\x01\x02\x03binary\x00' >binary
	echo 'int main(void) { return 0; }' | gcc -c -o object.o -x c -
	gcc -o program object.o
	gcc -static-pie -o static-pie object.o 2>/dev/null || gcc -static -o static-pie object.o
	ar rc archive.a object.o
	objcopy --only-keep-debug program program.debug
	make_lib whole.so whole.so.1
	head -c 200 whole.so >cut.so
	while read -r file kind; do
		run "$SOV_BINDIR/sov" show "$file"
		assert_line "kind=$kind"
	done <<-'EOF'
		directory special
		fifo special
		script script
		empty not-elf
		binary not-elf
		object.o object
		program program
		static-pie program
		archive.a archive
		program.debug debug
		whole.so library
		cut.so broken
	EOF
}

@test "the reason for broken is on stderr, with exit status 3" {
	make_lib whole.so whole.so.1
	head -c 200 whole.so >cut.so
	run_sov_split 3 show cut.so
	assert_line "kind=broken"
	assert_line --regexp "^detail=."
	assert_regex "$stderr" "^cut.so: error: "
}

@test "a file that cannot be opened is an error, and the others are shown" {
	echo text >a
	run_sov_split 3 show nosuch a
	assert_output $'file=a\nkind=script\ndetail=text'
	assert_equal "$stderr" "nosuch: error: cannot open: No such file or directory"
}

@test "nothing that is shown is executed or changed" {
	printf '#!/bin/sh\ntouch ran\n' >script
	chmod +x script
	before=$(sha256sum script)
	run_sov 0 show script
	assert [ ! -e ran ]
	assert_equal "$(sha256sum script)" "$before"
}

@test "control bytes and bad UTF-8 of names are escapes in text" {
	make_lib $'bell\a.so' $'x\e[2J\xff\nsoname=fake'
	run_sov 0 show $'bell\a.so'
	assert_line -n 0 'file=bell\x07.so'
	assert_line -n 2 'soname=x\x1B[2J\xFF\nsoname=fake'
	refute_line "soname=fake"
}

@test "bidirectional controls are escapes in text" {
	make_lib $'a\xe2\x80\xaeb.so'
	run_sov 0 show $'a\xe2\x80\xaeb.so'
	assert_line -n 0 'file=a\xE2\x80\xAEb.so'
}

@test "json has one document with every file" {
	make_lib libdemo.so libdemo.so.2 -nostdlib
	echo text >a
	run_sov_split 0 show --format=json libdemo.so a
	assert_equal "$(jq -c '[.format, (.tool | startswith("sov ")), (.files | length)]' <<<"$output")" '[1,true,2]'
	assert_equal "$(jq -c '.files[0] | del(.machine)' <<<"$output")" \
		'{"file":"libdemo.so","kind":"library","soname":"libdemo.so.2","needed":[],"class":64,"data":"little"}'
	assert_equal "$(jq -c '.files[1]' <<<"$output")" '{"file":"a","kind":"script","detail":"text"}'
}

@test "jsonl has one object a line" {
	echo text >a
	echo text >b
	run_sov_split 0 show --format=jsonl a b
	assert_output '{"file":"a","kind":"script","detail":"text"}
{"file":"b","kind":"script","detail":"text"}'
}

@test "json stays valid whatever the bytes, and keeps them in hexadecimal digits" {
	make_lib lib.so $'\xff\xc0\xaf\xed\xa0\x80é\x01"\\' -nostdlib
	run_sov_split 0 show --format=jsonl lib.so
	bad=$'\xEF\xBF\xBD'
	assert_equal "$(jq -r .soname <<<"$output")" "$bad$bad$bad$bad$bad$bad"$'é\x01"\\'
	assert_equal "$(jq -r .soname_hex <<<"$output")" ffc0afeda080c3a901225c
	assert_equal "$(jq -r 'has("file_hex")' <<<"$output")" false
}

@test "a list with one bad string keeps every one in hexadecimal digits" {
	make_lib liba.so liba.so.1
	make_lib libb.so $'b\xff'
	make_lib lib.so - -nostdlib -Wl,--no-as-needed ./liba.so ./libb.so
	run_sov_split 0 show --format=jsonl lib.so
	assert_equal "$(jq -c .needed <<<"$output")" '["liba.so.1","b'$'\xEF\xBF\xBD''"]'
	assert_equal "$(jq -c .needed_hex <<<"$output")" '["6c6962612e736f2e31","62ff"]'
}

@test "a big-endian library of another machine is read" {
	echo 'int f(void) { return 1; }' |
		s390x-linux-gnu-gcc -shared -fPIC -nostdlib -Wl,-soname,libbig.so.1 -o libbig.so -x c -
	run_sov 0 show libbig.so
	assert_output "file=libbig.so
kind=library
soname=libbig.so.1
class=64
data=big
machine=s390"
}
