# SPDX-License-Identifier: MIT
# The command line of sov: global options, help, exit codes, colour.
load ../helper/common

@test "sov --version prints its version and the name of the project first" {
	run_sov_split 0 --version
	version=$(sed -n 's/^version = //p' "$SOV_SRCDIR/sov.conf")
	assert_line -n 0 "sov $version (SoVersion)"
	assert_equal "$stderr" ""
}

@test "sov --help lists every command, on stdout" {
	run_sov_split 0 --help
	assert_line -n 0 "usage: sov [-q|-v] [--color=WHEN] COMMAND ..."
	for command in names show check lint users deps prune help; do
		assert_line --regexp "^  $command +[a-z]"
	done
	assert_equal "$stderr" ""
}

@test "sov help is sov --help" {
	run_sov_split 0 --help
	expected=$output
	run_sov_split 0 help
	assert_output "$expected"
}

@test "sov help COMMAND is sov COMMAND --help, for every command" {
	for command in names show check lint users deps prune help; do
		run_sov_split 0 "$command" --help
		assert_line -n 0 --partial "usage: sov $command "
		assert_equal "$stderr" ""
		expected=$output
		run_sov_split 0 help "$command"
		assert_output "$expected"
	done
}

@test "help names the formats of a command, the default first" {
	run_sov 0 help names
	assert_line "Formats: text (default), sh, make, cmake, json"
	run_sov 0 help show
	assert_line "Formats: text (default), json, jsonl"
	run_sov 0 help lint
	assert_line "Formats: text (default), json"
}

@test "no line of any help is wider than a terminal" {
	for command in names show check lint users deps prune help; do
		run_sov 0 help "$command"
		refute_line --regexp '.{101}'
	done
}

@test "no command at all is a usage error" {
	run_sov_split 2
	assert_output ""
	assert_equal "$stderr" $'sov: error: no command given\n  fix:      sov --help lists the commands'
}

@test "an unknown command is a usage error that names the nearest" {
	run_sov 2 nmaes
	assert_output $'sov: error: unknown command nmaes\n  fix:      did you mean sov names?'
	run_sov 2 help shwo
	assert_output $'sov: error: unknown command shwo\n  fix:      did you mean sov show?'
}

@test "a command that is near to none gets the list" {
	run_sov 2 frobnicate
	assert_line "  fix:      sov --help lists the commands"
}

@test "an unknown option is a usage error that names the nearest" {
	run_sov 2 names demo --verison=1
	assert_output $'sov: error: unknown option --verison\n  fix:      did you mean --version?'
	run_sov 2 --quite names
	assert_output $'sov: error: unknown option --quite\n  fix:      did you mean --quiet?'
}

@test "an unknown letter is a usage error" {
	run_sov 2 names -Z
	assert_output "sov: error: unknown option -Z"
}

@test "an option without the value that it needs is a usage error" {
	run_sov 2 names --format
	assert_output "sov: error: --format needs a value: FORMAT"
	run_sov 2 names -o
	assert_output "sov: error: -o needs a value: FORMAT=FILE"
}

@test "an option with a value that it does not take is a usage error" {
	run_sov 2 --quiet=yes names
	assert_output "sov: error: --quiet takes no value"
}

@test "global options are taken before the command and after it" {
	make_lib libdemo.so.2.1.0 libdemo.so.2
	ln -s libdemo.so.2.1.0 libdemo.so.2
	ln -s libdemo.so.2 libdemo.so
	for line in "-v check" "check -v" "--verbose check" "check --verbose"; do
		# shellcheck disable=SC2086
		run_sov 0 $line libdemo.so --version 2.1.0
		assert_output "libdemo.so: ok (soname libdemo.so.2)"
	done
}

@test "--version is the tool's before the command and the library's after it" {
	run_sov 0 --version names demo
	assert_line -n 0 --partial "(SoVersion)"
	run_sov 0 names demo --version 2.1.0
	assert_line -n 0 "linker_name=libdemo.so"
}

@test "options may stand behind operands, and -- ends them" {
	run_sov 0 names demo --version 1.0
	run_sov 0 names --version 1.0 -- -demo
	assert_line "linker_name=lib-demo.so"
}

@test "a command without its operand is a usage error" {
	run_sov 2 show
	assert_output "sov: error: show needs a file"
	run_sov 2 check --version 1
	assert_output "sov: error: check needs a file"
	run_sov 2 lint
	assert_output "sov: error: lint needs a path"
	run_sov 2 names a b
	assert_line "sov: error: names takes one base name"
	run_sov 2 help names show
	assert_output "sov: error: help explains one command"
}

@test "colour is off in a file, and --color=always brings it" {
	run_sov 2 nmaes
	refute_output --partial $'\e['
	run_sov 2 --color=always nmaes
	assert_line -n 0 $'sov: \e[1;31merror\e[0m: unknown command nmaes'
}

@test "CLICOLOR_FORCE brings colour, NO_COLOR is above it, --color above both" {
	export CLICOLOR_FORCE=1
	run_sov 2 nmaes
	assert_output --partial $'\e['
	CLICOLOR_FORCE=0 run_sov 2 nmaes
	refute_output --partial $'\e['
	NO_COLOR=1 run_sov 2 nmaes
	refute_output --partial $'\e['
	NO_COLOR='' run_sov 2 nmaes
	assert_output --partial $'\e['
	NO_COLOR=1 run_sov 2 --color=always nmaes
	assert_output --partial $'\e['
	run_sov 2 --color=never nmaes
	refute_output --partial $'\e['
}

@test "a terminal gets colour, unless it is dumb" {
	TERM=xterm run script -qec "$SOV_BINDIR/sov nmaes" /dev/null
	assert_output --partial $'\e[1;31merror\e[0m'
	TERM=dumb run script -qec "$SOV_BINDIR/sov nmaes" /dev/null
	refute_output --partial $'\e['
}

@test "an unknown word for --color is a usage error" {
	run_sov 2 --color=sometimes names
	assert_line -n 0 "sov: error: --color: unknown word"
	assert_line "  expected: auto, always, never"
	assert_line "  found:    sometimes"
}

@test "control bytes of an argument are printed as escapes" {
	run_sov 2 $'na\e[31m'
	assert_line -n 0 'sov: error: unknown command na\x1B[31m'
}
