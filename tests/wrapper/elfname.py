# SPDX-License-Identifier: MIT
"""The type and DT_SONAME of an ELF file, read from program headers only; for tests."""

import struct

PT_LOAD, PT_DYNAMIC = 1, 2
DT_STRTAB, DT_SONAME, DT_FLAGS_1 = 5, 14, 0x6FFFFFFB
DF_1_PIE = 0x08000000
TYPES = {1: "REL", 2: "EXEC", 3: "DYN", 4: "CORE"}


def identify(data):
    """Return (type, soname): type "text" for what is no ELF, soname bytes or None."""
    if data[:4] != b"\x7fELF" or len(data) < 64:
        return "text", None
    kind = TYPES.get(struct.unpack_from("<H", data, 16)[0], "other")
    headers = list(_program_headers(data))
    loads = [h for h in headers if h[0] == PT_LOAD]
    for tag, offset, _, size in headers:
        if tag == PT_DYNAMIC:
            return _dynamic(data, kind, loads, offset, size)
    return kind, None


def _program_headers(data):
    """(type, offset, address, file size) of each; ELF64 little endian only."""
    phoff = struct.unpack_from("<Q", data, 32)[0]
    entsize, count = struct.unpack_from("<HH", data, 54)
    for i in range(count):
        at = phoff + i * entsize
        tag = struct.unpack_from("<I", data, at)[0]
        offset, address = struct.unpack_from("<QQ", data, at + 8)
        yield tag, offset, address, struct.unpack_from("<Q", data, at + 32)[0]


def _dynamic(data, kind, loads, offset, size):
    tags = {}
    for at in range(offset, offset + size, 16):
        tag, value = struct.unpack_from("<qQ", data, at)
        if tag == 0:
            break
        tags.setdefault(tag, value)
    if tags.get(DT_FLAGS_1, 0) & DF_1_PIE:
        kind = "PIE"
    if DT_SONAME not in tags:
        return kind, None
    for _, start, address, length in loads:
        if address <= tags[DT_STRTAB] < address + length:
            at = start + tags[DT_STRTAB] - address + tags[DT_SONAME]
            return kind, data[at : data.index(b"\0", at)]
    return kind, None
