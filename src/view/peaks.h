/* Maxima that stand out. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_PEAKS_H
#define VIEW_PEAKS_H

struct peak {
    double at, height;  /* place in units of the index, refined by a parabola through three points; value there */
    double prominence;  /* how far one must go down from it to reach anything higher */
};

/* The maxima of y[n] with at least this prominence, in order of place; at most `most` of them, the most prominent ones. Returns how many.
 * The ends of the array are no maxima; values that are not finite count as lower than all. */
int peaks_find(const double *y, int n, double prominence, int most, struct peak *ret_peaks);

#endif
