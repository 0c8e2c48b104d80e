/* Where things are on a screen of any size. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/layout.h"

#define LEAST_WIDTH 34 /* of a pane, frame included */
#define LEAST_HEIGHT 8
#define RAIL_WIDTH 29

static struct rect inside(struct rect frame)
{
    return (struct rect){frame.x + 1, frame.y + 1, frame.width - 2, frame.height - 2};
}

/* Rows above and below the panes. */
static void place_bars(int width, int height, struct layout *at)
{
    int top = 0, bottom = height;
    at->state = top++;
    if (height >= 16 && width >= 50)
        at->tabs = top++;
    at->keys = --bottom;
    if (height >= 14)
        at->echo = --bottom;
    if (height >= 14)
        at->jobs = --bottom;
    if (height >= 20)
        at->rule = --bottom;
    at->middle = (struct rect){0, top, width, bottom - top};
}

static enum layout_kind by_size(int width, int height)
{
    return width >= 160 && height >= 48 ? LAYOUT_QUAD : width >= 120 && height >= 36 ? LAYOUT_TWO : LAYOUT_ONE;
}

/* The kind that has room, not larger than the one asked for. */
static enum layout_kind what_fits(enum layout_kind kind, struct rect middle)
{
    bool beside = middle.width >= 2 * LEAST_WIDTH, above = middle.height >= 2 * LEAST_HEIGHT;
    if (kind == LAYOUT_QUAD && !(beside && above))
        kind = LAYOUT_TWO;
    if (kind == LAYOUT_TWO && !(beside && middle.height >= LEAST_HEIGHT))
        kind = LAYOUT_WIDE;
    if (kind == LAYOUT_WIDE && !(above && middle.width >= LEAST_WIDTH))
        kind = LAYOUT_ONE;
    return kind;
}

static void add_pane(struct layout *at, const struct layout_want *want, int slot, struct rect frame, bool framed)
{
    at->pane[at->n_panes++] = (struct pane){
        .slot = slot, .view = want->slot[slot], .frame = frame, .rect = framed ? inside(frame) : frame, .focused = slot == want->focus};
}

/* `n` panes beside each other in a row, slots from `slot` on. */
static void add_row(struct layout *at, const struct layout_want *want, int slot, int n, struct rect row)
{
    for (int k = 0; k < n; k++) {
        int from = row.width * k / n, to = row.width * (k + 1) / n;
        add_pane(at, want, slot + k, (struct rect){row.x + from, row.y, to - from, row.height}, true);
    }
}

static void place_quad(struct layout *at, const struct layout_want *want)
{
    struct rect left = at->middle;
    if (left.width >= RAIL_WIDTH + 3 * LEAST_WIDTH) {
        at->rail = left;
        at->rail.width = RAIL_WIDTH;
        left.x += RAIL_WIDTH;
        left.width -= RAIL_WIDTH;
    }
    int above = (left.height + 1) / 2, below = left.width >= 4 * LEAST_WIDTH + 20 ? 3 : 2;
    struct layout_want four = *want;
    if (four.focus >= 2 + below) { /* of five there are four: the last one is the one looked at */
        four.slot[1 + below] = want->slot[want->focus];
        four.focus = 1 + below;
    }
    add_row(at, &four, 0, 2, (struct rect){left.x, left.y, left.width, above});
    add_row(at, &four, 2, below, (struct rect){left.x, left.y + above, left.width, left.height - above});
    for (int k = 0; k < at->n_panes; k++)
        if (at->pane[k].focused)
            at->pane[k].slot = want->focus;
}

/* The first one, and the one with the focus or the second. */
static void place_pair(struct layout *at, const struct layout_want *want, bool beside)
{
    struct rect m = at->middle, one = m, two = m;
    if (beside) {
        one.width = m.width / 2;
        two.x += one.width;
        two.width -= one.width;
    } else {
        one.height = (m.height + 1) / 2;
        two.y += one.height;
        two.height -= one.height;
    }
    add_pane(at, want, 0, one, true);
    add_pane(at, want, want->focus > 0 ? want->focus : 1, two, true);
}

void layout_make(int width, int height, const struct layout_want *want, struct layout *ret_layout)
{
    struct layout at = {.state = -1, .tabs = -1, .strip = -1, .rule = -1, .jobs = -1, .echo = -1, .keys = -1,
                        .middle = {0, 0, width, height}};
    if (width < 40 || height < 10) {
        at.summary = true;
        add_pane(&at, want, want->focus, at.middle, false);
        *ret_layout = at;
        return;
    }
    place_bars(width, height, &at);
    enum layout_kind kind = want->kind == LAYOUT_AUTO ? by_size(width, height) : want->kind;
    if (kind != LAYOUT_QUAD && width >= 80 && height >= 24)
        at.strip = at.middle.y + --at.middle.height;
    kind = want->maximised ? LAYOUT_ONE : what_fits(kind, at.middle);
    if (kind == LAYOUT_QUAD)
        place_quad(&at, want);
    else if (kind == LAYOUT_ONE)
        add_pane(&at, want, want->focus, at.middle, false);
    else
        place_pair(&at, want, kind == LAYOUT_TWO);
    *ret_layout = at;
}

const struct pane *layout_pane_at(const struct layout *layout, int x, int y)
{
    for (int k = 0; k < layout->n_panes; k++) {
        const struct rect *frame = &layout->pane[k].frame;
        if (x >= frame->x && x < frame->x + frame->width && y >= frame->y && y < frame->y + frame->height)
            return &layout->pane[k];
    }
    return NULL;
}
