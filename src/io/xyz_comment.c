/* Keys and values of XYZ comments in three dialects. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/xyz_comment.h"

#include "io/numbers.h"
#include "io/words.h"

struct piece {
    const char *p, *end;
};

/* What the keys say, before it is put together. */
struct keys {
    struct piece lattice, origin, pbc, properties, columns, cell, lengths, sim_box, step, time;
};

/* The value at p, without its quotes or braces; returns what follows it. */
static const char *take_value(const char *p, const char *end, struct piece *ret_value)
{
    char close = '\0';
    if (p < end && (*p == '"' || *p == '\''))
        close = *p;
    else if (p < end && (*p == '{' || *p == '['))
        close = *p == '{' ? '}' : ']';
    if (close == '\0') {
        *ret_value = (struct piece){p, word_end(p, end)};
        return ret_value->end;
    }
    char open = *p++;
    int depth = 1;
    ret_value->p = p;
    for (; p < end; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        else if (*p == close && --depth == 0)
            break;
        else if (*p == open && open != close)
            depth++;
    }
    ret_value->end = p;
    return p < end ? p + 1 : end;
}

static void note_key(struct keys *keys, const char *p, const char *end, struct piece value)
{
    const struct {
        const char *name;
        struct piece *slot;
    } known[] = {
        {"Lattice", &keys->lattice},     {"Origin", &keys->origin},   {"pbc", &keys->pbc},
        {"Properties", &keys->properties}, {"columns", &keys->columns}, {"cell", &keys->cell},
        {"boxLengths", &keys->lengths},  {"sim_box", &keys->sim_box}, {"step", &keys->step},
        {"Timestep", &keys->step},       {"timeStepIndex", &keys->step}, {"Time", &keys->time},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (word_is_like(p, end, known[k].name) && known[k].slot->p == NULL)
            *known[k].slot = value;
}

/* A value behind a colon stands at once, but LAMMPS writes "Atoms. Timestep: 100". */
static const char *after_colon(const char *p, const char *end)
{
    const char *next = word_start(p, end);
    int64_t whole;
    return word_int(next, end, &whole) != NULL ? next : p;
}

static void read_keys(const char *p, const char *end, struct keys *keys)
{
    for (p = word_start(p, end); p < end; p = word_start(p, end)) {
        struct piece key = {p, p}, value;
        if (*p == '"' || *p == '\'' || *p == '{' || *p == '[') {
            p = take_value(p, end, &key);
        } else {
            while (p < end && !word_blank(*p) && *p != '=' && *p != ':')
                p++;
            key.end = p;
        }
        const char *after = word_start(p, end);
        if (after < end && *after == '=') /* blanks are allowed around it */
            p = word_start(after + 1, end);
        else if (p < end && *p == ':')
            p = after_colon(p + 1, end);
        else
            continue; /* a word that stands alone */
        p = take_value(p, end, &value);
        note_key(keys, key.p, key.end, value);
    }
}

/* --- the cell -------------------------------------------------------------------------------------------------------- */

static isd_status read_origin(const struct keys *keys, double origin[3], isd_error *err)
{
    if (keys->origin.p == NULL ||
        numbers_parse(keys->origin.p, (size_t)(keys->origin.end - keys->origin.p), origin, 4) == 3)
        return ISD_OK;
    return isd_error_set(err, ISD_DATA, "Origin=%.*s, expected three numbers", word_shown(keys->origin.p, keys->origin.end), keys->origin.p);
}

static isd_status read_lattice(const struct keys *keys, struct file_cell *cell, isd_error *err)
{
    double v[10], origin[4] = {0, 0, 0};
    struct piece text = keys->lattice;
    int n = numbers_parse(text.p, (size_t)(text.end - text.p), v, 10);
    if (n != 9 && n != 3)
        return isd_error_set(err, ISD_DATA, "Lattice=\"%.*s\", expected nine numbers: the vectors a, b, c",
                             word_shown(text.p, text.end), text.p);
    isd_status status = read_origin(keys, origin, err);
    if (status != ISD_OK)
        return status;
    const double a[3] = {v[0], n == 9 ? v[1] : 0, n == 9 ? v[2] : 0}, c[3] = {n == 9 ? v[6] : 0, n == 9 ? v[7] : 0, n == 9 ? v[8] : v[2]};
    const double b[3] = {n == 9 ? v[3] : 0, n == 9 ? v[4] : v[1], n == 9 ? v[5] : 0};
    if (!cell_from_vectors(cell, a, b, c, origin))
        return isd_error_set(err, ISD_DATA, "Lattice=\"%.*s\" spans no volume", word_shown(text.p, text.end), text.p);
    return ISD_OK;
}

/* Lengths of a box around 0, in two or three dimensions. */
static isd_status read_lengths(const char *key, struct piece text, struct file_cell *cell, isd_error *err)
{
    double v[4];
    int n = numbers_parse(text.p, (size_t)(text.end - text.p), v, 4);
    if (n < 2 || n > 3 || !cell_from_numbers(cell, v, n))
        return isd_error_set(err, ISD_DATA, "%s%.*s, expected two or three positive lengths", key, word_shown(text.p, text.end), text.p);
    cell->box.origin[0] = -cell->box.lx / 2;
    cell->box.origin[1] = -cell->box.ly / 2;
    cell->box.origin[2] = -cell->box.lz / 2;
    return ISD_OK;
}

/* "RectangularSimulationBox,Lx,Ly,Lz" */
static isd_status read_sim_box(struct piece text, struct file_cell *cell, isd_error *err)
{
    const char *comma = memchr(text.p, ',', (size_t)(text.end - text.p));
    if (comma == NULL || !word_is(text.p, comma, "RectangularSimulationBox"))
        return isd_error_set(err, ISD_DATA, "sim_box=%.*s, expected RectangularSimulationBox,Lx,Ly,Lz", word_shown(text.p, text.end), text.p);
    return read_lengths("sim_box=", (struct piece){comma + 1, text.end}, cell, err);
}

/* "T T F", "1 1 0", or one for all. */
static isd_status read_pbc(struct piece text, bool periodic[3], isd_error *err)
{
    bool value[3] = {true, true, true};
    int n = 0;
    for (const char *p = text.p; p != NULL && p < text.end;) {
        const char *stop = p;
        while (stop < text.end && (*stop == '\0' || strchr(" \t\r,[]{}", *stop) == NULL))
            stop++;
        if (stop == p) {
            p++;
            continue;
        }
        bool yes = word_is_like(p, stop, "T") || word_is_like(p, stop, "true") || word_is(p, stop, "1");
        bool no = word_is_like(p, stop, "F") || word_is_like(p, stop, "false") || word_is(p, stop, "0");
        if (n == 3 || (!yes && !no))
            return isd_error_set(err, ISD_DATA, "pbc=\"%.*s\", expected T or F for each axis", word_shown(text.p, text.end), text.p);
        value[n++] = yes;
        p = stop;
    }
    for (int d = 0; d < 3; d++)
        periodic[d] = value[n == 1 ? 0 : d];
    return ISD_OK;
}

static isd_status read_cell(const struct keys *keys, struct xyz_comment *c, isd_error *err)
{
    c->has_cell = true;
    isd_status status = ISD_OK;
    if (keys->lattice.p != NULL)
        status = read_lattice(keys, &c->cell, err);
    else if (keys->cell.p != NULL)
        status = read_lengths("cell:", keys->cell, &c->cell, err);
    else if (keys->lengths.p != NULL)
        status = read_lengths("boxLengths=", keys->lengths, &c->cell, err);
    else if (keys->sim_box.p != NULL)
        status = read_sim_box(keys->sim_box, &c->cell, err);
    else
        c->has_cell = false;
    c->from_0 = keys->lattice.p == NULL && keys->cell.p == NULL && (keys->lengths.p != NULL || keys->sim_box.p != NULL);
    if (status == ISD_OK && keys->pbc.p != NULL)
        status = read_pbc(keys->pbc, c->cell.box.periodic, err);
    return status;
}

/* --- columns --------------------------------------------------------------------------------------------------------- */

/* How good a name is for the species: 0 is none. */
static int species_rank(const char *p, const char *end)
{
    static const char *const names[] = {"Z", "numbers", "type", "element", "species"};
    for (int k = (int)(sizeof names / sizeof *names) - 1; k >= 0; k--)
        if (word_is_like(p, end, names[k]))
            return k + 1;
    return 0;
}

static bool is_position(const char *p, const char *end)
{
    return word_is_like(p, end, "pos") || word_is_like(p, end, "position") || word_is_like(p, end, "positions");
}

static const char *field_end(const char *p, const char *end, char separator)
{
    const char *stop = memchr(p, separator, (size_t)(end - p));
    return stop != NULL ? stop : end;
}

struct chosen {
    int species, rank, position, dimension, id;
};

static isd_status refuse_columns(const char *key, struct piece text, const char *what, isd_error *err)
{
    return isd_error_set(err, ISD_DATA, "%s%.*s: %s", key, word_shown(text.p, text.end), text.p, what);
}

static void use_chosen(struct xyz_comment *c, const struct chosen *chosen)
{
    struct row_plan *plan = &c->plan;
    for (int d = 0; d < chosen->dimension; d++)
        plan->use[chosen->position + d] = (unsigned char)(COLUMN_POSITION + d);
    if (chosen->species >= 0)
        plan->use[chosen->species] = COLUMN_ELEMENT;
    if (chosen->id >= 0)
        plan->use[chosen->id] = COLUMN_ID;
    c->has_species = chosen->species >= 0;
    c->has_id = chosen->id >= 0;
    c->flat = chosen->dimension == 2;
}

/* name:kind:count triples. */
static isd_status read_properties(struct piece text, struct xyz_comment *c, isd_error *err)
{
    struct chosen chosen = {.species = -1, .position = -1, .id = -1};
    struct row_plan *plan = &c->plan;
    plan->n = 0;
    for (const char *p = text.p; p < text.end;) {
        const char *name_end = field_end(p, text.end, ':');
        const char *kind = name_end < text.end ? name_end + 1 : text.end, *kind_end = field_end(kind, text.end, ':');
        const char *count_text = kind_end < text.end ? kind_end + 1 : text.end;
        int64_t count = 0;
        const char *stop = count_text < text.end ? scan_int64(count_text, text.end, &count) : NULL;
        if (stop == NULL || (stop < text.end && *stop != ':') || kind_end - kind != 1 || count < 1 || count > ROWS_MAX_COLUMNS - plan->n)
            return refuse_columns("Properties=", text, "expected name:S|R|I|L:count triples, 256 columns at most", err);
        int rank = count == 1 ? species_rank(p, name_end) : 0;
        if (rank > chosen.rank) {
            chosen.rank = rank;
            chosen.species = plan->n;
        } else if (is_position(p, name_end) && (count == 2 || count == 3) && chosen.position < 0) {
            chosen.position = plan->n;
            chosen.dimension = (int)count;
        } else if (word_is(p, name_end, "id") && *kind == 'I' && count == 1 && chosen.id < 0) {
            chosen.id = plan->n;
        }
        plan->n += (int)count;
        p = stop < text.end ? stop + 1 : stop;
    }
    if (chosen.position < 0)
        return refuse_columns("Properties=", text, "no pos:R:3 among them", err);
    use_chosen(c, &chosen);
    return ISD_OK;
}

/* RUMD and atooms: names with commas; pos stands for as many columns as there are dimensions, what is called id is the
 * species. Columns after the last name mean nothing. */
static isd_status read_columns(struct piece text, int dimension, struct xyz_comment *c, isd_error *err)
{
    static const char *const images[] = {"imx", "imy", "imz"}, *const axes[] = {"x", "y", "z"};
    struct row_plan *plan = &c->plan;
    int found[3] = {-1, -1, -1}, n_images = 0;
    plan->n = 0;
    plan->more_allowed = true;
    memset(plan->use, COLUMN_SKIP, sizeof plan->use);
    for (const char *p = text.p; p < text.end;) {
        const char *stop = field_end(p, text.end, ',');
        bool whole_position = is_position(p, stop), vector = whole_position || word_is(p, stop, "vel");
        int width = vector ? dimension : 1;
        if (width > ROWS_MAX_COLUMNS - plan->n)
            return refuse_columns("columns=", text, "more than 256", err);
        bool species = word_is(p, stop, "id") || word_is(p, stop, "name") || species_rank(p, stop) > 0;
        if (species && !c->has_species) {
            plan->use[plan->n] = COLUMN_ELEMENT;
            c->has_species = true;
        }
        for (int d = 0; d < 3; d++) {
            if (found[d] < 0 && (word_is(p, stop, axes[d]) || (whole_position && d < width)))
                found[d] = plan->n + (whole_position ? d : 0);
            if (word_is(p, stop, images[d])) {
                plan->use[plan->n] = (unsigned char)(COLUMN_IMAGE + d);
                n_images++;
            }
        }
        plan->n += width;
        p = stop < text.end ? stop + 1 : stop;
    }
    for (int d = 0; d < 3; d++)
        if (found[d] >= 0)
            plan->use[found[d]] = (unsigned char)(COLUMN_POSITION + d);
    if (found[0] < 0 || found[1] < 0)
        return refuse_columns("columns=", text, "no pos and no x, y, z among them", err);
    c->flat = found[2] < 0;
    plan->images = n_images >= 2;
    for (int k = 0; k < plan->n && !plan->images; k++)
        if (plan->use[k] >= COLUMN_IMAGE)
            plan->use[k] = COLUMN_SKIP;
    return ISD_OK;
}

static void plain_columns(struct xyz_comment *c)
{
    c->plan.n = 4;
    c->plan.more_allowed = true;
    c->plan.use[0] = COLUMN_ELEMENT;
    for (int d = 0; d < 3; d++)
        c->plan.use[1 + d] = (unsigned char)(COLUMN_POSITION + d);
    c->has_species = true;
}

isd_status xyz_comment_parse(const char *text, size_t length, struct xyz_comment *ret_comment, isd_error *err)
{
    struct keys keys = {{NULL, NULL}};
    struct xyz_comment *c = ret_comment;
    double v[4];
    memset(c, 0, sizeof *c);
    read_keys(text, text + length, &keys);
    isd_status status = read_cell(&keys, c, err);
    if (status != ISD_OK)
        return status;
    int dimension = keys.cell.p != NULL && numbers_parse(keys.cell.p, (size_t)(keys.cell.end - keys.cell.p), v, 4) == 2 ? 2 : 3;
    if (keys.properties.p != NULL)
        status = read_properties(keys.properties, c, err);
    else if (keys.columns.p != NULL)
        status = read_columns(keys.columns, dimension, c, err);
    else
        plain_columns(c);
    c->has_step = keys.step.p != NULL && word_int(keys.step.p, keys.step.end, &c->step) == keys.step.end;
    c->has_time = keys.time.p != NULL && word_real(keys.time.p, keys.time.end, &c->time) == keys.time.end;
    return status;
}
