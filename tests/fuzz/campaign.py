#!/usr/bin/env python3
"""Fuzzing for a given time, shared over all targets. SPDX-License-Identifier: GPL-3.0-or-later

Usage: campaign.py SECONDS SEARCH_FOLDER DRIVER_FOLDER [KEEP [VOLUME_SEARCH VOLUME_DRIVER]]. SEARCH_FOLDER holds search_TARGET (libFuzzer;
may be missing), DRIVER_FOLDER fuzz_TARGET, both with sanitizers. Searching finds new ways through the code; the driver then runs many
mutations of what was found. KEEP, a folder, keeps what was found for the next time, and inputs that fail. One line a target, the total, and
last "N passed, M failed" with a target as one test.

With SECONDS = 0 it goes on, a process for each processor, until it is stopped (SIGTERM); a target that fails is put aside. With the
volume folders, builds that are several times faster (README.md), most of the time goes to them, and each turn of a target begins with the
sanitized driver over all that was found. KEEP/totals.json counts executions and accepted inputs of each target and kind over all such runs, findings and
processor seconds, with the edges that the search knows.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
# Target: its share of the time, folders of seeds, longest input.
TARGETS = {
    'frames': (4, ['seeds_frames'], 200),
    'text': (6, ['seeds', 'seeds_formats'], 800),
    'gz': (1.5, ['seeds_gz'], 600),
    'columns': (2, ['seeds_columns'], 400),
    'kept': (0.5, ['seeds_kept'], 300),
    'command': (1, ['seeds_command'], 400),
    'script': (0.7, ['seeds_script'], 600),
    'potential': (0.5, ['seeds_potential'], 1200),
}
SEARCH_SHARE = 0.5
# Of a run that goes on: processor seconds of a target's turn, for each unit of its share, and how they are divided.
TURN = 30
SANITIZED, VOLUME = 'sanitized', 'volume'
DIVISION = {False: (('drive', SANITIZED, 0.9), ('search', SANITIZED, 0.1)),
            True: (('drive', SANITIZED, 0.15), ('drive', VOLUME, 0.75), ('search', VOLUME, 0.1))}
# Checks stay; what is left out (filling of new blocks, long call stacks, a large quarantine) takes half of the time of small inputs.
ASAN = ('quarantine_size_mb=1:thread_local_quarantine_size_kb=64:malloc_context_size=1:allocator_release_to_os_interval_ms=-1:'
        'max_malloc_fill_size=0:check_printf=0:abort_on_error=1:allocator_may_return_null=1')


class Target:
    """One target in one kind of build. What it counts is of the calls so far."""

    def __init__(self, name, search_folder, driver_folder, keep, seed=1):
        self.name, self.seed = name, seed
        self.search = pathlib.Path(search_folder, f'search_{name}').resolve()
        self.driver = pathlib.Path(driver_folder, f'fuzz_{name}').resolve()
        self.corpus = pathlib.Path(keep, name).resolve()
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.crash = f'{keep}/failing-{name}-{os.getpid()}-{seed}-'
        self.seeds = [str(HERE / folder) for folder in TARGETS[name][1]]
        self.executions = self.accepted = self.edges = 0
        self.cpu = 0.0
        self.finding = ''

    running = set() # processes of all targets

    def run(self, command, seconds, env=None):
        """Its output; at most so many seconds of the clock, 0: as many as it takes."""
        env = dict(os.environ, ASAN_OPTIONS=ASAN, UBSAN_OPTIONS='halt_on_error=1:print_stacktrace=1', **(env or {}))
        with tempfile.TemporaryFile() as file:
            process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
            late = threading.Timer(seconds + 120, process.kill)
            if seconds > 0:
                late.start()
            self.running.add(process.pid)
            _, status, usage = os.wait4(process.pid, 0)
            self.running.discard(process.pid)
            late.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            file.seek(0)
            output = file.read().decode(errors='replace')
        self.cpu += usage.ru_utime + usage.ru_stime
        if process.returncode != 0 and not self.finding:
            self.finding = '\n'.join(output.splitlines()[-40:]) + f'\nended with {process.returncode}; failing inputs: {self.crash}*'
        return output

    def search_for(self, seconds, executions=0):
        """So many seconds, or executions besides those of the corpus."""
        most = f'-max_total_time={seconds}' if seconds else f'-runs={executions + sum(1 for _ in self.corpus.iterdir())}'
        output = self.run([str(self.search), most, f'-max_len={TARGETS[self.name][2]}', '-entropic=0', f'-seed={self.seed}',
                           f'-timeout={10 if seconds else 300}', '-interrupted_exit_code=0', '-rss_limit_mb=1000', '-malloc_limit_mb=64',
                           '-print_final_stats=1', f'-artifact_prefix={self.crash}', str(self.corpus), *self.seeds], seconds)
        self.executions += int((re.findall(r'number_of_executed_units: *(\d+)', output) or [0])[-1])
        self.accepted += int((re.findall(r'^accepted: (\d+)', output, re.M) or [0])[-1])
        self.edges = int((re.findall(r' cov: (\d+)', output) or [0])[-1])

    def drive_for(self, seconds, executions=1):
        """The corpus, then mutations of it for so many seconds, or so many mutations."""
        env = {'FUZZ_SEED': str(self.seed), 'FUZZ_KEEP': f'{self.crash}driver'}
        if seconds:
            env['FUZZ_SECONDS'] = str(seconds)
        output = self.run([str(self.driver), str(executions), *self.seeds, str(self.corpus)], seconds, env)
        found = re.search(r'(\d+) executions .* ([\d.]+) % accepted', output)
        if found:
            self.executions += int(found[1])
            self.accepted += round(int(found[1]) * float(found[2]) / 100)

    def go(self, seconds):
        search = SEARCH_SHARE if self.search.exists() else 0
        if search:
            self.search_for(max(1, int(seconds * search)))
        if not self.finding:
            self.drive_for(max(1, int(seconds * (1 - search))))
        share = 100 * self.accepted / max(1, self.executions)
        print(f'{"FAIL " if self.finding else ""}{self.name}: {self.executions} executions, {share:.0f} % accepted, '
              f'{len(list(self.corpus.iterdir()))} inputs that go new ways', flush=True)
        if self.finding:
            print(self.finding, flush=True)


class Campaign:
    """A run that goes on. Turns are counted in executions, from the processor time that earlier ones took: a busy machine makes them
    longer, not emptier."""

    def __init__(self, keep, folders):
        self.keep, self.folders = keep, folders # kind: (search, driver)
        self.file = pathlib.Path(keep, 'totals.json')
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.totals = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.lock = threading.Lock()
        self.rates = {} # (target, how, kind): executions per processor second
        self.spent = dict.fromkeys(TARGETS, 0.0)
        self.busy, self.failed = set(), set()
        self.stopped = False

    def take(self):
        """The target that had least of its share and is not at work."""
        with self.lock:
            free = [name for name in TARGETS if name not in self.busy | self.failed and not self.stopped]
            name = min(free, key=lambda name: self.spent[name] / TARGETS[name][0], default=None)
            if name:
                self.busy.add(name)
            return name

    def step(self, name, how, kind, seconds, seed):
        target = Target(name, *self.folders[kind], self.keep, seed)
        if how == 'search' and not target.search.exists():
            return False
        executions = int(seconds * self.rates.get((name, how, kind), 500))
        (target.search_for if how == 'search' else target.drive_for)(0, max(1, executions))
        with self.lock:
            self.rates[name, how, kind] = executions / max(0.1, target.cpu)
            self.spent[name] += target.cpu
            self.note(name, kind, target)
        share = 100 * target.accepted / max(1, target.executions)
        print(f'{time.strftime("%H:%M:%S")} {"FAIL " if target.finding else ""}{name}: {how}, {kind}: {target.executions} executions, '
              f'{share:.0f} % accepted, {target.cpu:.0f} s\n{target.finding}', end='', flush=True)
        return bool(target.finding)

    def note(self, name, kind, target):
        total = self.totals.setdefault(name, {'findings': 0, 'seconds': 0, 'edges': 0})
        count = total.setdefault(kind, {'executions': 0, 'accepted': 0})
        count['executions'] += target.executions
        count['accepted'] += target.accepted
        total['findings'] += bool(target.finding)
        total['seconds'] = round(total['seconds'] + target.cpu)
        total['edges'] = max(total['edges'], target.edges)
        self.file.write_text(json.dumps(self.totals, indent=1) + '\n')

    def work(self):
        while name := self.take():
            seed = time.time_ns() // 1000000 % 2**31
            for how, kind, part in DIVISION[VOLUME in self.folders]:
                if self.stopped:
                    break
                if self.step(name, how, kind, TURN * TARGETS[name][0] * part, seed):
                    self.failed.add(name)
                    break
            with self.lock:
                self.busy.discard(name)

    def stop(self, *_):
        self.stopped = True
        for process in list(Target.running): # drivers end with their counts, a search at once
            os.kill(process, signal.SIGTERM)

    def go(self):
        signal.signal(signal.SIGTERM, self.stop)
        workers = len(os.sched_getaffinity(0))
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for work in [pool.submit(self.work) for _ in range(workers)]:
                work.result()
        return 1 if self.failed else 0


def main():
    if len(sys.argv) not in (4, 5, 7) or (float(sys.argv[1]) == 0 and len(sys.argv) < 5):
        sys.exit(__doc__)
    seconds, search, driver = float(sys.argv[1]), sys.argv[2], sys.argv[3]
    if seconds == 0:
        folders = {SANITIZED: (search, driver)}
        if len(sys.argv) > 5:
            folders[VOLUME] = (sys.argv[5], sys.argv[6])
        return Campaign(sys.argv[4], folders).go()
    with tempfile.TemporaryDirectory() as scratch:
        keep = sys.argv[4] if len(sys.argv) > 4 else scratch
        workers = min(len(os.sched_getaffinity(0)), len(TARGETS))
        each = seconds * workers / sum(target[0] for target in TARGETS.values())
        targets = [Target(name, search, driver, keep) for name in TARGETS]
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda target: target.go(each * TARGETS[target.name][0]), targets))
    failed = sum(bool(target.finding) for target in targets)
    print(f'{sum(target.executions for target in targets)} executions')
    print(f'{len(targets) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
