"""Processes that are steered by lines of JSON: our platform, and the glue over a package."""

import json
import os
import re
import select
import signal
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent


class Broken(Exception):
    """A process does not answer: nothing can be said of its partner."""


# The processes that run.
_RUNNING = set()


def end_all(code):
    """Ends every process, and this one."""
    for process in list(_RUNNING):
        os.killpg(process.pid, signal.SIGKILL)
    os._exit(code)


class Dialog:
    """One process. Its answers are dictionaries, with `ok`."""

    def __init__(self, command, log):
        self._log = open(log, "wb")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, start_new_session=True
        )
        _RUNNING.add(self._process)
        self._rest = b""
        self.name = Path(log).stem

    def step(self, do, **more):
        """Asks for a step."""
        self._process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        self._process.stdin.flush()
        return self.line()

    def line(self, seconds=90):
        """Awaits one line."""
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._process.stdout], [], [], seconds)
            read = os.read(self._process.stdout.fileno(), 1 << 16) if ready else b""
            if not read:
                raise Broken(f"{self.name} {'ended' if ready else 'does not answer'}: see {self._log.name}")
            self._rest += read
        line, self._rest = self._rest.split(b"\n", 1)
        return json.loads(line)

    def end(self):
        """Ends the process, and all that it started."""
        self._process.stdin.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        _RUNNING.discard(self._process)
        self._process.stdout.close()
        self._log.close()


class Table:
    """The processes of one run."""

    def __init__(self, driver, logs):
        self._driver, self._logs, self._open = driver, logs, []
        self._store = tempfile.TemporaryDirectory()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for dialog in reversed(self._open):
            dialog.end()
        self._store.cleanup()

    def ours(self, **settings):
        """Opens a platform of ours."""
        dialog = self._started([str(self._driver)], "ours")
        store = str(Path(self._store.name) / "ours.sqlite")
        opened = dialog.step("open", store=store, **settings)
        if not opened["ok"]:
            raise Broken(f"our platform does not open: {opened['symptom']}")
        return dialog, opened["versions_url"]

    def theirs(self, command):
        """Starts the glue of a partner; returns what it says of itself, too."""
        dialog = self._started(command, "theirs")
        return dialog, dialog.line()

    def mock(self, command):
        """Starts a server that says on its standard error where it listens; returns its host."""
        log = self._logs / "mock.log"
        dialog = Dialog(command, log)
        self._open.append(dialog)
        for _ in range(100):
            if found := re.search(r"listening on +http://(\S+)", log.read_text()):
                return found[1]
            select.select([], [], [], 0.05)
        raise Broken(f"{command[0]} does not say where it listens")

    def _started(self, command, name):
        dialog = Dialog(command, self._logs / f"{name}.log")
        self._open.append(dialog)
        return dialog
