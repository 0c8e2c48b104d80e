/* What keys do: a table from keys to commands. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/state.h"

#define ON(view) (1u << (view))
#define EVERYWHERE (~0u)
#define DATA (ON(VIEW_PU) | ON(VIEW_TABLE))
#define TEXTS (ON(VIEW_OUTPUT) | ON(VIEW_LOG))

/* Keys whose command depends on what is shown: the command says where it leads, so the log of a session can be run again. */

static void next_show(const struct tui *tui, char *out, size_t size)
{
    static const char *const next[] = {[SIGHT_BOTH] = "lab", [SIGHT_LABELLED] = "mat", [SIGHT_MATCHED] = "both"};
    snprintf(out, size, "show %s", next[tui->sight.show]);
}

static void next_type(const struct tui *tui, char *out, size_t size)
{
    int n_types = session_has_data(tui->session) ? session_frame_info(tui->session, 0)->n_types : 0;
    int next = tui->sight.type + 1;
    if (next > n_types)
        snprintf(out, size, "type all");
    else
        snprintf(out, size, "type '%s'", session_type_label(tui->session, next));
}

static void next_species(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "species %s", tui->sight.blind ? "resolved" : "blind");
}

static void next_structure(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "of %s", tui->sight.raw ? "is" : "raw");
}

static void next_average(const struct tui *tui, char *out, size_t size)
{
    snprintf(out, size, "average %s", tui->sight.average ? "off" : "on");
}

static void page(const struct tui *tui, int direction, char *out, size_t size)
{
    int rows = frame_view_rect(tui->width, tui->height).height - 2;
    rows = rows < 1 ? 1 : rows;
    snprintf(out, size, "step %s %+d", tui->view == VIEW_TABLE ? "atom" : "line", direction * rows);
}

static void page_up(const struct tui *tui, char *out, size_t size)
{
    page(tui, -1, out, size);
}

static void page_down(const struct tui *tui, char *out, size_t size)
{
    page(tui, 1, out, size);
}

/* From an atom to p(u) at its displacement. */
static void show_atom(const struct tui *tui, char *out, size_t size)
{
    const struct atom_rows *atoms = &tui->atoms;
    double u = NAN;
    if (atoms->state == ASK_READY && atoms->cursor < atoms->n) {
        int32_t atom = atoms->row[atoms->cursor];
        u = atom_value(atoms->match, atoms->a, atoms->b, atom, ATOM_U_LAB);
        if (isnan(u))
            u = atom_value(atoms->match, atoms->a, atoms->b, atom, ATOM_U_MAT);
    }
    if (isnan(u))
        snprintf(out, size, "view pu");
    else
        snprintf(out, size, "goto u=%.4f; view pu", u);
}

/* The commands that make what is seen, and then write it: the user adds the name of the file. */
static void export_what_is_seen(const struct tui *tui, char *out, size_t size)
{
    const struct sight *sight = &tui->sight;
    const char *of = sight->raw ? "raw" : "is", *species = sight->blind ? "blind" : "resolved";
    char where[64], type[64] = "";
    if (sight->average && !sight->custom && sight->tw_at >= 0 && tui->view != VIEW_TABLE)
        snprintf(where, sizeof where, "tw=%.10g", sight->tw[sight->tw_at]);
    else
        snprintf(where, sizeof where, "%d:%d", sight->pair.a, sight->pair.b);
    if (sight->type)
        snprintf(type, sizeof type, " type='%s'", session_type_label(tui->session, sight->type));
    if (tui->view == VIEW_TABLE)
        snprintf(out, size, "prompt \"atoms %s of=%s species=%s%s%s; export \"", where, of, species,
                 tui->atoms.sort[0] ? " sort=" : "", tui->atoms.sort);
    else
        snprintf(out, size, "prompt \"pu %s%s of=%s species=%s; export \"", where, type, of, species);
}

static const struct binding bindings[] = {
    {"1", EVERYWHERE, "view pu", NULL, "p(u): labelled and matched against g(r)"},
    {"4", EVERYWHERE, "view table", NULL, "the atoms of this pair"},
    {"8", EVERYWHERE, "view jobs", NULL, "background jobs"},
    {"] Space", DATA, "step tw +1", NULL, "next waiting time"},
    {"[", DATA, "step tw -1", NULL, "previous waiting time"},
    {"}", DATA, "step tw last", NULL, "longest waiting time"},
    {"{", DATA, "step tw first", NULL, "shortest waiting time"},
    {".", DATA, "step pair +1", NULL, "next pair at this waiting time"},
    {",", DATA, "step pair -1", NULL, "previous pair"},
    {"A", DATA, NULL, next_average, "average over all pairs of this waiting time, or one pair"},
    {"m", ON(VIEW_PU), NULL, next_show, "show labelled, matched or both"},
    {"t", ON(VIEW_PU), NULL, next_type, "next species: all, then each type"},
    {"B", DATA, NULL, next_species, "match within species, or blind to them"},
    {"i", DATA, NULL, next_structure, "inherent structures, or frames as they are"},
    {"X", ON(VIEW_PU), "axis x toggle", NULL, "linear or logarithmic u"},
    {"Y", ON(VIEW_PU), "axis y toggle", NULL, "linear or logarithmic p(u)"},
    {"l Right", ON(VIEW_PU), "step u +1", NULL, "cursor to the right"},
    {"h Left", ON(VIEW_PU), "step u -1", NULL, "cursor to the left"},
    {"L", ON(VIEW_PU), "step u +10", NULL, "cursor ten steps to the right"},
    {"H", ON(VIEW_PU), "step u -10", NULL, "cursor ten steps to the left"},
    {"g Home", ON(VIEW_PU), "step u first", NULL, "cursor to the left end"},
    {"G End", ON(VIEW_PU), "step u last", NULL, "cursor to the right end"},
    {"j Down", ON(VIEW_TABLE), "step atom +1", NULL, "next atom"},
    {"k Up", ON(VIEW_TABLE), "step atom -1", NULL, "previous atom"},
    {"g Home", ON(VIEW_TABLE), "step atom first", NULL, "first atom"},
    {"G End", ON(VIEW_TABLE), "step atom last", NULL, "last atom"},
    {"s", ON(VIEW_TABLE), "sort next", NULL, "sort by the next column"},
    {"S", ON(VIEW_TABLE), "sort reverse", NULL, "turn the order"},
    {"/", ON(VIEW_TABLE), "prompt \"find \"", NULL, "find an atom by id or type"},
    {"n", ON(VIEW_TABLE), "find", NULL, "find the next one"},
    {"Enter", ON(VIEW_TABLE), NULL, show_atom, "p(u) at this atom's displacement"},
    {"Enter", ON(VIEW_PU), "view table", NULL, "the atoms, at the cursor's displacement"},
    {"j Down", TEXTS, "step line +1", NULL, "scroll down"},
    {"k Up", TEXTS, "step line -1", NULL, "scroll up"},
    {"g Home", TEXTS, "step line first", NULL, "to the top"},
    {"G End", TEXTS, "step line last", NULL, "to the end"},
    {"PgDn", TEXTS | ON(VIEW_TABLE), NULL, page_down, "a page down"},
    {"PgUp", TEXTS | ON(VIEW_TABLE), NULL, page_up, "a page up"},
    {"e", DATA, NULL, export_what_is_seen, "export what is seen to a file"},
    {"o", EVERYWHERE, "prompt \"open \"", NULL, "open files"},
    {"Tab", EVERYWHERE, "view next", NULL, "next view"},
    {"S-Tab", EVERYWHERE, "view previous", NULL, "previous view"},
    {"Backspace", EVERYWHERE, "back", NULL, "the view before this one"},
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

bool binding_command(const struct tui *tui, const char *key, char *out, size_t size)
{
    const struct binding *binding;
    for (int k = 0; (binding = binding_at(k)) != NULL; k++) {
        if (!(binding->views & ON(tui->view)) || !has_key(binding->keys, key))
            continue;
        if (binding->make)
            binding->make(tui, out, size);
        else
            snprintf(out, size, "%s", binding->command);
        return true;
    }
    return false;
}
