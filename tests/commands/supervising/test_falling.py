"""A server that falls is started again, alone, with servers that start at once."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from typing import Any

import psutil
import pytest

from commands.supervising.__main__ import wait_without_threads
from commands.supervising.child import Child
from commands.supervising.pauses import Pauses
from kalm import pointer
from tests.commands.supervising.conftest import Installation, scenario, until

SERVERS = ["bot", "actions", "web"]


async def comes_back(kalm: Installation, before: dict[str, int], name: str) -> None:
    """Wait until the three servers are there again, one of them as another process."""
    await kalm.is_whole_without(before[name])
    others = {server: pid for server, pid in before.items() if server != name}
    assert others.items() <= kalm.pids().items()
    assert len(kalm.servers()) == 3


@pytest.mark.parametrize("name", SERVERS)
def test_it_is_started_again_at_once_and_the_others_stay(kalm: Installation, name: str) -> None:
    async def steps() -> None:
        async with kalm.runs():
            before, command = kalm.pids(), kalm.server(name).cmdline()
            kalm.server(name).kill()
            await comes_back(kalm, before, name)
            assert kalm.server(name).cmdline() == command, "the same release on the same port"
            assert await kalm.answers() == "kalm-old.tar.gz"

    asyncio.run(steps())
    assert kalm.supervisor is not None
    assert kalm.supervisor.failed == ""
    assert f"{name} fell (SIGKILL) and is started again at once" in kalm.screen.getvalue()


@scenario
async def test_who_asks_while_the_bot_is_started_again_waits_and_is_answered(kalm: Installation) -> None:
    async with kalm.runs():
        kalm.make("old", starts_after=0.5)
        kalm.server("bot").kill()
        assert await kalm.answers() == "kalm-old.tar.gz"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGRTMIN + 3])
def test_how_it_ended_is_told(kalm: Installation, number: int) -> None:
    async def steps() -> None:
        async with kalm.runs():
            await until(lambda: "serving index-old" in kalm.screen.getvalue())
            before = kalm.pids()
            os.kill(before["actions"], number)
            await comes_back(kalm, before, "actions")

    asyncio.run(steps())
    told = "exit code 0" if number == signal.SIGTERM else f"signal {int(number)}"
    assert f"actions fell ({told}) and is started again at once" in kalm.screen.getvalue()


@scenario
async def test_one_that_keeps_falling_is_tried_again_after_longer_pauses_until_it_stands(
    kalm: Installation,
) -> None:
    async with kalm.runs():
        before = kalm.pids()
        kalm.make("old", dies="starting")
        kalm.server("bot").kill()
        await until(lambda: "bot fell (exit code 3) and is started again in 2 s" in kalm.screen.getvalue())
        assert kalm.pids() == {name: pid for name, pid in before.items() if name != "bot"}
        kalm.make("old")
        await comes_back(kalm, before, "bot")
        assert await kalm.answers() == "kalm-old.tar.gz"
    told = [line.partition("again ")[2] for line in kalm.screen.getvalue().splitlines() if " fell (" in line]
    assert told == ["at once", "in 1 s", "in 2 s"]


@scenario
async def test_all_that_fall_together_come_back_each_once(kalm: Installation) -> None:
    async with kalm.runs():
        before = kalm.pids()
        for process in kalm.servers():
            process.kill()
        await kalm.is_whole_without(*before.values())
        assert await kalm.answers() == "kalm-old.tar.gz"
        assert len(kalm.servers()) == 3
    assert kalm.screen.getvalue().count("is started again") == 3


@scenario
async def test_another_falls_while_the_first_waits(kalm: Installation) -> None:
    async with kalm.runs():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Pauses, "after", lambda pauses, seconds: 3.0)
            before = kalm.pids()
            kalm.server("bot").kill()
            await until(lambda: "bot fell" in kalm.screen.getvalue())
            kalm.server("web").kill()
            await until(lambda: "web fell" in kalm.screen.getvalue())
            assert kalm.pids() == {"actions": before["actions"]}
            await until(lambda: len(kalm.pids()) == 3)
        assert len(kalm.servers()) == 3


@scenario
async def test_what_a_fallen_server_had_started_itself_goes_too(kalm: Installation) -> None:
    pointer.publish(kalm.make("old", has_worker=True))
    async with kalm.runs():
        [main] = [one for one in kalm.bots() if one.ppid() == os.getpid()]
        [worker] = main.children()
        main.kill()
        await until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
        await until(lambda: sum(bot != main for bot in kalm.bots()) == 2)


@pytest.mark.parametrize("name", SERVERS)
def test_told_to_stop_during_a_pause_it_ends_at_once(
    kalm: Installation, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async def steps() -> None:
        async with kalm.runs():
            kalm.server(name).kill()
            await until(lambda: f"{name} fell" in kalm.screen.getvalue())
            os.kill(os.getpid(), signal.SIGTERM)
            assert kalm.end is not None
            await asyncio.wait_for(asyncio.shield(kalm.end), 20)

    monkeypatch.setattr(Pauses, "after", lambda pauses, seconds: 60.0)
    asyncio.run(steps())
    assert kalm.supervisor is not None
    assert kalm.supervisor.failed == ""


@scenario
async def test_told_to_stop_while_one_is_just_being_started_again_it_leaves_none_behind(
    kalm: Installation,
) -> None:
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    start = Child.start

    async def start_slowly(*arguments: Any, **options: Any) -> Child:
        started = await start(*arguments, **options)
        begun.set()
        await may_go_on.wait()
        return started

    async with kalm.runs():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Child, "start", start_slowly)
            kalm.server("web").kill()
            await begun.wait()
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.2)
            may_go_on.set()
            assert kalm.end is not None
            await asyncio.wait_for(asyncio.shield(kalm.end), 20)
        assert kalm.servers() == []


@pytest.mark.parametrize("why", [OSError(11, "no memory"), RuntimeError("can't start new thread")])
def test_one_that_cannot_even_be_started_is_tried_again(kalm: Installation, why: Exception) -> None:
    start, tries = Child.start, []

    async def fail_twice(*arguments: Any, **options: Any) -> Child:
        tries.append(time.monotonic())
        if len(tries) < 3:
            raise why
        return await start(*arguments, **options)

    async def steps() -> None:
        async with kalm.runs():
            before = kalm.pids()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Child, "start", fail_twice)
                kalm.server("web").kill()
                await comes_back(kalm, before, "web")

    asyncio.run(steps())
    told = f"web fell (it could not be started: {why!r}) and is started again in 1 s"
    assert told in kalm.screen.getvalue()


def test_no_thread_is_needed_to_notice_the_end_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def run_one() -> int:
        process = await asyncio.create_subprocess_exec("true")
        return await process.wait()

    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())  # other tests may have chosen uvloop's
    try:
        wait_without_threads()
        monkeypatch.setattr(threading.Thread, "start", none_left)
        assert asyncio.run(run_one()) == 0
    finally:
        asyncio.set_event_loop_policy(before)


@pytest.mark.parametrize("name", SERVERS)
def test_one_that_falls_before_all_are_ready_ends_the_start_and_is_named(
    kalm: Installation, name: str
) -> None:
    async def steps() -> None:
        async def kill() -> None:
            await until(lambda: name in kalm.pids())
            kalm.server(name).kill()

        killing = asyncio.ensure_future(kill())
        async with kalm.runs():
            await killing
            assert kalm.end is not None
            assert kalm.end.done()

    kalm.ready_after = 20
    asyncio.run(steps())
    assert kalm.supervisor is not None
    assert kalm.supervisor.failed == name
    assert "started again" not in kalm.screen.getvalue()
