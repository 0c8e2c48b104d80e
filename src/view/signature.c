/* The hop signature in words. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/signature.h"

#include <math.h>
#include <stdio.h>

#define MOST_BINS 4096
#define ENOUGH 2.0 /* standard deviations that make a maximum */
#define WEAK 1.5   /* the best of many windows has this much by chance: less is not worth a word */

/* Counts in windows of `group` bins that start at each bin: where bins happen to begin must not matter. */
struct windows {
    double count[MOST_BINS];
    int n, group;
    double bin; /* width of one bin */
};

static void slide(const double *counts, int bins, double max, double width, struct windows *windows)
{
    windows->bin = max / bins;
    windows->group = (int)(width / windows->bin + 0.5);
    windows->group = windows->group < 1 ? 1 : windows->group > bins ? bins : windows->group;
    windows->n = bins - windows->group + 1;
    double sum = 0;
    for (int k = 0; k < bins; k++) {
        sum += counts[k];
        if (k >= windows->group)
            sum -= counts[k - windows->group];
        if (k >= windows->group - 1)
            windows->count[k - windows->group + 1] = sum;
    }
}

static double window_centre(const struct windows *windows, int k)
{
    return (k + 0.5 * windows->group) * windows->bin;
}

/* The pair (low, second) with the largest rise for its noise; low lies between the main maximum and second, apart from both. */
static void find_second(const struct windows *windows, int main, double g_peak, struct signature *signature)
{
    int low = -1;
    for (int k = main + 2 * windows->group; k < windows->n; k++) {
        int candidate = k - windows->group;
        if (low < 0 || windows->count[candidate] < windows->count[low])
            low = candidate;
        double u = window_centre(windows, k), rise = windows->count[k] - windows->count[low];
        if (u < 0.65 * g_peak || u > 1.25 * g_peak || !(rise > 0))
            continue;
        double excess = rise / sqrt(windows->count[k] + windows->count[low]);
        if (excess > signature->excess) {
            signature->excess = excess;
            signature->u_low = window_centre(windows, low);
            signature->u_second = u;
        }
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
    if (found.atoms > 0 && g_peak > 0 && max > 0 && bins <= MOST_BINS) {
        struct windows windows;
        slide(counts, bins, max, g_peak / 10, &windows);
        int main = 0;
        for (int k = 1; k < windows.n; k++)
            if (windows.count[k] > windows.count[main])
                main = k;
        found.beyond = far / found.atoms;
        found.u_main = window_centre(&windows, main);
        find_second(&windows, main, g_peak, &found);
    }
    *ret_signature = found;
}

static int describe(const char *name, const struct signature *signature, char *out, size_t size)
{
    if (!signature)
        return 0;
    if (!(signature->atoms > 0))
        return snprintf(out, size, "%s no atoms", name);
    if (signature->excess < WEAK)
        return snprintf(out, size, "%s none", name);
    return snprintf(out, size, "%s %sat %.2f (%.1f s.d.)", name, signature->second ? "" : "weak ", signature->u_second,
                    signature->excess);
}

void signature_words(const char *who, const struct signature *labelled, const struct signature *matched, double g_peak,
                     char *out, size_t size)
{
    char one[96] = "", two[96] = "";
    const struct signature *first = labelled ? labelled : matched;
    describe("labelled", labelled, one, sizeof one);
    describe("matched", matched, two, sizeof two);
    if (!first) {
        snprintf(out, size, "%s", "");
        return;
    }
    int used = snprintf(out, size, "%s: 2nd maximum: %s%s%s%s", who, one, labelled && labelled->second ? ", hops" : "",
                        *one && *two ? "; " : "", two);
    if (used < 0 || (size_t)used >= size)
        return;
    if (isfinite(first->u_second) && first->excess >= WEAK)
        snprintf(out + used, size - (size_t)used, "; g(r) peaks at %.2f", g_peak);
    else
        snprintf(out + used, size - (size_t)used, "; %.1f %% moved beyond r/2", 100 * first->beyond);
}
