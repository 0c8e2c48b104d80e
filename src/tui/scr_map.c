/* The two-time map: D between all pairs of frames, labelled above the diagonal, matched below; the cursor is the pair looked at.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/two_time.h"
#include "tui/scr_answers.h"
#include "tui/state.h"
#include "view/heat_map.h"

enum { ROWS_AT_A_TIME = 4 };

struct map_data {
    struct two_time map;
    double place[TWO_TIME_MOST]; /* times as the axes want them: above 0 on a log axis */
    bool made, raw, blind, log, by_frame;
    int set, most;
    int32_t n_frames;
    unsigned data_news;
};

static int nearest(const struct two_time *map, int32_t frame)
{
    int best = 0;
    for (int k = 1; k < map->n; k++)
        if (abs(map->frame[k] - frame) < abs(map->frame[best] - frame))
            best = k;
    return best;
}

static int by_size(const void *p, const void *q)
{
    double a = *(const double *)p, b = *(const double *)q;
    return (a > b) - (a < b);
}

/* Times so uneven that most of the map would be gaps: the mean distance is far above the usual one. */
static bool is_uneven(const struct two_time *map)
{
    double distance[TWO_TIME_MOST];
    for (int k = 1; k < map->n; k++)
        distance[k - 1] = map->time[k] - map->time[k - 1];
    if (map->n < 3)
        return false;
    qsort(distance, (size_t)map->n - 1, sizeof *distance, by_size);
    return map->time[map->n - 1] - map->time[0] > 2 * (map->n - 1) * distance[(map->n - 2) / 2];
}

/* Times, log times (the first frame has no place there but left of the second), or the numbers of the frames. */
static void find_places(const struct tui *tui, struct map_data *data)
{
    struct two_time *map = &data->map;
    data->log = map->log && tui->sight.look.axes[VIEW_MAP].log_x;
    data->by_frame = !data->log && (!map->timed || is_uneven(map));
    for (int k = 0; k < map->n; k++) {
        double t = map->time[k] - map->time[0];
        data->place[k] = data->by_frame ? k : !data->log ? map->time[k] : k > 0 ? t : map->n > 1 ? 0.5 * (map->time[1] - map->time[0]) : 1;
    }
}

static void update(struct tui *tui, struct rect rect)
{
    struct map_data *data = tui->data[VIEW_MAP];
    struct sight *sight = &tui->sight;
    (void)rect;
    if (sight->n_frames < 2 || sight->paused)
        return;
    if (!data->made || data->set != sight->starts || data->n_frames != sight->n_frames || data->raw != sight->look.raw
        || data->blind != sight->look.blind || data->most != tui->map_frames || data->data_news != tui->data_news) {
        two_time_choose(tui->session, tui->map_frames, &data->map);
        data->most = tui->map_frames;
        data->made = true;
        data->set = sight->starts;
        data->n_frames = sight->n_frames;
        data->raw = sight->look.raw;
        data->blind = sight->look.blind;
        data->data_news = tui->data_news;
    }
    find_places(tui, data);
    struct match_request wanted = {.blind = sight->look.blind};
    structure_defaults(tui->session, !sight->look.raw, &wanted.structure);
    if (data->map.state != ASK_FAILED)
        two_time_fill(tui->session, &wanted, nearest(&data->map, sight->pair.a), nearest(&data->map, sight->pair.b), ROWS_AT_A_TIME, &data->map);
}

/* --- drawing --- */

static struct heat_map make_map(const struct tui *tui, const struct map_data *data, char (*labels)[48])
{
    const struct two_time *map = &data->map;
    const char *time = unit_sign(session_time_unit(tui->session), tui->tier);
    if (data->by_frame)
        snprintf(labels[0], sizeof labels[0], "frame 1");
    else
        snprintf(labels[0], sizeof labels[0], data->log ? "t_1 - t_0 /%s" : "t_1 /%s", time);
    snprintf(labels[1], sizeof labels[1], data->by_frame ? "frame 2" : "t_2");
    const char *length = unit_sign(session_length_sign(tui->session), tui->tier);
    snprintf(labels[2], sizeof labels[2], *length ? "D /%s" : "D", length);
    return (struct heat_map){.x = {labels[0], data->place, map->n, data->log}, .y = {labels[1], data->place, map->n, data->log},
                             .value = map->value, .colour = tui->ramp && tui->tier != GLYPH_ASCII, .tier = tui->tier,
                             .cursor_x = nearest(map, tui->sight.pair.a), .cursor_y = nearest(map, tui->sight.pair.b)};
}

/* As square as cells allow: both axes are the same times. */
static struct rect map_rect(struct rect rect)
{
    int left = 12, right = 12, width = 2 * (rect.height - 3) + left + right;
    return (struct rect){rect.x, rect.y + 1, width < rect.width ? width : rect.width, rect.height - 1};
}

static void say_pair(const struct tui *tui, const struct map_data *data, char *out, size_t size)
{
    const struct two_time *map = &data->map;
    int i = nearest(map, tui->sight.pair.a), j = nearest(map, tui->sight.pair.b), low = i < j ? i : j, high = i < j ? j : i;
    double lab = map->value[high * map->n + low], mat = map->value[low * map->n + high];
    size_t used = (size_t)snprintf(out, size, "frames %d and %d", map->frame[low], map->frame[high]);
    if (map->timed)
        used += (size_t)snprintf(out + used, size - used, ", t_w %g", map->time[high] - map->time[low]);
    if (low == high)
        return;
    if (isnan(mat)) {
        snprintf(out + used, size - used, ": not known yet");
        return;
    }
    if (isfinite(lab))
        used += (size_t)snprintf(out + used, size - used, "   labelled %.4f", lab);
    snprintf(out + used, size - used, "   D_min %.4f", mat);
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct map_data *data = tui->data[VIEW_MAP];
    char labels[3][48];
    if (!data || !data->made || data->map.known == 0) {
        char waiting[80];
        snprintf(waiting, sizeof waiting, tui->sight.n_frames < 2 ? "one frame: nothing to match it with" : "waiting for the first of %d pairs",
                 data ? data->map.pairs : 0);
        answers_notice(tui, grid, rect, data && data->map.state == ASK_FAILED ? &data->map.err : NULL, waiting);
        return;
    }
    struct heat_map map = make_map(tui, data, labels);
    struct rect at = map_rect(rect);
    int used = grid_format(grid, rect.x + 1, rect.y, rect.width - 1, ROLE_TITLE, "%s: labelled above the diagonal, matched below", labels[2]);
    if (data->map.known < data->map.pairs)
        grid_format(grid, rect.x + used + 4, rect.y, rect.width - used - 4, ROLE_WARN, "%d of %d pairs so far", data->map.known, data->map.pairs);
    else if (data->map.n < tui->sight.n_frames)
        grid_format(grid, rect.x + used + 4, rect.y, rect.width - used - 4, ROLE_DIM, "%d of %d frames%s", (int)data->map.n,
                    (int)tui->sight.n_frames, data->map.log ? ", at equal distances of log t" : "");
    heat_map_draw(grid, at.x, at.y, at.width, at.height, &map);
}

static void footing(const struct tui *tui, char *out, size_t size)
{
    const struct map_data *data = tui->data[VIEW_MAP];
    *out = '\0';
    if (data && data->made && data->map.n > 0)
        say_pair(tui, data, out, size);
}

/* --- keys and mouse --- */

static bool go_to(const struct map_data *data, int x, int y, char *command, size_t size)
{
    int n = data->map.n;
    x = x < 0 ? 0 : x >= n ? n - 1 : x;
    y = y < 0 ? 0 : y >= n ? n - 1 : y;
    if (x == y) /* nobody is on the diagonal: the next pair across it */
        return false;
    snprintf(command, size, "goto pair=%d:%d", data->map.frame[x < y ? x : y], data->map.frame[x < y ? y : x]);
    return true;
}

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    const struct map_data *data = tui->data[VIEW_MAP];
    if (!data || !data->made || data->map.n < 2)
        return false;
    return go_to(data, nearest(&data->map, tui->sight.pair.a) + right, nearest(&data->map, tui->sight.pair.b) - down, command, size);
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    const struct map_data *data = tui->data[VIEW_MAP];
    char labels[3][48];
    int column, row;
    if (!data || !data->made || data->map.known == 0)
        return false;
    struct heat_map map = make_map(tui, data, labels);
    struct rect at = map_rect(rect);
    return heat_map_at(at.x, at.y, at.width, at.height, &map, x, y, &column, &row) && go_to(data, column, row, command, size);
}

static bool dive(const struct tui *tui, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "view pu");
    return true;
}

/* The frames of the map by their numbers. */
static bool print_map(const struct tui *tui, char *command, size_t size)
{
    const struct map_data *data = tui->data[VIEW_MAP];
    if (!data || !data->made)
        return false;
    size_t used = (size_t)snprintf(command, size, "map ");
    for (int k = 0; k < data->map.n && used < size; k++)
        used += (size_t)snprintf(command + used, size - used, "%s%d", k ? "," : "", data->map.frame[k]);
    if (used < size)
        used += (size_t)snprintf(command + used, size - used, " of=%s species=%s", tui->sight.look.raw ? "raw" : "is",
                                 tui->sight.look.blind ? "blind" : "resolved");
    return used < size;
}

static const struct picture *picture_map(const struct tui *tui, struct picture *ret_picture)
{
    const struct map_data *data = tui->data[VIEW_MAP];
    char labels[3][48], title[120];
    if (!data || !data->made || data->map.known == 0)
        return NULL;
    struct heat_map map = make_map(tui, data, labels);
    snprintf(title, sizeof title, "%s: labelled above the diagonal, D_min below", labels[2]);
    picture_copy_map(ret_picture, &map, title);
    return picture_close(ret_picture) ? ret_picture : NULL;
}

static const struct key_hint hints[] = {{"hjkl", "pair"}, {"Enter", "p(u) of it"}, {"X", "log"}, {"B", "blind"}, {"i", "IS/raw"}, {"?", "keys"},
                                        {":", "command"}, {"e", "export"},         {"q", "leave"}};

const struct screen screen_map = {.title = "map", .digit = '7', .needs_data = true, .hints = hints, .n_hints = sizeof hints / sizeof *hints,
                                  .update = update, .draw = draw, .footing = footing, .cursor = cursor, .click = click, .dive = dive,
                                  .print = print_map, .picture = picture_map, .data_size = sizeof(struct map_data)};
