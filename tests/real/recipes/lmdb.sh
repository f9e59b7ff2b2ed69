# SPDX-License-Identifier: MIT
# lmdb: a Makefile that links liblmdb.so with no soname, and copies it.
# shellcheck shell=bash disable=SC2034
library=lmdb

declaration() {
	sed -nE 's/^#define MDB_VERSION_(MAJOR|MINOR|PATCH)[[:blank:]]+([0-9]+).*/\2/p' libraries/liblmdb/lmdb.h |
		paste -sd. | sed 's/^/version = /'
}

do_configure() { :; }

do_build() { make -C libraries/liblmdb CC="$CC" SOLIBS="${SOLIBS-}" liblmdb.a liblmdb.so; }

do_install() { make -C libraries/liblmdb install CC="$CC" SOLIBS="${SOLIBS-}" prefix=/usr DESTDIR="$1"; }
