/* Reading lessons, and writing them as text. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tour_lesson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/wrap.h"
#include "base/asset.h"
#include "base/scan.h"

extern const struct asset tour_lessons[]; /* in their order; made by the build */

int lesson_count(void)
{
    int n = 0;
    while (tour_lessons[n].name)
        n++;
    return n;
}

void lesson_free(struct lesson *lesson)
{
    if (!lesson)
        return;
    for (int k = 0; k < lesson->n_steps; k++) {
        struct lesson_step *step = &lesson->step[k];
        free(step->text);
        free(step->name);
        free(step->try);
        free(step->keys);
        free(step->hint);
        free(step->answer);
        for (int u = 0; u < LESSON_UNTIL; u++)
            free(step->until[u]);
        for (int c = 0; c < LESSON_CHOICES; c++)
            free(step->choice[c]);
    }
    free(lesson);
}

/* --- reading --- */

struct reading {
    struct lesson *lesson;
    bool paragraph; /* the next `say` goes on with the last */
};

static isd_status add_step(struct reading *r, enum lesson_kind kind, const char *text, isd_error *err)
{
    if (r->lesson->n_steps == LESSON_STEPS)
        return isd_error_set(err, ISD_DATA, "a lesson of more than %d steps", LESSON_STEPS);
    struct lesson_step *step = &r->lesson->step[r->lesson->n_steps++];
    *step = (struct lesson_step){.kind = kind, .text = strdup(text)};
    return step->text ? ISD_OK : isd_error_memory(err);
}

static struct lesson_step *last_step(struct reading *r)
{
    return r->lesson->n_steps > 0 ? &r->lesson->step[r->lesson->n_steps - 1] : NULL;
}

/* Lines of one paragraph are joined by blanks. */
static isd_status join(char **text, const char *more, isd_error *err)
{
    char *joined = NULL;
    if (asprintf(&joined, "%s%s%s", *text, **text && *more ? " " : "", more) < 0)
        return isd_error_memory(err);
    free(*text);
    *text = joined;
    return ISD_OK;
}

static isd_status take_say(struct reading *r, const char *text, isd_error *err)
{
    struct lesson_step *last = last_step(r);
    if (!*text) {
        r->paragraph = false;
        return ISD_OK;
    }
    isd_status status = r->paragraph && last && last->kind == STEP_SAY ? join(&last->text, text, err) : add_step(r, STEP_SAY, text, err);
    r->paragraph = true;
    return status;
}

static isd_status take_data(struct reading *r, const char *text, isd_error *err)
{
    size_t length = strcspn(text, " ");
    if (length == 0 || !text[length])
        return isd_error_set(err, ISD_DATA, "data takes the name of a set and the command that makes it");
    isd_status status = add_step(r, STEP_DATA, text + length + 1, err);
    if (status)
        return status;
    last_step(r)->name = strndup(text, length);
    return last_step(r)->name ? ISD_OK : isd_error_memory(err);
}

static isd_status put_in(char **slots, int n, const char *text, isd_error *err)
{
    for (int k = 0; k < n; k++)
        if (!slots[k]) {
            slots[k] = strdup(text);
            return slots[k] ? ISD_OK : isd_error_memory(err);
        }
    return isd_error_set(err, ISD_DATA, "one line too many of this kind");
}

/* What belongs to the task or the question before it. */
static isd_status take_part(struct reading *r, const char *verb, const char *text, isd_error *err)
{
    struct lesson_step *step = last_step(r);
    bool of_task = strcmp(verb, "until") == 0 || strcmp(verb, "try") == 0 || strcmp(verb, "keys") == 0, of_both = strcmp(verb, "hint") == 0;

    if (!step || (step->kind != STEP_TASK && step->kind != STEP_ASK) || (!of_both && of_task != (step->kind == STEP_TASK)))
        return isd_error_set(err, ISD_DATA, "'%s' has no place here", verb);
    if (of_both)
        return step->hint ? join(&step->hint, text, err) : put_in(&step->hint, 1, text, err);
    if (strcmp(verb, "until") == 0)
        return put_in(step->until, LESSON_UNTIL, text, err);
    if (strcmp(verb, "choice") == 0)
        return put_in(step->choice, LESSON_CHOICES, text, err);
    return put_in(strcmp(verb, "try") == 0 ? &step->try : strcmp(verb, "keys") == 0 ? &step->keys : &step->answer, 1, text, err);
}

static isd_status take_line(struct reading *r, const char *line, isd_error *err)
{
    static const char *const parts[] = {"until", "try", "keys", "hint", "choice", "answer"};
    char verb[16];
    size_t length = strcspn(line, " ");
    const char *text = line + length + (line[length] == ' ');
    struct lesson_step *last = last_step(r);

    snprintf(verb, sizeof verb, "%.*s", (int)length, line);
    if (strcmp(verb, "say") == 0)
        return take_say(r, text, err);
    r->paragraph = false;
    if (strcmp(verb, "title") == 0)
        return snprintf(r->lesson->title, sizeof r->lesson->title, "%s", text) < (int)sizeof r->lesson->title
                   ? ISD_OK : isd_error_set(err, ISD_DATA, "the title is too long");
    if (strcmp(verb, "show") == 0)
        return add_step(r, STEP_SHOW, text, err);
    if (strcmp(verb, "view") == 0)
        return add_step(r, STEP_VIEW, line, err);
    if (strcmp(verb, "data") == 0)
        return take_data(r, text, err);
    if (strcmp(verb, "task") == 0)
        return last && last->kind == STEP_TASK && !last->until[0] ? join(&last->text, text, err) : add_step(r, STEP_TASK, text, err);
    if (strcmp(verb, "ask") == 0)
        return last && last->kind == STEP_ASK && !last->answer && !last->choice[0] ? join(&last->text, text, err)
                                                                                   : add_step(r, STEP_ASK, text, err);
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        if (strcmp(verb, parts[k]) == 0)
            return take_part(r, verb, text, err);
    return add_step(r, STEP_RUN, line, err);
}

static isd_status check_lesson(const struct lesson *lesson, isd_error *err)
{
    int actions = 0;

    for (int k = 0; k < lesson->n_steps; k++) {
        const struct lesson_step *step = &lesson->step[k];
        bool task = step->kind == STEP_TASK, ask = step->kind == STEP_ASK;
        actions += task || ask;
        if ((task && (!step->until[0] || !step->try || !step->hint)) || (ask && (!step->answer || !step->hint)))
            return isd_error_set(err, ISD_DATA, "a task needs until, try and hint, a question answer and hint: '%.60s'", step->text);
        if (ask && !lesson_answer_fits(step->answer, step->answer))
            return isd_error_set(err, ISD_DATA, "'%s' is no answer: a letter, or a number and how far off is right", step->answer);
    }
    if (!lesson->title[0] || actions == 0)
        return isd_error_set(err, ISD_DATA, "a lesson needs a title and something to do");
    return ISD_OK;
}

/* `name` is for messages. */
static isd_status parse(const char *name, const char *text, struct lesson **ret_lesson, isd_error *err)
{
    struct reading r = {.lesson = calloc(1, sizeof *r.lesson)};
    isd_status status = r.lesson ? ISD_OK : isd_error_memory(err);
    long number = 0;

    while (!status && *text) {
        size_t length = strcspn(text, "\n"), blanks = strspn(text, " ");
        char *line = blanks < length ? strndup(text + blanks, length - blanks) : strdup("");
        number++;
        if (!line)
            status = isd_error_memory(err);
        else if (line[0] && line[0] != '#')
            status = take_line(&r, line, err);
        free(line);
        text += length + (text[length] == '\n');
    }
    if (!status) {
        status = check_lesson(r.lesson, err);
        number = 0;
    }
    if (status) {
        isd_error_at(err, name, number, 0);
        lesson_free(r.lesson);
        return status;
    }
    *ret_lesson = r.lesson;
    return ISD_OK;
}

isd_status lesson_read(int number, struct lesson **ret_lesson, isd_error *err)
{
    if (number < 1 || number > lesson_count())
        return isd_error_set(err, ISD_USAGE, "there are lessons 1 to %d", lesson_count());
    return parse(tour_lessons[number - 1].name, tour_lessons[number - 1].text, ret_lesson, err);
}

/* --- answers --- */

bool lesson_answer_fits(const char *answer, const char *given)
{
    double wanted, within, said;
    const char *end = answer + strlen(answer), *p = scan_double(answer, end, &wanted);

    if (!p) /* a letter, whatever its case, perhaps with a bracket */
        return strlen(answer) == 1 && (given[0] | 32) == answer[0] && (!given[1] || strcmp(given + 1, ")") == 0);
    while (p < end && *p == ' ')
        p++;
    if (!scan_whole_double(p, &within))
        return false;
    p = scan_double(given, given + strlen(given), &said);
    return p && (*p == '\0' || *p == ' ') && fabs(said - wanted) <= within;
}

/* --- as text --- */

void lesson_write_step(FILE *out, const struct lesson_step *step, bool keys)
{
    switch (step->kind) {
    case STEP_SAY:
        wrap_text(out, 0, 0, step->text);
        break;
    case STEP_SHOW:
        fprintf(out, "    %s\n", step->text);
        break;
    case STEP_RUN:
    case STEP_DATA:
        fprintf(out, "    > %s\n", step->text);
        break;
    case STEP_VIEW:
        break;
    case STEP_TASK:
        fputs("-> ", out);
        wrap_text(out, 3, 3, step->text);
        if (keys && step->keys)
            fprintf(out, "   Keys: %s\n", step->keys);
        break;
    case STEP_ASK:
        fputs("?  ", out);
        wrap_text(out, 3, 3, step->text);
        for (int c = 0; c < LESSON_CHOICES && step->choice[c]; c++) {
            fprintf(out, "   %c) ", 'a' + c);
            wrap_text(out, 6, 6, step->choice[c]);
        }
        break;
    }
}

void lesson_write(FILE *out, int number, const struct lesson *lesson)
{
    char title[96];
    bool list = false; /* lines without gaps between them */

    snprintf(title, sizeof title, "Lesson %d: %s", number, lesson->title);
    fprintf(out, "%s\n", title);
    for (size_t k = 0; k < strlen(title); k++)
        fputc('-', out);
    fputc('\n', out);
    for (int k = 0; k < lesson->n_steps; k++) {
        const struct lesson_step *step = &lesson->step[k];
        if (step->kind == STEP_VIEW)
            continue;
        bool in_list = step->kind == STEP_RUN || step->kind == STEP_DATA || step->kind == STEP_SHOW;
        if (!in_list || !list)
            fputc('\n', out);
        list = in_list;
        lesson_write_step(out, step, false);
        if (step->kind == STEP_TASK)
            fprintf(out, "\n    > %s\n", step->try);
        if (step->keys)
            fprintf(out, "    (full screen: %s)\n", step->keys);
        if (step->kind == STEP_ASK) {
            fputs("   (Answer: ", out);
            fprintf(out, "%.*s)\n", (int)strcspn(step->answer, " "), step->answer);
        }
    }
}
