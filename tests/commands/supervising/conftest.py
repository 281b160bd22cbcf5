"""An installation whose servers are small scripts."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from commands.supervising.listening import bind_free
from commands.supervising.printer import Printer
from commands.supervising.programs import Programs
from commands.supervising.supervisor import Supervisor
from kalm import going_live, pointer
from kalm.going_live import Outcome, Wish
from kalm.pointer import Release
from kalm.settings import settings

_FAKE = (sys.executable, str(Path(__file__).with_name("fake.py")))


class FakePrograms(Programs):
    """What is started in place of the servers."""

    def __init__(self, exports: Path, ready_after: float = 0) -> None:
        self._exports = exports
        self._ready_after = ready_after

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def bot(self, model: Path, listen: int | None = None, tell: int | None = None) -> list[str]:
        return [*_FAKE, "bot", str(model), str(listen), *([] if tell is None else [str(tell)])]

    def actions(self, index: Path, listen: int | None = None) -> list[str]:
        return [*_FAKE, "actions", str(index)]

    def web(self) -> list[str]:
        return [*_FAKE, "web"]

    def announce(self) -> list[str]:
        return [*_FAKE, "announce", str(self._ready_after)]

    def export(self, candidate: str, back: bool) -> list[str]:
        return [*_FAKE, "export", str(self._exports), candidate, "back" if back else ""]


@dataclass
class Installation:
    """A supervisor with its servers.

    Attributes:
        ready_after: seconds until all is said to be ready.
        port: where the bot is reached.
        screen: what was printed.
    """

    exports: Path
    ready_after: float = 0
    port: int = 0
    screen: io.StringIO = field(default_factory=io.StringIO)
    supervisor: Supervisor | None = None
    end: asyncio.Task[None] | None = None

    def make(self, name: str, **behaviour: Any) -> Release:
        """A release whose bot behaves in some way."""
        made = pointer.named(f"kalm-{name}.tar.gz", f"index-{name}")
        made.model.write_text(json.dumps(behaviour))
        made.index.mkdir(exist_ok=True)
        return made

    def let_export(self, **how: Any) -> None:
        """How an export ends."""
        (self.exports / "how.json").write_text(json.dumps(how))

    @property
    def exported(self) -> list[str]:
        """Each export that succeeded, in order."""
        done = self.exports / "done"
        return done.read_text().splitlines() if done.exists() else []

    def wish(self, release: Release, **fields: Any) -> Wish:
        """Ask for a release."""
        wish = Wish(*release.names, **fields)
        going_live.ask(wish)
        return wish

    async def outcome(self, wish: Wish) -> Outcome:
        """How a wish ends."""
        await until(lambda: going_live.outcome_of(wish.id).step.is_end)
        return going_live.outcome_of(wish.id)

    def ask(self) -> str:
        """Name of the model that answers a visitor."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    async def answers(self) -> str:
        return await asyncio.to_thread(self.ask)

    @staticmethod
    def _running() -> Iterator[tuple[psutil.Process, str]]:
        """What runs, apart from the processes of the tests themselves, and which of the servers it is."""
        for process in psutil.Process().children(recursive=True):
            try:
                command = process.cmdline()
                if process.status() != psutil.STATUS_ZOMBIE and "fake.py" in " ".join(command):
                    yield process, command[2]
            except psutil.NoSuchProcess:
                continue

    def servers(self) -> list[psutil.Process]:
        """The processes that run."""
        return [process for process, _ in self._running()]

    def server(self, name: str) -> psutil.Process:
        """The one that runs of "bot", "actions" and "web"."""
        [found] = [process for process, which in self._running() if which == name]
        return found

    def pids(self) -> dict[str, int]:
        """Process id of each server that runs, by its name."""
        return {which: process.pid for process, which in self._running()}

    async def is_whole_without(self, *pids: int) -> None:
        """Wait until each server runs, and none of them is one of these processes."""

        def is_whole() -> bool:
            now = self.pids()
            return len(now) == 3 and not set(pids) & set(now.values())

        await until(is_whole)

    def bots(self) -> list[psutil.Process]:
        """The bots that run."""
        return [process for process, which in self._running() if which == "bot"]

    @asynccontextmanager
    async def runs(self) -> AsyncIterator[None]:
        """Run, until the end of the block or until the supervisor ends by itself; the block begins when all
        is said to be ready and the bot accepts, or when it has ended.
        """
        with bind_free() as listening:
            self.port = listening.getsockname()[1]
            self.supervisor = Supervisor(
                FakePrograms(self.exports, self.ready_after), Printer(self.screen), listening
            )
            self.end = asyncio.ensure_future(self.supervisor.run())
            try:
                await until(self._is_ready)
                yield
            finally:
                self.supervisor._stop.set()
                await self.end
        assert self.servers() == [], self.screen.getvalue()

    def _is_ready(self) -> bool:
        assert self.supervisor is not None
        assert self.end is not None
        if self.end.done():
            return True
        with socket.socket() as visitor:
            accepts = visitor.connect_ex(("127.0.0.1", self.port)) == 0
        return accepts and self.supervisor._is_ready.is_set()


async def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


@pytest.fixture
def kalm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation that does not run yet, whose current release is called "old"."""
    for name in ("models", "var", "exports"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("KALM_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    monkeypatch.setattr("commands.supervising.supervisor.LOOK_EVERY", 0.05)
    made = Installation(tmp_path / "exports")
    made.let_export()
    pointer.publish(made.make("old"))
    yield made
    monkeypatch.undo()
    settings.cache_clear()


def scenario(steps: Callable[[Installation], Coroutine[Any, Any, None]]) -> Callable[[Installation], None]:
    """A test that is a coroutine."""

    def test(kalm: Installation) -> None:
        asyncio.run(steps(kalm))

    test.__doc__ = steps.__doc__
    return test


def is_as_before(kalm: Installation, old: Release) -> None:
    """Nothing of the wish is left: the old release answers, alone."""
    running = going_live.running()
    assert running is not None
    assert running.names == old.names
    assert pointer.current() == old
    assert len(kalm.bots()) == 1
    assert len(kalm.servers()) == 3
