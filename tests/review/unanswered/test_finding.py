from __future__ import annotations

import time

from review.inbox.indexing import index
from review.unanswered.finding import count_new, unanswered
from review.unanswered.keeping import different
from storage.schema import conversations, judgements
from tests.review.conftest import Shop
from tests.review.unanswered.conftest import no_answer


def texts(shop: Shop) -> set[str]:
    index(shop.database)
    with shop.database.reading() as connection:
        return {row.text for row in unanswered(connection)}


def judge(shop: Shop, message_id: int, passage: str) -> None:
    with shop.database.writing() as connection:
        connection.execute(
            judgements.insert().values(
                message_id=message_id,
                text="x",
                intent="ask_rls",
                entities=[],
                passage=passage,
                proposal="",
                judged_by=1,
                judged_at=1.0,
                second_intent="",
                candidate="",
            )
        )


def test_what_got_no_answer_or_another_subject(shop: Shop) -> None:
    shop.conversation(
        no_answer("geen"),
        {"text": "ander", "kind": "out_of_scope"},
        {"text": "goed"},
        {"text": "hoi", "kind": "small_talk"},
    )
    assert texts(shop) == {"geen", "ander"}


def test_a_question_back_counts_when_it_led_nowhere(shop: Shop) -> None:
    shop.conversation({"text": "vaag", "kind": "clarify"}, {"text": "dit"})
    shop.conversation({"text": "nog vager", "kind": "clarify"}, no_answer("dat"))
    shop.conversation({"text": "vaagst", "kind": "clarify"})
    assert texts(shop) == {"nog vager", "dat", "vaagst"}


def test_an_answer_that_was_turned_down(shop: Shop) -> None:
    shop.conversation(
        {"text": "met woorden"}, {"text": "nee", "intent": "reject_answer", "kind": "small_talk"}
    )
    shop.conversation({"text": "met een duim"}, {"text": "slecht", "kind": "small_talk", "helped": False})
    shop.conversation({"text": "was goed"}, {"text": "fijn", "kind": "small_talk", "helped": True})
    assert texts(shop) == {"met woorden", "met een duim"}


def test_what_a_reviewer_says_goes_first(shop: Shop) -> None:
    _, ids = shop.conversation({"text": "antwoord"}, no_answer("staat er wel"), no_answer("staat er niet"))
    index(shop.database)
    judge(shop, ids[0], "none")
    judge(shop, ids[1], "magnesiumtekort#lareb")
    judge(shop, ids[2], "none")
    assert texts(shop) == {"antwoord", "staat er niet"}


def test_what_is_erased_is_gone(shop: Shop) -> None:
    shop.conversation(no_answer("weg"))
    assert texts(shop) == {"weg"}
    with shop.database.writing() as connection:
        connection.execute(conversations.delete())
    assert texts(shop) == set()


def test_new_ones_are_counted(shop: Shop) -> None:
    now = time.time()
    shop.conversation(no_answer("oud"), at=now - 1000)
    shop.conversation(no_answer("nieuw"), at=now - 10)
    index(shop.database)
    with shop.database.reading() as connection:
        assert count_new(connection, now - 100) == 1


def test_the_same_question_is_one_and_what_has_no_words_is_none(shop: Shop) -> None:
    shop.conversation(
        no_answer("Kan het ook in 1 been?"), no_answer("kan het ook in 1 BEEN"), no_answer("???")
    )
    shop.conversation(no_answer("[naam] vroeg: kan het?"), no_answer("😣😣"), no_answer("1234"))
    index(shop.database)
    with shop.database.reading() as connection:
        rows = unanswered(connection)
    found = different(rows, 10)
    assert sorted(map(len, found.messages)) == [1, 2]
    assert not any("[naam]" in text for text in found.texts)
    assert different(rows, 1).left_out == 1
