#!/usr/bin/env python3
"""MSD, F_s, Q, chi_4, alpha_2 and van Hove against sums over all pairs of frames and atoms, as their definitions have them.

Usage: dynamics.py BINARY SOURCE_ROOT. SPDX-License-Identifier: GPL-3.0-or-later

On the demo set and, where the reference data are ($ISDMIN_REFERENCE), on its two-dimensional liquid.
"""
import gzip, itertools, json, math, os, pathlib, subprocess, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
from checks import check, finish # pylint: disable=wrong-import-position

binary, root = map(os.path.abspath, sys.argv[1:3])
reference = pathlib.Path(os.environ.get('ISDMIN_REFERENCE', f'{root}/../shared')) / 'data/ka2d/ka2d.dump.gz'
K, A, JUMP, CAGE, BINS = 6.5, 0.35, 0.45, 1.4, 20


def near(name, got, want, tolerance=1e-9):
    both = got is None and (want is None or math.isnan(want))
    check(name, both or (got is not None and abs(got - want) <= tolerance * max(abs(want), 1e-6)), f'{got} against {want}')


def read(path):
    """Frames: step, box lengths, atoms by id: type and unwrapped position."""
    lines = gzip.open(path, 'rt').read().split('\n')
    frames, k = [], 0
    while k < len(lines) and lines[k].startswith('ITEM: TIMESTEP'):
        step, n = int(lines[k + 1]), int(lines[k + 3])
        box = [[float(x) for x in lines[k + 5 + c].split()] for c in range(3)]
        names = lines[k + 8].split()[2:]
        size = [b[1] - b[0] for b in box]
        atoms = {}
        for line in lines[k + 9:k + 9 + n]:
            row = dict(zip(names, line.split()))
            if 'xu' in row:
                r = [float(row[c + 'u']) for c in 'xyz']
            else:
                r = [float(row[c]) + (int(row['i' + c]) * s if 'i' + c in row else 0) for c, s in zip('xyz', size)]
            atoms[int(row['id'])] = (int(row['type']), r)
        frames.append((step, size, atoms))
        k += 9 + n
    return frames


def scattered(u, dim):
    x = K * u
    if dim == 3:
        return math.sin(x) / x if x > 1e-8 else 1.0
    return sum(math.cos(x * math.sin(math.pi * (j + 0.5) / 64)) for j in range(64)) / 64  # J_0


def moments(a, b, types, dim):
    values = []
    for key, (kind, r) in a[2].items():
        if types and kind not in types:
            continue
        u2 = sum((x - y) ** 2 for x, y in zip(r[:dim], b[2][key][1][:dim]))
        values.append((u2, u2 * u2, scattered(math.sqrt(u2), dim), math.sqrt(u2) < A, math.sqrt(u2) > JUMP))
    return [sum(column) / len(values) for column in zip(*values)], len(values)


def mean(values):
    return sum(values) / len(values)


def compare(path, dim, label):
    frames = read(path)
    commands = f'dynamics k={K} a={A} jump={JUMP} cage={CAGE} tw=all; vanhove 0:last bins={BINS} max=2; msd type=1 tw=all'
    run = subprocess.run([binary, '--json', '--no-cache', '-c', commands, str(path)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    check(f'{label}: runs', run.returncode == 0, run.stderr)
    objects = [json.loads(line) for line in run.stdout.splitlines()]
    pairs = {}
    for i, a in enumerate(frames):
        for b in frames[i + 1:]:
            if b[0] > a[0]:
                pairs.setdefault(b[0] - a[0], []).append((a, b))
    for o in (o for o in objects if o['cmd'] == 'dynamics'):
        types = () if o['type'] == 'all' else (int(o['type']),)
        check(f'{label}: times', len(o['t']) == len(pairs), f"{len(o['t'])} of {len(pairs)}")
        for k, lag in enumerate(sorted(pairs)):
            each = [moments(a, b, types, dim) for a, b in pairs[lag]]
            msd, u4, fs, q, jumps = (mean([e[0][c] for e in each]) for c in range(5))
            name = f"{label} {o['type']} lag {lag}"
            check(f'{name} pairs', o['pairs'][k] == len(each), f"{o['pairs'][k]}")
            near(f'{name} msd', o['msd'][k], msd)
            near(f'{name} fs', o['fs'][k], fs)
            near(f'{name} q', o['q'][k], q)
            near(f'{name} jumps', o['jump_fraction'][k], jumps)
            near(f'{name} alpha2', o['alpha2'][k], dim * u4 / ((dim + 2) * msd * msd) - 1, 1e-7)
            chi4 = each[0][1] * (mean([e[0][3] ** 2 for e in each]) - q * q) if len(each) > 1 else math.nan
            near(f'{name} chi4', o['chi4'][k], chi4, 1e-6)
        caged(frames[0], frames[-1], types, dim, o, label)
        relaxation(o, f"{label} {o['type']}")
    one = next(o for o in objects if o['cmd'] == 'msd')
    all_types = next(o for o in objects if o['cmd'] == 'dynamics' and o['type'] == '1')
    check(f'{label}: msd alone is the same', one['msd'] == all_types['msd'])
    van_hove(frames[0], frames[-1], dim, next(o for o in objects if o['cmd'] == 'vanhove'), label)


def caged(a, b, types, dim, o, label):
    """The longest time, which has one origin: u less the mean u of those near at the origin, found in cells."""
    size, cells, moved = a[1], {}, {}
    count = [int(s // CAGE) for s in size]
    for key, (_, r) in a[2].items():
        moved[key] = [y - x for x, y in zip(r[:dim], b[2][key][1][:dim])]
        cells.setdefault(tuple(int(r[c] / size[c] % 1 * count[c]) for c in range(dim)), []).append(key)
    total = n = 0
    for key, (kind, r) in a[2].items():
        if types and kind not in types:
            continue
        home, mean, near_by = [int(r[c] / size[c] % 1 * count[c]) for c in range(dim)], [0] * dim, 0
        for shift in itertools.product((-1, 0, 1), repeat=dim):
            for other in cells.get(tuple((home[c] + shift[c]) % count[c] for c in range(dim)), ()):
                d = [x - y for x, y in zip(a[2][other][1], r)][:dim]
                if other != key and sum((x - s * round(x / s)) ** 2 for x, s in zip(d, size)) < CAGE * CAGE:
                    near_by += 1
                    mean = [m + u for m, u in zip(mean, moved[other])]
        if near_by:
            total += sum((u - m / near_by) ** 2 for u, m in zip(moved[key], mean))
            n += 1
    near(f"{label} {o['type']} cage-relative", o['msd_cage'][-1], total / n)


def relaxation(o, name):
    """tau_alpha from the printed curve."""
    level, found = math.exp(-1), None
    for t, s, f, g, e, h in zip(o['t'], o['t'][1:], o['fs'], o['fs'][1:], o['se_fs'], o['se_fs'][1:]):
        if found is None and f > level >= g:
            share = (f - level) / (f - g)
            found = t * (s / t) ** share
            near(f'{name} tau_alpha', o['tau_alpha'], found)
            if e is not None and h is not None:
                near(f'{name} its error', o['se_tau_alpha'], found * math.log(s / t) / (f - g) * math.hypot((1 - share) * e, share * h))
    if found is None:
        check(f'{name} never relaxed', o['tau_alpha'] is None and (o['tau_alpha_above'] == o['t'][-1] or o['tau_alpha_below'] == o['t'][0]), o)


def strings_of_a_pair(path):
    """jumps of one origin says what strings says of the pair."""
    run = subprocess.run([binary, '--json', '--no-cache', '-c', 'strings 0:last of=raw; info', str(path)], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=300)
    one = json.loads(run.stdout.splitlines()[0])
    run = subprocess.run([binary, '--json', '--no-cache', '-c', f"jumps tw={one['t_w']}", str(path)], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=300)
    o = next(o for o in map(json.loads, run.stdout.splitlines()) if o['type'] == 'all')
    check('strings of a pair', o['pairs_close'] == [1] and math.isclose(o['string_mean'][0], one['mean']) and
          o['string_longest'] == [one['longest']] and math.isclose(o['delta'], one['delta']), f'{o} {one}')


def averages(path):
    """van Hove at a time is the mean over the pairs of series, S(k) the mean over frames."""
    def ask(commands):
        run = subprocess.run([binary, '--json', '--no-cache', '-c', commands, str(path)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=300)
        check(commands, run.returncode == 0, run.stderr)
        return [json.loads(line) for line in run.stdout.splitlines()]

    info = ask('info')[0]
    frames, lag, pairs, last = info['frames'], info['timesteps'][2] - info['timesteps'][0], [], -1
    for a, step in enumerate(info['timesteps']):
        if a >= last and step + lag in info['timesteps']:
            last = info['timesteps'].index(step + lag)
            pairs.append((a, last))
    whole = ask(f'vanhove tw={lag} bins=30 max=2')[0]
    parts = ask('; '.join(f'vanhove {a}:{b} bins=30 max=2' for a, b in pairs))
    check('van Hove pairs', whole['pairs'] == len(pairs) > 2, f"{whole['pairs']} {pairs}")
    for k in range(30):
        near(f'van Hove at a time {k}', whole['gs'][k], mean([p['gs'][k] for p in parts]))
        near(f'van Hove at a time, distinct {k}', whole['gd'][k], mean([p['gd'][k] for p in parts]))
    some = f'0..{min(frames - 1, 4)}'
    whole, parts = ask(f'sk {some} kmax=5')[0], ask('; '.join(f'sk {k} kmax=5' for k in range(min(frames, 5))))
    for k in range(len(whole['k'])):
        values = [p['s'][k] for p in parts]
        near(f'S(k) {k}', whole['s'][k], mean(values))
        se = math.sqrt(sum((v - mean(values)) ** 2 for v in values) / (len(values) - 1) / len(values))
        near(f'S(k) error {k}', whole['se_s'][k], se, 1e-7)


def van_hove(a, b, dim, o, label):
    """All pairs of a thinned set of first atoms would not do: all of them, in bins."""
    self_counts, counts, width = [0] * BINS, [0] * BINS, 2 / BINS
    size, others = a[1], [(key, r) for key, (_, r) in b[2].items()]
    for key, (_, r) in a[2].items():
        for other, s in others:
            d2 = 0
            for c in range(dim):
                d = s[c] - r[c]
                if key != other:
                    d -= size[c] * round(d / size[c])
                d2 += d * d
            if d2 < 4:
                (self_counts if key == other else counts)[int(math.sqrt(d2) / width)] += 1
    n, volume = len(others), math.prod(size[:dim])
    for k in range(BINS):
        low, high, middle = k * width, (k + 1) * width, (k + 0.5) * width
        shell = math.pi * (high ** 2 - low ** 2) if dim == 2 else 4 * math.pi / 3 * (high ** 3 - low ** 3)
        surface = 2 * math.pi * middle if dim == 2 else 4 * math.pi * middle ** 2
        near(f'{label} gd {k}', o['gd'][k], counts[k] * volume / (n * (n - 1) * shell))
        near(f'{label} gs {k}', o['gs'][k], self_counts[k] / n / width / surface)


def equilibrium(path):
    """Means and halves of the energies, from the energies of the frames themselves."""
    run = subprocess.run([binary, '--json', '--no-cache', '-c', 'system ka3d; timestep 0.005; energy all; equilibrium', str(path)], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=300)
    check('equilibrium runs', run.returncode == 0, run.stderr)
    objects = [json.loads(line) for line in run.stdout.splitlines()]
    energies = [o['energy'] for o in objects if o['cmd'] == 'energy']
    o = next(o for o in objects if o.get('quantity') == 'energy')
    half = len(energies) // 2
    near('equilibrium mean', o['mean'], mean(energies))
    near('equilibrium halves', o['difference'], mean(energies[-half:]) - mean(energies[:half]), 1e-6)
    check('equilibrium verdict', o['verdict'] == ('drifts' if abs(o['sigmas']) > 3 else 'no drift seen'), o['verdict'])
    below = next(o for o in objects if o.get('quantity') == 'energy_is')
    check('inherent structures lie below', below['mean'] < o['mean'] - 0.3, str(below['mean']))


def times_follow_the_time_step(path):
    """What was computed with one time step is not shown with another."""
    run = subprocess.run([binary, '--json', '--no-cache', '-c', 'timestep 0.005; msd tw=all; timestep 0.01; msd tw=all', str(path)],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    objects = [json.loads(line) for line in run.stdout.splitlines()]
    half = len(objects) // 2
    check('two time steps', run.returncode == 0 and half > 0, run.stderr)
    for o, p in zip(objects[:half], objects[half:]):
        check('times follow the time step', len(o['t']) == len(p['t']) and all(math.isclose(2 * a, b) for a, b in zip(o['t'], p['t'])),
              f"{o['t'][:3]} {p['t'][:3]}")


demo = pathlib.Path(root) / 'assets/demo/ka3d_T045.dump.gz'
compare(demo, 3, 'demo')
equilibrium(demo)
times_follow_the_time_step(demo)
strings_of_a_pair(demo)
averages(demo)
if reference.exists():
    compare(reference, 2, 'ka2d')
finish()
