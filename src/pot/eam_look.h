/* Looking things up in the tables of embedded atoms, one at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POT_EAM_LOOK_H
#define POT_EAM_LOOK_H

#include "pot/eam.h"
#include "pot/potential.h"

struct eam_potential {
    isd_potential base;
    struct eam_tables tables;
    int32_t *element;
    double *embed, *density, *pair, *even, *core;
};

void eam_potential_free(isd_potential *potential);
isd_status eam_shares(const isd_potential *potential, struct pot_frame *frame, isd_control *control, isd_error *err);
extern const struct potential_ops eam_alloy_ops, eam_fs_ops;

/* A cubic between two nodes: values f0 f1, slopes s0 s1 per step, at the fraction p of the step. */
static inline double eam_between(double f0, double s0, double f1, double s1, double p, double *ret_slope)
{
    const double c4 = 3 * (f1 - f0) - 2 * s0 - s1, c3 = s0 + s1 - 2 * (f1 - f0);
    *ret_slope = (3 * c3 * p + 2 * c4) * p + s0;
    return ((c3 * p + c4) * p + s0) * p + f0;
}

struct eam_place {
    size_t node; /* index of the interval's first node, of the pair of kinds */
    double p;
};

static inline struct eam_place eam_place_of(const struct eam_tables *t, int32_t a, int32_t b, double r)
{
    const double q = r * t->per_dr;
    const int32_t k = q < t->n_r - 2 ? (int32_t)q : t->n_r - 2;
    const double p = q - k;
    return (struct eam_place){.node = (size_t)(a * t->n_elements + b) * (size_t)t->n_r + (size_t)k,
                              .p = p < 1 ? p : 1};
}

/* Density at a from b; ret_back: at b from a; the slopes are by distance. */
static inline double eam_look_density(const struct eam_tables *t, struct eam_place at, double *ret_slope, double *ret_back,
                      double *ret_back_slope)
{
    const double *n = t->density + EAM_DENSITY_NODE * at.node;
    const double rho = eam_between(n[0], n[1], n[4], n[5], at.p, ret_slope);
    *ret_back = eam_between(n[2], n[3], n[6], n[7], at.p, ret_back_slope);
    *ret_slope *= t->per_dr;
    *ret_back_slope *= t->per_dr;
    return rho;
}

/* phi(r) and its slope by distance. */
static inline double eam_look_pair(const struct eam_tables *t, struct eam_place at, double r, double *ret_slope)
{
    const double *n = t->pair + EAM_PAIR_NODE * at.node;
    double slope;
    const double phi = eam_between(n[0], n[1], n[2], n[3], at.p, &slope) / r;
    *ret_slope = slope * t->per_dr / r - phi / r;
    return phi;
}

/* F(rho) and F'; beyond the table a straight line. */
static inline double eam_look_embedding(const struct eam_tables *t, int32_t kind, double rho, double *ret_slope)
{
    const double q = rho * t->per_drho;
    const int32_t k = q >= t->n_rho - 2 ? t->n_rho - 2 : q > 0 ? (int32_t)q : 0;
    const double p = q - k < 1 ? q - k : 1;
    const double *n = t->embed + 2 * ((size_t)kind * (size_t)t->n_rho + (size_t)k);
    double slope, f = eam_between(n[0], n[1], n[2], n[3], p, &slope);
    slope *= t->per_drho;
    if (rho > t->rho_max) {
        f += slope * (rho - t->rho_max);
    }
    *ret_slope = slope;
    return f;
}

#endif
