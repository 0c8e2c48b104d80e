/* Variables of a LAMMPS script and the formulas they hold. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/script_variables.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"

#define NAME_SIZE 64
#define MOST_ASKED 100000
#define DEEPEST 32 /* variables within variables, parentheses within parentheses */

enum kind { KIND_INDEX, KIND_STRING, KIND_EQUAL, KIND_SPOILT };

struct variable {
    char name[NAME_SIZE];
    enum kind kind;
    char *value; /* text, formula, or why there is none */
};

struct script_variables {
    struct variable *variable;
    int n;
    int depth; /* formulas under way: one that needs itself is refused */
    int asked; /* values asked for in all: variables made of each other twice over take 2^n */
};

isd_status script_variables_new(struct script_variables **ret_variables, isd_error *err)
{
    struct script_variables *variables = calloc(1, sizeof *variables);

    if (!variables)
        return isd_error_memory(err);
    *ret_variables = variables;
    return ISD_OK;
}

void script_variables_free(struct script_variables *variables)
{
    if (!variables)
        return;
    for (int k = 0; k < variables->n; k++)
        free(variables->variable[k].value);
    free(variables->variable);
    free(variables);
}

static struct variable *find(struct script_variables *variables, const char *name, size_t length)
{
    for (int k = 0; k < variables->n; k++)
        if (strlen(variables->variable[k].name) == length && strncmp(variables->variable[k].name, name, length) == 0)
            return &variables->variable[k];
    return NULL;
}

static isd_status set(struct script_variables *variables, const char *name, enum kind kind, const char *value,
                      isd_error *err)
{
    struct variable *v = find(variables, name, strlen(name));
    if (strlen(name) >= NAME_SIZE)
        return isd_error_set(err, ISD_DATA, "the name of variable %.40s... is too long", name);
    char *copy = strdup(value);
    if (!copy)
        return isd_error_memory(err);
    if (!v) {
        struct variable *more = realloc(variables->variable, ((size_t)variables->n + 1) * sizeof *more);
        if (!more) {
            free(copy);
            return isd_error_memory(err);
        }
        variables->variable = more;
        v = &more[variables->n++];
        *v = (struct variable){.value = NULL};
        snprintf(v->name, sizeof v->name, "%s", name);
    }
    free(v->value);
    v->value = copy;
    v->kind = kind;
    return ISD_OK;
}

static void forget(struct script_variables *variables, const char *name)
{
    struct variable *v = find(variables, name, strlen(name));
    if (v) {
        free(v->value);
        *v = variables->variable[--variables->n];
    }
}

isd_status script_variables_spoil(struct script_variables *variables, const char *name, const char *why, isd_error *err)
{
    return set(variables, name, KIND_SPOILT, why, err);
}

isd_status script_variables_define(struct script_variables *variables, const char *const *words, int n, isd_error *err)
{
    char why[160];

    if (n < 2)
        return isd_error_set(err, ISD_DATA, "variable takes a name, a style and values");
    if (strcmp(words[1], "delete") == 0) {
        forget(variables, words[0]);
        return ISD_OK;
    }
    if (n < 3)
        return isd_error_set(err, ISD_DATA, "variable %s %s has no value", words[0], words[1]);
    if (strcmp(words[1], "index") == 0)
        return find(variables, words[0], strlen(words[0])) ? ISD_OK
                                                           : set(variables, words[0], KIND_INDEX, words[2], err);
    if (strcmp(words[1], "string") == 0)
        return set(variables, words[0], KIND_STRING, words[2], err);
    if (strcmp(words[1], "equal") == 0)
        return set(variables, words[0], KIND_EQUAL, words[2], err);
    snprintf(why, sizeof why, "it is of style %.40s; index, equal and string are evaluated here", words[1]);
    return set(variables, words[0], KIND_SPOILT, why, err);
}

/* --- formulas --- */

struct formula {
    struct script_variables *variables;
    const char *at;
    int depth;
    isd_error *err;
};

static isd_status read_sum(struct formula *f, double *ret_value);

static void skip_blanks(struct formula *f)
{
    while (isspace((unsigned char)*f->at))
        f->at++;
}

static isd_status value_of(struct script_variables *variables, const char *name, size_t length, double *ret_value,
                           isd_error *err)
{
    const struct variable *v = find(variables, name, length);

    if (!v)
        return isd_error_set(err, ISD_DATA, "there is no variable %.*s", (int)length, name);
    if (v->kind == KIND_SPOILT)
        return isd_error_set(err, ISD_UNSUPPORTED, "variable %s cannot be evaluated: %s", v->name, v->value);
    if (++variables->asked > MOST_ASKED)
        return isd_error_set(err, ISD_DATA, "the variables of this script need too many evaluations");
    if (v->kind == KIND_EQUAL)
        return script_variables_evaluate(variables, v->value, ret_value, err);
    if (!scan_whole_double(v->value, ret_value))
        return isd_error_set(err, ISD_DATA, "variable %s is '%s', a number is expected", v->name, v->value);
    return ISD_OK;
}

static isd_status apply(const char *name, size_t length, double *value, isd_error *err)
{
    static const struct {
        const char *name;
        double (*function)(double);
    } functions[] = {{"sqrt", sqrt}, {"exp", exp}, {"ln", log}, {"log", log10}, {"abs", fabs}};

    for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++)
        if (strlen(functions[k].name) == length && strncmp(functions[k].name, name, length) == 0) {
            *value = functions[k].function(*value);
            return ISD_OK;
        }
    return isd_error_set(err, ISD_UNSUPPORTED, "the function %.*s() of a formula is not known here", (int)length, name);
}

static isd_status read_parentheses(struct formula *f, double *ret_value)
{
    if (++f->depth > DEEPEST)
        return isd_error_set(f->err, ISD_DATA, "the formula has too many parentheses within each other");
    f->at++;
    isd_status status = read_sum(f, ret_value);
    if (status)
        return status;
    if (*f->at != ')')
        return isd_error_set(f->err, ISD_DATA, "a ) is missing in the formula");
    f->at++;
    f->depth--;
    return ISD_OK;
}

static isd_status read_name(struct formula *f, double *ret_value)
{
    const char *name = f->at;
    while (isalnum((unsigned char)*f->at) || *f->at == '_')
        f->at++;
    size_t length = (size_t)(f->at - name);
    if (length > 2 && strncmp(name, "v_", 2) == 0)
        return value_of(f->variables, name + 2, length - 2, ret_value, f->err);
    if (*f->at == '(') {
        isd_status status = read_parentheses(f, ret_value);
        return status ? status : apply(name, length, ret_value, f->err);
    }
    if (length == 2 && strncmp(name, "PI", 2) == 0) {
        *ret_value = 3.14159265358979323846;
        return ISD_OK;
    }
    return isd_error_set(f->err, ISD_UNSUPPORTED, "'%.*s' in a formula is not known here", (int)(length < 40 ? length : 40),
                         name);
}

static isd_status read_operand(struct formula *f, double *ret_value)
{
    skip_blanks(f);
    if (*f->at == '-') {
        f->at++;
        if (++f->depth > DEEPEST)
            return isd_error_set(f->err, ISD_DATA, "the formula has too many signs");
        isd_status status = read_operand(f, ret_value);
        f->depth--;
        *ret_value = status ? 0 : -*ret_value;
        return status;
    }
    if (*f->at == '(')
        return read_parentheses(f, ret_value);
    if (isalpha((unsigned char)*f->at) || *f->at == '_')
        return read_name(f, ret_value);
    const char *end = scan_double(f->at, f->at + strlen(f->at), ret_value);
    if (!end || *f->at == '+')
        return isd_error_set(f->err, ISD_DATA, "a number is expected at '%.20s' of the formula", f->at);
    f->at = end;
    return ISD_OK;
}

static isd_status read_power(struct formula *f, double *ret_value)
{
    isd_status status = read_operand(f, ret_value);
    for (skip_blanks(f); !status && *f->at == '^'; skip_blanks(f)) {
        double exponent = 0;
        f->at++;
        status = read_operand(f, &exponent);
        *ret_value = pow(*ret_value, exponent);
    }
    return status;
}

static isd_status read_product(struct formula *f, double *ret_value)
{
    isd_status status = read_power(f, ret_value);
    for (skip_blanks(f); !status && (*f->at == '*' || *f->at == '/'); skip_blanks(f)) {
        char sign = *f->at++;
        double factor = 1;
        status = read_power(f, &factor);
        *ret_value = sign == '*' ? *ret_value * factor : *ret_value / factor;
    }
    return status;
}

static isd_status read_sum(struct formula *f, double *ret_value)
{
    isd_status status = read_product(f, ret_value);
    for (skip_blanks(f); !status && (*f->at == '+' || *f->at == '-'); skip_blanks(f)) {
        char sign = *f->at++;
        double term = 0;
        status = read_product(f, &term);
        *ret_value += sign == '+' ? term : -term;
    }
    return status;
}

isd_status script_variables_evaluate(struct script_variables *variables, const char *formula, double *ret_value,
                                     isd_error *err)
{
    struct formula f = {.variables = variables, .at = formula, .err = err};
    double value = 0;

    if (variables->depth >= DEEPEST)
        return isd_error_set(err, ISD_DATA, "the variables of this formula need each other without end");
    variables->depth++;
    isd_status status = read_sum(&f, &value);
    variables->depth--;
    if (status)
        return status;
    if (*f.at)
        return isd_error_set(err, ISD_DATA, "'%.20s' is not expected in the formula '%.80s'", f.at, formula);
    if (!isfinite(value))
        return isd_error_set(err, ISD_DATA, "the formula '%.80s' has no finite value", formula);
    *ret_value = value;
    return ISD_OK;
}

/* --- substitution --- */

/* The text that ${name} stands for. */
static isd_status text_of(struct script_variables *variables, const char *name, size_t length, char *out, size_t size,
                          isd_error *err)
{
    const struct variable *v = find(variables, name, length);
    double value;

    if (!v || v->kind == KIND_SPOILT || v->kind == KIND_EQUAL) {
        isd_status status = value_of(variables, name, length, &value, err);
        if (status)
            return status;
        snprintf(out, size, "%.15g", value);
        return ISD_OK;
    }
    if (strlen(v->value) >= size)
        return isd_error_set(err, ISD_DATA, "variable %s is too long", v->name);
    snprintf(out, size, "%s", v->value);
    return ISD_OK;
}

/* The end of the parenthesis that opens at `open`, or NULL. */
static const char *closing(const char *open)
{
    int depth = 0;
    for (const char *p = open; *p; p++) {
        depth += (*p == '(') - (*p == ')');
        if (depth == 0)
            return p;
    }
    return NULL;
}

static isd_status text_of_formula(struct script_variables *variables, const char *begin, const char *end, char *out,
                                  size_t size, isd_error *err)
{
    char formula[512];
    double value;

    if ((size_t)(end - begin) >= sizeof formula)
        return isd_error_set(err, ISD_DATA, "the formula after $ is too long");
    snprintf(formula, sizeof formula, "%.*s", (int)(end - begin), begin);
    if (strchr(formula, ':'))
        return isd_error_set(err, ISD_UNSUPPORTED, "$(...) with a format is not supported");
    isd_status status = script_variables_evaluate(variables, formula, &value, err);
    if (!status)
        snprintf(out, size, "%.17g", value);
    return status;
}

/* What stands behind a $: its value in out, the first character after it in *ret_next. */
static isd_status dollar(struct script_variables *variables, const char *at, const char **ret_next, char *out,
                         size_t size, isd_error *err)
{
    if (*at == '{') {
        const char *end = strchr(at, '}');
        if (!end)
            return isd_error_set(err, ISD_DATA, "a } is missing after ${");
        *ret_next = end + 1;
        return text_of(variables, at + 1, (size_t)(end - at - 1), out, size, err);
    }
    if (*at == '(') {
        const char *end = closing(at);
        if (!end)
            return isd_error_set(err, ISD_DATA, "a ) is missing after $(");
        *ret_next = end + 1;
        return text_of_formula(variables, at + 1, end, out, size, err);
    }
    if (!*at)
        return isd_error_set(err, ISD_DATA, "a variable is expected after $");
    *ret_next = at + 1;
    return text_of(variables, at, 1, out, size, err);
}

isd_status script_variables_substitute(struct script_variables *variables, const char *text, char *out, size_t size,
                                       isd_error *err)
{
    size_t length = 0;
    char value[1024];

    for (const char *p = text; *p;) {
        if (*p != '$') {
            value[0] = *p++;
            value[1] = '\0';
        } else {
            isd_status status = dollar(variables, p + 1, &p, value, sizeof value, err);
            if (status)
                return status;
        }
        if (length + strlen(value) >= size)
            return isd_error_set(err, ISD_DATA, "the line is too long");
        length += (size_t)snprintf(out + length, size - length, "%s", value);
    }
    out[length] = '\0';
    return ISD_OK;
}
