#include "cli/cli.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "service/post/post.h"

#define ARGUMENTS_MAX 256

struct given {
  const struct hs_option *option;
  struct hs_str value;
};

struct hs_args {
  const struct hs_command *command;
  size_t positional_count;
  size_t given_count;
  struct hs_str positional[ARGUMENTS_MAX];
  struct given given[ARGUMENTS_MAX];
};

struct hs_cli {
  const struct hs_wiring *wiring;
  const struct hs_io *io;
  const struct hs_command *command;
  const char *program;
  struct hs_arena arena;
  int output_errno; /* of the first failed write; 0 while all is well */
  int is_progress_shown;
  int64_t progress_next_us;
  const char *progress_what; /* of the line that was drawn last */
};

static atomic_int interrupted; /* lock-free, so a signal handler may set it */

static void on_signal([[maybe_unused]] int number)
{
  if (interrupted)
    _exit(hs_status_exit(HS_INTERRUPTED)); /* NOLINT(bugprone-signal-handler): reads a constant */
  interrupted = 1;
}

int hs_cli_interrupted(void) { return interrupted != 0; }
const atomic_int *hs_cli_interrupt_flag(void) { return &interrupted; }

/* ---- reading the command line ---- */

static const struct hs_option *find_option(const struct hs_command *command, struct hs_str name)
{
  for (const struct hs_option *option = command->options; option->name != NULL; option++)
    if (hs_str_equal(name, hs_str_of(option->name)))
      return option;
  return NULL;
}

static enum hs_status check_value(const struct hs_option *option, struct hs_str value,
                                  struct hs_err *err)
{
  int64_t integer = 0;
  double number = 0;
  int is_read = 1;
  int is_integer = option->kind == HS_OPTION_INTEGER;
  int digits = is_integer ? 16 : 15; /* 2^53 - 1 has 16, and a 16th would spoil 99.9 */
  if (is_integer) {
    is_read = hs_parse_i64(value, &integer);
    number = (double)integer;
  } else if (option->kind == HS_OPTION_NUMBER) {
    is_read = hs_parse_double(value, &number);
  } else {
    return HS_OK;
  }
  if (!is_read || number < option->min || number > option->max)
    return hs_fail(err, HS_USAGE, "--%s must be %s from %.*g to %.*g, got %.*s", option->name,
                   is_integer ? "a whole number" : "a number", digits, option->min, digits,
                   option->max, HS_STR_ARG(value));
  return HS_OK;
}

/* Takes "--name value", "--name=value" or "--flag" at argv[*index]; moves *index over a separate
 * value. */
static enum hs_status read_option(struct hs_args *args, int argc, char **argv, int *index,
                                  struct hs_err *err)
{
  struct hs_str value = hs_str_of(argv[*index] + 2);
  struct hs_str name = hs_str_cut(&value, '=');
  const struct hs_option *option = find_option(args->command, name);
  if (option == NULL)
    return hs_fail(err, HS_USAGE, "there is no option --%.*s; see: hansa %s --help",
                   HS_STR_ARG(name), args->command->name);
  if (option->kind == HS_OPTION_FLAG) {
    if (value.data != NULL)
      return hs_fail(err, HS_USAGE, "--%s takes no value, got %.*s", option->name,
                     HS_STR_ARG(value));
    value = HS_STR("1");
  } else if (value.data == NULL) {
    if (*index + 1 >= argc)
      return hs_fail(err, HS_USAGE, "--%s needs a value: --%s %s", option->name, option->name,
                     option->argument);
    value = hs_str_of(argv[++*index]);
  }
  if (args->given_count == ARGUMENTS_MAX)
    return hs_fail(err, HS_USAGE, "more than %d options", ARGUMENTS_MAX);
  args->given[args->given_count++] = (struct given){option, value};
  return check_value(option, value, err);
}

static enum hs_status read_arguments(struct hs_args *args, int argc, char **argv,
                                     struct hs_err *err)
{
  int only_positional = 0;
  for (int i = 2; i < argc; i++) {
    const char *text = argv[i];
    if (!only_positional && strcmp(text, "--") == 0) {
      only_positional = 1;
      continue;
    }
    if (!only_positional && strncmp(text, "--", 2) == 0) {
      enum hs_status status = read_option(args, argc, argv, &i, err);
      if (status != HS_OK)
        return status;
      continue;
    }
    int is_number = text[0] == '-' && text[1] >= '0' && text[1] <= '9';
    if (!only_positional && text[0] == '-' && text[1] != '\0' && !is_number)
      return hs_fail(err, HS_USAGE, "options have two dashes, got %s", text);
    if (args->positional_count == args->command->positional_max)
      return hs_fail(err, HS_USAGE, "%s is one argument too many; see: hansa %s --help", text,
                     args->command->name);
    args->positional[args->positional_count++] = hs_str_of(text);
  }
  struct hs_str all = hs_str_of(args->command->synopsis);
  struct hs_str usage = hs_str_cut(&all, '\n'); /* a message is one line */
  if (args->positional_count < args->command->positional_min)
    return hs_fail(err, HS_USAGE, "something is missing; usage: hansa %s %.*s", args->command->name,
                   HS_STR_ARG(usage));
  return HS_OK;
}

size_t hs_args_count(const struct hs_args *args) { return args->positional_count; }

struct hs_str hs_args_at(const struct hs_args *args, size_t index)
{
  HS_ASSERT(index < args->positional_count);
  return args->positional[index];
}

static const struct given *find_given(const struct hs_args *args, const char *name)
{
  HS_ASSERT(find_option(args->command, hs_str_of(name)) != NULL);
  for (size_t i = args->given_count; i > 0; i--)
    if (strcmp(args->given[i - 1].option->name, name) == 0)
      return &args->given[i - 1];
  return NULL;
}

int hs_args_has(const struct hs_args *args, const char *name)
{
  return find_given(args, name) != NULL;
}

struct hs_str hs_args_text(const struct hs_args *args, const char *name)
{
  const struct given *given = find_given(args, name);
  return given != NULL ? given->value
                       : hs_str_of(find_option(args->command, hs_str_of(name))->fallback);
}

int64_t hs_args_integer(const struct hs_args *args, const char *name)
{
  int64_t value = 0;
  struct hs_str text = hs_args_text(args, name);
  HS_ASSERT(text.data == NULL || hs_parse_i64(text, &value));
  return value;
}

double hs_args_number(const struct hs_args *args, const char *name)
{
  double value = 0;
  struct hs_str text = hs_args_text(args, name);
  HS_ASSERT(text.data == NULL || hs_parse_double(text, &value));
  return value;
}

int hs_args_next(const struct hs_args *args, const char *name, size_t *index, struct hs_str *out)
{
  for (; *index < args->given_count; (*index)++)
    if (strcmp(args->given[*index].option->name, name) == 0) {
      *out = args->given[(*index)++].value;
      return 1;
    }
  return 0;
}

enum hs_status hs_args_delimiter(const struct hs_args *args, char *out, struct hs_err *err)
{
  struct hs_str text = hs_args_text(args, "delimiter");
  int is_tab = hs_str_equal(text, HS_STR("tab"));
  int is_one = text.length == 1 && strchr(",;\t", text.data[0]) != NULL;
  if (text.data != NULL && !is_tab && !is_one)
    return hs_fail(err, HS_USAGE, "--delimiter must be , or ; or tab, got %.*s", HS_STR_ARG(text));
  *out = text.data == NULL ? '\0' : is_tab ? '\t' : text.data[0];
  return HS_OK;
}

enum hs_status hs_args_period_named(const struct hs_args *args, const char *name,
                                    const struct hs_zone *zone, struct hs_period *out,
                                    struct hs_err *err)
{
  struct hs_str text = hs_args_text(args, name);
  if (text.data == NULL || hs_parse_period(text, zone, out, err) == HS_OK)
    return HS_OK;
  hs_err_prefix(err, "--%s", name);
  err->status = HS_USAGE; /* what is unusable as input is wrong as an option */
  return HS_USAGE;
}

enum hs_status hs_args_period(const struct hs_args *args, const struct hs_zone *zone,
                              struct hs_period *out, struct hs_err *err)
{
  return hs_args_period_named(args, "period", zone, out, err);
}

enum hs_status hs_args_day(const struct hs_args *args, const char *name, const struct hs_zone *zone,
                           int64_t *out, struct hs_err *err)
{
  struct hs_str text = hs_args_text(args, name);
  int32_t day = 0;
  if (text.data == NULL)
    return HS_OK;
  if (!hs_parse_day(text, &day))
    return hs_fail(err, HS_USAGE, "--%s must be a day such as 2026-10-01, got %.*s", name,
                   HS_STR_ARG(text));
  *out = hs_zone_day_start_us(zone, day);
  return HS_OK;
}

/* ---- output ---- */

/* The longest text of one call; what is longer ends there. */
#define MESSAGE_BYTES 16384

/* The one way of messages to a stream: they hold values that anybody may have written, and a
   terminal is to show those and not to obey them. Characters of `kept` go through. */
static int print_shown(FILE *stream, const char *kept, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));
static int print_shown(FILE *stream, const char *kept, const char *format, va_list arguments)
{
  char text[MESSAGE_BYTES];
  char shown[MESSAGE_BYTES];
  (void)vsnprintf(text, sizeof text, format, arguments);
  hs_format_shown(hs_str_of(text), kept, shown, sizeof shown);
  return fputs(shown, stream);
}

const struct hs_io *hs_cli_io(const struct hs_cli *cli) { return cli->io; }
const struct hs_wiring *hs_cli_wiring(const struct hs_cli *cli) { return cli->wiring; }
const char *hs_cli_program(const struct hs_cli *cli) { return cli->program; }
struct hs_arena *hs_cli_arena(struct hs_cli *cli) { return &cli->arena; }

void hs_cli_write(struct hs_cli *cli, struct hs_str text)
{
  if (cli->is_progress_shown)
    hs_cli_progress_end(cli);
  if (cli->output_errno == 0 && text.length > 0 &&
      fwrite(text.data, 1, text.length, stdout) != text.length)
    cli->output_errno = errno;
}

void hs_cli_printf(struct hs_cli *cli, const char *format, ...)
{
  if (cli->is_progress_shown)
    hs_cli_progress_end(cli);
  va_list arguments;
  va_start(arguments, format);
  if (cli->output_errno == 0 && print_shown(stdout, "\n", format, arguments) < 0)
    cli->output_errno = errno;
  va_end(arguments);
}

void hs_cli_shown(struct hs_cli *cli, struct hs_str text)
{
  char shown[HS_KIB];
  hs_format_shown(text, "", shown, sizeof shown);
  hs_cli_printf(cli, "%s", shown);
}

int hs_cli_has_colour([[maybe_unused]] const struct hs_cli *cli)
{
  const char *no_colour = getenv("NO_COLOR");
  const char *terminal = getenv("TERM");
  return isatty(STDOUT_FILENO) && (no_colour == NULL || *no_colour == '\0') && terminal != NULL &&
         strcmp(terminal, "dumb") != 0;
}

int hs_cli_width([[maybe_unused]] const struct hs_cli *cli)
{
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    return size.ws_col;
  return 100;
}

void hs_cli_note(struct hs_cli *cli, const char *format, ...)
{
  if (cli->is_progress_shown)
    hs_cli_progress_end(cli);
  va_list arguments;
  va_start(arguments, format);
  (void)fprintf(stderr, "hansa%s%s: ", cli->command != NULL ? " " : "",
                cli->command != NULL ? cli->command->name : "");
  (void)print_shown(stderr, "", format, arguments);
  va_end(arguments);
  (void)fputc('\n', stderr);
}

#define FAULTS_TOLD 50

void hs_cli_tell_fault(void *context, const char *path, const char *words)
{
  struct hs_cli_telling *telling = context;
  if (++telling->count > 1 && telling->count <= FAULTS_TOLD)
    hs_cli_note(telling->cli, "%s%s%s", path, *path != '\0' ? ": " : "", words);
}

void hs_cli_tell_rest(const struct hs_cli_telling *telling)
{
  if (telling->count > FAULTS_TOLD)
    hs_cli_note(telling->cli, "and %zu more", telling->count - FAULTS_TOLD);
}

void hs_cli_progress(struct hs_cli *cli, const char *what, double share, const char *detail)
{
  int64_t now_us = cli->io->monotonic_us(cli->io->self);
  int is_new = cli->progress_what == NULL || strcmp(cli->progress_what, what) != 0;
  if (!isatty(STDERR_FILENO) || (now_us < cli->progress_next_us && !is_new))
    return;
  cli->progress_what = what;
  cli->progress_next_us = now_us + 100000;
  cli->is_progress_shown = 1;
  (void)fprintf(stderr, "\r\033[K%s", what);
  if (share >= 0) {
    static const char BAR[] = "####################";
    int filled = (int)(fmin(share, 1.0) * 20);
    (void)fprintf(stderr, "  [%.*s%*s] %3d %%", filled, BAR, 20 - filled, "",
                  (int)(fmin(share, 1.0) * 100));
  }
  if (detail != NULL)
    (void)fprintf(stderr, "  %s", detail);
  (void)fflush(stderr);
}

void hs_cli_progress_end(struct hs_cli *cli)
{
  if (cli->is_progress_shown)
    (void)fputs("\r\033[K", stderr);
  cli->is_progress_shown = 0;
}

/* ---- the programme ---- */

static void show_catching_up(void *context, uint64_t sequence, uint64_t until_sequence)
{
  hs_cli_progress(context, "catching up with the journal",
                  (double)sequence / (double)until_sequence, NULL);
}

enum hs_status hs_cli_open_programme(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_programme *out, struct hs_err *err)
{
  struct hs_str directory = hs_args_text(args, "data");
  if (directory.data == NULL)
    return hs_fail(err, HS_USAGE,
                   "say where the programme is: --data DIR (hansa init DIR makes one)");
  return hs_programme_open(cli->wiring, &cli->arena, directory.data, show_catching_up, cli, out,
                           err);
}

enum hs_status hs_cli_open_ledger(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *out, struct hs_err *err)
{
  enum hs_status status = hs_cli_open_programme(cli, args, out, err);
  return status == HS_OK ? hs_ledger_catch_up(out, show_catching_up, cli, NULL, err) : status;
}

/* ---- help ---- */

static void print_options(struct hs_cli *cli, const struct hs_option *options)
{
  for (const struct hs_option *option = options; option->name != NULL; option++) {
    char left[64];
    (void)snprintf(left, sizeof left, "--%s%s%s", option->name, option->argument != NULL ? " " : "",
                   option->argument != NULL ? option->argument : "");
    hs_cli_printf(cli, "  %-26s %s", left, option->help);
    if (option->fallback != NULL)
      hs_cli_printf(cli, " (default %s)", option->fallback);
    hs_cli_printf(cli, "\n");
  }
}

static void print_command_help(struct hs_cli *cli, const struct hs_command *command)
{
  hs_cli_printf(cli, "hansa %s: %s\n\nUsage: hansa %s %s\n", command->name, command->summary,
                command->name, command->synopsis);
  if (command->details != NULL)
    hs_cli_printf(cli, "\n%s\n", command->details);
  if (command->options->name != NULL) {
    hs_cli_printf(cli, "\nOptions:\n");
    print_options(cli, command->options);
  }
  if (command->examples != NULL)
    hs_cli_printf(cli, "\nExamples:\n%s\n", command->examples);
}

static void print_help(struct hs_cli *cli)
{
  hs_cli_printf(cli, "hansa: the partnership engine, version " HANSA_VERSION
                     "\n\nUsage: hansa COMMAND …\n\nCommands:\n");
  for (size_t i = 0; hs_commands[i] != NULL; i++)
    hs_cli_printf(cli, "  %-12s %s\n", hs_commands[i]->name, hs_commands[i]->summary);
  hs_cli_printf(cli, "\nMore on one of them: hansa COMMAND --help\n");
}

static const struct hs_command *find_command(const char *name)
{
  for (size_t i = 0; hs_commands[i] != NULL; i++)
    if (strcmp(hs_commands[i]->name, name) == 0)
      return hs_commands[i];
  return NULL;
}

static int wants_help(int argc, char **argv)
{
  for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
      return 1;
  return 0;
}

/* ---- running ---- */

static enum hs_status run_command(struct hs_cli *cli, int argc, char **argv, struct hs_err *err)
{
  static struct hs_args args; /* large, and there is one command to a process */
  args.command = cli->command;
  enum hs_status status = read_arguments(&args, argc, argv, err);
  if (status == HS_OK)
    status = hs_arena_init(&cli->arena, HS_CLI_ARENA, err);
  if (status == HS_OK)
    status = cli->command->run(cli, &args, err);
  hs_cli_progress_end(cli);
  hs_arena_release(&cli->arena);
  return status;
}

static int answer_about(struct hs_cli *cli, const char *name)
{
  const struct hs_command *command = find_command(name);
  if (command != NULL)
    print_command_help(cli, command);
  return command != NULL;
}

/* `hansa help`, `hansa help import`, `hansa --help`, `hansa --version`: 1 when it was one of them.
 */
static int answer_about_itself(struct hs_cli *cli, int argc, char **argv)
{
  const char *first = argc > 1 ? argv[1] : "";
  int is_help = strcmp(first, "help") == 0;
  if (is_help && argc > 2)
    return answer_about(cli, argv[2]);
  if (strcmp(first, "--version") == 0 || strcmp(first, "version") == 0)
    hs_cli_printf(cli, "hansa " HANSA_VERSION "\n");
  else if (is_help || strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
    print_help(cli);
  else
    return 0;
  return 1;
}

int hs_cli_main(int argc, char **argv, const struct hs_wiring *wiring)
{
  struct hs_cli cli = {.wiring = wiring, .io = wiring->io, .program = argc > 0 ? argv[0] : "hansa"};
  struct hs_err err = {0};
  enum hs_status status = HS_OK;
  (void)signal(SIGINT, on_signal);
  (void)signal(SIGTERM, on_signal);
  (void)signal(SIGPIPE, SIG_IGN);
  if (!answer_about_itself(&cli, argc, argv)) {
    cli.command = argc > 1 ? find_command(argv[1]) : NULL;
    if (argc < 2)
      status = hs_fail(&err, HS_USAGE, "no command was given; see: hansa help");
    else if (cli.command == NULL)
      status = hs_fail(&err, HS_USAGE, "there is no command %s; see: hansa help",
                       strcmp(argv[1], "help") == 0 ? argv[2] : argv[1]);
    else if (wants_help(argc, argv))
      print_command_help(&cli, cli.command);
    else
      status = run_command(&cli, argc, argv, &err);
  }
  if (fflush(stdout) != 0 && cli.output_errno == 0)
    cli.output_errno = errno;
  int is_cut_off = cli.output_errno != 0 &&
                   (status == HS_OK || status == HS_REJECTED_ROWS || status == HS_ATTENTION);
  if (is_cut_off)
    status = hs_fail_errno(&err, HS_IO, cli.output_errno, "cannot write the answer");
  /* Who closed a pipe has seen enough and needs no message. */
  if (status != HS_OK && err.text[0] != '\0' && !(is_cut_off && cli.output_errno == EPIPE))
    hs_cli_note(&cli, "%s", err.text);
  return hs_status_exit(status);
}
