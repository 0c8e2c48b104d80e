/* Tables of points from elsewhere. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/points.h"
#include "app/state.h"
#include "base/text.h"
#include "io/columns.h"

bool path_is_table(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && (strcasecmp(path + length - 4, ".csv") == 0 || strcasecmp(path + length - 4, ".tsv") == 0);
}

struct table_columns {
    int T, p, t_w, value[POINT_COLUMNS], se[POINT_COLUMNS]; /* -1: not there */
};

/* The first of these names (NULL ends them) that a column has. */
static isd_status find_any(const struct columns *columns, const char *path, const char *const *names, int *ret_column, isd_error *err)
{
    isd_status status = ISD_OK;
    *ret_column = -1;
    for (; *names && *ret_column < 0 && status == ISD_OK; names++)
        status = columns_find_one(columns, path, *names, ret_column, err);
    return status;
}

/* The column of the errors of a value: se_NAME or NAME_se, under either of its names. */
static isd_status find_error(const struct columns *columns, const char *path, enum point_column value, int *ret_column, isd_error *err)
{
    char text[4][64];
    const char *names[5] = {NULL};
    int n = 0;
    for (int other = 0; other < 2; other++) {
        const char *name = other ? point_column_other(value) : point_column_name(value);
        if (!name)
            continue;
        snprintf(text[n], sizeof text[n], "se_%s", name);
        snprintf(text[n + 1], sizeof text[n + 1], "%s_se", name);
        names[n] = text[n];
        names[n + 1] = text[n + 1];
        n += 2;
    }
    return find_any(columns, path, names, ret_column, err);
}

/* An error is no negative number. */
static isd_status check_error(const struct columns *columns, const char *path, int column, isd_error *err)
{
    for (int32_t k = 0; column >= 0 && k < columns->n_rows; k++)
        if (columns->value[column][k] < 0) {
            isd_error_set(err, ISD_DATA, "%s is %g: an error cannot be negative", columns->name[column], columns->value[column][k]);
            isd_error_at(err, path, columns->line[k], 0);
            isd_error_hint(err, "an empty cell means that it is not known");
            return ISD_DATA;
        }
    return ISD_OK;
}

static isd_status check_r0(const struct columns *columns, const char *path, int column, isd_error *err)
{
    for (int32_t k = 0; column >= 0 && k < columns->n_rows; k++)
        if (columns->value[column][k] <= 0) {
            isd_error_set(err, ISD_DATA, "r0 is %g: a length in units of it means nothing", columns->value[column][k]);
            isd_error_at(err, path, columns->line[k], 0);
            isd_error_hint(err, "r0 = (V/N)^(1/d); an empty cell means that it is not known");
            return ISD_DATA;
        }
    return ISD_OK;
}

static isd_status find_columns(const struct columns *columns, const char *path, struct table_columns *ret, isd_error *err)
{
    int known = 0;
    isd_status status = find_any(columns, path, (const char *const[]){"T", "temperature", "temp", NULL}, &ret->T, err);
    if (status == ISD_OK)
        status = find_any(columns, path, (const char *const[]){"p", "P", "pressure", "press", NULL}, &ret->p, err);
    if (status == ISD_OK)
        status = find_any(columns, path, (const char *const[]){"t_w", "tw", "period", NULL}, &ret->t_w, err);
    for (int c = 0; c < POINT_COLUMNS && status == ISD_OK; c++) {
        status = find_any(columns, path, (const char *const[]){point_column_name(c), point_column_other(c), NULL}, &ret->value[c], err);
        if (status == ISD_OK)
            status = find_error(columns, path, c, &ret->se[c], err);
        if (status == ISD_OK)
            status = check_error(columns, path, ret->se[c], err);
        known += ret->value[c] >= 0;
    }
    if (status == ISD_OK)
        status = check_r0(columns, path, ret->value[POINT_R0], err);
    if (status != ISD_OK || known > 0)
        return status;
    isd_error_set(err, ISD_DATA, "no column is named delta, d_min, G1 or the like: nothing to plot or fit");
    isd_error_at(err, path, 0, 0);
    isd_error_hint(err, "a first line T,t_w,delta,se_delta,d_min,se_d_min names the columns");
    return ISD_DATA;
}

/* Columns that mean nothing here are named: one of them may be a slip of the pen. */
static void tell_unknown(struct session *session, const struct columns *columns, const char *path, const struct table_columns *of)
{
    char names[200] = "";
    int unknown = 0;
    for (int c = 0; c < columns->n_columns; c++) {
        bool known = c == of->T || c == of->p || c == of->t_w;
        for (int v = 0; v < POINT_COLUMNS; v++)
            known = known || c == of->value[v] || c == of->se[v];
        if (known)
            continue;
        size_t used = strlen(names);
        if (columns->name[c][0])
            snprintf(names + used, sizeof names - used, "%s%s", unknown > 0 ? ", " : "", columns->name[c]);
        else
            snprintf(names + used, sizeof names - used, "%s%d", unknown > 0 ? ", " : "", c + 1);
        unknown++;
    }
    if (unknown > 0)
        session_message(session, "%s: column%s not used: %s (help points names those that are known)", path, unknown == 1 ? "" : "s", names);
}

static double cell(const struct columns *columns, int column, int32_t row)
{
    return column >= 0 ? columns->value[column][row] : NAN;
}

/* Takes over the columns. */
static isd_status add_rows(struct session *session, const char *path, struct columns *columns, isd_error *err)
{
    struct table_columns of = {0};
    isd_status status = find_columns(columns, path, &of, err);
    if (status == ISD_OK) {
        struct point *grown = realloc(session->point, ((size_t)session->n_points + (size_t)columns->n_rows) * sizeof *grown);
        if (grown)
            session->point = grown;
        else
            status = isd_error_memory(err);
    }
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    for (int32_t k = 0; status == ISD_OK && k < columns->n_rows; k++) {
        struct point *point = &session->point[session->n_points++];
        *point = (struct point){.T = cell(columns, of.T, k), .p = cell(columns, of.p, k), .t_w = cell(columns, of.t_w, k)};
        text_escape(base, strlen(base), point->name, sizeof point->name);
        for (int c = 0; c < POINT_COLUMNS; c++) {
            point->value[c] = cell(columns, of.value[c], k);
            point->se[c] = cell(columns, of.se[c], k);
        }
    }
    if (status == ISD_OK)
        tell_unknown(session, columns, path, &of);
    columns_free(columns);
    return status;
}

isd_status session_points_open(struct session *session, const char *path, isd_error *err)
{
    struct columns *columns = NULL;
    isd_status status = columns_read(path, session_note, session, NULL, &columns, err);
    return status == ISD_OK ? add_rows(session, path, columns, err) : status;
}

isd_status session_points_open_text(struct session *session, const char *name, const char *text, isd_error *err)
{
    struct columns *columns = NULL;
    int kept = 0;
    isd_status status = columns_read_memory(name, text, strlen(text), session_note, session, &columns, err);
    if (status != ISD_OK)
        return status;
    for (int k = 0; k < session->n_points; k++)
        if (strcmp(session->point[k].name, name) != 0)
            session->point[kept++] = session->point[k];
    session->n_points = kept;
    return add_rows(session, name, columns, err);
}
