/* Errors as people read them. SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "repl/complain.h"

/* Parses `text` up to the first command that is refused and compares what people are told. */
static void expect(const char *name, const char *text, long first_line, bool quiet_place, const char *told)
{
    struct script script = {.name = name, .text = text, .line = first_line, .column = 1};
    struct print_buffer out = {0};
    struct command_call *call = NULL;
    isd_error err = {0};
    while (command_parse(&script, &call, &err) == ISD_OK) {
        assert_non_null(call); /* something must be wrong */
        command_call_free(call);
    }
    complain(&out, text, first_line, &script, &err, quiet_place);
    assert_string_equal(out.data, told);
    print_buffer_done(&out);
}

static void the_word_is_marked(void **state)
{
    (void)state;
    expect("hops.isd", "info\n\n  quench all; mtch 0:1  # note\n", 1, false,
           "hops.isd:3:15: mtch: there is no command 'mtch'\n"
           "    quench all; mtch 0:1  # note\n"
           "                ^~~~\n"
           "  try: match\n");
    expect("(line)", "mtch 0:1", 7, true,
           "mtch: there is no command 'mtch'\n"
           "  mtch 0:1\n"
           "  ^~~~\n"
           "  try: match\n");
}

static void lines_are_counted_from_the_first(void **state)
{
    (void)state;
    expect("-", "mtch 0:1", 40, false,
           "-:40:1: mtch: there is no command 'mtch'\n"
           "  mtch 0:1\n"
           "  ^~~~\n"
           "  try: match\n");
}

static void columns_are_those_of_the_screen(void **state)
{
    (void)state;
    expect("a\033b", "echo '\xe7\xb2\x92\xe5\xad\x90\t\033'; mtch 0", 1, false,
           "a\\x1bb:1:14: mtch: there is no command 'mtch'\n"
           "  echo '\xe7\xb2\x92\xe5\xad\x90\\x09\\x1b'; mtch 0\n"
           "                       ^~~~\n"
           "  try: match\n");
}

static void other_places(void **state)
{
    (void)state;
    struct script script = {.name = "-c", .text = "", .command = "open"};
    struct print_buffer out = {0};
    isd_error err;
    isd_error_set(&err, ISD_DATA, "not a number");
    isd_error_at(&err, "a.dump", 12, 3);
    complain(&out, "open a.dump", 1, &script, &err, false);
    complain_plainly(&out, &err);
    const char *whole = "info\n\n  open a.dump";
    script = (struct script){.name = "hops.isd", .text = "", .command = "open", .begin = whole + 8};
    complain(&out, whole, 1, &script, &err, false);
    complain(&out, whole, 1, &script, &err, true);
    isd_error_set(&err, ISD_MEMORY, "out of memory");
    isd_error_hint(&err, "try: fewer atoms");
    complain_plainly(&out, &err);
    assert_string_equal(out.data, "open: a.dump:12:3: not a number\n"
                                  "isdmin: a.dump:12:3: not a number\n"
                                  "hops.isd:3:3: open: a.dump:12:3: not a number\n"
                                  "open: a.dump:12:3: not a number\n"
                                  "isdmin: out of memory\n"
                                  "  try: fewer atoms\n");
    print_buffer_done(&out);
}

static void long_lines_are_not_copied(void **state)
{
    (void)state;
    char *text = malloc(5000);
    assert_non_null(text);
    memset(text, 'x', 4999);
    text[4999] = '\0';
    struct script script = {.name = "-c", .text = text};
    struct print_buffer out = {0};
    isd_error err;
    isd_error_set(&err, ISD_USAGE, "too long");
    isd_error_at(&err, "-c", 1, 1);
    complain(&out, text, 1, &script, &err, false);
    isd_error_at(&err, "-c", 9, 9); /* no such line */
    complain(&out, text, 1, &script, &err, false);
    assert_string_equal(out.data, "-c:1:1: too long\n-c:9:9: too long\n");
    print_buffer_done(&out);
    free(text);
}

int main(void)
{
    setlocale(LC_ALL, "");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_word_is_marked), cmocka_unit_test(lines_are_counted_from_the_first),
        cmocka_unit_test(columns_are_those_of_the_screen), cmocka_unit_test(other_places),
        cmocka_unit_test(long_lines_are_not_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
