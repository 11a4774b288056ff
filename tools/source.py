"""What the checks share: the list of sources, and a source with its comments and literals blanked."""

import os
import re
import sys

FOLDERS = ("src", "include", "examples", "fuzz", "bench", "tests")

_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])'", re.DOTALL
)


def sources(root, folders=FOLDERS):
    """The paths of all .c and .h files below the folders, relative to root, sorted."""
    found = []
    for folder in folders:
        for place, _, names in os.walk(os.path.join(root, folder)):
            for name in names:
                if name.endswith((".c", ".h")):
                    found.append(os.path.relpath(os.path.join(place, name), root))
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def blank(text):
    """The text with comments and literals replaced by spaces; lines and columns stay. The names in #include stay too."""

    def spaces(match):
        token = match.group(0)
        if token[0] == '"' and re.search(r"#\s*include\s*$", text[: match.start()][-40:]):
            return token
        return re.sub(r"[^\n]", " ", token)

    return _TOKEN.sub(spaces, text)


def report(name, findings):
    """Prints the findings and ends the program: 0 when there are none."""
    for finding in findings:
        print(finding)
    if findings:
        print(f"{name}: {len(findings)} found", file=sys.stderr)
    sys.exit(1 if findings else 0)
