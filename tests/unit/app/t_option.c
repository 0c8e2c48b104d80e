/* The command line of the program. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/option.h"
#include "fake_session.h"

#define MOST 32

/* argv from words split at blanks; "_" stands for a blank inside one. */
static isd_status parse(const char *line, struct invocation *invocation, isd_error *err)
{
    static char copy[512];
    char *argv[MOST] = {(char *)"isdmin"};
    int argc = 1;

    strcpy(copy, line);
    for (char *word = strtok(copy, " "); word && argc < MOST; word = strtok(NULL, " ")) {
        for (char *p = word; *p; p++)
            if (*p == '_')
                *p = ' ';
        argv[argc++] = word;
    }
    return invocation_parse(argc, argv, invocation, err);
}

static struct invocation taken(const char *line)
{
    struct invocation invocation;
    isd_error err = {0};

    if (parse(line, &invocation, &err))
        fail_msg("%s: %s", line, err.what);
    return invocation;
}

static void refused(const char *line, const char *what, const char *hint)
{
    struct invocation invocation, before;
    isd_error err = {0};

    memset(&invocation, 7, sizeof invocation);
    memcpy(&before, &invocation, sizeof before);
    assert_int_equal(parse(line, &invocation, &err), ISD_USAGE);
    assert_memory_equal(&invocation, &before, sizeof before);
    if (!strstr(err.what, what) || !strstr(err.hint, hint))
        fail_msg("%s: %s (%s)", line, err.what, err.hint);
}

static double memory_of(const char *line)
{
    struct invocation invocation = taken(line);
    double memory = invocation.memory;

    invocation_done(&invocation);
    return memory;
}

static void memory(void **state)
{
    (void)state;
    assert_true(memory_of("") == 0 && memory_of("--memory 1") == 1 && memory_of("--memory=1.5k") == 1536);
    assert_true(memory_of("--memory=2G") == 2147483648.0 && memory_of("--memory 500M") == 524288000);
    refused("--memory=0", "bytes, or a size", "");
    refused("--memory=2X", "bytes, or a size", "");
    refused("--memory=M", "bytes, or a size", "");
}

static void modes(void **state)
{
    struct invocation i = taken("");

    (void)state;
    assert_true(i.mode == INVOKE_SCREEN && i.format == PRINT_TEXT && i.threads == 0 && !i.store &&
                !i.no_cache);
    assert_true(i.n_files == 0 && i.n_scripts == 0 && !i.demo && i.color == COLOR_AUTO && !i.resume);
    invocation_done(&i);
    i = taken("-r --no-cache");
    assert_true(i.mode == INVOKE_SCREEN && i.resume && i.no_cache);
    invocation_done(&i);
    refused("-r a.dump", "nothing else", "isdmin -r");
    refused("-r --demo", "nothing else", "isdmin -r");
    refused("-r -i", "nothing else", "isdmin -r");
    i = taken("a.dump b.dump");
    assert_true(i.mode == INVOKE_SCREEN && i.n_files == 2);
    assert_string_equal(i.files[1], "b.dump");
    invocation_done(&i);
    i = taken("-i a.dump");
    assert_true(i.mode == INVOKE_REPL && i.n_files == 1);
    invocation_done(&i);
    i = taken("-i -c info");
    assert_true(i.mode == INVOKE_REPL && i.n_scripts == 1);
    invocation_done(&i);
    i = taken("--demo");
    assert_true(i.mode == INVOKE_SCREEN && i.demo);
    invocation_done(&i);
    i = taken("--demo --help --bogus");
    assert_int_equal(i.mode, INVOKE_HELP);
    invocation_done(&i);
    i = taken("help");
    assert_true(i.mode == INVOKE_HELP_ON && !i.help_on);
    invocation_done(&i);
    i = taken("help match");
    assert_true(i.mode == INVOKE_HELP_ON && strcmp(i.help_on, "match") == 0);
    invocation_done(&i);
    i = taken("--ascii help");
    assert_true(i.mode == INVOKE_SCREEN && i.n_files == 1);
    invocation_done(&i);
    i = taken("--version");
    assert_int_equal(i.mode, INVOKE_VERSION);
    assert_non_null(strstr(invocation_version(), "isdmin "));
    invocation_done(&i);
    invocation_done(NULL);
}

static void batch(void **state)
{
    struct invocation i = taken("--json --no-cache -j 2 -c info;_gr_0 a.dump -f x.isd -cinfo - -f - -s "
                                "k.isdb --color=never --strict");

    (void)state;
    assert_true(i.mode == INVOKE_BATCH && i.format == PRINT_JSON && i.no_cache && i.threads == 2 && i.strict);
    assert_int_equal(i.color, COLOR_NEVER);
    assert_string_equal(i.store, "k.isdb");
    assert_int_equal(i.n_scripts, 5);
    assert_int_equal(i.scripts[0].kind, SCRIPT_TEXT);
    assert_string_equal(i.scripts[0].text, "info; gr 0");
    assert_int_equal(i.scripts[1].kind, SCRIPT_FILE);
    assert_string_equal(i.scripts[1].text, "x.isd");
    assert_string_equal(i.scripts[2].text, "info");
    assert_int_equal(i.scripts[3].kind, SCRIPT_STDIN);
    assert_int_equal(i.scripts[4].kind, SCRIPT_STDIN);
    assert_int_equal(i.n_files, 1);
    invocation_done(&i);
    i = taken("-j4 --csv --threads=3 --tsv --color always --ascii --store k -c x -- -c --json -");
    assert_true(i.threads == 3 && i.format == PRINT_TSV && i.ascii && i.color == COLOR_ALWAYS);
    assert_int_equal(i.n_files, 3); /* behind -- all are files */
    assert_string_equal(i.files[2], "-");
    invocation_done(&i);
}

static void refusals(void **state)
{
    (void)state;
    refused("--jsn", "--jsn", "--json");
    refused("--nonsense", "--nonsense", "--help");
    refused("-x", "-x", "--help");
    refused("-c", "-c needs COMMANDS", "");
    refused("--store", "needs FILE", "");
    refused("-j 0", "-j 0", "");
    refused("-j two", "-j two", "");
    refused("-j 99999999999999999999", "number of threads", "");
    refused("--json=yes", "no value", "");
    refused("--color=blue", "blue", "");
}

static void help(void **state)
{
    char *text = invocation_help();
    char letter;
    const char *name, *argument, *what;
    int n = 0;

    (void)state;
    assert_non_null(text);
    for (; invocation_option_at(n, &letter, &name, &argument, &what); n++)
        if (name && !strstr(text, name))
            fail_msg("--help does not speak of --%s", name);
    assert_true(n > 12);
    assert_false(invocation_option_at(-1, &letter, &name, &argument, &what));
    for (const char *p = text; *p;) {
        size_t length = strcspn(p, "\n");
        assert_true(length <= 78);
        p += length + (p[length] == '\n');
    }
    assert_non_null(strstr(text, "match"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory), cmocka_unit_test(modes),
        cmocka_unit_test(batch),
        cmocka_unit_test(refusals),
        cmocka_unit_test(help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
