/* A picture sent is the picture seen, on terminals of every kind; and few bytes are sent. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "tui/wire.h"
#include "view/glyph.h"

/* --- a terminal: what ECMA-48 says of the sequences that a wire_terminal may ask for, and nothing else --- */

enum { WIDTH = 37, HEIGHT = 9, CELLS = WIDTH * HEIGHT };

struct seen {
    uint32_t glyph;
    struct wire_look look;
};

struct screen {
    struct seen cell[CELLS];
    struct wire_look pen;
    uint32_t last;
    int x, y;
    int top, bottom; /* the margins */
    bool waits; /* behind the last column: where the cursor is depends on the terminal */
};

static void screen_erase(struct screen *screen, int x, int y, int n)
{
    for (int k = 0; k < n && x + k < WIDTH; k++)
        screen->cell[y * WIDTH + x + k] = (struct seen){' ', {-1, screen->pen.back, 0}};
}

static void screen_clear(struct screen *screen)
{
    for (int y = 0; y < HEIGHT; y++)
        screen_erase(screen, 0, y, WIDTH);
}

static void screen_scroll(struct screen *screen, int by)
{
    for (; by != 0; by += by > 0 ? -1 : 1) {
        struct seen *top = &screen->cell[screen->top * WIDTH], *bottom = &screen->cell[screen->bottom * WIDTH];
        memmove(by > 0 ? top : top + WIDTH, by > 0 ? top + WIDTH : top, (size_t)(bottom - top) * sizeof *top);
        screen_erase(screen, 0, by > 0 ? screen->bottom : screen->top, WIDTH);
    }
}

static void put_glyph(struct screen *screen, uint32_t glyph)
{
    int columns = glyph_width(glyph);
    assert_false(screen->waits); /* that would wrap, or scroll */
    assert_true(screen->x + columns <= WIDTH && screen->y < HEIGHT);
    struct seen *at = &screen->cell[screen->y * WIDTH + screen->x];
    if (at->glyph == 0) /* half a wide one goes with the other half */
        at[-1].glyph = ' ';
    if (screen->x + columns < WIDTH && at[columns].glyph == 0)
        at[columns].glyph = ' ';
    at[0] = (struct seen){glyph, screen->pen};
    if (columns == 2)
        at[1] = (struct seen){0, screen->pen};
    screen->last = glyph;
    screen->x += columns;
    screen->waits = screen->x == WIDTH;
}

static void take_sgr(struct screen *screen, const int *number, int n)
{
    for (int k = 0; k < n; k++) {
        static const unsigned char attribute[] = {[1] = THEME_BOLD, [2] = THEME_DIM, [4] = THEME_UNDERLINE, [7] = THEME_REVERSE};
        int code = number[k];
        if (code == 0)
            screen->pen = (struct wire_look){-1, -1, 0};
        else if (code < 8)
            screen->pen.attribute |= attribute[code];
        else if (code == 38 || code == 48) {
            assert_true(k + 2 < n && number[k + 1] == 5);
            *(code == 38 ? &screen->pen.front : &screen->pen.back) = (short)number[k + 2];
            k += 2;
        } else if (code == 39 || code == 49)
            *(code == 39 ? &screen->pen.front : &screen->pen.back) = -1;
        else
            fail_msg("SGR %d", code);
    }
}

static const char *take_sequence(struct screen *screen, const struct wire_terminal *terminal, const char *text)
{
    int number[16] = {0}, n = 1;
    while ((*text >= '0' && *text <= '9') || *text == ';') {
        if (*text == ';')
            assert_true(++n <= 16);
        else
            number[n - 1] = 10 * number[n - 1] + *text - '0';
        text++;
    }
    int count = number[0] ? number[0] : 1;
    bool placed = screen->waits;
    screen->waits = false;
    switch (*text) {
    case 'H':
        screen->y = (n > 1 || number[0] ? count : 1) - 1;
        screen->x = n > 1 && number[1] ? number[1] - 1 : 0;
        break;
    case 'C':
        assert_true(terminal->forward && !placed);
        screen->x += count;
        break;
    case 'D':
        assert_true(terminal->backward && !placed);
        screen->x -= count;
        break;
    case 'G':
        assert_true(terminal->column);
        screen->x = count - 1;
        break;
    case 'd':
        assert_true(terminal->row && !placed);
        screen->y = count - 1;
        break;
    case 'X':
        assert_true(terminal->erase && !placed);
        screen_erase(screen, screen->x, screen->y, count);
        break;
    case 'K':
        assert_true(terminal->erase_line && !placed && number[0] == 0);
        screen_erase(screen, screen->x, screen->y, WIDTH - screen->x);
        break;
    case 'J':
        assert_true(terminal->clear && number[0] == 2);
        screen_clear(screen);
        break;
    case 'b':
        assert_true(terminal->repeat && screen->last < 127 && !placed);
        for (int k = 0; k < count; k++)
            put_glyph(screen, screen->last);
        break;
    case 'r':
        assert_true(terminal->scroll);
        screen->top = count - 1;
        screen->bottom = n > 1 ? number[1] - 1 : HEIGHT - 1;
        screen->x = screen->y = 0;
        break;
    case 'S':
    case 'T':
        assert_true(terminal->scroll);
        screen_scroll(screen, *text == 'S' ? count : -count);
        break;
    case 'm':
        screen->waits = placed;
        take_sgr(screen, number, n);
        break;
    default:
        fail_msg("CSI %c", *text);
    }
    assert_in_range(screen->x, 0, WIDTH);
    assert_in_range(screen->y, 0, HEIGHT - 1);
    return text + 1;
}

static void screen_feed(struct screen *screen, const struct wire_terminal *terminal, const struct print_buffer *out)
{
    const char *text = out->data, *end = text + out->length;
    while (text < end) {
        uint32_t glyph;
        if (*text == '\033') {
            assert_true(text[1] == '[');
            text = take_sequence(screen, terminal, text + 2);
        } else if (*text == '\b' || *text == '\r' || *text == '\n') {
            assert_true(!screen->waits && (*text != '\n' || (terminal->down && screen->y + 1 < HEIGHT)));
            screen->x = *text == '\r' ? 0 : screen->x - (*text == '\b');
            screen->y += *text == '\n';
            assert_true(screen->x >= 0);
            text++;
        } else {
            text += glyph_decode(text, &glyph);
            put_glyph(screen, glyph);
        }
    }
}

/* --- what is to be seen --- */

static void make_palette(struct wire_palette *palette, struct rng *seed)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        palette->role[role] = (struct wire_look){(short)(role % 3 ? 30 + role : -1), -1, (unsigned char)(rng_next(seed) % 16)};
    palette->role[ROLE_NORMAL] = (struct wire_look){-1, -1, 0};
    palette->ramp = true;
    for (int level = 0; level <= RAMP_LEVELS; level++)
        palette->level[level] = (short)(level ? 50 + level : -1);
}

static void make_terminal(struct wire_terminal *terminal, struct rng *seed)
{
    uint64_t bits = rng_next(seed);
    *terminal = (struct wire_terminal){.forward = bits & 1, .column = bits & 2, .row = bits & 4, .down = bits & 8, .erase = bits & 16,
                                        .erase_line = bits & 32, .repeat = bits & 64, .own_colours = bits & 128, .last_cell = bits & 256,
                                        .clear = bits & 512 ? "\033[H\033[2J" : NULL,
                                        .backward = bits & 2048, .scroll = bits & 4096,
                                        .attributes = bits & 1024 ? 15 : THEME_BOLD | THEME_REVERSE};
    for (int k = 0; k < WIRE_COLOURS; k++) {
        snprintf(terminal->front[k], sizeof terminal->front[k], "38;5;%d", k);
        snprintf(terminal->back[k], sizeof terminal->back[k], "48;5;%d", k);
    }
}

/* Something like a picture: stretches of equal looks, blanks, lines, wide glyphs. */
static void change_grid(struct grid *grid, struct rng *seed)
{
    for (int n = (int)(rng_next(seed) % 40); n > 0; n--) {
        int x = (int)(rng_next(seed) % WIDTH), y = (int)(rng_next(seed) % HEIGHT), length = 1 + (int)(rng_next(seed) % 20);
        enum role role = (enum role)(rng_next(seed) % ROLE_COUNT);
        switch (rng_next(seed) % 7) {
        case 6: { /* some rows move */
            int rows = HEIGHT - y - 1 - (int)(rng_next(seed) % 3);
            struct cell *top = &grid->cell[y * WIDTH];
            if (rows > 0)
                memmove(n % 2 ? top : top + WIDTH, n % 2 ? top + WIDTH : top, (size_t)rows * WIDTH * sizeof *top);
            break;
        }
        case 0:
            grid_fill(grid, x, y, length, 1, ' ', rng_next(seed) % 2 ? ROLE_NORMAL : role);
            break;
        case 1:
            grid_fill(grid, x, y, length, 1, '-', role);
            break;
        case 2:
            grid_text(grid, x, y, length, role, "\u6f22a\u5b57 \u28ff\u2801b");
            break;
        case 3:
            for (int k = 0; k < length; k++)
                grid_put_levels(grid, x + k, y, rng_next(seed) % 3 ? 0x2580 : ' ', role, (int)(rng_next(seed) % 9), (int)(rng_next(seed) % 9));
            break;
        case 4:
            grid_fill(grid, 0, y, WIDTH, 1, ' ', ROLE_NORMAL);
            break;
        default:
            for (int k = 0; k < length; k++)
                grid_put(grid, x + k, y, 0x2800 + (uint32_t)(rng_next(seed) % 255), rng_next(seed) % 2 ? role : ROLE_AXIS);
        }
    }
}

static struct wire_look wanted_look(const struct wire_terminal *terminal, const struct wire_palette *palette, struct cell cell)
{
    struct wire_look look = palette->role[cell.role];
    if (cell.front || cell.back) {
        look.front = palette->level[cell.front];
        look.back = palette->level[cell.back];
    }
    look.attribute &= (unsigned char)terminal->attributes;
    return look;
}

/* Of a blank the ground alone is seen, and of one that is reversed or underlined all. */
static bool looks_alike(uint32_t glyph, struct wire_look a, struct wire_look b)
{
    const unsigned char seen = THEME_REVERSE | THEME_UNDERLINE;
    if (glyph == ' ' && !((a.attribute | b.attribute) & seen))
        return a.back == b.back;
    return a.front == b.front && a.back == b.back && a.attribute == b.attribute;
}

static void assert_shows(const struct screen *screen, const struct wire_terminal *terminal, const struct wire_palette *palette,
                         const struct grid *grid)
{
    for (int k = 0; k < CELLS; k++) {
        struct seen seen = screen->cell[k];
        struct cell cell = grid->cell[k];
        if (k == CELLS - 1 && !terminal->last_cell)
            continue;
        if (seen.glyph != cell.glyph || (cell.glyph && !looks_alike(cell.glyph, seen.look, wanted_look(terminal, palette, cell))))
            fail_msg("cell %d, %d: U+%04x for U+%04x", k % WIDTH, k / WIDTH, seen.glyph, cell.glyph);
    }
}

static void test_any_picture_on_any_terminal(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= 200; round++) {
        struct rng seed;
        struct wire_terminal terminal;
        struct wire_palette palette;
        struct wire wire = {0};
        struct print_buffer out = {0};
        struct screen screen = {.pen = {-1, -1, 0}, .bottom = HEIGHT - 1};
        struct grid grid;
        rng_init(&seed, round);
        make_terminal(&terminal, &seed);
        make_palette(&palette, &seed);
        screen_clear(&screen);
        assert_true(wire_cleared(&wire, WIDTH, HEIGHT) && grid_init(&grid, WIDTH, HEIGHT));
        for (int step = 0; step < 12; step++) {
            change_grid(&grid, &seed);
            out.length = 0;
            wire_grid(&wire, &terminal, &palette, &grid, &out);
            if (out.length > 0)
                screen_feed(&screen, &terminal, &out);
            assert_shows(&screen, &terminal, &palette, &grid);
            assert_true(screen.top == 0 && screen.bottom == HEIGHT - 1);
            assert_true(screen.pen.front == -1 && screen.pen.back == -1 && screen.pen.attribute == 0);
            screen.x = screen.y = 0;
            screen.waits = false;
            out.length = 0;
            wire_grid(&wire, &terminal, &palette, &grid, &out); /* nothing new */
            assert_int_equal(out.length, 0);
        }
        grid_done(&grid);
        wire_done(&wire);
        print_buffer_done(&out);
    }
}

static void test_ways(void **state)
{
    (void)state;
    static const struct {
        int from_x, from_y, x, y;
        const char *bytes;
    } cases[] = {{-1, -1, 0, 0, "\033[1;1H"}, {3, 3, 3, 3, ""},       {5, 2, 3, 2, "\b\b"},       {5, 2, 6, 2, "\033[C"},
                 {5, 2, 15, 2, "\033[10C"},   {90, 2, 0, 2, "\r"},    {90, 2, 20, 2, "\033[70D"}, {5, 2, 5, 3, "\n"},
                 {190, 2, 20, 2, "\033[21G"},
                 {15, 12, 17, 14, "\n\n\033[2C"}, {5, 9, 5, 2, "\033[3d"}, {5, 9, 5, 0, "\033[d"}, {5, 9, 70, 2, "\033[3;71H"}};
    const struct wire_terminal all = {.forward = true, .backward = true, .column = true, .row = true, .down = true}, none = {0};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct print_buffer out = {0};
        print_bytes(&out, "", 0);
        wire_move(&all, cases[k].from_x, cases[k].from_y, cases[k].x, cases[k].y, &out);
        assert_string_equal(out.data, cases[k].bytes);
        print_buffer_done(&out);
    }
    struct print_buffer out = {0};
    wire_move(&none, 5, 2, 60, 2, &out);
    assert_string_equal(out.data, "\033[3;61H");
    print_buffer_done(&out);
}

static size_t bytes_of(struct wire *wire, const struct wire_terminal *terminal, const struct wire_palette *palette, const struct grid *grid)
{
    struct print_buffer out = {0};
    wire_grid(wire, terminal, palette, grid, &out);
    size_t length = out.length;
    print_buffer_done(&out);
    return length;
}

/* A text that scrolls costs its new line, in the middle of the screen too. */
static void test_rows_that_move(void **state)
{
    (void)state;
    for (int down = 0; down < 2; down++) {
        struct rng seed;
        struct wire_terminal terminal;
        struct wire_palette palette;
        struct wire wire = {0};
        struct grid grid;
        rng_init(&seed, 3);
        make_terminal(&terminal, &seed);
        make_palette(&palette, &seed);
        terminal.forward = terminal.column = terminal.down = terminal.erase = terminal.erase_line = true;
        terminal.scroll = terminal.last_cell = true;
        assert_true(wire_cleared(&wire, WIDTH, HEIGHT) && grid_init(&grid, WIDTH, HEIGHT));
        for (int y = 0; y < HEIGHT; y++)
            grid_format(&grid, 0, y, WIDTH, ROLE_NORMAL, "%d%d%d%d: a line with so many words", y, y + 1, y * y, 7 * y);
        bytes_of(&wire, &terminal, &palette, &grid);
        struct cell *second = &grid.cell[WIDTH];
        memmove(down ? second + WIDTH : second, down ? second : second + WIDTH, (size_t)(HEIGHT - 3) * WIDTH * sizeof *second);
        grid_text(&grid, 0, down ? 1 : HEIGHT - 2, WIDTH, ROLE_NORMAL, "the line that has come");
        assert_in_range(bytes_of(&wire, &terminal, &palette, &grid), 22, 60);
        grid_done(&grid);
        wire_done(&wire);
    }
}

/* Species that alternate along every row cost a few changes of colour, not one a cell; what stays costs nothing. */
static void test_few_bytes(void **state)
{
    (void)state;
    struct rng seed;
    struct wire_terminal terminal;
    struct wire_palette palette;
    struct wire wire = {0};
    struct grid grid;
    rng_init(&seed, 7);
    make_terminal(&terminal, &seed);
    make_palette(&palette, &seed);
    for (int role = 0; role < ROLE_COUNT; role++)
        palette.role[role].attribute = 0;
    terminal.forward = terminal.column = terminal.down = terminal.erase = terminal.erase_line = terminal.repeat = true;
    assert_true(wire_cleared(&wire, WIDTH, HEIGHT) && grid_init(&grid, WIDTH, HEIGHT));
    for (int k = 0; k < CELLS; k++)
        grid_put(&grid, k % WIDTH, k / WIDTH, 'o', k % 2 ? ROLE_ATOM_A : ROLE_ATOM_B);
    assert_in_range(bytes_of(&wire, &terminal, &palette, &grid), CELLS, 5 * CELLS);
    assert_int_equal(wire.sent, terminal.last_cell ? CELLS : CELLS - 1);
    grid_put(&grid, 20, 4, 'x', ROLE_NORMAL);
    assert_in_range(bytes_of(&wire, &terminal, &palette, &grid), 1, 12);
    assert_int_equal(wire.sent, 1);
    grid_fill(&grid, 0, 0, WIDTH, HEIGHT, ' ', ROLE_AXIS);
    assert_in_range(bytes_of(&wire, &terminal, &palette, &grid), 1, 12 * HEIGHT);
    grid_fill(&grid, 0, 3, WIDTH, 1, '-', ROLE_NORMAL);
    assert_in_range(bytes_of(&wire, &terminal, &palette, &grid), 1, 20);
    grid_fill(&grid, 0, 0, WIDTH, 3, ' ', ROLE_DIM); /* blanks in another colour are the same blanks */
    assert_int_equal(bytes_of(&wire, &terminal, &palette, &grid), 0);
    assert_int_equal(wire.sent, 0);
    grid_done(&grid);
    wire_done(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_picture_on_any_terminal), cmocka_unit_test(test_ways), cmocka_unit_test(test_rows_that_move),
                                       cmocka_unit_test(test_few_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
