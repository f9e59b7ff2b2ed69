# SPDX-License-Identifier: MIT
# What a published file is given: mode, owner, no more; stripping it; keeping the one that it replaces.
load ../helper/common
load upgrade
load unprivileged

setup_file() {
	prebuild
}

setup() {
	sov_setup
	mkdir .git
}

lib=lib/libdemo.so.2.1.0

@test "the mode is 0755, whatever umask and source say" {
	cp "$BUILD/libdemo.so.2.1.0" .
	chmod 6700 libdemo.so.2.1.0
	(umask 077 && run_sov 0 install libdemo.so.2.1.0 lib)
	assert_equal "$(stat -c '%a %U:%G' $lib)" "755 root:root"
	assert_equal "$(stat -c %a lib)" 755
}

@test "a directory that is made is 0755 under a umask that takes all away, for everybody" {
	unprivileged_setup
	cp "$BUILD/libdemo.so.2.1.0" "$yard"
	(umask 0777 && cd "$yard" && as_nobody sov install --root stage libdemo.so.2.1.0 usr/lib)
	run -0 stat -c %a "$yard/stage" "$yard/stage/usr" "$yard/stage/usr/lib" "$yard/stage/usr/lib/libdemo.so.2.1.0"
	unprivileged_teardown
	assert_output "755
755
755
755"
}

@test "--mode gives any other, set-ID bits too" {
	for mode in 4755 2755 6711 0444 1755; do
		run_sov 0 install --mode $mode "$BUILD/libdemo.so.2.1.0" lib
		assert_equal "$(stat -c %04a $lib)" $mode
	done
}

@test "--owner is taken as chown takes it, and set-ID bits stay with it" {
	group=$(id -gn daemon)
	while read -r owner want; do
		run_sov 0 install --mode 6755 --owner "$owner" "$BUILD/libdemo.so.2.1.0" lib
		assert_equal "$owner: $(stat -c '%a %U:%G' $lib)" "$owner: 6755 $want"
	done <<-EOF
		daemon:bin daemon:bin
		root root:root
		daemon: daemon:$group
		:sys root:sys
		+2:+3 bin:sys
		1:2 daemon:bin
	EOF
	chown 12345:54321 $lib
	run_sov 0 install --mode 6755 --owner 12345:54321 "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(stat -c '%u:%g' $lib)" 12345:54321
}

@test "a file of somebody else's is not the same, although its bytes are" {
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	chown daemon $lib
	run_sov_split 0 install -v "$BUILD/libdemo.so.2.1.0" lib
	assert_line -n 0 "install $lib (replaces another file)"
	assert_equal "$(stat -c %U $lib)" root
}

@test "a default ACL of the directory gives nobody anything" {
	mkdir lib
	setfacl -d -m u:daemon:rwx,g::rwx,o::rwx lib
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(getfacl -cp $lib | tr '\n' ' ')" "user::rwx group::r-x other::r-x  "
	run_sov 0 install --strip --mode 600 "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(getfacl -cp $lib | tr '\n' ' ')" "user::rw- group::--- other::---  "
}

@test "extended attributes and ACLs of the source are not carried over" {
	cp "$BUILD/libdemo.so.2.1.0" .
	setfacl -m u:daemon:rwx libdemo.so.2.1.0
	run_sov 0 install libdemo.so.2.1.0 lib
	assert_equal "$(getfacl -cp $lib | grep -c daemon)" 0
}

@test "only our name of a file with several gets the new one" {
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	ln $lib other-name
	cp "$BUILD/libdemo.so.2.2.0" libdemo.so.2.1.0
	run_sov 0 install libdemo.so.2.1.0 lib
	cmp "$BUILD/libdemo.so.2.1.0" other-name
	cmp "$BUILD/libdemo.so.2.2.0" $lib
	assert_equal "$(stat -c %h other-name $lib | tr '\n' ' ')" "1 1 "
}

@test "a source with several names is copied, never linked" {
	mkdir lib
	cp "$BUILD/libdemo.so.2.1.0" .
	ln libdemo.so.2.1.0 second
	run_sov 0 install libdemo.so.2.1.0 lib
	assert_equal "$(stat -c %h $lib libdemo.so.2.1.0 | tr '\n' ' ')" "1 2 "
}

@test "--backup keeps what is replaced, under a name that no ldconfig takes" {
	run_sov_split 0 install -v --backup "$BUILD/libdemo.so.2.1.0" lib
	refute_line --partial backup
	cp "$BUILD/libdemo.so.2.2.0" libdemo.so.2.1.0
	run_sov_split 0 install -v --backup libdemo.so.2.1.0 lib
	assert_line -n 0 "backup $lib -> lib/.libdemo.so.2.1.0.~1~"
	assert_line -n 1 "install $lib (replaces another file)"
	cmp "$BUILD/libdemo.so.2.1.0" lib/.libdemo.so.2.1.0.~1~
	run_sov 0 install --backup "$BUILD/libdemo.so.2.1.0" lib
	cmp "$BUILD/libdemo.so.2.2.0" lib/.libdemo.so.2.1.0.~2~
	# nothing is replaced, nothing is kept
	run_sov_split 0 install -v --backup "$BUILD/libdemo.so.2.1.0" lib
	assert_line -n 0 "keep $lib (the same already)"
	run_sov 0 install --backup "$BUILD/libdemo.so.2.2.0" lib
	before=$(names lib)
	/sbin/ldconfig -n lib
	assert_equal "$(names lib)" "$before"
	assert_equal "$(grep -c '~' <<<"$before")" 2
}

@test "--strip strips what is installed, not the source" {
	cp "$BUILD/libdemo.so.2.1.0" .
	before=$(sha256sum libdemo.so.2.1.0)
	assert [ -n "$(nm libdemo.so.2.1.0)" ]
	run_sov 0 install --strip libdemo.so.2.1.0 lib
	assert_equal "$(sha256sum libdemo.so.2.1.0)" "$before"
	assert_equal "$(nm $lib 2>&1)" "nm: $lib: no symbols"
	assert_equal "$(soname_of $lib)" libdemo.so.2
	assert_equal "$(ls -A lib | tr '\n' ' ')" "libdemo.so libdemo.so.2 libdemo.so.2.1.0 "
	# and what is the same after stripping is the same
	run_sov_split 0 install -v --strip libdemo.so.2.1.0 lib
	assert_line -n 0 "keep $lib (the same already)"
}

@test "STRIP is a command with options, and may be a path" {
	gcc -g -shared -fPIC -Wl,-soname,libdemo.so.2 -o libdemo.so.2.1.0 -x c - <<<'int f(void) { return 1; }'
	STRIP='strip  --strip-debug' run_sov 0 install --strip libdemo.so.2.1.0 lib
	assert [ -n "$(nm $lib)" ]
	refute_regex "$(readelf -SW $lib)" '\.debug_info'
	mkdir tools
	ln -s "$(command -v strip)" tools/my-strip
	STRIP='tools/my-strip -s' run_sov 0 install --strip libdemo.so.2.1.0 lib
	assert_equal "$(nm $lib 2>&1)" "nm: $lib: no symbols"
	STRIP='  ' run_sov 0 install --strip libdemo.so.2.1.0 lib
}

@test "what strip prints is on stderr" {
	STRIP='strip -v' run_sov_split 0 install --strip --format=json "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(jq -c .format <<<"$output")" 1
}

@test "a foreign library is stripped by its own strip" {
	s390x-linux-gnu-gcc -shared -fPIC -nostdlib -Wl,-soname,libdemo.so.2 -o libdemo.so.2.1.0 -x c - <<<'int f(void) { return 1; }'
	STRIP=s390x-linux-gnu-strip run_sov 0 install --strip libdemo.so.2.1.0 lib
	refute_regex "$(readelf -SW $lib)" '\.symtab'
}

@test "a strip that fails is exit status 3, and nothing is changed" {
	run_sov 0 install "$BUILD/libdemo.so.2.0.0" lib
	STRIP=false install_refused 3 --strip "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "libdemo.so.2.1.0: error: could not be stripped
  found:    false ended with status 1
  fix:      set STRIP to a strip that knows this machine's files"
	STRIP=./nosuch install_refused 3 --strip "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "$PWD/./nosuch: error: cannot run strip: No such file or directory
  fix:      set STRIP to the program that strips"
	printf '#!/bin/sh\nkill -9 $$\n' >die
	chmod +x die
	STRIP=./die install_refused 3 --strip "$BUILD/libother.so.1.0.0" "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "libother.so.1.0.0: error: could not be stripped
  found:    $PWD/./die was killed by signal 9
  fix:      set STRIP to a strip that knows this machine's files"
}

@test "a strip that makes something else of it is exit status 3, and nothing is changed" {
	run_sov 0 install "$BUILD/libdemo.so.2.0.0" lib
	STRIP='sed -i s/libdemo\.so\.2/libdemo.so.7/' install_refused 3 --strip "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$stderr" "$BUILD/libdemo.so.2.1.0: error: strip has made something else of it
  expected: a shared library, SONAME libdemo.so.2
  found:    library, SONAME libdemo.so.7"
	STRIP='objcopy --only-keep-debug' install_refused 3 --strip "$BUILD/libdemo.so.2.1.0" lib
	assert_regex "$stderr" "found:    debug, "
	STRIP='rm' install_refused 3 --strip "$BUILD/libdemo.so.2.1.0" lib
	assert_regex "$stderr" "cannot open what strip has left: No such file or directory"
}

@test "TERM while strip runs ends both, and leaves nothing" {
	mkdir lib
	printf '#!/bin/sh\nkill -TERM $PPID\nexec sleep 1000\n' >slow
	chmod +x slow
	STRIP=./slow run_sov_split 143 install --strip "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(names lib)" ""
}

@test "what a killed strip has left is swept by the next run" {
	mkdir -m 700 -p lib/.sov-strip
	touch lib/.sov-strip/stAbCdEf lib/.sov-file-0
	run_sov 0 install --strip "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(ls -A lib | tr '\n' ' ')" "libdemo.so libdemo.so.2 libdemo.so.2.1.0 "
}

@test "directories that strip makes are taken away with it, links in them never followed" {
	mkdir lib kept
	touch kept/file
	cat >maker <<-'END'
		#!/bin/sh
		dir=$(dirname "$1")
		mkdir -p "$dir/sub/sub/sub"
		touch "$dir/sub/file" "$dir/sub/sub/sub/file"
		ln -s "$KEPT" "$dir/sub/link"
		ln -s "$KEPT" "$dir/link"
	END
	chmod +x maker
	KEPT=$PWD/kept STRIP=$PWD/maker run_sov 0 install --strip "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(ls -A lib | tr '\n' ' ')" "libdemo.so libdemo.so.2 libdemo.so.2.1.0 "
	mkdir -m 700 lib/.sov-strip
	mkdir -p lib/.sov-strip/sub/sub
	touch lib/.sov-strip/sub/file
	ln -s "$PWD/kept" lib/.sov-strip/link
	ln -s "$PWD/kept" lib/.sov-strip/sub/link
	run_sov 0 install "$BUILD/libdemo.so.2.1.0" lib
	assert_equal "$(ls -A lib | tr '\n' ' ')" "libdemo.so libdemo.so.2 libdemo.so.2.1.0 "
	assert_equal "$(ls kept)" file
}
