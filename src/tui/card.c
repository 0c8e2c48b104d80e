/* The card of glyphs: the same drawn in every way, so that everybody sees which one the own terminal can.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "tui/state.h"
#include "view/raster.h"

static const struct {
    enum glyph_tier tier;
    const char *name, *title;
} tiers[] = {{GLYPH_BRAILLE, "braille", "braille"}, {GLYPH_HALF, "half", "half blocks"}, {GLYPH_ASCII, "ascii", "ASCII"}};

enum { TIERS = sizeof tiers / sizeof *tiers };

/* A curve, two species and an arrow. */
static void draw_sample(struct grid *grid, struct rect rect, enum glyph_tier tier)
{
    struct raster raster;
    if (rect.width < 8 || rect.height < 3 || !raster_init(&raster, rect.width, rect.height, tier))
        return;
    const double wide = (double)raster_columns(&raster), tall = (double)raster_rows(&raster), radius = 0.15 * tall * raster.aspect;
    double last = 0.42;
    for (int k = 1; k <= 32; k++) {
        const double at = k / 32.0, falls = (1 - at) * (1 - at);
        const int phase = k % 16;
        const double wave = phase < 8 ? phase / 4.0 - 1 : 3 - phase / 4.0, next = 0.25 - 0.17 * wave * falls;
        raster_line(&raster, (k - 1) / 32.0 * (wide - 1), last * tall, at * (wide - 1), next * tall, false, ROLE_LABELLED);
        last = next;
    }
    raster_disc(&raster, 0.15 * wide, 0.72 * tall, radius, DISC_RING, ROLE_ATOM_A, 'A');
    raster_disc(&raster, 0.42 * wide, 0.72 * tall, radius, DISC_FILLED, ROLE_ATOM_B, 'B');
    raster_arrow(&raster, 0.60 * wide, 0.85 * tall, 0.92 * wide, 0.60 * tall, false, ROLE_MATCHED);
    raster_show(&raster, grid, rect.x, rect.y);
    raster_done(&raster);
}

/* A frame round a scale of greys: what a font lacks or draws too wide is seen here. */
static void draw_frame(struct grid *grid, struct rect rect, enum glyph_tier tier)
{
    static const char *const plain[] = {"+----------+", "|.:-=+*#%@ |", "+----------+"};
    static const char *const lines[] = {"\u250c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2510",
                                        "\u2502\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588\u2591\u2592\u2502",
                                        "\u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2518"};
    for (int y = 0; y < 3 && y < rect.height; y++)
        grid_text(grid, rect.x, rect.y + y, rect.width, ROLE_AXIS, tier == GLYPH_ASCII ? plain[y] : lines[y]);
}

void card_draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    enum { FRAME = 3 };
    const int gap = 2, width = (rect.width - 2 - (TIERS - 1) * gap) / TIERS, height = rect.height - 2;
    grid_fill(grid, rect.x, rect.y, rect.width, rect.height, ' ', ROLE_NORMAL);
    for (int k = 0; k < TIERS; k++) {
        const struct rect at = {rect.x + 1 + k * (width + gap), rect.y + 1, width, height - 1};
        const bool possible = tui->unicode || tiers[k].tier == GLYPH_ASCII;
        grid_format(grid, at.x, rect.y, width, tiers[k].tier == tui->tier ? ROLE_ACTIVE : ROLE_TITLE, "%d %s", k + 1, tiers[k].title);
        if (!possible) {
            grid_text(grid, at.x, at.y, width, ROLE_DIM, "not in this locale");
            continue;
        }
        draw_sample(grid, (struct rect){at.x, at.y, width, at.height - FRAME > 10 ? 10 : at.height - FRAME}, tiers[k].tier);
        draw_frame(grid, (struct rect){at.x, at.y + (at.height - FRAME > 10 ? 10 : at.height - FRAME), width, FRAME}, tiers[k].tier);
    }
    grid_text(grid, rect.x + 1, rect.y + rect.height - 1, rect.width - 2, ROLE_DIM,
              "1 2 3: the best one, kept   0: as the terminal says   Esc: as it was");
    grid->cursor_x = rect.x + 1;
    grid->cursor_y = rect.y;
}

bool card_key(const struct key *key, char *out, size_t size)
{
    const int number = strlen(key->name) == 1 ? key->name[0] - '0' : -1;
    if (number < 0 || number > TIERS)
        return false;
    snprintf(out, size, "glyphs %s", number == 0 ? "auto" : tiers[number - 1].name);
    return true;
}
