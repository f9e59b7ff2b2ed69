# SPDX-License-Identifier: MIT
# fish completion of sov. tests/tool/completions.bats holds the options against --help.

set -l commands names show check lint users help
set -l declaring "__fish_seen_subcommand_from names check"
set -l writing "__fish_seen_subcommand_from names show check lint users"

complete -c sov -f -n "not __fish_seen_subcommand_from $commands" -a names -d "Print the names of a library"
complete -c sov -f -n "not __fish_seen_subcommand_from $commands" -a show -d "Tell what files are"
complete -c sov -f -n "not __fish_seen_subcommand_from $commands" -a check -d "Hold libraries against their declaration"
complete -c sov -f -n "not __fish_seen_subcommand_from $commands" -a lint -d "Find what is wrong in install trees"
complete -c sov -f -n "not __fish_seen_subcommand_from $commands" -a users -d "Which processes map a library"
complete -c sov -f -n "not __fish_seen_subcommand_from $commands" -a help -d "Explain a command"
complete -c sov -f -n "__fish_seen_subcommand_from help" -a "$commands"

complete -c sov -n "not __fish_seen_subcommand_from $commands" -l version -d "Print the version of sov"
complete -c sov -s q -l quiet -d "Print results and errors only"
complete -c sov -s v -l verbose -d "Also print what is right, or good to know"
complete -c sov -l color -x -a "auto always never" -d "Colour the output"
complete -c sov -s h -l help -d "Print help"

complete -c sov -n "$declaring" -l version -x -d "The version"
complete -c sov -n "$declaring" -l libtool -x -d "current:revision:age"
complete -c sov -n "$declaring" -l soversion -x -d "The soversion"
complete -c sov -n "$declaring" -l policy -x -a "major minor exact semver" -d "How the version gives the soversion"
complete -c sov -n "$declaring" -l release -x -d "Goes into the name"
complete -c sov -n "$declaring" -l linker-name -x -a "soname real none" -d "What the linker name points to"
complete -c sov -n "$declaring" -l conf -r -d "Read this file instead of the nearest sov.conf"

complete -c sov -n "$writing" -s o -x -d "Write a copy: FORMAT=FILE"
complete -c sov -n "__fish_seen_subcommand_from names" -l format -x -a "text sh make cmake json" -d "What standard output carries"
complete -c sov -n "__fish_seen_subcommand_from show" -l format -x -a "text json jsonl" -d "What standard output carries"
complete -c sov -n "__fish_seen_subcommand_from check lint users" -l format -x -a "text json" -d "What standard output carries"

complete -c sov -n "__fish_seen_subcommand_from names" -l os -x -a "linux gnu musl hurd freebsd solaris netbsd openbsd android darwin" -d "Names as on this system"
complete -c sov -n "__fish_seen_subcommand_from names" -l explain -d "Say why the names are what they are"
complete -c sov -n "__fish_seen_subcommand_from names" -l all-forms -d "Print the declaration as other tools spell it"
complete -c sov -n "__fish_seen_subcommand_from check" -l expect-soname -x -d "Hold DT_SONAME alone against this"
complete -c sov -n "__fish_seen_subcommand_from lint" -l conf -r -d "Hold libraries against what this file declares"
complete -c sov -n "__fish_seen_subcommand_from lint" -l sysroot -r -d "What it holds satisfies links too"
complete -c sov -n "__fish_seen_subcommand_from lint" -l libdir -x -d "A further public directory"
complete -c sov -n "__fish_seen_subcommand_from lint" -l list-rules -d "Print every rule"
