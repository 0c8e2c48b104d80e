"""A program in a terminal of its own, driven by a test. SPDX-License-Identifier: GPL-3.0-or-later"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

ESCAPES = re.compile(r'\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b[^a-zA-Z]*$|[\x01\x02\x07\r]')


class Terminal:
    """Keys go in with send(); expect() waits for text. What was sent to the screen is kept in `raw`."""

    def __init__(self, argv, columns=80, rows=24, env=None, patience=20.0):
        self.raw, self.seen, self.patience, self.status = '', 0, patience, None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, dict(os.environ, **(env or {})))
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

    def send(self, keys):
        os.write(self.fd, keys.encode())

    def kill(self, number):
        os.kill(self.pid, number)

    def modes(self):
        """The settings of the terminal: to be the same before and after a program."""
        return termios.tcgetattr(self.fd)[:4]

    def _read(self, seconds):
        """More output, if there is any within that time; False at the end."""
        ready, _, _ = select.select([self.fd], [], [], max(seconds, 0))
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError: # the other side is gone
            return False
        self.raw += data.decode(errors='replace')
        return bool(data)

    def text(self):
        """What came after what the last expect() found, without escape sequences."""
        return ESCAPES.sub('', self.raw)[self.seen:]

    def expect(self, pattern, seconds=None):
        """Waits for a regular expression after what was found last; returns the match or raises."""
        end = time.monotonic() + (self.patience if seconds is None else seconds)
        alive = True
        while True:
            match = re.search(pattern, self.text())
            if match:
                self.seen += match.end()
                return match
            left = end - time.monotonic()
            if left <= 0 or not alive:
                raise AssertionError(f'no {pattern!r} in {self.text()!r}')
            alive = self._read(min(left, 0.1))

    def quiet(self, seconds):
        """What comes within that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._read(end - time.monotonic()):
            pass
        return self.text()

    @staticmethod
    def _thread_state(process, thread):
        try:
            with open(f'/proc/{process}/task/{thread}/stat', encoding='ascii', errors='replace') as stat:
                return stat.read().rsplit(')', 1)[1].split()[0]
        except OSError: # it has ended
            return '?'

    def rest(self, looks=3, seconds=None):
        """Until the program (behind its guard) has taken all keys, no thread of it works and nothing more is sent, at so many looks."""
        end = time.monotonic() + (self.patience if seconds is None else seconds)
        at_rest = 0
        while at_rest < looks:
            if time.monotonic() > end:
                raise AssertionError(f'never at rest; last output {self.text()[-400:]!r}')
            before = len(self.raw)
            rests = self._rests()
            self._read(0.01)
            at_rest = at_rest + 1 if rests and len(self.raw) == before else 0

    def _rests(self):
        """Is there no unread key, and does every thread sleep?"""
        try:
            with open(f'/proc/{self.pid}/task/{self.pid}/children', encoding='ascii') as children:
                worker = children.read().split()[0]
            terminal = os.open(f'/proc/{worker}/fd/0', os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
            unread = struct.unpack('i', fcntl.ioctl(terminal, termios.FIONREAD, b'0000'))[0]
            os.close(terminal)
            return unread == 0 and all(self._thread_state(worker, thread) == 'S' for thread in os.listdir(f'/proc/{worker}/task'))
        except (OSError, IndexError): # it has not begun, or has ended
            return False

    def wait(self, seconds=None):
        """The exit status (negative: the signal) once the program has ended; raises if it does not."""
        end = time.monotonic() + (self.patience if seconds is None else seconds)
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError(f'still running; last output {self.text()[-400:]!r}')
            else:
                self._read(0.02)
        return self.status

    def close(self):
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
        os.close(self.fd)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
