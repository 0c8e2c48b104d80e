/* Matchings for other programs to compare with: cases from standard input, one line out for each.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In: dim, three 0/1 for periodic, lx ly lz xy xz yz, n, then 3n coordinates of a and 3n of b, then 1 and n partners that somebody
 * claims, or 0. Out: the sum of squares, 1 if certified, the partners; then what the check says of the claim with the prices found
 * here: its sum and 1 if certified. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "isdmin/match.h"

static bool read_reals(double *values, int n)
{
    for (int k = 0; k < n; k++)
        if (scanf("%lf", &values[k]) != 1)
            return false;
    return true;
}

static bool read_partners(int32_t *partner, int n)
{
    for (int k = 0; k < n; k++)
        if (scanf("%" SCNd32, &partner[k]) != 1)
            return false;
    return true;
}

/* claim: partners, or NULL. */
static bool answer(const isd_box *box, int n, const double *r, const int32_t *claim)
{
    isd_assignment x = {0};
    isd_certificate proof;
    isd_error err = {0};
    if (isd_assign(box, r, r + 3 * n, n, NULL, NULL, &x, &err) != ISD_OK ||
        isd_assignment_check(box, r, r + 3 * n, n, x.partner, x.v, NULL, &proof, &err) != ISD_OK) {
        fprintf(stderr, "%s\n", err.what);
        return false;
    }
    printf("%.17g %d", proof.sum_sq, proof.certified);
    for (int i = 0; i < n; i++)
        printf(" %d", (int)x.partner[i]);
    bool good = !claim || isd_assignment_check(box, r, r + 3 * n, n, claim, x.v, NULL, &proof, &err) == ISD_OK;
    if (claim && good)
        printf(" %.17g %d", proof.sum_sq, proof.certified);
    printf("\n");
    isd_assignment_done(&x);
    return good;
}

int main(void)
{
    isd_box box = {0};
    int periodic[3], n, claimed;
    while (scanf("%d %d %d %d", &box.dim, &periodic[0], &periodic[1], &periodic[2]) == 4) {
        double edge[6];
        for (int c = 0; c < 3; c++)
            box.periodic[c] = periodic[c];
        if (!read_reals(edge, 6) || scanf("%d", &n) != 1 || n < 0 || n > 10000)
            return 1;
        box.lx = edge[0], box.ly = edge[1], box.lz = edge[2], box.xy = edge[3], box.xz = edge[4], box.yz = edge[5];
        double *r = malloc((6 * (size_t)n + 1) * sizeof *r);
        int32_t *claim = malloc(((size_t)n + 1) * sizeof *claim);
        bool good = r && claim && read_reals(r, 6 * n) && scanf("%d", &claimed) == 1 && (!claimed || read_partners(claim, n)) &&
                    answer(&box, n, r, claimed ? claim : NULL);
        free(r);
        free(claim);
        if (!good)
            return 1;
    }
    return 0;
}
