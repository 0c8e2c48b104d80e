"""The same pair by scipy: reads 'n lx ly lz dim', then doubles of a and b and types, and prints seconds of the cost matrix, of the
assignment, and the sum of squares. SPDX-License-Identifier: GPL-3.0-or-later"""
import sys
import time

try:
    import numpy as np
    from scipy.optimize import linear_sum_assignment
except ImportError:
    sys.exit(77)

with open(sys.argv[1], 'rb') as f:
    n, lx, ly, lz, dim = f.readline().split()
    n, dim, side = int(n), int(dim), np.array([float(lx), float(ly), float(lz)])
    a = np.fromfile(f, count=3 * n).reshape(n, 3)
    b = np.fromfile(f, count=3 * n).reshape(n, 3)
    types = np.fromfile(f, count=n)
build = solve = total = 0.0
for t in np.unique(types):
    p, q = a[types == t], b[types == t]
    start = time.process_time()
    cost = np.zeros((len(p), len(q)))
    for c in range(dim):
        d = q[None, :, c] - p[:, None, c]
        d -= side[c] * np.rint(d / side[c])
        cost += d * d
    middle = time.process_time()
    rows, columns = linear_sum_assignment(cost)
    solve += time.process_time() - middle
    build += middle - start
    total += cost[rows, columns].sum()
print(f'{build:.6f} {solve:.6f} {total:.17g}')
