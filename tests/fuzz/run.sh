#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh SECONDS - build the fuzz targets in build/fuzz with clang and run each that long. What they find is kept in
# build/fuzz/found, what they have learnt in build/fuzz/corpus, for the next run.
#
# Exit status: 0 nothing found, 1 an input that crashes, hangs, leaks or breaks a promise, 2 cannot run.

set -eu

seconds=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
build=$source/build/fuzz
targets="identity ldconfig conf filename args maps ldcache ldconf linkage"
status=0

mkdir -p "$source/build"
export CC=clang
cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSOV_BUILD_TESTS=OFF -DSOV_BUILD_FUZZERS=ON \
	-DSOV_SANITIZE=fuzzer-no-link,address,undefined >"$build.log" 2>&1 &&
	cmake --build "$build" --target fuzzers >>"$build.log" 2>&1 || {
	cat "$build.log" >&2
	exit 2
}
python3 "$source/tests/fuzz/mkseeds.py" "$build/corpus"

mkdir -p "$build/found" "$build/scratch"
cd "$build/scratch"
for target in $targets; do
	"$build/fuzzers/fuzz_$target" -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="$build/found/$target-" "$build/corpus/$target" \
		>"$build/$target.log" 2>&1 || {
		status=1
		tail -n 60 "$build/$target.log" >&2
		echo "fuzz: error: fuzz_$target found an input, see $build/found" >&2
		continue
	}
	echo "fuzz_$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log") inputs in $seconds s"
done
exit $status
