# SPDX-License-Identifier: MIT
# lz4: a Makefile that spells the soname -Wl,-soname=liblz4.so.1 and makes the links itself.
# shellcheck shell=bash disable=SC2034
library=lz4

declaration() {
	sed -nE 's/^#define LZ4_VERSION_(MAJOR|MINOR|RELEASE) +([0-9]+).*/\2/p' lib/lz4.h |
		paste -sd. | sed 's/^/version = /'
}

do_configure() { :; }

do_build() { make -C lib CC="$CC"; }

do_install() { make -C lib install CC="$CC" PREFIX=/usr DESTDIR="$1"; }
