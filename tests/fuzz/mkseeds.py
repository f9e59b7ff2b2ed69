#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mkseeds.py DIR: write a few small inputs for each fuzz target below DIR, for it to begin with."""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "corpus"))
sys.path.insert(0, os.path.join(HERE, "..", "deps"))

from elfimage import DF_1_PIE, DT_RPATH, DT_RUNPATH, ElfImage  # noqa: E402
from mkcache import cache  # noqa: E402

CONFS = [
    b"[lib demo]\nversion = 2.1.0\n",
    b"# one section a library\n[lib demo-gl]\n\tlibtool = 5:4:2 ; c:r:a\nlinker-name = real\r\n",
    b"[lib x]\nversion=1.2.3.4\nsoversion=7\npolicy=semver\n[lint]\nignore = link-absolute usr/*\n",
    b"[lib y]\nrelease = 1.2\nlinker-name = none\n[lib z]\nversion = 0\npolicy = exact",
]

NAMES = [
    b"libdemo.so.2.1.0\nlibdemo.so.10", b"libdemo-9.so.1.4.2\nlibdemo-9.so", b"libx.so.1~\nlibx.so.",
    b"1.4.2\n1.4.2.0", b"5:4:2\n5:4", b"999999999\n00000000000000000000000001", b".so.1\nlib.so.so.1",
]

# words, then what @f and @g hold
LINES = [
    (b"-shared\n-o\nlibdemo.so\ndemo.o", b"", b""),
    (b"@f\n-Wl,-soname,libdemo.so.2", b"-shared 'a b.o' \"c\\\"d\" @g", b"-o\nlibdemo.so @f"),
    (b"-Xlinker\n-soname\n-Xlinker\nlibx.so.1\n--shared\n--\nx.o", b"", b""),
    (b"-o\n-shared\nx.c\n-Wl,-h\n-Wl,libx.so\n--output=libx.so", b"", b""),
    (b"-shared\n-Wl,@f\n-Wl,-o,y.so\n-r", b"-soname libx.so.1 -o z.so", b""),
    (b"--config\nf\n-x\nc\n-\n-v\n-###\n-static\n-shared-libgcc", b"# no\n-shared", b""),
    (b"-hlibx.so.1\n-shared\n-olibx.so\n-T\nx.ld\n-Xlinker", b"", b""),
]


MAPS = [
    b"7f9cb9ef6000-7f9cba04c000 r-xp 00026000 fe:00 332835                     /usr/lib/libc.so.6",
    b"1000-2000 rw-s 00000000 00:05 1 /a\\012b.so (deleted)", b"1000-2000 rw-p 00000000 00:00 0 ",
    b"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
]


LDCONFS = [b"/opt/lib\n# no\ninclude ld.so.conf.d/*.conf\n/usr/lib=libc6\nhwcap 1 x\n"]


def ld_caches():
    """Two entries, in both byte orders, and behind the older format."""
    pairs = [("libb.so.1", "/lib/libb.so.1"), ("liba.so.10", "/lib/liba.so.10")]
    for order in "<>":
        yield cache(order, 0x303, pairs)
    yield b"ld.so-1.7.0\0\0\0\0\0" + cache("<", 3, pairs)


def elf_images():
    for bits in (64, 32):
        for little in (True, False):
            yield ElfImage(bits, little)
    yield ElfImage(sections=False)
    yield ElfImage(soname=None, needed=())
    yield ElfImage(32, flags_1=DF_1_PIE, interp=b"/lib/ld.so")
    yield ElfImage(soname=b"l" * 5000)
    yield ElfImage(file_type=1)
    yield ElfImage(file_type=2)
    yield ElfImage(edit_dynamic=lambda entries, image: entries + [(DT_RPATH, 1), (DT_RUNPATH, 11)])


def own_library():
    """A real library with symbol versions, as small as the compiler makes it."""
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "x.so")
        source = b"#include <stdio.h>\nvoid f(void); void f(void) { puts(\"x\"); }\n"
        with open(os.path.join(scratch, "x.map"), "w") as file:
            file.write("OLD { f; }; NEW { } OLD;")
        subprocess.run(["cc", "-shared", "-fPIC", "-s", "-Wl,-z,noseparate-code", "-o", path, "-x", "c", "-", "-x", "none",
                        "-Wl,--version-script=" + os.path.join(scratch, "x.map")], input=source, check=True)
        with open(path, "rb") as file:
            return file.read()


def seeds():
    yield "ldconfig", [bytes(image.bytes) for image in elf_images()]
    yield "identity", [bytes(image.bytes) for image in elf_images()]
    yield "conf", CONFS
    yield "ldconf", LDCONFS
    yield "ldcache", list(ld_caches())
    yield "linkage", [bytes(image.bytes) for image in elf_images()] + [own_library()]
    yield "filename", NAMES
    yield "args", [b"\0".join(texts) for texts in LINES]
    yield "maps", MAPS


def main():
    for target, inputs in seeds():
        directory = os.path.join(sys.argv[1], target)
        os.makedirs(directory, exist_ok=True)
        for number, data in enumerate(inputs):
            with open(os.path.join(directory, "seed-%02d" % number), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
