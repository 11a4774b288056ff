"""Proves that the checks in tools/ can fail: each is given a small tree with one thing wrong, and the same tree without it."""

import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools"))

import check_commands  # noqa: E402
import check_docs  # noqa: E402
import check_functions  # noqa: E402
import check_includes  # noqa: E402
import check_symbols  # noqa: E402
import check_words  # noqa: E402
import draft_page  # noqa: E402
import source  # noqa: E402


class Tree(unittest.TestCase):
    """A temporary tree that a test fills with files."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = self.folder.name

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def assert_finding(self, findings, *parts):
        self.assertEqual(len(findings), 1, findings)
        for part in parts:
            self.assertIn(part, findings[0])


class Blank(unittest.TestCase):
    def test_comments_and_literals_go_and_places_stay(self):
        text = 'int a; // malloc(\n/* x\n y */ char *s = "free(\\"";\n#include "base/text.h"\n'
        blanked = source.blank(text)
        self.assertEqual(len(blanked), len(text))
        self.assertEqual(blanked.count("\n"), text.count("\n"))
        self.assertNotIn("malloc", blanked)
        self.assertNotIn("free", blanked)
        self.assertIn('"base/text.h"', blanked)


class Includes(Tree):
    def setUp(self):
        super().setUp()
        self.write("tools/rooms.txt", "room base:\nroom stats: base\nroom cli: base\nlibrary sqlite3.h: adapters/sqlite\n"
                   "room adapters: base\n")
        self.write("src/base/text.h", "")
        self.write("src/stats/random.h", "")
        self.write("src/stats/random_priv.h", "")
        self.write("src/stats/random.c", '#include "stats/random.h"\n\n#include "base/text.h"\n')

    def test_a_tree_in_order_passes(self):
        self.assertEqual(check_includes.check(self.root), [])

    def test_a_direction_outside_the_table_is_found(self):
        self.write("src/base/text.c", '#include "base/text.h"\n\n#include "stats/random.h"\n')
        self.assert_finding(check_includes.check(self.root), "src/base/text.c:3", "base may not include stats")

    def test_a_comment_includes_nothing(self):
        self.write("src/base/text.c", '#include "base/text.h"\n/* #include "stats/random.h" */\n')
        self.assertEqual(check_includes.check(self.root), [])

    def test_a_private_header_of_another_folder_is_found(self):
        self.write("tools/rooms.txt", "room base:\nroom stats: base\nroom cli: base stats\n")
        self.write("src/cli/run.c", '#include "stats/random_priv.h"\n')
        self.assert_finding(check_includes.check(self.root), "src/cli/run.c:1", "belongs to stats alone")

    def test_a_library_outside_its_adapter_is_found(self):
        self.write("src/adapters/duckdb/trail.c", "#include <sqlite3.h>\n")
        self.assert_finding(check_includes.check(self.root), "<sqlite3.h>", "adapters/duckdb")

    def test_a_header_that_is_not_the_first_is_found(self):
        self.write("src/stats/random.c", '#include "base/text.h"\n#include "stats/random.h"\n')
        self.assert_finding(check_includes.check(self.root), "src/stats/random.c:1", "own")

    def test_an_allocation_outside_base_and_adapters_is_found(self):
        self.write("src/stats/random.c", '#include "stats/random.h"\nvoid *f(void) { return malloc(1); }\n')
        self.assert_finding(check_includes.check(self.root), "src/stats/random.c:2", "malloc")

    def test_a_room_outside_the_table_is_found(self):
        self.write("src/shed/tool.c", "")
        self.assert_finding(check_includes.check(self.root), "shed", "tools/rooms.txt")

    def test_a_public_header_that_needs_ours_is_found(self):
        self.write("include/hansa/credit.h", '#include "base/text.h"\n')
        self.assert_finding(check_includes.check(self.root), "include/hansa/credit.h:1", "not public")


class Functions(Tree):
    def long_function(self, lines, comment=""):
        body = "  x++;\n" * (lines - 3)
        return f"int y;\n\n{comment}static int long_one(int x)\n{{\n{body}}}\n"

    def check(self, text, ratchet=""):
        self.write("tools/long_functions.txt", ratchet)
        self.write("src/base/text.c", text)
        return check_functions.check(self.root)

    def test_seventy_lines_pass_and_seventy_one_do_not(self):
        self.assertEqual(self.check(self.long_function(70)), [])
        self.assert_finding(self.check(self.long_function(71)), "src/base/text.c:3", "long_one has 71 lines")

    def test_an_entry_with_a_comment_passes_and_may_not_grow(self):
        entry = "src/base/text.c long_one 80\n"
        comment = "/* One rule per line, in order. */\n"
        self.assertEqual(self.check(self.long_function(80, comment), entry), [])
        self.assert_finding(self.check(self.long_function(81, comment), entry), "81 lines, the limit is 80")
        self.assert_finding(self.check(self.long_function(80), entry), "no comment")

    def test_the_ratchet_falls_with_the_function(self):
        entry = "src/base/text.c long_one 80\n"
        self.assert_finding(self.check(self.long_function(75, "/* Why. */\n"), entry), "has 75 lines now")
        self.assert_finding(self.check("int y;\n", entry), "there is no long_one")


class Symbols(unittest.TestCase):
    def test_a_symbol_without_the_prefix_is_found(self):
        listing = ("base/text.c.o:0000 T hs_parse\nbase/text.c.o:0010 T parse\n"
                   "base/text.c.o:0020 D __asan_x\n")
        findings = check_symbols.check_prefix(listing)
        self.assertEqual(findings, ["text.c.o: the symbol parse does not begin with hs_"])

    def test_exports_are_exactly_what_the_headers_mark(self):
        header = ("#define HS_API __attribute__((visibility(\"default\")))\n/* HS_API int hs_not(void); */\n"
                  "HS_API [[nodiscard]] enum hs_status hs_attribute(const struct hs_x *x,\n    int y);\n")
        self.assertEqual(check_symbols.check_exports("0000 T hs_attribute\n", [header]), [])
        self.assertEqual(len(check_symbols.check_exports("0000 T hs_attribute\n0001 T hs_inner\n", [header])), 1)
        self.assertEqual(len(check_symbols.check_exports("", [header])), 1)


class Docs(Tree):
    STATUS = 'X(HS_OK, "ok", 200, 0, "done") \\\n X(HS_USAGE, "usage", 400, 2,   \\\n "wrong")\n'
    MANUAL = "# EXIT STATUS\n\n*0*\n\tdone\n\n*2*\n\twrong\n"
    COLUMNS = '{"day", HS_TYPE_DAY, REQUIRED | KEY, NULL, {"date", "on"}, "the day"},\n'
    COLUMN_ROW = "| `day` | day | key | `date` `on` | the day |\n"
    CODES = "| 0 | `ok` | done |\n| 2 | `usage` | wrong |\n"

    def setUp(self):
        super().setUp()
        subprocess.run(["git", "init", "-q", self.root], check=True)
        self.write("src/base/status.h", self.STATUS)
        self.write("src/base/README.md", "# base\n" * 20)
        self.write("docs/reference/exit-codes.md", self.CODES)
        self.write("docs/man/hansa.1.scd", self.MANUAL)
        self.write("src/ports/events.c", self.COLUMNS)
        self.write("src/ports/README.md", "# ports\n" * 20)
        self.write("docs/reference/import.md", self.COLUMN_ROW)
        self.write("tests/unit/base/test_text.c", "")

    def test_a_tree_in_order_passes(self):
        self.write("README.md", "# A house\n[base](src/base/README.md) [top](#a-house) [far](https://example.org) `unit.base.text`\n")
        self.assertEqual(check_docs.check(self.root), [])

    def test_a_dead_link_is_found(self):
        self.write("README.md", "text\n[no](docs/nothing.md)\n")
        self.assert_finding(check_docs.check(self.root), "README.md:2", "docs/nothing.md")

    def test_a_dead_anchor_is_found(self):
        self.write("README.md", "# A house\n[no](#a-home)\n")
        self.assert_finding(check_docs.check(self.root), "#a-home")

    def test_a_test_that_does_not_exist_is_found(self):
        self.write("README.md", "`unit.base.time` guards it\n")
        self.assert_finding(check_docs.check(self.root), "unit.base.time")

    def test_a_room_without_a_readme_is_found(self):
        self.write("src/stats/random.c", "")
        self.assert_finding(check_docs.check(self.root), "src/stats/README.md")

    def test_exit_codes_that_differ_from_the_table_are_found(self):
        self.write("docs/reference/exit-codes.md", "| 0 | `ok` | done |\n")
        self.assert_finding(check_docs.check(self.root), "lacks", "usage")
        self.write("docs/reference/exit-codes.md", self.CODES + "| 3 | `odd` | odd |\n")
        self.assert_finding(check_docs.check(self.root), "odd")

    def test_a_column_without_its_row_is_found(self):
        self.write("docs/reference/import.md", self.COLUMN_ROW.replace(" `on`", ""))
        self.assert_finding(check_docs.check(self.root), "docs/reference/import.md", "day")

    def test_a_manual_that_differs_from_the_table_is_found(self):
        self.write("docs/man/hansa.1.scd", self.MANUAL.replace("*2*", "*3*"))
        self.assertEqual(len(check_docs.check(self.root)), 2)  # 2 is missing, 3 is nothing


class Words(Tree):
    def test_an_unfinished_thought_is_found(self):
        subprocess.run(["git", "init", "-q", self.root], check=True)
        self.write("src/base/text.c", "int x;\n")
        self.assertEqual(check_words.check(self.root), [])
        self.write("src/base/text.c", 'char *none = "XX' + 'X"; /* no currency */\n')
        self.assertEqual(check_words.check(self.root), [])
        self.write("src/base/text.c", "int x; /* TO" + "DO later */\n")
        self.assert_finding(check_words.check(self.root), "src/base/text.c:1")


class Commands(Tree):
    HELP = "usage: hansa COMMAND\n\nCommands:\n  init   makes a programme\n  sql    asks\n\nMore: hansa COMMAND --help\n"

    def setUp(self):
        super().setUp()
        self.write("docs/man/hansa.1.scd", "*init*\n*sql*\n")
        self.write("docs/man/hansa-init.1.scd", "*--data* _DIR_\n\n*--help*\n")
        self.write("docs/man/hansa-sql.1.scd", "*--json*, *--csv*\n*--help*\n")
        self.helps = {"init": "  --data DIR  where\n  --help\n", "sql": "  --json|--csv\n --help\n"}

    def check(self):
        return check_commands.check(self.root, self.HELP, self.helps.get)

    def test_pages_that_agree_pass(self):
        self.assertEqual(self.check(), [])

    def test_a_command_without_a_page_is_found(self):
        os.remove(os.path.join(self.root, "docs/man/hansa-sql.1.scd"))
        self.assert_finding(self.check(), "hansa-sql.1.scd")

    def test_a_page_without_a_command_is_found(self):
        self.write("docs/man/hansa-fly.1.scd", "*--help*\n")
        self.assert_finding(self.check(), "hansa-fly.1.scd")

    def test_options_that_differ_are_found(self):
        self.helps["sql"] = "  --json|--csv --table\n --help\n"
        self.assert_finding(self.check(), "--table")
        self.helps["sql"] = "  --json --help\n"
        self.assert_finding(self.check(), "--csv")

    def test_a_drafted_page_agrees_with_the_help_it_is_from(self):
        self.helps["init"] = ("hansa init: makes an empty programme\n\nUsage: hansa init DIR [--name TEXT]\n\nA directory is one.\n\n"
                              "Options:\n  --name TEXT                what it is called (default DIR)\n"
                              "  --quiet                    says nothing\n\nExamples:\n  hansa init shop\n")
        page = draft_page.page("init", self.helps["init"])
        self.assertIn("*--name* _TEXT_\n\twhat it is called (default DIR)", page)
        self.write("docs/man/hansa-init.1.scd", page)
        self.assertEqual(self.check(), [])

    def test_the_list_of_commands_is_replaced_and_nothing_else(self):
        manual = "# COMMANDS\n\nEach has a page.\n\n*old*\n\tgone\n\n# EXIT STATUS\n\n*0*\n\tdone\n"
        once = draft_page.with_commands(manual, [("init", "makes a programme"), ("sql", "asks")])
        self.assertEqual(once, manual.replace("*old*\n\tgone", "*init*\n\tmakes a programme\n\n*sql*\n\tasks"))
        self.assertEqual(draft_page.with_commands(once, [("init", "makes a programme"), ("sql", "asks")]), once)


if __name__ == "__main__":
    unittest.main()
