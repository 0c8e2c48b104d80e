#!/usr/bin/env python3
"""Properties of the full screen that need no golden file. SPDX-License-Identifier: GPL-3.0-or-later

Usage: properties.py CASE PROGRAM SOURCE_ROOT
"""
import os
import random
import re
import time

from pane import PROGRAM, Terminal, assert_same, main


def case_p1_incremental_is_full():
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


def case_p2_round_trip():
    """Another size and back is the same picture: a curve, atoms, a table. All sizes: failings.py."""
    t = Terminal(120, 36)
    t.start()
    for view in '134':
        t.keys(view)
        t.settle()
        t.keys('C-l')
        t.settle()
        before = t.still()
        for width, height in ((33, 7), (90, 30), (120, 36)):
            t.resize(width, height)
            time.sleep(0.1)
        t.settle()
        assert_same(before, t.still())
    t.keys('q')
    t.close()


KEYS = ['1', '2', '3', '4', '5', '9', ']', '[', '}', '{', '.', ',', 'm', 't', 'B', 'X', 'Y', 'l', 'h', 'L', 'H', 'g', 'j', 'k', 's', 'S', 'PageDown',
        'v', ';', ')', '>', '+', '-', '=', 'u', 'C-r', 'T', 'z']


def dump(t, name):
    """The screen as the program itself draws it anew."""
    path = f'{t.folder}/{name}'
    t.keys(':')
    t.line(f'dump {path}')
    end = time.time() + 10
    while not os.path.exists(path) and time.time() < end:
        time.sleep(0.05)
    t.until('written', 'the message')
    t.keys('Escape')  # and it is gone
    t.until('> dump', 'the echo')
    with open(path, encoding='utf-8') as text:
        return text.read().rstrip('\n').split('\n')


def case_p3_dump_is_screen():
    """What the program would draw is what the terminal shows, after random keys, at several sizes."""
    choice = random.Random(5)
    for width, height, locale in ((80, 24, 'C.UTF-8'), (160, 50, 'C.UTF-8'), (61, 17, 'C')):
        t = Terminal(width, height, locale=locale)
        t.start()
        for number in range(3):
            t.keys(*[choice.choice(KEYS) for _ in range(8)])
            t.settle()
            drawn = dump(t, f'{number}.txt')
            t.still()
            seen = [row.rstrip() for row in t.text().rstrip('\n').split('\n')]
            assert seen == drawn, '\n'.join(f'seen  {a}\ndrawn {b}' for a, b in zip(seen, drawn) if a != b)
        t.keys('q')
        t.close()


def case_p4_key_is_command():
    """The commands of a session of random keys, run from the start, lead to the same screen."""
    choice = random.Random(11)
    t = Terminal(120, 36)
    t.start()
    t.keys(':')
    t.line(f'record {t.folder}/keys.isd')
    for _ in range(5):
        t.keys(*[choice.choice(KEYS) for _ in range(10)])
        t.settle()
    t.keys(':')
    t.line('record off')
    t.settle()
    before = dump(t, 'before.txt')
    t.keys('Q')
    t.gone(0)
    t.line('clear')
    t.start()
    t.keys(':')
    t.line(f'source {t.folder}/keys.isd')
    t.settle()
    after = dump(t, 'after.txt')
    without_echo = lambda rows: [row for row in rows if not row.startswith(' > ')]
    assert without_echo(before) == without_echo(after), '\n'.join(f'keys     {a}\ncommands {b}' for a, b in zip(before, after) if a != b)
    t.keys('q')
    t.gone(0)
    t.close()


main(globals())
