from __future__ import annotations

from storage import held, outbox
from storage.database import Database
from tests.storage.test_inbox import NOW, REPLY, claim, do, received, state, store


def test_what_is_held_blocks_nobody_and_is_answered_when_it_is_released(database: Database) -> None:
    store(database, received(1), received(2), received(3, "b"))
    first = claim(database)[0]
    do(database, held.hold_back, first, NOW)
    (second,) = claim(database)
    assert second.text == "tekst 2"
    do(database, held.hold_back, second, NOW)
    with database.reading() as connection:
        assert [row.text for row in held.held_of(connection, ["a"])] == ["tekst 1", "tekst 2"]
        assert held.held_of(connection, ["b"]) == []
    assert claim(database) == []
    assert do(database, held.release, ["a", "another"]) == 2
    (again,) = claim(database)
    assert (again.text, again.tries) == ("tekst 1", 1)


def test_when_the_question_was_sent_is_kept_beside_what_is_held_and_taken_away_by_talk(
    database: Database,
) -> None:
    def asked() -> list[float | None]:
        with database.reading() as connection:
            return [row.asked_at for row in held.held_of(connection, ["a"])]

    store(database, received(1))
    (message,) = claim(database)
    do(database, outbox.say_beside, message, REPLY, outbox.QUESTION)
    do(database, held.hold_back, message, NOW)
    assert asked() == [None]
    (question,) = claim(database)
    do(database, outbox.begin_sending, question, NOW)
    assert do(database, outbox.settle_reply, question.reply_id, NOW + 1)
    assert asked() == [NOW + 1]
    do(database, held.note_asked, ["a"], None)
    assert asked() == [None]
    do(database, held.note_asked, ["a"], NOW)
    do(database, held.release, ["a"])
    assert state(database, 1).asked_at is None


def test_a_no_forgets_what_is_held_of_this_sender(database: Database) -> None:
    store(database, received(1), received(2, "b"))
    for message in claim(database):
        do(database, held.hold_back, message, NOW)
    do(database, held.drop_held, ["a"])
    assert (state(database, 1), state(database, 2).state) == (None, "held")


def test_who_says_nothing_is_forgotten_within_a_day(database: Database) -> None:
    store(database, received(1), received(2, "b"))
    held_one, _ = claim(database)
    do(database, held.hold_back, held_one, NOW)
    assert held.forget_expired(database, NOW + held.HELD_FOR - 1) == 0
    assert held.forget_expired(database, NOW + held.HELD_FOR + 1) == 1
    assert state(database, 2) is not None
    assert store(database, received(1)) == 0  # and known when it comes again
