#!/usr/bin/env python3
# The full screen driven through a real terminal emulator (tmux). SPDX-License-Identifier: GPL-3.0-or-later
#
# screen.py CASE PROGRAM SOURCE_ROOT: runs one case; exits 77 when tmux is missing. Each case has its own tmux server.
import os
import pathlib
import random
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
        self.tmux = ['tmux', '-S', self.folder + '/socket', '-f', '/dev/null']
        clean = {'PATH': os.environ['PATH'], 'HOME': self.folder, 'LC_ALL': 'C.UTF-8', 'TERM': 'xterm-256color'}
        self.environment = clean
        inner = {'TERM': term, 'LC_ALL': locale, 'PS1': '$ ', **environment}
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS'):
            if name in os.environ:
                inner[name] = os.environ[name]
        # A sanitizer must not make a status of its own of the signals that cases send.
        inner['ASAN_OPTIONS'] = inner.get('ASAN_OPTIONS', '') + ':handle_segv=0:handle_abort=0'
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
        self.run('kill-server')
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


def look(width, height, locale, colour):
    environment = {} if colour else {'NO_COLOR': '1'}
    t = Terminal(width, height, locale=locale, **environment)
    t.start()
    t.keys('A', 'A')  # the demo starts with the B atoms, averaged over pairs: off and on again
    t.until('> average on', 'the command of a key')
    t.settle()
    text, escapes = t.text(), t.text(True)
    for word in ('isdmin', '[1 p(u)]', '4 table', 'L labelled', 'M matched', 'g(r), peak', 'D_min', 'D_lab', 'u, r /', '> average on', '[ ] tw', 'B:'):
        assert word in text, f'{word} is not on the screen\n{text}'
    if locale == 'C':
        assert all(ord(c) < 128 for c in text), text
        assert '#' in text and 'o' in text and '...' in text
    else:
        assert any(0x2800 < ord(c) <= 0x28ff for c in text), text
        assert '\u2591' in text and '\u03c3' in text
    assert bool(COLOUR.search(escapes)) == colour
    assert len(text.rstrip('\n').split('\n')) == height
    t.keys('4')
    t.until('[4 table]', 'the table')
    text = t.still()
    assert 'u_lab' in text and 'partner' in text
    x, y = (int(n) for n in t.run('display', '-p', '-t', 't', '#{cursor_x} #{cursor_y}').split())
    assert t.rows()[y][x] == ('>' if locale == 'C' else '\u25b8'), 'the hardware cursor is not on the row\n' + t.text()
    assert bool(COLOUR.search(t.text(True))) == colour
    t.keys('q')
    t.gone(0)
    t.close()


def case_look_80_utf8():
    look(80, 24, 'C.UTF-8', True)
    look(80, 24, 'C.UTF-8', False)


def case_look_80_ascii():
    look(80, 24, 'C', True)
    look(80, 24, 'C', False)


def case_look_200():
    look(200, 60, 'C.UTF-8', True)
    look(200, 60, 'C', False)


# Key, view to be in, what must then be on the screen. Every key of src/tui/keys.c is here; the case checks that.
KEYS = [
    ('1', 'pu', '> view pu'), ('2', 'pu', '> view gr'), ('3', 'pu', '> view slice'), ('4', 'pu', '> view table'), ('5', 'pu', '> view dtw'),
    ('6', 'pu', '> view scaling'), ('7', 'pu', '> view map'), ('8', 'pu', '> view jobs'), ('9', 'pu', '> view cycles'),
    ('0', 'pu', '> view dynamics'),
    (')', 'slice', '> step plane +1'), ('(', 'slice', '> step plane -1'), ('>', 'slice', '> slice thick'), ('<', 'slice', '> slice thick'),
    ('v', 'slice', '> arrows '), ('p', 'slice', '> slice normal='), ('w', 'slice', '> slice space='), ('w', 'slice', '> slice space='),
    ('U', 'slice', '> slice colour=u'), ('r', 'slice', '> slice ring='), (';', 'slice', '> step cycle +1'),
    ('E', 'slice', ':picture'), ('Escape', 'slice', 'slice'), ('v', 'scaling', '> law x='), ('w', 'scaling', '> law show=map'),
    ('w', 'scaling', '> law show=law'), ('h', 'dtw', '> step tw -1'), ('Right', 'dynamics', '> step tw +1'), ('T', 'gr', '> stack on'),
    ('T', 'gr', '> stack off'), ('l', 'map', '> goto pair='), ('Enter', 'map', '> view pu'), ('j', 'cycles', '> goto atom='),
    ('Enter', 'cycles', '; view slice'), ('X', 'cycles', '> axis x toggle'),
    ('c', 'cycles', ':cut'), ('Escape', 'cycles', 'cycles'), ('I', 'pu', '> instant on'), ('I', 'pu', '> instant off'), ('O', 'pu', '> bins log'),
    ('O', 'pu', '> bins auto'),
    (']', 'pu', '> step tw +1'), ('[', 'pu', '> step tw -1'), ('}', 'pu', '> step tw last'), ('{', 'pu', '> step tw first'),
    ('Space', 'pu', '> play'), ('Space', 'pu', '> play'),
    ('.', 'pu', '> step pair +1'), (',', 'pu', '> step pair -1'), ('A', 'pu', '> average'), ('A', 'pu', '> average'),
    ('m', 'pu', '> show lab'), ('m', 'pu', '> show mat'), ('m', 'pu', '> show diff'), ('m', 'pu', '> show both'), ('t', 'pu', "> type 'A'"),
    ('t', 'pu', "> type 'B'"), ('t', 'pu', '> type all'), ('B', 'pu', '> species blind'), ('B', 'pu', '> species resolved'),
    ('i', 'pu', '> of raw'), ('i', 'pu', '> of is'), ('X', 'pu', '> axis x toggle'), ('Y', 'pu', '> axis y toggle'),
    ('u', 'pu', '> undo'), ('C-r', 'pu', '> redo'), ('T', 'pu', '> stack on'), ('T', 'pu', '> stack off'),
    ('+', 'pu', '> zoom in'), ('-', 'pu', '> zoom out'), ('L', 'pu', '> pan right'), ('H', 'pu', '> pan left'), ('J', 'pu', '> pan down'),
    ('K', 'pu', '> pan up'), ('=', 'pu', '> zoom fit'),
    ('l', 'pu', '> step u +1'), ('Right', 'pu', '> step u +1'), ('h', 'pu', '> step u -1'), ('Left', 'pu', '> step u -1'),
    ('k', 'pu', '> step u +10'), ('Up', 'pu', '> step u +10'), ('j', 'pu', '> step u -10'), ('Down', 'pu', '> step u -10'),
    ('g', 'pu', '> step u first'), ('Home', 'pu', '> step u first'),
    ('End', 'pu', '> step u last'), ('Enter', 'pu', '> view table'), ('j', 'table', '> step atom +1'),
    ('Down', 'table', '> step atom +1'), ('k', 'table', '> step atom -1'), ('Up', 'table', '> step atom -1'),
    ('l', 'table', '> step column +1'), ('Left', 'table', '> step column -1'),
    ('End', 'table', '> step atom last'), ('g', 'table', '> step atom first'),
    ('Home', 'table', '> step atom first'), ('s', 'table', '> sort next'), ('S', 'table', '> sort reverse'),
    ('PageDown', 'table', '> step atom +'), ('PageUp', 'table', '> step atom -'), ('/', 'table', ':find'), ('Escape', 'table', 'table'),
    ('n', 'table', 'find what'), ('N', 'table', 'find what'), ('f', 'table', ':filter'), ('Escape', 'table', 'table'),
    ('Enter', 'table', '; view pu'), ('e', 'pu', '; export'), ('Escape', 'pu', 'p(u)'),
    ('e', 'table', ':atoms '), ('C-g', 'table', 'table'), ('o', 'pu', ':open'), ('Escape', 'pu', 'p(u)'),
    ('Tab', 'pu', '> pane next'), ('BTab', 'pu', '> pane previous'), ('z', 'pu', '> pane max'), ('z', 'pu', '> pane max'),
    ('b', 'pu', 'goto mark=a'), ("'", 'pu', ':goto mark='), ('Escape', 'pu', 'p(u)'), ('a', 'pu', ':note'), ('Escape', 'pu', 'p(u)'),
    ('G', 'pu', 'curves in half'), ('G', 'pu', 'curves in ascii'), ('G', 'pu', 'curves in braille'), ('C', 'pu', 'theme viridis'),
    ('BSpace', 'pu', '> back'), ('?', 'pu', 'type to search'),
    ('Escape', 'pu', 'p(u)'), ('F1', 'pu', 'type to search'), ('C-g', 'pu', 'p(u)'), ('C-l', 'pu', '> redraw'),
    ('C-c', 'pu', 'cancelled'), ('Z', 'pu', 'does nothing here'), ('y', 'pu', 'does nothing here'), (':', 'pu', '\n:'), ('C-c', 'pu', 'p(u)'),
    ('j', 'log', '> step line +1'), ('Down', 'log', '> step line +1'), ('k', 'log', '> step line -1'), ('Up', 'log', '> step line -1'),
    ('g', 'log', '> step line first'), ('Home', 'log', '> step line first'),
    ('End', 'log', '> step line last'), ('PageDown', 'log', '> step line +'), ('PageUp', 'log', '> step line -'),
]
TMUX_NAMES = {'PgUp': 'PageUp', 'PgDn': 'PageDown', 'S-Tab': 'BTab', 'Backspace': 'BSpace'}


def case_keys():
    table = open(ROOT + '/src/tui/keys.c').read()
    bound = {key for keys in re.findall(r'^    \{"(.*?)", (?:EVERYWHERE|ON|DATA|TEXTS|ATOMS|PICTURES)', table, re.M) for key in keys.split()}
    assert len(bound) > 40
    pressed = {key for key, _, _ in KEYS}
    missing = {key for key in bound if TMUX_NAMES.get(key, key) not in pressed} - {'q', 'Q', 'C-z'}  # other cases
    assert not missing, f'keys never pressed: {missing}'
    t = Terminal()
    t.start()
    t.keys(':')
    t.line('type all; average off')  # the demo starts with the B atoms, averaged over pairs
    t.until('all types', 'all types')
    now = 'pu'
    for key, view, expected in KEYS:
        if view != now:
            t.keys({'pu': '1', 'gr': '2', 'slice': '3', 'table': '4', 'dtw': '5', 'scaling': '6', 'map': '7', 'cycles': '9', 'dynamics': '0'}.get(view, ':'))
            if view == 'log':
                t.line('log')
            t.until({'pu': '[1 p(u)]', 'table': '[4 table]', 'dtw': '[5 D(tw)]', 'dynamics': 'overlap', 'gr': '[2 g(r)]', 'log': '[log]',
                     'slice': '[3 slice]', 'scaling': '[6 scaling]', 'map': '[7 map]', 'cycles': '[9 cycles]'}[view], view)
        t.keys(key)
        t.until(expected, f'{expected!r} after {key} in {view}', 10)
        now = view if key not in ('2', '3', '4', '5', '6', '7', '8', '9', '0', 'Enter', 'Tab', 'BTab', 'BSpace', '1', 'C-r') else None
    t.keys('1')
    for key in ('q', 'Q'):
        t.keys(key)
        t.gone(0)
        if key == 'q':
            t.start()
    t.close()


def case_incremental():
    """What was drawn by changes is what a full repaint draws."""
    choice = random.Random(7)
    keys = ['1', '4', '8', ']', '[', '}', '{', '.', ',', 'A', 'm', 't', 'B', 'i', 'X', 'Y', 'l', 'h', 'L', 'H', 'G', 'g', 'j', 'k',
            's', 'S', 'PageDown', 'PageUp', 'Tab', '?', 'Escape', 'Down', 'x', 'C-g']
    for width, height, locale in ((80, 24, 'C.UTF-8'), (61, 17, 'C')):
        t = Terminal(width, height, locale=locale)
        t.start()
        for _ in range(6):
            t.keys(*[choice.choice(keys) for _ in range(8)])
            t.keys('Escape', 'Escape')
            time.sleep(0.3)
            t.settle()
            # C-l shows its own command on the echo line: press it once before.
            t.keys('C-l')
            t.until('> redraw', 'the echo')
            before = t.still()
            t.keys('C-l')
            time.sleep(0.3)
            after = t.still()
            assert_same(before, after)
        t.keys('q')
        t.close()


def case_stale_cells():
    """The same state reached by another way gives the same cells: views there and back, without a repaint between."""
    t = Terminal()
    t.start()
    t.keys('4', '1')  # the mark is on an atom now
    t.until('> view pu', 'the echo')
    before = t.still()
    for key in ('4', '8', '?', 'Escape', '4', '?', 'Escape', 'Tab'):
        t.keys(key)
        t.still()
    t.keys('1')
    t.until('> view pu', 'the echo')
    t.settle()
    assert_same(before, t.still())
    t.keys('q')
    t.close()


def case_resize():
    t = Terminal()
    t.start()
    before = t.still()
    for width, height in ((1, 1), (3, 2), (20, 5), (39, 9), (40, 10), (200, 60), (8, 40), (300, 3), (80, 24)):
        t.resize(width, height)
        time.sleep(0.15)
        assert len(t.pids()) == 2, f'dead at {width}x{height}'
    assert_same(before, t.still())
    # In the palette and on the : line too.
    t.keys('?')
    t.until('type to search', 'the palette')
    for width, height in ((1, 1), (20, 5), (80, 24)):
        t.resize(width, height)
        time.sleep(0.15)
    t.keys('Escape', ':')
    for width, height in ((1, 1), (20, 5), (80, 24)):
        t.resize(width, height)
        time.sleep(0.15)
    assert len(t.pids()) == 2
    t.keys('C-c', 'q')
    t.gone(0)
    # A terminal that does not know its size, and sizes in the environment that are wrong.
    t.line('stty rows 0 cols 0')
    t.start(ready=False)
    time.sleep(1)
    t.keys('q')
    t.status(0)
    t.line('clear; stty rows 24 cols 80; export LINES=10 COLUMNS=40')
    t.start()
    assert 'q leave' in t.text() or '[ ] tw' in t.rows()[23], t.text()
    t.keys('q')
    t.close()


def case_suspend():
    t = Terminal()
    t.start()
    t.keys('C-z')
    t.until('Stopped', 'the shell says it is stopped', 10)
    assert t.flags() == 'alt=0 mouse=0 cursor=1 keypad=0', t.flags()
    t.resize(100, 30)
    t.line('fg')
    t.until(lambda text: max(map(len, text.split('\n'))) > 90 and 'p(u)' in text, 'the new width', 10)
    assert t.flags().startswith('alt=1')
    t.keys(']')
    t.until('> step tw +1', 'keys after fg')
    # Stopped from outside, without a chance to prepare: the parent puts the terminal right.
    os.kill(t.pids()[1], 19)
    t.until('Stopped', 'stopped from outside', 10)
    assert t.flags() == 'alt=0 mouse=0 cursor=1 keypad=0', t.flags()
    t.line('fg')
    t.until(lambda text: '[1 p(u)]' in text and 'D_min' in text, 'the screen after fg', 10)
    assert t.flags().startswith('alt=1')
    t.keys('q')
    t.gone(0)
    t.close()


def case_signals():
    for target in (0, 1):
        for number, status in ((15, 143), (1, 129), (2, 130)):
            t = Terminal()
            t.start(ready=False)
            t.until('[1 p(u)]', 'the screen')
            pids = t.pids()
            os.kill(pids[target], number)
            t.gone(status)
            for pid in pids:
                assert not os.path.exists(f'/proc/{pid}'), 'a process stayed'
            t.close()


def case_crash():
    """The worker dies without a word; the terminal is as it was, soon."""
    for number, status in ((9, 137), (11, 139), (6, 134)):
        t = Terminal()
        t.start(ready=False)
        t.until('[1 p(u)]', 'the screen')
        os.kill(t.pids()[1], number)
        begin = time.time()
        while not t.flags().startswith('alt=0') and time.time() - begin < 2:
            time.sleep(0.01)
        assert time.time() - begin < 1, 'too slow'
        t.gone(status)
        assert f'ended by signal {number}' in t.text(), t.text()
        t.close()


def case_parent_killed():
    t = Terminal()
    t.start(ready=False)
    t.until('[1 p(u)]', 'the screen')
    guard, worker = t.pids()
    os.kill(guard, 9)
    end = time.time() + 5
    while os.path.exists(f'/proc/{worker}') and time.time() < end:
        time.sleep(0.05)
    assert not os.path.exists(f'/proc/{worker}'), 'the worker outlives its parent'
    t.gone(137)
    # The terminal goes away.
    t.start(ready=False)
    t.until('[1 p(u)]', 'the screen')
    pids = t.pids()
    t.run('kill-server')
    end = time.time() + 5
    while any(os.path.exists(f'/proc/{pid}') for pid in pids) and time.time() < end:
        time.sleep(0.05)
    assert not any(os.path.exists(f'/proc/{pid}') for pid in pids), 'a process stayed after the terminal was gone'
    t.close()


def cpu_ticks(pid):
    fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
    return int(fields[11]) + int(fields[12])


def case_idle():
    t = Terminal(120, 40)
    t.start()
    time.sleep(0.5)
    worker = t.pids()[1]
    log = t.folder + '/bytes'
    t.run('pipe-pane', '-t', 't', f'cat >{log}')
    ticks = cpu_ticks(worker)
    time.sleep(2)
    assert os.path.getsize(log) == 0, 'bytes while idle: ' + repr(open(log, 'rb').read()[:200])
    assert cpu_ticks(worker) - ticks == 0, 'works while idle'
    # The budget of keys, for pictures that are known already: a cursor step costs little, a step of t_w at most 4 kB.
    for key in ':', ']', '[':
        t.keys(key)
        if key == ':':
            t.line('average off')
        t.settle()
    for key, most in (('l', 400), (']', 4096)):
        before = os.path.getsize(log)
        t.keys(key)
        time.sleep(0.6)
        spent = os.path.getsize(log) - before
        assert 0 < spent <= most, f'{key}: {spent} bytes'
    t.keys('q')
    t.close()


def case_terminals():
    for term in ('vt100', 'xterm-256color', 'tmux-256color', 'screen', 'linux'):
        if subprocess.run(['infocmp', term], capture_output=True).returncode:
            continue
        t = Terminal(term=term)
        t.start()
        text = t.text()
        assert '[1 p(u)]' in text and 'L labelled' in text, term + text
        if term == 'vt100':
            assert all(ord(c) < 128 for c in text), text
        if term == 'linux':
            assert not any(0x2800 <= ord(c) <= 0x28ff for c in text), text
        t.keys('4')
        t.until('u_lab', 'the table')
        t.keys('q')
        t.gone(0)
        t.close()
    for term in ('dumb', 'nosuchterm'):
        t = Terminal(term=term)
        t.start(ready=False)
        t.status(2)
        text = t.text()
        assert f'TERM={term}' in text and 'try' in text, text
        t.close()
    t = Terminal()
    t.line(f'clear; env -u TERM {PROGRAM} --demo; echo rc=$?')
    assert 'TERM is not set' in t.until('rc=2', 'status 2', 20)
    t.close()


def case_prompt():
    t = Terminal()
    t.start()
    t.keys(':')
    t.line('info')
    text = t.until('[output]', 'the output')
    assert 'atoms' in text and '1000' in text
    t.keys('BSpace')
    t.until('[1 p(u)]', 'back')
    # An unknown command is an error that names a near one; the screen goes on.
    t.keys(':')
    t.line('mach 0:1')
    t.until('match', 'a suggestion')
    # History, completion, Esc.
    t.keys(':', 'Up', 'Up')
    t.until('\n:info', 'history')
    t.keys('C-c', ':')
    t.run('send-keys', '-l', '-t', 't', 'sy')
    t.keys('Tab')
    t.until('\n:system', 'completion')
    t.keys('Escape')
    t.until('> prompt', 'the echo line')
    time.sleep(0.2)
    assert '\n:system' not in t.text()
    # What is computed later is shown later.
    t.keys(':')
    t.line('match 0:last')
    t.until('[output]', 'the result', 60)
    t.until('d_min', 'the result', 60)
    # A paste of 100 kB is taken as one line, and cancelled.
    with open(t.folder + '/paste', 'w') as out:
        out.write('echo ' + 'x' * 100000)
    t.keys(':')
    t.run('load-buffer', t.folder + '/paste')
    t.run('paste-buffer', '-p', '-t', 't')
    t.until(lambda text: 'xxxxxxxx' in text, 'the paste')
    t.keys('C-c')
    t.until('[output]', 'the screen after a paste', 30)
    # The palette finds and runs.
    t.keys('?')
    t.run('send-keys', '-l', '-t', 't', 'longest')
    t.until('step tw last', 'the palette')
    t.keys('Escape', '1', '?')
    t.run('send-keys', '-l', '-t', 't', 'longest')
    t.keys('Enter')
    t.until('> step tw last', 'the palette runs')
    t.keys('q')
    t.gone(0)
    t.close()


def case_export():
    t = Terminal()
    t.start()
    t.keys('e')
    t.until(': export', 'the export line')
    t.line(t.folder + '/seen.csv')
    t.until('written', 'the message', 30)
    lines = open(t.folder + '/seen.csv').read().split('\n')
    assert lines[0].startswith('u,') or ',u,' in lines[0], lines[0]
    assert len(lines) > 100
    t.keys('q')
    t.gone(0)
    t.close()


def case_hostile():
    """Nothing from files reaches the terminal as it is."""
    t = Terminal()
    name = t.folder + '/\x1b]0;owned\x07\x1b[2Jcold.dump'
    atoms = '\n'.join(f'{k + 1} 1 {k % 4} {k // 4 % 4} {k // 16}' for k in range(64))
    with open(name, 'w') as out:
        for step in (0, 10):
            out.write(f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n64\nITEM: BOX BOUNDS pp pp pp\n0 4\n0 4\n0 4\nITEM: ATOMS id type x y z\n{atoms}\n')
    t.run('pipe-pane', '-t', 't', f'cat >{t.folder}/bytes')
    t.start(f'{t.folder}/*cold.dump', ready=False)
    t.until(lambda text: '[1 p(u)]' in text, 'the screen')
    time.sleep(1)
    raw = open(t.folder + '/bytes', 'rb').read()
    assert b'\x1b]0;owned' not in raw and b'\x07' not in raw
    text = t.text()
    assert '\\x1b' in text, text
    assert 'raw' in text, 'no interactions are known: frames as they are'
    t.keys('q')
    t.gone(0)
    t.close()


def case_checksum():
    """A gz member whose checksum alone is wrong is shown, and marked; batch refuses it (bad_input.py)."""
    t = Terminal()
    data = bytearray(open(ROOT + '/assets/demo/ka3d_T045.dump.gz', 'rb').read())
    data[-6] ^= 1
    open(t.folder + '/wrong.dump.gz', 'wb').write(data)
    t.start(f'{t.folder}/wrong.dump.gz', ready=False)
    t.until(lambda text: '[1 p(u)]' in text and 'checksum wrong' in text.split('\n')[0], 'the mark')
    t.keys(':')
    t.line('log')
    t.until('warning: checksum wrong', 'the warning in the log')
    t.keys('q')
    t.gone(0)
    t.close()


def case_reading():
    """The first frame is looked at while the others are read; C-c gives the rest up, refresh reads on."""
    t = Terminal(100, 30)
    data, times = open(ROOT + '/assets/demo/ka3d_T045.dump.gz', 'rb').read(), 150
    with open(t.folder + '/long.dump.gz', 'wb') as out:
        for _ in range(times):
            out.write(data)
    t.start(f'-j 1 --no-cache {t.folder}/long.dump.gz', ready=False)
    t.until(lambda text: re.search(r'reading: \d+ frames? so far', text.split('\n')[0]), 'how far it is')
    t.until('frame 0; pairs come when all frames are read', 'frame 0')
    t.keys(']')
    t.until('step tw +1: under way', 'a step that waits')
    begin = time.time()
    t.keys('C-c')
    t.until('was given up', 'the message', 5)
    assert time.time() - begin < 2, 'slow to give up'
    t.keys(':')
    t.line('refresh')
    t.until(f'refresh: {31 * times} frames are there', 'all frames', 120)
    t.keys('q')
    t.gone(0)
    t.close()


def case_busy():
    """With jobs running: q leaves at once, C-c cancels, keys answer, at most four pictures a second."""
    t = Terminal(200, 60)
    t.start('-j 1 --demo', ready=False)
    t.until('jobs', 'jobs')
    begin = time.time()
    t.keys('?')
    t.until('type to search', 'an answer while jobs run', 5)
    assert time.time() - begin < 1, 'slow answer'
    t.keys('Escape', 'C-c')
    t.until('cancelled', 'the message')
    t.until(lambda text: re.search(r'^ stopped', text, re.M), 'all jobs stopped', 5)
    t.keys('B')
    t.until(lambda text: not re.search(r'^ stopped', text, re.M), 'the next step looks again', 5)
    begin = time.time()
    t.keys('q')
    t.until('$', 'the shell', 5)
    assert time.time() - begin < 1.5, 'slow to leave'
    t.gone(0)
    t.close()


def case_rc():
    """The user's own settings and keys; an error names file and line, and what stands before it holds."""
    t = Terminal()
    os.makedirs(t.folder + '/.config/isdmin')
    with open(t.folder + '/.config/isdmin/isdminrc', 'w') as out:
        out.write("# mine\nbind pu w 'view jobs'\nset theme grey\naxis q log\n")
    t.start(ready=False)
    t.until(lambda text: 'isdminrc:4:6: ' in text.replace('\n ', ''), 'the place of the error')
    t.keys('C-l')  # the message was over the row that says ready
    t.settle()
    t.keys('w')
    t.until('[8 jobs]', 'the key of the file')
    t.keys('C')
    t.until('theme mono', 'the theme after grey')
    t.keys('q')
    t.gone(0)
    t.close()


def case_mouse():
    """Clicks, drags and the wheel; off means off, and afterwards the terminal has its mouse back."""
    t = Terminal(100, 30, term='xterm-256color')
    t.start()
    assert 'mouse=1' in t.flags(), t.flags()
    press = lambda b, x, y, end: t.run('send-keys', '-l', '-t', 't', f'\x1b[<{b};{x};{y}{end}')
    press(0, 50, 8, 'M')
    press(0, 50, 8, 'm')
    t.until('> goto u=', 'a click')
    press(0, 40, 8, 'M')
    press(0, 70, 9, 'm')
    t.until('> brush u=', 'a drag')
    press(64, 50, 8, 'M')
    t.until('> zoom in x=', 'the wheel')
    press(0, 32, 2, 'M')
    press(0, 32, 2, 'm')
    t.until('> view table', 'a tab')
    t.settle()
    press(0, 20, 6, 'M')
    press(0, 20, 6, 'm')
    t.until('> goto atom=', 'a row')
    t.keys(':')
    t.line('set mouse off')
    t.until('> set mouse off', 'the echo')
    t.still()
    assert 'mouse=0' in t.flags(), t.flags()
    t.keys('q')
    t.gone(0)
    t.close()


def case_layouts():
    """A summary, one view, two, four and more; the focus is to be seen without colour; at all sizes the way back is the same."""
    t = Terminal(38, 9, NO_COLOR='1')
    t.start(ready=False)
    t.until('u 1.08', 'the read-out of the summary', 60)
    assert 'p(u) \u2502' not in t.text() and 'tw 500' in t.text()
    for width, height, views, strip in ((60, 20, 1, False), (80, 24, 1, True), (120, 36, 2, True), (160, 48, 4, False), (200, 60, 5, False)):
        t.resize(width, height)
        t.settle()
        text = t.text()
        frames = text.count('\u250c\u2500') + text.count('\u250f\u2501')
        assert frames == (views if views > 1 else 0), f'{width}x{height}: {frames} frames\n{text}'
        assert text.count('\u250f\u2501') == (views > 1), f'the focus at {width}x{height}\n{text}'
        assert ('D_min(tw)' in text) == strip, f'the strip at {width}x{height}\n{text}'
    before = t.still()
    t.keys('Tab')
    t.until('\u250f\u2501 slice', 'the focus on the next pane')
    t.keys('z')
    t.until(lambda text: '\u250f' not in text, 'one pane')
    t.keys('z', 'BTab')
    t.until('> pane previous', 'the echo')
    t.keys(':')
    t.line('layout two')
    t.until(lambda text: text.count('\u250c\u2500') + text.count('\u250f\u2501') == 2, 'two panes')
    t.keys(':')
    t.line('layout auto')
    t.settle()
    drop_echo = lambda text: re.sub('>.*', '', text)
    assert_same(drop_echo(before), drop_echo(t.still()))
    t.keys('q')
    t.gone(0)
    t.close()


def case_views():
    """Every view in ASCII without colour: nothing but ASCII, no colours, and something to see."""
    t = Terminal(locale='C', NO_COLOR='1')
    t.start()
    for digit, name in zip('1234567890', ('pu', 'gr', 'slice', 'table', 'dtw', 'scaling', 'map', 'jobs', 'cycles', 'dynamics')):
        t.keys(digit)
        t.until(f'> view {name}', name)
        t.settle()
        text = t.text()
        assert all(ord(c) < 128 for c in text), text
        assert sum(len(row.strip()) > 0 for row in text.split('\n')) > 6, text
        assert not COLOUR.search(t.text(True)), name
    t.keys('q')
    t.gone(0)
    t.close()


def case_tour():
    """Every lesson at 80x24 in ASCII without colours, by what it says is to be typed; one by keys; the strip at any size."""
    files = sorted(pathlib.Path(ROOT, 'assets/tour').glob('*.isd'))
    t = Terminal(locale='C', term='vt100')
    t.start('--no-cache', ready=False)
    t.until(':tour', 'the screen without data')
    for number, path in enumerate(files, 1):
        asked = re.findall(r'^(try|answer) (.*)$', path.read_text(encoding='utf-8'), re.M)
        t.keys(':')
        t.line(f'tour {number}')
        t.until(f'Lesson {number} of', 'its title')
        for kind, line in asked:
            if '/2   y: goes on' in t.until(lambda text: re.search(r'^ (->|\?) |y: goes on', text, re.M), 'a task, or a page before it'):
                t.keys('y')
                t.until(lambda text: re.search(r'^ (->|\?) ', text, re.M), 'the task on the second page')
            before = t.rows()[1:8]
            t.keys(':')
            t.line(line.split()[0] if kind == 'answer' else line)
            t.until(lambda text: ' Right.' in text and text.split('\n')[1:8] != before, f'lesson {number} goes on after {line}', 60)
        text = t.until(f'End of lesson {number} of {len(files)}', f'the end of lesson {number}')
        assert text.isascii() and not COLOUR.search(t.text(True)), text
    t.keys(':')
    t.line('tour 5')
    t.until('-> Look at the B atoms', 'a task')
    t.settle()
    t.keys('B')
    t.until('Hint', 'what is not asked for gets a hint')
    t.keys('B', 't', 't')
    t.until('Right.', 'keys do as well')
    t.keys('B')
    t.until('End of lesson 5', 'the end')
    for width, height in ((40, 10), (60, 16), (120, 40), (20, 5), (80, 24)):
        t.resize(width, height)
        t.still()
    t.until('End of lesson 5', 'the strip again')
    t.keys('y')
    t.until('Lesson 6', 'the next lesson')
    t.keys(':')
    t.line('tour stop')
    t.until(lambda text: 'Lesson' not in text, 'no lesson')
    t.keys('q')
    t.gone(0)
    t.close()


if not shutil.which('tmux'):
    print('tmux is not installed')
    sys.exit(77)
globals()['case_' + sys.argv[1]]()
