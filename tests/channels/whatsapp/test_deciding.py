from __future__ import annotations

import pytest

from channels.whatsapp.deciding import Decision, Do, Held, Known, Typed, decide
from channels.whatsapp.inbound.kinds import Kind
from kalm.channel_replies import AGREES, REFUSES, consent_hash
from kalm.sentences import sentences
from storage.consents import Consent

NOW = 1_800_000_000.0
ID = "0123456789abcdef"
QUESTION = "Wat zijn rusteloze benen?"
DANGER = "ik heb ineens pijn op de borst"

STRANGER = Known()
AGREED = Known(ID, Consent(consent_hash()))
AGREED_TO_ANOTHER_TEXT = Known(ID, Consent("another"))
STOPPED = Known(ID, Consent(consent_hash(), NOW - 60))
IN_DANGER = Known(ID, in_danger=True)
IN_DANGER_AFTER_STOP = Known(ID, Consent(consent_hash(), NOW - 60), in_danger=True)
ASKED = Known(held=(Held(QUESTION, NOW - 6, asked_at=NOW - 5),))
ASKED_LONG_AGO = Known(held=(Held(QUESTION, NOW - 3600, asked_at=NOW - 3600),))
NOT_ASKED_YET = Known(held=(Held(QUESTION, NOW - 5),))
ASKED_AFTER_STOP = Known(
    ID, Consent(consent_hash(), NOW - 60), held=(Held("start", NOW - 5, asked_at=NOW - 5),)
)


def typed(text: str, known: Known) -> Decision:
    return decide(Typed(Kind.TEXT, text, "", NOW), known, NOW)


def sent(kind: Kind, text: str, chosen: str, known: Known) -> Decision:
    return decide(Typed(kind, text, chosen, NOW), known, NOW)


@pytest.mark.parametrize(
    ("text", "known", "do"),
    [
        (QUESTION, STRANGER, Do.ASK_AND_HOLD),
        (QUESTION, AGREED_TO_ANOTHER_TEXT, Do.ASK_AND_HOLD),
        (QUESTION, ASKED, Do.HOLD),
        (QUESTION, ASKED_LONG_AGO, Do.ASK_AND_HOLD),
        (QUESTION, AGREED, Do.RASA),
        (QUESTION, IN_DANGER, Do.RASA),
        (QUESTION, STOPPED, Do.SAY),
        ("ja", ASKED, Do.AGREE),
        ("Ja, dat is goed", ASKED_LONG_AGO, Do.AGREE),
        ("👍", ASKED, Do.AGREE),
        ("ja", ASKED_AFTER_STOP, Do.AGREE),
        ("ja", STRANGER, Do.ASK_AND_HOLD),  # nothing was asked
        ("ja", AGREED, Do.RASA),
        ("nee", ASKED, Do.REFUSE),
        ("liever niet", ASKED, Do.REFUSE),
        ("nee", AGREED, Do.RASA),
        ("stop", STRANGER, Do.STOP),
        ("STOP.", AGREED, Do.STOP),
        ("stop", IN_DANGER, Do.STOP),
        ("stop alsjeblieft", AGREED, Do.STOP),
        ("ik wil stoppen", IN_DANGER, Do.RASA),
        ("nee ik ben alleen", IN_DANGER_AFTER_STOP, Do.RASA),
        ("medewerker", STOPPED, Do.SAY),
        ("a" * 1001, IN_DANGER, Do.SAY),
        ("", IN_DANGER_AFTER_STOP, Do.SAY),
        ("ok bedankt", ASKED, Do.HOLD),
        ("ja maar", ASKED, Do.HOLD),
        ("start", STOPPED, Do.ASK_AND_HOLD),
        ("start", IN_DANGER_AFTER_STOP, Do.ASK_AND_HOLD),
        ("start", AGREED, Do.SAY),
        ("start", STRANGER, Do.ASK_AND_HOLD),
        ("medewerker", STRANGER, Do.SAY),
        ("medewerker", AGREED, Do.RASA),
        ("wis dit gesprek", AGREED, Do.RASA),  # which asks whether it is sure
        ("wis dit gesprek", STOPPED, Do.ERASE),
        ("wis dit gesprek", STRANGER, Do.ERASE),
        ("a" * 1001, AGREED, Do.SAY),
        ("", AGREED, Do.SAY),
        ("", STOPPED, Do.NOTHING),
    ],
)
def test_consent_comes_first_and_stop_always_works(text: str, known: Known, do: Do) -> None:
    assert typed(text, known).do is do


@pytest.mark.parametrize(
    "known", [STRANGER, AGREED, AGREED_TO_ANOTHER_TEXT, STOPPED, IN_DANGER, ASKED, ASKED_AFTER_STOP]
)
def test_danger_is_never_kept_waiting(known: Known) -> None:
    assert typed(DANGER, known) == Decision(Do.RASA, DANGER)


@pytest.mark.parametrize(
    ("before", "text"), [("ik heb pijn", "op mijn borst"), ("ik wil", "niet meer leven")]
)
def test_danger_in_two_pieces_is_seen_before_consent_too(before: str, text: str) -> None:
    assert typed(before, STRANGER).do is Do.ASK_AND_HOLD
    decision = typed(text, Known(held=(Held(before, NOW - 5),)))
    assert decision.do in (Do.RASA, Do.RASA_AS_ONE)
    assert text in decision.text


def test_a_yes_typed_before_the_question_came_is_none() -> None:
    early = Typed(Kind.TEXT, "ja", "", NOW - 60)
    assert decide(early, ASKED, NOW).do is Do.HOLD
    assert decide(Typed(Kind.TEXT, "ja", "", float(int(NOW - 5))), ASKED, NOW).do is Do.AGREE


def test_a_no_counts_also_when_the_question_was_sent_only_just_then() -> None:
    early = Typed(Kind.TEXT, "liever niet", "", NOW - 60)
    assert decide(early, ASKED, NOW).do is Do.REFUSE
    assert decide(early, NOT_ASKED_YET, NOW).do is Do.ASK_AND_HOLD


def test_who_read_the_question_and_answers_something_else_is_asked_in_short() -> None:
    asked = Known(held=(Held(QUESTION, NOW - 21, asked_at=NOW - 20),))
    decision = typed("wat bewaren jullie dan?", asked)
    assert decision.do is Do.ASK_AND_HOLD
    assert decision.reply is not None
    assert sentences().consent_unclear in decision.reply.message
    assert decide(Typed(Kind.TEXT, "en nog iets", "", NOW - 18), asked, NOW).do is Do.HOLD
    assert typed("oke dan", asked).do is Do.AGREE


@pytest.mark.parametrize("known", [STRANGER, ASKED, STOPPED])
def test_what_the_model_takes_for_danger_is_not_kept_waiting_either(known: Known) -> None:
    suspected = Typed(Kind.TEXT, "ik ben zo moe en niemand helpt me", "", NOW, is_suspected=True)
    assert decide(suspected, known, NOW) == Decision(Do.RASA, suspected.text)
    assert decide(Typed(Kind.TEXT, "stop", "", NOW, is_suspected=True), known, NOW).do is Do.STOP


def test_a_yes_after_something_else_was_said_is_none() -> None:
    assert typed("ok", NOT_ASKED_YET).do is Do.ASK_AND_HOLD  # what is said takes the time of asking away


def test_of_many_messages_that_are_held_a_few_may_be_pieces() -> None:
    many = Known(held=tuple(Held("a" * 4096, NOW - 5) for _ in range(300)))
    decision = typed(f"{DANGER} ", many)
    assert len(decision.text) < 5000
    pieces = typed("op mijn borst", Known(held=(*many.held, Held("ik heb pijn", NOW - 5))))
    assert pieces.do is Do.RASA_AS_ONE
    assert len(pieces.text) < 5000


def test_who_stops_in_danger_hears_whom_to_call() -> None:
    for known, text in ((IN_DANGER, "stop"), (STOPPED, "en nu?")):
        reply = typed(text, known).reply
        assert reply is not None
        assert sentences().danger_line in reply.message


def test_an_edit_that_tells_of_danger_is_answered() -> None:
    assert sent(Kind.EDIT, DANGER, "", AGREED).do is Do.RASA
    assert sent(Kind.EDIT, QUESTION, "", AGREED).do is Do.NOTHING


def test_pieces_of_long_ago_are_another_story() -> None:
    assert typed("op mijn borst", Known(held=(Held("ik heb pijn", NOW - 400),))).do is Do.ASK_AND_HOLD


def test_a_pressed_yes_counts_for_the_text_it_stood_under_alone() -> None:
    for known in (STRANGER, STOPPED, ASKED):
        assert sent(Kind.BUTTON_REPLY, "Ja", f"{AGREES}{consent_hash()}", known).do is Do.AGREE
    old = sent(Kind.BUTTON_REPLY, "Ja", f"{AGREES}another", STRANGER)
    assert old.do is Do.ASK
    assert old.reply is not None
    assert sentences().consent_whatsapp in old.reply.message


def test_a_pressed_no_is_a_no_and_later_a_stop() -> None:
    assert sent(Kind.BUTTON_REPLY, "Liever niet", REFUSES, ASKED).do is Do.REFUSE
    assert sent(Kind.BUTTON_REPLY, "Liever niet", REFUSES, AGREED).do is Do.STOP


def test_what_was_pressed_counts_and_not_its_title() -> None:
    assert sent(Kind.LIST_REPLY, "Wat is RLS?", QUESTION, AGREED) == Decision(Do.RASA, QUESTION)


@pytest.mark.parametrize("kind", [Kind.REACTION, Kind.SYSTEM, Kind.EDIT, Kind.DELETION])
def test_what_asks_nothing_gets_no_reply(kind: Kind) -> None:
    assert sent(kind, "", "", STRANGER) == Decision(Do.NOTHING)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (Kind.VOICE, "cannot_listen"),
        (Kind.AUDIO, "cannot_listen"),
        (Kind.IMAGE, "cannot_see"),
        (Kind.VIDEO, "cannot_see"),
        *[
            (kind, "cannot_read")
            for kind in (Kind.DOCUMENT, Kind.STICKER, Kind.LOCATION, Kind.CONTACTS, Kind.ORDER)
        ],
        (Kind.UNSUPPORTED, "cannot_read"),
        (Kind.UNKNOWN, "cannot_read"),
        (Kind.TEXT, "empty"),
    ],
)
def test_what_has_no_words_gets_a_kind_sentence_also_from_a_stranger(kind: Kind, sentence: str) -> None:
    for known in (STRANGER, AGREED):
        decision = sent(kind, "", "", known)
        assert decision.do is Do.SAY
        assert decision.reply is not None
        assert decision.reply.message == getattr(sentences(), sentence)


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.VIDEO, Kind.DOCUMENT])
def test_the_words_beside_a_photo_are_answered(kind: Kind) -> None:
    assert sent(kind, QUESTION, "", AGREED) == Decision(Do.RASA, QUESTION)
