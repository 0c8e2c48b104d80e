/* The solid as springs between near atoms: a cheap likeness of the Hessian. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/springs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "neigh/cell.h"
#include "quench/stiffness.h"

#define PI 3.14159265358979
#define NEIGHBOURS 14     /* an atom of a homogeneous fluid has within reach */
#define NEIGHBOURS_FLAT 8
#define KNOTS 8           /* of the stiffness as a function of the distance, for one class of pairs */
#define MOST_TYPES 4      /* pairs of types are a class each; where there are more types, all are one class */
#define MOST_CLASSES (MOST_TYPES * (MOST_TYPES + 1) / 2)
#define SAMPLE 600       /* atoms whose equations are fitted */
#define PAIRS 1500        /* pairs whose distances tell where the knots belong */
#define RIDGE 1e-6        /* of the mean diagonal of the normal equations */
#define FLOOR 0.01        /* of the mean stiffness: what holds an atom without springs */
#define SHARE 8000        /* atoms, the work of one thread in a solution */
#define TURNS 20          /* of power iterations */

enum { UNKNOWNS = KNOTS * MOST_CLASSES };

/* A pair within reach: the later place first. */
struct near {
    int32_t place, other;
    float u[3], r;
};

struct fit {
    const struct quench_state *state;
    struct near *near;
    size_t n_near, room;
    int classes; /* 0: one class for all */
    double knot[MOST_CLASSES][KNOTS], stiffness[MOST_CLASSES][KNOTS];
};

/* --- pairs --- */

/* Atoms sorted into boxes no smaller than the reach. */
struct boxes {
    struct cell cell;
    isd_lattice lattice;
    double reach, low[3], width[3]; /* of a box, in fractions */
    int32_t count[3], *start; /* [boxes + 1] into the order of the atoms */
    double *r;                /* [3 n] in that order, inside the cell */
};

static double reach_of(const struct quench_state *state)
{
    const double n = (double)state->n3 / 3, volume = isd_box_volume(state->box);
    const double r = state->box->dim == 2 ? sqrt(NEIGHBOURS_FLAT * volume / (PI * n))
                                          : cbrt(0.75 * NEIGHBOURS * volume / (PI * n));
    return fmin(r, state->cutoff);
}

/* How many boxes along each axis; in directions that are not periodic they cover the atoms there are. */
static void size_boxes(struct boxes *b, const double *r, size_t n)
{
    double high[3] = {0, 0, 0}, all = 1;
    for (int q = 0; q < 3; q++) {
        b->low[q] = 0;
        high[q] = 1;
        for (size_t i = 0; i < n && q >= b->cell.rank; i++) {
            const double s = cell_fraction(&b->cell, q, r + 3 * i);
            b->low[q] = i == 0 || s < b->low[q] ? s : b->low[q];
            high[q] = i == 0 || s > high[q] ? s : high[q];
        }
        const double width = b->cell.height[q] * (high[q] - b->low[q]) / b->reach;
        b->count[q] = width < 1 ? 1 : width < 1000 ? (int32_t)width : 1000;
        all *= b->count[q];
    }
    while (all > 4.0 * (double)n + 64) { /* mostly empty */
        const int q = b->count[0] >= b->count[1] && b->count[0] >= b->count[2] ? 0 : b->count[1] >= b->count[2] ? 1 : 2;
        all /= b->count[q];
        b->count[q] = (b->count[q] + 1) / 2;
        all *= b->count[q];
    }
    for (int q = b->cell.rank; q < 3; q++) {
        high[q] = high[q] > b->low[q] ? high[q] : b->low[q] + 1;
    }
    for (int q = 0; q < 3; q++) {
        b->width[q] = (high[q] - b->low[q]) / b->count[q];
    }
}

static int32_t box_of(const struct boxes *b, const double *r)
{
    int32_t at[3];
    for (int q = 0; q < 3; q++) {
        const double s = (cell_fraction(&b->cell, q, r) - b->low[q]) / b->width[q];
        at[q] = s > 0 ? (s < b->count[q] - 1 ? (int32_t)s : b->count[q] - 1) : 0;
    }
    return (at[2] * b->count[1] + at[1]) * b->count[0] + at[0];
}

/* Wraps the atoms and sorts them by boxes: atom[k] is then the one at place k. */
static bool sort_atoms(struct boxes *b, const struct quench_state *state, int32_t *atom)
{
    const size_t n = state->n3 / 3;
    double *r = malloc((3 * n + 1) * sizeof *r), shift[3];
    int32_t *box = malloc((n + 1) * sizeof *box);
    bool good = r && box;
    for (size_t i = 0; i < n && good; i++) {
        good = cell_wrap(&b->cell, state->x + 3 * i, r + 3 * i, shift);
    }
    if (good) {
        size_boxes(b, r, n);
        const size_t boxes = (size_t)b->count[0] * (size_t)b->count[1] * (size_t)b->count[2];
        b->start = calloc(boxes + 2, sizeof *b->start);
        b->r = malloc((3 * n + 1) * sizeof *b->r);
        good = b->start && b->r;
        for (size_t i = 0; i < n && good; i++) {
            box[i] = box_of(b, r + 3 * i);
            b->start[box[i] + 2]++;
        }
        for (size_t k = 0; k < boxes && good; k++) {
            b->start[k + 2] += b->start[k + 1];
        }
        for (size_t i = 0; i < n && good; i++) {
            const size_t k = (size_t)b->start[box[i] + 1]++;
            atom[k] = (int32_t)i;
            memcpy(b->r + 3 * k, r + 3 * i, 3 * sizeof *r);
        }
    }
    free(r);
    free(box);
    return good;
}

static bool add_near(struct fit *fit, int32_t a, int32_t b, const double d[3], double r)
{
    if (fit->n_near == fit->room) {
        const size_t room = fit->room < 1024 ? 4096 : fit->room + fit->room / 2;
        struct near *more = realloc(fit->near, room * sizeof *more);
        if (!more) {
            return false;
        }
        fit->near = more;
        fit->room = room;
    }
    struct near *near = &fit->near[fit->n_near++];
    *near = (struct near){.place = a, .other = b, .r = (float)r};
    for (int q = 0; q < 3; q++) {
        near->u[q] = (float)(d[q] / r);
    }
    return true;
}

/* The atom at place a against the earlier ones of a box. `shift`: what brings that box next to a, or NULL where there are
 * so few boxes that the shortest way must be looked for. */
static bool meet_box(struct fit *fit, const struct boxes *b, int32_t a, int32_t box, const double *shift)
{
    const double reach_sq = b->reach * b->reach, *ra = b->r + 3 * (size_t)a;
    const int32_t end = b->start[box + 1] < a ? b->start[box + 1] : a;
    for (int32_t k = b->start[box]; k < end; k++) {
        const double *rb = b->r + 3 * (size_t)k;
        double d[3] = {ra[0] - rb[0], ra[1] - rb[1], ra[2] - rb[2]};
        if (shift) {
            for (int q = 0; q < 3; q++) {
                d[q] -= shift[q];
            }
        } else {
            isd_lattice_shortest(&b->lattice, d);
        }
        const double sq = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        if (sq < reach_sq && sq > 0 && !add_near(fit, a, k, d, sqrt(sq))) {
            return false;
        }
    }
    return true;
}

/* Neighbouring boxes along one axis, each once: steps from..to; false in *ret_plain where boxes meet themselves. */
static void steps(const struct boxes *b, int axis, int32_t at, int *ret_from, int *ret_to, bool *plain)
{
    const int32_t count = b->count[axis];
    const bool around = axis < b->cell.rank;
    *ret_from = (around ? count > 2 : at > 0) ? -1 : 0;
    *ret_to = (around ? count > 1 : at + 1 < count) ? 1 : 0;
    *plain = *plain && (!around || count > 2);
}

static bool meet_neighbours(struct fit *fit, const struct boxes *b, const int32_t at[3])
{
    int from[3], to[3], m[3];
    bool plain = true, good = true;
    for (int q = 0; q < 3; q++) {
        steps(b, q, at[q], &from[q], &to[q], &plain);
    }
    const int32_t here = (at[2] * b->count[1] + at[1]) * b->count[0] + at[0];
    for (m[2] = from[2]; m[2] <= to[2]; m[2]++) {
        for (m[1] = from[1]; m[1] <= to[1]; m[1]++) {
            for (m[0] = from[0]; m[0] <= to[0]; m[0]++) {
                int32_t there[3];
                double shift[3] = {0, 0, 0};
                for (int q = 0; q < 3; q++) {
                    there[q] = at[q] + m[q];
                    const int turn = there[q] < 0 ? -1 : there[q] >= b->count[q] ? 1 : 0;
                    there[q] -= turn * b->count[q];
                    for (int x = 0; x < 3; x++) {
                        shift[x] += turn * b->cell.basis[q][x];
                    }
                }
                const int32_t box = (there[2] * b->count[1] + there[1]) * b->count[0] + there[0];
                for (int32_t a = b->start[here]; a < b->start[here + 1] && box <= here && good; a++) {
                    good = meet_box(fit, b, a, box, plain ? shift : NULL);
                }
            }
        }
    }
    return good;
}

static bool find_near(struct fit *fit, struct springs *springs)
{
    const struct quench_state *state = fit->state;
    struct boxes b = {.reach = reach_of(state)};
    cell_init(&b.cell, state->box);
    isd_lattice_init(&b.lattice, state->box);
    bool good = sort_atoms(&b, state, springs->atom);
    int32_t at[3];
    for (at[2] = 0; at[2] < b.count[2] && good; at[2]++) {
        for (at[1] = 0; at[1] < b.count[1] && good; at[1]++) {
            good = !isd_control_cancelled(state->control);
            for (at[0] = 0; at[0] < b.count[0] && good; at[0]++) {
                good = meet_neighbours(fit, &b, at);
            }
        }
    }
    free(b.start);
    free(b.r);
    return good;
}

/* --- the fit --- */

static int classes_of(const struct fit *fit)
{
    return fit->classes > 0 ? fit->classes : 1;
}

static int class_of(const struct fit *fit, const struct springs *springs, const struct near *near)
{
    if (fit->classes == 0) {
        return 0;
    }
    const int32_t *type = fit->state->type, a = type[springs->atom[near->place]], b = type[springs->atom[near->other]];
    const int32_t high = a > b ? a : b, low = a > b ? b : a;
    return (int)(high * (high - 1) / 2 + low - 1);
}

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Knots at equal numbers of pairs, of a sample of them. */
static bool place_knots(struct fit *fit, const struct springs *springs)
{
    const size_t every = 1 + fit->n_near / PAIRS;
    float *r = malloc((fit->n_near / every + 1) * sizeof *r);
    for (int c = 0; r && c < classes_of(fit); c++) {
        size_t n = 0;
        for (size_t k = 0; k < fit->n_near; k += every) {
            if (class_of(fit, springs, &fit->near[k]) == c) {
                r[n++] = fit->near[k].r;
            }
        }
        qsort(r, n, sizeof *r, ascending);
        for (size_t k = 0; k < KNOTS; k++) {
            fit->knot[c][k] = n > 0 ? (double)r[(n - 1) * k / (KNOTS - 1)] : 0;
        }
    }
    free(r);
    return r != NULL;
}

/* Between which knots: stiffness = (1 - t) at ret_knot + t at the next. */
static double between(const double *knot, double r, int *ret_knot)
{
    int k = 0;
    while (k < KNOTS - 2 && r >= knot[k + 1]) {
        k++;
    }
    *ret_knot = k;
    const double width = knot[k + 1] - knot[k];
    return width > 0 ? fmin(fmax((r - knot[k]) / width, 0), 1) : 0;
}

/* Solves the symmetric a x = b in place (b becomes x) by Cholesky; false if a is not positive. */
static bool solve(double *a, double *b, int n)
{
    for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (int k = 0; k < j; k++) {
                sum -= a[i * n + k] * a[j * n + k];
            }
            if (i == j && !(sum > 0)) {
                return false;
            }
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            b[i] -= a[i * n + k] * b[k];
        }
        b[i] /= a[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) {
            b[i] -= a[k * n + i] * b[k];
        }
        b[i] /= a[i * n + i];
    }
    return true;
}

/* The rows of a sample of the atoms in H v = y, as sums over knots: row[3 m + q] for the m-th of them. */
static void add_rows(const struct fit *fit, const struct springs *springs, const double *v, size_t every, double *row, int unknowns)
{
    for (size_t k = 0; k < fit->n_near; k++) {
        const struct near *p = &fit->near[k];
        const size_t place[2] = {(size_t)p->place, (size_t)p->other};
        const double *a = v + 3 * (size_t)springs->atom[place[0]], *b = v + 3 * (size_t)springs->atom[place[1]];
        const double along = (a[0] - b[0]) * (double)p->u[0] + (a[1] - b[1]) * (double)p->u[1] + (a[2] - b[2]) * (double)p->u[2];
        int knot;
        const int c = class_of(fit, springs, p);
        const double t = between(fit->knot[c], (double)p->r, &knot);
        for (int side = 0; side < 2; side++) {
            if (place[side] % every != 0) {
                continue;
            }
            for (size_t q = 0; q < 3; q++) {
                double *out = row + (3 * (place[side] / every) + q) * (size_t)unknowns + c * KNOTS + knot;
                const double share = (side ? -along : along) * (double)p->u[q];
                out[0] += (1 - t) * share;
                out[1] += t * share;
            }
        }
    }
}

static bool fit_stiffness(struct fit *fit, const struct springs *springs, const double *v, const double *y)
{
    const int unknowns = KNOTS * classes_of(fit);
    const size_t every = 1 + springs->n / SAMPLE, rows = 3 * ((springs->n + every - 1) / every),
                 u = (size_t)unknowns;
    double *row = calloc(rows * u, sizeof *row), *a = calloc(u * u, sizeof *a), b[UNKNOWNS] = {0}, trace = 0;
    bool good = row && a;
    if (good) {
        add_rows(fit, springs, v, every, row, unknowns);
        for (size_t m = 0; m < rows; m++) {
            const double *one = row + m * u, wanted = y[3 * (size_t)springs->atom[m / 3 * every] + m % 3];
            for (size_t i = 0; i < u; i++) {
                b[i] += one[i] * wanted;
                for (size_t j = 0; j <= i && one[i] != 0; j++) {
                    a[i * u + j] += one[i] * one[j];
                }
            }
        }
        for (size_t i = 0; i < u; i++) {
            trace += a[i * u + i];
        }
        for (size_t i = 0; i < u; i++) {
            a[i * u + i] += RIDGE * trace / (double)u;
        }
        good = solve(a, b, unknowns);
    }
    for (int k = 0; k < unknowns && good; k++) {
        good = isfinite(b[k]);
        fit->stiffness[k / KNOTS][k % KNOTS] = fmax(b[k], 0);
    }
    free(row);
    free(a);
    return good;
}

/* --- the matrix --- */

static double stiffness_of(const struct fit *fit, const struct springs *springs, const struct near *p)
{
    const int c = class_of(fit, springs, p);
    int knot;
    const double t = between(fit->knot[c], (double)p->r, &knot);
    return (1 - t) * fit->stiffness[c][knot] + t * fit->stiffness[c][knot + 1];
}

static void invert(double *m)
{
    const double xx = m[0], yy = m[1], zz = m[2], xy = m[3], xz = m[4], yz = m[5];
    const double a = yy * zz - yz * yz, b = xz * yz - xy * zz, c = xy * yz - xz * yy,
                 determinant = xx * a + xy * b + xz * c;
    m[0] = a / determinant;
    m[1] = (xx * zz - xz * xz) / determinant;
    m[2] = (xx * yy - xy * xy) / determinant;
    m[3] = b / determinant;
    m[4] = c / determinant;
    m[5] = (xy * xz - xx * yz) / determinant;
}

/* Springs across the border of two shares are left out, but each atom keeps the stiffness they give it. */
static size_t share_of(const struct springs *s, size_t place)
{
    return place * (size_t)s->shares / s->n;
}

/* The median over a sample of the atoms: those that overlap do not shift it. */
static double typical(const struct fit *fit, const struct springs *s)
{
    const size_t every = 1 + s->n / SAMPLE;
    float sample[SAMPLE + 1];
    size_t n = 0;
    for (size_t k = 0; k < s->n; k += every) {
        const double *m = s->inverse + 6 * k;
        sample[n++] = (float)((m[0] + m[1] + m[2]) / fit->state->box->dim);
    }
    qsort(sample, n, sizeof *sample, ascending);
    return (double)sample[n / 2];
}

static bool assemble(const struct fit *fit, struct springs *s)
{
    float *stiffness = malloc((fit->n_near + 1) * sizeof *stiffness);
    size_t held = 0;
    if (!stiffness) {
        return false;
    }
    memset(s->start, 0, (s->n + 1) * sizeof *s->start);
    memset(s->inverse, 0, 6 * s->n * sizeof *s->inverse);
    for (size_t k = 0; k < fit->n_near; k++) {
        const struct near *p = &fit->near[k];
        const double k0 = stiffness_of(fit, s, p);
        const float *u = p->u, block[6] = {u[0] * u[0], u[1] * u[1], u[2] * u[2], u[0] * u[1], u[0] * u[2], u[1] * u[2]};
        for (size_t q = 0; q < 6 && k0 > 0; q++) {
            s->inverse[6 * (size_t)p->place + q] += k0 * (double)block[q];
            s->inverse[6 * (size_t)p->other + q] += k0 * (double)block[q];
        }
        const bool inside = k0 > 0 && share_of(s, (size_t)p->place) == share_of(s, (size_t)p->other);
        stiffness[k] = inside ? (float)k0 : 0;
        s->start[p->place + 1] += inside;
        held += inside;
    }
    s->other = malloc((held + 1) * sizeof *s->other);
    s->w = malloc((3 * held + 1) * sizeof *s->w);
    for (size_t k = 0; k < s->n; k++) {
        s->start[k + 1] += s->start[k];
    }
    for (size_t k = 0; k < fit->n_near && s->other && s->w; k++) {
        const struct near *p = &fit->near[k];
        if (stiffness[k] > 0) {
            const size_t at = (size_t)s->start[p->place]++;
            s->other[at] = p->other;
            for (size_t q = 0; q < 3; q++) {
                s->w[3 * at + q] = sqrtf(stiffness[k]) * p->u[q];
            }
        }
    }
    for (size_t k = s->n; k > 0; k--) {
        s->start[k] = s->start[k - 1];
    }
    s->start[0] = 0;
    free(stiffness);
    s->mean = typical(fit, s);
    for (size_t k = 0; k < s->n && s->mean > 0; k++) {
        double *m = s->inverse + 6 * k;
        for (int q = 0; q < 3; q++) {
            m[q] += FLOOR * s->mean + (q == 2 && fit->state->box->dim == 2 ? s->mean : 0);
        }
        invert(m);
    }
    return s->other && s->w && s->mean > 0;
}

void springs_done(struct springs *s)
{
    free(s->atom);
    free(s->start);
    free(s->other);
    free(s->w);
    free(s->inverse);
    free(s->work);
    *s = (struct springs){0};
}

enum quench_trial springs_make(struct quench_state *state, struct springs *s)
{
    springs_done(s);
    const size_t n = state->n3 / 3;
    int32_t types = 0;
    for (size_t i = 0; i < n; i++) {
        types = state->type[i] > types ? state->type[i] : types;
    }
    struct fit fit = {.state = state, .classes = types <= MOST_TYPES ? types * (types + 1) / 2 : 0};
    double *v = malloc((state->n3 + 1) * sizeof *v);
    *s = (struct springs){.n = n,
                          .shares = (int32_t)(1 + n / SHARE),
                          .atom = malloc((n + 1) * sizeof *s->atom),
                          .start = malloc((n + 1) * sizeof *s->start),
                          .inverse = malloc((6 * n + 1) * sizeof *s->inverse),
                          .work = calloc(6 * n + 1, sizeof *s->work)};
    enum quench_trial found = TRIAL_GOOD;
    if (!v || !s->atom || !s->start || !s->inverse || !s->work) {
        isd_error_memory(state->err);
        found = TRIAL_FAILED;
    }
    if (found == TRIAL_GOOD && n > 1) {
        stiffness_random(state, v);
        found = stiffness_product(state, v, state->step);
    }
    if (found == TRIAL_GOOD) {
        const isd_control *control = state->control;
        const bool good = n > 1 && find_near(&fit, s) && fit.n_near > 0 && place_knots(&fit, s) &&
                          !isd_control_cancelled(control) && fit_stiffness(&fit, s, v, state->step) &&
                          !isd_control_cancelled(control) && assemble(&fit, s);
        found = good ? TRIAL_GOOD : TRIAL_WILD;
    }
    if (found == TRIAL_WILD && isd_control_cancelled(state->control)) {
        isd_error_set(state->err, ISD_CANCELLED, "cancelled");
        found = TRIAL_FAILED;
    }
    free(v);
    free(fit.near);
    if (found != TRIAL_GOOD) {
        springs_done(s);
    }
    return found;
}

/* --- what it is for --- */

static void times(const double *m, const double *x, double *ret)
{
    const double a = m[0] * x[0] + m[3] * x[1] + m[4] * x[2], b = m[3] * x[0] + m[1] * x[1] + m[5] * x[2],
                 c = m[4] * x[0] + m[5] * x[1] + m[2] * x[2];
    ret[0] = a;
    ret[1] = b;
    ret[2] = c;
}

struct solve {
    const struct springs *springs;
    const double *v;
    double *ret;
};

/* One share: there, and back. */
static void solve_share(void *arg, int32_t share)
{
    const struct solve *solve = arg;
    const struct springs *s = solve->springs;
    const size_t n = s->n, shares = (size_t)s->shares, c = (size_t)share;
    const size_t first = (n * c + shares - 1) / shares, last = (n * (c + 1) + shares - 1) / shares;
    double *x = s->work, *pull = s->work + 3 * n;
    for (size_t k = first; k < last; k++) {
        const double *from = solve->v + 3 * (size_t)s->atom[k];
        double b[3] = {from[0], from[1], from[2]};
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            const double w[3] = {s->w[3 * e], s->w[3 * e + 1], s->w[3 * e + 2]}, *o = x + 3 * (size_t)s->other[e];
            const double along = w[0] * o[0] + w[1] * o[1] + w[2] * o[2];
            for (int q = 0; q < 3; q++) {
                b[q] += along * w[q];
            }
        }
        times(s->inverse + 6 * k, b, x + 3 * k);
        pull[3 * k] = pull[3 * k + 1] = pull[3 * k + 2] = 0;
    }
    for (size_t k = last; k-- > first;) {
        double more[3], *o = x + 3 * k;
        times(s->inverse + 6 * k, pull + 3 * k, more);
        for (int q = 0; q < 3; q++) {
            o[q] += more[q];
        }
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            const double w[3] = {s->w[3 * e], s->w[3 * e + 1], s->w[3 * e + 2]};
            const double along = w[0] * o[0] + w[1] * o[1] + w[2] * o[2];
            double *p = pull + 3 * (size_t)s->other[e];
            for (int q = 0; q < 3; q++) {
                p[q] += along * w[q];
            }
        }
        memcpy(solve->ret + 3 * (size_t)s->atom[k], o, 3 * sizeof *o);
    }
}

void springs_solve(const struct springs *springs, const struct quench_state *state, const double *v, double *ret)
{
    struct solve solve = {springs, v, ret};
    isd_control_for(state->control, springs->shares, solve_share, &solve);
}

/* y = P x for the springs held, by places; returns the length of y. */
static double product(const struct springs *s, const double *x, double *y)
{
    memset(y, 0, 3 * s->n * sizeof *y);
    for (size_t k = 0; k < s->n; k++) {
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            const size_t other = 3 * (size_t)s->other[e];
            const double w[3] = {s->w[3 * e], s->w[3 * e + 1], s->w[3 * e + 2]};
            double along = 0;
            for (size_t q = 0; q < 3; q++) {
                along += w[q] * (x[3 * k + q] - x[other + q]);
            }
            for (size_t q = 0; q < 3; q++) {
                y[3 * k + q] += along * w[q];
                y[other + q] -= along * w[q];
            }
        }
    }
    double sum = 0;
    for (size_t k = 0; k < 3 * s->n; k++) {
        sum += y[k] * y[k];
    }
    return sqrt(sum);
}

double springs_largest(const struct springs *s)
{
    double *x = s->work, *y = s->work + 3 * s->n, largest = 0;
    struct rng rng;
    rng_init(&rng, 2);
    for (size_t k = 0; k < 3 * s->n; k++) {
        x[k] = rng_double(&rng) - 0.5;
    }
    for (int turn = 0; turn < TURNS; turn++) {
        largest = product(s, x, y);
        for (size_t k = 0; k < 3 * s->n; k++) {
            x[k] = largest > 0 ? y[k] / largest : 0;
        }
    }
    return largest;
}
