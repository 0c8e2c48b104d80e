/* g(r) by cell lists, p(u). SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counts are whole numbers, so neither the order of the cells nor the number of threads can change them. */
#include "analysis/histogram.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/histogram_grid.h"

enum {
    BLOCK = 256,         /* distances binned at a time */
    MOST_CHUNKS = 64,    /* of the parallel loop: each zeroes and adds up counts of its own */
    OFFSETS_A_POLL = 256,
    MOST_COUNTS = 50000000
};
static const double most_pairs = 2e10, most_images = 1e8;

struct counting {
    const struct cell_grid *grid;
    isd_control *control;
    int n_types, bins;
    int32_t cells_a_chunk;
    double max, step;
    _Atomic int64_t *total; /* [n_pairs * (bins + 1)], the last of each for what is out of reach */
    atomic_bool out_of_memory;
    atomic_int cells_done;
};

int histogram_pair(int a, int b, int n_types)
{
    int low = (a < b ? a : b) - 1, high = (a < b ? b : a) - 1;
    return low * n_types - low * (low - 1) / 2 + high - low;
}

int histogram_n_pairs(int n_types)
{
    return n_types * (n_types + 1) / 2;
}

/* Bins of n distances from (x, y, z); `bins` for those out of reach. Plain enough for the compiler to vectorise. */
static void bin_distances(const struct cell_grid *grid, int32_t from, int n, const double at[3], const struct counting *counting,
                          int32_t *restrict ret_bin)
{
    const double *restrict x = grid->x + from, *restrict y = grid->y + from, *restrict z = grid->z + from;
    const double max = counting->max, step = counting->step, last = counting->bins - 1, beyond = counting->bins;
    const double x0 = at[0], y0 = at[1], z0 = at[2];
    for (int j = 0; j < n; j++) {
        double dx = x[j] - x0, dy = y[j] - y0, dz = z[j] - z0;
        double r = sqrt(dx * dx + dy * dy + dz * dz);
        double k = r / step;
        k = k < last ? k : last;
        k = r < max ? k : beyond;
        ret_bin[j] = (int32_t)k;
    }
}

/* Atom i, seen at `at`, against the atoms [from, to). */
static void count_row(const struct counting *counting, int32_t i, const double at[3], int32_t from, int32_t to, int64_t *counts)
{
    const struct cell_grid *grid = counting->grid;
    int64_t *row[ISD_MAX_TYPES + 1];
    for (int t = 1; t <= counting->n_types; t++) {
        row[t] = counts + (size_t)histogram_pair(grid->type[i], t, counting->n_types) * (size_t)(counting->bins + 1);
    }
    int32_t bin[BLOCK];
    for (; from < to; from += BLOCK) {
        int n = to - from < BLOCK ? to - from : BLOCK;
        bin_distances(grid, from, n, at, counting, bin);
        for (int j = 0; j < n; j++) {
            row[grid->type[from + j]][bin[j]]++;
        }
    }
}

static void count_cell(const struct counting *counting, int32_t cell, int64_t *counts)
{
    const struct cell_grid *grid = counting->grid;
    const int at[3] = {cell % grid->n[0], cell / grid->n[0] % grid->n[1], cell / grid->n[0] / grid->n[1]};
    const int32_t from = grid->start[cell], to = grid->start[cell + 1];
    for (int32_t i = from; i < to; i++) {
        const double here[3] = {grid->x[i], grid->y[i], grid->z[i]};
        count_row(counting, i, here, i + 1, to, counts);
    }
    for (size_t k = 1; from < to && k < grid->n_offsets; k++) {
        if (k % OFFSETS_A_POLL == 0 && isd_control_cancelled(counting->control)) {
            return;
        }
        double shift[3];
        int32_t other = cell_grid_neighbour(grid, at, &grid->offsets[k], shift);
        if (other < 0) {
            continue;
        }
        int32_t first = grid->start[other], end = grid->start[other + 1];
        for (int32_t i = from; i < to; i++) {
            const double here[3] = {grid->x[i] - shift[0], grid->y[i] - shift[1], grid->z[i] - shift[2]};
            if (other == cell) { /* an image of the cell itself: an atom is no neighbour of its own image */
                count_row(counting, i, here, first, i, counts);
                count_row(counting, i, here, i + 1, end, counts);
            } else {
                count_row(counting, i, here, first, end, counts);
            }
        }
    }
}

static void count_chunk(void *arg, int32_t chunk)
{
    struct counting *counting = arg;
    size_t n = (size_t)histogram_n_pairs(counting->n_types) * (size_t)(counting->bins + 1);
    int64_t *counts = calloc(n, sizeof *counts);
    if (!counts) {
        atomic_store(&counting->out_of_memory, true);
        return;
    }
    int32_t from = chunk * counting->cells_a_chunk, to = from + counting->cells_a_chunk;
    to = to < counting->grid->n_cells ? to : counting->grid->n_cells;
    for (int32_t cell = from; cell < to && !isd_control_cancelled(counting->control); cell++) {
        count_cell(counting, cell, counts);
        int done = atomic_fetch_add_explicit(&counting->cells_done, 1, memory_order_relaxed) + 1;
        isd_control_report(counting->control, done, counting->grid->n_cells);
    }
    for (size_t k = 0; k < n; k++) {
        if (counts[k]) {
            atomic_fetch_add_explicit(&counting->total[k], counts[k], memory_order_relaxed);
        }
    }
    free(counts);
}

/* Pairs within max if the atoms are spread evenly; an upper bound of that along open directions. Few atoms count as a
 * hundred: meeting empty space takes time too. */
static double expected_pairs(const isd_snapshot *snapshot, double max)
{
    const isd_box *box = &snapshot->box;
    double n = fmax(snapshot->n, 100), images = 1;
    bool closed = true;
    for (int k = 0; k < box->dim; k++) {
        closed = closed && box->periodic[k];
        images *= box->periodic[k] ? 1 + 2 * max / cell_grid_thickness(box, k) : 1;
    }
    if (images > most_images) {
        return INFINITY;
    }
    double ball = box->dim == 3 ? 4.0 / 3.0 * M_PI * max * max * max : M_PI * max * max;
    return 0.5 * n * n * (closed ? fmin(images, ball / isd_box_volume(box)) : images);
}

static isd_status check_request(const isd_snapshot *snapshot, int bins, double max, isd_error *err)
{
    if (bins < 1 || (double)(bins + 1.0) * histogram_n_pairs(snapshot->n_types) > MOST_COUNTS) {
        return isd_error_set(err, ISD_USAGE, "%d bins for %d types, expected at least 1 and at most %d in all", bins,
                             snapshot->n_types, MOST_COUNTS);
    }
    if (!isfinite(max) || max <= 0) {
        return isd_error_set(err, ISD_USAGE, "g(r) needs a largest distance above 0");
    }
    double pairs = expected_pairs(snapshot, max);
    if (pairs > most_pairs) {
        isd_error_set(err, ISD_USAGE, "max=%g would count about %.1e pairs, more than %.0e", max, pairs, most_pairs);
        isd_error_hint(err, "take a smaller max; half the cell is %g", isd_box_thickness(&snapshot->box) / 2);
        return ISD_USAGE;
    }
    return ISD_OK;
}

/* The counts without those out of reach. */
static void copy_counts(struct gr_counts *counts, struct counting *counting)
{
    int n_pairs = histogram_n_pairs(counts->n_types);
    for (int p = 0; p < n_pairs; p++) {
        for (int k = 0; k < counts->bins; k++) {
            size_t from = (size_t)p * (size_t)(counts->bins + 1) + (size_t)k;
            counts->counts[(size_t)p * (size_t)counts->bins + (size_t)k] =
                (double)atomic_load_explicit(&counting->total[from], memory_order_relaxed);
        }
    }
}

static struct gr_counts *counts_new(const isd_snapshot *snapshot, int bins, double max)
{
    struct gr_counts *counts = calloc(1, sizeof *counts);
    if (!counts) {
        return NULL;
    }
    counts->counts = calloc((size_t)histogram_n_pairs(snapshot->n_types) * (size_t)bins + 1, sizeof *counts->counts);
    if (!counts->counts) {
        free(counts);
        return NULL;
    }
    counts->n_types = snapshot->n_types;
    counts->bins = bins;
    counts->max = max;
    counts->volume = isd_box_volume(&snapshot->box);
    counts->dim = snapshot->box.dim;
    for (int t = 1; t <= snapshot->n_types; t++) {
        counts->count_of_type[t] = isd_snapshot_count(snapshot, t);
    }
    return counts;
}

isd_status gr_count(const isd_snapshot *snapshot, int bins, double max, isd_control *control, struct gr_counts **ret_counts,
                    isd_error *err)
{
    if (max <= 0) {
        max = isd_box_thickness(&snapshot->box) / 2;
    }
    isd_status status = check_request(snapshot, bins, max, err);
    if (status != ISD_OK) {
        return status;
    }
    struct cell_grid grid = {0};
    struct counting counting = {.grid = &grid, .control = control, .n_types = snapshot->n_types, .bins = bins, .max = max,
                                .step = max / bins};
    struct gr_counts *counts = counts_new(snapshot, bins, max);
    counting.total = calloc((size_t)histogram_n_pairs(snapshot->n_types) * (size_t)(bins + 1) + 1, sizeof *counting.total);
    if (!counts || !counting.total) {
        status = isd_error_memory(err);
        goto out;
    }
    if (snapshot->n > 1) {
        status = cell_grid_init(&grid, snapshot, max, err);
        if (status != ISD_OK) {
            goto out;
        }
        counting.cells_a_chunk = (grid.n_cells + MOST_CHUNKS - 1) / MOST_CHUNKS;
        int32_t chunks = (grid.n_cells + counting.cells_a_chunk - 1) / counting.cells_a_chunk;
        isd_control_for(control, chunks, count_chunk, &counting);
    }
    if (isd_control_cancelled(control)) {
        status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    } else if (atomic_load(&counting.out_of_memory)) {
        status = isd_error_memory(err);
    } else {
        copy_counts(counts, &counting);
        *ret_counts = counts;
        counts = NULL;
    }
out:
    gr_free(counts);
    free((void *)counting.total);
    cell_grid_done(&grid);
    return status;
}

void gr_free(struct gr_counts *counts)
{
    if (counts) {
        free(counts->counts);
        free(counts);
    }
}

/* Volume between two radii, exactly: a ring in 2D. */
static double shell(int dim, double a, double b)
{
    return dim == 3 ? 4.0 / 3.0 * M_PI * (b - a) * (b * b + a * b + a * a) : M_PI * (b - a) * (b + a);
}

void gr_normalise(const struct gr_counts *counts, int a, int b, double *ret_g)
{
    double n = 0, pairs;
    for (int t = 1; t <= counts->n_types; t++) {
        n += counts->count_of_type[t];
    }
    if (a == 0) {
        pairs = n * (n - 1) / 2;
    } else if (a > counts->n_types || b > counts->n_types) {
        memset(ret_g, 0, (size_t)counts->bins * sizeof *ret_g);
        return;
    } else if (a == b) {
        pairs = counts->count_of_type[a] * (counts->count_of_type[a] - 1.0) / 2;
    } else {
        pairs = (double)counts->count_of_type[a] * counts->count_of_type[b];
    }
    int from = a == 0 ? 0 : histogram_pair(a, b, counts->n_types);
    int to = a == 0 ? histogram_n_pairs(counts->n_types) : from + 1;
    for (int k = 0; k < counts->bins; k++) {
        double sum = 0;
        for (int p = from; p < to; p++) {
            sum += counts->counts[(size_t)p * (size_t)counts->bins + (size_t)k];
        }
        double inner = counts->max * k / counts->bins, outer = counts->max * (k + 1) / counts->bins;
        ret_g[k] = pairs > 0 ? sum * counts->volume / (pairs * shell(counts->dim, inner, outer)) : 0;
    }
}

bool gr_first_peak(const double *g, int bins, double max, double *ret_r, double *ret_g)
{
    int top = 0;
    for (int k = 1; k < bins; k++) {
        if (g[k] > g[top]) {
            top = k;
        }
    }
    if (bins < 1 || !(g[top] > 0)) {
        return false;
    }
    double beside = 0, height = g[top]; /* of the vertex, in bins from the centre of the highest one */
    if (top > 0 && top + 1 < bins) {
        double bend = g[top - 1] - 2 * g[top] + g[top + 1], tilt = g[top - 1] - g[top + 1];
        if (bend < 0) {
            beside = 0.5 * tilt / bend;
            height = g[top] - 0.25 * tilt * beside;
        }
    }
    *ret_r = (top + 0.5 + beside) * max / bins;
    *ret_g = height;
    return true;
}

int64_t pu_count(const double *u, const int32_t *type, int32_t n, int select, int bins, double max, double *counts)
{
    const double top = max * (1 + 1e-12), step = max / bins;
    int64_t beyond = 0;
    for (int32_t i = 0; i < n; i++) {
        if (select && type[i] != select) {
            continue;
        }
        if (!(u[i] <= top)) {
            beyond++;
            continue;
        }
        double k = step > 0 ? u[i] / step : bins - 1; /* all at rest: max is 0 and they are at it */
        counts[k < bins - 1 ? (int)k : bins - 1]++;
    }
    return beyond;
}
