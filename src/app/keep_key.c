/* What determines a result, as one sum. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/keep.h"
#include "app/keep_inside.h"
#include "app/potential_path.h"
#include "base/sha256.h"
#include "neigh/isa.h"

/* Raised by hand whenever a method gives other bits than before: results of older numbers are not found any more. */
static const struct {
    const char *kind;
    int version;
} versions[] = {
    [KEEP_STRUCTURE] = {"structure", 4},
    [KEEP_MATCHING] = {"matching", 6},
    [KEEP_GR] = {"gr", 1},
    [KEEP_ENERGY] = {"energy", 1},
    [KEEP_MOTION] = {"dynamics", 2},
    [KEEP_SK] = {"sk", 1},
    [KEEP_VAN_HOVE] = {"vanhove", 2},
    [KEEP_GREEN_KUBO] = {"greenkubo", 2},
};

const char *keep_kind_name(enum keep_kind kind)
{
    return versions[kind].kind;
}

/* --- the potential in words --- */

static void write_pairs(FILE *out, const struct system_settings *system, int n_types)
{
    isd_lj_pair *pairs = calloc((size_t)n_types * (size_t)n_types, sizeof *pairs);
    if (pairs && system_pairs(system, n_types, NULL, NULL, pairs, NULL) == ISD_OK)
        for (int i = 0; i < n_types; i++)
            for (int j = i; j < n_types; j++) {
                const isd_lj_pair *p = &pairs[i * n_types + j];
                fprintf(out, "; %d-%d %.17g %.17g %.17g", i + 1, j + 1, p->epsilon, p->sigma, p->cutoff);
            }
    free(pairs);
}

static void write_file(FILE *out, const struct system_settings *system, int n_types)
{
    char sum[SHA256_TEXT] = "built in";
    if (system->style == SYSTEM_SIO2)
        fprintf(out, "%s", system->rounded ? " rounded" : "");
    else if (!potential_path_sum(system->file, sum))
        snprintf(sum, sizeof sum, "unreadable");
    fprintf(out, "; file %s;", sum);
    for (int k = 0; k < n_types && k < system->n_elements; k++)
        fprintf(out, " %s", system->element[k]);
}

/* Style, units and every parameter of n_types types; freed by the caller, NULL: out of memory. */
static char *describe(const struct session *session, int n_types)
{
    const struct system_settings *system = &session->system;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out, "%s; units %s", system_style_name(system->style), session_units(session));
    if (system->style < SYSTEM_EAM_ALLOY) {
        fprintf(out, "; shift %s", system->shift ? "yes" : "no");
        write_pairs(out, system, n_types);
    } else {
        write_file(out, system, n_types);
    }
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}

/* For the types of a frame; borrowed until the system changes. */
static const char *potential_words(struct session *session, int32_t frame)
{
    struct keep *keep = session->keep;
    int types = frame_set_info(session_current(session)->frames, frame)->n_types;
    types = types < 1 ? 1 : types > ISD_MAX_TYPES ? ISD_MAX_TYPES : types;
    if (!keep->potential[types])
        keep->potential[types] = describe(session, types);
    return keep->potential[types];
}

void keep_system_changed(struct session *session)
{
    for (int t = 0; session->keep && t <= ISD_MAX_TYPES; t++) {
        free(session->keep->potential[t]);
        session->keep->potential[t] = NULL;
    }
}

/* --- keys --- */

static void add_text(struct hash128 *sum, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_text(struct hash128 *sum, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    hash128_add(sum, text, length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

static struct hash128 begin_key(enum keep_kind kind)
{
    struct hash128 sum = {{0}};
    add_text(&sum, "%s %d %s", versions[kind].kind, versions[kind].version, isa_name(isa_best()));
    return sum;
}

/* A frame as the session sees it now. */
static bool add_frame(struct session *session, int32_t frame, struct hash128 *sum, isd_box *ret_box)
{
    const struct frame_info *info = frame_set_info(session_current(session)->frames, frame);
    if (session_frame_box(session, frame, ret_box, NULL) != ISD_OK)
        return false;
    hash128_add(sum, &info->fingerprint, sizeof info->fingerprint);
    add_text(sum, "%d %d%d%d", ret_box->dim, ret_box->periodic[0], ret_box->periodic[1], ret_box->periodic[2]);
    return true;
}

static bool structure_key(struct session *session, int32_t frame, const isd_quench_options *options, struct hash128 *ret_key,
                          isd_box *ret_box)
{
    struct hash128 sum = begin_key(KEEP_STRUCTURE);
    const char *words = potential_words(session, frame);
    if (!words || !add_frame(session, frame, &sum, ret_box))
        return false;
    hash128_add(&sum, words, strlen(words));
    add_text(&sum, "%s %a %a %ld", options->method, options->ftol, options->etol, options->max_iterations);
    *ret_key = sum;
    return true;
}

static struct store_frame frame_now(const struct session *session, int32_t k)
{
    const struct frame_info *info = frame_set_info(session_current(session)->frames, k);
    return (struct store_frame){.fingerprint = info->fingerprint, .atoms = info->n, .number = k};
}

static struct keep_tag begin_tag(const struct session *session, int32_t a, int32_t b)
{
    return (struct keep_tag){.set = session_current_set_id(session), .a = frame_now(session, a), .b = frame_now(session, b)};
}

/* The tag is wanted if its words could be had. */
static bool end_tag(struct keep_tag *tag, bool good, struct keep_tag *ret_tag)
{
    tag->wanted = good && tag->words;
    if (!tag->wanted)
        keep_tag_done(tag);
    *ret_tag = *tag;
    return tag->wanted;
}

void keep_tag_done(struct keep_tag *tag)
{
    free(tag->words);
    free(tag->name);
    *tag = (struct keep_tag){0};
}

bool keep_tag_structure(struct session *session, int32_t frame, const isd_quench_options *options, struct keep_tag *ret_tag)
{
    struct keep_tag tag = begin_tag(session, frame, frame);
    *ret_tag = tag;
    if (!keep_is_on(session))
        return false;
    isd_box box;
    bool good = structure_key(session, frame, options, &tag.key, &box);
    if (good) {
        tag.words = strdup(potential_words(session, frame));
        tag.name = strdup(session->potential ? isd_potential_name(session->potential) : "");
        tag.dimension = box.dim;
        memcpy(tag.periodic, box.periodic, sizeof tag.periodic);
    }
    return end_tag(&tag, good && tag.name, ret_tag);
}

/* The two things that are matched. */
static bool add_sides(struct session *session, const struct structure *structure, struct keep_tag *tag)
{
    const int32_t frame[2] = {tag->a.number, tag->b.number};
    isd_box box;
    tag->of_structures = structure->is && !session_frames_are_is(session);
    for (int k = 0; k < 2; k++) {
        if (!tag->of_structures) {
            if (!add_frame(session, frame[k], &tag->key, &box))
                return false;
            continue;
        }
        if (!structure_key(session, frame[k], &structure->quench, &tag->structure[k], &box))
            return false;
        hash128_add(&tag->key, &tag->structure[k], sizeof tag->structure[k]);
    }
    return true;
}

/* The drift is weighted by mass; types are named by label in a filter. */
static void add_masses_and_labels(const struct session *session, bool labels, struct hash128 *sum)
{
    const struct system_settings *system = &session->system;
    for (int t = 1; t <= ISD_MAX_TYPES; t++) {
        if (system->has_mass[t] && system->mass[t] != 1.0)
            add_text(sum, "mass %d %a", t, system->mass[t]);
        if (labels && session_type_has_label(session, t))
            add_text(sum, "label %d %s", t, session_type_label(session, t));
    }
}

/* Readings other than the default, in words; freed by the caller. */
static char *readings(const struct match_request *request)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out, "%s%s%s%s%s", request->like_script ? " like=script" : "", request->order_is_id ? " ids=order" : "",
            request->drift_remove ? " drift=remove" : "", request->affine ? " boxes=affine" : "",
            request->align ? " align=yes" : "");
    if (request->type)
        fprintf(out, " type=%d", request->type);
    if (request->alternatives)
        fprintf(out, " eps=%.17g", request->eps);
    if (request->atoms)
        fprintf(out, " atoms=%s", request->atoms);
    if (request->filter)
        fprintf(out, " filter=%s", request->filter);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}

bool keep_tag_match(struct session *session, const struct match_request *request, struct keep_tag *ret_tag)
{
    struct keep_tag tag = begin_tag(session, request->a, request->b);
    *ret_tag = tag;
    if (!keep_is_on(session))
        return false;
    tag.key = begin_key(KEEP_MATCHING);
    tag.words = readings(request);
    tag.blind = request->blind || request->like_script;
    bool good = tag.words && add_sides(session, &request->structure, &tag);
    if (good) {
        add_text(&tag.key, tag.blind ? "blind" : "resolved");
        hash128_add(&tag.key, tag.words, strlen(tag.words));
        add_masses_and_labels(session, request->filter != NULL, &tag.key);
    }
    return end_tag(&tag, good, ret_tag);
}

bool keep_tag_fidelity(struct session *session, int32_t frame, const isd_quench_options *a, const isd_quench_options *b,
                       struct keep_tag *ret_tag)
{
    const isd_quench_options *options[2] = {a, b};
    struct keep_tag tag = begin_tag(session, frame, frame);
    *ret_tag = tag;
    if (!keep_is_on(session))
        return false;
    tag.key = begin_key(KEEP_MATCHING);
    tag.words = strdup(" of two methods");
    tag.of_structures = true;
    bool good = tag.words != NULL;
    for (int k = 0; k < 2 && good; k++) {
        isd_box box;
        good = structure_key(session, frame, options[k], &tag.structure[k], &box);
        hash128_add(&tag.key, &tag.structure[k], sizeof tag.structure[k]);
    }
    add_text(&tag.key, "of two methods");
    return end_tag(&tag, good, ret_tag);
}

bool keep_tag_gr(struct session *session, int32_t frame, const struct structure *structure, int bins, double max,
                 struct keep_tag *ret_tag)
{
    struct keep_tag tag = begin_tag(session, frame, frame);
    *ret_tag = tag;
    if (!keep_is_on(session))
        return false;
    tag.key = begin_key(KEEP_GR);
    bool good = add_sides(session, structure, &tag);
    add_text(&tag.key, "%d %a", bins, max);
    tag.bins = bins;
    if (asprintf(&tag.words, "bins %d, max %.17g", bins, max) < 0)
        tag.words = NULL;
    return end_tag(&tag, good, ret_tag);
}

bool keep_tag_energy(struct session *session, int32_t frame, struct keep_tag *ret_tag)
{
    struct keep_tag tag = begin_tag(session, frame, frame);
    isd_box box;
    *ret_tag = tag;
    const char *words = keep_is_on(session) ? potential_words(session, frame) : NULL;
    if (!words)
        return false;
    tag.key = begin_key(KEEP_ENERGY);
    hash128_add(&tag.key, words, strlen(words));
    tag.words = strdup(words);
    return end_tag(&tag, add_frame(session, frame, &tag.key, &box), ret_tag);
}

/* --- of many frames, or of none --- */

/* All frames of the set with their times, and what makes structures of them. */
static bool add_set(struct session *session, const struct structure *structure, bool quenched, struct hash128 *sum)
{
    const struct dataset *set = session_current(session);
    const char *words = NULL;
    for (int32_t k = 0; k < set->n; k++) {
        isd_box box;
        if (!add_frame(session, k, sum, &box))
            return false;
        hash128_add(sum, &set->time[k], sizeof set->time[k]);
        if (set->has_steps)
            hash128_add(sum, &set->step[k], sizeof set->step[k]);
        const char *mine = quenched ? potential_words(session, k) : "";
        if (!mine)
            return false;
        if (mine != words) /* another number of types */
            hash128_add(sum, mine, strlen(mine));
        words = mine;
    }
    if (quenched)
        add_text(sum, "structure %d %s %a %a %ld", versions[KEEP_STRUCTURE].version, structure->quench.method, structure->quench.ftol,
                 structure->quench.etol, structure->quench.max_iterations);
    return true;
}

bool keep_tag_set(struct session *session, enum keep_kind kind, const struct structure *structure, const char *words, struct keep_tag *ret_tag)
{
    struct keep_tag tag = {.kind = kind, .set = session_current_set_id(session)};
    *ret_tag = tag;
    if (!keep_is_on(session) || session_is_partial(session)) /* of what has been read so far it would never be asked again */
        return false;
    tag.of_structures = structure->is && !session_frames_are_is(session);
    tag.key = begin_key(kind);
    tag.words = strdup(words);
    bool good = tag.words && add_set(session, structure, tag.of_structures, &tag.key);
    hash128_add(&tag.key, words, strlen(words));
    return end_tag(&tag, good, ret_tag);
}

bool keep_tag_table(struct session *session, enum keep_kind kind, const double *const *column, int columns, int32_t rows, const char *words,
                    struct keep_tag *ret_tag)
{
    struct keep_tag tag = {.kind = kind, .set = -1};
    *ret_tag = tag;
    if (!keep_is_wanted(session))
        return false;
    tag.key = begin_key(kind);
    tag.words = strdup(words);
    for (int c = 0; c < columns; c++)
        hash128_add(&tag.key, column[c], (size_t)rows * sizeof *column[c]);
    hash128_add(&tag.key, words, strlen(words));
    return end_tag(&tag, true, ret_tag);
}
