#!/usr/bin/env python3
"""The full screen driven through a real terminal emulator (tmux): views, keys, the mouse, files. SPDX-License-Identifier: GPL-3.0-or-later

Usage: screen.py CASE PROGRAM SOURCE_ROOT
"""
import os
import pathlib
import random
import re
import subprocess
import time

from pane import COLOUR, PROGRAM, ROOT, Terminal, assert_same, main


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
    ('PageDown', 'slice', '> step plane +12'), ('PageUp', 'slice', '> step plane -12'),
    ('v', 'slice', '> arrows '), ('p', 'slice', '> slice normal='), ('w', 'slice', '> slice space='), ('w', 'slice', '> slice space='),
    ('U', 'slice', '> slice colour=u'), ('r', 'slice', '> slice ring='), (';', 'slice', '> step cycle +1'),
    ('v', 'scaling', '> law x='), ('w', 'scaling', '> law show=map'),
    ('w', 'scaling', '> law show=law'), ('h', 'dtw', '> step tw -1'), ('Right', 'dynamics', '> step tw +1'), ('T', 'gr', '> stack on'),
    ('T', 'gr', '> stack off'), ('l', 'map', '> goto pair='), ('Enter', 'map', '> view pu'), ('j', 'cycles', '> goto atom='),
    ('Enter', 'cycles', '; view slice'), ('X', 'cycles', '> axis x toggle'),
    ('c', 'cycles', ':cut'), ('Escape', 'cycles', 'cycles'), ('I', 'pu', '> instant on'), ('I', 'pu', '> instant off'), ('O', 'pu', '> bins log'),
    ('O', 'pu', '> bins auto'), ('x', 'pu', '> brush u='), ('x', 'pu', '> brush off'),
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
    ('Enter', 'table', '; view pu'), ('e', 'pu', ':export'), ('Escape', 'pu', 'p(u)'),
    ('e', 'table', ':export'), ('C-g', 'table', 'table'), ('o', 'pu', 'type to search'), ('Escape', 'pu', 'p(u)'), ('C-o', 'pu', ':open'),
    ('Escape', 'pu', 'p(u)'), ('y', 'pu', 'yy: copy numbers'), ('Escape', 'pu', 'p(u)'), ('yy', 'pu', 'copied: numbers'), ('yy', 'table', 'copied: row'),
    ('yc', 'pu', 'copied: commands'), ('yp', 'pu', 'copied: picture'),
    ('Tab', 'pu', '> pane next'), ('BTab', 'pu', '> pane previous'), ('z', 'pu', '> pane max'), ('z', 'pu', '> pane max'),
    ('b', 'pu', 'goto mark=a'), ("'", 'pu', ':goto mark='), ('Escape', 'pu', 'p(u)'), ('a', 'pu', ':note'), ('Escape', 'pu', 'p(u)'),
    ('G', 'pu', 'curves in half'), ('G', 'pu', 'curves in ascii'), ('G', 'pu', 'curves in braille'), ('C', 'pu', 'theme viridis'),
    ('M', 'pu', '> view sessions'), ('BSpace', 'pu', '> back'), ('?', 'pu', 'type to search'),
    ('Escape', 'pu', 'p(u)'), ('F1', 'pu', 'type to search'), ('F2', 'pu', ':bind all  "view pu"'),
    ('C-g', 'pu', 'p(u)'), ('C-l', 'pu', '> redraw'),
    ('C-c', 'pu', 'cancelled'), ('Z', 'pu', 'does nothing here'), ('yz', 'pu', 'yz does nothing here'), (':', 'pu', '\n:'), ('C-c', 'pu', 'p(u)'),
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
    # Other cases; D only asks in a list of sessions, of which there is none.
    missing = {key for key in bound if TMUX_NAMES.get(key, key) not in pressed} - {'q', 'Q', 'C-z', 'D'}
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
    t.until(':export', 'the export line')
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
    t.keys('C-c')
    t.until('was given up', 'the message')
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
    t.keys('?')
    t.until('type to search', 'an answer')
    t.keys('Escape', 'C-c')
    t.until('cancelled', 'the message')
    t.until(lambda text: re.search(r'^ stopped', text, re.M), 'that the answer came while jobs ran, which are now stopped')
    t.keys('B')
    t.until(lambda text: not re.search(r'^ stopped', text, re.M), 'the next step looks again')
    t.keys('q')
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


def case_reader():
    """a11y=on in the user's file: the prompt first, in ASCII, without a line that changes; `tui` is the full screen for readers."""
    t = Terminal()
    os.makedirs(t.folder + '/.config/isdmin')
    with open(t.folder + '/.config/isdmin/isdminrc', 'w') as out:
        out.write('set a11y on\n')
    t.start('--no-cache --demo', ready=False)
    t.until('isdmin demo', 'the prompt')
    text = t.text()
    assert 'screen-reader mode' in text and 'alt=0' in t.flags(), text
    t.run('pipe-pane', '-t', 't', f'cat >{t.folder}/bytes')
    t.line('match 0:last; plot pu; echo over')
    t.until('\nover', 'the picture', 60)
    assert t.text().isascii(), t.text()
    assert b'\x1b[K' not in open(t.folder + '/bytes', 'rb').read(), 'a line was drawn over'
    t.line('tui')
    t.until('[1 p(u)]', 'the full screen')
    t.still()
    assert t.text().isascii(), t.text()
    t.keys('q')
    t.gone(0)
    t.close()


def case_mouse():
    """Clicks, drags and the wheel; off means off, and afterwards the terminal has its mouse back."""
    t = Terminal(100, 30, term='xterm-256color')
    t.start()
    assert 'mouse=1' in t.flags(), t.flags()
    report = lambda b, x, y, end: f'\x1b[<{b};{x};{y}{end}'
    send = lambda *reports: t.run('send-keys', '-l', '-t', 't', ''.join(reports))
    send(report(0, 50, 8, 'M'))
    send(report(0, 50, 8, 'm'))
    t.until('> goto u=', 'a click')
    # Over a slow line press and release come together.
    send(report(0, 40, 8, 'M'), report(0, 70, 9, 'm'))
    t.until('> brush u=', 'a drag')
    send(report(64, 50, 8, 'M'))
    t.until('> zoom in x=', 'the wheel')
    send(report(0, 32, 2, 'M'), report(0, 32, 2, 'm'))
    t.until('> view table', 'a tab')
    t.settle()
    send(report(0, 20, 6, 'M'), report(0, 20, 6, 'm'), report(0, 20, 7, 'M'), report(0, 20, 7, 'm'))
    t.until('> goto atom=', 'a row')
    t.still()
    assert '\u25b8' in t.rows()[6], t.text()
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
            if kind == 'answer':
                t.until('Answer: `:`, then the ' + ('letter' if line.isalpha() else 'number'), 'how an answer is given')
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
    t.keys(':')
    t.line('sereis')
    t.until("there is no command 'sereis'; try: series. Hint: ", 'what is wrong, before the hint')
    t.keys('B')
    t.until(lambda text: 'Hint' in text and 'sereis' not in text, 'what is not asked for gets a hint')
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


def case_copy():
    """What is copied is in the clipboard of tmux, which is the terminal here, and nothing of it is seen on the screen."""
    t = Terminal(120, 36)
    t.run('set', '-s', 'set-clipboard', 'on')
    t.run('set', '-w', '-g', 'allow-passthrough', 'on')
    t.start()
    t.keys('A')
    t.settle()
    for wanted, keys in (('id\ttype\tx', ('4', 'y', 'y')), ('# the commands that lead', ('1', 'y', 'c')), ('u, r /', ('1', 'y', 'p'))):
        t.keys(*keys)
        t.until('copied: ', 'what is said of it')
        t.until(lambda _, wanted=wanted: wanted in t.run('show-buffer'), wanted)
        t.still()
        drawn = t.rows()
        t.keys('C-l')
        t.until('> redraw', 'the echo')
        t.still()
        assert drawn[:-6] == t.rows()[:-6], '\n'.join(drawn + t.rows())  # below it is what is said
    t.keys('q')
    t.gone(0)
    t.close()


# What has to be done before an example of the full screen, and what is then to be seen; "> EXAMPLE" where nothing is said.
EXAMPLES = {
    'pan right': ('view pu; zoom in', None), 'sort u_lab desc': ('view table', None), 'undo': ('type A', None), 'redo': ('type A; undo', None),
    'back': ('view gr', None), 'law x=rmsd_is': ('tour points; tour stop; view scaling', None), 'source look.isd': (None, '[4 table]'),
    'prompt': (None, '\n:'), "prompt 'find '": (None, '\n:find'), 'palette': (None, 'search'), 'repl': (None, 'isdmin demo'),
    'bookmark': (None, 'comes back here'), 'bookmark hop': (None, 'mark=hop comes back here'), 'dump screen.txt': (None, 'screen.txt written'),
    'find': (None, 'find what?'), 'find 2117': (None, "no atom '2117' in the table"), 'note the largest hop is atom 42': (None, 'noted'),
    'copy text': (None, 'copied: picture'), 'glyphs half': (None, 'curves in half, from now on'), 'view table; copy row': (None, 'copied: row'),
    'record session.isd': (None, 'recording; record off ends it'), 'record off': (None, 'recording ended'), 'save here.isd': (None, 'here.isd written'),
    'stats; export stats.json': (None, 'stats.json written'),
}


def case_examples():
    """Every example of the commands that are the full screen's alone; that of `suspend` is failing04, of `tui` the case prompt."""
    t = Terminal()
    with open(t.folder + '/look.isd', 'w') as script:
        script.write('view table\n')
    t.line('cd ' + t.folder)
    asked = lambda *words: subprocess.run([PROGRAM, 'help', *words], stdout=subprocess.PIPE, encoding='utf-8', check=True).stdout
    names = re.findall(r'^  ([a-z_0-9]+)  +\S', asked().split('\nabout\n')[0], re.M)
    helps = [text for text in map(asked, names) if 'full screen only' in text or 'not in batch' in text]
    lines = [line.strip() for text in helps for line in re.search(r'\nexamples:\n((?:  .*\n)+)', text)[1].splitlines()]
    assert len(lines) > 25 and all(line in lines for line in EXAMPLES), lines
    t.start()
    for line in sorted(set(lines) - {'suspend', 'tui', 'repl'}) + ['repl']:
        before, seen = EXAMPLES.get(line, (None, None))
        if before:
            t.keys(':')
            t.line(before)
            t.settle()
        t.keys(':')
        t.line(line)
        t.until(seen or '> ' + line, line)
        if line != 'repl':
            t.keys('Escape')
    t.line('quit')
    t.gone(0)
    t.close()


main(globals())
