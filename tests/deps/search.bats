# SPDX-License-Identifier: MIT
# Where a name is looked for: each case is held against the real dynamic linker.

load ../helper/common
load deps

@test "RPATH is asked before LD_LIBRARY_PATH, RUNPATH behind it" {
	make_lib one/libx.so.1 libx.so.1
	make_lib two/libx.so.1 libx.so.1
	make_prog rpath one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags
	make_prog runpath one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,--enable-new-dtags
	export LD_LIBRARY_PATH=$PWD/two
	same_as_loader ./rpath --library-path="$PWD/two"
	says "libx.so.1 => $PWD/one/libx.so.1"
	same_as_loader ./runpath --library-path="$PWD/two"
	says "libx.so.1 => $PWD/two/libx.so.1"
}

@test "LD_LIBRARY_PATH is taken from the environment with --env only" {
	make_lib one/libx.so.1 libx.so.1
	make_prog prog one/libx.so.1
	export LD_LIBRARY_PATH=$PWD/one
	run_sov 1 deps prog
	assert_line "	libx.so.1 => not found"
	run_sov 0 deps --env prog
	assert_line "	libx.so.1 => $PWD/one/libx.so.1"
	same_as_loader ./prog --env
}

@test "RPATH is inherited by what is loaded, RUNPATH is not" {
	make_lib one/libdeep.so.1 libdeep.so.1
	make_lib one/libx.so.1 libx.so.1 -Wl,--no-as-needed one/libdeep.so.1
	make_prog rpath one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags -Wl,-rpath-link,one
	make_prog runpath one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,--enable-new-dtags -Wl,-rpath-link,one
	same_as_loader ./rpath
	says "libdeep.so.1 => $PWD/one/libdeep.so.1"
	same_as_loader ./runpath
	says "libdeep.so.1 => not found"
}

@test "RPATH of the program is not asked for what an object with RUNPATH needs" {
	make_lib one/libdeep.so.1 libdeep.so.1
	make_lib one/libx.so.1 libx.so.1 -Wl,--no-as-needed one/libdeep.so.1 -Wl,-rpath,/nowhere -Wl,--enable-new-dtags
	make_prog prog one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags -Wl,-rpath-link,one
	same_as_loader ./prog
	says "libdeep.so.1 => not found"
}

@test "RPATH is that of the whole chain of who loaded whom, the nearest first" {
	make_lib near/liba.so.1 liba.so.1
	make_lib far/liba.so.1 liba.so.1
	make_lib far/libb.so.1 libb.so.1
	make_lib top/libc1.so.1 libc1.so.1 -Wl,--no-as-needed near/liba.so.1 far/libb.so.1 \
		-Wl,-rpath,"$PWD/near" -Wl,--disable-new-dtags
	make_prog prog top/libc1.so.1 -Wl,-rpath,"$PWD/top:$PWD/far" -Wl,--disable-new-dtags -Wl,-rpath-link,near:far
	same_as_loader ./prog
	says "liba.so.1 => $PWD/near/liba.so.1" "libb.so.1 => $PWD/far/libb.so.1"
}

@test "RPATH of a library in the middle of the chain is asked for what is loaded below it" {
	make_lib mid/libbottom.so.1 libbottom.so.1
	make_lib mid/libb.so.1 libb.so.1 -Wl,--no-as-needed mid/libbottom.so.1
	make_lib top/liba.so.1 liba.so.1 -Wl,--no-as-needed mid/libb.so.1 -Wl,-rpath,"$PWD/mid" -Wl,--disable-new-dtags
	make_prog prog top/liba.so.1 -Wl,-rpath,"$PWD/top" -Wl,--disable-new-dtags -Wl,-rpath-link,mid
	same_as_loader ./prog
	says "libbottom.so.1 => $PWD/mid/libbottom.so.1"
}

@test "the tokens ORIGIN, LIB and PLATFORM are replaced, and only where they are whole words" {
	local lib
	lib=$("$(readelf -lW "$SOV_BINDIR/sov" | sed -n 's/.*interpreter: \(.*\)\]$/\1/p')" --list-diagnostics |
		sed -n 's/^dl_dst_lib="\(.*\)"$/\1/p')
	make_lib "bin/libo.so.1" libo.so.1
	make_lib "tree/$lib/libl.so.1" libl.so.1
	make_lib "plat/$(uname -m)/libp.so.1" libp.so.1
	make_lib "word/\$ORIGINx/libw.so.1" libw.so.1
	make_prog bin/prog bin/libo.so.1 "tree/$lib/libl.so.1" "plat/$(uname -m)/libp.so.1" word/*/libw.so.1 \
		-Wl,-rpath,'$ORIGIN:${ORIGIN}/../tree/$LIB:$ORIGIN/../plat/${PLATFORM}':"$PWD"'/word/$ORIGINx'
	same_as_loader ./bin/prog
	says "libo.so.1 => $PWD/bin/libo.so.1" "libl.so.1 => $PWD/bin/../tree/$lib/libl.so.1" \
		"libp.so.1 => $PWD/bin/../plat/$(uname -m)/libp.so.1" "libw.so.1 => $PWD/word/\$ORIGINx/libw.so.1"
}

@test "ORIGIN of a program is the directory of the file, not of the link that leads there" {
	make_lib real/libx.so.1 libx.so.1
	make_prog real/prog real/libx.so.1 -Wl,-rpath,'$ORIGIN'
	mkdir links
	ln -s ../real/prog links/prog
	same_as_loader ./links/prog
	says "libx.so.1 => $PWD/real/libx.so.1"
}

@test "ORIGIN of a library is the directory in which it was found" {
	make_lib real/liby.so.1 liby.so.1
	make_lib real/libx.so.1 libx.so.1 -Wl,--no-as-needed real/liby.so.1 -Wl,-rpath,'$ORIGIN'
	mkdir links
	ln -s ../real/libx.so.1 links/libx.so.1
	make_prog prog real/libx.so.1 -Wl,-rpath,"$PWD/links" -Wl,-rpath-link,real
	same_as_loader ./prog
	says "liby.so.1 => not found"
	ln -s ../real/liby.so.1 links/liby.so.1
	same_as_loader ./prog
	says "liby.so.1 => $PWD/links/liby.so.1"
}

@test "empty and relative elements are the current directory's" {
	make_lib libx.so.1 libx.so.1
	make_lib sub/liby.so.1 liby.so.1
	make_prog prog libx.so.1 sub/liby.so.1 -Wl,-rpath,'/nowhere::sub//'
	same_as_loader ./prog
	says "libx.so.1" "liby.so.1 => sub/liby.so.1"
	export LD_LIBRARY_PATH=':/nowhere;sub'
	make_prog bare libx.so.1 sub/liby.so.1
	same_as_loader ./bare --env
	says "libx.so.1" "liby.so.1 => sub/liby.so.1"
}

@test "a name with a slash is a path, from the current directory" {
	make_lib sub/libx.so.1
	make_lib sub/libz.so.1 "$PWD/sub/libz.so.1"
	make_prog prog sub/libx.so.1 sub/libz.so.1
	same_as_loader ./prog
	says "sub/libx.so.1" "$PWD/sub/libz.so.1"
	mkdir elsewhere
	cd elsewhere
	same_as_loader ../prog
	says "sub/libx.so.1 => not found"
}

@test "a file of another class or machine is passed over, and the search goes on" {
	make_lib good/libx.so.1 libx.so.1
	mkdir other
	arm-linux-gnueabihf-gcc -shared -nostdlib -Wl,-soname,libx.so.1 -o other/libx.so.1 -x c /dev/null
	make_prog prog good/libx.so.1 -Wl,-rpath,"$PWD/other:$PWD/good"
	same_as_loader ./prog
	says "libx.so.1 => $PWD/good/libx.so.1"
	s390x-linux-gnu-gcc -shared -nostdlib -Wl,-soname,libx.so.1 -o other/libx.so.1 -x c /dev/null
	run_sov 0 deps ./prog
	assert_line "	libx.so.1 => $PWD/good/libx.so.1"
	rm good/libx.so.1
	arm-linux-gnueabihf-gcc -shared -nostdlib -Wl,-soname,libx.so.1 -o other/libx.so.1 -x c /dev/null
	run_sov 1 deps ./prog
	assert_line --partial "; $PWD/other/libx.so.1 is for another machine"
}

@test "what is loaded already is found by name, by soname and by inode" {
	make_lib one/liba.so.1 liba.so.1
	ln one/liba.so.1 one/libhard.so.1
	ln -s liba.so.1 one/libsoft.so.1
	make_lib two/libb.so.1 libb.so.1
	make_lib one/libalias.so.1 libalias.so.1
	make_prog prog one/liba.so.1 one/libalias.so.1 two/libb.so.1 -Wl,-rpath,"$PWD/one:$PWD/two"
	rm one/libalias.so.1
	# the file that libalias.so.1 leads to is liba.so.1's, by inode
	ln -s liba.so.1 one/libalias.so.1
	same_as_loader ./prog
	says "liba.so.1 => $PWD/one/liba.so.1"
	! grep libalias said
	# and one that is found under another name goes by its soname as well
	rm one/libalias.so.1
	make_lib one/libalias.so.1 libb.so.1
	same_as_loader ./prog
	says "libalias.so.1 => $PWD/one/libalias.so.1"
	! grep '^libb' said
}

@test "-z nodeflib keeps to the paths in the file" {
	make_lib one/libx.so.1 libx.so.1
	make_prog prog one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,-z,nodefaultlib
	loader_says ./prog >said
	# without a libc nothing needs the dynamic linker, and it does not list itself
	diff said <(sov_says ./prog | grep -v '^/')
	says "libx.so.1 => $PWD/one/libx.so.1" "libc.so.6 => not found"
}

@test "filters are loaded like what is needed, auxiliary ones when they are there" {
	make_lib one/libf.so.1 libf.so.1
	make_lib one/libx.so.1 libx.so.1 -Wl,--auxiliary,libf.so.1 -Wl,--auxiliary,libnone.so.1
	make_prog prog one/libx.so.1 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags
	# the dynamic linker also lists what it then goes on without
	loader_says ./prog | grep -vxF "libnone.so.1 => not found" >said
	run_sov 0 deps ./prog
	diff said <(sov_says ./prog)
	says "libf.so.1 => $PWD/one/libf.so.1"
	make_lib one/libx.so.1 libx.so.1 -Wl,--filter,libf.so.1
	same_as_loader ./prog
	says "libf.so.1 => $PWD/one/libf.so.1"
	rm one/libf.so.1
	run_sov 1 deps ./prog
	assert_line "	libf.so.1 => not found"
}

@test "programs that are linked statically need nothing" {
	echo 'int main(void) { return 0; }' >m.c
	gcc -static -o plain m.c
	gcc -static-pie -o pie m.c
	run_sov 0 deps plain
	assert_output "	statically linked"
	run_sov 0 deps pie
	assert_output "	statically linked"
	make_lib libalone.so.1 libalone.so.1 -nostdlib
	run_sov 0 deps libalone.so.1
	assert_output "	statically linked"
}

@test "what is no program or library is named" {
	echo '#!/bin/sh' >script
	run_sov 0 deps script
	assert_output "	not a dynamic executable (script)"
}

@test "a circle of libraries ends" {
	make_lib one/liba.so.1 liba.so.1
	make_lib one/libb.so.1 libb.so.1 -Wl,--no-as-needed one/liba.so.1
	make_lib one/liba.so.1 liba.so.1 -Wl,--no-as-needed one/libb.so.1
	make_prog prog one/liba.so.1 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags -Wl,-rpath-link,one
	same_as_loader ./prog
	says "liba.so.1 => $PWD/one/liba.so.1" "libb.so.1 => $PWD/one/libb.so.1"
}
