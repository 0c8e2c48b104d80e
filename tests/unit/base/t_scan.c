/* Number scanning against strtod, to the last bit, in the C locale and in one with a decimal comma.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <locale.h>
#include <math.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../lib/scratch.h"
#include "base/rng.h"
#include "base/scan.h"
#include "base/scan_word.h"

/* As a word of known length it is the same number, or none. */
static void same_as_word(const char *text, const char *stop, double value)
{
    char room[600];
    size_t length = strlen(text);
    double word = -1;
    if (length == 0 || length + SCAN_WORD_BEFORE + 1 > sizeof room)
        return;
    memset(room, '5', SCAN_WORD_BEFORE);
    memcpy(room + SCAN_WORD_BEFORE, text, length + 1);
    const char *p = room + SCAN_WORD_BEFORE;
    bool good = scan_word_double(p, p + length, &word);
    assert_true(good == (stop == text + length) && (!good || memcmp(&word, &value, sizeof word) == 0));
    int64_t whole = 7, truth = 7;
    good = scan_word_int64(p, p + length, &whole);
    assert_true(good == (scan_int64(text, text + length, &truth) == text + length) && (!good || whole == truth));
}

/* Both parsers stop at one byte and give the same bits, or both refuse. */
static void same_as_strtod(const char *text)
{
    const char *end = text + strlen(text);
    double fast = -1, slow = -1;
    const char *a = scan_double(text, end, &fast), *b = scan_double_slow(text, end, &slow);
    if (a != b || memcmp(&fast, &slow, sizeof fast) != 0)
        fail_msg("'%.60s': %a (stop %td) against %a (stop %td)", text, fast, a ? a - text : -1, slow,
                 b ? b - text : -1);
    same_as_word(text, b, slow);
    if (b != NULL) { /* and the slow truth is strtod itself */
        char *stop;
        double truth = strtod(text, &stop);
        assert_true(stop == b && memcmp(&truth, &fast, sizeof truth) == 0);
    }
}

static void chosen_numbers(void **state)
{
    (void)state;
    static const char *const text[] = {
        "0", "-0", "0.0", "-0.0", "+1", "1.", ".5", "-.5", "1e5", "1E+05", "1e-5", "1e", "1e+", "1.5ex", "12a", "007.50",
        "9007199254740992", "9007199254740993", "9007199254740993.0", "9007199254740995", "18446744073709551615",
        "18446744073709551616", "9999999999999999999", "99999999999999999999", "1e22", "1e23", "8.5e22", "123456789e-20",
        "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1.797693134862315808e308", "1e308", "1e309", "1e999",
        "-1e999", "1e-999", "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
        "2.2250738585072014e-308", "2.2250738585072011e-308", "2.2250738585072012e-308", "6.69514e-204",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126", "0.000000000000000000000000000000000000000000001",
        "1000000000000000000000000000000000000000e-39", "3.14159265358979323846264338327950288", "1e9999999999999999999",
        "1e-9999999999999999999", "0e999", "0.0e-999", "179769313486231580793e289", "179769313486231580794e289",
        "6.2000000000000002e+00", "5.0587008123456789", "-10.500000000000001", "1.2345678901234567e-09"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        same_as_strtod(text[i]);
}

static void refused(void **state)
{
    (void)state;
    static const char *const text[] = {"", "-", "+", ".", "-.", "e5", "nan", "NaN", "inf", "-inf", "Infinity", "0x10",
                                       "0X1p3", "-0x1", "1e999", "-1e309", "abc", " 1", ",5", "--1", "+-1"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        double value = 7;
        assert_null(scan_double(text[i], text[i] + strlen(text[i]), &value));
        assert_true(value == 7);
    }
}

/* Fortran's double precision: the same number as with an E, whatever follows. */
static void fortran_exponents(void **state)
{
    (void)state;
    static const char *const text[] = {"1.0D+03", "1.5d-3", "-2D0", "1D", "1D+", "1.25Dx", "0.1234567890123456789012D+03", "1d999",
                                       "1.0D-999", "12345678D-5", "0.30000000000000004D+00", "D5"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        char with_e[64];
        snprintf(with_e, sizeof with_e, "%s", text[i]);
        for (char *c = with_e; *c != '\0'; c++)
            *c = *c == 'D' || *c == 'd' ? 'e' : *c;
        double value = 7, wanted = 7;
        const char *a = scan_double(text[i], text[i] + strlen(text[i]), &value);
        const char *b = scan_double(with_e, with_e + strlen(with_e), &wanted);
        assert_true((a == NULL) == (b == NULL) && (a == NULL || a - text[i] == b - with_e));
        assert_true(memcmp(&value, &wanted, sizeof value) == 0);
        assert_true(scan_double_slow(text[i], text[i] + strlen(text[i]), &wanted) == a && memcmp(&value, &wanted, sizeof value) == 0);
        same_as_word(text[i], a, value);
    }
}

static void sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double bytes; /* -1: none */
    } cases[] = {{"0", 0}, {"1500", 1500}, {"1k", 1024}, {"2K", 2048}, {"1.5M", 1572864}, {"1m", 1048576}, {"4G", 4294967296.0}, {"1t", 1099511627776.0},
                 {"1e3", 1000}, {"", -1}, {"G", -1}, {"1KB", -1}, {"-1M", -1}, {"1x", -1}, {"4 G", -1}, {"nan", -1}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double bytes = -1;
        bool good = scan_whole_size(cases[k].text, &bytes);
        assert_true(good == (cases[k].bytes >= 0) && bytes == cases[k].bytes);
    }
}

static void never_past_the_end(void **state)
{
    (void)state;
    const char text[] = "123.456789012345678901234567890e-12";
    size_t length = strlen(text);
    for (size_t cut = 0; cut <= length; cut++) {
        char *copy = malloc(cut + (cut == 0)); /* exact size: the address sanitizer watches the end */
        assert_non_null(copy);
        memcpy(copy, text, cut);
        double fast = 0, slow = 0;
        const char *a = scan_double(copy, copy + cut, &fast), *b = scan_double_slow(copy, copy + cut, &slow);
        assert_true(a == b && memcmp(&fast, &slow, sizeof fast) == 0);
        free(copy);
    }
}

static double random_bits(struct rng *rng)
{
    for (;;) {
        uint64_t bits = rng_next(rng);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            return value;
    }
}

/* As simulations print them, and as they never do. */
static void random_number(struct rng *rng, char *text, size_t size)
{
    double value = rng_normal(rng) * pow(10, (double)rng_below(rng, 9) - 4);
    switch (rng_below(rng, 8)) {
    case 0:
        snprintf(text, size, "%.17g", value);
        break;
    case 1:
        snprintf(text, size, "%.*g", 1 + (int)rng_below(rng, 19), value);
        break;
    case 2:
        snprintf(text, size, "%-1.16e", value);
        break;
    case 3:
        snprintf(text, size, "%.*f", (int)rng_below(rng, 25), value);
        break;
    case 4:
        snprintf(text, size, "%.17g", random_bits(rng));
        break;
    case 5:
        snprintf(text, size, "%.*e", (int)rng_below(rng, 30), random_bits(rng));
        break;
    case 6: /* any digits, any exponent */
        snprintf(text, size, "%llu.%llue%d", (unsigned long long)(rng_next(rng) >> rng_below(rng, 64)),
                 (unsigned long long)(rng_next(rng) >> rng_below(rng, 64)), (int)rng_below(rng, 700) - 360);
        break;
    default: /* nineteen digits over a power of ten: the 128-bit road */
        snprintf(text, size, "%llue-%d", (unsigned long long)(rng_next(rng) >> rng_below(rng, 20)),
                 (int)rng_below(rng, 20));
        break;
    }
}

static void random_numbers(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 20251122);
    char text[512];
    for (int i = 0; i < 1000000; i++) {
        random_number(&rng, text, sizeof text);
        same_as_strtod(text);
    }
}

/* The exact middle between two neighbouring doubles, and a hair on either side: rounding has nowhere to hide. */
static void halfway_points(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 7);
    char text[1400];
    for (int i = 0; i < 3000; i++) {
        double low = fabs(random_bits(&rng));
        if (i % 3 == 0)
            low = ldexp(rng_double(&rng), -1022); /* subnormal */
        else if (i % 3 == 1)
            low = rng_double(&rng) * 100;
        long double middle = (long double)low + ((long double)nextafter(low, INFINITY) - (long double)low) / 2;
        int n = snprintf(text, sizeof text - 4, "%.1100Le", middle);
        if (n < 0 || !isfinite((double)middle))
            continue;
        same_as_strtod(text);
        char *e = strchr(text, 'e');
        e[-1] = '1';
        same_as_strtod(text);
        snprintf(text, sizeof text, "%.20Le", middle);
        same_as_strtod(text);
    }
}

static void long_digit_strings(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 3);
    static char text[5000];
    for (int i = 0; i < 300; i++) {
        int n = 1 + (int)rng_below(&rng, 4000), point = (int)rng_below(&rng, (uint32_t)n + 1);
        int at = 0;
        for (int k = 0; k < n; k++) {
            if (k == point)
                text[at++] = '.';
            text[at++] = (char)('0' + (i % 2 ? rng_below(&rng, 10) : (k < n / 2 ? 0 : rng_below(&rng, 10))));
        }
        snprintf(text + at, 16, "e%d", (int)rng_below(&rng, 5000) - 2500 - (i % 4 == 0 ? 0 : point - 200));
        same_as_strtod(text);
    }
}

static void integers(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_true(scan_whole_int64("9223372036854775807", &value) && value == INT64_MAX);
    assert_true(scan_whole_int64("-9223372036854775808", &value) && value == INT64_MIN);
    assert_true(scan_whole_int64("+7", &value) && value == 7);
    assert_true(scan_whole_int64("0007", &value) && value == 7);
    static const char *const bad[] = {"", "-", "+", "9223372036854775808", "-9223372036854775809",
                                      "99999999999999999999999", "1.0", "1e6", "x", " 1", "1 "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(scan_whole_int64(bad[i], &value));
    const char *text = "1e6";
    assert_ptr_equal(scan_int64(text, text + 3, &value), text + 1);
    assert_int_equal(value, 1);
    double real = 0;
    assert_true(scan_whole_double("2.5", &real) && real == 2.5);
    assert_false(scan_whole_double("2.5 ", &real));
    assert_false(scan_whole_double("2,5", &real));
}

static void decimal_comma(void **state)
{
    (void)state;
    char folder[SCRATCH_SIZE];
    assert_true(scratch_make(folder));
    bool have = SCRATCH_GERMAN(folder);
    double value = 0;
    bool good = scan_whole_double("2.5", &value) && value == 2.5 && !scan_whole_double("2,5", &value) &&
                scan_whole_double("3.14159265358979323846264338327950288e-40", &value) &&
                value == 3.14159265358979323846264338327950288e-40;
    bool comma = have && strtod("2,5", NULL) == 2.5;
    setlocale(LC_ALL, "C");
    assert_true(scratch_drop(folder));
    assert_true(good);
    if (!comma) {
        print_message("no de_DE.UTF-8 here\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chosen_numbers),     cmocka_unit_test(refused),            cmocka_unit_test(fortran_exponents),
        cmocka_unit_test(sizes),              cmocka_unit_test(never_past_the_end), cmocka_unit_test(random_numbers),
        cmocka_unit_test(halfway_points),     cmocka_unit_test(long_digit_strings), cmocka_unit_test(integers),
        cmocka_unit_test(decimal_comma),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
