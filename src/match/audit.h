/* The parts of the checker. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which of all pairs could beat the prices is found in three steps, each of which only ever lets too many through: boxes about many
 * columns against boxes about rows, in doubles; boxes about sixteen columns, and then columns, against single rows, in floats with a
 * margin for their rounding. What comes through is asked of isd_lattice_shortest. Periodic images are taken one by one,
 * each as open space. */
#ifndef MATCH_AUDIT_H
#define MATCH_AUDIT_H

#include "isdmin/box.h"
#include "isdmin/control.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    AUDIT_FAN = 16,    /* points in a leaf, leaves or nodes in a node, rows in a group */
    AUDIT_LEVELS = 9,  /* enough for 2^32 points */
    AUDIT_IMAGES = 125,
    AUDIT_TARGETS = 128 /* leaves that a group looks at in one go; a multiple of AUDIT_FAN */
};

/* Columns from the middle of their leaf, and their prices below the largest of the leaf; beyond the end -INFINITY. */
struct audit_leaf {
    float x[3][AUDIT_FAN], w[AUDIT_FAN];
};

/* Boxes about leaves or nodes, rounding included, with the largest price inside. Where there is none v_max is -INFINITY. */
struct audit_node {
    double center[3][AUDIT_FAN], half[3][AUDIT_FAN], v_max[AUDIT_FAN];
};

/* Columns in an order that keeps neighbours together, and a tree over them. */
struct audit_tree {
    int32_t n, n_leaves;
    int32_t *index; /* [n] number of the column */
    struct audit_leaf *leaf;
    struct audit_node *node;
    int n_levels;
    int32_t begin[AUDIT_LEVELS + 1]; /* of each level in node; level 0 has leaves for children, the last has one node */
    struct audit_node image[AUDIT_IMAGES / AUDIT_FAN + 1]; /* the box about all columns, in each image of the space */
};

/* Points are moved into the cell by whole lattice vectors; rounding of what comes out is below slack. */
struct audit_space {
    isd_lattice lattice;
    double slack;
    int n_images;
    double image[AUDIT_IMAGES][3]; /* translations that can make a shortest vector of two points in the cell */
};
void audit_space_init(struct audit_space *space, const isd_lattice *lattice, double slack);
void audit_space_wrap(const struct audit_space *space, const double r[3], double ret_r[3]);

/* index: [n] filled with the numbers of the points r along a curve; *ret_piled: many lie in one place, one after the other. False: out of
 * memory. Cancelled, the order is any. */
bool audit_order(const struct audit_space *space, const double *r, int32_t n, isd_control *control, int32_t *ret_index, bool *ret_piled);

/* Takes over index (from audit_order), also where it fails. False: out of memory. */
bool audit_tree_init(struct audit_tree *tree, const struct audit_space *space, const double *r, const double *v, int32_t n,
                     int32_t *index, isd_control *control);
void audit_tree_done(struct audit_tree *tree);

/* Leaves before a group of rows, from its middle. Lengths in floats, prices and rows' values from a common zero. */
struct audit_targets {
    int count; /* padded with room -INFINITY to a multiple of AUDIT_FAN */
    float center[3][AUDIT_TARGETS], half[3][AUDIT_TARGETS], room[AUDIT_TARGETS];
    int32_t leaf[AUDIT_TARGETS];
};

/* What depends on the instruction set; results do not. */
struct audit_kernel {
    /* Children of a node nearer to the box (center, half) than sqrt(room + v_max), as bits. */
    unsigned (*children)(const struct audit_node *node, const double center[3], const double half[3], double room);
    /* Columns of the targets with |x - r|^2 <= room + w + limit: their places in the order, in ret_place [AUDIT_FAN
     * AUDIT_TARGETS]. Returns how many. */
    int (*columns)(const struct audit_leaf *leaf, const struct audit_targets *targets, int dim, const float r[3], float limit,
                   int32_t *ret_place);
    /* Places along the Hilbert curve of sixteen cells of a grid of 2^bits a side, dim bits <= 32; x is used up. */
    void (*keys)(uint32_t x[3][AUDIT_FAN], int bits, int dim, uint32_t ret_key[AUDIT_FAN]);
};
extern const struct audit_kernel audit_kernel_vector, audit_kernel_avx2, audit_kernel_avx512;
const struct audit_kernel *audit_kernel_best(void);

#endif
