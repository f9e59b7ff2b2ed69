#!/bin/sh
# SPDX-License-Identifier: MIT
# format.sh - is every C file as `./run format` leaves it? Versions of clang-format differ in taste: ours is Debian 12's, 14.
set -eu
cd "$(dirname "$0")/../.."
clang-format --version | grep -q 'version 14\.' || {
	echo "format.sh: clang-format 14 is needed, this is $(clang-format --version)" >&2
	exit 1
}
find include lib cli wrapper tool tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +
