#!/usr/bin/env python3
"""How atoms move, from files of every kind: what is not there, what does not fit, what drifts.

Usage: dynamics_input.py BINARY. SPDX-License-Identifier: GPL-3.0-or-later
"""
import json, math, os, pathlib, random, subprocess, sys, tempfile, time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
from checks import check, finish # pylint: disable=wrong-import-position

binary = os.path.abspath(sys.argv[1])
folder = pathlib.Path(tempfile.mkdtemp(prefix='isdmin-dynamics-'))


def run(commands, path, *options):
    """Exit status, objects, and what was said on standard error."""
    made = subprocess.run([binary, '--json', '--no-cache', *options, '-c', commands, str(path)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120)
    return made.returncode, [json.loads(line) for line in made.stdout.splitlines()], made.stderr


def refused(name, commands, path, *words):
    status, objects, said = run(commands, path)
    check(name, status == 1 and all(word in said for word in words), f'{status}: {said}')


class Walk:
    """Atoms that diffuse: true positions of all frames, and the files they go into."""

    def __init__(self, n, frames, size, dim=3, seed=1, step=lambda frame: 0.1):
        self.random = random.Random(seed)
        self.n, self.dim, self.size, self.steps = n, dim, size, [10 * k for k in range(frames)]
        r = [[self.random.uniform(0, size) for _ in range(dim)] for _ in range(n)]
        self.frames = []
        for k in range(frames):
            self.frames.append([list(x) for x in r])
            for x in r:
                for c in range(dim):
                    x[c] += self.random.gauss(0, step(k))

    def msd(self, lag):
        """Over all origins of a number of frames."""
        pairs = list(zip(self.frames, self.frames[lag:]))
        return sum(sum((y - x) ** 2 for r, s in zip(a, b) for x, y in zip(r, s)) / self.n for a, b in pairs) / len(pairs)

    def write(self, name, columns='id type x y z ix iy iz', tilt=None, boundary='pp pp pp', edit=None, jitter=0.0, keep=lambda frame, atom: True,
              shuffled=False):
        L, lines = self.size, []
        for k, r in enumerate(self.frames):
            atoms = [i for i in range(self.n) if keep(k, i)]
            if shuffled:
                self.random.shuffle(atoms)
            bounds = f'0 {L:.17g}\n' * 2 + (f'0 {L:.17g}' if self.dim == 3 else '-0.5 0.5')
            head = 'ITEM: BOX BOUNDS ' + boundary
            if tilt:
                head, bounds = 'ITEM: BOX BOUNDS xy xz yz ' + boundary, f'0 {L + tilt:.17g} {tilt:.17g}\n0 {L:.17g} 0\n0 {L:.17g} 0'
            lines.append(f'ITEM: TIMESTEP\n{self.steps[k]}\nITEM: NUMBER OF ATOMS\n{len(atoms)}\n{head}\n{bounds}\nITEM: ATOMS {columns}')
            for i in atoms:
                x = r[i] + [self.random.uniform(-jitter, jitter)] * (3 - self.dim)
                image = [0, 0, 0]
                if 'xu' not in columns:
                    image[1] = math.floor(x[1] / L)
                    x = [x[0] - image[1] * (tilt or 0), x[1] - image[1] * L, x[2]]
                    image[0] = math.floor((x[0] - (tilt or 0) * x[1] / L) / L)
                    image[2] = math.floor(x[2] / L) if self.dim == 3 else 0
                    x = [x[0] - image[0] * L, x[1], x[2] - image[2] * L]
                row = dict(id=i + 1, type=1 + i % 2, x=x[0], y=x[1], z=x[2], xu=x[0], yu=x[1], zu=x[2], ix=image[0], iy=image[1], iz=image[2])
                row.update(edit(k, i) if edit else {})
                lines.append(' '.join(f'{row[c]:.17g}' if isinstance(row[c], float) else str(row[c]) for c in columns.split()))
        path = folder / name
        path.write_text('\n'.join(lines) + '\n')
        return path


def all_ways_to_unwrap():
    for dim, tilt in ((3, None), (3, 2.5), (2, None)):
        walk = Walk(80, 30, 5.0, dim, seed=dim, step=lambda k: 0.25)
        want = [walk.msd(lag) for lag in (1, 7, 29)]
        for columns, shuffled, how in (('id type x y z ix iy iz', False, 'file'), ('id type xu yu zu', True, 'file'), ('id type x y z', True, 'nearest')):
            path = walk.write('ways.dump', columns, tilt, shuffled=shuffled)
            status, objects, said = run('timestep 0.1; msd tw=1,7,29 cage=0', path)
            o = next((o for o in objects if o['type'] == 'all'), {})
            name = f'{dim}D tilt {tilt} {columns}'
            check(name, status == 0 and o.get('unwrapped') == how and all(math.isclose(x, y, rel_tol=1e-9) for x, y in zip(o['msd'], want)),
                  f"{status} {o.get('unwrapped')} {o.get('msd')} {want} {said}")
            check(f'{name} says so', ('nearest image' in said) == (how == 'nearest'), said)
        status, objects, said = run('timestep 0.1; msd tw=1,7,29 unwrap=nearest cage=0', walk.write('ways.dump', tilt=tilt))
        o = next((o for o in objects if o['type'] == 'all'), {})
        check('nearest where images are known', o.get('unwrapped') == 'nearest' and math.isclose(o['msd'][2], want[2], rel_tol=1e-9), said)
        for memory in ('20000', '1'):
            for drift in ('keep', 'remove'):
                plain = run(f'dynamics k=5 tw=10,70,290 cage=0 drift={drift}', path)
                little = run(f'dynamics k=5 tw=10,70,290 cage=0 drift={drift}', path, f'--memory={memory}', '-j', '3')
                check('the same bits in little memory', plain[1] == little[1] and plain[0] == 0, f'{plain} {little}'[:300])


def what_does_not_fit():
    walk = Walk(60, 6, 6.0)
    refused('atoms that come and go', 'msd', walk.write('n.dump', keep=lambda k, i: k != 3 or i > 4), 'frame 3 has 55 atoms', '60')
    refused('other ids', 'msd', walk.write('ids.dump', edit=lambda k, i: {'id': 1000 + i} if k == 2 and i == 7 else {}), 'frame 2', 'ids')
    refused('other types', 'msd', walk.write('types.dump', edit=lambda k, i: {'type': 2} if k == 4 else {}), 'frame 4', 'other types')
    refused('not a number', 'msd', walk.write('nan.dump', edit=lambda k, i: {'x': math.nan} if (k, i) == (3, 5) else {}), 'nan')
    far = Walk(60, 6, 6.0, step=lambda k: 3.0)
    refused('steps of half a cell', 'msd', far.write('far.dump', 'id type x y z'), 'of the cell between frames', 'dump xu yu zu')
    status, objects, said = run('msd', far.write('far.dump'))
    check('long steps with images', status == 0 and math.isclose(objects[0]['msd'][0], far.msd(1), rel_tol=1e-9), said)
    refused('turns that no file says', 'msd unwrap=file', walk.write('plain.dump', 'id type x y z'), 'neither images', 'unwrap=nearest')
    refused('a cage beyond half the cell', 'msd cage=3.1', walk.write('cage.dump'), 'beyond half the cell')
    one = Walk(30, 1, 5.0)
    refused('one frame', 'msd', one.write('one.dump'), 'no two frames')
    lines = walk.write('mixed.dump').read_text().split('ITEM: TIMESTEP\n')
    stripped = lines[3].replace('ITEM: ATOMS id type x y z ix iy iz', 'ITEM: ATOMS id type x y z')
    head, rows = stripped.split('x y z\n')
    lines[3] = head + 'x y z\n' + '\n'.join(' '.join(row.split()[:5]) for row in rows.splitlines()) + '\n'
    (folder / 'mixed.dump').write_text('ITEM: TIMESTEP\n'.join(lines))
    refused('images that are missing once', 'msd tw=all', folder / 'mixed.dump', 'frame 2', 'unwrap=nearest')
    status, objects, said = run('msd tw=all unwrap=nearest', folder / 'mixed.dump')
    check('but nearest images do', status == 0 and math.isclose(objects[0]['msd'][0], walk.msd(1), rel_tol=1e-9), said)
    walk.frames[5] = [[1.02 * x for x in r] for r in walk.frames[5]]
    text = walk.write('box.dump').read_text().split('ITEM: TIMESTEP\n')
    text[6] = text[6].replace('0 6\n', '0 6.12\n')
    (folder / 'box.dump').write_text('ITEM: TIMESTEP\n'.join(text))
    refused('another box', 'msd tw=all', folder / 'box.dump', 'frame 5 has another box')


def two_frames_no_times_no_walls():
    walk = Walk(50, 2, 6.0)
    status, objects, said = run('dynamics k=6', walk.write('two.dump'))
    o = objects[0]
    check('two frames', status == 0 and o['pairs'] == [1] and math.isclose(o['msd'][0], walk.msd(1), rel_tol=1e-9), said)
    check('no error of one origin', all(o[key] == [None] for key in ('se_msd', 'se_fs', 'se_q', 'chi4', 'se_chi4', 'se_alpha2')), o)
    check('times in steps', 'time steps' in said and o['t'] == [10], said)
    xyz = folder / 'plain.xyz'
    xyz.write_text(''.join(f'{walk.n}\nLattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3\n' +
                           ''.join('A %.17g %.17g %.17g\n' % tuple(c % 6.0 for c in r) for r in frame) for frame in walk.frames))
    refused('no ids', 'msd', xyz, 'no ids', 'ids=order')
    status, objects, said = run('msd ids=order; vanhove 0:1 ids=order', xyz)
    check('the order of the file', status == 0 and math.isclose(objects[0]['msd'][0], walk.msd(1), rel_tol=1e-9) and objects[0]['t'] == [1], said)
    status, objects, said = run('dynamics k=6 cage=2', walk.write('open.dump', 'id type xu yu zu', boundary='ff ff ff'))
    check('no periodic direction', status == 0 and math.isclose(objects[0]['msd'][0], walk.msd(1), rel_tol=1e-9), said)
    refused('S(k) without periods', 'fs', folder / 'open.dump', 'periodic', 'k=')
    flat = Walk(50, 5, 6.0, 2)
    path = flat.write('flat.dump', jitter=0.1)
    status, objects, said = run('dimension 2; dynamics k=6 tw=10', path)
    check('z that jitters in 2D', status == 0 and math.isclose(objects[0]['msd'][0], flat.msd(1), rel_tol=1e-9) and objects[0]['cage'] > 0, said)
    status, objects, said = run('fs k=0.001; fs k=60', walk.write('two.dump'))
    slow, fast = [next(o for o in objects if o['k'] == k and o['type'] == 'all') for k in (0.001, 60)]
    check('never relaxed', slow['tau_alpha'] is None and slow['tau_alpha_above'] == 10 and 'longer than 10' in said, f'{slow} {said}')
    check('relaxed before', fast['tau_alpha'] is None and fast['tau_alpha_below'] == 10 and 'shorter than 10' in said, f'{fast} {said}')


def drift_of_the_centre():
    """Masses weigh it, and it is taken from every displacement."""
    walk = Walk(40, 4, 6.0, seed=3)
    for k, frame in enumerate(walk.frames):
        for r in frame:
            r[0] += 0.2 * k
    status, objects, said = run('mass 1 1; mass 2 3; msd tw=10 drift=remove; mass 2 1; msd tw=10 drift=remove', walk.write('drift.dump'))
    for o, heavy in zip((o for o in objects if o['type'] == 'all'), (3, 1)):
        weight, want = [1 + (heavy - 1) * (i % 2) for i in range(walk.n)], 0
        for a, b in zip(walk.frames, walk.frames[1:]):
            u = [[y - x for x, y in zip(r, s)] for r, s in zip(a, b)]
            mean = [sum(w * v[c] for w, v in zip(weight, u)) / sum(weight) for c in range(3)]
            want += sum((v[c] - mean[c]) ** 2 for v in u for c in range(3)) / walk.n / 3
        check(f'drift by masses {heavy}', math.isclose(o['msd'][0], want, rel_tol=1e-9), f"{o['msd']} {want} {said}")


def stationary_and_drifting():
    alarms, scores = 0, []
    for seed in range(20):
        walk = Walk(60, 120, 9.0, seed=100 + seed)
        status, objects, said = run('equilibrium k=4', walk.write('still.dump'))
        check('stationary runs', status == 0 and [o['quantity'] for o in objects] == ['msd', 'fs'], said)
        alarms += any(o['verdict'] == 'drifts' for o in objects)
        o = next(o for o in run('msd tw=10,50', folder / 'still.dump')[1] if o['type'] == 'all')
        scores += [(msd - 3 * 0.01 * t / 10) / se for t, msd, se in zip(o['t'], o['msd'], o['se_msd'])]
    spread = math.sqrt(sum(score * score for score in scores) / len(scores))
    check('errors are as large as they should be', len(scores) == 40 and 0.75 < spread < 1.7, spread)
    check('at most one false alarm in twenty', alarms <= 1, alarms)
    for seed in range(3):
        walk = Walk(60, 120, 9.0, seed=200 + seed, step=lambda k: 0.1 * (1 + 0.3 * k / 120))
        status, objects, said = run('equilibrium k=4', walk.write('ageing.dump'))
        check('ageing is seen', all(o['verdict'] == 'drifts' for o in objects), [o['worst_sigmas'] for o in objects])
    few = Walk(30, 3, 6.0)
    status, objects, said = run('equilibrium k=4', few.write('few.dump'))
    check('too few frames', status == 0 and all(o['verdict'] == 'too few frames to tell' for o in objects), said)


def too_many_times():
    """Frames at times that share no step: what there is by default and by name comes at once, all of them are refused."""
    walk = Walk(2, 3000, 10.0, seed=5, step=lambda frame: 0.01)
    for k in range(1, 3000):
        walk.steps[k] = walk.steps[k - 1] + walk.random.randint(1, 10 ** 6)
    path = walk.write('uneven.dump', columns='id type xu yu zu')
    begun = time.monotonic()
    status, objects, said = run('msd', path)
    check('at most ten a decade', status == 0 and 20 < len(objects[0]['t']) < 100, said)
    lag = walk.steps[7] - walk.steps[5]
    status, objects, said = run(f'msd tw={lag},{lag}', path)
    check('a time by name', status == 0 and objects[0]['t'] == [lag], said)
    refused('no such time', 'msd tw=0.5', path, 'apart')
    refused('all of them', 'msd tw=all', path, 'too many to list', 'tw=10,100')
    check('nobody waits long for that', time.monotonic() - begun < 20, str(time.monotonic() - begun))


all_ways_to_unwrap()
too_many_times()
what_does_not_fit()
two_frames_no_times_no_walls()
drift_of_the_centre()
stationary_and_drifting()
for path in folder.iterdir():
    path.unlink()
folder.rmdir()
finish()
