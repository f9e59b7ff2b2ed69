# SPDX-License-Identifier: MIT
"""The files that the rows of tests/data/driver-cases.tsv speak of, by name."""

import os
import subprocess

SOURCES = {
    "a.c": "int a(void)\n{\n\treturn 1;\n}\n",
    # b refers to a, so that b.o alone fails under -z defs
    "b.c": "int a(void);\nint b(void)\n{\n\treturn a();\n}\n",
    "m.c": "int main(void)\n{\n\treturn 0;\n}\n",
    "np.c": "extern int v;\nint *np(void)\n{\n\treturn &v;\n}\n",
}

OBJECTS = {
    "a.o": ["-fPIC", "-c", "a.c"],
    "b.o": ["-fPIC", "-c", "b.c"],
    "d.o": ["-fPIC", "-c", "a.c"],
    "m.o": ["-fPIC", "-c", "m.c"],
    # an absolute 32-bit relocation, which no shared object may hold
    "np.o": ["-fno-pic", "-c", "np.c"],
}


def texts(lib):
    """Response, configuration and spec files; sonames in them begin with `lib`."""
    return {
        "son.rsp": f"-Wl,-soname,{lib}R.so.1\n",
        "ld.rsp": f"-soname {lib}R.so.1\n",
        "ldnest.rsp": "@ld.rsp\n",
        "nest.rsp": "@son.rsp\n",
        "q.rsp": f"'-Wl,-soname,{lib}R one.so.1'\n",
        "bs.rsp": f"-Wl,-soname,{lib}R\\ one.so.1\n",
        "sqbs.rsp": f"'-Wl,-soname,{lib}R\\one.so.1'\n",
        "hash.rsp": f"# the name\n-Wl,-soname,{lib}R.so.1\n",
        "open.rsp": f'"-Wl,-soname,{lib}R.so.1\n',
        "split.rsp": "-Wl,-soname\n",
        "cl.cfg": f"-Wl,-soname,{lib}R.so.1\n",
        "sn.specs": "*link:\n+ -soname SPEC.so.1\n\n",
    }


def build(directory, lib=""):
    """Fill a new directory with every fixture."""
    os.makedirs(os.path.join(directory, "d"))
    for name, text in {**SOURCES, **texts(lib)}.items():
        with open(os.path.join(directory, name), "w", encoding="utf-8") as out:
            out.write(text)
    for name, arguments in OBJECTS.items():
        subprocess.run(["gcc", *arguments, "-o", name], cwd=directory, check=True)
    subprocess.run(["ar", "rc", "liba.a", "a.o"], cwd=directory, check=True)
    for name, signal in (("ldsegv", "SEGV"), ("ldterm", "TERM")):
        os.mkdir(os.path.join(directory, name))
        linker = os.path.join(directory, name, "ld")
        with open(linker, "w", encoding="utf-8") as out:
            out.write(f"#!/bin/sh\nkill -{signal} $$\n")
        os.chmod(linker, 0o755)


def _link(directory, target, name):
    os.symlink(target, os.path.join(directory, name))


def _old(directory, name, mode=0o644):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write("old\n")
    os.chmod(path, mode)
    return path


# What stands under the output's name before some rows run.
PREPARE = {
    "B19": lambda directory, name: _link(directory, "t.so", name),
    "B21": lambda directory, name: os.link(
        _old(directory, "t.so"), os.path.join(directory, name)
    ),
    "B22": _old,
    "B24": lambda directory, name: _old(directory, name, 0o444),
}
