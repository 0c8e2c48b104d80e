/* Steps by springs: the factors multiplied again, and every instruction set. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "quench/springs.h"

enum { N = 300, SHARES = 3, MOST = 7 };

/* Springs at random within three runs of places: rows of none to seven, filled up to whole vectors; atoms in the reverse order. */
struct net {
    struct springs springs;
    int32_t atom[N], first[SHARES + 1], other[N * 2 * SPRINGS_AT_ONCE];
    int64_t start[N + 1];
    springs_vector w[N * 2 * SPRINGS_AT_ONCE], inverse[3 * N], work[2 * N];
    double v[3 * N], ret[3 * N];
};

static double random_number(struct rng *rng)
{
    return 2 * rng_double(rng) - 1;
}

static void make(struct net *net, uint64_t seed)
{
    struct rng rng;
    int64_t end = 0;
    rng_init(&rng, seed);
    memset(net, 0, sizeof *net);
    for (int32_t s = 0; s <= SHARES; s++) {
        net->first[s] = s * N / SHARES;
    }
    for (int32_t k = 0; k < N; k++) {
        const int32_t first = k / (N / SHARES) * (N / SHARES);
        const int n = k > first ? (int)(rng_double(&rng) * (MOST + 1)) : 0;
        net->atom[k] = N - 1 - k;
        net->start[k] = end;
        for (int e = 0; e < n; e++, end++) {
            net->other[end] = first + (int32_t)(rng_double(&rng) * (k - first));
            net->w[end] = (springs_vector){(float)random_number(&rng), (float)random_number(&rng), (float)random_number(&rng), 0};
        }
        for (; end % SPRINGS_AT_ONCE != 0; end++) {
            net->other[end] = net->other[net->start[k]];
        }
        for (int q = 0; q < 3; q++) {
            net->inverse[3 * k + q][q] = (float)(0.1 + 0.1 * rng_double(&rng));
            net->v[3 * k + q] = random_number(&rng);
        }
    }
    net->start[N] = end;
    net->springs = (struct springs){.n = N, .atom = net->atom, .first = net->first, .shares = SHARES, .start = net->start, .other = net->other,
                                    .w = net->w, .inverse = net->inverse, .work = net->work};
}

/* y = x - the springs of each place, once seen from their later end (lower), once from the earlier one; x[place][3]. */
static void multiply(const struct net *net, bool lower, double (*x)[3], double (*y)[3])
{
    for (int32_t k = 0; k < N; k++) {
        for (int q = 0; q < 3; q++) {
            y[k][q] = x[k][q] / (double)net->inverse[3 * k + q][q];
        }
    }
    for (int32_t k = 0; k < N; k++) {
        for (int64_t e = net->start[k]; e < net->start[k + 1]; e++) {
            const int32_t to = lower ? k : net->other[e], from = lower ? net->other[e] : k;
            double along = 0;
            for (int q = 0; q < 3; q++) {
                along += (double)net->w[e][q] * x[from][q];
            }
            for (int q = 0; q < 3; q++) {
                y[to][q] -= along * (double)net->w[e][q];
            }
        }
    }
}

static void factors_give_it_back(void **state)
{
    static struct net net;
    static double x[N][3], y[N][3];
    const struct quench_state quench = {.fmax = 3};
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        double size = 0;
        make(&net, seed);
        springs_solve_by(&net.springs, &quench, ISA_PLAIN, net.v, net.ret);
        for (int32_t k = 0; k < N; k++) {
            memcpy(x[k], net.ret + 3 * net.atom[k], sizeof x[k]);
        }
        multiply(&net, false, x, y); /* (D + L') x, then D^-1, then D + L */
        for (int32_t k = 0; k < N; k++) {
            for (int q = 0; q < 3; q++) {
                x[k][q] = y[k][q] * (double)net.inverse[3 * k + q][q];
                size = fmax(size, fabs(y[k][q]));
            }
        }
        multiply(&net, true, x, y);
        for (int32_t k = 0; k < N; k++) {
            for (int q = 0; q < 3; q++) {
                assert_true(fabs(y[k][q] - net.v[3 * net.atom[k] + q]) <= 1e-5 * size);
            }
        }
    }
}

static void instruction_sets_agree(void **state)
{
    static struct net net;
    static double plain[3 * N];
    const struct quench_state quench = {.fmax = 0.2};
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        make(&net, seed);
        springs_solve_by(&net.springs, &quench, ISA_PLAIN, net.v, plain);
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                memset(net.ret, 0, sizeof net.ret);
                springs_solve_by(&net.springs, &quench, (enum isa)isa, net.v, net.ret);
                assert_memory_equal(net.ret, plain, sizeof plain);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(factors_give_it_back), cmocka_unit_test(instruction_sets_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
