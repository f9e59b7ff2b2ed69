# SPDX-License-Identifier: MIT
# The public interface three times: as headers declare it, as the version script lists it, as the library has it.

load ../helper/common

declared() {
	cat "$SOV_SRCDIR"/include/sov/*.h | tr '\n' ' ' | grep -oE 'SOV_PUBLIC [^(;]*\(' | grep -oE 'sov_\w+ *\($' | tr -d ' (' | sort
}

mapped() {
	sed -n 's/^\t\(sov_[a-z0-9_]*\);$/\1/p' "$SOV_SRCDIR/lib/libsov.map"
}

# exported - defined dynamic symbols, without the version's own and what sanitizers add.
exported() {
	nm -D --defined-only "$SOV_BUILDDIR/lib/libsov.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
		grep -vE '^__(asan|odr_asan|ubsan|gcov|llvm)' | LC_ALL=C sort
}

@test "the version script lists exactly what the headers declare" {
	[ "$(declared | wc -l)" -gt 50 ]
	diff <(declared) <(mapped)
}

@test "the library exports exactly what the headers declare" {
	diff <(declared) <(exported)
}

@test "every exported symbol carries the version of its interface" {
	run -0 bash -c "nm -D --defined-only '$SOV_BUILDDIR/lib/libsov.so' | grep ' T ' | grep -v '@@SOV_0[.]1$' | grep -vE ' __(asan|odr_asan|gcov)' || true"
	assert_output ""
}

@test "the library needs nothing but libelf and libc" {
	run -0 bash -c "readelf -dW '$SOV_BUILDDIR/lib/libsov.so' | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^lib(a|ub)san' | sort"
	assert_output "$(printf 'libc.so.6\nlibelf.so.1')"
}

@test "the programs are hardened" {
	run -0 readelf -lWd "$SOV_BINDIR/sov"
	assert_output --partial "GNU_RELRO"
	assert_output --regexp "FLAGS_1.*NOW.*PIE"
	run -0 readelf -lW "$SOV_BUILDDIR/lib/libsov.so"
	assert_output --regexp "GNU_STACK +0x0+ 0x0+ 0x0+ 0x0+ 0x0+ RW "
}
