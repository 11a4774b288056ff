/* What can go wrong, in one table: the code, its name for machines, the HTTP status, the exit code
   of a command and the words for a person. Everything else that names a status is made from
   HS_STATUS_TABLE. */
#ifndef HANSA_BASE_STATUS_H
#define HANSA_BASE_STATUS_H

#include <stdarg.h>
#include <stddef.h>

/*  X(symbol, "code", http, exit, "words") — the exit codes are documented in
 * docs/reference/exit-codes.md. */
#define HS_STATUS_TABLE(X)                                                                         \
  X(HS_OK, "ok", 200, 0, "done")                                                                   \
  X(HS_FAILED, "failed", 500, 1, "the operation failed")                                           \
  X(HS_USAGE, "usage", 400, 2, "the command or the call is wrong")                                 \
  X(HS_REJECTED_ROWS, "rejected_rows", 207, 3, "done, but some rows were rejected")                \
  X(HS_INVALID, "invalid", 422, 4, "the input cannot be used")                                     \
  X(HS_NOT_FOUND, "not_found", 404, 5, "there is no such thing")                                   \
  X(HS_CONFLICT, "conflict", 409, 6, "it exists already, with other content")                      \
  X(HS_BUSY, "busy", 503, 7, "somebody else holds it")                                             \
  X(HS_INSUFFICIENT, "insufficient", 422, 8, "there is not enough data")                           \
  X(HS_NO_CONVERGENCE, "no_convergence", 500, 9, "the computation did not converge")               \
  X(HS_IO, "io", 500, 10, "reading or writing failed")                                             \
  X(HS_FULL, "full", 507, 11, "the disk is full")                                                  \
  X(HS_CORRUPT, "corrupt", 500, 12, "stored data is damaged")                                      \
  X(HS_DEAD, "dead", 503, 13, "storage failed earlier; nothing more is acknowledged")              \
  X(HS_NOMEM, "no_memory", 500, 14, "the memory allowed for this is used up")                      \
  X(HS_UNSUPPORTED, "unsupported", 501, 15, "this build or this input does not offer that")        \
  X(HS_DENIED, "denied", 403, 16, "that is not allowed here")                                      \
  X(HS_ATTENTION, "attention", 200, 17, "done, and something needs to be looked at")               \
  X(HS_INTERRUPTED, "interrupted", 503, 130, "interrupted; run it again to go on")                 \
  X(HS_END, "end", 200, 0, "no more")

enum hs_status {
#define HS_STATUS_SYMBOL(symbol, code, http, exit_code, words) symbol,
  HS_STATUS_TABLE(HS_STATUS_SYMBOL)
#undef HS_STATUS_SYMBOL
};

/* The name for machines, such as "not_found"; lives for ever. */
const char *hs_status_code(enum hs_status status);
/* The sentence for people; lives for ever. */
const char *hs_status_words(enum hs_status status);
int hs_status_http(enum hs_status status);
int hs_status_exit(enum hs_status status);

/* What went wrong, in words that carry the place and the value. The first function that fails fills
   it in; callers may prefix it, never replace it. Every function that takes one accepts NULL. */
struct hs_err {
  enum hs_status status;
  char text[1024];
};

/* Fills in the error and gives the status back, so that a failing function can end with `return
   hs_fail(…)`. Text that does not fit is cut. */
[[nodiscard]] enum hs_status hs_fail(struct hs_err *err, enum hs_status status, const char *format,
                                     ...) __attribute__((format(printf, 3, 4)));
/* As hs_fail, with the words for errno appended: "cannot open x: No such file or directory". ENOSPC
   and EDQUOT become HS_FULL whatever status says. */
[[nodiscard]] enum hs_status hs_fail_errno(struct hs_err *err, enum hs_status status,
                                           int errno_value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#ifdef __clang_analyzer__
/* The analyzer reads one file at a time and has to be told that what comes back is the status. */
#define hs_fail(err, status, ...) ((void)(hs_fail)(err, status, __VA_ARGS__), (status))
#define hs_fail_errno(err, status, ...) ((void)(hs_fail_errno)(err, status, __VA_ARGS__), (status))
#endif
/* Puts "format: " in front of the text that is there. */
void hs_err_prefix(struct hs_err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A bug of ours, not of the caller's data: logs the place and aborts, in release builds too. */
#define HS_ASSERT(condition)                                                                       \
  ((condition) ? (void)0 : hs_assert_failed(#condition, __FILE__, __LINE__, __func__))
_Noreturn void hs_assert_failed(const char *condition, const char *file, int line,
                                const char *function);

#endif
