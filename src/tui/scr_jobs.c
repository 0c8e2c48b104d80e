/* The jobs view: what runs and what waits. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "tui/state.h"
#include "view/table.h"

static const struct table_column columns[] = {
    {"job", 22, true}, {"state", 8, true}, {"done", 6, false}, {"seconds", 9, false}, {"left", 8, false}};

static void cell(void *arg, long row, int column, char *out, size_t size)
{
    const struct tui *tui = arg;
    const struct job *job = job_pool_at(session_pool(tui->session), (int)row);
    if (!job)
        return;
    double left = job_eta(job);
    switch (column) {
    case 0:
        snprintf(out, size, "%s", job_label(job));
        break;
    case 1:
        snprintf(out, size, "%s", job_state(job) == JOB_RUNNING ? "running" : "waiting");
        break;
    case 2:
        snprintf(out, size, "%d%%", (int)(100 * job_fraction(job)));
        break;
    case 3:
        snprintf(out, size, "%.1f", job_elapsed(job));
        break;
    default:
        snprintf(out, size, isfinite(left) ? "%.0f s" : "-", left);
    }
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    struct job_pool *pool = session_pool(tui->session);
    struct table table = {.columns = columns, .n_columns = 5, .n_rows = job_pool_count(pool), .cursor = -1, .sorted = -1,
                          .ascii = tui->tier == GLYPH_ASCII, .cell = cell, .arg = (void *)tui};
    if (rect.height < 2)
        return;
    if (table.n_rows == 0) {
        grid_format(grid, rect.x + 2, rect.y + 1, rect.width - 2, ROLE_DIM, "no jobs; %d threads wait for work",
                    job_pool_threads(pool));
        return;
    }
    grid_format(grid, rect.x + 2, rect.y, rect.width - 2, ROLE_NORMAL, "%ld jobs on %d threads; what is looked at comes first",
                table.n_rows, job_pool_threads(pool));
    table_draw(grid, rect.x, rect.y + 1, rect.width, rect.height - 1, &table);
}

static const struct key_hint hints[] = {
    {"C-c", "cancel all"}, {"1", "p(u)"}, {"4", "table"}, {"?", "keys"}, {":", "command"}, {"Backspace", "back"}, {"q", "leave"}};

const struct screen screen_jobs = {
    .title = "jobs", .digit = '8', .draw = draw, .hints = hints, .n_hints = sizeof hints / sizeof *hints};
