/* Rows of atoms as LAMMPS writes them, fast. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_LAMMPS_DUMP_ROWS_H
#define IO_LAMMPS_DUMP_ROWS_H

#include "io/dump_columns.h"

/* Takes rows out of text[0 ... length), whole lines with SCAN_WORD_BEFORE readable bytes before them, for the atoms from
 * `first` on, `most` of them at most. Stops before a row that is in any way unusual, which may still be right. Returns how
 * many rows it took, and their bytes. */
typedef int32_t dump_rows_fn(const struct dump_columns *columns, const char *text, size_t length, int32_t first, int32_t most,
                             isd_snapshot *snapshot, size_t *ret_bytes);

dump_rows_fn dump_rows_plain, dump_rows_avx2;

/* The fastest that this processor runs; all give the same. */
dump_rows_fn *dump_rows_best(void);

/* Sixteen times one byte each: digit zero, point, nine. */
extern const unsigned char DUMP_ROWS_BYTES[3][16];

#endif
