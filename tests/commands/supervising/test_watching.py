"""A server that runs but answers nothing is killed and started again; one that is slow is left alone."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from commands.supervising import watching
from commands.supervising.child import Child
from commands.supervising.watching import MOST_MISSED, Watch, Watched, answers
from tests.commands.supervising.conftest import Installation, until

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


class Stand(Child):
    """A process that is only looked at."""

    def __init__(self, has_ended: bool = False) -> None:
        self._is_over = has_ended

    @property
    def has_ended(self) -> bool:
        return self._is_over


def looks(monkeypatch: pytest.MonkeyPatch, answered: list[bool], child: Child) -> int:
    """Look as often as there are answers; gives how often it was said to hang."""
    told: list[Child] = []
    coming = iter(answered)

    async def answer(host: str, port: int, path: str) -> bool:
        return next(coming)

    monkeypatch.setattr(watching, "answers", answer)
    watch = Watch(lambda: [Watched(child, "127.0.0.1", 1, "/live")], told.append)

    async def look() -> None:
        for _ in answered:
            await watch._look()

    asyncio.run(look())
    return told.count(child)


@pytest.mark.parametrize(
    ("answered", "times"),
    [
        ([True] + [False] * (MOST_MISSED - 1), 0),
        ([True] + [False] * MOST_MISSED, 1),
        ([True] + [False] * MOST_MISSED * 3, 1),  # it is being killed
        ([False] * MOST_MISSED * 3, 0),  # it may still be loading
        ([True, *[False] * (MOST_MISSED - 1), True, *[False] * (MOST_MISSED - 1)], 0),
    ],
)
def test_one_hangs_that_answered_before_and_then_misses_some_in_a_row(
    monkeypatch: pytest.MonkeyPatch, answered: list[bool], times: int
) -> None:
    assert looks(monkeypatch, answered, Stand()) == times


def test_one_that_has_ended_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks(monkeypatch, [True] + [False] * MOST_MISSED, Stand(has_ended=True)) == 0


def test_what_comes_after_one_that_hung_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = Stand(), Stand()
    told: list[Child] = []
    coming = iter([True, *[False] * 3 * MOST_MISSED])

    async def answer(host: str, port: int, path: str) -> bool:
        return next(coming)

    monkeypatch.setattr(watching, "answers", answer)
    watch = Watch(lambda: [Watched(after if told else before, "127.0.0.1", 1, "/live")], told.append)

    async def look() -> None:
        for _ in range(3 * MOST_MISSED):
            await watch._look()

    asyncio.run(look())
    assert told == [before], "the new one may still be loading"


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[int]:
    """A port where something answers in some way."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def says_hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    assert (await reader.readline()).startswith(b"GET /live HTTP/1.1")
    writer.write(b"HTTP/1.1 503 Busy\r\n\r\n")
    writer.close()


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await asyncio.sleep(30)
    finally:
        writer.close()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.mark.parametrize(("answer", "does"), [(says_hello, True), (says_nothing, False), (hangs_up, False)])
def test_any_answer_will_do(monkeypatch: pytest.MonkeyPatch, answer: Answer, does: bool) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 5.0 if does else 0.2)

    async def ask() -> bool:
        async with listening(answer) as port:
            return await answers("127.0.0.1", port, "/live")

    assert asyncio.run(ask()) is does


def test_where_nothing_listens_nothing_answers() -> None:
    async def ask() -> bool:
        async with listening(says_hello) as port:
            pass
        return await answers("127.0.0.1", port, "/live")

    assert not asyncio.run(ask())


def test_a_bot_that_was_stopped_is_killed_and_started_again(
    kalm: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.2)
    monkeypatch.setattr(watching, "PATIENCE", 1.0)

    async def steps() -> None:
        async with kalm.runs():
            before = kalm.pids()
            await asyncio.sleep(1)  # it is seen to answer
            kalm.server("bot").send_signal(signal.SIGSTOP)
            await kalm.is_whole_without(before["bot"])
            assert {name: pid for name, pid in before.items() if name != "bot"}.items() <= kalm.pids().items()
            await until(lambda: kalm.ask() == "kalm-old.tar.gz")

    asyncio.run(steps())
    screen = kalm.screen.getvalue()
    assert "bot hangs: it answers nothing, and is killed" in screen
    assert "bot fell (SIGKILL) and is started again at once" in screen
