/* malloc failing at its n-th call, once and from then on: an error, no crash, no leak. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: t_memory SEEDS [MOST]. Every case with every n of its calls, or MOST of them, evenly spread. */
#include "base/scan.h"
#include "lib/alloc.h"
#include "memory.h"
#include "lib/must.h"

static long runs, failures;

/* One run with call n refused. Some failures are made good (a folder is not synced, a label is left out): then the run is whole. */
static void run(const struct memory_case *c, long n, bool on)
{
    isd_error err = {.status = ISD_OK};
    long before = alloc_blocks();
    alloc_fail(n, on);
    isd_status status = c->run(c->arg, &err);
    long refused = alloc_failures(), after = alloc_blocks();
    alloc_fail(0, false);
    if (status != ISD_OK && status != ISD_MEMORY && status != ISD_IO) {
        fprintf(stderr, "%s: call %ld of malloc refused%s: status %d, %s: %s\n", c->name, n, on ? " and all later ones" : "", (int)status, err.where,
                err.what);
        abort();
    }
    MUST(status == ISD_OK || (err.status == status && err.what[0] != '\0'));
    if (ALLOC_COUNTS_BLOCKS && after != before) {
        fprintf(stderr, "%s: call %ld of malloc refused%s: %ld blocks are lost\n", c->name, n, on ? " and all later ones" : "", after - before);
        abort();
    }
    runs++;
    failures += refused;
}

static void torture(const struct memory_case *c, long most)
{
    isd_error err = {.status = ISD_OK};
    isd_status whole = c->run(c->arg, &err); /* what is made once only */
    if (whole != ISD_OK)
        return; /* a seed that is refused in any case */
    alloc_fail(0, false);
    MUST(c->run(c->arg, &err) == ISD_OK);
    long calls = alloc_calls();
    const long stride = most > 0 && calls > most ? calls / most + 1 : 1;
    for (int on = 0; on < 2; on++)
        for (long n = 1 + on % stride; n <= calls; n += stride)
            run(c, n, on == 1);
}

int main(int argc, char **argv)
{
    const struct memory_case *c;
    int n = 0;
    int64_t most = 0;
    if (argc < 2 || (argc > 2 && !scan_whole_int64(argv[2], &most))) {
        fprintf(stderr, "usage: %s SEEDS [MOST]\n", argv[0]);
        return 2;
    }
    for (int k = 0; (c = memory_file_case(argv[1], k)) != NULL; k++, n++)
        torture(c, (long)most);
    for (int k = 0; (c = memory_work_case(k)) != NULL; k++, n++)
        torture(c, (long)most);
    printf("%d cases, %ld runs, %ld calls refused\n", n, runs, failures);
    return runs > 0 && failures > 0 ? 0 : 1;
}
