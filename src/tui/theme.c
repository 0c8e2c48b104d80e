/* Themes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/theme.h"

#include <string.h>

static const char *const names[THEME_COUNT] = {[THEME_CIVIDIS] = "cividis",
                                               [THEME_VIRIDIS] = "viridis",
                                               [THEME_GREY] = "grey",
                                               [THEME_MONO] = "mono",
                                               [THEME_CONTRAST] = "contrast"};

const char *theme_name(enum theme theme)
{
    return names[theme];
}

int theme_find(const char *name)
{
    for (int k = 0; k < THEME_COUNT; k++)
        if (strcmp(names[k], name) == 0)
            return k;
    return -1;
}

/* Colours are numbers of the palette; 0: the terminal's own. */
struct tint {
    unsigned char dark, light; /* of 256, on dark and on light ground */
    unsigned char basic;       /* of 8 */
    unsigned char attribute, mono;
};

/* Without colours roles differ by attributes; curves besides by their glyphs. */
static const struct tint plain[ROLE_COUNT] = {
    [ROLE_TITLE] = {0, 0, 0, THEME_BOLD, THEME_BOLD},
    [ROLE_DIM] = {244, 243, 0, 0, 0},
    [ROLE_KEY] = {73, 24, 6, THEME_BOLD, THEME_BOLD},
    [ROLE_ACTIVE] = {0, 0, 0, THEME_REVERSE, THEME_REVERSE},
    [ROLE_SELECTED] = {0, 0, 0, THEME_REVERSE, THEME_REVERSE},
    [ROLE_LABELLED] = {39, 25, 6, THEME_BOLD, THEME_BOLD},
    [ROLE_MATCHED] = {208, 130, 3, 0, 0},
    [ROLE_GR] = {242, 248, 0, 0, 0},
    [ROLE_AXIS] = {246, 240, 0, 0, 0},
    [ROLE_CURSOR] = {0, 0, 0, THEME_BOLD, THEME_BOLD},
    [ROLE_WARN] = {178, 94, 3, THEME_BOLD, THEME_BOLD},
    [ROLE_ERROR] = {203, 124, 1, THEME_BOLD, THEME_BOLD},
    [ROLE_ECHO] = {71, 22, 2, 0, 0},
    [ROLE_PROGRESS] = {71, 22, 2, 0, 0},
    [ROLE_ATOM_A] = {252, 236, 0, 0, 0},
    [ROLE_ATOM_B] = {108, 28, 2, 0, 0},
    [ROLE_ATOM_C] = {139, 90, 5, 0, 0},
};

/* Where a theme differs. Blue and orange (cividis) are told apart by nearly everyone, on dark and on light ground. */
static const struct {
    enum theme theme;
    enum role role;
    struct tint tint;
} own[] = {
    {THEME_VIRIDIS, ROLE_LABELLED, {36, 30, 6, THEME_BOLD, THEME_BOLD}},
    {THEME_VIRIDIS, ROLE_MATCHED, {220, 136, 3, 0, 0}},
    {THEME_VIRIDIS, ROLE_KEY, {42, 29, 2, THEME_BOLD, THEME_BOLD}},
    {THEME_GREY, ROLE_LABELLED, {255, 232, 0, THEME_BOLD, THEME_BOLD}},
    {THEME_GREY, ROLE_MATCHED, {249, 238, 0, 0, 0}},
    {THEME_GREY, ROLE_KEY, {252, 235, 0, THEME_BOLD, THEME_BOLD}},
    {THEME_GREY, ROLE_WARN, {253, 234, 0, THEME_BOLD | THEME_UNDERLINE, THEME_BOLD}},
    {THEME_GREY, ROLE_ERROR, {255, 232, 0, THEME_BOLD | THEME_REVERSE, THEME_BOLD}},
    {THEME_GREY, ROLE_ECHO, {248, 239, 0, 0, 0}},
    {THEME_GREY, ROLE_PROGRESS, {248, 239, 0, 0, 0}},
    {THEME_GREY, ROLE_ATOM_B, {246, 242, 0, 0, 0}},
    {THEME_GREY, ROLE_ATOM_C, {242, 246, 0, 0, 0}},
    {THEME_CONTRAST, ROLE_NORMAL, {231, 16, 7, 0, 0}},
    {THEME_CONTRAST, ROLE_DIM, {231, 16, 7, 0, 0}},
    {THEME_CONTRAST, ROLE_AXIS, {231, 16, 7, 0, 0}},
    {THEME_CONTRAST, ROLE_GR, {248, 241, 7, 0, 0}},
    {THEME_CONTRAST, ROLE_KEY, {226, 18, 3, THEME_BOLD, THEME_BOLD}},
    {THEME_CONTRAST, ROLE_LABELLED, {51, 18, 6, THEME_BOLD, THEME_BOLD}},
    {THEME_CONTRAST, ROLE_MATCHED, {226, 88, 3, THEME_BOLD, THEME_BOLD}},
    {THEME_CONTRAST, ROLE_WARN, {226, 88, 3, THEME_BOLD | THEME_UNDERLINE, THEME_BOLD}},
    {THEME_CONTRAST, ROLE_ERROR, {231, 231, 7, THEME_BOLD | THEME_REVERSE, THEME_BOLD}},
    {THEME_CONTRAST, ROLE_ECHO, {231, 16, 7, THEME_UNDERLINE, THEME_UNDERLINE}},
};

static struct tint tint_of(enum theme theme, enum role role)
{
    for (size_t k = 0; k < sizeof own / sizeof *own; k++)
        if (own[k].theme == theme && own[k].role == role)
            return own[k].tint;
    return plain[role];
}

struct theme_look theme_role(enum theme theme, bool light, int colours, enum role role)
{
    struct tint tint = tint_of(theme, role);
    struct theme_look look = {-1, -1, tint.mono};
    if (theme == THEME_MONO || colours < 8)
        return look;
    look.attribute = tint.attribute;
    int front = colours >= 256 ? (light ? tint.light : tint.dark) : tint.basic;
    /* Of 16, the bright half stands out on dark ground. */
    if (front > 0 && colours >= 16 && colours < 256 && !light)
        front += 8;
    look.front = front > 0 ? front : -1;
    return look;
}
