/* The screen without data: what to do first. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/state.h"

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    static const struct {
        const char *key, *text;
    } lines[] = {
        {"", "inherent structures, exact matching, p(u) against g(r)"},
        {"", ""},
        {"o", "open snapshots (LAMMPS, XYZ, GSD, POSCAR) or a folder of them"},
        {":", "type a command; Tab completes, `help` explains"},
        {"?", "all keys and commands; type to search"},
        {"q", "leave"},
        {"", ""},
        {"", "No data at hand? :demo opens a set, :tour begins ten short lessons"},
        {"", ":demo 1d, :demo five, :demo quench show the idea"},
    };
    int n = sizeof lines / sizeof *lines, x = rect.x + (rect.width > 64 ? (rect.width - 60) / 2 : 1);
    int y = rect.y + (rect.height > n + 3 ? (rect.height - n) / 3 : 0);
    (void)tui;
    grid_text(grid, x, y, rect.width - (x - rect.x), ROLE_TITLE, "isdmin");
    for (int k = 0; k < n && k + 1 < rect.height; k++) {
        grid_text(grid, x, y + 1 + k, 1, ROLE_KEY, lines[k].key);
        int indent = lines[k].key[0] ? 4 : 0;
        grid_text(grid, x + indent, y + 1 + k, rect.x + rect.width - x - indent, ROLE_NORMAL, lines[k].text);
    }
}

static const struct key_hint hints[] = {{"o", "open"}, {":", "command"}, {"?", "keys"}, {"q", "leave"}};

const struct screen screen_home = {
    .title = "isdmin", .digit = 0, .draw = draw, .hints = hints, .n_hints = sizeof hints / sizeof *hints};
