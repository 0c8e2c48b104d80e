/* One line edited without a terminal. SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "repl/history.h"
#include "repl/line.h"
#include "../../lib/scratch.h"

static char folder[SCRATCH_SIZE];

/* For the leak sanitizer: readline drops a few bytes of a macro or a quoted key when its line is taken away. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libreadline";
}

static enum line_state feed(const char *bytes)
{
    return line_feed(bytes, strlen(bytes), NULL);
}

static void begin(const char *initial)
{
    assert_true(line_begin(":", initial, NULL, NULL));
}

static void typing_and_accepting(void **state)
{
    (void)state;
    begin(NULL);
    assert_int_equal(feed("quench al"), LINE_EDITING);
    assert_string_equal(line_text(), "quench al");
    size_t used;
    assert_int_equal(line_feed("l\rrest", 6, &used), LINE_ACCEPTED);
    assert_int_equal(used, 2);
    assert_string_equal(line_text(), "quench all");
    assert_int_equal(feed("x"), LINE_ACCEPTED); /* nothing more is taken */
    line_end();
    assert_string_equal(line_text(), "");
    line_end();
}

static void the_cursor_where_it_is_wanted(void **state)
{
    (void)state;
    begin("bind all  'log'");
    line_move(9);
    feed("w");
    assert_string_equal(line_text(), "bind all w 'log'");
    line_move(1000);
    feed("!");
    assert_string_equal(line_text(), "bind all w 'log'!");
    line_end();
    line_move(3); /* of no line */
}

/* Readline wants the whole of it at once; here its end has not come yet. */
static void a_paste_in_brackets(void **state)
{
    static const char much[] = "0123456789012345678901234567890123456789012345678901234567890123"; /* what readline has room for at first */
    char whole[sizeof much + 8] = "\033[200~";
    (void)state;
    begin("a ");
    feed("\033[200~b c");
    assert_string_equal(line_text(), "a b c");
    feed("\033[200~d\033[201~e");
    assert_string_equal(line_text(), "a b cde");
    line_end();
    begin(NULL);
    strcat(whole, much);
    feed(whole);
    assert_string_equal(line_text(), much);
    line_end();
}

static void editing_keys(void **state)
{
    (void)state;
    begin("match 0:14");
    assert_false(line_begin(":", NULL, NULL, NULL)); /* one at a time */
    feed("\001re\033[C\033[C"); /* start of line, two characters on */
    feed("\013");               /* kill to the end */
    assert_string_equal(line_text(), "rema");
    feed("\031");               /* yank */
    assert_string_equal(line_text(), "rematch 0:14");
    feed("\033\177");           /* ESC and Delete in one feed: Meta, kill a word backwards */
    assert_string_equal(line_text(), "rematch 0:");
    line_end();
}

static void cancelling(void **state)
{
    (void)state;
    static const char *const keys[] = {"\033", "\003", "\007", "\001\013\004", "\001\013\010", "\001\013\177"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        begin("abc");
        assert_int_equal(feed(keys[k]), LINE_CANCELLED);
        line_end();
    }
    begin("abc");
    assert_int_equal(feed("\004\177\010"), LINE_EDITING); /* with text they delete */
    assert_string_equal(line_text(), "a");
    line_end();
}

static void history_is_there(void **state)
{
    (void)state;
    history_keep("system ka3d");
    history_keep("match 0:last");
    begin(NULL);
    feed("\033[A");
    assert_string_equal(line_text(), "match 0:last");
    feed("\020");
    assert_string_equal(line_text(), "system ka3d");
    line_end();
    begin(NULL);
    char shown[64];
    feed("\022mat"); /* search backwards: the prompt says so */
    line_view(40, shown, sizeof shown);
    assert_non_null(strstr(shown, "reverse-i-search"));
    assert_int_equal(feed("\033"), LINE_EDITING); /* leaves the search, keeps what was found */
    assert_string_equal(line_text(), "match 0:last");
    line_view(40, shown, sizeof shown);
    assert_string_equal(shown, ":match 0:last");
    feed("\022sys\033[D"); /* so does an arrow, and it moves */
    assert_string_equal(line_text(), "system ka3d");
    feed("\016\022sys");
    assert_int_equal(feed("\007"), LINE_EDITING); /* gives the search up */
    assert_string_equal(line_text(), "match 0:last");
    line_end();
}

static void view_scrolls(void **state)
{
    (void)state;
    char shown[64];
    begin("0123456789");
    assert_int_equal(line_view(20, shown, sizeof shown), 11);
    assert_string_equal(shown, ":0123456789");
    assert_int_equal(line_view(6, shown, sizeof shown), 5);
    assert_string_equal(shown, "56789");
    feed("\001");
    assert_int_equal(line_view(6, shown, sizeof shown), 1);
    assert_string_equal(shown, ":01234");
    assert_int_equal(line_view(1, shown, sizeof shown), 0);
    assert_int_equal(line_view(0, shown, sizeof shown), 0);
    assert_string_equal(shown, "");
    assert_int_equal(line_view(20, shown, 4), 1); /* a small buffer cuts, terminated */
    assert_string_equal(shown, ":01");
    line_end();
}

static void view_counts_columns(void **state)
{
    (void)state;
    char shown[64];
    begin("\xe7\xb2\x92\xe5\xad\x90x"); /* two wide characters */
    assert_int_equal(line_view(20, shown, sizeof shown), 6);
    assert_int_equal(line_view(5, shown, sizeof shown), 3);
    assert_string_equal(shown, "\xe5\xad\x90x");
    feed("\026\033"); /* quoted escape: shown, never sent */
    line_view(20, shown, sizeof shown);
    assert_non_null(strstr(shown, "x\\x1b"));
    line_end();
    assert_true(line_begin("\001\033[1m\002p> \001\033[0m\002", NULL, NULL, NULL));
    assert_int_equal(line_view(20, shown, sizeof shown), 3);
    assert_string_equal(shown, "p> ");
    line_end();
}

/* Completes the word before the cursor from a list; like the command table it may start anywhere. */
static char **words(void *arg, const char *text, int cursor, int *ret_start)
{
    static const char *const known[] = {"quench", "quit", "species=resolved", "species=blind", "dir/", NULL};
    (void)arg;
    int start = cursor, n = 0;
    while (start > 0 && text[start - 1] != ' ')
        start--;
    *ret_start = start;
    char **found = calloc(8, sizeof *found);
    for (int k = 0; found && known[k]; k++)
        if (strncmp(known[k], text + start, (size_t)(cursor - start)) == 0)
            found[n++] = strdup(known[k]);
    return found;
}

static void completion(void **state)
{
    (void)state;
    assert_true(line_begin(":", NULL, words, NULL));
    feed("que\t");
    assert_string_equal(line_text(), "quench ");
    feed("species=b\t");
    assert_string_equal(line_text(), "quench species=blind ");
    feed("d\t"); /* more is to come after a slash: no blank */
    assert_string_equal(line_text(), "quench species=blind dir/");
    feed("\001\013q\t");
    assert_string_equal(line_text(), "qu");
    int n;
    const char *const *matches = line_matches(&n);
    assert_int_equal(n, 2);
    assert_string_equal(matches[0], "quench");
    assert_string_equal(matches[1], "quit");
    feed("zzz\t");
    assert_string_equal(line_text(), "quzzz");
    line_matches(&n);
    assert_int_equal(n, 0);
    line_end();
}

/* Nothing may reach the terminal, whatever is typed. */
static void silence(void **state)
{
    (void)state;
    int both[2], kept_out = dup(1), kept_err = dup(2);
    assert_int_equal(pipe(both), 0);
    dup2(both[1], 1);
    dup2(both[1], 2);
    begin(NULL);
    uint32_t seed = 12345;
    for (int k = 0; k < 20000; k++) {
        seed = seed * 1664525u + 1013904223u;
        char byte = (char)(seed >> 24);
        if (line_feed(&byte, 1, NULL) != LINE_EDITING) {
            line_end();
            begin(NULL);
        }
    }
    line_end();
    dup2(kept_out, 1);
    dup2(kept_err, 2);
    close(kept_out);
    close(kept_err);
    close(both[1]);
    char leaked[64];
    assert_int_equal(read(both[0], leaked, sizeof leaked), 0);
    close(both[0]);
}

int main(void)
{
    setlocale(LC_ALL, "");
    if (!scratch_make(folder))
        return 1;
    setenv("HOME", folder, 1);
    setenv("XDG_STATE_HOME", "relative is ignored", 1);
    setenv("INPUTRC", "/dev/null", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing_and_accepting), cmocka_unit_test(the_cursor_where_it_is_wanted), cmocka_unit_test(editing_keys), cmocka_unit_test(cancelling),
        cmocka_unit_test(history_is_there),     cmocka_unit_test(view_scrolls), cmocka_unit_test(view_counts_columns),
        cmocka_unit_test(completion),           cmocka_unit_test(silence),
        cmocka_unit_test(a_paste_in_brackets),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return scratch_drop(folder) ? failed : 1;
}
