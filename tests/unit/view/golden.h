/* Compares a grid with the files that say how it must look. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tests/golden/view/NAME.txt holds the glyphs, NAME.roles the role of each cell. ISDMIN_GOLDEN_WRITE=1 writes them anew. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/grid.h"

static const char *golden_root; /* main sets it to the source root */

static void golden_file(const char *name, const char *suffix, const char *text)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/golden/view/%s.%s", golden_root, name, suffix);
    if (getenv("ISDMIN_GOLDEN_WRITE")) {
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs(text, out);
        assert_int_equal(fclose(out), 0);
        return;
    }
    FILE *in = fopen(path, "r");
    if (!in)
        fail_msg("no golden file %s (ISDMIN_GOLDEN_WRITE=1 writes it)", path);
    size_t size = strlen(text);
    char *want = calloc(size + 2, 1);
    assert_non_null(want);
    size_t got = fread(want, 1, size + 1, in);
    fclose(in);
    if (got != size || memcmp(want, text, size) != 0)
        print_error("%s.%s differs; now it is\n%s", name, suffix, text);
    assert_int_equal(got, size);
    assert_memory_equal(want, text, size);
    free(want);
}

static inline void golden_grid(const struct grid *grid, const char *name)
{
    char *text = grid_to_text(grid), *roles = grid_to_roles(grid);
    assert_non_null(text);
    assert_non_null(roles);
    golden_file(name, "txt", text);
    golden_file(name, "roles", roles);
    free(text);
    free(roles);
}

#endif
