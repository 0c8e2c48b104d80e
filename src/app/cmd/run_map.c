/* map: D_min and RMSD between all pairs of chosen frames. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"

enum { MAP_FRAMES = 128 };

struct map {
    int32_t *frame, n;
    double *d_min, *rmsd; /* [n n] by row */
    int uncertified, unconverged;
};

static void map_done(struct map *map)
{
    free(map->frame);
    free(map->d_min);
    free(map->rmsd);
}

static isd_status map_init(struct session *session, const struct command_call *call, struct map *map, isd_error *err)
{
    isd_status status = call_frames(session, call_word(call, 0), &map->frame, &map->n, err);
    if (status != ISD_OK)
        return status;
    if (map->n < 2) {
        isd_error_set(err, ISD_USAGE, "a map is of at least two frames");
        isd_error_hint(err, "map all");
        return ISD_USAGE;
    }
    if (map->n > MAP_FRAMES) {
        isd_error_set(err, ISD_USAGE, "a map is of at most %d frames, and these are %d", MAP_FRAMES, (int)map->n);
        isd_error_hint(err, "map 0..last:%d    takes fewer", (int)(session_frame_count(session) / MAP_FRAMES + 1));
        return ISD_USAGE;
    }
    size_t room = (size_t)map->n * (size_t)map->n + 1;
    map->d_min = calloc(room, sizeof *map->d_min);
    map->rmsd = calloc(room, sizeof *map->rmsd);
    return map->d_min && map->rmsd ? ISD_OK : isd_error_memory(err);
}

/* One pair into both halves; all are asked for before any is waited for. */
static enum ask ask_pair(struct session *session, const struct match_request *wanted, struct map *map, int32_t i, int32_t j,
                         isd_error *err)
{
    struct match_request request = *wanted;
    const struct match *m = NULL;
    int unconverged = 0;
    request.a = map->frame[i];
    request.b = map->frame[j];
    enum ask known = session_match(session, &request, ASK_BATCH, &m, &unconverged, err);
    if (known != ASK_READY)
        return known;
    size_t ij = (size_t)i * (size_t)map->n + (size_t)j, ji = (size_t)j * (size_t)map->n + (size_t)i;
    map->d_min[ij] = map->d_min[ji] = m->d_min;
    map->rmsd[ij] = map->rmsd[ji] = !m->labelled ? NAN : isfinite(m->rmsd_unwrapped) ? m->rmsd_unwrapped : m->rmsd;
    map->uncertified += !m->certified;
    return ASK_READY;
}

/* The pairs of one frame with those after it: neighbours in the row are much alike where frames are close in time. */
static enum ask fill_row(struct session *session, const struct match_request *wanted, struct map *map, int32_t i, isd_error *err)
{
    enum ask answer = ASK_READY;
    session_row_begin(session);
    for (int32_t j = i + 1; j < map->n && answer != ASK_FAILED; j++) {
        enum ask known = ask_pair(session, wanted, map, i, j, err);
        if (known != ASK_READY)
            answer = known;
    }
    enum ask made = session_row_end(session, ASK_BATCH, answer == ASK_FAILED ? NULL : err);
    return answer == ASK_READY || made == ASK_FAILED ? made : answer;
}

static enum ask fill_map(struct session *session, const struct match_request *wanted, struct map *map, isd_error *err)
{
    enum ask structures = ASK_READY;
    for (int32_t i = 0; i < map->n; i++) {
        int unconverged = 0;
        enum ask known = session_structure_known(session, map->frame[i], &wanted->structure, ASK_BATCH, &unconverged, err);
        if (known == ASK_FAILED)
            return known;
        map->unconverged += unconverged;
        if (known == ASK_PENDING)
            structures = known;
    }
    enum ask answer = structures;
    for (int32_t i = 0; i < map->n && structures == ASK_READY; i++) {
        enum ask known = fill_row(session, wanted, map, i, err);
        if (known == ASK_FAILED)
            return known;
        if (known == ASK_PENDING)
            answer = known;
    }
    return answer;
}

static enum ask give_map(struct session *session, const struct match_request *wanted, const struct map *map,
                         const struct command_sink *sink, isd_error *err)
{
    const char *unit = session_length_unit(session);
    size_t n = (size_t)map->n;
    struct result *result = result_new("map", RESULT_ROWS);
    int64_t frame[MAP_FRAMES];
    double time[MAP_FRAMES];
    for (size_t k = 0; k < n; k++) {
        frame[k] = map->frame[k];
        time[k] = session_time(session, map->frame[k]);
    }
    result_text(result, "of", wanted->structure.is ? "is" : "raw");
    result_text(result, "species", wanted->blind ? "blind" : "resolved");
    give_wanted(result, wanted);
    result_bool(result, "certified", map->uncertified == 0);
    result_int(result, "unconverged", map->unconverged);
    result_ints(result, "frame", frame, n);
    result_reals(result, "time", session_time_unit(session), time, n);
    result_reals(result, "d_min", unit, map->d_min, n * n);
    result_reals(result, "rmsd", unit, map->rmsd, n * n);
    if (map->uncertified > 0)
        result_mark(result, "map: %d matchings are not certified", map->uncertified);
    else if (map->unconverged > 0)
        result_mark(result, "map: %d structures did not converge", map->unconverged);
    return give(sink, result, err);
}

enum ask run_map(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct match_request wanted;
    struct map map = {0};
    request_from_call(session, call, 0, 0, &wanted);
    wanted.brief = true;
    enum ask answer = ASK_FAILED;
    if (readings_from_call(session, call, &wanted, err) == ISD_OK &&
        check_can_quench(session, &wanted.structure, err) == ISD_OK && map_init(session, call, &map, err) == ISD_OK)
        answer = fill_map(session, &wanted, &map, err);
    if (answer == ASK_READY)
        answer = give_map(session, &wanted, &map, sink, err);
    map_done(&map);
    return answer;
}
