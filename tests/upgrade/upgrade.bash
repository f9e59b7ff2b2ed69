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
