# SPDX-License-Identifier: MIT
# ld.so.cache made by the real ldconfig, and ld.so.conf without one: held against the real dynamic linker in a chroot.

load ../helper/common
load deps

setup() {
	sov_setup
	INTERP=$(make_root root)
	LDCONFIG=$(PATH=$PATH:/sbin:/usr/sbin command -v ldconfig)
	# the libc is found by the cache alone, or by the path to which every program is linked here
	mkdir -p root/opt/a root/opt/b
}

# cached - make root/etc/ld.so.cache of root/etc/ld.so.conf.
cached() {
	"$LDCONFIG" -X -r root "$@"
}

# same_in_root [ARGS...] - the real dynamic linker in the tree and sov agree on /bin/prog.
same_in_root() {
	loader_in_root root /bin/prog >said
	diff said <(sov_says --root root "$@" root/bin/prog)
}

@test "the cache of a tree is read, whatever the machine has" {
	make_lib root/opt/a/libx.so.1.0 libx.so.1
	make_lib root/opt/b/libz.so.1 libz.so.1
	ln -s libx.so.1.0 root/opt/a/libx.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1 root/opt/b/libz.so.1
	printf '/opt/a\n/opt/b\n' >root/etc/ld.so.conf
	cached
	same_in_root
	says "libx.so.1 => /opt/a/libx.so.1" "libz.so.1 => /opt/b/libz.so.1" "libc.so.6 => /lib/libc.so.6" ||
		says "libx.so.1 => /opt/a/libx.so.1" "libz.so.1 => /opt/b/libz.so.1" "libc.so.6 => /usr/lib/libc.so.6"
}

@test "what the cache has not is not found, although it lies in a directory of ld.so.conf" {
	make_lib root/opt/a/libx.so.1 libx.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1
	echo /opt/a >root/etc/ld.so.conf
	cached
	make_lib root/opt/a/libnew.so.1 libnew.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1 root/opt/a/libnew.so.1
	same_in_root
	says "libnew.so.1 => not found"
}

@test "what the cache names and is gone is looked for in the default directories" {
	make_lib root/opt/a/libx.so.1 libx.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1
	echo /opt/a >root/etc/ld.so.conf
	cached
	mv root/opt/a/libx.so.1 root/usr/lib/
	same_in_root
	says "libx.so.1 => /usr/lib/libx.so.1"
}

@test "of two directories the cache takes the same as without it" {
	make_lib root/opt/a/libx.so.1 libx.so.1
	make_lib root/opt/b/libx.so.1 libx.so.1
	make_lib root/usr/lib/libx.so.1 libx.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1
	for order in 'a b' 'b a'; do
		# shellcheck disable=SC2086
		printf '/opt/%s\n' $order >root/etc/ld.so.conf
		cached
		same_in_root
		rm root/etc/ld.so.cache
		diff <(grep libx said) <(sov_says --root root root/bin/prog | grep libx)
	done
}

@test "subdirectories for the processor come from the cache, the best first" {
	[ "$(uname -m)" = x86_64 ] || skip "x86-64 has the levels that are tested"
	make_lib root/opt/a/libx.so.1 libx.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1
	for level in x86-64-v2 x86-64-v3; do
		mkdir -p root/opt/b/glibc-hwcaps/$level
		cp root/opt/a/libx.so.1 root/opt/b/glibc-hwcaps/$level/
	done
	printf '/opt/a\n/opt/b\n' >root/etc/ld.so.conf
	cached
	same_in_root
	for list in none x86-64-v2 x86-64-v3 x86-64-v3:x86-64-v2; do
		diff <(in_root root "$INTERP" --glibc-hwcaps-mask $list --list /bin/prog | plain) \
			<(sov_says --root root --hwcaps=${list/none/} root/bin/prog)
	done
	# and the directories alone give the same
	sov_says --root root --hwcaps=x86-64-v3:x86-64-v2 root/bin/prog >with
	rm root/etc/ld.so.cache
	sov_says --root root --hwcaps=x86-64-v3:x86-64-v2 root/bin/prog | diff <(grep libx with) <(grep libx /dev/stdin)
}

@test "the older formats of the cache are read" {
	make_lib root/opt/a/libx.so.1 libx.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1
	echo /opt/a >root/etc/ld.so.conf
	for format in old compat new; do
		cached -c $format
		same_in_root
		says "libx.so.1 => /opt/a/libx.so.1"
	done
}

@test "-z nodeflib also passes over what the cache has in the default directories" {
	make_lib root/opt/a/libx.so.1 libx.so.1
	make_lib root/usr/lib/liby.so.1 liby.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1 root/usr/lib/liby.so.1 -Wl,-z,nodefaultlib
	echo /opt/a >root/etc/ld.so.conf
	cached
	loader_in_root root /bin/prog >said
	diff <(grep -v '^/' said) <(sov_says --root root root/bin/prog | grep -v '^/')
	says "libx.so.1 => /opt/a/libx.so.1" "liby.so.1 => not found"
}

@test "ld.so.conf: comments, blanks, includes, patterns" {
	make_lib root/opt/a/libx.so.1 libx.so.1
	make_lib root/opt/b/libz.so.1 libz.so.1
	make_lib "root/opt/c d/liby.so.1" liby.so.1
	make_prog root/bin/prog root/opt/a/libx.so.1 root/opt/b/libz.so.1 "root/opt/c d/liby.so.1"
	mkdir -p root/etc/ld.so.conf.d root/etc/more/x
	printf '# a comment\n  \t\ninclude ld.so.conf.d/*.conf  /etc/mo*/?/[ab].list # and why\n  /opt/c d \t\n' >root/etc/ld.so.conf
	printf '/opt/a/ # first\ninclude %s\n' /etc/ld.so.conf >root/etc/ld.so.conf.d/a.conf
	echo /opt/b >root/etc/more/x/a.list
	sov_says --root root root/bin/prog >without
	# the real one does not come back from a file that includes itself
	echo /opt/a/ >root/etc/ld.so.conf.d/a.conf
	cached
	same_in_root
	says "libx.so.1 => /opt/a/libx.so.1" "libz.so.1 => /opt/b/libz.so.1" "liby.so.1 => /opt/c d/liby.so.1"
	diff <(grep /opt said) <(grep /opt without)
}

@test "a cache that is none is passed over, and that is said" {
	make_lib root/usr/lib/libx.so.1 libx.so.1
	make_prog root/bin/prog root/usr/lib/libx.so.1
	echo garbage >root/etc/ld.so.cache
	loader_in_root root /bin/prog >said
	run_sov 1 deps --root root root/bin/prog
	assert_line "root/etc/ld.so.cache: warning: the dynamic linker cannot use this cache, and goes on without [cache-unusable]"
	diff said <(sov_says --root root root/bin/prog)
	says "libx.so.1 => /usr/lib/libx.so.1"
}
