/* The table of atoms of a matched pair. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/atom_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/filter.h"

const char *const atom_column_name[ATOM_COLUMNS] = {"id",    "type",  "x",       "y",     "z",
                                                    "u_lab", "u_mat", "partner", "cycle", "cycle_length",
                                                    "neighbours", "energy"};

double atom_value(const struct atom_source *atoms, int32_t i, enum atom_column column)
{
    const struct match *match = atoms->match;
    const isd_snapshot *a = atoms->a, *b = atoms->b;
    const struct surroundings *around = atoms->around;
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
    case ATOM_NEIGHBOURS:
        return around && around->neighbours ? around->neighbours[i] : NAN;
    case ATOM_ENERGY:
        return around && around->energy ? around->energy[i] : NAN;
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

enum { AROUND = 1u << ATOM_NEIGHBOURS | 1u << ATOM_ENERGY };

bool atom_filter_needs_around(const struct session *session, const char *text)
{
    struct filter *filter = NULL;
    isd_error err;
    bool needs = read_filter(session, text, &filter, &err) == ISD_OK && filter && (filter_columns(filter) & AROUND);
    filter_free(filter);
    return needs;
}

bool atom_sort_needs_around(const char *sort)
{
    bool descending;
    int column = sort && *sort ? atom_column_find(sort, &descending) : -1;
    return column >= 0 && (1u << column & AROUND);
}

/* Only the columns that are compared are looked up. */
static bool passes(const struct filter *filter, unsigned columns, const struct atom_source *atoms, int32_t i)
{
    double row[ATOM_COLUMNS];
    if (!filter)
        return true;
    for (int k = 0; k < ATOM_COLUMNS; k++)
        if (columns >> k & 1)
            row[k] = atom_value(atoms, i, (enum atom_column)k);
    return filter_accepts(filter, row);
}

isd_status atom_filter_pass(const struct session *session, const struct atom_source *atoms, const char *text, uint8_t *ret_pass,
                            int32_t *ret_n, isd_error *err)
{
    struct filter *filter = NULL;
    isd_status status = read_filter(session, text, &filter, err);
    if (status != ISD_OK)
        return status;
    unsigned columns = filter ? filter_columns(filter) : 0;
    int32_t n = 0;
    for (int32_t i = 0; i < atoms->match->n; i++)
        n += ret_pass[i] = passes(filter, columns, atoms, i);
    *ret_n = n;
    filter_free(filter);
    return ISD_OK;
}

/* A number to sort by, its bits turned so that whole numbers order as the doubles do, and NaN behind all. */
struct keyed {
    uint64_t key;
    int32_t index;
};

static uint64_t sort_key(double value, bool descending)
{
    uint64_t bits;
    if (isnan(value))
        return UINT64_MAX;
    value = descending ? -value : value;
    value = value == 0 ? 0 : value; /* -0 is no less than 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

/* By bytes from the last to the first, each pass stable, so that ties stay in the order they come in; passes in which all bytes are the
 * same are left out. A million rows take some 30 ms. *rows and *spare may change places. False: cancelled. */
static bool sort_rows(struct keyed **rows, struct keyed **spare, int32_t n, isd_control *control)
{
    for (int shift = 0; shift < 64; shift += 8) {
        int32_t start[257] = {0};
        struct keyed *from = *rows, *to = *spare;
        if (isd_control_cancelled(control))
            return false;
        for (int32_t k = 0; k < n; k++)
            start[(from[k].key >> shift & 255) + 1]++;
        bool same = n == 0;
        for (int byte = 1; byte <= 256; byte++)
            same = same || start[byte] == n;
        if (same)
            continue;
        for (int byte = 0; byte < 256; byte++)
            start[byte + 1] += start[byte];
        for (int32_t k = 0; k < n; k++)
            to[start[from[k].key >> shift & 255]++] = from[k];
        *rows = to;
        *spare = from;
    }
    return true;
}

/* --- the order --- */

struct atom_order {
    struct filter *filter; /* or NULL */
    unsigned columns;      /* that it compares, and the one to sort by */
    enum atom_column column;
    bool descending;
    int32_t n;
    double *value[ATOM_COLUMNS]; /* [n] of those columns */
    int32_t *row, n_rows;  /* made by a run */
};

void atom_order_free(void *arg)
{
    struct atom_order *order = arg;
    if (!order)
        return;
    filter_free(order->filter);
    for (int k = 0; k < ATOM_COLUMNS; k++)
        free(order->value[k]);
    free(order->row);
    free(order);
}

static isd_status copy_columns(const struct atom_source *atoms, struct atom_order *order, isd_error *err)
{
    for (int k = 0; k < ATOM_COLUMNS; k++) {
        if (!(order->columns >> k & 1))
            continue;
        double *value = order->value[k] = malloc((order->n > 0 ? (size_t)order->n : 1) * sizeof *value);
        if (!value)
            return isd_error_memory(err);
        for (int32_t i = 0; i < order->n; i++)
            value[i] = atom_value(atoms, i, (enum atom_column)k);
    }
    return ISD_OK;
}

isd_status atom_order_new(const struct session *session, const struct atom_source *atoms, const char *filter, const char *sort,
                          struct atom_order **ret_order, isd_error *err)
{
    bool descending = false;
    int column = sort ? atom_column_find(sort, &descending) : ATOM_ID;
    if (column < 0) {
        isd_error_set(err, ISD_USAGE, "sort=%s: there is no such column", sort);
        isd_error_hint(err, "columns are id type x y z u_lab u_mat partner cycle cycle_length neighbours energy; a leading - sorts down");
        return ISD_USAGE;
    }
    struct atom_order *order = calloc(1, sizeof *order);
    if (!order)
        return isd_error_memory(err);
    order->column = (enum atom_column)column;
    order->descending = descending;
    order->n = atoms->match->n;
    isd_status status = read_filter(session, filter, &order->filter, err);
    order->columns = 1u << column | (order->filter ? filter_columns(order->filter) : 0);
    if (status == ISD_OK)
        status = copy_columns(atoms, order, err);
    if (status == ISD_OK)
        *ret_order = order;
    else
        atom_order_free(order);
    return status;
}

static bool is_in(const struct atom_order *order, int32_t i)
{
    double row[ATOM_COLUMNS] = {0};
    if (!order->filter)
        return true;
    for (int k = 0; k < ATOM_COLUMNS; k++)
        if (order->columns >> k & 1)
            row[k] = order->value[k][i];
    return filter_accepts(order->filter, row);
}

isd_status atom_order_run(void *arg, isd_control *control, isd_error *err)
{
    enum { LOOK_EVERY = 65536 };
    struct atom_order *order = arg;
    const size_t room = order->n > 0 ? (size_t)order->n : 1;
    struct keyed *keyed = malloc(room * sizeof *keyed), *spare = malloc(room * sizeof *spare);
    int32_t *row = malloc(room * sizeof *row), n = 0;
    bool whole = keyed && spare && row;
    isd_status status = whole ? ISD_OK : isd_error_memory(err);
    for (int32_t i = 0; whole && i < order->n; i++) {
        if (i % LOOK_EVERY == 0 && isd_control_cancelled(control))
            whole = false;
        else if (is_in(order, i))
            keyed[n++] = (struct keyed){sort_key(order->value[order->column][i], order->descending), i};
    }
    whole = whole && sort_rows(&keyed, &spare, n, control);
    for (int32_t k = 0; whole && k < n; k++)
        row[k] = keyed[k].index;
    free(keyed);
    free(spare);
    if (!whole) {
        free(row);
        return status != ISD_OK ? status : isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    free(order->row);
    order->row = row;
    order->n_rows = n;
    return ISD_OK;
}

int32_t *atom_order_take(struct atom_order *order, int32_t *ret_n)
{
    int32_t *row = order->row;
    order->row = NULL;
    *ret_n = order->n_rows;
    return row;
}

isd_status atom_table_rows(const struct session *session, const struct atom_source *atoms, const char *filter, const char *sort,
                           int32_t **ret_rows, int32_t *ret_n, isd_error *err)
{
    struct atom_order *order = NULL;
    isd_status status = atom_order_new(session, atoms, filter, sort, &order, err);
    if (status == ISD_OK)
        status = atom_order_run(order, NULL, err);
    if (status == ISD_OK)
        *ret_rows = atom_order_take(order, ret_n);
    atom_order_free(order);
    return status;
}
