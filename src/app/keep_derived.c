/* Results of many frames, or of a table, as plain numbers for the store, and back. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/keep_derived.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/green_kubo.h"
#include "app/motion.h"
#include "app/motion_job.h"

/* --- numbers one after the other --- */

/* What is put is counted first, without a place to go to, then written. */
struct pen {
    double *to; /* or NULL */
    size_t n;
};

static void put_all(struct pen *pen, const double *values, size_t n)
{
    if (pen->to)
        memcpy(pen->to + pen->n, values, n * sizeof *values);
    pen->n += n;
}

static void put(struct pen *pen, double value)
{
    put_all(pen, &value, 1);
}

typedef void put_fn(struct pen *pen, const void *what);

static isd_status put_twice(put_fn *fn, const void *what, double **ret_numbers, size_t *ret_n, isd_error *err)
{
    struct pen pen = {NULL, 0};
    fn(&pen, what);
    double *numbers = malloc((pen.n + 1) * sizeof *numbers);
    if (!numbers)
        return isd_error_memory(err);
    pen = (struct pen){numbers, 0};
    fn(&pen, what);
    *ret_numbers = numbers;
    *ret_n = pen.n;
    return ISD_OK;
}

struct eye {
    const double *from;
    size_t left;
    bool good;
};

/* Zeros once there is nothing left. */
static void take_all(struct eye *eye, double *values, size_t n)
{
    eye->good = eye->good && n <= eye->left;
    if (!eye->good) {
        memset(values, 0, n * sizeof *values);
        return;
    }
    memcpy(values, eye->from, n * sizeof *values);
    eye->from += n;
    eye->left -= n;
}

static double take(struct eye *eye)
{
    double value;
    take_all(eye, &value, 1);
    return value;
}

/* A whole number of low to high; low where it is none. */
static int32_t take_int(struct eye *eye, int32_t low, int32_t high)
{
    double value = take(eye);
    eye->good = eye->good && value >= low && value <= high && value == (double)(int32_t)value;
    return eye->good ? (int32_t)value : low;
}

/* How many things follow, each of so many numbers at least: no more than there are numbers left. */
static int32_t take_count(struct eye *eye, size_t each)
{
    size_t most = eye->left / each;
    return take_int(eye, 0, most < INT32_MAX ? (int32_t)most : INT32_MAX);
}

/* --- how atoms move --- */

/* All of a value but the number of atoms are doubles. */
enum { MOTION_REALS = (sizeof(struct motion_value) - offsetof(struct motion_value, msd)) / sizeof(double) };

static void put_motion(struct pen *pen, const void *what)
{
    const struct motion *m = what;
    const double head[] = {MOTION_REALS, m->n_types, m->dim, m->k, m->a, m->jump, m->cage, m->delta, m->unwrapping, m->farthest, m->span, m->n};
    put_all(pen, head, sizeof head / sizeof *head);
    for (int32_t k = 0; k < m->n; k++) {
        const struct motion_row *row = &m->row[k];
        put(pen, row->t);
        put(pen, row->pairs);
        put(pen, row->close_pairs);
        for (int type = 0; type <= m->n_types; type++) {
            put(pen, row->value[type].atoms);
            put_all(pen, &row->value[type].msd, MOTION_REALS);
        }
    }
}

isd_status keep_pack_motion(const void *motion, double **ret_numbers, size_t *ret_n, isd_error *err)
{
    return put_twice(put_motion, motion, ret_numbers, ret_n, err);
}

static bool take_row(struct eye *eye, int n_types, struct motion_row *row)
{
    row->value = calloc((size_t)n_types + 1, sizeof *row->value);
    if (!row->value)
        return false;
    row->t = take(eye);
    row->pairs = take_int(eye, 0, INT32_MAX);
    row->close_pairs = take_int(eye, 0, INT32_MAX);
    for (int type = 0; type <= n_types; type++) {
        row->value[type].atoms = take_int(eye, 0, INT32_MAX);
        take_all(eye, &row->value[type].msd, MOTION_REALS);
    }
    return eye->good;
}

void *keep_unpack_motion(const double *numbers, size_t n)
{
    struct eye eye = {numbers, n, true};
    struct motion *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    take_int(&eye, MOTION_REALS, MOTION_REALS);
    m->n_types = take_int(&eye, 0, ISD_MAX_TYPES);
    m->dim = take_int(&eye, 2, 3);
    double *const heads[] = {&m->k, &m->a, &m->jump, &m->cage, &m->delta};
    for (size_t k = 0; k < sizeof heads / sizeof *heads; k++)
        *heads[k] = take(&eye);
    m->unwrapping = take_int(&eye, UNWRAP_FILE, UNWRAP_NEAREST) == UNWRAP_FILE ? UNWRAP_FILE : UNWRAP_NEAREST;
    m->farthest = take(&eye);
    m->span = take(&eye);
    int32_t rows = take_count(&eye, 3 + (MOTION_REALS + 1) * ((size_t)m->n_types + 1));
    m->row = eye.good ? calloc((size_t)rows + 1, sizeof *m->row) : NULL;
    eye.good = eye.good && m->row;
    for (; m->n < rows && eye.good; m->n++)
        if (!take_row(&eye, m->n_types, &m->row[m->n])) {
            free(m->row[m->n].value);
            eye.good = false;
            break;
        }
    if (eye.good && eye.left == 0 && m->n > 0)
        return m;
    motion_free(m);
    return NULL;
}

/* --- S(k) --- */

static void put_sk(struct pen *pen, const void *what)
{
    const struct structure_factor *s = what;
    put(pen, s->n);
    put_all(pen, s->k, (size_t)s->n);
    put_all(pen, s->s, (size_t)s->n);
    put_all(pen, s->se, (size_t)s->n);
    for (int k = 0; k < s->n; k++)
        put(pen, s->vectors[k]);
}

isd_status keep_pack_sk(const void *structure_factor, double **ret_numbers, size_t *ret_n, isd_error *err)
{
    return put_twice(put_sk, structure_factor, ret_numbers, ret_n, err);
}

void *keep_unpack_sk(const double *numbers, size_t n)
{
    struct eye eye = {numbers, n, true};
    struct structure_factor *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->n = take_count(&eye, 4);
    size_t shells = (size_t)s->n;
    s->k = calloc(shells + 1, sizeof *s->k);
    s->s = calloc(shells + 1, sizeof *s->s);
    s->se = calloc(shells + 1, sizeof *s->se);
    s->vectors = calloc(shells + 1, sizeof *s->vectors);
    eye.good = eye.good && s->k && s->s && s->se && s->vectors;
    if (eye.good) {
        take_all(&eye, s->k, shells);
        take_all(&eye, s->s, shells);
        take_all(&eye, s->se, shells);
        for (size_t k = 0; k < shells; k++)
            s->vectors[k] = take_int(&eye, 0, INT32_MAX);
    }
    if (eye.good && eye.left == 0 && shells > 0)
        return s;
    structure_factor_free(s);
    return NULL;
}

/* --- van Hove --- */

static void put_van_hove(struct pen *pen, const void *what)
{
    const struct van_hove *v = what;
    const double head[] = {v->bins, v->dim, v->max, v->unwrapped};
    const double *const columns[] = {v->gs, v->se_gs, v->gd, v->se_gd};
    put_all(pen, head, sizeof head / sizeof *head);
    for (int c = 0; c < 4; c++)
        put_all(pen, columns[c], (size_t)v->bins);
}

isd_status keep_pack_van_hove(const void *van_hove, double **ret_numbers, size_t *ret_n, isd_error *err)
{
    return put_twice(put_van_hove, van_hove, ret_numbers, ret_n, err);
}

void *keep_unpack_van_hove(const double *numbers, size_t n)
{
    struct eye eye = {numbers, n, true};
    struct van_hove *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->bins = take_count(&eye, 4);
    v->dim = take_int(&eye, 2, 3);
    v->max = take(&eye);
    v->unwrapped = take_int(&eye, 0, 1) == 1;
    size_t bins = (size_t)v->bins;
    v->gs = calloc(4 * bins + 1, sizeof *v->gs); /* the others lie behind it */
    eye.good = eye.good && v->gs;
    if (eye.good) {
        v->se_gs = v->gs + bins;
        v->gd = v->gs + 2 * bins;
        v->se_gd = v->gs + 3 * bins;
        take_all(&eye, v->gs, 4 * bins);
    }
    if (eye.good && eye.left == 0 && bins > 0)
        return v;
    free(v->gs);
    free(v);
    return NULL;
}

/* --- Green and Kubo --- */

static void put_green_kubo(struct pen *pen, const void *what)
{
    const struct green_kubo *gk = what;
    const double head[] = {gk->n, gk->components, gk->parts, gk->blocks, gk->dt, gk->t_cut};
    put_all(pen, head, sizeof head / sizeof *head);
    put_all(pen, gk->g, (size_t)gk->n);
    put_all(pen, gk->se, (size_t)gk->n);
    put_all(pen, gk->each, (size_t)gk->n * (size_t)gk->parts);
}

isd_status keep_pack_green_kubo(const void *green_kubo, double **ret_numbers, size_t *ret_n, isd_error *err)
{
    return put_twice(put_green_kubo, green_kubo, ret_numbers, ret_n, err);
}

void *keep_unpack_green_kubo(const double *numbers, size_t n)
{
    struct eye eye = {numbers, n, true};
    struct green_kubo *gk = calloc(1, sizeof *gk);
    if (!gk)
        return NULL;
    gk->n = take_count(&eye, 3);
    gk->components = take_int(&eye, 1, GREEN_KUBO_PARTS);
    gk->parts = take_int(&eye, 2, GREEN_KUBO_PARTS);
    gk->blocks = take_int(&eye, 0, 1) != 0;
    gk->dt = take(&eye);
    gk->t_cut = take(&eye);
    size_t lags = (size_t)gk->n, parts = (size_t)gk->parts;
    eye.good = eye.good && lags > 0 && eye.left == lags * (2 + parts);
    if (eye.good) {
        gk->g = malloc(lags * sizeof *gk->g);
        gk->se = malloc(lags * sizeof *gk->se);
        gk->each = malloc(lags * parts * sizeof *gk->each);
        eye.good = gk->g && gk->se && gk->each;
    }
    if (eye.good) {
        take_all(&eye, gk->g, lags);
        take_all(&eye, gk->se, lags);
        take_all(&eye, gk->each, lags * parts);
        return gk;
    }
    green_kubo_free(gk);
    return NULL;
}
