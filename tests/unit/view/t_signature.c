/* The hop signature: found where it is, not where it is noise. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "view/signature.h"

/* Per mille in bins of 0.1 of B atoms of a Kob-Andersen liquid (T = 0.45, t_w = 500): labelled, matched within the
 * species, matched with types ignored. */
static const double labelled[] = {211, 269, 126, 57, 51, 28, 27, 44, 28, 29, 24, 29, 13, 10, 14};
static const double resolved[] = {209, 266, 125, 56, 50, 32, 27, 40, 29, 35, 31, 36, 15, 16, 12};
static const double blind[] = {210, 278, 148, 96, 77, 72, 39, 38, 12, 16, 9, 5, 0, 0, 0};
#define BINS 15
#define MAX 1.5
#define PEAK 1.07

static void find(const double *per_mille, double scale, struct signature *ret)
{
    double counts[BINS];
    for (int k = 0; k < BINS; k++)
        counts[k] = scale * per_mille[k];
    signature_find(counts, BINS, MAX, PEAK, ret);
}

static void hops_are_found(void **state)
{
    struct signature signature;
    find(labelled, 1, &signature);
    assert_true(signature.second);
    assert_true(fabs(signature.u_main - 0.15) < 1e-9);
    assert_true(signature.u_second > 0.7 && signature.u_second < 1.1);
    assert_true(signature.u_low >= 0.5 && signature.u_low < 0.7);
    find(resolved, 1, &signature); /* there, but a thousand atoms are not enough to be sure */
    assert_true(!signature.second && signature.excess > 1);
    find(blind, 1, &signature);
    assert_true(!signature.second && signature.excess < 1);
}

static void noise_is_no_maximum(void **state)
{
    struct signature signature;
    find(labelled, 0.1, &signature); /* a hundred atoms do not show it */
    assert_false(signature.second);
    find(labelled, 0, &signature);
    assert_false(signature.second);
    assert_true(isnan(signature.u_main));
    signature_find(labelled, BINS, MAX, 0, &signature);
    assert_false(signature.second);
}

static void a_lone_second_maximum_counts(void **state)
{
    double counts[30] = {100, 80, 20};
    counts[10] = 50; /* u = 1.05, nothing between */
    struct signature signature;
    signature_find(counts, 30, 3.0, 1.05, &signature);
    assert_true(signature.second);
    assert_true(fabs(signature.u_second - 1.05) < 0.1);
    assert_true(fabs(signature.beyond - 0.2) < 1e-12);
}

static void words_say_what_is_seen(void **state)
{
    struct signature one, two;
    char words[256];
    find(labelled, 1, &one);
    find(blind, 1, &two);
    signature_words("B", &one, &two, PEAK, words, sizeof words);
    assert_non_null(strstr(words, "B: 2nd maximum: labelled at 0.75 (2.0 s.d.), hops"));
    assert_non_null(strstr(words, "matched none"));
    assert_non_null(strstr(words, "hops"));
    signature_words("all", &two, &two, PEAK, words, sizeof words);
    assert_null(strstr(words, "hops"));
    signature_words("all", NULL, NULL, PEAK, words, sizeof words);
    assert_string_equal(words, "");
    char tiny[8];
    signature_words("B", &one, &two, PEAK, tiny, sizeof tiny);
    assert_true(strlen(tiny) < sizeof tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hops_are_found),
        cmocka_unit_test(noise_is_no_maximum),
        cmocka_unit_test(a_lone_second_maximum_counts),
        cmocka_unit_test(words_say_what_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
