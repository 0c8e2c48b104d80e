/* Distances between all pairs of some frames. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/two_time.h"

#include <math.h>
#include <stdlib.h>

/* Of frames first ... last the one whose time is nearest to t; times increase. */
static int32_t nearest_frame(struct session *session, double t, int32_t first, int32_t last)
{
    while (last - first > 1) {
        int32_t middle = first + (last - first) / 2;
        if (session_time(session, middle) <= t)
            first = middle;
        else
            last = middle;
    }
    return fabs(session_time(session, last) - t) < fabs(session_time(session, first) - t) ? last : first;
}

static bool times_increase(struct session *session, int32_t n)
{
    for (int32_t k = 1; k < n; k++)
        if (!(session_time(session, k) > session_time(session, k - 1)))
            return false;
    return n > 1;
}

static void take(struct two_time *map, int32_t frame)
{
    if (map->n == 0 || frame > map->frame[map->n - 1])
        map->frame[map->n++] = frame;
}

void two_time_choose(struct session *session, int most, struct two_time *ret_map)
{
    int32_t n = session_frame_count(session);
    bool timed = times_increase(session, n);
    most = most < 2 ? 2 : most > TWO_TIME_MOST ? TWO_TIME_MOST : most;
    *ret_map = (struct two_time){.state = ASK_PENDING, .timed = timed, .log = timed && n > most};
    double start = n > 0 ? session_time(session, 0) : 0;
    for (int k = 0; k < (n < most ? n : most); k++) {
        if (n <= most) {
            take(ret_map, k);
        } else if (!timed) {
            take(ret_map, (int32_t)((double)k * (n - 1) / (most - 1) + 0.5));
        } else if (k == 0) {
            take(ret_map, 0);
        } else {
            double first = session_time(session, 1) - start, all = session_time(session, n - 1) - start;
            take(ret_map, nearest_frame(session, start + first * pow(all / first, (k - 1.0) / (most - 2.0)), 1, n - 1));
        }
    }
    for (int32_t k = 0; k < ret_map->n; k++)
        ret_map->time[k] = timed ? session_time(session, ret_map->frame[k]) : ret_map->frame[k];
    for (int k = 0; k < TWO_TIME_MOST * TWO_TIME_MOST; k++)
        ret_map->value[k] = NAN;
    ret_map->pairs = ret_map->n * (ret_map->n - 1) / 2;
}

/* One pair, into both halves. */
static enum ask ask_pair(struct session *session, const struct match_request *wanted, double priority, int i, int j, struct two_time *map)
{
    struct match_request request = *wanted;
    const struct match *match = NULL;
    int unconverged = 0;
    request.a = map->frame[i];
    request.b = map->frame[j];
    request.brief = true;
    enum ask known = session_match(session, &request, priority, &match, &unconverged, &map->err);
    if (known != ASK_READY)
        return known;
    map->value[i * map->n + j] = match->d_min;
    map->value[j * map->n + i] = !match->labelled ? NAN : isfinite(match->rmsd_unwrapped) ? match->rmsd_unwrapped : match->rmsd;
    return ASK_READY;
}

/* The pairs of one frame with those after it, made by one job. */
static enum ask ask_row(struct session *session, const struct match_request *wanted, double priority, int i, struct two_time *map)
{
    enum ask answer = ASK_READY;
    session_row_begin(session);
    for (int j = i + 1; j < map->n && answer != ASK_FAILED; j++) {
        if (isfinite(map->value[i * map->n + j]))
            continue;
        enum ask known = ask_pair(session, wanted, priority, i, j, map);
        answer = known == ASK_READY ? answer : known;
    }
    enum ask made = session_row_end(session, priority, answer == ASK_FAILED ? NULL : &map->err);
    return answer == ASK_READY ? made : answer == ASK_FAILED || made == ASK_FAILED ? ASK_FAILED : ASK_PENDING;
}

static bool row_is_known(const struct two_time *map, int i)
{
    for (int j = i + 1; j < map->n; j++)
        if (isnan(map->value[i * map->n + j]))
            return false;
    return true;
}

static int count_known(const struct two_time *map)
{
    int known = 0;
    for (int i = 0; i < map->n; i++)
        for (int j = i + 1; j < map->n; j++)
            known += isfinite(map->value[i * map->n + j]);
    return known;
}

void two_time_fill(struct session *session, const struct match_request *wanted, int x, int y, int rows, struct two_time *map)
{
    int first = x < y ? x : y, waiting = 0;
    first = first < 0 ? 0 : first >= map->n ? map->n - 1 : first;
    map->state = ASK_READY;
    for (int k = 0; k < map->n; k++)
        map->value[k * map->n + k] = 0;
    /* first, first + 1, first - 1, first + 2 ...: what is looked at, then what is around it. */
    for (int k = 0; k < 2 * map->n && map->state != ASK_FAILED && waiting < rows; k++) {
        int row = first + (k % 2 ? (k + 1) / 2 : -k / 2);
        if (row < 0 || row >= map->n || row_is_known(map, row))
            continue;
        enum ask answer = ask_row(session, wanted, ASK_BATCH + 0.5 * ASK_LOOK / (1 + k), row, map);
        waiting += answer == ASK_PENDING;
        map->state = answer == ASK_READY ? map->state : answer;
    }
    map->known = count_known(map);
}
