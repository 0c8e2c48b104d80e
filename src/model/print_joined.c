/* Records of one command as the rows of one table, for people. SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { WIDTH = 80 };

static bool can_join(const struct result *const *results, int n)
{
    for (int r = 0; r < n; r++) {
        if (result_layout(results[r]) != RESULT_RECORD || result_folded(results[r]) == 0
            || strcmp(result_command(results[r]), result_command(results[0])) != 0
            || result_n_fields(results[r]) != result_n_fields(results[0])) {
            return false;
        }
    }
    return n > 0;
}

static bool is_word(const struct field *field)
{
    return field->kind == VALUE_TEXT || field->kind == VALUE_BOOL;
}

static const char *word_of(const struct field *field)
{
    return field->kind == VALUE_BOOL ? (field->boolean ? "true" : "false") : field->kind == VALUE_TEXT && field->text ? field->text : "-";
}

/* Words and whole numbers alike. */
static bool same_cells(const struct field *a, const struct field *b)
{
    if (a->kind == VALUE_INT || b->kind == VALUE_INT) {
        return a->kind == b->kind && a->integer == b->integer;
    }
    return strcmp(word_of(a), word_of(b)) == 0;
}

/* The first that is no null: it tells what kind field k is. */
static const struct field *sample(const struct result *const *results, int n, size_t k)
{
    const struct field *field = result_field(results[0], k);
    for (int r = 1; r < n && field->kind == VALUE_NULL; r++) {
        field = result_field(results[r], k);
    }
    return field;
}

/* Is field k, no real number, the same in all of them? */
static bool is_common(const struct result *const *results, int n, size_t k)
{
    const struct field *field = sample(results, n, k);
    bool common = is_word(field) || field->kind == VALUE_INT;
    for (int r = 1; r < n && common; r++) {
        common = same_cells(result_field(results[r], k), result_field(results[0], k));
    }
    return common;
}

/* What holds for all rows stands above the table: "series  of is  species resolved". */
static void print_common(struct print_buffer *buffer, const struct result *const *results, int n)
{
    int column = text_width(result_command(results[0]));
    print_text(buffer, "%s", result_command(results[0]));
    for (size_t k = 0; k < result_n_fields(results[0]); k++) {
        const struct field *field = sample(results, n, k);
        if (!is_common(results, n, k)) {
            continue;
        }
        struct print_buffer words = {0};
        const char *value = word_of(field);
        print_text(&words, "%s ", field->name);
        if (field->kind == VALUE_INT) {
            print_text(&words, "%lld", (long long)field->integer);
        } else {
            print_escaped(&words, value, strlen(value));
        }
        const int width = words.data ? text_width(words.data) : 0;
        const bool fits = column + 2 + width <= WIDTH;
        print_text(buffer, "%s", fits ? "  " : "\n  ");
        print_bytes(buffer, words.data ? words.data : "", words.length);
        column = (fits ? column : 0) + 2 + width;
        buffer->failed |= words.failed;
        print_buffer_done(&words);
    }
    print_text(buffer, "\n");
}

/* Field k of all records as a column of the table. */
static bool add_column(struct result *table, const struct result *const *results, int n, size_t k)
{
    const struct field *field = sample(results, n, k);
    const char **words = malloc((size_t)n * sizeof *words);
    double *reals = malloc((size_t)n * sizeof *reals);
    int64_t *ints = malloc((size_t)n * sizeof *ints);
    const bool sound = words && reals && ints;
    for (int r = 0; r < n && sound; r++) {
        const struct field *cell = result_field(results[r], k);
        words[r] = is_word(cell) ? word_of(cell) : NULL;
        reals[r] = cell->kind == VALUE_REAL ? cell->real : NAN;
        ints[r] = cell->kind == VALUE_INT ? cell->integer : RESULT_INT_NULL;
    }
    if (sound && is_word(field)) {
        result_texts(table, field->name, words, (size_t)n);
    } else if (sound && field->kind == VALUE_REAL) {
        result_reals(table, field->name, field->unit, reals, (size_t)n);
    } else if (sound && field->kind == VALUE_INT) {
        result_ints(table, field->name, ints, (size_t)n);
    }
    free(words);
    free(reals);
    free(ints);
    return sound;
}

static void print_joined(struct print_buffer *buffer, const struct result *const *results, int n)
{
    const int wanted = result_folded(results[0]);
    struct result *table = result_new(result_command(results[0]), RESULT_ROWS);
    int keys = 0;
    for (size_t k = 0; k < result_n_fields(results[0]); k++) {
        if (is_common(results, n, k)) {
            continue;
        }
        buffer->failed |= !add_column(table, results, n, k);
        keys += (int)k < wanted && sample(results, n, k)->kind != VALUE_NULL;
    }
    result_fold(table, keys);
    print_common(buffer, results, n);
    print_readable(buffer, table, NULL);
    buffer->failed |= result_failed(table);
    result_free(table);
    for (int r = 0; r < n; r++) {
        buffer->failed |= result_failed(results[r]);
        if (result_mark_text(results[r])) {
            print_text(buffer, "! ");
            print_escaped(buffer, result_mark_text(results[r]), strlen(result_mark_text(results[r])));
            print_text(buffer, "\n");
        }
    }
}

void print_results(struct print_buffer *buffer, enum print_format format, const struct result *const *results, int n, bool follows)
{
    if (format == PRINT_TEXT && can_join(results, n)) {
        print_text(buffer, "%s", follows ? "\n" : "");
        print_joined(buffer, results, n);
        return;
    }
    for (int r = 0; r < n; r++) {
        print_result(buffer, format, results[r], r > 0 ? results[r - 1] : NULL);
    }
}
