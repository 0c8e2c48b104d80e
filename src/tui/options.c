/* What can be chosen, for the menu of options: each with its value and the command that chooses another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/state.h"

#define ON(view) (1u << (view))
#define AXES (ON(VIEW_PU) | ON(VIEW_GR) | ON(VIEW_DTW) | ON(VIEW_SCALING) | ON(VIEW_MAP) | ON(VIEW_DYNAMICS) | ON(VIEW_CYCLES))
#define PAIRS (AXES | ON(VIEW_SLICE) | ON(VIEW_TABLE))
#define EVERYWHERE (~0u)

static void say_switch(bool on, char *out, size_t size)
{
    snprintf(out, size, on ? "on" : "off");
}

/* --- what is looked at --- */

static void show_value(const struct tui *tui, char *out, size_t size)
{
    static const char *const names[] = {
        [SIGHT_BOTH] = "both", [SIGHT_LABELLED] = "lab", [SIGHT_MATCHED] = "mat", [SIGHT_DIFFERENCE] = "diff"};
    snprintf(out, size, "%s", names[tui->sight.look.show]);
}

static void type_value(const struct tui *tui, char *out, size_t size)
{
    const int type = tui->sight.look.type;
    snprintf(out, size, "%s", type && session_has_data(tui->session) ? session_type_label(tui->session, type) : "all");
}

static void type_choices(const struct tui *tui, char *out, size_t size)
{
    int n = session_has_data(tui->session) ? session_frame_info(tui->session, 0)->n_types : 0;
    size_t used = (size_t)snprintf(out, size, "all");
    for (int type = 1; type <= n && used < size; type++)
        used += (size_t)snprintf(out + used, size - used, "|%s", session_type_label(tui->session, type));
}

static void species_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sight.look.blind ? "blind" : "resolved");
}

static void of_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sight.look.raw ? "raw" : "is");
}

static void average_value(const struct tui *tui, char *out, size_t size)
{
    say_switch(tui->sight.look.average, out, size);
}

static void instant_value(const struct tui *tui, char *out, size_t size)
{
    say_switch(tui->sight.look.instant, out, size);
}

static void stack_value(const struct tui *tui, char *out, size_t size)
{
    say_switch(tui->sight.look.stack, out, size);
}

static void bins_value(const struct tui *tui, char *out, size_t size)
{
    const struct look *look = &tui->sight.look;
    if (look->bins)
        snprintf(out, size, "%s%d", look->log_bins ? "log " : "", look->bins);
    else
        snprintf(out, size, look->log_bins ? "log" : "auto");
}

static void axis_x_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sight.look.axes[tui->sight.view].log_x ? "log" : "lin");
}

static void axis_y_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sight.look.axes[tui->sight.view].log_y ? "log" : "lin");
}

static void brush_value(const struct tui *tui, char *out, size_t size)
{
    const struct look *look = &tui->sight.look;
    if (isfinite(look->brush_low))
        snprintf(out, size, "%.4g:%.4g", look->brush_low, look->brush_high);
    else
        snprintf(out, size, "off");
}

static void sort_value(const struct tui *tui, char *out, size_t size)
{
    const char *sort = tui->sight.look.sort;
    snprintf(out, size, "%s%s", sort + (sort[0] == '-'), sort[0] == '-' ? " desc" : "");
}

static void columns_value(const struct tui *tui, char *out, size_t size)
{
    table_columns_text(&tui->sight.look, out, size);
}

static void filter_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "%s", tui->sight.look.filter[0] ? tui->sight.look.filter : "off");
}

static void select_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "%s", tui->sight.look.select[0] ? tui->sight.look.select : "clear");
}

/* --- the atoms --- */

static void arrows_value(const struct tui *tui, char *out, size_t size)
{
    static const char *const names[] = {[ARROWS_NONE] = "none", [ARROWS_LABELLED] = "lab", [ARROWS_MATCHED] = "mat", [ARROWS_BOTH] = "both"};
    snprintf(out, size, "%s", names[tui->sight.look.slice.arrows]);
}

static void normal_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "%c", "xyz"[tui->sight.look.slice.normal]);
}

static void space_value(const struct tui *tui, char *out, size_t size)
{
    say_switch(tui->sight.look.slice.space, out, size);
}

static void colour_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sight.look.slice.by_u ? "u" : "species");
}

static void ring_value(const struct tui *tui, char *out, size_t size)
{
    say_switch(tui->sight.look.slice.ring, out, size);
}

static void say_length(double length, const char *without, char *out, size_t size)
{
    if (isfinite(length))
        snprintf(out, size, "%.4g", length);
    else
        snprintf(out, size, "%s", without);
}

static void thick_value(const struct tui *tui, char *out, size_t size)
{
    say_length(tui->sight.look.slice.thick, "auto", out, size);
}

static void least_value(const struct tui *tui, char *out, size_t size)
{
    say_length(tui->sight.look.slice.least, "auto", out, size);
}

static void scale_value(const struct tui *tui, char *out, size_t size)
{
    say_length(tui->sight.look.slice.scale, "1", out, size);
}

static void cut_value(const struct tui *tui, char *out, size_t size)
{
    say_length(tui->sight.look.slice.cut, "off", out, size);
}

/* --- the law, panes, settings --- */

static void law_x_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "%s", tui->sight.look.law_x[0] ? tui->sight.look.law_x : "d_min");
}

static void law_show_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sight.look.relaxation ? "map" : "law");
}

static void layout_value(const struct tui *tui, char *out, size_t size)
{
    static const char *const names[] = {[LAYOUT_AUTO] = "auto", [LAYOUT_ONE] = "one", [LAYOUT_TWO] = "two", [LAYOUT_WIDE] = "wide",
                                        [LAYOUT_QUAD] = "quad"};
    snprintf(out, size, "%s", names[tui->want.kind]);
}

static void theme_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "%s", theme_name(tui->colours.theme));
}

static void ground_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->colours.light ? "light" : "dark");
}

static void glyphs_value(const struct tui *tui, char *out, size_t size)
{
    static const char *const names[] = {[GLYPH_BRAILLE] = "braille", [GLYPH_HALF] = "half", [GLYPH_ASCII] = "ascii"};
    snprintf(out, size, "%s", names[tui->tier]);
}

static void mouse_value(const struct tui *tui, char *out, size_t size)
{
    say_switch(tui->mouse, out, size);
}

static void clipboard_value(const struct tui *tui, char *out, size_t size)
{
    say_switch(tui->clipboard, out, size);
}

static void a11y_value(const struct tui *tui, char *out, size_t size)
{
    say_switch(tui->a11y, out, size);
}

static void sync_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sync ? "auto" : "off");
}

static void map_value(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "%d", tui->map_frames);
}

static const struct option_row rows[] = {
    {"arrows", "displacements as arrows", ON(VIEW_SLICE), "arrows ", "none|lab|mat|both", arrows_value, NULL},
    {"normal", "axis that the slice is across", ON(VIEW_SLICE), "slice normal=", "x|y|z", normal_value, NULL},
    {"thickness", "of the slice; auto: the mean distance of atoms", ON(VIEW_SLICE), "slice thick=", NULL, thick_value, NULL},
    {"3D", "all atoms from any side instead of a slice", ON(VIEW_SLICE), "slice space=", "off|on", space_value, NULL},
    {"colour", "of the discs", ON(VIEW_SLICE), "slice colour=", "species|u", colour_value, NULL},
    {"ring", "the cycle of the marked atom", ON(VIEW_SLICE), "slice ring=", "off|on", ring_value, NULL},
    {"arrow scale", "length of an arrow over the displacement", ON(VIEW_SLICE), "slice scale=", NULL, scale_value, NULL},
    {"arrow least", "shortest displacement with an arrow", ON(VIEW_SLICE), "slice least=", NULL, least_value, NULL},
    {"cut", "longer edges are taken out of cycles", ON(VIEW_SLICE) | ON(VIEW_CYCLES), "cut ", NULL, cut_value, NULL},
    {"sort", "order of the table", ON(VIEW_TABLE), "sort ", NULL, sort_value, NULL},
    {"columns", "of the table, in this order; all", ON(VIEW_TABLE), "columns ", NULL, columns_value, NULL},
    {"law x", "distance of the scaling law", ON(VIEW_SCALING), "law x=", "d_min|d_direct|rmsd_is|rmsd|jump_fraction", law_x_value, NULL},
    {"law show", "the law, or the map over T and t_w", ON(VIEW_SCALING), "law show=", "law|map", law_show_value, NULL},
    {"show", "displacements labelled, matched, both, their difference", PAIRS, "show ", "both|lab|mat|diff", show_value, NULL},
    {"type", "the atoms of one type, or all", PAIRS, "type ", NULL, type_value, type_choices},
    {"species", "matching within species, or blind to them", PAIRS, "species ", "resolved|blind", species_value, NULL},
    {"of", "inherent structures, or the frames as they are", PAIRS, "of ", "is|raw", of_value, NULL},
    {"average", "over all pairs of the waiting time, or one pair", PAIRS, "average ", "off|on", average_value, NULL},
    {"instant", "p(u) of the frames as they are beside it", ON(VIEW_PU), "instant ", "off|on", instant_value, NULL},
    {"bins", "number of bins of p(u), auto, log", ON(VIEW_PU), "bins ", NULL, bins_value, NULL},
    {"stack", "curves in strips of their own", ON(VIEW_PU) | ON(VIEW_GR), "stack ", "off|on", stack_value, NULL},
    {"axis x", "linear or logarithmic", AXES, "axis x ", "lin|log", axis_x_value, NULL},
    {"axis y", "linear or logarithmic", AXES, "axis y ", "lin|log", axis_y_value, NULL},
    {"brush", "atoms by an interval of u: u=LOW:HIGH, off", PAIRS, "brush ", NULL, brush_value, NULL},
    {"filter", "which atoms are in the table: an expression, off", PAIRS, "filter ", NULL, filter_value, NULL},
    {"select", "atoms marked by an expression, clear", PAIRS, "select ", NULL, select_value, NULL},
    {"layout", "of the panes", EVERYWHERE, "layout ", "auto|one|two|wide|quad", layout_value, NULL},
    {"theme", "colours", EVERYWHERE, "set theme=", "cividis|viridis|grey|mono|contrast", theme_value, NULL},
    {"ground", "background of the terminal", EVERYWHERE, "set ground=", "dark|light", ground_value, NULL},
    {"glyphs", "what curves are drawn with; `glyphs` shows them side by side", EVERYWHERE, "set glyphs=", "braille|half|ascii", glyphs_value, NULL},
    {"mouse", "off leaves it to the terminal", EVERYWHERE, "set mouse=", "on|off", mouse_value, NULL},
    {"clipboard", "copy may tell the terminal", EVERYWHERE, "set clipboard=", "on|off", clipboard_value, NULL},
    {"map", "frames in the two-time map, at most", EVERYWHERE, "set map=", NULL, map_value, NULL},
    {"sync", "brackets that keep pictures whole", EVERYWHERE, "set sync=", "auto|off", sync_value, NULL},
    {"a11y", "for screen readers", EVERYWHERE, "set a11y=", "off|on", a11y_value, NULL},
};

const struct option_row *option_at(const struct tui *tui, int k)
{
    for (size_t row = 0; k >= 0 && row < sizeof rows / sizeof *rows; row++)
        if ((rows[row].views & ON(tui->sight.view)) && k-- == 0)
            return &rows[row];
    return NULL;
}

/* The choice behind this one in "one|two|three"; the first behind the last, and where there is none such. */
static void next_choice(const char *choices, const char *now, char *out, size_t size)
{
    const size_t length = strlen(now);
    const char *next = choices;
    for (const char *at = choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strncmp(at, now, length) == 0 && at[length] == '|') {
            next = at + length + 1;
            break;
        }
    snprintf(out, size, "%.*s", (int)strcspn(next, "|"), next);
}

void option_next(const struct tui *tui, const struct option_row *row, char *out, size_t size, bool *ret_whole)
{
    char now[240], choices[400] = "", next[80];
    row->value(tui, now, sizeof now);
    if (row->choose)
        row->choose(tui, choices, sizeof choices);
    const char *from = row->choices ? row->choices : choices;
    *ret_whole = *from != '\0';
    next_choice(from, now, next, sizeof next);
    if (*ret_whole && row->choose) /* a label of the data may hold anything */
        snprintf(out, size, "%s'%s'", row->command, next);
    else
        snprintf(out, size, "%s%s", row->command, *ret_whole ? next : "");
}
