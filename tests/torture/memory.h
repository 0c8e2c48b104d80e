/* Things to do while memory runs out. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_MEMORY_H
#define TEST_MEMORY_H

#include "isdmin/status.h"

/* One of them: does it all from the beginning, frees all it got, and checks that ret_ outputs are untouched on failure. */
struct memory_case {
    const char *name;
    isd_status (*run)(const void *arg, isd_error *err);
    const void *arg;
};

/* Every case of the loaders, writers and potentials over the files of a folder with seeds; NULL past the last. */
const struct memory_case *memory_file_case(const char *seeds, int k);
/* Computations, commands, jobs; NULL past the last. */
const struct memory_case *memory_work_case(int k);

#endif
