#!/bin/sh
# SPDX-License-Identifier: MIT
#
# demo.sh [TREE] - the example from the source to a linted install tree, with the programs in TREE/bin (default: those
# in PATH). Works in a copy, so that the sources stay as they are.
set -eu
example=$(cd "$(dirname "$0")" && pwd)
if [ $# -gt 0 ]; then
	PATH=$(cd "$1/bin" && pwd):$PATH
	export PATH
fi
unset LIBRARY_PATH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$example"/* "$work"
cd "$work"

# show COMMAND - as a person types it, then what it says.
show() {
	printf '$ %s\n' "$1"
	eval "$1"
	echo
}

show 'cat sov.conf'
show 'make'
show 'make -s install DESTDIR=stage'
show 'sov names demo'
show 'stat -c %N stage/usr/lib/*'
show 'LD_LIBRARY_PATH=stage/usr/lib stage/usr/bin/rot13 "Uryyb, jbeyq!"'
show 'sov lint stage'
