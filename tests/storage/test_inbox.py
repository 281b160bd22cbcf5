from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from storage import claiming, inbox, outbox
from storage.claiming import CLAIM_LASTS, Claimed, LostClaimError
from storage.conversations import new_id
from storage.database import Database
from storage.inbox import Received, State
from storage.outbox import UNSURE_FOR
from storage.schema import conversations, whatsapp_inbox

NOW = 1_800_000_000.0
REPLY = [{"custom": {"kind": "answer"}}]


def received(
    number: int, sender: str = "a", at: float = 0, kind: str = "text", is_urgent: bool = False
) -> Received:
    address = {"user_id": "", "phone": "31600000001"}
    return Received(
        f"wamid.{number}", sender, address, at or NOW + number, kind, f"tekst {number}", "", is_urgent
    )


def store(database: Database, *messages: Received) -> int:
    with database.writing() as connection:
        return inbox.receive(connection, messages, NOW)


def claim(database: Database, now: float = NOW, most: int = 10, **options: bool) -> list[Claimed]:
    with database.writing() as connection:
        return claiming.claim(connection, now, most, **options)


def do(database: Database, change: Any, *arguments: Any, **options: Any) -> Any:
    with database.writing() as connection:
        return change(connection, *arguments, **options)


def state(database: Database, number: int) -> Any:
    with database.reading() as connection:
        return connection.execute(
            sa.select(whatsapp_inbox).where(whatsapp_inbox.c.text == f"tekst {number}")
        ).one_or_none()


@pytest.fixture
def claimed(database: Database) -> Claimed:
    store(database, received(1), received(2))
    (first,) = claim(database)
    return first


def test_what_comes_again_is_known_also_when_it_was_answered(database: Database, claimed: Claimed) -> None:
    assert store(database, received(1)) == 0
    do(database, claiming.settle, claimed)
    assert store(database, received(1), received(3)) == 1
    assert state(database, 1) is None


def test_of_fifty_at_once_one_is_stored(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: store(database, received(1)), range(50))) == 1


def test_of_each_sender_one_message_is_taken_in_the_order_of_typing(database: Database) -> None:
    store(database, received(1), received(2), received(3, "b"), received(4, "a", at=NOW - 60))
    assert [message.text for message in claim(database)] == ["tekst 3", "tekst 4"]
    assert claim(database) == []
    assert [message.text for message in claim(database, NOW + CLAIM_LASTS + 1)] == ["tekst 3", "tekst 4"]


def test_what_tells_of_danger_waits_for_nothing_that_was_typed_before(database: Database) -> None:
    store(database, *(received(number, f"sender {number}") for number in range(10, 50)))
    store(database, received(1), received(2), received(3, is_urgent=True))
    assert [message.text for message in claim(database, most=1)] == ["tekst 3"]
    assert claim(database, most=1) == []  # that place is kept free
    assert len(claim(database, most=9)) == 8


def test_two_messages_of_somebody_are_never_in_work_at_once(database: Database) -> None:
    store(database, received(1), received(2))
    (first,) = claim(database)
    store(database, received(3, is_urgent=True))
    assert claim(database) == []
    do(database, claiming.postpone, first, NOW + 600, "pair_limit")
    assert [message.text for message in claim(database)] == ["tekst 3"]


def test_a_message_that_stands_twice_in_one_post_is_stored_once(database: Database) -> None:
    assert store(database, received(1), received(2), received(1)) == 2


def test_no_more_are_taken_than_were_asked_for(database: Database) -> None:
    store(database, *(received(number, f"sender {number}") for number in range(5)))
    assert len(claim(database, most=2)) == 1
    assert len(claim(database, most=9)) == 4


def test_of_eight_workers_at_once_one_has_the_message(database: Database) -> None:
    store(database, received(1), received(2))
    with ThreadPoolExecutor(8) as pool:
        taken = [message for some in pool.map(lambda _: claim(database), range(8)) for message in some]
    assert [message.text for message in taken] == ["tekst 1"]


def test_when_it_is_done_the_next_one_follows(database: Database, claimed: Claimed) -> None:
    do(database, claiming.settle, claimed)
    assert [message.text for message in claim(database)] == ["tekst 2"]


def test_who_lost_the_claim_can_keep_nothing(database: Database, claimed: Claimed) -> None:
    (again,) = claim(database, NOW + CLAIM_LASTS + 1)
    assert (again.claim, again.tries) == (2, 2)
    changes: list[tuple[Any, ...]] = [
        (outbox.keep_reply, claimed, REPLY),
        (outbox.begin_sending, claimed, NOW),
        (outbox.stay_unsure, claimed, NOW),
        (claiming.postpone, claimed, NOW, "unsure"),
        (claiming.set_aside, claimed, "failed", None),
        (claiming.settle, claimed),
    ]
    for change, *arguments in changes:
        with pytest.raises(LostClaimError):
            do(database, change, *arguments)
    do(database, outbox.keep_reply, again, REPLY)


def test_a_reply_is_kept_once(database: Database, claimed: Claimed) -> None:
    do(database, outbox.keep_reply, claimed, REPLY)
    with pytest.raises(LostClaimError):
        do(database, outbox.keep_reply, claimed, [])
    assert do(database, outbox.begin_sending, claimed, NOW) == REPLY


def test_after_a_crash_a_known_reply_is_not_sought_again(database: Database, claimed: Claimed) -> None:
    do(database, outbox.keep_reply, claimed, REPLY)
    (again,) = claim(database, NOW + CLAIM_LASTS + 1)
    assert (again.state, again.reply_id) == (State.ANSWERED, claimed.reply_id)
    assert do(database, outbox.begin_sending, again, NOW) == REPLY


def test_what_may_have_been_sent_waits_and_blocks_its_sender(database: Database, claimed: Claimed) -> None:
    do(database, outbox.keep_reply, claimed, REPLY)
    do(database, outbox.begin_sending, claimed, NOW)
    do(database, outbox.stay_unsure, claimed, NOW)
    assert claim(database, NOW + UNSURE_FOR - 1) == []
    assert claim(database, NOW + UNSURE_FOR + 1, unsure_too=False) == []
    (again,) = claim(database, NOW + UNSURE_FOR + 1)
    assert again.state is State.SENDING


def test_metas_word_settles_what_was_sent_also_when_meta_had_said_no(
    database: Database, claimed: Claimed
) -> None:
    assert not do(database, outbox.settle_reply, claimed.reply_id, NOW)
    do(database, outbox.keep_reply, claimed, REPLY)
    do(database, outbox.begin_sending, claimed, NOW)
    do(database, claiming.postpone, claimed, NOW + 5, "server_error", is_known=False)
    assert do(database, outbox.settle_reply, claimed.reply_id, NOW)
    assert not do(database, outbox.settle_reply, claimed.reply_id, NOW)
    assert [message.text for message in claim(database)] == ["tekst 2"]


def test_what_waits_for_meta_is_no_failure_of_the_message(database: Database, claimed: Claimed) -> None:
    do(database, outbox.keep_reply, claimed, REPLY)
    do(database, outbox.begin_sending, claimed, NOW)
    do(database, claiming.postpone, claimed, NOW + 5, "pair_limit")
    assert claim(database, NOW + 4) == []
    (again,) = claim(database, NOW + 6)
    assert (again.state, again.tries, again.waits) == (State.ANSWERED, 1, 1)
    do(database, claiming.postpone, again, NOW + 6, "failed", is_known=False)
    assert claim(database, NOW + 7)[0].tries == 2


def test_what_is_set_aside_blocks_nobody_and_forgets_who_wrote(database: Database, claimed: Claimed) -> None:
    do(database, claiming.set_aside, claimed, "failed", None)
    row = state(database, 1)
    assert row is None  # nor its words: nobody could have them erased
    with database.reading() as connection:
        row = connection.execute(sa.select(whatsapp_inbox).where(whatsapp_inbox.c.state == "aside")).one()
    assert (row.reason, row.address, row.message_id, row.text) == ("failed", None, None, "")
    assert [message.text for message in claim(database)] == ["tekst 2"]


def test_what_is_set_aside_goes_with_its_conversation(database: Database, claimed: Claimed) -> None:
    id_ = new_id()
    with database.writing() as connection:
        connection.execute(
            conversations.insert().values(
                id=id_, channel="whatsapp", started_at=0, last_at=0, last_event=0, last_message=0, slots={}
            )
        )
        claiming.set_aside(connection, claimed, "failed", id_)
    assert state(database, 1).state == "aside"
    with database.writing() as connection:
        connection.execute(conversations.delete())
    assert state(database, 1) is None


def test_what_is_said_beside_a_message_comes_before_what_was_typed_later(
    database: Database, claimed: Claimed
) -> None:
    do(database, outbox.say_beside, claimed, REPLY)
    do(database, claiming.settle, claimed)
    (beside,) = claim(database)
    assert (beside.state, beside.text) == (State.ANSWERED, "")
    assert beside.reply_id != claimed.reply_id


def test_whether_another_of_such_a_kind_follows(database: Database) -> None:
    store(database, received(1, kind="image"), received(2), received(3, kind="image"), received(4, "b"))
    message = next(one for one in claim(database) if one.sender == "a")
    assert do(database, claiming.is_followed, message, ["image"])
    assert not do(database, claiming.is_followed, message, ["video"])


def test_at_a_start_what_waits_for_meta_is_tried_at_once_and_the_unsure_is_not(
    database: Database,
) -> None:
    store(database, received(1), received(2, "b"))
    for message in claim(database):
        do(database, outbox.keep_reply, message, REPLY)
        do(database, outbox.begin_sending, message, NOW)
        if message.sender == "a":
            do(database, claiming.postpone, message, NOW + 600, "access_token")
    do(database, outbox.try_now)
    assert [message.sender for message in claim(database, NOW + 1)] == ["a"]


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_loses_and_doubles_nothing(
    database: Database, claimed: Claimed, jump: float
) -> None:
    (again,) = claim(database, NOW + jump)
    assert again.id == claimed.id
    with pytest.raises(LostClaimError):
        do(database, outbox.keep_reply, claimed, REPLY)
    assert claim(database, NOW + jump + 1) == []
    do(database, outbox.keep_reply, again, REPLY)
    do(database, claiming.settle, again)
    assert [message.text for message in claim(database, NOW + jump + 2)] == ["tekst 2"]


def test_of_a_clock_that_is_a_little_behind_a_claim_is_a_claim(database: Database, claimed: Claimed) -> None:
    assert claim(database, NOW - CLAIM_LASTS + 1) == []
