#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"

#define LINE_BYTES 2048

static struct {
  enum hs_log_level level;
  const struct hs_io *io; /* NULL: the real one */
  void (*write)(void *context, struct hs_str line);
  void *context;
} settings = {.level = HS_LOG_WARN};

static const char *const LEVEL_WORDS[] = {[HS_LOG_ERROR] = "error",
                                          [HS_LOG_WARN] = "warn",
                                          [HS_LOG_INFO] = "info",
                                          [HS_LOG_DEBUG] = "debug"};

void hs_log_set(enum hs_log_level level, const struct hs_io *io,
                void (*write_line)(void *context, struct hs_str line), void *context)
{
  settings.level = level;
  settings.io = io;
  settings.write = write_line;
  settings.context = context;
}

/* One system call a line, so that lines of several threads and processes do not mix. A log that
   cannot be written has nobody to tell. */
static void write_to_stderr(struct hs_str line)
{
  while (line.length > 0) {
    ssize_t put = write(STDERR_FILENO, line.data, line.length);
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return;
    line.data += put;
    line.length -= (size_t)put;
  }
}

static const char *escape_of(char c, char scratch[8])
{
  if (c == '\n')
    return "\\n";
  if (c == '\r')
    return "\\r";
  if (c == '\t' || ((unsigned char)c >= 0x20 && c != 0x7F))
    return NULL;
  (void)snprintf(scratch, 8, "\\x%02x", (unsigned char)c);
  return scratch;
}

/* Copies the text in one line: what could break it, or drive a terminal, is shown as an escape. */
static size_t put_escaped(char *out, size_t room, const char *text)
{
  size_t used = 0;
  char scratch[8];
  for (; *text != '\0' && room - used > sizeof scratch; text++) {
    const char *escape = escape_of(*text, scratch);
    if (escape == NULL)
      out[used++] = *text;
    else
      while (*escape != '\0')
        out[used++] = *escape++;
  }
  return used;
}

void hs_log(enum hs_log_level level, const char *room, const char *format, ...)
{
  if (level > settings.level)
    return;
  char text[LINE_BYTES];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  const struct hs_io *io = settings.io == NULL ? hs_io_real() : settings.io;
  char moment[HS_TIME_TEXT];
  hs_format_time(io->now_us(io->self), moment);
  char line[LINE_BYTES];
  int head = snprintf(line, sizeof line, "%s %s %.64s: ", moment, LEVEL_WORDS[level], room);
  HS_ASSERT(head > 0 && (size_t)head < sizeof line);
  size_t length = (size_t)head;
  length += put_escaped(line + length, sizeof line - length, text);
  line[length++] = '\n';
  struct hs_str whole = {line, length};
  if (settings.write == NULL)
    write_to_stderr(whole);
  else
    settings.write(settings.context, whole);
}
