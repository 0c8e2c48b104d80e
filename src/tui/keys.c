/* What keys do: a table from keys to commands. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/demo_film.h"
#include "tui/bindings.h"
#include "tui/scr_slice.h"
#include "tui/state.h"

#define ON(view) (1u << (view))
#define EVERYWHERE (~0u)
#define PICTURES (ON(VIEW_PU) | ON(VIEW_GR) | ON(VIEW_SLICE) | ON(VIEW_DTW) | ON(VIEW_SCALING) | ON(VIEW_MAP) | ON(VIEW_DYNAMICS))
#define DATA (PICTURES | ON(VIEW_TABLE) | ON(VIEW_CYCLES))
#define TEXTS (ON(VIEW_OUTPUT) | ON(VIEW_LOG))
#define LINES (TEXTS | ON(VIEW_SESSIONS))
#define ATOMS ON(VIEW_TABLE)

/* Keys whose command depends on what is shown: the command says where it leads, so the log of a session can be run again. */

static bool next_show(const struct tui *tui, char *out, size_t size)
{
    static const char *const next[] = {
        [SIGHT_BOTH] = "lab", [SIGHT_LABELLED] = "mat", [SIGHT_MATCHED] = "diff", [SIGHT_DIFFERENCE] = "both"};
    snprintf(out, size, "show %s", next[tui->sight.look.show]);
    return true;
}

static bool next_type(const struct tui *tui, char *out, size_t size)
{
    int n_types = session_has_data(tui->session) ? session_frame_info(tui->session, 0)->n_types : 0;
    int next = tui->sight.look.type + 1;
    if (next > n_types)
        snprintf(out, size, "type all");
    else
        snprintf(out, size, "type '%s'", session_type_label(tui->session, next));
    return true;
}

static bool next_species(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "species %s", tui->sight.look.blind ? "resolved" : "blind");
    return true;
}

static bool next_structure(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "of %s", tui->sight.look.raw ? "is" : "raw");
    return true;
}

static bool next_average(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "average %s", tui->sight.look.average ? "off" : "on");
    return true;
}

static bool next_stack(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "stack %s", tui->sight.look.stack ? "off" : "on");
    return true;
}

/* A page of rows or lines; half a slice. */
static bool page(const struct tui *tui, int direction, char *out, size_t size)
{
    const struct screen *screen = screen_of(tui->sight.view);
    int rows = frame_view_rect(tui).height - 2;
    rows = rows < 1 ? 1 : rows;
    if (tui->sight.view == VIEW_TABLE)
        snprintf(out, size, "step atom %+d", direction * rows);
    else if (ON(tui->sight.view) & TEXTS)
        snprintf(out, size, "step line %+d", direction * rows);
    else if (tui->sight.view == VIEW_SLICE && !tui->sight.look.slice.space)
        snprintf(out, size, "step plane %+d", direction * SLICE_STEPS / 2);
    else
        return screen->cursor && screen->cursor(tui, 0, direction * 10, out, size);
    return true;
}

static bool page_up(const struct tui *tui, char *out, size_t size)
{
    return page(tui, -1, out, size);
}

static bool page_down(const struct tui *tui, char *out, size_t size)
{
    return page(tui, 1, out, size);
}

static bool move(const struct tui *tui, int right, int down, char *out, size_t size)
{
    const struct screen *screen = screen_of(tui->sight.view);
    return screen->cursor && screen->cursor(tui, right, down, out, size);
}

static bool move_left(const struct tui *tui, char *out, size_t size)
{
    return move(tui, -1, 0, out, size);
}

static bool move_right(const struct tui *tui, char *out, size_t size)
{
    return move(tui, 1, 0, out, size);
}

static bool move_up(const struct tui *tui, char *out, size_t size)
{
    return move(tui, 0, -1, out, size);
}

static bool move_down(const struct tui *tui, char *out, size_t size)
{
    return move(tui, 0, 1, out, size);
}

static bool dive(const struct tui *tui, char *out, size_t size)
{
    const struct screen *screen = screen_of(tui->sight.view);
    return screen->dive && screen->dive(tui, out, size);
}

static bool edit_filter(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "prompt \"filter %s\"", tui->sight.look.filter);
    return true;
}

/* --- the atoms --- */

static bool next_arrows(const struct tui *tui, char *out, size_t size)
{
    static const char *const next[] = {[ARROWS_NONE] = "lab", [ARROWS_LABELLED] = "mat", [ARROWS_MATCHED] = "both", [ARROWS_BOTH] = "none"};
    snprintf(out, size, "arrows %s", next[tui->sight.look.slice.arrows]);
    return true;
}

static bool next_normal(const struct tui *tui, char *out, size_t size)
{
    static const char *const next[] = {"y", "z", "x"};
    snprintf(out, size, "slice normal=%s", next[tui->sight.look.slice.normal]);
    return true;
}

static bool slice_or_space(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "slice space=%s", tui->sight.look.slice.space ? "off" : "on");
    return true;
}

static bool next_colour(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "slice colour=%s", tui->sight.look.slice.by_u ? "species" : "u");
    return true;
}

static bool ring_or_not(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "slice ring=%s", tui->sight.look.slice.ring ? "off" : "on");
    return true;
}

static bool thinner(const struct tui *tui, char *out, size_t size)
{
    return slice_thickness_command(tui, 0.8, out, size);
}

static bool thicker(const struct tui *tui, char *out, size_t size)
{
    return slice_thickness_command(tui, 1.25, out, size);
}

static bool next_instant(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "instant %s", tui->sight.look.instant ? "off" : "on");
    return true;
}

/* The bin of the cursor; with an interval that it is not in, up to there; within it, none. */
static bool next_brush(const struct tui *tui, char *out, size_t size)
{
    const struct look *look = &tui->sight.look;
    const struct sight_pu *pu = &tui->pu;
    const double u = tui->sight.u;
    const int bin = sight_bin(pu, u);
    if (bin < 0)
        return false;
    const double low = sight_edge(pu, bin), high = sight_edge(pu, bin + 1);
    if (isnan(look->brush_low))
        snprintf(out, size, "brush u=%.4g:%.4g", low, high);
    else if (u >= look->brush_low && u <= look->brush_high)
        snprintf(out, size, "brush off");
    else
        snprintf(out, size, "brush u=%.4g:%.4g", fmin(low, look->brush_low), fmax(high, look->brush_high));
    return true;
}

/* Logarithmic bins go with a logarithmic axis. */
static bool next_bins(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sight.look.log_bins ? "bins auto; axis x lin" : "bins log; axis x log");
    return true;
}

static bool copy_here(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, tui->sight.view == VIEW_TABLE ? "copy row" : "copy data");
    return true;
}

/* --- the scaling law, cycles --- */

static bool next_distance(const struct tui *tui, char *out, size_t size)
{
    static const char *const names[] = {"d_min", "d_direct", "rmsd_is", "rmsd", "jump_fraction"};
    size_t at = 0, n = sizeof names / sizeof *names;
    for (size_t k = 0; k < n; k++)
        if (strcmp(names[k], tui->sight.look.law_x) == 0)
            at = k;
    snprintf(out, size, "law x=%s; zoom fit", names[(at + 1) % n]);
    return true;
}

static bool law_or_map(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "law show=%s", tui->sight.look.relaxation ? "law" : "map");
    return true;
}

static bool cut_or_not(const struct tui *tui, char *out, size_t size)
{
    if (isfinite(tui->sight.look.slice.cut))
        snprintf(out, size, "cut off");
    else
        snprintf(out, size, "prompt \"cut \"");
    return true;
}

/* --- the demos --- */

static enum demo_kind demo_now(const struct tui *tui)
{
    const struct demos *demos = session_demos(tui->session);
    return demos ? demos->kind : DEMO_NONE;
}

/* The film plays, or the two points of the cursor are paired. */
static bool demo_space(const struct tui *tui, char *out, size_t size)
{
    const enum demo_kind kind = demo_now(tui);
    if (kind != DEMO_QUENCH && kind != DEMO_SHELLS)
        return dive(tui, out, size);
    const struct demo_film *film = session_demos(tui->session)->shown;
    if (tui->playing)
        snprintf(out, size, "play off");
    else if (demo_film_at_end(film, kind))
        snprintf(out, size, kind == DEMO_SHELLS ? "step film first" : "step film stage");
    else
        snprintf(out, size, "play on rate=%g", tui->play_rate > 1 ? tui->play_rate : 4);
    return true;
}

/* Faster and slower, or more and fewer points. */
static bool demo_more(const struct tui *tui, bool more, char *out, size_t size)
{
    const struct demos *demos = session_demos(tui->session);
    const double rate = tui->play_rate * (more ? 2 : 0.5);
    const int n = demos ? demos->ring.model.n + (more ? 1 : -1) : 0;
    if (demo_now(tui) == DEMO_QUENCH || demo_now(tui) == DEMO_SHELLS)
        snprintf(out, size, "play on rate=%g", rate > 10 ? 10 : rate < 0.5 ? 0.5 : rate);
    else if (demo_now(tui) == DEMO_RING && n >= 1 && n <= RING_MODEL_MOST)
        snprintf(out, size, "demo 1d n=%d", n);
    else
        return false;
    return true;
}

static bool demo_plus(const struct tui *tui, char *out, size_t size)
{
    return demo_more(tui, true, out, size);
}

static bool demo_minus(const struct tui *tui, char *out, size_t size)
{
    return demo_more(tui, false, out, size);
}

static bool demo_seed(const struct tui *tui, char *out, size_t size)
{
    const struct demos *demos = session_demos(tui->session);
    if (demo_now(tui) == DEMO_RING)
        snprintf(out, size, "demo 1d seed=%llu", (unsigned long long)demos->ring.seed + 1);
    else if (demo_now(tui) == DEMO_FIVE)
        snprintf(out, size, "demo five seed=%llu", (unsigned long long)demos->shown->seed + 1);
    else if (demo_now(tui) == DEMO_QUENCH || demo_now(tui) == DEMO_SHELLS)
        snprintf(out, size, "demo %s seed=%llu n=%d step=0", demo_now(tui) == DEMO_SHELLS ? "shells" : "quench",
                 (unsigned long long)demos->shown->seed + 1, (int)demos->shown->n);
    else
        return false;
    return true;
}

/* The point of the cursor, a little on. */
static bool demo_move(const struct tui *tui, bool after, double by, char *out, size_t size)
{
    const int point = demo_point(tui, after);
    if (point < 0)
        return false;
    snprintf(out, size, "demo 1d move %d %+g%s", point + 1, by, after ? " time=after" : "");
    return true;
}

static bool demo_before_left(const struct tui *tui, char *out, size_t size)
{
    return demo_move(tui, false, -0.1, out, size);
}

static bool demo_before_right(const struct tui *tui, char *out, size_t size)
{
    return demo_move(tui, false, 0.1, out, size);
}

static bool demo_after_left(const struct tui *tui, char *out, size_t size)
{
    return demo_move(tui, true, -0.1, out, size);
}

static bool demo_after_right(const struct tui *tui, char *out, size_t size)
{
    return demo_move(tui, true, 0.1, out, size);
}

static bool demo_hide(const struct tui *tui, char *out, size_t size)
{
    if (demo_now(tui) != DEMO_RING)
        return false;
    snprintf(out, size, "demo 1d %s", session_demos(tui->session)->ring.hidden ? "show" : "hide");
    return true;
}

static bool demo_clear(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "demo 1d clear");
    return demo_now(tui) == DEMO_RING;
}

static const struct binding bindings[] = {
    {"1", EVERYWHERE, "view pu", NULL, "p(u): labelled and matched against g(r)"},
    {"2", EVERYWHERE, "view gr", NULL, "g(r): total and of pairs of species"},
    {"3", EVERYWHERE, "view slice", NULL, "a slice through the atoms, with arrows"},
    {"4", EVERYWHERE, "view table", NULL, "the atoms of this pair"},
    {"5", EVERYWHERE, "view dtw", NULL, "D against the waiting time"},
    {"6", EVERYWHERE, "view scaling", NULL, "the scaling law of all states"},
    {"7", EVERYWHERE, "view map", NULL, "D between all pairs of frames"},
    {"8", EVERYWHERE, "view jobs", NULL, "background jobs"},
    {"9", EVERYWHERE, "view cycles", NULL, "cycles of exchanged atoms"},
    {"0", EVERYWHERE, "view dynamics", NULL, "how atoms move: MSD, F_s, Q, chi_4"},
    {"]", DATA, "step tw +1", NULL, "next waiting time"},
    {"[", DATA, "step tw -1", NULL, "previous waiting time"},
    {"}", DATA, "step tw last", NULL, "longest waiting time"},
    {"{", DATA, "step tw first", NULL, "shortest waiting time"},
    {"Space", DATA, "play", NULL, "play the waiting times, or stop"},
    {".", DATA, "step pair +1", NULL, "next pair at this waiting time"},
    {",", DATA, "step pair -1", NULL, "previous pair"},
    {"A", DATA, NULL, next_average, "average over all pairs of this waiting time, or one pair"},
    {"m", DATA, NULL, next_show, "show labelled, matched, their difference, or both"},
    {"t", DATA, NULL, next_type, "next species: all, then each type"},
    {"B", DATA, NULL, next_species, "match within species, or blind to them"},
    {"i", DATA, NULL, next_structure, "inherent structures, or frames as they are"},
    {"X", PICTURES | ON(VIEW_CYCLES), "axis x toggle", NULL, "linear or logarithmic x axis"},
    {"Y", PICTURES, "axis y toggle", NULL, "linear or logarithmic y axis"},
    {"I", ON(VIEW_PU), NULL, next_instant, "p(u) of the frames as they are beside it, or not"},
    {"x", ON(VIEW_PU), NULL, next_brush, "choose the atoms of this bin, or of all bins up to here; within them: all atoms again"},
    {"O", ON(VIEW_PU), NULL, next_bins, "logarithmic bins and axis, or linear ones"},
    {"T", ON(VIEW_PU) | ON(VIEW_GR), NULL, next_stack, "curves in strips of their own, or together"},
    {"+", PICTURES, "zoom in", NULL, "zoom in at the cursor"},
    {"-", PICTURES, "zoom out", NULL, "zoom out"},
    {"=", PICTURES, "zoom fit", NULL, "show all"},
    {"H", PICTURES, "pan left", NULL, "move the part that is shown to the left"},
    {"L", PICTURES, "pan right", NULL, "to the right"},
    {"J", PICTURES, "pan down", NULL, "downwards"},
    {"K", PICTURES, "pan up", NULL, "upwards"},
    {"Space", ON(VIEW_DEMO), NULL, demo_space, "demo quench: play or stop; demo 1d: pair the two points"},
    {"v", ON(VIEW_DEMO), "step film stage", NULL, "to the inherent structure, then what follows"},
    {"g Home", ON(VIEW_DEMO), "step film first", NULL, "back to the liquid"},
    {"End", ON(VIEW_DEMO), "step film last", NULL, "to the end"},
    {"+", ON(VIEW_DEMO), NULL, demo_plus, "faster; demo 1d: one point more"},
    {"-", ON(VIEW_DEMO), NULL, demo_minus, "slower; demo 1d: one point less"},
    {"s", ON(VIEW_DEMO), NULL, demo_seed, "the next seed: another picture"},
    {"c", ON(VIEW_DEMO), NULL, demo_clear, "forget what is paired by hand"},
    {"X", ON(VIEW_DEMO), NULL, demo_hide, "hide the optimum until all are paired by hand, or show it"},
    {"<", ON(VIEW_DEMO), NULL, demo_before_left, "the point before to the left"},
    {">", ON(VIEW_DEMO), NULL, demo_before_right, "the point before to the right"},
    {"(", ON(VIEW_DEMO), NULL, demo_after_left, "the point after to the left"},
    {")", ON(VIEW_DEMO), NULL, demo_after_right, "the point after to the right"},
    {"l Right", DATA | ON(VIEW_DEMO), NULL, move_right, "cursor to the right"},
    {"h Left", DATA | ON(VIEW_DEMO), NULL, move_left, "cursor to the left"},
    {"j Down", DATA | ON(VIEW_DEMO), NULL, move_down, "cursor down"},
    {"k Up", DATA | ON(VIEW_DEMO), NULL, move_up, "cursor up"},
    {"g Home", ON(VIEW_PU), "step u first", NULL, "cursor to the left end"},
    {"End", ON(VIEW_PU), "step u last", NULL, "cursor to the right end"},
    {"g Home", ATOMS, "step atom first", NULL, "first atom"},
    {"End", ATOMS, "step atom last", NULL, "last atom"},
    {"s", ATOMS, "sort next", NULL, "sort by the next column"},
    {"S", ATOMS, "sort reverse", NULL, "turn the order"},
    {"/", DATA, "prompt \"find \"", NULL, "find an atom by id or type"},
    {"n", DATA, "find", NULL, "find the next one"},
    {"N", DATA, "find previous", NULL, "find the one before"},
    {"f", DATA, NULL, edit_filter, "which atoms are in the table: an expression"},
    {"Enter", DATA | ON(VIEW_DEMO) | ON(VIEW_SESSIONS), NULL, dive, "open what is under the cursor"},
    {")", ON(VIEW_SLICE), "step plane +1", NULL, "the plane further along its normal"},
    {"(", ON(VIEW_SLICE), "step plane -1", NULL, "the plane back along its normal"},
    {">", ON(VIEW_SLICE), NULL, thicker, "a thicker slice"},
    {"<", ON(VIEW_SLICE), NULL, thinner, "a thinner slice"},
    {"v", ON(VIEW_SLICE), NULL, next_arrows, "arrows: labelled, matched, both, none"},
    {"p", ON(VIEW_SLICE), NULL, next_normal, "slice across x, y or z"},
    {"w", ON(VIEW_SLICE), NULL, slice_or_space, "all atoms from any side (the cursor keys turn them), or a slice"},
    {"U", ON(VIEW_SLICE), NULL, next_colour, "colour by displacement, or by species"},
    {";", ON(VIEW_SLICE) | ON(VIEW_CYCLES) | ON(VIEW_TABLE), "step cycle +1", NULL, "the atom whose place this one took"},
    {"v", ON(VIEW_SCALING), NULL, next_distance, "the law against another distance"},
    {"w", ON(VIEW_SCALING), NULL, law_or_map, "the relaxation map over T and t_w, or the law"},
    {"c", ON(VIEW_CYCLES), NULL, cut_or_not, "take long edges out of cycles, or not"},
    {"r", ON(VIEW_SLICE), NULL, ring_or_not, "the cycle of the marked atom, or not"},
    {"j Down", LINES, "step line +1", NULL, "a line down"},
    {"k Up", LINES, "step line -1", NULL, "a line up"},
    {"g Home", LINES, "step line first", NULL, "to the top"},
    {"End", LINES, "step line last", NULL, "to the end"},
    {"PgDn", TEXTS | DATA, NULL, page_down, "a page down; in the slice half its thickness further"},
    {"PgUp", TEXTS | DATA, NULL, page_up, "a page up; in the slice half its thickness back"},
    {"e", EVERYWHERE, "prompt \"export \"", NULL, "export what is seen to a file"},
    {"D", ON(VIEW_SESSIONS), NULL, sessions_forget, "forget this session: asks first"},
    {"M", EVERYWHERE, "view sessions", NULL, "sessions kept on disk: open, forget"},
    {"o", ON(VIEW_HOME), "prompt \"open \"", NULL, "open files"},
    {"o", EVERYWHERE & ~ON(VIEW_HOME), "options", NULL, "what can be chosen here, with its values; type to search"},
    {"C-o", EVERYWHERE, "prompt \"open \"", NULL, "open files"},
    {"yy", EVERYWHERE, NULL, copy_here, "copy numbers; of the table the row"},
    {"yc", EVERYWHERE, "copy cmd", NULL, "copy commands; those that lead to this screen"},
    {"yp", EVERYWHERE, "copy text", NULL, "copy picture; as text"},
    {"Tab", EVERYWHERE, "pane next", NULL, "next pane, or view"},
    {"S-Tab", EVERYWHERE, "pane previous", NULL, "previous pane, or view"},
    {"z", EVERYWHERE, "pane max toggle", NULL, "this pane as large as the screen, and back"},
    {"u", EVERYWHERE, "undo", NULL, "take back the last change of what is shown how"},
    {"C-r", EVERYWHERE, "redo", NULL, "what undo took back, again"},
    {"Backspace", EVERYWHERE, "back", NULL, "the place before: view, waiting time, pair"},
    {"b", DATA, "bookmark", NULL, "keep this place under a letter"},
    {"'", EVERYWHERE, "prompt \"goto mark=\"", NULL, "go to a bookmark"},
    {"a", EVERYWHERE, "prompt \"note \"", NULL, "write a note about what is looked at"},
    {"y", EVERYWHERE, NULL, lesson_more, "more of what the lesson says, or the next lesson"},
    {"G", EVERYWHERE, "set glyphs=next", NULL, "curves in braille, half blocks or ASCII"},
    {"C", EVERYWHERE, "set theme=next", NULL, "next theme of colours"},
    {":", EVERYWHERE, "prompt", NULL, "type a command"},
    {"? F1", EVERYWHERE, "palette", NULL, "keys and commands, searched as you type"},
    {"C-l", EVERYWHERE, "redraw", NULL, "paint the screen anew"},
    {"C-c", EVERYWHERE, "cancel", NULL, "cancel all jobs"},
    {"C-z", EVERYWHERE, "suspend", NULL, "stop; fg in the shell goes on"},
    {"q Q", EVERYWHERE, "quit", NULL, "leave at once"},
};

const struct binding *binding_at(int k)
{
    return k >= 0 && k < (int)(sizeof bindings / sizeof *bindings) ? &bindings[k] : NULL;
}

static bool has_key(const char *keys, const char *key)
{
    const char *blank = strchr(keys, ' ');
    size_t first = blank ? (size_t)(blank - keys) : strlen(keys);
    return (strlen(key) == first && memcmp(keys, key, first) == 0) || (blank && strcmp(blank + 1, key) == 0);
}

bool binding_begins(const struct tui *tui, const char *key, char *out, size_t size)
{
    const struct binding *binding;
    size_t used = 0;
    for (int k = 0; (binding = binding_at(k)) != NULL; k++) {
        const char *keys = binding->keys;
        /* Two characters without a blank; names of keys are longer, or end in a letter behind a dash. */
        if (strlen(keys) != 2 || strlen(key) != 1 || keys[0] != key[0] || !(binding->views & ON(tui->sight.view)))
            continue;
        int n = snprintf(out + used, size - used, "%s%s: %.*s", used ? "   " : "", keys, (int)strcspn(binding->help, ";"), binding->help);
        used += n > 0 && used + (size_t)n < size ? (size_t)n : 0;
    }
    return used > 0;
}

bool binding_command(const struct tui *tui, const char *key, char *out, size_t size)
{
    const struct binding *binding;
    const char *own = bindings_find(tui->extra, tui->sight.view, key);
    if (own) {
        snprintf(out, size, "%s", own);
        return true;
    }
    for (int k = 0; (binding = binding_at(k)) != NULL; k++) {
        if (!(binding->views & ON(tui->sight.view)) || !has_key(binding->keys, key))
            continue;
        if (binding->make)
            return binding->make(tui, out, size);
        snprintf(out, size, "%s", binding->command);
        return true;
    }
    return false;
}
