/* The halves of the real machine, joined into one table by io_real.c. For base/ alone. */
#ifndef HANSA_BASE_IO_PRIV_H
#define HANSA_BASE_IO_PRIV_H

#include "base/io.h"

/* HS_NOT_FOUND and HS_CONFLICT where errno says so, HS_IO for the rest (hs_fail_errno turns a full
   device into HS_FULL). */
enum hs_status hs_real_status(int errno_value);
int64_t hs_real_monotonic_us(void *self);

/* The network functions of the table, as io.h describes them. */
enum hs_status hs_real_listen(void *self, const char *address, hs_socket *out, struct hs_err *err);
enum hs_status hs_real_accept(void *self, hs_socket listener, int64_t timeout_us, hs_socket *out,
                              struct hs_err *err);
enum hs_status hs_real_connect(void *self, const char *address, int64_t timeout_us, hs_socket *out,
                               struct hs_err *err);
enum hs_status hs_real_receive(void *self, hs_socket socket, void *data, size_t bytes,
                               int64_t timeout_us, size_t *done, struct hs_err *err);
enum hs_status hs_real_send(void *self, hs_socket socket, const void *data, size_t bytes,
                            int64_t timeout_us, size_t *done, struct hs_err *err);
void hs_real_close_socket(void *self, hs_socket socket);
enum hs_status hs_real_address(void *self, hs_socket listener, char *out, struct hs_err *err);

#endif
