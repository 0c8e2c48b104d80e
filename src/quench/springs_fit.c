/* How stiff the spring between two near atoms is. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/springs_fit.h"

#include <math.h>
#include <stdlib.h>

#include "quench/near.h"

#define PI 3.14159265358979
#define NEIGHBOURS 12     /* an atom of a homogeneous fluid has within reach */
#define NEIGHBOURS_FLAT 8
#define SAMPLE 600        /* atoms whose equations are fitted */
#define PAIRS 1500        /* pairs whose distances tell where the knots belong */
#define RIDGE 1e-6        /* of the mean diagonal of the normal equations */

enum { UNKNOWNS = FIT_KNOTS * FIT_MOST_CLASSES };

static double reach_of(const struct quench_state *state)
{
    const double n = (double)state->n3 / 3, volume = isd_box_volume(state->box);
    const double r = state->box->dim == 2 ? sqrt(NEIGHBOURS_FLAT * volume / (PI * n))
                                          : cbrt(0.75 * NEIGHBOURS * volume / (PI * n));
    return fmin(r, isd_potential_cutoff(state->potential));
}

static bool add_near(void *arg, int32_t share, int32_t a, int32_t b, const double d[3], double r)
{
    struct near_part *part = &((struct springs_fit *)arg)->part[share];
    if (part->n == part->room) {
        const size_t room = part->room < 1024 ? 4096 : part->room + part->room / 2;
        struct near *more = realloc(part->near, room * sizeof *more);
        if (!more) {
            return false;
        }
        part->near = more;
        part->room = room;
    }
    struct near *near = &part->near[part->n++];
    *near = (struct near){.place = a, .other = b, .r = (float)r};
    const double scale = 1 / r;
    for (int q = 0; q < 3; q++) {
        near->u[q] = (float)(scale * d[q]);
    }
    return true;
}

bool springs_fit_pairs(struct springs_fit *fit, int32_t shares, int32_t *ret_atom, int32_t *ret_first)
{
    int32_t types = 0;
    for (size_t i = 0; i < fit->state->n3 / 3; i++) {
        types = fit->state->type[i] > types ? fit->state->type[i] : types;
    }
    fit->classes = types <= FIT_MOST_TYPES ? types * (types + 1) / 2 : 0;
    fit->atom = ret_atom;
    fit->first = ret_first;
    fit->part = calloc((size_t)shares, sizeof *fit->part);
    fit->shares = fit->part ? shares : 0;
    const bool good = fit->part && near_find(fit->state, reach_of(fit->state), shares, ret_atom, ret_first, add_near, fit);
    for (int32_t k = 0; k < fit->shares; k++) {
        fit->n_near += fit->part[k].n;
    }
    return good;
}

void springs_fit_done(struct springs_fit *fit)
{
    for (int32_t k = 0; k < fit->shares; k++) {
        free(fit->part[k].near);
    }
    free(fit->part);
}

static int classes_of(const struct springs_fit *fit)
{
    return fit->classes > 0 ? fit->classes : 1;
}

static int class_of(const struct springs_fit *fit, const struct near *near)
{
    if (fit->classes == 0) {
        return 0;
    }
    const int32_t *type = fit->state->type, a = type[fit->atom[near->place]], b = type[fit->atom[near->other]];
    const int32_t high = a > b ? a : b, low = a > b ? b : a;
    return (int)(high * (high - 1) / 2 + low - 1);
}

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

void springs_fit_sort(float *numbers, size_t n)
{
    qsort(numbers, n, sizeof *numbers, ascending);
}

/* Knots at equal numbers of pairs, of a sample of them. */
static bool place_knots(struct springs_fit *fit)
{
    const size_t every = 1 + fit->n_near / PAIRS;
    float *r = malloc((fit->n_near / every + 1) * sizeof *r);
    for (int c = 0; r && c < classes_of(fit); c++) {
        size_t n = 0, first = 0; /* of all pairs: the next of the sample, as counted in this part */
        for (int32_t p = 0; p < fit->shares; p++) {
            const struct near_part *part = &fit->part[p];
            for (; first < part->n; first += every) {
                if (class_of(fit, &part->near[first]) == c) {
                    r[n++] = part->near[first].r;
                }
            }
            first -= part->n;
        }
        springs_fit_sort(r, n);
        for (size_t k = 0; k < FIT_KNOTS; k++) {
            fit->knot[c][k] = n > 0 ? (double)r[(n - 1) * k / (FIT_KNOTS - 1)] : 0;
        }
    }
    free(r);
    return r != NULL;
}

/* Between which knots: stiffness = (1 - t) at ret_knot + t at the next. */
static double between(const double *knot, double r, int *ret_knot)
{
    int k = 0; /* counted, not looked for: no branch to guess */
    for (int next = 1; next < FIT_KNOTS - 1; next++) {
        k += r >= knot[next];
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
struct rows {
    const struct springs_fit *fit;
    const double *v;
    double *row;
    size_t every, unknowns;
};

/* What a pair adds to the row of one of its atoms, which is of the sample. */
static void add_row(const struct rows *rows, const struct near *p, bool second)
{
    const struct springs_fit *fit = rows->fit;
    const size_t place = (size_t)(second ? p->other : p->place);
    const double *a = rows->v + 3 * (size_t)fit->atom[p->place], *b = rows->v + 3 * (size_t)fit->atom[p->other];
    const double along = (a[0] - b[0]) * (double)p->u[0] + (a[1] - b[1]) * (double)p->u[1] + (a[2] - b[2]) * (double)p->u[2];
    const int c = class_of(fit, p);
    int knot;
    const double t = between(fit->knot[c], (double)p->r, &knot);
    for (size_t q = 0; q < 3; q++) {
        double *out = rows->row + (3 * (place / rows->every) + q) * rows->unknowns + (size_t)(c * FIT_KNOTS + knot);
        const double share = (second ? -along : along) * (double)p->u[q];
        out[0] += (1 - t) * share;
        out[1] += t * share;
    }
}

/* All of a share, whose pairs are all there are of its atoms. */
static void add_rows(void *arg, int32_t share)
{
    const struct rows *rows = arg;
    const struct springs_fit *fit = rows->fit;
    const struct near_part *part = &fit->part[share];
    for (size_t m = 0; m < part->n && !isd_control_cancelled(fit->state->control); m++) {
        const struct near *near = &part->near[m];
        if ((size_t)near->place % rows->every == 0) {
            add_row(rows, near, false);
        }
        if ((size_t)near->other % rows->every == 0 && springs_fit_inside(fit, share, near)) {
            add_row(rows, near, true);
        }
    }
}

static bool fit_stiffness(struct springs_fit *fit, const double *v, const double *y)
{
    const size_t n = fit->state->n3 / 3;
    const int unknowns = FIT_KNOTS * classes_of(fit);
    const size_t every = 1 + n / SAMPLE, rows = 3 * ((n + every - 1) / every),
                 u = (size_t)unknowns;
    double *row = calloc(rows * u, sizeof *row), *a = calloc(u * u, sizeof *a), b[UNKNOWNS] = {0}, trace = 0;
    bool good = row && a;
    if (good) {
        isd_control_for(fit->state->control, fit->shares, add_rows, &(struct rows){fit, v, row, every, u});
        good = !isd_control_cancelled(fit->state->control);
    }
    if (good) {
        for (size_t m = 0; m < rows; m++) {
            const double *one = row + m * u, wanted = y[3 * (size_t)fit->atom[m / 3 * every] + m % 3];
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
        fit->stiffness[k / FIT_KNOTS][k % FIT_KNOTS] = fmax(b[k], 0);
    }
    free(row);
    free(a);
    return good;
}

static void set_stiffness(void *arg, int32_t k)
{
    const struct springs_fit *fit = arg;
    const struct near_part *part = &fit->part[k];
    for (size_t m = 0; m < part->n; m++) {
        struct near *p = &part->near[m];
        const int c = class_of(fit, p);
        int knot;
        const double t = between(fit->knot[c], (double)p->r, &knot);
        p->stiffness = (float)((1 - t) * fit->stiffness[c][knot] + t * fit->stiffness[c][knot + 1]);
    }
}

bool springs_fit_solve(struct springs_fit *fit, const double *v, const double *y)
{
    isd_control *control = fit->state->control;
    const bool good = fit->n_near > 0 && place_knots(fit) && !isd_control_cancelled(control) && fit_stiffness(fit, v, y);
    if (good) {
        isd_control_for(control, fit->shares, set_stiffness, fit);
    }
    return good && !isd_control_cancelled(control);
}
