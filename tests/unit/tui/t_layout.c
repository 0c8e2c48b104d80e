/* Where things are on screens of all sizes. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "tui/layout.h"

static struct layout_want want(enum layout_kind kind, int focus)
{
    struct layout_want out = {.kind = kind, .focus = focus, .slot = {VIEW_PU, VIEW_SLICE, VIEW_DTW, VIEW_TABLE, VIEW_SCALING}};
    return out;
}

static struct layout made(int width, int height, enum layout_kind kind, int focus)
{
    struct layout at;
    struct layout_want wanted = want(kind, focus);
    layout_make(width, height, &wanted, &at);
    return at;
}

/* The sizes of the design: a summary, one, two, four and more. */
static void sizes_choose(void **state)
{
    assert_true(made(39, 30, LAYOUT_AUTO, 0).summary);
    assert_true(made(100, 9, LAYOUT_AUTO, 0).summary);
    assert_false(made(40, 10, LAYOUT_AUTO, 0).summary);
    assert_int_equal(made(40, 10, LAYOUT_AUTO, 0).n_panes, 1);
    assert_true(made(79, 24, LAYOUT_AUTO, 0).strip < 0);
    assert_true(made(80, 23, LAYOUT_AUTO, 0).strip < 0);
    assert_true(made(80, 24, LAYOUT_AUTO, 0).strip > 0);
    assert_int_equal(made(119, 60, LAYOUT_AUTO, 0).n_panes, 1);
    assert_int_equal(made(120, 35, LAYOUT_AUTO, 0).n_panes, 1);
    assert_int_equal(made(120, 36, LAYOUT_AUTO, 0).n_panes, 2);
    assert_int_equal(made(159, 48, LAYOUT_AUTO, 0).n_panes, 2);
    struct layout quad = made(160, 48, LAYOUT_AUTO, 0);
    assert_int_equal(quad.n_panes, 4);
    assert_true(quad.rail.width > 0);
    assert_int_equal(made(200, 60, LAYOUT_AUTO, 0).n_panes, 5);
}

static void wishes_that_fit(void **state)
{
    assert_int_equal(made(200, 60, LAYOUT_ONE, 0).n_panes, 1);
    struct layout two = made(80, 24, LAYOUT_TWO, 0), wide = made(80, 24, LAYOUT_WIDE, 0);
    assert_true(two.n_panes == 2 && two.pane[0].frame.y == two.pane[1].frame.y);
    assert_true(wide.n_panes == 2 && wide.pane[0].frame.x == wide.pane[1].frame.x);
    assert_int_equal(made(80, 26, LAYOUT_QUAD, 0).n_panes, 4);
    assert_int_equal(made(60, 14, LAYOUT_QUAD, 0).n_panes, 1);
    struct layout at;
    struct layout_want wanted = want(LAYOUT_QUAD, 3);
    wanted.maximised = true;
    layout_make(200, 60, &wanted, &at);
    assert_true(at.n_panes == 1 && at.pane[0].view == VIEW_TABLE && at.pane[0].focused);
}

/* Every cell belongs to one thing at most, panes fill the middle, one of them has the focus, and no view is there twice. */
static void nothing_overlaps(void **state)
{
    for (int width = 1; width < 260; width += width < 60 ? 1 : 7)
        for (int height = 1; height < 100; height += height < 30 ? 1 : 5)
            for (int kind = LAYOUT_AUTO; kind <= LAYOUT_QUAD; kind++)
                for (int focus = 0; focus < LAYOUT_SLOTS; focus++) {
                    struct layout at = made(width, height, (enum layout_kind)kind, focus);
                    int area = at.rail.width * at.rail.height, focused = 0;
                    unsigned seen = 0;
                    for (int k = 0; k < at.n_panes; k++) {
                        const struct pane *pane = &at.pane[k];
                        const struct rect *f = &pane->frame, *r = &pane->rect;
                        assert_true(f->x >= 0 && f->y >= 0 && f->x + f->width <= width && f->y + f->height <= height);
                        assert_true(r->x >= f->x && r->y >= f->y && r->x + r->width <= f->x + f->width
                                    && r->y + r->height <= f->y + f->height);
                        assert_true(at.summary || (r->width > 0 && r->height > 0));
                        assert_ptr_equal(layout_pane_at(&at, f->x, f->y), pane);
                        area += f->width * f->height;
                        focused += pane->focused;
                        assert_true(!pane->focused || pane->slot == focus);
                        assert_false(seen >> pane->view & 1);
                        seen |= 1u << pane->view;
                    }
                    assert_int_equal(focused, 1);
                    assert_int_equal(area, at.middle.width * at.middle.height);
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_choose),
        cmocka_unit_test(wishes_that_fit),
        cmocka_unit_test(nothing_overlaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
