/* Pictures of distributions, correlations and the map over two times. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/picture_build.h"

static const struct field *reals_of(const struct result *result, const char *name, size_t length)
{
    const struct field *field = result_find(result, name);
    return field && field->kind == VALUE_REALS && field->length == length ? field : NULL;
}

static void name_axis(char *out, size_t size, const char *name, const struct field *field)
{
    snprintf(out, size, *field->unit ? "%s /%s" : "%s", name, field->unit);
}

/* --- p(u) and g(r) --- */

static void add_steps(struct panel *panel, const struct field *x, const struct field *y, enum curve_style style, enum role role, const char *label)
{
    struct curve *curve = y ? panel_add(panel, style, x->reals, y->reals, (int)x->length) : NULL;
    if (!curve)
        return;
    curve->role = role;
    curve->ascii = style == CURVE_SOLID ? '#' : style == CURVE_DASHED ? '-' : 'o';
    curve->steps = true;
    panel_label(panel, curve, "%s", label);
}

static void make_pu(const struct result *result, struct picture *picture)
{
    const struct field *u = result_find(result, "u");
    struct panel *panel = u && u->kind == VALUE_REALS && u->length > 0 ? picture_add(picture) : NULL;
    if (!panel)
        return;
    add_steps(panel, u, reals_of(result, "matched", u->length), CURVE_DOTTED, ROLE_MATCHED, "matched");
    add_steps(panel, u, reals_of(result, "labelled", u->length), CURVE_SOLID, ROLE_LABELLED, "labelled");
    name_axis(panel->x_label, sizeof panel->x_label, "u", u);
    snprintf(panel->y_label, sizeof panel->y_label, "p(u)");
    snprintf(panel->title, sizeof panel->title, "p(u) of %s, %s atoms",
             strcmp(picture_text(result, "of"), "raw") == 0 ? "frames as they are" : "inherent structures",
             *picture_text(result, "type") ? picture_text(result, "type") : "all");
}

static void make_gr(const struct result *result, struct picture *picture)
{
    static const enum curve_style styles[] = {CURVE_DOTTED, CURVE_DASHED, CURVE_SOLID};
    static const enum role roles[] = {ROLE_LABELLED, ROLE_MATCHED, ROLE_GR};
    const struct field *r = result_find(result, "r"), *partials = result_find(result, "partials");
    struct panel *panel = r && r->kind == VALUE_REALS && r->length > 0 ? picture_add(picture) : NULL;
    if (!panel)
        return;
    for (size_t k = 0; partials && partials->kind == VALUE_LIST && k < partials->length; k++)
        add_steps(panel, r, reals_of(partials->list[k], "g", r->length), styles[k % 3], roles[k % 3], picture_text(partials->list[k], "pair"));
    add_steps(panel, r, reals_of(result, "g", r->length), CURVE_SOLID, ROLE_NORMAL, picture_text(result, "pair"));
    name_axis(panel->x_label, sizeof panel->x_label, "r", r);
    snprintf(panel->y_label, sizeof panel->y_label, "g(r)");
    snprintf(panel->title, sizeof panel->title, "g(r) of %s",
             strcmp(picture_text(result, "of"), "raw") == 0 ? "frames as they are" : "inherent structures");
}

/* --- atoms and cycles --- */

static const struct field *column(const struct result *result, const char *name, enum value_kind kind, size_t length)
{
    const struct field *field = result_find(result, name);
    return field && field->kind == kind && (length == 0 || field->length == length) ? field : NULL;
}

/* Atoms of one type: where their matched displacement is far below the labelled one, another took their place. */
static void add_type(struct picture *picture, struct panel *panel, const struct field *lab, const struct field *mat, const struct field *type,
                     int64_t which, int marker)
{
    size_t n = 0;
    double *x = picture_numbers(picture, 2 * lab->length), *y = x ? x + lab->length : NULL;
    for (size_t k = 0; x && k < lab->length; k++)
        if (type->ints[k] == which && isfinite(lab->reals[k]) && isfinite(mat->reals[k])) {
            x[n] = lab->reals[k];
            y[n++] = mat->reals[k];
        }
    struct curve *curve = n > 0 ? panel_add(panel, CURVE_POINTS, x, y, (int)n) : NULL;
    if (!curve)
        return;
    curve->marker = marker;
    curve->role = picture_series_role(marker);
    curve->ascii = (char)('o' + marker % 2 * ('x' - 'o'));
    panel_label(panel, curve, "type %lld", (long long)which);
}

/* u_mat against u_lab, with the line on which atoms kept their places. */
static void make_atoms(const struct result *result, struct picture *picture)
{
    enum { MOST_TYPES = 8 };
    const struct field *type = column(result, "type", VALUE_INTS, 0);
    const struct field *lab = type ? column(result, "u_lab", VALUE_REALS, type->length) : NULL,
                       *mat = type ? column(result, "u_mat", VALUE_REALS, type->length) : NULL;
    struct panel *panel = lab && mat && type->length > 0 ? picture_add(picture) : NULL;
    double *line = panel ? picture_numbers(picture, 2) : NULL;
    if (!line)
        return;
    line[0] = 0;
    line[1] = 0;
    for (size_t k = 0; k < lab->length; k++)
        line[1] = fmax(line[1], isfinite(lab->reals[k]) ? lab->reals[k] : 0);
    struct curve *kept = panel_add(panel, CURVE_DASHED, line, line, 2);
    kept->role = ROLE_DIM;
    kept->ascii = '-';
    panel_label(panel, kept, "at their own places");
    for (int t = 1, marker = 0; t <= MOST_TYPES; t++, marker++)
        add_type(picture, panel, lab, mat, type, t, marker);
    panel_fit_axes(panel, false, false);
    name_axis(panel->x_label, sizeof panel->x_label, "u_lab", lab);
    name_axis(panel->y_label, sizeof panel->y_label, "u_mat", mat);
    snprintf(panel->title, sizeof panel->title, "matched against labelled displacement, %zu atoms", type->length);
}

/* How many cycles, or chains, of each length: the list holds length and count side by side. */
static void add_lengths(struct picture *picture, struct panel *panel, const struct field *object, enum role role, const char *label)
{
    size_t n = object && object->kind == VALUE_OBJECT ? result_n_fields(object->object) : 0;
    double *x = picture_numbers(picture, 2 * n + 1), *y = x ? x + n : NULL;
    for (size_t k = 0; x && k < n; k++) {
        const struct field *count = result_field(object->object, k);
        x[k] = strtod(count->name, NULL);
        y[k] = count->kind == VALUE_INT ? (double)count->integer : NAN;
    }
    struct curve *curve = x && n > 0 ? panel_add(panel, CURVE_POINTS, x, y, (int)n) : NULL;
    if (!curve)
        return;
    curve->role = role;
    curve->marker = role == ROLE_MATCHED ? 1 : 0;
    panel_label(panel, curve, "%s", label);
}

static void make_cycles(const struct result *result, struct picture *picture)
{
    const struct field *lengths = result_find(result, "lengths"), *chains = result_find(result, "chains");
    struct panel *panel = lengths ? picture_add(picture) : NULL;
    if (!panel)
        return;
    add_lengths(picture, panel, lengths, ROLE_LABELLED, "cycles");
    add_lengths(picture, panel, chains, ROLE_MATCHED, "chains");
    if (panel->plot.n_curves > 0)
        panel_fit_axes(panel, true, true);
    snprintf(panel->x_label, sizeof panel->x_label, "atoms in a cycle%s", chains ? ", edges in a chain" : "");
    snprintf(panel->y_label, sizeof panel->y_label, "how many");
    snprintf(panel->title, sizeof panel->title, "atoms that took each other's places: %.0f stayed, the longest cycle has %.0f",
             picture_real(result, "fixed"), picture_real(result, "longest"));
}

/* --- D over two times --- */

static bool ascends(const struct field *field)
{
    for (size_t k = 1; k < field->length; k++)
        if (!(field->reals[k] > field->reals[k - 1]))
            return false;
    return true;
}

static void make_map(const struct result *result, struct picture *picture)
{
    const struct field *time = result_find(result, "time"), *d = result_find(result, "d_min"), *rmsd = result_find(result, "rmsd");
    if (!time || time->kind != VALUE_REALS || !d || d->kind != VALUE_REALS || d->length != time->length * time->length)
        return;
    size_t n = time->length;
    struct panel *panel = picture_add(picture);
    double *value = picture_numbers(picture, n * n), *number = picture_numbers(picture, n);
    if (!panel || !value || !number)
        return;
    bool labelled = rmsd && rmsd->kind == VALUE_REALS && rmsd->length == n * n;
    for (size_t i = 0; i < n; i++) {
        number[i] = (double)i;
        for (size_t j = 0; j < n; j++)
            value[i * n + j] = i == j ? NAN : i > j && labelled ? rmsd->reals[i * n + j] : d->reals[i * n + j]; /* row i is at height i */
    }
    bool timed = ascends(time);
    panel->is_heat = true;
    panel->heat.x = panel->heat.y = (struct heat_axis){.at = timed ? time->reals : number, .n = (int)n};
    panel->heat.value = value;
    panel->heat.numbers = n <= 12;
    if (timed)
        name_axis(panel->x_label, sizeof panel->x_label, "t", time);
    else
        snprintf(panel->x_label, sizeof panel->x_label, "frame");
    snprintf(panel->y_label, sizeof panel->y_label, timed ? "t" : "frame");
    snprintf(panel->title, sizeof panel->title, "distance of frames: %s", labelled ? "D_min below, labelled above the diagonal" : "D_min");
}

/* --- any other curves: a panel for each column --- */

static void make_columns(const struct result *result, struct picture *picture)
{
    const struct field *x = NULL;
    for (size_t k = 0; k < result_n_fields(result) && !x; k++)
        if (result_field(result, k)->kind == VALUE_REALS && result_field(result, k)->length > 1)
            x = result_field(result, k);
    bool seen = false, log = x && x->reals[0] > 0 && ascends(x) && x->reals[x->length - 1] > 30 * x->reals[0];
    for (size_t k = 0; x && k < result_n_fields(result); k++) {
        const struct field *y = result_field(result, k);
        seen = seen || y == x;
        if (!seen || y == x || y->kind != VALUE_REALS || y->length != x->length || strncmp(y->name, "se", 2) == 0)
            continue;
        struct panel *panel = picture_add(picture);
        struct curve *curve = panel ? panel_add(panel, CURVE_SOLID, x->reals, y->reals, (int)x->length) : NULL;
        if (!curve)
            return;
        curve->role = ROLE_LABELLED;
        char se[48];
        snprintf(se, sizeof se, "se_%s", y->name);
        const struct field *error = reals_of(result, se, x->length);
        struct curve *points = error ? panel_add(panel, CURVE_POINTS, x->reals, y->reals, (int)x->length) : NULL;
        if (points) {
            points->se_y = error->reals;
            points->marker = PLOT_MARK_SMALL;
            points->role = ROLE_LABELLED;
        }
        panel_fit_axes(panel, log, false);
        name_axis(panel->x_label, sizeof panel->x_label, x->name, x);
        name_axis(panel->y_label, sizeof panel->y_label, y->name, y);
        snprintf(panel->title, sizeof panel->title, "%s: %s against %s", result_command(result), y->name, x->name);
    }
}

bool picture_of_curves(const struct result *const *results, int n, struct picture *picture)
{
    for (int k = 0; k < n; k++) {
        const char *command = result_command(results[k]) ? result_command(results[k]) : "";
        if (strcmp(command, "pu") == 0)
            make_pu(results[k], picture);
        else if (strcmp(command, "gr") == 0)
            make_gr(results[k], picture);
        else if (strcmp(command, "map") == 0)
            make_map(results[k], picture);
        else if (strcmp(command, "atoms") == 0)
            make_atoms(results[k], picture);
        else if (strcmp(command, "cycles") == 0)
            make_cycles(results[k], picture);
        else if (result_layout(results[k]) == RESULT_CURVES || strcmp(command, "greenkubo") == 0)
            make_columns(results[k], picture);
    }
    return picture->n > 0;
}
