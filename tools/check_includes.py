#!/usr/bin/env python3
"""Holds the sources to the directions of tools/rooms.txt: tools/check_includes.py [ROOT]

Findings are printed one a line, as path:line: what is wrong. Besides the directions it checks what else keeps rooms
apart: headers are included by path, a _priv.h stays in its folder, a file includes its own header first, memory is
allocated in base/ and adapters/ alone, and public headers rest on nothing of ours.
"""

import os
import re
import sys

from source import blank, read, report, sources

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
ALLOCATION = re.compile(r"\b(malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|vasprintf)\s*\(")
ALLOCATING_ROOMS = ("base", "adapters")


def read_rooms(root):
    """The table as two dicts of sets: room to rooms, library header to rooms."""
    rooms, libraries = {}, {}
    for line in read(root, "tools/rooms.txt").splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        head, _, allowed = line.partition(":")
        kind, name = head.split()
        {"room": rooms, "library": libraries}[kind][name] = set(allowed.split())
    return rooms, libraries


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def own_header_first(path, includes, exists):
    """The finding, if the header that a .c file implements is not the first of ours that it includes."""
    stem = path[len("src/") : -len(".c")]
    first = includes[0] if includes else ("", "", 1)
    if exists(f"{stem}.h") and first[1] not in (f"{stem}.h", f"{stem}_priv.h"):
        return [f'{path}:{first[2]}: the first include is not the file\'s own "{stem}.h"']
    return []


def check_room_file(path, text, rooms, libraries, exists):
    folder = os.path.dirname(path)[len("src/") :]
    room = folder.split("/")[0]
    wires = path == "src/main.c"
    if not wires and room not in rooms:
        return [f"{path}:1: the room {room or 'src'} is not in tools/rooms.txt"]
    findings = []
    includes = [(m.group(1), m.group(2), line_of(text, m.start())) for m in INCLUDE.finditer(text)]
    for bracket, name, line in includes:
        if bracket == "<":
            if name in libraries and not {room, folder} & libraries[name]:
                findings.append(f"{path}:{line}: <{name}> may not be included by {folder or path}")
        elif name.startswith("hansa/"):
            continue
        elif "/" not in name:
            findings.append(f'{path}:{line}: "{name}" is not included by its path')
        elif not exists(name):
            findings.append(f'{path}:{line}: there is no src/{name}')
        elif name.endswith("_priv.h") and os.path.dirname(name) != folder:
            findings.append(f'{path}:{line}: "{name}" belongs to {os.path.dirname(name)} alone')
        elif not wires and name.split("/")[0] not in rooms[room] | {room}:
            findings.append(f"{path}:{line}: {room} may not include {name.split('/')[0]} ({name})")
    if path.endswith(".c"):
        findings += own_header_first(path, includes, exists)
    if room not in ALLOCATING_ROOMS:
        for match in ALLOCATION.finditer(text):
            findings.append(f"{path}:{line_of(text, match.start())}: {match.group(1)} stands in base/ and adapters/ alone")
    return findings


def check_public_file(path, text):
    return [
        f"{path}:{line_of(text, match.start())}: {match.group(2)} is not public"
        for match in INCLUDE.finditer(text)
        if match.group(1) == '"' and not match.group(2).startswith("hansa/")
    ]


def check(root):
    rooms, libraries = read_rooms(root)
    findings = []
    for path in sources(root, ("src",)):
        text = blank(read(root, path))
        findings += check_room_file(path, text, rooms, libraries,
                                    lambda name: os.path.exists(os.path.join(root, "src", name)))
    for path in sources(root, ("include", "examples")):
        findings += check_public_file(path, blank(read(root, path)))
    return findings


if __name__ == "__main__":
    report("includes", check(sys.argv[1] if len(sys.argv) > 1 else "."))
