#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mkcache.py FILE [--big] FLAGS NAME PATH...: write an ld.so.cache of the new format, for machines whose ldconfig is not
here. FLAGS is a number: 0x403 is s390x."""
import struct
import sys


def cache(order, flags, pairs):
    strings, entries = b"", b""
    base = 48 + 24 * len(pairs)
    for name, path in pairs:
        key = base + len(strings)
        strings += name.encode() + b"\0"
        value = base + len(strings)
        strings += path.encode() + b"\0"
        entries += struct.pack(order + "IIIIQ", flags, key, value, 0, 0)
    head = b"glibc-ld.so.cache1.1" + struct.pack(order + "IIB3xI12x", len(pairs), len(strings),
                                                 3 if order == ">" else 2, 0)
    return head + entries + strings


def main():
    words = [word for word in sys.argv[1:] if word != "--big"]
    names = words[2:]
    with open(words[0], "wb") as file:
        file.write(cache(">" if "--big" in sys.argv else "<", int(words[1], 0), list(zip(names[::2], names[1::2]))))


if __name__ == "__main__":
    main()
