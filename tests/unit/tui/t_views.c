/* The views of atoms, averages, cycles and maps without a terminal: what they show, that they are linked, every key of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens.h"

#include <math.h>

#include "../../lib/scratch.h"
#include "app/keep.h"
#include "app/two_time.h"
#include "app/tw_series.h"
#include "tui/scr_slice.h"

#define WIDTH 100
#define HEIGHT 32

static const enum view_id views[] = {VIEW_PU,  VIEW_GR,     VIEW_SLICE,   VIEW_TABLE, VIEW_DTW,
                                     VIEW_MAP, VIEW_CYCLES, VIEW_SCALING, VIEW_DYNAMICS};
enum { VIEWS = sizeof views / sizeof *views };

static void begin(struct tui *tui, const char *view)
{
    char line[40];
    snprintf(line, sizeof line, "view %s", view);
    screen_begin(tui, demo, WIDTH, HEIGHT);
    screen_settle(tui, WIDTH, HEIGHT);
    tui_run_line(tui, line);
    screen_settle(tui, WIDTH, HEIGHT);
}

static void run(struct tui *tui, const char *line)
{
    screen_run(tui, WIDTH, HEIGHT, line);
}

static void expect(const struct tui *tui, const char *wanted)
{
    screen_expect(tui, WIDTH, HEIGHT, wanted);
}

static char *key_command(const struct tui *tui, const char *key, char out[600])
{
    if (!binding_command(tui, key, out, 600))
        fail_msg("%s does nothing here", key);
    return out;
}

static bool is_held(const struct tui *tui)
{
    const struct slice_data *data = slice_data_of(tui);
    struct slice_plot plot = slice_make_plot(tui, data);
    return slice_holds(&plot, tui->atoms.mark);
}

static void the_slice_follows_the_mark(void **state)
{
    struct tui tui;
    begin(&tui, "slice");
    expect(&tui, "slice z = ");
    for (int64_t atom = 5; atom < 1000; atom += 111) {
        char line[40], words[40];
        snprintf(line, sizeof line, "goto atom=%lld", (long long)atom);
        snprintf(words, sizeof words, "atom %lld  type", (long long)atom);
        run(&tui, line);
        assert_true(is_held(&tui));
        expect(&tui, words);
        expect(&tui, "\u25c6");
    }
    run(&tui, "slice z=1 thick=0.5");
    expect(&tui, "slice z = 1.00 \u00b1 0.25");
    run(&tui, "slice normal=x");
    expect(&tui, "slice x = ");
    run(&tui, "undo; undo");
    assert_true(isnan(tui.sight.look.slice.thick));
    tui_run_line(&tui, "slice x=1 y=2");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_run_line(&tui, "slice thick=-1");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
}

/* Round the cell, both ways, for each normal. */
static void planes_go_round(void **state)
{
    static const char *const normals[] = {"slice normal=x", "slice normal=y", "slice normal=z"};
    struct tui tui;
    begin(&tui, "slice");
    for (int k = 0; k < 3; k++) {
        run(&tui, normals[k]);
        const struct slice_data *data = slice_data_of(&tui);
        double low = fmin(data->slab.sign * data->slab.low[SLAB_DEPTH], data->slab.sign * data->slab.high[SLAB_DEPTH]),
               high = fmax(data->slab.sign * data->slab.low[SLAB_DEPTH], data->slab.sign * data->slab.high[SLAB_DEPTH]),
               step = 0.5 * slice_thickness(&tui, data), before = slice_plane(&tui, data);
        run(&tui, "step plane +1; step plane +8; step plane +4; step plane -1");
        assert_true(fabs(fabs(slice_plane(&tui, data) - before) - step) < 0.01);
        before = slice_plane(&tui, data);
        for (int s = 0; s < 60; s++) {
            run(&tui, s < 40 ? "step plane +12" : "step plane -12"); /* PgDn, PgUp */
            double now = slice_plane(&tui, data), moved = now - before - (s < 40 ? step : -step);
            assert_true(now >= low - 0.01 && now <= high + 0.01);
            moved -= (high - low) * nearbyint(moved / (high - low));
            assert_true(fabs(moved) < 0.02);
            before = now;
        }
    }
    tui_done(&tui);
}

/* The next atom along a cycle is the one whose place was taken; round the whole cycle one is back. */
static void cycles_are_stepped_atom_by_atom(void **state)
{
    struct tui tui;
    char enter[600];
    begin(&tui, "cycles");
    run(&tui, "step tw last");
    assert_true(tui.sight.atom == SIGHT_NO_ATOM);
    run(&tui, key_command(&tui, "Enter", enter)); /* the longest one, where none was chosen */
    assert_int_equal(tui.sight.view, VIEW_SLICE);
    assert_int_equal(tui.atoms.match->cycle[tui.atoms.mark], 1);
    assert_true(tui.sight.look.slice.ring);
    run(&tui, "view slice; step cycle");
    const struct match *match = tui.atoms.match;
    int32_t first = tui.atoms.mark, length = match->cycle_length[first];
    assert_int_equal(length, match->longest);
    assert_true(tui.sight.look.slice.ring);
    for (int32_t k = 0; k < length; k++) {
        int32_t before = tui.atoms.mark;
        run(&tui, "step cycle +1");
        assert_int_equal(tui.atoms.match->partner[tui.atoms.mark], before);
        assert_true(is_held(&tui));
    }
    assert_int_equal(tui.atoms.mark, first);
    char words[40];
    snprintf(words, sizeof words, "cycle of %d", (int)length);
    expect(&tui, words);
    run(&tui, "view cycles");
    expect(&tui, " exchanged in ");
    run(&tui, "cut 0.05");
    expect(&tui, "chains at cut 0.05");
    tui_done(&tui);
}

static void all_atoms_are_seen_from_any_side(void **state)
{
    struct tui tui;
    begin(&tui, "slice");
    run(&tui, "zoom x=2:6 y=2:6");
    struct view_axes zoomed = tui.sight.look.axes[VIEW_SLICE];
    run(&tui, "slice space=on turn=40 tip=-10");
    expect(&tui, "turned 40, tipped -10");
    char *one = screen_picture(&tui, WIDTH, HEIGHT);
    run(&tui, "slice turn=130");
    char *other = screen_picture(&tui, WIDTH, HEIGHT);
    assert_string_not_equal(one, other);
    free(one);
    free(other);
    run(&tui, "slice space=off");
    assert_memory_equal(&tui.sight.look.axes[VIEW_SLICE], &zoomed, sizeof zoomed); /* a window each */
    tui_done(&tui);
}

static void averages_come_one_by_one_and_agree(void **state)
{
    struct tui tui;
    begin(&tui, "dtw");
    expect(&tui, "RMSD of IS");
    const struct sight *sight = &tui.sight;
    struct tw_series series;
    isd_error err;
    struct match_request wanted = {0};
    structure_defaults(demo, true, &wanted.structure);
    assert_int_equal(tw_series_make(sight->tw, sight->n_tw, &series, &err), ISD_OK);
    do {
        tw_series_fill(demo, &wanted, sight->n_tw / 2, 1, &series);
        while (job_pool_count(session_pool(demo)) > 0)
            session_wait(demo, 1);
        assert_int_not_equal(series.state, ASK_FAILED);
    } while (series.known < series.n);
    for (int32_t k = 0; k < series.n; k++) {
        struct frame_pair *pairs = NULL;
        int32_t n = 0;
        double sum = 0;
        assert_int_equal(series_pairs(session_times(demo), series.tw[k], false, &pairs, &n, &err), ISD_OK);
        assert_int_equal(series.pairs[k], n);
        for (int32_t p = 0; p < n; p++) {
            const struct match *match = NULL;
            int unconverged;
            wanted.a = pairs[p].a;
            wanted.b = pairs[p].b;
            assert_int_equal(session_match(demo, &wanted, ASK_BATCH, &match, &unconverged, &err), ASK_READY);
            sum += match->d_min;
        }
        assert_float_equal(series.mean[D_MIN][k], sum / n, 1e-12);
        free(pairs);
    }
    tw_series_done(&series);
    tui_done(&tui);
}

/* Nearest to the cursor first; labelled on one side, matched on the other. */
static void the_map_of_two_times_fills_from_the_cursor(void **state)
{
    struct two_time map;
    struct match_request wanted = {0};
    isd_error err;
    int rounds = 0;
    structure_defaults(demo, true, &wanted.structure);
    two_time_choose(demo, 6, &map);
    assert_true(map.n >= 2 && map.n <= 6);
    assert_int_equal(map.frame[0], 0);
    assert_int_equal(map.frame[map.n - 1], session_frame_count(demo) - 1);
    while (map.known < map.pairs && rounds++ < 50) {
        two_time_fill(demo, &wanted, 1, 3, 1, &map);
        assert_int_not_equal(map.state, ASK_FAILED);
        bool first = true; /* nothing is asked of other rows before that of the cursor is whole */
        for (int j = 2; j < map.n; j++)
            first = first && isfinite(map.value[1 * map.n + j]);
        for (int j = 3; j < map.n && !first; j++)
            assert_true(isnan(map.value[2 * map.n + j]));
        while (job_pool_count(session_pool(demo)) > 0)
            session_wait(demo, 1);
    }
    assert_int_equal(map.known, map.pairs);
    for (int i = 0; i < map.n; i++)
        for (int j = i + 1; j < map.n; j++) {
            const struct match *match = NULL;
            int unconverged;
            wanted.a = map.frame[i];
            wanted.b = map.frame[j];
            wanted.brief = true;
            assert_int_equal(session_match(demo, &wanted, ASK_BATCH, &match, &unconverged, &err), ASK_READY);
            assert_true(map.value[i * map.n + j] == match->d_min);
            assert_true(map.value[j * map.n + i] == (isfinite(match->rmsd_unwrapped) ? match->rmsd_unwrapped : match->rmsd));
        }
}

/* Longer sets are thinned out, to as many frames as were asked for. */
static void the_map_takes_the_frames_asked_for(void **state)
{
    static const struct {
        const char *line;
        int frames;
    } cases[] = {{"set map=6", 6}, {"set map=128", 31}, {"set map=2", 2}, {"set map=64", 31}};
    struct tui tui;
    (void)state;
    begin(&tui, "map");
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char command[1200];
        int frames = 1;
        run(&tui, cases[k].line);
        assert_true(screen_of(VIEW_MAP)->print(&tui, command, sizeof command));
        for (const char *c = command; *c; c++)
            frames += *c == ',';
        assert_int_equal(frames, cases[k].frames);
        run(&tui, command); /* the numbers of the map are those of these frames */
        run(&tui, "view map");
    }
    tui_run_line(&tui, "set map=129");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
}

static void log_bins_and_a_third_series(void **state)
{
    struct tui tui;
    begin(&tui, "pu");
    run(&tui, "bins log 30; axis x log; instant on");
    assert_int_equal(tui.pu.bins, 30);
    assert_true(tui.pu.has_instant);
    double sum = 0;
    for (int k = 0; k < tui.pu.bins; k++)
        sum += tui.pu.matched[k] * tui.pu.u[k] * (pow(10, 0.05) - pow(10, -0.05)); /* widths of 30 bins over three decades */
    assert_float_equal(sum + tui.pu.beyond_matched, 1, 0.01); /* all but those below a thousandth */
    assert_int_equal(sight_bin(&tui.pu, tui.pu.u[7]), 7);
    assert_int_equal(sight_bin(&tui.pu, 1e-9), -1);
    run(&tui, "bins 50; instant off");
    assert_int_equal(tui.pu.bins, 50);
    assert_int_equal(sight_bin(&tui.pu, tui.pu.u[49]), 49);
    tui_done(&tui);
}

/* What other commands compute is seen here, not only waited for. */
static void dynamics_and_maps_are_seen(void **state)
{
    struct tui tui;
    begin(&tui, "dynamics");
    expect(&tui, "mean squared displacement");
    expect(&tui, "chi_4");
    run(&tui, "view map");
    expect(&tui, "labelled above the diagonal");
    expect(&tui, "D_min 0.");
    run(&tui, "view gr; type B; stack on");
    expect(&tui, "B-B");
    expect(&tui, "A-B");
    run(&tui, "view scaling"); /* one set says nothing of a law, and that is said */
    expect(&tui, "an exponent with an error needs three");
    tui_done(&tui);
}

/* Neighbours and energies come by a job, and rows can be sorted, kept and chosen by them. */
static void atoms_have_neighbours_and_energies(void **state)
{
    struct tui tui;
    begin(&tui, "table");
    const struct surroundings *around = tui.atoms.around;
    assert_non_null(around);
    int32_t n = tui.atoms.match->n, kept = 0;
    double sum = 0;
    for (int32_t i = 0; i < n; i++) {
        assert_in_range(around->neighbours[i], 5, 20);
        sum += around->energy[i];
        kept += around->neighbours[i] >= 13 && around->energy[i] < -7;
    }
    const struct quenched *quenched = NULL;
    struct structure structure;
    isd_error err;
    structure_defaults(demo, true, &structure);
    assert_int_equal(session_quench(demo, tui.sight.pair.a, &structure.quench, ASK_BATCH, &quenched, &err), ASK_READY);
    assert_true(fabs(sum - quenched->result.energy) < 1e-9 * fabs(sum));
    run(&tui, "sort energy desc");
    for (int32_t k = 1; k < tui.atoms.n; k++)
        assert_true(around->energy[tui.atoms.row[k - 1]] >= around->energy[tui.atoms.row[k]]);
    run(&tui, "filter neighbours >= 13 && energy < -7");
    assert_int_equal(tui.atoms.n, kept);
    assert_true(kept > 0 && kept < n);
    run(&tui, "filter off; select neighbours == 12");
    for (int32_t i = 0; i < n; i++)
        assert_int_equal(tui.atoms.chosen[i], tui.atoms.around->neighbours[i] == 12);
    expect(&tui, "neigh");
    expect(&tui, "energy");
    run(&tui, "view pu; sort -neighbours"); /* unseen, but needed */
    assert_non_null(tui.atoms.around);
    assert_true(tui.atoms.around->neighbours[tui.atoms.row[0]] >= tui.atoms.around->neighbours[tui.atoms.row[n - 1]]);
    tui_done(&tui);
}

static struct session *kept_in(const char *cache)
{
    struct session *session = NULL;
    isd_error err = {0};
    setenv("XDG_CACHE_HOME", cache, 1);
    assert_int_equal(session_new(2, &session, &err), ISD_OK);
    if (session_keep(session, KEEP_IN_CACHE, NULL, &err) != ISD_OK)
        fail_msg("%s", err.what);
    return session;
}

/* What one program has kept, another lists, opens, and forgets. */
static void sessions_are_listed_opened_and_forgotten(void **state)
{
    char folder[SCRATCH_SIZE], text[600];
    struct tui tui;
    isd_error err = {0};
    (void)state;
    assert_true(scratch_make(folder));
    struct session *first = kept_in(folder);
    assert_int_equal(session_open_demo(first, &err), ISD_OK);
    screen_begin(&tui, first, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    run(&tui, "match 0:1");
    run(&tui, "view sessions");
    expect(&tui, "(open)");
    tui_done(&tui);
    assert_true(session_keep_finish(first));
    session_free(first);

    struct session *second = kept_in(folder);
    screen_begin(&tui, second, WIDTH, HEIGHT);
    run(&tui, "view sessions");
    const struct screen *screen = screen_of(VIEW_SESSIONS);
    char heading[120];
    screen->heading(&tui, heading, sizeof heading);
    assert_non_null(strstr(heading, "1 on disk"));
    expect(&tui, "demo");
    run(&tui, key_command(&tui, "j", text));
    assert_false(session_has_data(second));
    run(&tui, key_command(&tui, "Enter", text));
    assert_true(session_has_data(second));
    assert_true(session_frame_count(second) > 10);
    tui_done(&tui);
    session_free(second);

    struct session *third = kept_in(folder);
    screen_begin(&tui, third, WIDTH, HEIGHT);
    run(&tui, "view sessions");
    key_command(&tui, "D", text); /* prompt "forget '...'": nothing is gone before it is sent */
    assert_int_equal(strncmp(text, "prompt \"forget '", 16), 0);
    text[strlen(text) - 1] = '\0';
    run(&tui, text + 8);
    run(&tui, "view sessions");
    expect(&tui, "no session is kept");
    tui_run_line(&tui, "open nothing.isdb");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
    session_free(third);
    assert_true(scratch_drop(folder));
}

/* A note is there again another day, beside those of that day, each once. */
static void notes_are_kept_with_the_set(void **state)
{
    char folder[SCRATCH_SIZE];
    (void)state;
    assert_true(scratch_make(folder));
    for (int day = 0; day < 3; day++) {
        struct tui tui;
        isd_error err = {0};
        struct session *session = kept_in(folder);
        assert_int_equal(session_open_demo(session, &err), ISD_OK);
        screen_begin(&tui, session, WIDTH, HEIGHT);
        screen_settle(&tui, WIDTH, HEIGHT);
        if (day < 2)
            run(&tui, day == 0 ? "goto pair=0:7; note the ring of 5" : "note more");
        run(&tui, "view notes");
        char *text = screen_picture(&tui, WIDTH, HEIGHT);
        char *note = strstr(text, "the ring of 5"), *before = strstr(text, "from before");
        assert_non_null(note);
        assert_null(strstr(note + 1, "the ring of 5"));
        assert_true(day == 0 ? !before : before && before < note);
        assert_true(day == 0 || strstr(text, "more"));
        free(text);
        expect(&tui, "demo 0:7");
        tui_done(&tui);
        assert_true(session_keep_finish(session));
        session_free(session);
    }
    assert_true(scratch_drop(folder));
}

/* An interval of p(u): the table has its atoms alone, the slice marks them, and so do all atoms from any side. */
static void a_brush_shows_its_atoms(void **state)
{
    struct tui tui;
    (void)state;
    begin(&tui, "pu");
    struct rect rect = frame_rect_of(&tui, VIEW_PU);
    char command[600];
    assert_true(screen_of(VIEW_PU)->drag(&tui, rect, rect.x + rect.width / 3, 5, rect.x + 2 * rect.width / 3, 5, command, sizeof command));
    assert_int_equal(strncmp(command, "brush u=", 8), 0);
    run(&tui, command);
    double low = tui.sight.look.brush_low, high = tui.sight.look.brush_high;
    int32_t within = 0;
    for (int32_t i = 0; i < tui.atoms.match->n; i++)
        within += tui.atoms.match->u_lab[i] >= low && tui.atoms.match->u_lab[i] <= high;
    assert_true(within > 0 && within < tui.atoms.match->n);
    assert_int_equal(tui.atoms.n, within);
    run(&tui, "view slice");
    for (int space = 0; space < 2; space++) {
        struct slice_plot plot = slice_make_plot(&tui, slice_data_of(&tui));
        assert_non_null(plot.marked);
        for (int32_t i = 0; i < tui.atoms.match->n; i++)
            assert_int_equal(plot.marked[i] != 0, tui.atoms.match->u_lab[i] >= low && tui.atoms.match->u_lab[i] <= high);
        run(&tui, "slice space=on");
    }
    run(&tui, "slice space=off; brush off");
    tui_done(&tui);
}

/* The same by one key: the bin of the cursor, then all up to it, then none; linear and logarithmic bins. */
static void a_key_brushes_bin_by_bin(void **state)
{
    struct tui tui;
    char text[600];
    (void)state;
    begin(&tui, "pu");
    for (int log = 0; log < 2; log++) {
        run(&tui, log ? "bins log 30; goto u=0.4" : "bins 50; goto u=0.4");
        const struct sight_pu *pu = &tui.pu;
        int bin = sight_bin(pu, 0.4);
        run(&tui, key_command(&tui, "x", text));
        assert_float_equal(tui.sight.look.brush_low, sight_edge(pu, bin), 1e-3);
        assert_float_equal(tui.sight.look.brush_high, sight_edge(pu, bin + 1), 1e-3);
        int32_t one = tui.atoms.n;
        snprintf(text, sizeof text, "goto u=%.6g", pu->u[bin + 3]);
        run(&tui, text);
        run(&tui, key_command(&tui, "x", text));
        assert_float_equal(tui.sight.look.brush_low, sight_edge(pu, bin), 1e-3);
        assert_float_equal(tui.sight.look.brush_high, sight_edge(pu, bin + 4), 1e-3);
        assert_true(tui.atoms.n >= one && tui.atoms.n < tui.atoms.match->n);
        run(&tui, key_command(&tui, "x", text));
        assert_true(isnan(tui.sight.look.brush_low));
        assert_int_equal(tui.atoms.n, tui.atoms.match->n);
    }
    tui_done(&tui);
}

/* Atoms too small for discs: those that moved stand out, unless colours say how far each has. */
static void in_a_crowd_those_that_moved_stand_out(void **state)
{
    enum { NARROW = 66, LOW = 16 };
    struct tui tui;
    (void)state;
    begin(&tui, "slice");
    assert_null(slice_make_plot(&tui, slice_data_of(&tui)).marked);
    tui_run_line(&tui, "step tw last; zoom fit");
    screen_settle(&tui, NARROW, LOW);
    struct slice_plot plot = slice_make_plot(&tui, slice_data_of(&tui));
    const struct match *match = tui.atoms.match;
    int32_t moved = 0;
    assert_non_null(plot.marked);
    for (int32_t i = 0; i < match->n; i++) {
        assert_int_equal(plot.marked[i], match->u_lab[i] > 0.5 * match->r0);
        moved += plot.marked[i];
    }
    assert_true(moved > 0 && moved < match->n);
    screen_expect(&tui, NARROW, LOW, "those that moved stand out");
    screen_expect(&tui, NARROW, LOW, "A   point");
    tui_run_line(&tui, "slice colour=u");
    screen_settle(&tui, NARROW, LOW);
    assert_null(slice_make_plot(&tui, slice_data_of(&tui)).marked);
    tui_done(&tui);
}

/* Where nothing is exchanged, both curves are one, and that is said. */
static void equal_curves_are_said_to_be(void **state)
{
    struct tui tui;
    (void)state;
    begin(&tui, "pu");
    run(&tui, "average off; type all; step tw first");
    assert_true(tui.atoms.match->exchanged == 0);
    expect(&tui, "L is M");
    run(&tui, "show diff");
    expect(&tui, "no difference: matched is as labelled");
    run(&tui, "show both; step tw last");
    char *text = screen_picture(&tui, WIDTH, HEIGHT);
    assert_true(tui.atoms.match->exchanged > 0);
    assert_null(strstr(text, "L is M"));
    free(text);
    tui_done(&tui);
}

/* The peaks of g(r) are named over the plot and compared with those of p(u). */
static void peaks_are_marked_and_compared(void **state)
{
    struct tui tui;
    (void)state;
    begin(&tui, "gr");
    expect(&tui, "\u25bc");
    expect(&tui, "peaks at 0.9");
    expect(&tui, "p(u) peaks at");
    tui_done(&tui);
}

/* Every key of every view is a command that can be read, and no picture depends on anything but the state. */
static void all_keys_do_something(void **state)
{
    for (int v = 0; v < VIEWS; v++) {
        const struct binding *binding;
        struct tui tui;
        begin(&tui, view_name(views[v]));
        for (int k = 0; (binding = binding_at(k)) != NULL; k++) {
            char key[16], command[600];
            if (!(binding->views & (1u << views[v])) || strchr("qQo", binding->keys[0]) || strncmp(binding->keys, "C-", 2) == 0)
                continue;
            snprintf(key, sizeof key, "%.*s", (int)strcspn(binding->keys, " "), binding->keys);
            if (!binding_command(&tui, key, command, sizeof command) || strncmp(command, "prompt", 6) == 0)
                continue;
            tui_run_line(&tui, command);
            screen_settle(&tui, WIDTH, HEIGHT);
            if (tui.message_role == ROLE_ERROR && (strstr(tui.message, "no command") || strstr(tui.message, "not an option")))
                fail_msg("%s: %s: %s", key, command, tui.message);
            tui.palette.open = false;
            tui_show_view(&tui, views[v]);
            screen_settle(&tui, WIDTH, HEIGHT);
        }
        char *first = screen_picture(&tui, WIDTH, HEIGHT), *second = screen_picture(&tui, WIDTH, HEIGHT);
        assert_string_equal(first, second);
        free(first);
        free(second);
        tui_done(&tui);
    }
}

static void any_size_in_any_tier(void **state)
{
    static const int size[][2] = {{1, 1}, {8, 3}, {12, 5}, {39, 9}, {40, 12}, {64, 16}, {80, 24}, {120, 36}, {161, 49}, {200, 60}};
    for (int v = 0; v < VIEWS; v++) {
        struct tui tui;
        begin(&tui, view_name(views[v]));
        tui_run_line(&tui, "goto atom=42; slice ring=on");
        for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++)
            for (size_t k = 0; k < sizeof size / sizeof *size; k++) {
                tui.tier = (enum glyph_tier)tier;
                tui_update(&tui, size[k][0], size[k][1]);
                free(screen_picture(&tui, size[k][0], size[k][1]));
            }
        tui_done(&tui);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slice_follows_the_mark),
        cmocka_unit_test(planes_go_round),
        cmocka_unit_test(cycles_are_stepped_atom_by_atom),
        cmocka_unit_test(all_atoms_are_seen_from_any_side),
        cmocka_unit_test(averages_come_one_by_one_and_agree),
        cmocka_unit_test(the_map_of_two_times_fills_from_the_cursor),
        cmocka_unit_test(the_map_takes_the_frames_asked_for),
        cmocka_unit_test(log_bins_and_a_third_series),
        cmocka_unit_test(dynamics_and_maps_are_seen),
        cmocka_unit_test(atoms_have_neighbours_and_energies),
        cmocka_unit_test(a_brush_shows_its_atoms),
        cmocka_unit_test(a_key_brushes_bin_by_bin),
        cmocka_unit_test(in_a_crowd_those_that_moved_stand_out),
        cmocka_unit_test(equal_curves_are_said_to_be),
        cmocka_unit_test(peaks_are_marked_and_compared),
        cmocka_unit_test(sessions_are_listed_opened_and_forgotten),
        cmocka_unit_test(notes_are_kept_with_the_set),
        cmocka_unit_test(all_keys_do_something),
        cmocka_unit_test(any_size_in_any_tier),
    };
    return cmocka_run_group_tests(tests, screen_open_demo, screen_close_demo);
}
