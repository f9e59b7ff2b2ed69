# SPDX-License-Identifier: MIT
# Other trees and other machines, where ldd says nothing.

load ../helper/common
load deps

S390X=/usr/s390x-linux-gnu
ARMHF=/usr/arm-linux-gnueabihf

# foreign CC PATH [GCC-ARGUMENT...] - a library or program for another machine; without start files, which a compiler
# for it need not bring.
foreign() {
	local cc=$1 path=$2
	shift 2
	mkdir -p "$(dirname -- "$path")"
	echo 'int _start(void); int _start(void) { return 0; }' |
		"$cc" -nostdlib -fPIC -o "$path" -Wl,--no-as-needed -x c - -x none "$@"
}

@test "s390x and ARM: the sysroot of the cross compiler is searched by its own dynamic linker's directories" {
	foreign s390x-linux-gnu-gcc s390x -pie $S390X/lib/libm.so.6 $S390X/lib/libc.so.6
	foreign arm-linux-gnueabihf-gcc arm -pie $ARMHF/lib/libm.so.6 $ARMHF/lib/libc.so.6
	run ldd s390x
	assert_output --partial "not a dynamic executable"
	run_sov 0 deps --root $S390X s390x
	assert_line "	libc.so.6 => /lib/libc.so.6"
	assert_line "	/lib/ld64.so.1"
	run_sov 0 deps --root $ARMHF arm
	assert_line "	libc.so.6 => /lib/libc.so.6"
	assert_line "	/lib/ld-linux-armhf.so.3"
}

@test "without a root, a library path leads to the libraries of another machine" {
	foreign s390x-linux-gnu-gcc prog -pie $S390X/lib/libc.so.6 $S390X/lib/ld64.so.1
	run_sov 0 deps --library-path /usr/s390x-linux-gnu/lib prog
	assert_line "	libc.so.6 => /usr/s390x-linux-gnu/lib/libc.so.6"
	assert_line "	ld64.so.1 => /usr/s390x-linux-gnu/lib/ld64.so.1"
	run_sov 1 deps prog
	assert_line "	libc.so.6 => not found"
	assert_line "	/lib/ld64.so.1 => not found"
	assert_line "prog: error: the dynamic linker that it names is not there [interpreter-missing]"
}

@test "a tree of another machine: cache, hardware subdirectories by choice, RPATH, missing ones" {
	mkdir -p tree/lib/s390x-linux-gnu tree/etc tree/opt/x
	cp $S390X/lib/ld64.so.1 tree/lib/
	cp $S390X/lib/libc.so.6 tree/lib/s390x-linux-gnu/
	foreign s390x-linux-gnu-gcc tree/opt/x/libx.so.1 -shared -Wl,-soname,libx.so.1
	mkdir -p tree/opt/x/glibc-hwcaps/z15
	cp tree/opt/x/libx.so.1 tree/opt/x/glibc-hwcaps/z15/
	foreign s390x-linux-gnu-gcc tree/bin/prog -pie tree/opt/x/libx.so.1 $S390X/lib/libc.so.6
	run_sov 1 deps --root tree tree/bin/prog
	assert_line "	libc.so.6 => /lib/s390x-linux-gnu/libc.so.6"
	assert_line "	libx.so.1 => not found"
	echo /opt/x >tree/etc/ld.so.conf
	run_sov 0 deps --root tree tree/bin/prog
	assert_line "	libx.so.1 => /opt/x/libx.so.1"
	run_sov 0 deps --root tree --hwcaps=z15 tree/bin/prog
	assert_line "	libx.so.1 => /opt/x/glibc-hwcaps/z15/libx.so.1"
	# a cache in the byte order of that machine; entries of others are not for us
	cp tree/opt/x/libx.so.1 tree/opt/libcached.so
	python3 "$BATS_TEST_DIRNAME/mkcache.py" tree/etc/ld.so.cache --big 0x403 libx.so.1 /opt/libcached.so
	run_sov 0 deps --root tree tree/bin/prog
	assert_line "	libx.so.1 => /opt/libcached.so"
	python3 "$BATS_TEST_DIRNAME/mkcache.py" tree/etc/ld.so.cache --big 0x303 libx.so.1 /opt/libcached.so
	run_sov 1 deps --root tree tree/bin/prog
	assert_line "	libx.so.1 => not found"
}

@test "absolute paths and links lead below the root, and never out of it" {
	make_root root >/dev/null
	make_lib root/opt/libx.so.1.0 libx.so.1
	make_lib outside/libx.so.1 libx.so.1
	mkdir -p root/usr/lib
	ln -s /opt/libx.so.1.0 root/usr/lib/libx.so.1
	make_prog root/bin/prog root/opt/libx.so.1.0
	run_sov 0 deps --root root root/bin/prog
	assert_line "	libx.so.1 => /usr/lib/libx.so.1"
	ln -sfn ../../../../../../../../../../../../../..$PWD/outside/libx.so.1 root/usr/lib/libx.so.1
	run_sov 1 deps --root root root/bin/prog
	assert_line "	libx.so.1 => not found"
	ln -sfn libx.so.1 root/usr/lib/libx.so.1
	run_sov 1 deps --root root root/bin/prog
	assert_line "	libx.so.1 => not found"
}

@test "\".\" in ORIGIN of a program in the tree is the tree, of one outside it is not" {
	make_root root >/dev/null
	make_lib root/app/lib/libx.so.1 libx.so.1
	make_prog root/app/bin/prog root/app/lib/libx.so.1 -Wl,-rpath,'$ORIGIN/../lib'
	run_sov 0 deps --root root root/app/bin/prog
	assert_line "	libx.so.1 => /app/bin/../lib/libx.so.1"
	mkdir -p build/bin
	mv root/app/bin/prog build/bin/
	mv root/app/lib build/
	run_sov 0 deps --root root build/bin/prog
	assert_line "	libx.so.1 => $PWD/build/bin/../lib/libx.so.1"
	assert_line "	libc.so.6 => /usr/lib/libc.so.6"
}

@test "FILE below the root: its path is followed as the tree has it, absolute links and all" {
	make_root root >/dev/null
	make_lib root/data/lib/libdeep.so.1 libdeep.so.1
	make_lib root/data/lib/libx.so.1 libx.so.1 -Wl,--no-as-needed root/data/lib/libdeep.so.1 -Wl,-rpath,'$ORIGIN'
	mkdir root/usr/app
	ln -s /data/lib root/usr/app/lib
	run_sov 0 deps --root=root root/usr/app/lib/libx.so.1
	assert_line "	libdeep.so.1 => /usr/app/lib/libdeep.so.1"
	abs=$output
	run_sov 0 deps --root="$PWD/root/" "./root/../root/usr/app/lib/libx.so.1"
	assert_output "$abs"
	cd root/usr
	run_sov 0 deps --root=.. app/lib/libx.so.1
	assert_output "$abs"
	cd ../..
	# a program has its real path, in the tree
	make_prog root/data/app/prog root/data/lib/libdeep.so.1 -Wl,-rpath,'$ORIGIN/../lib'
	ln -s /data/app/prog root/bin/prog
	run_sov 0 deps --root=root root/bin/prog
	assert_line "	libdeep.so.1 => /data/app/../lib/libdeep.so.1"
	# nothing out of the tree, even where this system would have something
	make_lib outside/libx.so.1 libx.so.1
	ln -s "$PWD/outside" root/usr/out
	run_sov 3 deps --root=root root/usr/out/libx.so.1
	assert_output "root/usr/out/libx.so.1: error: cannot open: No such file or directory"
	# a way into the tree by this system's links is no less one
	ln -s root/data/lib way
	run_sov 0 deps --root=root way/libx.so.1
	assert_line "	libdeep.so.1 => /data/lib/libdeep.so.1"
	truncate -s 2000 root/data/lib/libx.so.1
	run_sov 3 deps --root=root root/usr/app/lib/libx.so.1
	assert_line "root/usr/app/lib/libx.so.1: error: PT_LOAD past the end of the file [elf-corrupt]"
}

@test "FILE as the tree has it: absolute, where this system has no such file" {
	make_root root >/dev/null
	make_lib root/only-here/libx.so.1 libx.so.1
	make_prog root/only-here/prog root/only-here/libx.so.1 -Wl,-rpath,'$ORIGIN'
	run_sov 0 deps --root root /only-here/prog
	assert_line "	libx.so.1 => /only-here/libx.so.1"
	in_tree=$output
	run_sov 0 deps --root root root/only-here/prog
	assert_output "$in_tree"
	run_sov 3 deps --root root only-here/prog
	assert_line "only-here/prog: error: cannot open: No such file or directory"
	assert_line "  fix:      name it as this system does: root/only-here/prog"
	run_sov 3 deps --root root /only-here/nothing
	assert_output "/only-here/nothing: error: cannot open: No such file or directory"
	# what this system has comes first
	make_prog root/"$PWD"/prog root/only-here/libx.so.1
	make_prog prog
	run_sov 0 deps --root root "$PWD/prog"
	refute_output --partial libx.so.1
	run_sov 3 deps --root nowhere /bin/sh
	assert_line "nowhere: error: cannot open the root: No such file or directory"
}

@test "a library of another machine without PT_INTERP is searched as its machine's" {
	run_sov 0 deps --root $ARMHF $ARMHF/lib/libm.so.6
	assert_line "	libc.so.6 => /lib/libc.so.6"
	assert_line "	/lib/ld-linux-armhf.so.3"
}

@test "musl: its path file, RUNPATH inherited, its libc under every name, no sonames" {
	local cc=(gcc -nostdlib -shared -fPIC -x c /dev/null -x none)
	mkdir -p tree/lib tree/etc tree/opt/y tree/usr/lib
	"${cc[@]}" -o tree/lib/ld-musl-x86_64.so.1 -Wl,-soname,libc.musl-x86_64.so.1
	ln -s ld-musl-x86_64.so.1 tree/lib/libc.musl-x86_64.so.1
	"${cc[@]}" -o tree/opt/y/libdeep.so.1 -Wl,-soname,libdeep.so.1
	"${cc[@]}" -o tree/usr/lib/libx.so.1 -Wl,-soname,libx.so.1 -Wl,--no-as-needed tree/opt/y/libdeep.so.1
	"${cc[@]}" -o stub.so -Wl,-soname,libpthread.so.0
	echo 'void _start(void) {}' | gcc -nostdlib -pie -fPIE -o tree/prog -Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1 \
		-Wl,--no-as-needed -x c - -x none tree/usr/lib/libx.so.1 tree/lib/ld-musl-x86_64.so.1 stub.so \
		-Wl,-rpath,/opt/y -Wl,--enable-new-dtags -Wl,-rpath-link,tree/opt/y
	run_sov 0 deps --root tree tree/prog
	assert_output "$(printf '\t%s\n' 'libx.so.1 => /usr/lib/libx.so.1' /lib/ld-musl-x86_64.so.1 \
		'libdeep.so.1 => /opt/y/libdeep.so.1')"
	printf '/nowhere\n/opt/z\n' >tree/etc/ld-musl-x86_64.path
	run_sov 1 deps --root tree tree/prog
	assert_line "	libx.so.1 => not found"
	assert_line "  expected: RUNPATH /opt/y; /nowhere, /opt/z"
	mkdir tree/opt/z
	mv tree/usr/lib/libx.so.1 tree/opt/z/
	run_sov 0 deps --root tree tree/prog
	assert_line "	libx.so.1 => /opt/z/libx.so.1"
}
