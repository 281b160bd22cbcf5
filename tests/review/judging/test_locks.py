from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from review.judging import locks
from storage.schema import review_locks
from tests.review.conftest import Enter, Shop
from tests.review.judging.conftest import ALL, Fill, judgement, save, state, steps


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.undo()
    later = time.time() + seconds
    monkeypatch.setattr("review.requests.time.time", lambda: later)


def test_who_comes_second_may_read_but_not_judge(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bram, bea = enter("bram"), enter("bea")
    assert '<fieldset class="all">' in bram.get(f"/postvak/{id_}").text
    html = bea.get(f"/postvak/{id_}").text
    assert "Bram Boer is hiermee bezig" in html
    assert '<fieldset class="all" disabled>' in html
    answer = save(bea, id_, opmerking="mijn opmerking")
    assert answer.status_code == 409
    assert "Bram Boer is nu met dit bericht bezig" in answer.text
    assert "mijn opmerking" in answer.text
    assert state(shop, id_) == ("new", 1)
    assert save(bram, id_).status_code == 303


def test_a_lock_that_ran_out_may_be_taken_and_one_that_is_renewed_does_not_run_out(
    fill: Fill, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    (id_,) = fill("wat is rls")
    bram, bea = enter("bram"), enter("bea")
    bram.get(f"/postvak/{id_}")
    at(monkeypatch, 80)
    assert bram.post(f"/postvak/{id_}/slot", {"mijn": "1"}).status_code == 204
    at(monkeypatch, 100)
    assert "is hiermee bezig" in bea.get(f"/postvak/{id_}").text
    at(monkeypatch, 300)
    assert "is hiermee bezig" not in bea.get(f"/postvak/{id_}").text
    lost = bram.post(f"/postvak/{id_}/slot", {"mijn": "1"})
    assert "Bea Bos is intussen met dit bericht bezig" in lost.text


def test_who_waits_hears_when_it_is_free(fill: Fill, enter: Enter) -> None:
    (id_,) = fill("wat is rls")
    bram, bea = enter("bram"), enter("bea")
    bram.get(f"/postvak/{id_}")
    assert bea.post(f"/postvak/{id_}/slot").status_code == 204
    bea.post(f"/postvak/{id_}/los")
    assert "is hiermee bezig" in bea.get(f"/postvak/{id_}").text, "nobody lets go of what another has"
    bram.post(f"/postvak/{id_}/los")
    assert "Dit bericht is vrij" in bea.post(f"/postvak/{id_}/slot").text
    assert "Bea Bos is hiermee bezig" in bram.get(f"/postvak/{id_}").text


def test_saving_lets_go(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    bea.get(f"/postvak/{id_}")
    save(bea, id_)
    with shop.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(review_locks)) == 0


def together(*doings: Callable[[], int]) -> list[int]:
    """Do things at the same moment, each in a thread."""
    ready = Barrier(len(doings))

    def do(doing: Callable[[], int]) -> int:
        ready.wait()
        return doing()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(do, doings))


def test_of_two_who_open_a_message_at_once_one_gets_it(fill: Fill, shop: Shop) -> None:
    for id_ in fill(*(f"vraag {number}" for number in range(8))):

        def open_(member_id: int, message_id: int = id_) -> int:
            with shop.database.writing() as connection:
                return locks.take(connection, message_id, member_id, time.time())

        with shop.database.reading() as connection:
            ids = list(connection.scalars(sa.text("SELECT id FROM team_members ORDER BY id")))[:2]
        assert sorted(together(*(lambda who=who: open_(who) for who in ids))) == [False, True]


def test_of_two_who_save_at_once_one_is_told_and_nothing_is_overwritten(
    fill: Fill, enter: Enter, shop: Shop
) -> None:
    bea, bram = enter("bea"), enter("bram")
    for id_ in fill(*(f"vraag {number}" for number in range(8))):
        codes = together(
            lambda id_=id_: save(bea, id_, bedoeling="ask_rls").status_code,
            lambda id_=id_: save(bram, id_, bedoeling="ask_product").status_code,
        )
        assert sorted(codes) == [303, 409]
        kept = judgement(shop, id_)
        assert kept is not None
        assert kept.intent == ("ask_rls" if codes[0] == 303 else "ask_product")
        assert state(shop, id_) == ("judged", 2)
    assert len(steps(shop)) == 8


def test_two_who_judge_one_group_at_once_judge_each_message_once(
    fill: Fill, enter: Enter, shop: Shop
) -> None:
    ids = fill(*(["wat is rls"] * 12))
    bea, bram = enter("bea"), enter("bram")
    codes = together(
        lambda: save(bea, ids[0], bedoeling="ask_rls", gelijke=ALL).status_code,
        lambda: save(bram, ids[-1], bedoeling="ask_product", gelijke=ALL).status_code,
    )
    assert set(codes) <= {303, 409}
    assert 303 in codes
    assert {state(shop, id_) for id_ in ids} == {("judged", 2)}
    assert len(steps(shop)) == 12
