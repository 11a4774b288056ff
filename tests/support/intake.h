/* A whole import of a text in memory, told as one string that a test can compare. */
#ifndef HANSA_TESTS_SUPPORT_INTAKE_H
#define HANSA_TESTS_SUPPORT_INTAKE_H

#include "intake/intake.h"

/* The clock of every such import: 2026-07-01T00:00:00Z. */
#define INTAKE_NOW_US (INT64_C(1782864000) * HS_SECOND_US)

/* Reads content as the file options->path (kind and path must be set; the path stands on a
   simulated disk) with all slots in turn from one thread. Gives the good rows in the order of their
   numbers, "number:cell|cell|…\n" (absent cells empty and none behind the last that is there,
   moments in RFC 3339), then the rejects in the order in which they were told, "!line column=value
   (reason) words\n"; or "status: text" when opening or reading fails. report may be NULL; its texts
   live in the arena like the result. */
const char *intake_read(struct hs_arena *arena, struct hs_str content,
                        const struct hs_intake_options *options, struct hs_intake_report *report);

#endif
