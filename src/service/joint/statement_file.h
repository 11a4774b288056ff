/* A joint profit and loss as a JSON file: lines, sides, what was agreed. It needs no programme, so
   that one side can begin with five lines. The form is in docs/reference/joint.schema.json. */
#ifndef HANSA_SERVICE_JOINT_STATEMENT_FILE_H
#define HANSA_SERVICE_JOINT_STATEMENT_FILE_H

#include "agreement/shape.h"
#include "base/io.h"
#include "service/joint/statement.h"

/* At most so much is read of a file: a sheet is a document for people. */
#define HS_SHEET_BYTES_MAX (4 * HS_MIB)

/* The fields of the file, for its schema. */
extern const struct hs_shape hs_sheet_shape;

/* HS_INVALID when it is none: every fault is told with its path (fault may be NULL), and err holds
   the first. Whether its terms can be applied is asked by hs_statement_make. Text and arrays live
   in arena. */
[[nodiscard]] enum hs_status hs_sheet_parse(struct hs_str json, struct hs_arena *arena,
                                            struct hs_sheet *out, hs_fault_fn fault, void *context,
                                            struct hs_err *err);
/* The same of a file, whose name then stands before the error. */
[[nodiscard]] enum hs_status hs_sheet_read(const struct hs_io *io, const char *path,
                                           struct hs_arena *arena, struct hs_sheet *out,
                                           hs_fault_fn fault, void *context, struct hs_err *err);

/* The side of that name; HS_NOT_FOUND names those that there are. */
[[nodiscard]] enum hs_status hs_sheet_side(const struct hs_sheet *sheet, struct hs_str name,
                                           uint32_t *out, struct hs_err *err);

#endif
