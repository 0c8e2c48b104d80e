/* Text from outside made safe; natural order; errors. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/rng.h"
#include "base/text.h"
#include "isdmin/control.h"
#include "isdmin/status.h"

static void expect_escape(const char *text, size_t length, const char *want)
{
    char out[200];
    assert_int_equal(text_escape(text, length, out, sizeof out), strlen(want));
    assert_string_equal(out, want);
}

static void control_characters_become_visible(void **state)
{
    expect_escape("a\x1b]0;x\x07", 7, "a\\x1b]0;x\\x07");
    expect_escape("\x9b" "6n", 3, "\\x9b6n");
    expect_escape("\xc2\x9b", 2, "\\xc2\\x9b");
    expect_escape("r\xc3\xa9sum\xc3\xa9 \xcf\x83", 11, "r\xc3\xa9sum\xc3\xa9 \xcf\x83");
    expect_escape("a\0b", 3, "a\\x00b");
    expect_escape("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");
    expect_escape("\xc0\x80", 2, "\\xc0\\x80");
    expect_escape("\n\t", 2, "\\x0a\\x09");
    (void)state;
}

static void any_bytes_any_room(void **state)
{
    struct rng rng;
    rng_init(&rng, 3);
    for (int round = 0; round < 20000; round++) {
        char in[24], out[64];
        size_t n = rng_below(&rng, sizeof in), size = 1 + rng_below(&rng, sizeof out);
        for (size_t k = 0; k < n; k++)
            in[k] = (char)rng_next(&rng);
        size_t used = text_escape(in, n, out, size);
        assert_true(used < size && strlen(out) == used);
        for (size_t k = 0; k < used; k++)
            assert_true((unsigned char)out[k] >= 0x20 && out[k] != 0x7f);
        char again[300];
        text_escape(out, used, again, sizeof again);
        assert_string_equal(again, out); /* escaping twice changes nothing */
    }
    (void)state;
}

static void names_sort_as_people_do(void **state)
{
    assert_true(text_compare_natural("inherent.2", "inherent.10") < 0);
    assert_true(text_compare_natural("a10b2", "a10b10") < 0);
    assert_true(text_compare_natural("a", "b") < 0);
    assert_true(text_compare_natural("a", "a1") < 0);
    assert_int_equal(text_compare_natural("x7", "x7"), 0);
    assert_true(text_compare_natural("x007", "x7") != 0);
    assert_true(text_compare_natural("99999999999999999999999", "100000000000000000000000") < 0);
    assert_int_equal(text_distance("quench", "qeunch"), 1);
    assert_int_equal(text_distance("", "abc"), 3);
    (void)state;
}

static void errors_carry_place_and_hint(void **state)
{
    isd_error err;
    assert_int_equal(isd_error_set(&err, ISD_DATA, "type %s", "\x1b[2J"), ISD_DATA);
    isd_error_at(&err, "a\nb.dump", 12, 0);
    isd_error_hint(&err, "try %d", 3);
    assert_string_equal(err.what, "type \\x1b[2J");
    assert_string_equal(err.where, "a\\x0ab.dump:12");
    assert_string_equal(err.hint, "try 3");
    isd_error_at_byte(&err, "x.gz", 99);
    assert_string_equal(err.where, "x.gz: byte 99");
    isd_error_set(&err, ISD_IO, "again: %s", err.what);
    assert_string_equal(err.what, "again: type \\x1b[2J");
    assert_string_equal(err.hint, "");
    assert_int_equal(isd_error_set(NULL, ISD_IO, "x"), ISD_IO);
    assert_string_equal(isd_status_text(ISD_DATA), "bad data");
    (void)state;
}

static void count_chunk(void *arg, int32_t k)
{
    ((int *)arg)[k]++;
}

static void control_cancels_reports_and_shares(void **state)
{
    isd_control *control = isd_control_new();
    assert_false(isd_control_cancelled(control));
    isd_control_report(control, 1, 4);
    assert_true(isd_control_fraction(control) == 0.25);
    isd_control_report(control, 1, 8);
    assert_true(isd_control_fraction(control) == 0.25);
    isd_control_report(control, 9, 4);
    assert_true(isd_control_fraction(control) == 1);
    isd_control_cancel(control);
    assert_true(isd_control_cancelled(control));
    int seen[5] = {0};
    isd_control_for(control, 5, count_chunk, seen);
    isd_control_for(NULL, 5, count_chunk, seen);
    for (int k = 0; k < 5; k++)
        assert_int_equal(seen[k], 2);
    isd_control_free(control);
    assert_false(isd_control_cancelled(NULL));
    (void)state;
}

static void control_of_parts(void **state)
{
    isd_control *whole = isd_control_new(), *half = isd_control_part(whole, 0.5), *rest = isd_control_part(whole, 0.5);
    isd_control *part = isd_control_part(rest, 0.5);
    isd_control_report(half, 1, 2);
    assert_true(isd_control_fraction(half) == 0.5 && isd_control_fraction(whole) == 0.25);
    isd_control_report(part, 1, 1);
    assert_true(isd_control_fraction(rest) == 0.5 && isd_control_fraction(whole) == 0.5);
    isd_control_report(half, 1, 1);
    isd_control_report(rest, 1, 1);
    assert_true(isd_control_fraction(whole) == 1);
    isd_control_add_helped(part, 2);
    isd_control_add_helped(whole, 1);
    isd_control_add_helped(NULL, 1);
    assert_true(isd_control_helped(half) == 3 && isd_control_helped(NULL) == 0);
    isd_control_cancel(half);
    assert_false(isd_control_cancelled(whole) || isd_control_cancelled(part));
    isd_control_cancel(whole);
    assert_true(isd_control_cancelled(part) && isd_control_cancelled(half));
    isd_control_free(part);
    isd_control_free(half);
    isd_control_free(rest);
    isd_control_free(whole);
    isd_control *alone = isd_control_part(NULL, 1);
    isd_control_report(alone, 1, 4);
    assert_true(isd_control_fraction(alone) == 0.25);
    isd_control_free(alone);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_become_visible), cmocka_unit_test(any_bytes_any_room),
        cmocka_unit_test(names_sort_as_people_do),           cmocka_unit_test(errors_carry_place_and_hint),
        cmocka_unit_test(control_cancels_reports_and_shares), cmocka_unit_test(control_of_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
