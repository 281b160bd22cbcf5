from __future__ import annotations

import pytest

from kalm.conversation import Conversation
from kalm.danger_replies import danger, danger_message, settled
from kalm.forgetting import agrees_to_erase, erased, kept, not_sure, privacy, refuses_to_erase
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
    "text",
    [
        *(
            "ja",
            "Ja!",
            "jazeker",
            "ja graag",
            "ja hoor",
            "ja doe maar",
            "ok doe maar",
            "ja dat is goed",
            "ja dank je",
        ),
        *(" Ja, wis dit gesprek ", "ja, wis dit gesprek.", "ja vergeet alles", "wis het", "oke wissen maar"),
        *(
            "verwijder alles aub",
            "vergeet mij",
            "wis mijn gegevens",
            "ja ik wil dat",
            "1",
            "de eerste graag",
            "optie 1",
        ),
    ],
)
def test_a_clear_yes_erases(text: str) -> None:
    assert agrees_to_erase(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ok dan weet ik dat",
            "goed om te weten",
            "ah oke",
            "oke",
            "klopt",
            "ik denk het wel",
            "ja dat dacht ik al",
        ),
        *(
            "1 vraag",
            "wie kan dit lezen",
            "ja maar nog niet",
            "wat als ik ja zeg",
            "ja, maar eerst iets anders",
        ),
        *(
            "vergeet niet dat ik zwanger ben",
            "ik wil eerst nog iets vragen",
            "worden ze gewist?",
            "wat is ferritine",
        ),
        *(
            "nee",
            "nee wis het niet",
            "Nee, laat maar staan",
            "2",
            "3",
            "",
            "ja wis mijn man uit mijn leven",
            "goed",
        ),
    ],
)
def test_anything_else_erases_nothing(text: str) -> None:
    assert not agrees_to_erase(text)


@pytest.mark.parametrize(
    ("text", "intent", "refuses"),
    [
        ("nee", "deny", True),
        ("Nee, laat maar staan", "out_of_scope", True),
        ("2", "choose_suggestion", True),
        ("de laatste", "choose_suggestion", True),
        ("1", "choose_suggestion", False),
        ("wat is ferritine", "ask_rls", False),
    ],
)
def test_a_no_is_pressed_chosen_or_said(text: str, intent: str, refuses: bool) -> None:
    assert refuses_to_erase(text, intent) is refuses


def test_what_only_sounds_like_a_yes_is_asked_again() -> None:
    answer = not_sure(TALKED)
    assert answer.reply.message == sentences().privacy_not_sure
    assert len(answer.reply.suggestions) == 2
