# SPDX-License-Identifier: MIT
"""A writer of small shared libraries, byte by byte: 32 or 64 bit, either byte order, no compiler.

The layout is: file header, program headers, .dynstr, .dynsym, .hash, [.interp], .text, then on the
next page of memory .dynamic, and behind what is loaded .shstrtab and the section headers.
"""

import struct

MAX32 = (1 << 32) - 1
MAX64 = (1 << 64) - 1

PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_GNU_STACK = 1, 2, 3, 0x6474E551
DT_NULL, DT_NEEDED, DT_HASH, DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_SYMENT = 0, 1, 4, 5, 6, 10, 11
DT_SONAME, DT_RPATH, DT_RUNPATH, DT_FLAGS_1 = 14, 15, 29, 0x6FFFFFFB
DF_1_PIE = 0x08000000
SHT_PROGBITS, SHT_STRTAB, SHT_HASH, SHT_DYNAMIC, SHT_NOBITS, SHT_DYNSYM = 1, 3, 5, 6, 8, 11

MACHINES = {(64, True): 62, (64, False): 21, (32, True): 3, (32, False): 8}
PAGE = 0x1000
TEXT = b"\xc3" * 16
SECTION_NAMES = b"\0.dynstr\0.dynsym\0.hash\0.text\0.dynamic\0.shstrtab\0"


def align(offset, to):
    return offset + -offset % to


class ElfImage:
    """One library; its bytes are in `bytes`, where things lie in the other attributes.

    soname=None writes no DT_SONAME; edit_dynamic(entries, image) may change the list of dynamic
    entries before DT_NULL is added.
    """

    def __init__(self, bits=64, little=True, *, machine=None, file_type=3, soname=b"libx.so.1",
                 needed=(b"libc.so.6",), sections=True, flags_1=0, interp=None, entry=0,
                 terminated=True, dt_null=True, edit_dynamic=None):
        self.bits = bits
        self.little = little
        self.machine = machine or MACHINES[bits, little]
        self.order = "<" if little else ">"
        self.word = "Q" if bits == 64 else "I"
        wide = bits == 64
        self.ehdr_size, self.phdr_size, self.shdr_size = (64, 56, 64) if wide else (52, 32, 40)
        self.dyn_size, self.sym_size = (16, 24) if wide else (8, 16)

        entries = self._fill_strings(needed, soname, terminated)
        self._place(interp)
        self._finish_dynamic(entries, flags_1, edit_dynamic, dt_null)
        self.bytes = self._loaded_bytes(interp)
        self._describe_segments(interp)
        names_offset = self._append_sections() if sections else None
        self._write_header(file_type, entry, names_offset)
        for i, phdr in enumerate(self.phdrs):
            start = self.phdr_offset(i)
            self.bytes[start:start + self.phdr_size] = self.pack_phdr(*phdr)

    # ---- how it is put together

    def _fill_strings(self, needed, soname, terminated):
        self.strings = b"\0"
        entries = [(DT_NEEDED, self._add_string(name)) for name in needed]
        if soname is not None:
            self.soname_index = self._add_string(soname)
            entries.append((DT_SONAME, self.soname_index))
        self.function_index = self._add_string(b"x_func")
        if not terminated:
            self.strings = self.strings.rstrip(b"\0")
        self.strings_size = len(self.strings)
        return entries

    def _add_string(self, text):
        index = len(self.strings)
        self.strings += text + b"\0"
        return index

    def _place(self, interp):
        self.phdr_count = 5 if interp else 4
        self.phdrs_offset = self.ehdr_size
        end = self.ehdr_size + self.phdr_count * self.phdr_size
        self.strings_offset = align(end, 16)
        self.symbols = bytes(self.sym_size) + self.pack_symbol(self.function_index, 0x200)
        self.symbols_offset = align(self.strings_offset + self.strings_size, 16)
        self.hash = struct.pack(self.order + "5I", 1, 2, 1, 0, 0)
        self.hash_offset = self.symbols_offset + len(self.symbols)
        self.interp_offset = self.hash_offset + len(self.hash)
        end = self.interp_offset + (len(interp) + 1 if interp else 0)
        self.text_offset = align(end, 16)
        self.text_end = self.text_offset + len(TEXT)
        self.dynamic_offset = align(self.text_end, 16)
        self.dynamic_address = PAGE + self.dynamic_offset

    def _finish_dynamic(self, entries, flags_1, edit, dt_null):
        entries += [(DT_HASH, self.hash_offset), (DT_STRTAB, self.strings_offset),
                    (DT_SYMTAB, self.symbols_offset), (DT_STRSZ, self.strings_size),
                    (DT_SYMENT, self.sym_size)]
        if flags_1:
            entries.append((DT_FLAGS_1, flags_1))
        if edit:
            entries = edit(entries, self)
        if dt_null:
            entries = entries + [(DT_NULL, 0)]
        self.dynamic = entries
        self.dynamic_bytes = b"".join(self.pack_dynamic(tag, value) for tag, value in entries)
        self.dynamic_size = len(self.dynamic_bytes)
        self.loaded_end = self.dynamic_offset + self.dynamic_size

    def _loaded_bytes(self, interp):
        data = bytearray(self.loaded_end)
        parts = [(self.strings_offset, self.strings), (self.symbols_offset, self.symbols),
                 (self.hash_offset, self.hash), (self.text_offset, TEXT),
                 (self.dynamic_offset, self.dynamic_bytes)]
        if interp:
            parts.append((self.interp_offset, interp + b"\0"))
        for offset, part in parts:
            data[offset:offset + len(part)] = part
        return data

    def _describe_segments(self, interp):
        size = self.dynamic_size
        offset, address = self.dynamic_offset, self.dynamic_address
        self.phdrs = [
            (PT_LOAD, 5, 0, 0, self.text_end, self.text_end, PAGE),
            (PT_LOAD, 6, offset, address, size, size + 64, PAGE),
            (PT_DYNAMIC, 6, offset, address, size, size, 8),
            (PT_GNU_STACK, 6, 0, 0, 0, 0, 16),
        ]
        if interp:
            where, size = self.interp_offset, len(interp) + 1
            self.phdrs.insert(0, (PT_INTERP, 4, where, where, size, size, 1))

    def _append_sections(self):
        """Add names and section headers; returns where the names are."""
        def name(text):
            return SECTION_NAMES.index(b"\0" + text + b"\0") + 1

        names_offset = len(self.bytes)
        self.bytes += SECTION_NAMES
        self.bytes += bytes(-len(self.bytes) % 8)
        self.shdrs_offset = len(self.bytes)
        strings, symbols = self.strings_offset, self.symbols_offset
        shdrs = [
            (0,) * 10,
            (name(b".dynstr"), SHT_STRTAB, 2, strings, strings, self.strings_size, 0, 0, 1, 0),
            (name(b".dynsym"), SHT_DYNSYM, 2, symbols, symbols, len(self.symbols), 1, 1, 8,
             self.sym_size),
            (name(b".hash"), SHT_HASH, 2, self.hash_offset, self.hash_offset, len(self.hash), 2, 0,
             4, 4),
            (name(b".text"), SHT_PROGBITS, 6, self.text_offset, self.text_offset, len(TEXT), 0, 0,
             16, 0),
            (name(b".dynamic"), SHT_DYNAMIC, 3, self.dynamic_address, self.dynamic_offset,
             self.dynamic_size, 1, 0, 8, self.dyn_size),
            (name(b".shstrtab"), SHT_STRTAB, 0, 0, names_offset, len(SECTION_NAMES), 0, 0, 1, 0),
        ]
        for shdr in shdrs:
            layout = self.order + "II" + self.word * 4 + "II" + self.word * 2
            self.bytes += struct.pack(layout, *shdr)
        self.shdr_count = len(shdrs)
        return names_offset

    def _write_header(self, file_type, entry, names_offset):
        if names_offset is None:
            self.shdrs_offset = self.shdr_count = 0
        ident = b"\x7fELF" + bytes([2 if self.bits == 64 else 1, 1 if self.little else 2, 1, 0])
        rest = struct.pack(
            self.order + "HHI" + self.word * 3 + "IHHHHHH",
            file_type, self.machine, 1, entry, self.phdrs_offset, self.shdrs_offset, 0,
            self.ehdr_size, self.phdr_size, self.phdr_count,
            self.shdr_size if self.shdr_count else 0, self.shdr_count,
            max(self.shdr_count - 1, 0))
        self.bytes[:self.ehdr_size] = ident + bytes(8) + rest

    # ---- one structure as bytes

    def pack_symbol(self, name, value):
        if self.bits == 64:
            return struct.pack(self.order + "IBBHQQ", name, 0x12, 0, 4, value, 1)
        return struct.pack(self.order + "IIIBBH", name, value, 1, 0x12, 0, 4)

    def pack_dynamic(self, tag, value):
        mask = MAX64 if self.bits == 64 else MAX32
        return struct.pack(self.order + self.word * 2, tag & mask, value & mask)

    def pack_phdr(self, kind, flags, offset, address, file_size, memory_size, alignment):
        if self.bits == 64:
            return struct.pack(self.order + "IIQQQQQQ", kind, flags, offset, address, address,
                               file_size, memory_size, alignment)
        return struct.pack(self.order + "IIIIIIII", kind, offset, address, address, file_size,
                           memory_size, flags, alignment)

    # ---- where the fields lie: name -> (offset, size)

    def phdr_offset(self, index):
        return self.phdrs_offset + index * self.phdr_size

    def ehdr_fields(self):
        wide = 8 if self.bits == 64 else 4
        return _lay_out(16, [
            ("e_type", 2), ("e_machine", 2), ("e_version", 4), ("e_entry", wide),
            ("e_phoff", wide), ("e_shoff", wide), ("e_flags", 4), ("e_ehsize", 2),
            ("e_phentsize", 2), ("e_phnum", 2), ("e_shentsize", 2), ("e_shnum", 2),
            ("e_shstrndx", 2)])

    def phdr_fields(self, index):
        if self.bits == 64:
            fields = [("p_type", 4), ("p_flags", 4), ("p_offset", 8), ("p_vaddr", 8),
                      ("p_paddr", 8), ("p_filesz", 8), ("p_memsz", 8), ("p_align", 8)]
        else:
            fields = [("p_type", 4), ("p_offset", 4), ("p_vaddr", 4), ("p_paddr", 4),
                      ("p_filesz", 4), ("p_memsz", 4), ("p_flags", 4), ("p_align", 4)]
        return _lay_out(self.phdr_offset(index), fields)

    def shdr_fields(self, index):
        wide = 8 if self.bits == 64 else 4
        return _lay_out(self.shdrs_offset + index * self.shdr_size, [
            ("sh_name", 4), ("sh_type", 4), ("sh_flags", wide), ("sh_addr", wide),
            ("sh_offset", wide), ("sh_size", wide), ("sh_link", 4), ("sh_info", 4),
            ("sh_addralign", wide), ("sh_entsize", wide)])

    # ---- changing and reading fields

    def put(self, data, field, value):
        """Write a number, cut to its width, into @data, a copy of our bytes."""
        offset, size = field
        number = value & ((1 << 8 * size) - 1)
        data[offset:offset + size] = number.to_bytes(size, "little" if self.little else "big")

    def get(self, field):
        offset, size = field
        return int.from_bytes(self.bytes[offset:offset + size],
                              "little" if self.little else "big")

    def patched(self, *changes):
        """A copy of our bytes with (field, value) pairs written into it."""
        data = bytearray(self.bytes)
        for field, value in changes:
            self.put(data, field, value)
        return data


def _lay_out(offset, fields):
    places = {}
    for name, size in fields:
        places[name] = (offset, size)
        offset += size
    return places
