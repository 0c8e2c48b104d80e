/* Any bytes as a script of commands, as the command line of the program, as a filter, as a line to complete.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "app/command.h"
#include "app/filter.h"
#include "app/option.h"
#include "fuzz.h"

#define LONGEST 2048
#define MOST_COMMANDS 64

static void check_shown(const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        MUST((unsigned char)*p >= 0x20 && *p != 0x7f);
}

/* The words of a call as everything they might be. */
static void take_words(const struct command_call *call)
{
    isd_error err = {.status = ISD_OK};
    for (int k = 0; k < call_n_words(call); k++) {
        const char *word = call_word(call, k);
        struct value_range *ranges = NULL;
        int32_t *frames = NULL, a = -1, b = -1, n_frames = 0;
        int n = 0;
        if (frames_parse(word, 12, &frames, &n_frames, &err) == ISD_OK)
            for (int32_t i = 0; i < n_frames; i++)
                MUST(frames[i] >= 0 && frames[i] < 12);
        else
            fuzz_check_words(&err, "");
        if (pair_parse(word, 12, &a, &b, &err) == ISD_OK)
            MUST(a >= 0 && a < 12 && b >= 0 && b < 12);
        if (ranges_parse(word, &ranges, &n, &err) == ISD_OK)
            for (int i = 0; i < n; i++)
                MUST(!isnan(ranges[i].low) && !isnan(ranges[i].high));
        free(frames);
        free(ranges);
    }
}

static int parse_script(const char *text)
{
    struct script script = {.name = "fuzz\x1b.isd", .text = text};
    int good = 0;
    for (int k = 0; k < MOST_COMMANDS; k++) {
        struct command_call *call = NULL;
        isd_error err = {.status = ISD_OK};
        const char *before = script.text;
        isd_status status = command_parse(&script, &call, &err);
        check_shown(script.command);
        if (status != ISD_OK) {
            fuzz_check_words(&err, "fuzz\\x1b.isd:");
            MUST(call == NULL && script.text > before);
            continue;
        }
        if (call == NULL)
            break;
        check_shown(call_text(call));
        check_shown(call_where(call));
        take_words(call);
        command_call_free(call);
        good++;
    }
    return good;
}

static int parse_arguments(char *text)
{
    char *argv[16] = {(char *)(uintptr_t)"isdmin"}, *rest = NULL;
    int argc = 1;
    struct invocation invocation;
    isd_error err = {.status = ISD_OK};
    for (char *word = strtok_r(text, "\n", &rest); word != NULL && argc < 15; word = strtok_r(NULL, "\n", &rest))
        argv[argc++] = word;
    if (invocation_parse(argc, argv, &invocation, &err) != ISD_OK) {
        fuzz_check_words(&err, "");
        return 0;
    }
    invocation_done(&invocation);
    return 1;
}

static double no_word(void *arg, const char *column, const char *word)
{
    (void)arg;
    (void)column;
    return word[0] == 'A' ? 1 : NAN;
}

static int parse_filter(const char *text)
{
    static const char *const names[] = {"u_lab", "type", "id", "x"};
    static const double row[] = {0.5, 1, 7, NAN};
    struct filter *filter = NULL;
    isd_error err = {.status = ISD_OK};
    if (filter_parse(text, names, 4, no_word, NULL, &filter, &err) != ISD_OK) {
        fuzz_check_words(&err, "");
        return 0;
    }
    filter_accepts(filter, row);
    filter_free(filter);
    return 1;
}

/* Completion without files: the words of a command whose arguments are paths would list folders. */
static int complete(struct session *session, const char *text)
{
    int start = -1, length = (int)strlen(text);
    if (strchr(text, '/') != NULL || strstr(text, "open") != NULL || strstr(text, "export") != NULL)
        return 0;
    char **list = command_complete(session, text, length, &start);
    for (int k = 0; list != NULL && list[k] != NULL; k++)
        free(list[k]);
    MUST(list == NULL || (start >= 0 && start <= length));
    free(list);
    return list != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct session *session;
    if (session == NULL)
        MUST(session_new(1, &session, NULL) == ISD_OK);
    if (size == 0 || size > LONGEST)
        return 0;
    char *text = malloc(size);
    MUST(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    int good;
    switch (data[0] % 8) {
    case 'a' % 8:
        good = parse_arguments(text);
        break;
    case 'f' % 8:
        good = parse_filter(text);
        break;
    case 'c' % 8:
        good = complete(session, text);
        break;
    default:
        good = parse_script(text);
        break;
    }
    if (good > 0)
        fuzz_accept();
    free(text);
    return 0;
}
