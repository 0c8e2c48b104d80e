/* open, refresh, info, snapshot, sets, use. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/demo.h"
#include "app/keep.h"
#include "app/name_pattern.h"
#include "app/open_queue.h"
#include "app/points.h"
#include "base/scan.h"
#include "io/listing.h"

static void open_options_from_call(const struct command_call *call, struct open_options *options)
{
    open_options_defaults(options);
    options->units = call_option(call, "units");
    options->dt = call_real(call, "dt", NAN);
    options->labels = call_option(call, "types");
    options->is_state = call_is(call, "state", "is");
    options->order_by_step = call_is(call, "order", "step");
    options->format = call_option(call, "format");
    options->columns = call_option(call, "columns");
    options->cell = call_option(call, "cell");
    options->by_element = call_is(call, "species", "element");
    options->name = call_option(call, "as");
    options->T = call_real(call, "T", NAN);
    options->p = call_real(call, "p", NAN);
    options->t_w = call_real(call, "tw", NAN);
}

/* A file whose name has numbers like T0.50_tw10 gets a word about how to take them, and what they would be. */
static void propose_pattern(struct session *session, const char *argument)
{
    char pattern[256], read[160] = "";
    struct listing files = {0};
    struct named_values values;
    if (listing_make(argument, &files, NULL) == ISD_OK && files.n > 0 && name_pattern_guess(files.path[0], pattern, sizeof pattern) &&
        name_pattern_read(pattern, files.path[0], &values, NULL) == ISD_OK) {
        const char *slash = strrchr(files.path[0], '/');
        if (isfinite(values.T))
            snprintf(read, sizeof read, " T = %g", values.T);
        if (isfinite(values.p))
            snprintf(read + strlen(read), sizeof read - strlen(read), " p = %g", values.p);
        if (isfinite(values.t_w))
            snprintf(read + strlen(read), sizeof read - strlen(read), " t_w = %g", values.t_w);
        session_message(session, "name='%s' would read%s from %s; open with it to take that%s", pattern, read, slash ? slash + 1 : files.path[0],
                        files.n > 1 ? ", each file a set of its own" : "");
    }
    listing_done(&files);
}

/* What is no set of frames: a manifest, or a table of points. */
static bool is_manifest_or_table(const struct command_call *call)
{
    const char *path = call_word(call, 0);
    return path_is_manifest(path) || path_is_table(path);
}

static enum ask open_manifest_or_table(struct session *session, const struct command_call *call, isd_error *err)
{
    const char *path = call_word(call, 0);
    if (call_n_words(call) > 1 || call_n_options(call) > 0) {
        isd_error_set(err, ISD_USAGE, "a %s is opened alone and without options: it says all itself", path_is_manifest(path) ? "manifest" : "table of points");
        call_error_at_word(call, 0, err);
        return ASK_FAILED;
    }
    if (path_is_manifest(path))
        return open_manifest(session, call, path, err);
    return session_points_open(session, path, err) == ISD_OK ? ASK_READY : ASK_FAILED;
}

/* The data that a session store was made of. */
static enum ask open_of_store(struct session *session, const struct command_call *call, const struct open_options *options, isd_error *err)
{
    char *lines = NULL, *rest = NULL;
    if (call_n_words(call) > 1) {
        isd_error_set(err, ISD_USAGE, "a session store is opened alone: it names the files it was made of");
        call_error_at_word(call, 0, err);
        return ASK_FAILED;
    }
    if (keep_paths(call_word(call, 0), &lines, err) != ISD_OK)
        return ASK_FAILED;
    if (lines[0] != '/') { /* files are absolute: it was the set within the program */
        free(lines);
        return session_open_demo(session, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    }
    int n = 1, k = 0;
    for (const char *p = lines; *p; p++)
        n += *p == '\n';
    const char **paths = malloc((size_t)n * sizeof *paths);
    enum ask answer = ASK_FAILED;
    for (char *path = strtok_r(lines, "\n", &rest); paths && path; path = strtok_r(NULL, "\n", &rest))
        paths[k++] = path;
    if (paths)
        answer = session_ask_open(session, paths, k, options, err);
    else
        isd_error_memory(err);
    free(paths);
    free(lines);
    return answer;
}

enum ask run_open(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct open_options options;
    const char *pattern = call_option(call, "name");
    int n = call_n_words(call);
    (void)sink;
    if (is_manifest_or_table(call))
        return open_manifest_or_table(session, call, err);
    open_options_from_call(call, &options);
    if (pattern && options.name) {
        isd_error_set(err, ISD_USAGE, "as= names one set, name= makes one of every file: one of them is expected");
        return ASK_FAILED;
    }
    if (pattern)
        return open_by_pattern(session, call, pattern, &options, err);
    if (path_is_store(call_word(call, 0)))
        return open_of_store(session, call, &options, err);
    const char **paths = malloc((n > 0 ? (size_t)n : 1) * sizeof *paths);
    if (!paths) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    for (int k = 0; k < n; k++)
        paths[k] = call_word(call, k);
    enum ask answer = session_ask_open(session, paths, n, &options, err);
    if (answer == ASK_READY && n == 1 && isnan(options.T) && isnan(options.t_w))
        propose_pattern(session, paths[0]);
    free(paths);
    return answer;
}

/* Where not all that the files hold is there. */
static void mark_incomplete(struct result *result, const struct session *session)
{
    const char *name = session_set_name(session, session_current_set(session));
    if (session_marked(session))
        result_mark(result, "a file of set %s is cut short or damaged: only its sound frames are there", name);
    else if (session_left_out(session))
        result_mark(result, "a file of set %s could not be opened: its frames are not there", name);
}

enum ask run_refresh(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct refresh_report report = {0};
    enum ask answer = session_refresh(session, &report, err);
    if (answer != ASK_READY)
        return answer;
    struct result *result = result_new("refresh", RESULT_RECORD);
    result_text(result, "set", session_set_name(session, session_current_set(session)));
    result_int(result, "frames", report.frames);
    result_int(result, "new_frames", report.new_frames);
    result_int(result, "changed_frames", report.changed_frames);
    result_int(result, "files", report.files);
    result_int(result, "new_files", report.new_files);
    mark_incomplete(result, session);
    (void)call;
    return give(sink, result, err);
}

static struct result *box_object(const isd_box *box, const char *length_unit)
{
    struct result *object = result_new(NULL, RESULT_RECORD);
    result_real(object, "lx", length_unit, box->lx);
    result_real(object, "ly", length_unit, box->ly);
    result_real(object, "lz", length_unit, box->lz);
    result_real(object, "xy", length_unit, box->xy);
    result_real(object, "xz", length_unit, box->xz);
    result_real(object, "yz", length_unit, box->yz);
    return object;
}

static void add_types(struct result *result, struct session *session, const isd_snapshot *first)
{
    result_empty_list(result, "types");
    for (int t = 1; t <= first->n_types; t++) {
        int32_t count = isd_snapshot_count(first, t);
        if (count == 0 && !session_type_has_label(session, t))
            continue;
        struct result *type = result_new(NULL, RESULT_RECORD);
        result_int(type, "type", t);
        result_text(type, "label", session_type_has_label(session, t) ? session_type_label(session, t) : NULL);
        result_int(type, "count", count);
        result_append(result, "types", type);
    }
}

static void add_atoms(struct result *result, struct session *session, int64_t *scratch)
{
    int32_t n = session_frame_count(session);
    bool same = true;
    for (int32_t k = 0; k < n; k++) {
        scratch[k] = session_frame_info(session, k)->n;
        same = same && scratch[k] == scratch[0];
    }
    if (same)
        result_int(result, "atoms", scratch[0]);
    else
        result_ints(result, "atoms", scratch, (size_t)n);
}

static void add_times(struct result *result, struct session *session, int64_t *scratch)
{
    int32_t n = session_frame_count(session);
    const struct frame_times *times = session_times(session);
    result_reals(result, "times", session_time_unit(session), times->time, (size_t)n);
    for (int32_t k = 0; k < n; k++) {
        const struct frame_info *info = session_frame_info(session, k);
        scratch[k] = info->has_step ? info->step : RESULT_INT_NULL;
    }
    result_ints(result, "timesteps", scratch, (size_t)n);
}

enum ask run_info(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const isd_snapshot *first = NULL;
    int32_t n = session_frame_count(session);
    if (session_frame(session, 0, &first, err) != ISD_OK)
        return ASK_FAILED;
    int64_t *scratch = malloc((size_t)n * sizeof *scratch);
    if (!scratch) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    const char *length_unit = session_length_unit(session);
    struct result *result = result_new("info", RESULT_RECORD);
    result_text(result, "set", session_set_name(session, session_current_set(session)));
    result_int(result, "frames", n);
    add_atoms(result, session, scratch);
    result_int(result, "dimension", session_dimension(session));
    result_text(result, "units", session_units(session));
    result_text(result, "time_unit", session_time_unit(session));
    add_types(result, session, first);
    result_object(result, "box", box_object(&first->box, length_unit));
    result_reals(result, "origin", length_unit, first->box.origin, 3);
    result_bools(result, "periodic", first->box.periodic, 3);
    result_real(result, "r0", length_unit, isd_box_spacing(&first->box, first->n));
    add_times(result, session, scratch);
    result_text(result, "state", session_frames_are_is(session) ? "is" : "raw");
    result_bool(result, "cut_short", session_marked(session));
    if (session_is_partial(session))
        result_mark(result, "set %s is still being read: %d frame%s so far", session_set_name(session, session_current_set(session)),
                    (int)n, n == 1 ? "" : "s");
    else
        mark_incomplete(result, session);
    free(scratch);
    (void)call;
    return give(sink, result, err);
}

/* Puts the atom with an id behind the n that are there. */
static isd_status add_id(const isd_snapshot *s, int64_t id, int32_t **index, int32_t *n, isd_error *err)
{
    int32_t found = isd_snapshot_find(s, id);
    if (found < 0)
        return isd_error_set(err, ISD_DATA, "no atom has id %lld in this frame", (long long)id);
    if ((*n & (*n - 1)) == 0) { /* full at each power of two */
        int32_t *grown = *n < INT32_MAX / 2 ? realloc(*index, (*n > 0 ? 2 * (size_t)*n : 1) * sizeof *grown) : NULL;
        if (!grown)
            return isd_error_memory(err);
        *index = grown;
    }
    (*index)[(*n)++] = found;
    return ISD_OK;
}

/* ids=LIST: index of each id asked for, in the order of the list. */
static isd_status select_ids(const isd_snapshot *s, const char *list, int32_t **ret_index, int32_t *ret_n, isd_error *err)
{
    struct value_range *ranges = NULL;
    int32_t *index = NULL, n = 0;
    int n_ranges = 0;

    isd_status status = ranges_parse(list, &ranges, &n_ranges, err);
    for (int k = 0; !status && k < n_ranges; k++) {
        const struct value_range *r = &ranges[k];
        double step = r->step > 0.0 ? r->step : 1.0;
        if (!(fabs(r->low) < 9e15) || !(fabs(r->high) < 9e15) || r->low != floor(r->low) || step != floor(step)) {
            status = isd_error_set(err, ISD_USAGE, "ids=%s: ids are whole numbers, as in ids=1..10,42", list);
            break;
        }
        for (double id = r->low; !status && id <= r->high; id += step)
            status = add_id(s, (int64_t)id, &index, &n, err);
    }
    free(ranges);
    if (status) {
        free(index);
        return status;
    }
    *ret_index = index;
    *ret_n = n;
    return ISD_OK;
}

/* Columns of the atoms asked for. */
struct snapshot_columns {
    double *axis[6]; /* x y z xs ys zs */
    int64_t *id, *type, *image;
    const char **element;
};

static void columns_done(struct snapshot_columns *c)
{
    for (int k = 0; k < 6; k++)
        free(c->axis[k]);
    free(c->id);
    free(c->type);
    free(c->image);
    free(c->element);
}

static bool columns_init(struct snapshot_columns *c, size_t n)
{
    memset(c, 0, sizeof *c);
    bool good = true;
    n = n > 0 ? n : 1;
    for (int k = 0; k < 6; k++)
        good = (c->axis[k] = malloc(n * sizeof(double))) && good;
    good = (c->id = malloc(n * sizeof *c->id)) && good;
    good = (c->type = malloc(n * sizeof *c->type)) && good;
    good = (c->image = malloc(3 * n * sizeof *c->image)) && good;
    good = (c->element = malloc(n * sizeof *c->element)) && good;
    if (!good)
        columns_done(c);
    return good;
}

static void columns_fill(struct snapshot_columns *c, const isd_snapshot *s, const int32_t *index, int32_t n)
{
    for (int32_t k = 0; k < n; k++) {
        int32_t i = index ? index[k] : k;
        double r[3], f[3];
        isd_box_wrap(&s->box, s->position + 3 * (size_t)i, r);
        isd_box_to_fraction(&s->box, r, f);
        for (int x = 0; x < 3; x++) {
            c->axis[x][k] = r[x];
            c->axis[3 + x][k] = f[x];
            c->image[3 * (size_t)k + (size_t)x] = s->image ? s->image[3 * (size_t)i + (size_t)x] : 0;
        }
        c->id[k] = s->id[i];
        c->type[k] = s->type[i];
        c->element[k] = s->element[s->type[i]][0] ? s->element[s->type[i]] : NULL;
    }
}

static enum ask give_snapshot(struct session *session, int32_t frame, const isd_snapshot *s, const int32_t *index, int32_t n,
                              const struct command_sink *sink, isd_error *err)
{
    static const char *const names[] = {"x", "y", "z", "xs", "ys", "zs"};
    struct snapshot_columns c;
    if (!columns_init(&c, (size_t)n)) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    columns_fill(&c, s, index, n);
    struct result *result = result_new("snapshot", RESULT_ROWS);
    result_int(result, "frame", frame);
    result_ints(result, "id", c.id, (size_t)n);
    result_ints(result, "type", c.type, (size_t)n);
    result_texts(result, "element", c.element, (size_t)n);
    for (int k = 0; k < 6; k++)
        result_reals(result, names[k], k < 3 ? session_length_unit(session) : "", c.axis[k], (size_t)n);
    if (s->image)
        result_ints(result, "image", c.image, 3 * (size_t)n);
    else
        result_null(result, "image");
    columns_done(&c);
    return give(sink, result, err);
}

/* Frames as they are may be looked at whatever the system says of their dimension. */
static enum ask get_structure(struct session *session, int32_t frame, const struct structure *structure,
                              const isd_snapshot **ret_snapshot, isd_error *err)
{
    int unconverged = 0;
    if (structure->is)
        return session_structure(session, frame, structure, ASK_BATCH, ret_snapshot, &unconverged, err);
    return session_frame(session, frame, ret_snapshot, err) == ISD_OK ? ASK_READY : ASK_FAILED;
}

enum ask run_snapshot(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t *frames = NULL, n_frames = 0;
    if (call_frames(session, call_word(call, 0), &frames, &n_frames, err) != ISD_OK)
        return ASK_FAILED;
    struct structure structure;
    structure_from_call(session, call, &structure);
    enum ask answer = check_can_quench(session, &structure, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    for (int32_t k = 0; k < n_frames && answer != ASK_FAILED && structure.is; k++) {
        int unconverged = 0;
        enum ask one = session_structure_known(session, frames[k], &structure, ASK_BATCH, &unconverged, err);
        if (one != ASK_READY)
            answer = one;
    }
    for (int32_t k = 0; k < n_frames && answer == ASK_READY; k++) {
        const isd_snapshot *s = NULL;
        int32_t *index = NULL;
        answer = get_structure(session, frames[k], &structure, &s, err);
        int32_t n = s ? s->n : 0;
        if (answer == ASK_READY && call_has(call, "ids") && select_ids(s, call_option(call, "ids"), &index, &n, err) != ISD_OK)
            answer = ASK_FAILED;
        else if (answer == ASK_READY)
            answer = give_snapshot(session, frames[k], s, index, n, sink, err);
        free(index);
    }
    free(frames);
    return answer;
}

enum ask run_sets(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct result *result = result_new("sets", RESULT_RECORD);
    result_empty_list(result, "sets");
    for (int k = 0; k < session_set_count(session); k++) {
        struct result *set = result_new(NULL, RESULT_RECORD);
        result_text(set, "name", session_set_name(session, k));
        result_bool(set, "current", k == session_current_set(session));
        double T, p, t_w;
        session_set_state(session, k, &T, &p, &t_w);
        result_real(set, "T", "", T);
        result_real(set, "p", "", p);
        result_real(set, "t_w", "", t_w);
        result_append(result, "sets", set);
    }
    (void)call;
    return give(sink, result, err);
}

enum ask run_use(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    (void)sink;
    return session_use_set(session, call_word(call, 0), err) == ISD_OK ? ASK_READY : ASK_FAILED;
}

enum ask run_close(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const char *asked = call_n_words(call) > 0 ? call_word(call, 0) : session_set_name(session, session_current_set(session));
    char name[64]; /* the set's own goes with it */
    snprintf(name, sizeof name, "%s", asked);
    if (session_close_set(session, asked, err) != ISD_OK) {
        call_error_at_word(call, 0, err);
        return ASK_FAILED;
    }
    const char *now = session_set_name(session, session_current_set(session));
    if (now)
        session_message(session, "set %s is closed; %s is in use", name, now);
    else
        session_message(session, "set %s is closed; none is open", name);
    (void)sink;
    return ASK_READY;
}
