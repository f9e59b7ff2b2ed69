#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run every line of driver-cases.tsv by the real compiler and by sovcc.

Three questions a row and pair of compiler and linker:
  recorded  the real compiler does what the table says (only for the versions that it was read off)
  undeclared  sovcc with nothing declared: same status, same files and bytes, same stdout and stderr
  declared  the row again with names declared: names, links and SONAME as declared, or an error
            before anything was written
Usage: driver_cases.py TABLE --sovcc PATH [--linkers bfd|others|all] [--rows ID,ID] [--jobs N]
"""

import argparse
import concurrent.futures
import contextlib
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

import driver_fixtures
import elfname

VERSION = "1.2.3"
# Linkers of the table that are bfd on this machine: its default, and no linker at all.
BFD = {"bfd", "default", "none"}
RECORDED_WITH = {"gcc": "12", "clang": "14"}

# What a declared link of a row must do when that does not follow from what the real compiler did:
# refused before the compiler runs, or "named" although a soname is on the line.
REFUSED = {
    "C07": "the soname '=S.so.1' is not the declared one",
    "C16": "gcc drops -h NAME",
    "C21": "empty soname",
    "C22": "empty soname",
    "C24": "dangling -soname",
    "C30": "a soname with a '/'",
    "C34": "empty soname last",
    "C52": "the soname ends in a newline",
}
NAMED = {
    "C72": "a specs file's soname comes before the appended one",
}
# -Wl,-shared without the driver's -shared: no shared link to sovcc, but bfd writes a DYN.
NOT_SHARED = {"A06", "A07", "A09", "A10"}
# Outputs that no library has, or that are an input.
ODD_OUTPUT = {"B15", "B16", "B27", "C27", "C55"}

TEMPORARY = re.compile(rb"/tmp/(?:cc\w{6}|[\w.-]+-[0-9a-f]{6})\b|\.mold-\w{6}\b")
RESULT = re.compile(r"^(.+?)=(DYN|PIE|EXEC|REL|text|kept|DELETED)(?:/\d+)?(.*)$", re.S)


class Row:
    """One line of the table."""

    def __init__(self, fields):
        self.ident, self.what, arguments, results = fields
        self.arguments = arguments.split(" ") if arguments else []
        self.recorded = {}
        for group in results.split(" || "):
            pairs, _, result = group.partition(": ")
            for pair in pairs.split(","):
                self.recorded[tuple(pair.split("/"))] = _parse_result(result)


def _parse_result(text):
    status, _, files = text.partition(" ")
    facts = {}
    if files != "(nothing)":
        for item in files.split("; "):
            name, kind, rest = RESULT.match(item).groups()
            if kind != "kept":
                facts[name] = kind + rest
    return int(status.removeprefix("rc=")), facts


class Outcome:
    """What one command did: status, output, and the directory before and after."""

    def __init__(self, directory, argv, environment, stdin):
        before = snapshot(directory)
        with open(stdin, "rb") as source, held_open(directory):
            done = subprocess.run(
                argv,
                cwd=directory,
                env=environment,
                stdin=source,
                capture_output=True,
                check=False,
            )
        self.status = done.returncode
        self.stdout = TEMPORARY.sub(b"NAME", done.stdout)
        self.stderr = TEMPORARY.sub(b"NAME", done.stderr)
        self.after = snapshot(directory)
        self.facts = compare(before, self.after)
        self.written = {
            name: self.after[name]["content"]
            for name in self.facts
            if name in self.after
        }

    def shared(self):
        """(name, soname) of the shared object that was written, or None."""
        for name, content in self.written.items():
            kind, soname = elfname.identify(content or b"")
            if kind == "DYN":
                return name, None if soname is None else soname.decode()
        return None

    def refused(self):
        """An error of sovcc's own, and nothing in the directory changed."""
        own = self.stderr.splitlines()[-4:]
        return (
            self.status == 1
            and not self.facts
            and any(line.startswith(b"sovcc: error: ") for line in own)
        )

    def summary(self):
        return f"{self.status} {self.facts} {self.stderr!r}"


@contextlib.contextmanager
def held_open(directory):
    """Keep every file's inode in use, so that a new file cannot get an old one's number."""
    with contextlib.ExitStack() as stack:
        for entry in os.scandir(directory):
            if entry.is_file():
                stack.enter_context(open(entry.path, "rb"))
        yield


def snapshot(directory):
    """Everything below directory but what is below its directories."""
    found = {}
    for entry in os.scandir(directory):
        stat = entry.stat(follow_symlinks=False)
        content = None
        if entry.is_symlink():
            content = b"-> " + os.fsencode(os.readlink(entry.path))
        elif entry.is_file():
            with open(entry.path, "rb") as file:
                content = file.read()
        identity = (stat.st_ino, stat.st_mtime_ns)
        found[entry.name] = {
            "identity": identity,
            "mode": stat.st_mode,
            "content": content,
        }
    return found


def compare(before, after):
    """The changed names in the table's words."""
    facts = {}
    for name, new in after.items():
        old = before.get(name)
        if old and old["identity"] == new["identity"]:
            continue
        kind, soname = elfname.identify(new["content"] or b"")
        fact = kind
        if kind != "text":
            fact += ":-" if soname is None else f":<{shown(soname)}>"
        if old and kind != "text":
            same = old["identity"][0] == new["identity"][0]
            fact += "(same inode)" if same else "(new inode)"
        facts[name] = fact
    for name in before.keys() - after.keys():
        facts[name] = "DELETED"
    return facts


def shown(soname):
    """A soname as the table spells it: one line."""
    return soname.decode().replace("\n", "\\n")


class Bench:
    """Runs rows; collects what went wrong."""

    def __init__(self, sovcc, root, versions):
        self.sovcc = sovcc
        self.root = root
        self.versions = versions
        self.checks = 0
        self.failures = []
        for lib in ("", "lib"):
            driver_fixtures.build(os.path.join(root, "fixtures" + lib), lib)
        # no path into the build tree and nothing of the caller's
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("SOV_") and name != "LIBRARY_PATH"
        }
        self.environment["LC_ALL"] = "C"

    def expect(self, pair, row, question, right, detail):
        self.checks += 1
        if not right:
            where = f"{row.ident} {'/'.join(pair)} {question}"
            self.failures.append(f"{where}: {row.what}\n    {detail}")

    def run(self, pair, row, argv, declaration=None, output="y.so", lib=""):
        """One command in a fresh copy of the fixtures, always at the same path for its pair."""
        compiler, linker = pair
        directory = os.path.join(self.root, f"{row.ident}-{compiler}-{linker}")
        shutil.copytree(
            os.path.join(self.root, "fixtures" + lib), directory, symlinks=True
        )
        if row.ident in driver_fixtures.PREPARE:
            driver_fixtures.PREPARE[row.ident](directory, output)
        environment = dict(self.environment)
        real = shutil.which(compiler)
        command = [real]
        if declaration is not None:
            environment["SOV_CC"] = real
            command = [self.sovcc, *declaration]
        if linker not in ("default", "none"):
            command.append("-fuse-ld=" + linker)
        if row.ident == "C75":
            environment["LDFLAGS"] = "-Wl,-soname,ENV.so.1"
        stdin = os.path.join(directory, "a.c") if "-" in argv else os.devnull
        try:
            return Outcome(directory, command + argv, environment, stdin)
        finally:
            shutil.rmtree(directory)

    def row(self, pair, row):
        plain = self.run(pair, row, row.arguments)
        if self.versions[pair[0]] == RECORDED_WITH[pair[0]]:
            self.expect(
                pair,
                row,
                "recorded",
                (plain.status, plain.facts) == row.recorded[pair],
                f"table {row.recorded[pair]}\n    real  {(plain.status, plain.facts)}",
            )
        if self.sovcc:
            self.undeclared(pair, row, plain)
            self.declared(pair, row, plain)

    def undeclared(self, pair, row, plain):
        ours = self.run(pair, row, row.arguments, declaration=[])
        for part in ("status", "facts", "written", "stdout", "stderr"):
            want, got = getattr(plain, part), getattr(ours, part)
            detail = "bytes differ" if part == "written" else f"{want} != {got}"
            self.expect(pair, row, "undeclared " + part, want == got, detail)

    def declared(self, pair, row, plain):
        shared = plain.shared() if plain.status == 0 else None
        if row.ident in ODD_OUTPUT:
            return
        if shared is None or row.ident in NOT_SHARED:
            self.declared_without_library(pair, row)
        elif row.ident in REFUSED:
            self.refused(pair, row, row.arguments)
        elif "soname," in " ".join(row.arguments) and shared[1] is None:
            self.mismatch(pair, row)
        elif shared[1] is None or row.ident in NAMED:
            self.named(pair, row)
        else:
            self.refused(pair, row, row.arguments)
            self.agreed(pair, row, shared[1])

    def refused(self, pair, row, arguments):
        argv = with_lib(arguments)
        ours = self.run(pair, row, argv, [f"--sov-version={VERSION}"], "liby.so")
        self.expect(pair, row, "refused", ours.refused(), ours.summary())

    def named(self, pair, row):
        """No soname on the line: sovcc names the library and makes both links."""
        argv = with_lib(row.arguments)
        stem = "liby" if "liby.so" in " ".join(argv) else "libx"
        real, soname = f"{stem}.so.{VERSION}", f"{stem}.so.{VERSION[0]}"
        ours = self.run(pair, row, argv, [f"--sov-version={VERSION}"], "liby.so")
        same = self.run(pair, row, appended(argv, soname, real), output="liby.so")
        if same.shared() != (real, soname):
            # the linker drops what it was told (mold -static): only the file can tell
            self.expect(pair, row, "mismatch", ours.refused(), ours.summary())
            return
        want = {
            **same.written,
            soname: b"-> " + real.encode(),
            f"{stem}.so": b"-> " + soname.encode(),
        }
        right = ours.status == 0 and ours.shared() == (real, soname)
        self.expect(pair, row, "named", right, ours.summary())
        detail = f"{sorted(want)} != {sorted(ours.written)}, or bytes differ"
        self.expect(pair, row, "named bytes", want == ours.written, detail)

    def agreed(self, pair, row, soname):
        """The line's own soname is the declared one: nothing of ours is added."""
        stem, _, major = soname.partition(".so.")
        argv = with_soname(row.arguments, stem)
        output = f"lib{stem}.so"
        declaration = [f"--sov-version={major}.2.3"]
        ours = self.run(pair, row, argv, declaration, output, "lib")
        same = self.run(pair, row, argv, output=output, lib="lib")
        right = (
            ours.status == 0
            and ours.shared() == (output, "lib" + soname)
            and ours.written == same.written
        )
        self.expect(pair, row, "agreed", right, ours.summary())

    def mismatch(self, pair, row):
        """The linker drops the soname that the line gives: only the file can tell."""
        argv = with_soname(row.arguments, "S")
        ours = self.run(pair, row, argv, ["--sov-version=1.2.3"], "libS.so", "lib")
        self.expect(pair, row, "mismatch", ours.refused(), ours.summary())

    def declared_without_library(self, pair, row):
        """What makes no library makes none, and no link, under a declaration either."""
        argv = with_lib(row.arguments)
        ours = self.run(pair, row, argv, [f"--sov-version={VERSION}"], "liby.so")
        stem = "liby" if "liby.so" in " ".join(argv) else "libx"
        real, soname = f"{stem}.so.{VERSION}", f"{stem}.so.{VERSION[0]}"
        same = [
            self.run(pair, row, argv, output="liby.so"),
            self.run(pair, row, appended(argv, soname, real), output="liby.so"),
        ]
        right = ours.refused() or any(
            (ours.status, ours.facts) == (plain.status, plain.facts) for plain in same
        )
        self.expect(pair, row, "no library", right, ours.summary())


def with_lib(arguments):
    return [re.sub(r"([xy])\.so\b", r"lib\1.so", argument) for argument in arguments]


def with_soname(arguments, stem):
    """Sonames S.so.1 become libS.so.1, and the output the library of that name."""
    out = []
    for argument in arguments:
        argument = re.sub(r"([ABRS])\.so\.(\d)", r"lib\1.so.\2", argument)
        out.append(re.sub(r"[xy]\.so\b", f"lib{stem}.so", argument))
    return out


def appended(argv, soname, real):
    """The line that sovcc documents: the names appended, before a `--`."""
    words = ["-soname", soname, "-o", real]
    names = [word for name in words for word in ("-Xlinker", name)]
    at = argv.index("--") if "--" in argv else len(argv)
    return argv[:at] + names + argv[at:]


def major_version(compiler):
    done = subprocess.run(
        [compiler, "-dumpversion"], capture_output=True, text=True, check=True
    )
    return done.stdout.split(".")[0].strip()


def read_table(path):
    with open(path, encoding="utf-8", newline="") as table:
        lines = csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Row(fields) for fields in list(lines)[1:]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table")
    parser.add_argument("--sovcc", help="without it only the table is checked")
    parser.add_argument("--linkers", choices=("bfd", "others", "all"), default="all")
    parser.add_argument("--rows", help="only these ids, comma-separated")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    wanted = options.rows.split(",") if options.rows else None
    rows = [
        r for r in read_table(options.table) if not wanted or r.ident in wanted
    ]
    versions = {name: major_version(name) for name in RECORDED_WITH}
    with tempfile.TemporaryDirectory(prefix="driver-cases-") as root:
        sovcc = options.sovcc and os.path.abspath(options.sovcc)
        bench = Bench(sovcc, root, versions)
        work = [
            (pair, row)
            for row in rows
            for pair in row.recorded
            if options.linkers in ("all", "bfd" if pair[1] in BFD else "others")
        ]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(lambda item: bench.row(*item), work))
    for failure in bench.failures:
        print("FAIL", failure)
    print(
        f"driver-cases: {len(rows)} rows, {len(work)} lines, "
        f"{bench.checks} checks, {len(bench.failures)} failed"
    )
    return 1 if bench.failures or not bench.checks else 0


if __name__ == "__main__":
    sys.exit(main())
