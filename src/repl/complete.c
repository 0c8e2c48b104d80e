/* Completion: from whole words to what readline wants. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/complete.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

/* Readline's hooks have no argument, hence these. */
static complete_fn *current;
static void *current_arg;

/* Replaces `word`, meant for the place `start` of the line, by one for the place `from` where readline thinks that the
 * word starts. False when that cannot be (the word would change text before `from`) or memory ran out. */
static bool move_word(char **word, const char *line, int start, int from)
{
    char *moved;
    if (start == from)
        return true;
    if (start < from) {
        size_t skip = (size_t)(from - start);
        if (strlen(*word) < skip || strncmp(*word, line + start, skip) != 0)
            return false;
        moved = strdup(*word + skip);
    } else if (asprintf(&moved, "%.*s%s", start - from, line + from, *word) < 0) {
        return false;
    }
    if (!moved)
        return false;
    free(*word);
    *word = moved;
    return true;
}

static size_t common_prefix(char *const *words, int n)
{
    size_t length = strlen(words[0]);
    for (int k = 1; k < n; k++) {
        size_t same = 0;
        while (same < length && words[0][same] == words[k][same])
            same++;
        length = same;
    }
    /* Do not end inside a character of several bytes. */
    while (length > 0 && ((unsigned char)words[0][length] & 0xC0) == 0x80)
        length--;
    return length;
}

/* Readline wants the common prefix first, then the candidates. Takes `words` over. */
static char **with_prefix(char **words, int n)
{
    char **matches = malloc(sizeof *matches * ((size_t)n + 2));
    char *prefix = matches ? strndup(words[0], common_prefix(words, n)) : NULL;
    if (!prefix) {
        for (int k = 0; k < n; k++)
            free(words[k]);
        free(words);
        free(matches);
        return NULL;
    }
    matches[0] = prefix;
    memcpy(matches + 1, words, sizeof *matches * ((size_t)n + 1));
    if (n == 1) {
        free(matches[1]);
        matches[1] = NULL;
    }
    free(words);
    return matches;
}

static char **attempt(const char *text, int from, int cursor)
{
    (void)text;
    rl_attempted_completion_over = 1; /* never file names on readline's own account */
    int start = from;
    char **words = current ? current(current_arg, rl_line_buffer, cursor, &start) : NULL;
    if (!words)
        return NULL;
    int n = 0;
    for (int k = 0; words[k]; k++) {
        if (move_word(&words[k], rl_line_buffer, start, from))
            words[n++] = words[k];
        else
            free(words[k]);
    }
    words[n] = NULL;
    if (n == 0) {
        free(words);
        return NULL;
    }
    if (n == 1 && words[0][0] && strchr("=/:,", words[0][strlen(words[0]) - 1]))
        rl_completion_suppress_append = 1; /* more of this word is to come */
    return with_prefix(words, n);
}

void complete_use(complete_fn *complete, void *arg)
{
    current = complete;
    current_arg = arg;
    rl_attempted_completion_function = attempt;
    rl_completer_word_break_characters = " \t\n;";
    rl_completer_quote_characters = NULL;
    rl_sort_completion_matches = 0; /* the table's order says what matters first */
}
