/* greenkubo: moduli from the stress of a run at rest. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analysis/green_kubo.h"
#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/keep.h"
#include "app/keep_derived.h"
#include "app/trace.h"
#include "io/columns.h"

#define MOST_COMPONENTS 16

/* The scatter of fewer components, as there are in 2D, says little of the error: stretches of the run do. */
enum { LEAST_COMPONENTS = 4, FEW_BLOCKS = 5 };

struct rest {
    struct columns *columns;
    const double *component[MOST_COMPONENTS];
    int n_components;
    double *made[2]; /* components that are not columns themselves; owned */
    int n_made;
    double dt; /* between rows */
};

/* What a column is by its name: a component of the tensor in LAMMPS' order, or: */
enum { XX, YY, ZZ, XY, XZ, YZ, A_VARIABLE, UNNAMED, SOMETHING_ELSE };

static int meaning_of(const char *name)
{
    static const char *const components[] = {"xx", "yy", "zz", "xy", "xz", "yz"};
    static const char *const before[] = {"", "p", "s", "sigma", "stress", "press", "pressure"};
    const bool variable = strncmp(name, "v_", 2) == 0;
    const char *bare = variable || strncmp(name, "c_", 2) == 0 || strncmp(name, "f_", 2) == 0 ? name + 2 : name;
    const size_t length = strlen(bare);
    if (length == 0)
        return UNNAMED;
    if (length > 3 && bare[length - 3] == '[' && bare[length - 1] == ']' && bare[length - 2] >= '1' && bare[length - 2] <= '6')
        return bare[length - 2] - '1';
    for (int k = 0; k < 6; k++)
        for (size_t q = 0; q < sizeof before / sizeof *before; q++) {
            const size_t head = strlen(before[q]), gap = length > head && bare[head] == '_';
            if (length == head + gap + 2 && strncasecmp(bare, before[q], head) == 0 && strcasecmp(bare + head + gap, components[k]) == 0)
                return k;
        }
    return variable ? A_VARIABLE : SOMETHING_ELSE;
}

/* factor (2 a - b - c), with c = b where there are but two: (xx - yy)/2 and (2 zz - xx - yy)/sqrt(12). */
static isd_status add_difference(struct rest *rest, double factor, const double *a, const double *b, const double *c, isd_error *err)
{
    double *made = malloc(((size_t)rest->columns->n_rows + 1) * sizeof *made);
    if (!made)
        return isd_error_memory(err);
    for (int32_t k = 0; k < rest->columns->n_rows; k++)
        made[k] = factor * (2 * a[k] - b[k] - c[k]);
    rest->made[rest->n_made++] = made;
    rest->component[rest->n_components++] = made;
    return ISD_OK;
}

static bool is_zero(const struct columns *t, int column)
{
    int32_t k = 0;
    while (k < t->n_rows && t->value[column][k] == 0)
        k++;
    return k == t->n_rows;
}

/* In 2D LAMMPS prints the components with a z too, as zeros. */
static bool is_flat(struct session *session, const struct columns *t, const int column[6])
{
    const int with_z[] = {ZZ, XZ, YZ};
    const int dimension = session_has_data(session) ? session_dimension(session) : session_system(session)->dimension;
    bool flat = dimension == 2;
    for (int k = 0; k < 3; k++)
        flat = flat || (column[with_z[k]] >= 0 && is_zero(t, column[with_z[k]]));
    return flat;
}

/* Differences of diagonal components: (xx - yy)/2, and in 3D (2 zz - xx - yy)/sqrt(12). */
static isd_status add_normal_stresses(struct rest *rest, const int column[6], bool flat, isd_error *err)
{
    double *const *value = rest->columns->value;
    isd_status status = ISD_OK;
    if (column[XX] < 0 || column[YY] < 0)
        return ISD_OK;
    if (rest->n_components < MOST_COMPONENTS)
        status = add_difference(rest, 0.25, value[column[XX]], value[column[YY]], value[column[YY]], err);
    if (status == ISD_OK && column[ZZ] >= 0 && !flat && rest->n_components < MOST_COMPONENTS)
        status = add_difference(rest, 1 / sqrt(12.0), value[column[ZZ]], value[column[XX]], value[column[YY]], err);
    return status;
}

/* Off-diagonal components, the differences of diagonal ones, and variables of the user's own; all columns of a table without names. The
 * rest of a log or file of averages (temperature, energies; what has a z in 2D) is passed over, and named. */
static isd_status components_by_name(struct session *session, struct rest *rest, isd_error *err)
{
    const struct columns *t = rest->columns;
    int column[6] = {-1, -1, -1, -1, -1, -1};
    char others[160] = "";
    for (int c = 1; c < t->n_columns; c++)
        if (meaning_of(t->name[c]) < 6)
            column[meaning_of(t->name[c])] = c;
    const bool flat = is_flat(session, t, column);
    for (int c = 1; c < t->n_columns; c++) {
        const int meaning = meaning_of(t->name[c]);
        const bool no_shear = meaning == SOMETHING_ELSE || (flat && (meaning == ZZ || meaning == XZ || meaning == YZ));
        const size_t used = strlen(others);
        if (no_shear)
            snprintf(others + used, sizeof others - used, " %s", t->name[c]);
        else if (meaning >= XY && rest->n_components < MOST_COMPONENTS)
            rest->component[rest->n_components++] = t->value[c];
    }
    if (others[0] && (rest->n_components > 0 || column[XX] >= 0))
        session_message(session, "greenkubo: columns that are no shear stress by their name%s are left out (columns= takes them):%s",
                        flat ? ", or have a z in 2D," : "", others);
    return add_normal_stresses(rest, column, flat, err);
}

static isd_status components_by_list(struct rest *rest, const char *path, const char *list, isd_error *err)
{
    for (const char *p = list; p;) {
        char name[64];
        const char *comma = strchr(p, ',');
        size_t length = comma ? (size_t)(comma - p) : strlen(p);
        memcpy(name, p, length < sizeof name ? length : sizeof name - 1);
        name[length < sizeof name ? length : sizeof name - 1] = '\0';
        int column = columns_find(rest->columns, name);
        if (column < 0 || rest->n_components == MOST_COMPONENTS) {
            isd_error_set(err, ISD_DATA, column < 0 ? "there is no column %s" : "more components than can be independent, from %s on", name);
            isd_error_at(err, path, 0, 0);
            return ISD_DATA;
        }
        rest->component[rest->n_components++] = rest->columns->value[column];
        p = comma ? comma + 1 : NULL;
    }
    return ISD_OK;
}

static isd_status choose_components(struct session *session, struct rest *rest, const char *path, const char *list, isd_error *err)
{
    isd_status status = list ? components_by_list(rest, path, list, err) : components_by_name(session, rest, err);
    if (status || rest->n_components > 0)
        return status;
    isd_error_set(err, ISD_DATA, "no column is a shear component of the stress by its name (pxy, pxz, pyz, or pxx and pyy, or [1] to [6])");
    isd_error_at(err, path, 0, 0);
    isd_error_hint(err, "columns=2,3    takes columns by number");
    return ISD_DATA;
}

/* Rows must follow each other evenly: correlations know no gaps. */
static isd_status check_rows(struct session *session, const struct command_call *call, struct rest *rest, isd_error *err)
{
    const struct columns *t = rest->columns;
    const double *clock = t->value[0];
    double step = t->n_rows > 1 ? clock[1] - clock[0] : NAN;
    double in_force = session_system(session)->timestep, dt = call_real(call, "dt", isfinite(in_force) ? in_force : t->timestep);
    for (int32_t k = 1; k < t->n_rows; k++)
        if (!(fabs(clock[k] - clock[k - 1] - step) <= 1e-6 * fabs(step))) {
            isd_error_set(err, ISD_DATA, "the row before this one is %g away, the first ones %g: rows are missing or repeated", clock[k] - clock[k - 1], step);
            isd_error_at(err, call_word(call, 0), t->line[k], 0);
            return ISD_DATA;
        }
    for (int c = 0; c < rest->n_components; c++)
        for (int32_t k = 0; k < t->n_rows; k++)
            if (isnan(rest->component[c][k])) {
                isd_error_set(err, ISD_DATA, "no number for component %d", c + 1);
                isd_error_at(err, call_word(call, 0), t->line[k], 0);
                return ISD_DATA;
            }
    bool in_time = strcasecmp(t->name[0], "time") == 0;
    rest->dt = in_time ? step : step * dt;
    if (rest->dt > 0)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "no time between rows: the time step is not known");
    isd_error_hint(err, "dt=0.005, or the command timestep 0.005 before");
    return ISD_DATA;
}

/* Lags to show: all below ten, then about twenty a decade. */
static int32_t next_shown(int32_t k)
{
    int32_t next = (int32_t)floor(k * 1.122);
    return next > k ? next : k + 1;
}

static isd_status add_curve(struct result *result, const struct session *session, const struct green_kubo *gk, isd_error *err)
{
    double *t = malloc(3 * (size_t)gk->n * sizeof *t);
    size_t n = 0;
    if (!t)
        return isd_error_memory(err);
    double *g = t + gk->n, *se = g + gk->n;
    for (int32_t k = 0; k < gk->n; k = next_shown(k), n++) {
        t[n] = k * gk->dt;
        g[n] = gk->g[k];
        se[n] = gk->se[k];
    }
    result_reals(result, "t", session_units_time(session), t, n);
    result_reals(result, "G", "", g, n);
    result_reals(result, "se", "", se, n);
    free(t);
    return ISD_OK;
}

static isd_status add_moduli(struct result *result, const struct session *session, const struct green_kubo *gk, const char *list, isd_error *err)
{
    struct value_range *ranges = NULL;
    double column[5][64], unknown = NAN, without_error = NAN;
    int n = 0, used = 0;
    isd_status status = list ? ranges_parse(list, &ranges, &n, err) : ISD_OK;
    if (status != ISD_OK)
        return status;
    for (int k = 0; k < n && used < 64; k++) {
        if (!(ranges[k].low > 0) || ranges[k].low != ranges[k].high) {
            free(ranges);
            return isd_error_set(err, ISD_USAGE, "tw=%s: periods are expected, as in tw=10,20,50", list);
        }
        struct green_kubo_moduli m = green_kubo_moduli(gk, 2 * M_PI / ranges[k].low);
        unknown = isnan(m.storage) ? ranges[k].low : unknown;
        without_error = isnan(m.se_storage) ? ranges[k].low : without_error;
        column[0][used] = ranges[k].low;
        column[1][used] = m.storage;
        column[2][used] = m.loss;
        column[3][used] = m.se_storage;
        column[4][used++] = m.se_loss;
    }
    free(ranges);
    static const char *const names[] = {"t_w", "G1", "G2", "se_G1", "se_G2"};
    for (int c = 0; c < 5; c++)
        result_reals(result, names[c], c == 0 ? session_units_time(session) : "", column[c], (size_t)used);
    if (isfinite(unknown) && gk->t_cut < 4 * gk->dt)
        result_mark(result, "greenkubo: too few rows for any period: G(t) is followed to tcut=%g in steps of %g", gk->t_cut, gk->dt);
    else if (isfinite(unknown))
        result_mark(result, "greenkubo: nothing is known of the period %g: G(t) is followed to tcut=%g in steps of %g, which carries periods from %g to %g",
                    unknown, gk->t_cut, gk->dt, 4 * gk->dt, gk->t_cut);
    else if (isfinite(without_error))
        result_mark(result, "greenkubo: no error can be told where blocks are shorter than tcut=%g", gk->t_cut);
    return ISD_OK;
}

static enum ask give_moduli(struct session *session, const struct command_call *call, const struct rest *rest, const struct green_kubo *gk,
                            const struct command_sink *sink, isd_error *err)
{
    struct result *result = result_new("greenkubo", RESULT_RECORD);
    result_text(result, "path", call_word(call, 0));
    result_real(result, "T", "", call_real(call, "T", NAN));
    result_real(result, "volume", "", call_real(call, "volume", NAN));
    result_int(result, "components", gk->components);
    result_text(result, "errors", gk->blocks ? "blocks" : "components");
    result_int(result, "parts", gk->parts);
    result_int(result, "rows", rest->columns->n_rows);
    result_real(result, "dt", session_units_time(session), gk->dt);
    result_real(result, "G_inf", "", gk->g[0]);
    result_real(result, "se_G_inf", "", gk->se[0]);
    result_real(result, "tcut", session_units_time(session), gk->t_cut);
    if (rest->columns->marked)
        result_mark(result, "greenkubo: the file is cut short or damaged: only its sound rows count");
    if (add_curve(result, session, gk, err) == ISD_OK && add_moduli(result, session, gk, call_option(call, "tw"), err) == ISD_OK)
        return give(sink, result, err);
    result_free(result);
    return ASK_FAILED;
}

/* From the store, or worked out and kept there: its correlations take seconds of a long run. */
static isd_status correlations(struct session *session, const struct rest *rest, double volume, double kT, double t_cut, int blocks,
                               struct green_kubo **ret_gk, isd_error *err)
{
    struct keep_tag tag;
    struct green_kubo *gk = NULL;
    double *numbers = NULL;
    size_t n = 0;
    char words[192];
    const int32_t rows = rest->columns->n_rows;
    snprintf(words, sizeof words, "components %d rows %d dt %.17g volume %.17g kT %.17g tcut %.17g blocks %d", rest->n_components, (int)rows, rest->dt,
             volume, kT, t_cut, blocks);
    keep_tag_table(session, KEEP_GREEN_KUBO, rest->component, rest->n_components, rows, words, &tag);
    bool known = keep_find_numbers(session, &tag, &numbers, &n) && (gk = keep_unpack_green_kubo(numbers, n)) != NULL;
    free(numbers);
    numbers = NULL;
    isd_status status = known ? ISD_OK : green_kubo_new(rest->component, rest->n_components, rows, rest->dt, volume, kT, t_cut, blocks, &gk, err);
    if (status == ISD_OK && !known && tag.wanted && keep_pack_green_kubo(gk, &numbers, &n, NULL) == ISD_OK)
        keep_numbers(session, &tag, numbers, n);
    free(numbers);
    keep_tag_done(&tag);
    if (status == ISD_OK)
        *ret_gk = gk;
    return status;
}

static enum ask work_out(struct session *session, const struct command_call *call, struct rest *rest, const struct command_sink *sink,
                         isd_error *err)
{
    double T = call_real(call, "T", NAN), volume = call_real(call, "volume", NAN);
    if (choose_components(session, rest, call_word(call, 0), call_option(call, "columns"), err) != ISD_OK || check_rows(session, call, rest, err) != ISD_OK)
        return ASK_FAILED;
    const int own = rest->n_components < LEAST_COMPONENTS ? FEW_BLOCKS : 0;
    const int blocks = (int)call_count(call, "blocks", own), told = blocks > 0 ? blocks : 1;
    double share = told > 1 ? 2 * told : 3; /* blocks are to be twice as long */
    double t_cut = call_real(call, "tcut", rest->dt * floor((rest->columns->n_rows - 1) / share));
    struct green_kubo *gk = NULL;
    if (correlations(session, rest, volume, session_thermal_energy(session, T), t_cut, blocks, &gk, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = give_moduli(session, call, rest, gk, sink, err);
    green_kubo_free(gk);
    return answer;
}

enum ask run_green_kubo(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct rest rest = {0};
    if (!call_has(call, "T") || !call_has(call, "volume")) {
        isd_error_set(err, ISD_USAGE, "moduli from fluctuations need T= and volume=");
        isd_error_hint(err, "greenkubo %s T=0.5 volume=833.333", call_word(call, 0));
        return ASK_FAILED;
    }
    if (columns_read(call_word(call, 0), session_note, session, NULL, &rest.columns, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = work_out(session, call, &rest, sink, err);
    for (int k = 0; k < rest.n_made; k++)
        free(rest.made[k]);
    columns_free(rest.columns);
    return answer;
}
