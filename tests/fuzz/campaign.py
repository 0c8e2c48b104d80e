#!/usr/bin/env python3
"""Fuzzing for a given time, shared over all targets. SPDX-License-Identifier: GPL-3.0-or-later

Usage: campaign.py SECONDS SEARCH_FOLDER DRIVER_FOLDER [KEEP]. SEARCH_FOLDER holds search_TARGET (libFuzzer; may be missing), DRIVER_FOLDER
fuzz_TARGET. Searching finds new ways through the code; the driver then runs many mutations of what was found. KEEP, a folder, keeps what
was found for the next time, and inputs that fail. One line a target, the total, and last "N passed, M failed" with a target as one test.

With SECONDS = 0 it goes on, one process at a time, until it is stopped or something fails; KEEP/totals.json then counts executions, accepted
inputs, findings and seconds of each target over all such runs, with the edges that the search knows.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
# Target: its share of the time, folders of seeds, longest input.
TARGETS = {
    'frames': (4, ['seeds_frames'], 200),
    'text': (4, ['seeds', 'seeds_formats'], 800),
    'gz': (2, ['seeds_gz'], 600),
    'kept': (1, ['seeds_kept'], 300),
    'command': (0.5, ['seeds_command'], 400),
    'script': (0.5, ['seeds_script'], 600),
    'potential': (0.5, ['seeds_potential'], 1200),
}
SEARCH_SHARE = 0.5
# Of a run that goes on: seconds of a target's turn, for each unit of its share, and how much of them is search.
TURN, TURN_SEARCH = 60, 0.1
# Checks stay; what is left out (filling of new blocks, long call stacks, a large quarantine) takes half of the time of small inputs.
ASAN = ('quarantine_size_mb=1:thread_local_quarantine_size_kb=64:malloc_context_size=1:allocator_release_to_os_interval_ms=-1:'
        'max_malloc_fill_size=0:check_printf=0:abort_on_error=1:allocator_may_return_null=1')


class Target:
    def __init__(self, name, search_folder, driver_folder, keep, seconds, seed=1):
        self.name, self.seconds, self.seed = name, seconds, seed
        self.search = pathlib.Path(search_folder, f'search_{name}').resolve()
        self.driver = pathlib.Path(driver_folder, f'fuzz_{name}').resolve()
        self.corpus = pathlib.Path(keep, name).resolve()
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.crash = f'{keep}/failing-{name}-{os.getpid()}-'
        self.seeds = [str(HERE / folder) for folder in TARGETS[name][1]]
        self.executions = self.accepted = self.edges = 0
        self.finding = ''

    def run(self, command, seconds, env=None):
        env = dict(os.environ, ASAN_OPTIONS=ASAN, UBSAN_OPTIONS='halt_on_error=1:print_stacktrace=1', **(env or {}))
        try:
            done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=seconds + 120, check=False)
        except subprocess.TimeoutExpired as late:
            self.finding = f'hangs: {late}'
            return ''
        output = done.stdout.decode(errors='replace')
        if done.returncode != 0 and not self.finding:
            self.finding = '\n'.join(output.splitlines()[-40:]) + f'\nfailing inputs: {self.crash}*'
        return output

    def search_for(self, seconds):
        output = self.run([str(self.search), f'-max_total_time={seconds}', f'-max_len={TARGETS[self.name][2]}', '-entropic=0', f'-seed={self.seed}',
                           '-timeout=10', '-rss_limit_mb=1000', '-malloc_limit_mb=64', '-print_final_stats=1', f'-artifact_prefix={self.crash}',
                           str(self.corpus), *self.seeds], seconds)
        self.executions += int((re.findall(r'number_of_executed_units: *(\d+)', output) or [0])[-1])
        self.accepted += int((re.findall(r'^accepted: (\d+)', output, re.M) or [0])[-1])
        self.edges = int((re.findall(r' cov: (\d+)', output) or [0])[-1])

    def drive_for(self, seconds):
        output = self.run([str(self.driver), '1', *self.seeds, str(self.corpus)], seconds,
                          {'FUZZ_SECONDS': str(seconds), 'FUZZ_SEED': str(self.seed), 'FUZZ_KEEP': f'{self.crash}driver'})
        found = re.search(r'(\d+) executions .* ([\d.]+) % accepted', output)
        if found:
            self.executions += int(found[1])
            self.accepted += round(int(found[1]) * float(found[2]) / 100)

    def go(self, search=SEARCH_SHARE):
        search = search if self.search.exists() else 0
        if search:
            self.search_for(max(1, int(self.seconds * search)))
        if not self.finding:
            self.drive_for(max(1, int(self.seconds * (1 - search))))
        share = 100 * self.accepted / max(1, self.executions)
        print(f'{"FAIL " if self.finding else ""}{self.name}: {self.executions} executions, {share:.0f} % accepted, '
              f'{len(list(self.corpus.iterdir()))} inputs that go new ways', flush=True)
        if self.finding:
            print(self.finding, flush=True)


def go_on(search, driver, keep):
    file = pathlib.Path(keep, 'totals.json')
    file.parent.mkdir(parents=True, exist_ok=True)
    totals = json.loads(file.read_text()) if file.exists() else {}
    while True:
        for name in TARGETS:
            begun = time.time()
            target = Target(name, search, driver, keep, TURN * TARGETS[name][0], int(begun))
            target.go(TURN_SEARCH)
            total = totals.setdefault(name, {'executions': 0, 'accepted': 0, 'findings': 0, 'seconds': 0, 'edges': 0})
            total['executions'] += target.executions
            total['accepted'] += target.accepted
            total['findings'] += bool(target.finding)
            total['seconds'] += round(time.time() - begun)
            total['edges'] = max(total['edges'], target.edges)
            file.write_text(json.dumps(totals, indent=1) + '\n')
            print(f'{time.strftime("%H:%M:%S")} {sum(t["executions"] for t in totals.values())} executions in all', flush=True)
            if target.finding:
                return 1


def main():
    if len(sys.argv) not in (4, 5) or (float(sys.argv[1]) == 0 and len(sys.argv) < 5):
        sys.exit(__doc__)
    seconds, search, driver = float(sys.argv[1]), sys.argv[2], sys.argv[3]
    if seconds == 0:
        return go_on(search, driver, sys.argv[4])
    with tempfile.TemporaryDirectory() as scratch:
        keep = sys.argv[4] if len(sys.argv) > 4 else scratch
        workers = min(len(os.sched_getaffinity(0)), len(TARGETS))
        each = seconds * workers / sum(target[0] for target in TARGETS.values())
        targets = [Target(name, search, driver, keep, each * TARGETS[name][0]) for name in TARGETS]
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(Target.go, targets))
    failed = sum(bool(target.finding) for target in targets)
    print(f'{sum(target.executions for target in targets)} executions')
    print(f'{len(targets) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
