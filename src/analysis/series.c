/* Averages over pairs of frames, and their errors. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/series.h"

#include <math.h>

double series_mean(const double *x, int32_t n)
{
    double sum = 0;
    for (int32_t k = 0; k < n; k++) {
        sum += x[k];
    }
    return n > 0 ? sum / n : NAN;
}

double series_sd(const double *x, int32_t n)
{
    if (n < 2) {
        return NAN;
    }
    double mean = series_mean(x, n), sum = 0;
    for (int32_t k = 0; k < n; k++) {
        sum += (x[k] - mean) * (x[k] - mean);
    }
    return sqrt(sum / n);
}

double series_rms(const double *x, int32_t n)
{
    double sum = 0;
    for (int32_t k = 0; k < n; k++) {
        sum += x[k] * x[k];
    }
    return n > 0 ? sqrt(sum / n) : NAN;
}

/* Pairs from k on that form a chain, each starting where the one before it ends. */
static int32_t chain_length(const struct frame_pair *pairs, int32_t k, int32_t n)
{
    int32_t length = 1;
    while (k + length < n && pairs[k + length].a == pairs[k + length - 1].b) {
        length++;
    }
    return length;
}

/* The jackknife of one chain of n pairs, over its n - 1 inner frames about their own mean, with the factor (n-2)/(2(n-1)). */
static double variance_of_chain(const double *x, int32_t n)
{
    double mean = 0, sum = 0;
    for (int32_t i = 0; i + 1 < n; i++)
        mean += (x[i] + x[i + 1]) / (n - 1.0);
    for (int32_t i = 0; i + 1 < n; i++)
        sum += (x[i] + x[i + 1] - mean) * (x[i] + x[i + 1] - mean);
    return sum / ((n - 2.0) * (n - 2.0)) * (n - 2.0) / (2 * (n - 1.0));
}

/* Variance of the mean over chains and lone pairs. With D the sum of deviations that one left-out frame takes with it, each
 * chain of L pairs has L-1 inner frames with E[D^2] = 2 s^2 (1 - 2/n), each lone pair one with s^2 (1 - 1/n), if the pairs are
 * independent of variance s^2; the weights make both count as L s^2. Lone pairs alone give the plain delete-one jackknife. */
static double variance_of_chains(const double *x, const struct frame_pair *pairs, int32_t n)
{
    double mean = series_mean(x, n), sum = 0;
    for (int32_t k = 0, length; k < n; k += length) {
        length = chain_length(pairs, k, n);
        double squares = 0;
        if (length == 1) {
            sum += (x[k] - mean) * (x[k] - mean) * n / (n - 1.0);
            continue;
        }
        for (int32_t i = k; i + 1 < k + length; i++) {
            double taken = x[i] - mean + (x[i + 1] - mean);
            squares += taken * taken;
        }
        sum += squares * length / (2.0 * (length - 1)) * n / (n - 2.0);
    }
    return sum / ((double)n * n);
}

/* The most pairs that begin before one of them ends. */
static int32_t longest_overlap(const struct frame_pair *pairs, int32_t n)
{
    int32_t longest = 1;
    for (int32_t k = 0, end = 0; k < n; k++) {
        end = end > k ? end : k;
        while (end < n && pairs[end].a < pairs[k].b) {
            end++;
        }
        longest = end - k > longest ? end - k : longest;
    }
    return longest;
}

/* Neighbouring blocks share the pairs that reach from one into the other: their means are alike, so that the scatter of the means is too small and
 * the error of the whole larger than of independent ones. Of values alike by (1 - k/m)^2 at a distance of k, as squares of a walk are whose pairs
 * overlap m times: with inner = (m - 1)(2 m - 1)/(6 m) and edge = (m^2 - 1)/12 the variance of a block's sum is length (1 + 2 inner) - 2 edge, the
 * covariance with its neighbour edge. */
double series_block_factor(double length, int32_t count, int32_t overlap)
{
    double m = overlap > 1 ? overlap : 1, inner = (m - 1) * (2 * m - 1) / (6 * m), edge = (m * m - 1) / 12;
    double pairs = 2 * edge / (length * (1 + 2 * inner) - 2 * edge) / count;
    return (1 + pairs * (count - 1)) / (1 - pairs);
}

/* Delete-a-block jackknife; NaN with fewer than four blocks. */
static double variance_of_blocks(const double *x, const struct frame_pair *pairs, int32_t n)
{
    int32_t overlap = longest_overlap(pairs, n), blocks = n / overlap;
    if (blocks < 4) {
        return NAN;
    }
    double mean = series_mean(x, n), sum = 0;
    for (int32_t b = 0; b < blocks; b++) {
        int32_t from = (int32_t)((int64_t)n * b / blocks), to = (int32_t)((int64_t)n * (b + 1) / blocks);
        double taken = 0;
        for (int32_t k = from; k < to; k++) {
            taken += x[k] - mean;
        }
        sum += taken * taken;
    }
    return sum * blocks / (blocks - 1.0) / ((double)n * n) * series_block_factor((double)n / blocks, blocks, overlap);
}

double series_se(const double *x, const struct frame_pair *pairs, int32_t n, bool overlapping)
{
    if (n < 3) {
        return NAN;
    }
    if (overlapping) {
        return sqrt(variance_of_blocks(x, pairs, n));
    }
    return sqrt(chain_length(pairs, 0, n) == n ? variance_of_chain(x, n) : variance_of_chains(x, pairs, n));
}
