/* A sound file of each format out of fuzz bytes, but for the fields that the maker spoils. SPDX-License-Identifier: GPL-3.0-or-later */
#include "maker.h"

#include <string.h>

static const char *const axes = "xyz";

static void numbers_line(struct maker *m, const char *const *text, int n)
{
    for (int k = 0; k < n; k++) {
        maker_text(m, k > 0 ? " " : "");
        maker_field(m, text[k]);
    }
    maker_text(m, maker_dice(m, 16) == 15 ? "\r\n" : "\n");
}

static void positions(struct maker *m, struct made_frame *f, int i)
{
    for (int d = 0; d < 3; d++) {
        maker_text(m, d > 0 ? " " : "");
        maker_field(m, maker_number(m, &f->r[i][d]));
    }
}

/* --- LAMMPS text ------------------------------------------------------------------------------------------------------- */

static int dump_box(struct maker *m)
{
    static const char *const low = "-1", *const high = "11.5";
    int shape = (int)maker_dice(m, 3);
    static const char *const names[] = {"", " xy xz yz", " abc origin"}, *const flags[] = {" pp pp pp", " pp pp ff", "", " fs sm p"};
    static const char *const vectors[3][4] = {{"12", "0", "0", "-1"}, {"1", "12", "0", "-1"}, {"0", "0.5", "12", "-1"}};
    static const char *const tilts[] = {"0.5", "-0.25", "1"};
    maker_text(m, "ITEM: BOX BOUNDS");
    maker_field(m, names[shape]);
    maker_field(m, flags[maker_dice(m, 4)]);
    maker_text(m, "\n");
    for (int d = 0; d < 3; d++)
        numbers_line(m, shape == 2 ? vectors[d] : (const char *const[]){low, high, tilts[d]}, shape == 2 ? 4 : 2 + shape);
    return shape;
}

static void dump_row(struct maker *m, struct made_frame *f, int i, const char *columns)
{
    double any;
    for (const char *p = columns; *p != '\0';) {
        size_t length = strcspn(p, " ");
        if (length == 2 && memcmp(p, "id", 2) == 0)
            maker_int(m, f->id[i]);
        else if (length == 4 && memcmp(p, "type", 4) == 0)
            maker_int(m, f->type[i]);
        else if (*p == 'e')
            maker_field(m, i % 2 == 0 ? "Si" : "O");
        else if (*p == 'i')
            maker_int(m, (long)maker_dice(m, 5) - 2);
        else if (*p >= 'x' && *p <= 'z')
            maker_field(m, maker_number(m, length == 1 ? &f->r[i][*p - 'x'] : &any));
        else
            maker_field(m, "0.5");
        p += length;
        if (*p == ' ')
            p++;
        maker_text(m, *p != '\0' ? " " : maker_dice(m, 16) == 15 ? " \r\n" : "\n");
    }
}

static void make_dump(struct maker *m)
{
    static const char *const columns[] = {
        "id type x y z", "type x y z", "id type xs ys zs", "id element x y z ix iy iz", "id type xu yu zu", "id type x y z ix iy iz vx",
        "id type xs ys zs ix iy iz", "id x y", "vx z y x type id", "type id xsu ysu zsu q", "id type element x y z"};
    int frames = 1 + (int)maker_dice(m, MAKER_FRAMES);
    for (int k = 0; k < frames; k++) {
        struct made_frame *f = maker_frame(m);
        unsigned extra = maker_dice(m, 8);
        if (extra & 1)
            maker_text(m, "ITEM: UNITS\n"), maker_field(m, "lj"), maker_text(m, "\n");
        if (extra & 2)
            maker_text(m, "ITEM: TIME\n"), maker_field(m, "0.25"), maker_text(m, "\n");
        maker_field(m, "ITEM: TIMESTEP\n");
        maker_int(m, 100 * k);
        maker_text(m, "\nITEM: NUMBER OF ATOMS\n");
        maker_int(m, f->n);
        maker_text(m, "\n");
        int shape = dump_box(m);
        if (extra & 4)
            maker_text(m, "ITEM: SOMETHING\n1 2 3\n");
        const char *names = columns[maker_dice(m, sizeof columns / sizeof *columns)];
        maker_text(m, "ITEM: ATOMS ");
        maker_field(m, names);
        maker_text(m, "\n");
        f->has_ids = strstr(names, "id") != NULL;
        f->has_types = strstr(names, "type") != NULL && strstr(names, "element") == NULL;
        f->has_positions = shape < 2 && strstr(names, "z") != NULL && strstr(names, "xs") == NULL && strstr(names, "xu") == NULL;
        for (int i = 0; i < f->n; i++)
            dump_row(m, f, i, names);
    }
}

static void make_data(struct maker *m)
{
    static const struct {
        const char *name, *before; /* of the columns between type and x; m: molecule before the type */
        bool molecule;
    } styles[] = {{"atomic", "", false}, {"charge", "0.5 ", false}, {"full", "-0.5 ", true}, {"molecular", "", true}, {"sphere", "1.0 2.5 ", false}};
    struct made_frame *f = maker_frame(m);
    unsigned style = maker_dice(m, 5), extra = maker_dice(m, 16);
    maker_text(m, "a comment\n\n");
    maker_int(m, f->n);
    maker_text(m, " atoms\n3 atom types\n\n");
    for (int d = 0; d < 3; d++) {
        char keyword[] = " xlo xhi\n";
        keyword[1] = keyword[5] = axes[d];
        maker_field(m, "-1.5");
        maker_text(m, " ");
        maker_field(m, "11");
        maker_field(m, keyword);
    }
    if (extra & 1)
        numbers_line(m, (const char *const[]){"0.5", "-1", "2", "xy xz yz"}, 4);
    if (extra & 2)
        maker_text(m, "\nMasses\n\n1 1.0\n2 2.0\n3 3.0 # C\n");
    if (extra & 4)
        maker_text(m, "\nAtom Type Labels\n\n1 A\n2 B\n3 C\n");
    maker_text(m, "\nAtoms # ");
    maker_field(m, styles[style].name);
    maker_text(m, "\n\n");
    for (int i = 0; i < f->n; i++) {
        maker_int(m, f->id[i]);
        maker_text(m, styles[style].molecule ? " 1 " : " ");
        if (extra & 4)
            maker_field(m, (const char *const[]){"A", "B", "C"}[f->type[i] - 1]);
        else
            maker_int(m, f->type[i]);
        maker_text(m, " ");
        maker_text(m, styles[style].before);
        positions(m, f, i);
        if (extra & 8)
            maker_text(m, " "), maker_field(m, "0 -1 2");
        maker_text(m, maker_dice(m, 8) == 7 ? " # here\n" : "\n");
    }
    if (extra & 2)
        maker_text(m, "\nVelocities\n\n1 0 0 0\n");
}

/* --- LAMMPS binary ----------------------------------------------------------------------------------------------------- */

static void binary_header(struct maker *m, const struct made_frame *f, bool new_form, int step)
{
    if (new_form) {
        maker_uint(m, (uint64_t)-10, 8);
        maker_text(m, "DUMPCUSTOM");
        maker_uint(m, 1, 4);
        maker_uint(m, 2, 4);
    }
    maker_uint(m, (uint64_t)step, 8);
    maker_uint(m, (uint64_t)f->n, 8);
    bool tilted = maker_dice(m, 2) == 1;
    maker_uint(m, tilted, 4);
    for (int k = 0; k < 6; k++)
        maker_uint(m, 0, 4);
    for (int d = 0; d < 3; d++) {
        maker_double(m, -2);
        maker_double(m, 12);
    }
    for (int d = 0; d < 3 && tilted; d++)
        maker_double(m, 0.5 * d);
    maker_uint(m, 5, 4);
}

static void make_binary(struct maker *m)
{
    int frames = 1 + (int)maker_dice(m, MAKER_FRAMES);
    bool new_form = maker_dice(m, 4) > 0;
    m->big = maker_dice(m, 2) == 1;
    for (int k = 0; k < frames; k++) {
        struct made_frame *f = maker_frame(m);
        binary_header(m, f, new_form, 10 * k);
        f->has_positions = new_form; /* else scaled */
        if (new_form) {
            maker_uint(m, 2, 4);
            maker_text(m, "lj");
            maker_bytes(m, "", 1); /* no time */
            maker_uint(m, 13, 4);
            maker_field(m, "id type x y z");
        }
        int first = maker_dice(m, 2) == 1 && f->n > 1 ? f->n - 1 : f->n;
        maker_uint(m, first < f->n ? 2 : 1, 4);
        for (int i = 0; i < f->n; i++) {
            if (i == 0 || i == first)
                maker_uint(m, 5u * (unsigned)(i == 0 ? first : f->n - first), 4);
            maker_double(m, (double)f->id[i]);
            maker_double(m, f->type[i]);
            for (int d = 0; d < 3; d++) {
                maker_number(m, &f->r[i][d]);
                maker_double(m, f->r[i][d]);
            }
        }
    }
}

/* --- XYZ --------------------------------------------------------------------------------------------------------------- */

static void xyz_comment(struct maker *m, unsigned dialect, bool ids, int step)
{
    static const char *const lattices[] = {"12 0 0 0 12 0 0 0 12", "12 0 0 1 12 0 0.5 -1 12", "12 12 12"};
    switch (dialect) {
    case 0:
        maker_text(m, "Lattice=\"");
        maker_field(m, lattices[maker_dice(m, 3)]);
        maker_field(m, ids ? "\" Properties=species:S:1:id:I:1:pos:R:3" : "\" Properties=species:S:1:pos:R:3");
        maker_field(m, " pbc=\"T T F\"");
        maker_text(m, " Time=");
        maker_field(m, "1.5");
        break;
    case 1:
        maker_field(m, "columns:id,pos");
        maker_text(m, " cell:");
        maker_field(m, "12.0,12.0,12.0");
        maker_text(m, " step:");
        maker_int(m, step);
        break;
    case 2:
        maker_text(m, "ioformat=1 boxLengths=");
        maker_field(m, "12,12,12");
        maker_field(m, " numTypes=2 columns=type,x,y,z");
        break;
    default:
        maker_field(m, "anything");
        break;
    }
    maker_text(m, "\n");
}

static void make_xyz(struct maker *m)
{
    unsigned dialect = maker_dice(m, 4);
    int frames = 1 + (int)maker_dice(m, MAKER_FRAMES);
    for (int k = 0; k < frames; k++) {
        struct made_frame *f = maker_frame(m);
        bool ids = dialect == 0 && maker_dice(m, 2) == 1;
        f->has_ids = ids;
        f->has_types = false;
        maker_int(m, f->n);
        maker_text(m, "\n");
        xyz_comment(m, dialect, ids, k);
        for (int i = 0; i < f->n; i++) {
            maker_field(m, (const char *const[]){"Si", "O", "H"}[f->type[i] - 1]);
            maker_text(m, " ");
            if (ids)
                maker_int(m, f->id[i]), maker_text(m, " ");
            positions(m, f, i);
            maker_text(m, "\n");
        }
    }
}

/* --- VASP -------------------------------------------------------------------------------------------------------------- */

static void vasp_header(struct maker *m, const struct made_frame *f, bool names)
{
    maker_text(m, "comment\n");
    maker_field(m, "1");
    maker_text(m, "\n");
    numbers_line(m, (const char *const[]){"12", "0", "0"}, 3);
    numbers_line(m, (const char *const[]){"1", "12", "0"}, 3);
    numbers_line(m, (const char *const[]){"0", "-0.5", "12"}, 3);
    if (names)
        maker_field(m, "Si O\n");
    maker_int(m, f->n - f->n / 2);
    maker_text(m, " ");
    maker_int(m, f->n / 2);
    maker_text(m, "\n");
}

static void make_poscar(struct maker *m)
{
    struct made_frame *f = maker_frame(m);
    unsigned extra = maker_dice(m, 8);
    f->has_ids = f->has_types = false;
    f->has_positions = (extra & 2) != 0;
    vasp_header(m, f, extra & 1);
    if (extra & 4)
        maker_field(m, "Selective dynamics\n");
    maker_field(m, extra & 2 ? "Cartesian" : "Direct");
    maker_text(m, "\n");
    for (int i = 0; i < f->n; i++) {
        positions(m, f, i);
        maker_text(m, extra & 4 ? " T T F\n" : "\n");
    }
}

static void make_xdatcar(struct maker *m)
{
    int frames = 1 + (int)maker_dice(m, MAKER_FRAMES);
    for (int k = 0; k < frames; k++) {
        struct made_frame *f = maker_frame(m);
        f->has_ids = f->has_types = f->has_positions = false;
        if (k == 0 || m->frame[k].n != m->frame[k - 1].n || maker_dice(m, 2) == 1)
            vasp_header(m, f, true);
        maker_field(m, "Direct configuration=");
        maker_int(m, k + 1);
        maker_text(m, "\n");
        for (int i = 0; i < f->n; i++) {
            positions(m, f, i);
            maker_text(m, "\n");
        }
    }
}

/* --- GSD --------------------------------------------------------------------------------------------------------------- */

struct gsd_piece {
    int frame, name, type, columns;
    uint64_t rows;
    size_t at;
};

static const char *const gsd_names[] = {"configuration/step", "configuration/box",  "particles/N",
                                        "particles/position", "particles/typeid",   "particles/image"};

static void gsd_put(struct maker *m, struct gsd_piece *list, int *n, int frame, int name, int type, uint64_t rows, int columns)
{
    list[(*n)++] = (struct gsd_piece){.frame = frame, .name = name, .type = type, .columns = columns, .rows = rows, .at = m->n};
}

static void gsd_frame(struct maker *m, int k, struct gsd_piece *list, int *n)
{
    struct made_frame *f = maker_frame(m);
    f->has_ids = f->has_types = false;
    gsd_put(m, list, n, k, 0, 4, 1, 1);
    maker_uint(m, (uint64_t)k * 7, 8);
    gsd_put(m, list, n, k, 1, 9, 6, 1);
    for (int d = 0; d < 6; d++)
        maker_float(m, d < 3 ? 12 : 0.25f * (float)(d - 4));
    gsd_put(m, list, n, k, 2, 3, 1, 1);
    maker_uint(m, (uint64_t)f->n, 4);
    gsd_put(m, list, n, k, 3, 9, (uint64_t)f->n, 3);
    for (int i = 0; i < f->n; i++)
        for (int d = 0; d < 3; d++) {
            maker_number(m, &f->r[i][d]);
            maker_float(m, (float)f->r[i][d]);
        }
    gsd_put(m, list, n, k, 4, 3, (uint64_t)f->n, 1);
    for (int i = 0; i < f->n; i++)
        maker_uint(m, (uint64_t)f->type[i] - 1, 4);
    if (maker_dice(m, 2) == 1) {
        gsd_put(m, list, n, k, 5, 7, (uint64_t)f->n, 3);
        for (int i = 0; i < 3 * f->n; i++)
            maker_uint(m, (uint64_t)i, 4);
    }
}

static void gsd_index(struct maker *m, const struct gsd_piece *list, int n)
{
    for (int k = 0; k < n; k++) {
        maker_uint(m, (uint64_t)list[k].frame, 8);
        maker_uint(m, list[k].rows, 8);
        maker_uint(m, list[k].at, 8);
        maker_uint(m, (uint64_t)list[k].columns, 4);
        maker_uint(m, (uint64_t)list[k].name, 2);
        maker_uint(m, (uint64_t)list[k].type, 1);
        maker_uint(m, 0, 1);
    }
}

/* The header is written last, when it is known where all lies. */
static void make_gsd(struct maker *m)
{
    struct gsd_piece list[6 * MAKER_FRAMES];
    int n = 0, frames = 1 + (int)maker_dice(m, MAKER_FRAMES);
    bool version_1 = maker_dice(m, 2) == 1;
    static const uint8_t zeros[256];
    maker_bytes(m, zeros, 256);
    for (int k = 0; k < frames; k++)
        gsd_frame(m, k, list, &n);
    size_t names = m->n;
    for (int k = 0; k < 6; k++) {
        char slot[64] = "";
        strncpy(slot, gsd_names[k], sizeof slot - 1);
        maker_bytes(m, slot, version_1 ? sizeof slot : strlen(slot) + 1);
    }
    maker_bytes(m, zeros, 256);
    maker_bytes(m, zeros, 256);
    size_t index = m->n;
    gsd_index(m, list, n);
    size_t end = m->n;
    m->n = 0;
    maker_uint(m, 0x65DF65DF65DF65DFu, 8);
    maker_uint(m, index, 8);
    maker_uint(m, (uint64_t)n, 8);
    maker_uint(m, names, 8);
    maker_uint(m, 6, 8);
    maker_uint(m, 0x00010004, 4);
    maker_uint(m, version_1 ? 0x00010000 : 0x00020000, 4);
    maker_text(m, "application");
    m->n = 112;
    maker_text(m, "hoomd");
    m->n = end;
}

void maker_make(struct maker *m, int kind)
{
    static void (*const make[MAKER_KINDS])(struct maker *) = {make_dump, make_data,   make_binary, make_xyz,
                                                              make_poscar, make_xdatcar, make_gsd};
    make[kind](m);
}
