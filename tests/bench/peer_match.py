"""The same pair by others: reads 'n lx ly lz dim', then doubles of a and b and types, and prints one line a measurement, 'name value'. CPU
seconds: dense_matrix, dense (scipy's dense assignment, its sum dense_sum), sparse (min_weight_full_bipartite_matching on the 20 nearest
neighbours of both sides, edges and all, its sum sparse_sum: not exact), pot (POT's ot.emd on the dense matrix, its sum pot_sum). What is not
there, or would not fit, is left out. SPDX-License-Identifier: GPL-3.0-or-later"""
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
try:
    import ot
except ImportError:
    ot = None

DENSE_MAX, NEAREST = 12000, 20
BYTES = {'dense': 35, 'pot': 70}  # a pair of points


def fits(what, n):
    """Whether the memory at hand holds what the peer makes of n points."""
    try:
        with open('/proc/meminfo', encoding='ascii') as f:
            free = next(int(line.split()[1]) * 1024 for line in f if line.startswith('MemAvailable'))
    except (OSError, StopIteration):
        free = 4e9
    return n <= DENSE_MAX and BYTES[what] * n * n < 0.8 * free


def matrix(p, q):
    cost = np.zeros((len(p), len(q)))
    for c in range(dim):
        d = q[None, :, c] - p[:, None, c]
        d -= side[c] * np.rint(d / side[c])
        d *= d
        cost += d
    return cost


def dense(p, q, cost, out):
    start = time.process_time()
    rows, columns = linear_sum_assignment(cost)
    out['dense'] = out.get('dense', 0) + time.process_time() - start
    out['dense_sum'] = out.get('dense_sum', 0) + cost[rows, columns].sum()


def pot(p, q, cost, out):
    start = time.process_time()
    plan = ot.emd(np.ones(len(p)), np.ones(len(q)), cost, numItermax=10**9)
    out['pot'] = out.get('pot', 0) + time.process_time() - start
    out['pot_sum'] = out.get('pot_sum', 0) + (plan * cost).sum()


def sparse(p, q, out):
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
        return False  # no full matching among these edges
    out['sparse'] = out.get('sparse', 0) + time.process_time() - start
    out['sparse_sum'] = out.get('sparse_sum', 0) + np.asarray(graph[i, j]).sum() - shift * len(p)
    return True


with open(sys.argv[1], 'rb') as f:
    n, lx, ly, lz, dim = f.readline().split()
    n, dim, side = int(n), int(dim), np.array([float(lx), float(ly), float(lz)])
    a = np.fromfile(f, count=3 * n).reshape(n, 3)
    b = np.fromfile(f, count=3 * n).reshape(n, 3)
    types = np.fromfile(f, count=n)
result, whole = {}, True
for t in np.unique(types):
    p, q = a[types == t], b[types == t]
    whole = whole and sparse(p, q, result)
    if fits('dense', len(p)):
        start = time.process_time()
        cost = matrix(p, q)
        result['dense_matrix'] = result.get('dense_matrix', 0) + time.process_time() - start
        dense(p, q, cost, result)
        if ot is not None and fits('pot', len(p)):
            pot(p, q, cost, result)
        del cost
for name, value in result.items():
    if whole or not name.startswith('sparse'):
        print(name, f'{value:.17g}')
