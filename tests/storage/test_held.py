from __future__ import annotations

from storage import held, inbox
from storage.database import Database
from tests.storage.test_inbox import NOW, claim, do, received, state, store


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


def test_something_else_that_is_said_is_kept_beside_what_is_held(database: Database) -> None:
    store(database, received(1), received(2))
    do(database, held.hold_back, claim(database)[0], NOW)
    do(database, held.note_talk, ["a"])
    do(database, held.hold_back, claim(database)[0], NOW)
    with database.reading() as connection:
        assert [row.reason for row in held.held_of(connection, ["a"])] == ["talked", ""]
    do(database, held.release, ["a"])
    assert state(database, 1).reason == ""


def test_a_no_forgets_what_is_held_of_this_sender(database: Database) -> None:
    store(database, received(1), received(2, "b"))
    for message in claim(database):
        do(database, held.hold_back, message, NOW)
    assert do(database, held.drop_held, ["a"]) == 1
    assert (state(database, 1), state(database, 2).state) == (None, "held")


def test_who_says_nothing_is_forgotten_within_a_day(database: Database) -> None:
    store(database, received(1), received(2, "b"))
    held_one, _ = claim(database)
    do(database, held.hold_back, held_one, NOW)
    assert held.forget_expired(database, NOW + held.HELD_FOR - 1) == 0
    assert held.forget_expired(database, NOW + held.HELD_FOR + 1) == 1
    assert state(database, 2) is not None
    assert store(database, received(1)) == 0  # and known when it comes again


def test_it_is_inbox_that_knows_the_states() -> None:
    assert {one.value for one in inbox.State} == {"waiting", "held", "answered", "sending", "aside"}
