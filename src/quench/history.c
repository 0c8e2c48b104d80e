/* What the last steps of a quench tell of its Hessian: the two loops of L-BFGS. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 1024 /* numbers that stay in the fastest cache while all steps pass over them */

isd_status history_init(struct history *history, struct quench_state *state)
{
    float *room = malloc((2 * HISTORY * state->n3 + 1) * sizeof *room);
    if (!room) {
        return isd_error_memory(state->err);
    }
    *history = (struct history){.room = room, .sums = mixed_best()};
    for (size_t k = 0; k < HISTORY; k++) {
        history->s[k] = room + 2 * k * state->n3;
        history->y[k] = history->s[k] + state->n3;
    }
    return ISD_OK;
}

void history_done(struct history *history)
{
    free(history->room);
    history->room = NULL;
}

void history_forget(struct history *history)
{
    history->held = 0;
}

/* Slot of the k-th youngest. */
static int slot(const struct history *history, int k)
{
    return (history->next - 1 - k + 2 * HISTORY) % HISTORY;
}

void history_tape(struct history *history, const struct quench_state *state, struct quench_tape *tape)
{
    TAPE(tape, history->held);
    TAPE(tape, history->next);
    tape->bad = tape->bad || history->held < 0 || history->held > HISTORY || history->next < 0 || history->next >= HISTORY;
    TAPE(tape, history->gamma);
    TAPE(tape, history->product);
    TAPE(tape, history->toward);
    for (int k = 0; k < history->held && !tape->bad; k++) {
        tape_item(tape, history->s[slot(history, k)], state->n3 * sizeof(float));
        tape_item(tape, history->y[slot(history, k)], state->n3 * sizeof(float));
    }
}

/* Products of a vector with rows, or a vector and the rows that are added to it. */
struct pass {
    const struct quench_state *state;
    const struct history *history;
    const float *row[HISTORY];
    double factor[HISTORY];
    int rows;
    const double *v, *from; /* from: what `to` is at first, NULL: what it was */
    double *to;
};

static void dot_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct pass *pass = arg;
    double *sum = pass->state->part + chunk * QUENCH_SUMS;
    memset(sum, 0, sizeof *sum * (size_t)pass->rows);
    for (size_t k = first; k < last; k += BLOCK) {
        const size_t n = last - k < BLOCK ? last - k : BLOCK;
        for (int r = 0; r < pass->rows; r++) {
            sum[r] += pass->history->sums.dot(pass->row[r] + k, pass->v + k, n);
        }
    }
}

static void add_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct pass *pass = arg;
    (void)chunk;
    for (size_t k = first; k < last; k += BLOCK) {
        const size_t n = last - k < BLOCK ? last - k : BLOCK;
        if (pass->from) {
            memcpy(pass->to + k, pass->from + k, n * sizeof *pass->to);
        }
        for (int r = 0; r < pass->rows; r++) {
            pass->history->sums.add(pass->to + k, pass->factor[r], pass->row[r] + k, n);
        }
    }
}

static void scale_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct pass *pass = arg;
    (void)chunk;
    for (size_t k = first; k < last; k++) {
        pass->to[k] *= pass->factor[0];
    }
}

void history_direction(struct history *history, struct quench_state *state, const struct springs *springs)
{
    const int held = history->held;
    struct pass s = {.state = state, .history = history, .rows = held, .v = state->f, .to = state->step}, y = s;
    double alpha[HISTORY];
    for (int k = 0; k < held; k++) {
        s.row[k] = history->s[slot(history, k)];
        y.row[k] = history->y[slot(history, k)];
    }
    y.from = state->f;
    for (int k = 0; k < held; k++) {
        const int a = slot(history, k);
        alpha[k] = history->toward[a];
        for (int younger = 0; younger < k; younger++) {
            alpha[k] -= alpha[younger] * history->product[a][slot(history, younger)];
        }
        alpha[k] /= history->product[a][a];
        y.factor[k] = -alpha[k];
    }
    quench_each(state, add_part, &y);
    if (springs->n > 0) {
        springs_solve(springs, state, state->step, state->step);
    } else {
        struct pass scale = {.to = state->step, .factor = {history->gamma}};
        quench_each(state, scale_part, &scale);
    }
    y.v = state->step;
    quench_each(state, dot_part, &y);
    for (int k = held - 1; k >= 0; k--) {
        const int b = slot(history, k);
        double beta = quench_total(state, k);
        for (int older = k + 1; older < held; older++) {
            beta += s.factor[older] * history->product[slot(history, older)][b];
        }
        s.factor[k] = alpha[k] - beta / history->product[b][b];
    }
    quench_each(state, add_part, &s);
}

struct lesson {
    struct pass dots; /* of the steps held with f */
    float *s, *y;
};

enum { LESSON_SY = HISTORY, LESSON_YY, LESSON_SS, LESSON_SF, LESSON_SUMS };
_Static_assert((int)LESSON_SUMS <= (int)QUENCH_SUMS, "all sums in one pass");

static void learn_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct lesson *lesson = arg;
    const struct quench_state *state = lesson->dots.state;
    double sy = 0, yy = 0, ss = 0, sf = 0;
    for (size_t k = first; k < last; k++) {
        const double s = state->x[k] - state->trial_x[k], y = state->trial_f[k] - state->f[k];
        sy += s * y;
        yy += y * y;
        ss += s * s;
        sf += s * state->f[k];
        lesson->s[k] = (float)s;
        lesson->y[k] = (float)y;
    }
    dot_part((void *)&lesson->dots, chunk, first, last);
    double *sum = state->part + chunk * QUENCH_SUMS;
    sum[LESSON_SY] = sy;
    sum[LESSON_YY] = yy;
    sum[LESSON_SS] = ss;
    sum[LESSON_SF] = sf;
}

void history_learn(struct history *history, const struct quench_state *state)
{
    const int now = history->next;
    history->held -= history->held == HISTORY; /* the oldest lay where this one is */
    struct lesson lesson = {.dots = {.state = state, .history = history, .rows = history->held, .v = state->f},
                            .s = history->s[now],
                            .y = history->y[now]};
    for (int k = 0; k < history->held; k++) {
        lesson.dots.row[k] = history->s[slot(history, k)];
    }
    quench_each(state, learn_part, &lesson);
    const double sy = quench_total(state, LESSON_SY), yy = quench_total(state, LESSON_YY),
                 ss = quench_total(state, LESSON_SS), sf = quench_total(state, LESSON_SF);
    for (int k = 0; k < history->held; k++) {
        const int a = slot(history, k);
        const double toward = quench_total(state, k);
        history->product[a][now] = history->toward[a] - toward;
        history->toward[a] = toward;
    }
    /* no curvature, or negative (always so where the force jumps as a pair leaves the cutoff): nothing to learn */
    if (sy > 1e-10 * sqrt(ss * yy) && yy > 0) {
        history->product[now][now] = sy;
        history->toward[now] = sf;
        history->gamma = sy / yy;
        history->next = (now + 1) % HISTORY;
        history->held++;
    }
}
