/* CRC-32C (Castagnoli; RFC 3720, appendix B.4): the polynomial that processors compute. */
#ifndef HANSA_JOURNAL_CRC32C_H
#define HANSA_JOURNAL_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of what `crc` was computed over, followed by data. Start with 0, or with any other
   number that the result shall depend on. By SSE4.2 where the processor has it, else by the table;
   both give the same. */
[[nodiscard]] uint32_t hs_crc32c(uint32_t crc, const void *data, size_t bytes);
/* The table alone, on every processor. */
[[nodiscard]] uint32_t hs_crc32c_table(uint32_t crc, const void *data, size_t bytes);

#endif
