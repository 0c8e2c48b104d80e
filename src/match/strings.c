/* Cooperative strings: mobile atoms that move into each other's places. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/strings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/near.h"

/* Disjoint sets of the mobile atoms. */
static int32_t root_of(int32_t *parent, int32_t k)
{
    while (parent[k] != k) {
        parent[k] = parent[parent[k]];
        k = parent[k];
    }
    return k;
}

struct joining {
    int32_t *parent;
    int32_t self;
};

/* Who was near to where `self` has gone: either order of a pair comes here once, so both halves of the criterion do. */
static bool join(void *arg, int32_t other, double value)
{
    struct joining *joining = arg;
    (void)value;
    int32_t a = root_of(joining->parent, joining->self), b = root_of(joining->parent, other);
    if (a < b)
        joining->parent[b] = a;
    else
        joining->parent[a] = b;
    return true;
}

struct mobile {
    double u;
    int32_t index;
};

static int by_u(const void *p, const void *q)
{
    const struct mobile *a = p, *b = q;
    if (a->u != b->u)
        return a->u < b->u ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index);
}

/* The mobile atoms, the fastest first: those beyond a threshold, or a share of those asked about. */
static int32_t find_mobile(const struct match *match, const struct string_options *options, struct mobile *mobile)
{
    int32_t n = 0, kept = 0;
    for (int32_t i = 0; i < match->n; i++)
        if (options->type == 0 || match->a->type[i] == options->type)
            mobile[n++] = (struct mobile){match->u_lab[i], i};
    qsort(mobile, (size_t)n, sizeof *mobile, by_u);
    if (!(options->u_min > 0))
        return (int32_t)llround(options->share * n);
    while (kept < n && mobile[kept].u > options->u_min)
        kept++;
    return kept;
}

/* size: [mobile] zeroes. */
static void count_sizes(struct strings *strings, int32_t *parent, int32_t *size)
{
    for (int32_t k = 0; k < strings->mobile; k++)
        size[root_of(parent, k)]++;
    for (int32_t k = 0; k < strings->mobile; k++)
        if (size[k] > 0) {
            strings->count[size[k]]++;
            strings->n_strings++;
            strings->longest = size[k] > strings->longest ? size[k] : strings->longest;
        }
    strings->mean = strings->n_strings > 0 ? (double)strings->mobile / strings->n_strings : NAN;
}

static isd_status link_mobile(const struct match *match, const struct mobile *mobile, double delta, struct strings *strings,
                              int32_t *parent, isd_control *control, isd_error *err)
{
    int32_t n = strings->mobile;
    double *start = malloc(3 * ((size_t)n + 1) * sizeof *start);
    if (!start)
        return isd_error_memory(err);
    for (int32_t k = 0; k < n; k++) {
        memcpy(start + 3 * (size_t)k, match->a->position + 3 * (size_t)mobile[k].index, 3 * sizeof *start);
        parent[k] = k;
        strings->u_min = mobile[k].u;
    }
    isd_lattice lattice;
    struct near near;
    isd_lattice_init(&lattice, &match->a->box);
    isd_status status = near_init(&near, &lattice, start, NULL, n, err);
    free(start);
    if (status != ISD_OK)
        return status;
    /* Strictly below delta, as published. */
    double limit = nextafter(delta * delta, 0);
    for (int32_t k = 0; k < n && status == ISD_OK; k++) {
        const double *home = match->a->position + 3 * (size_t)mobile[k].index, *moved = match->vec_lab + 3 * (size_t)mobile[k].index;
        double end[3] = {home[0] + moved[0], home[1] + moved[1], home[2] + moved[2]};
        struct joining joining = {parent, k};
        near_visit(&near, end, limit, join, &joining);
        if (isd_control_cancelled(control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    near_done(&near);
    return status;
}

isd_status strings_find(const struct match *match, const struct string_options *options, isd_control *control,
                        struct strings *ret_strings, isd_error *err)
{
    if (!match->labelled)
        return isd_error_set(err, ISD_DATA, "strings need atoms with ids, the same ones in both frames");
    size_t room = (size_t)match->n + 1;
    struct strings strings = {.delta = options->delta > 0 ? options->delta : 0.6 * match->r0, .mean = NAN, .u_min = NAN};
    struct mobile *mobile = malloc(room * sizeof *mobile);
    int32_t *parent = malloc(room * sizeof *parent), *size = calloc(room, sizeof *size);
    strings.count = calloc(room, sizeof *strings.count);
    isd_status status = mobile && parent && size && strings.count ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK) {
        strings.mobile = find_mobile(match, options, mobile);
        for (int32_t k = 0; k < strings.mobile && match->cycle; k++)
            strings.on_cycles += match->cycle[mobile[k].index] > 0;
        status = link_mobile(match, mobile, strings.delta, &strings, parent, control, err);
    }
    if (status == ISD_OK)
        count_sizes(&strings, parent, size);
    free(mobile);
    free(parent);
    free(size);
    if (status != ISD_OK) {
        strings_done(&strings);
        return status;
    }
    *ret_strings = strings;
    return ISD_OK;
}

void strings_done(struct strings *strings)
{
    if (!strings)
        return;
    free(strings->count);
    *strings = (struct strings){0};
}
