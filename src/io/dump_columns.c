/* Choosing among the columns of a LAMMPS dump. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dump_columns.h"

#include <math.h>
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

static bool is_wrapped(enum kind kind)
{
    return kind == X || kind == XS;
}

static bool is_scaled(enum kind kind)
{
    return kind == XS || kind == XSU;
}

/* The rows of the matrix that makes x, y, z of fractions, in the frame of the file. */
static void file_rows(const struct file_cell *cell, double row[3][3])
{
    const isd_box *box = &cell->box;
    const double own[3][3] = {{box->lx, box->xy, box->xz}, {0, box->ly, box->yz}, {0, 0, box->lz}};
    for (int d = 0; d < 3; d++)
        for (int k = 0; k < 3; k++)
            row[d][k] = cell->turned ? cell->rotation[0][d] * own[0][k] + cell->rotation[1][d] * own[1][k] + cell->rotation[2][d] * own[2][k]
                                     : own[d][k];
}

/* The matrix that makes fractions of positions whose scaled axes are fractions already; false where these do not tell all. */
static bool to_fractions(const struct file_cell *cell, const bool scaled[3], double ret_inverse[3][3])
{
    double m[3][3], size = 1;
    file_rows(cell, m);
    for (int d = 0; d < 3; d++) {
        for (int k = 0; k < 3 && scaled[d]; k++)
            m[d][k] = d == k;
        size *= fabs(m[d][0]) + fabs(m[d][1]) + fabs(m[d][2]);
    }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int a = (j + 1) % 3, b = (j + 2) % 3, c = (i + 1) % 3, d = (i + 2) % 3;
            ret_inverse[i][j] = m[a][c] * m[b][d] - m[a][d] * m[b][c];
        }
    double volume = m[0][0] * ret_inverse[0][0] + m[0][1] * ret_inverse[1][0] + m[0][2] * ret_inverse[2][0];
    for (int k = 0; k < 9; k++)
        ret_inverse[k / 3][k % 3] /= volume;
    return fabs(volume) > 1e-6 * size; /* NaN is not */
}

/* Where the cell is tilted and no images are there, a wrapped position says nothing of an axis that is not, nor the reverse. */
static bool kinds_fit(const struct file_cell *cell, const enum kind kind[3])
{
    double row[3][3];
    file_rows(cell, row);
    for (int d = 0; d < 3; d++)
        for (int k = 0; k < 3 && !is_scaled(kind[d]); k++)
            if (row[d][k] != 0 && is_wrapped(kind[d]) != is_wrapped(kind[k]))
                return false;
    return true;
}

/* The first kind of every axis among those that are allowed. */
static bool take_kinds(const struct found *f, int axes, bool wrapped, bool unwrapped, enum kind kind[3])
{
    for (int d = 0; d < axes; d++) {
        enum kind k = X;
        while (k < KINDS && (f->position[k][d] < 0 || !(is_wrapped(k) ? wrapped : unwrapped)))
            k++;
        if (k == KINDS)
            return false;
        kind[d] = k;
    }
    return true;
}

/* No kind is complete, but every axis is there: those that say most first, and at last any that fit each other. */
static bool choose_mixed(const struct found *f, int axes, const struct file_cell *cell, enum kind kind[3], bool image[3])
{
    if (complete(f->image, axes)) {
        image[0] = image[1] = image[2] = true;
        return take_kinds(f, axes, true, true, kind);
    }
    if (take_kinds(f, axes, false, true, kind) || take_kinds(f, axes, true, false, kind))
        return true;
    for (int k = 0; k < 64; k++) {
        bool there = true;
        kind[2] = XS; /* one that is not there is 0 */
        for (int d = 0; d < axes && there; d++) {
            kind[d] = (enum kind)(k >> 2 * d & 3);
            there = f->position[kind[d]][d] >= 0;
        }
        if (there && kinds_fit(cell, kind))
            return true;
    }
    return false;
}

static isd_status refuse_positions(bool every, bool fit, isd_error *err)
{
    if (every && !fit) {
        isd_error_set(err, ISD_DATA, "wrapped and unwrapped axes are mixed in a tilted cell without images: they belong to different copies of an atom");
        isd_error_hint(err, "dump ix iy iz too, or all axes of one kind: x y z, xs ys zs, xu yu zu or xsu ysu zsu");
    } else {
        isd_error_set(err, ISD_DATA, every ? "the axes that are scaled and those that are not do not say together where an atom is in this cell"
                                           : "no complete set of positions among the columns");
        isd_error_hint(err, "dump x y z, xs ys zs, xu yu zu or xsu ysu zsu");
    }
    return ISD_DATA;
}

/* Positions and images of these kinds are read. */
static void use_kinds(struct dump_columns *columns, const struct found *f, int axes, const enum kind kind[3], const bool image[3])
{
    bool any_unwrapped = false;
    columns->unwrapped = true;
    for (int d = 0; d < axes; d++) {
        columns->use[f->position[kind[d]][d]] = (unsigned char)(COLUMN_POSITION + d);
        columns->scaled[d] = is_scaled(kind[d]);
        columns->wrapped[d] = is_wrapped(kind[d]);
        columns->unwrapped &= !is_wrapped(kind[d]);
        any_unwrapped |= !is_wrapped(kind[d]);
        columns->has_image |= image[d];
        if (image[d])
            columns->use[f->image[d]] = (unsigned char)(COLUMN_IMAGE + d);
    }
    columns->unwrapped |= columns->mixed && columns->has_image && any_unwrapped; /* see place_mixed */
}

static isd_status choose(struct dump_columns *columns, const struct found *f, const struct file_cell *cell, isd_error *err)
{
    enum kind kind[3] = {X, X, X};
    bool image[3] = {false, false, false}, orthogonal = cell == NULL || cell_is_orthogonal(cell);
    columns->has_z = false;
    for (int k = 0; k < KINDS; k++)
        columns->has_z |= f->position[k][2] >= 0;
    int axes = columns->has_z ? 3 : 2;
    bool every = take_kinds(f, axes, true, true, kind);
    bool found = orthogonal ? choose_axes(f, axes, kind, image) : choose_uniform(f, axes, kind, image);
    if (!found && every && !orthogonal)
        found = columns->mixed = choose_mixed(f, axes, cell, kind, image);
    if (!found)
        return refuse_positions(every, false, err);
    use_kinds(columns, f, axes, kind, image);
    columns->scaled[2] |= columns->mixed && !columns->has_z;
    double inverse[3][3];
    if (columns->mixed && !to_fractions(cell, columns->scaled, inverse) && isd_box_check(&cell->box, NULL) == ISD_OK)
        return refuse_positions(true, true, err);
    return ISD_OK;
}

isd_status dump_columns_init(struct dump_columns *columns, const char *text, size_t length, const struct file_cell *cell,
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
    isd_status status = choose(columns, &found, cell, err);
    if (status != ISD_OK)
        dump_columns_done(columns);
    return status;
}

static void place_atom(const struct dump_columns *columns, const struct file_cell *cell, bool orthogonal, double r[3])
{
    const isd_box *box = &cell->box;
    const double length[3] = {box->lx, box->ly, box->lz};
    if (!orthogonal && columns->scaled[0]) { /* all axes are */
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

/* Axes of different kinds in a tilted cell. What is wrapped is unwrapped where other axes are so already. */
static void place_mixed(const struct dump_columns *columns, const struct file_cell *cell, isd_snapshot *s)
{
    double inverse[3][3], row[3][3];
    bool unwrap = columns->unwrapped && columns->has_image;
    to_fractions(cell, columns->scaled, inverse);
    file_rows(cell, row);
    for (int32_t i = 0; i < s->n; i++) {
        double *r = s->position + 3 * (size_t)i, v[3], f[3];
        const int32_t *image = unwrap ? s->image + 3 * (size_t)i : NULL;
        for (int d = 0; d < 3; d++) {
            v[d] = columns->scaled[d] ? r[d] : r[d] - cell->box.origin[d];
            if (unwrap && columns->wrapped[d])
                v[d] += columns->scaled[d] ? image[d] : row[d][0] * image[0] + row[d][1] * image[1] + row[d][2] * image[2];
        }
        for (int d = 0; d < 3; d++)
            f[d] = inverse[d][0] * v[0] + inverse[d][1] * v[1] + inverse[d][2] * v[2];
        cell_place(cell, f, r);
    }
    if (!unwrap)
        return;
    free(s->image);
    s->image = NULL;
}

static void place_alike(const struct dump_columns *columns, const struct file_cell *cell, isd_snapshot *s)
{
    bool orthogonal = cell_is_orthogonal(cell);
    bool any_scaled = columns->scaled[0] || columns->scaled[1] || columns->scaled[2];
    for (int32_t i = 0; i < s->n && (any_scaled || cell->turned); i++)
        place_atom(columns, cell, orthogonal, s->position + 3 * (size_t)i);
}

void dump_columns_place(const struct dump_columns *columns, const struct file_cell *cell, isd_snapshot *s)
{
    const isd_box *box = &cell->box;
    if (columns->mixed)
        place_mixed(columns, cell, s);
    else
        place_alike(columns, cell, s);
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
