/* Where the tour is, and what it says. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tour.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/points.h"
#include "app/state.h"
#include "app/tour_lesson.h"
#include "app/tour_until.h"
#include "app/wrap.h"
#include "base/asset.h"
#include "base/scan.h"

extern const struct asset tour_data[]; /* law.csv; made by the build */

enum tour_state { TOUR_OFF, TOUR_GOES_ON, TOUR_RUNS, TOUR_WAITS, TOUR_AT_END };

struct tour {
    enum tour_state state;
    struct lesson *lesson; /* NULL: none yet */
    int number, step;
    bool begun;            /* its title was given */
    char *reply, *text;    /* to be given next; given last */
    int running;           /* commands of its own that have not ended */
    bool screen;           /* shown by the full screen */
    bool hint;             /* the reply is one */
    bool turned;           /* `tour more` was said */
};

void tour_free(struct tour *tour)
{
    if (!tour)
        return;
    lesson_free(tour->lesson);
    free(tour->reply);
    free(tour->text);
    free(tour);
}

int tour_lesson(struct session *session)
{
    return session->tour && session->tour->state != TOUR_OFF ? session->tour->number : 0;
}

bool tour_at_end(struct session *session)
{
    return session->tour && session->tour->state == TOUR_AT_END;
}

bool tour_turned(struct session *session)
{
    bool turned = session->tour && session->tour->turned;
    if (turned)
        session->tour->turned = false;
    return turned;
}

static struct lesson_step *step_of(struct tour *tour)
{
    return tour->lesson && tour->step < tour->lesson->n_steps ? &tour->lesson->step[tour->step] : NULL;
}

static bool waits_for_answer(struct tour *tour)
{
    return tour && tour->state == TOUR_WAITS && step_of(tour) && step_of(tour)->kind == STEP_ASK;
}

/* --- what is said --- */

static void reply(struct tour *tour, const char *label, const char *text)
{
    char *made = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&made, &size);
    int width = (int)strlen(label);

    if (!out)
        return;
    fputs(label, out);
    wrap_text(out, width, width, text);
    if (fclose(out) != 0) {
        free(made);
        return;
    }
    free(tour->reply);
    tour->reply = made;
    tour->hint = false;
}

static enum tour_wish give(struct tour *tour, enum tour_wish wish, char *text, const char **ret_text)
{
    free(tour->text);
    tour->text = text;
    *ret_text = text ? text : "";
    return wish;
}

static char *step_text(const struct lesson_step *step, bool screen)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    lesson_write_step(out, step, screen);
    if (step->kind == STEP_ASK)
        fprintf(out, "   Answer: %s%s\n", screen ? "`:`, then " : "", step->choice[0] ? "the letter" : "the number");
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* A set that is open already is used, else made. */
static char *data_command(const struct session *session, const struct lesson_step *step)
{
    char *text = NULL;

    for (int k = 0; k < session_set_count(session); k++)
        if (strcmp(session_set_name(session, k), step->name) == 0)
            return asprintf(&text, "use %s", step->name) < 0 ? NULL : text;
    return strdup(step->text);
}

static int count_commands(const char *text)
{
    struct script script = {.name = TOUR_SCRIPT, .text = text, .line = 1, .column = 1};
    struct command_call *call = NULL;
    int n = 0;

    while (command_parse(&script, &call, NULL) == ISD_OK && call) {
        command_call_free(call);
        n++;
    }
    return n;
}

static enum tour_wish give_end(struct tour *tour, const char **ret_text)
{
    char *text = NULL;
    bool last = tour->number == lesson_count();
    int n = asprintf(&text, "End of lesson %d of %d. %s\n", tour->number, lesson_count(),
                     last ? "That was the last one; `tour print` has them all on paper."
                     : tour->screen ? "y goes on with the next, `tour stop` leaves."
                                    : "`tour next` goes on, `tour stop` leaves.");
    tour->state = TOUR_AT_END;
    return give(tour, TOUR_TASK, n < 0 ? NULL : text, ret_text);
}

static enum tour_wish give_step(struct session *session, struct tour *tour, const char **ret_text)
{
    struct lesson_step *step = step_of(tour);

    switch (step->kind) {
    case STEP_RUN:
    case STEP_VIEW:
    case STEP_DATA:
        give(tour, TOUR_RUN, step->kind == STEP_DATA ? data_command(session, step) : strdup(step->text), ret_text);
        tour->running = count_commands(*ret_text);
        tour->state = tour->running > 0 ? TOUR_RUNS : TOUR_AT_END;
        return tour->running > 0 ? TOUR_RUN : TOUR_TEXT;
    case STEP_TASK:
    case STEP_ASK:
        tour->state = TOUR_WAITS;
        return give(tour, TOUR_TASK, step_text(step, tour->screen), ret_text);
    case STEP_SAY:
    case STEP_SHOW:
        break; /* goes on at once */
    }
    tour->step++;
    return give(tour, TOUR_TEXT, step_text(step, tour->screen), ret_text);
}

enum tour_wish tour_next(struct session *session, bool idle, const char **ret_text)
{
    struct tour *tour = session->tour;

    *ret_text = "";
    if (!tour)
        return TOUR_NOTHING;
    if (tour->reply && tour->hint && !idle)
        return TOUR_NOTHING;
    if (tour->reply) {
        char *text = tour->reply;
        tour->reply = NULL;
        return give(tour, TOUR_REPLY, text, ret_text);
    }
    if (tour->state != TOUR_GOES_ON)
        return TOUR_NOTHING;
    if (!tour->begun) {
        char *title = NULL;
        tour->begun = true;
        int n = asprintf(&title, "Lesson %d of %d: %s\n", tour->number, lesson_count(), tour->lesson->title);
        return give(tour, TOUR_TITLE, n < 0 ? NULL : title, ret_text);
    }
    while (step_of(tour) && step_of(tour)->kind == STEP_VIEW && !tour->screen)
        tour->step++;
    return step_of(tour) ? give_step(session, tour, ret_text) : give_end(tour, ret_text);
}

/* --- what is heard --- */

static void go_on(struct tour *tour, const char *word)
{
    reply(tour, "", word);
    tour->step++;
    tour->state = TOUR_GOES_ON;
}

static void give_hint(struct tour *tour)
{
    const struct lesson_step *step = step_of(tour);
    reply(tour, "Hint: ", step->hint);
    tour->hint = true;
}

/* A command of the tour's own. */
static void own_ended(struct tour *tour, bool done)
{
    if (tour->state != TOUR_RUNS)
        return;
    if (done && --tour->running > 0)
        return;
    if (done) {
        tour->step++;
        tour->state = TOUR_GOES_ON;
        return;
    }
    tour->state = TOUR_AT_END;
    reply(tour, "", "This lesson cannot go on. `tour again` tries it once more, `tour next` leaves it out.");
}

void tour_heard(struct session *session, const struct sight *sight, const struct command_call *call, bool done)
{
    struct tour *tour = session->tour;
    struct lesson_step *step;

    if (!tour)
        return;
    if (strncmp(call_where(call), TOUR_SCRIPT ":", strlen(TOUR_SCRIPT) + 1) == 0) {
        own_ended(tour, done);
        return;
    }
    if (tour->state != TOUR_WAITS || !(step = step_of(tour)) || step->kind != STEP_TASK || strcmp(call_spec(call)->name, "tour") == 0)
        return;
    for (int k = 0; done && k < LESSON_UNTIL && step->until[k]; k++)
        if (tour_until_fits(step->until[k], call, sight, tour->screen)) {
            go_on(tour, "Right.");
            return;
        }
    if (!done || !tour_until_ignores(call))
        give_hint(tour);
}

void tour_on_screen(struct session *session, bool screen)
{
    if (session->tour)
        session->tour->screen = screen;
}

void tour_misheard(struct session *session)
{
    if (session->tour && session->tour->state == TOUR_WAITS && step_of(session->tour))
        give_hint(session->tour);
}

void tour_dropped(struct session *session)
{
    struct tour *tour = session->tour;
    if (tour && tour->state == TOUR_RUNS)
        own_ended(tour, false);
}

bool tour_takes_answer(struct session *session, const char *line, char *ret_command, size_t size)
{
    char word[32];
    size_t skip = strspn(line, " \t"), length = strcspn(line + skip, " \t\r\n;");

    if (!waits_for_answer(session->tour) || length == 0 || length >= sizeof word || line[skip + length + strspn(line + skip + length, " \t\r\n")])
        return false;
    snprintf(word, sizeof word, "%.*s", (int)length, line + skip);
    if (command_find(word) || strpbrk(word, "'\"\\#="))
        return false;
    return snprintf(ret_command, size, "tour answer %s", word) < (int)size;
}

/* --- the command --- */

static enum ask refuse(isd_error *err, const char *hint, const char *what)
{
    isd_error_set(err, ISD_USAGE, "%s", what);
    isd_error_hint(err, "%s", hint);
    return ASK_FAILED;
}

static enum ask begin(struct session *session, int number, isd_error *err)
{
    struct lesson *lesson = NULL;
    struct tour *tour = session->tour;

    if (number < 1 || number > lesson_count())
        return refuse(err, "tour list", "there is no such lesson");
    if (lesson_read(number, &lesson, err) != ISD_OK)
        return ASK_FAILED;
    lesson_free(tour->lesson);
    free(tour->reply);
    tour->reply = NULL;
    tour->lesson = lesson;
    tour->number = number;
    tour->step = 0;
    tour->begun = false;
    tour->state = TOUR_GOES_ON;
    return ASK_READY;
}

/* number 0: all of them, one behind the other. */
static enum ask print(int number, bool titles_only, const struct command_sink *sink, isd_error *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    isd_status status = ISD_OK;

    for (int k = 1; out && !status && k <= lesson_count(); k++) {
        struct lesson *lesson = NULL;
        if (number > 0 && k != number)
            continue;
        status = lesson_read(k, &lesson, err);
        if (!status && titles_only)
            fprintf(out, "%3d  %s\n", k, lesson->title);
        else if (!status) {
            fputs(k > 1 && number == 0 ? "\n\n" : "", out);
            lesson_write(out, k, lesson);
        }
        lesson_free(lesson);
    }
    if (!status)
        return command_give_stream(sink, out, &text, err);
    fclose(out);
    free(text);
    return ASK_FAILED;
}

static enum ask take_answer(struct tour *tour, const char *given, isd_error *err)
{
    if (!waits_for_answer(tour))
        return refuse(err, "tour", "no question waits for an answer");
    if (!given)
        return refuse(err, "tour answer a", "answer what?");
    if (lesson_answer_fits(step_of(tour)->answer, given))
        go_on(tour, "Right.");
    else
        give_hint(tour);
    return ASK_READY;
}

/* What is to be done, once more; a lesson that is over: how it goes on. */
static enum ask say_again(struct tour *tour)
{
    if (tour->state == TOUR_WAITS || tour->state == TOUR_AT_END)
        tour->state = TOUR_GOES_ON;
    return ASK_READY;
}

/* Words that need a lesson under way. */
static enum ask within(struct session *session, const char *word, const char *second, isd_error *err)
{
    struct tour *tour = session->tour;

    if (tour->state == TOUR_OFF)
        return refuse(err, "tour", "no lesson is under way");
    if (strcmp(word, "next") == 0 || strcmp(word, "back") == 0) {
        int number = tour->number + (word[0] == 'n' ? 1 : -1);
        if (number < 1 || number > lesson_count())
            return refuse(err, "tour stop", word[0] == 'n' ? "this is the last lesson" : "this is the first lesson");
        return begin(session, number, err);
    }
    if (strcmp(word, "more") == 0 && tour->screen) {
        tour->turned = true;
        return ASK_READY;
    }
    if (strcmp(word, "more") == 0)
        return say_again(tour);
    if (strcmp(word, "again") == 0)
        return begin(session, tour->number, err);
    if (strcmp(word, "answer") == 0)
        return take_answer(tour, second, err);
    if (strcmp(word, "hint") == 0) {
        if (tour->state != TOUR_WAITS)
            return refuse(err, "tour next", "nothing is asked for");
        give_hint(tour);
        return ASK_READY;
    }
    tour->state = TOUR_OFF; /* stop */
    free(tour->reply);
    tour->reply = NULL;
    return ASK_READY;
}

enum ask tour_command(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const char *word = call_word(call, 0), *second = call_word(call, 1);
    int64_t number = 0;

    if (!session->tour && !(session->tour = calloc(1, sizeof *session->tour))) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    struct tour *tour = session->tour;
    if (!word)
        return tour->state == TOUR_OFF ? begin(session, tour->number > 0 ? tour->number : 1, err) : say_again(tour);
    if (second && strcmp(word, "print") != 0 && strcmp(word, "answer") != 0)
        return refuse(err, "help tour", "a word too many");
    if (scan_whole_int64(word, &number))
        return begin(session, number > 0 && number <= lesson_count() ? (int)number : 0, err);
    if (strcmp(word, "points") == 0)
        return session_points_open_text(session, tour_data[0].name, tour_data[0].text, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    if (strcmp(word, "list") == 0)
        return print(0, true, sink, err);
    if (strcmp(word, "print") == 0) {
        if (second && (!scan_whole_int64(second, &number) || number < 1 || number > lesson_count()))
            return refuse(err, "tour list", "there is no such lesson");
        return print((int)number, false, sink, err);
    }
    static const char *const known[] = {"next", "back", "again", "more", "answer", "hint", "stop"};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
        if (strcmp(known[k], word) == 0)
            return within(session, word, second, err);
    return refuse(err, "help tour", "a lesson is a number; or next, back, again, more, hint, answer, stop, list, print, points");
}
