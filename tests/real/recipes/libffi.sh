# SPDX-License-Identifier: MIT
# libffi: Autotools and libtool; -version-info with an age, and a build directory below the source.
# shellcheck shell=bash disable=SC2034
library=ffi

declaration() { sed -nE 's/^([0-9]+:[0-9]+:[0-9]+)$/libtool = \1/p' libtool-version; }

do_configure() { ./configure --prefix=/usr --disable-docs; }

do_build() { make; }

do_install() { make install DESTDIR="$1"; }
