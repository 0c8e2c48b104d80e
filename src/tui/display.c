/* The terminal: cells out, keys in. SPDX-License-Identifier: GPL-3.0-or-later */
#define NCURSES_WIDECHAR 1
#include "tui/display.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "base/clock.h"
#include "base/text.h"
#include "tui/guard.h"
#include "tui/report.h"
#include "tui/stray.h"
#include "tui/wire.h"
#include "tui/terminfo.h"

struct display {
    SCREEN *screen;
    enum glyph_tier tier;
    bool colour;    /* wanted */
    bool colours_on;/* wanted and there */
    bool mouse, has_mouse, sync;
    struct report report; /* of the mouse, on its way */
    short ground;   /* number of the background's colour: -1 the terminal's own, where it has one */
    struct display_look look;
    struct wire_terminal terminal;
    struct wire_palette palette;
    struct wire wire;   /* what the terminal holds */
    int cursor_x, cursor_y; /* where its cursor is; -1: hidden */
    struct print_buffer out;
    struct display_cost cost;
    bool all;          /* send everything next */
    bool left;         /* given back for a while */
};

/* --- can it be done --- */

/* Terminfo says of a file that could not be opened only that there is none: the terminal is not to be blamed for that. */
static bool out_of_files(isd_error *err)
{
    int spare = dup(STDIN_FILENO);
    if (spare >= 0) {
        close(spare);
        return false;
    }
    isd_error_set(err, ISD_IO, "what is known of the terminal cannot be read: %s", strerror(errno));
    isd_error_hint(err, "ulimit -n 256, in the shell, before isdmin");
    return true;
}

isd_status display_check(isd_error *err)
{
    const char *name = getenv("TERM");
    char shown[64] = "";
    int found = 0;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        isd_error_set(err, ISD_USAGE, "the full screen needs a terminal on standard input and output");
        isd_error_hint(err, "isdmin -i is the prompt, isdmin -c 'COMMANDS' runs without a terminal");
        return ISD_USAGE;
    }
    if (name)
        text_escape(name, strlen(name), shown, sizeof shown);
    if (!name || !*name) {
        isd_error_set(err, ISD_USAGE, "TERM is not set, so the kind of terminal is unknown");
        isd_error_hint(err, "set it, as in TERM=xterm-256color, or use the prompt: isdmin -i");
        return ISD_USAGE;
    }
    if (setupterm(NULL, STDOUT_FILENO, &found) != OK) {
        if (out_of_files(err))
            return ISD_IO;
        isd_error_set(err, ISD_USAGE, "TERM=%s is not known on this machine", shown);
        isd_error_hint(err, "TERM=xterm-256color, or the prompt: isdmin -i");
        return ISD_USAGE;
    }
    bool moves = terminfo_moves(), ecma = terminfo_is_ecma();
    del_curterm(cur_term);
    if (!moves || !ecma) {
        isd_error_set(err, ISD_USAGE, moves ? "TERM=%s places the cursor in a way of its own; a full screen needs that of ECMA-48"
                                            : "TERM=%s cannot place the cursor, which a full screen needs", shown);
        isd_error_hint(err, "set TERM to what the terminal really is, as in TERM=xterm-256color, or use the prompt: isdmin -i");
        return ISD_USAGE;
    }
    return ISD_OK;
}

/* --- looks of the roles --- */

/* In direct-colour terminals numbers from 8 on are not the palette. */
static int usable_colours(const struct display *display)
{
    return !display->colours_on ? 0 : COLORS > 1024 ? 8 : COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : COLORS >= 8 ? 8 : 0;
}

static void start_colours(struct display *display)
{
    display->colours_on = display->colour && has_colors() && start_color() == OK;
    if (display->colours_on && use_default_colors() == OK)
        display->ground = -1;
}

/* A colour that the terminal has no words for is its own. */
static short known_colour(const struct display *display, int colour)
{
    return colour >= 0 && colour < WIRE_COLOURS && display->terminal.front[colour][0] && display->terminal.back[colour][0] ? (short)colour : -1;
}

/* Only where the palette is the one of 256 colours, and the theme has any. */
static void choose_ramp(struct display *display)
{
    static const enum ramp ramps[THEME_COUNT] = {[THEME_CIVIDIS] = RAMP_CIVIDIS, [THEME_VIRIDIS] = RAMP_VIRIDIS, [THEME_GREY] = RAMP_GREY,
                                                 [THEME_CONTRAST] = RAMP_GREY};
    struct wire_palette *palette = &display->palette;
    palette->ramp = usable_colours(display) == 256 && display->look.theme != THEME_MONO;
    palette->level[0] = -1;
    for (int level = 1; level <= RAMP_LEVELS && palette->ramp; level++) {
        palette->level[level] = known_colour(display, ramp_colour(ramps[display->look.theme], level));
        palette->ramp = palette->level[level] >= 0;
    }
}

static void choose_looks(struct display *display)
{
    int colours = usable_colours(display);
    terminfo_learn(colours, &display->terminal);
    short ground = known_colour(display, display->ground);
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct theme_look look = theme_role(display->look.theme, display->look.light, colours, (enum role)role);
        display->palette.role[role] = (struct wire_look){known_colour(display, look.front), ground, (unsigned char)look.attribute};
    }
    choose_ramp(display);
    display->all = true;
}

void display_set_look(struct display *display, const struct display_look *look)
{
    if (look->theme == display->look.theme && look->light == display->look.light)
        return;
    display->look = *look;
    choose_looks(display);
}

/* --- life --- */

bool display_beyond_ascii(void)
{
    const char *name = getenv("TERM");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && name && strncmp(name, "vt", 2) != 0;
}

static enum glyph_tier choose_tier(bool ascii)
{
    const char *name = getenv("TERM");
    if (ascii || !display_beyond_ascii())
        return GLYPH_ASCII;
    return strcmp(name, "linux") == 0 ? GLYPH_HALF : GLYPH_BRAILLE;
}

static void set_modes(void)
{
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    intrflush(stdscr, FALSE);
    set_escdelay(25);
}

/* Brackets that keep a picture whole while it is sent (synchronised output): private modes, which terminals that do not know them
 * ignore. Only those of the xterm family are asked for it. */
static bool understands_sync(void)
{
    const char *name = getenv("TERM"), *wish = getenv("ISDMIN_SYNC");
    if (wish)
        return strcmp(wish, "on") == 0;
    return name && (strncmp(name, "xterm", 5) == 0 || strncmp(name, "tmux", 4) == 0 || strstr(name, "kitty") || strstr(name, "foot"));
}

void display_set_sync(struct display *display, bool on)
{
    display->sync = on && understands_sync();
}

/* Presses, releases and the wheel, in numbers; moves are not asked for. */
static void ask_for_mouse(const struct display *display, bool on)
{
    if (display->has_mouse)
        fputs(on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l", stdout);
    fflush(stdout);
}

void display_set_mouse(struct display *display, bool on)
{
    if (on == display->mouse)
        return;
    display->mouse = on;
    ask_for_mouse(display, on);
}

/* Keys of ours: what reports of the mouse begin with. */
enum { KEY_REPORT_SGR = KEY_MAX + 1, KEY_REPORT_OLD };

static void expect_reports(struct display *display)
{
    const char *mouse = tigetstr("kmous");
    display->has_mouse = mouse && mouse != (const char *)-1;
    if (!display->has_mouse)
        return;
    define_key("\033[<", KEY_REPORT_SGR);
    define_key("\033[M", KEY_REPORT_OLD);
}

isd_status display_open(bool colour, bool ascii, struct display **ret_display, isd_error *err)
{
    if (display_check(err) != ISD_OK)
        return ISD_USAGE;
    struct display *display = calloc(1, sizeof *display);
    if (!display)
        return isd_error_memory(err);
    unsetenv("LINES"); /* the window says how large it is, not the environment */
    unsetenv("COLUMNS");
    guard_note(true);
    display->screen = newterm(NULL, stdout, stdin);
    if (!display->screen) {
        guard_note(false);
        free(display);
        if (out_of_files(err))
            return ISD_IO;
        isd_error_set(err, ISD_USAGE, "the terminal cannot show a full screen");
        isd_error_hint(err, "use the prompt: isdmin -i");
        return ISD_USAGE;
    }
    display->tier = choose_tier(ascii);
    display->colour = colour;
    display->all = true;
    stray_catch(true);
    set_modes();
    expect_reports(display);
    display->sync = understands_sync();
    start_colours(display);
    choose_looks(display);
    *ret_display = display;
    return ISD_OK;
}

void display_close(struct display *display)
{
    if (!display)
        return;
    display_leave(display);
    delscreen(display->screen);
    wire_done(&display->wire);
    print_buffer_done(&display->out);
    free(display);
}

void display_leave(struct display *display)
{
    if (display->mouse)
        ask_for_mouse(display, false);
    curs_set(1);
    endwin();
    display->left = true;
    stray_catch(false);
    guard_note(false);
}

static void put_capability(const char *name)
{
    const char *text = tigetstr(name);
    if (text && text != (const char *)-1)
        putp(text);
}

/* Somebody else gave the terminal back, so curses does not know that it has to enter it again. */
static void enter_again(void)
{
    put_capability("smcup");
    put_capability("smkx");
    fflush(stdout);
}

void display_enter(struct display *display)
{
    if (!display->left)
        enter_again();
    display->left = false;
    guard_note(true);
    stray_catch(true);
    reset_prog_mode();
    set_modes();
    if (display->mouse)
        ask_for_mouse(display, true);
    display->all = true;
}

enum glyph_tier display_tier(const struct display *display)
{
    return display->tier;
}

bool display_has_ramp(const struct display *display)
{
    return display->palette.ramp;
}

void display_resize(struct display *display, int *ret_width, int *ret_height)
{
    struct winsize size;
    (void)display;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0
        && (size.ws_row != LINES || size.ws_col != COLS))
        resizeterm(size.ws_row, size.ws_col);
    getmaxyx(stdscr, *ret_height, *ret_width);
}

/* --- cells --- */

/* One write, so that a picture comes whole, and waits for a slow line once. */
static void send_all(const struct print_buffer *out)
{
    for (size_t sent = 0; sent < out->length;) {
        ssize_t n = write(STDOUT_FILENO, out->data + sent, out->length - sent);
        if (n < 0 && errno != EINTR)
            return; /* the next read or poll says so */
        sent += n > 0 ? (size_t)n : 0;
    }
}

/* Curses holds an empty screen: it takes the terminal, where somebody else had it, and clears it. */
static void clear_terminal(struct display *display, int width, int height)
{
    clearok(curscr, TRUE);
    refresh();
    display->all = !wire_cleared(&display->wire, width, height);
    display->cursor_x = display->cursor_y = 0;
}

/* The cursor is where it was told to be last, and nobody has moved it since. */
static void place_cursor(struct display *display, int x, int y, bool moved, struct print_buffer *out)
{
    if (moved || x != display->cursor_x || y != display->cursor_y)
        wire_move(&display->terminal, moved ? -1 : display->cursor_x, display->cursor_y, x, y, out);
    display->cursor_x = x;
    display->cursor_y = y;
}

static void add_to(struct display_sum *sum, double value)
{
    sum->last = value;
    sum->sum += value;
    if (value > sum->most)
        sum->most = value;
}

static void add_cost(struct display_cost *cost, const struct wire *wire, size_t bytes, double seconds)
{
    cost->pictures++;
    add_to(&cost->bytes, (double)bytes);
    add_to(&cost->seconds, seconds);
    cost->sent += wire->sent;
    cost->kept += (int64_t)wire->width * wire->height - wire->sent;
}

void display_show(struct display *display, const struct grid *grid, double begun)
{
    static const char begin[] = "\033[?2026h", end[] = "\033[?2026l";
    struct print_buffer *out = &display->out;
    const struct wire *wire = &display->wire;
    bool seen = grid->cursor_x >= 0 && grid->cursor_y >= 0 && grid->cursor_x < grid->width && grid->cursor_y < grid->height;
    if (grid->width < 1 || grid->height < 1)
        return;
    curs_set(seen);
    size_t bytes = 0;
    out->length = 0;
    if (display->sync)
        print_bytes(out, begin, sizeof begin - 1);
    if (display->all || wire->width != grid->width || wire->height != grid->height) {
        send_all(out);
        bytes = out->length;
        out->length = 0;
        clear_terminal(display, grid->width, grid->height);
    }
    size_t before = out->length;
    wire_grid(&display->wire, &display->terminal, &display->palette, grid, out);
    if (seen)
        place_cursor(display, grid->cursor_x, grid->cursor_y, out->length > before, out);
    if (out->length > before && !seen)
        display->cursor_x = -1;
    if (display->sync)
        print_bytes(out, end, sizeof end - 1);
    if (out->length > before + (display->sync ? sizeof end - 1 : 0) || before == 0) {
        send_all(out);
        bytes += out->length;
    }
    add_cost(&display->cost, wire, bytes, clock_now() - begun);
}

const struct display_cost *display_cost(const struct display *display)
{
    return &display->cost;
}

void display_tell(const struct print_buffer *out)
{
    if (!out->failed)
        send_all(out);
}

void display_repaint(struct display *display)
{
    display->all = true;
}

/* --- keys --- */

static const struct {
    int code;
    const char *name;
} special[] = {
    {KEY_UP, "Up"},       {KEY_DOWN, "Down"},  {KEY_LEFT, "Left"},   {KEY_RIGHT, "Right"},         {KEY_PPAGE, "PgUp"},
    {KEY_NPAGE, "PgDn"},  {KEY_HOME, "Home"},  {KEY_END, "End"},     {KEY_BACKSPACE, "Backspace"}, {KEY_ENTER, "Enter"},
    {KEY_BTAB, "S-Tab"},  {KEY_DC, "Delete"},  {KEY_F(1), "F1"},     {KEY_F(2), "F2"},     {KEY_SF, "S-Down"},           {KEY_SR, "S-Up"},
};

static void name_control(wint_t code, char name[12])
{
    static const char *const names[] = {[8] = "Backspace", [9] = "Tab", [10] = "Enter", [13] = "Enter", [27] = "Esc"};
    if (code == 127)
        snprintf(name, 12, "Backspace");
    else if (code < sizeof names / sizeof *names && names[code])
        snprintf(name, 12, "%s", names[code]);
    else
        snprintf(name, 12, "C-%c", code == 0 ? ' ' : (int)code + 'a' - 1);
}

static void take_character(wint_t code, struct key *key)
{
    char utf8[8];
    int n = code < 0x80 || MB_CUR_MAX > 1 ? glyph_encode((uint32_t)code, utf8) : 1;
    if (MB_CUR_MAX == 1)
        utf8[0] = (char)code;
    utf8[n] = '\0';
    memcpy(key->bytes, utf8, (size_t)n);
    key->n_bytes = n;
    if (code < 32 || code == 127)
        name_control(code, key->name);
    else if (code == ' ')
        snprintf(key->name, sizeof key->name, "Space");
    else
        snprintf(key->name, sizeof key->name, "%s", utf8);
}

static bool take_special(wint_t code, struct key *key)
{
    for (size_t k = 0; k < sizeof special / sizeof *special; k++)
        if (special[k].code == (int)code)
            snprintf(key->name, sizeof key->name, "%s", special[k].name);
    char *bytes = keybound((int)code, 0);
    if (bytes) {
        size_t n = strlen(bytes);
        key->n_bytes = n < sizeof key->bytes ? (int)n : 0;
        memcpy(key->bytes, bytes, (size_t)key->n_bytes);
        free(bytes);
    }
    return key->name[0] || key->n_bytes;
}

/* ESC and a key that came with it is one key with Meta. */
static void join_meta(struct key *key)
{
    wint_t next;
    if (get_wch(&next) != OK)
        return;
    struct key second = {0};
    take_character(next, &second);
    snprintf(key->name, sizeof key->name, "M-%.8s", second.name);
    memcpy(key->bytes + 1, second.bytes, (size_t)second.n_bytes);
    key->n_bytes = 1 + second.n_bytes;
}

/* What a report that has begun makes of it; REPORT_BROKEN: it is a key by itself. */
static enum report_state continue_report(struct display *display, int kind, wint_t code, struct key *ret_key)
{
    if (kind == OK && display->report.kind != REPORT_NOT)
        return report_take(&display->report, (unsigned)code, ret_key);
    report_begin(&display->report, kind == OK             ? REPORT_NOT
                                   : code == KEY_REPORT_SGR ? REPORT_SGR
                                   : code == KEY_REPORT_OLD ? REPORT_OLD
                                                            : REPORT_NOT);
    return display->report.kind == REPORT_NOT ? REPORT_BROKEN : REPORT_MORE;
}

bool display_key(struct display *display, struct key *ret_key)
{
    wint_t code;
    for (;;) {
        struct key key = {0};
        int kind = get_wch(&code);
        if (kind == ERR)
            return false;
        enum report_state state = continue_report(display, kind, code, ret_key);
        if (state == REPORT_KEY)
            return true;
        if (state != REPORT_BROKEN)
            continue;
        if (kind == KEY_CODE_YES) {
            /* A resize arrives by its signal; curses tells it a second time here. */
            if (code == KEY_RESIZE || !take_special(code, &key))
                continue;
        } else {
            take_character(code, &key);
            if (code == 27)
                join_meta(&key);
        }
        *ret_key = key;
        return true;
    }
}

bool display_gone(const struct display *display)
{
    int waiting = 0;
    (void)display;
    return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}
