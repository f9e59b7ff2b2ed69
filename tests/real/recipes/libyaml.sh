# SPDX-License-Identifier: MIT
# libyaml: libtool with -release and -version-info both, so that soname and linker name have different stems.
# shellcheck shell=bash disable=SC2034
library=yaml

declaration() {
	sed -nE 's/^m4_define\(\[YAML_(RELEASE|CURRENT|REVISION|AGE)\], ([0-9]+)\)/\2/p' configure.ac |
		paste -sd: | sed -E 's/^([0-9]+):(.*)/release = \1\nlibtool = \2/'
}

do_configure() {
	./bootstrap
	./configure --prefix=/usr
}

do_build() { make; }

do_install() { make install DESTDIR="$1"; }
