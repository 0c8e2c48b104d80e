/* Exact matching of two sets of points in a periodic box, proved. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "isdmin/match.h"

int main(void)
{
    const isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 4, .ly = 4, .lz = 4};
    const double a[] = {0.1, 1, 1, 2, 2, 2, 3, 1, 2};
    const double b[] = {2, 2.5, 2, 3.9, 1, 1, 3, 1, 2.25}; /* the second point of b is the first of a, through the boundary */
    isd_assignment x = {0};
    isd_certificate proof = {0};
    isd_error err = {.status = ISD_OK};
    if (isd_assign(&box, a, b, 3, NULL, NULL, &x, &err) != ISD_OK ||
        isd_assignment_check(&box, a, b, 3, x.partner, x.v, NULL, &proof, &err) != ISD_OK) {
        fprintf(stderr, "%s\n", err.what);
        isd_assignment_done(&x);
        return 1;
    }
    for (int i = 0; i < 3; i++)
        printf("a[%d] -> b[%d]\n", i, (int)x.partner[i]);
    printf("sum of squares %.4f, %s\n", proof.sum_sq, proof.certified ? "proved optimal" : "not proved");
    isd_assignment_done(&x);
    return proof.certified ? 0 : 1;
}
