# SPDX-License-Identifier: MIT
# libsov is versioned by its own rules, from the sov.conf at the top of the source.

load ../helper/common

@test "the library that we ship is what our sov.conf declares" {
	run_sov 0 check --conf "$SOV_SRCDIR/sov.conf" "$SOV_BUILDDIR/lib/libsov.so.0.1.0"
	assert_output ""
}

@test "the build's names are those that sov computes" {
	run_sov 0 names sov --conf "$SOV_SRCDIR/sov.conf"
	assert_output "$(printf 'linker_name=libsov.so\nsoname=libsov.so.0.1\nreal_name=libsov.so.0.1.0')"
	run soname_of "$SOV_BUILDDIR/lib/libsov.so"
	assert_output libsov.so.0.1
}

# configured_names - the names of libsov in the install script of a configured tree.
configured_names() {
	grep -ohE 'libsov\.so[.0-9]*' tree/cmake_install.cmake | sort -u
}

@test "another version in sov.conf gives the build other names, as sov computes them" {
	local version
	cp -rs "$SOV_SRCDIR"/{CMakeLists.txt,LICENSE,cmake,include,lib,cli,wrapper,tool,man,completions} .
	for version in 0.0.7 0.3.1 4.2.0; do
		make_conf "[lib sov]\nversion = $version\npolicy = semver"
		cmake -S . -B tree -DSOV_BUILD_TESTS=OFF -DSOV_STATIC_SOVCC=OFF >log
		run_sov 0 names sov
		diff <(configured_names) <(sed 's/.*=//' <<<"$output" | sort -u)
	done
}

@test "programs, library, manual and news say one version" {
	run_sov 0 --version
	assert_line --index 0 "sov 0.1.0 (SoVersion)"
	run_sovcc 0 --sov-help
	assert_output --partial 0.1.0
	run -0 head -n 20 "$SOV_SRCDIR/NEWS.md"
	assert_output --partial 0.1.0
}
