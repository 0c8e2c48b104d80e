/* How much memory this computer has, and what frames take of it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/memory.h"

#include <unistd.h>

double memory_of_frame(const isd_snapshot *s)
{
    return s->n * (s->image != NULL ? MEMORY_PER_ATOM : MEMORY_PER_ATOM - 12) + sizeof *s;
}

static double share_of_memory(double share)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? share * (double)pages * (double)size : 1e18;
}

double memory_for_frames(void)
{
    return share_of_memory(0.8);
}

double memory_for_cache(void)
{
    return share_of_memory(0.25);
}
