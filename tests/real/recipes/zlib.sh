# SPDX-License-Identifier: MIT
# zlib: a configure script written by hand; the soname and a version script in one -Wl argument.
# shellcheck shell=bash disable=SC2034
library=z

declaration() { sed -n 's/^#define ZLIB_VERSION "\(.*\)"/version = \1/p' zlib.h; }

do_configure() { ./configure --prefix=/usr; }

do_build() { make; }

# Its install would run the system's ldconfig, whatever DESTDIR says.
do_install() { make install DESTDIR="$1" LDCONFIG=true; }
