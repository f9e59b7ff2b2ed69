#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does `sov deps` say what ldd says?

Usage: same.py [--sample N] SOV PATH...

PATH is a file, or a directory whose files are compared. For each, the list of `name => path`, as ldd(1) has it, is held
against that of one call of `sov deps`, in its order. What stands on one side only is left out on both: the vdso, which is no file,
and load addresses. Of a program reached by a link the link is followed first, as the kernel does and ldd does not.

Prints each difference and a summary; exits 1 when there is one, 2 when nothing was compared.
"""
import argparse
import concurrent.futures
import difflib
import os
import random
import re
import subprocess
import sys

ADDRESS = re.compile(r" \(0x[0-9a-f]+\)$")


def normal(lines):
    """Lines of either tool -> a list of `name => path`, `path`, `name => not found`."""
    found = []
    for line in lines:
        line = ADDRESS.sub("", line.strip())
        if line.startswith(("linux-vdso.so", "linux-gate.so")) or not line:
            continue
        found.append(line)
    return found


def ldd(path):
    run = subprocess.run(["ldd", path], capture_output=True, text=True, errors="surrogateescape")
    lines = [line for line in run.stdout.splitlines() if line.startswith("\t")]
    # this one thing it says on stderr
    return lines or [line for line in run.stderr.splitlines() if line == "\tnot a dynamic executable"]


def is_elf(path):
    try:
        with open(path, "rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False


def files_of(paths):
    seen = set()
    for path in paths:
        names = sorted(os.scandir(path), key=lambda e: e.name) if os.path.isdir(path) else None
        for name in [entry.path for entry in names] if names is not None else [path]:
            real = os.path.realpath(name)
            if real not in seen and os.path.isfile(real) and is_elf(real):
                seen.add(real)
                # a program by its real path; a library as it is found by the dynamic linker
                yield real


def ours(sov, files):
    """A call for every 500 of them: file -> lines."""
    answers, known = {}, set(files)
    for start in range(0, len(files), 500):
        run = subprocess.run([sov, "deps", *files[start:start + 500], __file__], capture_output=True, text=True,
                             errors="surrogateescape")
        current = None
        for line in run.stdout.splitlines():
            if line.startswith("\t") and current is not None:
                answers[current].append(line)
            elif line.endswith(":") and line[:-1] in known:
                current = line[:-1]
                answers[current] = []
            else:
                current = None
    return answers


def agrees(mine, theirs):
    if mine == theirs:
        return True
    # ldd calls what has no PT_DYNAMIC "not a dynamic executable"; both words mean that nothing is loaded
    nothing = {"statically linked", "not a dynamic executable"}
    return len(mine) == 1 and len(theirs) == 1 and all(re.sub(r" \(.*\)$", "", s) in nothing
                                                       for s in mine + theirs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int)
    parser.add_argument("sov")
    parser.add_argument("paths", nargs="+")
    arguments = parser.parse_args()
    files = list(files_of(arguments.paths))
    if arguments.sample and arguments.sample < len(files):
        files = random.Random(2026).sample(files, arguments.sample)
    answers = ours(arguments.sov, files)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        expected = dict(zip(files, pool.map(ldd, files)))
    bad = entries = 0
    for file in files:
        mine, theirs = normal(answers.get(file, [])), normal(expected[file])
        entries += len(theirs)
        if agrees(mine, theirs):
            continue
        bad += 1
        print(f"{file}:")
        for line in difflib.ndiff(theirs, mine):
            print(f"  {line}")
    print(f"{len(files)} files, {entries} lines of ldd, {bad} files differ")
    if not files:
        return 2
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
