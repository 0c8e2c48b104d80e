/* The lessons of the tour, as they are written down. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson is a file of assets/tour. Lines beside these are commands, run as they stand:
 *   title TEXT                       of the whole lesson
 *   say TEXT                         lines one after the other are one paragraph, an empty one ends it
 *   show TEXT                        a line that is shown as it is
 *   view NAME                        the view of the full screen, elsewhere nothing
 *   data NAME COMMAND                the set of that name, made by the command where it is not open
 *   task TEXT                        what to do, with these behind it:
 *     until COMMAND                  done when such a command was run: its words and options stand there (* is any); several: any of them
 *     until look KEY=VALUE ...       or when this is looked at: tw>=X, tw<=X, of=, species=, type=, view=, average=, paired=all (of demo 1d), film=end
 *                                    (of demo quench and demo shells), screen=on (of the full screen); behind a command both must hold
 *     try COMMAND                    what does it
 *     keys TEXT                      and in the full screen, by keys
 *     hint TEXT                      said after something else
 *   ask TEXT                         a question, with choice TEXT (named a, b, ...) and `answer LETTER`, or `answer NUMBER WITHIN` */
#ifndef APP_TOUR_LESSON_H
#define APP_TOUR_LESSON_H

#include <stdbool.h>
#include <stdio.h>

#include "isdmin/status.h"

#define LESSON_STEPS 40
#define LESSON_UNTIL 6
#define LESSON_CHOICES 5

enum lesson_kind { STEP_SAY, STEP_SHOW, STEP_RUN, STEP_VIEW, STEP_DATA, STEP_TASK, STEP_ASK };

struct lesson_step {
    enum lesson_kind kind;
    char *text;   /* what is said, run, asked; of STEP_DATA: the command */
    char *name;   /* STEP_DATA */
    char *until[LESSON_UNTIL];
    char *choice[LESSON_CHOICES];
    char *try, *keys, *hint, *answer;
};

struct lesson {
    char title[64];
    struct lesson_step step[LESSON_STEPS];
    int n_steps;
};

int lesson_count(void);
/* Lesson number 1 ... lesson_count(). ISD_DATA: the file is wrong, with its line. */
isd_status lesson_read(int number, struct lesson **ret_lesson, isd_error *err);
void lesson_free(struct lesson *lesson);

/* What a step says, in lines of at most 78 columns: a task with its keys if wanted, a question with its choices. */
void lesson_write_step(FILE *out, const struct lesson_step *step, bool keys);
/* All of a lesson on a page, for handing out: commands are shown, what to type and the answers too. */
void lesson_write(FILE *out, int number, const struct lesson *lesson);

/* Is `given` the answer? `answer` is a letter, or a number and how far off is right enough. */
bool lesson_answer_fits(const char *answer, const char *given);

#endif
