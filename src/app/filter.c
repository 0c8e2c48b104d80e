/* Filter expressions: recursive descent into a flat program. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"

#define MAX_STEPS 200
#define MAX_DEPTH 50

enum operation { OP_EQ, OP_NE, OP_LE, OP_GE, OP_LT, OP_GT, OP_AND, OP_OR, OP_NOT };

struct step {
    enum operation operation;
    int column; /* of a comparison */
    double value;
};

struct filter {
    int n;
    struct step step[MAX_STEPS]; /* in reverse Polish order */
};

struct parser {
    const char *start, *p, *end;
    const char *const *names;
    int n_columns, depth;
    filter_word_fn *word;
    void *word_arg;
    struct filter *filter;
    isd_error *err;
};

static void skip_blanks(struct parser *q)
{
    while (q->p < q->end && (*q->p == ' ' || *q->p == '\t'))
        q->p++;
}

static bool fault(struct parser *q, const char *expected)
{
    isd_error_set(q->err, ISD_USAGE, "filter \"%s\", character %d: expected %s", q->start, (int)(q->p - q->start) + 1, expected);
    isd_error_hint(q->err, "atoms 0:last filter='u_lab > 0.8 && type == 1'");
    return false;
}

static bool take(struct parser *q, const char *token)
{
    size_t length = strlen(token);
    skip_blanks(q);
    if ((size_t)(q->end - q->p) < length || memcmp(q->p, token, length) != 0)
        return false;
    q->p += length;
    return true;
}

static bool add(struct parser *q, struct step step)
{
    if (q->filter->n == MAX_STEPS)
        return fault(q, "a shorter expression");
    q->filter->step[q->filter->n++] = step;
    return true;
}

static size_t word_length(const struct parser *q)
{
    size_t length = 0;
    while (q->p + length < q->end && !strchr(" \t()!&|<>=", q->p[length]))
        length++;
    return length;
}

static bool value_of(struct parser *q, int column, double *ret_value)
{
    skip_blanks(q);
    char word[64];
    size_t length = word_length(q);
    if (length == 0 || length >= sizeof word)
        return fault(q, "a number");
    memcpy(word, q->p, length);
    word[length] = '\0';
    double value = NAN;
    if (!scan_whole_double(word, &value))
        value = q->word ? q->word(q->word_arg, q->names[column], word) : NAN;
    if (isnan(value))
        return fault(q, "a number (or a type's label)");
    q->p += length;
    *ret_value = value;
    return true;
}

static bool comparison(struct parser *q)
{
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">", "="};
    static const enum operation operations[] = {OP_EQ, OP_NE, OP_LE, OP_GE, OP_LT, OP_GT, OP_EQ};
    skip_blanks(q);
    size_t length = word_length(q);
    int column = -1;
    for (int k = 0; k < q->n_columns; k++)
        if (strlen(q->names[k]) == length && memcmp(q->names[k], q->p, length) == 0)
            column = k;
    if (column < 0)
        return fault(q, "a column name");
    q->p += length;
    for (size_t k = 0; k < sizeof signs / sizeof signs[0]; k++)
        if (take(q, signs[k])) {
            struct step step = {.operation = operations[k], .column = column};
            return value_of(q, column, &step.value) && add(q, step);
        }
    return fault(q, "a comparison (== != < <= > >=)");
}

static bool any_of(struct parser *q);

static bool unary(struct parser *q)
{
    if (++q->depth > MAX_DEPTH)
        return fault(q, "fewer parentheses");
    bool good = true;
    if (take(q, "!"))
        good = unary(q) && add(q, (struct step){.operation = OP_NOT});
    else if (take(q, "("))
        good = any_of(q) && (take(q, ")") || fault(q, ")"));
    else
        good = comparison(q);
    q->depth--;
    return good;
}

static bool all_of(struct parser *q)
{
    if (!unary(q))
        return false;
    while (take(q, "&&"))
        if (!unary(q) || !add(q, (struct step){.operation = OP_AND}))
            return false;
    return true;
}

static bool any_of(struct parser *q)
{
    if (!all_of(q))
        return false;
    while (take(q, "||"))
        if (!all_of(q) || !add(q, (struct step){.operation = OP_OR}))
            return false;
    return true;
}

isd_status filter_parse(const char *text, const char *const *names, int n_columns, filter_word_fn *word, void *word_arg,
                        struct filter **ret_filter, isd_error *err)
{
    struct filter *filter = calloc(1, sizeof *filter);
    if (!filter)
        return isd_error_memory(err);
    struct parser q = {.start = text, .p = text, .end = text + strlen(text), .names = names, .n_columns = n_columns,
                       .word = word, .word_arg = word_arg, .filter = filter, .err = err};
    bool good = any_of(&q);
    skip_blanks(&q);
    if (good && q.p < q.end)
        good = fault(&q, "&& or || or the end");
    if (!good) {
        free(filter);
        return ISD_USAGE;
    }
    *ret_filter = filter;
    return ISD_OK;
}

void filter_free(struct filter *filter)
{
    free(filter);
}

static bool compare(enum operation operation, double x, double y)
{
    switch (operation) {
    case OP_EQ:
        return x == y;
    case OP_NE:
        return x < y || x > y;
    case OP_LE:
        return x <= y;
    case OP_GE:
        return x >= y;
    case OP_LT:
        return x < y;
    default:
        return x > y;
    }
}

bool filter_accepts(const struct filter *filter, const double *row)
{
    bool stack[MAX_STEPS];
    int top = 0;
    for (int k = 0; k < filter->n; k++) {
        const struct step *step = &filter->step[k];
        if (step->operation == OP_NOT) {
            stack[top - 1] = !stack[top - 1];
        } else if (step->operation == OP_AND || step->operation == OP_OR) {
            bool right = stack[--top], left = stack[top - 1];
            stack[top - 1] = step->operation == OP_AND ? left && right : left || right;
        } else {
            stack[top++] = compare(step->operation, row[step->column], step->value);
        }
    }
    return stack[0];
}

unsigned filter_columns(const struct filter *filter)
{
    unsigned columns = 0;
    for (int k = 0; k < filter->n; k++) {
        enum operation operation = filter->step[k].operation;
        if (operation != OP_NOT && operation != OP_AND && operation != OP_OR)
            columns |= 1u << filter->step[k].column;
    }
    return columns;
}
