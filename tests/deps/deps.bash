# SPDX-License-Identifier: MIT
# What the bats files of this room load besides ../helper/common.
# shellcheck shell=bash

# make_prog PATH [GCC-ARGUMENT...] - a program that needs each library it is linked with.
make_prog() {
	local path=$1
	shift
	mkdir -p "$(dirname -- "$path")"
	echo 'int main(void) { return 0; }' | gcc -o "$path" -Wl,--no-as-needed -x c - -x none "$@"
}

# ordered - lines of ldd, of the dynamic linker or of `sov deps` on stdin, made comparable: no vdso, which is no file, no
# addresses.
ordered() {
	sed -E 's/ \(0x[0-9a-f]+\)$//; s/^[[:space:]]+//' | grep -vE '^linux-(vdso|gate)\.so|^$'
}

# plain - the same, sorted: where something is missing or a filter, the dynamic linker's own order is another.
plain() {
	ordered | LC_ALL=C sort -u
}

# same_order PROGRAM - both say the same of a program, in the same order.
same_order() {
	diff <(LD_TRACE_LOADED_OBJECTS=1 "$1" | ordered) <("$SOV_BINDIR/sov" deps "$1" | ordered)
}

# loader_says PROGRAM - what the real dynamic linker finds. It runs the program's dynamic linker, not the program.
loader_says() {
	LD_TRACE_LOADED_OBJECTS=1 "$@" | plain
}

# sov_says ARGS... - what `sov deps` finds; findings apart.
sov_says() {
	"$SOV_BINDIR/sov" deps "$@" | grep -P '^\t' | plain
}

# same_as_loader PROGRAM [ARGS...] - both say the same of a program; ARGS are for sov. What they say is in the file `said`.
same_as_loader() {
	loader_says "$1" >said
	diff said <(sov_says "${@:2}" "$1")
}

# says LINE... - the last same_as_loader has each of these lines.
says() {
	local line
	for line; do
		grep -qxF -- "$line" said || {
			echo "not said: $line"
			cat said
			return 1
		}
	done
}

# make_root ROOT - a tree in which a program can start: the dynamic linker and the libc of this machine.
make_root() {
	local interp
	interp=$(readelf -lW "$SOV_BINDIR/sov" | sed -n 's/.*program interpreter: \(.*\)\]$/\1/p')
	mkdir -p "$1/etc" "$1/bin" "$1$(dirname "$interp")" "$1/usr/lib"
	cp "$interp" "$1$interp"
	mkdir -p "$1/usr/lib/base"
	cp "$(gcc -print-file-name=libc.so.6)" "$1/usr/lib/libc.so.6"
	echo "$interp"
}

# in_root ROOT COMMAND... - run a command with ROOT as /, as root or as who seems so.
in_root() {
	if [ "$(id -u)" = 0 ]; then
		chroot "$@"
	else
		unshare --map-root-user chroot "$@"
	fi
}

# loader_in_root ROOT PROGRAM - what the real dynamic linker of a tree finds there.
loader_in_root() {
	local enter=(python3 -c 'import os, sys
os.chroot(sys.argv[1])
os.chdir("/")
os.execve(sys.argv[2], sys.argv[2:], {"LD_TRACE_LOADED_OBJECTS": "1"})' "$1" "$2")
	# as root, or as who seems so; the variable is for the program alone
	[ "$(id -u)" = 0 ] || enter=(unshare --map-root-user "${enter[@]}")
	"${enter[@]}" | plain
}
