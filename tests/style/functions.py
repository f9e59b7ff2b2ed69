#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long our functions are. Usage: functions.py FILE...

Prints `median=N p90=N longest=N count=N` and then each function of 60 lines or more. The length of a function is that of
its body, from the brace in the first column to the one that ends it; clang-format sees to it that they stand there.
"""
import statistics
import sys


def functions(path):
    start = None
    lines = open(path, encoding="utf-8", errors="replace").read().splitlines()
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield number - start + 1, f"{path}:{start}"
            start = None


def main():
    found = sorted(entry for path in sys.argv[1:] for entry in functions(path))
    lengths = [length for length, _ in found]
    p90 = lengths[int(len(lengths) * 0.9)]
    print(f"median={statistics.median(lengths):.0f} p90={p90} longest={lengths[-1]} count={len(lengths)}")
    for length, where in found:
        if length >= 60:
            print(f"{where}: {length} lines")


if __name__ == "__main__":
    main()
