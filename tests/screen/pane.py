"""A shell in a pane of tmux, and what is seen there. SPDX-License-Identifier: GPL-3.0-or-later

A file of cases calls main(globals()): CASE PROGRAM SOURCE_ROOT of its command line choose the function case_CASE; exit status 77 where
there is no tmux. Each case has a tmux server of its own.
"""
import atexit
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

PROGRAM, ROOT = os.path.abspath(sys.argv[2]), sys.argv[3]
COLOUR = re.compile(r'\x1b\[[0-9;]*(?:3[0-8]|4[0-8]|9[0-7])[0-9;]*m')


class Terminal:
    """A shell in a tmux pane."""

    def __init__(self, width=80, height=24, term='tmux-256color', locale='C.UTF-8', **environment):
        self.folder = tempfile.mkdtemp(prefix='isdmin-screen-')
        atexit.register(self.close)  # after a failure, too
        self.tmux = ['tmux', '-S', self.folder + '/socket', '-f', '/dev/null']
        clean = {'PATH': os.environ['PATH'], 'HOME': self.folder, 'LC_ALL': 'C.UTF-8', 'TERM': 'xterm-256color'}
        self.environment = clean
        inner = {'TERM': term, 'LC_ALL': locale, 'PS1': '$ ', 'HISTFILE': '/dev/null', **environment}
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS'):
            if name in os.environ:
                inner[name] = os.environ[name]
        # What libraries keep is no leak of ours; whole stacks are needed to know it as theirs.
        leaks = pathlib.Path(__file__).resolve().parents[1] / 'lib/leaks.txt'
        inner['LSAN_OPTIONS'] = f'print_suppressions=0:suppressions={leaks}'
        # A sanitizer must not make a status of its own of the signals that cases send.
        inner['ASAN_OPTIONS'] = inner.get('ASAN_OPTIONS', '') + ':handle_segv=0:handle_abort=0:fast_unwind_on_malloc=0'
        words = ['env'] + [f'{k}={v}' for k, v in inner.items()] + ['bash', '--norc', '--noprofile']
        self.run('new-session', '-d', '-s', 't', '-x', str(width), '-y', str(height), ' '.join(f"'{w}'" for w in words))
        self.until(lambda text: '$' in text, 'the shell')

    def run(self, *words):
        return subprocess.run(self.tmux + list(words), env=self.environment, capture_output=True, text=True, errors='replace').stdout

    def keys(self, *keys):
        for key in keys:
            self.run('send-keys', *([] if len(key) > 1 else ['-l']), '-t', 't', key.replace(';', '\\;'))
            if key == 'Escape':
                time.sleep(0.1)  # or it would be the Meta of the next key

    def line(self, text):
        self.run('send-keys', '-l', '-t', 't', text)
        self.run('send-keys', '-t', 't', 'Enter')

    def text(self, escapes=False):
        return self.run('capture-pane', '-p', '-t', 't', *(['-e'] if escapes else []))

    def rows(self):
        return self.text().split('\n')

    def until(self, wanted, what, seconds=30):
        """Waits until wanted(text) holds; a string is looked for."""
        holds = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        end = time.time() + seconds
        while time.time() < end:
            text = self.text()
            if holds(text):
                return text
            time.sleep(0.05)
        raise AssertionError(f'never seen: {what}\n{self.text()}')

    def flags(self):
        return self.run('display', '-p', '-t', 't', 'alt=#{alternate_on} mouse=#{mouse_any_flag} cursor=#{cursor_flag} keypad=#{keypad_flag}').strip()

    def cursor(self):
        return tuple(int(n) for n in self.run('display', '-p', '-t', 't', '#{cursor_x} #{cursor_y}').split())

    def resize(self, width, height):
        self.run('resize-window', '-t', 't', '-x', str(width), '-y', str(height))

    def pids(self):
        """The guard and the worker."""
        shell = self.run('display', '-p', '-t', 't', '#{pane_pid}').strip()
        children = lambda pid: subprocess.run(['pgrep', '-P', str(pid)], capture_output=True, text=True).stdout.split()
        guard = children(shell)
        if not guard:
            return []
        return [int(guard[0])] + [int(pid) for pid in children(guard[0])]

    def start(self, arguments='--demo', ready=True):
        self.line(f'stty -g >{self.folder}/before; clear; {PROGRAM} {arguments}')
        if ready:
            self.settle()

    def settle(self):
        """Until all jobs are done and the screen stands still."""
        self.until(lambda text: re.search(r'^ ready|^ stopped', text, re.M), 'ready', 60)
        self.still()

    def still(self):
        last, since = None, time.time()
        while time.time() - since < 20:
            text = self.text(True)
            if text == last:
                return text
            last = text
            time.sleep(0.2)
        raise AssertionError('the screen never stands still')

    def status(self, status, seconds=10):
        """The program has ended with this status. Asked on a line of its own: bash drops the rest of a line after SIGINT."""
        end = time.time() + seconds
        while self.pids() and time.time() < end:
            time.sleep(0.02)
        self.line('echo "rc=$?"')
        self.until(lambda text: f'rc={status}\n' in text, f'rc={status}')

    def gone(self, status):
        """Back in the shell with this status, the terminal as it was."""
        self.status(status)
        self.line(f'stty -g >{self.folder}/after; echo done')
        self.until(lambda text: re.search(r'^done', text, re.M), 'the shell')
        before, after = (open(f'{self.folder}/{name}').read() for name in ('before', 'after'))
        assert before == after, f'terminal settings differ\n{before}{after}'
        assert self.flags() == 'alt=0 mouse=0 cursor=1 keypad=0', self.flags()

    def close(self):
        """Nothing of it stays: processes first, since they write into the folder to the end."""
        atexit.unregister(self.close)
        pids = self.pids()
        self.run('kill-server')
        end = time.time() + 5
        while any(os.path.exists(f'/proc/{pid}') for pid in pids) and time.time() < end:
            time.sleep(0.02)
        shutil.rmtree(self.folder, ignore_errors=True)


def cells(escapes):
    """A capture with escapes as cells: glyph and looks; the colour of a blank that is not reversed is no news."""
    out, looks = [], ()
    for line in escapes.rstrip('\n').split('\n'):
        row = []
        for codes, glyph in re.findall(r'\x1b\[([0-9;]*)m|(.)', line):
            if glyph:
                row.append((glyph, looks if glyph != ' ' or 7 in looks else ()))
                continue
            numbers = [int(n or 0) for n in codes.split(';')]
            while numbers:
                n = numbers.pop(0)
                if n in (38, 48):
                    colour, numbers = tuple(numbers[:2]), numbers[2:]
                    looks = tuple(l for l in looks if not (isinstance(l, tuple) and l[0] == n)) + ((n,) + colour,)
                elif n == 0:
                    looks = ()
                elif n in (39, 49):
                    looks = tuple(l for l in looks if not (isinstance(l, tuple) and l[0] == n - 1))
                elif n not in looks:
                    looks += (n,)
        while row and row[-1] == (' ', ()):
            row.pop()
        out.append([(glyph, frozenset(looks)) for glyph, looks in row])
    return out


def assert_same(before, after):
    a, b = cells(before), cells(after)
    if a != b:
        for y, (one, two) in enumerate(zip(a, b)):
            if one != two:
                print(f'row {y}: {"".join(g for g, _ in one)}\n    now {"".join(g for g, _ in two)}\n{one}\n{two}')
        raise AssertionError('the screens differ')


def main(cases):
    if not shutil.which('tmux'):
        print('tmux is not installed')
        sys.exit(77)
    cases['case_' + sys.argv[1]]()
