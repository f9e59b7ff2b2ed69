# SPDX-License-Identifier: MIT
"""What libsov says of files, in the words of the oracle. Two ways to ask: the driver identify.c, fast
and with figures, and `sov show --format=jsonl`, as a user would."""

import collections
import json
import os
import subprocess
import sys
import urllib.parse

# What a string is cut to; the soname's first bytes are all that is reported of a longer one.
STRING_MAX = 4096
BATCH = 500

Answer = collections.namedtuple("Answer", "kind soname detail microseconds kib code")


def ask_identify(program, paths, together):
    """One Answer for each of @paths (bytes)."""
    command = [program] + (["-t"] if together else [])
    done = subprocess.run(command, input=b"".join(path + b"\0" for path in paths),
                          stdout=subprocess.PIPE, check=False)
    answers = [_parse_line(line) for line in done.stdout.split(b"\n")[:-1]]
    if done.returncode != 0 or len(answers) != len(paths):
        culprit = paths[len(answers)] if len(answers) < len(paths) else b"the end"
        sys.exit("%s: exit status %d at %r" % (program, done.returncode, culprit))
    return answers


def _parse_line(line):
    kind, soname, detail, microseconds, kib, code, _ = line.split(b"\t")
    return Answer(kind.decode(), None if soname == b"-" else urllib.parse.unquote_to_bytes(soname),
                  urllib.parse.unquote(detail.decode()), float(microseconds), int(kib), int(code))


def ask_show(program, paths, together):
    """The same by `sov show`; a file without a record could not be looked at."""
    del together
    records = {}
    messages = 0
    for start in range(0, len(paths), BATCH):
        command = [program, "show", "--format=jsonl", *paths[start:start + BATCH]]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode not in (0, 3):
            sys.stderr.buffer.write(done.stderr)
            sys.exit("%s: exit status %d" % (program, done.returncode))
        messages += count_messages(done.stderr)
        for line in done.stdout.decode("utf-8").splitlines():
            record = json.loads(line)
            records[_bytes_of(record, "file")] = record
    answers = [_answer_of(records.get(path)) for path in paths]
    amiss = sum(answer.code != 0 for answer in answers)
    if messages != amiss:
        sys.exit("%s: %d messages on stderr for %d files that are amiss" % (program, messages, amiss))
    return answers


def count_messages(text):
    """The first lines of diagnostics, which must be fit to be shown to a person."""
    for byte in text:
        if byte < 32 and byte != 10 or byte == 127:
            sys.exit("a control byte in the messages of sov show: %#x" % byte)
    return sum(b": error: " in line for line in text.split(b"\n"))


def _bytes_of(record, key):
    if key + "_hex" in record:
        return bytes.fromhex(record[key + "_hex"])
    return record[key].encode() if key in record else None


def _answer_of(record):
    if record is None:
        return Answer("error", None, "", 0, 0, 1)
    code = 1 if record["kind"] == "broken" else 0
    return Answer(record["kind"], _bytes_of(record, "soname"), record.get("detail", ""), 0, 0, code)


ASK = {"identify": ask_identify, "show": ask_show}

CATEGORIES = {"program": "notlib", "object": "notlib", "core": "notlib", "debug": "notlib",
              "archive": "notelf", "script": "notelf", "not-elf": "notelf",
              "special": "notfile", "error": "notfile", "broken": "broken"}


def unsafe(soname):
    return (soname in (b"", b".", b"..") or b"/" in soname or len(soname) > 255
            or any(byte < 32 or byte == 127 for byte in soname))


def category(answer):
    if answer.kind != "library":
        return CATEGORIES.get(answer.kind, answer.kind)
    if answer.soname is None:
        return "nosoname"
    return "badname" if unsafe(answer.soname) else "ok"


def disagreement(answer, expected, soname):
    """What is wrong with an answer, or None."""
    if answer.kind.startswith("crash"):
        return answer.kind
    if expected == "any":
        return None
    if category(answer) != expected:
        return "%s (%s)" % (category(answer), answer.detail)
    if answer.soname != (None if soname is None else soname[:STRING_MAX]):
        return "soname %r" % answer.soname
    if (answer.code != 0) != (answer.kind in ("broken", "error")):
        return "kind %s and error code %d" % (answer.kind, answer.code)
    return None


def is_sanitized():
    return os.environ.get("SOV_SANITIZE", "OFF").upper() not in ("", "OFF", "0", "NO", "FALSE")
