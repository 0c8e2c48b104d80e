/* What the mouse does, as commands. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/state.h"

static bool inside(const struct rect *rect, int x, int y)
{
    return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

static bool release(const struct tui *tui, const struct pane *pane, const struct key *key, char *out, size_t size)
{
    const struct screen *screen = screen_of(pane->view);
    struct rect own = {0, 0, pane->rect.width, pane->rect.height};
    int from_x = tui->press_x - pane->rect.x, from_y = tui->press_y - pane->rect.y, x = key->x - pane->rect.x, y = key->y - pane->rect.y;
    if (!inside(&own, from_x, from_y) || (screen->needs_data && !session_has_data(tui->session)))
        return false;
    if (abs(x - from_x) > 1 || abs(y - from_y) > 1)
        return screen->drag && screen->drag(tui, own, from_x, from_y, x, y, out, size);
    return screen->click && screen->click(tui, own, from_x, from_y, out, size);
}

/* The focus goes to the pane first: that is a command too. */
static bool in_pane(const struct pane *pane, bool any, char *command, size_t size)
{
    char rest[400];
    if (pane->focused)
        return any;
    snprintf(rest, sizeof rest, "%s", any ? command : "");
    snprintf(command, size, "pane %d%s%s", pane->slot + 1, any ? "; " : "", rest);
    return true;
}

bool mouse_command(struct tui *tui, const struct key *key, char *out, size_t size)
{
    const struct pane *pane;
    if (strcmp(key->name, "Press") == 0) {
        tui->press_x = key->x;
        tui->press_y = key->y;
        return frame_click(tui, key->x, key->y, out, size);
    }
    if (strcmp(key->name, "Release") == 0) {
        pane = layout_pane_at(&tui->layout, tui->press_x, tui->press_y);
        return pane && in_pane(pane, release(tui, pane, key, out, size), out, size);
    }
    pane = layout_pane_at(&tui->layout, key->x, key->y);
    if (!pane || (screen_of(pane->view)->needs_data && !session_has_data(tui->session)))
        return false;
    int down = strcmp(key->name, "WheelDown") == 0 ? 1 : -1;
    const struct screen *screen = screen_of(pane->view);
    struct rect own = {0, 0, pane->rect.width, pane->rect.height};
    bool any = screen->wheel && screen->wheel(tui, own, key->x - pane->rect.x, key->y - pane->rect.y, down, out, size);
    return in_pane(pane, any, out, size);
}
