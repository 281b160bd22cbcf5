from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage

from channels.visitor import clean_text, conversations, converse
from kalm import fixed_replies, logs
from kalm.limits import LONGEST_TEXT
from kalm.privacy.pseudonyms import pseudonyms
from kalm.reply import Reply
from kalm.sentences import SentencesError
from kalm.settings import settings
from storage.database import Database
from storage.messages import messages_of, store
from storage.schema import messages
from storage.turn import current_turn
from tests.storage.test_messages import user

SENDER = "+31612345678"
IN_DANGER = "ik heb ineens pijn op de borst"


class Rasa:
    """Stands in for Rasa and its tracker store: says something, and keeps it or not."""

    def __init__(self, keeps: bool = True, says: bool = True, error: Exception | None = None) -> None:
        self.keeps, self.says, self.error = keeps, says, error
        self.heard: list[UserMessage] = []

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        if self.says:
            await message.output_channel.send_text_message(message.sender_id, "gehoord")
        if self.error:
            raise self.error
        current_turn().saved = self.keeps


def say(rasa: Rasa, text: str, sender: str = SENDER) -> list[dict[str, Any]]:
    return asyncio.run(converse(conversations(), rasa, "rest", sender, text)).parts


@pytest.fixture(autouse=True)
def folder(own_database: Path) -> Path:
    return own_database


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is logged of each message."""
    logged: list[dict[str, Any]] = []
    monkeypatch.setattr(logs, "log_message", lambda **fields: logged.append(fields))
    return logged


@pytest.fixture
def gone(folder: Path) -> Iterator[None]:
    """No database, for as long as the test lasts."""
    (folder / "kalm.db").rename(folder / "weg")
    yield
    (folder / "weg").rename(folder / "kalm.db")


def test_the_reply_goes_to_the_sender_and_rasa_knows_only_the_conversation(
    lines: list[dict[str, Any]],
) -> None:
    rasa = Rasa()
    (part,) = say(rasa, "hoi")
    assert part["text"] == "gehoord"
    (message,) = rasa.heard
    assert [message.sender_id] == conversations().find_all("rest", SENDER)
    assert message.input_channel == "rest"
    assert SENDER.strip("+") not in repr(vars(message))
    (line,) = lines
    assert line["conversation"] == message.sender_id
    assert line["milliseconds"] >= 0


def test_the_same_sender_stays_in_the_same_conversation_and_another_does_not() -> None:
    rasa = Rasa()
    for sender in (SENDER, SENDER, "een ander"):
        say(rasa, "hoi", sender)
    first, again, other = (message.sender_id for message in rasa.heard)
    assert first == again != other


def test_rasa_hears_the_masked_text() -> None:
    rasa = Rasa()
    say(rasa, "mail me op truus@example.org of bel 06 12345678")
    assert rasa.heard[0].text == "mail me op [e-mailadres] of bel [telefoonnummer]"


@pytest.mark.parametrize(
    "rasa",
    [Rasa(keeps=False), Rasa(says=False), Rasa(error=ValueError("stuk")), Rasa(error=asyncio.TimeoutError())],
    ids=["not kept", "nothing said", "an error", "too late"],
)
def test_what_is_not_kept_or_not_answered_gets_an_apology(rasa: Rasa, lines: list[dict[str, Any]]) -> None:
    text, data = say(rasa, "wat is rls")
    assert data["custom"]["kind"] == "failure"
    assert "geen medisch advies" in text["text"]
    assert lines[0]["kind"] == "failure"


def test_without_a_database_rasa_is_not_even_asked(gone: None) -> None:
    rasa = Rasa()
    _, data = say(rasa, "wat is rls")
    assert data["custom"]["kind"] == "failure"
    assert rasa.heard == []


def test_that_messages_are_kept_again_is_noted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[str] = []
    monkeypatch.setattr(logs, "note", lambda event, **_: noted.append(event))
    known = conversations()
    for keeps in (True, False, False, True, True):
        asyncio.run(converse(known, Rasa(keeps=keeps), "rest", SENDER, "hoi"))
    assert noted.count("messages are kept again") == 1


def test_who_is_in_danger_hears_whom_to_call_whatever_fails(gone: None) -> None:
    text, data = say(Rasa(), IN_DANGER)
    assert data["custom"]["kind"] == "emergency"
    assert "112" in text["text"]


def test_a_mask_that_fails_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> str:
        raise ValueError(text)

    known, rasa = conversations(), Rasa()
    monkeypatch.setattr("channels.visitor.mask_message", fail)
    _, data = asyncio.run(converse(known, rasa, "rest", SENDER, "mijn nummer is 06 12345678")).parts
    assert data["custom"]["kind"] == "failure"
    assert rasa.heard == []


def test_the_apology_is_the_one_that_an_editor_wrote() -> None:
    text, _ = say(Rasa(keeps=False), "hoi")
    assert text["text"] == fixed_replies.failure().text


def test_the_key_of_this_installation_is_made_at_the_first_use(folder: Path) -> None:
    assert pseudonyms().names
    assert (folder / "pseudonym.key").exists()


HALF_EMOJI = "\ud83d"


@pytest.mark.parametrize("text", ["", "  ", "/", " // ", "\n/\t/", HALF_EMOJI, f"/{HALF_EMOJI} ", "\x00"])
def test_a_text_without_words_gets_a_reply_that_says_so(text: str) -> None:
    rasa = Rasa()
    assert say(rasa, text)[1]["custom"]["kind"] == "no_answer"
    assert rasa.heard == []


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (" hoi ", "hoi"),
        (" //restart nu / straks", "restart nu / straks"),
        (f"hoi {HALF_EMOJI} 🙂", "hoi  🙂"),
        ("een\x00 twee\x1b\nregel\ttab", "een twee\nregel\ttab"),
    ],
)
def test_what_nobody_types_is_taken_off(typed: str, text: str) -> None:
    assert clean_text(typed) == text


def test_a_text_over_the_limit_is_refused_unless_it_is_a_cry_for_help() -> None:
    rasa = Rasa()
    assert say(rasa, "a" * (LONGEST_TEXT + 1))[1]["custom"]["kind"] == "no_answer"
    assert rasa.heard == []
    say(rasa, f"{IN_DANGER} {'a ' * LONGEST_TEXT}")
    assert len(rasa.heard) == 1


def test_an_apology_is_kept_with_the_message_it_answers(folder: Path) -> None:
    async def keeps_and_says_nothing(message: UserMessage) -> None:
        def keep() -> None:
            database = Database(settings().database_url)
            with database.writing() as connection:
                store(connection, message.sender_id, messages_of([user(message.text)]), 0, 5)
            database.close()

        await asyncio.to_thread(keep)
        current_turn().saved, current_turn().number = True, 1

    sender = "zonder antwoord"
    asyncio.run(converse(conversations(), keeps_and_says_nothing, "rest", sender, "wat is rls"))
    with Database(settings().database_url).reading() as connection:
        row = connection.execute(
            sa.select(messages).where(
                messages.c.conversation_id.in_(conversations().find_all("rest", sender))
            )
        ).one()
    assert row.kind == "failure"
    assert row.reply[0]["custom"]["kind"] == "failure"


def test_when_not_even_an_apology_can_be_made_the_numbers_are_told(
    monkeypatch: pytest.MonkeyPatch, lines: list[dict[str, Any]]
) -> None:
    known = conversations()

    def fail(text: str) -> Reply:
        raise SentencesError("een zin klopt niet")

    monkeypatch.setattr("channels.visitor.apology", fail)
    (text,) = asyncio.run(converse(known, Rasa(keeps=False), "rest", SENDER, "ik heb pijn op de borst")).parts
    assert "112" in text["text"]
    assert "113" in text["text"]
    assert "geen medisch advies" in text["text"]
    assert lines[0]["kind"] == "failure"
