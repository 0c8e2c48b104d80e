#!/usr/bin/env python3
"""like=script against the paper's script, spelled out with scipy. SPDX-License-Identifier: GPL-3.0-or-later

Usage: script_reading.py PROGRAM ROOT   (exit status 77 without numpy or scipy)

Consecutive frames; box edges |xlo - xhi| of the later one; one wrap; types ignored, or one type alone; per pair the root of
the mean cost, over pairs the mean and the population's deviation.
"""
import gzip
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

try:
    import numpy as np
    from scipy.optimize import linear_sum_assignment
except ImportError:
    sys.exit(77)

FRAMES = 8


def read_frames(path):
    """(edges, table sorted by id) of each frame; the table has id, type and coordinates."""
    frames, lines = [], gzip.open(path, 'rt').read().splitlines()
    at = 0
    while at < len(lines):
        n = int(lines[at + 3])
        bounds = np.array([[float(x) for x in line.split()] for line in lines[at + 5:at + 8]])
        rows = np.array([[float(x) for x in line.split()] for line in lines[at + 9:at + 9 + n]])
        table = rows[:, :5]  # as the script: id type x y z whatever they are called, here xu yu zu
        frames.append((np.abs(bounds[:, 0] - bounds[:, 1]), table[table[:, 0].argsort()]))
        at += 9 + n
    return frames


def distance(before, now, kind):
    edges, table = now
    a, b = before[1], table
    if kind:
        a, b = a[a[:, 1] == kind], b[b[:, 1] == kind]
    d = np.abs(b[None, :, 2:] - a[:, None, 2:])
    d = np.where(d > edges / 2, d - edges, d)
    cost = (d ** 2).sum(axis=2)
    return np.sqrt(cost[linear_sum_assignment(cost)].mean())


def main(program, root):
    data = pathlib.Path(root) / 'assets/demo/ka3d_T045.dump.gz'
    frames = read_frames(data)
    failed = False
    for kind in (0, 2):
        want = np.array([distance(frames[k], frames[k + 1], kind) for k in range(FRAMES)])
        chosen = f'type={kind}' if kind else ''
        commands = ';'.join(f'match {k}:{k + 1} of=raw like=script {chosen}' for k in range(FRAMES))
        if kind:
            commands += f';series of=raw like=script {chosen}'
            want = np.append(want, [distance(frames[k], frames[k + 1], kind) for k in range(FRAMES, len(frames) - 1)])
        run = subprocess.run([program, '--json', '-c', commands, str(data)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             text=True, check=True)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        got = np.array([a['d_min'] for a in answers if a['cmd'] == 'match'])
        failed |= len(got) != FRAMES or bool(np.abs(got - want[:FRAMES]).max() > 1e-12)
        print(f'type {kind or "all"}: largest difference {np.abs(got - want[:FRAMES]).max():.1e}')
        for row in (a for a in answers if a['cmd'] == 'series'):
            difference = max(abs(row['d_min'] - want.mean()), abs(row['d_min_sd'] - want.std()))
            failed |= bool(difference > 1e-12) or row['pairs'] != len(want)
            print(f'series of {row["pairs"]} pairs: {difference:.1e}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]))
