/* Power cuts: after every single step of a program's writing, with what was not synced lost, kept or in pieces, the store opens, is
 * sound, and has all that was acknowledged. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: t_power RESULTS PIECES [SEED]: so many commits, and so many ways for pieces at every step. */
#include <string.h>
#include <unistd.h>

#include "../lib/scratch.h"
#include "base/scan.h"
#include "kept.h"
#include "store/inside.h"
#include "vfs.h"

static long cuts, unacknowledged;

/* A session or two: opened, results committed one by one, closed, opened again. */
static void record(const char *path, enum store_place place, int results)
{
    for (int session = 0; session < 2; session++) {
        struct store *store = NULL;
        isd_error err;
        const struct store_options options = {.vfs = VFS_NAME, .place = place};
        if (store_open(path, &options, kept_abort_note, NULL, &store, &err) != ISD_OK) {
            fprintf(stderr, "%s: %s\n", err.where, err.what);
            abort();
        }
        sqlite3_wal_autocheckpoint(store->db, 12); /* so that checkpoints come often */
        for (int n = session * results / 2; n < (session + 1) * results / 2; n++) {
            kept_put(store, n);
            MUST(store_commit(store, &err) == ISD_OK);
            vfs_log_acknowledged(n);
        }
        store_close(store);
    }
}

static void cut(int n, enum vfs_fate fate, struct rng *rng, const char *folder, enum store_place place)
{
    char path[128];
    vfs_log_replay(n, fate, rng, folder);
    snprintf(path, sizeof path, "%s/s.isdb", folder);
    unacknowledged += kept_check(path, place, vfs_log_last_acknowledged(n));
    cuts++;
    unlink(path);
}

static void torture(enum store_place place, int results, int pieces, struct rng *rng)
{
    char folder[SCRATCH_SIZE], after[SCRATCH_SIZE], path[128];
    MUST(scratch_make(folder) && scratch_make(after));
    snprintf(path, sizeof path, "%s/s.isdb", folder);
    vfs_log_clear();
    record(path, place, results);
    int length = vfs_log_length();
    for (int n = 0; n <= length; n++) {
        cut(n, VFS_LOST, rng, after, place);
        cut(n, VFS_KEPT, rng, after, place);
        for (int k = 0; k < pieces; k++)
            cut(n, VFS_ANY, rng, after, place);
    }
    printf("%s: %d steps of %d commits\n", place == STORE_PLACE_LOCAL ? "wal" : "journal", length, results);
    MUST(scratch_drop(folder) && scratch_drop(after));
}

int main(int argc, char **argv)
{
    int64_t results = 0, pieces = 0, seed = 1;
    struct rng rng;
    if (argc < 3 || !scan_whole_int64(argv[1], &results) || !scan_whole_int64(argv[2], &pieces) ||
        (argc > 3 && !scan_whole_int64(argv[3], &seed)))
        return 2;
    rng_init(&rng, (uint64_t)seed);
    vfs_register();
    torture(STORE_PLACE_LOCAL, (int)results, (int)pieces, &rng);
    torture(STORE_PLACE_SHARED, (int)results, (int)pieces, &rng);
    printf("%ld power cuts, all acknowledged results found; in %ld one more was there\n", cuts, unacknowledged);
    vfs_log_clear();
    return 0;
}
