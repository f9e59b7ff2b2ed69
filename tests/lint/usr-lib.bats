# SPDX-License-Identifier: MIT
# The machine's own libraries: an error in them is a fault of theirs that is known and listed, or one of a rule.
load ../helper/common

# unlisted FILE - the errors among findings as "path<TAB>rule" lines that usr-lib.expected does not know.
unlisted() {
	local path rule glob listed_rule reason known
	while IFS=$'\t' read -r path rule; do
		known=
		while IFS=$'\t' read -r glob listed_rule reason; do
			# shellcheck disable=SC2053
			[[ $glob != \#* && $path == $glob && $rule == "$listed_rule" && -n $reason ]] && known=1
		done <"$BATS_TEST_DIRNAME/usr-lib.expected"
		[ -n "$known" ] || printf '%s\t%s\n' "$path" "$rule"
	done <"$1"
}

# errors_of ROOT - its findings of severity error, as unlisted() reads them.
errors_of() {
	sed -n "s|^$1/\(.*\): error: .* \[\([a-z-]*\)\]$|\1\t\2|p"
}

@test "every error in /usr/lib is a known one" {
	run --separate-stderr "$SOV_BINDIR/sov" lint /usr/lib
	# 3: some tool's directory may be closed to us; a crash is neither
	[[ $status -eq 0 || $status -eq 1 || $status -eq 3 ]]
	[[ $stderr =~ ([0-9]+)" errors"?", "[0-9]+" warning"s?" in "([0-9]+)" libraries" ]]
	[ "${BASH_REMATCH[2]}" -gt 50 ]
	errors_of /usr/lib <<<"$output" >errors
	[ "$(wc -l <errors)" -eq "${BASH_REMATCH[1]}" ]
	unlisted errors >unknown
	run -0 cat unknown
	assert_output ""
}

@test "an error that is not listed is seen" {
	make_lib lib/libx.so.1
	run_sov 1 lint lib
	errors_of lib <<<"$output" >errors
	assert_equal "$(cat errors)" "libx.so.1"$'\t'"soname-missing"
	assert_equal "$(unlisted errors)" "libx.so.1"$'\t'"soname-missing"
}

@test "every listed error has its reason" {
	run -1 grep -vP '^(#.*|[^\t]+\t[a-z-]+\t[^\t]{20,})$' "$BATS_TEST_DIRNAME/usr-lib.expected"
}

@test "the machine's libraries give the same findings from /usr as from /usr/lib" {
	"$SOV_BINDIR/sov" lint /usr/lib 2>lib.err | sed 's|^/usr/lib/||' | grep -v '^ ' >lib || true
	"$SOV_BINDIR/sov" lint /usr 2>usr.err | sed -n 's|^/usr/lib/||p' >usr || true
	diff lib usr
}
