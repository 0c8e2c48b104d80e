/* Independent check of an assignment: every pair, by boxes and then one by one. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shares nothing with the solver but isd_lattice_shortest, which defines the distance. How pairs are ruled out: audit.h. */
#include "isdmin/match.h"
#include "match/audit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_GROUPS = 32 };

/* What a chunk of groups found. */
struct share {
    double sum, gap, c_max;
};

struct audit {
    const double *a, *b, *v;
    const int32_t *partner;
    int32_t n;
    struct audit_space space;
    struct audit_tree columns;
    int32_t *rows; /* [n] numbers of the rows in an order that keeps neighbours together */
    const struct audit_kernel *kernel;
    double v_max;  /* largest |v| */
    isd_control *control;
    struct share *share;
    bool ordered[2], piled[2];
};

/* Sixteen rows that are near one another. */
struct group {
    int count;
    int32_t row[AUDIT_FAN], column[AUDIT_FAN]; /* and their partners */
    double middle[3], half[3];
    float r[AUDIT_FAN][3]; /* from the middle */
    double least[AUDIT_FAN]; /* least C - v seen so far */
    double zero; /* largest of these, at first */
    float value[AUDIT_FAN]; /* the others from it */
    double spread; /* largest of these */
    double depth, far; /* largest length from the middle, and largest price from zero, of targets */
    struct audit_targets targets;
};

static double distance_sq(const isd_lattice *lattice, const double from[3], const double to[3])
{
    double d[3] = {to[0] - from[0], to[1] - from[1], to[2] - from[2]};
    return isd_lattice_shortest(lattice, d);
}

static bool is_permutation(const int32_t *partner, int32_t n, uint32_t *seen)
{
    memset(seen, 0, ((size_t)n / 32 + 1) * sizeof *seen);
    for (int32_t i = 0; i < n; i++) {
        int32_t j = partner[i];
        if (j < 0 || j >= n || seen[j / 32] >> (j % 32) & 1)
            return false;
        seen[j / 32] |= 1u << (j % 32);
    }
    return true;
}

/* What the column at a place in the order means to row k of the group. */
static void ask(const struct audit *audit, struct group *group, int k, int32_t place)
{
    int32_t column = audit->columns.index[place];
    if (column == group->column[k])
        return;
    double value = distance_sq(&audit->space.lattice, audit->a + 3 * (size_t)group->row[k], audit->b + 3 * (size_t)column);
    value -= audit->v[column];
    if (value < group->least[k])
        group->least[k] = value;
}

static void ask_all(const struct audit *audit, struct group *group)
{
    for (int k = 0; k < group->count; k++)
        for (int t = 0; t < group->targets.count; t++)
            for (int j = 0; j < AUDIT_FAN; j++) {
                int32_t place = group->targets.leaf[t] * AUDIT_FAN + j;
                if (place < audit->columns.n)
                    ask(audit, group, k, place);
            }
}

/* What rounding, of positions to floats above all, can do to a squared distance less a price. With lengths up to M each coordinate of a
 * difference (up to 3 M) is off by at most 8 units of 2^-24 M, so its square by 48, three of them with their own rounding by less than 2^8;
 * values, five of them rounded, by less than 2^4 units of 2^-24 of the largest. */
static double margin_of(const struct audit *audit, const struct group *group)
{
    double m = group->depth;
    return 0x1p-16 * m * m + 0x1p-20 * (group->spread + group->far) + 64 * m * audit->space.slack + 8 * DBL_EPSILON * audit->v_max + FLT_MIN;
}

/* The leaves gathered so far, against each row. */
static void look_at_targets(const struct audit *audit, struct group *group)
{
    struct audit_targets *targets = &group->targets;
    int32_t place[AUDIT_FAN * AUDIT_TARGETS];
    if (!(group->depth < 1e15 && group->spread + group->far < 1e30)) {
        ask_all(audit, group); /* beyond what floats hold */
        targets->count = 0;
        return;
    }
    for (; targets->count % AUDIT_FAN != 0; targets->count++) {
        for (int c = 0; c < 3; c++)
            targets->center[c][targets->count] = targets->half[c][targets->count] = 0;
        targets->room[targets->count] = -INFINITY;
    }
    double margin = margin_of(audit, group);
    for (int k = 0; k < group->count; k++) {
        float limit = (float)(group->value[k] + margin);
        int hits = audit->kernel->columns(audit->columns.leaf, targets, audit->space.lattice.dim, group->r[k], limit, place);
        for (int h = 0; h < hits; h++)
            ask(audit, group, k, place[h]);
    }
    targets->count = 0;
}

static void add_target(const struct audit *audit, struct group *group, const struct audit_node *node, int lane, int32_t leaf,
                       const double from[3])
{
    struct audit_targets *targets = &group->targets;
    if (targets->count == AUDIT_TARGETS)
        look_at_targets(audit, group);
    int at = targets->count++;
    for (int c = 0; c < 3; c++) {
        double center = node->center[c][lane] - from[c], depth = fabs(center) + node->half[c][lane];
        targets->center[c][at] = (float)center;
        targets->half[c][at] = (float)node->half[c][lane];
        group->depth = depth > group->depth ? depth : group->depth;
    }
    double room = node->v_max[lane] + group->zero;
    targets->room[at] = (float)room;
    targets->leaf[at] = leaf;
    group->far = fabs(room) > group->far ? fabs(room) : group->far;
}

/* All leaves of one image of the columns that could matter to a row. */
static void gather(const struct audit *audit, struct group *group, const double image[3], double room)
{
    const struct audit_tree *tree = &audit->columns;
    struct { int32_t node; int level; } stack[AUDIT_FAN * AUDIT_LEVELS], at;
    double from[3] = {group->middle[0] - image[0], group->middle[1] - image[1], group->middle[2] - image[2]};
    int depth = 1;
    stack[0].node = 0;
    stack[0].level = tree->n_levels - 1;
    while (depth > 0) {
        at = stack[--depth];
        const struct audit_node *node = &tree->node[tree->begin[at.level] + at.node];
        unsigned bits = audit->kernel->children(node, from, group->half, room);
        for (; bits; bits &= bits - 1) {
            int lane = __builtin_ctz(bits);
            if (at.level == 0) {
                add_target(audit, group, node, lane, at.node * AUDIT_FAN + lane, from);
                continue;
            }
            stack[depth].node = at.node * AUDIT_FAN + lane;
            stack[depth++].level = at.level - 1;
        }
    }
}

static void look_at_all(const struct audit *audit, struct group *group)
{
    double room = group->zero + 8 * DBL_EPSILON * (fabs(group->zero) + audit->v_max);
    for (int first = 0; first < audit->space.n_images; first += AUDIT_FAN) {
        const struct audit_node *images = &audit->columns.image[first / AUDIT_FAN];
        unsigned bits = audit->kernel->children(images, group->middle, group->half, room);
        for (; bits; bits &= bits - 1)
            gather(audit, group, audit->space.image[first + __builtin_ctz(bits)], room);
    }
    if (group->targets.count > 0)
        look_at_targets(audit, group);
}

/* Which rows are next, and their partners. They may lie anywhere in memory: all are sent for before any is looked at. */
static void group_name(const struct audit *audit, int32_t first, struct group *group)
{
    group->count = audit->n - first < AUDIT_FAN ? audit->n - first : AUDIT_FAN;
    for (int k = 0; k < group->count; k++) {
        group->row[k] = audit->rows[first + k];
        group->column[k] = audit->partner[group->row[k]];
        __builtin_prefetch(audit->a + 3 * (size_t)group->row[k]);
    }
    for (int k = 0; k < group->count; k++) {
        __builtin_prefetch(audit->b + 3 * (size_t)group->column[k]);
        __builtin_prefetch(audit->v + group->column[k]);
    }
    for (int32_t k = first + AUDIT_FAN; k < first + 2 * AUDIT_FAN && k < audit->n; k++)
        __builtin_prefetch(audit->partner + audit->rows[k]);
}

/* What their matched edges give. */
static void group_fill(const struct audit *audit, struct group *group, struct share *share)
{
    double at[AUDIT_FAN][3], lowest = INFINITY;
    group->zero = -INFINITY;
    for (int k = 0; k < group->count; k++) {
        int32_t row = group->row[k], column = group->column[k];
        const double *r = audit->a + 3 * (size_t)row;
        double cost = distance_sq(&audit->space.lattice, r, audit->b + 3 * (size_t)column);
        audit_space_wrap(&audit->space, r, at[k]);
        group->least[k] = cost - audit->v[column];
        group->zero = group->least[k] > group->zero ? group->least[k] : group->zero;
        lowest = group->least[k] < lowest ? group->least[k] : lowest;
        share->sum += cost;
        share->c_max = cost > share->c_max ? cost : share->c_max;
    }
    group->depth = 0;
    for (int c = 0; c < 3; c++) {
        double lo = at[0][c], hi = lo;
        for (int k = 1; k < group->count; k++) {
            lo = at[k][c] < lo ? at[k][c] : lo;
            hi = at[k][c] > hi ? at[k][c] : hi;
        }
        group->middle[c] = lo + (hi - lo) / 2;
        group->half[c] = (hi - lo) / 2 + audit->space.slack;
        group->depth = group->half[c] > group->depth ? group->half[c] : group->depth;
        for (int k = 0; k < group->count; k++)
            group->r[k][c] = (float)(at[k][c] - group->middle[c]);
    }
    for (int k = 0; k < group->count; k++)
        group->value[k] = (float)(group->least[k] - group->zero);
    group->spread = group->zero - lowest;
    group->far = 0;
}

static void review_chunk(void *arg, int32_t chunk)
{
    struct audit *audit = arg;
    struct share share = {0};
    struct group group;
    int64_t end = ((int64_t)chunk + 1) * CHUNK_GROUPS * AUDIT_FAN;
    group.targets.count = 0;
    for (int64_t first = end - CHUNK_GROUPS * AUDIT_FAN; first < end && first < audit->n; first += AUDIT_FAN) {
        double mine[AUDIT_FAN];
        if (isd_control_cancelled(audit->control))
            return;
        group_name(audit, (int32_t)first, &group);
        group_fill(audit, &group, &share);
        memcpy(mine, group.least, sizeof mine);
        look_at_all(audit, &group);
        for (int k = 0; k < group.count; k++)
            share.gap += mine[k] - group.least[k];
    }
    audit->share[chunk] = share;
}

static isd_status add_slacks(struct audit *audit, isd_certificate *certificate, isd_error *err)
{
    int32_t n = audit->n, rows = CHUNK_GROUPS * AUDIT_FAN, chunks = n / rows + (n % rows > 0);
    struct share all = {0};
    audit->share = malloc((size_t)chunks * sizeof *audit->share);
    if (!audit->share)
        return isd_error_memory(err);
    isd_control_for(audit->control, chunks, review_chunk, audit);
    if (isd_control_cancelled(audit->control)) {
        free(audit->share);
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    for (int32_t k = 0; k < chunks; k++) {
        all.sum += audit->share[k].sum;
        all.gap += audit->share[k].gap;
        all.c_max = fmax(all.c_max, audit->share[k].c_max);
    }
    free(audit->share);
    certificate->sum_sq = all.sum;
    certificate->gap_abs = all.gap;
    certificate->dual = all.sum - all.gap;
    certificate->bound = n * 8 * (DBL_EPSILON * (all.c_max + audit->v_max) + DBL_MIN) + 1e-12 * all.sum; /* of underflow too */
    certificate->certified = all.gap <= certificate->bound;
    return ISD_OK;
}

/* Sets what depends on the size of coordinates and prices; false: something is not finite. */
static bool measure(struct audit *audit, const isd_lattice *lattice)
{
    size_t n = (size_t)audit->n;
    double reach = 0, v_max = 0, nothing = 0; /* 0 x is 0 for numbers alone */
    for (size_t k = 0; k < 3 * n; k++) {
        if (lattice->dim == 2 && k % 3 == 2)
            continue;
        double a = fabs(audit->a[k]), b = fabs(audit->b[k]), larger = a > b ? a : b;
        nothing += 0 * a + 0 * b;
        reach = larger > reach ? larger : reach;
    }
    for (size_t j = 0; j < n; j++) {
        double v = fabs(audit->v[j]);
        nothing += 0 * v;
        v_max = v > v_max ? v : v_max;
    }
    double span = 4 * reach;
    for (int k = 0; k < lattice->rank; k++) {
        const double *e = lattice->basis[k];
        span += 2 * sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]);
    }
    audit->v_max = v_max;
    audit_space_init(&audit->space, lattice, 64 * DBL_EPSILON * span);
    return nothing == 0;
}

static void order_side(void *arg, int32_t side)
{
    struct audit *audit = arg;
    int32_t *index = side == 0 ? audit->rows : audit->columns.index;
    audit->ordered[side] = audit_order(&audit->space, side == 0 ? audit->a : audit->b, audit->n, audit->control, index,
                                       &audit->piled[side]);
}

/* Of columns in one place the dearest alone can matter: the others go out of the order. Returns how many are left. */
static int32_t keep_dearest(const struct audit *audit, int32_t *index)
{
    int32_t kept = 0;
    for (int32_t k = 0; k < audit->n; k++) {
        const double *r = audit->b + 3 * (size_t)index[k], *last = kept > 0 ? audit->b + 3 * (size_t)index[kept - 1] : NULL;
        bool again = last && r[0] == last[0] && r[1] == last[1] && (r[2] == last[2] || audit->space.lattice.dim == 2);
        if (!again)
            index[kept++] = index[k];
        else if (audit->v[index[k]] > audit->v[index[kept - 1]])
            index[kept - 1] = index[k];
    }
    return kept;
}

/* The order of rows, and the tree of columns. */
static isd_status prepare(struct audit *audit, isd_error *err)
{
    size_t n = (size_t)audit->n;
    int32_t *columns = audit->columns.index = malloc(n * sizeof *columns);
    audit->rows = malloc(n * sizeof *audit->rows);
    if (!audit->rows || !columns)
        return isd_error_memory(err);
    isd_control_for(audit->control, 2, order_side, audit);
    if (isd_control_cancelled(audit->control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    if (!audit->ordered[0] || !audit->ordered[1])
        return isd_error_memory(err);
    int32_t count = audit->piled[1] ? keep_dearest(audit, columns) : audit->n;
    if (!audit_tree_init(&audit->columns, &audit->space, audit->b, audit->v, count, columns, audit->control))
        return isd_error_memory(err);
    return ISD_OK;
}

isd_status isd_assignment_check(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *partner,
                                const double *v, isd_control *control, isd_certificate *ret_certificate, isd_error *err)
{
    isd_certificate certificate = {.gap_abs = INFINITY, .dual = -INFINITY};
    struct audit audit = {.a = a, .b = b, .v = v, .partner = partner, .n = n, .kernel = audit_kernel_best(), .control = control};
    isd_status status = ISD_OK;
    if (n < 0)
        return isd_error_set(err, ISD_USAGE, "check of a matching: %d points", (int)n);
    uint32_t *seen = malloc(((size_t)n / 32 + 1) * sizeof *seen);
    if (!seen)
        return isd_error_memory(err);
    isd_lattice lattice;
    isd_lattice_init(&lattice, box);
    if (n == 0) {
        certificate = (isd_certificate){.certified = true};
    } else if (is_permutation(partner, n, seen) && measure(&audit, &lattice)) {
        status = prepare(&audit, err);
        if (status == ISD_OK)
            status = add_slacks(&audit, &certificate, err);
    }
    if (status == ISD_OK)
        *ret_certificate = certificate;
    free(seen);
    free(audit.rows);
    audit_tree_done(&audit.columns);
    return status;
}
