/* Dots for lines: a raster finer than cells. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_CANVAS_H
#define VIEW_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "view/glyph.h"

/* Cells of across x down dots: braille 2 x 4, half blocks 1 x 2, ASCII 1 x 1. Dot (0, 0) is the upper left one. */
struct canvas {
    int width, height; /* cells */
    int across, down;  /* dots in a cell */
    uint8_t *mask;     /* [height * width], bit (row * across + column) */
};

/* Dashes go on along a line: `on` dots drawn of `period`; period 0: solid. */
struct dash {
    int on, period, phase;
};

bool canvas_init(struct canvas *canvas, int width, int height, enum glyph_tier tier); /* false: out of memory */
void canvas_done(struct canvas *canvas);
/* Outside is cut. */
void canvas_dot(struct canvas *canvas, long x, long y);
void canvas_erase(struct canvas *canvas, long x, long y); /* takes a dot away */
/* Bresenham, both ends drawn; the caller clips lines that are far outside. */
void canvas_line(struct canvas *canvas, long x0, long y0, long x1, long y1, struct dash *dash);
bool canvas_empty(const struct canvas *canvas, int x, int y); /* of a cell; true outside */
/* The glyph of a cell, `ascii` in a canvas of the ASCII tier; 0 if the cell is empty. */
uint32_t canvas_glyph(const struct canvas *canvas, int x, int y, char ascii);

#endif
