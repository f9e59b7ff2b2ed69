# SPDX-License-Identifier: MIT
# What the tests of this room share: `load ../helper/common`, then `load upgrade`.
# shellcheck shell=bash

# make_chain DIR REAL SONAME [LINKER-NAME] - a library as it lies installed, both links in a chain.
make_chain() {
	make_lib "$1/$2" "$3"
	ln -s "$2" "$1/$3"
	[ -z "${4:-}" ] || ln -s "$3" "$1/$4"
}

# listing DIR - every name below it with what tells whether anything was done to it: inode, mode, owner, links, size,
# times of contents and inode (not of a directory: a temporary name that came and went is no change), target.
listing() {
	find "$1" -mindepth 1 \( -type d -printf '%P %y %m %U:%G\n' -o -printf '%P %y %i %m %U:%G %n %s %T@ %C@ %l\n' \) |
		sort
}

# names DIR - its names, links with their target; a line each, sorted.
names() {
	(cd "$1" && find . -mindepth 1 \( -type l -printf '%P -> %l\n' -o -printf '%P\n' \) | sort)
}

# prebuild - for setup_file: libraries that the tests of a file share, in $BUILD. Each has its version in its bytes.
#   libdemo.so.{2.0.0,2.1.0,2.2.0,3.0.0}, SONAME libdemo.so.{2,3}; libother.so.1.0.0, SONAME libother.so.1
prebuild() {
	local name
	export BUILD=$BATS_FILE_TMPDIR/build
	for name in libdemo.so.2.0.0 libdemo.so.2.1.0 libdemo.so.2.2.0 libdemo.so.3.0.0 libother.so.1.0.0; do
		make_lib "$BUILD/$name" "${name%.*.*}" "-DVERSION=\"$name\"" -x c \
			<(echo 'const char *sov_fixture_version(void); const char *sov_fixture_version(void) { return VERSION; }')
	done
	mkdir "$BUILD/.git"
}

# install_refused STATUS ARGS... - `sov install ARGS` ends with STATUS, and changed nothing below the current directory.
install_refused() {
	local before
	before=$(listing . | grep -v ^separate-stderr-)
	run_sov_split "$1" install "${@:2}"
	assert_equal "$(listing . | grep -v ^separate-stderr-)" "$before"
	assert_equal "$output" ""
}
