/* Any bytes as a file of any format, found by its content. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t whole = read_everything(data, size, 0);
    MUST(whole == read_everything(data, size, 1 + size % 97));
    return 0;
}
