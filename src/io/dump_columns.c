/* Choosing among the columns of a LAMMPS dump. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dump_columns.h"

#include <stdlib.h>
#include <string.h>

enum kind { X, XS, XU, XSU, KINDS };

/* Where each name was found first; -1: nowhere. */
struct found {
    int32_t id, type, element;
    int32_t position[KINDS][3];
    int32_t image[3];
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word in *p ... end; false at the end. */
static bool next_word(const char **p, const char *end, const char **ret_word, size_t *ret_length)
{
    while (*p < end && is_blank(**p))
        ++*p;
    *ret_word = *p;
    while (*p < end && !is_blank(**p))
        ++*p;
    *ret_length = (size_t)(*p - *ret_word);
    return *ret_length > 0;
}

static void note_name(struct found *found, const char *word, size_t length, int32_t column)
{
    static const char *const suffix[KINDS] = {"", "s", "u", "su"};
    int32_t *slot = NULL;
    if (length == 2 && memcmp(word, "id", 2) == 0)
        slot = &found->id;
    else if (length == 4 && memcmp(word, "type", 4) == 0)
        slot = &found->type;
    else if (length == 7 && memcmp(word, "element", 7) == 0)
        slot = &found->element;
    else if (length == 2 && word[0] == 'i' && word[1] >= 'x' && word[1] <= 'z')
        slot = &found->image[word[1] - 'x'];
    else if (length <= 3 && word[0] >= 'x' && word[0] <= 'z')
        for (int k = 0; k < KINDS; k++)
            if (length - 1 == strlen(suffix[k]) && memcmp(word + 1, suffix[k], length - 1) == 0)
                slot = &found->position[k][word[0] - 'x'];
    if (slot != NULL && *slot < 0)
        *slot = column;
}

static bool complete(const int32_t *axis, int axes)
{
    for (int d = 0; d < axes; d++)
        if (axis[d] < 0)
            return false;
    return true;
}

/* Kind of every axis, and whether images go with it; false if the axis is not there at all. */
static bool choose_axis(const struct found *f, int d, bool unwrap, enum kind *ret_kind, bool *ret_image)
{
    static const enum kind order[2][KINDS] = {{X, XS, XU, XSU}, {X, XU, XS, XSU}};
    for (int k = 0; k < KINDS; k++) {
        enum kind kind = order[unwrap][k];
        bool wrapped = kind == X || kind == XS;
        if (f->position[kind][d] < 0 || (unwrap && wrapped && f->image[d] < 0))
            continue;
        *ret_kind = kind;
        *ret_image = unwrap && wrapped;
        return true;
    }
    return false;
}

/* Each axis for itself. */
static bool choose_axes(const struct found *f, int axes, enum kind kind[3], bool image[3])
{
    for (int unwrap = 1; unwrap >= 0; unwrap--) {
        int d = 0;
        while (d < axes && choose_axis(f, d, unwrap, &kind[d], &image[d]))
            d++;
        if (d == axes)
            return true;
    }
    return false;
}

/* One kind for all axes, the most informative first. */
static bool choose_uniform(const struct found *f, int axes, enum kind kind[3], bool image[3])
{
    static const struct {
        enum kind kind;
        bool image;
    } order[] = {{X, true}, {XU, false}, {XS, true}, {XSU, false}, {X, false}, {XS, false}};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        if (!complete(f->position[order[k].kind], axes) || (order[k].image && !complete(f->image, axes)))
            continue;
        for (int d = 0; d < axes; d++) {
            kind[d] = order[k].kind;
            image[d] = order[k].image;
        }
        return true;
    }
    return false;
}

static isd_status choose(struct dump_columns *columns, const struct found *f, bool orthogonal, isd_error *err)
{
    enum kind kind[3] = {X, X, X};
    bool image[3] = {false, false, false};
    columns->has_z = false;
    for (int k = 0; k < KINDS; k++)
        columns->has_z |= f->position[k][2] >= 0;
    int axes = columns->has_z ? 3 : 2;
    bool found = orthogonal ? choose_axes(f, axes, kind, image) : choose_uniform(f, axes, kind, image);
    if (!found) {
        bool mixed = choose_axes(f, axes, kind, image);
        isd_error_set(err, ISD_DATA, "no complete set of positions among the columns%s",
                      mixed ? " (axes of different kinds need an orthogonal cell)" : "");
        isd_error_hint(err, "dump x y z, xs ys zs, xu yu zu or xsu ysu zsu");
        return ISD_DATA;
    }
    columns->unwrapped = true;
    for (int d = 0; d < axes; d++) {
        columns->use[f->position[kind[d]][d]] = (unsigned char)(COLUMN_POSITION + d);
        columns->scaled[d] = kind[d] == XS || kind[d] == XSU;
        columns->unwrapped &= kind[d] == XU || kind[d] == XSU;
        columns->has_image |= image[d];
        if (image[d])
            columns->use[f->image[d]] = (unsigned char)(COLUMN_IMAGE + d);
    }
    return ISD_OK;
}

isd_status dump_columns_init(struct dump_columns *columns, const char *text, size_t length, bool orthogonal,
                             bool by_element, isd_error *err)
{
    struct found found;
    memset(&found, 0xff, sizeof found); /* all -1 */
    *columns = (struct dump_columns){.n = 0};
    const char *p = text, *end = text + length, *word;
    size_t word_length;
    while (next_word(&p, end, &word, &word_length))
        note_name(&found, word, word_length, columns->n++);
    if (columns->n == 0) {
        isd_error_set(err, ISD_DATA, "ITEM: ATOMS names no columns, expected names such as id type x y z");
        isd_error_hint(err, "files of LAMMPS before 2009 have none: add them to the line");
        return ISD_DATA;
    }
    columns->use = calloc((size_t)columns->n, 1);
    if (columns->use == NULL)
        return isd_error_memory(err);
    columns->has_id = found.id >= 0;
    columns->has_type = found.type >= 0 && !(by_element && found.element >= 0);
    columns->has_element = found.element >= 0;
    if (columns->has_id)
        columns->use[found.id] = COLUMN_ID;
    if (columns->has_type)
        columns->use[found.type] = COLUMN_TYPE;
    if (columns->has_element)
        columns->use[found.element] = COLUMN_ELEMENT;
    isd_status status = choose(columns, &found, orthogonal, err);
    if (status != ISD_OK)
        dump_columns_done(columns);
    return status;
}

static void place_atom(const struct dump_columns *columns, const struct file_cell *cell, bool orthogonal, double r[3])
{
    const isd_box *box = &cell->box;
    const double length[3] = {box->lx, box->ly, box->lz};
    if (!orthogonal && columns->scaled[0]) { /* all axes are, unless the cell is orthogonal */
        const double s[3] = {r[0], r[1], r[2]};
        cell_place(cell, s, r);
    } else if (!orthogonal) {
        cell_turn(cell, r);
    } else {
        for (int d = 0; d < 3; d++)
            if (columns->scaled[d])
                r[d] = box->origin[d] + r[d] * length[d];
    }
}

void dump_columns_place(const struct dump_columns *columns, const struct file_cell *cell, isd_snapshot *s)
{
    const isd_box *box = &cell->box;
    bool orthogonal = box->xy == 0 && box->xz == 0 && box->yz == 0 && !cell->turned;
    bool any_scaled = columns->scaled[0] || columns->scaled[1] || columns->scaled[2];
    for (int32_t i = 0; i < s->n && (any_scaled || cell->turned); i++)
        place_atom(columns, cell, orthogonal, s->position + 3 * (size_t)i);
    if (columns->has_z)
        return;
    double low = box->origin[2], high = low + box->lz, z = low <= 0 && 0 <= high ? 0.0 : (low + high) / 2;
    for (int32_t i = 0; i < s->n; i++)
        s->position[3 * (size_t)i + 2] = z;
}

void dump_columns_done(struct dump_columns *columns)
{
    free(columns->use);
    *columns = (struct dump_columns){.n = 0};
}
