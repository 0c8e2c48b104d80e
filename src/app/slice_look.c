/* How slices through the atoms are looked at. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/slice_look.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/scan.h"

static const char *const axes[3] = {"x", "y", "z"};
static const char *const arrows[4] = {"none", "lab", "mat", "both"};

void slice_look_init(struct slice_look *ret_look)
{
    memset(ret_look, 0, sizeof *ret_look);
    ret_look->normal = 2;
    ret_look->plane = ret_look->thick = ret_look->least = ret_look->cut = NAN;
    ret_look->arrows = ARROWS_LABELLED;
    ret_look->scale = 1;
    ret_look->size = 0.8;
    ret_look->turn = 30;
    ret_look->tip = 20;
}

static int find(const char *const *names, int n, const char *word)
{
    for (int k = 0; k < n; k++)
        if (strcmp(names[k], word) == 0)
            return k;
    return -1;
}

/* "auto", or a number above 0 (in a range of either sign where `any`). */
static isd_status read_or_auto(const struct command_call *call, const char *name, bool any, double *value, isd_error *err)
{
    const char *word = call_option(call, name);
    double number;
    if (!word)
        return ISD_OK;
    if (strcmp(word, "auto") == 0)
        number = NAN;
    else if (!scan_whole_double(word, &number) || !isfinite(number) || (!any && !(number > 0)))
        return isd_error_set(err, ISD_USAGE, "%s=%.40s: %s or auto is expected", name, word, any ? "a number" : "a number above 0");
    *value = number;
    return ISD_OK;
}

/* The plane by the name of its normal: z=3.4. */
static isd_status read_plane(struct slice_look *look, const struct command_call *call, isd_error *err)
{
    const char *normal = call_option(call, "normal");
    isd_status status = ISD_OK;
    int named = 0;
    for (int k = 0; k < 3 && status == ISD_OK; k++) {
        if (!call_option(call, axes[k]))
            continue;
        if (named++)
            return isd_error_set(err, ISD_USAGE, "one of x=, y= and z= says where the plane is");
        status = read_or_auto(call, axes[k], true, &look->plane, err);
        look->normal = k;
    }
    if (status != ISD_OK || !normal)
        return status;
    int k = find(axes, 3, normal);
    if (named && k != look->normal)
        return isd_error_set(err, ISD_USAGE, "normal=%s and %s= do not go together", normal, axes[look->normal]);
    if (k != look->normal)
        look->plane = NAN;
    look->normal = k;
    return ISD_OK;
}

static isd_status read_slice(struct slice_look *look, const struct command_call *call, isd_error *err)
{
    isd_status status = read_plane(look, call, err);
    if (status == ISD_OK)
        status = read_or_auto(call, "thick", false, &look->thick, err);
    if (status == ISD_OK)
        status = read_or_auto(call, "least", false, &look->least, err);
    if (status != ISD_OK)
        return status;
    look->scale = call_real(call, "scale", look->scale);
    look->size = call_real(call, "size", look->size);
    look->turn = fmod(call_real(call, "turn", look->turn), 360);
    look->tip = call_real(call, "tip", look->tip);
    if (call_has(call, "colour"))
        look->by_u = call_is(call, "colour", "u");
    if (call_has(call, "ring"))
        look->ring = call_is(call, "ring", "on");
    if (call_has(call, "space"))
        look->space = call_is(call, "space", "on");
    return ISD_OK;
}

static isd_status read_cut(struct slice_look *look, const char *word, isd_error *err)
{
    double cut;
    if (strcmp(word, "off") == 0)
        cut = NAN;
    else if (!scan_whole_double(word, &cut) || !(cut > 0) || !isfinite(cut))
        return isd_error_set(err, ISD_USAGE, "a displacement above 0 or off is expected, not '%.40s'", word);
    look->cut = cut;
    return ISD_OK;
}

isd_status slice_look_command(struct slice_look *look, const struct command_call *call, isd_error *err)
{
    struct slice_look wanted = *look;
    isd_status status = ISD_OK;
    const char *name = call_spec(call)->name;
    if (strcmp(name, "arrows") == 0)
        wanted.arrows = (enum look_arrows)find(arrows, 4, call_word(call, 0));
    else if (strcmp(name, "cut") == 0)
        status = read_cut(&wanted, call_word(call, 0), err);
    else
        status = read_slice(&wanted, call, err);
    if (status == ISD_OK)
        *look = wanted;
    return status;
}

static void add_number(char *out, size_t size, const char *name, double value, double before)
{
    size_t used = strlen(out);
    if (value == before || (isnan(value) && isnan(before)) || used >= size)
        return;
    if (isnan(value))
        snprintf(out + used, size - used, " %s=auto", name);
    else
        snprintf(out + used, size - used, " %s=%.17g", name, value);
}

static void add_switch(char *out, size_t size, bool changed, const char *text)
{
    size_t used = strlen(out);
    if (changed && used < size)
        snprintf(out + used, size - used, " %s", text);
}

void slice_look_words(const struct slice_look *look, char *out, size_t size)
{
    struct slice_look start;
    char options[300] = "";
    slice_look_init(&start);
    add_switch(options, sizeof options, look->normal != start.normal && isnan(look->plane), look->normal == 0 ? "normal=x" : "normal=y");
    add_number(options, sizeof options, axes[look->normal], look->plane, NAN);
    add_number(options, sizeof options, "thick", look->thick, start.thick);
    add_number(options, sizeof options, "least", look->least, start.least);
    add_number(options, sizeof options, "scale", look->scale, start.scale);
    add_number(options, sizeof options, "size", look->size, start.size);
    add_number(options, sizeof options, "turn", look->turn, start.turn);
    add_number(options, sizeof options, "tip", look->tip, start.tip);
    add_switch(options, sizeof options, look->by_u, "colour=u");
    add_switch(options, sizeof options, look->ring, "ring=on");
    add_switch(options, sizeof options, look->space, "space=on");
    snprintf(out, size, "%s%s%s", options[0] ? "slice" : "", options, options[0] ? "\n" : "");
    size_t used = strlen(out);
    if (look->arrows != start.arrows && used < size)
        snprintf(out + used, size - used, "arrows %s\n", arrows[look->arrows]);
    used = strlen(out);
    if (isfinite(look->cut) && used < size)
        snprintf(out + used, size - used, "cut %.17g\n", look->cut);
}
