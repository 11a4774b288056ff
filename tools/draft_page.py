#!/usr/bin/env python3
"""Drafts the missing pages of the manual from --help: tools/draft_page.py BINARY

Each command without a page gets docs/man/hansa-COMMAND.1.scd, and docs/man/hansa.1.scd gets the list of commands. A draft is a
start: house.commands compares only the options, so a page can say more than the help does.
"""

import os
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


def with_commands(manual, listed):
    """The text of hansa(1) with its list of commands replaced by (name, summary) pairs."""
    rows = "".join(f"*{name}*\n\t{escaped(summary)}\n\n" for name, summary in listed)
    return re.sub(r"(# COMMANDS\n\n.*?\n\n).*?(?=# )", lambda match: match.group(1) + rows, manual, count=1, flags=re.DOTALL)


def ask(binary, *arguments):
    return subprocess.run([binary, *arguments], check=True, capture_output=True, text=True).stdout


def draft_all(binary, folder):
    listed = re.findall(r"^  ([a-z][a-z-]*)\s+(.*)$", ask(binary, "--help"), re.MULTILINE)
    for name, _ in listed:
        path = os.path.join(folder, f"hansa-{name}.1.scd")
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as file:
                file.write(page(name, ask(binary, name, "--help")))
            print(path)
    path = os.path.join(folder, "hansa.1.scd")
    with open(path, encoding="utf-8") as file:
        manual = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(with_commands(manual, listed))


if __name__ == "__main__":
    draft_all(sys.argv[1], os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs", "man"))
