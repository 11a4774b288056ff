#!/usr/bin/env python3
"""Holds the documents to the tree: tools/check_docs.py [ROOT]

Every relative link leads to a file, and its #anchor to a heading; every test that a document names by its CTest name exists;
every room has a README.md of 20 to 60 lines; docs/reference/exit-codes.md and hansa(1) say what HS_STATUS_TABLE says, and
docs/reference/import.md what the table of columns in ports/events.c says.
"""

import os
import re
import subprocess
import sys

from source import read, report

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
TEST = re.compile(r"`((?:unit|golden|property|ports|sim|calibration)\.[a-z0-9_.]+)`")
STATUS = re.compile(r'X\((HS_\w+),\s*"(\w+)",\s*(\d+),\s*(\d+),\s*"([^"]*)"\)')
COLUMN = re.compile(r'\{"(\w+)", HS_TYPE_\w+, [^,]+, (?:NULL|"[^"]*"), \{([^}]*)\}, "([^"]*)"\}')
README_LINES = range(20, 61)


def documents(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
                            check=True, capture_output=True, text=True).stdout
    return sorted(path for path in listed.splitlines() if os.path.exists(os.path.join(root, path)))


def anchor(heading):
    """The anchor that forges make of a heading: lower case, no punctuation, dashes for spaces."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def check_links(root, path, text):
    findings = []
    for match in LINK.finditer(FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)):
        target = match.group(1) or match.group(2)
        if re.match(r"[a-z]+:", target):
            continue
        name, _, place = target.partition("#")
        line = text.count("\n", 0, match.start()) + 1
        full = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
        if not os.path.exists(os.path.join(root, full)):
            findings.append(f"{path}:{line}: the link leads nowhere: {target}")
        elif place and full.endswith(".md") and \
                place not in {anchor(heading) for heading in HEADING.findall(FENCE.sub("", read(root, full)))}:
            findings.append(f"{path}:{line}: {full} has no heading for #{place}")
    return findings


def check_test_names(root, path, text):
    findings = []
    for name in sorted(set(TEST.findall(text))):
        folder, _, last = name.rpartition(".")
        if not os.path.exists(os.path.join(root, "tests", *folder.split("."), f"test_{last}.c")):
            findings.append(f"{path}: there is no test {name}")
    return findings


def check_room_readmes(root):
    findings = []
    source = os.path.join(root, "src")
    for room in sorted(os.listdir(source)):
        if not os.path.isdir(os.path.join(source, room)):
            continue
        path = f"src/{room}/README.md"
        if not os.path.exists(os.path.join(root, path)):
            findings.append(f"{path}: the room has no README.md")
        elif len(read(root, path).splitlines()) not in README_LINES:
            findings.append(f"{path}: has {len(read(root, path).splitlines())} lines; "
                            f"a room's README.md has {README_LINES[0]} to {README_LINES[-1]}")
    return findings


def exit_codes(header):
    """(exit code, name, words) of every row of HS_STATUS_TABLE, from the text of base/status.h."""
    return sorted({(int(code), name, words) for _, name, _, code, words in STATUS.findall(header.replace("\\\n", ""))})


def check_exit_codes(root):
    """The reference has every row, and hansa(1) every code with words that the table has for it."""
    table = exit_codes(read(root, "src/base/status.h"))
    path = "docs/reference/exit-codes.md"
    shown = [line for line in read(root, path).splitlines() if re.match(r"\| \d", line)]
    wanted = [f"| {code} | `{name}` | {words} |" for code, name, words in table]
    findings = [f"{path}: lacks the row {row}" for row in wanted if row not in shown]
    findings += [f"{path}: HS_STATUS_TABLE does not say {row}" for row in shown if row not in wanted]

    path = "docs/man/hansa.1.scd"
    told = [(int(code), words) for code, words in re.findall(r"^\*(\d+)\*\n\t(.*)$", read(root, path), re.MULTILINE)]
    findings += [f"{path}: lacks exit status {code}" for code in sorted({row[0] for row in table} - {row[0] for row in told})]
    allowed = {(code, words) for code, _, words in table}
    return findings + [f"{path}: HS_STATUS_TABLE does not say {code}: {words}" for code, words in told if (code, words) not in allowed]


def check_columns(root):
    """docs/reference/import.md has a row for every column of every kind of event, with its aliases and what it is."""
    path = "docs/reference/import.md"
    rows = read(root, path).splitlines()
    findings = []
    for name, aliases, what in COLUMN.findall(read(root, "src/ports/events.c")):
        marked = " ".join(f"`{alias}`" for alias in re.findall(r"\w+", aliases))
        end = f"| {marked} | {what} |"
        if not any(row.startswith(f"| `{name}` |") and row.endswith(end) for row in rows):
            findings.append(f"{path}: lacks the row of {name} that ends in {end}")
    return findings


def check(root):
    findings = check_room_readmes(root) + check_exit_codes(root) + check_columns(root)
    for path in documents(root):
        text = read(root, path)
        findings += check_links(root, path, text) + check_test_names(root, path, text)
    return findings


if __name__ == "__main__":
    report("docs", check(sys.argv[1] if len(sys.argv) > 1 else "."))
