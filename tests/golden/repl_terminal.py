#!/usr/bin/env python3
"""The prompt in a real terminal: keys in, screen out. SPDX-License-Identifier: GPL-3.0-or-later

Usage: repl_terminal.py PROGRAM ROOT
"""
import os
import pathlib
import signal
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position
from terminal import Terminal # pylint: disable=wrong-import-position

PROGRAM, ROOT = sys.argv[1], sys.argv[2]
DEMO = f'{ROOT}/assets/demo/ka3d_T045.dump.gz'
BIG = f'{ROOT}/assets/demo/ka2d_T040.dump.gz'
UP, CTRL_A, CTRL_C, CTRL_D, CTRL_R, CTRL_Z = '\x1b[A', '\x01', '\x03', '\x04', '\x12', '\x1a'


def children(pid):
    return [int(child) for child in pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split()]


class Prompt(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.env = {'HOME': self.home.name, 'XDG_STATE_HOME': '', 'INPUTRC': '/dev/null', 'TERM': 'xterm-256color',
                    'LC_ALL': 'C.UTF-8'}

    def tearDown(self):
        self.home.cleanup()

    def start(self, *files, **options):
        return Terminal([PROGRAM, '-i', *files], env=self.env, **options)

    def test_editing_completion_and_history(self):
        with self.start() as t:
            t.expect(r'isdmin> ')
            t.send('sys\tka3\t')
            t.expect(r'system ka3d ')
            t.send('\r')
            t.expect(r'isdmin> $')
            t.send('matc\t0:1 spe\tb\t')
            t.expect(r'match 0:1 species=blind')
            t.send(CTRL_C)
            t.expect(r'\^C\nisdmin> $')
            t.send(UP)
            t.expect('system ka3d')
            t.send(CTRL_A + '# ' + '\r')
            t.expect(r'isdmin> $')
            t.send(CTRL_R + 'ka3')
            t.expect('reverse-i-search.*system ka3d')
            t.send(CTRL_C)
            t.expect(r'isdmin> $')
            t.send('quit\r')
            self.assertEqual(t.wait(), 0)
        history = pathlib.Path(self.home.name, '.local/state/isdmin/history').read_text()
        self.assertEqual(history, 'system ka3d \n# system ka3d \nquit\n')

    def test_frames_and_files_complete(self):
        with self.start() as t:
            t.expect(r'isdmin> ')
            t.send(f'open {ROOT}/assets/demo/ka3\t\r')
            t.expect(r'isdmin ka3d_T045 \S+> $')
            t.send('match 0:la\t')
            t.expect('match 0:last ')

    def test_an_error_ends_only_its_line(self):
        with self.start() as t:
            t.expect(r'isdmin> ')
            t.send('echo one; mtch; echo two\r')
            t.expect(r'one\nmtch: there is no command \'mtch\'\n  echo one; mtch; echo two\n            \^~~~\n  try: match')
            t.expect(r'isdmin> $')
            t.send('echo three\r')
            t.expect(r'\nthree\nisdmin> $')
            t.send(CTRL_D)
            self.assertEqual(t.wait(), 0)
            self.assertNotIn('\ntwo', t.raw)

    def test_lines_are_joined_and_pasted(self):
        with self.start() as t:
            t.expect(r'isdmin> ')
            t.send('echo a\\\r')
            t.expect(r'\.\.\. $')
            t.send('b\r')
            t.expect(r'\nab\n')
            t.send('\x1b[200~echo x\necho y\x1b[201~\r')
            t.expect(r'\nx\n(.*\n)?y\n')

    def test_cancel_keeps_the_prompt(self):
        with self.start(BIG) as t:
            t.expect(r'isdmin \S+ \S+> $')
            t.send('system ka2d; quench all ftol=1e-12; echo after\r')
            t.expect(r'jobs?, .*Ctrl-C cancels') # the progress line
            t.send(CTRL_C)
            t.expect(r'cancelled\n') # these quenches have no end
            t.expect(r'isdmin \S+ \S+> $')
            t.send('echo alive\r')
            t.expect(r'\nalive\nisdmin \S+ \S+> $')
            t.send('quit\r')
            self.assertEqual(t.wait(5), 0)
            self.assertNotIn('\nafter\n', t.raw.replace('\r', ''))

    def test_an_interrupt_is_never_lost(self):
        with self.start() as t: # behind unread keys the terminal drops them, wherever the program is just then
            t.expect(r'isdmin> ')
            for k in range(150):
                t.send(CTRL_R + 'sys')
                time.sleep(0.0002 * (k % 7))
                t.send('te')
                t.send(CTRL_C)
                t.expect(r'\^C\nisdmin> $', 5)
            t.send('quit\r')
            self.assertEqual(t.wait(), 0)

    def test_keys_that_come_in_pieces(self):
        with self.start() as t:
            t.expect(r'isdmin> ')
            t.send('echo a\x1b') # an arrow to the left over a slow line, and a character of three bytes
            t.quiet(0.05)
            t.send('[')
            t.quiet(0.05)
            t.send('D')
            for byte in '\u6f22'.encode():
                os.write(t.fd, bytes([byte]))
                t.quiet(0.05)
            t.send('\r')
            t.expect('\n\u6f22a\n')
            t.send('\x1b[200~echo pas')
            t.quiet(0.05)
            t.send('ted\x1b[20')
            t.quiet(0.05)
            t.send('1~\r')
            t.expect('\npasted\n')
            t.send('\x1b[200~echo never') # a paste that does not end
            t.quiet(0.1)
            t.send(CTRL_C)
            t.expect(r'\^C\nisdmin> $')
            t.send('echo on\r')
            t.expect(r'\non\nisdmin> $')
            t.send(CTRL_D)
            self.assertEqual(t.wait(), 0)

    def test_vi_mode(self):
        self.env['INPUTRC'] = self.home.name + '/inputrc'
        pathlib.Path(self.env['INPUTRC']).write_text('set editing-mode vi\nset keyseq-timeout 50\n')
        with self.start() as t:
            t.expect(r'isdmin> ')
            t.send('echo xy')
            t.expect('echo xy')
            t.send('\x1b')
            t.expect('\b') # Esc alone has been heard
            t.send('xA z\r') # the last letter away, more at the end
            t.expect('\nx z\n')
            t.send('\x1b[Aw\r') # an arrow is still one
            t.expect(r'\nx zw\nisdmin> $') # a Ctrl-D before the prompt is the terminal's own
            t.send(CTRL_D)
            self.assertEqual(t.wait(), 0)

    def test_a_lost_terminal_ends_it(self):
        t = self.start()
        t.expect(r'isdmin> ')
        worker = children(t.pid)[0]
        t.send('half a li')
        t.expect('half a li')
        os.close(t.fd)
        end = time.monotonic() + 20
        while os.path.exists(f'/proc/{worker}') and time.monotonic() < end:
            time.sleep(0.02)
        self.assertFalse(os.path.exists(f'/proc/{worker}'))
        os.waitpid(t.pid, 0)

    def test_background_leaves_the_line_alone(self):
        with self.start(DEMO) as t:
            t.expect(r'isdmin \S+ \S+> $')
            t.send('system ka3d; match 0:2 of=raw &\r')
            t.expect(r'\[1\] system ka3d; match 0:2 of=raw')
            t.send('echo typed mean')
            t.expect(r'd_min')
            t.expect(r'\[1\] done')
            t.send('while\r')
            t.expect(r'\ntyped meanwhile\n')

    def test_cancel_command_drops_the_background(self):
        with self.start(BIG) as t:
            t.expect(r'isdmin \S+ \S+> $')
            t.send('system ka2d; quench all ftol=1e-12 &\r')
            t.expect(r'\[1\] system')
            t.send('cancel\r')
            t.expect(r'\[1\] cancelled: system ka2d')
            t.send('wait; jobs; echo over\r')
            t.expect(r'\nover\n')

    def test_quit_with_work_under_way(self):
        with self.start(BIG) as t:
            t.expect(r'isdmin \S+ \S+> $')
            t.send('system ka2d; quench all ftol=1e-12 &\r')
            t.expect(r'\[1\]')
            t.send('quit\r')
            self.assertEqual(t.wait(), 0)

    def test_signals_that_end_it(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            script = 'echo ready; read -r go; exec "$0" -i'
            with self.subTest(number), Terminal(['bash', '-c', script, PROGRAM], env=self.env) as t:
                t.expect('ready')
                before = t.modes()
                t.send('\r')
                t.expect(r'isdmin> ')
                t.send('half a li')
                t.expect('half a li')
                self.assertNotEqual(t.modes(), before)
                t.kill(number)
                self.assertEqual(t.wait(), -number)
                self.assertEqual(t.modes(), before)

    def test_suspend(self):
        with Terminal(['bash', '--norc', '--noprofile', '-i'], env=dict(self.env, PS1='$ ')) as t:
            t.expect(r'\$ $')
            t.send(f'{PROGRAM} -i\r')
            t.expect(r'isdmin> $')
            t.send('echo be')
            t.expect('echo be')
            t.send(CTRL_Z)
            t.expect(r'Stopped')
            t.send('stty -a\r')
            t.expect(r' icanon') # the terminal as a shell needs it
            t.resize(120, 30)
            t.send('fg\r')
            t.expect(r'isdmin> echo be')
            t.send('fore\r')
            t.expect(r'\nbefore\n')
            guard = children(t.pid)[0]
            for pid in children(guard)[0], guard: # stopped without a chance to prepare
                t.expect(r'isdmin> $')
                t.send('sys')
                t.expect('sys')
                os.kill(pid, signal.SIGSTOP)
                t.expect(r'Stopped')
                t.send('stty -a\r')
                t.expect(r' icanon')
                t.expect(r'\$ $')
                t.send('fg\r')
                t.expect(r'isdmin> sys')
                t.send('\tka3\t')
                t.expect('tem ka3d')
                t.send(CTRL_C)

    def test_plain_terminals(self):
        for name in ('dumb', 'vt100', 'nosuchterm'):
            with self.subTest(name):
                self.env['TERM'] = name
                with self.start() as t:
                    t.expect(r'isdmin> ')
                    t.send('echo hello\r')
                    t.expect(r'\nhello\n')
                    if name == 'dumb':
                        self.assertNotIn('\x1b', t.raw)

    def test_small_windows(self):
        with self.start(DEMO, columns=1, rows=1) as t:
            t.quiet(0.3)
            t.resize(80, 24)
            t.send('echo here\r')
            t.expect(r'\nhere\n')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
