#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A plain Makefile project, switched from cc to sovcc in the tree that cc built.
load ../helper/common
load wrapper

# project - a library, a program that uses it, and a clean that knows only libdemo.so.
project() {
	rm demo.o
	echo 'int demo(void); int demo(void) { return 1; }' >demo.c
	echo 'int demo(void); int main(void) { return demo() != 1; }' >main.c
	cat >Makefile <<'END'
CC = cc
CFLAGS = -O1 -fPIC
all: libdemo.so main
libdemo.so: demo.o
	$(CC) -shared -o $@ demo.o
main: main.o libdemo.so
	$(CC) -o $@ main.o -L. -ldemo -Wl,-rpath,.
-include names.mk
clean:
	rm -f main *.o libdemo.so $(SOV_CLEAN)
END
}

# switch VERSION - declare the library, so that make relinks it.
switch() {
	make_conf "[lib demo]\nversion = $1"
	run -0 "$SOV_BINDIR/sov" names demo --format=make
	printf '%s\n' "$output" >names.mk
	touch demo.c
}

@test "a tree built by cc and rebuilt by sovcc has the chain, and its program needs the soname" {
	project
	run -0 make
	assert_equal "$(readelf -d main | grep -c 'NEEDED.*\[libdemo\.so\]')" 1
	switch 2.1.0
	run -0 make CC="$SOV_BINDIR/sovcc"
	assert_chain
	assert_equal "$(readelf -d main | grep -c 'NEEDED.*\[libdemo\.so\.2\]')" 1
	run -0 ./main
}

@test "nothing is rebuilt when nothing changed" {
	project
	switch 2.1.0
	run -0 make CC="$SOV_BINDIR/sovcc"
	run -0 make CC="$SOV_BINDIR/sovcc"
	assert_output --partial 'Nothing to be done'
}

@test "SOV_CLEAN of sov names --format=make removes every name" {
	project
	local before
	before=$(ls -A)
	switch 2.1.0
	run -0 make CC="$SOV_BINDIR/sovcc"
	run -0 make clean
	rm sov.conf names.mk
	assert_equal "$(ls -A)" "$before"
}

@test "a minor version bump relinks; the old program still runs" {
	project
	switch 2.1.0
	run -0 make CC="$SOV_BINDIR/sovcc"
	switch 2.2.0
	run -0 make CC="$SOV_BINDIR/sovcc" libdemo.so
	assert_link libdemo.so.2 libdemo.so.2.2.0
	assert_library libdemo.so.2.1.0 libdemo.so.2
	run -0 ./main
}

@test "a major version bump gives the program its new soname; the old library stays for the old program" {
	project
	switch 2.1.0
	run -0 make CC="$SOV_BINDIR/sovcc"
	cp main oldmain
	switch 3.0.0
	run -0 make CC="$SOV_BINDIR/sovcc"
	assert_equal "$(readelf -d main | grep -c 'NEEDED.*\[libdemo\.so\.3\]')" 1
	rm libdemo.so
	run -0 ./oldmain
	run -0 ./main
}

@test "a wrong soname in the Makefile stops the build and leaves no library" {
	project
	sed -i 's/-o $@ demo.o/-Wl,-soname,libdemo.so.1 &/' Makefile
	switch 2.1.0
	run -2 make CC="$SOV_BINDIR/sovcc"
	assert_line --regexp '^sovcc: error: '
	assert_line '  expected: libdemo.so.2 (sov.conf:2)'
	assert_absent libdemo.so libdemo.so.2 libdemo.so.2.1.0
}

@test "going back to cc in the tree that sovcc built links as cc does" {
	project
	switch 2.1.0
	run -0 make CC="$SOV_BINDIR/sovcc"
	touch demo.c
	run -0 make
	run -0 ./main
}
