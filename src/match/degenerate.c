/* Atoms that have another partner in some matching nearly as good. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every other matching is the optimum turned round along cycles row -> column -> its row -> ..., and costs what the slacks
 * C_ij - u_i - v_j along them add up to. So a row has an alternative within eps if and only if the shortest cycle through
 * it is no longer than eps. A row's best slack alone would not do: optimal prices leave many an edge tight
 * that lies on no cycle. */
#include "match/reading.h"

#include <math.h>
#include <stdlib.h>

#include "match/near.h"

enum { MOST_EDGES = 256 }; /* per row, on average */

struct edge {
    int32_t to; /* the row that loses its column */
    double slack;
};

struct graph {
    int32_t n;
    const int32_t *owner; /* [n] row of a column */
    size_t *start;        /* [n + 1] */
    struct edge *edge;
    size_t size, room;
    int32_t *component;   /* strongly connected one */
};

/* --- edges --- */

struct finding {
    struct graph *graph;
    int32_t row;
    double u;
    bool memory;
};

static bool add_edge(void *arg, int32_t column, double value)
{
    struct finding *f = arg;
    struct graph *g = f->graph;
    if (g->owner[column] == f->row)
        return true;
    if (g->size >= MOST_EDGES * ((size_t)g->n + 64))
        return false;
    if (g->size == g->room) {
        size_t room = g->room ? 2 * g->room : 1024;
        struct edge *grown = realloc(g->edge, room * sizeof *grown);
        if (!grown) {
            f->memory = true;
            return false;
        }
        g->edge = grown;
        g->room = room;
    }
    g->edge[g->size++] = (struct edge){g->owner[column], fmax(value - f->u, 0)};
    return true;
}

static isd_status find_edges(struct graph *g, const struct near *near, const double *a, const double *b, const int32_t *partner,
                             const double *v, double eps, isd_control *control, isd_error *err)
{
    for (int32_t i = 0; i < g->n; i++) {
        const double *ra = a + 3 * (size_t)i, *rb = b + 3 * (size_t)partner[i];
        double d[3] = {rb[0] - ra[0], rb[1] - ra[1], rb[2] - ra[2]};
        struct finding f = {g, i, isd_lattice_shortest(&near->lattice, d) - v[partner[i]], false};
        g->start[i] = g->size;
        if (i % 256 == 0 && isd_control_cancelled(control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        if (near_visit(near, ra, f.u + eps, add_edge, &f))
            continue;
        if (f.memory)
            return isd_error_memory(err);
        isd_error_set(err, ISD_USAGE, "eps=%g reaches more than %d alternatives an atom", eps, MOST_EDGES);
        isd_error_hint(err, "eps is a squared distance: a small part of r0^2");
        return ISD_USAGE;
    }
    g->start[g->n] = g->size;
    return ISD_OK;
}

/* --- strongly connected components: no cycle leaves one --- */

struct tarjan {
    int32_t *order, *low, *stack, *path;
    size_t *next;
    double most; /* edges of more slack do not count */
    int32_t clock, n_stack, n_components;
};

static void enter(struct tarjan *t, const struct graph *g, int32_t row)
{
    t->order[row] = t->low[row] = ++t->clock;
    t->next[row] = g->start[row];
    t->stack[t->n_stack++] = row;
}

static void close_component(struct tarjan *t, struct graph *g, int32_t row)
{
    int32_t member;
    do {
        member = t->stack[--t->n_stack];
        g->component[member] = t->n_components;
    } while (member != row);
    t->n_components++;
}

static isd_status walk_from(struct tarjan *t, struct graph *g, int32_t root, isd_control *control, isd_error *err)
{
    int32_t depth = 0;
    uint32_t steps = 0;
    t->path[depth] = root;
    enter(t, g, root);
    while (depth >= 0) {
        int32_t row = t->path[depth];
        if (++steps % 65536 == 0 && isd_control_cancelled(control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        if (t->next[row] < g->start[row + 1]) {
            const struct edge *edge = &g->edge[t->next[row]++];
            int32_t to = edge->to;
            if (edge->slack > t->most)
                continue;
            if (t->order[to] == 0) {
                t->path[++depth] = to;
                enter(t, g, to);
            } else if (g->component[to] < 0 && t->order[to] < t->low[row]) {
                t->low[row] = t->order[to];
            }
            continue;
        }
        if (t->low[row] == t->order[row])
            close_component(t, g, row);
        depth--;
        if (depth >= 0 && t->low[row] < t->low[t->path[depth]])
            t->low[t->path[depth]] = t->low[row];
    }
    return ISD_OK;
}

/* Of the edges with at most so much slack. */
static isd_status find_components(struct graph *g, double most, isd_control *control, isd_error *err)
{
    size_t n = (size_t)g->n + 1;
    int32_t *block = calloc(4 * n, sizeof *block);
    struct tarjan t = {.next = malloc(n * sizeof *t.next), .most = most};
    isd_status status = block && t.next ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK) {
        t.order = block;
        t.low = block + n;
        t.stack = block + 2 * n;
        t.path = block + 3 * n;
        for (int32_t i = 0; i < g->n; i++)
            g->component[i] = -1;
        for (int32_t i = 0; i < g->n && status == ISD_OK; i++)
            if (t.order[i] == 0)
                status = walk_from(&t, g, i, control, err);
    }
    free(block);
    free(t.next);
    return status;
}

/* Cycles of no more than n edges, each with so little slack, are no longer than eps: whoever shares a component of such
 * edges is on one. */
static isd_status mark_tied(struct graph *g, double eps, bool *marked, isd_control *control, isd_error *err)
{
    int32_t *size = calloc((size_t)g->n + 1, sizeof *size);
    isd_status status = size ? find_components(g, eps / (g->n + 1.0), control, err) : isd_error_memory(err);
    for (int32_t i = 0; i < g->n && status == ISD_OK; i++)
        size[g->component[i]]++;
    for (int32_t i = 0; i < g->n && status == ISD_OK; i++)
        marked[i] = size[g->component[i]] > 1;
    free(size);
    return status;
}

/* --- shortest cycles --- */

struct heap_item {
    double distance;
    int32_t row, from;
};

struct search {
    struct heap_item *heap;
    size_t size, room;
    int32_t *from;    /* [n] row before on the shortest path; -1: not reached for good */
    int32_t *reached; /* [n] those to be cleared */
    int32_t n_reached;
};

static bool push(struct search *s, struct heap_item item)
{
    if (s->size == s->room) {
        size_t room = s->room ? 2 * s->room : 256;
        struct heap_item *grown = realloc(s->heap, room * sizeof *grown);
        if (!grown)
            return false;
        s->heap = grown;
        s->room = room;
    }
    size_t at = s->size++;
    for (; at > 0 && s->heap[(at - 1) / 2].distance > item.distance; at = (at - 1) / 2)
        s->heap[at] = s->heap[(at - 1) / 2];
    s->heap[at] = item;
    return true;
}

static struct heap_item pop(struct search *s)
{
    struct heap_item top = s->heap[0], last = s->heap[--s->size];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < s->size; at = child) {
        if (child + 1 < s->size && s->heap[child + 1].distance < s->heap[child].distance)
            child++;
        if (s->heap[child].distance >= last.distance)
            break;
        s->heap[at] = s->heap[child];
    }
    s->heap[at] = last;
    return top;
}

static bool push_edges(const struct graph *g, struct search *s, int32_t row, double distance, double eps)
{
    for (size_t e = g->start[row]; e < g->start[row + 1]; e++) {
        struct heap_item item = {distance + g->edge[e].slack, g->edge[e].to, row};
        if (item.distance <= eps && g->component[item.row] == g->component[row] && s->from[item.row] < 0 && !push(s, item))
            return false;
    }
    return true;
}

/* Marks the rows of a shortest cycle through `start`, if it is no longer than eps. False when out of memory. */
static bool find_cycle(const struct graph *g, struct search *s, int32_t start, double eps, bool *marked)
{
    s->size = 0;
    s->n_reached = 0;
    bool good = push_edges(g, s, start, 0, eps);
    while (good && s->size > 0) {
        struct heap_item item = pop(s);
        if (s->from[item.row] >= 0)
            continue;
        s->from[item.row] = item.from;
        s->reached[s->n_reached++] = item.row;
        if (item.row == start)
            break;
        good = push_edges(g, s, item.row, item.distance, eps);
    }
    if (good && s->from[start] >= 0) {
        int32_t row = start;
        do {
            marked[row] = true;
            row = s->from[row];
        } while (row != start);
    }
    for (int32_t k = 0; k < s->n_reached; k++)
        s->from[s->reached[k]] = -1;
    return good;
}

static isd_status count_cycles(struct graph *g, double eps, isd_control *control, int32_t *ret_count, isd_error *err)
{
    size_t n = (size_t)g->n + 1;
    struct search s = {.from = malloc(n * sizeof *s.from), .reached = malloc(n * sizeof *s.reached)};
    bool *marked = calloc(n, sizeof *marked);
    isd_status status = s.from && s.reached && marked ? mark_tied(g, eps, marked, control, err) : isd_error_memory(err);
    if (status == ISD_OK)
        status = find_components(g, INFINITY, control, err);
    for (int32_t i = 0; i < g->n && status == ISD_OK; i++)
        s.from[i] = -1;
    int32_t count = 0;
    for (int32_t i = 0; i < g->n && status == ISD_OK; i++) {
        if (!marked[i] && !find_cycle(g, &s, i, eps, marked))
            status = isd_error_memory(err);
        else if (i % 64 == 0 && isd_control_cancelled(control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    for (int32_t i = 0; i < g->n && status == ISD_OK; i++)
        count += marked[i];
    free(s.heap);
    free(s.from);
    free(s.reached);
    free(marked);
    if (status == ISD_OK)
        *ret_count = count;
    return status;
}

isd_status degenerate_count(const isd_lattice *lattice, const double *a, const double *b, int32_t n, const int32_t *partner,
                            const double *v, double eps, isd_control *control, int32_t *ret_count, isd_error *err)
{
    size_t room = (size_t)n + 1;
    struct near near = {0};
    int32_t *owner = malloc(room * sizeof *owner);
    struct graph g = {.n = n, .owner = owner};
    g.start = malloc(room * sizeof *g.start);
    g.component = malloc(room * sizeof *g.component);
    isd_status status = owner && g.start && g.component ? near_init(&near, lattice, b, v, n, err) : isd_error_memory(err);
    if (status == ISD_OK) {
        for (int32_t i = 0; i < n; i++)
            owner[partner[i]] = i;
        status = find_edges(&g, &near, a, b, partner, v, eps, control, err);
    }
    if (status == ISD_OK)
        status = count_cycles(&g, eps, control, ret_count, err);
    near_done(&near);
    free(owner);
    free(g.start);
    free(g.edge);
    free(g.component);
    return status;
}
