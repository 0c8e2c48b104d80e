/* Atom styles of LAMMPS data files. Source: the LAMMPS manual, "read_data command". SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lammps_data_style.h"

#include <string.h>

#include "io/words.h"

/* In the order of guessing: where a row fits several, those with molecules first if the file has bonds, else last. Hybrid styles have once
 * what their parts share. (LAMMPS' src/atom_vec_*.cpp, fields_data_atom.) */
static const struct data_style styles[] = {
    {"atomic", "itxyz", ""},        {"full", "imtrxyz", "mq"},      {"molecular", "imtxyz", "m"},    {"charge", "itrxyz", "q"},
    {"sphere", "itrrxyz", "dw"},    {"bond", "imtxyz", "m"},        {"angle", "imtxyz", "m"},        {"dipole", "itrxyzrrr", "quuu"},
    {"hybrid", "itxyz", ""},        {"dpd", "itrxyz", "h"},         {"ellipsoid", "itmrxyz", "ew"},  {"template", "immmtxyz", "mIA"},
    {"peri", "itrrxyz", "vw"},      {"line", "imtmrxyz", "mlw"},    {"tri", "imtmrxyz", "mtw"},      {"body", "itmrxyz", "bw"},
    {"bpm/sphere", "imtrrxyz", "mdw"}, {"amoeba", "imtrxyz", "mq"}, {"oxdna", "itxyz", ""},          {"electron", "itrrrxyz", "qgr"},
    {"spin", "itxyzrrrr", "ssss"},  {"edpd", "itrrxyz", "TC"},      {"mdpd", "itrxyz", "o"},         {"sph", "itrrrxyz", "oEc"},
};
#define N_STYLES (sizeof styles / sizeof *styles)
/* Styles that are guessed when none is named: the first of those above. */
#define N_GUESSED 5

static bool is_type(const struct data_hints *hints, const char *p, const char *end)
{
    int64_t value;
    if (scan_int64(p, end, &value) == end)
        return value >= 1 && value <= (hints->n_types > 0 ? hints->n_types : ISD_MAX_TYPES);
    for (int t = 1; t <= ISD_MAX_TYPES; t++)
        if (hints->labels.name[t][0] != '\0' && word_is(p, end, hints->labels.name[t]))
            return true;
    return false;
}

bool data_style_fits(const struct data_style *style, const struct data_hints *hints, const char *p, const char *end)
{
    int words = word_count(p, end), columns = (int)strlen(style->columns);
    if (words != columns && words != columns + 3)
        return false;
    for (int c = 0; c < words; c++) {
        p = word_start(p, end);
        const char *stop = word_end(p, end);
        int64_t whole;
        double real;
        char kind = c < columns ? style->columns[c] : 'm';
        bool fits = kind == 't'                  ? is_type(hints, p, stop)
                    : kind == 'i' || kind == 'm' ? scan_int64(p, stop, &whole) == stop
                                                 : scan_double(p, stop, &real) == stop;
        if (!fits)
            return false;
        p = stop;
    }
    return true;
}

static bool has_molecules(const struct data_style *style)
{
    return style->columns[1] == 'm';
}

const struct data_style *data_style_guess(const struct data_hints *hints, const char *p, const char *end, bool *ret_sure)
{
    const struct data_style *best = NULL;
    *ret_sure = true;
    for (size_t k = 0; k < N_GUESSED; k++) {
        if (!data_style_fits(&styles[k], hints, p, end))
            continue;
        *ret_sure = best == NULL;
        if (best == NULL || (has_molecules(&styles[k]) == hints->bonds && has_molecules(best) != hints->bonds))
            best = &styles[k];
    }
    return best;
}

const struct data_style *data_style_find(const char *name, const char *stop)
{
    if (stop - name > 3 && memcmp(stop - 3, "/kk", 3) == 0) /* of a run with KOKKOS */
        stop -= 3;
    for (size_t k = 0; k < N_STYLES; k++)
        if (word_is(name, stop, styles[k].name))
            return &styles[k];
    return NULL;
}

int data_style_count_hybrid(const char *text)
{
    char seen[64] = "";
    const char *end = text + strlen(text), *p = word_start(word_end(text, end), end);
    int n = p < end ? 0 : -1;
    for (; p < end && n >= 0; p = word_start(word_end(p, end), end)) {
        const struct data_style *style = data_style_find(p, word_end(p, end));
        if (style == NULL || style->name[0] == 'h') /* one of its own kind is none */
            return -1;
        const char *own = style->own;
        while (*own != '\0') {
            size_t run = strspn(own, (const char[]){*own, '\0'}), have = strlen(seen);
            if (strchr(seen, *own) == NULL && have + 1 < sizeof seen) {
                seen[have] = *own;
                seen[have + 1] = '\0';
                n += (int)run;
            }
            own += run;
        }
    }
    return n;
}

void data_style_plan(const struct data_style *style, int words, struct row_plan *plan)
{
    plan->n = words;
    for (int c = 0; style->columns[c] != '\0'; c++) {
        char kind = style->columns[c];
        plan->use[c] = (unsigned char)(kind == 'i'               ? COLUMN_ID
                                       : kind == 't'             ? COLUMN_TYPE
                                       : kind >= 'x' && kind <= 'z' ? COLUMN_POSITION + (kind - 'x')
                                                                 : COLUMN_SKIP);
    }
    int columns = (int)strlen(style->columns);
    plan->images = words == columns + 3;
    for (int d = 0; d < 3 && plan->images; d++)
        plan->use[columns + d] = (unsigned char)(COLUMN_IMAGE + d);
}
