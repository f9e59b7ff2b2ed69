#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Crash at every step: at each system call by which an act changes a directory, kill it there, or
let that call fail. Afterwards the directory must be the old state or the new one, as judge.py sees
it; the exit status must tell what happened; and the next run must finish the work and leave no
name of a temporary behind.

A point is SCENE[/VARIANT]:KIND:N, as the lines about failures print it, and --only takes one, or
what it begins with, up to a ':' or '/':

    faults.py --only minor/named:err:ENOSPC:7 --keep BINDIR FAULTRUN

SCENE is a row of SCENES (scenes.py) or of PEERS (peers.py), VARIANT one of VARIANTS, KIND as
faultrun.c has it, N the number of the call.
"""

import argparse
import collections
import fnmatch
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile

import judge
import peers
from peers import PEERS
from scenes import SCENES, Stage, build_all

KINDS = ["kill", "killafter", "err:ENOSPC", "err:EIO", "err:EINTR", "err:EACCES", "err:EMFILE",
         "err:EROFS", "stick:ENOSPC", "short"]
SHORT_KINDS = ["kill", "err:ENOSPC"]
PEER_KINDS = ["kill", "err:ENOSPC", "stick:ENOSPC", "err:EIO"]

# VARIANT: (what the kernel or the file system lacks, --sync or --no-sync)
NAMED = ["-d", "O_TMPFILE=EOPNOTSUPP"]
BARE = [*NAMED, "-d", "FICLONE=EOPNOTSUPP", "-d", "copy_file_range=ENOSYS", "-d", "openat2=ENOSYS",
        "-d", "fremovexattr=EOPNOTSUPP"]
VARIANTS = {
    "": ([], "sync"),
    "named": (NAMED, "sync"),
    "bare": (BARE, "sync"),
    "no-sync": ([], "no-sync"),
    "named-no-sync": (NAMED, "no-sync"),
}
SHORT_SCENES = ["minor", "rebuild", "fall-back", "links", "sovcc"]
SHORT_PEERS = ["install+ln-rebuild"]

# Whose failure may end in exit status 0, the work being done all the same: call, path below the
# directory, kind, and why. Patterns of the shell.
HARMLESS = [
    ("*", "*", "err:EINTR", "tried again"),
    ("*", "*", "short", "goes on where the kernel stopped"),
    ("FICLONE", "*", "*", "a copy does as well"),
    ("copy_file_range", "*", "*", "read and write do as well"),
    ("O_TMPFILE", "*", "*", "a draft may have a name from the start"),
    ("unlinkat", "usr/lib/.sov-*", "*", "the next run takes it away"),
    ("flock", "*", "*", "without a lock the work goes on under other names"),
]

# Whose failure leaves a name of a temporary behind until the next run: the calls that would take it
# away.
KEEPS_LITTER = ["unlink", "unlinkat"]

TIME_LIMIT = 60
# In memory, where it can be: there fsync costs nothing, and to the programs it is a file system
# like any other.
SCRATCH = "/dev/shm"
WRITES = {"write", "pwrite", "sendfile", "copy_file_range"}

Call = collections.namedtuple("Call", "number name path effective")
# of one point: its name, the call, its state in one word, and what is wrong, if anything
Outcome = collections.namedtuple("Outcome", "point call state faults")


class Failure(Exception):
    """The act does not even work when nobody disturbs it."""


class Workshop:
    """A directory of our own, with a stage in it, and what plays on it."""

    def __init__(self, options, directory, libraries, words):
        self.options, self.directory = options, directory
        self.libraries, self.words = libraries, words
        self.tree = os.path.join(directory, "tree")
        self.log = os.path.join(directory, "log")
        os.makedirs(self.tree)

    def stage(self, variant):
        return Stage(os.path.join(self.tree, "usr/lib"), self.libraries,
                     {**self.words, "tree": self.tree}, VARIANTS[variant][1])

    def run(self, scene, variant, fault=()):
        """Exit status, and stderr, of the scene's command; "stuck" instead when it does not end."""
        stage = self.stage(variant)
        injector = [self.options.faultrun, "-t", self.tree, "-l", self.log]
        injector += ["-s"] * scene.own_calls + VARIANTS[variant][0] + list(fault)
        try:
            done = subprocess.run([*injector, "--", *stage.command(scene)],
                                  cwd=self.directory, env=stage.environment(scene),
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
                                  timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            return "stuck", b""
        return done.returncode, done.stderr

    def calls(self):
        with open(self.log, encoding="utf-8", errors="surrogateescape") as file:
            fields = [line.rstrip("\n").split("\t") for line in file]
        return [Call(int(number), name, os.path.relpath(path, self.tree), int(result) >= 0)
                for number, result, name, path in fields]


def lay(workshop, scene, variant):
    workshop.stage(variant).lay(scene)


def judged(workshop, scene, variant):
    stage = workshop.stage(variant)
    return judge.judge(stage.directory, stage.expectation(scene))


def points(workshop, scene, variant):
    """The calls of a run without a fault. Of a long row of writes to one file the first, the middle
    one and the last are enough."""
    lay(workshop, scene, variant)
    status, errors = workshop.run(scene, variant)
    verdict = judged(workshop, scene, variant)
    if status != 0 or judge.words(verdict if not scene.peer
                                  else verdict._replace(strangers=[])) != "new":
        raise Failure("%s: without any fault: exit status %s, %s\n%s" % (
            name_of(scene, variant), status, judge.words(verdict), errors.decode()))
    rows = []
    for call in workshop.calls():
        if rows and call.name in WRITES and rows[-1][-1][1:3] == call[1:3]:
            rows[-1].append(call)
        else:
            rows.append([call])
    return [call for row in rows
            for call in (row if len(row) < 4 else [row[0], row[len(row) // 2], row[-1]])]


def applies(kind, call):
    """A call that fails anyhow needs no fault; but to a kill it is a moment like any other."""
    if kind == "short":
        return call.name in WRITES and call.effective
    return call.effective or kind in ("kill", "killafter")


def harmless(kind, call):
    return any(fnmatch.fnmatch(call.name, name) and fnmatch.fnmatch(call.path, path)
               and fnmatch.fnmatch(kind, kinds) for name, path, kinds, _ in HARMLESS)


def status_faults(scene, kind, call, status, errors, verdict):
    """What is wrong with an exit status, given what the directory looks like."""
    if kind in ("kill", "killafter"):
        return [] if status == 137 else ["exit status %s after a kill" % status]
    if status == 0 and verdict.state != "new":
        return ["exit status 0, but %s" % verdict.state]
    if status == 0 and not harmless(kind, call):
        return ["exit status 0, though %s failed" % call.name]
    if status not in (0, scene.failure):
        return ["exit status %s" % status]
    if status != 0 and b"error:" not in errors:
        return ["no message"]
    return []


def litter_faults(kind, call, verdict):
    """Only a kill may leave temporary names; and no name but theirs."""
    may_stay = kind in ("kill", "killafter") or call.name in KEEPS_LITTER
    return ["left over: %s" % name for name in verdict.strangers
            if not (may_stay and name.startswith(".sov-"))]


def other_call(workshop, call):
    """A run that takes another way than the run without a fault is not what was meant to be hit."""
    met = workshop.calls()[call.number - 1].name
    return [] if met == call.name else ["met %s" % met]


def recovery_faults(workshop, scene, variant):
    """The next run, without any fault, must finish the work and sweep."""
    status, errors = workshop.run(scene, variant)
    verdict = judged(workshop, scene, variant)
    if status == 0 and judge.words(verdict) == "new":
        return []
    return ["next run: exit status %s, %s %s" % (status, judge.words(verdict), errors.decode())]


def name_of(scene, variant, kind="", number=""):
    text = "%s%s:%s:%s" % (scene, "/" + variant if variant else "", kind, number)
    return text.rstrip(":")


def describe(verdict):
    return (["%s: %s" % pair for pair in verdict.broken] +
            ["%s: %s (latent)" % pair for pair in verdict.latent])


def try_point(workshop, scene, variant, kind, call):
    """One fault: Outcome, or None when the call did not come this time."""
    lay(workshop, scene, variant)
    status, errors = workshop.run(scene, variant, ["-n", str(call.number), "-k", kind])
    if status == 120:
        return None
    verdict = judged(workshop, scene, variant)
    faults = describe(verdict)
    state = "BROKEN" if verdict.broken else verdict.state
    if not scene.peer:
        faults += other_call(workshop, call)
        faults += status_faults(scene, kind, call, status, errors, verdict)
        faults += litter_faults(kind, call, verdict)
        if not workshop.options.keep:
            faults += recovery_faults(workshop, scene, variant)
    return Outcome(name_of(scene, variant, kind, call.number), "%s %s" % (call.name, call.path),
                   state, faults)


def play(task):
    """All points of one scene, variant and kind, in a process of its own: the outcomes, and how
    many calls did not come."""
    options, words, libraries, scene, variant, kind, only = task
    directory = tempfile.mkdtemp(dir=words["shop"])
    try:
        workshop = Workshop(options, directory, libraries, words)
        outcomes = [try_point(workshop, scene, variant, kind, call)
                    for call in points(workshop, scene, variant)
                    if only in (None, call.number) and applies(kind, call)]
        if options.keep:
            keep(workshop, scene, variant)
        return [outcome for outcome in outcomes if outcome], outcomes.count(None)
    finally:
        if not options.keep:
            shutil.rmtree(directory)


def keep(workshop, scene, variant):
    """Leave the last point as it is, for a person to look at."""
    stage = workshop.stage(variant)
    expectation = os.path.join(workshop.directory, "expectation.json")
    with open(expectation, "w", encoding="utf-8") as file:
        json.dump(vars(stage.expectation(scene)), file)
    print("judge.py %s %s" % (expectation, stage.directory))
    print("the command:", " ".join(stage.command(scene)))


def wanted(options):
    """(scene, variant, kind, number or None) of what is to be played."""
    if options.only:
        yield from chosen(options.only)
        return
    for scene in SCENES:
        if not options.short or scene.name in SHORT_SCENES:
            for variant in VARIANTS if scene.varies() and not options.short else [""]:
                for kind in SHORT_KINDS if options.short else KINDS:
                    yield scene, variant, kind, None
    for scene in PEERS:
        if not options.short or scene.name in SHORT_PEERS:
            for kind in SHORT_KINDS if options.short else PEER_KINDS:
                yield scene, "", kind, None


def chosen(text):
    """SCENE[/VARIANT][:KIND[:N]]"""
    where, _, rest = text.partition(":")
    name, _, variant = where.partition("/")
    kind, _, number = rest.rpartition(":") if rest and rest[-1].isdigit() else (rest, "", "")
    for scene in [*SCENES, *PEERS]:
        if scene.name == name:
            for each in [kind] if kind else KINDS:
                yield scene, variant, each, int(number) if number else None


def report(scene, variant, kind, outcomes, missed):
    """One line, and one for each point that is not as it must be. Returns their number."""
    counts = collections.Counter(outcome.state for outcome in outcomes)
    amiss = [outcome for outcome in outcomes if outcome.faults]
    print("%-40s %3d points, %2d broken  %s%s"
          % (name_of(scene, variant, kind), len(outcomes), counts["BROKEN"],
             " ".join("%s=%d" % item for item in sorted(counts.items()) if item[0] != "BROKEN"),
             " missed=%d" % missed if missed else ""), flush=True)
    if scene.peer:
        return 0
    for outcome in amiss:
        print("  %s (%s): %s" % (outcome.point, outcome.call, "; ".join(outcome.faults)))
    return len(amiss)


def play_all(options, tasks):
    """Number of points tried, of those amiss, and of broken ones of each peer's scene."""
    tried = amiss = 0
    broken = collections.Counter()
    with multiprocessing.Pool(options.jobs) as pool:
        for task, result in zip(tasks, [pool.apply_async(play, (task,)) for task in tasks]):
            scene, variant, kind, _ = task[3:]
            try:
                outcomes, missed = result.get()
            except Failure as failure:
                print(failure)
                amiss += 1
                continue
            wrong = report(scene, variant, kind, outcomes, missed)
            if scene.peer:
                broken[scene.name] += sum(outcome.state == "BROKEN" for outcome in outcomes)
            else:
                tried, amiss = tried + len(outcomes), amiss + wrong
    return tried, amiss, broken


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--short", action="store_true", help="a few scenes and kinds")
    parser.add_argument("--only", metavar="POINT", help="one scene, kind or point")
    parser.add_argument("--keep", action="store_true", help="leave the directory as the last "
                        "fault left it, without another run, and say where it is")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("bin", help="where sov and sovcc are")
    parser.add_argument("faultrun")
    options = parser.parse_args()
    options.bin, options.faultrun = map(os.path.abspath, (options.bin, options.faultrun))
    where = SCRATCH if os.access(SCRATCH, os.W_OK) else None
    shop = tempfile.mkdtemp(prefix="sov-faults-", dir=where)
    try:
        tried, amiss, broken = play_in(shop, options)
    finally:
        if not options.keep:
            shutil.rmtree(shop)
    print("%d points tried, %d amiss" % (tried, amiss))
    return verdict_on(options, amiss, broken)


def play_in(shop, options):
    libraries, compiler = build_all(os.path.join(shop, "libraries"))
    words = {"bin": options.bin, "compiler": compiler, "shop": shop}
    what = list(wanted(options))
    if any(scene.needs_build for scene, *_ in what):
        words.update(peers.build(shop, libraries))
    return play_all(options, [(options, words, libraries, *each) for each in what])


def verdict_on(options, amiss, broken):
    """Exit status. Who finds nothing broken where install and ln are at work is blind."""
    if not options.only and broken["install+ln-rebuild"] == 0:
        print("nothing is broken by install and ln: this test cannot see")
        return 1
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
