# SPDX-License-Identifier: MIT
# What the files of this room share: `load lint` after `load ../helper/common`.
# shellcheck shell=bash

# make_chain DIRECTORY [NAME [VERSION]] - a library as it should be: libdemo.so -> libdemo.so.2 -> libdemo.so.2.1.0.
make_chain() {
	local directory=$1 name=${2:-demo} version=${3:-2.1.0}
	local soname=lib$name.so.${version%%.*}
	make_lib "$directory/lib$name.so.$version" "$soname"
	ln -s "lib$name.so.$version" "$directory/$soname"
	ln -sf "$soname" "$directory/lib$name.so"
}

# refute_rule RULE - the last output has no finding of that rule.
refute_rule() {
	refute_output --partial "[$1]"
}
