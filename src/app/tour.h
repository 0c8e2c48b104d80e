/* The tour: lessons that say something, ask for a command, and go on when it was run. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One in a session, whatever front end shows it. A front end runs what tour_next wants whenever it has nothing else to run, and tells
 * tour_heard of every command that has ended. Nothing waits and nothing is locked: any command can be run at any time. */
#ifndef APP_TOUR_H
#define APP_TOUR_H

#include "app/command.h"
#include "app/sight.h"

struct tour;
void tour_free(struct tour *tour);

/* `tour`: starts, goes on, stops, prints. What is to be read comes by tour_next or, of `print` and `list`, by the sink. */
enum ask tour_command(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err);

enum tour_wish {
    TOUR_NOTHING, /* it is off, or waits for the learner */
    TOUR_TITLE,   /* a lesson begins */
    TOUR_TEXT,    /* lines to show */
    TOUR_TASK,    /* the same: what is to be done now */
    TOUR_REPLY,   /* the same: about what was done */
    TOUR_RUN      /* commands to run, as a script named TOUR_SCRIPT; tour_heard is to be told of each */
};
#define TOUR_SCRIPT "(tour)"
/* What comes next; each is given once. idle: nothing is left of the line that was typed, so that a hint is in place. *ret_text:
 * borrowed until the next call. */
enum tour_wish tour_next(struct session *session, bool idle, const char **ret_text);

/* A command of the learner's or the tour's has ended: done or failed. Its own are told by the name of their script. */
void tour_heard(struct session *session, const struct sight *sight, const struct command_call *call, bool done);
/* The learner typed what is no command. */
void tour_misheard(struct session *session);
/* Lessons may ask for other things where everything is seen at once. */
void tour_on_screen(struct session *session, bool screen);
/* What was under way has been given up. */
void tour_dropped(struct session *session);

/* The number of the lesson under way, 0: none. */
int tour_lesson(struct session *session);
/* Is that lesson over? */
bool tour_at_end(struct session *session);
/* Was `tour more` said since this was asked last? For front ends that show a page at a time. */
bool tour_turned(struct session *session);
/* Does a question wait, and could this line be its answer: one word that is no command? Then ret_command is to be run instead. */
bool tour_takes_answer(struct session *session, const char *line, char *ret_command, size_t size);

#endif
