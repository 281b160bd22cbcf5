from __future__ import annotations

import pytest

from kalm.conversation import Conversation
from kalm.danger_replies import danger, danger_message, settled
from kalm.forgetting import agrees_to_erase, erased, kept, privacy, refuses_to_erase
from kalm.reply import Disclaimer, Kind
from kalm.sentences import sentences

TALKED = Conversation(
    disclaimed=True, topic="ijzer", question="ijzer", shown=("ijzer#eten",), conditions=("zwangerschap",)
)
IN_DANGER = danger(Kind.CRISIS, "ik wil niet meer leven", TALKED).conversation


def test_what_is_kept_is_told_in_days_and_erasing_is_offered_not_done() -> None:
    answer = privacy(TALKED)
    assert answer.reply.kind is Kind.PRIVACY
    assert "30 dagen" in answer.reply.message
    assert "90 dagen" in answer.reply.message
    assert [offer.payload for offer in answer.reply.suggestions] == [
        sentences().privacy_yes,
        sentences().privacy_no,
    ]
    assert answer.conversation.conditions == ("zwangerschap",)
    assert answer.conversation.topic == "ijzer"


def test_a_button_has_room_for_what_it_says() -> None:
    assert all(len(title) <= 20 for title in (sentences().privacy_yes, sentences().privacy_no))


def test_the_receipt_number_is_told() -> None:
    assert "K-2345-6789" in erased("K-2345-6789", TALKED).reply.message


@pytest.mark.parametrize(
    "answer",
    [privacy(IN_DANGER), kept(IN_DANGER), erased("K-2345-6789", IN_DANGER)],
    ids=["ask", "no", "yes"],
)
def test_a_danger_comes_first_and_its_disclaimer_stays(answer: object) -> None:
    reply = answer.reply  # type: ignore[attr-defined]
    assert reply.message.startswith(danger_message(IN_DANGER))
    assert reply.disclaimer is Disclaimer.DANGER


def test_the_choice_is_offered_in_danger_as_well() -> None:
    assert len(privacy(IN_DANGER).reply.suggestions) == 2


def test_a_danger_that_is_over_is_not_named() -> None:
    over = settled("het gaat weer", IN_DANGER)
    assert over is not None
    assert privacy(over.conversation).reply.message == sentences().privacy


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ja", "affirm"),
        (" Ja, wis dit gesprek ", "forget_me"),
        ("Ja, wis dit gesprek", "out_of_scope"),
        ("ja, wis dit gesprek.", "forget_me"),
        ("ja vergeet alles", "forget_me"),
        ("wis het", "nlu_fallback"),
        ("oke wissen maar", "nlu_fallback"),
        ("verwijder alles aub", "forget_me"),
        ("1", "choose_suggestion"),
        ("de eerste graag", "choose_suggestion"),
    ],
)
def test_a_clear_yes_erases(text: str, intent: str) -> None:
    assert agrees_to_erase(text, intent)
    assert not refuses_to_erase(text, intent)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("nee", "deny"),
        ("Nee, laat maar staan", "out_of_scope"),
        ("nee wis het niet", "deny"),
        ("2", "choose_suggestion"),
        ("de laatste", "choose_suggestion"),
    ],
)
def test_a_clear_no_keeps(text: str, intent: str) -> None:
    assert refuses_to_erase(text, intent)
    assert not agrees_to_erase(text, intent)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("wie kan dit lezen", "forget_me"),
        ("ja maar nog niet", "affirm"),
        ("wat als ik ja zeg", "affirm"),
        ("vergeet niet dat ik zwanger ben", "forget_me"),
        ("ik wil eerst nog iets vragen", "affirm"),
        ("worden ze gewist?", "forget_me"),
        ("wat is ferritine", "ask_rls"),
        ("3", "choose_suggestion"),
        ("", "nlu_fallback"),
    ],
)
def test_anything_else_is_neither(text: str, intent: str) -> None:
    assert not agrees_to_erase(text, intent)
    assert not refuses_to_erase(text, intent)
