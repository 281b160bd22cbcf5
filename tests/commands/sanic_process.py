"""A Sanic server in a process of its own, for tests of how it treats connections."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def sanic_process(server: str, *arguments: str) -> Iterator[tuple[socket.socket, subprocess.Popen[str]]]:
    """Run a server; gives the socket it listens on, which stays when it is gone, and the process.

    Args:
        server: code that serves on the socket of the file descriptor that is its first argument, and prints
            "open" when it accepts.
        arguments: that come after that.
    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        with subprocess.Popen(
            [sys.executable, "-c", server, str(listening.fileno()), *arguments],
            pass_fds=[listening.fileno()],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            try:
                assert process.stdout.readline() == "open\n"
                yield listening, process
            finally:
                process.kill()
