#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# fetch.sh, with the real apt, and an archive and a configuration of the test's own.

load ../helper/common

# add_package NAME VERSION - a source package in the archive.
add_package() {
	local tree=$1-$2
	mkdir -p "$tree/debian/source" archive
	echo '1.0' >"$tree/debian/source/format"
	printf 'Source: %s\nMaintainer: nobody <nobody@localhost>\n\nPackage: %s\nArchitecture: any\n' "$1" "$1" \
		>"$tree/debian/control"
	printf '%s (%s) unstable; urgency=low\n\n  * Text.\n\n -- nobody <nobody@localhost>  %s\n' "$1" "$2" \
		"Thu, 01 Jan 2026 00:00:00 +0000" >"$tree/debian/changelog"
	(cd archive && dpkg-source -b "../$tree" >../dpkg-source.log 2>&1 && dpkg-scansources . 2>/dev/null >Sources)
}

# configure_apt FILE TEXT - etc/FILE is all that apt is configured to use.
configure_apt() {
	mkdir -p etc/sources.list.d
	printf '%b' "$2" >"etc/$1"
	printf 'Dir::Etc "%s/etc";\n' "$PWD" >apt.conf
	export APT_CONFIG=$PWD/apt.conf
}

# pin NAME VERSION TIER - a row of packages.tsv.
pin() {
	printf '%s\t%s\t%s\t-\n' "$@" >>packages.tsv
}

setup() {
	sov_setup
	export SOV_CACHE=$PWD/cache
	cp "$SOV_SRCDIR/tests/real/fetch.sh" .
	echo '# source	version	tier	build-deps' >packages.tsv
	add_package demo 1.0
	configure_apt sources.list "deb [trusted=yes] copy:$PWD/archive ./\n"
}

@test "a pinned package is fetched whole, through a one-line source list of binary packages" {
	pin demo 1.0 short
	run -0 ./fetch.sh
	assert_line "fetch.sh: demo 1.0"
	cmp archive/demo_1.0.dsc cache/sources/demo/demo_1.0.dsc
	cmp archive/demo_1.0.tar.gz cache/sources/demo/demo_1.0.tar.gz
}

@test "a deb822 source list serves as well, and the system's own files stay as they are" {
	rm etc/sources.list
	configure_apt sources.list.d/own.sources "Types: deb\nURIs: copy:$PWD/archive\nSuites: ./\nTrusted: yes\n"
	cp -a etc etc.before
	pin demo 1.0 short
	run -0 ./fetch.sh
	cmp archive/demo_1.0.dsc cache/sources/demo/demo_1.0.dsc
	diff -r etc etc.before
}

@test "a second run fetches nothing and does not start apt" {
	pin demo 1.0 short
	run -0 ./fetch.sh
	rm -rf archive
	mkdir bin
	printf '#!/bin/sh\necho "apt was started" >&2\nexit 1\n' >bin/apt-get
	chmod +x bin/apt-get
	PATH=$PWD/bin:$PATH run -0 ./fetch.sh
	assert_output ''
}

@test "a pin that has changed is fetched anew" {
	pin demo 1.0 short
	run -0 ./fetch.sh
	add_package demo 1.1
	sed -i 's/1\.0/1.1/' packages.tsv
	run -0 ./fetch.sh
	cmp archive/demo_1.1.dsc cache/sources/demo/demo_1.1.dsc
	[ ! -e cache/sources/demo/demo_1.0.dsc ]
}

@test "where the archive has moved on, its present version is taken and that is said" {
	pin demo 0.9 short
	run -0 ./fetch.sh
	assert_line "fetch.sh: demo: 0.9 is not to be had, taking the version that the archive has now"
	cmp archive/demo_1.0.dsc cache/sources/demo/demo_1.0.dsc
}

@test "a package that cannot be fetched is named, with what apt said, and none is left half there" {
	pin demo 1.0 short
	pin absent 1.0 short
	run -1 ./fetch.sh
	assert_line "E: Unable to find a source package for absent"
	assert_line "fetch.sh: error: absent: cannot be fetched"
	[ -f cache/sources/demo/demo_1.0.dsc ]
	[ ! -e cache/sources/absent ]
	rm archive/demo_1.0.tar.gz
	rm -r cache
	run -1 ./fetch.sh
	assert_line "fetch.sh: error: demo: cannot be fetched"
	[ ! -e cache/sources/demo ]
}

@test "short leaves the packages of the long run alone" {
	add_package other 2.0
	pin demo 1.0 short
	pin other 2.0 long
	run -0 ./fetch.sh short
	[ -f cache/sources/demo/demo_1.0.dsc ]
	[ ! -e cache/sources/other ]
	run -0 ./fetch.sh long
	[ -f cache/sources/other/other_2.0.dsc ]
}

@test "an unknown tier is refused" {
	run -1 ./fetch.sh all
	assert_output "fetch.sh: error: unknown tier 'all': short or long"
}
