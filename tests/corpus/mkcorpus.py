#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make a corpus of hostile and odd inputs for a reader of ELF shared libraries, and
DIR/MANIFEST.tsv with the answer that a right reader gives for each.

Python's standard library only, and deterministic apart from what --seed brings: the base libraries
are written byte by byte by elfimage.py; seeds are real libraries that are cut and damaged too. The
columns of the manifest, separated by tabs, are path, category, expected soname (percent-encoded,
"-" = none), note. The categories are those of oracle.py and

 notfile   directory, fifo, socket, device, symlink loop, dangling link
 any       random damage: any answer but a crash, a hang, or too much memory
"""

import argparse
import collections
import gzip
import lzma
import os
import random
import socket
import stat
import struct
import sys
import urllib.parse

from elfimage import (DF_1_PIE, DT_NEEDED, DT_SONAME, DT_STRSZ, DT_STRTAB, MAX64, PT_DYNAMIC,
                      PT_LOAD, SHT_NOBITS, ElfImage)
from oracle import truth

RANDOM_SEED = 20240601
GIB = 1 << 30
BIG = 10 * GIB
CUT_SMALL = (1, 3, 4, 5, 6, 7, 15, 16, 17)
EVIL_BYTES = (0, 1, 0x7F, 0x80, 0xFF)
GOOD_SONAME = b"libx.so.1"

BAD_SONAMES = {
    "slash": b"../../../../tmp/sov-evil.so.1",
    "abs": b"/tmp/sov-evil.so.1",
    "dot": b".",
    "dotdot": b"..",
    "empty": b"",
    "newline": b"libx.so.1\n/etc/passwd",
    "esc": b"lib\x1b]0;owned\x07\x1b[31mx.so.1",
    "del": b"lib\x7f.so.1",
    "cr": b"libx.so.1\rliby.so.2",
    "long256": b"l" * 256,
    "long4k": b"l" * 4096,
    "long64k": b"l" * 65536,
    "tab": b"lib\tx.so.1",
}

ODD_SONAMES = {
    "space": b"lib x.so.1",
    "dash": b"-rf",
    "utf8": "lib\u00e9.so.1".encode(),
    "latin1": b"lib\xe9.so.1",
    "long255": b"l" * 255,
    "percent": b"lib%s%n.so.1",
    "glob": b"lib*.so.?",
    "quote": b"lib'\"$(id)`id`.so.1",
    "noversion": b"libx.so",
    "dotted": b"libx-1.2.so",
    "leadingdot": b".libx.so.1",
    "bidi": "lib\u202eos.x.so.1".encode(),
}

ODD_FILE_NAMES = ("-rf.so.1", "a b.so.1", "new\nline.so.1", "esc\x1b[31m.so.1", "tab\t.so.1",
                  "q'\"$(id).so.1", "%s%n.so.1", ".hidden.so.1", "l" * 240 + ".so.1")


class Corpus:
    """Files below a directory, and the rows of its manifest."""

    def __init__(self, directory):
        self.directory = directory
        self.rows = []

    def add(self, folder, name, data, category=None, soname=None, note=""):
        """Write a file; without a category the oracle judges it."""
        path = os.path.join(self.directory, folder)
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, name), "wb") as file:
            file.write(bytes(data))
        if category is None:
            category, soname, verdict = truth(data)
            note = note or verdict
        self.row(folder + "/" + name, category, soname, note)

    def row(self, path, category, soname=None, note=""):
        self.rows.append((path, category, soname, note))

    def save(self):
        with open(os.path.join(self.directory, "MANIFEST.tsv"), "w", encoding="ascii") as file:
            for path, category, soname, note in self.rows:
                quoted_path = urllib.parse.quote(os.fsencode(path), safe="/+.~_,:;=@!()-")
                quoted_soname = "-"
                if soname is not None:
                    quoted_soname = urllib.parse.quote(soname, safe="+.~_,:;=@!()' ")
                print(quoted_path, category, quoted_soname, note, sep="\t", file=file)

    def summary(self):
        counts = collections.Counter(row[1] for row in self.rows)
        words = ", ".join("%s %d" % item for item in sorted(counts.items()))
        return "%d inputs: %s" % (len(self.rows), words)


# ---- every header field of a library at its boundary values


def boundary_values(width, current, file_size):
    """Values worth writing into a field of @width bytes; the present one is left out."""
    top = (1 << 8 * width) - 1
    values = [0, 1, current - 1, current + 1, file_size - 1, file_size, file_size + 1, top, top - 7,
              top >> 1, (top >> 1) + 1, 1 << 16, 0x10000000]
    return [value for value in dict.fromkeys(values) if 0 <= value <= top and value != current]


def add_field_values(corpus, tag, image, every):
    """One file for each value; only every third one for the less interesting fields unless @every.
    """
    size = len(image.bytes)
    step = 1 if every else 3

    def add(label, field, value):
        name = "%s-%s-%x.so" % (tag, label, value)
        corpus.add("field", name, image.patched((field, value)))

    def add_boundaries(prefix, fields, stride):
        for label, field in fields.items():
            for value in boundary_values(field[1], image.get(field), size)[::stride]:
                add(prefix + label, field, value)

    add_boundaries("", image.ehdr_fields(), 1)
    for i in range(image.phdr_count):
        add_boundaries("ph%d." % i, image.phdr_fields(i), step)
    for i in range(image.shdr_count):
        add_boundaries("sh%d." % i, image.shdr_fields(i), step)
    add_dynamic_values(add, image, step)
    for i in range(16):
        for value in (0, 1, 2, 3, 0x7F, 0xFF):
            if image.bytes[i] != value:
                add("ident%d" % i, (i, 1), value)


def add_dynamic_values(add, image, step):
    width = image.dyn_size // 2
    size = len(image.bytes)
    places = [image.strings_size, image.strings_size - 1, image.strings_size + 1, image.text_end,
              image.text_end - 1, image.dynamic_address, image.dynamic_address + image.dynamic_size]
    for i, (tag, present) in enumerate(image.dynamic):
        offset = image.dynamic_offset + i * image.dyn_size
        for value in boundary_values(width, tag, size)[::step]:
            add("dyn%d.tag" % i, (offset, width), value)
        for value in boundary_values(width, present, size) + places:
            if value != present:
                add("dyn%d.val" % i, (offset, width), value)  # a tag that looks like a value
                add("dyn%d.value" % i, (offset + width, width), value)


def add_cuts(corpus, tag, image, step):
    data = image.bytes
    for length in range(0, len(data), step):
        corpus.add("cut", "%s-cut%05d.so" % (tag, length), data[:length])
    edges = {image.ehdr_size - 1, image.ehdr_size, image.ehdr_size + 1, len(data) - 1}
    for length in sorted(edges.union(CUT_SMALL)):
        corpus.add("cut", "%s-cutb%05d.so" % (tag, length), data[:length])


def add_bases(corpus, bases, step):
    for tag, image in bases.items():
        corpus.add("good", tag + ".so", image.bytes, "ok", GOOD_SONAME)
        assert truth(image.bytes)[:2] == ("ok", GOOD_SONAME)
        add_cuts(corpus, tag, image, step)
        add_field_values(corpus, tag, image, every=tag == "l64")


# ---- sound variants that a reader must get right


def move_soname_last(entries, image):
    return [entry for entry in entries if entry[0] != DT_SONAME] + repeat_soname([], image)


def repeat_soname(entries, image):
    return entries + [(DT_SONAME, image.soname_index)]


def add_lying_sections(corpus, tag, image):
    data = image.bytes[:image.loaded_end]
    header = image.ehdr_fields()
    for name in ("e_shoff", "e_shentsize", "e_shnum", "e_shstrndx"):
        image.put(data, header[name], 0)
    corpus.add("good", tag + "-sstrip.so", data)
    corpus.add("good", tag + "-shdrs-cut-off.so", image.bytes[:image.loaded_end],
               note="e_shoff past the end; loader does not care")
    corpus.add("good", tag + "-trailing.so", image.bytes + b"junk" * 1000)
    dynamic, symbols = image.shdr_fields(5), image.shdr_fields(2)
    everywhere = [(image.shdr_fields(i)["sh_offset"], 0xFFFFFF00)
                  for i in range(1, image.shdr_count)]
    corpus.add("good", tag + "-all-sections-lie.so", image.patched(*everywhere))
    corpus.add("good", tag + "-dynamic-links-itself.so", image.patched((dynamic["sh_link"], 5)))
    corpus.add("good", tag + "-cyclic-strtab.so",
               image.patched((dynamic["sh_link"], 2), (symbols["sh_link"], 5)))
    corpus.add("good", tag + "-dynamic-nobits-section.so",
               image.patched((dynamic["sh_type"], SHT_NOBITS)))


def add_sound_variants(corpus, tag, bits, little):
    def add(name, **options):
        corpus.add("good", "%s-%s.so" % (tag, name), ElfImage(bits, little, **options).bytes)

    add("nosections", sections=False)
    add("nosoname", soname=None)
    add("noneeded", needed=())
    image = ElfImage(bits, little)
    add_lying_sections(corpus, tag, image)
    add("pie", flags_1=DF_1_PIE, interp=b"/lib/ld.so", entry=0x200)
    add("exec", file_type=2)
    add("rel", file_type=1)
    add("core", file_type=4)
    add("interp-lib", interp=b"/lib/ld.so")  # like libc.so.6 itself
    add("many-needed", needed=tuple(b"lib%d.so.1" % i for i in range(2000)))
    add("dup-soname-same", edit_dynamic=repeat_soname)
    add("soname-last", edit_dynamic=move_soname_last)
    add("machine-unknown", machine=0xFEBA)
    corpus.add("good", tag + "-osabi-gnu.so", image.bytes[:7] + b"\3" + image.bytes[8:])


def add_two_views(corpus):
    """The section view says one soname, the segment view another: the loader's must win."""
    image = ElfImage(soname=b"libtrue.so.1", needed=(b"libfake.so.9",))
    fake = b"".join(image.pack_dynamic(tag, value) for tag, value in (
        (DT_SONAME, 1), (DT_STRTAB, image.strings_offset), (DT_STRSZ, image.strings_size), (0, 0)))
    dynamic = image.shdr_fields(5)
    data = image.patched((dynamic["sh_offset"], len(image.bytes)), (dynamic["sh_size"], len(fake)))
    corpus.add("good", "two-views.so", data + fake, note="section view says libfake.so.9")


def add_sonames(corpus):
    for sonames in (BAD_SONAMES, ODD_SONAMES):
        for name, soname in sonames.items():
            corpus.add("name", "soname-%s.so" % name, ElfImage(soname=soname).bytes)


# ---- damaged dynamic tables and program headers


def without(tag):
    return lambda entries, image: [entry for entry in entries if entry[0] != tag]


def with_value(tag, value):
    """Gives entry @tag another value; a callable is asked for it with the image."""
    def edit(entries, image):
        wanted = value(image) if callable(value) else value
        return [(have, wanted if have == tag else old) for have, old in entries]
    return edit


def add_dynamic_damage(corpus):
    def add(name, note="", **options):
        corpus.add("dyn", name + ".so", ElfImage(**options).bytes, note=note)

    add("two-soname", edit_dynamic=lambda entries, image: [(DT_SONAME, 1)] + entries)
    add("no-dtnull", dt_null=False)
    add("no-nul", note="string table without final NUL", terminated=False)
    edits = {
        "no-strtab": without(DT_STRTAB),
        "no-strsz": without(DT_STRSZ),
        "strtab-unmapped": with_value(DT_STRTAB, 0x7FFFFFFF0000),
        "strtab-in-bss": with_value(DT_STRTAB, 0x100000),
        "strsz-max": with_value(DT_STRSZ, MAX64),
        "strsz-1": with_value(DT_STRSZ, 1),
        "soname-at-strsz": with_value(DT_SONAME, 10**6),
        "soname-max": with_value(DT_SONAME, MAX64),
        "soname-neg": with_value(DT_SONAME, -8),
        "strtab-twice": lambda entries, image: entries + [(DT_STRTAB, 0)],
        "empty": lambda entries, image: [],
        "strtab-end": with_value(DT_STRTAB, lambda image: image.text_end),
    }
    for name, edit in edits.items():
        add(name + "-64l", edit_dynamic=edit)
        add(name + "-32b", bits=32, little=False, edit_dynamic=edit)


def add_segment_damage(corpus):
    image = ElfImage()
    header, section_0 = image.ehdr_fields(), image.shdr_fields(0)
    text, data, dynamic = (image.phdr_fields(i) for i in range(3))
    stack = (image.phdr_offset(3), image.phdr_size)

    def add(name, *changes):
        corpus.add("ph", name + ".so", image.patched(*changes))

    def replace_stack(*phdr):
        order = "little" if image.little else "big"
        return (stack, int.from_bytes(image.pack_phdr(*phdr), order))

    add("phnum-ffff", (header["e_phnum"], 0xFFFF))
    add("phnum-xnum-huge", (header["e_phnum"], 0xFFFF), (section_0["sh_info"], 0x10000000))
    add("shnum-ext-huge", (header["e_shnum"], 0), (section_0["sh_size"], 0x10000000),
        (header["e_shstrndx"], 0xFFFF), (section_0["sh_link"], 0x7FFFFFFF))
    add("two-dynamic", replace_stack(PT_DYNAMIC, 6, 0x40, 0x40, 16, 16, 8))
    end = image.text_end - 16
    add("overlapping-load", replace_stack(PT_LOAD, 6, 0x10, 0, end, end, 1))
    add("dynamic-wraps", (dynamic["p_offset"], MAX64 - 8), (dynamic["p_filesz"], 16))
    add("load-wraps", (text["p_offset"], MAX64 - 0xFFF),
        (text["p_filesz"], 0x1000 + image.text_end))
    add("dynamic-odd-size", (dynamic["p_filesz"], image.dynamic_size - 1))
    add("dynamic-unaligned", (dynamic["p_offset"], image.dynamic_offset + 1),
        (dynamic["p_vaddr"], image.dynamic_address + 1))
    add("dynamic-in-bss", (data["p_filesz"], 0))
    add("debug-file", *((fields["p_filesz"], 0) for fields in (text, data, dynamic)))


# ---- no ELF, other ELF


def archive(*members, magic=b"!<arch>\n"):
    """Members are (name, bytes) or (name, bytes, the size that the header claims)."""
    out = magic
    for name, data, *claim in members:
        size = claim[0] if claim else len(data)
        head = "%-16s%-12s%-6s%-6s%-8s%-10s`\n" % (name, "0", "0", "0", "644", size)
        out += head.encode() + data + (b"\n" if len(data) % 2 else b"")
    return out


def add_not_elf(corpus, library):
    def add(name, data, note=""):
        corpus.add("other", name, data, "notelf", None, note)

    add("empty.so", b"", "empty")
    add("one-byte.so", b"\x7f")
    add("script.so", b"/* GNU ld script */\nINPUT ( libx.so.1 AS_NEEDED ( libm.so.6 ) )\n",
        "linker script")
    add("text.so", b"hello\n" * 100)
    add("gz.so", gzip.compress(library, mtime=0), "gzip")
    add("xz.so", lzma.compress(library), "xz")
    add("bitcode.so", b"BC\xc0\xde" + bytes(100), "LLVM bitcode")
    add("mz.so", b"MZ" + bytes(200))
    add("macho.so", b"\xcf\xfa\xed\xfe" + bytes(100))
    add("zeros.so", bytes(70000))
    add("nul-elf.so", bytes(4) + library[4:])
    member = ("x.so/", library)
    add("lib.a", archive(member), "archive")
    add("thin.a", archive(("//", b"/etc/passwd/\n\n"), ("/0", b"", 1234), magic=b"!<thin>\n"),
        "thin archive")
    add("ar-neg.a", archive((*member, "-1")), "archive, negative size")
    add("ar-huge.a", archive((*member, "9999999999")), "archive, huge member")
    add("ar-empty.a", archive(), "archive")
    add("ar-symtab.a", archive(("/", b"\xff\xff\xff\xff" + bytes(8))),
        "archive, symbol count 2^32-1")
    add("ar-nested.a", archive(("y.a/", archive(member))), "archive in archive")
    add("ar-named.so", archive(member), "archive named .so")


def add_other_elf(corpus, base):
    lto = ElfImage(file_type=1, soname=None)
    corpus.add("other", "lto-like.o", lto.bytes.replace(b".text\0", b".gnu\0\0"), "notlib", None,
               "object")
    text = base.shdr_fields(4)
    data = base.patched((text["sh_flags"], 0x800), (text["sh_offset"], len(base.bytes)),
                        (text["sh_size"], 24))
    corpus.add("good", "compressed-bomb-section.so", data + struct.pack("<IIQQ", 1, 0, 1 << 60, 1),
               "ok", GOOD_SONAME, "SHF_COMPRESSED claims 2^60 bytes")


# ---- random damage


def damage(data, rng, place):
    """Overwrite one byte; the order of the draws is what makes the corpus the same everywhere."""
    byte = rng.choice(EVIL_BYTES + (rng.randrange(256),))
    data[place()] = byte


def add_random_damage(corpus, bases, count, rng):
    for i in range(count):
        data = bytearray(bases[rng.choice(sorted(bases))].bytes)
        for _ in range(rng.choice((1, 2, 4, 16))):
            damage(data, rng, lambda size=len(data): rng.randrange(size))
        if rng.random() < 0.2:
            data = data[:rng.randrange(len(data))]
        corpus.add("rnd", "rnd%04d.so" % i, data, "any")


def add_seed(corpus, path, options, rng):
    """A real library, cut at many places, and damaged, mostly in its headers."""
    with open(path, "rb") as file:
        data = file.read()
    name = os.path.basename(path)
    corpus.add("real", name, data)
    step = options.step if len(data) < 65536 else len(data) // 512
    for length in range(0, len(data), step):
        corpus.add("real", "%s-cut%07d" % (name, length), data[:length])

    def place():
        return rng.randrange(min(len(data), 4096) if rng.random() < 0.7 else len(data))

    for i in range(options.random):
        damaged = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 8))):
            damage(damaged, rng, place)
        corpus.add("real", "%s-rnd%04d" % (name, i), damaged, "any")


# ---- things that are no plain file, odd names, sparse files


def writer(data):
    def write(path):
        with open(path, "wb") as file:
            file.write(data)
    return write


def sparse_writer(data, size):
    def write(path):
        with open(path, "wb") as file:
            file.write(data)
            file.truncate(size)
    return write


def link_to(target):
    return lambda path: os.symlink(target, path)


def device_node(minor):
    return lambda path: os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))


def bind_socket(path):
    """Bound by its last component: the whole path may be longer than an address can be."""
    here = os.getcwd()
    os.chdir(os.path.dirname(path))
    with socket.socket(socket.AF_UNIX) as endpoint:
        endpoint.bind(os.path.basename(path))
    os.chdir(here)


class Special:
    """The folder of what is no plain file. What this system or user cannot make is said on stderr
    and left out."""

    def __init__(self, corpus):
        self.corpus = corpus
        self.directory = os.path.join(corpus.directory, "special")
        os.makedirs(self.directory, exist_ok=True)

    def add(self, name, make, category="notfile", soname=None, note=""):
        path = os.path.join(self.directory, name)
        try:
            if os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path)):
                os.unlink(path)
            make(path)
        except OSError as reason:
            print("skipped special/%s: %s" % (name, reason), file=sys.stderr)
            return
        self.corpus.row("special/" + name, category, soname, note)

    def add_good(self, name, make, note):
        self.add(name, make, "ok", GOOD_SONAME, note)


def add_special(corpus, library):
    special = Special(corpus)
    special.add("dir.so.1", lambda path: os.makedirs(path, exist_ok=True), note="directory")
    special.add("fifo.so.1", os.mkfifo, note="fifo: open() would block")
    special.add("loop.so.1", link_to("loop.so.1"), note="symlink loop")
    special.add("dangling.so.1", link_to("nowhere.so.1"), note="dangling")
    special.add("to-zero.so.1", link_to("/dev/zero"), note="link to an endless device")
    special.add("to-fifo.so.1", link_to("fifo.so.1"), note="link to a fifo")
    special.add("to-dir.so.1", link_to("dir.so.1"), note="link to a directory")
    special.add("chr.so.1", device_node(5), note="device node of /dev/zero")
    special.add("null.so.1", device_node(3), note="device node of /dev/null")
    special.add("sock.so.1", bind_socket, note="socket")
    special.add_good("to-good.so.1", link_to("../good/l64.so"), "relative link")
    for name in ODD_FILE_NAMES:
        special.add_good(name, writer(library), "odd file name")
    special.add_good(os.fsdecode(b"latin\xe9.so.1"), writer(library), "file name is no UTF-8")

    def unreadable(path):
        writer(library)(path)
        os.chmod(path, 0)

    def deep(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        writer(library)(path)

    special.add_good("mode000.so.1", unreadable, "unreadable to all but root")
    special.add_good("/".join(["d" * 100] * 30) + "/libx.so.1", deep, "3,000-byte path")
    return special


def needed_everywhere():
    """A string table of 8 GB, and as many reads all over it as can be asked for."""
    count, size = 65000, 8 * GIB

    def scatter(entries, image):
        del entries
        needed = [(DT_NEEDED, i * 1234567 % size) for i in range(count)]
        return needed + [(DT_STRTAB, image.dynamic_address + (2 << 20)), (DT_STRSZ, size)]

    image = ElfImage(soname=None, needed=(), edit_dynamic=scatter)
    data = image.phdr_fields(1)
    return image.patched((data["p_filesz"], 9 * GIB), (data["p_memsz"], 9 * GIB))


def add_big(corpus, special, base):
    """What claims, or seems to have, gigabytes; the files are sparse."""
    header, section_0 = base.ehdr_fields(), base.shdr_fields(0)
    text, dynamic = base.phdr_fields(0), base.phdr_fields(2)

    def add(name, data, category, note):
        soname = GOOD_SONAME if category == "ok" else None
        special.add("sparse10g-%s.so.1" % name, sparse_writer(data, BIG), category, soname, note)

    corpus.add("name", "soname-16m.so", ElfImage(soname=b"l" * (16 << 20)).bytes)
    add("zeros", b"", "notelf", "10 GB of zeros")
    add("good", base.bytes, "ok", "good library, then 10 GB of hole")
    add("shoff", base.patched((header["e_shoff"], BIG - 4096)), "ok",
        "section headers at 10 GB, zeros there")
    add("dynsz", base.patched((dynamic["p_filesz"], 9 * GIB)), "any", "PT_DYNAMIC of 9 GB")
    size_entry = next(i for i, (tag, _) in enumerate(base.dynamic) if tag == DT_STRSZ)
    size_value = (base.dynamic_offset + size_entry * base.dyn_size + 8, 8)
    add("strsz", base.patched((text["p_filesz"], 9 * GIB), (text["p_memsz"], 9 * GIB),
                              (size_value, 8 * GIB)), "any", "DT_STRSZ of 8 GB")
    add("needed", needed_everywhere(), "any", "65,000 DT_NEEDED all over the file")
    add("shnum", base.patched((header["e_shnum"], 0), (section_0["sh_size"], 100000000)), "ok",
        "claims 100 million sections")


# ---- all of it


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("-o", dest="directory", default="corpus", help="where to (corpus)")
    parser.add_argument("--seed", action="append", default=[], help="a real library to damage")
    parser.add_argument("--no-special", action="store_true", help="plain files only")
    parser.add_argument("--big", action="store_true", help="sparse files of 10 GB as well")
    parser.add_argument("--random", type=int, default=500, help="damaged files of each kind")
    parser.add_argument("--step", type=int, default=64, help="bytes between two cuts")
    return parser.parse_args()


def make_corpus(corpus, options):
    rng = random.Random(RANDOM_SEED)
    bases = {"l64": ElfImage(64, True), "l32": ElfImage(32, True),
             "b64": ElfImage(64, False), "b32": ElfImage(32, False)}
    library = bytes(bases["l64"].bytes)
    add_bases(corpus, bases, options.step)
    add_sound_variants(corpus, "l64", 64, True)
    add_sound_variants(corpus, "b32", 32, False)
    add_two_views(corpus)
    add_sonames(corpus)
    add_dynamic_damage(corpus)
    add_segment_damage(corpus)
    add_not_elf(corpus, library)
    add_other_elf(corpus, bases["l64"])
    add_random_damage(corpus, bases, options.random, rng)
    for path in options.seed:
        add_seed(corpus, path, options, rng)
    if not options.no_special:
        special = add_special(corpus, library)
        if options.big:
            add_big(corpus, special, bases["l64"])


def main():
    options = parse_arguments()
    os.makedirs(options.directory, exist_ok=True)
    corpus = Corpus(options.directory)
    make_corpus(corpus, options)
    corpus.save()
    print(corpus.summary())


if __name__ == "__main__":
    main()
