/* Where the edges of rows are kept. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A room holds costs, then columns, then what is known of the list as a whole. The room of a row has the size of a cache line: a bid
 * fetches one. Lists too long for it are in rooms that follow one another elsewhere. */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(SOLVE_OWN * 5 + 9 == SOLVE_ROOM && SOLVE_GROUP * 5 <= SOLVE_ROOM, "edges and head fill a room");
_Static_assert(SOLVE_OWN * 6 + 9 <= SOLVE_ROOM_WIDE && SOLVE_GROUP * 6 <= SOLVE_ROOM_WIDE, "so do wide ones");
_Static_assert(SOLVE_GROUP % (BID_LANES / 2) == 0 && SOLVE_OWN > (int)BID_LANES && SOLVE_OWN <= BID_LANES + BID_LANES / 2,
               "loads of a bid kernel stay within the rooms of its list");

static float round_down(double x)
{
    float near = (float)x;
    return near > x ? nextafterf(near, -INFINITY) : near;
}

static void set_beyond(struct solve *s, int32_t row, double beyond)
{
    solve_head(s, row)->beyond = round_down(beyond / s->unit);
}

void solve_close_lists(struct solve *s)
{
    free(s->lists);
    free(s->groups);
    s->lists = s->groups = NULL;
    s->n_groups = s->groups_size = 0;
}

isd_status solve_open_lists(struct solve *s, const double *beyond, isd_error *err)
{
    if (s->lists)
        return ISD_OK;
    size_t size = (size_t)s->n * (size_t)s->room;
    s->lists = aligned_alloc(SOLVE_ROOM, (size + SOLVE_ROOM - 1) / SOLVE_ROOM * SOLVE_ROOM);
    if (!s->lists)
        return isd_error_memory(err);
    for (int32_t row = 0; row < s->n; row++) {
        solve_head(s, row)->count = 0;
        set_beyond(s, row, beyond ? beyond[row] : -INFINITY);
    }
    return ISD_OK;
}

isd_status solve_clear_lists(struct solve *s, isd_error *err)
{
    isd_status status = solve_open_lists(s, NULL, err);
    for (int32_t row = 0; row < s->n && status == ISD_OK; row++)
        solve_head(s, row)->count = 0;
    s->n_groups = 0;
    return status;
}

isd_status solve_list_move(struct solve *s, int32_t row, int32_t count, isd_error *err)
{
    int32_t more = solve_groups(count);
    if (s->n_groups + more > s->groups_size) {
        int64_t size = (int64_t)s->groups_size + s->groups_size / 8 + more + 64;
        uint8_t *groups = size <= INT32_MAX ? realloc(s->groups, (size_t)size * (size_t)s->room) : NULL;
        if (!groups)
            return isd_error_memory(err);
        s->groups = groups;
        s->groups_size = (int32_t)size;
    }
    memcpy(solve_room(s, row), &s->n_groups, sizeof s->n_groups);
    solve_head(s, row)->count = (uint8_t)count;
    s->n_groups += more;
    return ISD_OK;
}

/* As bid_column reads them. */
static void put_columns(const struct solve *s, const struct cloud_hit *hits, int32_t count, uint8_t *column)
{
    const bool wide = s->room > SOLVE_ROOM;
    for (int32_t e = 0; e < count; e++, column += bid_column_size(wide)) {
        const uint32_t point = (uint32_t)hits[e].point;
        column[0] = (uint8_t)point;
        column[1] = (uint8_t)(point >> 8);
        column[2] = (uint8_t)(point >> 16);
        if (wide)
            column[3] = (uint8_t)(point >> 24);
    }
}

/* What is between the least and the largest cost, in sixteen bits; costs that differ by rounding are to be equal. */
static void round_costs(const struct solve *s, struct edge_head *head, const struct cloud_hit *hits, uint16_t *cost)
{
    const double per_unit = 1 / s->unit;
    double least = head->count > 0 ? INFINITY : 0, most = 0;
    int exponent;
    for (int32_t e = 0; e < head->count; e++) {
        least = hits[e].cost < least ? hits[e].cost : least;
        most = hits[e].cost > most ? hits[e].cost : most;
    }
    union edge_scale scale = {.base = round_down(least * per_unit)};
    scale.bits &= ~(uint32_t)UINT8_MAX;
    const double base = scale.base, range = fmax(most * per_unit - base, most * per_unit * 0x1p-14);
    frexp(range / UINT16_MAX, &exponent);
    exponent = exponent > SOLVE_EXPONENT_LEAST ? exponent : SOLVE_EXPONENT_LEAST;
    scale.bits |= (uint32_t)(exponent - SOLVE_EXPONENT_LEAST);
    head->scale = scale;
    const double per_step = solve_power(-exponent);
    for (int32_t e = 0; e < head->count; e++)
        cost[e] = (uint16_t)((hits[e].cost * per_unit - base) * per_step + 0.5);
}

void solve_list_fill(struct solve *s, int32_t row, struct cloud_hit *hits, int32_t count, double beyond)
{
    struct edge_head *head = solve_head(s, row);
    int32_t room = solve_list_room(s, row);
    if (count > room) {
        beyond = cloud_select(hits, count, room);
        count = room;
    }
    head->count = (uint8_t)count;
    set_beyond(s, row, count == s->n ? INFINITY : beyond);
    uint8_t *at = solve_edges_at(s, row);
    round_costs(s, head, hits, (uint16_t *)(void *)at);
    put_columns(s, hits, count, at + sizeof(uint16_t) * (size_t)solve_list_room(s, row));
}
