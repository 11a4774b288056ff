#!/usr/bin/env python3
"""Holds the manual to the program: tools/check_commands.py BINARY [ROOT]

`hansa --help` lists the commands below a line "Commands:", each on a line of its own that begins with two spaces and the name.
Each has a page docs/man/hansa-NAME.1.scd, and each page a command; the page and `hansa NAME --help` know the same options (besides --help, which every
command has).
"""

import os
import re
import subprocess
import sys

from source import read, report

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
COMMAND = re.compile(r"^  ([a-z][a-z-]*)(?:\s|$)", re.MULTILINE)


def commands(help_text):
    listed = re.search(r"^commands:\n((?:[ ].*\n|\n(?=[ ]))*)", help_text, re.MULTILINE | re.IGNORECASE)
    return COMMAND.findall(listed.group(1)) if listed else []


def check(root, help_text, help_of):
    """help_of(command) gives what that command prints for --help."""
    names = commands(help_text)
    if not names:
        return ["hansa --help lists no command"]
    pages = {match.group(1) for match in map(re.compile(r"hansa-([a-z-]+)\.1\.scd$").match,
                                             os.listdir(os.path.join(root, "docs/man"))) if match}
    findings = [f"docs/man/hansa-{name}.1.scd: there is no command {name}" for name in sorted(pages - set(names))]
    for name in names:
        path = f"docs/man/hansa-{name}.1.scd"
        if name not in pages:
            findings.append(f"{path}: the command {name} has no page; tools/draft_page.py begins one")
            continue
        told, written = (set(OPTION.findall(text)) - {"--help"} for text in (help_of(name), read(root, path)))
        findings += [f"{path}: lacks the option {option} of --help" for option in sorted(told - written)]
        findings += [f"{path}: --help does not know {option}" for option in sorted(written - told)]
        if not re.search(rf"\b{name}\b", read(root, "docs/man/hansa.1.scd")):
            findings.append(f"docs/man/hansa.1.scd: does not name {name}")
    return findings


def ask(binary, *arguments):
    return subprocess.run([binary, *arguments], check=True, capture_output=True, text=True, timeout=60).stdout


if __name__ == "__main__":
    program = sys.argv[1]
    report("commands", check(sys.argv[2] if len(sys.argv) > 2 else ".", ask(program, "--help"),
                             lambda name: ask(program, name, "--help")))
