/* How much memory this computer has. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/memory.h"

#include <unistd.h>

double memory_for_frames(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? 0.8 * (double)pages * (double)size : 1e18;
}
