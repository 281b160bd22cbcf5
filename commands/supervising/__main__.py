"""``python -m commands.supervising``: what ``kalm run`` becomes when all is checked, trained and migrated."""

from __future__ import annotations

import asyncio
import io
import os
import sys

from commands.supervising.listening import bind
from commands.supervising.printer import Printer
from commands.supervising.programs import Programs
from commands.supervising.supervisor import Supervisor
from kalm.pointer import ReleaseError
from kalm.settings import SettingsError, settings


def main() -> None:
    """Run until Kalm is told to stop; exit code 1 when it did not become ready."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a server that prints "é" must not end what reads it
    wait_without_threads()
    try:
        with bind(settings().host, settings().bot_port) as listening:
            supervisor = Supervisor(Programs(), Printer(), listening)
            asyncio.run(supervisor.run())
    except (OSError, ReleaseError, SettingsError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:  # before the supervisor looks after signals itself
        sys.exit(130)
    if supervisor.failed:
        _say_which_failed(supervisor.failed)
    sys.exit(1 if supervisor.failed or supervisor.is_late else 0)


def wait_without_threads() -> None:
    """Let asyncio notice the end of a process by the kernel (Linux 5.3, 2019), and not by a thread for each.

    Where a thread cannot be started, memory being full, it would begin a process and lose sight of it.
    """
    watcher = asyncio.PidfdChildWatcher()
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:  # an older kernel, or one that forbids it
        return
    asyncio.set_child_watcher(watcher)


def _say_which_failed(name: str) -> None:
    told = (
        f"De server '{name}' is uit zichzelf gestopt voordat alles klaar was, daarom zijn ook de "
        f"andere gestopt. Kijk hierboven in de regels met '{name}' ervoor. Staat daar niets, dan is hij "
        "van buiten afgebroken, bijvoorbeeld omdat het geheugen vol was."
    )
    print(f"\033[31m{told}\033[0m" if sys.stdout.isatty() else told, flush=True)


if __name__ == "__main__":
    main()
