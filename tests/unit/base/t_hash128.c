/* MurmurHash3 against its published sums. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/hash128.h"

static void expect(const char *text, const char *sum)
{
    struct hash128 h = {{0}};
    char digits[HASH128_TEXT];
    hash128_add(&h, text, strlen(text));
    hash128_text(&h, digits);
    assert_string_equal(digits, sum);
}

static void published(void **state)
{
    expect("", "00000000000000000000000000000000");
    expect("The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c7a433ca9c49a9347");
    expect("The quick brown fox jumps over the lazy cog", "658ca970ff85269a43fee3eaa68e5c3e");
}

static struct hash128 two(const char *a, const char *b)
{
    struct hash128 h = {{0}};
    hash128_add(&h, a, strlen(a));
    hash128_add(&h, b, strlen(b));
    return h;
}

static void pieces_count(void **state)
{
    struct hash128 a = two("ab", "c"), b = two("a", "bc"), c = two("ab", "c");
    assert_false(hash128_equal(&a, &b));
    assert_true(hash128_equal(&a, &c));
}

static void every_bit_counts(void **state)
{
    unsigned char bytes[50] = {0};
    struct hash128 sums[400];
    for (int bit = 0; bit < 400; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        sums[bit] = (struct hash128){{0}};
        hash128_add(&sums[bit], bytes, sizeof bytes);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        for (int k = 0; k < bit; k++)
            assert_false(hash128_equal(&sums[k], &sums[bit]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published),
        cmocka_unit_test(pieces_count),
        cmocka_unit_test(every_bit_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
