/* What a view asks of the program as a command, kept until it asks something else; and the picture of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_SCR_ANSWERS_H
#define TUI_SCR_ANSWERS_H

#include "tui/state.h"
#include "view/picture.h"

#define ANSWERS_MOST 64

struct answers {
    char command[400];       /* what was asked; "": nothing */
    unsigned data_news;      /* tui->data_news then */
    enum ask state;          /* of that command; what it has not answered yet is what was there before */
    isd_error err;
    struct result *result[ANSWERS_MOST];
    int n;
    struct picture picture;
    bool has_picture;
};

/* Runs the command without output until it is ready; never waits. To be called with every update. */
void answers_ask(struct tui *tui, const char *command, struct answers *answers);
void answers_done(struct answers *answers);

/* Draws the picture, or says why there is none. `waiting`: what is waited for. */
void answers_draw(const struct tui *tui, struct grid *grid, struct rect rect, const struct answers *answers, const char *waiting);

/* Words in the middle of an empty view: an error with its next step, or what is waited for. */
void answers_notice(const struct tui *tui, struct grid *grid, struct rect rect, const isd_error *err, const char *waiting);

#endif
