/* Help texts: complete, at most 78 columns, made from the table; the tool commands that print text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/topic.h"
#include "app/wrap.h"
#include "fake_session.h"

static void narrow(const char *text, const char *what)
{
    for (const char *p = text; *p;) {
        size_t length = strcspn(p, "\n");
        if (length > 78)
            fail_msg("%s: line of %zu columns: %.*s", what, length, (int)length, p);
        if (length > 0 && p[length - 1] == ' ')
            fail_msg("%s: blank at the end of: %.*s", what, (int)length, p);
        p += length + (p[length] == '\n');
    }
}

static void one_command(void **state)
{
    const struct command_spec *spec;

    (void)state;
    for (int k = 0; (spec = command_at(k)); k++) {
        char *text = command_help(spec->name);
        assert_non_null(text);
        narrow(text, spec->name);
        assert_true(strncmp(text, spec->name, strlen(spec->name)) == 0);
        assert_non_null(strstr(text, "usage: "));
        assert_non_null(strstr(text, spec->help));
        for (int o = 0; o < COMMAND_MAX_OPTIONS && spec->options[o].name; o++) {
            char row[80];
            snprintf(row, sizeof row, "\n  %s=", spec->options[o].name);
            if (!strstr(text, row))
                fail_msg("%s does not speak of %s=", spec->name, spec->options[o].name);
        }
        free(text);
    }
    assert_null(command_help("nothing"));

    char *text = command_help("gr");
    assert_non_null(strstr(text, "usage: gr FRAMES [of=is|raw] [bins=N] [max=X] [pair=all|A-B]\n"));
    assert_non_null(strstr(text, "number of bins; 1 to 1000000 (default: 200)\n"));
    assert_non_null(strstr(text, "(default: is)\n"));
    assert_non_null(strstr(text, "\n  gr all of=raw bins=400 max=4\n"));
    free(text);
}

static void topics(void **state)
{
    struct topic topic;
    int count = 0;

    (void)state;
    for (; topic_at(count, &topic); count++) {
        char *text = command_help(topic.name), start[160];
        assert_non_null(text);
        narrow(text, topic.name);
        snprintf(start, sizeof start, "%s: %s\n", topic.name, topic.title);
        assert_true(strncmp(text, start, strlen(start)) == 0);
        assert_non_null(strstr(text, "\n== ")); /* headings */
        assert_null(command_find(topic.name));  /* which would hide it */
        free(text);
    }
    assert_int_equal(count, 2);
    assert_false(topic_at(-1, &topic));
    assert_false(topic_find("topic", &topic));
    assert_true(topic_find("physics", &topic));
    assert_int_equal(topic_row_name("msd: mean", 9), 3);
    assert_int_equal(topic_row_name("a:b", 3), -1);
    assert_int_equal(topic_row_name("name:", 5), -1);
}

static void all_commands(void **state)
{
    const struct command_spec *spec;
    char *text = command_help(NULL);

    (void)state;
    assert_non_null(text);
    narrow(text, "help");
    for (int k = 0; (spec = command_at(k)); k++) {
        char row[200];
        snprintf(row, sizeof row, "\n  %-12s %s\n", spec->name, spec->help);
        if (!strstr(text, row))
            fail_msg("%s is missing", spec->name);
    }
    for (int g = 0; command_group(g); g++)
        assert_non_null(strstr(text, command_group_title(g)));
    free(text);
}

static void wrapping(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    wrap_row(out, "a", "one\ntwo");
    wrap_row(out, "a name that is much too long", "right");
    wrap_text(out, 0, 3, "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww x");
    wrap_text(out, 0, 0, "");
    fclose(out);
    assert_string_equal(
        text, "  a                     one\n                        two\n"
              "  a name that is much too long\n                        right\n"
              "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww\n   x\n\n");
    free(text);
}

/* --- running commands --- */

static char printed[8192];

static void take_text(void *arg, const char *text)
{
    snprintf(printed + strlen(printed), sizeof printed - strlen(printed), "%s", text);
}

static enum ask run(const char *line, isd_error *err)
{
    struct script script = {.name = "(line)", .text = line};
    struct command_sink sink = {.text = take_text};
    struct command_call *call;
    enum ask answer = ASK_READY;

    memset(err, 0, sizeof *err);
    printed[0] = '\0';
    for (;;) {
        if (command_parse(&script, &call, err))
            fail_msg("%s: %s", line, err->what);
        if (!call)
            return answer;
        answer = command_run(NULL, call, &sink, err);
        command_call_free(call);
    }
}

static void tools(void **state)
{
    isd_error err;

    (void)state;
    assert_int_equal(run("help pu", &err), ASK_READY);
    assert_non_null(strstr(printed, "pu: displacement distributions"));
    assert_int_equal(run("apropos minimis", &err), ASK_READY);
    assert_non_null(strstr(printed, "quench "));
    assert_null(strstr(printed, "export "));
    assert_int_equal(run("apropos xyzzy", &err), ASK_READY);
    assert_string_equal(printed, "no command speaks of it\n");
    assert_int_equal(run("echo a 'b  c' x=1 \x1b[2J", &err), ASK_READY);
    assert_string_equal(printed, "a b  c x=1 \\x1b[2J\n");
    assert_int_equal(run("complete 'match 0:1 sp'", &err), ASK_READY);
    assert_string_equal(printed, "species=\n");
}

static void systems(void **state)
{
    isd_error err;

    (void)state;
    system_init(&fake_system);
    fake_changes = 0;
    assert_int_equal(run("system ka2d rc=3 shift=no; timestep 0.005", &err), ASK_READY);
    assert_true(fake_system.dimension == 2 && !fake_system.shift && fake_system.timestep == 0.005);
    assert_true(fake_system.pair[1][2].cutoff == 3 * 0.8);
    assert_int_equal(fake_changes, 2);
    assert_int_equal(run("system ka3d", &err), ASK_READY);
    assert_true(fake_system.shift && fake_system.timestep == 0.005);
    assert_int_equal(run("system ycu", &err), ASK_FAILED);
    assert_int_equal(err.status, ISD_USAGE);
    assert_non_null(strstr(err.hint, "potential=FILE"));
    assert_string_equal(fake_system.name, "ka3d");
    assert_int_equal(run("pair_style lj/cut 2.5; pair_coeff 1 1 x 1", &err), ASK_FAILED);
    assert_string_equal(err.where, "(line):1:24");
    assert_int_equal(fake_changes, 4);
}

static void needs(void **state)
{
    isd_error err;

    (void)state;
    fake_has_data = false;
    assert_int_equal(run("  info", &err), ASK_FAILED);
    assert_int_equal(err.status, ISD_DATA);
    assert_string_equal(err.where, "(line):1:3");
    assert_non_null(strstr(err.hint, "open FILE"));
    fake_has_data = true;
    assert_int_equal(run("info", &err), ASK_READY);
    assert_int_equal(run("match 0:last", &err), ASK_READY);
    assert_int_equal(run("info; match 0:12", &err), ASK_FAILED);
    assert_string_equal(err.where, "(line):1:13"); /* the word */
    assert_non_null(strstr(err.what, "frame 12"));
    assert_int_equal(run("energy 0,11,12..14", &err), ASK_FAILED);
    assert_int_equal(err.status, ISD_DATA);
    assert_int_equal(run("view pu", &err), ASK_FAILED);
    assert_int_equal(err.status, ISD_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_command), cmocka_unit_test(topics), cmocka_unit_test(all_commands), cmocka_unit_test(wrapping),
        cmocka_unit_test(tools),       cmocka_unit_test(systems),      cmocka_unit_test(needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
