/* The frame of every command: its options as a table, help made from it, output that notices a full
   disk, progress, and one way to fail. A command is one file, cmd_<name>.c, that defines one
   `struct hs_command`; commands.c lists them. */
#ifndef HANSA_CLI_CLI_H
#define HANSA_CLI_CLI_H

#include <stdatomic.h>

#include "base/io.h"
#include "base/text.h"
#include "service/programme.h"

enum hs_option_kind {
  HS_OPTION_FLAG,    /* --json */
  HS_OPTION_TEXT,    /* --data DIR; given twice, the last one counts */
  HS_OPTION_LIST,    /* --map a=b --map c=d: every one counts, in order */
  HS_OPTION_INTEGER, /* checked against min and max */
  HS_OPTION_NUMBER,  /* likewise, any decimal */
};

struct hs_option {
  const char *name; /* without the dashes */
  enum hs_option_kind kind;
  const char *argument; /* what help calls the value: "DIR"; NULL for a flag */
  const char *fallback; /* the value when it is not given, shown in help; NULL for none */
  double min, max;      /* for INTEGER and NUMBER */
  const char *help;     /* one line, lower case, no full stop */
};

struct hs_args;
struct hs_cli;

struct hs_command {
  const char *name;
  const char *synopsis; /* what follows "hansa name": "FILE|- --data DIR [--dry-run]" */
  const char *summary;  /* one line for the list of commands */
  const char *details;  /* paragraphs for its own help; may be NULL */
  const char *examples; /* lines of commands; may be NULL */
  size_t positional_min, positional_max;
  const struct hs_option *options; /* ends with a row whose name is NULL */
  /* HS_OK, or the status that becomes the exit code, with err filled in. Answers go through
   * hs_cli_write. */
  enum hs_status (*run)(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err);
};

/* The commands, in the order in which help lists them, with NULL at the end. */
extern const struct hs_command *const hs_commands[];

/* Runs the program: finds the command, reads the options, runs it, tells what went wrong on
   standard error as "hansa import: …", and gives the exit code (docs/reference/exit-codes.md). */
int hs_cli_main(int argc, char **argv, const struct hs_wiring *wiring);

/* What was asked. Names must be in the command's table (asserted). Text stays valid while the
 * command runs. */
size_t hs_args_count(const struct hs_args *args); /* positional arguments */
struct hs_str hs_args_at(const struct hs_args *args, size_t index);
[[nodiscard]] int hs_args_has(const struct hs_args *args,
                              const char *name); /* given on the command line */
struct hs_str hs_args_text(const struct hs_args *args,
                           const char *name); /* {NULL, 0} when absent without fallback */
int64_t hs_args_integer(const struct hs_args *args,
                        const char *name); /* 0 when absent without fallback */
double hs_args_number(const struct hs_args *args, const char *name);
/* The values of a LIST option, one after the other; 0 at the end. index starts at 0 and is moved
 * on. */
[[nodiscard]] int hs_args_next(const struct hs_args *args, const char *name, size_t *index,
                               struct hs_str *out);

/* The HS_OPTION_DELIMITER of commands that read CSV: 0 when it is absent. HS_USAGE. */
[[nodiscard]] enum hs_status hs_args_delimiter(const struct hs_args *args, char *out,
                                               struct hs_err *err);

/* The value of --period in *out, which stays when there is none. HS_USAGE. */
[[nodiscard]] enum hs_status hs_args_period(const struct hs_args *args, const struct hs_zone *zone,
                                            struct hs_period *out, struct hs_err *err);
/* The same for an option of another name. */
[[nodiscard]] enum hs_status hs_args_period_named(const struct hs_args *args, const char *name,
                                                  const struct hs_zone *zone, struct hs_period *out,
                                                  struct hs_err *err);

/* The beginning in the zone of the day that the option names; *out stays when there is none.
   HS_USAGE. */
[[nodiscard]] enum hs_status hs_args_day(const struct hs_args *args, const char *name,
                                         const struct hs_zone *zone, int64_t *out,
                                         struct hs_err *err);

const struct hs_io *hs_cli_io(const struct hs_cli *cli);
const struct hs_wiring *hs_cli_wiring(const struct hs_cli *cli);
/* As it was called, for commands that are shown to be tried: "build/hansa". */
const char *hs_cli_program(const struct hs_cli *cli);
/* The command's own memory, HS_CLI_ARENA bytes of bound; gone when it returns. */
struct hs_arena *hs_cli_arena(struct hs_cli *cli);
/* Writes to standard output. After the first failure (a full disk, a closed pipe) the rest is
   dropped and the command ends with HS_IO, whatever it returns; over a closed pipe without a
   message, as in `hansa report | head`. */
void hs_cli_write(struct hs_cli *cli, struct hs_str text);
void hs_cli_printf(struct hs_cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Writes what a file gave as hs_format_shown has it, so that a terminal does not obey it. */
void hs_cli_shown(struct hs_cli *cli, struct hs_str text);
/* Whether standard output is a terminal that shows colours (NO_COLOR and TERM=dumb say no), and its
 * width in columns. */
[[nodiscard]] int hs_cli_has_colour(const struct hs_cli *cli);
int hs_cli_width(const struct hs_cli *cli);
/* A remark on standard error, with "hansa <command>: " in front. */
void hs_cli_note(struct hs_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Tells what is wrong with a file, fault by fault: the first is the command's error, which the
   frame tells, so it is only counted. As many as a person reads; hs_cli_tell_rest counts the
   others. */
struct hs_cli_telling {
  struct hs_cli *cli;
  size_t count;
};
void hs_cli_tell_fault(void *context, const char *path, const char *words);
void hs_cli_tell_rest(const struct hs_cli_telling *telling);

/* Progress on standard error, drawn at most ten times a second (and at once when it is about
   something else) and only on a terminal: "reading touches.csv  42 %  3.1 M rows". what lives as
   long as the command. share is 0 to 1, or negative for unknown; detail may be NULL.
   hs_cli_progress_end wipes the line. */
void hs_cli_progress(struct hs_cli *cli, const char *what, double share, const char *detail);
void hs_cli_progress_end(struct hs_cli *cli);

/* 1 after the person pressed Ctrl-C or the system asked to stop. Long work polls it and ends with
   HS_INTERRUPTED; a second signal ends the program at once. */
[[nodiscard]] int hs_cli_interrupted(void);
const atomic_int *hs_cli_interrupt_flag(void);

/* The --data option that commands on a programme have, as a row of their table. */
#define HS_OPTION_DATA                                                                             \
  {                                                                                                \
    "data", HS_OPTION_TEXT, "DIR", NULL, 0, 0, "the programme's data directory"                    \
  }
#define HS_OPTION_DELIMITER                                                                        \
  {                                                                                                \
    "delimiter", HS_OPTION_TEXT, "CHARACTER", NULL, 0, 0, "of CSV: , or ; or tab"                  \
  }
/* Of commands that decide something. */
#define HS_OPTION_BY                                                                               \
  {                                                                                                \
    "by", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "who decides it"                                     \
  }
#define HS_OPTION_SECOND                                                                           \
  {                                                                                                \
    "second", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "who else decides it: another person"            \
  }
#define HS_OPTION_REASON                                                                           \
  {                                                                                                \
    "reason", HS_OPTION_TEXT, "TEXT", NULL, 0, 0, "why, as it stays in the record"                 \
  }
/* Of commands that read a network's export: hs_network_choose says what they mean. */
#define HS_OPTION_NETWORK                                                                          \
  {                                                                                                \
    "network", HS_OPTION_TEXT, "NAME", NULL, 0, 0,                                                 \
        "whose export of commissions it is, or none; told by the names of its fields without it"   \
  }
#define HS_OPTION_AMOUNTS                                                                          \
  {                                                                                                \
    "amounts", HS_OPTION_TEXT, "FORM", NULL, 0, 0,                                                 \
        "of a network's export: unit (12.50) or minor (1250), where its documentation is silent"   \
  }
/* Opens the programme that --data names, with progress while it catches up. HS_USAGE when it is not
 * given. */
[[nodiscard]] enum hs_status hs_cli_open_programme(struct hs_cli *cli, const struct hs_args *args,
                                                   struct hs_programme *out, struct hs_err *err);

/* The same with the ledger caught up too. */
[[nodiscard]] enum hs_status hs_cli_open_ledger(struct hs_cli *cli, const struct hs_args *args,
                                                struct hs_programme *out, struct hs_err *err);

#define HS_CLI_ARENA                                                                               \
  (16 * HS_GIB) /* address space; what a command may really use is bounded by its own parts */

#endif
