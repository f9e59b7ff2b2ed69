#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold libsov against the oracle on every lib*.so* of this machine, or on some of them. Exit status
1 and a list when they do not agree."""

import argparse
import collections
import fnmatch
import os
import random
import sys
import tempfile

import reader
from oracle import truth

# Where others make and remove files while we look.
NOT_HERE = ("/proc", "/sys", "/dev", "/tmp", "/var/tmp", tempfile.gettempdir())
AT_LEAST = 5  # what any machine that can run this has


def find_libraries(roots):
    """Regular files named lib*.so*, without leaving the file system of a root, each inode once."""
    seen = set()
    for root in roots:
        device = os.stat(root).st_dev
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if stays(os.path.join(folder, name), device)]
            for name in fnmatch.filter(names, "lib*.so*"):
                path = os.path.join(folder, name)
                status = os.lstat(path)
                key = (status.st_dev, status.st_ino)
                if os.path.isfile(path) and not os.path.islink(path) and key not in seen:
                    seen.add(key)
                    yield os.fsencode(path)


def stays(path, device):
    try:
        return path not in NOT_HERE and os.lstat(path).st_dev == device
    except OSError:
        return False


def look(program, path, answer=None):
    """(category, what libsov makes of it if it does not agree) or None when the file is gone."""
    try:
        with open(path, "rb") as file:
            category, soname, note = truth(file.read())
    except OSError:
        return None
    answer = answer or reader.ask_identify(program, [path], reader.is_sanitized())[0]
    wrong = reader.disagreement(answer, category, soname)
    return category, wrong and "the oracle says %s (%s), libsov %s" % (category, note, wrong)


def compare(program, paths):
    """Print where they disagree; returns (agreements by category, disagreements)."""
    answers = reader.ask_identify(program, paths, reader.is_sanitized())
    counts = collections.Counter()
    amiss = 0
    for path, answer in zip(paths, answers):
        seen = look(program, path, answer)
        if seen and seen[1]:
            seen = look(program, path)  # it may have been replaced in between
        if seen and seen[1]:
            amiss += 1
            print("%r: %s" % (path, seen[1]))
        elif seen:
            counts[seen[0]] += 1
    return counts, amiss


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, help="this many of them, always the same")
    parser.add_argument("--root", action="append", help="where to look (/)")
    parser.add_argument("identify", help="the driver built from identify.c")
    options = parser.parse_args()
    paths = sorted(find_libraries(options.root or ["/"]))
    if options.sample and options.sample < len(paths):
        paths = sorted(random.Random(1).sample(paths, options.sample))
    counts, amiss = compare(options.identify, paths)
    print("%d agreements, %d disagreements:" % (sum(counts.values()), amiss),
          ", ".join("%s %d" % item for item in sorted(counts.items())))
    return 1 if amiss or sum(counts.values()) < AT_LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
