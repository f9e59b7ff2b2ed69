# SPDX-License-Identifier: MIT
# The forms in which `sov deps` writes.

load ../helper/common
load deps

setup() {
	sov_setup
	make_lib one/liby.so.1 liby.so.1 -nostdlib
	make_lib one/libx.so.1 libx.so.1 -nostdlib -Wl,--no-as-needed one/liby.so.1 -Wl,-rpath,'$ORIGIN'
	make_lib libtop.so.1 libtop.so.1 -nostdlib -Wl,--no-as-needed one/libx.so.1 one/liby.so.1 -Wl,-rpath,"$PWD/one"
}

@test "one file: the lines of ldd; several: a name before each" {
	run_sov 0 deps libtop.so.1
	assert_output "	libx.so.1 => $PWD/one/libx.so.1
	liby.so.1 => $PWD/one/liby.so.1"
	run_sov 0 deps libtop.so.1 one/liby.so.1
	assert_output "libtop.so.1:
	libx.so.1 => $PWD/one/libx.so.1
	liby.so.1 => $PWD/one/liby.so.1
one/liby.so.1:
	statically linked"
}

@test "the dynamic linker stands where ldd has it: behind those that are loaded when it is needed first" {
	local interp
	make_lib one/libdeep.so.1 libdeep.so.1 -nostdlib
	make_lib one/liby.so.1 liby.so.1 -nostdlib -Wl,--no-as-needed one/libdeep.so.1
	make_prog prog one/liby.so.1 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags
	interp=$(readelf -lW prog | sed -n 's/.*interpreter: \(.*\)\]$/\1/p')
	same_order ./prog
	run_sov 0 deps prog
	assert_equal "${lines[0]}" "	liby.so.1 => $PWD/one/liby.so.1"
	assert_equal "${lines[2]}" "	libdeep.so.1 => $PWD/one/libdeep.so.1"
	assert_equal "${lines[3]}" "	$interp"
	# libc comes first, and needs it
	make_prog prog -lc one/liby.so.1 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags
	run_sov 0 deps prog
	assert_equal "${lines[2]}" "	$interp"
	assert_equal "${lines[3]}" "	libdeep.so.1 => $PWD/one/libdeep.so.1"
	same_order ./prog
	# the program itself needs it
	make_prog prog "$interp" one/liby.so.1 -Wl,-rpath,"$PWD/one" -Wl,--disable-new-dtags
	same_order ./prog
}

@test "a dynamic linker that nobody needs stands last, where ldd has none" {
	make_prog prog one/liby.so.1 -nostdlib -Wl,-rpath,"$PWD/one" -Wl,-e,main
	run_sov 0 deps prog
	assert_output "	liby.so.1 => $PWD/one/liby.so.1
	$(readelf -lW prog | sed -n 's/.*interpreter: \(.*\)\]$/\1/p')"
	run loader_says ./prog
	assert_output "liby.so.1 => $PWD/one/liby.so.1"
}

@test "--tree: who needs what, each object's own needs once" {
	make_lib one/liby.so.1 liby.so.1 -nostdlib -Wl,--no-as-needed one/libx.so.1 -Wl,-rpath,'$ORIGIN'
	run_sov 0 deps --tree libtop.so.1
	assert_output "libtop.so.1
    libx.so.1 => $PWD/one/libx.so.1
        liby.so.1 => $PWD/one/liby.so.1
            libx.so.1 => $PWD/one/libx.so.1 (above)
    liby.so.1 => $PWD/one/liby.so.1 (above)"
	tree=$output
	run_sov 0 deps --format=tree libtop.so.1
	assert_output "$tree"
}

@test "json: objects, who loaded them, what they need, by which rule they were found" {
	rm one/liby.so.1
	run_sov_split 1 deps --format=json -o json=copy libtop.so.1
	diff copy - <<<"$output"
	jq -e '.format == 1 and .summary.errors == 1 and .findings[0].rule == "dependency-missing"' copy
	jq -e '.files[0] | .file == "libtop.so.1" and .kind == "library" and .dynamic and (.interpreter == null)' copy
	jq -ce '.files[0].objects | map([.name, .how, .loader, .needs])' copy >objects
	run cat objects
	assert_output '[["libtop.so.1","file",null,[1,2]],["libx.so.1","runpath",0,[2]],["liby.so.1","missing",0,[]]]'
	jq -e '.files[0].objects[2] | has("path") | not' copy
	jq -e '.files[0].objects[1].soname == "libx.so.1"' copy
}

@test "names from a disk are quoted" {
	mkdir $'a\nb'
	mv one/libx.so.1 $'a\nb/libx.so.1'
	run_sov 0 deps --library-path $'a\nb:one' libtop.so.1
	assert_line "	libx.so.1 => a\\nb/libx.so.1"
	run_sov_split 0 deps --format=json --library-path $'a\nb:one' libtop.so.1
	jq -e '.files[0].objects[1].path == "a\nb/libx.so.1"' <<<"$output"
}

@test "a full disk is an error" {
	run -3 bash -c '"$SOV_BINDIR/sov" deps libtop.so.1 >/dev/full'
}
