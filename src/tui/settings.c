/* Settings of the full screen: the command `set`. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/shown.h"
#include "app/two_time.h"
#include "repl/history.h"
#include "tui/saving.h"

static enum theme next_theme(enum theme theme)
{
    return (enum theme)((theme + 1) % THEME_COUNT);
}

static enum glyph_tier tier_by_name(const struct tui *tui, const char *name)
{
    if (strcmp(name, "next") == 0)
        return (enum glyph_tier)((tui->tier + 1) % (GLYPH_ASCII + 1));
    return strcmp(name, "braille") == 0 ? GLYPH_BRAILLE
           : strcmp(name, "half") == 0  ? GLYPH_HALF
           : strcmp(name, "ascii") == 0 ? GLYPH_ASCII
                                        : tui->own_tier;
}

static void set_glyphs(struct tui *tui, const struct command_call *call)
{
    static const char *const names[] = {[GLYPH_BRAILLE] = "braille", [GLYPH_HALF] = "half", [GLYPH_ASCII] = "ascii"};
    if (call_has(call, "ascii"))
        tui->tier = call_is(call, "ascii", "on") ? GLYPH_ASCII : tui->own_tier;
    if (call_has(call, "glyphs"))
        tui->tier = tier_by_name(tui, call_option(call, "glyphs"));
    if (!tui->unicode && tui->tier != GLYPH_ASCII) {
        tui->tier = GLYPH_ASCII;
        tui_say(tui, ROLE_WARN, "this locale has ASCII alone");
    } else if (call_has(call, "glyphs"))
        tui_say(tui, ROLE_NORMAL, "curves in %s", names[tui->tier]);
}

static void set_colours(struct tui *tui, const struct command_call *call)
{
    if (call_has(call, "theme")) {
        const char *name = call_option(call, "theme");
        int theme = theme_find(name);
        tui->colours.theme = theme >= 0 ? (enum theme)theme : next_theme(tui->colours.theme);
        tui_say(tui, ROLE_NORMAL, "theme %s", theme_name(tui->colours.theme));
    }
    if (call_has(call, "ground"))
        tui->colours.light = call_is(call, "ground", "light");
}

/* For screen readers: no drawing in glyphs that cannot be read, curves apart from each other. */
static void set_reader(struct tui *tui, bool on)
{
    tui->a11y = on;
    tui->tier = on ? GLYPH_ASCII : tui->own_tier;
    tui->sight.look.stack = on;
    tui->stale = true;
}

/* Where the choice of the card is kept; "" without a home. */
static void card_path(bool make, char *out, size_t size)
{
    char folder[4096];
    history_folder(make, folder, sizeof folder);
    int n = folder[0] ? snprintf(out, size, "%s/glyphs.isd", folder) : -1;
    if (n < 0 || (size_t)n >= size)
        out[0] = '\0';
}

enum ask settings_glyphs(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *name = call_word(call, 0);
    char path[4096 + 16], line[40];
    if (!name) {
        palette_open(tui, PALETTE_GLYPHS);
        return ASK_READY;
    }
    tui->tier = tier_by_name(tui, name);
    if (!tui->unicode)
        tui->tier = GLYPH_ASCII;
    card_path(true, path, sizeof path);
    snprintf(line, sizeof line, "set glyphs=%s\n", name);
    if (path[0] && session_write_text(tui->session, path, line, strlen(line), err) != ISD_OK)
        return ASK_FAILED;
    while (session_next_message(tui->session)) {
    } /* it is said here what that means */
    tui_say(tui, ROLE_NORMAL, "curves in %s, from now on", strcmp(name, "auto") == 0 ? "what the terminal says it can" : name);
    return ASK_READY;
}

void settings_recall(struct tui *tui)
{
    char path[4096 + 16];
    card_path(false, path, sizeof path);
    char *text = path[0] ? saving_read(path) : NULL;
    if (text)
        tui_run_script(tui, path, text);
    free(text);
    tui->message[0] = '\0';
}

enum ask settings_run(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)err;
    set_glyphs(tui, call);
    set_colours(tui, call);
    if (call_has(call, "mouse"))
        tui->mouse = call_is(call, "mouse", "on");
    if (call_has(call, "map"))
        tui->map_frames = (int)call_count(call, "map", TWO_TIME_FRAMES);
    if (call_has(call, "clipboard"))
        tui->clipboard = call_is(call, "clipboard", "on");
    if (call_has(call, "sync"))
        tui->sync = !call_is(call, "sync", "off");
    if (call_has(call, "a11y"))
        set_reader(tui, call_is(call, "a11y", "on"));
    return ASK_READY;
}
