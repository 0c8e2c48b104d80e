#!/usr/bin/env python3
"""What README.md, --help and the manual page say is what the program does. SPDX-License-Identifier: GPL-3.0-or-later

Usage: docs.py PROGRAM ROOT MANUAL_FOLDER
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

PROGRAM, ROOT, MANUAL = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
PAGES = ['isdmin.1', 'isdmin-commands.7', 'isdmin-formats.5', 'isdmin-physics.7']
README = (ROOT / 'README.md').read_text(encoding='utf-8')


def run(*arguments, text='', folder=ROOT):
    env = dict(os.environ, LC_ALL='C.UTF-8', TERM='dumb', XDG_STATE_HOME=str(folder))
    return subprocess.run([str(PROGRAM), *map(str, arguments)], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding='utf-8', env=env, cwd=folder, timeout=300, check=False)


def commands():
    """Names in the list that `help` prints."""
    names = re.findall(r'^  ([a-z_0-9]+)  +\S', run('-c', 'help').stdout.split('\nabout\n')[0], re.M)
    assert len(names) > 30, names
    return names


def blocks():
    """The fenced blocks of the README."""
    return re.findall(r'^```\n(.*?)^```$', README, re.S | re.M)


class Documentation(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.scratch.name)

    def tearDown(self):
        self.scratch.cleanup()

    def test_help_names_all_commands(self):
        words = run('--help').stdout.split()
        self.assertEqual([name for name in commands() if name not in words], [])

    def test_manual_pages(self):
        short, full = ((MANUAL / page).read_text(encoding='utf-8') for page in ('isdmin.1', 'isdmin-commands.7'))
        for name in commands():
            self.assertIn(f'\\fB{name}\\fR', short)
            self.assertIn(f'\\fB{name}\\fR', full)
            usage = run('-c', f'help {name}').stdout
            for option in re.findall(r'^  ([a-z]+)=', usage, re.M):
                self.assertIn(f'{option}=', full)
        for option in re.findall(r'--[a-z-]+', run('--help').stdout):
            self.assertIn(option.replace('-', '\\-'), short)

    @unittest.skipUnless(shutil.which('groff'), 'no groff')
    def test_manual_pages_are_sound(self):
        for page in PAGES:
            warned = subprocess.run(['groff', '-man', '-ww', '-z', '-Tutf8', str(MANUAL / page)], stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, check=False).stdout
            self.assertEqual(warned, b'', page)

    @unittest.skipUnless(shutil.which('groff'), 'no groff')
    def test_topics_say_what_their_pages_say(self):
        for page in PAGES[2:]:
            name = re.search('-([a-z]+)', page).group(1)
            shown = subprocess.run(['groff', '-man', '-Tascii', '-P-c', '-rHY=0', str(MANUAL / page)], stdout=subprocess.PIPE, encoding='ascii',
                                   check=True).stdout
            text = run('help', name)
            self.assertEqual((text.returncode, text.stderr), (0, ''))
            self.assertEqual(text.stdout, run('-c', f'help {name}').stdout)
            words = re.sub(r'.\x08', '', shown).split()
            told = [word for word in text.stdout.split() if word != '==']
            self.assertGreater(len(told), 200)
            self.assertEqual([word for word in told[1:] if word not in words], [])

    def test_help_from_the_shell(self):
        self.assertEqual(run('help', 'match').stdout, run('-c', 'help match').stdout)
        self.assertEqual(run('help').stdout, run('-c', 'help').stdout)
        wrong = run('help', 'fysics')
        self.assertEqual(wrong.returncode, 2)
        self.assertIn('help physics', wrong.stderr)
        (self.folder / 'help').write_text('no snapshot')
        self.assertIn('needs a terminal', run('help', 'physics', folder=self.folder).stderr) # a file of that name is data to look at

    def test_readme_names_commands_that_exist(self):
        table = README.split('## Commands')[1].split('\n## ')[0]
        named = set(re.findall(r'`([a-z_0-9]+)', table)) - {'help'}
        systems = set(re.findall(r'[a-z0-9]+', run('-c', 'help system').stdout))
        self.assertEqual(named - set(commands()) - {'isdmin'} - systems, set())
        self.assertEqual({name for name in ('open', 'quench', 'match', 'series', 'pu', 'gr', 'atoms', 'cycles')} - named, set())

    def test_readme_options_exist(self):
        known = run('--help').stdout
        for line in (line for block in blocks() for line in block.splitlines() if 'build/isdmin' in line):
            for option in re.findall(r'(?<= )--?[a-z]+', line.partition('#')[0].partition('build/isdmin')[2]):
                self.assertIn(option, known)

    def test_readme_example_is_the_one_that_is_tested(self):
        shown = re.search(r'^```c\n(.*?)^```$', README, re.S | re.M).group(1)
        self.assertIn(shown, (ROOT / 'tests/examples/inherent_distance.c').read_text(encoding='utf-8'))

    def test_readme_study_runs(self):
        study = next(block for block in blocks() if block.startswith('# study.isd'))
        (self.folder / 'study.isd').write_text(study)
        ran = run('--json', '-f', 'study.isd', ROOT / 'assets/demo/ka3d_T045.dump.gz', folder=self.folder)
        self.assertEqual((ran.returncode, ran.stderr), (0, ''))
        self.assertTrue((self.folder / 'inherent.dump').exists())
        said = set(re.findall(r'"cmd":"(\w+)"', ran.stdout))
        self.assertEqual(said, {'quench', 'series', 'pu', 'gr'})

    @unittest.skipUnless(shutil.which('lmp'), 'no LAMMPS')
    def test_readme_quench_by_lammps_runs(self):
        script, command = (next(block for block in blocks() if words in block) for words in ('# quench.lmp', 'state=is dt='))
        (self.folder / 'quench.lmp').write_text(script)
        shutil.copy(ROOT / 'assets/demo/ka3d_T045.dump.gz', self.folder / 'run.dump.gz')
        lammps = subprocess.run(['lmp', '-in', 'quench.lmp'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding='utf-8',
                                cwd=self.folder, timeout=120, check=False)
        self.assertEqual(lammps.returncode, 0, lammps.stdout[-2000:])
        commands = re.search('-c "(.*)"', command).group(1)
        theirs = run('--no-cache', '--csv', '-c', commands, folder=self.folder)
        self.assertEqual((theirs.returncode, theirs.stderr), (0, ''))
        own = run('--no-cache', '--csv', '-c', 'match 0:1', '--demo')
        d_min = [float(dict(zip(*(line.split(',') for line in ran.stdout.splitlines()[:2])))['d_min']) for ran in (theirs, own)]
        self.assertAlmostEqual(*d_min, delta=0.003) # two minimisers, so minima are not all the same

    def test_readme_session_runs(self):
        session = next(block for block in blocks() if block.startswith('$ build/isdmin -i'))
        typed = re.findall(r'^isdmin .*?> (.*)$', session, re.M)
        self.assertGreater(len(typed), 3)
        ran = run('-i', '--demo', text='\n'.join(typed) + '\n', folder=self.folder)
        self.assertEqual((ran.returncode, ran.stderr), (0, ''))
        self.assertIn('2nd maximum', ran.stdout) # the plot

    def test_readme_demo_is_what_is_printed(self):
        command, shown = re.search(r"^```\n\$ build/isdmin -c '(demo [^']*)'\n(.*?)^```$", README, re.S | re.M).groups()
        self.assertEqual(run('--no-cache', '-c', command).stdout.rstrip('\n'), shown.rstrip('\n'))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
