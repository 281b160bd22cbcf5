"""A server that falls while a release takes over, or after it did."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from commands.supervising.child import Child
from commands.supervising.pauses import Pauses
from kalm import going_live, pointer
from kalm.going_live import Reason, Step
from tests.commands.supervising.conftest import Installation, is_as_before, scenario, until


def models(kalm: Installation) -> list[str]:
    """Of the bots that run."""
    return [process.cmdline()[3].rpartition("/")[2] for process in kalm.bots()]


@scenario
async def test_the_old_bot_is_started_again_with_the_old_release_and_the_new_one_goes_live(
    kalm: Installation,
) -> None:
    may_start = kalm.exports / "may start"
    new = kalm.make("new", starts_with=str(may_start))
    async with kalm.runs():
        [bot] = kalm.bots()
        wish = kalm.wish(new)
        await until(lambda: len(kalm.bots()) == 2)
        bot.kill()
        await until(lambda: sum(other != bot for other in kalm.bots()) == 2)
        assert sorted(models(kalm)) == ["kalm-new.tar.gz", "kalm-old.tar.gz"]
        assert await kalm.answers() == "kalm-old.tar.gz"
        may_start.touch()
        assert (await kalm.outcome(wish)).step is Step.LIVE
        await until(lambda: going_live.wish() is None)
        assert models(kalm) == ["kalm-new.tar.gz"]
        assert len(kalm.servers()) == 3


@scenario
async def test_after_a_release_was_refused_the_old_one_is_whole_again(kalm: Installation) -> None:
    old, new = pointer.current(), kalm.make("new", starts_after=1.0, says="refused:no_answer")
    async with kalm.runs():
        actions = kalm.server("actions")
        wish = kalm.wish(new)
        await until(lambda: len(kalm.bots()) == 2)
        actions.kill()
        assert (await kalm.outcome(wish)).reason == Reason.NO_ANSWER.value
        await until(lambda: going_live.wish() is None)
        await until(lambda: len(kalm.servers()) == 3)
        is_as_before(kalm, old)
        assert kalm.server("actions").cmdline() == actions_of(kalm, "index-old")


def actions_of(kalm: Installation, index: str) -> list[str]:
    command = kalm.server("bot").cmdline()[:2]
    return [*command, "actions", str(pointer.current().index.with_name(index))]


@scenario
async def test_a_new_action_server_that_falls_before_the_canary_answered_refuses_it(
    kalm: Installation,
) -> None:
    old, new = pointer.current(), kalm.make("new", starts_after=20)
    async with kalm.runs():
        wish = kalm.wish(new)
        await until(lambda: len(kalm.bots()) == 2)
        [actions] = [one for one in kalm.servers() if one.cmdline()[2:] == ["actions", str(new.index)]]
        actions.kill()
        assert (await kalm.outcome(wish)).reason == Reason.ENDED.value
        await until(lambda: going_live.wish() is None)
        is_as_before(kalm, old)
    assert "started again" not in kalm.screen.getvalue()


@pytest.mark.parametrize("name", ["bot", "actions"])
def test_a_server_of_the_release_that_took_over_is_started_again_with_it(
    kalm: Installation, name: str
) -> None:
    async def steps() -> None:
        async with kalm.runs():
            await kalm.outcome(kalm.wish(kalm.make("new")))
            await until(lambda: going_live.wish() is None)
            before = kalm.pids()
            kalm.server(name).kill()
            await kalm.is_whole_without(before[name])
            assert len(before.items() & kalm.pids().items()) == 2
            assert models(kalm) == ["kalm-new.tar.gz"]
            assert kalm.server("actions").cmdline() == actions_of(kalm, "index-new")
            assert await kalm.answers() == "kalm-new.tar.gz"

    asyncio.run(steps())
    assert f"{name}-2 fell (SIGKILL) and is started again at once" in kalm.screen.getvalue()


@scenario
async def test_an_old_server_that_falls_while_it_finishes_is_not_started_again(kalm: Installation) -> None:
    pointer.publish(kalm.make("old", answers_after=5.0))
    async with kalm.runs():
        [bot] = kalm.bots()
        asked = asyncio.ensure_future(kalm.answers())
        await asyncio.sleep(0.5)
        await kalm.outcome(kalm.wish(kalm.make("new")))
        assert len(kalm.bots()) == 2, "the old one still answers"
        bot.kill()
        await until(lambda: going_live.wish() is None)
        assert models(kalm) == ["kalm-new.tar.gz"]
        assert len(kalm.servers()) == 3
        with pytest.raises(ConnectionError):
            await asked
    assert "fell" not in kalm.screen.getvalue()


@scenario
async def test_an_old_server_that_waits_to_be_started_again_is_not_once_the_new_one_is_live(
    kalm: Installation,
) -> None:
    async with kalm.runs():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Pauses, "after", lambda pauses, seconds: 1.5)
            kalm.server("bot").kill()
            await until(lambda: "bot fell" in kalm.screen.getvalue())
            await kalm.outcome(kalm.wish(kalm.make("new")))
            await until(lambda: going_live.wish() is None)
            assert kalm.supervisor is not None
            await until(lambda: not kalm.supervisor._starting_again)
        assert models(kalm) == ["kalm-new.tar.gz"]
        assert len(kalm.servers()) == 3


@scenario
async def test_an_old_server_that_is_just_being_started_when_the_new_one_goes_live_ends(
    kalm: Installation,
) -> None:
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    start = Child.start

    async def start_old_slowly(name: str, *arguments: Any, **options: Any) -> Child:
        started = await start(name, *arguments, **options)
        if name == "bot":
            begun.set()
            await may_go_on.wait()
        return started

    async with kalm.runs():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Child, "start", start_old_slowly)
            kalm.server("bot").kill()
            await begun.wait()
            await kalm.outcome(kalm.wish(kalm.make("new")))
            await until(lambda: going_live.wish() is None)
            assert sorted(models(kalm)) == ["kalm-new.tar.gz", "kalm-old.tar.gz"]
            may_go_on.set()
            await until(lambda: models(kalm) == ["kalm-new.tar.gz"], seconds=10)
        assert len(kalm.servers()) == 3
