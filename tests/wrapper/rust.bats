#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# rustc and cargo with sovcc as their linker.
load ../helper/common
load wrapper

setup() {
	sov_setup
	command -v cargo >/dev/null || skip "cargo is missing"
	export CARGO_HOME=$PWD/home CARGO_NET_OFFLINE=true CARGO_TARGET_DIR=$PWD/target
	mkdir -p crate/src
	cat >crate/Cargo.toml <<-'END'
		[package]
		name = "demo"
		version = "2.1.0"
		edition = "2018"
		[lib]
		crate-type = ["cdylib"]
	END
	echo '#[no_mangle] pub extern "C" fn demo() -> i32 { 1 }' >crate/src/lib.rs
}

# build STATUS FLAGS... - cargo build with sovcc as linker and these rustc flags.
build() {
	local status=$1
	shift
	RUSTFLAGS="-C linker=$SOV_BINDIR/sovcc $*" run "-$status" \
		cargo build --offline --manifest-path crate/Cargo.toml
}

@test "cargo's cdylib, undeclared, has the bytes that cc gives it" {
	RUSTFLAGS="-C linker=cc" run -0 cargo build --offline --manifest-path crate/Cargo.toml
	mv target/debug/libdemo.so plain.so
	rm -r target
	build 0
	cmp plain.so target/debug/libdemo.so
	assert_library target/debug/libdemo.so ''
}

@test "cargo's cdylib, declared with its soname as a link argument, is verified" {
	make_conf '[lib demo]\nversion = 2.1.0'
	build 0 -C link-arg=-Wl,-soname,libdemo.so.2
	assert_library target/debug/libdemo.so libdemo.so.2
	assert_absent target/debug/libdemo.so.2
}

@test "cargo's cdylib with a soname that is not the declared one stops the build" {
	make_conf '[lib demo]\nversion = 2.1.0'
	build 101 -C link-arg=-Wl,-soname,libdemo.so.1
	assert_output --partial 'sovcc: error: '
	assert_output --partial 'expected: libdemo.so.2 ('
	assert_absent target/debug/libdemo.so target/debug/deps/libdemo.so
}

@test "rustc's own program links through sovcc, whatever is declared" {
	make_conf '[lib demo]\nversion = 2.1.0'
	echo 'fn main() { println!("hello"); }' >main.rs
	SOV_REQUIRE=1 run -0 rustc -C linker="$SOV_BINDIR/sovcc" main.rs -o main
	run -0 ./main
	assert_output hello
}
