/* The program's own log: one line an event to standard error, `2026-03-01T12:00:00Z warn room:
   words key=value`. Not for what a command answers (that is standard output) and never for personal
   data. */
#ifndef HANSA_BASE_LOG_H
#define HANSA_BASE_LOG_H

#include "base/io.h"
#include "base/text.h"

enum hs_log_level { HS_LOG_ERROR, HS_LOG_WARN, HS_LOG_INFO, HS_LOG_DEBUG };

/* Lines above the level are dropped. The default is HS_LOG_WARN, to standard error with the real
   clock (io NULL gives that back, write_line NULL standard error). write_line gets each whole line
   with its newline. Set once, before threads start. */
void hs_log_set(enum hs_log_level level, const struct hs_io *io,
                void (*write_line)(void *context, struct hs_str line), void *context);
/* room is a word such as "journal". Line breaks inside the text are shown as \n, other control
   characters as \x1b; a line is cut at 2 KiB. */
void hs_log(enum hs_log_level level, const char *room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
