/* Cells to bytes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/glyph.h"

/* --- cells as numbers, so that equal ones look equal --- */

/* Glyph in the low half; look above: attribute, front + 1, back + 1. */
#define PACK_ATTRIBUTE 32
#define PACK_FRONT 40
#define PACK_BACK 50
#define PACK_COLOUR 0x3ffu
#define BLANK ((uint64_t)' ')

static uint64_t pack(uint32_t glyph, struct wire_look look)
{
    return glyph | (uint64_t)look.attribute << PACK_ATTRIBUTE | (uint64_t)(look.front + 1) << PACK_FRONT
           | (uint64_t)(look.back + 1) << PACK_BACK;
}

static uint32_t glyph_of(uint64_t cell)
{
    return (uint32_t)cell;
}

static uint64_t look_bits(uint64_t cell)
{
    return cell >> PACK_ATTRIBUTE;
}

static struct wire_look look_of(uint64_t cell)
{
    return (struct wire_look){(short)((int)(cell >> PACK_FRONT & PACK_COLOUR) - 1), (short)((int)(cell >> PACK_BACK & PACK_COLOUR) - 1),
                               (unsigned char)(cell >> PACK_ATTRIBUTE)};
}

/* Of a blank only its ground is seen: in this look it is as good as in any other with that ground. */
static uint64_t pack_cell(const struct wire_terminal *terminal, const struct wire_palette *palette, struct cell cell)
{
    struct wire_look look = palette->role[cell.role < ROLE_COUNT ? cell.role : ROLE_NORMAL];
    if (palette->ramp && (cell.front || cell.back)) {
        look.front = palette->level[cell.front % (RAMP_LEVELS + 1)];
        look.back = palette->level[cell.back % (RAMP_LEVELS + 1)];
    }
    look.attribute &= (unsigned char)terminal->attributes;
    if (cell.glyph == ' ' && !(look.attribute & (THEME_REVERSE | THEME_UNDERLINE))) {
        look.front = -1;
        look.attribute = 0;
    }
    return pack(cell.glyph, look);
}

/* --- the pen --- */

struct pen {
    const struct wire_terminal *terminal;
    struct print_buffer *out;
    struct wire_look look;
    int x, y; /* x < 0: nobody knows where */
};

static int format_sequence(char *out, size_t size, int number, char final)
{
    return number == 1 && final != 'G' ? snprintf(out, size, "\033[%c", final) : snprintf(out, size, "\033[%d%c", number, final);
}

static void put_sequence(struct print_buffer *out, int number, char final)
{
    char text[24];
    print_bytes(out, text, (size_t)format_sequence(text, sizeof text, number, final));
}

/* The shortest way along a row; returns its bytes, -1: there is none but CUP. */
static int go_along(const struct wire_terminal *terminal, int from, int to, char out[24])
{
    char column[24];
    int n = -1, n_column;
    if (from == to || to == 0)
        return snprintf(out, 24, "%s", from == to ? "" : "\r");
    if (to < from && from - to <= 3)
        return snprintf(out, 24, "%.*s", from - to, "\b\b\b");
    if (to > from ? terminal->forward : terminal->backward)
        n = format_sequence(out, 24, abs(to - from), to > from ? 'C' : 'D');
    if (!terminal->column)
        return n;
    n_column = format_sequence(column, sizeof column, to + 1, 'G');
    if (n >= 0 && n <= n_column)
        return n;
    memcpy(out, column, sizeof column);
    return n_column;
}

enum { MOST_MOVE = 40 };

/* The shortest way from one cell to another, from_x < 0: from anywhere; returns its bytes. */
static int format_move(const struct wire_terminal *terminal, int from_x, int from_y, int x, int y, char out[MOST_MOVE])
{
    enum { MOST_DOWN = 4 };
    char along[24] = "";
    int n_cup = snprintf(out, MOST_MOVE, "\033[%d;%dH", y + 1, x + 1);
    int down = y - from_y, n_along = from_x < 0 ? -1 : go_along(terminal, from_x, x, along);
    if (n_along >= 0 && (down == 0 || (down > 0 && down <= MOST_DOWN && terminal->down)) && n_along + down < n_cup)
        return snprintf(out, MOST_MOVE, "%.*s%s", down, "\n\n\n\n", along);
    if (from_x == x && terminal->row)
        return format_sequence(out, MOST_MOVE, y + 1, 'd');
    return n_cup;
}

void wire_move(const struct wire_terminal *terminal, int from_x, int from_y, int x, int y, struct print_buffer *out)
{
    char text[MOST_MOVE];
    print_bytes(out, text, (size_t)format_move(terminal, from_x, from_y, x, y, text));
}

static void go_to(struct pen *pen, int x, int y)
{
    wire_move(pen->terminal, pen->x, pen->y, x, y, pen->out);
    pen->x = x;
    pen->y = y;
}

/* Appends a parameter to those of one SGR. */
static void add_parameter(char *list, size_t size, const char *parameter)
{
    size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%s", used ? ";" : "", parameter);
}

static void add_attributes(char *list, size_t size, unsigned attributes)
{
    static const struct {
        unsigned attribute;
        const char *parameter;
    } all[] = {{THEME_BOLD, "1"}, {THEME_DIM, "2"}, {THEME_UNDERLINE, "4"}, {THEME_REVERSE, "7"}};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (attributes & all[k].attribute)
            add_parameter(list, size, all[k].parameter);
}

/* From one look to another by the parameters that differ; what can only be taken away goes by a reset. */
static void take_look(struct pen *pen, struct wire_look want)
{
    const struct wire_terminal *terminal = pen->terminal;
    struct wire_look *has = &pen->look;
    char list[64] = "";
    bool front_ends = want.front < 0 && has->front >= 0, back_ends = want.back < 0 && has->back >= 0;
    if (has->front == want.front && has->back == want.back && has->attribute == want.attribute)
        return;
    bool plain = want.front < 0 && want.back < 0 && want.attribute == 0;
    if (plain) {
        print_bytes(pen->out, "\033[m", 3);
        *has = want;
        return;
    }
    if ((has->attribute & ~want.attribute) || ((front_ends || back_ends) && !terminal->own_colours)) {
        add_parameter(list, sizeof list, "0");
        *has = (struct wire_look){-1, -1, 0};
        front_ends = back_ends = false;
    }
    add_attributes(list, sizeof list, want.attribute & ~(unsigned)has->attribute);
    if (front_ends)
        add_parameter(list, sizeof list, "39");
    else if (want.front != has->front)
        add_parameter(list, sizeof list, terminal->front[want.front]);
    if (back_ends)
        add_parameter(list, sizeof list, "49");
    else if (want.back != has->back)
        add_parameter(list, sizeof list, terminal->back[want.back]);
    print_bytes(pen->out, "\033[", 2);
    print_bytes(pen->out, list, strlen(list));
    print_bytes(pen->out, "m", 1);
    *has = want;
}

/* --- rows --- */

struct row {
    struct pen *pen;
    const uint64_t *now;    /* [width] */
    unsigned char *changed; /* [width] */
    int y, width;
};

static bool is_plain_blank(uint64_t cell)
{
    return cell == BLANK;
}

/* Blanks in plain ground are not seen to have a colour: may this pen write them? */
static bool can_write_blank(const struct pen *pen)
{
    return pen->look.back < 0 && !(pen->look.attribute & (THEME_REVERSE | THEME_UNDERLINE));
}

/* Writes cell x, and what follows of it if it is wide; the pen has the right look and place. Behind the last column no terminal
 * agrees with another about where the cursor is. */
static int write_cell(struct row *row, int x)
{
    char text[8];
    uint64_t cell = row->now[x];
    int columns = x + 1 < row->width && glyph_of(row->now[x + 1]) == 0 ? 2 : 1;
    print_bytes(row->pen->out, text, (size_t)glyph_encode(glyph_of(cell), text));
    memset(row->changed + x, 0, (size_t)columns);
    row->pen->x = x + columns < row->width ? x + columns : -1;
    return columns;
}

/* How many cells from x on are the same ASCII character, all of them to be written. */
static int count_same(const struct row *row, int x)
{
    int n = 1;
    uint32_t glyph = glyph_of(row->now[x]);
    while (glyph < 127 && x + n < row->width && row->now[x + n] == row->now[x] && row->changed[x + n])
        n++;
    return n;
}

/* Writes cell x, or a run of equal ones; returns the cell after it. */
static int write_on(struct row *row, int x)
{
    enum { LEAST_REPEAT = 6 };
    int same = row->pen->terminal->repeat ? count_same(row, x) : 1;
    if (same < LEAST_REPEAT)
        return x + write_cell(row, x);
    write_cell(row, x);
    put_sequence(row->pen->out, same - 1, 'b');
    memset(row->changed + x, 0, (size_t)same);
    row->pen->x = x + same < row->width ? x + same : -1;
    return x + same;
}

/* From the place of the pen to x: over a few cells it is cheaper to write than to jump: those that look as the pen does and blanks as they
 * are, and blanks where another look is still to come. */
static void cross_to(struct row *row, int x, uint64_t look)
{
    struct pen *pen = row->pen;
    char move[MOST_MOVE];
    int jump = format_move(pen->terminal, pen->x, pen->y, x, row->y, move), bytes = 0;
    bool cheap = pen->x >= 0 && pen->y == row->y && pen->x < x;
    for (int k = pen->x; cheap && k < x; k++) {
        uint64_t cell = row->now[k];
        bool blank = is_plain_blank(cell), later = row->changed[k] && !blank, same = look_bits(cell) == look && glyph_of(cell) > ' ';
        bytes += row->changed[k] && blank ? 0 : later || glyph_of(cell) < 127 ? 1 : 3;
        cheap = (blank ? can_write_blank(pen) : later || (same && glyph_of(row->now[k + 1]) != 0)) && bytes < jump;
    }
    if (!cheap) {
        print_bytes(pen->out, move, (size_t)jump);
        pen->x = x;
        pen->y = row->y;
        return;
    }
    while (pen->x < x) {
        if (row->changed[pen->x] && !is_plain_blank(row->now[pen->x])) {
            print_bytes(pen->out, " ", 1);
            pen->x++;
        } else
            write_cell(row, pen->x);
    }
}

/* A few blanks behind what was just written are written at once: to come back for them would cost more. */
static int write_blanks_behind(struct row *row, int x)
{
    enum { MOST = 6 };
    int n = 0;
    while (x + n < row->width && n <= MOST && row->changed[x + n] && is_plain_blank(row->now[x + n]))
        n++;
    if (n > MOST || row->pen->x != x || !can_write_blank(row->pen))
        return x;
    for (int k = 0; k < n; k++)
        write_cell(row, x + k);
    return x + n;
}

static bool is_due(const struct row *row, int x)
{
    return row->changed[x] && glyph_of(row->now[x]) != 0 && !is_plain_blank(row->now[x]);
}

/* All cells of the row that are to be written in one look, and the blanks between them. */
static void write_look(struct row *row, uint64_t look)
{
    for (int x = 0; x < row->width;) {
        if (!is_due(row, x) || look_bits(row->now[x]) != look) {
            x++;
            continue;
        }
        take_look(row->pen, look_of(row->now[x]));
        cross_to(row, x, look);
        x = write_blanks_behind(row, write_on(row, x));
    }
}

/* The blanks from x on, up to the last one that is to be written; over more than `most` others a jump is cheaper. */
static int count_blanks(const struct row *row, int x, int most)
{
    int n = 0, idle = 0;
    for (int k = x; k < row->width && is_plain_blank(row->now[k]) && idle <= most; k++) {
        idle = row->changed[k] ? 0 : idle + 1;
        n = row->changed[k] ? k + 1 - x : n;
    }
    return n;
}

/* Blanks that are left: erased where there are many, else written. */
static void write_blanks(struct row *row)
{
    enum { JUMP = 4 };
    const struct wire_terminal *terminal = row->pen->terminal;
    int end = row->width;
    while (end > 0 && is_plain_blank(row->now[end - 1]))
        end--;
    for (int x = 0; x < row->width; x++) {
        if (!row->changed[x])
            continue;
        int n = count_blanks(row, x, terminal->erase ? row->width : JUMP);
        bool rest = x >= end && terminal->erase_line && row->width - x > 3;
        if (!can_write_blank(row->pen))
            take_look(row->pen, (struct wire_look){-1, -1, 0});
        go_to(row->pen, x, row->y);
        if (rest)
            print_bytes(row->pen->out, "\033[K", 3);
        else if (n > JUMP && terminal->erase)
            put_sequence(row->pen->out, n, 'X');
        else
            for (int k = 0; k < n; k++)
                write_cell(row, x + k);
        memset(row->changed + x, 0, (size_t)(rest ? row->width - x : n));
    }
}

/* --- pictures --- */

/* A picture on its way: that of `wire`, through one pen. */
struct way {
    struct wire *wire;
    struct pen pen;
};

static struct row row_of(struct way *way, int y)
{
    size_t first = (size_t)y * (size_t)way->wire->width;
    return (struct row){&way->pen, way->wire->now + first, way->wire->changed + first, y, way->wire->width};
}

/* Which cells of a row differ. Of wide glyphs, old and new, both halves are one. */
static void find_changes(struct row *row, const uint64_t *before)
{
    for (int x = 0; x < row->width; x++)
        row->changed[x] = before[x] != row->now[x];
    for (int x = 1; x < row->width; x++)
        if ((glyph_of(before[x]) == 0 || glyph_of(row->now[x]) == 0) && (row->changed[x] || row->changed[x - 1]))
            row->changed[x] = row->changed[x - 1] = 1;
}

/* One look after the other, in the order in which they are met. */
static void write_glyphs(struct way *way)
{
    for (int y = 0; y < way->wire->height; y++) {
        struct row here = row_of(way, y);
        for (int x = 0; x < here.width; x++) {
            if (!is_due(&here, x))
                continue;
            uint64_t look = look_bits(here.now[x]);
            for (int below = y; below < way->wire->height; below++) {
                struct row row = row_of(way, below);
                write_look(&row, look);
            }
        }
    }
}

static int count_changed(const struct wire *wire)
{
    int changed = 0;
    for (size_t k = 0; k < (size_t)wire->width * (size_t)wire->height; k++)
        changed += wire->changed[k];
    return changed;
}

/* From `shown`, or from an empty screen, to `now`; returns how many cells that took. */
static int send_picture(struct wire *wire, const struct wire_terminal *terminal, bool from_empty, struct print_buffer *out)
{
    struct way way = {wire, {.terminal = terminal, .out = out, .look = {-1, -1, 0}, .x = -1, .y = -1}};
    uint64_t *empty = from_empty ? wire->shown : NULL;
    for (size_t k = 0; empty && k < (size_t)wire->width * (size_t)wire->height; k++)
        empty[k] = BLANK;
    for (int y = 0; y < wire->height; y++) {
        struct row row = row_of(&way, y);
        find_changes(&row, wire->shown + (size_t)y * (size_t)wire->width);
    }
    if (!terminal->last_cell)
        wire->changed[(size_t)wire->width * (size_t)wire->height - 1] = 0;
    const int sent = count_changed(wire);
    write_glyphs(&way);
    for (int y = 0; y < wire->height; y++) {
        struct row row = row_of(&way, y);
        write_blanks(&row);
    }
    take_look(&way.pen, (struct wire_look){-1, -1, 0});
    return sent;
}

/* --- rows that only move --- */

/* Rows first ... last, moved up by `by`, or down if that is negative. */
struct shift {
    int first, last, by;
    int gain; /* cells that need not be sent for it */
};

static int count_differences(const uint64_t *a, const uint64_t *b, int n)
{
    int differences = 0;
    for (int k = 0; k < n; k++)
        differences += a[k] != b[k];
    return differences;
}

static int count_glyphs(const uint64_t *row, int n)
{
    int glyphs = 0;
    for (int k = 0; k < n; k++)
        glyphs += row[k] != BLANK;
    return glyphs;
}

/* The best stretch of rows for a move by so many. What is gained is summed up over the rows that find what they want `by` rows further
 * on; a stretch whose sum falls below nothing begins anew behind it. */
static struct shift best_stretch(const struct wire *wire, const int *as_it_is, int by)
{
    struct shift best = {0}, here = {.by = by};
    const int width = wire->width, n = abs(by);
    for (int y = by < 0 ? n : 0; y < wire->height - (by > 0 ? n : 0); y++) {
        const uint64_t *now = wire->now + (size_t)y * (size_t)width, *from = wire->shown + (size_t)(y + by) * (size_t)width;
        if (here.gain <= 0)
            here = (struct shift){.first = by < 0 ? y - n : y, .by = by};
        here.gain += as_it_is[y] - count_differences(now, from, width);
        here.last = by > 0 ? y + n : y;
        if (here.gain > best.gain)
            best = here;
    }
    /* The rows that are blank then. */
    for (int k = 0; k < n && best.gain > 0; k++) {
        int y = by > 0 ? best.last - k : best.first + k;
        best.gain += as_it_is[y] - count_glyphs(wire->now + (size_t)y * (size_t)width, width);
    }
    return best;
}

/* What the terminal can be told to move instead of being sent again: a table or a text that scrolls. */
static struct shift find_shift(const struct wire *wire)
{
    enum { MOST_BY = 3, MOST_ROWS = 512, LEAST_GAIN = 40 };
    static const int by[] = {1, -1, 2, -2, MOST_BY, -MOST_BY};
    struct shift best = {.gain = LEAST_GAIN};
    int as_it_is[MOST_ROWS], sum = 0;
    if (wire->height > MOST_ROWS || wire->height <= 2 * MOST_BY)
        return (struct shift){0};
    for (int y = 0; y < wire->height; y++) {
        size_t first = (size_t)y * (size_t)wire->width;
        sum += as_it_is[y] = count_differences(wire->now + first, wire->shown + first, wire->width);
    }
    for (size_t k = 0; sum > LEAST_GAIN && k < sizeof by / sizeof *by; k++) {
        struct shift shift = best_stretch(wire, as_it_is, by[k]);
        if (shift.gain > best.gain)
            best = shift;
    }
    return best.by ? best : (struct shift){0};
}

static void shift_rows(struct wire *wire, struct shift shift, struct print_buffer *out)
{
    const size_t width = (size_t)wire->width, n = (size_t)abs(shift.by), rows = (size_t)(shift.last - shift.first + 1);
    uint64_t *top = wire->shown + (size_t)shift.first * width, *blank = shift.by > 0 ? top + (rows - n) * width : top;
    char text[40];
    int length = snprintf(text, sizeof text, "\033[%d;%dr", shift.first + 1, shift.last + 1);
    print_bytes(out, text, (size_t)length);
    put_sequence(out, abs(shift.by), shift.by > 0 ? 'S' : 'T');
    print_bytes(out, "\033[r", 3);
    memmove(shift.by > 0 ? top : top + n * width, shift.by > 0 ? top + n * width : top, (rows - n) * width * sizeof *top);
    for (size_t k = 0; k < n * width; k++)
        blank[k] = BLANK;
}

bool wire_cleared(struct wire *wire, int width, int height)
{
    size_t n = (size_t)width * (size_t)height;
    struct wire made = {.width = width, .height = height, .shown = malloc((n + 1) * sizeof *made.shown),
                         .now = malloc((n + 1) * sizeof *made.now), .changed = malloc(n + 1)};
    wire_done(wire);
    if (!made.shown || !made.now || !made.changed) {
        wire_done(&made);
        return false;
    }
    for (size_t k = 0; k < n; k++)
        made.shown[k] = BLANK;
    *wire = made;
    return true;
}

/* Below that nobody minds; above it, is it less to begin with an empty screen? */
#define MANY_BYTES 4096

void wire_grid(struct wire *wire, const struct wire_terminal *terminal, const struct wire_palette *palette, const struct grid *grid,
                struct print_buffer *out)
{
    size_t n = (size_t)wire->width * (size_t)wire->height, before = out->length;
    wire->sent = 0;
    if (grid->width != wire->width || grid->height != wire->height || n == 0)
        return;
    for (size_t k = 0; k < n; k++)
        wire->now[k] = pack_cell(terminal, palette, grid->cell[k]);
    /* Where the last cell stays as it is, nobody knows what would be moved. */
    struct shift shift = terminal->scroll && terminal->last_cell ? find_shift(wire) : (struct shift){0};
    if (shift.by)
        shift_rows(wire, shift, out);
    wire->sent = send_picture(wire, terminal, false, out);
    if (terminal->clear && out->length - before > MANY_BYTES) {
        wire->again.length = 0;
        print_bytes(&wire->again, terminal->clear, strlen(terminal->clear));
        const int sent = send_picture(wire, terminal, true, &wire->again);
        if (!wire->again.failed && wire->again.length < 0.95 * (double)(out->length - before)) {
            out->length = before;
            print_bytes(out, wire->again.data, wire->again.length);
            wire->sent = sent;
        }
    }
    uint64_t *shown = wire->shown;
    wire->shown = wire->now;
    wire->now = shown;
}

void wire_done(struct wire *wire)
{
    free(wire->shown);
    free(wire->now);
    free(wire->changed);
    print_buffer_done(&wire->again);
    *wire = (struct wire){0};
}
