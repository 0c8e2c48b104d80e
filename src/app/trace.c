/* Stress-strain traces of oscillatory shear, as the session keeps them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trace.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/state.h"
#include "base/text.h"
#include "io/columns.h"

#define MAX_TRACES 1024

/* What names of columns mean; `sign` 0: nothing about it. */
static const struct {
    const char *name;
    int sign;
} stress_names[] = {{"pxy", -1}, {"press_xy", -1}, {"sxy", 1}, {"sigma_xy", 1}, {"stress_xy", 1}, {"stress", 1}, {"sigma", 1}, {"tau", 1}};
static const char *const strain_names[] = {"strain", "gamma", "shear_strain", "gamma_xy"};
static const char *const volume_names[] = {"vol", "volume"};
static const char *const step_names[] = {"TimeStep", "Step", "timestep"};
static const char *const time_names[] = {"time", "t"};

struct making {
    struct session *session;
    const struct trace_options *options;
    const struct columns *columns;
    struct trace *trace;
    const double *clock; /* steps or times */
    bool steps;
    double dt, spacing;  /* time of a unit of the clock; between rows, in units of it */
    int32_t *row, n;     /* rows that count, in order */
    int strain, stress;  /* columns; strain -1: as said */
};

static int find_first(const struct columns *columns, const char *const *names, int n)
{
    for (int k = 0; k < n; k++) {
        int found = columns_find(columns, names[k]);
        if (found >= 0)
            return found;
    }
    return -1;
}

#define FIND_FIRST(columns, names) find_first(columns, names, (int)(sizeof(names) / sizeof(names)[0]))

/* "step, strain, pxy" */
static void list_names(const struct columns *columns, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int c = 0; c < columns->n_columns && used < size; c++) {
        int wrote = columns->name[c][0] != '\0' ? snprintf(out + used, size - used, "%s%s", c > 0 ? ", " : "", columns->name[c])
                                                : snprintf(out + used, size - used, "%s%d", c > 0 ? ", " : "", c + 1);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

static isd_status refuse_column(const struct making *m, const char *what, const char *said, isd_error *err)
{
    char names[240];
    list_names(m->columns, names, sizeof names);
    if (said != NULL)
        isd_error_set(err, ISD_DATA, "there is no column %s among %s", said, names);
    else
        isd_error_set(err, ISD_DATA, "none of the columns %s is known to be the %s", names, what);
    isd_error_at(err, m->trace->path, 0, 0);
    if (strcmp(what, "step") == 0)
        isd_error_hint(err, "the column of steps is named Step or TimeStep, that of times time or t; averages in vector mode are not read");
    else
        isd_error_hint(err, "%s=NAME or %s=NUMBER says which column it is", what, what);
    return ISD_DATA;
}

/* A component [4] of LAMMPS' compute pressure is xy. */
static int find_fourth(const struct columns *columns)
{
    for (int c = 0; c < columns->n_columns; c++) {
        size_t length = strlen(columns->name[c]);
        if (length > 3 && strcmp(columns->name[c] + length - 3, "[4]") == 0)
            return c;
    }
    return -1;
}

static isd_status choose_stress(struct making *m, isd_error *err)
{
    const struct trace_options *o = m->options;
    int column = -1, sign = 0;
    if (o->stress != NULL) {
        column = columns_find(m->columns, o->stress);
        if (column < 0)
            return refuse_column(m, "stress", o->stress, err);
    }
    for (size_t k = 0; k < sizeof stress_names / sizeof stress_names[0]; k++) {
        int found = columns_find(m->columns, stress_names[k].name);
        if (found >= 0 && (column < 0 || found == column)) {
            column = found;
            sign = stress_names[k].sign;
            break;
        }
    }
    int fourth = find_fourth(m->columns);
    if (fourth >= 0 && (column < 0 || (column == fourth && sign == 0))) {
        column = fourth;
        sign = -1;
    }
    if (column < 0)
        return refuse_column(m, "stress", NULL, err);
    m->stress = column;
    m->trace->sign = o->sign != 0 ? o->sign : sign;
    snprintf(m->trace->stress_column, sizeof m->trace->stress_column, "%s", m->columns->name[column]);
    if (m->trace->sign != 0)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "is column %s a stress, or a pressure with the opposite sign?", o->stress);
    isd_error_at(err, m->trace->path, 0, 0);
    isd_error_hint(err, "sign=pressure for LAMMPS' pxy, sign=stress for sigma_xy");
    return ISD_DATA;
}

static isd_status choose_strain(struct making *m, isd_error *err)
{
    const struct trace_options *o = m->options;
    m->strain = o->strain != NULL ? columns_find(m->columns, o->strain) : FIND_FIRST(m->columns, strain_names);
    if (m->strain < 0 && (o->strain != NULL || !isfinite(o->amplitude))) {
        isd_status status = refuse_column(m, "strain", o->strain, err);
        if (o->strain == NULL)
            isd_error_hint(err, "strain=NAME says which column it is; amplitude=0.012 takes amplitude sin(2 pi t/t_w) in its place");
        return status;
    }
    if (m->strain >= 0)
        snprintf(m->trace->strain_column, sizeof m->trace->strain_column, "%s", m->columns->name[m->strain]);
    return ISD_OK;
}

static bool same_number(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static isd_status choose_clock(struct making *m, isd_error *err)
{
    int column = FIND_FIRST(m->columns, step_names);
    m->steps = column >= 0;
    if (column < 0)
        column = FIND_FIRST(m->columns, time_names);
    if (column < 0 && m->columns->name[0][0] != '\0')
        return refuse_column(m, "step", NULL, err);
    if (column < 0) {
        column = 0;
        m->steps = true;
    }
    m->clock = m->columns->value[column];
    m->dt = 1;
    isd_status status = columns_need_numbers(m->columns, m->trace->path, column, err);
    if (status != ISD_OK || !m->steps)
        return status;
    double in_force = session_system(m->session)->timestep, of_log = m->columns->timestep;
    m->dt = isfinite(m->options->dt) ? m->options->dt : isfinite(in_force) ? in_force : of_log;
    if (isfinite(of_log) && isfinite(m->dt) && !same_number(of_log, m->dt))
        session_message(m->session, "%s: the log says timestep %g; %g is taken, as said", m->trace->path, of_log, m->dt);
    else if (isfinite(of_log) && !isfinite(m->options->dt) && !isfinite(in_force))
        session_message(m->session, "%s: timestep %g, as the log says", m->trace->path, of_log);
    if (isfinite(m->dt))
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "the trace counts in time steps, and no time step is known");
    isd_error_at(err, m->trace->path, 0, 0);
    isd_error_hint(err, "dt=0.005 behind the path, or the command timestep 0.005 before");
    return ISD_DATA;
}

/* Rows in order of the clock: repeated ones once, after a step back the later run counts. */
static isd_status choose_rows(struct making *m, isd_error *err)
{
    int32_t repeated = 0, overwritten = 0;
    int64_t first_repeated = 0, first_back = 0; /* lines */
    m->row = malloc((size_t)m->columns->n_rows * sizeof *m->row);
    if (m->row == NULL)
        return isd_error_memory(err);
    for (int32_t k = 0; k < m->columns->n_rows; k++) {
        if (isnan(m->clock[k]))
            continue;
        if (m->n > 0 && m->clock[k] == m->clock[m->row[m->n - 1]]) {
            first_repeated = repeated++ == 0 ? m->columns->line[k] : first_repeated;
            m->n--;
        }
        while (m->n > 0 && m->clock[k] <= m->clock[m->row[m->n - 1]]) {
            first_back = overwritten++ == 0 ? m->columns->line[k] : first_back;
            m->n--;
        }
        m->row[m->n++] = k;
    }
    if (repeated > 0)
        session_message(m->session, "%s:%" PRId64 ": %d repeated step%s (runs that follow each other), the first here: taken once", m->trace->path,
                        first_repeated, (int)repeated, repeated == 1 ? "" : "s");
    if (overwritten > 0)
        session_message(m->session, "%s:%" PRId64 ": steps run back here (a restart): %d rows of the earlier run give way to those of the later",
                        m->trace->path, first_back, (int)overwritten);
    if (m->n >= 3)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "%d row%s no trace", (int)m->n, m->n == 1 ? " is" : "s are");
    isd_error_at(err, m->trace->path, 0, 0);
    return ISD_DATA;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median distance of rows, and how often it is exceeded. */
static isd_status measure_spacing(struct making *m, isd_error *err)
{
    double *step = malloc((size_t)m->n * sizeof *step);
    if (step == NULL)
        return isd_error_memory(err);
    for (int32_t k = 1; k < m->n; k++)
        step[k - 1] = m->clock[m->row[k]] - m->clock[m->row[k - 1]];
    qsort(step, (size_t)m->n - 1, sizeof *step, by_size);
    m->spacing = step[(m->n - 1) / 2];
    free(step);
    int32_t first = 0;
    for (int32_t k = 1; k < m->n; k++)
        if (m->clock[m->row[k]] - m->clock[m->row[k - 1]] > 1.5 * m->spacing && m->trace->gaps++ == 0)
            first = k;
    if (m->trace->gaps > 0)
        session_message(m->session, "%s:%" PRId64 ": rows are missing in %d place%s, %s before this one (%s %g to %g); the fit takes what is there",
                        m->trace->path, m->columns->line[m->row[first]], (int)m->trace->gaps, m->trace->gaps == 1 ? "" : "s",
                        m->trace->gaps == 1 ? "just" : "first", m->steps ? "steps" : "times", m->clock[m->row[first - 1]], m->clock[m->row[first]]);
    return ISD_OK;
}

/* The mean of a column of volumes, where none is said; where it varies that is said. */
static void take_volume(struct making *m)
{
    int column = FIND_FIRST(m->columns, volume_names);
    double sum = 0, low = INFINITY, high = 0;
    for (int32_t k = 0; k < m->n && column >= 0; k++) {
        double volume = m->columns->value[column][m->row[k]];
        sum += volume;
        low = fmin(low, volume);
        high = fmax(high, volume);
    }
    if (column < 0 || !(low > 0) || !isfinite(sum))
        return;
    if (isnan(m->trace->volume))
        m->trace->volume = sum / m->n;
    if (high > low * 1.001)
        session_message(m->session, "%s: the volume varies from %g to %g (NPT?): moduli are those at %g, errors by the closed form are of constant volume",
                        m->trace->path, low, high, m->trace->volume);
}

/* Time from the centre of what a row averages to its stamp. */
static void settle_window(struct making *m)
{
    const struct trace_options *o = m->options;
    bool instants = m->columns->log || !m->steps;
    int every = o->every > 0 ? o->every : 1;
    m->trace->stamp = o->stamp != STAMP_UNSAID ? o->stamp : instants ? STAMP_CENTRE : STAMP_END;
    double half = m->steps ? 0.5 * (m->spacing - every) * m->dt : 0.5 * m->spacing;
    m->trace->window = m->trace->stamp == STAMP_END ? half : m->trace->stamp == STAMP_START ? -half : 0;
}

/* Sums of squares of all rows must fit a double. */
#define LARGEST_CELL 1e140

static isd_status check_cells(const struct making *m, int column, isd_error *err)
{
    isd_status status = columns_need_numbers(m->columns, m->trace->path, column, err);
    if (status != ISD_OK)
        return status;
    for (int32_t k = 0; k < m->n; k++) {
        double value = m->columns->value[column][m->row[k]];
        if (fabs(value) <= LARGEST_CELL)
            continue;
        if (isnan(value))
            isd_error_set(err, ISD_DATA, "no number in column %s", m->columns->name[column]);
        else
            isd_error_set(err, ISD_DATA, "%g in column %s: beyond %g no sums of squares can be taken", value, m->columns->name[column], LARGEST_CELL);
        isd_error_at(err, m->trace->path, m->columns->line[m->row[k]], 0);
        isd_error_hint(err, isnan(value) ? "take the row out" : "write the column in other units, or take the row out");
        return ISD_DATA;
    }
    return ISD_OK;
}

static isd_status fill_rows(struct making *m, isd_error *err)
{
    size_t n = (size_t)m->n;
    double *time = malloc(n * sizeof *time), *end = malloc(n * sizeof *end), *strain = malloc(n * sizeof *strain),
           *stress = malloc(n * sizeof *stress);
    m->trace->rows = (struct stress_trace){.n = m->n, .time = time, .end = end, .strain = strain, .stress = stress};
    if (time == NULL || end == NULL || strain == NULL || stress == NULL)
        return isd_error_memory(err);
    int temp = columns_find(m->columns, "temp");
    double sum = 0;
    for (int32_t k = 0; k < m->n; k++) {
        int32_t row = m->row[k];
        end[k] = m->clock[row] * m->dt;
        time[k] = end[k] - m->trace->window;
        stress[k] = m->trace->sign * m->columns->value[m->stress][row];
        strain[k] = m->strain >= 0 ? m->columns->value[m->strain][row] : m->options->amplitude * sin(2 * M_PI * time[k] / m->options->t_w);
        sum += temp >= 0 ? m->columns->value[temp][row] : NAN;
    }
    m->trace->temperature = sum / m->n;
    return ISD_OK;
}

static isd_status make_trace(struct making *m, isd_error *err)
{
    isd_status status = choose_clock(m, err);
    if (status == ISD_OK)
        status = choose_strain(m, err);
    if (status == ISD_OK)
        status = choose_stress(m, err);
    if (status == ISD_OK)
        status = choose_rows(m, err);
    if (status == ISD_OK)
        status = measure_spacing(m, err);
    if (status == ISD_OK)
        status = check_cells(m, m->stress, err);
    if (status == ISD_OK && m->strain >= 0)
        status = check_cells(m, m->strain, err);
    if (status == ISD_OK)
        take_volume(m);
    settle_window(m);
    return status == ISD_OK ? fill_rows(m, err) : status;
}

static void name_trace(struct trace *trace, const struct trace_options *options)
{
    const char *slash = strrchr(trace->path, '/'), *base = options->name != NULL ? options->name : slash != NULL ? slash + 1 : trace->path;
    text_escape(base, strlen(base), trace->name, sizeof trace->name);
    static const char *const suffixes[] = {".gz", ".zst", ".txt", ".dat", ".log", ".csv", ".tsv"};
    for (size_t k = 0; options->name == NULL && k < sizeof suffixes / sizeof suffixes[0]; k++) {
        size_t n = strlen(trace->name), length = strlen(suffixes[k]);
        if (n > length && strcmp(trace->name + n - length, suffixes[k]) == 0)
            trace->name[n - length] = '\0';
    }
}

static isd_status add_trace(struct session *session, struct trace *trace, isd_error *err)
{
    for (int k = 0; k < session->n_traces; k++)
        if (strcmp(session->trace[k]->name, trace->name) == 0)
            return isd_error_set(err, ISD_USAGE, "a trace named %s is open already", trace->name);
    if (session->n_traces == MAX_TRACES)
        return isd_error_set(err, ISD_USAGE, "%d traces are open already, no more fit", MAX_TRACES);
    struct trace **grown = realloc(session->trace, ((size_t)session->n_traces + 1) * sizeof *grown);
    if (grown == NULL)
        return isd_error_memory(err);
    session->trace = grown;
    session->trace[session->n_traces++] = trace;
    return ISD_OK;
}

isd_status session_trace_open(struct session *session, const char *path, const struct trace_options *options, isd_error *err)
{
    struct columns *columns = NULL;
    if (!(options->t_w > 0)) {
        isd_error_set(err, ISD_USAGE, "the period of the shear is not said");
        isd_error_hint(err, "tw=20 behind the path, or name='run_T{T}_tw{tw}.txt' to take it from the name");
        return ISD_USAGE;
    }
    isd_status status = columns_read(path, session_note, session, NULL, &columns, err);
    if (status != ISD_OK)
        return status;
    struct trace *trace = calloc(1, sizeof *trace);
    if (trace != NULL)
        trace->path = strdup(path);
    if (trace == NULL || trace->path == NULL) {
        status = isd_error_memory(err);
    } else {
        trace->t_w = options->t_w;
        trace->T = options->T;
        trace->p = options->p;
        trace->volume = options->volume;
        trace->amplitude = options->amplitude;
        trace->cut = columns->marked;
        name_trace(trace, options);
        struct making m = {.session = session, .options = options, .columns = columns, .trace = trace};
        status = make_trace(&m, err);
        free(m.row);
    }
    columns_free(columns);
    if (status == ISD_OK)
        status = add_trace(session, trace, err);
    if (status != ISD_OK)
        trace_free(trace);
    return status;
}

void trace_free(struct trace *trace)
{
    if (trace == NULL)
        return;
    free(trace->path);
    free((double *)trace->rows.time);
    free((double *)trace->rows.end);
    free((double *)trace->rows.strain);
    free((double *)trace->rows.stress);
    free(trace);
}

int session_trace_count(const struct session *session)
{
    return session->n_traces;
}

const struct trace *session_trace(const struct session *session, int k)
{
    return k >= 0 && k < session->n_traces ? session->trace[k] : NULL;
}

const struct trace *session_trace_find(const struct session *session, const char *name, isd_error *err)
{
    for (int k = 0; k < session->n_traces; k++)
        if (strcmp(session->trace[k]->name, name) == 0)
            return session->trace[k];
    isd_error_set(err, ISD_USAGE, "no trace is named %s", name);
    isd_error_hint(err, session->n_traces > 0 ? "trace    lists the open ones" : "trace FILE tw=20    opens one");
    return NULL;
}

struct oscillation_options trace_fit_options(const struct session *session, const struct trace *trace, int skip, bool slope)
{
    double T = isfinite(trace->T) ? trace->T : trace->temperature;
    return (struct oscillation_options){.t_w = trace->t_w, .skip = skip, .slope = slope, .volume = trace->volume,
                                        .kT = session_thermal_energy(session, T), .amplitude = trace->amplitude};
}

isd_status trace_fit(const struct session *session, const struct trace *trace, int skip, bool slope, struct oscillation *ret_fit,
                     isd_error *err)
{
    struct oscillation_options options = trace_fit_options(session, trace, skip, slope);
    isd_status status = oscillation_fit(&trace->rows, &options, ret_fit, err);
    if (status == ISD_DATA)
        isd_error_at(err, trace->path, 0, 0);
    return status;
}

bool trace_trouble(const struct trace *trace, const struct oscillation *fit, char *out, size_t size)
{
    bool measured = trace->strain_column[0] != '\0';
    out[0] = '\0';
    if (fit->strain_misfit > 0.05)
        snprintf(out, size, "the strain is not a sine of period %g (it looks like %g)", trace->t_w, oscillation_period(&trace->rows));
    else if (isfinite(trace->amplitude) && measured && fabs(fit->strain_amplitude / trace->amplitude - 1) > 0.01)
        snprintf(out, size, "the strain has the amplitude %g, not %g as said", fit->strain_amplitude, trace->amplitude);
    else if (measured && fabs(fit->strain_phase) > 0.02)
        snprintf(out, size, "the strain is %.3f rad off a sine that starts at 0 (are the stamps those of window ends?)", fit->strain_phase);
    else if (fit->sigma_amplitude <= 1e-9 * fabs(fit->sigma0))
        snprintf(out, size, "the stress does not oscillate (it stays at %g)", fit->sigma0);
    else if (fit->storage < -3 * fit->se_storage)
        snprintf(out, size, "G' is negative beyond its error (is the column a pressure? see sign= of trace)");
    return out[0] != '\0';
}
