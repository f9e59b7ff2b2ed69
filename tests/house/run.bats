# SPDX-License-Identifier: MIT
# ./run where a package manager, a compiler or a permission is not as on this machine: with stand-ins in PATH that write down
# how they were called.

load ../helper/common

# real/ has links to the machine's own commands and is only ever read; bin/ has the stand-ins and comes first in PATH. Two
# directories, because who writes to a link as root writes to the command of the machine.
setup() {
	sov_setup
	cp "$SOV_SRCDIR/run" .
	mkdir bin real
	local tool
	for tool in sh env cat awk sed tr grep id dirname nproc tee rm; do
		ln -s "$(command -v "$tool")" "real/$tool"
	done
}

# stand_in NAME BODY - a command that notes its arguments in ./calls.
stand_in() {
	printf '#!/bin/sh\necho "%s $*" >>%q\n%s\n' "$1" "$PWD/calls" "$2" >"bin/$1"
	chmod +x "bin/$1"
}

# run_bare STATUS ARGS... - ./run with nothing but these in PATH.
run_bare() {
	local status=$1
	shift
	run "-$status" env -i PATH="$PWD/bin:$PWD/real" SOV_OS_RELEASE="$PWD/os-release" ./run "$@"
}

# debian INSTALLED... - dpkg and apt stand-ins, and a machine that has these packages.
debian() {
	stand_in dpkg-query "printf '%s installed\n' $*"
	stand_in apt-get "${apt_body-}"
	stand_in cmake
	stand_in id 'echo 0'
	stand_in unshare # a root that is a mount point
}

@test "run with nothing lists its verbs" {
	run_bare 0
	assert_line --index 0 "usage: ./run VERB"
	local verb
	for verb in build demo check "check long" bench "fuzz SECONDS" format tidy; do
		assert_line --regexp "^  $verb  +[a-z]"
	done
	run_bare 0 --help
	assert_line --index 0 "usage: ./run VERB"
}

@test "an unknown verb is refused with the list" {
	run_bare 2 biuld
	assert_line "run: error: unknown verb: biuld"
	assert_line "usage: ./run VERB"
	run_bare 2 check short
	assert_line "run: error: unknown verb: check short"
}

@test "fuzz wants a number of seconds" {
	local seconds
	for seconds in "" ten -1 1.5; do
		run_bare 2 fuzz $seconds
		assert_output "run: error: fuzz wants a number of seconds: ./run fuzz 60"
	done
}

@test "what is missing on Debian is installed by name, and nothing else" {
	debian gcc libc6-dev cmake pkgconf libjansson-dev
	run_bare 0 build
	assert_line "run: installing: ninja-build libelf-dev"
	run cat calls
	assert_line "apt-get -q install -y --no-install-recommends -o Dpkg::Use-Pty=0 ninja-build libelf-dev"
	assert_line "cmake --build build/release"
	refute_output --partial update
}

@test "a machine that has everything installs nothing" {
	debian gcc libc6-dev cmake ninja-build pkgconf libelf-dev libjansson-dev
	run_bare 0 build
	run grep apt-get calls
	assert_output ""
}

@test "package lists that are absent or old are fetched once, then the install is tried again" {
	apt_body='case $* in *update*) : >fresh ;; *) [ -e fresh ] ;; esac' debian gcc
	run_bare 0 build
	run bash -c "grep -E '^(apt-get|cmake)' calls | cut -d' ' -f1-3"
	assert_output - <<-'EOF'
		apt-get -q install
		apt-get -q update
		apt-get -q install
		cmake --preset release
		cmake --build build/release
	EOF
}

@test "packages that cannot be had are an error that names them" {
	apt_body='exit 100' debian gcc libc6-dev cmake ninja-build pkgconf libjansson-dev
	run_bare 2 build
	assert_line "run: error: apt-get could not install: libelf-dev"
}

@test "a user who is not root goes through sudo" {
	debian gcc
	stand_in id 'echo 1000'
	stand_in sudo 'exec "$@"'
	run_bare 0 build
	run grep -c '^sudo env DEBIAN_FRONTEND=noninteractive apt-get -q install' calls
	assert_output 1
}

@test "a user who is not root and has no sudo is told what to run as root" {
	debian gcc libc6-dev cmake ninja-build pkgconf libelf-dev
	stand_in id 'echo 1000'
	run_bare 2 build
	assert_line --partial "not root, and no sudo: run as root: env DEBIAN_FRONTEND=noninteractive apt-get -q install"
	assert_line --partial libjansson-dev
}

@test "Fedora, Arch, Alpine, openSUSE and others are told what to install, exit 2" {
	stand_in cmake
	local id fix
	while IFS='|' read -r id fix; do
		echo "$id" >os-release
		run_bare 2 build
		assert_line --index 0 --regexp '^run: error: not here: gcc .*ninja pkg-config the development files of libelf the development files of jansson$'
		assert_line --index 1 --partial "  fix: $fix"
	done <<-'EOF'
		ID=fedora|dnf install gcc glibc-devel cmake ninja-build pkgconf-pkg-config elfutils-libelf-devel jansson-devel
		ID_LIKE="rhel fedora"|dnf install gcc
		ID=arch|pacman -S --needed gcc glibc cmake ninja pkgconf libelf jansson
		ID=alpine|apk add gcc musl-dev cmake samurai pkgconf elfutils-dev jansson-dev
		ID="opensuse-leap"|zypper install gcc glibc-devel cmake ninja pkgconf-pkg-config libelf-devel libjansson-devel
		ID=void|install what Debian calls gcc libc6-dev cmake ninja-build pkgconf libelf-dev libjansson-dev
	EOF
	run grep -c . calls
	assert_failure
}

@test "a system without apt that has everything goes on" {
	stand_in cmake
	stand_in gcc
	stand_in ninja
	stand_in pkg-config
	[ -e /usr/include/stdio.h ]
	run_bare 0 build
	run grep -c '^cmake --build' calls
	assert_output 1
}

@test "a build tree of another checkout is made anew, one of this checkout is kept" {
	debian gcc libc6-dev cmake ninja-build pkgconf libelf-dev libjansson-dev
	mkdir -p build/release
	touch build/release/build.ninja
	echo "CMAKE_HOME_DIRECTORY:INTERNAL=$(pwd -P)" >build/release/CMakeCache.txt
	run_bare 0 build
	[ -e build/release/build.ninja ]
	run grep -c 'cmake --preset' calls
	assert_output 0
	echo "CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere" >build/release/CMakeCache.txt
	run_bare 0 build
	assert_line "run: build/release was made for another directory: making it anew"
	run grep -c 'cmake --preset' calls
	assert_output 1
}

@test "a tree that was built without tests is configured again for the check, once" {
	debian $(sed -n "/^requirements/,/^EOT/p" run | awk '$3 ~ /^[a-z]/ { print $3 }')
	mkdir -p tests/real build/release
	stand_in fetch.sh && mv bin/fetch.sh tests/real/
	stand_in ctest 'echo "100% tests passed, 0 tests failed out of 10"'
	touch build/release/build.ninja
	printf '%s\n' "CMAKE_HOME_DIRECTORY:INTERNAL=$(pwd -P)" SOV_BUILD_TESTS:BOOL=OFF >build/release/CMakeCache.txt
	run_bare 0 check
	run grep 'cmake --preset' calls
	assert_output "cmake --preset release -G Ninja -DSOV_BUILD_TESTS=ON -DSOV_SKIP_FAILS=ON"
	rm calls
	sed -i 's/TESTS:BOOL=OFF/TESTS:BOOL=ON/' build/release/CMakeCache.txt
	run_bare 0 check
	run grep 'cmake --preset' calls
	assert_output ""
}

@test "the suite's count is the sum of all parts, and a failed test fails the check" {
	debian $(sed -n "/^requirements/,/^EOT/p" run | awk '$3 ~ /^[a-z]/ { print $3 }')
	mkdir -p tests/real build/release
	stand_in fetch.sh && mv bin/fetch.sh tests/real/
	stand_in ctest 'echo "90% tests passed, 1 tests failed out of 10"; exit 8'
	run_bare 1 check
	assert_line "9 passed, 1 failed"
	stand_in ctest 'echo "100% tests passed, 0 tests failed out of 10"'
	run_bare 0 check
	assert_line "10 passed, 0 failed"
	stand_in ctest 'echo "No tests were found!!!"'
	run_bare 2 check
	assert_line "run: error: ctest ran no test in build/release"
}
