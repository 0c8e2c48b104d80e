/* Keys typed at the prompt, one at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/typing.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <readline/readline.h>

#include "repl/interrupt.h"
#include "repl/paste.h"

enum { NO_KEY = -2, ESCAPE = 27 };

/* Readline's hooks have no argument. */
static int kept = NO_KEY, last = NO_KEY;
static struct paste paste;

/* What is there now: a key, NO_KEY or EOF. */
static int read_key(void)
{
    unsigned char key;
    ssize_t n = read(STDIN_FILENO, &key, 1);
    if (n == 1)
        return key;
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? NO_KEY : EOF;
    struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&terminal, 1, 0) > 0 && terminal.revents & (POLLHUP | POLLERR) ? EOF : NO_KEY;
}

/* The key taken last; inside a paste or a character of several bytes the next one, waited for until Ctrl-C or the end. */
static int next_key(FILE *unused)
{
    (void)unused;
    int key = kept == NO_KEY ? read_key() : kept;
    while (key == NO_KEY && !interrupt_came(SIGINT) && !interrupt_ending()) {
        struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};
        poll(&terminal, 1, 100);
        key = read_key();
    }
    kept = NO_KEY;
    int end = key < 0 ? paste_end(&paste) : -1;
    if (end >= 0)
        return end;
    last = key;
    paste_note(&paste, key);
    return key == NO_KEY ? EOF : key;
}

/* Milliseconds in which Esc may still be the beginning of a longer key: the user's own, of inputrc. */
static int escape_patience(void)
{
    const char *text = rl_variable_value("keyseq-timeout");
    long value = text ? strtol(text, NULL, 10) : 0;
    return value < 0 ? 0 : value > 1000 ? 1000 : (int)value;
}

/* Readline reads ahead what is there. It is taken here, since it may be dropped before readline comes for it. */
static int more_keys(void)
{
    struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};
    if (kept == NO_KEY && !interrupt_came(SIGINT) && poll(&terminal, 1, last == ESCAPE ? escape_patience() : 0) > 0)
        kept = read_key();
    return kept != NO_KEY;
}

void typing_begin(void)
{
    kept = last = NO_KEY;
    paste = (struct paste){0};
    rl_getc_function = next_key;
    rl_input_available_hook = more_keys;
    rl_prep_term_function = typing_prepare;
}

void typing_prepare(int meta)
{
    struct termios modes;
    rl_prep_terminal(meta);
    if (tcgetattr(STDIN_FILENO, &modes) != 0)
        return;
    modes.c_cc[VMIN] = 0;
    modes.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

enum typed typing_take(void)
{
    if (kept == NO_KEY)
        kept = read_key();
    return kept == NO_KEY ? TYPED_NOTHING : kept == EOF ? TYPED_END : TYPED_KEY;
}

void typing_drop(void)
{
    kept = NO_KEY;
}

bool typing_left(void)
{
    return kept != NO_KEY;
}
