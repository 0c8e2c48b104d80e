/* What names of files say of temperature, pressure and waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/name_pattern.h"

/* In memory that ends with the name, so that a sanitizer sees a byte read behind it. */
static bool guess(const char *name, char *out, size_t size)
{
    char *alone = strdup(name);
    assert_non_null(alone);
    bool found = name_pattern_guess(alone, out, size);
    free(alone);
    return found;
}

static void guessed(void **state)
{
    (void)state;
    static const struct {
        const char *name, *pattern;
    } cases[] = {
        {"T0.50_tw10", "T{T}_tw{tw}"}, {"dir/T=0.5-p=2.dump", "T={T}-p={p}"}, {"run_tw10_T0.45.gz", "run_tw{tw}_T{T}"},
        {"tw1e3", "tw{tw}"},           {"tw1e", "tw{tw}"},                    {"T2e-", "T{T}"},
        {"my data/inherent.1", NULL},  {"a.p", NULL},                         {"x.T", NULL},
        {"t", NULL},                   {"", NULL},                            {"tw", NULL},
        {"T=", NULL},                  {"run.tw=", NULL},                     {"dump10", NULL},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char pattern[64] = "";
        assert_int_equal(guess(cases[k].name, pattern, sizeof pattern), cases[k].pattern != NULL);
        if (cases[k].pattern)
            assert_string_equal(pattern, cases[k].pattern);
    }
}

static void guessed_in_little_room(void **state)
{
    (void)state;
    for (size_t size = 1; size < 40; size++) {
        char *pattern = malloc(size);
        assert_non_null(pattern);
        if (guess("a_long_name_T0.50_and_tw10", pattern, size))
            assert_true(strlen(pattern) < size);
        free(pattern);
    }
}

static void read_back(void **state)
{
    (void)state;
    struct named_values values;
    isd_error err = {0};
    assert_int_equal(name_pattern_read("run_T{T}_tw{tw}", "x/run_T0.45_tw1e3.dump.gz", &values, &err), ISD_OK);
    assert_true(values.T == 0.45);
    assert_true(values.t_w == 1000);
    assert_true(isnan(values.p));
    assert_int_equal(name_pattern_read("*_p{p}", "x/run_T0.45_p-2", &values, &err), ISD_OK);
    assert_true(values.p == -2);
    assert_int_equal(name_pattern_read("run_T{T}", "x/walk_T1", &values, &err), ISD_DATA);
    assert_int_equal(name_pattern_read("run_T", "run_T", &values, &err), ISD_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guessed),
        cmocka_unit_test(guessed_in_little_room),
        cmocka_unit_test(read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
