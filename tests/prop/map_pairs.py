#!/usr/bin/env python3
"""The map of all pairs of frames against matchings of single pairs, each begun from nothing in another process: the pairs of a row
begin from one another where their frames are near. SPDX-License-Identifier: GPL-3.0-or-later

Usage: map_pairs.py PROGRAM DATA   (a set of frames of the Kob-Andersen mixture)
"""
import json
import os
import random
import subprocess
import sys
import tempfile

FRAMES = 6
READINGS = ['of=raw', 'of=raw species=blind', 'of=raw drift=remove', 'of=raw type=2', 'of=is']


def write_walk(path, n=300, side=7.0):
    """Atoms that move by little from frame to frame, and once by a lot."""
    rng = random.Random(7)
    r = [[rng.uniform(0, side) for _ in range(3)] for _ in range(n)]
    with open(path, 'w', encoding='ascii') as file:
        for frame in range(FRAMES):
            box = f'0 {side}\n' * 3
            file.write(f'ITEM: TIMESTEP\n{frame}\nITEM: NUMBER OF ATOMS\n{n}\nITEM: BOX BOUNDS pp pp pp\n{box}'
                       'ITEM: ATOMS id type xu yu zu\n')
            for i, x in enumerate(r):
                file.write(f'{i + 1} {1 + i % 3 // 2} {x[0]!r} {x[1]!r} {x[2]!r}\n')
            step = 0.6 if frame == 2 else 0.02
            r = [[c + rng.gauss(0, step) for c in x] for x in r]


def ask(path, threads, commands):
    """The objects that commands print, one a line."""
    run = subprocess.run([sys.argv[1], '--no-cache', '--json', '-j', str(threads), '-c', commands, path], capture_output=True,
                         text=True, timeout=300)
    if run.returncode != 0:
        sys.exit(f'{commands}: exit status {run.returncode}\n{run.stdout}\n{run.stderr}')
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith('{')]


def near(a, b):
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b))


def compare(path, reading):
    """How many figures of a map are wrong."""
    bad = 0
    last = FRAMES - 1
    before = 'timestep 0.005; ' + (f'system ka3d; quench 0..{last}; ' if reading == 'of=is' else '')
    maps = [[row for row in ask(path, threads, f'{before}map 0..{last} {reading}') if row['cmd'] == 'map'] for threads in (1, 2)]
    if maps[0] != maps[1]:
        print(f'{reading}: other numbers on two threads')
        bad += 1
    d = [row['d_min'] for row in maps[0]]
    rmsd = [row['rmsd'] for row in maps[0]]
    if len(d) != FRAMES or any(len(row) != FRAMES for row in d) or not all(row['certified'] for row in maps[0]):
        sys.exit(f'{reading}: not a map of {FRAMES} certified rows')
    pairs = [(i, j) for i in range(FRAMES) for j in range(i + 1, FRAMES)]
    singles = ask(path, 1, before + '; '.join(f'match {i}:{j} {reading}' for i, j in pairs))
    singles = [single for single in singles if single['cmd'] == 'match']
    if len(singles) != len(pairs):
        sys.exit(f'{reading}: {len(singles)} matchings of {len(pairs)} pairs')
    for (i, j), one in zip(pairs, singles):
        good = near(d[i][j], one['d_min']) and d[j][i] == d[i][j] and near(rmsd[i][j], one['rmsd'])
        if not good or not 0 < d[i][j] <= rmsd[i][j] * (1 + 1e-12):
            print(f'{reading} {i}:{j}: map {d[i][j]!r} {rmsd[i][j]!r}, match {one["d_min"]!r} {one["rmsd"]!r}')
            bad += 1
    for i in range(FRAMES):
        for j in range(FRAMES):
            if d[i][j] > min(d[i][k] + d[k][j] for k in range(FRAMES)) * (1 + 1e-12) or (i == j and d[i][j] != 0):
                print(f'{reading} {i}:{j}: {d[i][j]!r} is no distance')
                bad += 1
    return bad


def main():
    bad = sum(compare(sys.argv[2], reading) for reading in READINGS)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'walk.dump')
        write_walk(path)
        bad += sum(compare(path, reading) for reading in READINGS if reading != 'of=is')
    print(f'{bad} wrong')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
