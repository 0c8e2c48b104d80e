/* What a view asks of the program as a command. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/scr_answers.h"

#include <stdio.h>
#include <string.h>

struct gathering {
    struct result *result[ANSWERS_MOST];
    int n;
};

static void take_result(void *arg, struct result *result)
{
    struct gathering *gathering = arg;
    if (gathering->n < ANSWERS_MOST)
        gathering->result[gathering->n++] = result;
    else
        result_free(result);
}

static void take_text(void *arg, const char *text)
{
    (void)arg;
    (void)text;
}

static void forget(struct answers *answers)
{
    for (int k = 0; k < answers->n; k++)
        result_free(answers->result[k]);
    answers->n = 0;
    if (answers->has_picture)
        picture_done(&answers->picture);
    answers->has_picture = false;
}

void answers_done(struct answers *answers)
{
    forget(answers);
}

static enum ask run(struct tui *tui, const char *command, struct gathering *gathering, isd_error *err)
{
    struct script script = {.name = "(view)", .text = command, .line = 1, .column = 1};
    struct command_call *call = NULL;
    struct command_sink sink = {.result = take_result, .text = take_text, .arg = gathering};
    if (command_parse(&script, &call, err) != ISD_OK || !call)
        return ASK_FAILED;
    enum ask state = command_run(tui->session, call, &sink, err);
    command_call_free(call);
    return state;
}

void answers_ask(struct tui *tui, const char *command, struct answers *answers)
{
    bool same = strcmp(command, answers->command) == 0 && answers->data_news == tui->data_news;
    if ((same && answers->state != ASK_PENDING) || tui->sight.paused)
        return;
    struct gathering gathering = {.n = 0};
    isd_error err = {0};
    snprintf(answers->command, sizeof answers->command, "%s", command);
    answers->data_news = tui->data_news;
    answers->state = run(tui, command, &gathering, &err);
    answers->err = err;
    if (answers->state == ASK_PENDING)
        return;
    forget(answers);
    memcpy(answers->result, gathering.result, sizeof gathering.result);
    answers->n = gathering.n;
    if (answers->state == ASK_READY)
        answers->has_picture = picture_make((const struct result *const *)answers->result, answers->n, &answers->picture);
}

void answers_notice(const struct tui *tui, struct grid *grid, struct rect rect, const isd_error *err, const char *waiting)
{
    int x = rect.x + 2, y = rect.y + rect.height / 3, width = rect.width - 2;
    if (err) {
        struct rect room = {rect.x + 1, y, rect.width - 1, rect.y + rect.height - y};
        int used = put_wrapped(grid, room, ROLE_ERROR, err->what, strlen(err->what));
        room.y += used;
        room.height -= used;
        put_wrapped(grid, room, ROLE_NORMAL, err->hint, strlen(err->hint));
    } else {
        grid_text(grid, x, y, width, ROLE_WARN, tui->sight.paused ? "cancelled; the next step looks again" : waiting);
    }
}

/* Side by side already where the whole picture would put them one above the other and none would be large enough. */
static void draw_panels(const struct tui *tui, struct grid *grid, struct rect rect, const struct picture *picture)
{
    enum { LEAST_WIDTH = 36, LEAST_HEIGHT = 9 };
    int columns = picture->n > 1 && rect.width >= 2 * LEAST_WIDTH && rect.height / picture->n < LEAST_HEIGHT ? 2 : 1;
    if (columns == 1) {
        picture_draw(grid, rect.x, rect.y, rect.width - 1, rect.height, picture, tui->tier, tui->ramp);
        return;
    }
    int rows = (picture->n + 1) / 2;
    for (int k = 0; k < picture->n; k++) {
        int left = rect.x + k % 2 * rect.width / 2, top = rect.y + k / 2 * rect.height / rows;
        picture_draw_panel(grid, left, top, rect.width / 2 - 1, rect.y + (k / 2 + 1) * rect.height / rows - top, &picture->panel[k], tui->tier,
                           tui->ramp);
    }
}

void answers_draw(const struct tui *tui, struct grid *grid, struct rect rect, const struct answers *answers, const char *waiting)
{
    if (!answers || !answers->has_picture) {
        answers_notice(tui, grid, rect, answers && answers->state == ASK_FAILED ? &answers->err : NULL,
                       answers && answers->state == ASK_READY ? "nothing to be seen of this yet" : waiting);
        return;
    }
    draw_panels(tui, grid, rect, &answers->picture);
    if (answers->state == ASK_PENDING && rect.width > 40)
        grid_format(grid, rect.x + rect.width - 16, rect.y, 15, ROLE_WARN, "%15s", "more under way");
    if (answers->state == ASK_FAILED)
        grid_text(grid, rect.x + 2, rect.y + rect.height - 1, rect.width - 2, ROLE_ERROR, answers->err.what);
}
