/* A liquid and the same moved, two frames of a dump on standard output: pairs.h. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * make_liquid M: 4 M^3 atoms. */
#include <stdio.h>
#include <stdlib.h>

#include "../bench/pairs.h"

static void print_frame(const isd_snapshot *s, int step)
{
    printf("ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n", step, (int)s->n);
    printf("0 %.17g\n0 %.17g\n0 %.17g\nITEM: ATOMS id type xu yu zu\n", s->box.lx, s->box.ly, s->box.lz);
    for (int32_t i = 0; i < s->n; i++) {
        const double *r = s->position + 3 * (size_t)i;
        printf("%d %d %.17g %.17g %.17g\n", (int)i + 1, (int)s->type[i], r[0], r[1], r[2]);
    }
}

int main(int argc, char **argv)
{
    const isd_snapshot *pair[2];
    int m = argc == 2 ? atoi(argv[1]) : 0;
    if (m < 1 || m > 100 || !pair_liquid(m, pair))
        return 1;
    for (int k = 0; k < 2; k++) {
        print_frame(pair[k], k);
        isd_snapshot_unref(pair[k]);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
