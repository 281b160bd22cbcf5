"""The bot server, started over and over: what it loads is loaded once, and each start is a copy of that.

``python -m tests.e2e.whatsapp.forking MODEL`` starts a bot for each line on standard input, and writes its
process number. A start takes two seconds instead of seven, so that fifty crashes fit into a test.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys

from commands import serve

_LOADED = (
    "pywa_async",
    "rasa.core.run",
    "channels.rest",
    "channels.website",
    "channels.whatsapp",
    "nlu.intent_classifier",
    "storage.tracker_store",
)


def main() -> None:
    """Start bots until standard input ends."""
    for name in _LOADED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    print("loaded", flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setsid()
            os.dup2(2, 1)  # what it writes is not for who reads the numbers
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.argv = ["commands.serve", "bot", "--model", sys.argv[1]]
            serve.main()
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
