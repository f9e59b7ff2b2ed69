# SPDX-License-Identifier: MIT
# Minor and major upgrades, the way back, and the linker name.
load ../helper/common
load upgrade

setup_file() {
	prebuild
}

setup() {
	sov_setup
	mkdir .git
}

# put VERSION [ARGS...] - install that version of libdemo into lib; steps in $output.
put() {
	run_sov_split 0 install -v "$BUILD/libdemo.so.$1" lib "${@:2}"
}

@test "a minor upgrade moves the soname link; the old file stays, untouched" {
	put 2.0.0
	old=$(listing lib | grep 2.0.0.f)
	put 2.1.0
	assert_equal "$(names lib)" "libdemo.so -> libdemo.so.2
libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.0.0
libdemo.so.2.1.0"
	assert_equal "$(listing lib | grep 2.0.0.f)" "$old"
}

@test "an older version than the installed one is refused" {
	put 2.1.0
	install_refused 1 "$BUILD/libdemo.so.2.0.0" lib
	assert_equal "$stderr" "lib/libdemo.so.2.1.0: error: a newer version is installed
  expected: libdemo.so.2.0.0, or an older one
  found:    libdemo.so.2.1.0
  fix:      --allow-downgrade goes back to libdemo.so.2.0.0"
	install_refused 1 --component=runtime "$BUILD/libdemo.so.2.0.0" lib
	install_refused 1 --dry-run "$BUILD/libdemo.so.2.0.0" lib
}

@test "--allow-downgrade goes back" {
	put 2.1.0
	put 2.0.0 --allow-downgrade
	assert_output "install lib/libdemo.so.2.0.0
link lib/libdemo.so.2 -> libdemo.so.2.0.0 (was libdemo.so.2.1.0)
keep lib/libdemo.so (leads to libdemo.so.2 already)"
	assert [ -f lib/libdemo.so.2.1.0 ]
}

@test "a newer file without a soname link counts as installed, and so does one under a dangling link" {
	mkdir lib
	cp "$BUILD/libdemo.so.2.1.0" lib
	install_refused 1 "$BUILD/libdemo.so.2.0.0" lib
	assert_regex "$stderr" "lib/libdemo.so.2.1.0: error: a newer version is installed"
	ln -s libdemo.so.2.0.5 lib/libdemo.so.2
	install_refused 1 "$BUILD/libdemo.so.2.0.0" lib
}

@test "a newer one elsewhere, which the soname link leads to, counts as installed" {
	mkdir -p lib elsewhere
	ln -s ../elsewhere/libdemo.so.2.1.0 lib/libdemo.so.2
	install_refused 1 "$BUILD/libdemo.so.2.0.0" lib
	put 2.2.0
	assert_equal "$(readlink lib/libdemo.so.2)" libdemo.so.2.2.0
}

@test "a newer file of another SONAME under this name does not count" {
	mkdir lib
	make_lib lib/libdemo.so.2.9.0 libdemo.so.9
	put 2.0.0
	assert_equal "$(readlink lib/libdemo.so.2)" libdemo.so.2.0.0
}

@test "the link decides what is installed: forward from an older one, past a newer file" {
	put 2.2.0
	put 2.0.0 --allow-downgrade
	put 2.1.0
	assert_equal "$(readlink lib/libdemo.so.2)" libdemo.so.2.1.0
}

@test "versions are compared as numbers of any length" {
	make_lib a/libx.so.1.9 libx.so.1
	make_lib b/libx.so.1.10 libx.so.1
	make_lib c/libx.so.1.20240101123456789012 libx.so.1
	run_sov 0 install a/libx.so.1.9 lib
	run_sov 0 install b/libx.so.1.10 lib
	run_sov 0 install c/libx.so.1.20240101123456789012 lib
	run_sov 1 install b/libx.so.1.10 lib
}

@test "a new major stands beside the old one; linker name and old files stay" {
	put 2.1.0
	before=$(listing lib)
	put 3.0.0
	assert_output "install lib/libdemo.so.3.0.0
link lib/libdemo.so.3 -> libdemo.so.3.0.0
keep lib/libdemo.so (leads to libdemo.so.2)"
	assert_equal "$(listing lib | grep -v 'so\.3')" "$before"
}

@test "the linker name moves to another major when asked, and follows it from then on" {
	put 2.1.0
	put 3.0.0 --linker-name=soname
	assert_line -n 2 "link lib/libdemo.so -> libdemo.so.3 (was libdemo.so.2)"
	put 2.2.0
	assert_line -n 2 "keep lib/libdemo.so (leads to libdemo.so.3)"
	put 2.2.0 --linker-name=real
	assert_line -n 2 "link lib/libdemo.so -> libdemo.so.2.2.0 (was libdemo.so.3)"
}

@test "a linker name keeps its form: to the real name it follows the file" {
	put 2.0.0 --linker-name=real
	assert_equal "$(readlink lib/libdemo.so)" libdemo.so.2.0.0
	put 2.1.0
	assert_line -n 2 "link lib/libdemo.so -> libdemo.so.2.1.0 (was libdemo.so.2.0.0)"
	# also when it dangles, or its file is gone
	ln -sfn libdemo.so.2.0.7 lib/libdemo.so
	put 2.2.0
	assert_equal "$(readlink lib/libdemo.so)" libdemo.so.2.2.0
}

@test "a declared form wins over the one that is there" {
	put 2.0.0 --linker-name=real
	cp "$BUILD/libdemo.so.2.1.0" .
	make_conf '[lib demo]\nversion = 2.1.0\nlinker-name = soname'
	run_sov 0 install libdemo.so.2.1.0 lib
	assert_equal "$(readlink lib/libdemo.so)" libdemo.so.2
	make_conf '[lib demo]\nversion = 2.1.0\nlinker-name = real'
	run_sov 0 install libdemo.so.2.1.0 lib
	assert_equal "$(readlink lib/libdemo.so)" libdemo.so.2.1.0
	rm sov.conf
	SOV_LINKER_NAME=soname put 2.1.0
	assert_equal "$(readlink lib/libdemo.so)" libdemo.so.2
}

@test "--linker-name=keep and =none leave it as it is, absent too" {
	put 2.0.0 --linker-name=keep
	refute [ -L lib/libdemo.so ]
	put 2.0.0 --linker-name=none
	refute [ -L lib/libdemo.so ]
	put 2.0.0 --linker-name=real
	for word in keep none; do
		put 2.1.0 --linker-name=$word
		assert_line -n 2 "keep lib/libdemo.so (--linker-name=$word)"
		assert_equal "$(readlink lib/libdemo.so)" libdemo.so.2.0.0
	done
}

@test "declared linker-name = none makes none, unless one is asked for" {
	cp "$BUILD/libdemo.so.2.1.0" .
	make_conf '[lib demo]\nversion = 2.1.0\nlinker-name = none'
	run_sov 0 install libdemo.so.2.1.0 lib
	assert_equal "$(names lib)" "libdemo.so.2 -> libdemo.so.2.1.0
libdemo.so.2.1.0"
	run_sov 0 install --linker-name=soname libdemo.so.2.1.0 lib
	assert_equal "$(readlink lib/libdemo.so)" libdemo.so.2
}

@test "a linker name that leads into this directory in other words follows the file" {
	local target
	for target in "$PWD/lib/libdemo.so.2.0.0" ../lib/libdemo.so.2.0.0; do
		run_sov 0 install "$BUILD/libdemo.so.2.0.0" lib
		ln -sfn "$target" lib/libdemo.so
		run_sov 0 install -v "$BUILD/libdemo.so.2.1.0" lib
		assert_line "link lib/libdemo.so -> libdemo.so.2.1.0 (was $target)"
		ln -sfn "$PWD/lib/libdemo.so.2" lib/libdemo.so
		run_sov 0 install "$BUILD/libdemo.so.2.2.0" lib
		assert_equal "$(readlink lib/libdemo.so)" libdemo.so.2
		rm -r lib
	done
}

@test "a linker name that leads to another directory is kept" {
	mkdir lib opt
	cp "$BUILD/libdemo.so.2.0.0" opt/libdemo.so.2
	ln -s "$PWD/opt/libdemo.so.2" lib/libdemo.so
	put 2.1.0
	assert_line -n 2 "keep lib/libdemo.so (leads to $PWD/opt/libdemo.so.2)"
}

@test "a linker name that leads to nothing is as good as none" {
	local target
	for target in libdemo.so.1 ../lib/libdemo.so.1 "$PWD/nosuch/libdemo.so.2.1.0" nosuch/nosuch; do
		rm -rf lib
		mkdir lib
		ln -s "$target" lib/libdemo.so
		put 2.1.0 --component=runtime
		assert_equal "$(readlink lib/libdemo.so)" "$target"
		put 2.1.0
		assert_line "link lib/libdemo.so -> libdemo.so.2 (was $target)"
		ln -sfn "$target" lib/libdemo.so
		put 2.1.0 --component=dev
		assert_output "link lib/libdemo.so -> libdemo.so.2 (was $target)"
	done
	# below a root it leads to what is below it
	mkdir -p stage/lib stage/opt
	cp "$BUILD/libdemo.so.2.0.0" stage/opt/libdemo.so.1
	ln -s /opt/libdemo.so.1 stage/lib/libdemo.so
	run_sov_split 0 install -v --root=stage "$BUILD/libdemo.so.2.1.0" lib
	assert_line "keep stage/lib/libdemo.so (leads to /opt/libdemo.so.1)"
}

@test "a linker script is in nobody's way when the linker name is not wanted" {
	mkdir lib
	echo 'INPUT(libdemo.so.2)' >lib/libdemo.so
	put 2.1.0 --linker-name=keep
	put 2.2.0 --component=runtime
	assert_equal "$(cat lib/libdemo.so)" 'INPUT(libdemo.so.2)'
	install_refused 1 "$BUILD/libdemo.so.2.2.0" lib
	assert_equal "$stderr" "lib/libdemo.so: error: no link can be made here
  expected: a link to libdemo.so.2, or nothing
  found:    a regular file
  fix:      move it away, then try again"
}

@test "both links to the real name, libtool's layout, is mended to no other" {
	mkdir lib
	cp "$BUILD/libdemo.so.2.0.0" lib
	ln -s libdemo.so.2.0.0 lib/libdemo.so.2
	ln -s libdemo.so.2.0.0 lib/libdemo.so
	put 2.1.0
	assert_equal "$(readlink lib/libdemo.so) $(readlink lib/libdemo.so.2)" "libdemo.so.2.1.0 libdemo.so.2.1.0"
}

@test "two majors in one call want one linker name, and that is refused" {
	mkdir lib
	install_refused 2 "$BUILD/libdemo.so.2.1.0" "$BUILD/libdemo.so.3.0.0" lib
	assert_equal "$stderr" "sov: error: $BUILD/libdemo.so.3.0.0: would get the same name as another of these libraries
  expected: one library for each name
  found:    libdemo.so of $BUILD/libdemo.so.2.1.0 as well
  fix:      give --linker-name=keep, or one library a time"
	run_sov 0 install --linker-name=keep "$BUILD/libdemo.so.2.1.0" "$BUILD/libdemo.so.3.0.0" lib
	assert_equal "$(names lib | wc -l)" 4
}

@test "two versions in one call want one soname, and that is refused" {
	mkdir lib
	install_refused 2 "$BUILD/libdemo.so.2.1.0" "$BUILD/libdemo.so.2.0.0" lib
	assert_regex "$stderr" "found:    libdemo.so.2 of $BUILD/libdemo.so.2.1.0 as well
  fix:      give one library of each name a call"
	cp "$BUILD/libdemo.so.2.2.0" libdemo.so.2.1.0
	install_refused 2 "$BUILD/libdemo.so.2.1.0" libdemo.so.2.1.0 lib
	assert_regex "$stderr" "found:    libdemo.so.2.1.0 of $BUILD/libdemo.so.2.1.0 as well"
}

@test "what does not begin with lib gets no linker name unless one is asked for" {
	make_lib ld-demo.so.2 ld-demo.so.2
	run_sov_split 0 install -v ld-demo.so.2 lib
	assert_output "mkdir lib
install lib/ld-demo.so.2"
	run_sov 0 install --linker-name=soname ld-demo.so.2 lib
	assert_equal "$(readlink lib/ld-demo.so)" ld-demo.so.2
	run_sov 0 install --version=2.0 ld-demo.so.2 declared
	assert_equal "$(readlink declared/ld-demo.so)" ld-demo.so.2
}
