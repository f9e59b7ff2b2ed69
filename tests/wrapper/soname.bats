#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A soname on the command line: it must be the declared one, in every spelling and from every place.
load ../helper/common
load wrapper

# each_spelling NAME - the spellings that all four linkers take, one a line, words separated by blanks.
each_spelling() {
	sed "s/NAME/$1/" <<-'END'
		-Wl,-soname,NAME
		-Wl,-soname=NAME
		-Wl,--soname,NAME
		-Wl,--soname=NAME
		-Wl,-h,NAME
		-Wl,-hNAME
		-Wl,-soname -Wl,NAME
		-Wl,--soname -Wl,NAME
		-Wl,-h -Wl,NAME
		-Xlinker -soname -Xlinker NAME
		-Xlinker --soname -Xlinker NAME
		-Xlinker -soname=NAME
		-Xlinker --soname=NAME
		-Xlinker -h -Xlinker NAME
		-Xlinker -hNAME
		-Wl,-soname -Xlinker NAME
		-Xlinker -soname -Wl,NAME
		-Wl,-z,now,-soname,NAME,-z,relro
		--for-linker=-soname=NAME
		--for-linker -soname --for-linker NAME
	END
}

# link_spelled STATUS WORDS - link_demo of a declared libdemo.so with the words of one line.
link_spelled() {
	local words
	read -ra words <<<"$2"
	link_demo "$1" "${words[@]}" -o libdemo.so --sov-version=2.1.0
}

@test "the declared soname is accepted in every spelling, and no name or link is added" {
	local spelling
	while read -r spelling; do
		link_spelled 0 "$spelling"
		assert_output '' || fail "$spelling"
		assert_library libdemo.so libdemo.so.2 || fail "$spelling"
		assert_only libdemo.so || fail "$spelling"
		rm libdemo.so
	done < <(each_spelling libdemo.so.2)
}

@test "another soname is refused in every spelling before the compiler runs" {
	make_recorder fakecc
	export SOV_CC=$PWD/fakecc
	local spelling
	while read -r spelling; do
		link_spelled 1 "$spelling"
		assert_refused || fail "$spelling"
		assert_output --partial "libdemo.so.9" || fail "$spelling"
		assert_only fakecc || fail "$spelling"
	done < <(each_spelling libdemo.so.9)
}

@test "the refusal says which argument said what and what is declared where" {
	make_conf '[lib demo]\nversion = 2.1.0'
	link_demo 1 -o libdemo.so -Wl,-soname,libdemo.so.9
	assert_refused
	assert_output --partial -- '-Wl,-soname,libdemo.so.9'
	assert_line '  expected: libdemo.so.2 (sov.conf:2)'
	assert_line --regexp '^  found:    libdemo\.so\.9'
	assert_line --regexp '^  fix:      '
}

@test "who names the soname owns the file name too: it is judged at install" {
	link_demo 0 -o libdemo.so.9.9 -Wl,-soname,libdemo.so.2 --sov-version=2.1.0
	assert_only libdemo.so.9.9
}

@test "the argv of a link with its own soname stays as it came" {
	make_recorder fakecc
	SOV_CC=$PWD/fakecc link_demo 0 -o libdemo.so --sov-version=2.1.0 -Wl,-soname,libdemo.so.2
	printf '%s\n' -shared demo.o -o libdemo.so -Wl,-soname,libdemo.so.2 | diff - fakecc.argv
}

@test "the last of several sonames counts: right after wrong is accepted" {
	link_demo 0 -o libdemo.so -Wl,-soname,libdemo.so.9 -Wl,-hlibdemo.so.2 --sov-version=2.1.0
	assert_library libdemo.so libdemo.so.2
}

@test "the last of several sonames counts: wrong after right is refused" {
	link_demo 1 -o libdemo.so -Wl,-soname,libdemo.so.2,-soname,libdemo.so.9 --sov-version=2.1.0
	assert_refused
	assert_only
}

@test "a soname inside an @file is read" {
	echo '-Wl,-soname,libdemo.so.9' >flags
	link_demo 1 -o libdemo.so @flags --sov-version=2.1.0
	assert_refused
	assert_output --partial '@flags'
	assert_only flags
}

@test "a soname inside nested @files is read" {
	echo '-Wl,-soname,libdemo.so.9' >inner
	echo '@inner' >outer
	link_demo 1 -o libdemo.so @outer --sov-version=2.1.0
	assert_refused
	assert_only inner outer
}

@test "a soname inside an @file of the linker's is read" {
	echo '-soname libdemo.so.9' >flags
	local how
	for how in -Wl,@flags '-Xlinker @flags'; do
		# shellcheck disable=SC2086
		link_demo 1 -o libdemo.so $how --sov-version=2.1.0
		assert_refused
	done
	assert_only flags
}

@test "a soname inside nested @files of the linker's is read" {
	echo '-soname libdemo.so.2' >inner
	echo '@inner' >outer
	link_demo 0 -o libdemo.so -Wl,@outer --sov-version=2.1.0
	assert_only inner libdemo.so outer
	assert_library libdemo.so libdemo.so.2
}

@test "a soname split between an @file and the command line is read" {
	echo '-Wl,-soname' >flags
	link_demo 0 -o libdemo.so @flags -Wl,libdemo.so.2 --sov-version=2.1.0
	assert_library libdemo.so libdemo.so.2
	link_demo 1 -o libdemo.so @flags -Wl,libdemo.so.9 --sov-version=2.1.0
	assert_refused
}

@test "a soname split between a linker's @file and -Xlinker is read" {
	echo '-soname' >flags
	link_demo 1 -o libdemo.so -Wl,@flags -Xlinker libdemo.so.9 --sov-version=2.1.0
	assert_refused
	assert_only flags
}

@test "position decides between an @file and the command line" {
	echo '-Wl,-soname,libdemo.so.9' >flags
	link_demo 0 -o libdemo.so @flags -Wl,-soname,libdemo.so.2 --sov-version=2.1.0
	assert_library libdemo.so libdemo.so.2
	link_demo 1 -o libdemo.so -Wl,-soname,libdemo.so.2 @flags --sov-version=2.1.0
	assert_refused
}

@test "quotes and backslashes in an @file are read as gcc reads them" {
	local text
	while read -r text; do
		printf '%s\n' "$text" >flags
		link_demo 0 -o libdemo.so @flags --sov-version=2.1.0 || fail "$text"
		assert_library libdemo.so libdemo.so.2 || fail "$text"
		assert_only flags libdemo.so || fail "$text"
	done <<'END'
'-Wl,-soname,libdemo.so.2'
"-Wl,-soname,libdemo.so.2"
-Wl,-soname,'libdemo'".so".2
-Wl,-so\name,libdemo\.so.2
'-Wl,-soname,libdemo\.so.2'
-Wl,-soname,libdemo.so.2
END
}

@test "CR, LF, tab, vertical tab and form feed separate the words of an @file" {
	printf -- '-Xlinker\r\n-soname\t-Xlinker\v\flibdemo.so.2\r\n' >flags
	link_demo 0 -o libdemo.so @flags --sov-version=2.1.0
	assert_library libdemo.so libdemo.so.2
	assert_only flags libdemo.so
}

@test "-rpath eats a -soname that follows it" {
	make_recorder fakecc
	SOV_CC=$PWD/fakecc link_demo 0 -o libdemo.so -Wl,-rpath -Wl,-soname --sov-version=2.1.0
	printf '%s\n' -shared demo.o -o libdemo.so -Wl,-rpath -Wl,-soname -Xlinker -soname -Xlinker libdemo.so.2 \
		-Xlinker -o -Xlinker libdemo.so.2.1.0 | diff - fakecc.argv
}

@test "-Wl,-hash-style=gnu is no soname" {
	link_demo 0 -o libdemo.so -Wl,-hash-style=gnu -Wl,-hash-style,gnu -Wl,--hash-style=both --sov-version=2.1.0
	assert_chain
}

@test "an empty soname is an error" {
	local spelling
	for spelling in '-Wl,-soname,' -Wl,-soname= -Wl,--soname= '-Xlinker -soname='; do
		link_spelled 1 "$spelling"
		assert_line --index 0 'sovcc: error: libdemo.so: the soname on the command line is empty' ||
			fail "$spelling"
	done
	assert_only
}

@test "a dangling -soname at the end is an error" {
	local spelling
	for spelling in -Wl,-soname -Wl,--soname -Wl,-h '-Xlinker -soname'; do
		link_spelled 1 "$spelling"
		assert_refused || fail "$spelling"
	done
	assert_only
}

@test "a soname that looks like an option is an error" {
	link_demo 1 -o libdemo.so -Wl,-soname -Wl,-z,now --sov-version=2.1.0
	assert_line --index 0 'sovcc: error: libdemo.so: the soname on the command line looks like an option'
	assert_output --partial -- '-z'
	assert_only
}

@test "a soname with a directory is never the declared one" {
	link_demo 1 -o libdemo.so -Wl,-soname,/usr/lib/libdemo.so.2 --sov-version=2.1.0
	assert_refused
	assert_only
}

@test "gcc -h NAME, which gcc drops in silence, is an error with the right spelling" {
	local spelling
	for spelling in '-h libdemo.so.2' -hlibdemo.so.2; do
		link_spelled 1 "$spelling"
		assert_refused
		assert_output --partial -- '-Wl,-h,libdemo.so.2' || assert_output --partial -- '-Wl,-soname,libdemo.so.2'
	done
	assert_only
}

@test "gcc -h NAME is gcc's own where nothing is declared: dropped up to gcc 13, refused since" {
	run gcc -shared demo.o -h libdemo.so.2 -o libplain.so
	local plain=$output
	SOV_CC=gcc link_demo "$status" -h libdemo.so.2 -o libdemo.so
	assert_output "$plain"
	[ ! -f libplain.so ] || cmp libplain.so libdemo.so
}

@test "a dangling -Xlinker at the end is the compiler's to complain of" {
	local plain
	plain=$(cc -shared demo.o -o libdemo.so -Xlinker 2>&1) && fail "cc accepts it"
	link_demo 1 -o libdemo.so --sov-version=2.1.0 -Xlinker
	assert_output "$plain"
	assert_only
}

@test "a soname hidden in a specs file comes before the declared one" {
	printf '*link:\n+ -soname libhidden.so.7\n\n' >names.specs
	SOV_CC=gcc link_demo 0 -specs=names.specs -o libdemo.so --sov-version=2.1.0
	assert_chain
}

@test "a soname in clang's --config file is read" {
	echo '-Wl,-soname,libdemo.so.9' >clang.cfg
	SOV_CC=clang link_demo 1 --config ./clang.cfg -o libdemo.so --sov-version=2.1.0
	assert_refused
}

@test "an undeclared link keeps its soname, whatever it is" {
	link_demo 0 -o libdemo.so -Wl,-soname,anything
	assert_library libdemo.so anything
}

@test "where libtool's triple is declared, no soversion is advised beside it" {
	make_conf '[lib demo]\nlibtool = 5:4:2'
	link_demo 1 -o libdemo.so -Wl,-soname,libdemo.so.6
	assert_line "  fix:      take it out of the command line: sovcc adds the declared one"
}

@test "a soname without a version, as CMake gives it, says what to tell the build system" {
	make_conf '[lib demo]\nversion = 2.1.0'
	link_demo 1 -o libdemo.so -Wl,-soname,libdemo.so
	assert_line "  fix:      take it out of the command line, or tell the build system the version (CMake: VERSION and SOVERSION)"
}
