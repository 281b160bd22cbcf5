"""What breaks while a release takes over: an export, the disk, something nobody thought of."""

from __future__ import annotations

import pytest

from commands.supervising import supervisor
from kalm import going_live, pointer
from kalm.going_live import Running, Step
from kalm.pointer import Release
from tests.commands.supervising.conftest import Installation, is_as_before, scenario, until


@scenario
async def test_files_that_cannot_be_replaced_are_told_and_nothing_goes_live(kalm: Installation) -> None:
    old = pointer.current()
    kalm.let_export(fails="there")
    async with kalm.runs():
        outcome = await kalm.outcome(kalm.wish(kalm.make("new"), candidate="abc"))
        assert (outcome.step, outcome.reason) == (Step.REFUSED, "files")
        assert outcome.details == "Iemand veranderde intussen een bestand."
        await until(lambda: going_live.wish() is None)
        is_as_before(kalm, old)
    assert kalm.exported == []


@scenario
async def test_of_an_export_that_broke_its_last_line_is_not_shown_to_an_editor(kalm: Installation) -> None:
    kalm.let_export(fails="there", code=1)
    async with kalm.runs():
        outcome = await kalm.outcome(kalm.wish(kalm.make("new"), candidate="abc"))
    assert (outcome.reason, outcome.details) == ("files", "")
    assert kalm.exported == ["abc back"], "how far it came is not known"


@scenario
async def test_an_export_that_was_killed_is_taken_back_however_far_it_came(kalm: Installation) -> None:
    old = pointer.current()
    kalm.let_export(is_killed="there")
    async with kalm.runs():
        outcome = await kalm.outcome(kalm.wish(kalm.make("new"), candidate="abc"))
        assert (outcome.step, outcome.reason) == (Step.REFUSED, "files")
        await until(lambda: going_live.wish() is None)
        is_as_before(kalm, old)
    assert kalm.exported == ["abc back"]


@scenario
async def test_files_that_cannot_go_back_are_told_and_the_old_release_goes_on(kalm: Installation) -> None:
    old, new = pointer.current(), kalm.make("new", dies="opening")
    kalm.let_export(fails="back")
    async with kalm.runs():
        outcome = await kalm.outcome(kalm.wish(new, candidate="abc"))
        assert (outcome.step, outcome.reason) == (Step.REFUSED, "files")
        await until(lambda: going_live.wish() is None)
        is_as_before(kalm, old)
        assert await kalm.answers() == "kalm-old.tar.gz"


@scenario
async def test_when_nothing_can_be_written_the_old_release_goes_on(kalm: Installation) -> None:
    old, new = pointer.current(), kalm.make("new")

    def fail(release: Release) -> None:
        if release == new:
            raise OSError(28, "No space left on device")
        publish(release)

    publish = pointer.publish
    async with kalm.runs():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pointer, "publish", fail)
            outcome = await kalm.outcome(kalm.wish(new, candidate="abc"))
        assert (outcome.step, outcome.reason) == (Step.REFUSED, "failed")
        await until(lambda: going_live.wish() is None)
        is_as_before(kalm, old)
    assert kalm.exported == ["abc there", "abc back"]


@scenario
async def test_the_pointer_goes_back_after_the_files_so_that_no_page_shows_the_refused_text(
    kalm: Installation,
) -> None:
    old, new = pointer.current(), kalm.make("new", dies="opening")
    exported_when: list[list[str]] = []

    def note(release: Release) -> None:
        if release == old:
            exported_when.append(kalm.exported)
        publish(release)

    publish = pointer.publish
    async with kalm.runs():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pointer, "publish", note)
            await kalm.outcome(kalm.wish(new, candidate="abc"))
    assert exported_when == [["abc there", "abc back"]]


@scenario
async def test_what_cannot_be_written_down_at_once_is_written_later(kalm: Installation) -> None:
    new, tries = kalm.make("new"), []

    def fail_twice(now: Running) -> None:
        tries.append(now)
        if len(tries) < 3:
            raise OSError(28, "No space left on device")
        tell_running(now)

    tell_running = going_live.tell_running
    async with kalm.runs():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(going_live, "tell_running", fail_twice)
            patch.setattr(supervisor, "_WRITE_AGAIN", 0.05)
            wish = kalm.wish(new, candidate="abc")
            assert (await kalm.outcome(wish)).step is Step.LIVE
            await until(lambda: going_live.wish() is None)
        running = going_live.running()
        assert running is not None
        assert (running.names, running.candidate) == (new.names, "abc")
        assert len(kalm.servers()) == 3


@scenario
async def test_when_it_stops_before_it_is_written_down_the_next_start_knows_the_candidate(
    kalm: Installation,
) -> None:
    old, new = pointer.current(), kalm.make("new")

    def fail(now: Running) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        async with kalm.runs():
            patch.setattr(going_live, "tell_running", fail)
            kalm.wish(new, candidate="abc")
            await until(lambda: "could not be written down yet" in kalm.screen.getvalue())
            await until(lambda: len(kalm.bots()) == 1)
            assert await kalm.answers() == "kalm-new.tar.gz"
    async with kalm.runs():
        running = going_live.running()
        assert running is not None
        assert (running.names, running.candidate, running.earlier) == (new.names, "abc", old.names)
        assert going_live.wish() is None


@scenario
async def test_an_error_nobody_thought_of_leaves_one_generation_and_takes_the_next_wish(
    kalm: Installation,
) -> None:
    old, new = pointer.current(), kalm.make("new")

    def fail(release: Release) -> None:
        if release == new:
            raise RuntimeError("unthought of")
        publish(release)

    publish = pointer.publish
    async with kalm.runs():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pointer, "publish", fail)
            assert (await kalm.outcome(kalm.wish(new))).reason == "failed"
            await until(lambda: going_live.wish() is None)
        is_as_before(kalm, old)
        assert (await kalm.outcome(kalm.wish(new))).step is Step.LIVE
