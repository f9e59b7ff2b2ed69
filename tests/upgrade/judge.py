#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a reader of a directory of libraries meets: the old state, the new one, or something broken.

Knows nothing of what worked on the directory. A state is what opening each name gives: the SHA-256
of the bytes behind it. Every name must give what it gives in the old state or in the new one; the
names of one library change in a fixed order, and no later one before an earlier one; each file is
whole, has its mode, and bears the SONAME that leads to it.

Usage: judge.py EXPECTATION.json DIRECTORY      exit status 1 when something is broken
"""

import collections
import fnmatch
import functools
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import tempfile

ABSENT, DANGLING, NO_FILE = "absent", "dangling", "not a file"

# state: old, new, mixed. broken: [(name, why)] what somebody who opens a soname or linker name, or
# looks for one, meets. latent: the same of files that no such name leads to. strangers: names that
# neither state has.
Verdict = collections.namedtuple("Verdict", "state broken latent strangers")


class Expectation:
    """Two states of one directory, and what holds of each.

    old, new: {name: SHA-256}
    chains:   names that change one after the other, a list for each library
    links:    names that somebody looks up; the others are real names
    mode:     of each library
    ignored:  a pattern of names that may be there or not
    """

    def __init__(self, old, new, chains, links, mode=0o755, ignored=""):
        self.old, self.new, self.chains, self.links = old, new, chains, links
        self.mode, self.ignored = mode, ignored

    def names(self):
        return sorted(set(self.old) | set(self.new))

    def changing(self, chain):
        return [name for name in chain if self.old.get(name) != self.new.get(name)]


def reach(directory, name):
    """What opening a name gives: the path and bytes of a file, or a word and None."""
    path = os.path.join(directory, name)
    if not os.path.lexists(path):
        return ABSENT, None
    if not os.path.exists(path):
        return DANGLING, None
    if not os.path.isfile(path):
        return NO_FILE, None
    with open(path, "rb") as file:
        return path, file.read()


@functools.lru_cache(maxsize=64)
def soname_of(data):
    """DT_SONAME as readelf sees it, or None."""
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(data)
        copy.flush()
        done = subprocess.run(["readelf", "-dW", copy.name], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False)
    found = re.search(rb"\(SONAME\).*\[(.*)\]", done.stdout)
    return found.group(1).decode() if found else None


def is_library(name):
    return fnmatch.fnmatch(name, "lib*.so*")


def is_soname(name):
    return re.fullmatch(r"lib[^/]*\.so\.\d+", name) is not None


def fault_of(name, expectation, path, data):
    """Why a name is broken, or None."""
    allowed = {expectation.old.get(name), expectation.new.get(name)}
    if data is None:
        return None if path == ABSENT and None in allowed else path
    if hashlib.sha256(data).hexdigest() not in allowed:
        return "%d bytes of neither" % len(data)
    if is_library(name) and stat.S_IMODE(os.stat(path).st_mode) != expectation.mode:
        return "mode %o" % stat.S_IMODE(os.stat(path).st_mode)
    if is_soname(name) and soname_of(data) != name:
        return "SONAME %s" % soname_of(data)
    return None


def chain_state(expectation, chain, seen):
    """(old, new or mixed for whoever looks a name up; the name that changed too early or None)"""
    changing = expectation.changing(chain)
    is_new = [seen[name] == expectation.new.get(name) for name in changing]
    early = [name for name, new, before in zip(changing[1:], is_new[1:], is_new) if new > before]
    looked_up = [new for name, new in zip(changing, is_new) if name in expectation.links] or is_new
    state = "new" if all(looked_up) else "mixed" if any(looked_up) else "old"
    return state, early[0] if early else None


def judge(directory, expectation):
    broken, latent, seen = [], [], {}
    for name in expectation.names():
        path, data = reach(directory, name)
        seen[name] = hashlib.sha256(data).hexdigest() if data is not None else None
        fault = fault_of(name, expectation, path, data)
        if fault:
            (broken if name in expectation.links else latent).append((name, fault))
    states = set()
    for chain in expectation.chains:
        state, early = chain_state(expectation, chain, seen)
        if expectation.changing(chain):
            states.add(state)
        if early and not broken:
            broken.append((early, "before what comes first"))
    there = os.listdir(directory) if os.path.isdir(directory) else []
    strangers = sorted(name for name in set(there) - set(expectation.names())
                       if not fnmatch.fnmatch(name, expectation.ignored))
    broken += [(name, "looks like a library") for name in strangers if is_library(name)]
    state = states.pop() if len(states) == 1 else "mixed" if states else "new"
    return Verdict(state, broken, latent, strangers)


def words(verdict):
    """A verdict on one line."""
    parts = [] if verdict.broken else [verdict.state]
    parts += ["%s: %s" % pair for pair in verdict.broken]
    parts += ["%s: %s (latent)" % pair for pair in verdict.latent]
    parts += ["left over: %s" % name for name in verdict.strangers]
    return ", ".join(parts)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        verdict = judge(sys.argv[2], Expectation(**json.load(file)))
    print(words(verdict))
    return 1 if verdict.broken or verdict.latent else 0


if __name__ == "__main__":
    sys.exit(main())
