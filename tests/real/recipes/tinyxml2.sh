# SPDX-License-Identifier: MIT
# tinyxml2: CMake and C++; CMake makes both links itself, with its own commands.
# shellcheck shell=bash disable=SC2034
library=tinyxml2

declaration() { sed -nE 's/^project\(tinyxml2 VERSION ([0-9.]+)\)/version = \1/p' CMakeLists.txt; }

do_configure() {
	cmake -S . -B build -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_BUILD_TYPE=Release \
		-DBUILD_SHARED_LIBS=ON -Dtinyxml2_BUILD_TESTING=OFF
}

do_build() { cmake --build build; }

do_install() { DESTDIR=$1 cmake --install build; }
