/* Counts as horizontal bars. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/bars.h"

#include <math.h>
#include <stdio.h>

#include "view/strip.h"

static double share_of(const struct bars *bars, double value, double most)
{
    if (!(value > 0) || !(most > 0))
        return 0;
    /* A tenth of the smallest count is the left end of a log scale: a bar of 1 has a length. */
    return bars->log ? log(value / 0.5) / log(most / 0.5) : value / most;
}

static void draw_bar(struct grid *grid, int x, int y, int width, double share, const struct bar *bar, enum glyph_tier tier)
{
    int eighths = (int)(share * width * 8 + 0.5);
    eighths = eighths < 1 && share > 0 ? 1 : eighths;
    bool light = bar->role == ROLE_MATCHED;
    for (int k = 0; k < width; k++) {
        int part = eighths - 8 * k;
        if (part <= 0)
            return;
        uint32_t glyph = tier == GLYPH_ASCII ? (uint32_t)bar->ascii : light ? 0x2592 : 0x2588;
        if (tier == GLYPH_BRAILLE && part < 8 && !light)
            glyph = 0x2590 - (uint32_t)part;
        grid_put(grid, x + k, y, glyph, bar->role);
    }
}

void bars_draw(struct grid *grid, int x, int y, int width, int height, const struct bars *bars, int top)
{
    int label = 0, number = 0;
    double most = 0;
    for (int k = 0; k < bars->n; k++) {
        char text[32];
        short_number(bars->bar[k].value, text, sizeof text);
        label = glyph_columns(bars->bar[k].label) > label ? glyph_columns(bars->bar[k].label) : label;
        number = glyph_columns(text) > number ? glyph_columns(text) : number;
        most = fmax(most, bars->bar[k].value);
    }
    int room = width - label - number - 3;
    for (int line = 0; line < height && top + line < bars->n; line++) {
        const struct bar *bar = &bars->bar[top + line];
        char text[32];
        int own = glyph_columns(bar->label);
        grid_text(grid, x + (label > own && label < width ? label - own : 0), y + line, width, ROLE_AXIS, bar->label);
        short_number(bar->value, text, sizeof text);
        if (room >= 4) {
            double share = share_of(bars, bar->value, most);
            draw_bar(grid, x + label + 1, y + line, room, share, bar, bars->tier);
            grid_text(grid, x + label + 2 + (int)ceil(share * room), y + line, number, ROLE_NORMAL, text);
        } else if (label + 1 + number <= width) {
            grid_text(grid, x + label + 1, y + line, number, ROLE_NORMAL, text);
        }
    }
}
