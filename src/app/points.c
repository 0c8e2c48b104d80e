/* delta, moduli and distances of every state (T, p) and waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/points.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/average.h"
#include "app/state.h"
#include "app/trace.h"
#include "base/text.h"
#include "io/columns.h"

static const struct {
    const char *name, *other; /* as this program writes it; as others do, or NULL */
    bool is_length;
} column_names[POINT_COLUMNS] = {
    [POINT_DELTA] = {"delta", NULL, false},          [POINT_G1] = {"G1", "Gp", false},
    [POINT_G2] = {"G2", "Gpp", false},               [POINT_D_MIN] = {"d_min", "Dmin", true},
    [POINT_BLIND] = {"d_min_blind", NULL, true},     [POINT_DIRECT] = {"d_direct", NULL, true},
    [POINT_DIRECT_BLIND] = {"d_direct_blind", NULL, true}, [POINT_RMSD_IS] = {"rmsd_is", NULL, true},
    [POINT_RMSD] = {"rmsd", NULL, true},             [POINT_JUMP] = {"jump_fraction", NULL, false},
    [POINT_JUMP_RAW] = {"jump_fraction_raw", NULL, false}, [POINT_R0] = {"r0", NULL, true},
};

const char *point_column_name(enum point_column column)
{
    return column_names[column].name;
}

int point_column_find(const char *name)
{
    for (int c = 0; c < POINT_COLUMNS; c++)
        if (strcasecmp(name, column_names[c].name) == 0 || (column_names[c].other && strcasecmp(name, column_names[c].other) == 0))
            return c;
    return -1;
}

bool point_column_is_length(enum point_column column)
{
    return column_names[column].is_length;
}

bool same_or_unknown(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* --- joining --------------------------------------------------------------------------------------------------------------- */

static struct point *add_point(struct point_table *table, double T, double p, double t_w, const char *name, isd_error *err)
{
    for (int k = 0; k < table->n && isfinite(t_w); k++) /* without t_w nobody knows what goes together */
        if (same_or_unknown(table->point[k].T, T) && same_or_unknown(table->point[k].p, p) && same_or_unknown(table->point[k].t_w, t_w))
            return &table->point[k];
    struct point *grown = realloc(table->point, ((size_t)table->n + 1) * sizeof *grown);
    if (!grown) {
        isd_error_memory(err);
        return NULL;
    }
    table->point = grown;
    struct point *point = &grown[table->n++];
    *point = (struct point){.T = T, .p = p, .t_w = t_w};
    snprintf(point->name, sizeof point->name, "%s", name);
    for (int c = 0; c < POINT_COLUMNS; c++)
        point->value[c] = point->se[c] = NAN;
    return point;
}

static isd_status add_tables(const struct session *session, struct point_table *table, isd_error *err)
{
    for (int k = 0; k < session->n_points; k++) {
        const struct point *from = &session->point[k];
        struct point *point = add_point(table, from->T, from->p, from->t_w, from->name, err);
        if (!point)
            return ISD_MEMORY;
        for (int c = 0; c < POINT_COLUMNS; c++)
            if (!isnan(from->value[c])) {
                point->value[c] = from->value[c];
                point->se[c] = from->se[c];
            }
    }
    return ISD_OK;
}

static isd_status add_traces(struct session *session, int skip, struct point_table *table, isd_error *err)
{
    for (int k = 0; k < session_trace_count(session); k++) {
        const struct trace *trace = session_trace(session, k);
        struct oscillation fit;
        isd_status status = trace_fit(session, trace, skip, false, &fit, err);
        if (status != ISD_OK)
            return status;
        struct point *point = add_point(table, trace->T, trace->p, trace->t_w, trace->name, err);
        if (point) {
            point->value[POINT_DELTA] = fit.delta;
            point->value[POINT_G1] = fit.storage;
            point->value[POINT_G2] = fit.loss;
            bool known = isfinite(fit.se_delta);
            point->se[POINT_DELTA] = known ? fit.se_delta : fit.se_formula_delta;
            point->se[POINT_G1] = known ? fit.se_storage : fit.se_formula;
            point->se[POINT_G2] = known ? fit.se_loss : fit.se_formula;
        }
        oscillation_done(&fit);
        if (!point)
            return ISD_MEMORY;
    }
    return ISD_OK;
}

static void take_average(const struct average *average, struct point *point)
{
    static const struct {
        enum average_column from;
        enum point_column to;
    } pairs[] = {{D_MIN, POINT_D_MIN}, {D_BLIND, POINT_BLIND}, {D_DIRECT, POINT_DIRECT}, {D_DIRECT_BLIND, POINT_DIRECT_BLIND},
                 {RMSD_IS, POINT_RMSD_IS}, {RMSD, POINT_RMSD}, {JUMP, POINT_JUMP}, {JUMP_RAW, POINT_JUMP_RAW}};
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        double mean = series_mean(average->x[pairs[k].from], average->n);
        if (isnan(mean))
            continue; /* another set may know */
        point->value[pairs[k].to] = mean;
        point->se[pairs[k].to] = series_se(average->x[pairs[k].from], average->pairs, average->n, false);
    }
}

/* The averages of the set in use at t_w; without two frames that far apart nothing is added. */
static enum ask add_average(struct session *session, double t_w, struct point_table *table, struct point *point, isd_error *err)
{
    struct average average = {.tw = t_w};
    struct match_request wanted = {.eps = 0};
    const isd_snapshot *first = NULL;
    structure_defaults(session, true, &wanted.structure);
    if (series_pairs(session_times(session), t_w, false, &average.pairs, &average.n, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = ASK_READY;
    if (average.n > 0)
        answer = average_fill(session, &wanted, true, &average, err);
    if (answer == ASK_READY && average.n > 0 && session_frame(session, 0, &first, err) != ISD_OK)
        answer = ASK_FAILED;
    if (answer == ASK_READY && average.n > 0) {
        take_average(&average, point);
        point->value[POINT_R0] = isd_box_spacing(&first->box, first->n);
        point->se[POINT_R0] = 0;
        table->unconverged += average.unconverged;
        table->certified = table->certified && average.certified;
    }
    average_done(&average);
    return answer;
}

static enum ask add_set(struct session *session, const struct dataset *set, struct point_table *table, isd_error *err)
{
    enum ask answer = ASK_READY;
    if (isfinite(set->t_w) && !add_point(table, set->T, set->p, set->t_w, set->name, err))
        return ASK_FAILED;
    for (int k = 0; k < table->n && answer != ASK_FAILED; k++) {
        struct point *point = &table->point[k];
        if (!same_or_unknown(point->T, set->T) || !same_or_unknown(point->p, set->p) || (isfinite(set->t_w) && !same_or_unknown(point->t_w, set->t_w)))
            continue;
        enum ask one = add_average(session, point->t_w, table, point, err);
        if (one != ASK_READY)
            answer = one;
    }
    return answer;
}

static int by_state(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    const double key[3][2] = {{x->T, y->T}, {x->p, y->p}, {x->t_w, y->t_w}};
    for (int k = 0; k < 3; k++)
        if (key[k][0] != key[k][1] && !(isnan(key[k][0]) && isnan(key[k][1])))
            return isnan(key[k][0]) || key[k][0] < key[k][1] ? -1 : 1;
    return 0;
}

enum ask session_points(struct session *session, int skip, struct point_table *ret_table, isd_error *err)
{
    struct point_table table = {.certified = true};
    int before = session_current_set(session);
    enum ask answer = add_traces(session, skip, &table, err) == ISD_OK && add_tables(session, &table, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    for (int k = 0; k < session->n_sets && answer != ASK_FAILED; k++) {
        enum ask one = ASK_FAILED;
        if (session_use_set(session, session->set[k]->name, err) == ISD_OK)
            one = add_set(session, session->set[k], &table, err);
        if (one != ASK_READY)
            answer = one;
    }
    if (before >= 0)
        session_use_set(session, session->set[before]->name, NULL);
    if (answer != ASK_READY) {
        point_table_done(&table);
        return answer;
    }
    if (table.n > 0)
        qsort(table.point, (size_t)table.n, sizeof *table.point, by_state);
    *ret_table = table;
    return ASK_READY;
}

void point_table_done(struct point_table *table)
{
    free(table->point);
    table->point = NULL;
    table->n = 0;
}

/* --- tables from elsewhere ----------------------------------------------------------------------------------------------------- */

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
        ret->value[c] = find_any(columns, (const char *const[]){column_names[c].name, column_names[c].other, NULL});
        ret->se[c] = find_error(columns, column_names[c].name);
        if (ret->se[c] < 0)
            ret->se[c] = find_error(columns, column_names[c].other);
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

isd_status session_points_open(struct session *session, const char *path, isd_error *err)
{
    struct columns *columns = NULL;
    struct table_columns of = {0};
    isd_status status = columns_read(path, session_note, session, NULL, &columns, err);
    if (status == ISD_OK)
        status = find_columns(columns, path, &of, err);
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
