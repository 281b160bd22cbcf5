"""The process in which a candidate answers: a question is a line of JSON, and so is the reply.

It holds Rasa and a model, some hundreds of megabytes, which the web app must not. Nothing it prints besides
is read: what a guest typed might be in it.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from kalm.settings import ROOT, settings

_LONGEST = 256 * 1024
"""Bytes of a reply; more is none."""

_END_WITHIN = 5.0


class GoneError(Exception):
    """The process ended, or says what nobody can read."""


class LateError(Exception):
    """The process took too long."""


class FailedError(Exception):
    """The candidate fails on this question; it can be asked another."""


def command_for(candidate: str) -> list[str]:
    """What lets a candidate answer."""
    return [sys.executable, "-m", "kalm", "trial", candidate]


class Child:
    """A process that answers. It ends by itself when this one does: its input ends."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it.

        Raises:
            OSError: it cannot be started.
        """
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings().environment()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._read = bytearray()

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until it has loaded its model.

        Raises:
            GoneError: it ended, or said something else.
            LateError: it took longer.
        """
        if self._next(time.monotonic() + seconds).get("ready") is not True:
            raise GoneError

    def ask(self, session: str, text: str, seconds: float) -> list[dict[str, Any]]:
        """What the candidate says.

        Args:
            session: name of the conversation in which it is asked.
            text: masked.
            seconds: that it may take.

        Raises:
            GoneError: it ended, or said something that is no reply.
            LateError: it took longer; what it says later would be taken for the reply to another question,
                so it must be ended.
            FailedError: it has no reply.
        """
        assert self._process.stdin is not None
        line = json.dumps({"session": session, "text": text}) + "\n"
        try:
            self._process.stdin.write(line.encode())
        except OSError as error:
            raise GoneError from error
        said = self._next(time.monotonic() + seconds)
        if "error" in said:
            raise FailedError
        replies = said.get("replies")
        if not isinstance(replies, list) or not replies or not all(map(_is_reply, replies)):
            raise GoneError
        return replies

    def end(self) -> None:
        """End it; it has nothing to wind up."""
        self._process.kill()
        self._process.wait(_END_WITHIN)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _next(self, deadline: float) -> dict[str, Any]:
        """The next line, as data."""
        try:
            said = json.loads(self._line(deadline))
        except ValueError as error:
            raise GoneError from error
        if not isinstance(said, dict):
            raise GoneError
        return said

    def _line(self, deadline: float) -> bytes:
        assert self._process.stdout is not None
        output = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(output, select.POLLIN)
        while b"\n" not in self._read:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise LateError
            piece = os.read(output, 64 * 1024)
            self._read += piece
            if not piece or len(self._read) > _LONGEST:
                raise GoneError
        line, _, self._read = self._read.partition(b"\n")
        return bytes(line)


def _is_reply(said: Any) -> bool:
    if not isinstance(said, dict):
        return False
    payload = said.get("custom")
    if not isinstance(payload, dict):
        return isinstance(said.get("text"), str)
    return all(isinstance(payload.get(name, []), list) for name in ("passages", "suggestions"))
