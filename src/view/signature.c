/* The hop signature in words. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/signature.h"

#include <math.h>
#include <stdio.h>

#define MAX_COARSE 256
#define ENOUGH 2.0 /* standard deviations that make a maximum */

struct coarse {
    double count[MAX_COARSE];
    int n;
    double width;
};

static void coarsen(const double *counts, int bins, double max, double width, struct coarse *coarse)
{
    double bin = max / bins;
    int group = (int)(width / bin + 0.5);
    group = group < 1 ? 1 : group;
    while (bins / group >= MAX_COARSE)
        group++;
    coarse->n = 0;
    coarse->width = group * bin;
    for (int k = 0; k + group <= bins; k += group) {
        double sum = 0;
        for (int i = 0; i < group; i++)
            sum += counts[k + i];
        coarse->count[coarse->n++] = sum;
    }
}

/* The pair (low, second) with the largest rise for its noise, low between the main maximum and second. */
static void find_second(const struct coarse *coarse, int main, double g_peak, struct signature *signature)
{
    int low = main;
    for (int k = main + 1; k < coarse->n; k++) {
        double u = (k + 0.5) * coarse->width, rise = coarse->count[k] - coarse->count[low];
        if (u >= 0.65 * g_peak && u <= 1.25 * g_peak && rise > 0 && low != main) {
            double excess = rise / sqrt(coarse->count[k] + coarse->count[low]);
            if (excess > signature->excess) {
                signature->excess = excess;
                signature->u_low = (low + 0.5) * coarse->width;
                signature->u_second = u;
            }
        }
        if (coarse->count[k] < coarse->count[low])
            low = k;
    }
    signature->second = signature->excess >= ENOUGH;
}

void signature_find(const double *counts, int bins, double max, double g_peak, struct signature *ret_signature)
{
    struct signature found = {.u_main = NAN, .u_low = NAN, .u_second = NAN};
    double far = 0;
    for (int k = 0; k < bins; k++) {
        found.atoms += counts[k];
        if ((k + 0.5) * max / bins > 0.5 * g_peak)
            far += counts[k];
    }
    if (found.atoms > 0 && g_peak > 0 && max > 0) {
        struct coarse coarse;
        coarsen(counts, bins, max, g_peak / 8, &coarse);
        int main = 0;
        for (int k = 1; k < coarse.n; k++)
            if (coarse.count[k] > coarse.count[main])
                main = k;
        found.beyond = far / found.atoms;
        found.u_main = (main + 0.5) * coarse.width;
        find_second(&coarse, main, g_peak, &found);
    }
    *ret_signature = found;
}

static int describe(const char *name, const struct signature *signature, char *out, size_t size)
{
    if (!signature)
        return 0;
    if (!(signature->atoms > 0))
        return snprintf(out, size, "%s no atoms", name);
    if (signature->second)
        return snprintf(out, size, "%s second maximum at u = %.2f", name, signature->u_second);
    if (signature->excess > 1)
        return snprintf(out, size, "%s a hint at u = %.2f (%.1f s.d.)", name, signature->u_second, signature->excess);
    return snprintf(out, size, "%s none", name);
}

void signature_words(const char *who, const struct signature *labelled, const struct signature *matched, double g_peak,
                     char *out, size_t size)
{
    char one[96] = "", two[96] = "";
    describe("labelled", labelled, one, sizeof one);
    describe("matched", matched, two, sizeof two);
    bool hops = labelled && labelled->second;
    bool any = hops || (matched && matched->second);
    if (!labelled && !matched)
        snprintf(out, size, "%s", "");
    else if (any)
        snprintf(out, size, "%s: %s%s%s%s beside the g(r) peak at %.2f%s", who, one, *one && *two ? ", " : "", two,
                 hops && *two && !matched->second ? ";" : "", g_peak, hops ? ": hops" : "");
    else
        snprintf(out, size, "%s: second maximum %s%s%s; %.1f %% moved beyond r/2", who, one, *one && *two ? ", " : "", two,
                 100 * (labelled ? labelled->beyond : matched->beyond));
}
