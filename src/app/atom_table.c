/* The table of atoms of a matched pair. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/atom_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/filter.h"

const char *const atom_column_name[ATOM_COLUMNS] = {"id",    "type",  "x",       "y",     "z",
                                                    "u_lab", "u_mat", "partner", "cycle", "cycle_length"};

double atom_value(const struct match *match, const isd_snapshot *a, const isd_snapshot *b, int32_t i, enum atom_column column)
{
    double r[3];
    switch (column) {
    case ATOM_ID:
        return (double)a->id[i];
    case ATOM_TYPE:
        return a->type[i];
    case ATOM_X:
    case ATOM_Y:
    case ATOM_Z:
        isd_box_wrap(&a->box, a->position + 3 * (size_t)i, r);
        return r[column - ATOM_X];
    case ATOM_U_LAB:
        return match->u_lab ? match->u_lab[i] : NAN;
    case ATOM_U_MAT:
        return match->u_mat[i];
    case ATOM_PARTNER:
        return (double)b->id[match->partner[i]];
    case ATOM_CYCLE:
        return match->cycle && match->cycle[i] > 0 ? match->cycle[i] : NAN;
    case ATOM_CYCLE_LENGTH:
        return match->cycle_length ? match->cycle_length[i] : NAN;
    case ATOM_COLUMNS:
        break;
    }
    return NAN;
}

int atom_column_find(const char *word, bool *ret_descending)
{
    *ret_descending = word[0] == '-';
    for (int k = 0; k < ATOM_COLUMNS; k++)
        if (strcmp(atom_column_name[k], word + *ret_descending) == 0)
            return k;
    return -1;
}

static double label_value(void *arg, const char *column, const char *word)
{
    int type = strcmp(column, "type") == 0 ? session_find_type(arg, word) : 0;
    return type > 0 ? type : NAN;
}

static isd_status read_filter(const struct session *session, const char *text, struct filter **ret_filter, isd_error *err)
{
    *ret_filter = NULL;
    if (!text || !*text)
        return ISD_OK;
    return filter_parse(text, atom_column_name, ATOM_COLUMNS, label_value, (void *)(uintptr_t)session, ret_filter, err);
}

isd_status atom_filter_check(const struct session *session, const char *text, isd_error *err)
{
    struct filter *filter = NULL;
    isd_status status = read_filter(session, text, &filter, err);
    filter_free(filter);
    return status;
}

static bool passes(const struct filter *filter, const struct match *match, const isd_snapshot *a, const isd_snapshot *b, int32_t i)
{
    double row[ATOM_COLUMNS];
    if (!filter)
        return true;
    for (int k = 0; k < ATOM_COLUMNS; k++)
        row[k] = atom_value(match, a, b, i, (enum atom_column)k);
    return filter_accepts(filter, row);
}

isd_status atom_filter_pass(const struct session *session, const struct match *match, const isd_snapshot *a, const isd_snapshot *b,
                            const char *text, uint8_t *ret_pass, int32_t *ret_n, isd_error *err)
{
    struct filter *filter = NULL;
    isd_status status = read_filter(session, text, &filter, err);
    if (status != ISD_OK)
        return status;
    int32_t n = 0;
    for (int32_t i = 0; i < match->n; i++)
        n += ret_pass[i] = passes(filter, match, a, b, i);
    *ret_n = n;
    filter_free(filter);
    return ISD_OK;
}

struct keyed {
    double key;
    int32_t index;
};

static int ascending(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (isnan(x->key) || isnan(y->key)) {
        if (isnan(x->key) != isnan(y->key))
            return isnan(x->key) ? 1 : -1;
    } else if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

static void sort_rows(struct keyed *rows, int32_t n, bool descending)
{
    if (descending)
        for (int32_t k = 0; k < n; k++)
            rows[k].key = -rows[k].key;
    qsort(rows, (size_t)n, sizeof *rows, ascending);
}

isd_status atom_table_rows(const struct session *session, const struct match *match, const isd_snapshot *a,
                           const isd_snapshot *b, const char *filter_text, const char *sort, int32_t **ret_rows,
                           int32_t *ret_n, isd_error *err)
{
    bool descending = false;
    int column = sort ? atom_column_find(sort, &descending) : ATOM_ID;
    struct filter *filter = NULL;
    if (column < 0) {
        isd_error_set(err, ISD_USAGE, "sort=%s: there is no such column", sort);
        isd_error_hint(err, "columns are id type x y z u_lab u_mat partner cycle cycle_length; a leading - sorts down");
        return ISD_USAGE;
    }
    isd_status status = read_filter(session, filter_text, &filter, err);
    if (status != ISD_OK)
        return status;
    size_t room = match->n > 0 ? (size_t)match->n : 1;
    struct keyed *keyed = malloc(room * sizeof *keyed);
    int32_t *rows = malloc(room * sizeof *rows), n = 0;
    if (!keyed || !rows) {
        status = isd_error_memory(err);
        free(rows);
    } else {
        for (int32_t i = 0; i < match->n; i++) {
            if (passes(filter, match, a, b, i))
                keyed[n++] = (struct keyed){atom_value(match, a, b, i, (enum atom_column)column), i};
        }
        sort_rows(keyed, n, descending);
        for (int32_t k = 0; k < n; k++)
            rows[k] = keyed[k].index;
        *ret_rows = rows;
        *ret_n = n;
    }
    free(keyed);
    filter_free(filter);
    return status;
}
