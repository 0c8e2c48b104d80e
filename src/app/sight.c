/* What is looked at. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sight.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/sight_inside.h"

void sight_init(struct sight *sight, struct session *session)
{
    *sight = (struct sight){.session = session, .view = VIEW_PU, .u = NAN, .atom = SIGHT_NO_ATOM, .tw_at = -1, .pair_at = -1, .set = -1};
    struct look *look = &sight->look;
    look->brush_low = look->brush_high = NAN;
    slice_look_init(&look->slice);
    look->other_axes = (struct view_axes){.x_low = NAN, .x_high = NAN, .y_low = NAN, .y_high = NAN};
    snprintf(look->sort, sizeof look->sort, "-u_lab");
    for (int view = 0; view < VIEW_COUNT; view++)
        look->axes[view] = (struct view_axes){.x_low = NAN, .x_high = NAN, .y_low = NAN, .y_high = NAN};
    look->axes[VIEW_DTW].log_x = look->axes[VIEW_DYNAMICS].log_x = look->axes[VIEW_MAP].log_x = look->axes[VIEW_MAP].log_y = true;
    look->axes[VIEW_SCALING].log_x = look->axes[VIEW_SCALING].log_y = true;
}

static const char *const view_names[VIEW_COUNT] = {
    [VIEW_HOME] = "home",       [VIEW_PU] = "pu",     [VIEW_GR] = "gr",         [VIEW_SLICE] = "slice",
    [VIEW_TABLE] = "table",     [VIEW_DTW] = "dtw",   [VIEW_SCALING] = "scaling", [VIEW_MAP] = "map",
    [VIEW_CYCLES] = "cycles",   [VIEW_DYNAMICS] = "dynamics", [VIEW_JOBS] = "jobs", [VIEW_OUTPUT] = "output",
    [VIEW_LOG] = "log",         [VIEW_SESSIONS] = "sessions", [VIEW_NOTES] = "notes", [VIEW_DEMO] = "demo",
    [VIEW_HELP] = "help"};

const char *view_name(enum view_id view)
{
    return view_names[view];
}

int view_find(const char *name)
{
    for (int view = 0; view < VIEW_COUNT; view++)
        if (strcmp(view_names[view], name) == 0)
            return view;
    return -1;
}

void sight_done(struct sight *sight)
{
    free(sight->tw);
    free(sight->pairs);
    sight->tw = NULL;
    sight->pairs = NULL;
    sight->n_tw = sight->n_pairs = 0;
}

void sight_move(struct sight *to, struct sight *from)
{
    if (!to || !from)
        return;
    sight_done(to);
    *to = *from;
    sight_init(from, to->session);
}

/* --- where one is --- */

static isd_status load_pairs(struct sight *sight, isd_error *err)
{
    struct frame_pair *pairs = NULL;
    int32_t n = 0;
    isd_status status = series_pairs(session_times(sight->session), sight->tw[sight->tw_at], false, &pairs, &n, err);
    if (status != ISD_OK)
        return status;
    free(sight->pairs);
    sight->pairs = pairs;
    sight->n_pairs = n;
    return ISD_OK;
}

isd_status sight_take_tw(struct sight *sight, int at, isd_error *err)
{
    sight->tw_at = at;
    sight->news++;
    isd_status status = load_pairs(sight, err);
    if (status != ISD_OK)
        return status;
    sight->custom = false;
    sight->pair_at = sight->n_pairs > 0 ? 0 : -1;
    if (sight->n_pairs > 0)
        sight->pair = sight->pairs[0];
    return ISD_OK;
}

void sight_take_pair(struct sight *sight, int32_t a, int32_t b)
{
    double tw = session_tw(sight->session, a, b);
    sight->news++;
    sight->custom = true;
    sight->look.average = false;
    sight->pair = (struct frame_pair){a, b};
    sight->pair_at = -1;
    for (int32_t k = 0; k < sight->n_tw && isfinite(tw); k++)
        if (sight->tw_at < 0 || fabs(log(sight->tw[k] / tw)) < fabs(log(sight->tw[sight->tw_at] / tw)))
            sight->tw_at = k;
}

/* The middle of the list of waiting times: neither ballistic nor all diffused. */
static isd_status start_anew(struct sight *sight, isd_error *err)
{
    sight->starts++;
    sight->news++;
    sight_done(sight);
    sight->tw_at = sight->pair_at = -1;
    sight->custom = false;
    sight->look.average = false;
    sight->look.type = 0;
    if (sight->n_frames < 2)
        return ISD_OK;
    isd_status status = session_default_tw(sight->session, &sight->tw, &sight->n_tw, err);
    if (status != ISD_OK)
        return status;
    if (sight->n_tw > 0)
        return sight_take_tw(sight, sight->n_tw / 2, err);
    sight_take_pair(sight, 0, sight->n_frames - 1);
    return ISD_OK;
}

/* Puts a waiting time into the list, in order, if it is not there; its place in *ret_at. */
isd_status sight_insert_tw(struct sight *sight, double tw, int *ret_at, isd_error *err)
{
    int at = 0;
    while (at < sight->n_tw && sight->tw[at] < tw)
        at++;
    if (at == sight->n_tw || sight->tw[at] > tw) {
        double *grown = realloc(sight->tw, sizeof *grown * ((size_t)sight->n_tw + 1));
        if (!grown)
            return isd_error_memory(err);
        memmove(grown + at + 1, grown + at, sizeof *grown * (size_t)(sight->n_tw - at));
        grown[at] = tw;
        sight->tw = grown;
        sight->n_tw++;
    }
    *ret_at = at;
    return ISD_OK;
}

/* The set has grown: the same waiting time and pair are looked at. */
static isd_status follow(struct sight *sight, isd_error *err)
{
    struct sight before = *sight;
    double tw = sight->tw_at >= 0 ? sight->tw[sight->tw_at] : NAN;
    isd_status status = start_anew(sight, err);
    sight->starts = before.starts;
    sight->look.type = before.look.type;
    sight->look.average = before.look.average;
    if (status == ISD_OK && isfinite(tw)) {
        int at = 0;
        status = sight_insert_tw(sight, tw, &at, err);
        if (status == ISD_OK)
            status = sight_take_tw(sight, at, err);
    }
    for (int k = 0; status == ISD_OK && k < sight->n_pairs && !before.custom; k++)
        if (sight->pairs[k].a == before.pair.a && sight->pairs[k].b == before.pair.b)
            sight->pair_at = k;
    if (status == ISD_OK && before.custom)
        sight_take_pair(sight, before.pair.a, before.pair.b);
    else if (status == ISD_OK && sight->pair_at >= 0)
        sight->pair = sight->pairs[sight->pair_at];
    return status;
}

static bool equal_or_unknown(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

isd_status sight_update(struct sight *sight, isd_error *err)
{
    struct session *session = sight->session;
    if (!session_has_data(session)) {
        if (sight->set >= 0) { /* it was closed */
            sight->n_frames = 0;
            sight->atom = SIGHT_NO_ATOM;
            start_anew(sight, err);
        }
        sight->set = -1;
        return ISD_OK;
    }
    const struct frame_times *times = session_times(session);
    bool partial = session_is_partial(session), same = sight->set == session_current_set_id(session);
    int32_t n = partial ? 1 : times->n, before = sight->n_frames; /* pairs are looked at when all frames are there */
    if (same && before == n && (partial || (sight->time == times->time && equal_or_unknown(sight->dt, times->dt))))
        return ISD_OK;
    bool grown = same && before > 1 && n >= before && equal_or_unknown(sight->dt, times->dt);
    sight->set = session_current_set_id(session);
    sight->n_frames = n;
    sight->time = times->time;
    sight->dt = times->dt;
    return grown ? follow(sight, err) : start_anew(sight, err);
}

/* --- places --- */

void sight_place(const struct sight *sight, struct sight_place *ret_place)
{
    *ret_place = (struct sight_place){.view = sight->view, .set = sight->set, .custom = sight->custom, .average = sight->look.average,
                                      .tw = sight->tw_at >= 0 ? sight->tw[sight->tw_at] : NAN, .pair = sight->pair,
                                      .atom = sight->atom};
}

bool sight_same_place(const struct sight_place *a, const struct sight_place *b)
{
    return a->view == b->view && a->set == b->set && a->custom == b->custom && a->average == b->average
           && equal_or_unknown(a->tw, b->tw) && a->pair.a == b->pair.a && a->pair.b == b->pair.b;
}

isd_status sight_return(struct sight *sight, const struct sight_place *place, isd_error *err)
{
    int at = 0;
    if (place->set != sight->set && place->set >= 0) {
        const char *name = session_set_name(sight->session, session_set_with_id(sight->session, place->set));
        isd_status status = name ? session_use_set(sight->session, name, err) : isd_error_set(err, ISD_DATA, "the set of that place is closed");
        if (status == ISD_OK)
            status = sight_update(sight, err);
        if (status != ISD_OK)
            return status;
    }
    sight->atom = place->atom;
    if (sight->n_frames < 2)
        return ISD_OK;
    if (place->pair.a >= sight->n_frames || place->pair.b >= sight->n_frames) {
        isd_error_set(err, ISD_DATA, "the pair %d:%d is no more", place->pair.a, place->pair.b);
        return ISD_DATA;
    }
    if (isfinite(place->tw)) {
        isd_status status = sight_insert_tw(sight, place->tw, &at, err);
        if (status == ISD_OK)
            status = sight_take_tw(sight, at, err);
        if (status != ISD_OK)
            return status;
    }
    sight_take_pair(sight, place->pair.a, place->pair.b);
    for (int32_t k = 0; k < sight->n_pairs && !place->custom; k++)
        if (sight->pairs[k].a == place->pair.a && sight->pairs[k].b == place->pair.b) {
            sight->custom = false;
            sight->pair_at = k;
        }
    sight->look.average = place->average;
    sight->paused = false;
    return ISD_OK;
}

double sight_tw(const struct sight *sight)
{
    if (sight->custom)
        return session_tw(sight->session, sight->pair.a, sight->pair.b);
    return sight->tw_at >= 0 ? sight->tw[sight->tw_at] : NAN;
}

void sight_place_words(const struct sight *sight, char *out, size_t size)
{
    int used = snprintf(out, size, "%s", "");
    if (sight->n_frames < 2)
        return;
    if (!sight->custom && sight->tw_at >= 0)
        used = snprintf(out, size, "goto tw=%.17g", sight->tw[sight->tw_at]);
    /* The pair by its place among those of the waiting time: by name it would be one named by hand. */
    if (sight->custom)
        snprintf(out, size, "goto pair=%d:%d", sight->pair.a, sight->pair.b);
    else if (sight->pair_at > 0 && used > 0 && (size_t)used < size)
        snprintf(out + used, size - (size_t)used, "; step pair first; step pair %+d", sight->pair_at);
}

void sight_take_look(struct sight *sight, const struct look *look)
{
    bool average = sight->look.average, forced = sight->look.raw_forced && sight->look.raw;
    sight->look = *look;
    if (sight->look.type > session_type_count(sight->session))
        sight->look.type = 0; /* it was one of another set */
    if (sight->custom)
        sight->look.average = average;
    if (forced)
        sight->look.raw = sight->look.raw_forced = true;
    sight->news++;
    sight->paused = false;
}
