/* One file in memory for readers that want a path. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_FUZZ_FILE_H
#define TEST_FUZZ_FILE_H

#include "fuzz.h"

/* Its path, with these bytes in it now; the same one each time. */
const char *fuzz_file(const uint8_t *data, size_t size);

#endif
