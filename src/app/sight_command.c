/* Commands that choose what is looked at, and how. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/atom_table.h"
#include "app/sight_inside.h"
#include "base/scan.h"

static enum sight_outcome refuse(isd_error *err, const char *what)
{
    isd_error_set(err, ISD_DATA, "%s", what);
    return SIGHT_REFUSED;
}

/* "+3", "-1", "first", "last" from `at` among n; cut at the ends. */
static bool stepped(const char *word, long at, long n, long *ret_to, isd_error *err)
{
    int64_t by = 1;
    if (word && strcmp(word, "first") == 0)
        *ret_to = 0;
    else if (word && strcmp(word, "last") == 0)
        *ret_to = n - 1;
    else if (word && !scan_whole_int64(word, &by)) {
        isd_error_set(err, ISD_USAGE, "a step is +N, -N, first or last, not '%.40s'", word);
        return false;
    } else {
        by = by > n ? n : by < -n ? -n : by;
        *ret_to = at + (long)by;
    }
    *ret_to = *ret_to < 0 ? 0 : *ret_to > n - 1 ? n - 1 : *ret_to;
    return true;
}

static enum sight_outcome step_tw(struct sight *sight, const char *word, isd_error *err)
{
    long to;
    if (sight->n_tw < 1)
        return refuse(err, "no waiting times: time does not increase from frame to frame");
    if (!stepped(word, sight->tw_at, sight->n_tw, &to, err))
        return SIGHT_REFUSED;
    return sight_take_tw(sight, (int)to, err) == ISD_OK ? SIGHT_CHANGED : SIGHT_REFUSED;
}

static enum sight_outcome step_pair(struct sight *sight, const char *word, isd_error *err)
{
    long to;
    if (sight->n_pairs < 1)
        return refuse(err, "no pairs at this waiting time");
    if (!stepped(word, sight->pair_at, sight->n_pairs, &to, err))
        return SIGHT_REFUSED;
    sight->custom = sight->look.average = false;
    sight->news++;
    sight->pair_at = (int)to;
    sight->pair = sight->pairs[to];
    return SIGHT_CHANGED;
}

#define U_STEPS 100 /* steps of the cursor along the axis */

static enum sight_outcome step_u(struct sight *sight, const char *word, isd_error *err)
{
    double step = sight_u_max(sight) / U_STEPS;
    long at = isnan(sight->u) ? 0 : lround(sight->u / step), to;
    if (!stepped(word, at, U_STEPS + 1, &to, err))
        return SIGHT_REFUSED;
    sight->u = (double)to * step;
    sight->u_of_atom = false;
    return SIGHT_CHANGED;
}

static enum sight_outcome run_step(struct sight *sight, const struct command_call *call, isd_error *err)
{
    const char *what = call_word(call, 0), *by = call_word(call, 1);
    if (strcmp(what, "tw") == 0)
        return step_tw(sight, by, err);
    if (strcmp(what, "pair") == 0)
        return step_pair(sight, by, err);
    if (strcmp(what, "u") == 0)
        return step_u(sight, by, err);
    return SIGHT_NOT_MINE;
}

/* The nearest of all waiting times of the data: the list to step through is thinned, so it may have to be added. */
static enum sight_outcome goto_tw(struct sight *sight, double tw, isd_error *err)
{
    double *all = NULL;
    int32_t n = 0, best = 0;
    int at = 0;
    if (series_all_tw(session_times(sight->session), &all, &n, err) != ISD_OK)
        return SIGHT_REFUSED;
    for (int32_t k = 1; k < n; k++)
        if (fabs(all[k] - tw) < fabs(all[best] - tw))
            best = k;
    isd_status status = n > 0 ? sight_insert_tw(sight, all[best], &at, err) : ISD_OK;
    free(all);
    if (n == 0)
        return refuse(err, "no waiting times: time does not increase from frame to frame");
    return status == ISD_OK && sight_take_tw(sight, at, err) == ISD_OK ? SIGHT_CHANGED : SIGHT_REFUSED;
}

static enum sight_outcome run_goto(struct sight *sight, const struct command_call *call, isd_error *err)
{
    const char *pair = call_option(call, "pair");
    enum sight_outcome outcome = SIGHT_NOT_MINE;
    if (call_has(call, "tw"))
        outcome = goto_tw(sight, call_real(call, "tw", 0), err);
    if (pair && outcome != SIGHT_REFUSED) {
        int32_t a, b;
        if (call_pair(sight->session, pair, &a, &b, err) != ISD_OK)
            return SIGHT_REFUSED;
        sight_take_pair(sight, a, b);
        outcome = SIGHT_CHANGED;
    }
    if (call_has(call, "atom") && outcome != SIGHT_REFUSED) {
        sight->atom = call_count(call, "atom", 0);
        sight->u_of_atom = true;
        outcome = SIGHT_CHANGED;
    }
    if (call_has(call, "u") && outcome != SIGHT_REFUSED) {
        sight->u = call_real(call, "u", 0);
        sight->u_of_atom = false;
        outcome = SIGHT_CHANGED;
    }
    return outcome;
}

static enum sight_outcome run_type(struct sight *sight, const char *word, isd_error *err)
{
    int type = strcmp(word, "all") == 0 ? 0 : session_find_type(sight->session, word);
    if (type == 0 && strcmp(word, "all") != 0) {
        isd_error_set(err, ISD_USAGE, "no type '%.40s' in this set", word);
        isd_error_hint(err, "`info` lists the types");
        return SIGHT_REFUSED;
    }
    sight->look.type = type;
    return SIGHT_CHANGED;
}

/* "40", "auto", "log", "log 40" */
static enum sight_outcome run_bins(struct sight *sight, const struct command_call *call, isd_error *err)
{
    const char *word = call_word(call, 0), *second = call_word(call, 1);
    bool log = strcmp(word, "log") == 0;
    const char *number = log ? second : word;
    int64_t bins = 0;
    bool chosen = number && strcmp(number, "auto") != 0;
    if ((second && !log) || (chosen && (!scan_whole_int64(number, &bins) || bins < 1 || bins > SIGHT_BINS))) {
        isd_error_set(err, ISD_USAGE, "bins is a number from 1 to %d or auto, log before it if wanted, not '%.40s'", SIGHT_BINS, second ? second : word);
        return SIGHT_REFUSED;
    }
    sight->look.bins = (int)bins;
    sight->look.log_bins = log;
    return SIGHT_CHANGED;
}

static void set_scale(bool *log, const char *scale)
{
    *log = strcmp(scale, "toggle") == 0 ? !*log : strcmp(scale, "log") == 0;
}

/* Views without axes (texts, the table) leave them to p(u). */
static struct view_axes *axes_here(struct sight *sight)
{
    bool plot = (sight->view >= VIEW_PU && sight->view <= VIEW_DYNAMICS) && sight->view != VIEW_TABLE;
    return &sight->look.axes[plot ? sight->view : VIEW_PU];
}

/* A new scale shows everything again: a range of one scale says little on the other. */
static enum sight_outcome run_axis(struct sight *sight, const char *axis, const char *scale)
{
    struct view_axes *axes = axes_here(sight);
    bool x = strcmp(axis, "x") == 0;
    set_scale(x ? &axes->log_x : &axes->log_y, scale ? scale : "toggle");
    *(x ? &axes->x_low : &axes->y_low) = *(x ? &axes->x_high : &axes->y_high) = NAN;
    return SIGHT_CHANGED;
}

/* "A:B" or "A..B"; NULL: left as it is. */
static bool read_interval(const char *word, double *ret_low, double *ret_high, isd_error *err)
{
    char text[64];
    double low, high;
    if (!word)
        return true;
    snprintf(text, sizeof text, "%s", word);
    char *gap = strchr(text, ':'), *second = gap ? gap + 1 : NULL;
    if (!gap && (gap = strstr(text, "..")) != NULL)
        second = gap + 2;
    if (gap)
        *gap = '\0';
    if (!gap || !scan_whole_double(text, &low) || !scan_whole_double(second, &high) || !(low < high) || !isfinite(high - low)) {
        isd_error_set(err, ISD_USAGE, "an interval is LOW:HIGH with LOW below HIGH, not '%.40s'", word);
        return false;
    }
    *ret_low = low;
    *ret_high = high;
    return true;
}

static enum sight_outcome run_zoom(struct sight *sight, const struct command_call *call, isd_error *err)
{
    struct view_axes *axes = axes_here(sight), wanted = *axes;
    const char *word = call_word(call, 0);
    if (word && strcmp(word, "fit") != 0)
        return SIGHT_NOT_MINE; /* in, out: whoever draws knows what is shown now */
    if (word)
        wanted.x_low = wanted.x_high = wanted.y_low = wanted.y_high = NAN;
    if (!read_interval(call_option(call, "x"), &wanted.x_low, &wanted.x_high, err)
        || !read_interval(call_option(call, "y"), &wanted.y_low, &wanted.y_high, err))
        return SIGHT_REFUSED;
    if ((wanted.log_x && wanted.x_low <= 0) || (wanted.log_y && wanted.y_low <= 0))
        return refuse(err, "a logarithmic axis begins above 0");
    *axes = wanted;
    return SIGHT_CHANGED;
}

static enum sight_outcome run_brush(struct sight *sight, const struct command_call *call, isd_error *err)
{
    struct look *look = &sight->look;
    if (call_word(call, 0))
        look->brush_low = look->brush_high = NAN;
    else if (!call_has(call, "u")) {
        isd_error_set(err, ISD_USAGE, "brush what? brush u=LOW:HIGH, or brush off");
        return SIGHT_REFUSED;
    }
    return read_interval(call_option(call, "u"), &look->brush_low, &look->brush_high, err) ? SIGHT_CHANGED : SIGHT_REFUSED;
}

/* The words of an expression with blanks between; an expression that cannot be read changes nothing. */
static enum sight_outcome run_expression(struct sight *sight, const struct command_call *call, char *text, size_t size, isd_error *err)
{
    char wanted[512] = "";
    size_t used = 0;
    for (int k = 0; k < call_n_words(call); k++) {
        int n = snprintf(wanted + used, sizeof wanted - used, "%s%s", k ? " " : "", call_word(call, k));
        used += (size_t)n;
        if (used >= size) {
            isd_error_set(err, ISD_USAGE, "an expression of more than %zu characters", size - 1);
            return SIGHT_REFUSED;
        }
    }
    if (strcmp(wanted, "off") == 0 || strcmp(wanted, "clear") == 0)
        wanted[0] = '\0';
    else if (atom_filter_check(sight->session, wanted, err) != ISD_OK)
        return SIGHT_REFUSED;
    memset(text, 0, size);
    memcpy(text, wanted, used);
    return SIGHT_CHANGED;
}

static enum sight_show show_of(const char *word)
{
    static const char *const names[] = {
        [SIGHT_BOTH] = "both", [SIGHT_LABELLED] = "lab", [SIGHT_MATCHED] = "mat", [SIGHT_DIFFERENCE] = "diff"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(names[k], word) == 0)
            return (enum sight_show)k;
    return SIGHT_BOTH;
}

/* What p(u) is counted from. */
static enum sight_outcome run_reading(struct sight *sight, const char *name, const struct command_call *call)
{
    const char *word = call_word(call, 0);
    if (strcmp(name, "species") == 0)
        sight->look.blind = strcmp(word, "blind") == 0;
    else if (strcmp(name, "average") == 0)
        sight->look.average = strcmp(word, "on") == 0;
    else if (strcmp(name, "instant") == 0)
        sight->look.instant = strcmp(word, "on") == 0;
    else if (strcmp(name, "of") == 0) {
        sight->look.raw = strcmp(word, "raw") == 0;
        sight->look.raw_forced = false;
    } else
        return SIGHT_NOT_MINE;
    return SIGHT_CHANGED;
}

bool sight_must_wait(const struct sight *sight, const struct command_call *call)
{
    const char *name = call_spec(call)->name, *what = call_word(call, 0);
    if (!session_has_data(sight->session) || !session_is_partial(sight->session))
        return false;
    if (strcmp(name, "goto") == 0)
        return call_has(call, "tw") || call_has(call, "pair");
    if (strcmp(name, "foreach") == 0)
        return strcmp(what, "set") != 0;
    return strcmp(name, "step") == 0 && (strcmp(what, "tw") == 0 || strcmp(what, "pair") == 0);
}

/* A slice and the whole have a window each. */
static enum sight_outcome run_slice(struct sight *sight, const struct command_call *call, isd_error *err)
{
    struct look *look = &sight->look;
    bool space = look->slice.space;
    if (slice_look_command(&look->slice, call, err) != ISD_OK)
        return SIGHT_REFUSED;
    if (look->slice.space != space) {
        struct view_axes now = look->axes[VIEW_SLICE];
        look->axes[VIEW_SLICE] = look->other_axes;
        look->other_axes = now;
    }
    return SIGHT_CHANGED;
}

/* Commands after which the same p(u) is looked at in another way. */
static enum sight_outcome run_way(struct sight *sight, const char *name, const struct command_call *call, isd_error *err)
{
    const char *word = call_word(call, 0);
    if (strcmp(name, "show") == 0)
        sight->look.show = show_of(word);
    else if (strcmp(name, "stack") == 0)
        sight->look.stack = strcmp(word, "on") == 0;
    else if (strcmp(name, "axis") == 0)
        return run_axis(sight, word, call_word(call, 1));
    else if (strcmp(name, "zoom") == 0)
        return run_zoom(sight, call, err);
    else if (strcmp(name, "slice") == 0 || strcmp(name, "arrows") == 0 || strcmp(name, "cut") == 0)
        return run_slice(sight, call, err);
    else if (strcmp(name, "brush") == 0)
        return run_brush(sight, call, err);
    else if (strcmp(name, "filter") == 0)
        return run_expression(sight, call, sight->look.filter, sizeof sight->look.filter, err);
    else if (strcmp(name, "select") == 0)
        return run_expression(sight, call, sight->look.select, sizeof sight->look.select, err);
    else
        return SIGHT_NOT_MINE;
    return SIGHT_CHANGED;
}

enum sight_outcome sight_command(struct sight *sight, const struct command_call *call, isd_error *err)
{
    const char *name = call_spec(call)->name;
    enum sight_outcome outcome = run_way(sight, name, call, err);
    if (outcome != SIGHT_NOT_MINE)
        return outcome;
    if (strcmp(name, "step") == 0)
        outcome = run_step(sight, call, err);
    else if (strcmp(name, "goto") == 0)
        outcome = run_goto(sight, call, err);
    else if (strcmp(name, "type") == 0)
        outcome = run_type(sight, call_word(call, 0), err);
    else if (strcmp(name, "bins") == 0)
        outcome = run_bins(sight, call, err);
    else
        outcome = run_reading(sight, name, call);
    if (outcome == SIGHT_CHANGED) {
        sight->paused = false;
        sight->news += strcmp(name, "goto") != 0 && strcmp(name, "step") != 0;
    }
    return outcome;
}
