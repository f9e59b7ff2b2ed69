# SPDX-License-Identifier: MIT
# A lint rule is a line of rules.def, a file of its name, an entry of the manual and a bats file that shows it a bad tree and
# a good one. All of them, or the rule is not done.

load ../helper/common

# listed - the ids of rules.def.
listed() {
	sed -n 's/^SOV_RULE(\(.*\))$/\1/p' "$SOV_SRCDIR/lib/lint/rules.def" | tr _ - | sort
}

@test "every rule has its file, and every file its rule" {
	[ "$(listed | wc -l)" -ge 15 ]
	diff <(listed) <(cd "$SOV_SRCDIR/lib/lint/rules" && ls ./*.c | sed 's|^\./||; s|\.c$||' | sort)
}

@test "every rule has its entry in the manual, and every entry its rule" {
	diff <(listed) <(sed -n 's/^\.It Sy \([a-z-]*\) Pq .*/\1/p' "$SOV_SRCDIR/man/sov-lint-rules.7" | sort)
}

@test "the manual gives every rule the severity that sov lint gives it" {
	run_sov 0 lint --list-rules
	diff <(awk '{ print $1, $2 }' <<<"$output" | sort) \
		<(sed -n 's/^\.It Sy \([a-z-]*\) Pq \([a-z]*\).*/\1 \2/p' "$SOV_SRCDIR/man/sov-lint-rules.7" | sort)
}

@test "every rule has its bats file, and every bats file of a rule its rule" {
	diff <(listed) <(cd "$SOV_SRCDIR/tests/lint" && ls ./*-*.bats | sed 's|^\./||; s|\.bats$||' | grep -vx usr-lib | sort)
}

@test "every rule's bats file flags a bad tree by exit status and id, and accepts a good one" {
	local rule file
	for rule in $(listed); do
		file=$SOV_SRCDIR/tests/lint/$rule.bats
		grep -q "\[$rule\]" "$file" || echo "$rule: no finding is asserted"
		grep -qE '^[[:blank:]]*(run_sov 0|accepts|good)' "$file" || echo "$rule: no good tree is accepted"
	done >faults
	run cat faults
	assert_output ""
}
