# SPDX-License-Identifier: MIT
"""What sov install, links and deps cost: the parts of bench.py about install trees.

Every part is given a Bench (bench.py), and prints one table or more. Ratios are medians of the
ratios of one round: the command against the first row, which is ours.
"""

import os
import statistics
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ("libdemo.so.2.1.0", "libdemo.so.2", "libdemo.so")
LIBRARIES = 500


def print_ratios(title, times):
    """The first command is ours; of the others: how many times its time they take."""
    own, own_cpu = next(iter(times.values()))
    print(f"\n### {title} ({len(own)} rounds)\n")
    print("| command | median ms | CPU ms | time, first row = 1 | CPU, first row = 1 |")
    print("|---|---:|---:|---:|---:|")
    for label, (passed, cpu) in times.items():
        ratios = [
            statistics.median(a / max(b, 1) for a, b in zip(theirs, ours))
            for theirs, ours in ((passed, own), (cpu, own_cpu))
        ]
        print(f"| {label} | {statistics.median(passed) / 1e6:.2f} ", end="")
        print(f"| {statistics.median(cpu) / 1e6:.2f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


def build_library(bench):
    """libdemo 2.1.0 as sov and install find it, and as libtool does."""
    bench.call("mkdir", "-p", "built")
    bench.call("cc", "-fPIC", "-c", "demo.c")
    bench.call("cc", "-shared", "-Wl,-soname," + NAMES[1], "-o", "built/" + NAMES[0], "demo.o")


def libtool_library(bench, into):
    if not bench.has("libtool"):
        return None
    head = ["libtool", "--tag=CC", "--silent"]
    bench.call(*head, "--mode=compile", "cc", "-c", "demo.c", "-o", "installed.lo")
    tail = ["-version-number", "2:1:0", "-rpath", into]
    bench.call(*head, "--mode=link", "cc", "-shared", "-o", "libdemo.la", "installed.lo", *tail)
    return [*head, "--mode=install", "install", "-c", "libdemo.la", into]


def by_hand(source, directory):
    real, soname, linker = (os.path.join(directory, name) for name in NAMES)
    steps = [
        f"install -m 755 {source} {real}",
        f"ln -sf {NAMES[0]} {soname}",
        f"ln -sf {NAMES[1]} {linker}",
    ]
    return ["sh", "-c", " && ".join(steps)]


def targets(directory, removed):
    """The words that have pair take these away before each run."""
    os.makedirs(directory, exist_ok=True)
    return ["~" + os.path.join(directory, name) for name in NAMES] if removed else []


def installations(bench, place, removed, sync="--no-sync"):
    source = bench.path("built", NAMES[0])
    here = {name: os.path.join(place, name) for name in ("sov", "hand", "install", "libtool")}
    fresh = {name: targets(directory, removed) for name, directory in here.items()}
    commands = {
        f"sov install {sync}": [*fresh["sov"], bench.sov, "install", sync, source, here["sov"]],
        "sh: install, ln -sf, ln -sf": fresh["hand"] + by_hand(source, here["hand"]),
        "install alone, no links": [*fresh["install"], "install", source, here["install"]],
    }
    libtool = libtool_library(bench, here["libtool"])
    if libtool:
        commands["libtool --mode=install"] = fresh["libtool"] + libtool
    return commands


def install_library(bench):
    build_library(bench)
    place = bench.path("installed")
    times = bench.measure("install-first", 200, installations(bench, place, True))
    print_ratios("Install libdemo 2.1.0 for the first time", times)
    times = bench.measure("install-again", 200, installations(bench, place, False))
    print_ratios("Install it again, the same bytes", times)


def install_synced(bench):
    """On a disk: what it costs to wait for it."""
    source = bench.path("built", NAMES[0])
    with tempfile.TemporaryDirectory(prefix="sov-bench-", dir="/var/tmp") as place:
        sync, off, hand = (os.path.join(place, name) for name in ("sync", "off", "hand"))
        sov = [bench.sov, "install"]
        by_sync = by_hand(source, hand)
        by_sync[2] += f" && sync {hand}/{NAMES[0]} {hand}"
        commands = {
            "sov install --sync": [*targets(sync, True), *sov, "--sync", source, sync],
            "sov install --no-sync": [*targets(off, True), *sov, "--no-sync", source, off],
            "sh: install, ln -sf, ln -sf, sync FILE DIR": targets(hand, True) + by_sync,
        }
        print_ratios("Install on a disk (/var/tmp)", bench.measure("install-sync", 50, commands))


def make_libraries(bench, directory):
    """LIBRARIES files, each with a SONAME of its own, which has the same length in all."""
    os.makedirs(directory)
    pattern = bench.path("pattern.so")
    bench.call("cc", "-shared", "-Wl,-soname,libbench000.so.1", "-o", pattern, "demo.o")
    with open(pattern, "rb") as f:
        code = f.read()
    for n in range(LIBRARIES):
        soname = f"libbench{n:03}.so.1"
        with open(os.path.join(directory, soname + ".0.0"), "wb") as f:
            f.write(code.replace(b"libbench000.so.1", soname.encode()))
    return [os.path.join(directory, f"libbench{n:03}.so.1") for n in range(LIBRARIES)]


def relink(bench):
    bench.call("cc", "-O2", "-D_GNU_SOURCE", "-o", "floor", os.path.join(HERE, "floor.c"))
    places = {name: bench.path("links-" + name) for name in ("sov", "ldconfig", "floor")}
    links = {name: make_libraries(bench, place) for name, place in places.items()}
    commands = {
        "sov links": [bench.sov, "links", "--no-sync", places["sov"]],
        "ldconfig -n": ["ldconfig", "-n", places["ldconfig"]],
        "floor: readdir, open, read": [bench.path("floor"), places["floor"]],
    }
    for words in list(commands.values())[:2]:
        bench.call(*words)
    bench.call(bench.path("floor"), places["floor"], "make")
    times = bench.measure("links-nothing", 100, commands)
    print_ratios(f"Links of {LIBRARIES} libraries, nothing to do", times)
    commands["floor: readdir, open, read, symlink"] = [
        *commands.pop("floor: readdir, open, read"),
        "make",
    ]
    fresh = [["~" + link for link in links[name]] for name in places]
    made = {label: words + argv for words, (label, argv) in zip(fresh, commands.items())}
    times = bench.measure("links-all", 50, made)
    print_ratios(f"Links of {LIBRARIES} libraries, all to make", times)


def dynamic_programs(directory="/usr/bin"):
    found = []
    for name in sorted(os.listdir(directory)):
        path = os.path.join(directory, name)
        if not os.path.isfile(path) or os.path.islink(path):
            continue
        with open(path, "rb") as f:
            if f.read(4) == b"\x7fELF":
                found.append(path)
    return found


def dependencies(bench):
    programs = dynamic_programs()
    commands = {
        "sov deps": [bench.sov, "-q", "deps", *programs],
        "ldd": ["ldd", *programs],
    }
    times = bench.measure("deps", 3, commands)
    print_ratios(f"Dependencies of the {len(programs)} ELF files of /usr/bin", times)
    one = "/bin/bash"
    commands = {"sov deps": [bench.sov, "-q", "deps", one], "ldd": ["ldd", one]}
    times = bench.measure("deps-one", 200, commands)
    print_ratios(f"Dependencies of {one}", times)


PARTS = (install_library, install_synced, relink, dependencies)
