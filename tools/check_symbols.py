#!/usr/bin/env python3
"""Holds external names to their prefix: tools/check_symbols.py SHARED_LIBRARY [HEADER...] -- OBJECT...

Every external symbol in the objects, which are ours, begins with hs_, and the shared library exports exactly the functions that
the public headers mark HS_API.
"""

import os
import re
import subprocess
import sys

from source import blank, report

# The compiler's own: sanitizers and coverage define names with two underscores.
RESERVED = "__"
DECLARATION = re.compile(r"\bHS_API\b[^;{]*?\b(\w+)\s*\(")


def object_symbols(listing):
    """(object, symbol) pairs of `nm -A -g --defined-only OBJECT...`."""
    for line in listing.splitlines():
        place, _, rest = line.rpartition(":")
        fields = rest.split()
        if len(fields) >= 2:
            yield os.path.basename(place), fields[-1]


def check_prefix(listing):
    return [
        f"{place}: the symbol {symbol} does not begin with hs_"
        for place, symbol in object_symbols(listing)
        if not symbol.startswith(("hs_", RESERVED))
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
    library, *rest = sys.argv[1:]
    headers, objects = rest[: rest.index("--")], rest[rest.index("--") + 1 :]
    texts = [open(path, encoding="utf-8").read() for path in headers]
    report("symbols", check_prefix(nm("-A", "-g", "--defined-only", *objects))
           + check_exports(nm("-D", "--defined-only", library), texts))
