# SPDX-License-Identifier: MIT
# The completions of bash, zsh and fish offer what --help lists, command by command.
load ../helper/common

commands=(names show check lint install links users deps prune help)

# help_options COMMAND... - the options of `sov COMMAND --help`, one a line, sorted: --format, -q.
help_options() {
	"$SOV_BINDIR/sov" "$@" --help | grep -E '^ +-' |
		sed -E 's/^ +//; s/  .*//' | tr ',' '\n' | sed -E 's/^ +//; s/[ =].*//' | sort
}

# complete_bash WORD... - what bash would offer for the last word.
complete_bash() {
	# shellcheck disable=SC1091,SC2034
	(
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		. "$SOV_SRCDIR/completions/bash/$1"
		"_$1"
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

@test "bash offers every option of every command, and no other" {
	for command in "${commands[@]}"; do
		offered=$(complete_bash sov "$command" - | sed 's/=$//' | sort)
		assert_equal "$offered" "$(help_options "$command")"
	done
	assert_equal "$(complete_bash sov - | sed 's/=$//' | sort)" "$(help_options)"
}

@test "bash offers every command" {
	assert_equal "$(complete_bash sov '' | sort)" "$(printf '%s\n' "${commands[@]}" | sort)"
	assert_equal "$(complete_bash sov help sh)" show
	assert_equal "$(complete_bash sov -v lint)" lint
}

@test "bash offers the formats of each command" {
	for command in names show check lint install links users deps prune; do
		run -0 "$SOV_BINDIR/sov" "$command" --help
		formats=$(sed -n 's/^Formats: //p' <<<"$output" | sed 's/ (default)//; s/,//g')
		# readline breaks the word at the '='
		assert_equal "$(complete_bash sov "$command" --format = | tr '\n' ' ')" "$formats "
		assert_equal "$(complete_bash sov "$command" --format = js | head -1)" json
	done
}

@test "bash offers the words that an option takes, and each is taken" {
	for option in os policy linker-name color; do
		for word in $(complete_bash sov names "--$option" =); do
			run_sov 0 names demo --version 1.2 "--$option=$word"
		done
	done
	assert_equal "$(complete_bash sov names --policy = | wc -l)" 4
	assert_equal "$(complete_bash sov names --os = | wc -l)" 10
}

@test "zsh offers every option of every command, and no other" {
	# its tables are arrays that bash can read too
	sed -n '/# tables/,/# end of tables/p' "$SOV_SRCDIR/completions/zsh/_sov" >tables
	# shellcheck disable=SC1091
	. ./tables
	for command in "${commands[@]}"; do
		specs=("${global[@]}")
		# shellcheck disable=SC2154 # ./tables sets them
		case $command in
		names) specs+=("${names[@]}" "${declare[@]}" "${output[@]}") ;;
		show) specs+=("${output[@]}") ;;
		check) specs+=("${check[@]}" "${declare[@]}" "${output[@]}") ;;
		links) specs+=("${links[@]}" "${output[@]}") ;;
		install) specs+=("${install[@]}" "${naming[@]}" "${output[@]}") ;;
		prune) specs+=("${prune[@]}" "${output[@]}") ;;
		users) specs+=("${output[@]}") ;;
		deps) specs+=("${deps[@]}" "${output[@]}") ;;
		lint) specs+=("${lint[@]}" "${output[@]}") ;;
		esac
		options=$(printf '%s\n' "${specs[@]}" | sed -E 's/^\([^)]*\)//; s/^\*//; s/[=[].*//' | sort)
		assert_equal "$options" "$(help_options "$command")"
	done
}

# fish_options COMMAND - the options that completions/fish/sov.fish gives to a command.
fish_options() {
	sed -e 's/\$declaring/__fish_seen_subcommand_from names check install/' \
		-e 's/\$writing/__fish_seen_subcommand_from names show check lint install links users deps prune/' \
		"$SOV_SRCDIR/completions/fish/sov.fish" |
		grep '^complete' | grep -v 'not __fish_seen' |
		grep -E -v -- '-n ' >always || true
	sed -e 's/\$declaring/__fish_seen_subcommand_from names check install/' \
		-e 's/\$writing/__fish_seen_subcommand_from names show check lint install links users deps prune/' \
		"$SOV_SRCDIR/completions/fish/sov.fish" |
		grep -E -- "-n \"__fish_seen_subcommand_from[^\"]* $1[ \"]" >mine || true
	cat always mine | sed -E 's/ -d .*//' |
		grep -oE -- ' -[sl] [a-z-]+' | sed -E 's/ -s /-/; s/ -l /--/' | sort
}

@test "fish offers every option of every command, and no other" {
	for command in "${commands[@]}"; do
		assert_equal "$(fish_options "$command")" "$(help_options "$command")"
	done
}

@test "every shell offers every argument of sovcc, and no other" {
	expected=$(sovcc_options)
	assert_equal "$(complete_bash sovcc --s | sed 's/=$//' | sort)" "$expected"
	zsh=$(grep -oE "^\s+'--sov-[a-z-]+" "$SOV_SRCDIR/completions/zsh/_sovcc" | grep -oE -- '--.*' | sort)
	assert_equal "$zsh" "$expected"
	fish=$(grep -oE -- '-l sov-[a-z-]+' "$SOV_SRCDIR/completions/fish/sovcc.fish" | sed 's/-l /--/' | sort)
	assert_equal "$fish" "$expected"
}

# sovcc_options - what `sovcc --sov-help` lists.
sovcc_options() {
	"$SOV_BINDIR/sovcc" --sov-help | grep -oE -- '^ *--sov-[a-z-]+' | tr -d ' ' | sort
}
