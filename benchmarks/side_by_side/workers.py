"""Processes of the benchmark's own that are asked something, and answer: one JSON value a line each way.

What loads a model or asks questions works in a process by itself, so that its memory and its processor are
its own. Answers go by a pipe of their own, for Rasa writes to the standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from benchmarks.servers import tail
from kalm.settings import ROOT


class Worker:
    """A process that answers. Made by :func:`worker`."""

    def __init__(self, process: subprocess.Popen[bytes], answers: IO[str], log: Path) -> None:
        self._process = process
        self._answers = answers
        self._log = log

    def ask(self, question: Any) -> Any:
        """Send what JSON can hold, and wait for the answer.

        Raises:
            SystemExit: the process ended; the message has the end of its log.
        """
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # the missing answer tells it
            self._process.stdin.write(f"{json.dumps(question)}\n".encode())
            self._process.stdin.flush()
        line = self._answers.readline()
        if not line:
            raise SystemExit(f"{self._log.stem} ended with {self._process.wait()}:\n{tail(self._log)}")
        return json.loads(line)


@contextmanager
def worker(module: str, log: Path, environment: Mapping[str, str], *arguments: str) -> Iterator[Worker]:
    """Start a process that runs :func:`answer_parent`, and end it afterwards.

    Args:
        module: in this package, such as "asking".
        log: file for what it writes besides its answers.
        environment: all of it.
        arguments: on its command line.
    """
    reading, writing = os.pipe()
    command = [sys.executable, "-m", f"benchmarks.side_by_side.{module}", str(writing), *arguments]
    with os.fdopen(reading, encoding="utf-8") as answers:
        with log.open("wb") as file:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                pass_fds=[writing],
                start_new_session=True,
            )
        os.close(writing)
        try:
            yield Worker(process, answers, log)
        finally:
            process.kill()
            process.wait()
            assert process.stdin is not None
            with suppress(BrokenPipeError):
                process.stdin.close()


def answer_parent(answer: Callable[[Any], Any]) -> None:
    """Answer what comes on the standard input until it ends; the first argument is the pipe for answers."""
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as answers:
        for line in sys.stdin:
            answers.write(f"{json.dumps(answer(json.loads(line)))}\n")
            answers.flush()
