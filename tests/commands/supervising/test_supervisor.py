"""The servers of an installation, and what is wished of them, with servers that start at once."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from kalm import going_live, locks, pointer
from kalm.going_live import BusyError, NoSupervisorError, Running, Step, Wish
from tests.commands.supervising.conftest import Installation, is_as_before, scenario, until


@scenario
async def test_it_starts_three_servers_and_leaves_none_behind(kalm: Installation) -> None:
    assert not going_live.is_supervised()
    async with kalm.runs():
        assert going_live.is_supervised()
        assert len(kalm.servers()) == 3
        assert await kalm.answers() == "kalm-old.tar.gz"
    assert not going_live.is_supervised()
    assert "serving index-old" in kalm.screen.getvalue()


@scenario
async def test_each_line_has_the_time_and_the_name_of_its_server(kalm: Installation) -> None:
    async with kalm.runs():
        await until(lambda: "serving" in kalm.screen.getvalue())
    [line] = [line for line in kalm.screen.getvalue().splitlines() if "serving index" in line]
    assert line[2] == line[5] == ":"
    assert line[8:] == " actions   | serving index-old"


BROKEN = ("", "{", "[]", "null", '{"model": 1}', '{"model": 1, "index": 2}', '{"model": "a", "b": 1}')


@scenario
async def test_a_wish_that_cannot_be_read_is_thrown_away(kalm: Installation) -> None:
    old, path = pointer.current(), going_live.folder() / "wish.json"
    async with kalm.runs():
        for content in BROKEN:
            path.write_text(content)
            await until(lambda: not path.exists())
            is_as_before(kalm, old)
        assert (await kalm.outcome(kalm.wish(kalm.make("new")))).step is Step.LIVE


@scenario
async def test_of_two_wishes_at_once_the_second_is_told_to_wait(kalm: Installation) -> None:
    new, other = kalm.make("new", starts_after=0.5), kalm.make("other")
    async with kalm.runs():
        first = kalm.wish(new)
        with pytest.raises(BusyError):
            kalm.wish(other)
        await until(lambda: going_live.outcome_of(first.id).step is Step.STARTING)
        with pytest.raises(BusyError):
            kalm.wish(other)
        assert (await kalm.outcome(first)).step is Step.LIVE
        await until(lambda: going_live.wish() is None)
        assert (await kalm.outcome(kalm.wish(other))).step is Step.LIVE
        await until(lambda: going_live.wish() is None)
        assert await kalm.answers() == "kalm-other.tar.gz"


def test_without_a_supervisor_nobody_may_wish(kalm: Installation) -> None:
    with pytest.raises(NoSupervisorError):
        kalm.wish(kalm.make("new"))
    assert not (going_live.folder() / "wish.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_ends_all_without_blame(kalm: Installation, number: signal.Signals) -> None:
    async def steps() -> None:
        async with kalm.runs():
            os.kill(os.getpid(), number)
            assert kalm.end is not None
            await asyncio.wait_for(asyncio.shield(kalm.end), 30)

    asyncio.run(steps())
    assert kalm.supervisor is not None
    assert (kalm.supervisor.failed, kalm.supervisor.is_late) == ("", False)
    assert f"{number.name} received" in kalm.screen.getvalue()


@scenario
async def test_a_wish_of_before_a_start_is_not_fulfilled_but_told(kalm: Installation) -> None:
    new = kalm.make("new")
    async with kalm.runs():
        pass
    wish = Wish(*new.names)
    (going_live.folder() / "wish.json").write_text(
        f'{{"model": "{wish.model}", "index": "{wish.index}", "id": "{wish.id}"}}'
    )
    async with kalm.runs():
        outcome = await kalm.outcome(wish)
        assert (outcome.step, outcome.reason) == (Step.REFUSED, "stopped")
        assert going_live.wish() is None
        assert await kalm.answers() == "kalm-old.tar.gz"


@scenario
async def test_cut_off_after_the_files_a_start_knows_which_candidate_runs(kalm: Installation) -> None:
    old, new = pointer.current(), kalm.make("new")
    async with kalm.runs():
        pass
    # What a power cut leaves; the training at the start then names what the files say.
    (going_live.folder() / "wish.json").write_text(
        f'{{"model": "{new.model.name}", "index": "{new.index.name}", "candidate": "abc"}}'
    )
    pointer.publish(new)
    async with kalm.runs():
        running = going_live.running()
        assert running is not None
        assert (running.names, running.candidate, running.earlier) == (new.names, "abc", old.names)


@scenario
async def test_a_start_with_what_was_trained_by_hand_remembers_what_ran_before(kalm: Installation) -> None:
    old, new = pointer.current(), kalm.make("new")
    async with kalm.runs():
        pass
    pointer.publish(new)
    async with kalm.runs():
        running = going_live.running()
        assert running is not None
        assert (running.names, running.candidate, running.earlier) == (new.names, "", old.names)


@scenario
async def test_it_answers_visitors_also_when_it_cannot_write_down_that_it_runs(kalm: Installation) -> None:
    def fail(now: Running) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(going_live, "tell_running", fail)
        async with kalm.runs():
            assert await kalm.answers() == "kalm-old.tar.gz"
    assert "could not be written down (No space left on device)" in kalm.screen.getvalue()


@scenario
async def test_of_two_on_one_folder_the_second_takes_no_wishes(kalm: Installation) -> None:
    async with kalm.runs():
        other = Installation(kalm.exports)
        first = going_live.running()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(locks, "_TRIED_FOR", 0.1)
            second = asyncio.ensure_future(_briefly(other))
            await second
        assert "takes the wishes" in other.screen.getvalue()
        assert going_live.running() == first
        assert (await kalm.outcome(kalm.wish(kalm.make("new")))).step is Step.LIVE


async def _briefly(other: Installation) -> None:
    from commands.supervising.listening import bind_free
    from commands.supervising.printer import Printer
    from commands.supervising.supervisor import Supervisor
    from tests.commands.supervising.conftest import FakePrograms

    with bind_free() as listening:
        ran = Supervisor(FakePrograms(other.exports), Printer(other.screen), listening)
        end = asyncio.ensure_future(ran.run())
        await until(ran._is_ready.is_set)
        ran._stop.set()
        await end
