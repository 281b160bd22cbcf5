from __future__ import annotations

import pytest

from kalm.conversation import Conversation
from kalm.danger_replies import danger, danger_message, settled
from kalm.erasure_wish import wants_erasing
from kalm.fixed_replies import handoff
from kalm.forgetting import ask_to_erase, erased, kept, not_sure, not_yet, privacy
from kalm.reply import Disclaimer, Kind
from kalm.sentences import sentences

TALKED = Conversation(
    disclaimed=True, topic="ijzer", question="ijzer", shown=("ijzer#eten",), conditions=("zwangerschap",)
)
IN_DANGER = danger(Kind.CRISIS, "ik wil niet meer leven", TALKED).conversation


def test_what_is_kept_is_told_in_days_with_where_more_stands_and_a_person() -> None:
    reply = privacy(TALKED).reply
    assert reply.kind is Kind.PRIVACY
    for part in ("30 dagen", "90 dagen", "/privacy", "medewerker"):
        assert part in reply.message
    (offer,) = reply.suggestions
    assert wants_erasing(offer.payload)


def test_erasing_is_asked_not_done() -> None:
    answer = ask_to_erase(TALKED)
    assert answer.reply.kind is Kind.PRIVACY
    assert [offer.payload for offer in answer.reply.suggestions] == [
        sentences().forget_yes,
        sentences().forget_no,
    ]
    assert answer.conversation.conditions == ("zwangerschap",)
    assert answer.conversation.topic == "ijzer"


def test_a_button_has_room_for_what_it_says() -> None:
    titles = (sentences().forget_yes, sentences().forget_no, sentences().forget_wish)
    assert all(len(title) <= 20 for title in titles)


def test_the_receipt_number_is_told() -> None:
    assert "K-2345-6789" in erased("K-2345-6789", TALKED).reply.message


@pytest.mark.parametrize(
    "answer",
    [privacy(IN_DANGER), ask_to_erase(IN_DANGER), kept(IN_DANGER), erased("K-2345-6789", IN_DANGER)],
    ids=["tell", "ask", "no", "yes"],
)
def test_a_danger_comes_first_and_its_disclaimer_stays(answer: object) -> None:
    reply = answer.reply  # type: ignore[attr-defined]
    assert reply.message.startswith(danger_message(IN_DANGER))
    assert reply.disclaimer is Disclaimer.DANGER


def test_the_choice_is_offered_in_danger_as_well() -> None:
    assert len(ask_to_erase(IN_DANGER).reply.suggestions) == 2


def test_a_danger_that_is_over_is_not_named() -> None:
    over = settled("het gaat weer", IN_DANGER)
    assert over is not None
    assert privacy(over.conversation).reply.message == sentences().privacy


def test_what_only_sounds_like_a_yes_is_asked_again() -> None:
    answer = not_sure(TALKED)
    assert answer.reply.message == sentences().forget_not_sure
    assert len(answer.reply.suggestions) == 2


def test_who_asks_something_else_hears_that_nothing_is_erased() -> None:
    answer = not_yet(handoff(TALKED))
    assert answer.reply.message == f"{sentences().forget_not_yet} {sentences().handoff}"
    assert not_yet(handoff(IN_DANGER)) == handoff(IN_DANGER)
