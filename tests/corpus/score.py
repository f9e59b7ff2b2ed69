#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make the corpus, have libsov read all of it, and hold every answer against the manifest: the right
category, the exact soname, no crash, no hang; and with the driver `identify` at most 32 MB of memory
and 50 ms of processor time a file. Exit status 1 and a list when anything is amiss."""

import argparse
import collections
import os
import subprocess
import sys
import tempfile
import urllib.parse

import reader

HERE = os.path.dirname(os.path.abspath(__file__))
KIB_MAX = 32 * 1024
MICROSECONDS_MAX = 50_000
SHOWN_MAX = 40


def read_manifest(directory):
    """(path, category, soname) of each input; the path is absolute bytes."""
    root = os.fsencode(os.path.abspath(directory)) + b"/"
    with open(os.path.join(directory, "MANIFEST.tsv"), encoding="ascii") as file:
        for line in file:
            path, category, soname, _ = line.rstrip("\n").split("\t")
            yield (root + urllib.parse.unquote_to_bytes(path), category,
                   None if soname == "-" else urllib.parse.unquote_to_bytes(soname))


def make_corpus(directory, options):
    command = [sys.executable, os.path.join(HERE, "mkcorpus.py"), "-o", directory]
    command += ["--random", str(options.random)]
    for seed in options.seed:
        command += ["--seed", seed]
    if options.big:
        command.append("--big")
    subprocess.run(command, check=True)


def has_sparse_files(directory):
    path = os.path.join(directory, "sparse")
    with open(path, "wb") as file:
        file.truncate(1 << 30)
    blocks = os.stat(path).st_blocks
    os.unlink(path)
    return blocks < 2048


def over_limits(answer):
    if answer.kib > KIB_MAX:
        return "took %d KiB of memory" % answer.kib
    if answer.microseconds > MICROSECONDS_MAX:
        return "took %.1f ms" % (answer.microseconds / 1000)
    return None


def score(rows, answers, limits):
    """Print what is amiss; returns how much."""
    amiss = 0
    counts = collections.Counter()
    for (path, expected, soname), answer in zip(rows, answers):
        wrong = reader.disagreement(answer, expected, soname)
        if wrong is None and limits:
            wrong = over_limits(answer)
        counts[expected] += wrong is None
        if wrong is not None:
            amiss += 1
            if amiss <= SHOWN_MAX:
                print("%r: expected %s, found %s" % (path, expected, wrong))
    print("right:", ", ".join("%s %d" % item for item in sorted(counts.items())))
    print("most: %.1f ms, %d KiB" % (max(answer.microseconds for answer in answers) / 1000,
                                     max(answer.kib for answer in answers)))
    return amiss


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--reader", choices=sorted(reader.ASK), default="identify")
    parser.add_argument("--seed", action="append", default=[], help="a real library to damage")
    parser.add_argument("--random", type=int, default=500, help="damaged files of each kind")
    parser.add_argument("--big", action="store_true", help="sparse files of 10 GB as well")
    parser.add_argument("program", help="the driver identify, or sov")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        if options.big and not has_sparse_files(directory):
            print("no sparse files on this file system: without those of 10 GB")
            options.big = False
        make_corpus(directory, options)
        rows = list(read_manifest(directory))
        if os.geteuid() != 0:
            rows = [row for row in rows if not row[0].endswith(b"/mode000.so.1")]
        answers = reader.ASK[options.reader](options.program, [row[0] for row in rows],
                                             reader.is_sanitized())
        amiss = score(rows, answers, limits=not reader.is_sanitized())
    print("%d inputs, %d answers amiss" % (len(rows), amiss))
    return 1 if amiss or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
