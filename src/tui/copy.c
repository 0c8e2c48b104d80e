/* `copy`: what is looked at, to the clipboard and always to a file, too. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repl/history.h"
#include "tui/clipboard.h"
#include "tui/saving.h"
#include "tui/state.h"

static bool file_for(const char *suffix, char *out, size_t size)
{
    char folder[4096];
    history_folder(true, folder, sizeof folder);
    int n = folder[0] ? snprintf(out, size, "%s/copied%s", folder, suffix) : -1;
    return n > 0 && (size_t)n < size;
}

static enum ask write_row(struct tui *tui, const char *path, isd_error *err)
{
    char command[400];
    if (tui->atoms.state == ASK_PENDING)
        return ASK_PENDING;
    if (!table_row_command(tui, command, sizeof command))
        return screen_refuse(err, ISD_DATA, "there is no atom under the cursor", "step atom first; copy row");
    return export_line(tui, command, path, err);
}

/* What is to be copied, as a file. */
static enum ask write_file(struct tui *tui, const char *what, const char *path, isd_error *err)
{
    if (strcmp(what, "cmd") == 0)
        return saving_write(tui, path, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    return strcmp(what, "row") == 0 ? write_row(tui, path, err) : export_view(tui, path, err);
}

/* With "~" for the home. */
static const char *shorten(const char *path, char *out, size_t size)
{
    const char *home = getenv("HOME");
    const size_t n = home ? strlen(home) : 0;
    if (n < 2 || strncmp(path, home, n) != 0 || path[n] != '/')
        return path;
    snprintf(out, size, "~%s", path + n);
    return out;
}

static void say_copied(struct tui *tui, const char *what, size_t length, const char *path)
{
    const enum clipboard_way way = tui->clipboard ? clipboard_find(getenv("TERM"), getenv("TMUX"), getenv("STY")) : CLIPBOARD_NONE;
    const bool sent = way != CLIPBOARD_NONE && length <= CLIPBOARD_MOST;
    const char *why = !tui->clipboard              ? "the clipboard is off"
                      : way == CLIPBOARD_NONE      ? "this terminal has no clipboard for programs"
                      : length > CLIPBOARD_MOST    ? "too much for a clipboard"
                      : way == CLIPBOARD_TMUX && !tui->clip_told ? "tmux takes it if set-clipboard is on"
                                                    : "";
    char brief[4096 + 24];
    tui->clip_told |= sent && way == CLIPBOARD_TMUX;
    tui_say(tui, ROLE_NORMAL, "%s%s, %ld bytes%s%.200s%s%s", sent ? "copied: " : "", what, (long)length, sent ? "; also in " : " in ",
            shorten(path, brief, sizeof brief), why[0] ? "; " : "", why);
}

enum ask copy_run(struct tui *tui, const struct command_call *call, isd_error *err)
{
    static const char *const words[][3] = {
        {"data", ".tsv", "numbers"}, {"row", ".tsv", "row"}, {"cmd", ".isd", "commands"}, {"text", ".txt", "picture"}};
    const char *what = call_word(call, 0) ? call_word(call, 0) : "data";
    size_t k = 0;
    char path[4096 + 24];
    while (k + 1 < sizeof words / sizeof *words && strcmp(words[k][0], what) != 0)
        k++;
    if (!file_for(words[k][1], path, sizeof path))
        return screen_refuse(err, ISD_IO, "there is no folder to copy to: HOME is not set", "export FILE");
    enum ask state = write_file(tui, what, path, err);
    if (state != ASK_READY)
        return state;
    while (session_next_message(tui->session)) {
    } /* that it is written is said here */
    char *text = saving_read(path);
    if (!text) {
        isd_error_set(err, ISD_IO, "%.200s: %s", path, strerror(errno));
        return ASK_FAILED;
    }
    tui->clip.length = 0;
    if (tui->clipboard)
        clipboard_write(clipboard_find(getenv("TERM"), getenv("TMUX"), getenv("STY")), text, strlen(text), &tui->clip);
    say_copied(tui, words[k][2], strlen(text), path);
    free(text);
    return ASK_READY;
}
