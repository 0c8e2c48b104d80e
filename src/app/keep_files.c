/* What is known of large files, between a set that is read and its store. SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/keep.h"
#include "app/keep_inside.h"

enum { SUM_SIZE = 17 };

static void sum_text(const struct source_identity *identity, char ret_text[SUM_SIZE])
{
    snprintf(ret_text, SUM_SIZE, "%08" PRIx32 "%08" PRIx32, identity->ends[0], identity->ends[1]);
}

void keep_answer(struct session *session, struct frame_set *frames)
{
    struct frame_set_known file;
    struct store_blob known = {0};
    char whole[PATH_MAX], sum[SUM_SIZE];
    if (!frame_set_asks(frames, &file))
        return;
    struct store *store = keep_store_of_frames(session, frames);
    sum_text(&file.identity, sum);
    bool found = store && realpath(file.path, whole) &&
                 store_get_points(store, whole, file.identity.size, file.identity.mtime_ns, sum, &known);
    frame_set_answer(frames, found ? known.bytes : NULL, known.size, NULL); /* without memory it is read */
    store_blob_done(&known);
}

void keep_files(struct session *session, struct dataset *set, struct frame_set_known *known, int n)
{
    for (int k = 0; k < n && set->id > 0; k++) {
        char whole[PATH_MAX], sum[SUM_SIZE];
        struct store_blob points = {.bytes = known[k].bytes, .size = known[k].length};
        struct store *store = points.bytes ? keep_store_of(session, set, true) : NULL;
        if (!store || !realpath(known[k].path, whole))
            continue;
        sum_text(&known[k].identity, sum);
        known[k].bytes = NULL;
        store_put_points(store, whole, known[k].identity.size, known[k].identity.mtime_ns, sum, &points, NULL);
    }
}
