#!/usr/bin/env python3
"""Random files of each format, read by the program and by a slow reader here. SPDX-License-Identifier: GPL-3.0-or-later

Usage: formats_reference.py PROGRAM FILES [SEED]

FILES files of each format are made up: random cells, numbers in all spellings, atoms in any order, frames of different sizes. The
reader here takes lines and words apart in the plainest way and leaves numbers to the language (correctly rounded). Values that
the program hands through must be equal to the last bit; those that follow from fractions or from wrapping, to 1e-11. Each file is
read twice, the second time with two frames in memory.
"""
import gzip
import io
import json
import math
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

NAMES = ['A', 'B', 'Si', 'O', 'He2']


class Frame:
    """What is in a frame: n, box (lx ly lz xy xz yz), origin, periodic, step, time, and atoms as (id, type, element, r, image)."""

    def __init__(self, box, origin=(0, 0, 0), periodic=(True, True, True), step=None, time=None):
        self.box, self.origin, self.periodic, self.step, self.time = box, origin, periodic, step, time
        self.atoms, self.exact = [], True


# --- making files -----------------------------------------------------------------------------------------------------------

def number(rng, value):
    """A decimal number near the value, in some spelling."""
    spelling = rng.choice(['%.17g', '%g', '%.3f', '%.12e', '%+.6E', '%.9g', '%d.'])
    return (spelling % (int(value) if 'd' in spelling else value)).replace('inf', '0')


def gap(rng):
    return rng.choice([' ', ' ', ' ', '  ', '\t', ' \t '])


def row(rng, words):
    return rng.choice(['', '', ' ']) + gap(rng).join(words) + rng.choice(['', '', ' ']) + '\n'


def random_box(rng, tilted):
    box = [rng.uniform(3, 30) for _ in range(3)]
    tilt = [rng.uniform(-0.5, 0.5) * box[k] for k in (0, 0, 1)] if tilted else [0, 0, 0]
    return box + tilt


def make_dump(rng):
    out = io.StringIO()
    tilted, has_id, images = rng.random() < 0.4, rng.random() < 0.8, rng.random() < 0.4
    kind = rng.choice(['', '', 's', 'u'] if images is False else ['', 's'])
    element = rng.choice(['none', 'alone', 'both'])
    if rng.random() < 0.3:
        out.write('ITEM: UNITS\n' + rng.choice(['lj', 'metal']) + '\n')
    for k in range(rng.randint(1, 5)):
        n, box = rng.randint(1, 40), random_box(rng, tilted)
        if rng.random() < 0.3:
            out.write(f'ITEM: TIME\n{number(rng, 0.25 * k)}\n')
        out.write(f'ITEM: TIMESTEP\n{1000 * k}\nITEM: NUMBER OF ATOMS\n{n}\n')
        flags = ' '.join(rng.choice(['pp', 'pp', 'ff']) for _ in range(3))
        low = [rng.uniform(-5, 5) for _ in range(3)]
        lx, ly, lz, xy, xz, yz = box
        if tilted:
            out.write(f'ITEM: BOX BOUNDS xy xz yz {flags}\n')
            below = [min(0, xy, xz, xy + xz), min(0, yz), 0]
            above = [max(0, xy, xz, xy + xz), max(0, yz), 0]
            for d, tilt in enumerate((xy, xz, yz)):
                out.write('%.17g %.17g %.17g\n' % (low[d] + below[d], low[d] + box[d] + above[d], tilt))
        else:
            out.write(f'ITEM: BOX BOUNDS {flags}\n')
            for d in range(3):
                out.write('%.17g %.17g\n' % (low[d], low[d] + box[d]))
        names = (['id'] if has_id else []) + {'none': ['type'], 'alone': ['element'], 'both': ['type', 'element']}[element]
        names += ['x' + kind, 'y' + kind, 'z' + kind] + (['ix', 'iy', 'iz'] if images else []) + rng.choice([[], ['vx'], ['c_pe', 'q']])
        order = list(range(len(names)))
        rng.shuffle(order)
        out.write('ITEM: ATOMS ' + ' '.join(names[c] for c in order) + '\n')
        ids = rng.sample(range(1, 3 * n + 1), n)
        for i in range(n):
            s = [rng.random() for _ in range(3)]
            value = {'id': str(ids[i]), 'type': str(1 + ids[i] % 3), 'element': NAMES[1 + ids[i] % 3]}
            for d, axis in enumerate('xyz'):
                place = s[d] if kind == 's' else low[d] + s[d] * box[d] + (rng.randint(-2, 2) * box[d] if kind == 'u' else 0)
                value[axis + kind], value['i' + axis] = number(rng, place), str(rng.randint(-3, 3))
            out.write(row(rng, [value.get(names[c], number(rng, rng.uniform(-9, 9))) for c in order]))
    return out.getvalue().encode()


def make_data(rng):
    out = io.StringIO()
    n, box, style = rng.randint(1, 40), random_box(rng, rng.random() < 0.4), rng.choice(['atomic', 'charge', 'full', 'molecular', 'sphere'])
    low = [rng.uniform(-5, 5) for _ in range(3)]
    out.write('made up\n\n' + f'{n} atoms\n3 atom types\n\n')
    for d, axis in enumerate('xyz'):
        out.write('%.17g %.17g %slo %shi\n' % (low[d], low[d] + box[d], axis, axis))
    if any(box[3:]):
        out.write('%.17g %.17g %.17g xy xz yz\n' % tuple(box[3:]))
    out.write('\nMasses\n\n1 1.0\n2 2.0\n3 1.5 # three\n\n' + rng.choice([f'Atoms # {style}', f'Atoms  #{style}']) + '\n\n')
    before = {'atomic': '', 'charge': 'r', 'full': 'r', 'molecular': '', 'sphere': 'rr'}[style]
    images = rng.random() < 0.5
    for i in rng.sample(range(1, 2 * n + 1), n):
        words = [str(i)] + (['7'] if style in ('full', 'molecular') else []) + [str(1 + i % 3)] + [number(rng, 1.5) for _ in before]
        words += [number(rng, low[d] + rng.random() * box[d]) for d in range(3)]
        words += [str(rng.randint(-2, 2)) for _ in range(3)] if images else []
        out.write(row(rng, words).rstrip('\n') + rng.choice(['\n', '\n', ' # an atom\n']))
    out.write('\nVelocities\n\n1 0 0 0\n')
    return out.getvalue().encode()


def make_binary(rng):
    out = io.BytesIO()
    order = rng.choice('<>')
    for k in range(rng.randint(1, 4)):
        n, box, tilted = rng.randint(1, 40), random_box(rng, True), rng.random() < 0.5
        low = [rng.uniform(-5, 5) for _ in range(3)]
        lx, ly, lz, xy, xz, yz = box
        if tilted:
            low_b = [low[0] + min(0, xy, xz, xy + xz), low[1] + min(0, yz), low[2]]
            high_b = [low[0] + lx + max(0, xy, xz, xy + xz), low[1] + ly + max(0, yz), low[2] + lz]
        else:
            low_b, high_b = low, [low[d] + box[d] for d in range(3)]
        magic, columns = b'DUMPCUSTOM', b'id type x y z vx'
        out.write(struct.pack(order + 'q', -len(magic)) + magic + struct.pack(order + 'ii', 1, 2))
        out.write(struct.pack(order + 'qq', 500 * k, n) + struct.pack(order + 'i', int(tilted)))
        out.write(struct.pack(order + '6i', *([0, 0] * 3)))
        for d in range(3):
            out.write(struct.pack(order + '2d', low_b[d], high_b[d]))
        if tilted:
            out.write(struct.pack(order + '3d', xy, xz, yz))
        out.write(struct.pack(order + 'i', 6))
        out.write(struct.pack(order + 'i', 0) + struct.pack(order + 'b', 0))
        out.write(struct.pack(order + 'i', len(columns)) + columns)
        rows = []
        for i in rng.sample(range(1, 2 * n + 1), n):
            rows.append([i, 1 + i % 3] + [low[d] + rng.random() * box[d] for d in range(3)] + [rng.random()])
        cut = rng.randint(0, n)
        out.write(struct.pack(order + 'i', 2))
        for part in (rows[:cut], rows[cut:]):
            out.write(struct.pack(order + 'i', 6 * len(part)))
            for values in part:
                out.write(struct.pack(order + '6d', *values))
    return out.getvalue()


def make_xyz(rng):
    out = io.StringIO()
    dialect = rng.choice(['extended', 'extended', 'atooms', 'rumd'])
    for k in range(rng.randint(1, 5)):
        n, box = rng.randint(1, 40), random_box(rng, dialect == 'extended' and rng.random() < 0.4)
        lx, ly, lz, xy, xz, yz = box
        centred = dialect != 'extended'
        ids = dialect == 'extended' and rng.random() < 0.5
        if dialect == 'extended':
            comment = 'Lattice="%.17g 0 0 %.17g %.17g 0 %.17g %.17g %.17g" Properties=species:S:1%s:pos:R:3:mass:R:1 Timestep=%d' % (
                lx, xy, ly, xz, yz, lz, ':id:I:1' if ids else '', 10 * k)
        elif dialect == 'atooms':
            comment = f'step:{10 * k} columns:species,position cell:%.17g,%.17g,%.17g' % (lx, ly, lz)
        else:
            comment = f'ioformat=1 timeStepIndex={10 * k} boxLengths=%.17g,%.17g,%.17g numTypes=3 columns=type,x,y,z' % (lx, ly, lz)
        out.write(f'{n}\n{comment}\n')
        for i in rng.sample(range(1, 2 * n + 1), n):
            name = NAMES[i % 4] if dialect != 'rumd' else str(i % 3)
            place = [number(rng, (rng.random() - (0.5 if centred else 0)) * box[d]) for d in range(3)]
            out.write(row(rng, [name] + ([str(i)] if ids else []) + place + ([number(rng, 1.25)] if dialect == 'extended' else [])))
    return out.getvalue().encode()


def make_gsd(rng):
    """One version 2 file: chunks one after the other, then names and index."""
    data, index, names = bytearray(256), [], []

    def chunk(frame, name, fmt, size, columns, values):
        if name not in names:
            names.append(name)
        index.append((frame, len(values) // columns, len(data), columns, names.index(name), size))
        data.extend(struct.pack('<%d%s' % (len(values), fmt), *values))

    for k in range(rng.randint(1, 4)):
        n, box = rng.randint(1, 40), random_box(rng, True)
        lx, ly, lz, xy, xz, yz = box
        chunk(k, 'configuration/step', 'Q', 4, 1, [100 * k])
        chunk(k, 'configuration/box', 'f', 9, 1, [lx, ly, lz, xy / ly, xz / lz, yz / lz])
        chunk(k, 'particles/N', 'I', 3, 1, [n])
        chunk(k, 'particles/types', 'b', 5, 2, [65, 0, 66, 0])
        chunk(k, 'particles/typeid', 'I', 3, 1, [rng.randint(0, 1) for _ in range(n)])
        chunk(k, 'particles/position', 'f', 9, 3, [rng.uniform(-0.45, 0.45) * box[d % 3] * 0.5 for d in range(3 * n)])
        if rng.random() < 0.5:
            chunk(k, 'particles/image', 'i', 7, 3, [rng.randint(-3, 3) for _ in range(3 * n)])
    name_at = len(data)
    data.extend(b''.join(name.encode() + b'\0' for name in names).ljust(1024, b'\0'))
    index_at, entries = len(data), 128
    for frame, rows, where, columns, name, kind in index:
        data.extend(struct.pack('<QQqIHBB', frame, rows, where, columns, name, kind, 0))
    data.extend(bytes(32 * (entries - len(index))))
    head = struct.pack('<QQQQQII', 0x65DF65DF65DF65DF, index_at, entries, name_at, 16, 0x10004, 0x20000)
    data[:len(head) + 0] = head
    data[len(head):256] = b'isdmin tests'.ljust(64, b'\0') + b'hoomd'.ljust(64, b'\0') + bytes(256 - len(head) - 128)
    return bytes(data)


def lattice_lines(rng, box):
    lx, ly, lz, xy, xz, yz = box
    return ''.join('  %.16f %.16f %.16f\n' % v for v in ((lx, 0, 0), (xy, ly, 0), (xz, yz, lz)))


def make_poscar(rng, frames=1, trajectory=False):
    out, box = io.StringIO(), random_box(rng, rng.random() < 0.4)
    counts, scale = [rng.randint(1, 15), rng.randint(1, 15)], rng.choice(['1.0', '0.5', '2'])
    out.write('made up\n' + scale + '\n' + lattice_lines(rng, box) + ' Si O\n ' + ' '.join(map(str, counts)) + '\n')
    for k in range(frames):
        direct = trajectory or rng.random() < 0.6
        if trajectory:
            out.write('Direct configuration= %5d\n' % (k + 1))
        else:
            out.write(rng.choice(['Direct\n', 'direct\n'] if direct else ['Cartesian\n', 'cart\n']))
        for _ in range(sum(counts)):
            s = [rng.random() for _ in range(3)]
            out.write('  ' + ' '.join('%.12f' % (s[d] if direct else s[d] * box[d]) for d in range(3)) + '\n')
    return out.getvalue().encode()


def make_xdatcar(rng):
    return make_poscar(rng, rng.randint(1, 5), True)


# --- reading them slowly ------------------------------------------------------------------------------------------------------

def place(frame, s):
    lx, ly, lz, xy, xz, yz = frame.box
    return (frame.origin[0] + lx * s[0] + xy * s[1] + xz * s[2], frame.origin[1] + ly * s[1] + yz * s[2], frame.origin[2] + lz * s[2])


def read_dump(data):
    lines, frames, time = iter(data.decode().splitlines()), [], None
    for line in lines:
        if line.startswith('ITEM: UNITS'):
            next(lines)
        elif line.startswith('ITEM: TIMESTEP'):
            step = int(next(lines))
        elif line.startswith('ITEM: TIME'):
            time = float(next(lines))
        elif line.startswith('ITEM: NUMBER'):
            n = int(next(lines))
        elif line.startswith('ITEM: BOX'):
            words, rows = line.split()[3:], [[float(w) for w in next(lines).split()] for _ in range(3)]
            xy, xz, yz = [r[2] for r in rows] if words[0] == 'xy' else (0, 0, 0)
            low = [rows[0][0] - min(0, xy, xz, xy + xz), rows[1][0] - min(0, yz), rows[2][0]]
            high = [rows[0][1] - max(0, xy, xz, xy + xz), rows[1][1] - max(0, yz), rows[2][1]]
            frame = Frame([h - l for h, l in zip(high, low)] + [xy, xz, yz], low, [w == 'pp' for w in words[-3:]], step, time)
            time = None
        elif line.startswith('ITEM: ATOMS'):
            names = line.split()[2:]
            kind = 's' if 'xs' in names else 'u' if 'xu' in names else ''
            for i in range(n):
                value = dict(zip(names, next(lines).split()))
                r = [float(value[a + kind]) for a in 'xyz']
                frame.exact = frame.exact and kind == ''
                frame.atoms.append((int(value.get('id', i + 1)), int(value['type']) if 'type' in value else None, value.get('element'),
                                    place(frame, r) if kind == 's' else tuple(r),
                                    tuple(int(value['i' + a]) for a in 'xyz') if 'ix' in names else None))
            frames.append(frame)
    return frames


def read_data(data):
    lines = [line.split('#')[0].split() for line in data.decode().splitlines()]
    style = next(line for line in data.decode().splitlines() if line.startswith('Atoms')).split('#')[1].strip()
    bound, tilt, n, at = {}, [0, 0, 0], 0, 0
    for at, words in enumerate(lines):
        if words[-1:] == ['atoms']:
            n = int(words[0])
        elif words[-1:] and words[-1].endswith('hi'):
            bound[words[-1][0]] = [float(w) for w in words[:2]]
        elif words[-3:] == ['xy', 'xz', 'yz']:
            tilt = [float(w) for w in words[:3]]
        elif words == ['Atoms']:
            break
    frame = Frame([bound[a][1] - bound[a][0] for a in 'xyz'] + tilt, [bound[a][0] for a in 'xyz'])
    type_at = 2 if style in ('full', 'molecular') else 1
    first = type_at + 1 + {'atomic': 0, 'charge': 1, 'full': 1, 'molecular': 0, 'sphere': 2}[style]
    for words in [words for words in lines[at + 1:] if words][:n]:
        image = tuple(int(w) for w in words[first + 3:first + 6])
        frame.atoms.append((int(words[0]), int(words[type_at]), None, tuple(float(w) for w in words[first:first + 3]), image or None))
    return [frame]


def read_binary(data):
    frames, at, order = [], 0, '<' if data[7:8] == b'\xff' else '>'

    def take(fmt):
        nonlocal at
        values = struct.unpack_from(order + fmt, data, at)
        at += struct.calcsize(order + fmt)
        return values

    while at < len(data):
        length, = take('q')
        at += -length
        take('ii')
        step, n, tilted = take('qqi')
        flags = take('6i')
        b = take('6d')
        xy, xz, yz = take('3d') if tilted else (0, 0, 0)
        low = [b[0] - min(0, xy, xz, xy + xz), b[2] - min(0, yz), b[4]]
        high = [b[1] - max(0, xy, xz, xy + xz), b[3] - max(0, yz), b[5]]
        width, units = take('ii')
        at += units
        if take('b')[0]:
            take('d')
        length, = take('i')
        at += length
        frame = Frame([h - l for h, l in zip(high, low)] + [xy, xz, yz], low, [flags[2 * d] == 0 for d in range(3)], step)
        for _ in range(take('i')[0]):
            for _ in range(take('i')[0] // width):
                v = take('%dd' % width)
                frame.atoms.append((int(v[0]), int(v[1]), None, v[2:5], None))
        frames.append(frame)
    return frames


def read_xyz(data):
    lines, frames = iter(data.decode().splitlines()), []
    for first in lines:
        comment, n = next(lines), int(first)
        if 'Lattice' in comment:
            v = [float(w) for w in comment.split('"')[1].split()]
            frame = Frame([v[0], v[4], v[8], v[3], v[6], v[7]], step=int(comment.split('Timestep=')[1]))
            ids = ':id:' in comment
        else:
            key = 'cell:' if 'cell:' in comment else 'boxLengths='
            v = [float(w) for w in comment.split(key)[1].split()[0].split(',')]
            step = comment.split('step:' if 'cell:' in comment else 'timeStepIndex=')[1].split()[0]
            frame, ids = Frame(v + [0, 0, 0], [-length / 2 for length in v], step=int(step)), False
        for i in range(n):
            words = next(lines).split()
            number_of = int(words[0]) + 1 if words[0].isdigit() and 'boxLengths' in comment else None
            frame.atoms.append((int(words[1]) if ids else i + 1, number_of, None if number_of else words[0],
                                tuple(float(w) for w in words[1 + ids:4 + ids]), None))
        frames.append(frame)
    return frames


def read_gsd(data):
    index_at, entries, name_at, _ = struct.unpack_from('<QQQQ', data, 8)
    names = data[name_at:name_at + 1024].split(b'\0')
    chunks = {}
    for k in range(entries):
        frame, rows, where, columns, name, kind, _ = struct.unpack_from('<QQqIHBB', data, index_at + 32 * k)
        if where:
            fmt = {3: 'I', 4: 'Q', 5: 'b', 7: 'i', 9: 'f'}[kind]
            chunks[frame, names[name].decode()] = struct.unpack_from('<%d%s' % (rows * columns, fmt), data, where)
    frames = []
    while (len(frames), 'particles/N') in chunks:
        k = len(frames)
        lx, ly, lz, xy, xz, yz = chunks[k, 'configuration/box']
        box = [lx, ly, lz, xy * ly, xz * lz, yz * lz]
        frame = Frame(box, [-(lx + box[3] + box[4]) / 2, -(ly + box[5]) / 2, -lz / 2], step=chunks[k, 'configuration/step'][0])
        r, n = chunks[k, 'particles/position'], chunks[k, 'particles/N'][0]
        first = chunks.get((0, 'particles/image'), ())  # holds for frames of as many particles that have none
        image = chunks.get((k, 'particles/image'), first if len(first) == 3 * n else (0,) * (3 * n))
        for i, t in enumerate(chunks[k, 'particles/typeid']):
            frame.atoms.append((i + 1, None, 'AB'[t], r[3 * i:3 * i + 3], image[3 * i:3 * i + 3]))
        frames.append(frame)
    return frames


def read_vasp(data):
    lines = data.decode().splitlines()
    scale = float(lines[1])
    a, b, c = [[scale * float(w) for w in line.split()] for line in lines[2:5]]
    names, counts = lines[5].split(), [int(w) for w in lines[6].split()]
    species = [name for name, count in zip(names, counts) for _ in range(count)]
    frames, at = [], 7
    while at < len(lines):
        frame = Frame([a[0], b[1], c[2], b[0], c[0], c[1]])
        direct = lines[at].strip()[0] in 'dD'
        for i, name in enumerate(species):
            v = [float(w) for w in lines[at + 1 + i].split()]
            frame.atoms.append((i + 1, None, name, place(frame, v) if direct else tuple(scale * x for x in v), None))
        frame.exact = False
        frames.append(frame)
        at += 1 + len(species)
    return frames


FORMATS = {'dump': (make_dump, read_dump), 'data': (make_data, read_data), 'dump.bin': (make_binary, read_binary),
           'xyz': (make_xyz, read_xyz), 'gsd': (make_gsd, read_gsd), 'poscar': (make_poscar, read_vasp),
           'xdatcar': (make_xdatcar, read_vasp)}


# --- comparing ----------------------------------------------------------------------------------------------------------------

def ask(program, path, *options):
    run = subprocess.run([program, '--json', '--no-cache', *options, '-c', 'info; snapshot all', str(path)], stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    if run.returncode != 0:
        raise AssertionError(f'exit status {run.returncode}: {run.stderr.decode()[-300:]}')
    return [json.loads(line) for line in run.stdout.splitlines()]


def near(a, b, scale):
    return abs(a - b) <= 1e-11 * scale


def same_place(frame, atom, r, exact):
    """Equal, or apart by vectors of the cell along periodic directions."""
    mine, scale = (atom['x'], atom['y'], atom['z']), sum(abs(v) for v in frame.box + [max(map(abs, r))] + list(frame.origin))
    if exact and mine == tuple(r):
        return True
    lx, ly, lz, xy, xz, yz = frame.box
    d = [m - w for m, w in zip(mine, r)]
    turns = [0, 0, 0]
    turns[2] = round(d[2] / lz) if frame.periodic[2] else 0
    d = [d[0] - turns[2] * xz, d[1] - turns[2] * yz, d[2] - turns[2] * lz]
    turns[1] = round(d[1] / ly) if frame.periodic[1] else 0
    d = [d[0] - turns[1] * xy, d[1] - turns[1] * ly, d[2]]
    turns[0] = round(d[0] / lx) if frame.periodic[0] else 0
    d[0] -= turns[0] * lx
    return (any(turns) or not exact) and all(near(v, 0, scale) for v in d)


def compare(frames, objects):
    info, atoms = objects[0], objects[1:]
    assert info['frames'] == len(frames), f"{info['frames']} frames, {len(frames)} expected"
    first, scale = frames[0], sum(abs(v) for v in frames[0].box) + sum(abs(v) for v in frames[0].origin)
    for key, want in zip(('lx', 'ly', 'lz', 'xy', 'xz', 'yz'), first.box):
        assert near(info['box'][key], want, scale), f"{key} {info['box'][key]}, {want} expected"
    assert all(near(a, b, scale) for a, b in zip(info['origin'], first.origin)), f"origin {info['origin']}"
    assert info['periodic'] == list(first.periodic), f"periodic {info['periodic']}"
    assert info['timesteps'] == [f.step for f in frames], f"steps {info['timesteps']}"
    if all(f.time is not None for f in frames):
        assert info['times'] == [f.time for f in frames], f"times {info['times']}"
    at, type_of = 0, {}
    for k, frame in enumerate(frames):
        for number_of, kind, element, r, image in sorted(frame.atoms, key=lambda a: a[0]):
            atom, at = atoms[at], at + 1
            where = f'frame {k} atom {number_of}: '
            assert (atom['frame'], atom['id']) == (k, number_of), where + f"found {atom['frame']}, {atom['id']}"
            if kind is not None:
                assert atom['type'] == kind, where + f"type {atom['type']}, {kind} expected"
            if element is not None:
                assert atom['element'] == element, where + f"element {atom['element']}, {element} expected"
                assert type_of.setdefault(element, atom['type']) == atom['type'], where + 'another type than before'
            assert same_place(frame, atom, r, frame.exact), where + f"at {atom['x']}, {atom['y']}, {atom['z']}, {r} expected"
            assert (tuple(atom['image']) if atom['image'] else None) == image, where + f"image {atom['image']}, {image} expected"
    assert at == len(atoms), f'{len(atoms)} atoms, {at} expected'


def main(program, files, seed='1'):
    failed = total = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, (make, read) in FORMATS.items():
            for k in range(int(files)):
                rng = random.Random(f'{seed} {kind} {k}')
                data = make(rng)
                path = pathlib.Path(folder) / f'made.{kind}'
                path.write_bytes(gzip.compress(data) if rng.random() < 0.2 else data)
                total += 1
                try:
                    frames = read(data)
                    objects = ask(program, path)
                    compare(frames, objects)
                    assert ask(program, path, '--memory=1') == objects, 'another answer with little memory'
                except AssertionError as trouble:
                    failed += 1
                    print(f'{kind} {k}: {trouble}', flush=True)
                    if failed <= 3:
                        print(data[:1200].decode(errors='replace'))
    print(f'{total} files, {failed} differ')
    return 1 if failed or not total else 0


if __name__ == '__main__':
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), *sys.argv[2:]))
