from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockError

from channels import in_time
from channels.in_time import InTime
from channels.visitor import Said, clean_text, conversations, converse
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
    return asyncio.run(converse(conversations(), rasa, "rest", sender, text, InTime())).parts


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
        asyncio.run(converse(known, Rasa(keeps=keeps), "rest", SENDER, "hoi", InTime()))
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
    _, data = asyncio.run(converse(known, rasa, "rest", SENDER, "mijn nummer is 06 12345678", InTime())).parts
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
    asyncio.run(converse(conversations(), keeps_and_says_nothing, "rest", sender, "wat is rls", InTime()))
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
    (text,) = asyncio.run(
        converse(known, Rasa(keeps=False), "rest", SENDER, "ik heb pijn op de borst", InTime())
    ).parts
    assert "112" in text["text"]
    assert "113" in text["text"]
    assert "geen medisch advies" in text["text"]
    assert lines[0]["kind"] == "failure"


def kept_of(sender: str) -> list[sa.engine.Row]:
    with Database(settings().database_url).reading() as connection:
        of_sender = messages.c.conversation_id.in_(conversations().find_all("rest", sender))
        return list(connection.execute(sa.select(messages).where(of_sender).order_by(messages.c.number)))


class Keeping:
    """Stands in for Rasa and its tracker store: keeps each message with an answer, after a while."""

    def __init__(self, slow: float = 0.0) -> None:
        self.slow = slow

    async def __call__(self, message: UserMessage) -> None:
        await asyncio.sleep(self.slow)
        await message.output_channel.send_text_message(message.sender_id, "een laat antwoord")
        await asyncio.to_thread(self._keep, message)

    def _keep(self, message: UserMessage) -> None:
        database = Database(settings().database_url)
        with database.writing() as connection:
            number = sa.select(sa.func.count()).where(messages.c.conversation_id == message.sender_id)
            before = connection.scalar(number) or 0
            said = messages_of([user(message.text)])
            current_turn().number = store(connection, message.sender_id, said, before, 5)
        database.close()
        current_turn().saved, current_turn().kind = True, "small_talk"


def test_who_waits_too_long_hears_an_apology_and_that_is_what_is_kept(
    monkeypatch: pytest.MonkeyPatch, lines: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr(in_time, "ANSWER_WITHIN", 0.2)
    sender = "die te lang wacht"

    async def run() -> None:
        answers, known = InTime(), conversations()
        late = await converse(known, Keeping(0.6), "rest", sender, "wat is rls", answers)
        assert late.parts[1]["custom"]["kind"] == "failure"
        assert "geen medisch advies" in late.parts[0]["text"]
        assert kept_of(sender) == []
        await answers.finish(None, asyncio.get_running_loop())  # type: ignore[arg-type]

    asyncio.run(run())
    (row,) = kept_of(sender)
    assert (row.text, row.kind, row.reply[0]["custom"]["kind"]) == ("wat is rls", "failure", "failure")
    assert [line["kind"] for line in lines] == ["failure"]


def test_who_hangs_up_is_answered_all_the_same_for_who_reads_it_later() -> None:
    sender = "die ophing"

    async def run() -> None:
        answers = InTime()
        said = asyncio.create_task(
            converse(conversations(), Keeping(0.3), "rest", sender, "wat is rls", answers)
        )
        await asyncio.sleep(0.1)
        said.cancel()
        await asyncio.gather(said, return_exceptions=True)
        await answers.finish(None, asyncio.get_running_loop())  # type: ignore[arg-type]

    asyncio.run(run())
    assert [row.text for row in kept_of(sender)] == ["wat is rls"]


def test_messages_of_one_sender_stay_in_the_order_in_which_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Masking takes longer for the first ones here: what is short would overtake what is long."""

    def mask(text: str) -> str:
        time.sleep(0.05 * (5 - int(text)) if text.isdigit() else 0)
        return text

    known = conversations()
    monkeypatch.setattr("channels.visitor.mask_message", mask)

    async def run() -> None:
        def say(text: str) -> Coroutine[Any, Any, Said]:
            return converse(known, Keeping(), "rest", "die veel stuurt", text, answers)

        answers = InTime()
        await asyncio.gather(*(say(str(number)) for number in range(5)))

    asyncio.run(run())
    assert [row.text for row in kept_of("die veel stuurt")] == ["0", "1", "2", "3", "4"]


def test_what_rasa_never_came_to_read_is_kept_with_the_apology() -> None:
    sender = "die niet aan de beurt kwam"
    rasa = Rasa(keeps=False, error=LockError("given up"))
    said = asyncio.run(converse(conversations(), rasa, "rest", sender, "wat is rls", InTime()))
    (row,) = kept_of(sender)
    assert (row.text, row.kind, row.number, said.number) == ("wat is rls", "failure", 1, 1)
    asyncio.run(converse(conversations(), Keeping(), "rest", sender, "en daarna", InTime()))
    assert [row.number for row in kept_of(sender)] == [1, 2]
