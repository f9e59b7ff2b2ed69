# SPDX-License-Identifier: MIT
# What `cmake --install` leaves: the files where they belong, a library that others can use.

load ../helper/common

# Where this build puts libraries ("lib", "lib/x86_64-linux-gnu"), as configured.
libdir=$(sed -n 's/^CMAKE_INSTALL_LIBDIR:[A-Z]*=//p' "${SOV_BUILDDIR:-$BATS_TEST_DIRNAME/../../build/release}/CMakeCache.txt")

# Sanitized objects need the sanitizers' run-time in whoever links them.
sanitize=(${SOV_SANITIZE:+"-fsanitize=$SOV_SANITIZE"})

setup_file() {
	cmake --install "$SOV_BUILDDIR" --prefix "$BATS_FILE_TMPDIR/prefix" >"$BATS_FILE_TMPDIR/log"
}

setup() {
	sov_setup
	prefix=$BATS_FILE_TMPDIR/prefix
	export PKG_CONFIG_PATH="$prefix/$libdir/pkgconfig"
}

consumer() {
	cat >consumer.c <<-'EOF'
		#include <stdio.h>
		#include <sov/sov.h>
		int main(void)
		{
			struct sov_version version;
			struct sov_err err;
			sov_err_clear(&err);
			if (sov_version_parse(&version, "2.1.0", &err) != 0)
				return 1;
			printf("%s %u\n", sov_release(), version.count);
			return 0;
		}
	EOF
}

@test "every file is where it belongs" {
	cd "$prefix"
	find . ! -type d | sed 's|^\./||' | grep -v '^include/sov/\|^share/man/' | sort >"$BATS_TEST_TMPDIR/found"
	sort >"$BATS_TEST_TMPDIR/wanted" <<-EOF
		bin/sov
		bin/sovc++
		bin/sovcc
		$libdir/libsov.a
		$libdir/libsov.so
		$libdir/libsov.so.0.1
		$libdir/libsov.so.0.1.0
		$libdir/pkgconfig/libsov.pc
		libexec/sovcc/c++
		libexec/sovcc/cc
		libexec/sovcc/clang
		libexec/sovcc/clang++
		libexec/sovcc/g++
		libexec/sovcc/gcc
		share/bash-completion/completions/sov
		share/bash-completion/completions/sovc++
		share/bash-completion/completions/sovcc
		share/doc/SoVersion/LICENSE
		share/fish/vendor_completions.d/sov.fish
		share/fish/vendor_completions.d/sovcc.fish
		share/zsh/site-functions/_sov
		share/zsh/site-functions/_sovcc
	EOF
	diff "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/found"
}

@test "every header and every manual page is installed" {
	diff <(cd "$SOV_SRCDIR/include" && find . -type f | sort) <(cd "$prefix/include" && find . -type f | sort)
	diff <(cd "$SOV_SRCDIR/man" && ls) <(cd "$prefix/share/man" && find . -type f | sed 's|.*/||' | sort)
	[ -f "$prefix/share/man/man1/sov.1" ]
	[ -f "$prefix/share/man/man5/sov.conf.5" ]
	[ -f "$prefix/share/man/man7/sov-lint-rules.7" ]
}

@test "DESTDIR is put before every path and nothing else changes" {
	DESTDIR="$PWD/stage" cmake --install "$SOV_BUILDDIR" --prefix /opt/sov >log
	diff <(cd "$prefix" && find . | sort) <(cd stage/opt/sov && find . | sort)
	[ "$(ls stage)" = opt ]
	run grep -rl "$PWD" stage
	assert_output ""
}

@test "the runtime component has no header, no archive and no linker name" {
	cmake --install "$SOV_BUILDDIR" --prefix "$PWD/runtime" --component Runtime >log
	cmake --install "$SOV_BUILDDIR" --prefix "$PWD/development" --component Development >log
	[ ! -e runtime/include ]
	[ ! -e "runtime/$libdir/libsov.a" ]
	[ ! -L "runtime/$libdir/libsov.so" ]
	[ -x runtime/bin/sov ]
	[ -f "runtime/$libdir/libsov.so.0.1.0" ]
	[ -L "development/$libdir/libsov.so" ]
	[ ! -e development/bin ]
	diff <(cd "$prefix" && find . ! -type d | sort) <({ (cd runtime && find . ! -type d) && (cd development && find . ! -type d); } | sort)
}

@test "the other names of sovcc are relative links that reach it" {
	local name
	run readlink "$prefix/bin/sovc++"
	assert_output sovcc
	for name in gcc g++ cc c++ clang clang++; do
		run readlink "$prefix/libexec/sovcc/$name"
		assert_output ../../bin/sovcc
		[ "$prefix/libexec/sovcc/$name" -ef "$prefix/bin/sovcc" ]
	done
}

@test "the masquerading links follow a libexec directory of another depth" {
	cmake -S "$SOV_SRCDIR" -B tree -DSOV_BUILD_TESTS=OFF -DCMAKE_INSTALL_LIBEXECDIR=lib/deep/exec -DCMAKE_INSTALL_BINDIR=usr/bin >log
	run readlink tree/install/libexec/gcc
	assert_output ../../../../usr/bin/sovcc
}

@test "a program is compiled against the installed library by pkg-config" {
	consumer
	run -0 pkg-config --modversion libsov
	assert_output 0.1.0
	gcc -o consumer consumer.c "${sanitize[@]}" $(pkg-config --cflags --libs libsov)
	run -0 bash -c "readelf -dW consumer | sed -n 's/.*(NEEDED).*\[\(libsov.*\)\]/\1/p'"
	assert_output libsov.so.0.1
	run -0 env LD_LIBRARY_PATH="$prefix/$libdir" ./consumer
	assert_output "0.1.0 3"
}

@test "a program is compiled against the installed archive by pkg-config --static" {
	consumer
	rm -rf lib && cp -r "$prefix/$libdir" lib && rm lib/libsov.so*
	gcc -o consumer consumer.c "${sanitize[@]}" -Llib $(pkg-config --cflags --libs --static libsov)
	run -0 ./consumer
	assert_output "0.1.0 3"
}

@test "the installed tree may be moved as a whole" {
	consumer
	cp -a "$prefix" moved
	export PKG_CONFIG_PATH="$PWD/moved/$libdir/pkgconfig"
	gcc -o consumer consumer.c "${sanitize[@]}" $(pkg-config --cflags --libs libsov)
	run pkg-config --cflags --libs libsov
	refute_output --partial "$prefix"
	run -0 env LD_LIBRARY_PATH="moved/$libdir" ./consumer
	assert_output "0.1.0 3"
	run -0 moved/bin/sov names demo --version 2.1.0
	assert_line soname=libdemo.so.2
}

@test "sov lint has nothing to say about the installed tree" {
	run_sov 0 lint "$prefix"
	assert_output "0 errors, 0 warnings in 1 library"
}

@test "installing twice changes nothing" {
	find "$prefix" -exec stat -c '%n %i %s' {} + | sort >before
	cmake --install "$SOV_BUILDDIR" --prefix "$prefix" >log
	find "$prefix" -exec stat -c '%n %i %s' {} + | sort >after
	diff <(cut -d' ' -f1,3 before) <(cut -d' ' -f1,3 after)
}
