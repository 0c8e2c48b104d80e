/* The program with a memory that fails on demand: ISDMIN_FAIL_AT=N refuses call N of malloc, ISDMIN_FAIL_ON=1 all later ones too;
 * the number of calls goes to the file ISDMIN_FAIL_COUNT. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "lib/alloc.h"

static void tell(void)
{
    long calls = alloc_calls(); /* before fopen makes more */
    alloc_fail(0, false);
    FILE *file = getenv("ISDMIN_FAIL_COUNT") != NULL ? fopen(getenv("ISDMIN_FAIL_COUNT"), "w") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%ld\n", calls);
    fclose(file);
}

static __attribute__((constructor)) void begin(void)
{
    const char *at = getenv("ISDMIN_FAIL_AT");
    atexit(tell);
    alloc_fail(at != NULL ? strtol(at, NULL, 10) : 0, getenv("ISDMIN_FAIL_ON") != NULL);
}
