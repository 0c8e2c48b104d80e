#!/usr/bin/env python3
"""Moduli of sheared and resting liquids against numpy's, and traces that are not what they should be.

Usage: shear.py BINARY SOURCE_ROOT [--raw]. SPDX-License-Identifier: GPL-3.0-or-later

--raw: the script of README.md from frames that are quenched here, alone; exit status 77 without the reference.

The reference (data/dms, by LAMMPS and numpy) is looked for in $ISDMIN_REFERENCE; without it only made-up traces are tried.
"""
import gzip, json, math, os, pathlib, re, subprocess, sys, tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
from checks import check, finish # pylint: disable=wrong-import-position

binary, root = map(os.path.abspath, sys.argv[1:3])
reference = pathlib.Path(os.environ.get('ISDMIN_REFERENCE', f'{root}/../shared')) / 'data/dms'


def near(name, got, want, tolerance=1e-6):
    if want is None:
        check(name, got is None, f'{got} where there is nothing')
    else:
        check(name, got is not None and abs(got - want) <= tolerance * max(abs(want), 1e-12), f'{got} against {want}')


def run(commands, folder, *more):
    p = subprocess.run([binary, '--json', '--no-cache', *more, '-c', commands], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                       cwd=folder)
    return p.returncode, [json.loads(line) for line in p.stdout.splitlines()], p.stderr


def moduli():
    want = json.loads((reference / 'reference.json').read_text())
    script = "trace 'series_T*_tw*.txt.gz' name='series_T{T}_tw{tw}' dt=0.005 every=4 volume=%.17g amplitude=0.012; fit sine"
    status, objects, errors = run(script % want['V'], reference)
    check('fit of all traces', status == 0, errors)
    fits = {(o['T'], o['t_w']): o for o in objects if o['cmd'] == 'fit'}
    check('one fit a trace', len(fits) == len(want['points']), str(len(fits)))
    for p in want['points']:
        o, name = fits[p['T'], p['t_w']], f"T={p['T']} tw={p['t_w']}"
        check(name + ' cycles', o['cycles'] == p['cycles_used'] and o['rows'] == p['points_used'])
        for mine, theirs in (('G1', 'Gp'), ('G2', 'Gpp'), ('G_abs', 'abs_G'), ('delta', 'delta'), ('strain_A', 'strain_amplitude'), ('sigma0', 'sigma0')):
            near(f'{name} {mine}', o[mine], p[theirs])
        for mine, theirs in (('se_G1', 'Gp'), ('se_G2', 'Gpp'), ('se_delta', 'delta')):
            near(f'{name} {mine}', o[mine], p['se_jackknife'][theirs])
        near(f'{name} se_G_formula', o['se_G_formula'], p['se_formula']['G'])
        near(f'{name} se_delta_formula', o['se_delta_formula'], p['se_formula']['delta'])
        near(f'{name} temperature', o['temperature'] if o['temperature'] is not None else p['temp_mean'], p['temp_mean'], 0.2)
        for mine, theirs in (('cycle_G1', 'Gp_each_cycle'), ('cycle_G2', 'Gpp_each_cycle')):
            worst = max(abs(a - b) for a, b in zip(o[mine], p[theirs]))
            check(f'{name} {mine}', worst < 1e-6 * o['G_abs'], str(worst))
    points(want)
    for T, gk in want['green_kubo'].items():
        status, objects, errors = run(f"greenkubo gk_T{T}.txt.gz T={T} volume={want['V']:.17g} dt=0.005 tcut={gk['t_cut']} tw=10,20,50,100", reference)
        check(f'Green-Kubo at {T}', status == 0, errors)
        o = objects[0]
        near(f'G_inf at {T}', o['G_inf'], gk['G_inf'])
        near(f'its error at {T}', o['se_G_inf'], gk['G_inf_se'])
        for k, t_w in enumerate(o['t_w']):
            p = gk['points'][f'{t_w:g}']
            for mine, theirs in (('G1', 'Gp'), ('G2', 'Gpp'), ('se_G1', 'Gp_se'), ('se_G2', 'Gpp_se')):
                near(f'{mine} at {T} and {t_w}', o[mine][k], p[theirs])


def points(want):
    """The whole picture of delta against D_min from one short script: distances by scipy, the law by the reference's log-log fit."""
    script = "open 'is_T*_tw*.dump.gz' name='is_T{T}_tw{tw}' state=is dt=0.005; " \
             "trace 'series_T*_tw*.txt.gz' name='series_T{T}_tw{tw}' dt=0.005; points; fit power"
    status, objects, errors = run(script, reference)
    check('points and their law', status == 0, errors)
    found = {(o['T'], o['t_w']): o for o in objects if o['cmd'] == 'points'}
    for p in want['points']:
        o, name = found[p['T'], p['t_w']], f"T={p['T']} tw={p['t_w']}"
        for mine, theirs in (('d_min', 'resolved'), ('d_min_blind', 'blind'), ('rmsd_is', 'rmsd_unwrapped')):
            near(f'{name} {mine}', o[mine], p['D']['IS'][theirs]['mean'])
            near(f'{name} se_{mine}', o['se_' + mine], p['D']['IS'][theirs]['se_moving_block'], 1e-5)
        near(f'{name} jump_fraction', o['jump_fraction'], p['D']['IS']['jump_fraction']['mean'])
        near(f'{name} r0', o['r0'], want['r0'])
    law = objects[-1]
    check('exponent of all', law['T'] is None and law['n'] == 12 and abs(law['b_york'] - 1.27) < 0.01 and abs(law['b'] - 1.27) < 0.01, str(law['b']))
    check('its interval', abs(law['b_low'] - 1.14) < 0.015 and abs(law['b_high'] - 1.39) < 0.015, f"{law['b_low']} {law['b_high']}")
    check('its chi-square', abs(law['chi_sq'] - 6.8) < 0.2 and law['dof'] == 10, str(law['chi_sq']))
    each = {o['T']: o for o in objects if o['cmd'] == 'fit' and o['T'] is not None}
    for T, b in ((0.7, 1.84), (0.6, 1.57), (0.5, 0.98)):
        check(f'exponent at T={T}', abs(each[T]['b_york'] - b) < 0.1, str(each[T]['b_york']))
    check('a short range is said', each[0.7]['verdict'] is not None and 'range' in each[0.7]['verdict'], str(each[0.7]['verdict']))


def errors_of_script(folder, script):
    """The traces as README.md opens them give the reference's errors by the closed form too."""
    want = {(p['T'], p['t_w']): p['se_formula'] for p in json.loads((reference / 'reference.json').read_text())['points']}
    lines = [line for line in script.splitlines() if line.startswith(('timestep', 'trace'))]
    status, objects, errors = run('; '.join(lines) + '; fit sine', folder)
    check('the traces of README.md', status == 0, errors)
    for o in (o for o in objects if o['cmd'] == 'fit'):
        for mine, theirs in (('se_G_formula', 'G'), ('se_delta_formula', 'delta')):
            near(f"README.md: {mine} at {o['T']} and {o['t_w']}", o[mine], want[o['T'], o['t_w']][theirs])


def readme(folder, raw):
    """The script of README.md and what it says comes out, from the structures by LAMMPS (picture and all) or from the frames as they are."""
    text = pathlib.Path(root, 'README.md').read_text(encoding='utf-8')
    script = next(block for block in re.findall(r'```\n(.*?)```', text, re.S) if block.startswith('# law.isd'))
    check('at most ten lines', script.count('\n') <= 10)
    for word in re.findall(r"'([^']*\.gz)'", script):
        script = script.replace(word, str(reference / word))
    if raw:
        other = re.search(r"`system ka3d`,? and `(open '(ends_[^`]*\.gz)' [^`]*)`", text)
        script = re.sub(r'^open.*$', 'system ka3d\n' + other[1].replace(other[2], str(reference / other[2])), script, flags=re.M)
    (folder / 'law.isd').write_text(script)
    env = dict(os.environ, LC_ALL='C.UTF-8', TERM='dumb')
    p = subprocess.run([binary, '--no-cache', '-f', 'law.isd'], cwd=folder, capture_output=True, encoding='utf-8', timeout=900, env=env)
    check('the script of README.md', p.returncode == 0 and (folder / 'law.svg').stat().st_size > 5000, p.stderr)
    errors_of_script(folder, script)
    said = re.findall(r'^b = (\d\.\d+) \((\d\.\d+) to (\d\.\d+)', text, re.M)[raw]
    found = re.findall(r'b = ([\d.]+) \+- [\d.]+ \(([\d.]+) to ([\d.]+)\)', p.stdout)[0]
    check('b as README.md says', all(abs(float(a) - float(b)) < (0.03 if raw else 0.006) for a, b in zip(said, found)), f'{said} {found}')
    shown = re.search(r'<!-- picture of law.isd -->\n```\n(.*?)```', text, re.S)[1]
    now = p.stdout[p.stdout.index(shown[:14]):] if shown[:14] in p.stdout else ''
    if not raw: # but for dots at the edge of rounding
        check('the picture of README.md', sum(a != b for a, b in zip(shown, now)) <= 8, now[:2000])


def tables(folder):
    """Tables from elsewhere, good and bad."""
    def trial(name, content, then='fit power'):
        path = folder / (name.replace(' ', '_') + '.csv')
        path.write_text(content)
        return run(f"points '{path.name}'; {then}", folder)

    good = 'T,tw,Delta_x,delta,se_delta,Dmin,se_Dmin,r0\n' + ''.join(
        f'{T},{tw},0,{2 * (d / 0.9) ** 2},0.01,{d},0.001,0.9\n' for T in (0.5, 0.6) for tw, d in ((1, 0.2), (2, 0.3), (5, 0.45), (10, 0.6)))
    status, objects, errors = trial('good', good)
    check('a table', status == 0 and len(objects) == 3 and abs(objects[-1]['b'] - 2) < 1e-6 and abs(objects[-1]['A'] - 2) < 1e-6, errors or str(objects))
    check('its collapse', objects and objects[-1]['collapse'] is not None and abs(objects[-1]['collapse']) < 1e-6 and objects[-1]['collapse_p'] > 0.99 and
          objects[-1]['collapse_low'] <= objects[-1]['collapse'] + 1e-9 <= objects[-1]['collapse_high'] + 2e-9, str(objects[-1:]))
    status, objects, errors = trial('two points', '\n'.join(good.splitlines()[:3]) + '\n')
    check('two points are refused', status == 1 and 'three' in errors, errors)
    status, objects, errors = trial('all D equal', 'delta,se_delta,d_min,r0\n' + ''.join(f'{d},0.1,0.3,0.9\n' for d in (0.1, 0.2, 0.3)))
    check('equal D are refused', status == 1 and 'all abscissae' in errors and 'abscissae that differ' in errors, errors)
    some = good.replace(',0.01,0.2,', ',,0.2,')
    status, objects, errors = trial('some errors', some)
    check('points without an error are left out where others have one', status == 0 and objects[-1]['n'] == 6 and objects[-1]['method'] == 'weighted' and
          '2 points without an error of delta left out' in errors, errors)
    without_errors(trial)
    status, objects, errors = trial('no error of D', good.replace(',0.001,', ',,'))
    check('errors of the abscissa that are not known are said', status == 0 and 'error of d_min is not known at 8 of 8 points' in errors, errors)
    status, objects, errors = trial('empty window', good, 'fit power range=0.7..0.9')
    check('an empty window is named', status == 1 and '0 of 8 points lie in the window range=0.7..0.9' in errors and '0.222 to 0.667' in errors, errors)
    status, objects, errors = trial('backwards', good, 'fit power tw=5..2')
    check('a range that runs backwards', status == 2 and '5..2 runs backwards' in errors and '2..5' in errors, errors)
    status, objects, errors = trial('negative', 'delta,se_delta,d_min,se_d_min,r0\n-0.01,0.02,0.2,0.001,1\n0.2,0.02,0.3,0.001,1\n'
                                    '0.4,0.02,0.4,0.001,1\n0.8,0.02,0.6,0.001,1\n')
    check('a negative delta counts', status == 0 and objects[-1]['n'] == 4, errors or str(objects))
    status, objects, errors = trial('nan', 'delta,se_delta,d_min\n0.1,0.1,nan\n')
    check('a nan is refused', status == 1 and 'nan.csv:2' in errors, errors)
    status, objects, errors = trial('temperatures missing', 'T,delta,se_delta,d_min,r0\n' + ''.join(f',{d},0.1,{d},0.9\n' for d in (0.1, 0.2, 0.3)))
    check('missing temperatures are one state', status == 0 and objects[-1]['states'] == 1, errors)
    status, objects, errors = trial('words', 'T,delta,se_delta,d_min\n0.5,a,0.1,0.2\n0.5,b,0.1,0.3\n')
    check('a column of words is refused with its place', status == 1 and 'words.csv:2:5' in errors and 'column delta holds words' in errors, errors)
    status, objects, errors = trial('label', 'system,T,delta,se_delta,d_min,r0\n' + ''.join(f'ka,0.5,{d ** 2},0.01,{d},1\n' for d in (0.2, 0.4, 0.8)))
    check('other words do no harm', status == 0 and 'column not used: system' in errors, errors)
    status, objects, errors = trial('commas', 'delta;d_min\n0,1;0,2\n')
    check('decimal commas are said', status == 1 and 'commas.csv:2:1' in errors and 'decimal commas' in errors, errors)
    status, objects, errors = trial('twice', 'delta,d_min,delta\n0.1,0.2,0.1\n')
    check('a doubled column', status == 1 and 'columns 1 and 3 are both named delta' in errors, errors)
    status, objects, errors = trial('negative error', 'delta,se_delta,d_min\n0.1,0.1,0.2\n0.1,-0.1,0.2\n')
    check('a negative error', status == 1 and 'negative_error.csv:3' in errors and 'cannot be negative' in errors, errors)
    status, objects, errors = trial('no length', 'delta,d_min,r0\n0.1,0.2,0.9\n0.1,0.2,0\n')
    check('r0 of nothing', status == 1 and 'no_length.csv:3' in errors and 'r0 is 0' in errors, errors)
    status, objects, errors = trial('zero', good.replace('0.01,0.3,', '0.01,0,', 1))
    check('a distance of 0', status == 1 and 'not positive' in errors and 'range=' in errors, errors)
    status, objects, errors = trial('spreadsheet', '\ufeff' + good.replace('\n', '\r\n'))
    check('a byte order mark', status == 0 and len(objects) == 3 and 'ufeff' not in errors and errors.count('not used') == 1, errors)
    status, objects, errors = trial('twice the same', good + good.splitlines()[1].replace(',0.2,', ',0.21,') + '\n', 'points')
    check('a point said twice', status == 0 and len(objects) == 8 and 'say 1 value again' in errors and 'T = 0.5, t_w = 1' in errors, errors)
    blanks = folder / 'up.dat'
    blanks.write_text('\n'.join(line.replace(',', ' ') for line in good.splitlines()) + '\n')
    status, objects, errors = run('open up.dat', folder)
    check('open of a table with blanks says how', status == 1 and 'points FILE' in errors and 'trace FILE' in errors, errors)
    status, objects, errors = run('points up.dat; fit power', folder)
    check('and so it is', status == 0 and abs(objects[-1]['b'] - 2) < 1e-6, errors)
    p = subprocess.run([binary, '--json', '--no-cache', 'good.csv', '-c', 'fit power'], capture_output=True, text=True, cwd=folder, timeout=60)
    check('a table on the command line', p.returncode == 0 and p.stdout.count('"power"') == 3, p.stderr)
    (folder / 'study.isd').write_text('# of tables\n\npoints good.csv; open commas.csv\n')
    p = subprocess.run([binary, '--no-cache', '-f', 'study.isd'], capture_output=True, text=True, cwd=folder, timeout=60)
    check('an error in data says the line of the script too', 'study.isd:3:18: open: commas.csv:2:1: ' in p.stderr, p.stderr)
    status, objects, errors = trial('unknown columns', 'a,b\n1,2\n')
    check('unknown columns are refused', status == 1 and 'delta' in errors, errors)
    status, objects, errors = run('fit power', folder)
    check('no points', status == 1, errors)


def left_out(trial):
    """All states of one temperature are left out together; of a single temperature those of one pressure."""
    rows = [(T, p, tw, d * (1 + 0.1 * p)) for T in (0.5, 0.6, 0.7) for p in (0, 1) for tw, d in ((1, 0.2), (2, 0.3), (5, 0.45), (10, 0.6))]
    law = lambda T, d: (3 if T == 0.7 else 1) * d ** 2
    table = lambda rows: 'T,p,tw,delta,se_delta,Dmin,r0\n' + ''.join(f'{T},{p},{tw},{law(T, d)!r},{0.02 * law(T, d)!r},{d!r},1\n' for T, p, tw, d in rows)
    status, objects, errors = trial('two pressures', table(rows))
    out = objects[-1]['left_out'] if objects else []
    check('a temperature at a time', [(o['T'], o['p'], o['states'], o['n']) for o in out] ==
          [(0.5, None, 2, 8), (0.6, None, 2, 8), (0.7, None, 2, 8)], str(out))
    check('the odd one stands out: its prediction is wrong by two thirds, 33 errors', abs(out[2]['misfit'] - 2 / 0.06) < 0.1 and
          abs(out[2]['b'] - 2) < 1e-6, str(out))
    check('and 2 % errors are those of the rest', 0.01 < out[2]['se_b'] < 0.03, str(out))
    status, objects, errors = trial('one temperature', table([row for row in rows if row[0] == 0.5]))
    out = objects[-1]['left_out'] if objects else []
    check('of one temperature a pressure at a time', [(o['T'], o['p'], o['states'], o['n']) for o in out] ==
          [(0.5, 0, 1, 4), (0.5, 1, 1, 4)], str(out))


def without_errors(trial):
    """A table with nothing but delta, D_min and the state: the ordinary line through the logarithms, marked, and r0 is not needed for b."""
    d = {(T, tw): (0.2 + 0.04 * tw) * (1 + 0.05 * k) for k, T in enumerate((0.5, 0.6)) for tw in (1, 2, 5, 10)}
    off = {1: 1.05, 2: 0.97, 5: 1.02, 10: 0.96}
    table = 'delta,D_min,T,p,t_w\n' + ''.join(f'{1.5 * D ** 2.2 * off[tw]!r},{D!r},{T},0,{tw}\n' for (T, tw), D in d.items())
    x = [math.log(D) for D in d.values()]
    y = [math.log(1.5 * D ** 2.2 * off[tw]) for (_, tw), D in d.items()]
    mx, my = sum(x) / 8, sum(y) / 8
    sxx = sum((a - mx) ** 2 for a in x)
    b = sum((a - mx) * (c - my) for a, c in zip(x, y)) / sxx
    a0 = my - b * mx
    se = math.sqrt(sum((c - a0 - b * a) ** 2 for a, c in zip(x, y)) / 6 / sxx)
    status, objects, errors = trial('no errors', table)
    o = objects[-1] if objects else {}
    check('no errors: an ordinary line, marked', status == 3 and o['method'] == 'ordinary' and 'ordinary least squares' in o['mark'] and
          'se_delta' in errors and len(objects) == 3, errors)
    near('its b', o['b'], b, 1e-9)
    near('its A', o['A'], math.exp(a0), 1e-9)
    near('its error', o['se_b'], se, 1e-9)
    check('its interval by Student', abs((o['b_high'] - o['b']) / (1.0905 * se) - 1) < 1e-3, str(o))
    check('no chi-square', o['chi_sq'] is None and o['b_york'] is None and o['collapse'] is not None and len(o['left_out']) == 2, str(o))
    check('no r0: said', o['x_unit'] == 'as given' and 'r0 is not known' in errors, errors)
    near('with r0 the same b', trial('r0 said', table, 'fit power r0=0.9')[1][-1]['b'], b, 1e-9)
    left_out(trial)
    status, objects, errors = trial('negative without errors', table + '-0.01,0.1,0.5,0,0.5\n')
    check('a negative delta has no logarithm', status == 3 and objects[-1]['n'] == 8 and '1 point with delta at or below 0' in errors, errors)
    status, objects, errors = trial('table without errors', table, 'fit power table=on')
    check('the table of laws too', status == 3 and objects[-1]['method'] == 'ordinary', errors)
    status, objects, errors = trial('all equal without errors', 'delta,D_min,t_w\n0.1,0.3,1\n0.2,0.3,2\n0.3,0.3,5\n')
    check('equal distances without errors', status == 1 and 'all abscissae are 0.3' in errors, errors)
    status, objects, errors = trial('one state equal', 'T,delta,D_min,t_w\n' + ''.join(f'{T},{d ** 2},{d if T > 0.5 else 0.3},{t}\n' for T in (0.5, 0.6)
                                                                                     for t, d in ((1, 0.2), (2, 0.3), (5, 0.5))))
    check('why there is no collapse score', status == 3 and objects[-1]['collapse'] is None and 'no collapse score: all abscissae are 0.3' in errors, errors)
    status, objects, errors = trial('two without errors', '\n'.join(table.splitlines()[:3]) + '\n')
    check('two points are still none', status == 1 and 'three' in errors, errors)


def manifests(folder):
    """Files that say what to open, patterns of names, and tables that are opened as sets are."""
    runs = folder / 'runs'
    runs.mkdir()
    dump = lambda step, x: f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n' \
                           f'ITEM: ATOMS id type xu yu zu\n1 1 {1 + x} 1 1\n2 1 4 {4 + x} 4\n3 1 7 7 {7 + 2 * x}\n'
    for T in (0.5, 0.6):
        for tw in (5, 10):
            frames = ''.join(dump(k * tw * 100, 0.1 * k * T * (tw / 5) ** 0.5) for k in range(5))
            (runs / f'is_T{T}_tw{tw}.dump').write_text(frames)
            (runs / f'sh_T{T}_tw{tw}.txt').write_text(text(rows(steps=10 * tw // 5)))
    (folder / 'all.isd').write_text("# everything\ntimestep 0.01\n"
                                    "open 'runs/is_T*.dump' name='is_T{T}_tw{tw}' state=is\ntrace 'runs/sh_T*.txt' name='sh_T{T}_tw{tw}' volume=1000\n")
    elsewhere = folder / 'elsewhere'
    elsewhere.mkdir()
    status, objects, errors = run("open '../all.isd'; points; series set=all; fit power table=on", elsewhere)
    found = [o for o in objects if o['cmd'] == 'points']
    check('a manifest', status == 0 and 'T = 0.5, 0.6; t_w = 5, 10' in errors and '4 sets and 4 traces' in errors, errors)
    check('its points', [(o['T'], o['t_w'], o['pairs']) for o in found] == [(0.5, 5, 4), (0.5, 10, 4), (0.6, 5, 4), (0.6, 10, 4)], str(found))
    check('its traces are said by points alone', not any(o['cmd'] == 'trace' for o in objects))
    check('both', all(o['d_min'] is not None and o['delta'] is not None and o['cycles'] == 5 for o in found), str(found[:1]))
    check('series of all sets', {o['set'] for o in objects if o['cmd'] == 'series'} >= {'is_T0.5_tw5', 'is_T0.6_tw10'})
    laws = [o for o in objects if o['cmd'] == 'fit']
    check('one table of laws', {o['x'] for o in laws} == {'d_min', 'd_min_blind', 'rmsd_is', 'jump_fraction'} and
          all(o['n'] == 4 for o in laws), str(laws))
    p = subprocess.run([binary, '--json', '--no-cache', '../all.isd', '-c', 'sets'], capture_output=True, text=True, cwd=elsewhere, timeout=60)
    check('a manifest on the command line', p.returncode == 0 and len(json.loads(p.stdout)['sets']) == 4, p.stderr)

    for name, content, want_status, want in (
            ('no such file', '\n\n  open nothing.dump\n', 1, ('no_such_file.isd:3:3', 'nothing.dump')),
            ('no such option', 'timestep 0.01\nopen a.dump dtt=3\n', 2, ('no_such_option.isd:2:13', 'dtt')),
            ('no such command', 'opne a.dump\n', 2, ('no_such_command.isd:1:1', 'open')),
            ('another command', 'quench all\n', 2, ('another_command.isd:1:1', 'does not belong')),
            ('a manifest in a manifest', 'open all.isd\n', 2, ('a_manifest_in_a_manifest.isd:1:1', 'cannot open another')),
            ('a name that does not fit', "open 'runs/is_*.dump' name='sh_T{T}'\n", 1, ('a_name_that_does_not_fit.isd:1:1', 'does not fit')),
            ('zero bytes', 'open a\0b\n', 1, ('zero_bytes.isd',)), ('open quote', "open 'a\n", 2, ('open_quote.isd:1:6', 'quote'))):
        path = folder / (name.replace(' ', '_') + '.isd')
        path.write_text(content)
        status, objects, errors = run(f"open '{path.name}'", folder)
        check('manifest: ' + name, status == want_status and all(word in errors for word in want), f'{status} {errors}')
    status, objects, errors = run('open all.isd dt=3', folder)
    check('a manifest takes no options', status == 2 and 'alone' in errors, errors)
    status, objects, errors = run("open 'runs/is_T*.dump' state=is dt=0.01", folder)
    check('a pattern is proposed for frames', status == 0 and "name='is_T{T}_tw{tw}' would read T = 0.5 t_w = 5" in errors, errors)

    table = 'T,tw,delta,se_delta,Dmin,se_Dmin,r0\n' + ''.join(f'{T},{tw},{(d / 0.9) ** 2},0.01,{d},0.001,0.9\n'
                                                             for T in (0.5, 0.6) for tw, d in ((1, 0.2), (2, 0.3), (5, 0.45), (10, 0.6)))
    (folder / 'points.csv').write_text(table)
    status, objects, errors = run('open points.csv; fit power; relaxation', folder)
    check('a table is opened as sets are', status == 0 and abs([o for o in objects if o['cmd'] == 'fit'][-1]['b'] - 2) < 1e-6, errors)
    check('a map of it', len([o for o in objects if o['cmd'] == 'relaxation']) == 8 and objects[-1]['G1'] is None, str(objects[-1:]))

    say = "timestep 0.01; open runs/is_T0.5_tw5.dump T=0.5 tw={} state=is; trace runs/sh_T0.5_tw5.txt tw=5 T={}; points"
    status, objects, errors = run(say.format(7, 0.5), folder)
    check('frames at another t_w than said', status == 0 and 'no two frames are t_w = 7 apart' in errors, errors)
    status, objects, errors = run(say.format(10, 0.5), folder)
    check('t_w of trace and frames differ', status == 0 and 'no set of this state has frames apart by that t_w; the nearest is 10' in errors, errors)
    status, objects, errors = run("timestep 0.01; open runs/is_T0.5_tw5.dump tw=5 state=is; trace runs/sh_T0.5_tw5.txt tw=5 T=0.5; points", folder)
    check('a temperature is missing', status == 0 and 'T unknown' in errors and 'T= on open and trace says' in errors, errors)
    status, objects, errors = run(say.format(5, 0.6), folder)
    check('temperatures differ', status == 0 and 'no trace of this state' in errors, errors)
    box = lambda k: 10 + 0.01 * (k % 2)
    (folder / 'npt.dump').write_text(''.join(dump(k * 500, 0.1 * k).replace('0 10\n', f'0 {box(k)}\n') for k in range(5)))
    npt = "timestep 0.01; open npt.dump T=0.5 tw=5 state=is; trace runs/sh_T0.5_tw5.txt tw=5 T=0.5; points"
    status, objects, errors = run(npt, folder)
    check('frames in unequal boxes', status == 1 and 'the boxes of the frames differ' in errors and 'boxes=affine' in errors, errors)
    status, objects, errors = run(npt + ' boxes=affine', folder)
    check('pairs in their mean cell', status == 0 and objects[-1]['pairs'] == 4 and 0.05 < objects[-1]['d_min'] < 0.2, errors or str(objects))
    twice = 'trace runs/sh_T0.5_tw5.txt tw=5 T=0.5 dt=0.01 as={}'
    status, objects, errors = run(f"{twice.format('a')}; {twice.format('b')}; points", folder)
    check('two traces of one point', objects[-1]['cycles'] == 10 and abs(objects[-1]['G1'] - 10) < 1e-6, errors)
    (folder / 'systems.csv').write_text('name,beta,se_beta,b,se_b\nKA,0.5,0.02,2.0,0.1\nWCA,0.55,0.02,2.1,0.1\nAlSm,0.6,0.02,2.8,0.1\nNiP,0.65,0.02,2.6,0.1\n')
    status, objects, errors = run('fit beta systems.csv', folder)
    o = objects[-1] if objects else {}
    check('beta beside b', status == 0 and o['n'] == 4 and 0.8 < o['r'] < 0.9 and o['r_low'] < 0 < o['r_high'] and o['verdict'] == 'no correlation is shown' and
          abs(o['points'][2]['Delta'] - 0.8) < 1e-12, errors or str(o))
    curve = [(2, 1.2), (4, 2.1), (8, 3.4), (16, 4.0), (32, 3.1), (64, 1.9), (128, 1.1)]
    for error, want in ((0.3, 0), (0.01, 3)):
        (folder / 'loss.csv').write_text('T,tw,G2,se_G2\n' + ''.join(f'0.5,{t},{g},{error}\n' for t, g in curve))
        status, objects, errors = run('points loss.csv; fit kww', folder)
        o = objects[-1]
        check(f'a chi-square of {o["chi_sq"]:.3g} for {o["dof"]}', status == want and (o['verdict'] is not None) == (want == 3) and
              (want == 0 or 'T = 0.5' in errors and 'do not lie on this curve' in o['mark']), errors)
    (folder / 'loose_loss.csv').write_text('T,tw,G2,se_G2\n' + ''.join(f'0.5,{t},{g},{0.2 * g}\n' for t, g in curve[3:]))
    status, objects, errors = run('points loose_loss.csv; fit kww', folder)
    check('points of one side of the peak', status == 0 and 'hardly say' in objects[-1]['verdict'] and 'hardly say' in errors and
          (objects[-1]['se_beta'] > 0.2 or objects[-1]['se_tau'] > objects[-1]['tau']), errors)
    (folder / 'two.csv').write_text('beta,b\n0.5,2\n0.6,2.5\n')
    status, objects, errors = run('fit beta two.csv', folder)
    check('two systems correlate always', status == 0 and objects[-1]['r'] is None and 'too few' in objects[-1]['verdict'], str(objects))
    (folder / 'bare_loss.csv').write_text('T,tw,G2\n' + ''.join(f'0.5,{t},{g}\n' for t, g in curve))
    status, objects, errors = run('points bare_loss.csv; fit kww; export bare.svg', folder)
    bare = objects[-1] if objects else {}
    check('a loss without errors, marked', status == 3 and bare['method'] == 'ordinary' and bare['chi_sq'] is None and 'no errors' in bare['mark'] and
          bare['se_beta'] > 0 and len(bare['points']) == 7, errors)
    near('the same curve', bare['beta'], o['beta'], 1e-6)
    near('errors of the scatter', bare['se_beta'], o['se_beta'] * math.sqrt(o['chi_sq'] / o['dof']), 1e-6)
    (folder / 'some_loss.csv').write_text('T,tw,G2,se_G2\n' + ''.join(f'0.5,{t},{g},{0.3 if t > 4 else ""}\n' for t, g in curve))
    status, objects, errors = run('points some_loss.csv; fit kww', folder)
    check('some without errors are left out', status == 0 and objects[-1]['n'] == 5 and objects[-1]['method'] == 'weighted' and
          '2 points without an error of G2 left out' in errors, errors)
    status, objects, errors = run('fit beta points.csv', folder)
    check('a table without beta', status == 1 and 'columns beta and b' in errors, errors)


def pictures(folder):
    """Drawings are whole XML, scripts run in gnuplot, and both hold every point."""
    import xml.dom.minidom, shutil
    (folder / 'picture.csv').write_text('T,tw,G2,se_G2,delta,se_delta,Dmin,se_Dmin,r0\n' + ''.join(
        f'{T},{tw},{g},0.5,{(d / 0.9) ** 2},0.05,{d},0.01,0.9\n'
        for T in (0.5, 0.6) for tw, d, g in ((1, 0.2, 2), (3, 0.3, 4), (10, 0.45, 5), (30, 0.5, 4), (100, 0.6, 2.5))))
    (folder / 'wave.txt').write_text(text(rows()))
    wave = '; '.join(f'trace wave.txt tw=5 dt=0.005 as=w{k} T={0.5 + k}' for k in range(5))
    sines = {'cycle': 'fit sine w0', 'cycles': 'fit sine w0 w1', 'moduli': 'fit sine'}
    commands = {'law': 'fit power', 'laws': 'fit power table=on', 'kww': 'fit kww', 'beta': 'fit beta', 'points': 'points', 'map': 'relaxation G2 delta d_min'}
    exports = lambda these: '; '.join(f'{c}; export {n}.svg; export {n}.gp; export {n}.csv' for n, c in these.items())
    status, objects, errors = run(f'points picture.csv; {exports(commands)}', folder)
    check('pictures', status == 0, errors)
    status, objects, errors = run(f'{wave}; {exports(sines)}', folder)
    check('pictures of traces', status == 0, errors)
    commands |= sines
    count = lambda name, what: (folder / f'{name}.svg').read_text().count(what)
    check('a trace against phase and strain', count('cycle', 't / t_w') == 1 and count('cycle', '>strain<') == 1 and count('cycle', 'work of a cycle') == 1)
    check('two traces against phase', count('cycles', 't / t_w') == 2 and count('cycles', '>strain<') == 0)
    check('many traces as moduli', count('moduli', '>T 4.5<') > 0 and count('moduli', 't_w /') == 3 and
          count('moduli', 'G&apos;&apos;(t_w)') + count('moduli', "G''(t_w)") == 1)
    check('the table of laws', count('laws', 'collapse score') == 1 and count('laws', '>d_min<') > 0)
    cycle = next(o for o in objects if o.get('what') == 'sine')
    off = max(abs(s - 0.012 * (10 * math.sin(2 * math.pi * p) + 4 * math.cos(2 * math.pi * p))) for p, s in zip(cycle['phase'], cycle['phase_stress']))
    check('means of the cycles', len(cycle['phase']) == 50 and off < 1e-9, str(off))
    gnuplot = shutil.which('gnuplot')
    for name in commands:
        svg = (folder / f'{name}.svg').read_text()
        try:
            xml.dom.minidom.parseString(svg)
            whole = True
        except Exception:
            whole = False
        check(f'{name}.svg is whole', whole and 'nan' not in svg)
        if gnuplot:
            p = subprocess.run([gnuplot, '-e', f"set terminal svg; set output '{name}.out.svg'", f'{name}.gp'], cwd=folder, capture_output=True, text=True)
            made = folder / f'{name}.out.svg'
            check(f'{name}.gp runs', p.returncode == 0 and not p.stderr.strip() and made.exists() and made.stat().st_size > 2000, p.stderr)
    script = (folder / 'law.gp').read_text()
    check('the script holds every point', sum(line.count(' ') == 5 and line[0] in '0123456789' for line in script.splitlines()) == 10)
    check('the drawing too', (folder / 'law.svg').read_text().count('stroke-width="1.2"') == 10 + 2)
    status, objects, errors = run("open nothing.csv", folder)
    check('no such table', status == 1 and 'nothing.csv' in errors, errors)
    status, objects, errors = run("points picture.csv; relaxation; export map.jpg", folder)
    check('an unknown suffix', status == 1 and '.svg' in errors, errors)
    status, objects, errors = run("help trace; sets; export sets.svg", folder)
    check('no picture of such', status == 1 and 'no picture' in errors, errors)
    p = subprocess.run([binary, '--no-cache', '-c', 'points picture.csv; relaxation delta'], cwd=folder, capture_output=True, text=True,
                       env=dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8'))
    check('no colours in a pipe', p.returncode == 0 and 'delta /rad' in p.stdout and '\033' not in p.stdout, p.stderr)


def rows(cycles=6, per=50, gamma=0.012, g1=10.0, g2=4.0, steps=20):
    """Of fix ave/time: block averages of one cycle of per * steps steps, stamped with their last."""
    w, out = 2 * math.pi / (per * steps), []
    for k in range(cycles * per):
        stamp, t = (k + 1) * steps, (k + 1) * steps - 0.5 * (steps - 1)
        out.append((stamp, gamma * math.sin(w * t), -gamma * (g1 * math.sin(w * t) + g2 * math.cos(w * t))))
    return out


HEAD = '# Time-averaged data for fix s\n# TimeStep v_strain c_pd[4]\n'
OPTIONS = 'tw=5 dt=0.005'


def text(table, head=HEAD):
    return head + ''.join('%d %.12g %.12g\n' % row for row in table)


def whole_tensor(folder):
    """All six components, with columns beside them, give the five independent ones."""
    state, table = 1, []
    for step in range(400):
        row = []
        for _ in range(6):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
            row.append(state / 2 ** 64 - 0.5)
        xx, yy, zz = (value + 20 for value in row[:3])
        table.append([step, xx, yy, zz, *row[3:], (xx - yy) / 2, (2 * zz - xx - yy) / math.sqrt(12)])
    bodies = {'names.txt': 'Step Temp Pxx Pyy Pzz Pxy Pxz Pyz PotEng\n' + ''.join(
                  ' '.join(map(repr, (r[0], 0.5 + r[4], *r[1:7], -6.0))) + '\n' for r in table),
              'numbers.txt': '# averages\n# TimeStep c_thermo_press[1] c_thermo_press[2] c_thermo_press[3] c_thermo_press[4] c_thermo_press[5] '
                             'c_thermo_press[6]\n' + ''.join(' '.join(map(repr, r[:7])) + '\n' for r in table),
              'made.txt': 'Step a b c d e\n' + ''.join(' '.join(map(repr, (r[0], *r[4:]))) + '\n' for r in table),
              'flat.txt': 'Step Pxx Pyy Pzz Pxy Pxz Pyz\n' + ''.join(' '.join(map(repr, (r[0], r[1], r[2], 0.0, r[4], 0.0, 0.0))) + '\n' for r in table),
              'flat_made.txt': 'Step a b\n' + ''.join(' '.join(map(repr, (r[0], r[4], r[7]))) + '\n' for r in table),
              'energies.txt': 'Step Temp PotEng\n' + ''.join(f'{r[0]} {0.5 + r[4]} -6\n' for r in table)}
    found = {}
    for name, body in bodies.items():
        (folder / name).write_text(body)
        columns = {'made.txt': ' columns=a,b,c,d,e', 'flat_made.txt': ' columns=a,b'}.get(name, '')
        found[name] = run(f'greenkubo {name} T=0.5 volume=100 dt=1 tcut=50 tw=10,20{columns}', folder)
    want = found['made.txt'][1][0]
    found['names in 2D'] = run('dimension 2; greenkubo names.txt T=0.5 volume=100 dt=1 tcut=50 tw=10,20', folder)
    for name, n in (('names.txt', 5), ('numbers.txt', 5), ('flat.txt', 2), ('names in 2D', 2)):
        status, objects, errors = found[name]
        want = found['made.txt' if n == 5 else 'flat_made.txt'][1][0]
        check(f'{name}: {n} components', status == 0 and objects[0]['components'] == n and
              (objects[0]['errors'], objects[0]['parts']) == (('components', 5) if n == 5 else ('blocks', 5)), errors)
        near(f'{name}: G_inf', objects[0]['G_inf'], want['G_inf'], 1e-9)
        for key in ('G1', 'G2'):
            for mine, theirs in zip(objects[0][key], want[key]):
                near(f'{name}: {key}', mine, theirs, 1e-9)
    check('columns left out are named', 'Temp PotEng' in found['names.txt'][2], found['names.txt'][2])
    for options, word in (('dt=1 tcut=50 tw=10,60', 'the period 60'), ('dt=1 tcut=50 tw=3,10', 'the period 3')):
        status, objects, errors = run(f'greenkubo names.txt T=0.5 volume=100 {options}', folder)
        o = objects[0]
        outside = 1 if '60' in options else 0
        check(f'{word} cannot be known', status == 3 and word in o['mark'] and o['G1'][1 - outside] is not None and
              all(o[key][outside] is None for key in ('G1', 'G2', 'se_G1', 'se_G2')), str(o.get('mark')) + errors)
    (folder / 'few.txt').write_text(''.join((folder / 'names.txt').read_text().splitlines(True)[:6]))
    status, objects, errors = run('greenkubo few.txt T=0.5 volume=100 dt=1 tcut=3 tw=4', folder)
    check('too few rows for any period', status == 3 and objects[0]['G1'] == [None] and 'too few rows' in errors, errors)
    status, objects, errors = run('greenkubo names.txt T=0.5 volume=100 dt=1 tcut=200 columns=Pxy tw=10', folder)
    check('a single component without blocks', status == 3 and objects[0]['G1'][0] is not None and objects[0]['se_G1'] == [None], errors)
    status, objects, errors = run('greenkubo names.txt T=0.5 volume=100 dt=1 blocks=4 tw=10', folder)
    o = objects[0]
    check('errors over blocks', status == 0 and o['errors'] == 'blocks' and o['parts'] == 4 and o['tcut'] == 49 and o['se_G1'][0] > 0, str(o) + errors)
    check('no stress at all', found['energies.txt'][0] == 1 and 'no column is a shear component' in found['energies.txt'][2], found['energies.txt'][2])


def made_up(folder):
    def trial(name, content, options=OPTIONS, then='fit sine', suffix='.txt'):
        path = folder / (name.replace(' ', '_') + suffix)
        path.write_text(content)
        return run(f"trace '{path.name}' {options}; {then}", folder)

    good = rows()
    status, objects, errors = trial('good', text(good))
    check('a good trace', status == 0 and abs(objects[1]['G1'] - 10) < 1e-6 and abs(objects[1]['G2'] - 4) < 1e-6, errors or str(objects[1:]))
    check('its conventions are said', objects[0]['sign'] == 'pressure' and objects[0]['stamp'] == 'end' and objects[0]['stress'] == 'c_pd[4]')
    status, objects, errors = trial('nominal strain', text(good), OPTIONS + ' amplitude=0.012 strain=3 stress=3 sign=pressure')
    check('strain column as said', status in (0, 3), errors)
    table = [(s, p) for s, _, p in good]
    status, objects, errors = trial('no strain', '# step pxy\n' + ''.join('%d %.12g\n' % r for r in table), OPTIONS + ' amplitude=0.012')
    check('strain only said', status == 0 and abs(objects[1]['delta'] - math.atan2(4, 10)) < 1e-6, errors or str(objects))
    status, objects, errors = trial('wrong stamp', '# step pxy\n' + ''.join('%d %.12g\n' % r for r in table), OPTIONS + ' amplitude=0.012 stamp=centre')
    check('a wrong stamp shows', status == 0 and abs(objects[1]['delta'] - math.atan2(4, 10)) > 0.02, errors)
    status, objects, errors = trial('no strain at all', '# step pxy\n' + ''.join('%d %.12g\n' % r for r in table))
    check('a missing strain is refused', status == 1 and 'strain' in errors and 'amplitude=' in errors, errors)
    log = 'LAMMPS (29 Sep 2021)\nunits lj\n\nStep strain Pxy Temp\n' + ''.join('%d %.12g %.12g 0.5\n' % r for r in good[:100]) + \
          'WARNING: a word in between\n' + 'Loop time of 3 on 1 procs\n\nStep strain Pxy Temp\n' + \
          ''.join('%d %.12g %.12g 0.5\n' % r for r in good[99:]) + 'Loop time of 4 on 1 procs\n'
    status, objects, errors = trial('log', log, options=OPTIONS + ' stamp=end', suffix='.log')
    check('a log of two runs', status == 0 and objects[0]['rows'] == len(good) and 'repeated' in errors, errors)
    said = log.replace('units lj\n', 'units lj\ntimestep ${dt}\ntimestep 0.005\n')
    status, objects, errors = trial('log that says its time step', said, options='tw=5 stamp=end', suffix='.log')
    check('the time step of a log', status == 0 and abs(objects[1]['G2'] - 4) < 1e-6 and 'timestep 0.005, as the log says' in errors, errors)
    status, objects, errors = trial('log that says another', said, options='tw=10 dt=0.01 stamp=end', suffix='.log')
    check('another than said', status == 0 and objects[0]['end'] == 60 and 'the log says timestep 0.005; 0.01 is taken' in errors, errors)
    header, body = said.split('Step strain Pxy Temp\n', 1)
    for low, high in ((100, 100), (95, 105)):
        cells = iter(range(10 ** 6))
        volumes = re.sub(r'^(\d+ .* 0\.5)$', lambda m: f'{m[1]} {low if next(cells) % 2 else high}', body, flags=re.M).replace('Pxy Temp', 'Pxy Temp Volume')
        status, objects, errors = trial('volumes', header + 'Step strain Pxy Temp Volume\n' + volumes, options='tw=5 stamp=end', suffix='.log')
        check('a column of volumes', status == 0 and abs(objects[0]['volume'] - 100) < 0.1 and objects[1]['se_delta_formula'] is not None and
              ('the volume varies from 95 to 105' in errors) == (low < high), errors)
    csv = 'time,strain,stress\n' + ''.join('%.9g,%.12g,%.12g\n' % ((s - 9.5) * 0.005, g, -p) for s, g, p in good)
    status, objects, errors = trial('csv', csv, 'tw=5 stamp=centre', suffix='.csv')
    check('a table', status == 0 and abs(objects[1]['G2'] - 4) < 1e-6, errors)
    status, objects, errors = trial('short', text(good[:40]))
    check('shorter than a cycle', status == 1 and 'less than one cycle' in errors, errors)
    status, objects, errors = trial('linear', text(good))
    check('a linear response', objects[1]['verdict'] is None, str(objects[1]['verdict']))
    bent = [(s, g, p - 0.01 * math.sin(3 * 2 * math.pi * (s - 9.5) / 1000) + 0.001 * math.sin(7.3 * s)) for s, g, p in rows(cycles=12)]
    status, objects, errors = trial('bent', text(bent))
    check('one that is not', status == 0 and 'not linear' in objects[1]['verdict'] and 'not linear' in errors and
          abs(objects[1]['harmonics'][1] - 0.01) < 1e-3, errors)
    status, objects, errors = trial('little more than one cycle', text(good[:60]))
    check('little more than the cycle left out', status == 1 and 'less than one cycle' in errors, errors)
    status, objects, errors = trial('vector', '# Time-averaged\n# TimeStep Number-of-rows\n# Row c_x\n100 3\n1 2\n2 3\n3 4\n')
    check('averages in vector mode', status == 1 and 'vector mode' in errors and 'step=' not in errors, errors)
    status, objects, errors = trial('gap', text(good[:120] + good[130:]))
    check('a gap is said', status == 0 and objects[0]['gaps'] == 1 and 'missing' in errors, errors)
    status, objects, errors = trial('restart', text(good[:150] + good[100:]))
    check('a restart is said', status == 0 and objects[0]['rows'] == len(good) and 'restart' in errors and abs(objects[1]['G1'] - 10) < 1e-6, errors)
    status, objects, errors = trial('other period', text(good), 'tw=7 dt=0.005')
    check('another period is marked', status == 3 and 'period' in errors, errors)
    status, objects, errors = trial('other amplitude', text(good), OPTIONS + ' amplitude=0.02')
    check('another amplitude is marked', status == 3 and 'amplitude' in errors, errors)
    late = [(s, 0.012 * math.sin(2 * math.pi * (s - 9.5) / 1000 + 0.4), p) for s, _, p in good]
    status, objects, errors = trial('other phase', text(late))
    check('another phase is marked', status == 3 and 'rad off' in errors, errors)
    status, objects, errors = trial('nan', text(good).replace('\n2000 ', '\n2000 nan ', 1).replace(' nan 0', ' nan', 1))
    check('a nan is refused with its line', status == 1 and 'nan.txt:' in errors, errors)
    last = text(good).splitlines()[-1].split()
    status, objects, errors = trial('last', text(good) + ' '.join([last[0], 'nan', *last[2:]]))
    check('in a last line without its end too', status == 1 and f"last.txt:{text(good).count(chr(10)) + 1}:" in errors, errors)
    status, objects, errors = trial('ragged', text(good) + '1 2\n')
    check('a ragged row is refused', status == 1 and '2 values' in errors, errors)
    status, objects, errors = trial('cut', text(good)[:-5])
    check('a cut row is left out', status == 3 and objects[0]['rows'] == len(good) - 1 and 'left out' in errors, errors)
    status, objects, errors = trial('stump', text(good)[:-20])
    check('a stump of a row too', status == 3 and objects[0]['rows'] == len(good) - 1 and 'ends inside a row' in errors and 'mark' in objects[0], errors)
    squeezed = gzip.compress(text(good).encode())
    for column, row in (('stress', '%d 0.1 -1e300'), ('strain', '%d 2e141 0.1')):
        (folder / 'huge.txt').write_text('# TimeStep strain stress\n' + ''.join((row if k == 7 else '%d 0.1 0.1') % k + '\n' for k in range(40)))
        status, objects, errors = run('trace huge.txt tw=10 dt=1; fit sine', folder)
        check('a value whose square is no number', status == 1 and 'huge.txt:9' in errors and f'in column {column}: beyond 1e+140' in errors, errors)
    (folder / 'cut_short.txt.gz').write_bytes(squeezed[:len(squeezed) // 2])
    status, objects, errors = run(f'trace cut_short.txt.gz {OPTIONS}', folder)
    check('a gz file cut short', status == 3 and 20 < objects[0]['rows'] < 200 and 'cut short' in errors and 'vector mode' not in errors, errors)
    status, objects, errors = trial('gap place', text(good[:120] + good[130:]))
    check('where rows are missing', 'gap_place.txt:123: rows are missing in 1 place' in errors and 'steps 2400 to 2620' in errors, errors)
    status, objects, errors = trial('restart place', text(good[:150] + good[100:]))
    check('where a restart is', 'restart_place.txt:153: steps run back here' in errors, errors)
    status, objects, errors = trial('words', 'step strain pxy\n' + ''.join('%d %.12g x%d\n' % (s, g, s) for s, g, _ in good))
    check('a stress of words', status == 1 and 'words.txt:2:' in errors and 'column pxy holds words' in errors, errors)
    check('the unit of a trace without a set', 'tau' in subprocess.run([binary, '--no-cache', '-c', f'trace good.txt {OPTIONS}'], cwd=folder, text=True,
          capture_output=True).stdout)
    status, objects, errors = trial('empty', '')
    check('an empty file is refused', status == 1, errors)
    status, objects, errors = trial('words', 'once upon a time\nthere was\n')
    check('prose is refused', status == 1, errors)
    status, objects, errors = trial('sh_T0.5_tw5', text(good), 'dt=0.005')
    check('a pattern is proposed', status == 2 and "name='sh_T{T}_tw{tw}'" in errors, errors)
    status, objects, errors = trial('sh_T0.5_tw5', text(good), "dt=0.005 name='sh_T{T}_tw{tw}'")
    check('and taken', status == 0 and objects[0]['T'] == 0.5 and objects[0]['t_w'] == 5, errors)
    status, objects, errors = trial('elastic', text(rows(g2=-0.5)))
    check('a negative delta keeps its sign', status == 0 and objects[1]['delta'] < 0 and objects[1]['se_delta_formula'] is None, errors)
    status, objects, errors = trial('a pressure taken for a stress', text(good), OPTIONS + ' sign=stress')
    check('wrong sign', status == 3 and 'negative beyond its error' in errors, errors)
    status, objects, errors = trial('a stress that stays', text([(*row[:2], 3.0) for row in good]))
    check('no oscillation', status == 3 and 'does not oscillate' in errors, errors)
    status, objects, errors = run('fit sine', folder)
    check('no trace open', status == 1 and 'no trace' in errors, errors)
    status, objects, errors = run('trace nothing.txt tw=5', folder)
    check('no such file', status == 1 and 'nothing.txt' in errors, errors)


raw = sys.argv[3:] == ['--raw']
if raw and not reference.exists():
    sys.exit(77)
if reference.exists():
    with tempfile.TemporaryDirectory() as made:
        readme(pathlib.Path(made), raw)
if raw:
    finish()
if reference.exists():
    moduli()
with tempfile.TemporaryDirectory() as made:
    made_up(pathlib.Path(made))
    whole_tensor(pathlib.Path(made))
    tables(pathlib.Path(made))
    manifests(pathlib.Path(made))
    pictures(pathlib.Path(made))
finish()
