/* Tersoff: the bonds of one atom, for any parameters. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The formulas are those of LAMMPS' pair_tersoff (its manual states them), branch by branch, so that energies
 * agree to rounding. */
#include <math.h>

#include "pot/tersoff.h"

#define LARGEST_EXPONENT 69.0776 /* LAMMPS' bound: exp of it is 1e30 */

struct value {
    double f, slope;
};

/* Goes from 1 to 0 between R - D and R + D. */
static struct value cut(const struct tersoff_numbers *p, double r)
{
    if (r < p->R - p->D) {
        return (struct value){1, 0};
    }
    if (r > p->R + p->D) {
        return (struct value){0, 0};
    }
    const double angle = M_PI_2 * (r - p->R) / p->D;
    return (struct value){0.5 * (1 - sin(angle)), -(M_PI_4 / p->D) * cos(angle)};
}

static struct value repulsion(const struct tersoff_numbers *p, struct value fc, double r)
{
    const double e = p->A * exp(-p->lambda1 * r);
    return (struct value){fc.f * e, e * (fc.slope - p->lambda1 * fc.f)};
}

static struct value attraction(const struct tersoff_numbers *p, struct value fc, double r)
{
    const double e = p->B * exp(-p->lambda2 * r);
    return (struct value){-fc.f * e, e * (p->lambda2 * fc.f - fc.slope)};
}

double tersoff_order(const struct tersoff_entry *entry, double zeta, double *ret_slope)
{
    const double n = entry->p.n, beta = entry->p.beta, t = beta * zeta;
    if (t > entry->series[0]) {
        *ret_slope = -0.5 * beta * pow(t, -1.5);
        return 1 / sqrt(t);
    }
    if (t > entry->series[1]) {
        const double x = pow(t, -n);
        *ret_slope = -0.5 * beta * pow(t, -1.5) * (1 - (1 + 1 / (2 * n)) * x);
        return (1 - x / (2 * n)) / sqrt(t);
    }
    if (t < entry->series[3]) {
        *ret_slope = 0;
        return 1;
    }
    if (t < entry->series[2]) {
        const double x = pow(t, n);
        *ret_slope = -0.5 * beta * x / t;
        return 1 - x / (2 * n);
    }
    const double x = pow(t, n), b = pow(1 + x, -1 / (2 * n));
    *ret_slope = -0.5 * b / (1 + x) * x / zeta;
    return b;
}

static struct value angle(const struct tersoff_entry *e, double cosine)
{
    const double x = e->p.h - cosine, below = e->d_sq + x * x;
    return (struct value){e->p.gamma * (e->offset - e->c_sq / below),
                          e->p.gamma * (-2 * e->c_sq * x) / (below * below)};
}

/* exp of (lambda3 (r_ij - r_ik))^m and its derivative by r_ij. */
static struct value lengthening(const struct tersoff_numbers *p, double difference)
{
    if (p->lambda3 == 0) {
        return (struct value){1, 0};
    }
    const double x = p->lambda3 * difference, exponent = p->m == 3 ? x * x * x : x;
    const double e = exponent > LARGEST_EXPONENT ? 1e30 : exponent < -LARGEST_EXPONENT ? 0 : exp(exponent);
    return (struct value){e, e * (p->m == 3 ? 3 * x * x * p->lambda3 : p->lambda3)};
}

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double zeta_of(const struct tersoff_potential *potential, int32_t element,
                      const struct tersoff_neighbour *near, int32_t n, int32_t j)
{
    double zeta = 0;
    for (int32_t k = 0; k < n; k++) {
        const struct tersoff_entry *e =
            tersoff_entry_of(potential, element, near[j].element, near[k].element);
        if (k != j && near[k].r * near[k].r < e->cutoff_sq) {
            zeta += cut(&e->p, near[k].r).f * angle(e, dot(near[j].u, near[k].u)).f *
                    lengthening(&e->p, near[j].r - near[k].r).f;
        }
    }
    return zeta;
}

/* Adds `factor` times the gradients of zeta_ij. */
static void add_zeta_gradient(const struct tersoff_potential *potential, int32_t element,
                              struct tersoff_neighbour *near, int32_t n, int32_t j, double factor)
{
    struct tersoff_neighbour *a = &near[j];
    for (int32_t k = 0; k < n; k++) {
        struct tersoff_neighbour *b = &near[k];
        const struct tersoff_entry *e = tersoff_entry_of(potential, element, a->element, b->element);
        if (k == j || !(b->r * b->r < e->cutoff_sq)) {
            continue;
        }
        const double cosine = dot(a->u, b->u);
        const struct value fc = cut(&e->p, b->r), g = angle(e, cosine), x = lengthening(&e->p, a->r - b->r);
        const double turn = factor * fc.f * g.slope * x.f, stretch_a = factor * fc.f * g.f * x.slope;
        const double stretch_b = factor * g.f * (fc.slope * x.f - fc.f * x.slope);
        for (int q = 0; q < 3; q++) {
            a->gradient[q] += turn * (b->u[q] - cosine * a->u[q]) * a->inverse + stretch_a * a->u[q];
            b->gradient[q] += turn * (a->u[q] - cosine * b->u[q]) * b->inverse + stretch_b * b->u[q];
        }
    }
}

/* Neighbours within reach of any entry. */
static int32_t gather(const struct tersoff_potential *potential, struct tersoff_pairs *pairs, int32_t slot,
                      struct tersoff_neighbour *near)
{
    const double *reach = potential->reach + pairs->element[slot] * potential->n_elements;
    int32_t n = 0;
    for (int32_t e = pairs->start[slot]; e < pairs->start[slot + 1]; e++) {
        const int32_t bond = pairs->bond[e], element = pairs->element[pairs->centre[bond ^ 1]];
        const double *d = pairs->d + 3 * (size_t)(bond / 2), square = dot(d, d), sign = bond % 2 ? -1 : 1;
        if (square < reach[element] * reach[element]) {
            struct tersoff_neighbour *b = &near[n++];
            const double r = sqrt(square);
            *b = (struct tersoff_neighbour){.r = r, .inverse = 1 / r, .element = element, .bond = bond};
            for (int q = 0; q < 3; q++) {
                b->u[q] = sign * d[q] * b->inverse;
            }
        } else {
            for (int q = 0; q < 3; q++) {
                pairs->gradient[3 * (size_t)bond + (size_t)q] = 0;
            }
        }
    }
    return n;
}

void tersoff_atom_bonds(const struct tersoff_potential *potential, struct tersoff_pairs *pairs, int32_t slot, struct tersoff_neighbour *near,
                        double *bond_energy)
{
    const int32_t element = pairs->element[slot], n = gather(potential, pairs, slot, near);
    for (int32_t j = 0; j < n; j++) {
        const struct tersoff_neighbour *a = &near[j];
        const struct tersoff_entry *e = tersoff_entry_of(potential, element, a->element, a->element);
        if (!(a->r * a->r < e->cutoff_sq)) {
            continue;
        }
        const struct value fc = cut(&e->p, a->r);
        double slope, energy = 0.5 * repulsion(&e->p, fc, a->r).f;
        if (e->p.B > 0) {
            energy += 0.5 * attraction(&e->p, fc, a->r).f * tersoff_order(e, zeta_of(potential, element, near, n, j), &slope);
        }
        bond_energy[a->bond] = energy;
    }
}

double tersoff_atom(const struct tersoff_potential *potential, struct tersoff_pairs *pairs, int32_t slot,
                    struct tersoff_neighbour *near)
{
    const int32_t element = pairs->element[slot], n = gather(potential, pairs, slot, near);
    double energy = 0;
    for (int32_t j = 0; j < n; j++) {
        struct tersoff_neighbour *a = &near[j];
        const struct tersoff_entry *e = tersoff_entry_of(potential, element, a->element, a->element);
        if (!(a->r * a->r < e->cutoff_sq)) {
            continue;
        }
        const struct value fc = cut(&e->p, a->r), fr = repulsion(&e->p, fc, a->r);
        double stretch = 0.5 * fr.slope;
        energy += 0.5 * fr.f;
        if (e->p.B > 0) {
            const struct value fa = attraction(&e->p, fc, a->r);
            double slope;
            const double b = tersoff_order(e, zeta_of(potential, element, near, n, j), &slope);
            energy += 0.5 * b * fa.f;
            stretch += 0.5 * b * fa.slope;
            add_zeta_gradient(potential, element, near, n, j, 0.5 * fa.f * slope);
        }
        for (int q = 0; q < 3; q++) {
            a->gradient[q] += stretch * a->u[q];
        }
    }
    for (int32_t j = 0; j < n; j++) {
        for (size_t q = 0; q < 3; q++) {
            pairs->gradient[3 * (size_t)near[j].bond + q] = near[j].gradient[q];
        }
    }
    return energy;
}
