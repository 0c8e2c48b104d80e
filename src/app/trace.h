/* Stress-strain traces of oscillatory shear, as the session keeps them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TRACE_H
#define APP_TRACE_H

#include <stdbool.h>

#include "analysis/oscillation.h"
#include "app/session.h"

/* What a row of averages is stamped with. */
enum trace_stamp { STAMP_UNSAID, STAMP_END, STAMP_CENTRE, STAMP_START };

struct trace_options {
    const char *name;            /* as=, or NULL: from the path */
    double t_w, T, p, volume;    /* NaN: not said */
    double amplitude;            /* of the strain, said; NaN: as it is */
    double dt;                   /* NaN: the time step in force, else that of a log */
    const char *strain, *stress; /* columns by name or number, or NULL: by their names */
    int sign;                    /* of the stress column: -1 it is a pressure, 1 a stress, 0 by its name */
    enum trace_stamp stamp;      /* unsaid: the end for averages, the very time for logs */
    int every;                   /* steps between the samples of an average; 0: all steps */
};

struct trace {
    char name[64], *path;
    double t_w, T, p, volume, amplitude;
    char strain_column[64], stress_column[64]; /* "" for a strain that is only said */
    int sign;
    enum trace_stamp stamp;
    double window; /* time from the centre of a window to its stamp, positive when the stamp is later */
    int32_t gaps;  /* places where rows are missing */
    bool cut;      /* the file is cut short or damaged: only its sound rows are there */
    struct stress_trace rows; /* owned: time, end, strain, stress */
    double temperature;       /* mean of a column temp, NaN without */
};

/* Reads a trace and adds it to the session. What it takes for granted is said in messages: columns, sign, window. Repeated steps are
 * taken once, of steps that run back (a restart) the later rows count; gaps are counted and said. */
isd_status session_trace_open(struct session *session, const char *path, const struct trace_options *options, isd_error *err);
int session_trace_count(const struct session *session);
const struct trace *session_trace(const struct session *session, int k);
/* NULL and an error that names the traces there are. */
const struct trace *session_trace_find(const struct session *session, const char *name, isd_error *err);
/* What speaks against a fit: another period, amplitude or phase of the strain than said. False: nothing. */
bool trace_trouble(const struct trace *trace, const struct oscillation *fit, char *out, size_t size);
void trace_free(struct trace *trace);

/* What is known of a trace for a fit of it. */
struct oscillation_options trace_fit_options(const struct session *session, const struct trace *trace, int skip, bool slope);
/* oscillation_fit of a trace with what is known of it; kT from its T, else its mean temperature, in the session's units. */
isd_status trace_fit(const struct session *session, const struct trace *trace, int skip, bool slope, struct oscillation *ret_fit,
                     isd_error *err);

#endif
