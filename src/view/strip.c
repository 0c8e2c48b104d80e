/* Lines: t_w strip, progress, keys. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/strip.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void short_number(double value, char *out, size_t size)
{
    double size_of = fabs(value);
    if (!isfinite(value))
        snprintf(out, size, "-");
    else if (size_of != 0 && (size_of >= 1e5 || size_of < 1e-3)) {
        snprintf(out, size, "%.3g", value);
        /* 1e+05 to 1e5: the sign and the zero of the exponent say nothing. */
        char *e = strchr(out, 'e');
        if (e) {
            char *digits = e + 1 + (e[1] == '+' || e[1] == '-');
            char *to = e + 1 + (e[1] == '-');
            while (*digits == '0' && digits[1])
                digits++;
            memmove(to, digits, strlen(digits) + 1);
        }
    } else
        snprintf(out, size, "%.4g", value);
}

static uint32_t level_glyph(double share, enum glyph_tier tier)
{
    if (!isfinite(share))
        return tier == GLYPH_ASCII ? '.' : 0xb7;
    int level = (int)(share * 8 - 1e-9);
    level = level < 0 ? 0 : level > 7 ? 7 : level;
    if (tier == GLYPH_ASCII)
        return (uint32_t)"12345678"[level];
    if (tier == GLYPH_HALF) /* the Linux console has only the half and the full block */
        return level < 3 ? '_' : level < 6 ? 0x2584 : 0x2588;
    return 0x2581 + (uint32_t)level;
}

int tw_strip_draw(struct grid *grid, int x, int y, int width, const struct tw_strip *strip)
{
    char first[16], last[16];
    if (strip->n < 1 || width < 8)
        return 0;
    short_number(strip->tw[0], first, sizeof first);
    short_number(strip->tw[strip->n - 1], last, sizeof last);
    int ends = (int)(strlen(first) + strlen(last)) + 2;
    int room = (width - ends - 2) / 2, shown = strip->n < room ? strip->n : room;
    if (shown < 1)
        return 0;
    int from = strip->current - shown / 2;
    from = from > strip->n - shown ? strip->n - shown : from;
    from = from < 0 ? 0 : from;
    double most = 0;
    for (int k = 0; k < strip->n; k++)
        if (isfinite(strip->value[k]) && strip->value[k] > most)
            most = strip->value[k];
    int at = x + grid_text(grid, x, y, width, ROLE_AXIS, first) + 1;
    for (int k = from; k < from + shown; k++) {
        bool here = k == strip->current;
        double share = most > 0 ? strip->value[k] / most : strip->value[k] * 0;
        if (here)
            grid_put(grid, at, y, '[', ROLE_TITLE);
        grid_put(grid, at + 1, y, level_glyph(share, strip->tier), here ? ROLE_TITLE : ROLE_MATCHED);
        if (here)
            grid_put(grid, at + 2, y, ']', ROLE_TITLE);
        at += 2;
    }
    at += 2;
    at += grid_text(grid, at, y, x + width - at, ROLE_AXIS, last);
    return at - x;
}

void progress_draw(struct grid *grid, int x, int y, int width, double fraction, enum glyph_tier tier)
{
    if (width < 1)
        return;
    double share = fraction > 0 ? fmin(fraction, 1) : 0;
    int eighths = (int)(share * width * 8 + 1e-9);
    for (int k = 0; k < width; k++) {
        int part = eighths - 8 * k;
        uint32_t glyph = tier == GLYPH_ASCII ? (part >= 8 ? '#' : '.') : part >= 8 ? 0x2588 : 0x2591;
        if (tier == GLYPH_BRAILLE && part > 0 && part < 8)
            glyph = 0x2590 - (uint32_t)part;
        grid_put(grid, x + k, y, glyph, part > 0 ? ROLE_PROGRESS : ROLE_DIM);
    }
}

/* Column of the next hint after `used` columns, or -1 if it does not fit. */
static int hint_place(const struct key_hint *hint, int used, int width, int *ret_columns)
{
    int gap = used > 0 ? 3 : 0;
    *ret_columns = glyph_columns(hint->key) + 1 + glyph_columns(hint->label);
    return used + gap + *ret_columns > width ? -1 : used + gap;
}

int key_bar_draw(struct grid *grid, int x, int y, int width, const struct key_hint *hints, int n)
{
    int used = 0, columns;
    for (int k = 0; k < n; k++) {
        int at = hint_place(&hints[k], used, width, &columns);
        if (at < 0)
            continue;
        int next = at + grid_text(grid, x + at, y, width - at, ROLE_KEY, hints[k].key) + 1;
        used = next + grid_text(grid, x + next, y, width - next, ROLE_NORMAL, hints[k].label);
    }
    return used;
}

int key_bar_at(int width, const struct key_hint *hints, int n, int at)
{
    int used = 0, columns;
    for (int k = 0; k < n; k++) {
        int place = hint_place(&hints[k], used, width, &columns);
        if (place < 0)
            continue;
        if (at >= place && at < place + columns)
            return k;
        used = place + columns;
    }
    return -1;
}
