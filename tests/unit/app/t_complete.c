/* Completion of commands, options, values, frames, labels and files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "fake_session.h"

static struct session *const some_session = (struct session *)&fake_system; /* never looked into */

/* The candidates as one text, "a|b|c". */
static void offers(struct session *session, const char *line, int start, const char *expected)
{
    int found_start = -1;
    char text[4096] = "";
    char **words = command_complete(session, line, (int)strlen(line), &found_start);

    assert_non_null(words);
    for (int k = 0; words[k]; k++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", k ? "|" : "", words[k]);
        free(words[k]);
    }
    free(words);
    if (strcmp(text, expected) != 0 || found_start != start)
        fail_msg("'%s': %d %s", line, found_start, text);
}

static void commands(void **state)
{
    (void)state;
    offers(NULL, "mat", 0, "match");
    offers(NULL, "info; qu", 6, "quench|quit");
    offers(NULL, "# ma", 4, "");
    offers(NULL, "info # ma", 9, "");
    offers(NULL, "xyzzy a", 6, "");
    offers(NULL, "help ec", 5, "echo");
    offers(NULL, "pair", 0, "pair_coeff|pair_modify|pair_style");

    int start;
    char **words = command_complete(NULL, "infomatch", 3, &start); /* up to the cursor only */
    assert_string_equal(words[0], "info");
    assert_null(words[1]);
    free(words[0]);
    free(words);
}

static void options(void **state)
{
    (void)state;
    offers(NULL, "match 0:1 ", 10, "align=|atoms=|boxes=|drift=|eps=|filter=|ids=|like=|of=|phases=|species=|type=|write=");
    offers(NULL, "match 0:1 of=raw --dr", 17, "--drift=");
    offers(NULL, "match 0:1 of=raw o", 17, "");
    offers(NULL, "match 0:1 of=", 10, "of=is|of=raw");
    offers(NULL, "match 0:1 --species=b", 10, "--species=blind");
    offers(NULL, "match 0:1 nothing=b", 10, "");
    offers(NULL, "atoms 0:1 sort=u_", 10, "sort=u_lab|sort=u_mat");
    offers(NULL, "atoms 0:1 sort=-cy", 10, "sort=-cycle|sort=-cycle_length");
    offers(NULL, "system w", 7, "wca");
    offers(NULL, "sort u_lab d", 11, "desc");
    offers(NULL, "columns id u_", 11, "u_lab|u_mat");
    offers(NULL, "series tw=", 7, "tw=all");
    offers(NULL, "set strict=o", 4, "strict=off|strict=on");
}

static void data(void **state)
{
    (void)state;
    offers(NULL, "gr l", 3, "last");
    offers(some_session, "gr ", 3, "0|1|2|3|4|5|6|7|8|9|10|11|all|bins=|last|max=|of=|pair=");
    offers(some_session, "gr 1", 3, "1|10|11");
    offers(some_session, "gr 0,3..1", 3, "0,3..1|0,3..10|0,3..11");
    offers(some_session, "match 1", 6, "1:|10:|11:");
    offers(some_session, "match 0:l", 6, "0:last");
    offers(some_session, "pu 0:1 type=", 7, "type=A|type=B");
    offers(some_session, "gr 0 pair=A", 5, "pair=A-A|pair=A-B");
    offers(some_session, "type ", 5, "A|B|all");
    offers(some_session, "use ", 4, "cold|warm");
    offers(some_session, "close ", 6, "cold|warm");
}

static void touch(const char *name)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fclose(file);
}

static void files(void **state)
{
    char folder[] = "/tmp/isdmin-complete-XXXXXX";
    char home[4096];

    (void)state;
    assert_non_null(getcwd(home, sizeof home));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("runs", 0700), 0);
    assert_int_equal(mkdir("my runs", 0700), 0);
    touch("run.2.gz");
    touch("run.10.gz");
    touch(".hidden");
    touch("it's.dump");
    touch("bad\x1bname");
    touch("my runs/a b.dump");
    offers(NULL, "open r", 5, "run.2.gz|run.10.gz|runs/");
    offers(NULL, "open .", 5, ".hidden");
    offers(NULL, "open i", 5, "\"it's.dump\"");
    offers(NULL, "open bad", 5, "");
    offers(NULL, "open run.2.gz my", 14, "'my runs/");
    offers(NULL, "open 'my r", 5, "'my runs/");
    offers(NULL, "open 'my runs/a", 5, "'my runs/a b.dump'");
    offers(NULL, "match 0:1 write=run.1", 10, "write=run.10.gz");
    offers(NULL, "open nowhere/x", 5, "");
    unlink("my runs/a b.dump");
    unlink("bad\x1bname");
    unlink("it's.dump");
    unlink(".hidden");
    unlink("run.10.gz");
    unlink("run.2.gz");
    rmdir("my runs");
    rmdir("runs");
    assert_int_equal(chdir(home), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* What is offered for a word that is being typed is taken by the parser in its place. */
static void offered_options_are_known(void **state)
{
    const struct command_spec *spec;

    (void)state;
    for (int k = 0; (spec = command_at(k)); k++)
        for (int o = 0; o < COMMAND_MAX_OPTIONS && spec->options[o].name; o++) {
            char line[128], expected[64];
            int start;
            bool found = false;
            snprintf(line, sizeof line, "%s %s", spec->name, spec->options[o].name);
            snprintf(expected, sizeof expected, "%s=", spec->options[o].name);
            char **words = command_complete(NULL, line, (int)strlen(line), &start);
            for (int w = 0; words[w]; w++) {
                found = found || strcmp(words[w], expected) == 0;
                free(words[w]);
            }
            free(words);
            assert_true(found);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands),
        cmocka_unit_test(options),
        cmocka_unit_test(data),
        cmocka_unit_test(files),
        cmocka_unit_test(offered_options_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
