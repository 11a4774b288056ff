#!/usr/bin/env python3
"""Drafts a command's page of the manual from its --help: tools/draft_page.py BINARY COMMAND > docs/man/hansa-COMMAND.1.scd

A draft is a start: house.commands afterwards only compares the options, so a page can say more than the help does.
"""

import re
import subprocess
import sys


def escaped(text):
    """The text with what scdoc would take for markup escaped."""
    return re.sub(r"([\\*_`~])", r"\\\1", text)


def sections(help_text):
    """The help's parts by their headings; what stands before the first heading but the usage is under Description."""
    parts, current = {"Description": []}, "Description"
    for line in help_text.splitlines():
        heading = re.fullmatch(r"(Options|Examples):", line)
        usage = re.match(r"Usage: (.*)", line)
        if heading:
            current = heading.group(1)
            parts[current] = []
        elif usage:
            parts["Usage"] = [usage.group(1)]
        else:
            parts[current].append(line)
    return parts


def option_rows(lines):
    """(option, what it is) of each row; a row's later lines are folded into it."""
    rows = []
    for line in lines:
        match = re.match(r"  (--\S+(?: [^\s]\S*)?)(?:\s{2,}|\s+(?=[a-z]))(.*)", line)
        if match:
            rows.append([match.group(1), match.group(2)])
        elif line.strip() and rows:
            rows[-1][1] += " " + line.strip()
    return rows


def page(command, help_text):
    parts = sections(help_text)
    first, *details = "\n".join(parts["Description"]).strip().split("\n")
    summary = first.split(": ", 1)[-1]
    out = [f"hansa-{command}(1)", "", "# NAME", "", f"hansa-{command} - {escaped(summary)}", "", "# SYNOPSIS", "",
           f"*hansa {command}* " + escaped(parts["Usage"][0].removeprefix(f"hansa {command}").strip()), "",
           "# DESCRIPTION", ""]
    out += [escaped(line.strip()) for line in details if line.strip() or out[-1]] or [escaped(summary) + "."]
    out += ["", "# OPTIONS", ""]
    for option, what in option_rows(parts.get("Options", [])) or []:
        name, _, value = option.partition(" ")
        out += [f"*{name}*" + (f" _{escaped(value)}_" if value else ""), f"\t{escaped(what)}", ""]
    out += ["*--help*", "\tprints a summary and ends", ""]
    if any(line.strip() for line in parts.get("Examples", [])):
        out += ["# EXAMPLES", "", "```"] + [line for line in parts["Examples"] if line.strip()] + ["```", ""]
    out += ["# EXIT STATUS", "", "0 when it is done; the other codes are those of *hansa*(1).", "",
            "# SEE ALSO", "", "*hansa*(1)"]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    binary, name = sys.argv[1:]
    text = subprocess.run([binary, name, "--help"], check=True, capture_output=True, text=True).stdout
    sys.stdout.write(page(name, text))
