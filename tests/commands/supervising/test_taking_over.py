"""A new release that takes over, with servers that start at once."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from commands.supervising import generation, supervisor, taking_over
from kalm import going_live, pointer
from kalm.going_live import Reason, Step, Wish
from kalm.pointer import Release
from kalm.settings import settings
from tests.commands.supervising.conftest import Installation, is_as_before, scenario, until


@scenario
async def test_a_new_release_takes_over_and_the_old_processes_go(kalm: Installation) -> None:
    new = kalm.make("new")
    async with kalm.runs():
        before = {process.pid for process in kalm.servers()}
        wish = kalm.wish(new, candidate="abc")
        assert (await kalm.outcome(wish)).step is Step.LIVE
        await until(lambda: going_live.wish() is None)

        assert await kalm.answers() == "kalm-new.tar.gz"
        assert len(kalm.servers()) == 3
        assert len(before & {process.pid for process in kalm.servers()}) == 1, "only the web app stays"
        assert pointer.current() == new
        assert kalm.exported == ["abc there"]
        running = going_live.running()
        assert running is not None
        assert (running.names, running.candidate) == (new.names, "abc")
        assert running.earlier == ("kalm-old.tar.gz", "index-old")
    assert kalm.supervisor is not None
    assert kalm.supervisor.failed == ""


def oom_score(process: psutil.Process) -> int:
    return int(Path(f"/proc/{process.pid}/oom_score_adj").read_text())


@scenario
async def test_when_memory_runs_out_the_new_servers_go_before_the_old(kalm: Installation) -> None:
    new = kalm.make("new", starts_after=1.0)
    async with kalm.runs():
        usual = {process.pid: oom_score(process) for process in kalm.servers()}
        wish = kalm.wish(new)
        await until(lambda: len(kalm.bots()) == 2)
        await asyncio.sleep(0.2)
        started = [process for process in kalm.servers() if process.pid not in usual]
        assert [oom_score(process) for process in started] == [500, 500]
        assert {
            process.pid: oom_score(process) for process in kalm.servers() if process.pid in usual
        } == usual
        await kalm.outcome(wish)
        assert [oom_score(process) for process in started] == [0, 0]


@scenario
async def test_and_back_again_the_same_way(kalm: Installation) -> None:
    old, new = pointer.current(), kalm.make("new")
    async with kalm.runs():
        await kalm.outcome(kalm.wish(new, candidate="abc"))
        await until(lambda: going_live.wish() is None)
        wish = kalm.wish(old, candidate="abc", back=True)
        assert (await kalm.outcome(wish)).step is Step.LIVE
        await until(lambda: going_live.wish() is None)
        assert await kalm.answers() == "kalm-old.tar.gz"
        assert kalm.exported == ["abc there", "abc back"]
        is_as_before(kalm, old)


@scenario
async def test_without_a_candidate_no_file_is_touched(kalm: Installation) -> None:
    async with kalm.runs():
        assert (await kalm.outcome(kalm.wish(kalm.make("new")))).step is Step.LIVE
    assert kalm.exported == []


@scenario
async def test_nobody_is_refused_and_no_answer_is_lost_while_it_takes_over(kalm: Installation) -> None:
    pointer.publish(kalm.make("old", answers_after=0.02))
    new = kalm.make("new", answers_after=0.02)
    said: list[str] = []

    async def visitors() -> None:
        while True:
            said.append(await kalm.answers())

    async with kalm.runs():
        asking = asyncio.ensure_future(visitors())
        await until(lambda: len(said) > 3)
        await kalm.outcome(kalm.wish(new))
        await until(lambda: going_live.wish() is None)
        count = len(said)
        await until(lambda: len(said) > count + 3)
        asking.cancel()
        await asyncio.wait({asking})
    assert set(said) == {"kalm-old.tar.gz", "kalm-new.tar.gz"}
    assert said[-1] == "kalm-new.tar.gz"


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ({"says": "refused:no_answer"}, Reason.NO_ANSWER),
        ({"says": "refused:no_help"}, Reason.NO_HELP),
        ({"says": "refused:no_store"}, Reason.NO_STORE),
        ({"says": "nonsense"}, Reason.ENDED),
        ({"dies": "starting"}, Reason.ENDED),
        ({"dies": "opening"}, Reason.ENDED),
        ({"starts_after": 60}, Reason.TOO_SLOW),
        ({"starts_after": 60, "ignores_sigterm": True}, Reason.TOO_SLOW),
    ],
)
def test_a_release_that_is_not_right_changes_nothing(
    kalm: Installation, monkeypatch: pytest.MonkeyPatch, behaviour: dict[str, Any], reason: Reason
) -> None:
    async def steps() -> None:
        old, new = pointer.current(), kalm.make("new", **behaviour)
        async with kalm.runs():
            pids = {process.pid for process in kalm.servers()}
            with pytest.MonkeyPatch.context() as patch:
                if reason is Reason.TOO_SLOW:
                    hasty = settings().copy(update={"start_timeout": 1.0})
                    patch.setattr(taking_over, "settings", lambda: hasty)
                outcome = await kalm.outcome(kalm.wish(new, candidate="abc"))
            assert (outcome.step, outcome.reason) == (Step.REFUSED, reason.value)
            await until(lambda: going_live.wish() is None)
            is_as_before(kalm, old)
            assert {process.pid for process in kalm.servers()} == pids
            assert await kalm.answers() == "kalm-old.tar.gz"
            # The next one may be right.
            assert (await kalm.outcome(kalm.wish(kalm.make("newer")))).step is Step.LIVE

    monkeypatch.setattr(taking_over, "_SOON", 0.5)
    asyncio.run(steps())
    put_back = ["abc there", "abc back"] if behaviour.get("dies") == "opening" else []
    assert kalm.exported == put_back


@scenario
async def test_a_wish_for_what_is_not_there_or_runs_already_is_refused(kalm: Installation) -> None:
    old = pointer.current()
    lost = kalm.make("lost")
    lost.model.unlink()
    outside = Release(lost.model.parent / "..", lost.index)
    async with kalm.runs():
        for release, reason in ((lost, "missing"), (old, "running"), (outside, "broken")):
            wish = Wish(release.model.name or "..", release.index.name)
            going_live.ask(wish)
            assert (await kalm.outcome(wish)).reason == reason
            await until(lambda: going_live.wish() is None)
        is_as_before(kalm, old)


@scenario
async def test_told_to_stop_in_the_middle_it_leaves_old_files_and_the_old_release(kalm: Installation) -> None:
    old, new = pointer.current(), kalm.make("new", starts_after=20)
    async with kalm.runs():
        wish = kalm.wish(new, candidate="abc")
        await until(lambda: len(kalm.bots()) == 2)
        os.kill(os.getpid(), signal.SIGTERM)
        assert kalm.end is not None
        await asyncio.wait_for(asyncio.shield(kalm.end), 30)
    assert pointer.current() == old
    assert kalm.exported == []
    assert going_live.outcome_of(wish.id).reason == "stopped"
    assert going_live.wish() is None


@scenario
async def test_told_to_stop_during_the_export_it_waits_and_puts_the_files_back(kalm: Installation) -> None:
    old, new = pointer.current(), kalm.make("new")
    kalm.let_export(takes=0.5)
    async with kalm.runs():
        kalm.wish(new, candidate="abc")
        await until(lambda: any(one.cmdline()[2] == "export" for one in kalm.servers()))
        os.kill(os.getpid(), signal.SIGTERM)
        assert kalm.end is not None
        await asyncio.wait_for(asyncio.shield(kalm.end), 30)
    assert kalm.exported == ["abc there", "abc back"]
    assert pointer.current() == old


@scenario
async def test_told_to_stop_while_the_old_bot_finishes_both_end(kalm: Installation) -> None:
    pointer.publish(kalm.make("old", answers_after=1.0))
    new = kalm.make("new")
    async with kalm.runs():
        asked = asyncio.ensure_future(kalm.answers())
        await asyncio.sleep(0.2)
        await kalm.outcome(kalm.wish(new))
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asked == "kalm-old.tar.gz", "what was being answered is answered"
    assert pointer.current() == new


@scenario
async def test_an_old_bot_that_does_not_end_is_killed(kalm: Installation) -> None:
    pointer.publish(kalm.make("old", ignores_sigterm=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generation, "_TIME_TO_FINISH", 0.3)
        patch.setattr(supervisor, "_TIME_TO_END", 0.3)
        async with kalm.runs():
            await kalm.outcome(kalm.wish(kalm.make("new")))
            await until(lambda: going_live.wish() is None)
            assert len(kalm.servers()) == 3
            assert await kalm.answers() == "kalm-new.tar.gz"
