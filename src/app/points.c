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

const char *point_column_other(enum point_column column)
{
    return column_names[column].other;
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

const char *point_state_words(double T, double p, char out[64])
{
    int used = isfinite(T) ? snprintf(out, 64, "T = %g", T) : snprintf(out, 64, "T unknown");
    if (isfinite(p))
        snprintf(out + used, 64 - (size_t)used, ", p = %g", p);
    return out;
}

bool same_or_unknown(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* --- joining --- */

struct joining {
    struct session *session;
    const struct points_request *request;
    struct point_table table;
    int twice;                  /* values that tables say again and otherwise */
    const struct point *first;  /* of a table */
};

static bool wanted(const struct joining *j, double T, double p)
{
    const struct points_request *r = j->request;
    return (isnan(r->T) || same_or_unknown(T, r->T)) && (isnan(r->p) || same_or_unknown(p, r->p));
}

static struct point *find_point(const struct point_table *table, double T, double p, double t_w)
{
    for (int k = 0; k < table->n && isfinite(t_w); k++) /* without t_w nobody knows what goes together */
        if (same_or_unknown(table->point[k].T, T) && same_or_unknown(table->point[k].p, p) && same_or_unknown(table->point[k].t_w, t_w))
            return &table->point[k];
    return NULL;
}

/* The one that is there, or a new one. */
static struct point *add_point(struct point_table *table, double T, double p, double t_w, const char *name, isd_error *err)
{
    struct point *found = find_point(table, T, p, t_w);
    if (found)
        return found;
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

/* Every state and t_w that a trace, a table or the name of a set speaks of; of tables what they say, too. */
static isd_status add_points(struct joining *j, isd_error *err)
{
    const struct session *session = j->session;
    for (int k = 0; k < session_trace_count(session); k++) {
        const struct trace *trace = session_trace(session, k);
        if (wanted(j, trace->T, trace->p) && !add_point(&j->table, trace->T, trace->p, trace->t_w, trace->name, err))
            return ISD_MEMORY;
    }
    for (int k = 0; k < session->n_sets && j->request->distances; k++) {
        const struct dataset *set = session->set[k];
        if (isfinite(set->t_w) && wanted(j, set->T, set->p) && !add_point(&j->table, set->T, set->p, set->t_w, set->name, err))
            return ISD_MEMORY;
    }
    for (int k = 0; k < session->n_points; k++) {
        const struct point *from = &session->point[k];
        struct point *point = wanted(j, from->T, from->p) ? add_point(&j->table, from->T, from->p, from->t_w, from->name, err) : NULL;
        if (!point && wanted(j, from->T, from->p))
            return ISD_MEMORY;
        for (int c = 0; c < POINT_COLUMNS && point; c++)
            if (!isnan(from->value[c])) {
                if (!isnan(point->value[c]) && point->value[c] != from->value[c] && j->twice++ == 0)
                    j->first = from;
                point->value[c] = from->value[c];
                point->se[c] = from->se[c];
            }
    }
    return ISD_OK;
}

/* One more measurement beside those that are there; what a table says stays. */
static void take_value(struct point *point, enum point_column column, int weight, double value, double se)
{
    int before = point->weight[column];
    if (isnan(value) || (before == 0 && !isnan(point->value[column])))
        return;
    double sum = (double)before + weight, old = before > 0 ? point->value[column] : 0, old_se = before > 0 ? point->se[column] : 0;
    point->value[column] = (before * old + weight * value) / sum;
    point->se[column] = hypot(before * old_se, weight * se) / sum;
    point->weight[column] += weight;
}

/* --- distances --- */

static void take_average(const struct average *average, bool is, struct point *point)
{
    static const struct {
        enum average_column from;
        enum point_column to;
        bool needs_is;
    } pairs[] = {{D_MIN, POINT_D_MIN, true},    {D_BLIND, POINT_BLIND, true}, {D_DIRECT, POINT_DIRECT, false}, {D_DIRECT_BLIND, POINT_DIRECT_BLIND, false},
                 {RMSD_IS, POINT_RMSD_IS, true}, {RMSD, POINT_RMSD, false},    {JUMP, POINT_JUMP, true},        {JUMP_RAW, POINT_JUMP_RAW, false}};
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        const double *x = average->x[pairs[k].from];
        if (is || !pairs[k].needs_is)
            take_value(point, pairs[k].to, average->n, series_mean(x, average->n), series_se(x, average->pairs, average->n, false));
    }
}

static bool belongs(const struct dataset *set, const struct point *point)
{
    return same_or_unknown(point->T, set->T) && same_or_unknown(point->p, set->p) && (isnan(set->t_w) || same_or_unknown(point->t_w, set->t_w));
}

/* Are the frames of the set in use to be quenched for this point, or inherent structures already? */
static bool takes_structures(const struct session *session, const struct point *point)
{
    bool others = false;
    if (session_frames_are_is(session))
        return true;
    for (int k = 0; k < session->n_sets; k++)
        others = others || (session->set[k]->is_state && belongs(session->set[k], point));
    return !others && system_has_potential(&session->system);
}

/* The averages of the set in use at t_w. */
static enum ask add_average(struct joining *j, struct point *point, isd_error *err)
{
    struct session *session = j->session;
    struct average average = {.tw = point->t_w};
    struct match_request match = {.eps = 0, .affine = j->request->affine};
    const isd_snapshot *first = NULL;
    bool is = takes_structures(session, point);
    structure_defaults(session, is, &match.structure);
    if (series_pairs(session_times(session), point->t_w, false, &average.pairs, &average.n, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = ASK_READY;
    if (average.n > 0)
        answer = average_fill(session, &match, true, &average, err);
    if (answer == ASK_READY && average.n > 0 && session_frame(session, 0, &first, err) != ISD_OK)
        answer = ASK_FAILED;
    if (answer == ASK_READY && average.n > 0) {
        take_average(&average, is, point);
        point->pairs += average.n;
        point->value[POINT_R0] = isd_box_spacing(&first->box, first->n);
        point->se[POINT_R0] = 0;
        j->table.unconverged += average.unconverged;
        j->table.certified = j->table.certified && average.certified;
    }
    average_done(&average);
    return answer;
}

static enum ask add_set(struct joining *j, const struct dataset *set, isd_error *err)
{
    enum ask answer = ASK_READY;
    for (int k = 0; k < j->table.n && answer != ASK_FAILED; k++) {
        struct point *point = &j->table.point[k];
        if (!belongs(set, point))
            continue;
        enum ask one = add_average(j, point, err);
        if (one != ASK_READY)
            answer = one;
    }
    return answer;
}

/* Asks for all of all sets before it waits for any. */
static enum ask add_sets(struct joining *j, isd_error *err)
{
    struct session *session = j->session;
    int before = session_current_set(session);
    enum ask answer = ASK_READY;
    for (int k = 0; k < session->n_sets && answer != ASK_FAILED; k++) {
        enum ask one = session_use_set(session, session->set[k]->name, err) == ISD_OK ? add_set(j, session->set[k], err) : ASK_FAILED;
        if (one != ASK_READY)
            answer = one;
    }
    if (before >= 0)
        session_use_set(session, session->set[before]->name, NULL);
    return answer;
}

/* --- traces --- */

static isd_status add_traces(struct joining *j, isd_error *err)
{
    struct session *session = j->session;
    for (int k = 0; k < session_trace_count(session); k++) {
        const struct trace *trace = session_trace(session, k);
        struct point *point = find_point(&j->table, trace->T, trace->p, trace->t_w);
        struct oscillation fit;
        char trouble[200];
        if (!point)
            continue;
        isd_status status = trace_fit(session, trace, j->request->skip, j->request->slope, &fit, err);
        if (status != ISD_OK)
            return status;
        if (trace_trouble(trace, &fit, trouble, sizeof trouble))
            session_message(session, "%s: %s", trace->name, trouble);
        bool known = isfinite(fit.se_delta);
        take_value(point, POINT_G1, fit.cycles, fit.storage, known ? fit.se_storage : fit.se_formula);
        take_value(point, POINT_G2, fit.cycles, fit.loss, known ? fit.se_loss : fit.se_formula);
        take_value(point, POINT_DELTA, fit.cycles, fit.delta, known ? fit.se_delta : fit.se_formula_delta);
        if (point->weight[POINT_DELTA] > fit.cycles) /* of the mean, not the mean of each */
            point->value[POINT_DELTA] = atan2(point->value[POINT_G2], point->value[POINT_G1]);
        point->cycles += fit.cycles;
        oscillation_done(&fit);
    }
    return ISD_OK;
}

/* --- what does not fit together --- */

/* The t_w nearest to that of a point of which frames, or else a trace, say something in the same state; NaN: none. */
static double nearest_other(const struct point_table *table, const struct point *point, bool frames)
{
    double best = NAN;
    for (int k = 0; k < table->n; k++) {
        const struct point *other = &table->point[k];
        bool counts = frames ? other->pairs > 0 : !isnan(other->value[POINT_DELTA]);
        if (counts && same_or_unknown(other->T, point->T) && same_or_unknown(other->p, point->p) &&
            !(fabs(other->t_w - point->t_w) >= fabs(best - point->t_w)))
            best = other->t_w;
    }
    return best;
}

static void tell_one(struct session *session, const struct point_table *table, const struct point *point, bool frames, int more)
{
    char nearest[64] = "", others[32] = "", state[64];
    double other = nearest_other(table, point, frames);
    if (isfinite(other))
        snprintf(nearest, sizeof nearest, "; the nearest is %g", other);
    else if (isnan(point->T))
        snprintf(nearest, sizeof nearest, " (T= on open and trace says the temperature)");
    if (more > 0)
        snprintf(others, sizeof others, ", and %d more like it", more);
    session_message(session, "%s (%s, t_w = %g): %s that t_w%s%s", point->name, point_state_words(point->T, point->p, state), point->t_w,
                    frames ? "no set of this state has frames apart by" : "no trace of this state has", nearest, others);
}

/* Points that have a modulus but no distance although there are sets, and the other way round: t_w that differ a little, or temperatures. */
static void tell_misfits(struct session *session, const struct point_table *table)
{
    int sets = 0, traces = 0;
    for (int k = 0; k < table->n; k++) {
        sets += table->point[k].pairs > 0;
        traces += table->point[k].cycles > 0;
    }
    for (int frames = 0; frames < 2 && sets > 0 && traces > 0; frames++) {
        const struct point *first = NULL;
        int n = 0;
        for (int k = 0; k < table->n; k++) {
            const struct point *point = &table->point[k];
            bool lonely = frames ? point->cycles > 0 && point->pairs == 0 && isnan(point->value[POINT_D_MIN])
                                 : point->pairs > 0 && isnan(point->value[POINT_DELTA]);
            first = lonely && !first ? point : first;
            n += lonely;
        }
        if (first)
            tell_one(session, table, first, frames, n - 1);
    }
}

static void tell_twice(struct session *session, const struct joining *j)
{
    char state[64];
    if (j->twice > 0)
        session_message(session, "tables say %d value%s again and otherwise, %s at %s, t_w = %g: the later row counts", j->twice, j->twice == 1 ? "" : "s",
                        j->twice == 1 ? "that" : "the first", point_state_words(j->first->T, j->first->p, state), j->first->t_w);
}

/* Sets whose name says a t_w that no two of their frames are apart. */
static void tell_empty_sets(struct session *session, const struct joining *j)
{
    for (int k = 0; k < session->n_sets && j->request->distances; k++) {
        const struct dataset *set = session->set[k];
        const struct point *point = isfinite(set->t_w) ? find_point(&j->table, set->T, set->p, set->t_w) : NULL;
        if (point && point->pairs == 0)
            session_message(session, "set %s: no two frames are t_w = %g apart, as is said of it%s", set->name, set->t_w,
                            session_time_known(session) ? "" : " (times are in time steps: is dt= missing?)");
    }
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

enum ask session_points(struct session *session, const struct points_request *request, struct point_table *ret_table, isd_error *err)
{
    struct joining j = {.session = session, .request = request, .table = {.certified = true}};
    struct reading_progress reading;
    if (request->distances && session_reading(session, &reading))
        return ASK_PENDING; /* frames are still coming */
    enum ask answer = add_points(&j, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    if (answer == ASK_READY && request->distances)
        answer = add_sets(&j, err);
    if (answer == ASK_READY && add_traces(&j, err) != ISD_OK) /* last: what is pending is asked for many times */
        answer = ASK_FAILED;
    if (answer != ASK_READY) {
        point_table_done(&j.table);
        return answer;
    }
    tell_empty_sets(session, &j);
    tell_twice(session, &j);
    if (request->distances)
        tell_misfits(session, &j.table);
    if (j.table.n > 0)
        qsort(j.table.point, (size_t)j.table.n, sizeof *j.table.point, by_state);
    *ret_table = j.table;
    return ASK_READY;
}

void point_table_done(struct point_table *table)
{
    free(table->point);
    table->point = NULL;
    table->n = 0;
}
