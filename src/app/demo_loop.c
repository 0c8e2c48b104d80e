/* The loop of atoms that only exchanged places. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo_loop.h"

#include <math.h>
#include <stdlib.h>

#define SAME_PLACE 0.5 /* of r0: more is a jump */

/* The cycle that begins at atom i, as a loop: `next` leads back along it, to the one that came to where an atom was. */
static void follow(const struct match *match, const int32_t *next, int32_t i, struct demo_loop *ret_loop)
{
    struct demo_loop loop = {.same_places = true};
    double lab = 0, mat = 0;
    int32_t at = i;
    do {
        loop.atom[loop.n++] = at;
        lab += match->u_lab[at] * match->u_lab[at];
        mat += match->u_mat[at] * match->u_mat[at];
        loop.same_places = loop.same_places && match->u_mat[at] <= SAME_PLACE * match->r0;
        at = next[at];
    } while (at != i && loop.n < DEMO_LOOP_MOST);
    for (int k = 1; k < loop.n - k; k++) {
        int32_t kept = loop.atom[k];
        loop.atom[k] = loop.atom[loop.n - k];
        loop.atom[loop.n - k] = kept;
    }
    loop.rmsd = sqrt(lab / loop.n);
    loop.d_min = sqrt(mat / loop.n);
    *ret_loop = loop;
}

isd_status demo_loop_find(const struct match *match, struct demo_loop *ret_loop, isd_error *err)
{
    struct demo_loop best = {.n = 0};
    int32_t *next = NULL;
    isd_status status = match->labelled ? match_next(match, match->a, match->b, &next, err) : ISD_OK;
    if (status != ISD_OK)
        return status;
    for (int32_t i = 0; next && i < match->n; i++) {
        struct demo_loop loop;
        if (match->cycle_length[i] < 2 || match->cycle_length[i] > DEMO_LOOP_MOST)
            continue;
        follow(match, next, i, &loop);
        if (loop.same_places > best.same_places || (loop.same_places == best.same_places && loop.n > best.n))
            best = loop;
    }
    free(next);
    *ret_loop = best;
    return ISD_OK;
}
