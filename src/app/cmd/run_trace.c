/* trace: stress-strain traces, opened and listed. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/name_pattern.h"
#include "app/trace.h"
#include "io/listing.h"

static enum ask give_trace(const struct session *session, const struct trace *trace, const struct command_sink *sink, isd_error *err)
{
    static const char *const stamps[] = {"", "end", "centre", "start"};
    const char *unit = session_units_time(session);
    const struct stress_trace *rows = &trace->rows;
    struct result *result = result_new("trace", RESULT_RECORD);
    result_text(result, "name", trace->name);
    result_text(result, "path", trace->path);
    result_real(result, "T", "", trace->T);
    result_real(result, "p", "", trace->p);
    result_real(result, "t_w", unit, trace->t_w);
    result_real(result, "volume", "", trace->volume);
    result_int(result, "rows", rows->n);
    result_real(result, "start", unit, rows->time[0]);
    result_real(result, "end", unit, rows->end[rows->n - 1]);
    result_text(result, "strain", trace->strain_column[0] ? trace->strain_column : NULL);
    result_real(result, "amplitude", "", trace->amplitude);
    result_text(result, "stress", trace->stress_column);
    result_text(result, "sign", trace->sign < 0 ? "pressure" : "stress");
    result_text(result, "stamp", stamps[trace->stamp]);
    result_real(result, "window", unit, trace->window);
    result_int(result, "gaps", trace->gaps);
    if (trace->cut)
        result_mark(result, "trace %s: the file is cut short or damaged: only its sound rows are there", trace->name);
    return give(sink, result, err);
}

static void options_from_call(const struct command_call *call, struct trace_options *options)
{
    *options = (struct trace_options){.name = call_option(call, "as"),
                                      .t_w = call_real(call, "tw", NAN),
                                      .T = call_real(call, "T", NAN),
                                      .p = call_real(call, "p", NAN),
                                      .volume = call_real(call, "volume", NAN),
                                      .amplitude = call_real(call, "amplitude", NAN),
                                      .dt = call_real(call, "dt", NAN),
                                      .strain = call_option(call, "strain"),
                                      .stress = call_option(call, "stress"),
                                      .every = (int)call_count(call, "every", 0)};
    if (call_has(call, "sign"))
        options->sign = call_is(call, "sign", "stress") ? 1 : -1;
    if (call_has(call, "stamp"))
        options->stamp = call_is(call, "stamp", "end") ? STAMP_END : call_is(call, "stamp", "centre") ? STAMP_CENTRE : STAMP_START;
}

/* What the name of the file adds to the options. */
static isd_status read_name(const char *pattern, const char *path, struct trace_options *options, isd_error *err)
{
    struct named_values values;
    char guess[256];
    if (pattern == NULL) {
        if (!(options->t_w > 0) && name_pattern_guess(path, guess, sizeof guess)) {
            isd_error_set(err, ISD_USAGE, "the period of the shear is not said, but the name seems to tell");
            isd_error_at(err, path, 0, 0);
            isd_error_hint(err, "name='%s' takes it from there; or tw=20", guess);
            return ISD_USAGE;
        }
        return ISD_OK;
    }
    isd_status status = name_pattern_read(pattern, path, &values, err);
    if (status != ISD_OK)
        return status;
    options->t_w = isfinite(options->t_w) ? options->t_w : values.t_w;
    options->T = isfinite(options->T) ? options->T : values.T;
    options->p = isfinite(options->p) ? options->p : values.p;
    return ISD_OK;
}

static isd_status open_one(struct session *session, const struct command_call *call, const char *path, const struct command_sink *sink,
                           isd_error *err)
{
    struct trace_options options;
    options_from_call(call, &options);
    isd_status status = read_name(call_option(call, "name"), path, &options, err);
    if (status == ISD_OK)
        status = session_trace_open(session, path, &options, err);
    if (status == ISD_OK && give_trace(session, session_trace(session, session_trace_count(session) - 1), sink, err) != ASK_READY)
        status = ISD_MEMORY;
    return status;
}

enum ask run_trace(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int n = call_n_words(call);
    for (int k = 0; n == 0 && k < session_trace_count(session); k++)
        if (give_trace(session, session_trace(session, k), sink, err) != ASK_READY)
            return ASK_FAILED;
    if (n == 0 && session_trace_count(session) == 0)
        session_message(session, "no trace is open (trace FILE tw=20 opens one)");
    for (int k = 0; k < n; k++) {
        struct listing files = {0};
        isd_status status = listing_make(call_word(call, k), &files, err);
        for (int j = 0; j < files.n && status == ISD_OK; j++)
            status = open_one(session, call, files.path[j], sink, err);
        listing_done(&files);
        if (status != ISD_OK)
            return ASK_FAILED;
    }
    return ASK_READY;
}
