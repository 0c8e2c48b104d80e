/* Open sets: frames, times, labels. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/interrupted.h"
#include "app/session.h"
#include "app/state.h"
#include "app/suggest.h"
#include "base/scan.h"
#include "base/text.h"

void open_options_defaults(struct open_options *ret_options)
{
    *ret_options = (struct open_options){.dt = NAN, .T = NAN, .p = NAN, .t_w = NAN};
}

struct dataset *session_current(const struct session *session)
{
    return session->current >= 0 ? session->set[session->current] : NULL;
}

struct dataset *session_set_of_id(const struct session *session, int32_t id)
{
    int k = session_set_with_id(session, id);
    return k >= 0 ? session->set[k] : NULL;
}

void session_forget_frames(struct session *session)
{
    for (int h = 0; h < SESSION_FRAMES_HELD; h++)
        isd_snapshot_unref(session->held[h].snapshot);
    memset(session->held, 0, sizeof session->held);
}

void dataset_free(struct dataset *set)
{
    if (!set)
        return;
    free(set->step);
    free(set->file_time);
    free(set->time);
    free(set->default_tw);
    frame_set_free(set->frames);
    free(set);
}

/* ITEM: TIME proportional to the time step? Then differences can be taken exactly, in steps. */
static double time_per_step(const struct dataset *set)
{
    if (!set->has_steps || !set->has_times)
        return NAN;
    int32_t last = 0;
    for (int32_t k = 1; k < set->n; k++)
        if (set->step[k] != set->step[0])
            last = k;
    if (last == 0)
        return NAN;
    double dt = (set->file_time[last] - set->file_time[0]) / (double)(set->step[last] - set->step[0]);
    for (int32_t k = 0; k < set->n; k++) {
        double expected = set->file_time[0] + dt * (double)(set->step[k] - set->step[0]);
        if (!(fabs(set->file_time[k] - expected) <= 1e-6 * fabs(dt)))
            return NAN;
    }
    return dt > 0 ? dt : NAN;
}

void dataset_update_times(const struct session *session, struct dataset *set)
{
    double said = isfinite(set->dt) ? set->dt : session->system.timestep;
    double per_step = time_per_step(set);
    bool by_file = set->has_times, by_step = set->has_steps && (!by_file || isfinite(per_step));
    double dt = by_file ? per_step : isfinite(said) ? said : 1.0;
    for (int32_t k = 0; k < set->n; k++)
        set->time[k] = by_file ? set->file_time[k] : set->has_steps ? dt * (double)set->step[k] : k;
    set->times = (struct frame_times){.n = set->n, .step = by_step ? set->step : NULL, .time = set->time, .dt = dt};
    free(set->default_tw);
    set->default_tw = NULL;
}

/* `n` values of a kind; the old ones stay where there is no memory. */
static bool grow(void *array, size_t n, size_t size)
{
    void **at = array, *grown = realloc(*at, n * size);
    if (grown)
        *at = grown;
    return grown != NULL;
}

isd_status dataset_take_frames(const struct session *session, struct dataset *set, isd_error *err)
{
    int32_t n = frame_set_count(set->frames);
    size_t size = n > 0 ? (size_t)n : 1;
    if (!grow(&set->step, size, sizeof *set->step) || !grow(&set->file_time, size, sizeof *set->file_time) ||
        !grow(&set->time, size, sizeof *set->time))
        return isd_error_memory(err);
    set->n = n;
    set->has_steps = set->has_times = true;
    set->checksum_wrong = false;
    for (int32_t k = 0; k < n; k++) {
        const struct frame_info *info = frame_set_info(set->frames, k);
        set->step[k] = info->step;
        set->file_time[k] = info->time;
        set->has_steps = set->has_steps && info->has_step;
        set->has_times = set->has_times && info->has_time;
        set->checksum_wrong = set->checksum_wrong || info->checksum_wrong;
    }
    dataset_update_times(session, set);
    return ISD_OK;
}

static bool all_z_equal(const isd_snapshot *s)
{
    for (int32_t i = 1; i < s->n; i++)
        if (s->position[3 * (size_t)i + 2] != s->position[2])
            return false;
    return true;
}

isd_status dataset_read_first(struct dataset *set, isd_error *err)
{
    const isd_snapshot *first = NULL;
    isd_status status = frame_set_get(set->frames, 0, &first, err);
    if (status != ISD_OK)
        return status;
    set->natural_dimension = first->box.dim == 2 || (first->n > 1 && all_z_equal(first)) ? 2 : 3;
    memcpy(set->element, first->element, sizeof set->element);
    if (!set->units[0])
        snprintf(set->units, sizeof set->units, "%s", first->units);
    isd_snapshot_unref(first);
    return ISD_OK;
}

void session_keep_wrong_checksums(struct session *session, bool keep)
{
    session->keep_checksum = keep;
}

void session_open_in_background(struct session *session, bool background)
{
    session->background = background;
}

bool session_has_data(const struct session *session)
{
    return session->current >= 0;
}

int session_set_count(const struct session *session)
{
    return session->n_sets;
}

const char *session_set_name(const struct session *session, int k)
{
    return k >= 0 && k < session->n_sets ? session->set[k]->name : NULL;
}

void session_set_state(const struct session *session, int k, double *ret_T, double *ret_p, double *ret_t_w)
{
    *ret_T = session->set[k]->T;
    *ret_p = session->set[k]->p;
    *ret_t_w = session->set[k]->t_w;
}

int session_current_set(const struct session *session)
{
    return session->current;
}

int32_t session_current_set_id(const struct session *session)
{
    return session->current >= 0 ? session->set[session->current]->id : -1;
}

int session_set_with_id(const struct session *session, int32_t id)
{
    int k = 0;
    while (k < session->n_sets && session->set[k]->id != id)
        k++;
    return k < session->n_sets ? k : -1;
}

/* -1: there is none, which the error says. */
static int find_set(const struct session *session, const char *name, isd_error *err)
{
    struct suggestion near = {.word = name};
    for (int k = 0; k < session->n_sets; k++) {
        if (strcmp(session->set[k]->name, name) == 0)
            return k;
        suggest_try(&near, session->set[k]->name);
    }
    if (near.best)
        isd_error_set(err, ISD_USAGE, "no set is named %s; did you mean %s?", name, near.best);
    else
        isd_error_set(err, ISD_USAGE, "no set is named %s", name);
    isd_error_hint(err, "sets    lists the open ones");
    return -1;
}

/* k = -1: none is in use. */
static void use_set(struct session *session, int k)
{
    session->current = k;
    if (k >= 0 && frame_set_info(session->set[k]->frames, 0)->n_types != session->potential_types) {
        isd_potential_unref(session->potential);
        session->potential = NULL;
    }
}

isd_status session_use_set(struct session *session, const char *name, isd_error *err)
{
    int k = find_set(session, name, err);
    if (k < 0)
        return ISD_USAGE;
    use_set(session, k);
    return ISD_OK;
}

isd_status session_close_set(struct session *session, const char *name, isd_error *err)
{
    int k = find_set(session, name, err);
    if (k < 0)
        return ISD_USAGE;
    struct dataset *set = session->set[k];
    session_collect(session); /* what is done already goes to the store */
    session_drop_frames(session, set->id, NULL, 0);
    interrupted_drop_set(session, set->id);
    session_forget_frames(session);
    session->n_sets--;
    memmove(session->set + k, session->set + k + 1, (size_t)(session->n_sets - k) * sizeof *session->set);
    if (session->current == k)
        use_set(session, k < session->n_sets ? k : session->n_sets - 1);
    else if (session->current > k)
        session->current--;
    if (session->demo == set)
        session->demo = NULL;
    if (!opening_leave(session, set))
        dataset_free(set);
    return ISD_OK;
}

int32_t session_frame_count(const struct session *session)
{
    const struct dataset *set = session_current(session);
    return set ? set->n : 0;
}

const struct frame_info *session_frame_info(const struct session *session, int32_t k)
{
    return frame_set_info(session_current(session)->frames, k);
}

int session_dimension(const struct session *session)
{
    const struct dataset *set = session_current(session);
    if (session->system.dimension == 2)
        return 2;
    if (session->system.dimension == 3 && session->system.dimension_said)
        return 3;
    return set ? set->natural_dimension : 3;
}

isd_status session_want_frame(const struct session *session, int32_t k, struct frame_want *ret_want, isd_error *err)
{
    const struct dataset *set = session_current(session);
    if (!set)
        return isd_error_set(err, ISD_USAGE, "no data is open");
    if (k < 0 || k >= set->n) {
        isd_error_set(err, ISD_DATA, "frame %d does not exist in set %s (0..%d)", (int)k, set->name, (int)set->n - 1);
        isd_error_hint(err, "info    lists what is loaded; the last frame is `last`");
        return ISD_DATA;
    }
    struct frame_want want = {.k = k, .dim = session_dimension(session), .boundary_set = session->system.boundary_set};
    memcpy(want.periodic, session->system.periodic, sizeof want.periodic);
    isd_box box = frame_set_info(set->frames, k)->box;
    box.dim = want.dim;
    isd_status status = isd_box_check(&box, err);
    if (status != ISD_OK)
        return status;
    want.frames = frame_set_ref(set->frames);
    *ret_want = want;
    return ISD_OK;
}

/* Dimension and boundary in force. */
static void frame_want_view(const struct frame_want *want, isd_box *box)
{
    box->dim = want->dim;
    if (want->boundary_set)
        memcpy(box->periodic, want->periodic, sizeof box->periodic);
}

isd_status frame_want_load(const struct frame_want *want, const isd_snapshot **ret_snapshot, isd_error *err)
{
    if (!want->frames)
        return ISD_OK;
    const isd_snapshot *raw = NULL;
    isd_status status = frame_set_get(want->frames, want->k, &raw, err);
    if (status != ISD_OK)
        return status;
    isd_box box = raw->box;
    frame_want_view(want, &box);
    if (box.dim == raw->box.dim && memcmp(box.periodic, raw->box.periodic, sizeof box.periodic) == 0) {
        *ret_snapshot = raw;
        return ISD_OK;
    }
    isd_snapshot *copy = NULL;
    status = isd_snapshot_with_positions(raw, raw->position, &copy, err);
    isd_snapshot_unref(raw);
    if (status != ISD_OK)
        return status;
    copy->box = box;
    *ret_snapshot = copy;
    return ISD_OK;
}

isd_status session_frame_box(const struct session *session, int32_t k, isd_box *ret_box, isd_error *err)
{
    struct frame_want want;
    isd_status status = session_want_frame(session, k, &want, err);
    if (status != ISD_OK)
        return status;
    *ret_box = frame_set_info(want.frames, k)->box;
    frame_want_view(&want, ret_box);
    frame_want_done(&want);
    return ISD_OK;
}

void frame_want_done(struct frame_want *want)
{
    frame_set_free(want->frames);
    want->frames = NULL;
}

/* Place h of those that are held becomes the first. */
static void hold_first(struct session *session, int h)
{
    struct held_frame first = session->held[h];
    memmove(session->held + 1, session->held, (size_t)h * sizeof first);
    session->held[0] = first;
}

isd_status session_frame(struct session *session, int32_t k, const isd_snapshot **ret_snapshot, isd_error *err)
{
    const int32_t id = session_current_set_id(session);
    int last = SESSION_FRAMES_HELD - 1, h = 0;
    while (h < last && !(session->held[h].snapshot && session->held[h].set == id && session->held[h].k == k))
        h++;
    struct held_frame *place = &session->held[h];
    if (!(place->snapshot && place->set == id && place->k == k)) {
        struct frame_want want;
        const isd_snapshot *snapshot = NULL;
        isd_status status = session_want_frame(session, k, &want, err);
        if (status != ISD_OK)
            return status;
        status = frame_want_load(&want, &snapshot, err);
        frame_want_done(&want);
        if (status != ISD_OK)
            return status;
        isd_snapshot_unref(place->snapshot);
        *place = (struct held_frame){id, k, snapshot};
    }
    hold_first(session, h);
    *ret_snapshot = session->held[0].snapshot;
    return ISD_OK;
}

bool session_frames_are_is(const struct session *session)
{
    const struct dataset *set = session_current(session);
    return set && set->is_state;
}

bool session_marked(const struct session *session)
{
    const struct dataset *set = session_current(session);
    return set && (set->cut || frame_set_marked(set->frames));
}

bool session_left_out(const struct session *session)
{
    const struct dataset *set = session_current(session);
    return set && frame_set_left_out(set->frames);
}

bool session_checksum_wrong(const struct session *session)
{
    const struct dataset *set = session_current(session);
    return set && set->checksum_wrong;
}

bool session_time_known(const struct session *session)
{
    const struct dataset *set = session_current(session);
    return set && (set->has_times || (set->has_steps && (isfinite(set->dt) || isfinite(session->system.timestep))));
}

static void tell_unknown_times(struct session *session, struct dataset *set)
{
    if (set->time_told || session_time_known(session))
        return;
    set->time_told = true;
    if (set->has_steps)
        session_message(session, "times are in time steps: %s gives no time and no timestep is set (try: timestep 0.005, or dt=0.005 on open)",
                        set->name);
    else
        session_message(session, "times are numbers of frames: %s gives neither times nor time steps", set->name);
}

const struct frame_times *session_times(struct session *session)
{
    struct dataset *set = session_current(session);
    tell_unknown_times(session, set);
    return &set->times;
}

isd_status session_default_tw(struct session *session, double **ret_tw, int32_t *ret_n, isd_error *err)
{
    struct dataset *set = session_current(session);
    isd_status status = set->default_tw ? ISD_OK : series_default_tw(session_times(session), &set->default_tw, &set->n_default_tw, err);
    if (status != ISD_OK)
        return status;
    double *tw = malloc(((size_t)set->n_default_tw + 1) * sizeof *tw);
    if (!tw)
        return isd_error_memory(err);
    memcpy(tw, set->default_tw, (size_t)set->n_default_tw * sizeof *tw);
    *ret_tw = tw;
    *ret_n = set->n_default_tw;
    return ISD_OK;
}

double session_time(const struct session *session, int32_t k)
{
    return session_current(session)->time[k];
}

double session_tw(struct session *session, int32_t a, int32_t b)
{
    struct dataset *set = session_current(session);
    tell_unknown_times(session, set);
    const struct frame_times *times = &set->times;
    if (times->step)
        return times->step[b] > times->step[a] ? times->dt * (double)(times->step[b] - times->step[a]) : NAN;
    return times->time[b] > times->time[a] ? times->time[b] - times->time[a] : NAN;
}

static const char *label_or_null(const struct session *session, int type)
{
    const struct dataset *set = session_current(session);
    if (type < 1 || type > ISD_MAX_TYPES || !set)
        return NULL;
    if (set->label[type][0])
        return set->label[type];
    if (session->system.label[type][0])
        return session->system.label[type];
    return set->element[type][0] ? set->element[type] : NULL;
}

bool session_type_has_label(const struct session *session, int type)
{
    return label_or_null(session, type) != NULL;
}

const char *session_type_label(const struct session *session, int type)
{
    static const char *const number[] = {
        "0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11", "12", "13", "14", "15", "16",
        "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33",
        "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50",
        "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64"};
    const char *label = label_or_null(session, type);
    return label ? label : type >= 0 && type <= ISD_MAX_TYPES ? number[type] : "?";
}

int session_type_count(const struct session *session)
{
    int most = 0;
    for (int32_t k = 0; session_has_data(session) && k < session_frame_count(session); k++) {
        int types = session_frame_info(session, k)->n_types;
        most = types > most ? types : most;
    }
    return most;
}

int session_find_type(const struct session *session, const char *word)
{
    int most = session_type_count(session);
    for (int type = 1; type <= most; type++) {
        const char *label = label_or_null(session, type);
        if (label && strcmp(label, word) == 0)
            return type;
    }
    int64_t number = 0;
    return scan_whole_int64(word, &number) && number >= 1 && number <= most ? (int)number : 0;
}
