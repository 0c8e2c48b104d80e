#!/usr/bin/env python3
"""Session stores through the whole program. SPDX-License-Identifier: GPL-3.0-or-later

Usage: store.py PROGRAM ROOT MAN_PAGE

What was computed before is found again, to the last byte of the output; interrupted work goes on; what cannot be written is said
and kept in memory; the manual page describes the tables that there are.
"""
import gzip
import json
import math
import os
import pathlib
import random
import re
import resource
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

PROGRAM, ROOT, PAGE = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:4])
DEMO = str(pathlib.Path(ROOT) / 'assets/demo/ka2d_T040.dump.gz')
WORK = ('system ka2d; quench 0..5; match 0:5; match 1:4 species=blind; series tw=20,40; gr 2; energy 0..3; fidelity 0 methods=lbfgs,cg; '
        'dynamics tw=20,40,80; sk 0 of=raw; vanhove 0:1 bins=20')


def run(*arguments, limit=None, env=None, cwd=None):
    def prepare():
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=600, check=False, preexec_fn=prepare, env=dict(os.environ, **(env or {})), cwd=cwd)


def batch(commands, *arguments, **how):
    return run('--json', '-c', commands, *arguments, DEMO, **how)


def timeless(text):
    return re.sub(r'"seconds":[^,}]*', '"seconds":0', text)


def children_cpu(job):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = job()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return result, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Stores(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix='isdmin-store-')
        self.addCleanup(self.folder.cleanup)
        self.store = self.folder.name + '/s.isdb'

    def ask(self, sql, *values, path=None):
        connection = sqlite3.connect(path or self.store)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def good(self, result, status=0):
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stdout

    def whole(self, path=None):
        self.assertEqual(self.ask('PRAGMA integrity_check', path=path), [('ok',)])

    def test_second_time_the_same_bytes(self):
        first, slow = children_cpu(lambda: self.good(batch(WORK, '-s', self.store)))
        second, fast = children_cpu(lambda: self.good(batch(WORK, '-s', self.store)))
        self.assertEqual(first, second)
        self.assertLess(fast, slow / 4)
        self.assertEqual(timeless(first), timeless(self.good(batch(WORK, '--no-cache'))))
        self.whole()

    def test_second_time_is_quick(self):
        demo = str(pathlib.Path(ROOT) / 'assets/demo/ka3d_T045.dump.gz')
        command = ('--json', '-c', 'system ka3d; quench 0..2; series', '-s', self.store, demo)
        first, slow = children_cpu(lambda: self.good(run(*command)))
        second, fast = children_cpu(lambda: self.good(run(*command)))
        self.assertEqual(first, second)
        self.assertLess(fast, slow / 10, (slow, fast))

    def test_results_of_many_frames(self):
        """Found again as long as nothing that determines them has changed."""
        commands = {'dynamics tw=20,40': 'dynamics', 'sk 0,1 of=raw': 'sk', 'vanhove 0:1 bins=30': 'vanhove'}
        for count, (command, kind) in enumerate(commands.items(), 1):
            first = self.good(batch(command, '-s', self.store))
            self.assertEqual(self.ask('SELECT count(*) FROM set_results WHERE kind = ?', kind), [(1,)])
            self.assertEqual(self.good(batch(command, '-s', self.store)), first)
            self.assertEqual(timeless(self.good(batch(command, '--no-cache'))), timeless(first))
            self.assertEqual(self.ask('SELECT count(*) FROM set_results'), [(count,)])
        count = len(commands)
        for other in ('dynamics tw=20,60', 'timestep 0.01; dynamics tw=20,40', 'dynamics tw=20,40 drift=remove', 'boundary p f p; vanhove 0:1 bins=30',
                      'vanhove 0:1 bins=31', 'system ka2d; dynamics tw=20 origins=1 of=is', 'system ka2d rc=2.4; dynamics tw=20 origins=1 of=is'):
            self.good(batch(other, '-s', self.store))
            count += 1
            self.assertEqual(self.ask('SELECT count(*) FROM set_results'), [(count,)], other)
        connection = sqlite3.connect(self.store)  # damaged, or no such result: computed again
        connection.execute("UPDATE set_results SET value = substr(value, 1, 50) WHERE kind = 'sk'")
        connection.execute("UPDATE set_results SET numbers = 1152921504606846976 WHERE kind = 'vanhove'")
        connection.execute("UPDATE set_results SET value = (SELECT value FROM set_results WHERE kind = 'sk') WHERE kind = 'dynamics'")
        connection.commit()
        connection.close()
        for command in commands:
            self.assertEqual(self.good(batch(command, '-s', self.store)), self.good(batch(command, '--no-cache')))
        self.good(batch('forget structures', '-s', self.store))
        self.assertEqual(self.ask('SELECT count(*), sum(of_structures) FROM set_results'), [(count - 2, 0)])
        self.good(batch('forget results', '-s', self.store))
        self.assertEqual(self.ask('SELECT count(*) FROM set_results'), [(0,)])

    def test_a_table_of_numbers(self):
        """Correlations of a table need no data set; another number in it gives others."""
        path = self.folder.name + '/stress.txt'
        def ask_again(shift):
            with open(path, 'w') as out:
                out.write('# TimeStep v_pxy v_pxz\n')
                out.writelines(f'{10 * k} {math.sin(k * k) + shift:.9g} {math.cos(k * k):.9g}\n' for k in range(20000))
            return self.good(run('--json', '-c', f'greenkubo {path} T=0.5 volume=800 dt=0.005 tcut=5 tw=2,4', '-s', self.store))
        first = ask_again(0)
        self.assertEqual(self.ask('SELECT kind, set_id FROM set_results'), [('greenkubo', None)])
        self.assertEqual(ask_again(0), first)
        self.assertEqual(self.ask('SELECT count(*) FROM set_results'), [(1,)])
        self.assertNotEqual(ask_again(0.5), first)
        self.assertEqual(self.ask('SELECT count(*) FROM set_results'), [(2,)])

    def test_a_pinned_minimum(self):
        """Two atoms rest where the push between them ends abruptly: marked, and told of, the second time too."""
        end, points = 2.0002, 2101
        table = ['one', 'two', 'three', '1 X', f'10 0.1 {points} {end / (points - 1)!r} {end}', '1 1 1 fcc', *['0'] * (10 + points)]
        for r in (k * end / (points - 1) for k in range(points)):
            table.append(repr(r * (2.8e-5 * (end - r) - 0.01 * math.exp(-20 * (r - 1) ** 2) + 0.1 * math.exp(-30 * r))))
        pathlib.Path(self.folder.name, 'x.eam.alloy').write_text('\n'.join(table) + '\n')
        pathlib.Path(self.folder.name, 'x.dump').write_text(
            'ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\nITEM: ATOMS id type x y z\n'
            '7 1 4.03 5 5\n8 1 5.01 5 5.001\n9 1 5.98 5 5\n')
        commands = 'units metal; pair_style eam/alloy; pair_coeff * * x.eam.alloy X; quench 0 ftol=1e-8; match 0:0'
        first, again = (run('--json', '-c', commands, '-s', self.store, 'x.dump', cwd=self.folder.name) for _ in range(2))
        self.assertIn('"stop":"pinned"', first.stdout)
        self.assertIn('ids 7 and 9 at 2.0002', first.stderr)
        self.assertEqual((first.returncode, first.stderr), (3, again.stderr))
        self.assertEqual(again.returncode, 3)
        self.assertEqual(first.stdout, again.stdout)
        self.assertEqual(self.ask('SELECT pairs, a, b FROM pins'), [(1, 0, 2)])

    def test_arrays_from_a_store(self):
        # The numbers are there, what is asked for now needs positions and permutations.
        more = 'system ka2d; atoms 0:5; cycles 0:5; pu 0:5 bins=20; snapshot 2 of=is ids=1,9; quench 3 write=q.dump; match 0:5 write=m.dump'
        self.good(batch(WORK, '-s', self.store))
        with_store = self.good(batch(more, '-s', self.store, cwd=self.folder.name))
        dumps = [pathlib.Path(self.folder.name, name).read_bytes() for name in ('q.dump', 'm.dump')]
        without = self.good(batch(more, '--no-cache', cwd=self.folder.name))
        self.assertEqual(timeless(with_store), timeless(without))
        self.assertEqual(dumps, [pathlib.Path(self.folder.name, name).read_bytes() for name in ('q.dump', 'm.dump')])
        self.assertEqual(self.ask('SELECT count(*) FROM structures'), [(7,)])  # six, and the one of another method

    def test_anything_changed_is_computed_anew(self):
        self.good(batch('system ka2d; quench 0', '-s', self.store))
        count = 1
        for other in ('system ka2d; energy 0', 'system ka2d; energy 0 forces=f.dump'):
            self.good(batch(other, '-s', self.store, cwd=self.folder.name))
            self.assertEqual(self.ask('SELECT kind FROM results'), [('energy',)])
        for other in ('system ka2d rc=2.4; quench 0', 'system ka2d; quench 0 ftol=1e-6', 'system ka2d; quench 0 method=cg',
                      'system ka2d; quench 1', 'system ka2d; boundary p f p; quench 0'):
            self.assertIn(batch(other, '-s', self.store).returncode, (0, 3))
            count += 1
            self.assertEqual(self.ask('SELECT count(*) FROM structures'), [(count,)], other)
        self.good(batch('system ka2d; timestep 0.005; quench 0', '-s', self.store))  # times do not matter
        self.assertEqual(self.ask('SELECT count(*) FROM structures'), [(count,)])

    def test_cache_is_private_and_follows_the_contents(self):
        cache = {'XDG_CACHE_HOME': self.folder.name + '/cache'}
        self.good(batch('system ka2d; quench 0..2', env=cache))
        folder = pathlib.Path(self.folder.name, 'cache/isdmin')
        store, = folder.glob('*.isdb')
        self.assertEqual((folder.stat().st_mode & 0o777, store.stat().st_mode & 0o777), (0o700, 0o600))
        # The same frames under another name, in another form, with one frame more.
        copy = self.folder.name + '/other.dump'
        with open(copy, 'wb') as out:
            out.write(subprocess.run(['gzip', '-dc', DEMO], check=True, stdout=subprocess.PIPE).stdout)
        before = self.ask('SELECT key, seconds FROM structures ORDER BY key', path=store)
        self.good(run('--json', '-c', 'system ka2d; quench 0..3', copy, env=cache))
        after = self.ask('SELECT key, seconds FROM structures ORDER BY key', path=store)
        self.assertEqual(len(after), len(before) + 1)
        self.assertLessEqual(set(before), set(after))
        listed = [json.loads(line) for line in self.good(run('--json', '-c', 'sessions', env=cache)).splitlines()]
        self.assertEqual([(one['path'], one['structures']) for one in listed], [(str(store), 4)])
        self.assertEqual(set(listed[0]['sets'].split()), {'ka2d_T040', 'other'})
        self.good(run('-c', 'sessions limit=1K', env=cache))
        self.assertEqual(list(folder.glob('*.isdb')), [])

    def test_no_cache_leaves_nothing(self):
        cache = {'XDG_CACHE_HOME': self.folder.name}
        self.good(batch('system ka2d; quench 0', '--no-cache', env=cache))
        self.good(batch('info', env=cache))  # nothing computed, nothing kept
        self.assertEqual([path for path in pathlib.Path(self.folder.name).rglob('*') if path.is_file()], [])

    def test_nowhere_to_keep(self):
        first = batch('system ka2d; quench 0,1; match 0:1', env={'XDG_CACHE_HOME': '/proc/none'})
        self.assertEqual(timeless(self.good(first)), timeless(self.good(batch('system ka2d; quench 0,1; match 0:1', '--no-cache'))))
        self.assertEqual(first.stderr.count('memory alone'), 1)
        refused = batch('system ka2d; quench 0', '-s', '/proc/none/s.isdb')
        self.assertEqual((refused.returncode, refused.stdout.count('"error"')), (1, 1))

    def test_full_disk(self):
        # A limit on the size of files fails as a full disk does.
        self.good(batch('system ka2d; quench 0', '-s', self.store))
        full = batch(WORK, '-s', self.store, limit=os.path.getsize(self.store) + 20000)
        self.assertEqual(full.returncode, 3, full.stderr)
        self.assertEqual(timeless(full.stdout), timeless(self.good(batch(WORK, '--no-cache'))))
        self.assertEqual(full.stderr.count('kept in memory until it can be written'), 1)
        self.assertIn('store retry', full.stderr)
        self.whole()
        self.good(batch(WORK, '-s', self.store))
        self.assertEqual(self.ask('SELECT count(*) FROM structures'), [(7,)])

    def test_no_room_from_the_start(self):
        commands = 'system ka2d; quench 0,1; store'
        wanted = self.good(batch('system ka2d; quench 0,1', '--no-cache'))
        for limit in (0, 3000, 4096, 20000, 70000):
            full = batch(commands, '-s', self.store, limit=limit)
            self.assertEqual(full.returncode, 3, full.stderr)
            objects = full.stdout.splitlines(keepends=True)
            self.assertEqual(timeless(''.join(objects[:2])), timeless(wanted))
            self.assertEqual(json.loads(objects[2])['waiting'], 2)
            self.assertIn('ulimit -f', full.stderr)
            self.assertIn('2 results could not be kept', full.stderr)
        self.good(batch(commands, '-s', self.store))
        self.whole()
        self.assertEqual(self.ask('SELECT count(*) FROM structures'), [(2,)])
        self.assertEqual([path.name for path in pathlib.Path(self.folder.name).iterdir()], ['s.isdb'])  # nothing was taken for damaged

    def test_newer_and_strange_files(self):
        self.good(batch('system ka2d; quench 0', '-s', self.store))
        connection = sqlite3.connect(self.store)
        connection.execute('PRAGMA user_version = 99')
        connection.close()
        newer = batch('system ka2d; quench 0', '-s', self.store)
        self.assertEqual(newer.returncode, 1)
        self.assertIn('newer', newer.stderr)
        data = pathlib.Path(self.folder.name, 'data.dump')
        data.write_text('ITEM: TIMESTEP\n0\n')
        strange = batch('info', '-s', str(data))
        self.assertEqual((strange.returncode, data.read_text()), (1, 'ITEM: TIMESTEP\n0\n'))

    def test_damaged_is_set_aside(self):
        first = self.good(batch('system ka2d; quench 0', '-s', self.store))
        with open(self.store, 'r+b') as damaged:
            damaged.seek(4096)
            damaged.write(b'\xa5' * 30000)
        again = batch('system ka2d; quench 0', '-s', self.store)
        self.assertEqual(timeless(self.good(again)), timeless(first))
        self.assertIn('s.isdb.damaged-1', again.stderr)
        self.assertTrue(os.path.exists(self.store + '.damaged-1'))
        self.whole()

    def test_damaged_arrays_are_computed_again(self):
        first = self.good(batch('system ka2d; match 0:5; atoms 0:5 limit=5', '-s', self.store))
        connection = sqlite3.connect(self.store)
        connection.execute("UPDATE structure_arrays SET positions = substr(positions, 1, 100)")
        connection.execute("UPDATE matching_arrays SET partner = x'00'")
        connection.commit()
        connection.close()
        for _ in range(2):  # computed once, then found
            self.assertEqual(timeless(self.good(batch('system ka2d; match 0:5; atoms 0:5 limit=5', '-s', self.store))), timeless(first))
        self.assertEqual(self.ask('SELECT count(*) FROM structure_arrays WHERE length(positions) <= 100'), [(0,)])
        self.assertEqual(self.ask("SELECT count(*) FROM matching_arrays JOIN matchings ON id = matching_id "
                                  "WHERE length(partner) < 10 AND species = 'resolved'"), [(0,)])  # of the other no array is needed

    def interrupted(self, number):
        """Ended by a signal while it quenches; returns what was kept."""
        commands = 'system ka2d; quench all'
        with subprocess.Popen([PROGRAM, '-j', '1', '-c', commands, '-s', self.store, DEMO], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
            end = time.time() + 400
            kept = 0
            while kept < 2 and child.poll() is None and time.time() < end:
                time.sleep(0.02)
                try:
                    kept = self.ask('SELECT count(*) FROM structures')[0][0]
                except sqlite3.OperationalError:
                    pass  # not made yet
            child.send_signal(number)
            child.wait(timeout=60)
        return dict(self.ask('SELECT key, seconds FROM structures'))

    def test_interrupted_work_goes_on(self):
        for number in (signal.SIGINT, signal.SIGKILL):
            kept = self.interrupted(number)
            self.assertTrue(2 <= len(kept) < 15, len(kept))
            self.whole()
            output = self.good(batch('system ka2d; quench all', '-s', self.store))
            now = dict(self.ask('SELECT key, seconds FROM structures'))
            self.assertEqual((len(now), len(output.splitlines())), (15, 15))
            self.assertEqual(kept, {key: now[key] for key in kept})  # not computed again
            os.remove(self.store)

    def test_two_programs_on_one_store(self):
        jobs = [('system ka2d; quench 0..9', 10), ('system ka2d; quench 5..14', 10)]
        children = [subprocess.Popen([PROGRAM, '--json', '-j', '1', '-c', commands, '-s', self.store, DEMO], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for commands, _ in jobs]
        for child, (_, lines) in zip(children, jobs):
            out, err = child.communicate(timeout=600)
            self.assertEqual((child.returncode, len(out.splitlines())), (0, lines), err)
        self.assertEqual(self.ask('SELECT count(*) FROM structures'), [(15,)])
        self.whole()

    def test_a_copy_of_ones_own(self):
        copy = self.folder.name + '/my store.isdb'
        self.good(batch(f"system ka2d; quench 0; store as '{copy}'", env={'XDG_CACHE_HOME': self.folder.name + '/cache'}))
        self.assertEqual(self.ask('SELECT count(*) FROM structures_readable', path=copy), [(1,)])
        self.assertEqual(batch(f"store as '{copy}'").returncode, 1)  # never over another file
        found, cpu = children_cpu(lambda: self.good(batch('system ka2d; quench 0; store check', '-s', copy)))
        self.assertIn('"structures":1', found)
        self.assertGreater(cpu, 0)

    def test_forgetting(self):
        commands = 'system ka2d; match 0:1; forget matchings; store; match 0:1; forget; store'
        lines = [json.loads(line) for line in self.good(batch(commands, '-s', self.store)).splitlines()]
        self.assertEqual([line.get('rows') for line in lines if line['cmd'] == 'forget'][0], 2)
        self.assertEqual([(line['structures'], line['matchings']) for line in lines if line['cmd'] == 'store'], [(2, 0), (0, 0)])

    def test_the_cache_is_not_ones_own_file(self):
        cache = {'XDG_CACHE_HOME': self.folder.name + '/cache'}
        self.good(batch('system ka2d; quench 0', env=cache))
        self.good(batch('system ka2d; quench 1', '-s', self.store, env=cache))
        lines = self.good(batch('sessions; forget cache; sessions limit=0; sessions', '-s', self.store, env=cache)).splitlines()
        listed = [json.loads(line) for line in lines]
        self.assertEqual(len([one for one in listed[:2] if one['cmd'] == 'sessions']), 2)
        self.assertEqual(listed[2], {'cmd': 'forget', 'what': 'cache', 'rows': 0, 'files': 1})
        self.assertEqual([one['path'] for one in listed[3:] if 'path' in one], [self.store] * 2)
        self.assertEqual(self.ask('SELECT count(*) FROM structures'), [(1,)])

    def test_what_is_known_is_said_at_the_prompt(self):
        self.good(batch('system ka2d; match 0:1', '-s', self.store))
        self.assertNotIn('known', batch('info', '-s', self.store).stderr)
        prompt = run('-i', '-s', self.store, DEMO)
        self.assertIn('2 of 15 structures and 2 matchings are known from before', prompt.stderr)

    def test_large_file_is_read_once(self):
        """The second time only the first frame of a large gz file is read, and what is asked for; in the cache too."""
        random.seed(4)
        path = self.folder.name + '/large.dump.gz'
        with gzip.open(path, 'wt', 1) as file:
            for step in range(60):
                file.write(f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n10000\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n'
                           'ITEM: ATOMS id type x y z\n')
                file.writelines(f'{i} 1 {random.random() * 9:.8f} {random.random() * 9:.8f} 1\n' for i in range(1, 10001))
        for where in ('-s', self.store), ('--cache',):
            command = ('--json', '-c', 'info; gr 55 of=raw', *(where if where[0] == '-s' else ()), path)
            cache = {'XDG_CACHE_HOME': self.folder.name + '/' + where[0]}
            first, first_cpu = children_cpu(lambda c=command, e=cache: run(*c, env=e))
            again, again_cpu = children_cpu(lambda c=command, e=cache: run(*c, env=e))
            self.assertEqual(self.good(again), self.good(first))
            self.assertLess(again_cpu, 0.7 * first_cpu, (first_cpu, again_cpu))
            store = self.store if where[0] == '-s' else str(next(pathlib.Path(cache['XDG_CACHE_HOME']).rglob('*.isdb')))
            (kept,), = self.ask('SELECT path FROM files', path=store)
            self.assertEqual(kept, os.path.realpath(path))
        with gzip.open(path, 'at', 1) as file: # it has become another file: read anew, kept anew
            file.write('ITEM: TIMESTEP\n99\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\nITEM: ATOMS id type x y z\n1 1 1 1 1\n')
        for _ in range(2):
            self.assertIn('"frames":61', self.good(run('--json', '-c', 'info', '-s', self.store, path)))
        self.assertEqual(self.ask('SELECT bytes FROM files'), [(os.path.getsize(path),)])

    def test_for_other_programs(self):
        self.good(batch('system ka2d; quench 2 write=q.dump', '-s', self.store, cwd=self.folder.name))
        lines = pathlib.Path(self.folder.name, 'q.dump').read_text().splitlines()
        written = sorted((list(map(float, line.split())) for line in lines[9:]), key=lambda atom: atom[0])
        (blob,), = self.ask('SELECT positions FROM structure_arrays')
        planes = zlib.decompress(blob[32:])
        n = len(planes) // 8
        numbers = struct.unpack(f'<{n}d', bytes(planes[k * n + i] for i in range(n) for k in range(8)))
        self.assertEqual(len(written) * 3, n)
        low, high = map(float, lines[5].split()[:2])
        for atom, x in zip(written, numbers[0::3]):  # written wrapped into the cell
            self.assertAlmostEqual((atom[2] - x) / (high - low), round((atom[2] - x) / (high - low)), 12)
        (commands,), = self.ask("SELECT group_concat(command, '; ') FROM log")
        self.assertEqual(commands, 'system ka2d; quench 2 write=q.dump')

    def test_page_describes_the_tables(self):
        self.good(batch('system ka2d; quench 0', '-s', self.store))
        page = pathlib.Path(PAGE).read_text().replace('\\-', '-')
        tables = self.ask("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'")
        self.assertGreater(len(tables), 15)
        described = dict(re.findall(r'^\.TP\n\.B (\w+)\n(.*(?:\n\.br\n.*)*)', page, re.M))
        for name, kind in tables:
            self.assertGreater(len(described[name].splitlines()[0]), 5, name)
            for column, declared in self.ask('SELECT name, type FROM pragma_table_info(?)', name) if kind == 'table' else ():
                self.assertIn(f'\\fI{column}\\fR {declared}', described[name], name)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
