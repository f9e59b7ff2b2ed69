#!/bin/sh
# SPDX-License-Identifier: MIT
#
# fetch.sh - bring Debian's source packages of packages.tsv into the cache.
#
# Usage: fetch.sh [short|long]   (default long: every package)
#
# apt does the work and checks signatures and hashes, but with lists, a cache and a source list of its own below
# $SOV_CACHE: what the system is configured to use is read and left as it is, and no "deb-src" line has to be there. A
# package that is in the cache costs nothing; when all are, apt is not even started.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${SOV_CACHE:-$(cd "$here/../.." && pwd)/.cache}
sources=$cache/sources
state=$cache/apt
tier=${1:-long}

say() {
	echo "fetch.sh: $*" >&2
}

die() {
	say "error: $*"
	exit 1
}

# The system's own sources, each binary one as a source one: one-line (*.list) and deb822 (*.sources).
copy_source_lists() {
	rm -rf "${state:?}/etc"
	mkdir -p "$state/etc"
	list='' parts=''
	eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
	for file in "$list" "$parts"/*.list; do
		[ -f "$file" ] || continue
		sed -nE 's/^[[:blank:]]*deb[[:blank:]]/deb-src /p' "$file" >"$state/etc/${file##*/}"
	done
	for file in "$parts"/*.sources; do
		[ -f "$file" ] || continue
		sed -E 's/^[Tt]ypes:.*/Types: deb-src/' "$file" >"$state/etc/${file##*/}"
	done
}

# apt-get with everything that it writes below $state.
own_apt_get() {
	apt-get -qq \
		-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$state/etc" \
		-o Dir::State::lists="$state/lists" -o Dir::Cache="$state/cache" \
		-o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# A list of somebody else's that cannot be read is no reason to stop: the package decides.
update_lists() {
	say "reading the archive's source lists"
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
	copy_source_lists
	own_apt_get update || say "not every source list could be read"
}

# download NAME[=VERSION] - into the current directory.
download() {
	own_apt_get source --download-only "$1" >apt.log 2>&1 && rm apt.log
}

# fetch NAME VERSION - into a temporary directory first: a directory called NAME holds a whole package.
fetch() {
	part=$sources/.$1.part
	rm -rf "$part"
	mkdir -p "$part"
	cd "$part"
	say "$1 $2"
	download "$1=$2" || {
		say "$1: $2 is not to be had, taking the version that the archive has now"
		download "$1" || {
			cat apt.log >&2
			die "$1: cannot be fetched"
		}
	}
	echo "$2" >pin
	cd "$sources"
	rm -rf "$1"
	mv "$part" "$1"
}

# in_cache NAME VERSION - was it fetched for this pin?
in_cache() {
	[ "$(cat "$sources/$1/pin" 2>/dev/null)" = "$2" ]
}

case $tier in
short | long) ;;
*) die "unknown tier '$tier': short or long" ;;
esac

command -v apt-get >/dev/null || die "no apt-get here: Debian's source packages cannot be fetched"
mkdir -p "$sources"
tab=$(printf '\t')
updated=no
while IFS=$tab read -r name version when _; do
	case $name in '' | '#'*) continue ;; esac
	[ "$tier" = long ] || [ "$when" = short ] || continue
	in_cache "$name" "$version" && continue
	[ $updated = yes ] || update_lists
	updated=yes
	fetch "$name" "$version"
done <"$here/packages.tsv"
