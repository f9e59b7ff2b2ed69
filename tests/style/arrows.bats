# SPDX-License-Identifier: MIT
# The rooms of ARCHITECTURE.md, held against the includes and the compiled objects.

load ../helper/common

setup() {
	sov_setup
	mkdir -p include/sov lib/{base,model,elf,fs,check,lint} cli wrapper tool
}

# breach FILE TEXT - a tree in which FILE holds TEXT; the checker must speak of it.
breach() {
	echo "$2" >"$1"
	run -1 "$SOV_SRCDIR/tests/style/arrows.py" .
}

# call_breach FILE C-TEXT - the same with FILE compiled.
call_breach() {
	local object
	object=build/${1%%/*}/CMakeFiles/x.dir/${1#*/}.o
	mkdir -p "$(dirname "$object")"
	echo "$2" >"$1"
	gcc -w -c -o "$object" "$1"
	run -1 "$SOV_SRCDIR/tests/style/arrows.py" . build
}

@test "every include and every call goes along the arrows" {
	run -0 "$SOV_SRCDIR/tests/style/arrows.py" "$SOV_SRCDIR" "$SOV_BUILDDIR"
	assert_output ""
}

@test "a room that uses one to its right is seen" {
	breach lib/base/a.c '#include "model/decl.h"'
	assert_output 'lib/base/a.c:1: base may not use model ("model/decl.h")'
}

@test "a room that uses the one beside it is seen" {
	breach lib/elf/a.h '#include "fs/tree.h"'
	assert_output 'lib/elf/a.h:1: elf may not use fs ("fs/tree.h")'
}

@test "a public header that uses a private one is seen" {
	breach include/sov/a.h '#include "base/str.h"'
	assert_output 'include/sov/a.h:1: include may not use base ("base/str.h")'
}

@test "a program that uses a private header other than base is seen" {
	breach tool/a.c '#include "model/decl.h"'
	assert_output 'tool/a.c:1: tool may not use model ("model/decl.h")'
}

@test "a private header without its room is seen" {
	breach cli/a.c '#include "report.h"'
	assert_output 'cli/a.c:1: "report.h": a private header is included as "room/noun.h"'
}

@test "libelf outside lib/elf is seen" {
	breach wrapper/a.c '#include <gelf.h>'
	assert_output 'wrapper/a.c:1: <gelf.h> belongs to elf'
	rm wrapper/a.c
	call_breach lib/check/a.c 'int elf_end(void *); int sov_a(void *p) { return elf_end(p); }'
	assert_output 'lib/check/a.c: calls elf_end: libelf is used in lib/elf only'
}

@test "a rename outside lib/fs/publish.c is seen" {
	call_breach lib/fs/tree.c '#include <stdio.h>
int sov_a(void) { return rename("a", "b"); }'
	assert_output 'lib/fs/tree.c: calls rename: only lib/fs/publish.c renames'
}

@test "a process started outside wrapper/run.c and tool/strip.c is seen" {
	call_breach tool/main.c '#include <stdlib.h>
int main(void) { return system("ls"); }'
	assert_output 'tool/main.c: calls system: processes start in wrapper/run.c and tool/strip.c only'
}

@test "a library that prints or exits is seen" {
	call_breach lib/model/a.c '#include <stdlib.h>
void sov_a(void) { exit(1); }'
	assert_output 'lib/model/a.c: calls exit: the library returns, the program speaks'
	call_breach lib/model/a.c '#include <stdio.h>
void sov_a(void) { fputs("a", stderr); }'
	assert_output 'lib/model/a.c: calls stderr: the library returns, the program speaks'
}

@test "a call to a room to the right is seen, public function or not" {
	mkdir -p build/lib/CMakeFiles/x.dir/lint
	echo 'void sov_b(void) { }' >lib/lint/b.c
	gcc -w -c -o build/lib/CMakeFiles/x.dir/lint/b.c.o lib/lint/b.c
	call_breach lib/elf/a.c 'void sov_b(void); void sov_a(void) { sov_b(); }'
	assert_output 'lib/elf/a.c: elf may not call sov_b of lib/lint/b.c'
}

@test "an external name of the library without sov_ is seen" {
	call_breach lib/base/a.c 'int helper(void) { return 1; }'
	assert_output 'lib/base/a.c: external name without sov_: helper'
}
