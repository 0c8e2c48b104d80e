/* Lists of pairs against a look at every pair. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "neigh/list.h"

enum { MOST = 8000 };

/* Of each atom: how many are within the cutoff, and the sum of their squared distances. */
struct census {
    int count[MOST];
    double sum[MOST];
};

static struct census listed, wanted;
static double r[3 * MOST];

static void add_pair(struct census *census, int32_t a, int32_t b, double square)
{
    census->count[a]++;
    census->count[b]++;
    census->sum[a] += square;
    census->sum[b] += square;
}

static void look_at_all(const isd_box *box, int32_t n, double cutoff)
{
    memset(&wanted, 0, sizeof wanted);
    const double reach = cutoff * cutoff;
    int most[3];
    for (int q = 0; q < 3; q++) { /* boxes here are at most as oblique as 45 degrees */
        const double edge = (const double[]){box->lx, box->ly, box->lz}[q];
        most[q] = box->periodic[q] && (q < 2 || box->dim == 3) ? (int)ceil(2 * cutoff / edge) : 0;
    }
    for (int k = -most[0]; k <= most[0]; k++) {
        for (int l = -most[1]; l <= most[1]; l++) {
            for (int m = -most[2]; m <= most[2]; m++) {
                const double t[3] = {k * box->lx + l * box->xy + m * box->xz, l * box->ly + m * box->yz, m * box->lz};
                const bool home = k == 0 && l == 0 && m == 0, half = k > 0 || (k == 0 && (l > 0 || (l == 0 && m > 0)));
                for (int32_t i = 0; i < n && (home || half); i++) {
                    for (int32_t j = home ? i + 1 : 0; j < n; j++) {
                        const double x = r[3 * j] + t[0] - r[3 * i];
                        if (x * x >= reach) {
                            continue; /* nearly all of them */
                        }
                        const double y = r[3 * j + 1] + t[1] - r[3 * i + 1],
                                     z = box->dim == 3 ? r[3 * j + 2] + t[2] - r[3 * i + 2] : 0;
                        if (x * x + y * y + z * z < reach) {
                            add_pair(&wanted, i, j, x * x + y * y + z * z);
                        }
                    }
                }
            }
        }
    }
}

static void look_at_list(const struct neigh_list *list, double cutoff)
{
    const int32_t width = neigh_unit(list->isa);
    memset(&listed, 0, sizeof listed);
    for (int32_t k = 0; k < list->n_domain; k++) {
        const struct neigh_domain *d = &list->domain[k];
        for (int32_t i = 0; i < d->n_own * NEIGH_BLOCK; i++) {
            for (int64_t e = d->inner.start[i] - 1; e < d->inner.start[i + 1]; e++) {
                const bool own = e < d->inner.start[i];
                const int32_t first = own ? i + 1 : width * d->inner.entry[e];
                const int32_t last = own ? (i / NEIGH_BLOCK + 1) * NEIGH_BLOCK : first + width;
                for (int32_t j = first; j < last; j++) {
                    const double *a = d->r + neigh_at(i), *b = d->r + neigh_at(j);
                    const double x = a[0] - b[0], y = a[8] - b[8], z = a[16] - b[16], square = x * x + y * y + z * z;
                    if (d->atom[i] >= 0 && d->atom[j] >= 0 && square < cutoff * cutoff) {
                        add_pair(&listed, d->atom[i], d->atom[j], square);
                    }
                }
            }
        }
    }
}

static void compare(int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        assert_int_equal(listed.count[i], wanted.count[i]);
        assert_true(fabs(listed.sum[i] - wanted.sum[i]) < 1e-9 * (1 + wanted.sum[i]));
    }
}

static void scatter(struct rng *rng, const isd_box *box, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        const double u[3] = {rng_double(rng), rng_double(rng), rng_double(rng)};
        r[3 * i] = u[0] * box->lx + u[1] * box->xy + u[2] * box->xz;
        r[3 * i + 1] = u[1] * box->ly + u[2] * box->yz;
        r[3 * i + 2] = box->dim == 3 ? u[2] * box->lz : 3;
    }
}

static void every_pair_once(void **state)
{
    (void)state;
    static const struct {
        isd_box box;
        int32_t n;
        double cutoff;
    } cases[] = {
        {{.dim = 3, .periodic = {1, 1, 1}, .lx = 18, .ly = 19, .lz = 20}, 7000, 2.2}, /* several domains */
        {{.dim = 3, .periodic = {1, 1, 1}, .lx = 18, .ly = 19, .lz = 20, .xy = 9, .xz = -5, .yz = 8}, 6200, 2.2},
        {{.dim = 3, .periodic = {1, 0, 1}, .lx = 40, .ly = 15, .lz = 9, .xz = 2}, 6500, 1.9},
        {{.dim = 2, .periodic = {1, 1, 1}, .lx = 70, .ly = 80, .lz = 1}, 6500, 2.5},
        {{.dim = 3, .periodic = {1, 1, 1}, .lx = 2, .ly = 2.2, .lz = 1.9, .xy = 0.9}, 9, 2.5}, /* many images */
        {{.dim = 3, .periodic = {1, 1, 1}, .lx = 1, .ly = 1, .lz = 1, .xy = 0.5, .yz = -0.5}, 1, 3.1},
        {{.dim = 2, .periodic = {1, 0, 1}, .lx = 1.5, .ly = 9, .lz = 1}, 12, 4},
        {{.dim = 3, .periodic = {0, 0, 0}, .lx = 12, .ly = 12, .lz = 12}, 300, 2.5},
    };
    struct rng rng;
    rng_init(&rng, 2);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int32_t n = cases[c].n;
        scatter(&rng, &cases[c].box, n);
        look_at_all(&cases[c].box, n, cases[c].cutoff);
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                struct neigh_list list;
                bool rebuilt = false;
                neigh_list_init(&list, &cases[c].box, n, cases[c].cutoff, 0.3);
                list.isa = (enum isa)isa;
                assert_int_equal(neigh_list_update(&list, r, NULL, &rebuilt, NULL), ISD_OK);
                assert_true(rebuilt && (n < 6000 ? list.n_domain == 1 : list.n_domain > 2));
                look_at_list(&list, cases[c].cutoff);
                compare(n);
                neigh_list_done(&list);
            }
        }
    }
}

/* Lists hold while atoms move by less than half a skin; the inner one is pruned when its own is used up. */
static void moving_atoms(void **state)
{
    (void)state;
    const isd_box box = {.dim = 3, .periodic = {1, 1, 1}, .lx = 18, .ly = 19, .lz = 20, .yz = 4};
    struct neigh_list list;
    struct rng rng;
    int builds = 0;
    double away = 0; /* of one atom, whole cells */
    rng_init(&rng, 6);
    scatter(&rng, &box, 6400);
    neigh_list_init(&list, &box, 6400, 2, 0.4);
    for (int step = 0; step < 25; step++) {
        bool rebuilt = false;
        assert_int_equal(neigh_list_update(&list, r, NULL, &rebuilt, NULL), ISD_OK);
        for (int32_t k = 0; k < list.n_domain; k++) {
            neigh_domain_begin(&list, k);
        }
        builds += rebuilt;
        if (step % 6 == 5) {
            r[3 * 17] -= away;
            look_at_all(&box, 6400, 2);
            r[3 * 17] += away;
            look_at_list(&list, 2);
            compare(6400);
        }
        for (int k = 0; k < 3 * 6400; k++) {
            r[k] += 0.035 * (2 * rng_double(&rng) - 1);
        }
        if (step % 5 == 0) {
            r[3 * 17] += 3 * box.lx;
            away += 3 * box.lx;
        }
    }
    assert_int_equal(builds, list.builds);
    assert_in_range(builds, 5, 12);
    neigh_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_pair_once), cmocka_unit_test(moving_atoms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
