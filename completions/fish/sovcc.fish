# SPDX-License-Identifier: MIT
# fish completion of sovcc: its own arguments; everything else is the compiler's.

for program in sovcc sovc++
	complete -c $program -l sov-version -x -d "The version of the library"
	complete -c $program -l sov-libtool -x -d "current:revision:age"
	complete -c $program -l sov-soversion -x -d "The soversion"
	complete -c $program -l sov-policy -x -a "major minor exact semver" -d "How the version gives the soversion"
	complete -c $program -l sov-release -x -d "Goes into the name"
	complete -c $program -l sov-linker-name -x -a "soname real none" -d "What the linker name points to"
	complete -c $program -l sov-conf -r -d "Read this file instead of the nearest sov.conf"
	complete -c $program -l sov-require -d "A library that nothing declares is an error"
	complete -c $program -l sov-dry-run -d "Print the command and the links only"
	complete -c $program -l sov-verbose -d "Say what was done, and why a link was left untouched"
	complete -c $program -l sov-help -d "Print help"
end
