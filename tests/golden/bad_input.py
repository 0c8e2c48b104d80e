#!/usr/bin/env python3
"""Bad and odd input through the whole program: what is refused, with which words, and what is accepted.

Usage: bad_input.py BINARY SOURCE_ROOT. SPDX-License-Identifier: GPL-3.0-or-later
"""
import gzip, json, math, os, pathlib, resource, struct, subprocess, sys, tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
from checks import check, finish # pylint: disable=wrong-import-position
import own_cache # pylint: disable=unused-import,wrong-import-position

binary = pathlib.Path(sys.argv[1]).resolve()
sanitized = b'__asan_init' in binary.read_bytes()     # its shadow memory and start-up time are not ours


def run(commands, *files, env=None):
    p = subprocess.run([binary, '--json', '--no-cache', '-j', '2', '-c', commands, *files], stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=120, cwd=tmp, env=dict(os.environ, **(env or {})))
    err = p.stderr.decode(errors='replace')
    check(f'{commands} {files}: no raw control characters', not any(c < 32 and c != 10 for c in p.stdout + p.stderr), repr(err))
    objects = [json.loads(line) for line in p.stdout.decode().splitlines()]
    return p.returncode, objects, err


def dump(n=4, step=0, columns='id type x y z', rows=None, box='0 10\n0 10\n0 10', flags='pp pp pp', count=None, end='\n'):
    rows = rows if rows is not None else [f'{i + 1} 1 {2 * i + 1} {i + 1} {0.5 * i + 1}' for i in range(n)]
    return (f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{count if count is not None else len(rows)}\n'
            f'ITEM: BOX BOUNDS {flags}\n{box}\nITEM: ATOMS {columns}\n' + '\n'.join(rows) + end)


def write(name, data):
    path = tmp / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return name


def used_by_children():
    """Seconds of processor time: what else runs on the machine does not count."""
    times = os.times()
    return times.children_user + times.children_system


def refused(name, commands, *files, words=(), status=1, where=True):
    begin = used_by_children()
    code, objects, err = run(commands, *files)
    took = used_by_children() - begin
    check(f'{name}: exit status', code == status, f'{code}, wanted {status}: {err}')
    for word in ([str(files[0])] if where and files else []) + list(words):
        check(f'{name}: says "{word}"', word in err, err)
    check(f'{name}: error object', objects and set(objects[-1]) == {'cmd', 'error', 'where', 'hint'}, objects[-1:])
    check(f'{name}: at once', took < (20 if sanitized else 2), f'{took:.2f} s')


def accepted(name, commands, *files, status=0, warns=None, **more):
    code, objects, err = run(commands, *files, **more)
    check(f'{name}: exit status', code == status, f'{code}: {err}')
    if warns:
        check(f'{name}: warns "{warns}"', warns in err, err)
    return objects, err


def row(i, x):
    return f'{i} 1 {x} {i} {i}'


LJ = 'pair_style lj/cut 2.5; pair_coeff * * 1 1; '


def refusals():
    refused('no such file', 'info', 'missing.dump', words=['No such file'])
    refused('empty file', 'info', write('empty.dump', ''), words=['empty'])
    (tmp / 'folder').mkdir()
    write('folder/readme', 'hello\n')
    refused('directory without dumps', 'info', 'folder')
    refused('text that is no dump', 'info', write('text.dump', 'The quick brown fox\njumps\n'))
    for n in ('2147483648', '-1', '1e6', '9223372036854775808', '99999999999999999999999'):
        refused(f'{n} atoms', 'info', write('n.dump', dump(count=n)), words=['n.dump:4'])
    refused('2000000000 atoms in a short file', 'info', write('n2.dump', dump(count='2000000000')))
    refused('duplicate ids', 'info', write('twice.dump', dump(rows=[row(1, 1), row(2, 2), row(1, 3)])), words=['twice'])
    refused('zero id', 'info', write('zero.dump', dump(rows=[row(1, 1), row(0, 2)])))
    for value in ('nan', 'inf', '-inf', '0x10', '1e999', 'abc', '1,5', ''):
        refused(f'coordinate {value!r}', 'info', write('value.dump', dump(rows=[row(1, 1), row(2, value)])), words=['value.dump:11'])
    for bounds in ('0 0', '5 1', '0 nan', '0 1e999', '0'):
        refused(f'box {bounds}', 'info', write('box.dump', dump(box=f'0 10\n{bounds}\n0 10')), words=['box.dump:'])
    refused('NUL byte', 'info', write('nul.dump', dump().replace('1 1 1', '1\0 1 1')))
    refused('too few columns', 'info', write('few.dump', dump(rows=[row(1, 1.25), '2 1 1 1', row(3, 3.25), row(4, 4.25)])), words=['few.dump:11'])
    refused('too many columns', 'info', write('many.dump', dump(rows=['1 1 1 1 1', '2 1 1 1 2 3'])), words=['many.dump:11'])
    refused('no positions', 'info', write('nopos.dump', dump(columns='id type vx vy vz')), words=['nopos.dump'])
    os.mkfifo(tmp / 'fifo')
    refused('FIFO', 'info', 'fifo')
    refused('/dev/zero', 'info', '/dev/zero')
    os.symlink('loop', tmp / 'loop')
    refused('symlink loop', 'info', 'loop')
    a, b = write('a.dump', dump()), write('b.dump', dump(step=1, box='0 10\n0 11\n0 10'))
    refused('boxes that differ', 'match 0:1 of=raw', a, b, words=['box'], where=False)
    accepted('... may be viewed', 'info; snapshot 1', a, b)
    c = write('c.dump', dump(step=1, rows=['1 2 1 1 1', '2 1 2 2 2', '3 1 3 3 3', '4 1 4 4 4']))
    refused('species counts that differ', 'match 0:1 of=raw', a, c, words=['type'], where=False)
    accepted('... may be matched blind', 'match 0:1 of=raw species=blind', a, c)
    accepted('... may be viewed', 'info; snapshot 1', a, c)
    refused('numbers of atoms that differ', 'match 0:1 of=raw species=blind', a, write('d.dump', dump(5, step=1)), where=False)
    refused('a type without pair_coeff', 'pair_style lj/cut 2.5; pair_coeff 1 1 1 1; energy 0', c, words=['2'], where=False)
    refused('no potential', 'energy 0', a, words=['system'], where=False)
    spot = write('spot.dump', dump(rows=['7 1 1 1 1', '12 1 3 3 3', '900 1 3 3 3']))
    for command in ('energy 0', 'quench 0'):
        refused(f'two atoms on one spot, {command}', LJ + command, spot, words=['12', '900'], where=False)
    refused('a 2D system for a 3D set', 'system ka2d; energy 0', a, words=['two-dimensional'], where=False)
    flat = write('flat.dump', dump(rows=['1 1 1 1 0', '2 2 3 3 0', '3 1 5 5 0']))
    refused('a 3D system for a flat set', 'system ka3d; energy 0', flat, words=['three-dimensional'], where=False)
    accepted('... its own system', 'system ka2d; energy 0', flat)
    refused('a frame that is not there', 'match 0:9 of=raw', a, words=['frame 9'], where=False)
    refused('an unknown command', 'mtach 0:1', a, words=['mtach', 'match'], where=False, status=2)
    refused('an unknown option', 'match 0:0 off=raw', a, words=['off'], where=False, status=2)
    refused('an unknown value', 'match 0:0 of=row', a, words=['row'], where=False, status=2)
    refused('output that cannot be written', LJ + 'quench 0 write=/nowhere/q.dump', a, words=['/nowhere/q.dump'], where=False)


def potentials_not_there():
    """The file, the publication, where such files are kept and where to put it."""
    a = write('al.dump', dump())
    nowhere = {'ISDMIN_POTENTIALS': '', 'LAMMPS_POTENTIALS': '', 'XDG_DATA_HOME': str(tmp)}
    for name, words in (('alsm', ['v2_18_Al3Sm_2016.eam.fs', 'JOM 73, 2312']), ('nip', ['NiP.lammps.eam', 'JOM 64, 856']),
                        ('pdsi', ['PdSi.lammps.eam', 'Phys. Rev. B 85, 060201']), ('ycu', ['potential='])):
        code, objects, err = run(f'system {name}', a, env=nowhere)
        check(f'{name}, no file: exit status', code != 0, code)
        for word in words + ['NIST Interatomic Potentials Repository', 'potential=FILE']:
            check(f'{name}, no file: says "{word}"', word in err, err)
        if name != 'ycu':
            check(f'{name}, no file: where to put it', f'{tmp}/isdmin/potentials' in err, err)
        check(f'{name}, no file: error object', objects[-1]['error'], objects)


def no_repulsion():
    """Tables with a wall that ends: what is behind it is refused, with the pair."""
    n, step = 301, 0.01
    r = [k * step for k in range(n)]
    pair = [40 * x * x * math.exp(-2 * x) * (1 - x / 3) ** 3 for x in r]         # r phi: phi is highest at 0.4
    rho = [0.1 * (1 - x / 3) ** 3 for x in r]
    table = [f'{value:.17g}' for value in [0.0] * n + rho + pair]
    write('wall.eam', '\n'.join(['a', 'b', 'c', '1 Al', f'{n} 0.01 {n} {step} 3.0', '13 27 4 fcc', *table]) + '\n')
    use = 'pair_style eam/alloy; pair_coeff * * wall.eam Al; '
    rows = ['71 1 1 1 1', '12 1 5 5 5', '35 1 5.2 5 5', '14 1 8 8 8']
    behind = write('behind.dump', dump(rows=rows))
    for command in ('energy 0', 'quench 0'):
        refused(f'no repulsion, {command}', use + command, behind, words=['no repulsion', 'ids 12 and 35', 'behind.dump'],
                where=False)
    before = accepted('before the wall', use + 'energy 0; quench 0', write('before.dump', dump(rows=[rows[0], rows[1], '35 1 5.6 5 5'])))[0]
    check('before the wall: pushed apart', before[1]['energy'] < before[0]['energy'], before)


def acceptances():
    objects, _ = accepted('gaps in ids', 'match 0:1 of=raw', write('gaps.dump', dump(rows=[row(5, 1), row(7000000000, 2)]) +
                                                                  dump(step=3, rows=[row(7000000000, 2), row(5, 1.5)])))
    check('gaps in ids: labelled', objects[0]['rmsd'] and abs(objects[0]['rmsd'] - (0.5 ** 2 / 2) ** 0.5) < 1e-12, objects)
    noid = write('noid.dump', dump(columns='type x y z', rows=['1 1 1 1', '1 2 2 3']) + dump(step=1, columns='type x y z', rows=['1 2 2 3', '1 1 1 1.5']))
    m = accepted('no ids', 'match 0:1 of=raw', noid)[0][0]
    check('no ids: labelled results are null', all(m[k] is None for k in ('rmsd', 'exchanged', 'jump_fraction', 'cycles')), m)
    m = accepted('no ids, order is the identity', 'match 0:1 of=raw ids=order', noid)[0][0]
    check('no ids, order is the identity', m['exchanged'] == 2 and m['cycles']['longest'] == 2, m)
    far = accepted('atoms far outside', LJ + 'energy 0; snapshot 0', write('far.dump', dump(rows=['1 1 1e6 1 1', '2 1 2 -12345678.5 1'])))[0]
    check('atoms far outside: wrapped', all(0 <= o[c] < 10 for o in far if o['cmd'] == 'snapshot' for c in 'xyz'), far)
    accepted('CRLF', 'info', write('crlf.dump', dump().replace('\n', '\r\n')))
    accepted('a line of 2 MB in an unused place', 'info',
             write('long.dump', dump(columns='id type x y z note', rows=['1 1 1 1 1 ' + 'x' * 2000000, '2 1 2 2 2 y'])))
    objects, _ = accepted('anything in unused columns', 'info',
                          write('unused.dump', dump(columns='id vx type x y z fx', rows=['1 nan 1 1 1 1 0x1p3', '2 1e999 1 2 2 2 \x1b[2J'])))
    check('anything in unused columns: atoms', objects[0]['atoms'] == 2, objects)
    accepted('no newline at the end', 'info', write('nonl.dump', dump(end='')), warns='nonl.dump', status=0)
    accepted('header in another order with units and time', 'info',
             write('units.dump', 'ITEM: UNITS\nlj\nITEM: TIME\n2.5\n' + dump()))
    name = 'esc\x1b]0;x\x07.dump'
    write(name, dump(end=''))
    code, _, err = run('info', name)
    check('escape sequences in names', '\\x1b]0;x\\x07' in err, err)
    one = accepted('decimal comma', 'info; snapshot 0', write('comma.dump', dump(rows=['1 1 1.25 2.5 3.75'])), env={'LC_ALL': 'de_DE.UTF-8'})[0]
    check('decimal comma: numbers', one[-1]['x'] == 1.25, one)


def what_was_wrong_once():
    flat = write('flat2.dump', dump(rows=['1 1 1 1 0', '2 2 3 3 0', '3 1 5 5 0']))
    info = accepted('a changed built-in system', 'system ka3d; pair_coeff 1 1 1 1 2.5; info; energy 0', flat)[0]
    check('a changed built-in system says nothing of the dimension', info[0]['dimension'] == 2 and info[1]['virial'][2] == 0, info)
    none = write('none.dump', dump(rows=[]) + dump(step=1, rows=[]))
    accepted('frames without atoms', 'snapshot 0; match 0:1 of=raw; atoms 0:1 of=raw; gr 0 of=raw; pu 0:1 of=raw', none)
    one = accepted('one atom is no plane', 'info; match 0:1 of=raw', write('one.dump', dump(rows=['1 1 1 1 1']) + dump(step=1, rows=['1 1 1 1 4'])))[0]
    check('one atom is no plane: z counts', one[0]['dimension'] == 3 and one[1]['d_min'] == 3, one)
    layer = dump(rows=['1 1 1 1 1', '2 1 5 5 1']) + dump(step=1, rows=['1 1 1 1 1', '2 1 5 5 4'])
    accepted('z of a later frame', 'info', write('layer.dump', layer), warns='z of other frames is passed over')
    one = accepted('z of a later frame, dimension 3', 'dimension 3; match 0:1 of=raw', 'layer.dump')[0]
    check('z of a later frame, dimension 3: it counts', abs(one[0]['sum_sq'] - 9) < 1e-12, one)
    rows = [f'{k + 1} {1 + (k % 5 == 0)} {k % 5 + 0.01 * (k * 7 % 11):.3f} {k // 5 % 5 + 0.013 * (k * 5 % 7):.3f} {k // 25 + 0.017 * (k * 3 % 13):.3f}'
            for k in range(125)]
    liquid = write('liquid.dump', dump(rows=rows, box='0 5\n0 5\n0 5'))
    opened, fine = f'open {liquid} state=is; system ka3d; ', 'quench 0 ftol=1e-8; fidelity 0 methods=lbfgs,cg'
    fresh = accepted('fidelity', opened + fine)[0][-1]
    code, objects, err = run(opened + 'quench 0 ftol=10; fidelity 0 methods=lbfgs,cg; ' + fine)
    check('fidelity follows the settings of the quench', objects[-1]['d'] == fresh['d'], f"{objects[-1]['d']} against {fresh['d']}: {err}")


    p = subprocess.run([binary, '--json', '--jsn'], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    check('a wrong option, as JSON', p.returncode == 2 and 'jsn' in json.loads(p.stdout)['error'], p)
    script = 'system ka3d\nquench 0 maxiter=1\n'
    for setting, wanted in (('', 3), ('strict=on\n', 1)):
        p = subprocess.run([binary, '-i', '--no-cache', tmp / liquid], input=setting + script, capture_output=True, text=True)
        check(f'the prompt with {setting!r}: exit status', p.returncode == wanted, p)


def damaged_gz():
    """Cut anywhere: the complete frames before the cut, a warning with file and offset, exit status 3 (or a refusal)."""
    frames = [dump(40, step=k, rows=[f'{i + 1} 1 {(i * 7919 % 1000) / 100} {(i * 104729 % 997) / 100} {k}.{i}' for i in range(40)]) for k in range(6)]
    whole = gzip.compress(''.join(frames).encode(), 6)
    for cut in range(20, len(whole), max(1, len(whole) // 12)):
        name = write('cut.dump.gz', whole[:cut])
        code, objects, err = run('info', name)
        check(f'gz cut at {cut}: exit status', code in (1, 3), f'{code}: {err}')
        check(f'gz cut at {cut}: names file and offset', 'cut.dump.gz' in err and 'byte' in err, err)
        if code == 3:
            info = objects[0]
            check(f'gz cut at {cut}: only whole frames', info['frames'] <= 6 and info['atoms'] == 40, info)
    ids = accepted('gz, whole', 'info', write('whole.dump.gz', whole))[0]
    check('gz, whole: frames', ids[0]['frames'] == 6, ids)
    crc = bytearray(whole)
    crc[-5] ^= 1
    refused('gz with a wrong checksum', 'info', write('crc.dump.gz', bytes(crc)), words=['checksum'])
    two = gzip.compress(frames[0].encode()) + gzip.compress(''.join(frames[1:]).encode())
    check('gz of two members', accepted('gz of two members', 'info', write('two.dump.gz', two))[0][0]['frames'] == 6)
    accepted('gz with zeros behind', 'info', write('zeros.dump.gz', whole + b'\0' * 512))
    accepted('gz with garbage behind', 'info', write('garbage.dump.gz', whole + b'garbage!'), warns='garbage.dump.gz')


with tempfile.TemporaryDirectory() as folder:
    tmp = pathlib.Path(folder)
    refusals()
    potentials_not_there()
    no_repulsion()
    acceptances()
    what_was_wrong_once()
    damaged_gz()
finish()
