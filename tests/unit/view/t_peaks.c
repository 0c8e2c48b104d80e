/* Maxima are found by how far they stand out. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>

#include "view/peaks.h"

static void finds_what_stands_out(void **state)
{
    const double y[] = {0, 1, 5, 2, 2.5, 1, 3, 3, 0, 0.4, 0};
    struct peak peaks[8];
    assert_int_equal(peaks_find(y, 11, 0.1, 8, peaks), 4);
    assert_int_equal(lround(peaks[0].at), 2);
    assert_float_equal(peaks[0].prominence, 5, 1e-12);
    assert_float_equal(peaks[1].prominence, 0.5, 1e-12);
    assert_float_equal(peaks[2].at, 6.5, 1e-12); /* the middle of a plateau */
    assert_float_equal(peaks[2].prominence, 2, 1e-12);
    assert_int_equal(peaks_find(y, 11, 1, 8, peaks), 2);
    assert_int_equal(peaks_find(y, 11, 6, 8, peaks), 0);
}

static void keeps_the_most_prominent_in_order(void **state)
{
    const double y[] = {0, 1, 0, 3, 0, 2, 0, 4, 0};
    struct peak peaks[2];
    assert_int_equal(peaks_find(y, 9, 0.5, 2, peaks), 2);
    assert_float_equal(peaks[0].height, 3, 0.5);
    assert_int_equal(lround(peaks[0].at), 3);
    assert_int_equal(lround(peaks[1].at), 7);
}

static void refines_by_a_parabola(void **state)
{
    double y[11];
    struct peak peak;
    for (int k = 0; k < 11; k++)
        y[k] = 7 - (k - 4.3) * (k - 4.3);
    assert_int_equal(peaks_find(y, 11, 1, 1, &peak), 1);
    assert_float_equal(peak.at, 4.3, 1e-12);
    assert_float_equal(peak.height, 7, 1e-12);
}

static void ends_and_gaps_are_no_maxima(void **state)
{
    const double falling[] = {3, 2, 1}, gap[] = {0, 1, NAN, 1, 0};
    struct peak peaks[4];
    assert_int_equal(peaks_find(falling, 3, 0, 4, peaks), 0);
    assert_int_equal(peaks_find(falling, 0, 0, 4, peaks), 0);
    assert_int_equal(peaks_find(gap, 5, 0.5, 4, peaks), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_stands_out),
        cmocka_unit_test(keeps_the_most_prominent_in_order),
        cmocka_unit_test(refines_by_a_parabola),
        cmocka_unit_test(ends_and_gaps_are_no_maxima),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
