/* Colours for values. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ramp.h"

#include <math.h>
#include <stdio.h>

int ramp_level(double value, double low, double high, bool log)
{
    if (isnan(value) || (log && !(value > 0)))
        return 0;
    if (!(high > low))
        return (RAMP_LEVELS + 1) / 2;
    double at = log ? log2(value / low) / log2(high / low) : (value - low) / (high - low);
    return 1 + (int)fmin(fmax(floor(at * RAMP_LEVELS), 0), RAMP_LEVELS - 1);
}

/* Entries of the palette near the ramps of these names, at least three steps of lightness L* apart: the nearest entries alone are
 * not monotonic. */
static const uint8_t colours[][RAMP_LEVELS] = {
    [RAMP_CIVIDIS] = {235, 24, 60, 242, 245, 144, 185, 227},
    [RAMP_VIRIDIS] = {53, 54, 24, 30, 36, 42, 148, 220},
    [RAMP_GREY] = {233, 236, 239, 242, 245, 248, 251, 254},
};

static int held(int level)
{
    return level < 1 ? 0 : level > RAMP_LEVELS ? RAMP_LEVELS - 1 : level - 1;
}

int ramp_colour(enum ramp ramp, int level)
{
    return colours[ramp][held(level)];
}

char ramp_glyph(int level)
{
    return ".:-=+*#@"[held(level)];
}

int ramp_contrast(int level)
{
    return level <= RAMP_LEVELS / 2 ? RAMP_LEVELS : 1;
}

void ramp_palette_rgb(int colour, uint8_t ret_rgb[3])
{
    static const uint8_t step[] = {0, 95, 135, 175, 215, 255};
    if (colour >= 232) {
        for (int c = 0; c < 3; c++)
            ret_rgb[c] = (uint8_t)(8 + 10 * (colour - 232));
        return;
    }
    colour = colour < 16 ? 0 : colour - 16;
    ret_rgb[0] = step[colour / 36];
    ret_rgb[1] = step[colour / 6 % 6];
    ret_rgb[2] = step[colour % 6];
}

void ramp_rgb(enum ramp ramp, double position, uint8_t ret_rgb[3])
{
    enum { ANCHORS = 10 };
    static const uint8_t anchor[][ANCHORS][3] = {
        [RAMP_CIVIDIS] = {{0, 32, 81}, {15, 54, 107}, {52, 72, 109}, {82, 90, 109}, {109, 109, 113},
                          {130, 126, 117}, {154, 147, 120}, {183, 172, 115}, {218, 198, 99}, {253, 234, 69}},
        [RAMP_VIRIDIS] = {{68, 1, 84}, {72, 40, 120}, {62, 73, 137}, {49, 104, 142}, {38, 130, 142},
                          {31, 158, 137}, {53, 183, 121}, {110, 206, 88}, {181, 222, 43}, {253, 231, 37}},
        [RAMP_GREY] = {{20, 20, 20}, {45, 45, 45}, {69, 69, 69}, {93, 93, 93}, {118, 118, 118},
                       {142, 142, 142}, {167, 167, 167}, {191, 191, 191}, {216, 216, 216}, {240, 240, 240}},
    };
    double x = fmin(fmax(position, 0), 1) * (ANCHORS - 1);
    int k = (int)fmin(floor(x), ANCHORS - 2);
    for (int c = 0; c < 3; c++) {
        const uint8_t *low = anchor[ramp][k], *high = anchor[ramp][k + 1];
        ret_rgb[c] = (uint8_t)(low[c] + (x - k) * (high[c] - low[c]) + 0.5);
    }
}

void ramp_hex(enum ramp ramp, double position, char ret_colour[8])
{
    uint8_t rgb[3];
    ramp_rgb(ramp, position, rgb);
    snprintf(ret_colour, 8, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
}
