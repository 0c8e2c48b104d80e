/* p(u) against g(r) as lines of text. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/shown.h"
#include "model/print.h"
#include "repl/terminal.h"
#include "view/fidelity_plot.h"
#include "view/pu_plot.h"
#include "view/signature.h"

enum { PLAIN_WIDTH = 72, PLAIN_HEIGHT = 18, MOST_WIDTH = 120, MOST_HEIGHT = 28, ROWS_AROUND = 4 };

static int at_most(int value, int most)
{
    return value < most ? value : most;
}

struct plot_place plot_place_here(bool ascii, enum color_choice color)
{
    struct plot_place place = {PLAIN_WIDTH, PLAIN_HEIGHT, ascii || !terminal_has_braille() ? GLYPH_ASCII : GLYPH_BRAILLE, false};
    if (isatty(STDOUT_FILENO)) {
        int width, height;
        terminal_size(STDOUT_FILENO, &width, &height);
        place.width = at_most(width, MOST_WIDTH);
        place.height = height > ROWS_AROUND + 3 ? at_most(height - ROWS_AROUND, MOST_HEIGHT) : 3;
        place.colour = place.tier != GLYPH_ASCII && color != COLOR_NEVER && (color == COLOR_ALWAYS || terminal_has_256_colours(STDOUT_FILENO));
    }
    return place;
}

/* ASCII words in lines of at most `width` columns, broken at blanks where there are any. */
static void print_wrapped(struct print_buffer *out, const char *words, size_t width)
{
    while (strlen(words) > width) {
        size_t at = width;
        while (at > 0 && words[at] != ' ')
            at--;
        if (at == 0)
            break;
        print_text(out, "%.*s\n", (int)at, words);
        words += at + 1;
    }
    print_text(out, "%s\n", words);
}

static void print_signature(struct print_buffer *out, const struct sight *sight, const struct sight_pu *pu, const char *who, int width)
{
    struct signature labelled, matched;
    char words[320];
    bool show_labelled = pu->has_labelled && sight->look.show != SIGHT_MATCHED, show_matched = sight->look.show != SIGHT_LABELLED;
    if (!isfinite(pu->peak_r))
        return;
    signature_find(pu->fine_labelled, SIGHT_BINS, pu->max, pu->peak_r, &labelled);
    signature_find(pu->fine_matched, SIGHT_BINS, pu->max, pu->peak_r, &matched);
    signature_words(who, show_labelled ? &labelled : NULL, show_matched ? &matched : NULL, pu->peak_r, words, sizeof words);
    print_wrapped(out, words, (size_t)width);
}

char *plot_text(const struct sight *sight, const struct sight_pu *pu, const char *title, const char *who, const char *length_unit,
                const struct plot_place *place)
{
    struct print_buffer out = {0};
    struct grid grid;
    if (!grid_init(&grid, place->width, place->height))
        return NULL;
    struct pu_plot picture = {
        .u = pu->u,
        .labelled = pu->has_labelled && sight->look.show != SIGHT_MATCHED ? pu->labelled : NULL,
        .matched = sight->look.show != SIGHT_LABELLED ? pu->matched : NULL,
        .instant = pu->has_instant ? pu->instant : NULL,
        .bins = pu->bins,
        .low = pu->low,
        .r = pu->has_gr ? pu->r : NULL,
        .g = pu->has_gr ? pu->g : NULL,
        .n_g = pu->has_gr ? SIGHT_GR_BINS : 0,
        .max = pu->max,
        .cursor = NAN,
        .log_x = sight->look.axes[VIEW_PU].log_x,
        .log_y = sight->look.axes[VIEW_PU].log_y,
        .tier = place->tier,
        .length_unit = length_unit,
    };
    pu_plot_draw(&grid, 0, 0, place->width, place->height, &picture);
    char *text = grid_to_text(&grid);
    print_text(&out, "%s\n%s", title, text ? text : "");
    print_signature(&out, sight, pu, who, place->width);
    grid_done(&grid);
    if (!text || out.failed)
        print_buffer_done(&out);
    free(text);
    return out.data;
}

/* "ka3d_T045  t_w 500, 2 pairs  inherent structures  B atoms  D_min 0.38, labelled 0.45 sigma" */
static void make_title(const struct sight *sight, const struct sight_pu *pu, const char *who, char *out, size_t size)
{
    struct session *session = sight->session;
    char pair[64], time[64] = "", labelled[48] = "";
    double tw = session_tw(session, sight->pair.a, sight->pair.b);
    if (sight->look.average && !sight->custom)
        snprintf(pair, sizeof pair, "%d pair%s", pu->pairs, pu->pairs == 1 ? "" : "s");
    else
        snprintf(pair, sizeof pair, "pair %d:%d", sight->pair.a, sight->pair.b);
    if (isfinite(pu->d_lab))
        snprintf(labelled, sizeof labelled, ", labelled %.3g", pu->d_lab);
    if (isfinite(tw))
        snprintf(time, sizeof time, "t_w %.6g %s, ", tw, session_time_unit(session));
    snprintf(out, size, "%s  %s%s  %s%s  %s  D_min %.3g%s %s", session_set_name(session, session_current_set(session)), time, pair,
             sight->look.raw ? "frames as they are" : "inherent structures", sight->look.blind ? ", species ignored" : "", who, pu->d_min,
             labelled, session_length_sign(session));
}

enum ask plot_sight(struct sight *sight, const struct plot_place *place, const struct command_sink *sink, isd_error *err)
{
    if (!session_has_data(sight->session)) {
        isd_error_set(err, ISD_DATA, "no data is open");
        isd_error_hint(err, "open FILE");
        return ASK_FAILED;
    }
    if (sight_update(sight, err) != ISD_OK)
        return ASK_FAILED;
    if (sight->n_frames < 2) {
        isd_error_set(err, ISD_DATA, "a plot of p(u) needs two frames, the set has %d", sight->n_frames);
        return ASK_FAILED;
    }
    struct sight_pu *pu = malloc(sizeof *pu);
    if (!pu) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    sight_pu(sight, pu);
    enum ask state = pu->state;
    if (state == ASK_FAILED && err)
        *err = pu->err;
    if (state == ASK_READY) {
        char title[320], who[32] = "all atoms";
        if (sight->look.type > 0)
            snprintf(who, sizeof who, "%s atoms", session_type_label(sight->session, sight->look.type));
        make_title(sight, pu, who, title, sizeof title);
        char *text = plot_text(sight, pu, title, sight->look.type > 0 ? session_type_label(sight->session, sight->look.type) : who,
                               session_length_sign(sight->session), place);
        if (text)
            sink->text(sink->arg, text);
        else
            isd_error_memory(err);
        state = text ? ASK_READY : ASK_FAILED;
        free(text);
    }
    free(pu);
    return state;
}

/* The matrices of the results shown last that are of the same methods as the first. */
static int gather(const struct session *session, struct fidelity_plot *plot, const double **d)
{
    int frames = 0;
    for (int k = 0; k < session_shown_count(session); k++) {
        const struct result *result = session_shown(session, k);
        const struct field *names = result_find(result, "methods"), *matrix = result_find(result, "d"),
                           *same = result_find(result, "same_below");
        if (strcmp(result_command(result), "fidelity") != 0 || !names || !matrix || !same || same->kind != VALUE_REAL ||
            matrix->length != names->length * names->length || (frames > 0 && (int)names->length != plot->n))
            continue;
        plot->name = names->texts;
        plot->n = (int)names->length;
        plot->same = same->real;
        d[frames++] = matrix->reals;
    }
    return frames;
}

char *plot_fidelity(const struct session *session, const struct plot_place *place)
{
    const double **d = calloc((size_t)session_shown_count(session) + 1, sizeof *d);
    struct fidelity_plot plot = {.length_unit = session_length_sign(session), .tier = place->tier, .d = d};
    struct grid grid;
    char *text = NULL;
    plot.frames = d ? gather(session, &plot, d) : 0;
    if (plot.frames > 0 && grid_init(&grid, place->width, fidelity_plot_height(&plot))) {
        fidelity_plot_draw(&grid, 0, 0, grid.width, grid.height, &plot);
        text = grid_to_text(&grid);
        grid_done(&grid);
    }
    free(d);
    return text;
}
