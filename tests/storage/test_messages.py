from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row
from sqlalchemy.sql import Select

from storage import messages
from storage.conversations import Conversations
from storage.database import Database
from storage.messages import Message, messages_of
from storage.schema import feedback, handovers
from storage.schema import messages as table
from tests.storage.test_conversations import known

__all__ = ["known"]  # the fixture
PASSAGE = {
    "id": "rls#wat",
    "text": "Rusteloze benen geven een drang om te bewegen.",
    "url": "https://example.org/rls",
    "hash": "0123456789abcdef",
}


def user(text: str = "wat is rls", **others: Any) -> dict[str, Any]:
    parsed = {"intent": {"name": "ask_rls", "confidence": 0.8}}
    return {
        "event": "user",
        "text": text,
        "timestamp": 7.5,
        "input_channel": "rest",
        "parse_data": parsed,
        **others,
    }


def bot(kind: str = "answer", **others: Any) -> dict[str, Any]:
    return {
        "event": "bot",
        "text": "...",
        "data": {"custom": {"kind": kind, "passages": [PASSAGE], **others}},
    }


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


ACTION = {"event": "action", "name": "action_listen", "timestamp": 1.0}
SMALL_TALK = {"event": "bot", "text": "Graag gedaan.", "data": {}}


def test_a_message_holds_what_was_understood_and_answered() -> None:
    (message,) = messages_of([ACTION, user(), slot("helped", None), ACTION, bot(), ACTION])
    assert message.text == "wat is rls"
    assert (message.at, message.channel) == (7.5, "rest")
    assert (message.intent, message.confidence) == ("ask_rls", 0.8)
    assert message.kind == "answer"
    assert message.helped is None
    assert message.passages == [{"id": "rls#wat", "hash": "0123456789abcdef"}]


def test_small_talk_and_silence_have_a_kind_of_their_own() -> None:
    assert [message.kind for message in messages_of([user(), SMALL_TALK, user(), ACTION])] == [
        "small_talk",
        "nothing",
    ]
    (message,) = messages_of([user(), SMALL_TALK])
    assert message.reply == ({"text": "Graag gedaan."},)


def test_events_without_a_message_make_none() -> None:
    assert messages_of([]) == []
    assert messages_of([ACTION, slot("helped", True), bot()]) == []


def test_what_rasa_left_out_does_no_harm() -> None:
    (message,) = messages_of([{"event": "user", "text": None, "timestamp": 1}])
    assert message == Message("", 1.0, "", "", 0.0, (), None, {"ranking": [], "entities": []})


def keep(known: Conversations, database: Database, *turns: list[dict[str, Any]]) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    after = 0
    for events in turns:
        with database.writing() as connection:
            after = messages.store(connection, conversation_id, messages_of(events), after, 12)


def rows(database: Database, query: Select) -> list[Row]:
    with database.reading() as connection:
        return list(connection.execute(query))


def test_it_comes_back_from_the_database_as_it_went_in(known: Conversations, database: Database) -> None:
    keep(known, database, [user("hoeveel µg? 🦵 ‘Ruïnen’"), bot()])
    (row,) = rows(database, sa.select(table))
    assert (row.number, row.text, row.kind, row.milliseconds) == (1, "hoeveel µg? 🦵 ‘Ruïnen’", "answer", 12)
    assert row.reply == [{"custom": {"kind": "answer", "passages": [PASSAGE]}}]
    assert row.passages[0]["id"] == "rls#wat"


def test_yes_and_no_are_kept_with_the_answer_they_are_about(known: Conversations, database: Database) -> None:
    keep(
        known,
        database,
        [user("een"), bot()],
        [user("twee"), bot("no_answer")],
        [user("dank je"), slot("helped", True), SMALL_TALK],
        [user("nee toch niet"), slot("helped", False), SMALL_TALK],
    )
    about = sa.select(table.c.text, feedback.c.helped).join(feedback, feedback.c.message_id == table.c.id)
    assert sorted(map(tuple, rows(database, about))) == [("een", False), ("een", True)]


def test_a_judgement_without_an_answer_before_it_is_about_nothing(
    known: Conversations, database: Database
) -> None:
    keep(known, database, [user("dank je"), slot("helped", True), SMALL_TALK])
    assert rows(database, sa.select(feedback)) == []


def test_asking_for_a_person_is_a_handover(known: Conversations, database: Database) -> None:
    keep(known, database, [user("een"), bot()], [user("medewerker"), bot("handoff")])
    open_ones = sa.select(table.c.text, handovers.c.state).join(
        handovers, handovers.c.message_id == table.c.id
    )
    assert list(map(tuple, rows(database, open_ones))) == [("medewerker", "open")]
