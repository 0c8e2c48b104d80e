#!/usr/bin/env python3
"""Readings of a pair and the map of 64 frames by the program against scipy: each species, all atoms alike, one type, some atoms, the drift
removed, a uniform shift looked for, unequal boxes. SPDX-License-Identifier: GPL-3.0-or-later

Usage: readings_scipy.py PROGRAM [SCENES]   (exit status 77 without numpy or scipy)
"""
import json
import os
import subprocess
import sys
import tempfile

import match_scipy
from match_scipy import linear_sum_assignment, np

FRAMES = 64


def write_frames(path, frames, types, periodic):
    """frames: (origin, cell with edges as rows, unwrapped positions)."""
    flags = ' '.join('pp' if p else 'ff' for p in periodic)
    with open(path, 'w', encoding='ascii') as file:
        for step, (origin, cell, r) in enumerate(frames):
            (lx, _, _), (xy, ly, _), (xz, yz, lz) = cell
            low = origin + [min(0, xy, xz, xy + xz), min(0, yz), 0]
            high = origin + [lx + max(0, xy, xz, xy + xz), ly + max(0, yz), lz]
            file.write(f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(r)}\nITEM: BOX BOUNDS xy xz yz {flags}\n')
            for lo, hi, tilt in zip(low, high, (xy, xz, yz)):
                file.write(f'{float(lo)!r} {float(hi)!r} {float(tilt)!r}\n')
            file.write('ITEM: ATOMS id type xu yu zu\n')
            for i, (x, y, z) in enumerate(r.tolist()):
                file.write(f'{i + 1} {types[i]} {x!r} {y!r} {z!r}\n')


def ask(program, path, commands):
    run = subprocess.run([program, '--no-cache', '--json', '-c', 'timestep 1; ' + '; '.join(commands), path], stdout=subprocess.PIPE, text=True,
                         check=True, timeout=300)
    return [json.loads(line) for line in run.stdout.splitlines()]


class Scene:
    """Two frames of some atoms; what scipy says of them."""

    def __init__(self, rng, unequal):
        n = int(rng.integers(8, 40))
        lx, ly, lz = rng.uniform(2, 6, 3)
        xy, xz, yz = rng.uniform(-0.5, 0.5, 3) * [lx, lx, ly] * int(rng.integers(2))
        cell = np.array([[lx, 0, 0], [xy, ly, 0], [xz, yz, lz]])
        self.periodic = [True] * 3 if unequal else [bool(rng.integers(4)) for _ in range(3)]
        self.types = 1 + np.arange(n) % 3 // 2
        origin = rng.uniform(-1, 1, 3)
        a = origin + rng.uniform(0, 1, (n, 3)) @ cell
        b = a + rng.normal(0, rng.choice([0.05, 0.4, 2]), (n, 3)) + rng.normal(0, 0.2, 3)
        self.frames = [(origin, cell, a), (origin, cell, b)]
        self.cell = cell
        self.points = [a, b]
        if unequal:
            other = cell * rng.uniform(0.95, 1.05, (3, 3))
            moved = (b - origin) @ np.linalg.inv(cell) @ other + origin + 0.3
            self.frames[1] = (origin + 0.3, other, moved)
            self.cell = (cell + other) / 2
            self.points = [(r - o) @ np.linalg.inv(c) @ self.cell + origin + 0.15 for o, c, r in self.frames]

    def differences(self, shift=0.0):
        return match_scipy.shortest(3, self.periodic, self.cell, (self.points[0], self.points[1] - shift))

    def matched(self, groups, shift=0.0):
        """Vectors from atoms to their partners."""
        d = self.differences(shift)
        found = []
        for group in groups:
            part = d[np.ix_(group, group)]
            rows, columns = linear_sum_assignment((part ** 2).sum(axis=2))
            found.append(part[rows, columns])
        return np.concatenate(found)

    def distance(self, groups, shift=0.0):
        return np.sqrt((self.matched(groups, shift) ** 2).sum(axis=1).mean())

    def aligned(self, groups):
        shift = np.zeros(3)
        for _ in range(1000):
            mean = self.matched(groups, shift).mean(axis=0)
            if np.abs(mean).max() < 1e-13:
                break
            shift += mean
        return self.distance(groups, shift)


def wanted(scene):
    """Options of `match`, and what D_min is by scipy."""
    every = np.arange(len(scene.types))
    species = [every[scene.types == t] for t in (1, 2)]
    drift = (scene.points[1] - scene.points[0]).mean(axis=0)
    return {
        '': scene.distance(species),
        'species=blind': scene.distance([every]),
        'type=2': scene.distance(species[1:]),
        'atoms=2..7': scene.distance([group[(group >= 1) & (group <= 6)] for group in species]),
        'drift=remove': scene.distance(species, drift),
        'align=on': scene.aligned(species),
        'align=on species=blind': scene.aligned([every]),
    }


def check_scene(program, path, scene, unequal):
    write_frames(path, scene.frames, scene.types, scene.periodic)
    want = wanted(scene)
    if unequal:
        want = {options + ' boxes=affine': d for options, d in want.items()}
    answers = ask(program, path, [f'match 0:1 of=raw {options}' for options in want])
    bad = 0
    for (options, d), answer in zip(want.items(), answers):
        if abs(answer['d_min'] - d) > 1e-10 * (1 + d) or not answer['certified']:
            print(f'{len(scene.types)} atoms, {options}: {answer["d_min"]!r}, scipy {d!r}')
            bad += 1
    return bad + (len(answers) != len(want))


def check_map(program, path, rng):
    """Frames near one another in time, so that each pair begins from the one before."""
    n, side = 40, 4.0
    types = 1 + np.arange(n) % 3 // 2
    r = rng.uniform(0, side, (n, 3))
    walk = [r := r + rng.normal(0, 0.6 if k == 30 else 0.03, (n, 3)) for k in range(FRAMES)]
    write_frames(path, [(np.zeros(3), np.eye(3) * side, r) for r in walk], types, [True] * 3)
    rows = ask(program, path, ['map all of=raw'])
    bad = int(len(rows) != FRAMES)
    worst = 0
    for i, row in enumerate(rows):
        for j in range(FRAMES):
            d = walk[j][None] - walk[i][:, None]
            cost = ((d - side * np.round(d / side)) ** 2).sum(axis=2)
            cost[types[:, None] != types[None]] = 1e6
            off = abs(row['d_min'][j] - np.sqrt(cost[linear_sum_assignment(cost)].mean()))
            worst = max(worst, off)
        bad += not row['certified']
    print(f'map of {len(rows)} frames: off by {worst:.1e} at most')
    return bad + (worst > 1e-12)


def main(program, scenes=30):
    rng = np.random.default_rng(match_scipy.SEED)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'frames.dump')
        bad = sum(check_scene(program, path, Scene(rng, k % 3 == 0), k % 3 == 0) for k in range(int(scenes)))
        bad += check_map(program, path, rng)
    print(f'{scenes} scenes, {bad} wrong')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
