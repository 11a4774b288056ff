#!/usr/bin/env python3
"""No unfinished thoughts in the tree: tools/check_words.py [ROOT]

What is left to do is an issue, not a comment. The files are those that git knows or would add.
"""

import os
import re
import subprocess
import sys

from source import report

# In pieces, so that this file does not find itself. In quotes the third is a code of ISO 4217: no currency.
WORDS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", '(?<!")XX' + 'X(?!")', "HA" + "CK")) + r")\b")


def tracked(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            check=True, capture_output=True, text=True).stdout
    return sorted(path for path in listed.split("\0") if path and os.path.isfile(os.path.join(root, path)))


def check(root):
    findings = []
    for path in tracked(root):
        try:
            with open(os.path.join(root, path), encoding="utf-8") as file:
                lines = file.read().split("\n")
        except UnicodeDecodeError:
            continue  # test data that is not text
        findings += [f"{path}:{number}: {match.group(1)}"
                     for number, line in enumerate(lines, 1) for match in WORDS.finditer(line)]
    return findings


if __name__ == "__main__":
    report("words", check(sys.argv[1] if len(sys.argv) > 1 else "."))
