"""The same pair by scipy: reads 'n lx ly lz dim', then doubles of a and b and types, and prints seconds of the cost matrix, of the dense
assignment, and its sum of squares; then seconds and sum of the sparse assignment on the 20 nearest neighbours of both sides, edges and all
(not exact). nan where there is none. SPDX-License-Identifier: GPL-3.0-or-later"""
import sys
import time

try:
    import numpy as np
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching
    from scipy.spatial import cKDTree
except ImportError:
    sys.exit(77)

DENSE_MAX, NEAREST = 12000, 20


def dense(p, q):
    start = time.process_time()
    cost = np.zeros((len(p), len(q)))
    for c in range(dim):
        d = q[None, :, c] - p[:, None, c]
        d -= side[c] * np.rint(d / side[c])
        cost += d * d
    middle = time.process_time()
    rows, columns = linear_sum_assignment(cost)
    return middle - start, time.process_time() - middle, cost[rows, columns].sum()


def sparse(p, q):
    start = time.process_time()
    box = side[:dim]
    p, q = (np.mod(x[:, :dim], box) % box for x in (p, q))
    k = min(NEAREST, len(p))
    forward = cKDTree(q, boxsize=box).query(p, k)[1].reshape(len(p), k)
    backward = cKDTree(p, boxsize=box).query(q, k)[1].reshape(len(q), k)
    each = np.repeat(np.arange(len(p)), k)
    pairs = np.unique(np.concatenate([each * len(p) + forward.ravel(), backward.ravel() * len(p) + each]))
    rows, columns = pairs // len(p), pairs % len(p)
    d = q[columns] - p[rows]
    d -= box * np.rint(d / box)
    cost = (d * d).sum(axis=1)
    shift = 1.0  # a zero would be no edge
    graph = coo_matrix((cost + shift, (rows, columns)), shape=(len(p), len(p))).tocsr()
    try:
        i, j = min_weight_full_bipartite_matching(graph)
    except ValueError:
        return np.nan, np.nan
    return time.process_time() - start, np.asarray(graph[i, j]).sum() - shift * len(p)


with open(sys.argv[1], 'rb') as f:
    n, lx, ly, lz, dim = f.readline().split()
    n, dim, side = int(n), int(dim), np.array([float(lx), float(ly), float(lz)])
    a = np.fromfile(f, count=3 * n).reshape(n, 3)
    b = np.fromfile(f, count=3 * n).reshape(n, 3)
    types = np.fromfile(f, count=n)
full, near = np.zeros(3), np.zeros(2)
for t in np.unique(types):
    full += dense(a[types == t], b[types == t]) if n <= DENSE_MAX else np.nan
    near += sparse(a[types == t], b[types == t])
print(*(f'{x:.17g}' for x in (*full, *near)))
