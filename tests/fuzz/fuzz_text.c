/* Any bytes as a file of any format, found by its content. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_and_check(data, size);
    return 0;
}
