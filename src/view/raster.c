/* Dots that remember what they show. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/raster.h"

#include <math.h>
#include <stdlib.h>

#include "view/raster_paper.h"

bool raster_init(struct raster *raster, int width, int height, enum glyph_tier tier)
{
    size_t n = (size_t)(width > 0 ? width : 0) * (size_t)(height > 0 ? height : 0);
    struct raster made = {.aspect = tier == GLYPH_ASCII ? 2 : 1};
    if (!canvas_init(&made.canvas, width > 0 ? width : 0, height > 0 ? height : 0, tier))
        return false;
    made.role = calloc(n + 1, sizeof *made.role);
    made.text = calloc(n + 1, sizeof *made.text);
    made.level = calloc(n + 1, sizeof *made.level);
    if (!made.role || !made.text || !made.level) {
        raster_done(&made);
        return false;
    }
    *raster = made;
    return true;
}

bool raster_init_paper(struct raster *raster, int width, int height, struct pen *paper)
{
    if (!raster_init(raster, width, height, GLYPH_BRAILLE))
        return false;
    raster->paper = paper;
    return true;
}

void raster_done(struct raster *raster)
{
    canvas_done(&raster->canvas);
    free(raster->role);
    free(raster->text);
    free(raster->level);
    *raster = (struct raster){0};
}

long raster_columns(const struct raster *raster)
{
    return (long)raster->canvas.width * raster->canvas.across;
}

long raster_rows(const struct raster *raster)
{
    return (long)raster->canvas.height * raster->canvas.down;
}

static bool inside(const struct raster *raster, long x, long y)
{
    return x >= 0 && y >= 0 && x < raster_columns(raster) && y < raster_rows(raster);
}

static long cell_of(const struct raster *raster, long x, long y)
{
    return y / raster->canvas.down * raster->canvas.width + x / raster->canvas.across;
}

void raster_dot(struct raster *raster, long x, long y, enum role role, char ascii)
{
    if (raster->paper) {
        raster_paper_dot(raster, (double)x + 0.5, (double)y + 0.5, role);
        return;
    }
    if (!inside(raster, x, y))
        return;
    long cell = cell_of(raster, x, y);
    canvas_dot(&raster->canvas, x, y);
    raster->role[cell] = (uint8_t)role;
    raster->level[cell] = (uint8_t)raster->pen;
    raster->text[cell] = raster->canvas.down == 1 ? (uint32_t)ascii : 0;
}

static void erase(struct raster *raster, long x, long y)
{
    if (!inside(raster, x, y))
        return;
    raster->text[cell_of(raster, x, y)] = 0;
    canvas_erase(&raster->canvas, x, y);
}

/* Is the dot at (dx, dy) from the middle part of the disc's drawing? */
static bool disc_has(double dx, double dy, double radius, enum disc_style style)
{
    double distance = sqrt(dx * dx + dy * dy);
    bool ring = distance - radius >= -0.5 && distance - radius < 0.5;
    switch (style) {
    case DISC_FILLED:
        return distance - radius < 0.5;
    case DISC_CROSS:
        return distance - radius < 0.5 && fabs(fabs(dx) - fabs(dy)) < 0.6;
    case DISC_RING_DOT:
        return ring || distance < 0.6;
    default:
        return ring;
    }
}

void raster_disc(struct raster *raster, double x, double y, double radius, enum disc_style style, enum role role, char letter)
{
    if (raster->paper) {
        raster_paper_disc(raster, x, y, radius, style, role);
        return;
    }
    long at_x = (long)floor(x), at_y = (long)floor(y);
    if (raster->canvas.down > 1 && radius < 2) {
        raster_dot(raster, at_x, at_y, role, letter);
        if (style == DISC_FILLED && radius >= 1) {
            raster_dot(raster, at_x + 1, at_y, role, letter);
            raster_dot(raster, at_x, at_y + 1, role, letter);
            raster_dot(raster, at_x + 1, at_y + 1, role, letter);
        }
        return;
    }
    long reach = (long)ceil(radius + 0.5), rows = (long)ceil((radius + 0.5) / raster->aspect);
    for (long dy = -rows; dy <= rows && (raster->canvas.down > 1 || radius >= 2.5); dy++) {
        for (long dx = -reach; dx <= reach; dx++) {
            double right = (double)dx, down = (double)dy * raster->aspect;
            if (disc_has(right, down, radius, raster->canvas.down > 1 ? style : DISC_RING))
                raster_dot(raster, at_x + dx, at_y + dy, role, '.');
            else if (right * right + down * down < radius * radius)
                erase(raster, at_x + dx, at_y + dy);
        }
    }
    if (raster->canvas.down == 1)
        raster_dot(raster, at_x, at_y, role, letter);
}

/* Liang-Barsky on one side: how much of the line from a to a + d is inside [0, size]. */
static bool clip(double a, double d, double size, double *from, double *to)
{
    if (d == 0)
        return a >= 0 && a <= size;
    double enter = (d > 0 ? 0 - a : size - a) / d, leave = (d > 0 ? size - a : 0 - a) / d;
    *from = fmax(*from, enter);
    *to = fmin(*to, leave);
    return *from <= *to;
}

static char slope_character(double dx, double dy)
{
    if (fabs(dy) < 0.4 * fabs(dx))
        return '-';
    if (fabs(dx) < 0.4 * fabs(dy))
        return '|';
    return (dx > 0) == (dy > 0) ? '\\' : '/';
}

void raster_line(struct raster *raster, double x0, double y0, double x1, double y1, bool dotted, enum role role)
{
    double from = 0, to = 1, dx = x1 - x0, dy = y1 - y0;
    if (!isfinite(dx) || !isfinite(dy) || !clip(x0, dx, (double)raster_columns(raster), &from, &to)
        || !clip(y0, dy, (double)raster_rows(raster), &from, &to))
        return;
    if (raster->paper) {
        raster_paper_line(raster, x0, y0, x1, y1, dotted, role);
        return;
    }
    long steps = (long)ceil(fmax(fabs(dx), fabs(dy)));
    char ascii = slope_character(dx, dy * raster->aspect);
    long period = !dotted ? 1 : raster->canvas.down == 4 ? 3 : 2;
    for (long k = (long)ceil(from * (double)steps); k <= to * (double)steps; k++) {
        double share = steps > 0 ? (double)k / (double)steps : 0;
        if (k % period == 0)
            raster_dot(raster, (long)floor(x0 + share * dx), (long)floor(y0 + share * dy), role, ascii);
    }
}

static uint32_t head_glyph(double dx, double dy, bool ascii)
{
    static const uint32_t eight[8] = {0x2192, 0x2197, 0x2191, 0x2196, 0x2190, 0x2199, 0x2193, 0x2198};
    static const uint32_t four[4] = {'>', '^', '<', 'v'};
    double turn = atan2(-dy, dx) / (2 * acos(-1));
    if (ascii)
        return four[((int)floor(turn * 4 + 0.5) + 4) % 4];
    return eight[((int)floor(turn * 8 + 0.5) + 8) % 8];
}

void raster_arrow(struct raster *raster, double x0, double y0, double x1, double y1, bool dotted, enum role role)
{
    bool ascii = raster->canvas.down == 1;
    raster_line(raster, x0, y0, x1, y1, dotted, role);
    if (raster->paper) {
        raster_paper_head(raster, x0, y0, x1, y1, role);
        return;
    }
    if (fmax(fabs(x1 - x0), fabs(y1 - y0)) < (ascii ? 2 : 3))
        return; /* a head would hide all of it */
    raster_glyph(raster, x1, y1, head_glyph(x1 - x0, (y1 - y0) * raster->aspect, ascii), role);
}

void raster_glyph(struct raster *raster, double x, double y, uint32_t glyph, enum role role)
{
    if (!(x >= 0 && y >= 0 && x < (double)raster_columns(raster) && y < (double)raster_rows(raster)))
        return;
    if (raster->paper) {
        raster_paper_glyph(raster, x, y, glyph, role);
        return;
    }
    long cell = cell_of(raster, (long)x, (long)y);
    raster->text[cell] = glyph;
    raster->role[cell] = (uint8_t)role;
    raster->level[cell] = (uint8_t)raster->pen;
}

void raster_text(struct raster *raster, double x, double y, enum role role, const char *text)
{
    for (int k = 0; *text; k++) {
        uint32_t glyph;
        text += glyph_decode(text, &glyph);
        raster_glyph(raster, x + k * raster->canvas.across, y, glyph, role);
    }
}

void raster_show(const struct raster *raster, struct grid *grid, int x, int y)
{
    const struct canvas *canvas = &raster->canvas;
    for (int row = 0; row < canvas->height; row++) {
        for (int column = 0; column < canvas->width; column++) {
            long cell = (long)row * canvas->width + column;
            uint32_t glyph = raster->text[cell] ? raster->text[cell] : canvas_glyph(canvas, column, row, '.');
            if (glyph)
                grid_put_levels(grid, x + column, y + row, glyph, raster->role[cell], raster->level[cell], 0);
        }
    }
}
