# SPDX-License-Identifier: MIT
# fribidi: Meson and ninja; tables come from programs that the build makes and runs.
# shellcheck shell=bash disable=SC2034
library=fribidi

declaration() {
	sed -nE 's/^(soversion|interface_version) = ([0-9]+)$/\1 \2/p' meson.build |
		awk '{ n[$1] = $2 } END { print "version = " n["soversion"] "." n["interface_version"] ".0" }'
}

do_configure() { meson setup build --prefix=/usr --libdir=lib --buildtype=release -Ddocs=false; }

do_build() { ninja -C build; }

do_install() { DESTDIR=$1 meson install -C build --no-rebuild; }
