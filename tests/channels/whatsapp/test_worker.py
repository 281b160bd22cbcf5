"""What becomes of messages when something in the house fails; Rasa and Meta are stood in for."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from pywa.errors import WhatsAppError
from rasa.core.channels.channel import UserMessage

from channels.whatsapp import answering, worker
from channels.whatsapp.acting import Lately
from channels.whatsapp.deciding import Decision, Known, Typed, decide
from channels.whatsapp.inbound.payload import read
from channels.whatsapp.outbound import delivering
from channels.whatsapp.worker import Workers
from kalm.fixed_replies import failure
from kalm.sentences import sentences
from storage import claiming, outbox
from storage.claiming import MOST_TRIES
from storage.database import Database
from storage.erasure import BY_VISITOR, erase
from storage.schema import whatsapp_inbox, whatsapp_sent
from storage.turn import current_turn
from tests.channels.whatsapp.house import House, Rasa
from tests.channels.whatsapp.payloads import PHONE, PHONE_NUMBER_ID, text_message, webhook
from tests.storage.conftest import (
    address,
    database,
    migrated_postgresql,
    migrated_sqlite,
    postgresql_server,
    sort,
)

__all__ = ["address", "database", "migrated_postgresql", "migrated_sqlite", "postgresql_server", "sort"]


@pytest.fixture
def house(database: Database, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.05)
    made = House(database)
    made.agree()
    return made


def refused(code: int) -> WhatsAppError:
    return WhatsAppError.from_dict({"code": code, "message": ""}, httpx.Response(400))


def test_messages_are_answered_in_order_and_leave_nothing_but_what_was_sent(house: House) -> None:
    house.receive("een", "twee", "drie")
    house.work(lambda: len(house.meta.sent) == 3 and not house.left())
    assert [text.split("\n")[0] for _, text in house.meta.sent] == ["over een", "over twee", "over drie"]
    with house.database.reading() as connection:
        assert len(list(connection.scalars(sa.select(whatsapp_sent.c.reply_id)))) == 3
    assert house.meta.closed


def test_what_fails_five_times_is_set_aside_with_an_apology_and_blocks_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(typed: Typed, known: Known, now: float) -> Decision:
        if typed.text == "gif":
            raise ZeroDivisionError
        return decide(typed, known, now)

    monkeypatch.setattr(answering, "decide", fail)
    house.receive("gif", "twee")
    tries = []

    def is_done() -> bool:
        with house.database.writing() as connection:
            rows = connection.execute(sa.select(whatsapp_inbox.c.tries, whatsapp_inbox.c.state))
            tries.extend(row.tries for row in rows if row.state == "waiting")
            connection.execute(whatsapp_inbox.update().values(try_at=0.0))
        return len(house.meta.sent) == 2

    house.work(is_done, 30)
    assert sentences().failure.split(".")[0] in house.meta.sent[0][1]
    assert house.meta.sent[1][1].startswith("over twee")
    assert house.left() == [("aside", "failed")]
    assert max(tries) <= MOST_TRIES


def test_what_ends_the_process_each_time_is_not_taken_for_ever(house: House) -> None:
    house.receive("gif", "twee")
    with house.database.writing() as connection:
        gif = whatsapp_inbox.c.text == "gif"
        connection.execute(whatsapp_inbox.update().where(gif).values(tries=claiming.MOST_CRASHES))
    house.work(lambda: len(house.meta.sent) == 2)
    assert house.rasa.heard == ["twee"]
    assert house.left() == [("aside", "failed")]


def test_when_meta_takes_nothing_the_others_wait_too_and_each_wait_is_longer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "31600000002"
    house.agree(other)
    house.meta.errors = [refused(190), refused(190), None]
    monkeypatch.setattr(delivering, "ALARM_EVERY", 0)
    house.receive("een")
    house.work(house.deliverer.is_pausing)
    first = house.deliverer._pause_ends - time.monotonic()
    assert 50 < first <= 60
    house.receive("twee", phone=other)
    looked = time.monotonic() + 0.5  # ten times LOOK_EVERY
    house.work(lambda: time.monotonic() > looked)
    assert house.rasa.heard == ["een"]
    house.deliverer._pause_ends = 0.0
    house.hurry()
    house.work(house.deliverer.is_pausing)
    assert house.deliverer._pause_ends - time.monotonic() > first
    house.deliverer._pause_ends = 0.0
    house.work(lambda: len(house.meta.sent) == 2)  # a start tries at once what waited for Meta


def test_a_reply_that_cannot_be_shown_becomes_an_apology(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rasa, "__call__", _of_another_version)
    house.receive("een")
    house.work(lambda: len(house.meta.sent) == 1)
    assert sentences().failure.split(".")[0] in house.meta.sent[0][1]


async def _of_another_version(rasa: Rasa, message: UserMessage) -> None:
    now = current_turn()
    await message.output_channel.send_custom_json(message.sender_id, {"kind": "answer"})
    with rasa.database.writing() as connection:
        assert now.also_keep is not None
        now.also_keep(connection, [{"custom": {"kind": "answer"}}])
    now.saved, now.kind, now.number = True, "answer", 1


def test_an_error_nobody_foresaw_does_not_end_the_work(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    take = Workers._take
    failures = [OSError("a file too many"), sa.exc.OperationalError("", None, Exception()), RuntimeError()]

    async def fail_at_first(workers: Workers) -> None:
        if failures:
            raise failures.pop()
        await take(workers)

    monkeypatch.setattr(Workers, "_take", fail_at_first)
    monkeypatch.setattr(worker, "_AFTER_A_FAILURE", 0.01)
    house.receive("een")
    house.work(lambda: len(house.meta.sent) == 1)


@pytest.mark.parametrize("ticks", range(4))
def test_a_stop_ends_the_work_also_when_something_was_stored_just_then(house: House, ticks: int) -> None:
    async def run() -> None:
        workers = Workers(house.database, house.answering, house.deliverer)
        workers.start()
        await asyncio.sleep(0.1)
        workers.wake()
        for _ in range(ticks):
            await asyncio.sleep(0)
        await asyncio.wait_for(workers.stop(), 5)

    asyncio.run(run())


def test_what_meta_does_not_answer_for_long_is_unsure(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "SEND_WITHIN", 0.05)

    async def never(*arguments: Any) -> str:
        await asyncio.sleep(60)
        return ""

    monkeypatch.setattr(house.meta, "send", never)
    house.receive("een")
    house.work(lambda: house.left() == [("sending", "unsure")])
    monkeypatch.setattr(worker, "UNSURE_FOR", 0)

    def is_aside() -> bool:
        house.hurry()
        return house.left() == [("aside", "unsure")]

    monkeypatch.setattr(delivering, "SEND_WITHIN", 0.3)
    house.work(is_aside)  # it is sent again once, and no more


def test_a_photo_whose_reply_was_not_kept_gets_it_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [sa.exc.OperationalError("", None, Exception())]
    keep_reply = outbox.keep_reply

    def fail_at_first(*arguments: Any) -> None:
        keep_reply(*arguments)
        if failures:
            raise failures.pop()

    monkeypatch.setattr(outbox, "keep_reply", fail_at_first)
    at = int(time.time())
    photo = {"from": PHONE, "id": "wamid.photo", "timestamp": str(at), "type": "image", "image": {"id": "1"}}
    house.receiver.store(read(webhook([photo]), PHONE_NUMBER_ID), time.time())

    def is_done() -> bool:
        house.hurry()
        return len(house.meta.sent) == 1

    house.work(is_done)
    assert sentences().cannot_see.split(".")[0] in house.meta.sent[0][1]


def test_an_erasure_by_rasa_takes_what_is_held_and_the_other_conversations_along(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = "NL.1"
    house.known.find_or_start("whatsapp", user_id)
    danger = text_message("ik krijg geen adem", id="wamid.2", user_id=user_id, at=int(time.time()))
    question = text_message("een vraag", id="wamid.1", user_id=user_id, at=int(time.time()) - 5)
    house.receiver.store(read(webhook([question]), PHONE_NUMBER_ID), time.time())
    house.work(lambda: len(house.meta.sent) == 1)
    assert house.left() == [("held", "")]

    async def erase_it(rasa: Rasa, message: UserMessage) -> None:
        now = current_turn()
        with rasa.database.writing() as connection:
            erase(connection, message.sender_id, BY_VISITOR)
            assert now.also_keep is not None
            now.also_keep(connection, [{"custom": failure().payload}])
        await message.output_channel.send_custom_json(message.sender_id, failure().payload)
        now.saved, now.kind = True, "privacy"

    monkeypatch.setattr(Rasa, "__call__", erase_it)
    house.receiver.store(read(webhook([danger]), PHONE_NUMBER_ID), time.time())
    house.work(lambda: len(house.meta.sent) == 2 and not house.left())
    assert house.known.find_all("whatsapp", user_id, PHONE) == []


def test_a_yes_counts_only_after_the_question_was_really_sent(house: House) -> None:
    stranger = "31600000009"
    house.meta.errors = [refused(190)]
    house.receive("mag ik iets vragen", phone=stranger)
    house.work(house.deliverer.is_pausing)
    time.sleep(1.1)
    house.receive("ok", phone=stranger)
    time.sleep(1.1)
    house.deliverer._pause_ends = 0.0
    house.work(lambda: len(house.left()) == 2 and {state for state, _ in house.left()} == {"held"})
    assert house.rasa.heard == []
    at = int(time.time()) + 2
    yes = text_message("ja", id="wamid.yes", phone=stranger, at=at)
    house.receiver.store(read(webhook([yes]), PHONE_NUMBER_ID), at)
    house.work(lambda: house.rasa.heard == ["mag ik iets vragen", "ok"] and not house.left())


def test_erasing_takes_all_conversations_of_the_person(house: House) -> None:
    user_id = "NL.1"
    house.known.find_or_start("whatsapp", user_id)
    house.agree(user_id)
    message = text_message("stop", id="wamid.stop", user_id=user_id, at=int(time.time()))
    house.receiver.store(read(webhook([message]), PHONE_NUMBER_ID), time.time())
    house.work(lambda: len(house.meta.sent) == 1)
    message = text_message("wis dit gesprek", id="wamid.wis", user_id=user_id, at=int(time.time()))
    house.receiver.store(read(webhook([message]), PHONE_NUMBER_ID), time.time())
    house.work(lambda: len(house.meta.sent) == 2)
    assert "bonnummer" in house.meta.sent[1][1]
    assert house.known.find_all("whatsapp", user_id, PHONE) == []


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_lets_kalm_say_again_what_was_said_lately(jump: float) -> None:
    lately = Lately()
    lately.say("een vraag om toestemming", 5000.0)
    assert lately.was_said("een vraag om toestemming", 60.0, 5001.0)
    assert not lately.was_said("een vraag om toestemming", 60.0, 5000.0 + jump)
