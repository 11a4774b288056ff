#!/usr/bin/env python3
"""Keeps functions short: tools/check_functions.py [ROOT]

A function has at most 70 lines, signature and braces included. A longer one says why in a comment directly above it and
stands in tools/long_functions.txt with its length; that length is a ratchet, it may fall and never rise.
"""

import re
import sys

from source import blank, read, report, sources

LINES_MAX = 70
RATCHET = "tools/long_functions.txt"
NAME = re.compile(r"(\w+)\s*\(")


def functions(text):
    """(name, first line, lines, has a comment above) of each function, by the layout that .clang-format gives."""
    shape = blank(text).split("\n")
    lines = text.split("\n")
    start = None
    for index, line in enumerate(shape):
        if line == "{":
            start = index
        elif line == "}" and start is not None:
            first = start - 1
            while first > 0 and shape[first - 1].strip() and shape[first - 1][0] not in "}#" \
                    and not shape[first - 1].rstrip().endswith(";"):
                first -= 1
            match = NAME.search(" ".join(shape[first:start]))
            if match:
                commented = first > 0 and lines[first - 1].rstrip().endswith("*/")
                yield match.group(1), first + 1, index - first + 1, commented
            start = None


def read_ratchet(root):
    allowed = {}
    for line in read(root, RATCHET).splitlines():
        if line.strip() and not line.startswith("#"):
            path, name, length = line.split()
            allowed[path, name] = int(length)
    return allowed


def check(root):
    allowed = read_ratchet(root)
    findings = []
    for path in sources(root):
        for name, line, length, commented in functions(read(root, path)):
            limit = allowed.pop((path, name), LINES_MAX)
            if length > limit:
                findings.append(f"{path}:{line}: {name} has {length} lines, the limit is {limit}")
            elif length > LINES_MAX and not commented:
                findings.append(f"{path}:{line}: {name} has {length} lines and no comment that says why")
            elif length < limit and limit != LINES_MAX:
                findings.append(f"{RATCHET}: {name} has {length} lines now; say so, or remove it at {LINES_MAX}")
    findings += [f"{RATCHET}: there is no {name} in {path}" for path, name in allowed]
    return findings


if __name__ == "__main__":
    report("functions", check(sys.argv[1] if len(sys.argv) > 1 else "."))
