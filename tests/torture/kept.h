/* Is everything there that a store acknowledged? SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_KEPT_H
#define TEST_KEPT_H

#include "../unit/store/rows.h"
#include "lib/must.h"

/* Result `number`: a structure, and the matching from the one before. A repeat of the one before is always with it. */
static inline void kept_put(struct store *store, int number)
{
    MUST(rows_put_structure(store, number) == ISD_OK);
    if (number > 0)
        MUST(rows_put_structure(store, number - 1) == ISD_OK && rows_put_matching(store, number - 1, true, true, 0.5) == ISD_OK);
    if (number % 7 == 0)
        MUST(store_put_setting(store, "last", "x", NULL) == ISD_OK);
}

static inline void kept_abort_note(void *arg, const char *text)
{
    (void)arg;
    fprintf(stderr, "said by the store: %s\n", text);
    abort(); /* nothing is damaged, nothing set aside */
}

/* Results 0 ... last, bit for bit, in an open store. */
static inline void kept_check_rows(struct store *store, int last)
{
    for (int n = 0; n <= last; n++) {
        struct hash128 key = rows_key("matching", n);
        struct store_matching row;
        MUST(rows_has_structure(store, n));
        MUST(n == last || store_get_matching(store, &key, &row));
    }
}

/* The file opens, is sound, and has 0 ... last; perhaps one more, that was durable before it was acknowledged (then true). */
static inline bool kept_check(const char *path, enum store_place place, int last)
{
    struct store *store = NULL;
    isd_error err;
    const struct store_options options = {.place = place};
    if (store_open(path, &options, kept_abort_note, NULL, &store, &err) != ISD_OK || store_check(store, &err) != ISD_OK) {
        fprintf(stderr, "%s: %s\n", err.where, err.what);
        abort();
    }
    kept_check_rows(store, last);
    bool more = rows_has_structure(store, last + 1);
    MUST(!rows_has_structure(store, last + 2));
    store_close(store);
    return more;
}

#endif
