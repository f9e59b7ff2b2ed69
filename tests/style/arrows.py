#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may use whom: the arrows of ARCHITECTURE.md, read off the includes and off the compiled objects.

Usage: arrows.py SOURCE-ROOT [BUILD-ROOT]

Prints a line for each breach and exits 1 when there is one. Includes show what a file may see; the objects show what
it really calls, public functions too, and leave nothing to a clever macro.
"""
import pathlib
import re
import subprocess
import sys

# A room uses its own files and those of rooms with a lower number; never those of a room beside it.
RANK = {"base": 1, "model": 2, "elf": 3, "fs": 3, "check": 4, "deps": 4, "lint": 5, "upgrade": 5, "cli": 6, "wrapper": 7, "tool": 7}
LIBRARY = ("base", "model", "elf", "fs", "check", "deps", "lint", "upgrade")
PROGRAMS = ("cli", "wrapper", "tool")

# Headers of others that have one door.
HEADER_ROOMS = {"libelf.h": ("elf",), "gelf.h": ("elf",), "jansson.h": ("cli", "tool")}

# Functions and objects of the C library that have one door: pattern -> which files may.
SYMBOL_FILES = [
    (r"(elf|gelf)_\w+", r"lib/elf/\w+\.c", "libelf is used in lib/elf only"),
    (r"renameat2?|rename", r"lib/fs/publish\.c", "only lib/fs/publish.c renames"),
    (r"fork|vfork|execv\w*|execl\w*|fexecve|posix_spawnp?|system|popen|clone", r"wrapper/run\.c|tool/strip\.c",
     "processes start in wrapper/run.c and tool/strip.c only"),
    (r"json_\w+", r"(cli|tool)/[\w-]+\.c", "jansson is not for the library, nor for sovcc"),
    (r"exit|_exit|_Exit|quick_exit|abort|__assert_fail|stderr|stdout|puts|putchar|perror|__printf_chk|printf|v?warnx?|v?errx?",
     r"(cli|wrapper|tool)/[\w-]+\.c", "the library returns, the program speaks"),
    (r"setlocale|signal|sigaction|chdir|fchdir|umask|setenv|putenv|unsetenv|getenv",
     r"(cli|wrapper|tool)/[\w-]+\.c", "the library leaves the process as it is"),
    (r"strtok|localtime|gmtime|ctime|asctime|gets|sprintf|vsprintf|mktemp|tmpnam|alloca", r"nowhere",
     "not used here"),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path):
    """The room of a path relative to the root: lib/base/err.c -> base, include/sov/err.h -> include."""
    parts = path.parts
    return parts[1] if parts[0] == "lib" else parts[0]


def sources(root):
    for top in ("include", "lib", "cli", "wrapper", "tool"):
        yield from sorted(p for p in (root / top).rglob("*.[ch]"))


def may_use(room, other):
    if room == "include":
        return other == "include"
    if room in PROGRAMS and other in LIBRARY and other != "base":
        return False
    return room == other or RANK[other] < RANK[room]


def include_breaches(root):
    for file in sources(root):
        path = file.relative_to(root)
        room = room_of(path)
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            style, name = match.groups()
            where = f"{path}:{number}"
            if style == '"':
                other = name.split("/")[0]
                if "/" not in name or other not in RANK:
                    yield f'{where}: "{name}": a private header is included as "room/noun.h"'
                elif not may_use(room, other):
                    yield f'{where}: {room} may not use {other} ("{name}")'
            elif name in HEADER_ROOMS and room not in HEADER_ROOMS[name]:
                yield f"{where}: <{name}> belongs to {' and '.join(HEADER_ROOMS[name])}"


def objects(build):
    """(source path relative to the root, object file) of everything that is not a test."""
    for top in ("lib", "cli", "wrapper", "tool"):
        for obj in sorted((build / top).rglob("*.c.o")):
            relative = re.sub(r"^.*?CMakeFiles/[^/]+\.dir/", "", str(obj.relative_to(build)))
            yield pathlib.Path(top) / relative[: -len(".o")], obj


def symbols(obj):
    """(defined, undefined) external names of an object file."""
    out = subprocess.run(["nm", "-g", "-P", str(obj)], check=True, capture_output=True, text=True).stdout
    defined, undefined = set(), set()
    for line in out.splitlines():
        name, kind = line.split()[:2]
        (undefined if kind in "Uw" else defined).add(name)
    return defined, undefined


def object_breaches(root, build):
    tables = {path: symbols(obj) for path, obj in objects(build) if (root / path).exists()}
    if not tables:
        yield f"{build}: no object files"
    home = {name: path for path, (defined, _) in tables.items() for name in defined
            if name.startswith("sov_")}
    for path, (defined, undefined) in tables.items():
        if path.parts[0] == "lib":
            for name in sorted(defined):
                if not name.startswith(("sov_", "__asan", "__odr_asan", "__gcov", "__llvm")):
                    yield f"{path}: external name without sov_: {name}"
        for name in sorted(undefined):
            for pattern, allowed, why in SYMBOL_FILES:
                if re.fullmatch(pattern, name) and not re.fullmatch(allowed, str(path)):
                    yield f"{path}: calls {name}: {why}"
            if name in home and not call_allowed(room_of(path), room_of(home[name])):
                yield f"{path}: {room_of(path)} may not call {name} of {home[name]}"


def call_allowed(room, other):
    """Calls go down; programs may call any room of the library, through its public face."""
    return room == other or RANK[other] < RANK[room]


def main():
    root = pathlib.Path(sys.argv[1])
    breaches = list(include_breaches(root))
    if len(sys.argv) > 2 and sys.argv[2]:
        breaches += object_breaches(root, pathlib.Path(sys.argv[2]))
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
