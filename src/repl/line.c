/* Readline without a terminal: bytes in, a text and a cursor out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/text.h"
#include "repl/paste.h"

enum { KEY_CTRL_C = 3, KEY_CTRL_G = 7, KEY_BACKSPACE = 8, KEY_CTRL_X = 24, KEY_ESCAPE = 27, KEY_DELETE = 127 };

/* What line_begin changes in readline, for line_end to put back: the REPL may go on with it. */
struct saved {
    FILE *in, *out;
    int catch_signals, catch_sigwinch, change_environment;
    rl_vintfunc_t *prep;
    rl_voidfunc_t *deprep, *redisplay;
    rl_getc_func_t *getc;
    rl_hook_func_t *available;
    rl_compdisp_func_t *display;
    char bell[16];
};

/* Readline's hooks have no argument, hence a static. */
static struct {
    bool active;
    bool quoting; /* the next byte is inserted as it is */
    enum line_state state;
    const char *bytes; /* not yet taken from the feed */
    size_t left;
    struct paste paste;
    char *text; /* the accepted line */
    char **matches;
    int n_matches;
    FILE *null; /* readline's idea of a terminal */
    struct saved saved;
} line;

static int next_byte(FILE *stream)
{
    (void)stream;
    if (line.left == 0) { /* readline wants more at once than it was given: it gives up what it was at */
        int end = paste_end(&line.paste);
        return end >= 0 ? end : EOF;
    }
    line.left--;
    paste_note(&line.paste, (unsigned char)*line.bytes);
    return (unsigned char)*line.bytes++;
}

static int bytes_left(void)
{
    return line.left > 0;
}

static void draw_nothing(void)
{
}

static void finished(char *text)
{
    line.state = text ? LINE_ACCEPTED : LINE_CANCELLED;
    line.text = text;
    rl_callback_handler_remove(); /* or readline would begin the next line */
}

/* Leave the line in the middle: searches, macros and the undo list go with it. */
static void abandon(void)
{
    RL_SETSTATE(RL_STATE_CALLBACK); /* the clean-up does nothing without it */
    rl_callback_sigcleanup();
    RL_UNSETSTATE(RL_STATE_CALLBACK);
    rl_free_line_state();
    rl_callback_handler_remove();
}

static void drop_matches(void)
{
    for (int k = 0; k < line.n_matches; k++)
        free(line.matches[k]);
    free(line.matches);
    line.matches = NULL;
    line.n_matches = 0;
}

/* matches[0] is the common prefix, the candidates are 1 ... n. */
static void keep_matches(char **matches, int n, int longest)
{
    (void)longest;
    drop_matches();
    line.matches = calloc((size_t)n + 1, sizeof *line.matches);
    if (!line.matches)
        return;
    for (int k = 0; k < n; k++) {
        line.matches[k] = strdup(matches[k + 1]);
        if (!line.matches[k])
            break;
        line.n_matches++;
    }
}

void line_setup(void)
{
    if (rl_readline_name && strcmp(rl_readline_name, "isdmin") == 0)
        return;
    rl_readline_name = "isdmin";
    rl_change_environment = 0; /* LINES and COLUMNS of the environment would freeze the size of curses */
    rl_variable_bind("show-all-if-ambiguous", "on"); /* an inputrc may say otherwise */
    rl_initialize();
}

static void save_readline(struct saved *saved)
{
    saved->in = rl_instream;
    saved->out = rl_outstream;
    saved->catch_signals = rl_catch_signals;
    saved->catch_sigwinch = rl_catch_sigwinch;
    saved->change_environment = rl_change_environment;
    saved->prep = rl_prep_term_function;
    saved->deprep = rl_deprep_term_function;
    saved->redisplay = rl_redisplay_function;
    saved->getc = rl_getc_function;
    saved->available = rl_input_available_hook;
    saved->display = rl_completion_display_matches_hook;
    const char *bell = rl_variable_value("bell-style");
    snprintf(saved->bell, sizeof saved->bell, "%s", bell ? bell : "audible");
}

static void restore_readline(const struct saved *saved)
{
    rl_instream = saved->in;
    rl_outstream = saved->out;
    rl_catch_signals = saved->catch_signals;
    rl_catch_sigwinch = saved->catch_sigwinch;
    rl_change_environment = saved->change_environment;
    rl_prep_term_function = saved->prep;
    rl_deprep_term_function = saved->deprep;
    rl_redisplay_function = saved->redisplay;
    rl_getc_function = saved->getc;
    rl_input_available_hook = saved->available;
    rl_completion_display_matches_hook = saved->display;
    rl_variable_bind("bell-style", saved->bell);
}

static void detach_readline(void)
{
    rl_instream = line.null;
    rl_outstream = line.null;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_redisplay_function = draw_nothing;
    rl_getc_function = next_byte;
    rl_input_available_hook = bytes_left;
    rl_completion_display_matches_hook = keep_matches;
    rl_variable_bind("bell-style", "none");
}

bool line_begin(const char *prompt, const char *initial, complete_fn *complete, void *arg)
{
    if (line.active)
        return false;
    line_end();
    line.paste = (struct paste){0};
    line.null = fopen("/dev/null", "r+e");
    if (!line.null)
        return false;
    line_setup();
    save_readline(&line.saved);
    detach_readline();
    complete_use(complete, arg);
    line.active = true;
    line.quoting = false;
    line.state = LINE_EDITING;
    using_history();
    rl_callback_handler_install(prompt, finished);
    if (initial)
        rl_insert_text(initial);
    return true;
}

void line_move(size_t at)
{
    if (line.active)
        rl_point = at < (size_t)rl_end ? (int)at : rl_end;
}

/* Is readline in the middle of something that a cancel key ends first: a search, a numeric argument, a quoted key? */
static bool inside_command(void)
{
    return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_SEARCH | RL_STATE_NUMERICARG | RL_STATE_MULTIKEY |
                      RL_STATE_METANEXT | RL_STATE_MOREINPUT | RL_STATE_CHARSEARCH);
}

static bool cancels(void)
{
    unsigned char byte = (unsigned char)line.bytes[0];
    if (byte == KEY_CTRL_C && !line.quoting)
        return true;
    if (line.quoting || inside_command())
        return false;
    if (byte == KEY_ESCAPE)
        return line.left == 1 && rl_editing_mode != 0; /* 0: vi, where ESC is a command */
    if (byte == KEY_BACKSPACE || byte == KEY_DELETE)
        return rl_end == 0;
    return byte == KEY_CTRL_G;
}

static bool begins_sequence(void)
{
    return line.bytes[0] == KEY_ESCAPE || line.bytes[0] == KEY_CTRL_X;
}

/* A key that begins a sequence ends an incremental search first: readline 8.2 loses its way when the search and the
 * sequence overlap. */
static void end_search(void)
{
    static const char escape[] = {KEY_ESCAPE};
    const char *bytes = line.bytes;
    size_t left = line.left;
    line.bytes = escape;
    line.left = 1;
    rl_callback_read_char();
    line.bytes = bytes;
    line.left = left;
}

enum line_state line_feed(const char *bytes, size_t n, size_t *ret_used)
{
    drop_matches();
    line.bytes = bytes;
    line.left = n;
    while (line.active && line.state == LINE_EDITING && line.left > 0) {
        if (cancels()) {
            line.left--;
            line.state = LINE_CANCELLED;
            abandon();
        } else if (RL_ISSTATE(RL_STATE_ISEARCH) && begins_sequence()) {
            end_search();
            if (line.left == 1 && line.bytes[0] == KEY_ESCAPE)
                line.left = 0; /* alone it has done its work */
        } else {
            rl_callback_read_char();
            line.quoting = !line.quoting && rl_last_func == rl_quoted_insert;
        }
    }
    if (ret_used)
        *ret_used = n - line.left;
    line.bytes = NULL;
    line.left = 0;
    return line.state;
}

const char *line_text(void)
{
    if (line.state == LINE_ACCEPTED)
        return line.text ? line.text : "";
    return line.active && rl_line_buffer ? rl_line_buffer : "";
}

/* Appends text as it is to be shown; `length` bytes of it. Returns the new length of `out`. */
static size_t append_shown(const char *text, size_t length, char *out, size_t used, size_t size)
{
    if (used >= size)
        return used;
    return used + text_escape(text, length, out + used, size - used);
}

/* Prompts may hold \001 ... \002 around what takes no place. */
static size_t append_prompt(const char *prompt, char *out, size_t size)
{
    size_t used = 0;
    while (prompt && *prompt) {
        size_t visible = strcspn(prompt, "\001");
        used = append_shown(prompt, visible, out, used, size);
        prompt += visible;
        if (*prompt)
            prompt += strcspn(prompt, "\002");
        if (*prompt)
            prompt++;
    }
    return used;
}

/* Bytes of the first character of shown text (UTF-8 or plain, never broken: it was escaped) and its columns. */
static size_t first_character(const char *text, int *ret_columns)
{
    char one[8];
    size_t length = 1;
    while (length < 4 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length++;
    memcpy(one, text, length);
    one[length] = '\0';
    *ret_columns = text_width(one);
    return length;
}

int line_view(int width, char *out, size_t size)
{
    char shown[8192] = "";
    const char *text = line_text();
    size_t length = strlen(text), point = line.active && line.state == LINE_EDITING ? (size_t)rl_point : length;
    size_t used = append_prompt(rl_display_prompt, shown, sizeof shown);
    used = append_shown(text, point, shown, used, sizeof shown);
    int cursor = text_width(shown);
    append_shown(text + point, length - point, shown, used, sizeof shown);

    const char *rest = shown;
    int skip = cursor - width + 1, columns;
    while (skip > 0 && *rest) {
        rest += first_character(rest, &columns);
        skip -= columns;
        cursor -= columns;
    }
    size_t n = 0;
    for (int left = width; *rest && left > 0; left -= columns) {
        size_t bytes = first_character(rest, &columns);
        if (columns > left || n + bytes + 1 > size)
            break;
        memcpy(out + n, rest, bytes);
        n += bytes;
        rest += bytes;
    }
    if (size > 0)
        out[n] = '\0';
    return cursor < 0 ? 0 : cursor;
}

const char *const *line_matches(int *ret_n)
{
    *ret_n = line.n_matches;
    return (const char *const *)line.matches;
}

void line_end(void)
{
    if (line.active) {
        if (line.state == LINE_EDITING)
            abandon();
        restore_readline(&line.saved);
    }
    line.active = false;
    line.state = LINE_CANCELLED;
    if (line.null)
        fclose(line.null);
    line.null = NULL;
    free(line.text);
    line.text = NULL;
    drop_matches();
}
