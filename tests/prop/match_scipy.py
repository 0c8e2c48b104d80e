#!/usr/bin/env python3
"""Small boxes by the thousand against scipy, distances from all images; and Poisson points where the optimum among the edges to ten
nearest neighbours is none over all, which the check must find. SPDX-License-Identifier: GPL-3.0-or-later

Usage: match_scipy.py PROGRAM [CASES]   (PROGRAM: match_lines; exit status 77 without numpy or scipy)
"""
import subprocess
import sys

try:
    import numpy as np
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching
    from scipy.spatial import cKDTree
except ImportError:
    sys.exit(77)

SEED = 20261


def make_case(rng, k):
    """Boxes of 0.5 to 4 with tilts of up to an edge; points anywhere, on a coarse grid (ties) or all in a corner."""
    dim = 2 + int(rng.integers(2))
    periodic = [bool(rng.integers(4)) for _ in range(3)]
    lx, ly, lz = rng.uniform(0.5, 4, 3)
    tilt = np.zeros(3) if rng.integers(2) else rng.uniform(-1, 1, 3) * [lx, lx, ly]
    if dim == 2:
        tilt[1:] = 0
    cell = np.array([[lx, 0, 0], [tilt[0], ly, 0], [tilt[1], tilt[2], lz]])
    n = int(rng.integers(0, 11))
    kind = k % 3
    points = []
    for _ in range(2):
        s = rng.uniform(-1, 2, (n, 3)) if kind == 0 else rng.integers(0, 4, (n, 3)) / 4 if kind == 1 else rng.uniform(0, 0.2, (n, 3))
        r = s @ cell
        if dim == 2:
            r[:, 2] = 0.5
        points.append(r)
    return dim, periodic, cell, points


def shortest(dim, periodic, cell, points):
    """Differences of all pairs, the shortest over every image that can be it: those within the largest rounded difference and half the
    cell's edges."""
    vectors = [cell[c] for c in range(dim) if periodic[c]]
    d = points[1][None, :, :] - points[0][:, None, :]
    if dim == 2:
        d[:, :, 2] = 0
    if vectors and d.size:
        v = np.array(vectors)
        dual = np.linalg.pinv(v)
        d = d - np.round(d @ dual) @ v
        reach = np.linalg.norm(v, axis=1).sum() * np.linalg.norm(dual, axis=0)
        grids = np.meshgrid(*[np.arange(-int(np.ceil(m)), int(np.ceil(m)) + 1) for m in reach], indexing='ij')
        images = d[:, :, None, :] + np.stack([g.ravel() for g in grids], axis=1) @ v
        best = (images ** 2).sum(axis=3).argmin(axis=2)
        d = np.take_along_axis(images, best[:, :, None, None], axis=2)[:, :, 0, :]
    return d


def costs(dim, periodic, cell, points):
    return (shortest(dim, periodic, cell, points) ** 2).sum(axis=2)


def line(dim, periodic, cell, points, claim=None):
    head = [dim, *[int(p) for p in periodic], cell[0, 0], cell[1, 1], cell[2, 2], cell[1, 0], cell[2, 0], cell[2, 1], len(points[0])]
    return ' '.join(repr(float(x)) if isinstance(x, float) else str(int(x)) for x in head) + ' ' + \
        ' '.join(repr(float(x)) for r in points for x in r.ravel()) + \
        (' 0' if claim is None else ' 1 ' + ' '.join(str(int(j)) for j in claim))


def ask(program, lines):
    run = subprocess.run([program], input='\n'.join(lines), stdout=subprocess.PIPE, text=True, check=True)
    return run.stdout.splitlines()


def best_of_nearest(a, b, side, k):
    """The optimum among the edges to the k nearest neighbours from both sides: partners."""
    n = len(a)
    _, to = cKDTree(b, boxsize=side).query(a, k)
    _, back = cKDTree(a, boxsize=side).query(b, k)
    every = np.repeat(np.arange(n), k)
    edges = np.unique(np.concatenate([every * n + to.ravel(), back.ravel() * n + every]))
    i, j = edges // n, edges % n
    d = b[j] - a[i]
    d -= side * np.round(d / side)
    rows, columns = min_weight_full_bipartite_matching(coo_matrix(((d ** 2).sum(axis=1), (i, j)), shape=(n, n)).tocsr())
    partner = np.empty(n, int)
    partner[rows] = columns
    return partner


def nearest_are_not_enough(program, n=9088, k=10):
    """Whether the optimum is better than that among nearest neighbours, and the check refuses the latter."""
    rng = np.random.default_rng(SEED)
    side = n ** (1 / 3)
    a, b = rng.uniform(0, side, (2, n, 3))
    partner = best_of_nearest(a, b, side, k)
    d = b[partner] - a
    d -= side * np.round(d / side)
    theirs = (d ** 2).sum()
    words = ask(program, [line(3, [True] * 3, np.diag([side] * 3), (a, b), partner)])[0].split()
    ours, claimed = float(words[0]), float(words[-2])
    print(f'{n} Poisson points: {ours:.5f}, among {k} nearest neighbours {theirs:.5f}')
    return words[1] == '1' and words[-1] == '0' and ours < theirs * (1 - 1e-5) and abs(claimed - theirs) < 1e-9 * theirs


def main(program, cases=3000):
    rng = np.random.default_rng(SEED)
    made = [make_case(rng, k) for k in range(int(cases))]
    answers = ask(program, [line(*case) for case in made])
    failed = len(answers) != len(made) or not nearest_are_not_enough(program)
    for k, (case, answer) in enumerate(zip(made, answers)):
        words = answer.split()
        cost, total, partner = costs(*case), float(words[0]), [int(w) for w in words[2:]]
        rows, columns = linear_sum_assignment(cost)
        want, own = cost[rows, columns].sum(), cost[np.arange(len(partner)), partner].sum()
        tolerance = 1e-11 * (1 + want)
        if abs(total - want) > tolerance or abs(own - want) > tolerance or sorted(partner) != list(range(len(cost))) or words[1] != '1':
            failed = True
            print(f'case {k}: {total!r} ({own!r} by its partners, certified {words[1]}), scipy {want!r}')
    print(f'{len(made)} cases')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
