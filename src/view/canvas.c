/* Dots for lines. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/canvas.h"

#include <stdlib.h>

bool canvas_init(struct canvas *canvas, int width, int height, enum glyph_tier tier)
{
    uint8_t *mask = calloc((size_t)width * (size_t)height + 1, 1);
    if (!mask)
        return false;
    *canvas = (struct canvas){.width = width,
                              .height = height,
                              .across = tier == GLYPH_BRAILLE ? 2 : 1,
                              .down = tier == GLYPH_BRAILLE ? 4 : tier == GLYPH_HALF ? 2 : 1,
                              .mask = mask};
    return true;
}

void canvas_done(struct canvas *canvas)
{
    free(canvas->mask);
    *canvas = (struct canvas){0};
}

/* The byte of a dot's cell and its bit there; NULL outside. */
static uint8_t *dot_at(struct canvas *canvas, long x, long y, uint8_t *ret_bit)
{
    if (x < 0 || y < 0 || x >= (long)canvas->width * canvas->across || y >= (long)canvas->height * canvas->down)
        return NULL;
    *ret_bit = (uint8_t)(1u << (y % canvas->down * canvas->across + x % canvas->across));
    return &canvas->mask[y / canvas->down * canvas->width + x / canvas->across];
}

void canvas_dot(struct canvas *canvas, long x, long y)
{
    uint8_t bit, *mask = dot_at(canvas, x, y, &bit);
    if (mask)
        *mask |= bit;
}

void canvas_erase(struct canvas *canvas, long x, long y)
{
    uint8_t bit, *mask = dot_at(canvas, x, y, &bit);
    if (mask)
        *mask &= (uint8_t)~bit;
}

static void dash_dot(struct canvas *canvas, long x, long y, struct dash *dash)
{
    if (dash->period == 0 || dash->phase < dash->on)
        canvas_dot(canvas, x, y);
    if (dash->period > 0)
        dash->phase = (dash->phase + 1) % dash->period;
}

void canvas_line(struct canvas *canvas, long x0, long y0, long x1, long y1, struct dash *dash)
{
    long dx = labs(x1 - x0), dy = -labs(y1 - y0);
    long step_x = x0 < x1 ? 1 : -1, step_y = y0 < y1 ? 1 : -1;
    long error = dx + dy;
    for (;;) {
        dash_dot(canvas, x0, y0, dash);
        if (x0 == x1 && y0 == y1)
            return;
        long twice = 2 * error;
        if (twice >= dy) {
            error += dy;
            x0 += step_x;
        }
        if (twice <= dx) {
            error += dx;
            y0 += step_y;
        }
    }
}

static uint8_t mask_at(const struct canvas *canvas, int x, int y)
{
    if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
        return 0;
    return canvas->mask[y * canvas->width + x];
}

bool canvas_empty(const struct canvas *canvas, int x, int y)
{
    return mask_at(canvas, x, y) == 0;
}

uint32_t canvas_glyph(const struct canvas *canvas, int x, int y, char ascii)
{
    static const uint8_t braille[8] = {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80};
    static const uint32_t half[4] = {0, 0x2580, 0x2584, 0x2588};
    uint8_t mask = mask_at(canvas, x, y);
    if (mask == 0)
        return 0;
    if (canvas->down == 1)
        return (uint32_t)ascii;
    if (canvas->down == 2)
        return half[mask & 3];
    uint32_t dots = 0;
    for (int bit = 0; bit < 8; bit++)
        if (mask >> bit & 1)
            dots |= braille[bit];
    return 0x2800 + dots;
}
