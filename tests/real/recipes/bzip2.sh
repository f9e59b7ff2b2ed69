# SPDX-License-Identifier: MIT
# bzip2: the shared library has a Makefile of its own and no install rule; its soname has two numbers, and upstream
# installs no linker name.
# shellcheck shell=bash disable=SC2034
library=bz2
lint_findings='./usr/lib/libbz2.so.1.0.8: warning: no linker name, though files for building with it are there [linker-name-missing]'

declaration() {
	sed -nE 's/.*-Wl,libbz2\.so\.([0-9.]+) -o libbz2\.so\.([0-9.]+) .*/version = \2\nsoversion = \1/p' \
		Makefile-libbz2_so
	echo 'linker-name = none'
}

do_configure() { :; }

do_build() {
	make -f Makefile-libbz2_so CC="$CC"
	rm -f ./*.o
	make CC="$CC" libbz2.a bzip2 bzip2recover
}

do_install() {
	make install CC="$CC" PREFIX="$1/usr"
	cp -d libbz2.so.* "$1/usr/lib/"
}
