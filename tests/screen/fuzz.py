#!/usr/bin/env python3
"""Random keys, lines, pastes, mouse reports, bytes and sizes: the full screen goes on, and leaves the terminal as it was.
SPDX-License-Identifier: GPL-3.0-or-later

Usage: fuzz.py PROGRAM [SEED [EVENTS]]

A failure names the seed, which gives the same events again. Runs under sanitizers too (what they report ends the program with a status
of its own).
"""
import os
import pathlib
import random
import re
import select
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import terminal

KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '[', ']', '{', '}', ',', '.', 'A', 'm', 't', 'B', 'i', 'I', 'O', 'X', 'Y', 'T', '+', '-', '=',
        'H', 'J', 'K', 'L', 'h', 'j', 'k', 'l', 'g', 's', 'S', 'n', 'N', 'z', 'u', 'b', 'G', 'C', 'v', 'w', 'p', 'r', ';', '(', ')', '<', '>', 'U', 'c',
        ' ', '\t', '\r', '\x7f', '\x0c', '\x12', '\x03', '\x07', '\x1b', '\x1b[A', '\x1b[B', '\x1b[C', '\x1b[D', '\x1b[5~', '\x1b[6~',
        '\x1b[H', '\x1b[F', '\x1b[Z', '?', ':', '/', 'f', 'e', 'o', 'a', "'"]
WORDS = ['all', 'off', 'on', 'log', 'lin', 'x', 'y', 'u_lab > 0.5', 'type == A', '&&', '0:last', '3', '-1', '+1', 'last', 'first', 'u=0.1:0.9', 'x=0:1',
         'atom=12', 'tw=500', 'pair=1:9', 'mark=a', "'", '"', '#', 'theme=grey', 'glyphs=half', 'quad', 'one', 'two', 'wide', 'max',
         '1d', 'five', 'quench', 'pair', 'move', '\xe9', '\u6f22']


class Session:
    def __init__(self, program, seed, folder):
        self.choose = random.Random(seed)
        self.commands = [name for name in self.names(program) if name not in ('quit', 'repl', 'suspend', 'quench', 'fidelity', 'green_kubo')]
        env = {'TERM': self.choose.choice(['xterm-256color', 'tmux-256color', 'vt100', 'linux']), 'HOME': folder, 'XDG_CACHE_HOME': folder,
               'XDG_CONFIG_HOME': folder, 'XDG_STATE_HOME': folder, 'LC_ALL': self.choose.choice(['C.UTF-8', 'C.UTF-8', 'C'])}
        # Readline keeps a few bytes; whole stacks are needed to know them as its own.
        leaks = pathlib.Path(__file__).resolve().parents[1] / 'lib/leaks.txt'
        env['LSAN_OPTIONS'] = f'print_suppressions=0:suppressions={leaks}'
        env['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':fast_unwind_on_malloc=0'
        here = os.getcwd()
        os.chdir(folder) # files that random lines write land here
        self.terminal = terminal.Terminal([program, '--no-cache', '-j', '2', '--demo'], env=env)
        os.chdir(here)

    @staticmethod
    def names(program):
        text = subprocess.run([program, '-c', "complete ''"], capture_output=True, encoding='utf-8', check=True).stdout
        return re.findall(r'^[a-z_0-9]+$', text, re.M)

    def event(self):
        """Bytes to send, or a size."""
        kind, pick = self.choose.random(), self.choose.choice
        if kind < 0.70:
            return pick(KEYS)
        if kind < 0.80:
            words = [pick(self.commands)] + [pick(WORDS) for _ in range(self.choose.randrange(4))]
            return '\x07\x07:' + ' '.join(words) + '\r'
        if kind < 0.86:
            return (self.choose.choice([1, 2, 7, 39, 40, 79, 80, 119, 120, 159, 160, 200, 300]), self.choose.choice([1, 2, 9, 10, 24, 36, 48, 60, 100]))
        if kind < 0.93:
            button, x, y = pick([0, 64, 65]), self.choose.randrange(1, 200), self.choose.randrange(1, 60)
            return f'\x1b[<{button};{x};{y}M' + (f'\x1b[<0;{self.choose.randrange(1, 200)};{y}m' if button == 0 else '')
        if kind < 0.97: # letters that cannot leave: a paste
            return '\x07:' + ''.join(pick('abcdefgh ijklm=.0123\t') for _ in range(self.choose.randrange(300))) + '\x07'
        return ''.join(chr(self.choose.choice([c for c in range(1, 256) if c not in (17, 19, 26, 28, 81, 113)])) for _ in range(5)) + '\x07'

    def send(self, event):
        if isinstance(event, tuple):
            self.terminal.resize(*event)
        else:
            self.terminal.send(event)

    def drain(self, seconds):
        end = time.monotonic() + seconds
        while select.select([self.terminal.fd], [], [], max(0, end - time.monotonic()))[0]:
            try:
                if not os.read(self.terminal.fd, 1 << 16):
                    return
            except OSError:
                return

    def ended(self):
        pid, status = os.waitpid(self.terminal.pid, os.WNOHANG)
        if pid:
            self.terminal.status = os.waitstatus_to_exitcode(status)
        return bool(pid)


def run(program, seed, events, patience=60):
    with tempfile.TemporaryDirectory() as folder:
        session = Session(program, seed, folder)
        sent = []
        session.drain(1.0)
        for number in range(events):
            event = session.event()
            sent.append(event)
            session.send(event)
            session.drain(0.01)
            if session.ended():
                raise SystemExit(f'seed {seed}: status {session.terminal.status} after event {number}: {sent[-12:]!r}')
        session.terminal.resize(80, 24)
        end = time.monotonic() + patience
        while not session.ended() and time.monotonic() < end:
            session.drain(0.3)
            if session.ended():
                break
            try:
                session.terminal.send('\x07\x07Q')
            except OSError:
                pass
        if session.terminal.status != 0:
            raise SystemExit(f'seed {seed}: status {session.terminal.status} at the end: {sent[-12:]!r}')
        session.terminal.close()


def main(program, seed=None, events=300):
    program = str(pathlib.Path(program).resolve())
    seeds = [int(seed)] if seed is not None else [1, 2, 3]
    for one in seeds:
        run(program, one, int(events))
    print(f'{len(seeds)} of {events} events each')


if __name__ == '__main__':
    main(*sys.argv[1:])
