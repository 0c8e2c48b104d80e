/* The hop signature in words: does p(u) have a second maximum beside the first peak of g(r)? SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SIGNATURE_H
#define VIEW_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

struct signature {
    double atoms;    /* counted in all */
    double u_main;   /* centre of the main maximum, NaN without counts */
    bool second;     /* a second maximum stands out of the minimum before it by 2 standard deviations or more */
    double u_low;    /* the minimum between; NaN if there is none */
    double u_second; /* the best second maximum, if only a weak one; NaN if there is none */
    double excess;   /* how far it stands out, in standard deviations of the counts; 0 if there is none */
    double beyond;   /* share of atoms moved further than half of g_peak */
};

/* counts [bins] (at most 4096) of displacements 0 ... max, not normalised; g_peak: where g(r) peaks first. Looked for: two
 * windows, each a tenth of g_peak wide, the first behind the main maximum and the second with its centre within 0.65 ... 1.25
 * of g_peak, whose counts rise most for their Poisson noise. Any g_peak not above 0 finds no second maximum. The best of
 * many windows is taken, so a little over two standard deviations is a sign, not a proof: the words name the number. */
void signature_find(const double *counts, int bins, double max, double g_peak, struct signature *ret_signature);

/* One line for people; labelled or matched may be NULL (not shown). who: "B" or "all atoms". */
void signature_words(const char *who, const struct signature *labelled, const struct signature *matched, double g_peak,
                     char *out, size_t size);

#endif
