/* A reader of LAMMPS dumps for tests. SPDX-License-Identifier: GPL-3.0-or-later */
#include "dump_lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define MOST_COLUMNS 16

static char line[4096];

static bool next_line(gzFile file)
{
    return gzgets(file, line, sizeof line) != NULL;
}

static void read_box(gzFile file, isd_box *box)
{
    const bool tilted = strstr(line, "xy xz yz") != NULL;
    double low[3], high[3], tilt[3] = {0};
    for (int q = 0; q < 3 && next_line(file); q++) {
        sscanf(line, "%lf %lf %lf", &low[q], &high[q], &tilt[q]);
    }
    *box = (isd_box){.dim = 3, .periodic = {true, true, true}};
    if (tilted) {
        const double x[4] = {0, tilt[0], tilt[1], tilt[0] + tilt[1]};
        low[0] -= fmin(fmin(x[0], x[1]), fmin(x[2], x[3]));
        high[0] -= fmax(fmax(x[0], x[1]), fmax(x[2], x[3]));
        low[1] -= fmin(0, tilt[2]);
        high[1] -= fmax(0, tilt[2]);
        box->xy = tilt[0];
        box->xz = tilt[1];
        box->yz = tilt[2];
    }
    memcpy(box->origin, low, sizeof low);
    box->lx = high[0] - low[0];
    box->ly = high[1] - low[1];
    box->lz = high[2] - low[2];
}

/* What a column means: 0-2 x y z, 3-5 scaled, 6-8 forces, 9 type, 10 energy, -1 anything else. */
static int meaning(const char *name)
{
    static const char *const names[11][3] = {{"x", "xu"}, {"y", "yu"}, {"z", "zu"}, {"xs"}, {"ys"},
                                             {"zs"},      {"fx"},      {"fy"},      {"fz"}, {"type"}, {"c_pea"}};
    for (int k = 0; k < 11; k++) {
        for (int alias = 0; names[k][alias]; alias++) {
            if (strcmp(name, names[k][alias]) == 0) {
                return k;
            }
        }
    }
    return -1;
}

static int read_columns(int means[MOST_COLUMNS], bool *ret_scaled, bool *ret_flat)
{
    int n = 0;
    *ret_scaled = false;
    *ret_flat = true;
    char *rest = line;
    strtok_r(rest, " \n", &rest);
    strtok_r(NULL, " \n", &rest);
    for (char *name; n < MOST_COLUMNS && (name = strtok_r(NULL, " \n", &rest)); n++) {
        means[n] = meaning(name);
        *ret_scaled = *ret_scaled || means[n] == 3;
        *ret_flat = *ret_flat && means[n] != 2 && means[n] != 5;
    }
    return n;
}

static void read_atom(struct dump_frame *frame, int32_t i, const int *means, int columns, bool scaled)
{
    double value[11] = {[10] = NAN};
    char *p = line;
    for (int k = 0; k < columns; k++) {
        const double x = strtod(p, &p);
        if (means[k] >= 0) {
            value[means[k]] = x;
        }
    }
    double *r = frame->r + 3 * i;
    memcpy(r, value, 3 * sizeof *r);
    if (scaled) {
        const isd_box *b = &frame->box;
        r[0] = b->origin[0] + value[3] * b->lx + value[4] * b->xy + value[5] * b->xz;
        r[1] = b->origin[1] + value[4] * b->ly + value[5] * b->yz;
        r[2] = b->origin[2] + value[5] * b->lz;
    }
    memcpy(frame->f + 3 * i, value + 6, 3 * sizeof *r);
    frame->type[i] = (int32_t)value[9];
    frame->energy[i] = value[10];
}

static bool read_frame(gzFile file, struct dump_frame *frame)
{
    int means[MOST_COLUMNS];
    bool scaled, flat;
    memset(frame, 0, sizeof *frame);
    while (next_line(file)) {
        if (strncmp(line, "ITEM: NUMBER", 12) == 0 && next_line(file)) {
            frame->n = (int32_t)strtol(line, NULL, 10);
        } else if (strncmp(line, "ITEM: BOX", 9) == 0) {
            read_box(file, &frame->box);
        } else if (strncmp(line, "ITEM: ATOMS", 11) == 0) {
            const int columns = read_columns(means, &scaled, &flat);
            const size_t n = (size_t)frame->n;
            frame->type = calloc(n + 1, sizeof *frame->type);
            frame->r = calloc(3 * n + 1, sizeof *frame->r);
            frame->f = calloc(3 * n + 1, sizeof *frame->f);
            frame->energy = calloc(n + 1, sizeof *frame->energy);
            bool z_seen = false;
            for (int32_t i = 0; i < frame->n && next_line(file); i++) {
                read_atom(frame, i, means, columns, scaled);
                z_seen = z_seen || frame->r[3 * i + 2] != frame->r[2];
            }
            frame->box.dim = flat || !z_seen ? 2 : 3;
            return true;
        }
    }
    return false;
}

int dump_lines_read(const char *path, struct dump_frame **ret_frames)
{
    gzFile file = gzopen(path, "rb");
    if (!file) {
        return -1;
    }
    struct dump_frame *frames = calloc(64, sizeof *frames);
    int n = 0;
    while (n < 64 && read_frame(file, &frames[n])) {
        n++;
    }
    gzclose(file);
    *ret_frames = frames;
    return n;
}

void dump_lines_free(struct dump_frame *frames, int n)
{
    for (int k = 0; k < n; k++) {
        free(frames[k].type);
        free(frames[k].r);
        free(frames[k].f);
        free(frames[k].energy);
    }
    free(frames);
}
