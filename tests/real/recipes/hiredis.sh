# SPDX-License-Identifier: MIT
# hiredis: links to libhiredis.so and gives the file its name only when it is installed; soname and real name are one.
# shellcheck shell=bash disable=SC2034
library=hiredis

declaration() { sed -nE 's/^#define HIREDIS_SONAME ([0-9.]+)/version = \1\npolicy = exact/p' hiredis.h; }

do_configure() { :; }

do_build() { make CC="$CC"; }

do_install() { make install CC="$CC" PREFIX=/usr DESTDIR="$1"; }
