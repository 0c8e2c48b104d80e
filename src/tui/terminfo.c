/* What terminfo says of the terminal. SPDX-License-Identifier: GPL-3.0-or-later */
#define NCURSES_WIDECHAR 1
#include "tui/terminfo.h"

#include <stdio.h>
#include <string.h>

#include <curses.h>
#include <term.h>

/* NULL: it has none. */
static const char *capability(const char *name)
{
    const char *text = tigetstr(name);
    return text && text != (const char *)-1 ? text : NULL;
}

/* Does it begin with this? What may follow are waits of the terminals of 1980 ("$<5>") and sets of characters, which are never changed. */
static bool says(const char *name, const char *wanted)
{
    const char *text = capability(name);
    size_t n = strlen(wanted);
    return text && strncmp(text, wanted, n) == 0 && (text[n] == '\0' || text[n] == '$' || text[n] == '\017' || text[n] == '\033');
}

bool terminfo_moves(void)
{
    return capability("cup") != NULL;
}

bool terminfo_is_ecma(void)
{
    return says("cup", "\033[%i%p1%d;%p2%dH");
}

/* "\033[38;5;244m" as "38;5;244"; false: something else. */
static bool parameters_of(const char *sequence, char *out, size_t size)
{
    size_t n = sequence ? strlen(sequence) : 0;
    if (n < 4 || n - 3 >= size || sequence[0] != '\033' || sequence[1] != '[' || sequence[n - 1] != 'm'
        || strspn(sequence + 2, "0123456789;") != n - 3)
        return false;
    memcpy(out, sequence + 2, n - 3);
    out[n - 3] = '\0';
    return true;
}

static void learn_colours(const char *name, int colours, char out[WIRE_COLOURS][12])
{
    const char *set = capability(name);
    for (int k = 0; set && k < colours && k < WIRE_COLOURS; k++)
        if (!parameters_of(tparm(set, (long)k, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L), out[k], sizeof out[k]))
            out[k][0] = '\0';
}

void terminfo_learn(int colours, struct wire_terminal *ret_terminal)
{
    bool wraps = tigetflag("am") > 0, waits = tigetflag("xenl") > 0;
    *ret_terminal = (struct wire_terminal){.forward = says("cuf", "\033[%p1%dC"),
                                            .backward = says("cub", "\033[%p1%dD"),
                                            .column = says("hpa", "\033[%i%p1%dG"),
                                            .row = says("vpa", "\033[%i%p1%dd"),
                                            .down = says("cud1", "\n"),
                                            .erase = says("ech", "\033[%p1%dX"),
                                            .erase_line = says("el", "\033[K"),
                                            .repeat = says("rep", "%p1%c\033[%p2%{1}%-%db"),
                                            .scroll = says("csr", "\033[%i%p1%d;%p2%dr") && says("indn", "\033[%p1%dS")
                                                      && says("rin", "\033[%p1%dT"),
                                            .own_colours = says("op", "\033[39;49m"),
                                            .last_cell = !wraps || waits,
                                            .clear = says("clear", "\033[H\033[2J")  ? "\033[H\033[2J"
                                                     : says("clear", "\033[H\033[J") ? "\033[H\033[J"
                                                                                      : NULL};
    ret_terminal->attributes = (says("bold", "\033[1m") ? THEME_BOLD : 0) | (says("rev", "\033[7m") ? THEME_REVERSE : 0)
                               | (says("smul", "\033[4m") ? THEME_UNDERLINE : 0) | (says("dim", "\033[2m") ? THEME_DIM : 0);
    learn_colours("setaf", colours, ret_terminal->front);
    learn_colours("setab", colours, ret_terminal->back);
}
