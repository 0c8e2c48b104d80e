/* Reports of the mouse: whole ones become keys, everything else none. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/rng.h"
#include "tui/report.h"

/* All characters but the last are to be taken in silence. */
static enum report_state feed(enum report_kind kind, const char *text, struct key *ret_key)
{
    struct report report;
    enum report_state state = REPORT_MORE;
    report_begin(&report, kind);
    for (; *text; text++) {
        assert_int_equal(state, REPORT_MORE);
        state = report_take(&report, (unsigned char)*text, ret_key);
    }
    assert_int_equal(report.kind == REPORT_NOT, state != REPORT_MORE);
    return state;
}

static void buttons_and_wheel_are_keys(void **state)
{
    static const struct {
        enum report_kind kind;
        const char *text, *name;
        int x, y;
    } cases[] = {
        {REPORT_SGR, "0;12;7M", "Press", 11, 6},     {REPORT_SGR, "0;1;1m", "Release", 0, 0}, {REPORT_SGR, "64;300;99M", "WheelUp", 299, 98},
        {REPORT_SGR, "65;2;3M", "WheelDown", 1, 2},  {REPORT_OLD, " !\"", "Press", 0, 1},      {REPORT_OLD, "##!", "Release", 2, 0},
        {REPORT_OLD, "`!!", "WheelUp", 0, 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct key key = {0};
        assert_int_equal(feed(cases[k].kind, cases[k].text, &key), REPORT_KEY);
        assert_string_equal(key.name, cases[k].name);
        assert_true(key.mouse && key.x == cases[k].x && key.y == cases[k].y);
    }
}

static void others_are_passed_over(void **state)
{
    static const char *const texts[] = {"1;2;3M", "2;2;3M", "32;2;3M", "64;2;3m", "0;0;3M", "0;3;0M", "0;3M", "0;;3M", "M", ";;M", "0;1;2;3M", "0;99999999;1M"};
    struct key key = {0};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        assert_int_equal(feed(REPORT_SGR, texts[k], &key), REPORT_OTHER);
    assert_int_equal(feed(REPORT_SGR, "0;1x", &key), REPORT_BROKEN);
    assert_int_equal(feed(REPORT_SGR, "\033", &key), REPORT_BROKEN);
    assert_int_equal(feed(REPORT_SGR, "11111111111111111", &key), REPORT_BROKEN); /* no end of it */
    assert_int_equal(feed(REPORT_OLD, "!\t", &key), REPORT_BROKEN);
    assert_false(key.mouse);
}

static void anything_ends(void **state)
{
    struct rng rng;
    rng_init(&rng, 5);
    for (int turn = 0; turn < 20000; turn++) {
        struct report report;
        struct key key = {0};
        int taken = 0;
        report_begin(&report, turn % 2 ? REPORT_SGR : REPORT_OLD);
        while (report_take(&report, turn % 3 ? (unsigned)"0123456789;Mm"[rng_below(&rng, 13)] : (unsigned)rng_below(&rng, 1 << 12), &key) == REPORT_MORE)
            assert_true(++taken < 20);
        assert_true(!key.mouse || (key.x >= 0 && key.y >= 0 && key.name[0]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buttons_and_wheel_are_keys),
        cmocka_unit_test(others_are_passed_over),
        cmocka_unit_test(anything_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
