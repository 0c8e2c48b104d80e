/* Filter expressions. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "app/filter.h"
#include "base/rng.h"

static const char *const names[] = {"id", "type", "u_lab"};

static double label(void *arg, const char *column, const char *word)
{
    (void)arg;
    return strcmp(column, "type") == 0 && strcmp(word, "B") == 0 ? 2 : NAN;
}

static bool accepts(const char *text, double id, double type, double u)
{
    struct filter *filter = NULL;
    isd_error err = {0};
    if (filter_parse(text, names, 3, label, NULL, &filter, &err) != ISD_OK)
        fail_msg("%s", err.what);
    bool yes = filter_accepts(filter, (double[]){id, type, u});
    filter_free(filter);
    return yes;
}

static void comparisons_and_logic(void **state)
{
    assert_true(accepts("u_lab > 0.8", 1, 1, 0.9));
    assert_false(accepts("u_lab>0.8", 1, 1, 0.8));
    assert_true(accepts("u_lab>=0.8&&type==B", 1, 2, 0.8));
    assert_true(accepts("id == 7 || id = 9 && type != B", 9, 1, 0));
    assert_true(accepts("id == 7 || id == 9 && type != 2", 7, 2, 0)); /* && binds tighter */
    assert_false(accepts("(id == 7 || id == 9) && type != B", 7, 2, 0));
    assert_true(accepts("!(u_lab < -1e-3)", 1, 1, 0));
    assert_false(accepts("u_lab != 1", 1, 1, NAN)); /* unknown is never accepted */
    (void)state;
}

static void faults_are_named(void **state)
{
    static const char *const bad[] = {"", "u_lab", "u_lab >", "v > 1", "u_lab > A", "u_lab > 1 &&", "(u_lab > 1", "u_lab > 1)",
                                      "u_lab > nan", "u_lab > 1 id > 2", "&& u_lab > 1", "u_lab > 0x10"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        struct filter *filter = NULL;
        isd_error err = {0};
        assert_int_equal(filter_parse(bad[k], names, 3, label, NULL, &filter, &err), ISD_USAGE);
        assert_true(strstr(err.what, "expected") != NULL && filter == NULL && err.hint[0]);
    }
    (void)state;
}

static void any_text_is_survived(void **state)
{
    static const char letters[] = "u_lab id>=<!&|()1.5eB ";
    struct rng rng;
    rng_init(&rng, 5);
    for (int round = 0; round < 20000; round++) {
        char text[700];
        size_t n = rng_below(&rng, round % 100 ? 30 : sizeof text);
        for (size_t k = 0; k < n; k++)
            text[k] = round % 7 ? letters[rng_below(&rng, sizeof letters - 1)] : '(';
        text[n] = '\0';
        struct filter *filter = NULL;
        if (filter_parse(text, names, 3, label, NULL, &filter, NULL) == ISD_OK) {
            filter_accepts(filter, (double[]){1, 2, 3});
            filter_free(filter);
        }
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comparisons_and_logic), cmocka_unit_test(faults_are_named),
                                       cmocka_unit_test(any_text_is_survived)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
