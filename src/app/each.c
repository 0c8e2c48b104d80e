/* A block for each waiting time, pair or set. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/each.h"

#include <stdio.h>
#include <string.h>

#include "app/session.h"
#include "model/print.h"

enum what { EACH_TW, EACH_PAIR, EACH_SET, EACH_COUNT };
static const char *const names[EACH_COUNT] = {[EACH_TW] = "tw", [EACH_PAIR] = "pair", [EACH_SET] = "set"};

static int count(const struct sight *sight, enum what what)
{
    return what == EACH_TW ? sight->n_tw : what == EACH_PAIR ? sight->n_pairs : session_set_count(sight->session);
}

/* The k-th of them, as a word. */
static void say_value(const struct sight *sight, enum what what, int k, char *out, size_t size)
{
    if (what == EACH_TW)
        snprintf(out, size, "%.12g", sight->tw[k]);
    else if (what == EACH_PAIR)
        snprintf(out, size, "%d:%d", sight->pairs[k].a, sight->pairs[k].b);
    else
        snprintf(out, size, "%s", session_set_name(sight->session, k));
}

/* One word in quotes. */
static void put_quoted(struct print_buffer *out, const char *text)
{
    print_text(out, "\"");
    for (; *text; text++)
        print_text(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    print_text(out, "\"");
}

static void put_move(struct print_buffer *out, enum what what, const char *value)
{
    if (what != EACH_SET) {
        print_text(out, "goto %s=%s\n", names[what], value);
        return;
    }
    print_text(out, "use ");
    put_quoted(out, value);
    print_text(out, "\n");
}

/* The block, with what stands for the value. */
static void put_block(struct print_buffer *out, enum what what, const char *block, const char *value)
{
    char mark[16];
    const size_t n = (size_t)snprintf(mark, sizeof mark, "{%s}", names[what]);
    for (const char *found; (found = strstr(block, mark)) != NULL; block = found + n) {
        print_bytes(out, block, (size_t)(found - block));
        print_text(out, "%s", value);
    }
    print_text(out, "%s\n", block);
}

isd_status each_text(const struct sight *sight, const struct command_call *call, char **ret_text, isd_error *err)
{
    const char *word = call_word(call, 0), *block = call_word(call, 1);
    enum what what = EACH_TW;
    char value[400], back[200];
    struct print_buffer out = {0};
    while (what + 1 < EACH_COUNT && strcmp(word, names[what]) != 0)
        what++;
    const int n = count(sight, what);
    if (n < 1) {
        isd_error_set(err, ISD_DATA, "there is no %s to go through", what == EACH_TW ? "waiting time" : names[what]);
        isd_error_hint(err, "open FILE...");
        return ISD_DATA;
    }
    for (int k = 0; k < n; k++) {
        say_value(sight, what, k, value, sizeof value);
        put_move(&out, what, value);
        put_block(&out, what, block, value);
    }
    if (what == EACH_SET) {
        say_value(sight, what, session_current_set(sight->session), value, sizeof value);
        put_move(&out, what, value);
    }
    sight_place_words(sight, back, sizeof back);
    print_text(&out, "%s\n", back);
    if (out.failed) {
        print_buffer_done(&out);
        return isd_error_memory(err);
    }
    *ret_text = out.data;
    return ISD_OK;
}
