/* Maxima that stand out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/peaks.h"

#include <math.h>
#include <stdbool.h>

static double value(const double *y, int k)
{
    return isfinite(y[k]) ? y[k] : -HUGE_VAL;
}

/* The lowest point on the way from k to something higher, or to the end; one step is +1 or -1. */
static double lowest_on_the_way(const double *y, int n, int k, int step)
{
    double lowest = value(y, k);
    for (int j = k + step; j >= 0 && j < n && value(y, j) <= value(y, k); j += step)
        lowest = fmin(lowest, value(y, j));
    return lowest;
}

/* Is k the first point of a plateau (of one point or more) that both sides of fall from? Its end in *ret_end. */
static bool is_top(const double *y, int n, int k, int *ret_end)
{
    int end = k;
    while (end + 1 < n && value(y, end + 1) == value(y, k))
        end++;
    *ret_end = end;
    return k > 0 && end + 1 < n && value(y, k - 1) < value(y, k) && value(y, end + 1) < value(y, k);
}

static struct peak refine(const double *y, int first, int end, double prominence)
{
    struct peak peak = {.at = 0.5 * (first + end), .height = y[first], .prominence = prominence};
    if (first != end || !isfinite(y[first - 1]) || !isfinite(y[first + 1]))
        return peak;
    double curvature = y[first - 1] - 2 * y[first] + y[first + 1], slope = 0.5 * (y[first + 1] - y[first - 1]);
    if (curvature < 0) {
        peak.at -= slope / curvature;
        peak.height -= 0.5 * slope * slope / curvature;
    }
    return peak;
}

/* Where a new one goes when there is no room: the least prominent one, or nowhere (-1). */
static int least_prominent(const struct peak *peaks, int n, double prominence)
{
    int least = -1;
    for (int k = 0; k < n; k++)
        if (peaks[k].prominence < prominence && (least < 0 || peaks[k].prominence < peaks[least].prominence))
            least = k;
    return least;
}

int peaks_find(const double *y, int n, double prominence, int most, struct peak *ret_peaks)
{
    int found = 0, end;
    for (int k = 0; k < n; k = end + 1) {
        bool top = is_top(y, n, k, &end);
        if (!top || !isfinite(y[k]))
            continue;
        double left = lowest_on_the_way(y, n, k, -1), right = lowest_on_the_way(y, n, end, 1);
        double stands_out = y[k] - fmax(left, right);
        if (!(stands_out >= prominence))
            continue;
        if (found == most) {
            int drop = least_prominent(ret_peaks, found, stands_out);
            if (drop < 0)
                continue;
            for (int j = drop; j + 1 < found; j++)
                ret_peaks[j] = ret_peaks[j + 1];
            found--;
        }
        ret_peaks[found++] = refine(y, k, end, stands_out);
    }
    return found;
}
