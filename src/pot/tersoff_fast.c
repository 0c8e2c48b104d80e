/* Tersoff by vectors of pairs, for parameters of the usual kind. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nine tenths of the time would go into exp and pow, one bond at a time. So pairs are laid out in columns and
 * the functions of one distance or one zeta are taken for a vector of pairs at once; the sums over angles,
 * short and irregular, stay scalar between them. They see each angle once, which asks that it be the same
 * from both its arms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pot/tersoff.h"

#define MOST_ANGLES ((int64_t)1 << 27)

static bool same_pair(const struct tersoff_numbers *a, const struct tersoff_numbers *b)
{
    return a->A == b->A && a->lambda1 == b->lambda1 && a->B == b->B && a->lambda2 == b->lambda2 &&
           a->R == b->R && a->D == b->D;
}

static bool same_angle(const struct tersoff_numbers *a, const struct tersoff_numbers *b)
{
    return a->gamma == b->gamma && a->c == b->c && a->d == b->d && a->h == b->h;
}

/* No lambda3, angles that depend on the atom in the middle only, cutoffs and strengths of a pair that are the
 * same from both sides and in all entries; exponents that stay in range. */
bool tersoff_is_simple(const struct tersoff_potential *potential)
{
    const int32_t n = potential->n_elements;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++) {
            for (int32_t k = 0; k < n; k++) {
                const struct tersoff_numbers *p = &tersoff_entry_of(potential, i, j, k)->p;
                const struct tersoff_numbers *pair = &tersoff_entry_of(potential, i, k, k)->p;
                if (p->lambda3 != 0 || !(p->D > 0) || p->R != pair->R || p->D != pair->D ||
                    !same_angle(p, &tersoff_entry_of(potential, i, i, i)->p) ||
                    !same_pair(pair, &tersoff_entry_of(potential, k, i, i)->p) ||
                    fmax(p->lambda1, p->lambda2) * (p->R + p->D) > 600 ||
                    (pair->B > 0 && (pair->n < 0.1 || pair->n > 20))) {
                    return false;
                }
            }
        }
    }
    return true;
}

void tersoff_fast_done(struct tersoff_fast *fast)
{
    free(fast->columns);
    free(fast->arm);
    free(fast->arms);
    free(fast->angle);
    free(fast->angle_start);
    *fast = (struct tersoff_fast){0};
}

static double *column(const struct tersoff_fast *fast, enum tersoff_column k)
{
    return fast->columns + (size_t)k * fast->stride;
}

/* realloc without the copy: the contents are made anew. */
static bool renew(void **array, size_t *room, size_t count, size_t size)
{
    if (count > *room || !*array) {
        const size_t more = (count + count / 4 + TERSOFF_VECTOR) / TERSOFF_VECTOR * TERSOFF_VECTOR;
        free(*array);
        *room = 0;
        *array = aligned_alloc(64, (more * size + 63) / 64 * 64);
        *room = *array ? more : 0;
    }
    return *array != NULL;
}

static void set_row(struct tersoff_fast *fast, const struct tersoff_pairs *pairs, int32_t p)
{
    const int32_t i = pairs->element[pairs->centre[2 * p]], j = pairs->element[pairs->centre[2 * p + 1]];
    const struct tersoff_numbers *to = &tersoff_entry_of(fast->potential, i, j, j)->p;
    const struct tersoff_numbers *back = &tersoff_entry_of(fast->potential, j, i, i)->p;
    const bool attracts = to->B > 0;
    const double values[] = {to->A,
                             to->lambda1,
                             to->B,
                             to->lambda2,
                             to->R,
                             M_PI_2 / to->D,
                             to->R + to->D,
                             attracts ? to->n : 1,
                             attracts ? back->n : 1,
                             attracts ? to->beta : 0,
                             attracts ? back->beta : 0};
    _Static_assert(sizeof values / sizeof *values == PAIR_X, "the columns that do not move");
    for (int k = 0; k < PAIR_X; k++) {
        column(fast, (enum tersoff_column)k)[p] = values[k];
    }
}

/* No pair: out of reach. */
static void clear_row(struct tersoff_fast *fast, int32_t p)
{
    for (int k = 0; k < PAIR_COLUMNS; k++) {
        column(fast, (enum tersoff_column)k)[p] = 0;
    }
    column(fast, PAIR_N_FORWARD)[p] = column(fast, PAIR_N_BACKWARD)[p] = 1;
    column(fast, PAIR_WIDTH)[p] = 1;
}

/* Rows first ... last-1 of a domain, whole vectors. */
struct rows {
    size_t first, last;
};

static struct rows rows_of(const struct tersoff_pairs *pairs, int32_t k)
{
    const struct tersoff_share *share = &pairs->share[k];
    return (struct rows){(size_t)share->row, (size_t)share->row + (size_t)tersoff_rows(share)};
}

static void set_rows(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct tersoff_pairs *pairs = &run->work->pairs;
    const struct rows rows = rows_of(pairs, k);
    for (size_t p = rows.first; p < rows.last; p++) {
        if (pairs->centre[2 * p] >= 0) {
            set_row(&run->work->fast, pairs, (int32_t)p);
        } else {
            clear_row(&run->work->fast, (int32_t)p);
        }
    }
}

/* Where b has no series for any pair that attracts. */
static void set_bounds(struct tersoff_fast *fast)
{
    const struct tersoff_potential *t = fast->potential;
    fast->lowest = 1e-300;
    fast->highest = 1e300;
    for (int32_t i = 0; i < t->n_elements; i++) {
        for (int32_t j = 0; j < t->n_elements; j++) {
            const struct tersoff_entry *e = tersoff_entry_of(t, i, j, j);
            if (e->p.B > 0) {
                fast->lowest = fmax(fast->lowest, e->series[2]);
                fast->highest = fmin(fast->highest, e->series[1]);
            }
        }
    }
}

isd_status tersoff_fast_prepare(const struct tersoff_run *run, isd_error *err)
{
    struct tersoff_fast *fast = &run->work->fast;
    const struct tersoff_pairs *pairs = &run->work->pairs;
    const size_t slots = (size_t)pairs->slots, n = (size_t)pairs->rows;
    fast->ready = false;
    if (!run->potential->simple || run->list->isa == ISA_PLAIN) {
        return ISD_OK;
    }
    size_t cells = fast->stride * PAIR_COLUMNS, starts = fast->slot_room;
    if (n > fast->stride || !fast->columns) {
        fast->stride = 0;
        cells = 0;
        const size_t stride = (n + n / 8 + 2 * TERSOFF_VECTOR) / TERSOFF_VECTOR * TERSOFF_VECTOR;
        if (!renew((void **)&fast->columns, &cells, stride * PAIR_COLUMNS, sizeof *fast->columns)) {
            return isd_error_memory(err);
        }
        fast->stride = stride;
    }
    if (!renew((void **)&fast->arm, &fast->arm_room, 2 * n, sizeof *fast->arm) ||
        !renew((void **)&fast->angle_start, &starts, slots + 1, sizeof *fast->angle_start) ||
        !renew((void **)&fast->arms, &fast->slot_room, slots + 1, sizeof *fast->arms)) {
        return isd_error_memory(err);
    }
    fast->angle_start[0] = 0;
    for (size_t i = 0; i < slots; i++) {
        const int64_t arms = pairs->start[i + 1] - pairs->start[i];
        fast->angle_start[i + 1] = fast->angle_start[i] + arms * (arms - 1) / 2;
        if (fast->angle_start[i + 1] > MOST_ANGLES) {
            return ISD_OK;
        }
    }
    if (!renew((void **)&fast->angle, &fast->angle_room, (size_t)fast->angle_start[slots], sizeof *fast->angle)) {
        return isd_error_memory(err);
    }
    fast->potential = run->potential;
    isd_control_for(run->control, pairs->n_domain, set_rows, (void *)run);
    set_bounds(fast);
    fast->ready = true;
    return ISD_OK;
}

static const struct tersoff_kernel *kernel(enum isa isa)
{
    switch (isa) {
#if defined(__x86_64__)
    case ISA_AVX512:
        return &tersoff_avx512;
    case ISA_AVX2:
        return &tersoff_avx2;
#endif
    default:
        return &tersoff_vector;
    }
}

/* The arms of one atom, those in reach. */
static int32_t gather(const struct tersoff_pairs *pairs, const struct tersoff_fast *fast, int32_t slot,
                      struct tersoff_arm *ret_arm)
{
    int32_t n = 0;
    for (int32_t e = pairs->start[slot]; e < pairs->start[slot + 1]; e++) {
        const int32_t bond = pairs->bond[e];
        const double sign = bond % 2 ? -1 : 1, *row = fast->columns + bond / 2;
        struct tersoff_arm *a = &ret_arm[n];
        if (row[PAIR_CUT * fast->stride] == 0) { /* beyond, or so near the edge that nothing is left */
            continue;
        }
        a->u[0] = sign * row[PAIR_X * fast->stride];
        a->u[1] = sign * row[PAIR_Y * fast->stride];
        a->u[2] = sign * row[PAIR_Z * fast->stride];
        a->cut = row[PAIR_CUT * fast->stride];
        a->cut_slope = row[PAIR_CUT_SLOPE * fast->stride];
        a->inverse = row[PAIR_INVERSE * fast->stride];
        a->bond = bond;
        n++;
    }
    return n;
}

/* zeta of an arm's bond; then, in the same place, d energy / d zeta. */
static double *zeta_of(const struct tersoff_fast *fast, const struct tersoff_arm *arm)
{
    return column(fast, PAIR_ZETA_FORWARD) + (size_t)(arm->bond % 2) * fast->stride + arm->bond / 2;
}

static void add_zetas(const struct tersoff_fast *fast, const struct tersoff_entry *e,
                      const struct tersoff_arm *arm, int32_t n, struct tersoff_angle *ret_angle)
{
    const double gamma = e->p.gamma, c_sq = gamma * e->c_sq, offset = gamma * e->offset, d_sq = e->d_sq,
                 h = e->p.h;
    for (int32_t j = 0; j < n; j++) {
        const struct tersoff_arm *a = &arm[j];
        double zeta = 0;
        for (int32_t k = j + 1; k < n; k++) {
            const struct tersoff_arm *b = &arm[k];
            const double cosine = a->u[0] * b->u[0] + a->u[1] * b->u[1] + a->u[2] * b->u[2];
            const double x = h - cosine, share = 1 / (d_sq + x * x), bend = c_sq * share, g = offset - bend;
            *ret_angle++ = (struct tersoff_angle){cosine, g, -2 * x * share * bend};
            zeta += b->cut * g;
            *zeta_of(fast, b) += a->cut * g;
        }
        *zeta_of(fast, a) += zeta;
    }
}

/* The gradient of the energy of one atom's bonds by its arms, as far as angles bring it about. */
static void bend(const struct tersoff_fast *fast, struct tersoff_arm *arm, int32_t n,
                 const struct tersoff_angle *angle)
{
    for (int32_t j = 0; j < n; j++) {
        memset(arm[j].gradient, 0, sizeof arm[j].gradient);
    }
    for (int32_t j = 0; j < n; j++) {
        struct tersoff_arm *a = &arm[j];
        const double slope_a = *zeta_of(fast, a);
        double along = 0, g[3] = {0};
        for (int32_t k = j + 1; k < n; k++, angle++) {
            struct tersoff_arm *b = &arm[k];
            const double slope_b = *zeta_of(fast, b);
            const double turn = (slope_a * b->cut + slope_b * a->cut) * angle->slope;
            const double turn_a = turn * a->inverse, turn_b = turn * b->inverse;
            const double along_b = slope_a * angle->g * b->cut_slope - turn_b * angle->cosine;
            along += slope_b * angle->g * a->cut_slope - turn_a * angle->cosine;
            for (int q = 0; q < 3; q++) {
                g[q] += turn_a * b->u[q];
                b->gradient[q] += turn_b * a->u[q] + along_b * b->u[q];
            }
        }
        for (int q = 0; q < 3; q++) {
            a->gradient[q] += g[q] + along * a->u[q];
        }
    }
}

/* --- steps --- */

static void measure_pairs(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct neigh_domain *domain = &run->list->domain[k];
    const struct tersoff_share *share = &run->work->pairs.share[k];
    struct tersoff_fast *fast = &run->work->fast;
    const struct rows rows = rows_of(&run->work->pairs, k);
    double *x = column(fast, PAIR_X) + share->row, *y = column(fast, PAIR_Y) + share->row,
           *z = column(fast, PAIR_Z) + share->row;
    neigh_domain_begin(run->list, k);
    for (int32_t p = 0; p < share->n; p++) {
        const double *a = domain->r + neigh_at(share->first[p]), *b = domain->r + neigh_at(share->second[p]);
        x[p] = b[0] - a[0];
        y[p] = b[NEIGH_BLOCK] - a[NEIGH_BLOCK];
        z[p] = b[2 * NEIGH_BLOCK] - a[2 * NEIGH_BLOCK];
    }
    kernel(run->list->isa)->pairs(fast, rows.first, rows.last);
}

static void sum_angles(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct neigh_domain *domain = &run->list->domain[k];
    const struct tersoff_pairs *pairs = &run->work->pairs;
    struct tersoff_fast *fast = &run->work->fast;
    const int32_t first = tersoff_first_slot(domain), last = first + NEIGH_BLOCK * domain->n_own;
    for (int32_t slot = first; slot < last; slot++) {
        struct tersoff_arm *arm = fast->arm + pairs->start[slot];
        const int32_t element = pairs->element[slot], n = element < 0 ? 0 : gather(pairs, fast, slot, arm);
        fast->arms[slot] = n;
        if (n > 1) {
            add_zetas(fast, tersoff_entry_of(fast->potential, element, element, element), arm, n,
                      fast->angle + fast->angle_start[slot]);
        }
    }
}

static void fill_orders(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    struct tersoff_pairs *pairs = &run->work->pairs;
    const struct rows rows = rows_of(pairs, k);
    pairs->share[k].energy = kernel(run->list->isa)->orders(&run->work->fast, pairs, rows.first, rows.last);
}

/* What angles and, from the first of two atoms, the pair itself do to a bond. */
static void fill_gradients(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct neigh_domain *domain = &run->list->domain[k];
    const struct tersoff_pairs *pairs = &run->work->pairs;
    const struct tersoff_fast *fast = &run->work->fast;
    const double *columns[3] = {column(fast, PAIR_X), column(fast, PAIR_Y), column(fast, PAIR_Z)};
    const int32_t first = tersoff_first_slot(domain), last = first + NEIGH_BLOCK * domain->n_own;
    for (int32_t slot = first; slot < last; slot++) {
        struct tersoff_arm *arm = fast->arm + pairs->start[slot];
        const int32_t n = fast->arms[slot];
        for (int32_t e = pairs->start[slot]; e < pairs->start[slot + 1]; e++) {
            const int32_t bond = pairs->bond[e];
            const double stretch = bond % 2 ? 0 : column(fast, PAIR_STRETCH)[bond / 2];
            for (size_t q = 0; q < 3; q++) {
                pairs->gradient[3 * (size_t)bond + q] = stretch * columns[q][bond / 2];
            }
        }
        if (n > 1) {
            bend(fast, arm, n, fast->angle + fast->angle_start[slot]);
            for (int32_t j = 0; j < n; j++) {
                for (size_t q = 0; q < 3; q++) {
                    pairs->gradient[3 * (size_t)arm[j].bond + q] += arm[j].gradient[q];
                }
            }
        }
    }
}

void tersoff_fast_compute(struct tersoff_run *run)
{
    static isd_chunk_fn *const steps[] = {measure_pairs, sum_angles, fill_orders, fill_gradients};
    for (size_t k = 0; k < sizeof steps / sizeof *steps && !isd_control_cancelled(run->control); k++) {
        isd_control_for(run->control, run->list->n_domain, steps[k], run);
    }
}
