/* Values over two axes as a field of colours. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/heat_map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/axis.h"

enum { BAR = 2, BAR_LABELS = 9, LABELS_BELOW = 2, LEAST_FIELD = 6 };

/* Where things are, and which place each row and column of pixels shows. */
struct field {
    struct grid *grid;
    const struct heat_map *map;
    int x, y, width, height; /* cells of the field itself */
    int left;                /* width of the labels beside it */
    bool bar;
    int tall;                /* pixels in a cell: 2 of half blocks, or 1 */
    double low, high;        /* of the ramp */
    int *column, *row;       /* [width], [height * tall] from the top: index of a place, -1 none */
};

/* --- places along an axis --- */

static double along(const struct heat_axis *axis, double value)
{
    return axis->log ? log(value) : value;
}

static double back(const struct heat_axis *axis, double position)
{
    return axis->log ? exp(position) : position;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Half the median distance of neighbours: as far as a place reaches into a gap; 0: one place alone. False: out of memory. */
static bool find_reach(const struct heat_axis *axis, double *ret_reach)
{
    *ret_reach = 0;
    if (axis->n < 2)
        return true;
    double *distance = malloc((size_t)(axis->n - 1) * sizeof *distance);
    if (!distance)
        return false;
    for (int k = 1; k < axis->n; k++)
        distance[k - 1] = along(axis, axis->at[k]) - along(axis, axis->at[k - 1]);
    qsort(distance, (size_t)axis->n - 1, sizeof *distance, by_size);
    *ret_reach = 0.5 * distance[(axis->n - 1) / 2];
    free(distance);
    return true;
}

/* Half way to a neighbour that is near, else as far as the reach. */
static double half_way(double distance, double reach)
{
    return distance > 4.0001 * reach ? reach : 0.5 * distance;
}

static void bounds(const struct heat_axis *axis, int k, double reach, double *ret_low, double *ret_high)
{
    double here = along(axis, axis->at[k]);
    if (!(reach > 0))
        reach = axis->log ? 0.5 : here != 0 ? 0.1 * fabs(here) : 0.5;
    *ret_low = here - (k > 0 ? half_way(here - along(axis, axis->at[k - 1]), reach) : reach);
    *ret_high = here + (k + 1 < axis->n ? half_way(along(axis, axis->at[k + 1]) - here, reach) : reach);
}

bool heat_axis_bounds(const struct heat_axis *axis, double *ret_low, double *ret_high)
{
    double reach;
    if (!find_reach(axis, &reach))
        return false;
    for (int k = 0; k < axis->n; k++) {
        bounds(axis, k, reach, &ret_low[k], &ret_high[k]);
        ret_low[k] = back(axis, ret_low[k]);
        ret_high[k] = back(axis, ret_high[k]);
    }
    return true;
}

/* The place that each of n pixels shows, from the low end to the high one. False: out of memory. */
static bool find_places(const struct heat_axis *axis, int n, int *place)
{
    double reach, first, last, low, high, ignored;
    int k = 0;
    if (!find_reach(axis, &reach))
        return false;
    bounds(axis, 0, reach, &first, &ignored);
    bounds(axis, axis->n - 1, reach, &ignored, &last);
    bounds(axis, 0, reach, &low, &high);
    for (int pixel = 0; pixel < n; pixel++) {
        double at = first + (pixel + 0.5) / n * (last - first);
        while (at >= high && k + 1 < axis->n)
            bounds(axis, ++k, reach, &low, &high);
        place[pixel] = at >= low && at < high ? k : -1;
    }
    return true;
}

/* --- layout --- */

bool heat_map_range(const struct heat_map *map, double *ret_low, double *ret_high)
{
    double low = INFINITY, high = -INFINITY;
    for (int k = 0; k < map->x.n * map->y.n; k++) {
        double value = map->value[k];
        if (isfinite(value) && (!map->log || value > 0)) {
            low = fmin(low, value);
            high = fmax(high, value);
        }
    }
    if (map->high > map->low) {
        low = map->low;
        high = map->high;
    }
    *ret_low = low;
    *ret_high = high;
    return isfinite(low) && (!map->log || low > 0);
}

static void write_number(double value, char *out, size_t size)
{
    if (fabs(value) >= 1000 && fabs(value) < 1e5) /* 2400, not 2.4e+03 */
        snprintf(out, size, "%.0f", value);
    else
        snprintf(out, size, "%.3g", value);
}

/* Does every place of y get a line of its own? Then its value stands there; else round values do. */
static bool each_has_line(const struct field *f)
{
    return f->map->y.n <= f->height;
}

static int widest_label(const struct heat_map *map)
{
    int most = map->y.label ? glyph_columns(map->y.label) : 0;
    for (int k = 0; k < map->y.n; k++) {
        char text[32];
        write_number(map->y.at[k], text, sizeof text);
        most = (int)strlen(text) > most ? (int)strlen(text) : most;
    }
    return most;
}

enum made { MADE, NOTHING_TO_SHOW, NO_MEMORY };

static enum made field_init(struct field *f, struct grid *grid, int x, int y, int width, int height, const struct heat_map *map)
{
    int left = widest_label(map) + 2, right = 2 + BAR + 1 + BAR_LABELS;
    *f = (struct field){.grid = grid, .map = map, .x = x, .y = y + 1, .width = width, .height = height - 1};
    if (map->x.n < 1 || map->y.n < 1 || width < 1 || height < 2 || !heat_map_range(map, &f->low, &f->high))
        return NOTHING_TO_SHOW;
    f->tall = map->colour && map->tier != GLYPH_ASCII ? 2 : 1;
    if (f->width - left >= LEAST_FIELD) {
        f->left = left;
        f->x += left;
        f->width -= left;
    }
    f->bar = f->width - right >= LEAST_FIELD && f->height >= 4;
    f->width -= f->bar ? right : 0;
    f->height -= f->height > LABELS_BELOW + 1 ? LABELS_BELOW : 0;
    f->column = malloc((size_t)f->width * sizeof *f->column);
    f->row = malloc((size_t)f->height * (size_t)f->tall * sizeof *f->row);
    int rows = f->height * f->tall;
    if (!f->column || !f->row || !find_places(&map->x, f->width, f->column) || !find_places(&map->y, rows, f->row)) {
        free(f->column);
        free(f->row);
        return NO_MEMORY;
    }
    for (int k = 0; k < rows / 2; k++) { /* from the top */
        int swap = f->row[k];
        f->row[k] = f->row[rows - 1 - k];
        f->row[rows - 1 - k] = swap;
    }
    return MADE;
}

static void field_done(struct field *f)
{
    free(f->column);
    free(f->row);
}

static double value_at(const struct field *f, int column, int row)
{
    if (column < 0 || row < 0)
        return NAN;
    return f->map->value[(size_t)row * (size_t)f->map->x.n + (size_t)column];
}

static int level_at(const struct field *f, int column, int row)
{
    return ramp_level(value_at(f, column, row), f->low, f->high, f->map->log);
}

/* --- the field --- */

static void put_pixels(struct grid *grid, int x, int y, int top, int bottom)
{
    if (top == bottom && top > 0)
        grid_put_levels(grid, x, y, ' ', ROLE_NORMAL, 0, top);
    else if (top > 0)
        grid_put_levels(grid, x, y, 0x2580, ROLE_NORMAL, top, bottom);
    else if (bottom > 0)
        grid_put_levels(grid, x, y, 0x2584, ROLE_NORMAL, bottom, 0);
}

static void put_glyph(struct grid *grid, int x, int y, int level)
{
    if (level > 0)
        grid_put(grid, x, y, (uint32_t)ramp_glyph(level), ROLE_NORMAL);
}

static void draw_field(const struct field *f)
{
    for (int row = 0; row < f->height; row++)
        for (int column = 0; column < f->width; column++) {
            int place = f->column[column], top = level_at(f, place, f->row[row * f->tall]);
            if (f->tall == 2)
                put_pixels(f->grid, f->x + column, f->y + row, top, level_at(f, place, f->row[2 * row + 1]));
            else
                put_glyph(f->grid, f->x + column, f->y + row, top);
        }
}

/* First pixel of a place and how many it has. */
static int find_run(const int *place, int n, int wanted, int *ret_length)
{
    int first = -1, length = 0;
    for (int k = 0; k < n; k++)
        if (place[k] == wanted) {
            first = first < 0 ? k : first;
            length++;
        }
    *ret_length = length;
    return first;
}

/* A line of cells that belongs to a place alone, near its middle; -1: there is none. */
static int own_line(const struct field *f, int place)
{
    int length, first = find_run(f->row, f->height * f->tall, place, &length);
    int begin = (first + f->tall - 1) / f->tall, end = (first + length) / f->tall;
    return first >= 0 && end > begin ? begin + (end - begin - 1) / 2 : -1;
}

/* All of them or none: single ones would look as if they were meant. */
static bool have_room(const struct field *f)
{
    for (int row = 0; row < f->map->y.n; row++) {
        if (own_line(f, row) < 0)
            return false;
        for (int column = 0; column < f->map->x.n; column++) {
            char text[32];
            int length;
            write_number(value_at(f, column, row), text, sizeof text);
            if (find_run(f->column, f->width, column, &length) < 0
                || (level_at(f, column, row) > 0 && (int)strlen(text) + 2 > length))
                return false;
        }
    }
    return true;
}

static void draw_numbers(const struct field *f)
{
    for (int row = 0; row < f->map->y.n; row++) {
        int line = own_line(f, row);
        for (int column = 0; column < f->map->x.n && line >= 0; column++) {
            char text[32];
            int length, first = find_run(f->column, f->width, column, &length), level = level_at(f, column, row);
            write_number(value_at(f, column, row), text, sizeof text);
            int room = (int)strlen(text), at = f->x + first + (length - room) / 2;
            if (level == 0)
                continue;
            if (f->tall == 1)
                grid_text(f->grid, at - 1, f->y + line, 1, ROLE_NORMAL, " ");
            for (int k = 0; k < room; k++)
                if (f->tall == 2)
                    grid_put_levels(f->grid, at + k, f->y + line, (uint32_t)text[k], ROLE_NORMAL, ramp_contrast(level), level);
                else
                    grid_put(f->grid, at + k, f->y + line, (uint32_t)text[k], ROLE_NORMAL);
            if (f->tall == 1)
                grid_text(f->grid, at + room, f->y + line, 1, ROLE_NORMAL, " ");
        }
    }
}

static void draw_cursor(const struct field *f)
{
    int across, down;
    int column = find_run(f->column, f->width, f->map->cursor_x, &across), row = find_run(f->row, f->height * f->tall, f->map->cursor_y, &down);
    if (f->map->cursor_x < 0 || f->map->cursor_y < 0 || column < 0 || row < 0)
        return;
    int x = f->x + column + across / 2, y = f->y + (row + down / 2) / f->tall, level = level_at(f, f->map->cursor_x, f->map->cursor_y);
    uint32_t mark = f->map->tier == GLYPH_ASCII ? '+' : 0x253c;
    if (f->tall == 2 && level > 0)
        grid_put_levels(f->grid, x, y, mark, ROLE_CURSOR, ramp_contrast(level), level);
    else
        grid_put(f->grid, x, y, mark, ROLE_CURSOR);
    grid_put(f->grid, x, f->y + f->height, f->map->tier == GLYPH_ASCII ? '^' : 0x25b2, ROLE_CURSOR);
    grid_put(f->grid, f->x - 1, y, f->map->tier == GLYPH_ASCII ? '>' : 0x25b6, ROLE_CURSOR);
}

/* --- what stands around it --- */

static void draw_y_axis(const struct field *f)
{
    bool ascii = f->map->tier == GLYPH_ASCII;
    if (f->left == 0)
        return;
    for (int row = 0; row < f->height; row++)
        grid_put(f->grid, f->x - 1, f->y + row, ascii ? '|' : 0x2502, ROLE_AXIS);
    for (int k = 0, last = -1; k < f->map->y.n; k++) {
        char text[32];
        int length, first = find_run(f->row, f->height * f->tall, k, &length), line = own_line(f, k);
        line = line >= 0 ? line : (first + length / 2) / f->tall;
        if (first < 0 || line == last || (!each_has_line(f) && last >= 0 && last - line < 3))
            continue;
        last = line;
        write_number(f->map->y.at[k], text, sizeof text);
        grid_put(f->grid, f->x - 1, f->y + line, ascii ? '+' : 0x2524, ROLE_AXIS);
        grid_text(f->grid, f->x - 1 - (int)strlen(text), f->y + line, f->left, ROLE_AXIS, text);
    }
    if (f->map->y.label)
        grid_text(f->grid, f->x - 1 - glyph_columns(f->map->y.label), f->y - 1, f->left, ROLE_AXIS, f->map->y.label);
}

static void draw_x_axis(const struct field *f)
{
    bool ascii = f->map->tier == GLYPH_ASCII;
    int line = f->y + f->height, right = f->x + f->width, room = f->map->x.label ? glyph_columns(f->map->x.label) : 0, end = f->x - 2;
    int limit = f->bar || room >= f->width - LEAST_FIELD ? right : right - room - 1; /* the label may stand under the bar */
    grid_put(f->grid, f->x - 1, line, ascii ? '+' : 0x2514, ROLE_AXIS);
    grid_fill(f->grid, f->x, line, f->width, 1, ascii ? '-' : 0x2500, ROLE_AXIS);
    for (int k = 0; k < f->map->x.n; k++) {
        char text[32];
        int length, first = find_run(f->column, f->width, k, &length);
        write_number(f->map->x.at[k], text, sizeof text);
        int middle = f->x + first + (length - 1) / 2, at = middle - ((int)strlen(text) - 1) / 2;
        if (first < 0)
            continue;
        grid_put(f->grid, middle, line, ascii ? '+' : 0x2534, ROLE_AXIS);
        if (at <= end || at + (int)strlen(text) > limit + (f->bar ? 1 : 0))
            continue;
        grid_text(f->grid, at, line + 1, (int)strlen(text), ROLE_AXIS, text);
        end = at + (int)strlen(text);
    }
    if (room > 0 && f->bar)
        grid_text(f->grid, (end > right ? end : right) + 1, line + 1, BAR + BAR_LABELS, ROLE_AXIS, f->map->x.label);
    else if (limit < right)
        grid_text(f->grid, right - room, line + 1, room, ROLE_AXIS, f->map->x.label);
}

static double bar_value(const struct field *f, double share)
{
    return f->map->log ? f->low * pow(f->high / f->low, share) : f->low + share * (f->high - f->low);
}

/* Values that lie beyond an end of the ramp. */
static bool clipped(const struct field *f, bool above)
{
    for (int k = 0; k < f->map->x.n * f->map->y.n; k++)
        if (above ? f->map->value[k] > f->high : f->map->value[k] < f->low)
            return true;
    return false;
}

static void draw_bar(const struct field *f)
{
    bool ascii = f->map->tier == GLYPH_ASCII, flat = !(f->high > f->low);
    int x = f->x + f->width + 2, n = f->height * f->tall;
    for (int row = 0; row < f->height; row++) {
        int level[2] = {0, 0};
        for (int half = 0; half < f->tall; half++) {
            int pixel = row * f->tall + half;
            level[half] = flat ? (RAMP_LEVELS + 1) / 2 : RAMP_LEVELS - pixel * RAMP_LEVELS / n;
        }
        for (int column = 0; column < BAR; column++)
            if (f->tall == 2)
                put_pixels(f->grid, x + column, f->y + row, level[0], level[1]);
            else
                put_glyph(f->grid, x + column, f->y + row, level[0]);
    }
    int labels = flat ? 1 : f->height >= 9 ? 5 : f->height >= 5 ? 3 : 2;
    for (int k = 0; k < labels; k++) {
        char text[32];
        double share = labels > 1 ? (double)k / (labels - 1) : 0.5;
        write_number(bar_value(f, share), text, sizeof text);
        grid_text(f->grid, x + BAR + 1, f->y + f->height - 1 - (int)lround(share * (f->height - 1)), BAR_LABELS, ROLE_AXIS, text);
    }
    if (clipped(f, true))
        grid_put(f->grid, x + BAR, f->y, ascii ? '^' : 0x25b2, ROLE_WARN);
    if (clipped(f, false))
        grid_put(f->grid, x + BAR, f->y + f->height - 1, ascii ? 'v' : 0x25bc, ROLE_WARN);
}

void heat_map_draw(struct grid *grid, int x, int y, int width, int height, const struct heat_map *map)
{
    struct field f;
    if (width < 1 || height < 1)
        return;
    if (map->label)
        grid_text(grid, x + (widest_label(map) + 2 < width ? widest_label(map) + 2 : 0), y, width, ROLE_TITLE, map->label);
    enum made made = field_init(&f, grid, x, y, width, height, map);
    grid->failed = grid->failed || made == NO_MEMORY;
    if (made == NOTHING_TO_SHOW && height > 1)
        grid_text(grid, x, y + 1, width, ROLE_DIM, "nothing to show");
    if (made != MADE)
        return;
    draw_field(&f);
    if (map->numbers && have_room(&f))
        draw_numbers(&f);
    draw_y_axis(&f);
    if (height - 1 > LABELS_BELOW + 1)
        draw_x_axis(&f);
    if (f.bar)
        draw_bar(&f);
    draw_cursor(&f);
    field_done(&f);
}

bool heat_map_at(int x, int y, int width, int height, const struct heat_map *map, int cell_x, int cell_y, int *ret_x, int *ret_y)
{
    struct field f;
    if (field_init(&f, NULL, x, y, width, height, map) != MADE)
        return false;
    bool inside = cell_x >= f.x && cell_x < f.x + f.width && cell_y >= f.y && cell_y < f.y + f.height;
    int column = inside ? f.column[cell_x - f.x] : -1, row = inside ? f.row[(cell_y - f.y) * f.tall] : -1;
    field_done(&f);
    if (column < 0 || row < 0)
        return false;
    *ret_x = column;
    *ret_y = row;
    return true;
}
