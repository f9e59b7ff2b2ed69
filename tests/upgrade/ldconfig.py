#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`sov links` and the real ldconfig(8) on random directories.

Usage: ldconfig.py [--count N] [--seed S] [--only I] [--ldconfig PROGRAM] SOV

Three things must hold for each directory:
  - `sov links --like-ldconfig` says exactly what `ldconfig -n` then does to it;
  - `sov links` leaves exactly what the rules of sov(1) ask for, as computed here once more;
  - wherever ldconfig leaves something else, one of the reasons of the table in sov(1) explains it.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../corpus"))
from elfimage import DF_1_PIE, PT_DYNAMIC, ElfImage  # noqa: E402

E_PHOFF, P_FILESZ = 32, 32  # where they stand, in files of 64 bits
STRICT = re.compile(rb"(.+)\.so((?:\.[0-9]+)*)\Z", re.DOTALL)
BACKUPS = [b"~", b".bak", b".orig", b"-rc1", b".old", b".debug", b"_", b"d", b".#prelink#",
           b".#prelink#.a1B2c3", b"-gdb.py"]
TEMPORARIES = [b".dpkg-new", b".dpkg-tmp", b";5f3a", b";"]
BIG = [b"2147483647", b"2147483648", b"4294967295", b"4294967297", b"99999999999999999999", b"007"]
UNSAFE = [b"../outside.so.1", b"sub/libx.so.1", b"/libx.so.1", b"nowhere/libx.so.1", b".", b"..",
          b"libx.so.1\n", b"lib" + b"l" * 300 + b".so.1", b"libx/", b"./libx.so.1"]


# ---- what files are made of

class File:
    """A regular file: its bytes, and what it is to us and to ldconfig on this machine."""

    def __init__(self, data, soname=None, library=False, machine="native", broken=False):
        self.data, self.soname, self.library, self.machine = data, soname, library, machine
        self.broken = broken


Link = collections.namedtuple("Link", "target")
Directory = collections.namedtuple("Directory", "")
Fifo = collections.namedtuple("Fifo", "")


def elf(soname, machine="native", **more):
    bits, little, number = {"native": (64, True, 62), "386": (32, True, 3), "arm": (32, True, 40),
                            "s390": (64, False, 22)}[machine]
    data = bytes(ElfImage(bits, little, machine=number, soname=soname, **more).bytes)
    return File(data, soname, True, machine)


def not_a_library(rng, soname):
    kind = rng.choice(["text", "empty", "exec", "pie", "cut", "archive", "script", "debug", "wild"])
    if kind == "exec":
        return File(elf(soname, file_type=2).data)
    if kind == "pie":
        return File(elf(soname, flags_1=DF_1_PIE, interp=b"/lib64/ld-linux-x86-64.so.2").data)
    if kind == "cut":
        image = ElfImage(soname=soname)
        size = rng.randrange(1, image.dynamic_offset + image.dyn_size)
        return File(bytes(image.bytes[:size]), broken=size >= len(b"\177ELF"))
    if kind in ("debug", "wild"):
        image = ElfImage(soname=soname)
        dynamic = next(i for i, phdr in enumerate(image.phdrs) if phdr[0] == PT_DYNAMIC)
        where = image.phdr_offset(dynamic) + P_FILESZ if kind == "debug" else E_PHOFF
        struct.pack_into("<Q", image.bytes, where, 0 if kind == "debug" else 1 << 40)
        return File(bytes(image.bytes), broken=kind == "wild")
    return File({"text": b"nothing\n", "empty": b"", "archive": b"!<arch>\n",
                 "script": b"/* GNU ld script */\nINPUT(libx.so.1)\n"}[kind])


# ---- a random directory

class Spec:
    """What lies in a sandbox, in the order in which it is made: the directory D, and things beside."""

    def __init__(self, rng, temporaries):
        self.rng, self.entries = rng, {}
        self.tails = BACKUPS + (TEMPORARIES if temporaries else [])
        self.add(b"D", Directory())
        if rng.random() < 0.3:
            self.add(b"other", Directory())
        for stem in rng.sample([b"libx", b"liby", b"libfoo", b"libx-2", b"ld-q", b"plug"],
                               rng.choice([1, 1, 2, 3])):
            for _ in range(rng.choice([1, 1, 2])):
                self.add_library(stem)
        for _ in range(rng.randrange(4)):
            self.add_oddity()
        if rng.random() < 0.15:
            self.add_below()
        names = list(self.entries)[2 if b"other" in self.entries else 1:]
        rng.shuffle(names)
        names.sort(key=lambda name: name.count(b"/"))
        self.entries = {name: self.entries[name] for name in
                        [n for n in (b"D", b"other") if n in self.entries] + names}
        for path in [path for path, thing in self.entries.items() if isinstance(thing, Link)]:
            end = resolve(self.entries, path)
            if isinstance(self.entries.get(end), Fifo):  # ldconfig would wait there for ever
                self.entries[end] = File(b"text\n")

    def add(self, path, thing):
        self.entries.setdefault(path, thing)

    def number(self):
        rng = self.rng
        return rng.choice(BIG) if rng.random() < 0.08 else b"%d" % rng.randrange(12)

    def add_library(self, stem):
        rng = self.rng
        major = self.number()
        soname = stem + b".so." + major
        names = [stem + b".so"] if rng.random() < 0.08 else []
        if names:
            self.add(b"D/" + names[0], self.content(soname))
        for _ in [] if names else range(rng.choice([1, 1, 2, 3])):
            name = soname + b"".join(b"." + self.number() for _ in range(rng.choice([0, 1, 2, 2])))
            names.append(name)
            self.add(b"D/" + name, self.content(soname))
            if rng.random() < 0.25:
                self.add(b"D/" + name + rng.choice(self.tails), self.content(soname))
        if rng.random() < 0.6:
            self.add(b"D/" + soname, self.soname_link(stem, soname, names))
        if rng.random() < 0.4:
            self.add(b"D/" + stem + b".so", self.linker_name(soname, names))
        if rng.random() < 0.1:
            self.add(b"D/" + soname + b"." + self.number(), Link(rng.choice(names)))

    def content(self, soname):
        rng, dice = self.rng, self.rng.random()
        if dice < 0.80:
            return elf(soname)
        if dice < 0.84:
            return elf(soname, rng.choice(["386", "arm", "s390"]))
        if dice < 0.88:
            return elf(None)
        if dice < 0.91:
            return elf(rng.choice(UNSAFE))
        if dice < 0.95:
            return elf(rng.choice([b"liby.so.1", b"libfoo.so.2", b"libx.so", b"libx.so.1a", b"odd"]))
        return not_a_library(rng, soname)

    def soname_link(self, stem, soname, names):
        rng, dice = self.rng, self.rng.random()
        real = rng.choice(names)
        if dice < 0.4:
            return Link(real)
        if dice < 0.5:
            return Link(soname + b".9.9.9")
        if dice < 0.6:
            return Link(rng.choice([b"./" + real, b"../D/" + real, b".//" + real]))
        if dice < 0.75 and b"other" in self.entries:
            self.add(b"other/" + stem + b".so.far", rng.choice([elf(soname), elf(b"liby.so.1")]))
            return Link(rng.choice([b"../other/" + stem + b".so.far", b"../other/absent"]))
        if dice < 0.8:
            return rng.choice([Directory(), Fifo(), File(b"text\n"), elf(soname)])
        if dice < 0.85:
            return Link(rng.choice([b".", b"..", soname, stem + b".so", b"../other"]))
        if dice < 0.9:
            return Link(real + rng.choice(self.tails))
        return Link(rng.choice(list(self.entries)).split(b"/")[-1])

    def linker_name(self, soname, names):
        rng = self.rng
        return rng.choice([Link(soname), Link(soname), Link(rng.choice(names)), Link(b"absent"),
                           elf(soname), File(b"INPUT(-lx) /* GNU ld script */\n")])

    def add_oddity(self):
        rng = self.rng
        name = b"D/" + rng.choice([b"libz", b"libx", b"liby", b"foo"]) + b".so." + self.number()
        if rng.random() < 0.15:
            self.add(b"D/libw.so", Link(rng.choice(list(self.entries)).split(b"/")[-1]))
        thing = rng.choice([Link(b"absent"), Link(b"absent"), elf(b"libz.so.1"), elf(None),
                            Directory(), File(b"text\n"), elf(rng.choice(UNSAFE))])
        self.add(name + rng.choice([b"", b"", b".1", rng.choice(self.tails)]), thing)
        if any(isinstance(t, File) and t.soname == UNSAFE[1] for t in self.entries.values()):
            if rng.random() < 0.5:
                self.add(b"D/sub", Directory())

    def add_below(self):
        rng = self.rng
        below = rng.choice([b"D/glibc-hwcaps/x86-64-v3", b"D/tls", b"D/haswell", b"D/plain"])
        for i in range(2, below.count(b"/") + 2):
            self.add(b"/".join(below.split(b"/")[:i]), Directory())
        self.add(below + b"/libh.so.1.0", elf(b"libh.so.1"))
        self.add(below + b"/libh.so.2", Link(b"absent"))


def make(spec, sandbox):
    os.mkdir(sandbox)
    top = os.fsencode(sandbox)
    for path, thing in spec.entries.items():
        path = os.path.join(top, path)
        if isinstance(thing, Directory):
            os.mkdir(path)
        elif isinstance(thing, Fifo):
            os.mkfifo(path)
        elif isinstance(thing, Link):
            os.symlink(thing.target, path)
        else:
            with open(path, "wb") as file:
                file.write(thing.data)


def state(sandbox):
    """Every name below, and what it is: a link's target, or its kind."""
    top, found = os.fsencode(sandbox), {}
    for directory, below, files in os.walk(top):
        for name in below + files:
            path = os.path.join(directory, name)
            found[os.path.relpath(path, top)] = os.readlink(path) if os.path.islink(path) else \
                Directory() if os.path.isdir(path) else File
    return found


# ---- the rules of sov(1), once more

def parse(name):
    match = STRICT.match(name)
    return (match[1], [int(n) for n in match[2].split(b".")[1:]]) if match else (None, None)


def is_library_name(name):
    return name.startswith((b"lib", b"ld-", b"ld.so.", b"ld64.so.")) and parse(name)[0] is not None


def is_safe(soname):
    return 0 < len(soname) < 256 and soname not in (b".", b"..") and \
        not re.search(rb"[\0-\x1f\x7f/]", soname)


def resolve(spec, path, limit=40):
    """Where a path of the sandbox ends, or None."""
    parts = []
    for part in path.split(b"/"):
        if part in (b"", b"."):
            continue
        parts = parts[:-1] if part == b".." else parts + [part]
        thing = spec.get(b"/".join(parts))
        if isinstance(thing, Link):
            if limit == 0:
                return None
            end = resolve(spec, b"/".join(parts[:-1] + [thing.target]), limit - 1)
            if end is None:
                return None
            parts = end.split(b"/") if end else []
        elif thing is None and parts:
            return None
    return b"/".join(parts)


def bearers(entries):
    """SONAME -> [(numbers, name)], of the files that may bear its link."""
    found = collections.defaultdict(list)
    for path, thing in entries.items():
        directory, name = os.path.split(path)
        if directory != b"D" or not isinstance(thing, File) or not thing.library or \
                thing.soname is None or not is_library_name(name) or not is_safe(thing.soname):
            continue
        if parse(thing.soname)[0] == parse(name)[0]:
            found[thing.soname].append((parse(name)[1], name))
    return found


def broken_stems(entries):
    """Of the files that are cut short or worse: the links of their stems stay."""
    return {parse(name)[0] for directory, name in map(os.path.split, entries)
            if directory == b"D" and getattr(entries[b"D/" + name], "broken", False)} - {None}


def chosen(entries, soname, files):
    """The names that the link may have, all of equal right; none = it stays as it is."""
    if parse(soname)[0] in broken_stems(entries):
        return []
    there = entries.get(b"D/" + soname)
    end = resolve(entries, b"D/" + soname)
    machines = {entries[b"D/" + name].machine for _, name in files}
    if len(machines) > 1:
        now = entries.get(end) if end else None
        in_form = end and os.path.dirname(end) == b"D" and parse(os.path.basename(end))[0]
        if not in_form or not isinstance(now, File) or now.soname != soname:
            return []
        files = [(n, name) for n, name in files if entries[b"D/" + name].machine == now.machine]
        if not files:
            return []
    newest = max(numbers for numbers, _ in files)
    names = sorted(name for numbers, name in files if numbers == newest)
    if there is not None and not isinstance(there, Link):
        return []
    if end is not None and os.path.dirname(end) != b"D" and isinstance(entries.get(end), File) and \
            entries[end].soname == soname:
        return []
    if end is not None and end in [b"D/" + name for name in names]:
        return []
    return names[:1]


def expected(spec, before):
    """What `sov links` shall leave."""
    after = dict(before)
    for soname, files in bearers(spec.entries).items():
        for name in chosen(spec.entries, soname, files):
            after[b"D/" + soname] = name
    return after


# ---- why ldconfig may leave something else



def reason(spec, path, before, theirs, ours):
    """The row of the table in sov(1) that explains a difference, or None."""
    entries = spec.entries
    directory, name = os.path.split(path)
    if directory.startswith((b"D/glibc-hwcaps/", b"D/tls", b"D/haswell")):
        return "below"
    if ours == before and path in {os.path.normpath(b"D/" + thing.soname) for thing in
                                   entries.values() if isinstance(thing, File) and thing.soname
                                   and not is_safe(thing.soname)}:
        return "unsafe-soname"
    if directory != b"D":
        return None
    if ours == before and parse(name)[0] in broken_stems(entries):
        return "broken"
    if theirs in (before, None) and isinstance(ours, bytes) and \
            getattr(entries.get(b"D/" + ours), "machine", None) in ("arm", "s390"):
        return "foreign"
    if theirs is None:
        return "dangling" if isinstance(before, bytes) and resolve(entries, path) is None and \
            ours == before else None
    if isinstance(before, bytes) and ours == before:
        end = resolve(entries, path)
        if end and os.path.dirname(end) != b"D" and getattr(entries[end], "soname", None) == name:
            return "elsewhere"
    files = bearers(entries).get(name, [])
    if len({entries[b"D/" + file].machine for _, file in files}) > 1:
        return "machines"
    if theirs == before and isinstance(before, bytes) and parse(before)[0] is None:
        return "backup"
    if not isinstance(theirs, bytes):
        return None
    target = entries.get(b"D/" + theirs)
    if not is_safe(name) or not is_library_name(name) or not is_safe(
            getattr(target, "soname", None) or name):
        return "unsafe-soname"
    if not is_library_name(theirs):
        return "backup"
    if isinstance(target, Link):
        return "link-as-file"
    if parse(theirs)[0] != parse(name)[0]:
        return "stem"
    if not target.library:
        return "no-library"
    if target.soname is None:
        return "implicit"
    if isinstance(ours, bytes) and parse(ours)[1] == parse(theirs)[1]:
        return "tie"
    if isinstance(ours, bytes) and b"D/" + ours in entries:
        if entries[b"D/" + ours].machine in ("arm", "s390"):
            return "foreign"
        if parse(ours)[1] > parse(theirs)[1]:
            return "order"
    return None


REASONS = {"backup", "order", "tie", "unsafe-soname", "stem", "link-as-file", "no-library", "foreign",
           "machines", "elsewhere", "dangling", "below", "implicit", "broken", "dies"}


def documented_reasons():
    """The rows of the table in sov(1)."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "../../man/sov.1"), encoding="utf-8") as file:
        page = file.read()
    table = page[page.index("for these reasons only:"):]
    return set(re.findall(r"^\.It Cm (\S+)$", table[:table.index(".El")], re.MULTILINE))


# ---- running both

def run(command, sandbox):
    return subprocess.run(command, cwd=sandbox, capture_output=True, check=False, timeout=300)


def text_of(step, key):
    if key + "_hex" in step:
        return bytes.fromhex(step[key + "_hex"])
    return os.fsencode(step[key])


def predicted(sov, sandbox, before):
    """The state after the steps that sov predicts; None = ldconfig dies."""
    result = run([sov, "links", "--like-ldconfig", "--dry-run", "--format=json", "D"], sandbox)
    if result.returncode not in (0, 1):
        raise AssertionError(f"--like-ldconfig: exit {result.returncode}: {result.stderr}")
    after, dies = dict(before), False
    for step in json.loads(result.stdout)["steps"]:
        path = os.path.normpath(text_of(step, "path"))
        if step["verb"] == "link":
            after[path] = text_of(step, "target")
        elif step["verb"] == "remove":
            after.pop(path, None)
        elif step["verb"] == "refuse" and step["why"].startswith("it dies"):
            dies = True
    return after, dies


def differences(a, b):
    return sorted(path for path in a.keys() | b.keys() if a.get(path) != b.get(path))


def check_prediction(programs, spec, sandbox, faults):
    make(spec, sandbox)
    before = state(sandbox)
    after, dies = predicted(programs.sov, sandbox, before)
    if state(sandbox) != before:
        faults.append("--like-ldconfig changed something")
    result = run([programs.ldconfig, "-nv", "D"], sandbox)
    theirs = state(sandbox)
    died = result.returncode < 0
    if died != dies:
        faults.append(f"dies: predicted {dies}, exit {result.returncode}")
    for path in differences(after, theirs):
        faults.append(f"{path}: predicted {after.get(path)}, ldconfig made {theirs.get(path)}")
    return before, theirs, died


def check_links(sov, spec, sandbox, before, faults):
    make(spec, sandbox)
    result = run([sov, "links", "--no-sync", "D"], sandbox)
    statuses = (3,) if broken_stems(spec.entries) else (0, 1)
    if result.returncode not in statuses or bool(result.stderr) != (3 in statuses):
        faults.append(f"sov links: exit {result.returncode}: {result.stderr}")
    ours = state(sandbox)
    wanted = expected(spec, before)
    for path in differences(wanted, ours):
        faults.append(f"{path}: the rules say {wanted.get(path)}, sov made {ours.get(path)}")
    again = run([sov, "links", "--check", "D"], sandbox)
    if b"\nlink " in b"\n" + again.stdout or again.returncode not in statuses:
        faults.append(f"a second run would change something: {again.stdout} {again.stderr}")
    return ours


def check_one(programs, spec, work, counts):
    faults = []
    before, theirs, died = check_prediction(programs, spec, os.path.join(work, "ldconfig"), faults)
    ours = check_links(programs.sov, spec, os.path.join(work, "sov"), before, faults)
    for path in differences(theirs, ours):
        why = "dies" if died else \
            reason(spec, path, before.get(path), theirs.get(path), ours.get(path))
        counts[why] += 1
        if why not in REASONS:
            faults.append(f"{path}: was {before.get(path)}, ldconfig made {theirs.get(path)}, "
                          f"sov {ours.get(path)}: no documented reason")
    counts["alike"] += sum(1 for path, target in ours.items()
                           if isinstance(target, bytes) and theirs.get(path) == target)
    return faults


def skips_temporaries(ldconfig, work):
    """Does this ldconfig pass over what dpkg and rpm leave? By trying."""
    spec = Spec(random.Random(0), False)
    spec.entries = {b"D": Directory(), b"D/libx.so.1.0": elf(b"libx.so.1"),
                    b"D/libx.so.1.0.dpkg-new": elf(b"libx.so.1")}
    sandbox = os.path.join(work, "probe")
    make(spec, sandbox)
    run([ldconfig, "-nv", "D"], sandbox)
    return os.readlink(os.path.join(sandbox, "D/libx.so.1")) == "libx.so.1.0"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--ldconfig", default="/sbin/ldconfig")
    parser.add_argument("sov")
    args = parser.parse_args()
    args.sov = os.path.abspath(args.sov)
    print(f"seed {args.seed}")
    counts, bad = collections.Counter(), 0
    if documented_reasons() != REASONS:
        print("sov(1) has other reasons:", documented_reasons() ^ REASONS)
        bad += 1
    with tempfile.TemporaryDirectory() as work:
        libc = tuple(int(n) for n in os.confstr("CS_GNU_LIBC_VERSION").split()[1].split(".")[:2])
        temporaries = skips_temporaries(args.ldconfig, work) == (libc >= (2, 39))
        for i in [args.only] if args.only is not None else range(args.count):
            spec = Spec(random.Random(args.seed * 1000003 + i), temporaries)
            one = os.path.join(work, str(i))
            os.mkdir(one)
            faults = check_one(args, spec, one, counts)
            if faults:
                bad += 1
                print(f"directory {i} (--seed {args.seed} --only {i}):", *faults, sep="\n  ")
                for path, thing in spec.entries.items():
                    what = thing if not isinstance(thing, File) else \
                        f"file {len(thing.data)} {thing.soname} {thing.library} {thing.machine}"
                    print("   ", path, what)
            shutil.rmtree(one)
    print(f"{args.count} directories;", ", ".join(f"{n} {why}" for why, n in counts.most_common()))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
