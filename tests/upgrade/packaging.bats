#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# sov install where distributions call it: dpkg-buildpackage with debhelper, and rpmbuild, by somebody without rights.

load ../helper/common
load unprivileged

setup_file() {
	unprivileged_setup
}

teardown_file() {
	unprivileged_teardown
}

# Every test has its sources below $yard, and ends with what it made in this directory.
setup() {
	cd "$yard" || return
	source=source$BATS_TEST_NUMBER
	cp -R "$SOV_SRCDIR/examples/live-upgrade/libgreet-1.1.0" "$source"
	cat >"$source/hail.c" <<-'EOT'
		#include <stdio.h>
		#include <greet.h>
		int main(void) { return printf("%s\n", greet_version()) < 0; }
	EOT
}

# debian_package INSTALL - the usual files, and what is put below debian/ by these lines of debian/rules.
debian_package() {
	mkdir -p "$source/debian/source"
	cd "$source"
	echo '3.0 (native)' >debian/source/format
	cat >debian/changelog <<-'EOT'
		greet (1.1.0) unstable; urgency=low

		  * Text.

		 -- nobody <nobody@localhost>  Thu, 01 Jan 2026 00:00:00 +0000
	EOT
	cat >debian/control <<-'EOT'
		Source: greet
		Maintainer: nobody <nobody@localhost>
		Build-Depends: debhelper-compat (= 13)
		Rules-Requires-Root: binary-targets
		Standards-Version: 4.6.2

		Package: libgreet1
		Architecture: any
		Depends: ${shlibs:Depends}, ${misc:Depends}
		Description: library
		 Text.

		Package: libgreet-dev
		Architecture: any
		Depends: libgreet1 (= ${binary:Version}), ${misc:Depends}
		Description: headers
		 Text.

		Package: hail
		Architecture: any
		Depends: ${shlibs:Depends}, ${misc:Depends}
		Description: program
		 Text.
	EOT
	cat >debian/rules <<-'EOT'
		#!/usr/bin/make -f
		.RECIPEPREFIX = >
		libdir = /usr/lib/$(shell dpkg-architecture -qDEB_HOST_MULTIARCH)
		%:
		> dh $@
		override_dh_auto_build:
		> sovcc -g -O2 -fPIC -shared -DGREET_VERSION='"1.1.0"' -o libgreet.so greet.c
		> gcc -g -O2 -I. -o hail hail.c -L. -lgreet
		override_dh_auto_install:
		> install -D -m 644 greet.h debian/libgreet-dev/usr/include/greet.h
		> install -D hail debian/hail/usr/bin/hail
	EOT
	printf '%s\n' "$@" | sed 's/^/> /' >>debian/rules
	chmod +x debian/rules
	cd "$yard"
	[ "$(id -u)" != 0 ] || chown -R nobody: "$source"
}

# build_debian - and leave each package unpacked as NAME.tree in this test's own directory, with its NAME.list.
build_debian() {
	local deb name
	(cd "$source" && DEB_BUILD_OPTIONS=noautodbgsym as_nobody dpkg-buildpackage -us -uc -b) >build.log 2>&1 || {
		tail -n 40 build.log
		return 1
	}
	grep '^dpkg-shlibdeps\|^dh_makeshlibs\|sov' build.log || true
	for deb in *.deb; do
		name=${deb%%_*}
		dpkg-deb -R "$deb" "$BATS_TEST_TMPDIR/$name.tree"
		dpkg-deb -c "$deb" | awk '$6 !~ /doc/ && $1 !~ /^d/ { print $1, $2, $6, $7, $8 }' |
			sed 's/ *$//' | sort -k 3 >"$BATS_TEST_TMPDIR/$name.list"
		rm "$deb"
	done
	cd "$BATS_TEST_TMPDIR"
}

# assert_debian - what these packages must be, however the library came there.
assert_debian() {
	local libdir
	libdir=usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
	assert_equal "$(cat libgreet1.list)" "lrwxrwxrwx root/root ./$libdir/libgreet.so.1 -> libgreet.so.1.1.0
-rw-r--r-- root/root ./$libdir/libgreet.so.1.1.0"
	assert_equal "$(cat libgreet-dev.list)" "-rw-r--r-- root/root ./usr/include/greet.h
lrwxrwxrwx root/root ./$libdir/libgreet.so -> libgreet.so.1"
	# dh_makeshlibs has read the soname, dpkg-shlibdeps has found the library by it.
	assert_equal "$(cat libgreet1.tree/DEBIAN/shlibs)" "libgreet 1 libgreet1 (>= 1.1.0)"
	run -0 grep -x 'activate-noawait ldconfig' libgreet1.tree/DEBIAN/triggers
	run -0 sed -n 's/^Depends: //p' hail.tree/DEBIAN/control
	assert_output --regexp '(^|, )libgreet1 \(>= 1\.1\.0\)(,|$)'
	local tree
	for tree in libgreet1 libgreet-dev hail; do
		(cd "$tree.tree" && md5sum --quiet -c DEBIAN/md5sums)
	done
	# Both packages unpacked over each other, as they are on a machine.
	mkdir root
	cp -a libgreet1.tree/usr libgreet-dev.tree/usr hail.tree/usr root
	run_sov 0 lint root
	assert_output "0 errors, 0 warnings in 1 library"
	run -0 env LD_LIBRARY_PATH="root/$libdir" root/usr/bin/hail
	assert_output "1.1.0"
}

@test "dpkg-buildpackage: installed to debian/tmp, taken apart by dh_install" {
	debian_package 'sov install --root=debian/tmp --owner=root:root libgreet.so $(libdir)'
	echo 'usr/lib/*/lib*.so.*' >"$source/debian/libgreet1.install"
	echo 'usr/lib/*/lib*.so' >"$source/debian/libgreet-dev.install"
	build_debian
	assert_debian
}

@test "dpkg-buildpackage: each component installed to its package" {
	debian_package 'sov install --root=debian/libgreet1 --component=runtime libgreet.so $(libdir)' \
		'sov install --root=debian/libgreet-dev --component=dev libgreet.so $(libdir)'
	build_debian
	assert_debian
}

# rpm_listing FILE - each name of a package: mode, owner, path and what a link says. Whether a library may be executed is
# rpm's to decide: some take that away (brp-elfperms), others look for a soname only where it is so.
rpm_listing() {
	rpm -qp --qf '[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES} %{FILELINKTOS}\n]' "$1" |
		sed 's/ *$//; s/^-rw[-x]r-[-x]r-[-x] /-rw-r--r-- /'
}

@test "rpmbuild: the manifests are the lists of files, and rpm finds the soname" {
	cat >"$source/libgreet.spec" <<-'EOT'
		Name: libgreet
		Version: 1.1.0
		Release: 1
		Summary: Text
		License: MIT
		%description
		Text.
		%package devel
		Summary: Text
		%description devel
		Text.
		%build
		cp %{_sourcedir}/greet.[ch] %{_sourcedir}/sov.conf .
		sovcc -g -O2 -fPIC -shared -DGREET_VERSION='"1.1.0"' -o libgreet.so greet.c
		%install
		sov install --root=%{buildroot} --component=runtime --manifest=runtime.files libgreet.so /usr/lib64
		sov install --root=%{buildroot} --component=dev --manifest=devel.files libgreet.so /usr/lib64
		%files -f runtime.files
		%files devel -f devel.files
	EOT
	[ "$(id -u)" != 0 ] || chown -R nobody: "$source"
	run -0 as_nobody rpmbuild -bb --define "_topdir $yard/rpm" --define "_sourcedir $yard/$source" \
		--define 'debug_package %{nil}' "$source/libgreet.spec"
	cd rpm/RPMS/*
	run -0 rpm -qpl libgreet-1.1.0-1.*.rpm
	assert_output "/usr/lib64/libgreet.so.1
/usr/lib64/libgreet.so.1.1.0"
	run -0 rpm_listing libgreet-1.1.0-1.*.rpm
	assert_output "lrwxrwxrwx root:root /usr/lib64/libgreet.so.1 libgreet.so.1.1.0
-rw-r--r-- root:root /usr/lib64/libgreet.so.1.1.0"
	run -0 rpm_listing libgreet-devel-1.1.0-1.*.rpm
	assert_output "lrwxrwxrwx root:root /usr/lib64/libgreet.so libgreet.so.1"
	run -0 rpm -qp --provides libgreet-1.1.0-1.*.rpm
	assert_line --regexp '^libgreet\.so\.1\('
	cd "$yard"
}
