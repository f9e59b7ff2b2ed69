#!/bin/sh
# SPDX-License-Identifier: MIT
#
# demo.sh [TREE] - upgrade the library of a running server, with the programs in TREE/bin (default: those in PATH).
# Works in a copy, and ends what it has started.
set -eu
example=$(cd "$(dirname "$0")" && pwd)
if [ $# -gt 0 ]; then
	PATH=$(cd "$1/bin" && pwd):$PATH
	export PATH
fi
unset LIBRARY_PATH

work=$(mktemp -d)
finish() {
	for server in run/*.pid; do
		[ ! -f "$server" ] || ./ask --stop "${server%.pid}" || true
	done
	rm -rf "$work"
}
cp -R "$example"/. "$work"
cd "$work"
trap finish EXIT
trap 'exit 1' HUP INT TERM

# show COMMAND - as a person types it, then what it says, in whatever status it ends.
show() {
	printf '$ %s\n' "$1"
	eval "$1" 2>&1 || echo "exit status $?"
	echo
}

make -s
mkdir -p prefix/include run
show 'sov install -v libgreet-1.0.0/libgreet.so prefix/lib'
cp libgreet-1.0.0/greet.h prefix/include
make -s prefix/bin/greetd
show 'prefix/bin/greetd run/old'
show './ask run/old Ada'

echo '# A minor upgrade.'
show 'sov install -v libgreet-1.1.0/libgreet.so prefix/lib'
show './ask run/old Ada'
show 'prefix/bin/greetd run/new'
show './ask run/new Ada'
show 'grep -o "libgreet.so.*" /proc/$(cat run/old.pid)/maps | sort -u'
show 'grep -o "libgreet.so.*" /proc/$(cat run/new.pid)/maps | sort -u'
show 'sov users -q prefix/lib/libgreet.so.1'

echo '# A major one, beside it.'
show 'sov install -v --linker-name=soname libgreet-2.0.0/libgreet.so prefix/lib'
cp libgreet-2.0.0/greet.h prefix/include
make -s prefix/bin/greetd-2
show 'prefix/bin/greetd-2 run/two'
show './ask run/two Ada'
show './ask run/old Ada'
show 'sov lint prefix'

echo '# What nobody uses any more can go.'
show 'sov prune -v --ignore-unreadable prefix/lib'
show './ask --stop run/old'
show 'sov prune --yes --ignore-unreadable prefix/lib'
show './ask run/new Ada'
