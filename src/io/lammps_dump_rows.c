/* Rows in plain C, and the choice of a kernel. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lammps_dump_rows.h"

#include "base/scan_word.h"

_Alignas(16) const unsigned char DUMP_ROWS_BYTES[3][16] = {"0000000000000000", "................", "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t"};

#define ROWS_TAKE dump_rows_plain
#define ROWS_TARGET
#define word_double scan_word_double
#define word_int64 scan_word_int64

/* One bit for each marked top bit of eight bytes. */
static inline uint64_t gather(uint64_t marks)
{
    return (marks >> 7) * 0x0102040810204080ull >> 56;
}

static inline uint64_t blanks_of(const char *p, uint64_t *ret_newlines)
{
    uint64_t blanks = 0, newlines = 0;
    for (int k = 0; k < 8; k++) {
        uint64_t word = scan_load(p + 8 * k);
        uint64_t text = ((word & 0x7f7f7f7f7f7f7f7full) + 0x5f5f5f5f5f5f5f5full) | word;
        blanks |= gather(~text & 0x8080808080808080ull) << 8 * k;
        newlines |= gather(scan_zero_bytes(word ^ 0x0a0a0a0a0a0a0a0aull)) << 8 * k;
    }
    *ret_newlines = newlines;
    return blanks;
}

#include "io/lammps_dump_rows.inc"

dump_rows_fn *dump_rows_best(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
        return dump_rows_avx2;
#endif
    return dump_rows_plain;
}
