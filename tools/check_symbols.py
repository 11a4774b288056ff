#!/usr/bin/env python3
"""Holds external names to their prefix: tools/check_symbols.py ARCHIVE SHARED_LIBRARY [HEADER...]

Every external symbol of ours in the engine's archive begins with hs_, and the shared library exports exactly the functions
that the public headers mark HS_API.
"""

import re
import subprocess
import sys

from source import blank, report

# The compiler's own: sanitizers and coverage define names with two underscores.
RESERVED = "__"
THIRD_PARTY = ("sqlite3.c.o",)
DECLARATION = re.compile(r"\bHS_API\b[^;{]*?\b(\w+)\s*\(")


def archive_symbols(listing):
    """(object, symbol) pairs of `nm -A -g --defined-only ARCHIVE`."""
    for line in listing.splitlines():
        place, _, rest = line.rpartition(":")
        fields = rest.split()
        if len(fields) >= 2:
            yield place.split(":")[-1], fields[-1]


def check_prefix(listing):
    return [
        f"{place}: the symbol {symbol} does not begin with hs_"
        for place, symbol in archive_symbols(listing)
        if place not in THIRD_PARTY and not symbol.startswith(("hs_", RESERVED))
    ]


def declared(header_text):
    """The names that a public header marks HS_API; the macro's own definition is none."""
    text = re.sub(r"^\s*#.*$", "", blank(header_text), flags=re.MULTILINE)
    return set(DECLARATION.findall(text))


def check_exports(listing, header_texts):
    wanted = set().union(*(declared(text) for text in header_texts))
    exported = {line.split()[-1] for line in listing.splitlines() if line.strip()}
    exported = {name for name in exported if not name.startswith(RESERVED)}
    findings = [f"{name} is exported and not marked HS_API in a public header" for name in sorted(exported - wanted)]
    return findings + [f"{name} is marked HS_API and not exported" for name in sorted(wanted - exported)]


def nm(*arguments):
    return subprocess.run(["nm", *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    archive, library, headers = sys.argv[1], sys.argv[2], sys.argv[3:]
    texts = [open(path, encoding="utf-8").read() for path in headers]
    report("symbols", check_prefix(nm("-A", "-g", "--defined-only", archive))
           + check_exports(nm("-D", "--defined-only", library), texts))
