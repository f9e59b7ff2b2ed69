#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What sovcc and sov cost, beside what one would use otherwise.

    bench.py [BINDIR [OUTDIR [PART...]]]

BINDIR holds sov and sovcc of a release build (build/release/bin). Prints Markdown tables and leaves
every single time in OUTDIR/*.json (build/bench). Nothing here passes or fails by a time: a figure
is for a person to read.

Commands are run in turn, and each time is compared with that of the plain command of the same
round: "added" is the median of these differences, between its quartiles. "CPU" is the processor
time of the command and its children, which says more on a busy machine.
"""

import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # the source tree stays as it is
import upgrade  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(os.path.dirname(os.path.dirname(HERE)), "build")
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"}
CPU = max(os.sched_getaffinity(0))
DEMO = "int demo(void)\n{\n\treturn 1;\n}\n"
LINKER_NAME, SONAME, REAL_NAME = "libdemo.so", "libdemo.so.2", "libdemo.so.2.1.0"


def work_directory():
    """In memory where that can be: on a disk's file system a new name costs ten times the rest."""
    shm = "/dev/shm"
    usable = os.access(shm, os.W_OK) and not os.statvfs(shm).f_flag & os.ST_NOEXEC
    return tempfile.mkdtemp(prefix="sov-bench-", dir=shm if usable else None)


class Bench:
    def __init__(self, bindir, outdir):
        self.bindir = os.path.abspath(bindir)
        self.outdir = os.path.abspath(outdir)
        self.work = work_directory()
        self.sov = os.path.join(self.bindir, "sov")
        self.sovcc = os.path.join(self.bindir, "sovcc")
        self.env = dict(ENVIRONMENT, HOME=self.work, CCACHE_DIR=os.path.join(self.work, "ccache"))
        os.makedirs(self.outdir, exist_ok=True)

    def path(self, *parts):
        return os.path.join(self.work, *parts)

    def has(self, program):
        return shutil.which(program, path=self.env["PATH"]) is not None

    def call(self, *argv):
        subprocess.run(argv, cwd=self.work, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def build_tools(self):
        """The harness itself and the programs that do next to nothing."""
        flags = ["-std=gnu11", "-O2", "-D_GNU_SOURCE"]
        self.call("cc", *flags, "-o", "pair", os.path.join(HERE, "pair.c"))
        stub = os.path.join(HERE, "stub.c")
        self.call("cc", *flags, "-static", "-o", "stub", stub)
        self.call("cc", *flags, "-o", "stub-dynamic", stub)
        self.call("cc", *flags, "-static", "-DWAIT", "-o", "stub-wait", stub)
        with open(self.path("nop.c"), "w", encoding="ascii") as f:
            f.write("int main(void)\n{\n\treturn 0;\n}\n")
        self.call("cc", "-O2", "-static", "-o", "nop", "nop.c")
        self.call("cc", *flags, "-static", "-o", "linker", os.path.join(HERE, "linker.c"))
        with open(self.path("demo.c"), "w", encoding="ascii") as f:
            f.write(DEMO)
        self.call("cc", "-fPIC", "-c", "demo.c")

    def measure(self, name, rounds, commands):
        """Run the commands in turn; returns {label: (ns passed, ns of CPU)}, the plain first."""
        argv = [self.path("pair"), str(CPU), str(rounds)]
        for words in commands.values():
            argv += ["--", *words]
        done = subprocess.run(
            argv, cwd=self.work, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        )
        statuses, *rows = ([int(x) for x in line.split("\t")] for line in done.stdout.splitlines())
        columns = list(map(list, zip(*rows)))
        times = dict(zip(commands, zip(columns[::2], columns[1::2])))
        with open(os.path.join(self.outdir, name + ".json"), "w", encoding="utf-8") as f:
            raw = {
                label: {"argv": commands[label], "exit": status, "ns": passed, "cpu_ns": cpu}
                for (label, (passed, cpu)), status in zip(times.items(), statuses)
            }
            json.dump({"name": name, "cpu": CPU, "rounds": rounds, "commands": raw}, f, indent=1)
        return times


def milliseconds(ns):
    return f"{ns / 1e6:.3f}"


def added(values, plain):
    """Quartiles of what each run took longer than the plain one of its round."""
    return statistics.quantiles([a - b for a, b in zip(values, plain)], n=4)


def print_table(title, times, reference, footnotes=()):
    """Against the first command; the last column is in units of the CPU that @reference adds."""
    plain, plain_cpu = next(iter(times.values()))
    unit = added(times[reference][1], plain_cpu)[1]
    print(f"\n### {title} ({len(plain)} rounds)\n")
    print(f"| command | median ms | added ms (quartiles) | added CPU ms | CPU, `{reference}` = 1 |")
    print("|---|---:|---:|---:|---:|")
    for label, (passed, cpu) in times.items():
        median = milliseconds(statistics.median(passed))
        if passed is plain:
            print(f"| {label} | {median} | | | |")
            continue
        low, middle, high = map(milliseconds, added(passed, plain))
        more = added(cpu, plain_cpu)[1]
        print(f"| {label} | {median} | {middle} ({low} to {high}) | {milliseconds(more)} |", end="")
        print(f" {more / unit:.2f} |")
    for line in footnotes:
        print(f"\n{line}")


def untouched_compile(bench):
    line = ["-c", "demo.c", "-o"]
    times = bench.measure(
        "compile",
        500,
        {
            "cc -c": ["cc", *line, "plain.o"],
            "stub": [bench.path("stub"), "cc", *line, "stub.o"],
            "stub, dynamic": [bench.path("stub-dynamic"), "cc", *line, "stubd.o"],
            "sovcc -c": [bench.sovcc, *line, "sovcc.o"],
        },
    )
    print_table("Untouched compile, the real compiler", times, "stub")

    nop = bench.path("nop")
    times = bench.measure(
        "compile-nop",
        2000,
        {
            "nop": [nop, *line, "x.o"],
            "stub": [bench.path("stub"), nop, *line, "x.o"],
            "stub, dynamic": [bench.path("stub-dynamic"), nop, *line, "x.o"],
            "sovcc -c": ["SOV_CC=" + nop, bench.sovcc, *line, "x.o"],
        },
    )
    print_table("Untouched compile, a compiler that does nothing", times, "stub")


def fresh(bench, directory):
    """Words that have the three names removed before each run, which so makes them anew."""
    os.makedirs(bench.path(directory), exist_ok=True)
    return ["~" + os.path.join(directory, name) for name in (REAL_NAME, SONAME, LINKER_NAME)]


def plain_link(directory, cc="cc"):
    out = os.path.join(directory, REAL_NAME)
    return [cc, "-shared", "-Wl,-soname," + SONAME, "-o", out, "demo.o"]


def sovcc_links(bench, cc="cc"):
    """Labels and command lines of sovcc, each linking with the compiler @cc."""
    head = ["SOV_CC=" + cc, bench.sovcc]
    declared = ["-shared", "-o", os.path.join("conf", LINKER_NAME), "demo.o"]
    return {
        "sovcc, SOV_OFF=1": fresh(bench, "off") + ["SOV_OFF=1"] + head + plain_link("off")[1:],
        "sovcc, declared": fresh(bench, "conf") + head + declared,
        "sovcc, soname given": fresh(bench, "given") + head + plain_link("given")[1:],
    }


def libtool_links(bench):
    commands = {}
    for tool in ("slibtool", "libtool"):
        if not bench.has(tool):
            continue
        os.makedirs(bench.path(tool), exist_ok=True)
        lo, la = os.path.join(tool, "demo.lo"), os.path.join(tool, "libdemo.la")
        head = [tool, "--tag=CC", "--silent"]
        bench.call(*head, "--mode=compile", "cc", "-c", "demo.c", "-o", lo)
        tail = ["-version-number", "2:1:0", "-rpath", "/usr/lib"]
        commands[tool] = [*head, "--mode=link", "cc", "-shared", "-o", la, lo, *tail]
    return commands


def real_links(bench):
    by_hand = plain_link("hand") + ["&&", "ln", "-sf", REAL_NAME, os.path.join("hand", SONAME)]
    by_hand += ["&&", "ln", "-sf", SONAME, os.path.join("hand", LINKER_NAME)]
    commands = {
        "cc -shared": fresh(bench, "plain") + plain_link("plain"),
        "stub-wait": fresh(bench, "wait") + [bench.path("stub-wait")] + plain_link("wait"),
        **sovcc_links(bench),
        "sh: cc && ln -sf && ln -sf": fresh(bench, "hand") + ["sh", "-c", " ".join(by_hand)],
    }
    if bench.has("ccache"):
        commands["ccache"] = fresh(bench, "ccached") + ["ccache"] + plain_link("ccached")
    return {**commands, **libtool_links(bench)}


def quick_links(bench):
    """The same with tests/bench/linker.c, which gives out one finished library."""
    cc = bench.path("linker")
    return {
        "linker": fresh(bench, "plain") + plain_link("plain", cc),
        "stub-wait": fresh(bench, "wait") + [bench.path("stub-wait")] + plain_link("wait", cc),
        **sovcc_links(bench, cc),
    }


def declared_link(bench):
    with open(bench.path("sov.conf"), "w", encoding="ascii") as f:
        f.write("[lib demo]\nversion = 2.1.0\n")
    times = bench.measure("link", 200, real_links(bench))
    notes = ["sovcc and libtool also make the links libdemo.so.2 and libdemo.so."]
    if "libtool" in times:
        plain, ours, theirs = times["cc -shared"], times["sovcc, declared"], times["libtool"]
        factor = added(theirs[1], plain[1])[1] / added(ours[1], plain[1])[1]
        notes.append(f"libtool adds {factor:.0f} times the CPU that a declared link adds.")
    print_table("Link of libdemo 2.1.0, the real compiler", times, "sovcc, declared", notes)

    bench.env["BENCH_LIBRARY"] = bench.path("finished.so")
    bench.call(*plain_link("plain"))
    os.rename(bench.path("plain", REAL_NAME), bench.env["BENCH_LIBRARY"])
    times = bench.measure("link-quick", 1000, quick_links(bench))
    print_table("Link of libdemo 2.1.0, a linker that takes no time", times, "stub-wait")


def copy_tree(source, target):
    """Hard links where that can be: only names and links are read or written."""
    linked = subprocess.run(["cp", "-al", source, target], stderr=subprocess.DEVNULL, check=False)
    if linked.returncode != 0:
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["cp", "-a", source, target], check=True)


def keep_libraries(root):
    """Remove what has no .so in its name; returns the directories that hold a lib*.so*."""
    holders = []
    for directory, below, names in os.walk(root, topdown=False):
        for name in names:
            if ".so" not in name:
                os.unlink(os.path.join(directory, name))
        for link in filter(os.path.islink, (os.path.join(directory, name) for name in below)):
            os.unlink(link)
        if any(name.startswith("lib") and ".so" in name for name in names):
            holders.append(directory)
        if not os.listdir(directory):
            os.rmdir(directory)
    return sorted(holders)


def print_lint_table(title, times):
    own = statistics.median(times["sov lint"][1])
    print(f"\n### {title} ({len(times['sov lint'][0])} rounds, warm cache)\n")
    print("| command | median ms | CPU ms | CPU, `sov lint` = 1 |")
    print("|---|---:|---:|---:|")
    for label, (passed, cpu) in times.items():
        median = statistics.median(cpu)
        wall = statistics.median(passed) / 1e6
        print(f"| {label} | {wall:.1f} | {median / 1e6:.1f} | {median / own:.2f} |")


def lint_usr_lib(bench):
    with tempfile.TemporaryDirectory(prefix="sov-bench-", dir="/var/tmp") as directory:
        copy = os.path.join(directory, "lib")
        copy_tree("/usr/lib", copy)
        commands = {"sov lint": [bench.sov, "-q", "lint", copy]}
        if bench.has("scanelf"):
            commands["scanelf -qR"] = ["scanelf", "-qR", copy]
        print_lint_table("All of /usr/lib", bench.measure("lint-all", 15, commands))

        holders = keep_libraries(copy)
        if bench.has("ldconfig"):
            label = f"ldconfig -nN, told the {len(holders)} directories with libraries"
            commands[label] = ["ldconfig", "-nN", *holders]
        print_lint_table("The names with .so of /usr/lib", bench.measure("lint", 30, commands))


def system_calls(bench, words):
    """Calls up to the execve that starts the compiler, which is none of ours any more."""
    log = bench.path("strace.log")
    env = dict(bench.env, SOV_CC=bench.path("nop"))
    subprocess.run(["strace", "-o", log, *words], cwd=bench.work, env=env, check=True)
    with open(log, encoding="utf-8", errors="replace") as f:
        calls = [line for line in f if re.match(r"\w+\(", line)]
    # The first execve is strace starting what is looked at; a failed one is a search along PATH.
    last = max(i for i, call in enumerate(calls) if call.startswith("execve("))
    return last


def start_up(bench):
    if not bench.has("strace"):
        return
    nop = bench.path("nop")
    line = ["-c", "demo.c", "-o", "x.o"]
    print("\n### System calls before the compiler runs\n")
    print("| command | calls | size of the program, KiB |")
    print("|---|---:|---:|")
    for label, words in {
        "stub": [bench.path("stub"), nop, *line],
        "stub, dynamic": [bench.path("stub-dynamic"), nop, *line],
        "sovcc -c": [bench.sovcc, *line],
    }.items():
        print(f"| {label} | {system_calls(bench, words)} | {os.path.getsize(words[0]) // 1024} |")


PARTS = (untouched_compile, declared_link, lint_usr_lib, start_up, *upgrade.PARTS)


def main(argv):
    defaults = [os.path.join(BUILD, "release", "bin"), os.path.join(BUILD, "bench")]
    chosen = [part for part in PARTS if not argv[3:] or part.__name__ in argv[3:]]
    if len(chosen) < len(argv[3:]):
        names = ", ".join(part.__name__ for part in PARTS)
        print(f"usage: bench.py [BINDIR [OUTDIR [PART...]]]\nparts: {names}", file=sys.stderr)
        return 2
    bench = Bench(*(argv[1:3] + defaults[len(argv) - 1 :]))
    try:
        bench.build_tools()
        machine, kernel = platform.machine(), platform.release()
        print(f"{machine}, Linux {kernel}, {os.cpu_count()} cores, pinned to number {CPU}")
        print(f"Working in {os.path.dirname(bench.work)}.")
        print(f"Load at the start {os.getloadavg()[0]:.1f}: an idle machine measures best.")
        for part in chosen:
            part(bench)
            sys.stdout.flush()
    finally:
        shutil.rmtree(bench.work)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
