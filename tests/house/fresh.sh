#!/bin/sh
# SPDX-License-Identifier: MIT
#
# fresh.sh - `./run VERB...` on a machine where nobody installed anything by hand: a minimal Debian in a chroot.
#
# Usage: fresh.sh [VERB...]   (default: demo), e.g. `fresh.sh check`. Needs root, debootstrap and a network.
#   SOV_FRESH_BASE     a directory with such a Debian, to be copied instead of fetched
#   SOV_FRESH_SUITE    default bookworm
#   SOV_FRESH_MIRROR   default: debootstrap's own
#   SOV_FRESH_TWICE=1  run it a second time: no package may be installed then

set -eu

source=$(cd "$(dirname "$0")/../.." && pwd)
root=$(mktemp -d "${TMPDIR:-/var/tmp}/sov-fresh.XXXXXX")

# Mounts live in the namespace of enter() and are gone when this runs.
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 1' INT TERM HUP

make_root() {
	if [ -n "${SOV_FRESH_BASE-}" ]; then
		cp -a "$SOV_FRESH_BASE/." "$root"
	else
		debootstrap --variant=minbase "${SOV_FRESH_SUITE:-bookworm}" "$root" \
			${SOV_FRESH_MIRROR:+"$SOV_FRESH_MIRROR"} >"$root.log" 2>&1 || {
			tail -n 20 "$root.log"
			echo "fresh.sh: error: debootstrap failed" >&2
			exit 1
		}
		rm -f "$root.log"
	fi
	# The network as this machine reaches it.
	cat /etc/resolv.conf >"$root/etc/resolv.conf"
	cat /etc/hosts >"$root/etc/hosts"
}

copy_source() {
	mkdir "$root/src"
	tar -C "$source" --exclude=./build --exclude=./.cache --exclude=./.git -cf - . | tar -C "$root/src" --no-same-owner -xf -
}

# enter COMMAND... - run it in there, with none of our environment and mounts of its own.
enter() {
	unshare --mount --propagation private sh -euc '
		root=$1
		shift
		mount --bind "$root" "$root" # a root that is a mount point, as that of a machine
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb chroot "$root" "$@"
	' sh "$root" "$@"
}

timed_run() {
	start=$(date +%s)
	enter /src/run "$@"
	echo "fresh.sh: ./run $*: $(($(date +%s) - start)) s"
}

[ $# -gt 0 ] || set -- demo
make_root
copy_source
for tool in gcc make cmake git python3; do
	if enter sh -c "command -v $tool"; then
		echo "fresh.sh: error: not a bare machine: $tool is there" >&2
		exit 1
	fi
done
timed_run "$@"
if [ -n "${SOV_FRESH_TWICE-}" ]; then
	before=$(cksum <"$root/var/lib/dpkg/status")
	timed_run "$@"
	[ "$before" = "$(cksum <"$root/var/lib/dpkg/status")" ] || {
		echo "fresh.sh: error: the second run installed something" >&2
		exit 1
	}
fi
