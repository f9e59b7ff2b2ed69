# SPDX-License-Identifier: MIT
"""The oracle: what a file is, from its program headers and PT_DYNAMIC alone, as the dynamic linker
sees it. Written for clarity and apart from the C code, so that the two can be held against each
other. Run it as `oracle.py FILE...` to see its verdicts.

 ok        shared library; its soname must be read exactly
 nosoname  shared library without DT_SONAME
 notlib    sound ELF that is no shared library: object, program, core, debug file
 notelf    no ELF at all
 broken    says ELF, but the dynamic linker could not or must not use it
 badname   sound library whose soname must not become a file name
"""

import collections
import struct
import sys

from elfimage import (DF_1_PIE, DT_FLAGS_1, DT_NEEDED, DT_NULL, DT_RPATH, DT_RUNPATH, DT_SONAME,
                      DT_STRSZ, DT_STRTAB, MAX32, MAX64, PT_DYNAMIC, PT_LOAD, SHT_NOBITS)

ET_REL, ET_EXEC, ET_DYN, ET_CORE = 1, 2, 3, 4
PN_XNUM = 0xFFFF
ALLOC_AND_EXEC = 6

Header = collections.namedtuple(
    "Header", "type machine version entry phoff shoff flags ehsize phentsize phnum shentsize "
    "shnum shstrndx")
Segment = collections.namedtuple("Segment", "type offset vaddr filesz memsz align")


class Verdict(Exception):
    """Raised as soon as the answer is known."""

    def __init__(self, category, note="", soname=None):
        super().__init__(category, note, soname)
        self.answer = (category, soname, note)


def broken(note):
    return Verdict("broken", note)


class Oracle:
    def __init__(self, data):
        self.data = bytes(data)
        self.size = len(self.data)

    def judge(self):
        """Never returns: the verdict is raised."""
        self.read_header()
        self.judge_type()
        self.read_segments()
        self.check_loads()
        self.judge_debug_and_order()
        self.check_dynamic()
        self.read_tags()
        self.judge_strings()

    def read_header(self):
        data = self.data
        if data[:4] != b"\x7fELF":
            raise Verdict("notelf", "no magic")
        if self.size < 16:
            raise broken("short e_ident")
        if data[4] not in (1, 2) or data[5] not in (1, 2) or data[6] != 1:
            raise broken("bad class/data/version")
        self.wide = data[4] == 2
        self.order = "<" if data[5] == 1 else ">"
        self.word = "Q" if self.wide else "I"
        if self.size < (64 if self.wide else 52):
            raise broken("short ehdr")
        layout = self.order + "HHI" + self.word * 3 + "IHHHHHH"
        self.header = Header(*struct.unpack_from(layout, data, 16))

    def judge_type(self):
        header = self.header
        if header.version != 1:
            raise broken("e_version")
        names = {ET_REL: "object", ET_CORE: "core", ET_EXEC: "program"}
        if header.type in names:
            raise Verdict("notlib", names[header.type])
        if header.type != ET_DYN:
            raise broken("e_type %#x" % header.type)

    def read_segments(self):
        header = self.header
        size = 56 if self.wide else 32
        if header.phnum == 0:
            raise broken("no program headers")
        if header.phentsize != size:
            raise broken("e_phentsize")
        if header.phnum == PN_XNUM:
            raise broken("PN_XNUM")
        if header.phoff + header.phnum * size > self.size:
            raise broken("phdrs past end")
        segments = [self.segment(header.phoff + i * size) for i in range(header.phnum)]
        self.loads = [segment for segment in segments if segment.type == PT_LOAD]
        self.dynamics = [segment for segment in segments if segment.type == PT_DYNAMIC]
        if not self.loads:
            raise broken("no PT_LOAD")

    def segment(self, offset):
        if self.wide:
            fields = struct.unpack_from(self.order + "IIQQQQQQ", self.data, offset)
            kind, _, where, vaddr, _, filesz, memsz, alignment = fields
        else:
            fields = struct.unpack_from(self.order + "IIIIIIII", self.data, offset)
            kind, where, vaddr, _, filesz, memsz, _, alignment = fields
        return Segment(kind, where, vaddr, filesz, memsz, alignment)

    def check_loads(self):
        limit = MAX64 if self.wide else MAX32
        for load in self.loads:
            if load.offset + load.filesz > self.size:
                if self.has_empty_code():
                    raise Verdict("notlib", "debug file: segments point past the end")
                raise broken("PT_LOAD past end")
            if load.memsz < load.filesz:
                raise broken("memsz<filesz")
            if load.vaddr + load.memsz > limit:
                raise broken("vaddr wraps")
            if load.align > 1 and load.align & (load.align - 1):
                raise broken("p_align")
            if load.align > 1 and (load.vaddr - load.offset) % min(load.align, 4096):
                raise broken("p_offset/p_vaddr not congruent")

    def has_empty_code(self):
        """eu-strip -f leaves program headers that point past the end; its mark is executable
        sections without content."""
        header = self.header
        size = 64 if self.wide else 40
        if not header.shnum or header.shentsize != size:
            return False
        if header.shoff + header.shnum * size > self.size:
            return False
        for i in range(header.shnum):
            layout = self.order + "II" + self.word
            _, kind, flags = struct.unpack_from(layout, self.data, header.shoff + i * size)
            if kind == SHT_NOBITS and flags & ALLOC_AND_EXEC == ALLOC_AND_EXEC:
                return True
        return False

    def judge_debug_and_order(self):
        nothing_loaded = all(load.filesz == 0 for load in self.loads)
        if nothing_loaded or (self.dynamics and self.dynamics[0].filesz == 0):
            raise Verdict("notlib", "debug file: nothing loaded is in the file")
        for load, following in zip(self.loads, self.loads[1:]):
            if following.vaddr < load.vaddr + load.memsz:
                raise broken("PT_LOAD overlap or out of order")

    def check_dynamic(self):
        if not self.dynamics:
            raise Verdict("notlib", "no PT_DYNAMIC")
        if len(self.dynamics) > 1:
            raise broken("two PT_DYNAMIC")
        dynamic = self.dynamics[0]
        if dynamic.offset + dynamic.filesz > self.size:
            raise broken("PT_DYNAMIC past end")
        offset = self.locate(dynamic.vaddr, 16 if self.wide else 8)
        if offset is None:
            raise broken("PT_DYNAMIC not loaded")
        if offset != dynamic.offset:
            raise broken("PT_DYNAMIC offset and address disagree")

    def load_at(self, address, need):
        for load in self.loads:
            if load.vaddr <= address and address + need <= load.vaddr + load.filesz:
                return load
        return None

    def locate(self, address, need):
        """Where in the file is what is loaded at @address? None = nowhere."""
        load = self.load_at(address, need)
        return None if load is None else load.offset + address - load.vaddr

    def read_tags(self):
        dynamic = self.dynamics[0]
        size = 16 if self.wide else 8
        self.tags = {}
        self.sonames = []
        for i in range(dynamic.filesz // size):
            where = dynamic.offset + i * size
            tag, value = struct.unpack_from(self.order + self.word * 2, self.data, where)
            if tag == DT_NULL:
                return
            if tag == DT_SONAME:
                self.sonames.append(value)
            elif tag in self.tags and tag in (DT_STRTAB, DT_STRSZ):
                raise broken("two of tag %d" % tag)
            self.tags[tag] = value
        raise broken("no DT_NULL")

    def judge_strings(self):
        tags = self.tags
        if tags.get(DT_FLAGS_1, 0) & DF_1_PIE:
            raise Verdict("notlib", "PIE")
        if DT_STRTAB not in tags or DT_STRSZ not in tags:
            raise broken("no DT_STRTAB or DT_STRSZ")
        table = self.check_string_table(tags[DT_STRTAB], tags[DT_STRSZ])
        for tag in (DT_NEEDED, DT_RPATH, DT_RUNPATH):
            if tag in tags and tags[tag] >= tags[DT_STRSZ]:
                raise broken("string offset out of range")
        if not self.sonames:
            raise Verdict("nosoname")
        if len(set(self.sonames)) > 1:
            raise broken("two DT_SONAME")
        if self.sonames[0] >= tags[DT_STRSZ]:
            raise broken("DT_SONAME out of range")
        start = table + self.sonames[0]
        self.judge_soname(self.data[start:self.data.index(b"\0", start)])

    def check_string_table(self, address, size):
        load = self.load_at(address, 1)
        if load is None:
            raise broken("DT_STRTAB not in the file")
        if size > load.vaddr + load.filesz - address:
            raise broken("DT_STRSZ past the segment")
        if size == 0:
            raise broken("DT_STRSZ 0")
        table = load.offset + address - load.vaddr
        if self.data[table + size - 1] != 0:
            raise broken("string table without NUL")
        return table

    def judge_soname(self, soname):
        if (soname in (b"", b".", b"..") or b"/" in soname or len(soname) > 255
                or any(byte < 32 or byte == 127 for byte in soname)):
            raise Verdict("badname", "", soname)
        header = self.header
        usable = (header.shoff and header.shnum
                  and header.shoff + header.shnum * header.shentsize <= self.size)
        raise Verdict("ok", "" if usable else "no usable section headers", soname)


def truth(data):
    """(category, soname bytes or None, note) of the bytes of a file."""
    try:
        Oracle(data).judge()
    except Verdict as verdict:
        return verdict.answer
    raise AssertionError("the oracle came to no verdict")


def main():
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            print(path, *truth(file.read()))


if __name__ == "__main__":
    main()
