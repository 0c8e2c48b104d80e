/* Slices: how they must look, that they stay inside, and which atom is meant. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/slice.h"
#include "view/space.h"

#include "golden.h"

#define SIDE 8
#define EDGE 9.6

static const double radius[] = {0, 0.5, 0.42, 0.45, 0.4};
static const char letters[] = " ABCD";

/* SIDE^3 (2D: SIDE^2) atoms on a lattice, shaken, every fifth one of the second type; no mathematical library: the same bits everywhere. */
static isd_snapshot *make_frame(int dim, double tilt)
{
    isd_snapshot *frame;
    isd_error err;
    int n = dim == 3 ? SIDE * SIDE * SIDE : SIDE * SIDE;
    unsigned seed = 1;
    assert_int_equal(isd_snapshot_new(n, false, &frame, &err), ISD_OK);
    frame->box = (isd_box){.dim = dim, .periodic = {true, true, dim == 3}, .lx = EDGE, .ly = EDGE, .lz = dim == 3 ? EDGE : 1, .xy = tilt};
    frame->has_ids = true;
    for (int i = 0; i < n; i++) {
        double s[3] = {0, 0, 0};
        int cell[3] = {i % SIDE, i / SIDE % SIDE, i / (SIDE * SIDE)};
        for (int c = 0; c < dim; c++) {
            seed = seed * 1664525u + 1013904223u;
            s[c] = (cell[c] + 0.5 + 0.4 * ((seed >> 16) / 65536.0 - 0.5)) / SIDE;
        }
        isd_box_from_fraction(&frame->box, s, &frame->position[3 * i]);
        frame->id[i] = 10 + i;
        frame->type[i] = i % 5 == 0 ? 2 : i % 17 == 0 ? 3 : 1;
    }
    assert_int_equal(isd_snapshot_freeze(frame, &err), ISD_OK);
    return frame;
}

struct scene {
    isd_snapshot *frame;
    struct slab slab;
    double *lab, *mat;
    struct slice_plot plot;
};

static void scene_make(struct scene *scene, int dim, int normal, double tilt, enum glyph_tier tier)
{
    isd_error err;
    unsigned seed = 7;
    scene->frame = make_frame(dim, tilt);
    size_t n = 3 * (size_t)scene->frame->n;
    assert_int_equal(slab_make(scene->frame, normal, &scene->slab, &err), ISD_OK);
    scene->lab = calloc(n, sizeof *scene->lab);
    scene->mat = calloc(n, sizeof *scene->mat);
    assert_non_null(scene->lab);
    assert_non_null(scene->mat);
    for (size_t k = 0; k < n; k++) {
        seed = seed * 1664525u + 1013904223u;
        if (k % 3 < (size_t)dim) {
            scene->lab[k] = k / 3 % 4 == 0 ? 3.0 * ((seed >> 16) / 65536.0 - 0.5) : 0.01;
            scene->mat[k] = 0.3 * scene->lab[k];
        }
    }
    scene->plot = (struct slice_plot){.frame = scene->frame, .slab = &scene->slab, .plane = 3.4, .thickness = 1.2, .zoom = 1,
                                      .lab = scene->lab, .mat = scene->mat, .scale = 1, .threshold = 0.15, .radius = radius,
                                      .letter = letters, .atom = -1, .tier = tier};
}

static void scene_done(struct scene *scene)
{
    slab_done(&scene->slab);
    isd_snapshot_unref(scene->frame);
    free(scene->lab);
    free(scene->mat);
}

static void draw(const struct scene *scene, int width, int height, const char *name, struct slice_seen *seen)
{
    struct grid grid;
    assert_true(grid_init(&grid, width, height));
    slice_draw(&grid, 0, 0, slice_width(&scene->plot, width, height), height, &scene->plot, seen);
    golden_grid(&grid, name);
    grid_done(&grid);
}

static void looks_as_it_must(void **state)
{
    static const char *const tier_name[] = {"braille", "half", "ascii"};
    static const char *const arrows_name[] = {"none", "lab", "mat", "both"};
    struct slice_seen seen;
    struct scene scene;
    char name[64];
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++) {
        scene_make(&scene, 3, 2, 0, tier);
        for (int arrows = SLICE_NONE; arrows <= SLICE_BOTH; arrows++) {
            scene.plot.arrows = arrows;
            snprintf(name, sizeof name, "slice_%s_80x24_%s", tier_name[tier], arrows_name[arrows]);
            draw(&scene, 80, 24, name, &seen);
            assert_int_equal(seen.labelled > 0, arrows == SLICE_LABELLED || arrows == SLICE_BOTH);
            assert_int_equal(seen.matched > 0, arrows == SLICE_MATCHED || arrows == SLICE_BOTH);
        }
        snprintf(name, sizeof name, "slice_%s_200x60", tier_name[tier]);
        draw(&scene, 200, 60, name, &seen);
        snprintf(name, sizeof name, "slice_%s_40x12", tier_name[tier]);
        draw(&scene, 40, 12, name, &seen);
        scene_done(&scene);
    }
    scene_make(&scene, 2, 2, 0, GLYPH_BRAILLE);
    scene.plot.arrows = SLICE_LABELLED;
    draw(&scene, 80, 24, "slice_2d", &seen);
    assert_int_equal(seen.atoms, SIDE * SIDE);
    scene_done(&scene);
    scene_make(&scene, 3, 1, 0, GLYPH_BRAILLE);
    scene.plot.zoom = 2.5;
    scene.plot.centre[0] = 4.5;
    scene.plot.atom = 100;
    draw(&scene, 80, 24, "slice_zoomed", &seen);
    scene_done(&scene);
}

static void a_ring_is_drawn_out_of_the_slab_too(void **state)
{
    static const int32_t ring[] = {0, 1, 9, 8};
    struct slice_seen seen;
    struct scene scene;
    scene_make(&scene, 3, 2, 0, GLYPH_BRAILLE);
    for (int k = 0; k < 4; k++)
        for (int c = 0; c < 3; c++)
            scene.lab[3 * ring[k] + c] = scene.frame->position[3 * ring[(k + 1) % 4] + c] - scene.frame->position[3 * ring[k] + c];
    scene.plot.ring = ring;
    scene.plot.n_ring = 4;
    scene.plot.plane = 7;
    scene.plot.zoom = 1.5;
    scene.plot.centre[0] = scene.plot.centre[1] = -3;
    draw(&scene, 80, 24, "slice_ring", &seen);
    scene_done(&scene);
}

/* Every atom is in exactly one of the slabs that share the cell among them. */
static void slabs_share_the_cell(void **state)
{
    for (int normal = 0; normal < 3; normal++) {
        struct scene scene;
        int32_t sum = 0;
        scene_make(&scene, 3, normal, 0, GLYPH_BRAILLE);
        scene.plot.thickness = EDGE / 6;
        for (int k = 0; k < 6; k++) {
            struct slice_seen seen;
            struct grid grid;
            int32_t held = 0;
            assert_true(grid_init(&grid, 80, 24));
            scene.plot.plane = k * EDGE / 6; /* the first one goes round the edge */
            slice_draw(&grid, 0, 0, 80, 24, &scene.plot, &seen);
            for (int32_t i = 0; i < scene.frame->n; i++)
                held += slice_holds(&scene.plot, i);
            assert_int_equal(held, seen.atoms);
            sum += seen.atoms;
            grid_done(&grid);
        }
        assert_int_equal(sum, scene.frame->n);
        scene_done(&scene);
    }
}

/* Where an atom is drawn it is found again; next ones lie where they were looked for. */
static void atoms_are_picked(void **state)
{
    for (int tilted = 0; tilted < 2; tilted++) {
        struct scene scene;
        scene_make(&scene, 3, 2, tilted * 3.0, GLYPH_BRAILLE);
        scene.plot.plane = 3.0; /* one layer of the lattice: no atom hides another */
        scene.plot.thickness = 0.9;
        for (int32_t i = 0; i < scene.frame->n; i++) {
            if (!slice_holds(&scene.plot, i))
                continue;
            struct grid grid;
            bool found = false;
            assert_true(grid_init(&grid, 120, 60));
            scene.plot.atom = i;
            struct slice_seen seen;
            slice_draw(&grid, 0, 0, 120, 60, &scene.plot, &seen);
            for (int k = 0; k < 120 * 60; k++)
                if (grid.cell[k].glyph == 0x25c6) {
                    double place[2];
                    found = true;
                    assert_int_equal(seen.mark_x, k % 120);
                    assert_int_equal(seen.mark_y, k / 120);
                    assert_true(slice_place(&scene.plot, 120, 60, k % 120, k / 120, place));
                    for (int c = 0; c < 2 && !tilted; c++)
                        assert_float_equal(place[c], scene.frame->position[3 * i + c], 0.2);
                    assert_int_equal(slice_pick(&scene.plot, 120, 60, k % 120, k / 120), i);
                }
            assert_true(found);
            int32_t right = slice_next(&scene.plot, 120, 60, 1, 0);
            assert_true(right >= 0 && right != i && slice_holds(&scene.plot, right));
            grid_done(&grid);
        }
        scene_done(&scene);
    }
}

static void any_size_stays_inside(void **state)
{
    struct scene scene;
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++) {
        scene_make(&scene, 3, tier, 2.5, tier);
        scene.plot.arrows = SLICE_BOTH;
        scene.plot.atom = 5;
        for (int width = 1; width < 60; width += 3)
            for (int height = 1; height < 30; height += 2) {
                struct grid grid;
                assert_true(grid_init(&grid, 64, 34));
                scene.plot.zoom = 0.5 + 0.1 * width;
                slice_draw(&grid, 2, 2, width, height, &scene.plot, NULL);
                for (int k = 0; k < 64 * 34; k++) {
                    int x = k % 64 - 2, y = k / 64 - 2;
                    if (x < 0 || y < 0 || x >= width || y >= height)
                        assert_int_equal(grid.cell[k].glyph, ' ');
                }
                grid_done(&grid);
            }
        scene_done(&scene);
    }
}

/* --- from any side --- */

static void draw_space(const struct scene *scene, int width, int height, double turn, double tip, const char *name)
{
    struct grid grid;
    struct slice_seen seen;
    assert_true(grid_init(&grid, width, height));
    space_draw(&grid, 0, 0, width, height, &scene->plot, turn, tip, &seen);
    assert_int_equal(seen.atoms, scene->frame->n);
    golden_grid(&grid, name);
    grid_done(&grid);
}

static void space_looks_as_it_must(void **state)
{
    static const char *const tier_name[] = {"braille", "half", "ascii"};
    char name[64];
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++) {
        struct scene scene;
        scene_make(&scene, 3, 2, 0, tier);
        snprintf(name, sizeof name, "space_%s_80x24", tier_name[tier]);
        draw_space(&scene, 80, 24, 30, 20, name);
        snprintf(name, sizeof name, "space_%s_200x60", tier_name[tier]);
        draw_space(&scene, 200, 60, 30, 20, name);
        unsigned char *marked = calloc((size_t)scene.frame->n, 1);
        assert_non_null(marked);
        for (int i = 0; i < scene.frame->n; i += 4)
            marked[i] = 1;
        scene.plot.marked = marked;
        scene.plot.arrows = SLICE_LABELLED;
        scene.plot.atom = 100;
        snprintf(name, sizeof name, "space_%s_80x24_marked", tier_name[tier]);
        draw_space(&scene, 80, 24, 30, 20, name);
        free(marked);
        scene_done(&scene);
    }
}

/* An atom of the layer next to the eye is found where it is drawn: those behind it are not. */
static void space_picks_the_nearest_to_the_eye(void **state)
{
    const int32_t front = SIDE * SIDE * (SIDE - 1) + SIDE * 3 + 3;
    struct scene scene;
    struct grid grid;
    bool found = false;
    scene_make(&scene, 3, 2, 0, GLYPH_BRAILLE);
    scene.plot.atom = front;
    assert_true(grid_init(&grid, 120, 60));
    space_draw(&grid, 0, 0, 120, 60, &scene.plot, 0, 0, NULL);
    for (int k = 0; k < 120 * 60; k++)
        if (grid.cell[k].glyph == 0x25c6) {
            found = true;
            assert_int_equal(space_pick(&scene.plot, 120, 60, 0, 0, k % 120, k / 120), front);
        }
    assert_true(found);
    grid_done(&grid);
    scene_done(&scene);
}

/* --- as files --- */

static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
        n++;
    return n;
}

/* The file as a string. */
static char *drawn(const struct slice_plot *plot, bool space, enum pen_kind kind)
{
    char *bytes = NULL;
    size_t length = 0;
    isd_error err = {0};
    isd_status status = space ? space_paper(plot, 30, 20, 120, 60, "sigma", kind, &bytes, &length, &err)
                              : slice_paper(plot, 120, 60, "sigma", kind, &bytes, &length, &err);
    if (status != ISD_OK)
        fail_msg("%s", err.what);
    assert_int_equal(strlen(bytes), length);
    return bytes;
}

/* The atoms of the slab are circles and the arrows lines; a bar says how long a length is, and discs say which species. */
static void files_hold_what_is_seen(void **state)
{
    struct scene scene;
    struct slice_seen seen;
    struct grid grid;
    (void)state;
    scene_make(&scene, 3, 2, 0, GLYPH_BRAILLE);
    scene.plot.arrows = SLICE_LABELLED;
    assert_true(grid_init(&grid, 120, 60));
    slice_draw(&grid, 0, 0, 120, 60, &scene.plot, &seen);
    grid_done(&grid);
    char *svg = drawn(&scene.plot, false, PEN_SVG);
    assert_int_equal(strncmp(svg, "<svg ", 5), 0);
    assert_true(count(svg, "<circle") >= seen.atoms + 2);
    assert_true(count(svg, "stroke-width=\"0.9\"") > 0 && count(svg, "stroke-width=\"0.9\"") <= seen.labelled);
    assert_int_equal(count(svg, "nan"), 0);
    assert_int_equal(count(svg, " sigma</text>"), 1);
    free(svg);
    svg = drawn(&scene.plot, true, PEN_SVG);
    assert_int_equal(count(svg, "</svg>"), 1);
    assert_true(count(svg, "<circle") >= scene.frame->n);
    free(svg);
    char *script = drawn(&scene.plot, false, PEN_GNUPLOT);
    assert_int_equal(count(script, "nan"), 0);
    assert_int_equal(count(script, " << EOD\n"), count(script, "\nEOD\n"));
    assert_int_equal(count(script, "\nplot "), 1);
    assert_non_null(strstr(script, "with circles"));
    free(script);
    scene_done(&scene);
}

/* Colours by a value: cells of discs have levels of the ramp, others have none. */
static void values_colour_discs(void **state)
{
    struct scene scene;
    struct grid grid;
    bool low = false, high = false;
    scene_make(&scene, 3, 2, 0, GLYPH_BRAILLE);
    double *shade = calloc((size_t)scene.frame->n, sizeof *shade);
    assert_non_null(shade);
    for (int i = 0; i < scene.frame->n; i++)
        shade[i] = scene.frame->position[3 * i] / EDGE;
    scene.plot.shade = shade;
    scene.plot.shade_high = 1;
    assert_true(grid_init(&grid, 48, 24));
    slice_draw(&grid, 0, 0, 48, 24, &scene.plot, NULL);
    for (int k = 0; k < 48 * 24; k++) {
        if (grid.cell[k].glyph == ' ')
            assert_int_equal(grid.cell[k].front, 0);
        else
            assert_true(grid.cell[k].front >= 1 && grid.cell[k].front <= RAMP_LEVELS);
        low = low || (k % 48 < 6 && grid.cell[k].front == 1);
        high = high || (k % 48 > 41 && grid.cell[k].front == RAMP_LEVELS);
    }
    assert_true(low && high);
    grid_done(&grid);
    free(shade);
    scene_done(&scene);
}

struct found {
    const struct slab *slab;
    double low[3], high[3];
    int32_t end, inside;
};

static bool is_within(const double place[3], const double low[3], const double high[3])
{
    for (int c = 0; c < 3; c++)
        if (place[c] < low[c] || place[c] > high[c])
            return false;
    return true;
}

static void take_range(void *arg, int32_t first, int32_t end)
{
    struct found *found = arg;
    assert_true(first >= found->end && end >= first && end <= found->slab->n);
    found->end = end;
    for (int32_t k = first; k < end; k++)
        found->inside += is_within(&found->slab->place[3 * (size_t)k], found->low, found->high);
}

static double next_share(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0;
}

static isd_snapshot *make_gas(int dim, int32_t n, unsigned *seed)
{
    isd_snapshot *frame;
    isd_error err;
    assert_int_equal(isd_snapshot_new(n, false, &frame, &err), ISD_OK);
    frame->box = (isd_box){.dim = dim, .periodic = {true, true, dim == 3}, .lx = EDGE, .ly = EDGE, .lz = dim == 3 ? EDGE : 1};
    for (int32_t i = 0; i < frame->n; i++) {
        frame->type[i] = 1;
        for (int c = 0; c < dim; c++)
            frame->position[3 * i + c] = EDGE * next_share(seed);
    }
    assert_int_equal(isd_snapshot_freeze(frame, &err), ISD_OK);
    return frame;
}

/* Boxes of all sizes find what they hold: each atom once, in ranges that come in order and do not overlap. */
static void boxes_find_what_they_hold(void **state)
{
    (void)state;
    unsigned seed = 3;
    for (int dim = 2; dim <= 3; dim++) {
        isd_snapshot *frame = make_gas(dim, dim == 2 ? 20000 : 2000, &seed);
        struct slab slab;
        isd_error err;
        assert_int_equal(slab_make(frame, 2, &slab, &err), ISD_OK);
        assert_int_equal(slab.cells[SLAB_ACROSS] > 1, dim == 2); /* large layers are cut */
        for (int round = 0; round < 30; round++) {
            struct found found = {.slab = &slab};
            int32_t wanted = 0;
            for (int c = 0; c < 3; c++) {
                found.low[c] = c == 2 && dim == 2 ? -1 : EDGE * (1.4 * next_share(&seed) - 0.2);
                found.high[c] = found.low[c] + 2 * EDGE * next_share(&seed);
            }
            for (int32_t k = 0; k < slab.n; k++)
                wanted += is_within(&slab.place[3 * (size_t)k], found.low, found.high);
            slab_ranges(&slab, found.low, found.high, take_range, &found);
            assert_int_equal(found.inside, wanted);
        }
        slab_done(&slab);
        isd_snapshot_unref(frame);
    }
}

int main(int argc, char **argv)
{
    golden_root = argc > 1 ? argv[1] : ".";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_as_it_must),    cmocka_unit_test(a_ring_is_drawn_out_of_the_slab_too),
        cmocka_unit_test(slabs_share_the_cell), cmocka_unit_test(atoms_are_picked),
        cmocka_unit_test(any_size_stays_inside), cmocka_unit_test(space_looks_as_it_must),
        cmocka_unit_test(space_picks_the_nearest_to_the_eye), cmocka_unit_test(files_hold_what_is_seen),
        cmocka_unit_test(values_colour_discs), cmocka_unit_test(boxes_find_what_they_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
