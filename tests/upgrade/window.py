#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is there a moment at which a library cannot be used? Two programs (watch.c) look a soname up as
fast as they can, one by dlopen and a call, one by open, while the library is upgraded back and
forth. By sov there must be no failure at all. What others do in the same rounds is printed beside
it, and the watchers must catch one of them: else they could not see.

Three ways of going back and forth:
  upgrade  1.0.0 and 1.1.0 in turn, both links
  rebuild  two builds under the same real name
  links    1.0.0 and 1.1.0 lie there, and the soname link is led from the one to the other
"""

import argparse
import collections
import functools
import os
import subprocess
import sys
import tempfile

import peers
from scenes import OLDER, Stage, build_all, chain, empty

# How often the one that must be caught may try: it is caught in one round of three or so.
PATIENCE = 3000

Count = collections.namedtuple("Count", "looks failures first")

# A row: who goes back and forth, what stands there to begin with, the commands that are run in
# turn, and in how many rounds of a thousand that is done. BACK: the harness itself leads the soname
# link back to 1.0.0 by rename, so that there is something to do again.
Row = collections.namedtuple("Row", "name before commands share")
BACK = None

INSTALL = "{bin}/sov install --no-sync --allow-downgrade "
TURNS = {
    "upgrade": (chain("demo100"), ("demo110", "demo100")),
    "rebuild": (chain("demo110"), ("demo110b", "demo110")),
}


def rows_of(who, command, share=1.0):
    """command: a function that makes the words for a library"""
    return [Row("%s, %s" % (who, way), before, [command(library) for library in turns], share)
            for way, (before, turns) in TURNS.items()]


OURS = rows_of("sov install", lambda library: INSTALL + "{%s} {dir}" % library)
OURS.append(Row("sov links", OLDER, ["{bin}/sov links {dir}", BACK], 1.0))

# ldconfig never goes back to an older version, which leaves it the rebuild and the links. The slow
# ones go fewer rounds.
SHARES = {"install+ln": 1.0, "cp+ln": 1.0, "install+ldconfig": 1.0, "libtool": 0.1, "cmake": 0.2}
THEIRS = [row for who, share in SHARES.items()
          for row in rows_of(who, functools.partial(peers.command, who), share)
          if row.name != "install+ldconfig, upgrade"]
THEIRS.append(Row("ldconfig -n", OLDER, ["ldconfig -n {dir}", BACK], 1.0))
CANARY = "install+ln, rebuild"


class Watcher:
    """One running watch."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def end(self):
        """Count"""
        words = self.process.communicate()[0].split(" ", 2)
        return Count(int(words[0]), int(words[1]), words[2].strip())


def lead_back(directory):
    os.symlink("libdemo.so.1.0.0", os.path.join(directory, "back"))
    os.rename(os.path.join(directory, "back"), os.path.join(directory, "libdemo.so.1"))


def go(stage, row, rounds):
    """Returns what the commands that failed had to say."""
    failures = []
    for turn in range(rounds):
        command = row.commands[turn % 2]
        if command is BACK:
            lead_back(stage.directory)
            continue
        done = subprocess.run(stage.fill_in(command), shell=True, check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        failures += [done.stdout] if done.returncode != 0 else []
    return failures


def watched(stage, watch, row, rounds):
    """(what commands that failed said, Count of dlopen, Count of open)"""
    soname = os.path.join(stage.directory, "libdemo.so.1")
    sizes = {str(os.path.getsize(library.path)) for library in stage.libraries.values()}
    empty(stage.directory)
    stage.fill(row.before)
    watchers = [Watcher(watch, "dlopen", soname, "demo_number"),
                Watcher(watch, "open", soname, *sizes)]
    try:
        failures = go(stage, row, rounds)
    finally:
        counts = [watcher.end() for watcher in watchers]
    return (failures, *counts)


def report(row, rounds, failures, loads, opens):
    """One line. Returns whether nothing went wrong."""
    print("%-26s %5d rounds   dlopen %5d of %8d   open %5d of %8d   %s" % (
        row.name, rounds, loads.failures, loads.looks, opens.failures, opens.looks,
        "; ".join(filter(None, [loads.first.split(": ")[-1], opens.first]))), flush=True)
    if failures:
        print("  %d commands failed: %s" % (len(failures), failures[0]))
    return not failures and loads.failures == 0 and opens.failures == 0


def rounds_of(row, rounds):
    return max(2, int(rounds * row.share))


def check_ours(stage, watch, rounds):
    """Returns whether there is no window."""
    sound = True
    for row in OURS:
        sound &= report(row, rounds, *watched(stage, watch, row, rounds))
    return sound


def check_canary(stage, watch):
    """Can a window be seen at all? Tries until one is."""
    row = next(row for row in THEIRS if row.name == CANARY)
    done = 0
    while done < PATIENCE:
        done += 50
        if not report(row, 50, *watched(stage, watch, row, 50)):
            return True
    print("nothing is broken by install and ln: this test cannot see")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--peers", action="store_true", help="measure all the others as well")
    parser.add_argument("bin", help="where sov is")
    parser.add_argument("watch")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sov-window-") as shop:
        libraries, _ = build_all(os.path.join(shop, "libraries"))
        words = {"bin": os.path.abspath(options.bin)}
        if options.peers:
            words.update(peers.build(shop, libraries))
        stage = Stage(os.path.join(shop, "usr/lib"), libraries, words)
        watch = os.path.abspath(options.watch)
        sound = check_ours(stage, watch, options.rounds)
        for row in THEIRS if options.peers else []:
            rounds = rounds_of(row, options.rounds)
            report(row, rounds, *watched(stage, watch, row, rounds))
        sees = check_canary(stage, watch)
    return 0 if sound and sees else 1


if __name__ == "__main__":
    sys.exit(main())
