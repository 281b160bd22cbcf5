"""The process of a candidate: start it, see whether it lives, end it.

It holds a lock on a file from its birth to its death, so whether it lives can be seen after this server was
started anew, and a number that the system gave to another process meanwhile is never taken for it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from kalm.settings import ROOT, settings
from review.training.folders import CandidateFolder, number_in

_END_WITHIN = 5.0
"""Seconds in which a process that was killed must be gone."""


def command_for(candidate_id: str) -> list[str]:
    """What trains a candidate."""
    return [sys.executable, "-m", "kalm", "candidate", candidate_id]


def start(folder: CandidateFolder, command: Sequence[str]) -> None:
    """Start a process that outlives this one.

    Raises:
        OSError: it cannot be started.
    """
    with folder.lock.open("w") as lock, folder.log.open("ab") as log:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings().environment()},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            # What it starts itself does not inherit it, so the lock tells of this process alone.
            pass_fds=[lock.fileno()],
        )
    folder.number.write_text(str(process.pid), encoding="ascii")
    threading.Thread(target=process.wait, daemon=True).start()  # otherwise it stays behind as a zombie


def lives(folder: CandidateFolder) -> bool:
    """Whether its process lives."""
    try:
        with folder.lock.open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def end(folder: CandidateFolder) -> None:
    """Kill its process and all that it started; wherever they are, nothing half-written is ever read."""
    number = number_in(folder.number)
    # Without its leader, no other process can have the number of a group that still has members.
    if number > 1 and (lives(folder) or not _exists(number)):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(number, signal.SIGKILL)
    deadline = time.monotonic() + _END_WITHIN
    while lives(folder) and time.monotonic() < deadline:
        time.sleep(0.02)


def _exists(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
