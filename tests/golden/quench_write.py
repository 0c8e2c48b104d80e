#!/usr/bin/env python3
"""What `quench write=` leaves of a frame: all but the places. SPDX-License-Identifier: GPL-3.0-or-later

Usage: quench_write.py PROGRAM

Identities, types, images, times and cells of the dump are those of the frames it was made of, however these were written. Read
again it holds the same inherent structures, to the last digit.
"""
import atexit
import gzip
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
from checks import check, finish # pylint: disable=wrong-import-position

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix='isdmin-quench-'))
atexit.register(shutil.rmtree, FOLDER, True)
SIDE, SPACING = 4, 1.0
EDGE = SIDE * SPACING
STEPS = (0, 250)


def run(commands, path):
    """The objects of all commands; a command that fails ends the test."""
    made = subprocess.run([PROGRAM, '--json', '--no-cache', '-c', commands, str(path)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120, check=False)
    if made.returncode:
        sys.exit(f'{commands}: exit status {made.returncode}: {made.stderr}')
    return [json.loads(line) for line in made.stdout.splitlines()]


def cell(tilt):
    return [[EDGE, 0, 0], [tilt, EDGE, 0], [0, 0, EDGE]]


def frames(tilt, seed):
    """By frame: id to (type, fractions inside the cell, image). Sparse ids, in another order in each frame."""
    rng = random.Random(seed)
    kinds = {7 * k + 3: 1 + (k % 5 == 0) for k in range(SIDE ** 3)}
    made = []
    for _ in STEPS:
        atoms = {}
        for k, number in enumerate(kinds):
            at = (k % SIDE, k // SIDE % SIDE, k // SIDE ** 2)
            s = [(u + 0.5 + 0.2 * rng.uniform(-1, 1)) / SIDE for u in at]
            atoms[number] = (kinds[number], s, [rng.randint(-3, 3) for _ in range(3)])
        order = list(atoms)
        rng.shuffle(order)
        made.append({number: atoms[number] for number in order})
    return made


def place(s, tilt):
    return [sum(f * a[q] for f, a in zip(s, cell(tilt))) for q in range(3)]


def text_of(made, columns, tilt):
    text = []
    for step, atoms in zip(STEPS, made):
        bounds = f'{min(0, tilt)!r} {EDGE + max(0, tilt)!r} {tilt!r}\n0 {EDGE} 0\n0 {EDGE} 0\n' if tilt else f'0 {EDGE}\n' * 3
        head = 'xy xz yz pp pp pp' if tilt else 'pp pp pp'
        text.append(f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(atoms)}\nITEM: BOX BOUNDS {head}\n{bounds}ITEM: ATOMS {columns}\n')
        for number, (kind, s, image) in atoms.items():
            far = [a + b for a, b in zip(s, image)]
            row = {'id': number, 'type': kind}
            row.update(zip(('xs', 'ys', 'zs'), s), **dict(zip(('ix', 'iy', 'iz'), image)))
            row.update(zip(('x', 'y', 'z'), place(s, tilt)), **dict(zip(('xu', 'yu', 'zu'), place(far, tilt))))
            text.append(' '.join(repr(row[name]) for name in columns.split()) + '\n')
    return ''.join(text)


def frames_of(path):
    """The written dump, by another reader than the program's: (time step, bounds, columns, rows) of each frame."""
    opened = gzip.open(path, 'rt') if path.suffix == '.gz' else open(path, encoding='ascii')
    with opened as file:
        lines = file.read().split('\n')
    found = []
    while lines[0]:
        n = int(lines[3])
        found.append((int(lines[1]), lines[4:8], lines[8].split()[2:], [row.split() for row in lines[9:9 + n]]))
        lines = lines[9 + n:]
    return found


def snapshots(objects, flags):
    return [(o['frame'], o['id'], o['type'], o['image'] if flags else None, o['x'], o['y'], o['z']) for o in objects
            if o['cmd'] == 'snapshot']


def case(name, columns, tilt=0.0, packed=False):
    made = frames(tilt, name)
    start, written = FOLDER / f'{name}.dump', FOLDER / f'{name}.is.dump{".gz" if packed else ""}'
    start.write_text(text_of(made, columns, tilt), encoding='ascii')
    objects = run(f'system ka3d; quench all write={written}; snapshot 0 of=is; snapshot 1 of=is; info', start)
    quenches = [o for o in objects if o['cmd'] == 'quench']
    check(f'{name}: converged', len(quenches) == 2 and all(o['converged'] for o in quenches), quenches)

    flags, known = 'ix' in columns, 'ix' in columns or 'xu' in columns # what is not wrapped tells its images
    for (step, _, names, rows), atoms, wanted in zip(frames_of(written), made, STEPS):
        check(f'{name}: time step', step == wanted, step)
        check(f'{name}: columns', names == ['id', 'type', 'x', 'y', 'z'] + (['ix', 'iy', 'iz'] if known else []), names)
        check(f'{name}: ids', sorted(int(row[0]) for row in rows) == sorted(atoms), rows[:3])
        check(f'{name}: types', all(int(row[1]) == atoms[int(row[0])][0] for row in rows), rows[:3])
        check(f'{name}: image flags', not flags or all([int(x) for x in row[5:]] == atoms[int(row[0])][2] for row in rows), rows[:3])
        # an atom stays in the image it started in: no way down is half a cell long, and all together they stay where they were
        moved = []
        for number, _, *numbers in rows:
            _, s, image = atoms[int(number)]
            before = place([f + m * known for f, m in zip(s, image)], tilt)
            turns = place([int(m) for m in numbers[3:]] or [0, 0, 0], tilt)
            moved.append([float(numbers[q]) + turns[q] - before[q] for q in range(3)])
        check(f'{name}: not wrapped', max(abs(d) for way in moved for d in way) < 0.4 * EDGE, max(moved))
        check(f'{name}: centre of mass', all(abs(sum(way[q] for way in moved)) < 1e-10 for q in range(3)), moved[:3])

    again = run('system ka3d; snapshot 0; snapshot 1; energy all; quench all; info', written)
    pairs = list(zip(snapshots(again, flags), snapshots(objects, flags)))
    check(f'{name}: read again', len(pairs) == 2 * SIDE ** 3 and all(a == b for a, b in pairs), pairs[:2])
    infos = [next(o for o in found if o['cmd'] == 'info') for found in (objects, again)]
    check(f'{name}: cell, times, types', all(infos[0][key] == infos[1][key] for key in ('box', 'periodic', 'timesteps', 'types')), infos)
    for energy, requench, quench in zip([o for o in again if o['cmd'] == 'energy'], [o for o in again if o['cmd'] == 'quench'], quenches):
        check(f'{name}: energy', abs(energy['energy'] - quench['energy']) < 1e-13 * abs(quench['energy']), (energy, quench))
        check(f'{name}: a minimum already', energy['fmax'] <= 1.01e-8 and requench['iterations'] <= 1, (energy, requench))


case('images', 'id type x y z ix iy iz')
case('fractions', 'id type xs ys zs ix iy iz', packed=True)
case('unwrapped', 'type id xu yu zu')
case('plain', 'id type x y z')
case('tilted', 'id type x y z ix iy iz', tilt=0.31)
finish()
