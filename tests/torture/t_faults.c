/* Files that fail at their n-th call, once and from then on, and a disk that is full: an error in words, nothing lost, and the next
 * commit writes all. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: t_faults RESULTS */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../lib/scratch.h"
#include "base/scan.h"
#include "kept.h"
#include "vfs.h"

static long runs, failures, failed_commits, calls_of_run;

static void count_note(void *arg, const char *text)
{
    ++*(int *)arg;
    MUST(strchr(text, '\x1b') == NULL);
    if (strstr(text, "damaged") != NULL) {
        fprintf(stderr, "said by the store: %s\n", text);
        abort(); /* a file that cannot be read now is not a broken one */
    }
}

static void check_words(isd_status status, const isd_error *err)
{
    MUST(status == ISD_IO || status == ISD_MEMORY);
    MUST(err->status == status && err->what[0] != '\0' && strstr(err->where, "s.isdb") != NULL);
}

/* Opens and commits `results` with call n failing; when it no longer does, the same store takes what is still queued. */
static void run(const char *path, enum store_place place, int results, long n, bool on)
{
    struct store *store = NULL, *const none = NULL;
    isd_error err = {.status = ISD_OK};
    int notes = 0, last = -1;
    const struct store_options options = {.vfs = VFS_NAME, .place = place, .busy_milliseconds = 1};
    vfs_fail(n, on);
    isd_status status = store_open(path, &options, count_note, &notes, &store, &err);
    if (status != ISD_OK) {
        check_words(status, &err);
        MUST(store == none);
        failures += vfs_failures();
        vfs_fail(0, false);
        MUST(store_open(path, &options, count_note, &notes, &store, &err) == ISD_OK);
    }
    for (int k = 0; k < results; k++) {
        kept_put(store, k);
        status = store_commit(store, &err);
        if (status == ISD_OK) {
            last = k;
        } else {
            check_words(status, &err);
            MUST(store_waiting(store) > 0);
            failed_commits++;
        }
        if (last >= 0 && !on)
            rows_has_structure(store, last); /* may fail, must not crash */
    }
    failures += vfs_failures();
    calls_of_run = vfs_calls();
    vfs_fail(0, false);
    status = store_commit(store, &err); /* what `store retry` does */
    if (status != ISD_OK && !store_can_write(store)) { /* it was opened for reading alone: another start helps */
        store_close(store);
        MUST(store_open(path, &options, count_note, &notes, &store, &err) == ISD_OK);
        for (int k = 0; k < results; k++)
            kept_put(store, k);
        status = store_commit(store, &err);
    }
    if (status != ISD_OK) {
        fprintf(stderr, "call %ld%s: %s: %s\n", n, on ? " and all later ones" : "", err.where, err.what);
        abort();
    }
    kept_check_rows(store, results - 1);
    store_close(store);
    vfs_log_clear();
    runs++;
}

static void every_call(enum store_place place, int results)
{
    char folder[SCRATCH_SIZE], path[128];
    MUST(scratch_make(folder));
    snprintf(path, sizeof path, "%s/s.isdb", folder);
    run(path, place, results, 0, false);
    const long calls = calls_of_run;
    MUST(calls > 50);
    for (int on = 0; on < 2; on++)
        for (long n = 1; n <= calls; n++) {
            MUST(store_remove(path, NULL) == ISD_OK);
            run(path, place, results, n, on == 1);
            kept_check(path, place, results - 1);
        }
    MUST(scratch_drop(folder));
}

/* A file that may not grow beyond some size. */
static void full_disk(int results)
{
    char folder[SCRATCH_SIZE], path[128];
    struct rlimit all, some;
    signal(SIGXFSZ, SIG_IGN);
    MUST(scratch_make(folder) && getrlimit(RLIMIT_FSIZE, &all) == 0);
    snprintf(path, sizeof path, "%s/s.isdb", folder);
    for (rlim_t limit = 4096; limit < 400000; limit += 12288) {
        struct store *store = NULL;
        isd_error err;
        int notes = 0;
        const struct store_options options = {.place = STORE_PLACE_LOCAL, .patience = STORE_PATIENT};
        some = (struct rlimit){.rlim_cur = limit, .rlim_max = all.rlim_max};
        MUST(setrlimit(RLIMIT_FSIZE, &some) == 0);
        MUST(store_open(path, &options, count_note, &notes, &store, &err) == ISD_OK);
        for (int k = 0; k < results; k++) {
            kept_put(store, k);
            isd_status status = store_commit(store, &err);
            if (status != ISD_OK)
                check_words(status, &err);
            failed_commits += status != ISD_OK;
        }
        MUST(setrlimit(RLIMIT_FSIZE, &all) == 0);
        MUST(store_commit(store, &err) == ISD_OK);
        kept_check_rows(store, results - 1);
        store_close(store);
        kept_check(path, STORE_PLACE_LOCAL, results - 1);
        MUST(store_remove(path, NULL) == ISD_OK);
        runs++;
    }
    MUST(scratch_drop(folder));
}

/* No room for this user: said as such, kept in memory, made good when there is some. */
static void no_room(int problem, const char *wanted)
{
    char folder[SCRATCH_SIZE], path[128];
    struct store *store = NULL;
    isd_error err;
    int notes = 0;
    const struct store_options options = {.vfs = VFS_NAME, .place = STORE_PLACE_LOCAL};
    MUST(scratch_make(folder));
    snprintf(path, sizeof path, "%s/s.isdb", folder);
    MUST(store_open(path, &options, count_note, &notes, &store, &err) == ISD_OK);
    for (int k = 0; k < 3; k++) {
        kept_put(store, k);
        vfs_refuse_writes(problem);
        isd_status status = store_commit(store, &err);
        check_words(status, &err);
        if (strstr(err.what, wanted) == NULL)
            fprintf(stderr, "%s: %s\n", strerror(problem), err.what);
        MUST(strstr(err.what, wanted) != NULL && strstr(err.hint, "store retry") != NULL && store_waiting(store) > 0);
        vfs_refuse_writes(0);
        MUST(store_commit(store, &err) == ISD_OK && store_waiting(store) == 0);
        failed_commits++;
    }
    store_close(store);
    kept_check(path, STORE_PLACE_LOCAL, 2);
    vfs_log_clear();
    MUST(store_remove(path, NULL) == ISD_OK && scratch_drop(folder));
    runs++;
}

int main(int argc, char **argv)
{
    int64_t results = 0;
    if (argc != 2 || !scan_whole_int64(argv[1], &results))
        return 2;
    vfs_register();
    every_call(STORE_PLACE_LOCAL, (int)results);
    every_call(STORE_PLACE_SHARED, (int)results);
    full_disk((int)results);
    no_room(ENOSPC, "disk is full");
    no_room(EDQUOT, "quota");
    no_room(EIO, strerror(EIO));
    printf("%ld runs, %ld calls failed, %ld commits failed and were made good\n", runs, failures, failed_commits);
    return failed_commits > 0 ? 0 : 1;
}
