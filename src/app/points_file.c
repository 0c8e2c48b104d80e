/* Tables of points from elsewhere. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/points.h"
#include "app/state.h"
#include "base/text.h"
#include "io/columns.h"

struct table_columns {
    int T, p, t_w, value[POINT_COLUMNS], se[POINT_COLUMNS]; /* -1: not there */
};

static int find_any(const struct columns *columns, const char *const *names)
{
    for (; *names; names++) {
        int found = columns_find(columns, *names);
        if (found >= 0)
            return found;
    }
    return -1;
}

/* The column of the errors of one value: se_NAME or NAME_se, under either of its names. */
static int find_error(const struct columns *columns, const char *name)
{
    char text[64];
    if (!name)
        return -1;
    snprintf(text, sizeof text, "se_%s", name);
    int found = columns_find(columns, text);
    if (found >= 0)
        return found;
    snprintf(text, sizeof text, "%s_se", name);
    return columns_find(columns, text);
}

static isd_status find_columns(const struct columns *columns, const char *path, struct table_columns *ret, isd_error *err)
{
    int known = 0;
    ret->T = find_any(columns, (const char *const[]){"T", "temperature", "temp", NULL});
    ret->p = find_any(columns, (const char *const[]){"p", "P", "pressure", "press", NULL});
    ret->t_w = find_any(columns, (const char *const[]){"t_w", "tw", "period", NULL});
    for (int c = 0; c < POINT_COLUMNS; c++) {
        ret->value[c] = find_any(columns, (const char *const[]){point_column_name(c), point_column_other(c), NULL});
        ret->se[c] = find_error(columns, point_column_name(c));
        if (ret->se[c] < 0)
            ret->se[c] = find_error(columns, point_column_other(c));
        known += ret->value[c] >= 0;
    }
    if (known > 0)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "no column is named delta, d_min, G1 or the like: nothing to plot or fit");
    isd_error_at(err, path, 0, 0);
    isd_error_hint(err, "a first line T,t_w,delta,se_delta,d_min,se_d_min names the columns");
    return ISD_DATA;
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
