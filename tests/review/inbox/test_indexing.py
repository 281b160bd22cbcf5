from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from review.inbox import indexing, keeping
from review.inbox.indexing import heed_feedback, index
from review.inbox.keeping import keep_inbox, keep_once
from storage.database import Database
from storage.messages import judge
from storage.schema import feedback, messages, review_items
from tests.review.conftest import Shop
from tests.review.inbox.conftest import item, items


def say(shop: Shop, message_id: int, helped: bool) -> None:
    with shop.database.writing() as connection:
        row = connection.execute(messages.select().where(messages.c.id == message_id)).one()
        judge(connection, row.conversation_id, row.number, time.time(), helped, "")


def test_each_message_gets_one_item_with_what_the_list_needs(shop: Shop) -> None:
    _, (one, other) = shop.conversation(
        {"text": "Wat is RLS?"},
        {"text": "en pms dan", "intent": "nlu_fallback", "confidence": 0.2, "kind": "clarify"},
    )
    assert index(shop.database) == 2
    assert index(shop.database) == 0
    first, second = item(shop, one), item(shop, other)
    assert first is not None
    assert second is not None
    assert (first.state, first.version, first.channel, first.words) == ("new", 1, "website", "wat is rls?")
    assert "not_understood" in second.reasons
    assert second.score > first.score


def test_a_message_without_text_is_not_in_the_inbox_and_keeps_no_other_out(shop: Shop) -> None:
    shop.conversation({"text": ""}, {"text": "  \n "}, {"text": "wat is rls"})
    assert index(shop.database) == 1
    assert index(shop.database) == 0


def test_messages_come_in_in_batches_and_the_rest_another_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "BATCH", 3)
    shop.conversation(*({"text": f"vraag {number}"} for number in range(10)))
    assert index(shop.database, at_most=4) == 4
    pauses: list[int] = []
    assert index(shop.database, pause=lambda: pauses.append(1)) == 6
    assert len(pauses) == 2


def test_many_messages_of_one_moment_all_come_in(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 3)
    for number in range(8):  # as those of one day are, once their conversation is gone
        shop.conversation({"text": f"vraag {number}", "at": 86400.0})
    assert index(shop.database) == 8


def test_two_processes_at_once_make_each_item_once(shop: Shop) -> None:
    for number in range(60):
        shop.conversation({"text": f"vraag {number}"}, {"text": "en dan"})
    other = Database(shop.database.engine.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(index, [shop.database, other]))
    other.close()
    assert items(shop) == 120


@pytest.mark.parametrize("broken", ["{nonsense", "[]", '{"ranking": 3}', '{"ranking": [["a"]]}', "null"])
def test_a_row_that_cannot_be_read_stops_no_other(shop: Shop, broken: str) -> None:
    if not shop.database.is_sqlite and broken == "{nonsense":
        pytest.skip("PostgreSQL refuses what is no JSON")
    _, (one, other) = shop.conversation({"text": "wat is rls"}, {"text": "wat is pms"})
    with shop.database.writing() as connection:
        connection.execute(
            sa.text("UPDATE messages SET understood = :broken WHERE id = :id"), {"broken": broken, "id": one}
        )
    assert index(shop.database) == 2
    assert item(shop, one) is not None
    assert item(shop, other) is not None


def test_a_message_on_which_grouping_fails_is_logged_without_its_words_and_stops_no_other(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[str] = []
    real = indexing.group_key

    def fail(text: str, in_danger: bool) -> str:
        if "geheim" in text:
            raise ValueError("cannot read it")
        return real(text, in_danger)

    monkeypatch.setattr(indexing, "group_key", fail)
    monkeypatch.setattr(indexing.logs, "failure", lambda text, error: failures.append(text))
    shop.conversation({"text": "een geheim"}, {"text": "wat is rls"})
    assert index(shop.database) == 1
    assert failures == ["a message cannot be put in the inbox"]


def test_a_thumb_that_comes_later_is_heeded_and_so_is_one_that_is_taken_back(shop: Shop) -> None:
    _, (one,) = shop.conversation({"text": "wat is rls"})
    index(shop.database)
    assert heed_feedback(shop.database) == 0
    say(shop, one, False)
    assert heed_feedback(shop.database) == 1
    worse = item(shop, one)
    assert worse is not None
    assert (worse.reasons, worse.score, worse.version) == (["thumbs_down"], 4, 1)
    assert heed_feedback(shop.database) == 0
    say(shop, one, True)
    assert heed_feedback(shop.database) == 1
    better = item(shop, one)
    assert better is not None
    assert (better.reasons, better.score) == ([], 0)


def test_only_the_last_of_several_thumbs_counts(shop: Shop) -> None:
    conversation, (one,) = shop.conversation({"text": "wat is rls"})
    index(shop.database)
    with shop.database.writing() as connection:
        for helped in (False, True):
            connection.execute(
                feedback.insert().values(
                    conversation_id=conversation, message_id=one, at=time.time(), helped=helped, reason=""
                )
            )
    assert heed_feedback(shop.database) == 0


def test_what_the_visitor_says_next_changes_the_message_before_it(shop: Shop) -> None:
    _, (one, other) = shop.conversation({"text": "wat is rls"}, {"text": "nee", "intent": "reject_answer"})
    with shop.database.writing() as connection:  # as if the second came later
        row = dict(connection.execute(messages.select().where(messages.c.id == other)).one()._mapping)
        connection.execute(messages.delete().where(messages.c.id == other))
    index(shop.database)
    before = item(shop, one)
    assert before is not None
    assert before.reasons == []
    with shop.database.writing() as connection:
        connection.execute(messages.insert().values(**row))
    index(shop.database)
    after = item(shop, one)
    assert after is not None
    assert after.reasons == ["rejected"]


def test_an_item_goes_with_its_message(shop: Shop) -> None:
    _, (one,) = shop.conversation({"text": "wat is rls"})
    index(shop.database)
    with shop.database.writing() as connection:
        connection.execute(messages.delete().where(messages.c.id == one))
    assert item(shop, one) is None


def test_a_sweep_finds_what_came_in_late(shop: Shop) -> None:
    shop.conversation({"text": "wat is rls"}, at=time.time() - 10 * 86400)
    assert keep_once(shop.database, sweeps=False) == 0
    assert keep_once(shop.database, sweeps=True) == 1


def test_what_fails_is_logged_and_tried_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[str] = []
    done = asyncio.Event()
    sweeps: list[bool] = []

    def fail_once(database: Database, sweep: bool) -> int:
        sweeps.append(sweep)
        if len(sweeps) == 1:
            raise OperationalError("", {}, Exception("gone"))
        return 0

    async def run() -> None:
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(
            keeping,
            "keep_once",
            lambda *said: (fail_once(*said), len(sweeps) > 2 and loop.call_soon_threadsafe(done.set)),
        )
        task = asyncio.create_task(keep_inbox(shop.database))
        await asyncio.wait_for(done.wait(), 10)
        task.cancel()

    monkeypatch.setattr(keeping, "OFTEN", 0)
    monkeypatch.setattr(keeping.logs, "failure", lambda text, error: failures.append(text))
    asyncio.run(run())
    assert failures == ["the inbox could not be brought up to date and is tried again"]
    assert sweeps[:3] == [True, True, False], "the sweep that failed is done again"


def test_reasons_are_kept_as_names(shop: Shop) -> None:
    shop.conversation({"text": "zwoefelkristal", "kind": "no_answer"})
    index(shop.database)
    with shop.database.reading() as connection:
        assert connection.scalar(sa.select(review_items.c.reasons)) == ["no_answer", "new_words"]
