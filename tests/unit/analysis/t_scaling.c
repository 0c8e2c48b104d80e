/* Laws that all states share, and that they do not. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "analysis/scaling.h"
#include "base/rng.h"

enum { GROUPS = 3, EACH = 5, N = GROUPS * EACH };

struct made {
    double x[N], se_x[N], y[N], se_y[N];
    int group[N];
    struct scaling_points points;
};

/* y = factor^group x^exponent with noise of the size said. */
static void make(struct made *made, double factor, double exponent, struct rng *rng)
{
    for (int k = 0; k < N; k++) {
        int g = k / EACH;
        double x = 0.2 * (1 + 0.4 * (k % EACH)) * (1 + 0.1 * g), y = pow(factor, g) * pow(x, exponent);
        made->group[k] = g;
        made->se_x[k] = 0.01 * x;
        made->se_y[k] = 0.03 * y;
        made->x[k] = x + made->se_x[k] * rng_normal(rng);
        made->y[k] = y + made->se_y[k] * rng_normal(rng);
    }
    made->points = (struct scaling_points){N, made->x, made->se_x, made->y, made->se_y, made->group};
}

static void common_law(void **state)
{
    (void)state;
    struct made made;
    struct rng rng;
    double mean = 0;
    rng_init(&rng, 5);
    for (int repeat = 0; repeat < 200; repeat++) {
        struct collapse collapse;
        make(&made, 1, 2, &rng);
        assert_int_equal(scaling_collapse(&made.points, 1, 0, 1, &collapse, NULL), ISD_OK);
        assert_true(collapse.groups == GROUPS && collapse.n == N && collapse.score > -1e-6);
        mean += collapse.score / 200;
    }
    assert_true(fabs(mean - 1) < 0.15);
}

static void several_laws(void **state)
{
    (void)state;
    struct made made;
    struct rng rng;
    struct collapse collapse;
    struct left_out left_out;
    rng_init(&rng, 6);
    make(&made, 1.5, 2, &rng);
    assert_int_equal(scaling_collapse(&made.points, 1, 100, 1, &collapse, NULL), ISD_OK);
    assert_true(collapse.score > 20 && collapse.score_low > 5 && collapse.score_low < collapse.score_high);
    assert_int_equal(scaling_leave_out(&made.points, 1, 2, &left_out, NULL), ISD_OK);
    assert_true(left_out.misfit > 5);
    make(&made, 1, 2, &rng);
    assert_int_equal(scaling_leave_out(&made.points, 1, 2, &left_out, NULL), ISD_OK);
    assert_true(left_out.misfit < 2.5 && fabs(left_out.exponent - 2) < 5 * left_out.se_exponent);
}

static void one_set(void **state)
{
    (void)state;
    struct made made;
    struct rng rng;
    struct scaling_fit fit;
    isd_error err;
    rng_init(&rng, 8);
    make(&made, 1, 2, &rng);
    made.y[0] = -0.001; /* negative within its error: counts in the non-linear fit, not in logarithms */
    made.se_y[0] = 0.05;
    assert_int_equal(scaling_fit(&made.points, 0.94, &fit, &err), ISD_OK);
    assert_int_equal(fit.n_positive, N - 1);
    assert_true(fabs(fit.power.exponent - 2) < 5 * fit.power.se_exponent && fabs(fit.york.b - 2) < 5 * fit.york.se_b);
    assert_true(fabs(fit.ordinary.b - 2) < 0.3 && fit.range > 2);
    made.points.n = 2;
    assert_int_equal(scaling_fit(&made.points, 1, &fit, &err), ISD_DATA);
    for (int k = 0; k < N; k++)
        made.x[k] = 0.3;
    made.points.n = N;
    assert_int_equal(scaling_fit(&made.points, 1, &fit, &err), ISD_DATA);
    struct collapse collapse;
    assert_int_equal(scaling_collapse(&made.points, 1, 0, 1, &collapse, &err), ISD_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(common_law), cmocka_unit_test(several_laws), cmocka_unit_test(one_set)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
