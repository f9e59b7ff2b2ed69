#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ci-lint.sh - one step of a continuous integration job: install into an empty tree, lint the tree. Ends with sov's own
# status: 0 clean, 1 findings, 3 something could not be examined. The findings also go to findings.json.
set -eu
rm -rf stage
make -s install DESTDIR="$PWD/stage"
exec sov lint -o json=findings.json stage
