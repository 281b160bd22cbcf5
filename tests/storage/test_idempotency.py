from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import action_endpoint
from kalm.privacy.pseudonyms import Pseudonyms
from storage import idempotency
from storage.conversations import Conversations
from storage.database import PATIENCE, Database
from storage.erasure import delete_conversations
from storage.idempotency import GIVEN_UP_AFTER, Claim, State
from storage.lock_store import WAIT_AT_MOST
from tests.storage.test_messages import bot, keep, user

NOW = 1_800_000_000.0


@pytest.fixture
def known(database: Database) -> Conversations:
    return Conversations(database, Pseudonyms([bytes(32)]))


@pytest.fixture
def conversation(known: Conversations) -> str:
    return known.find_or_start("rest", "jan")


def claim(database: Database, conversation: str, key: str = "a", now: float = NOW) -> Claim:
    with database.writing() as connection:
        return idempotency.claim(connection, conversation, key, now)


def settle(database: Database, conversation: str, number: int, key: str = "a") -> None:
    with database.writing() as connection:
        idempotency.settle(connection, conversation, key, number)


def test_a_message_is_claimed_by_one_and_found_again_by_the_next(
    database: Database, conversation: str
) -> None:
    assert claim(database, conversation) == Claim(State.YOURS)
    assert claim(database, conversation) == Claim(State.BUSY)
    settle(database, conversation, 3)
    assert claim(database, conversation) == Claim(State.ANSWERED, 3)
    assert claim(database, conversation, key="b") == Claim(State.YOURS)


def test_a_claim_of_who_died_is_free_after_a_while(database: Database, conversation: str) -> None:
    claim(database, conversation)
    assert claim(database, conversation, now=NOW + GIVEN_UP_AFTER - 1).state is State.BUSY
    assert claim(database, conversation, now=NOW + GIVEN_UP_AFTER).state is State.YOURS
    assert claim(database, conversation, now=NOW + GIVEN_UP_AFTER + 1).state is State.BUSY


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_blocks_no_message(database: Database, conversation: str, jump: float) -> None:
    claim(database, conversation)
    assert claim(database, conversation, now=NOW + jump).state is State.YOURS
    assert claim(database, conversation, now=NOW + jump + 1).state is State.BUSY


def test_a_message_of_which_nothing_was_kept_can_be_sent_again(database: Database, conversation: str) -> None:
    claim(database, conversation)
    settle(database, conversation, 0)
    assert claim(database, conversation).state is State.YOURS


@pytest.mark.parametrize(("kind", "state"), [("failure", State.YOURS), ("handoff", State.ANSWERED)])
def test_an_apology_is_no_answer(
    known: Conversations, database: Database, conversation: str, kind: str, state: State
) -> None:
    keep(known, database, [user("een vraag"), bot(kind, message="Zo.")])
    claim(database, conversation)
    settle(database, conversation, 1)
    assert claim(database, conversation).state is state


def test_an_erased_conversation_takes_its_keys_along(database: Database, conversation: str) -> None:
    claim(database, conversation)
    with database.writing() as connection:
        assert delete_conversations(connection, [conversation])["idempotency_keys"] == 1
    settle(database, conversation, 1)


def test_of_eight_at_once_one_answers(database: Database, conversation: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        states = [found.state for found in pool.map(lambda _: claim(database, conversation), range(8))]
    assert sorted(states, key=str) == sorted([State.YOURS, *[State.BUSY] * 7], key=str)


def test_how_many_came_lately(database: Database, conversation: str) -> None:
    for number in range(3):
        claim(database, conversation, key=str(number), now=NOW + number)
    with database.reading() as connection:
        assert idempotency.claimed_since(connection, conversation, NOW) == [NOW + 1, NOW + 2]
        assert idempotency.claimed_since(connection, "another", NOW) == []


def test_nobody_still_answers_what_is_given_up() -> None:
    assert GIVEN_UP_AFTER > WAIT_AT_MOST + action_endpoint.GIVEN_UP_AFTER + 2 * PATIENCE
