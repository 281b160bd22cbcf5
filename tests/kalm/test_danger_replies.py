from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from kalm.conversation import Conversation
from kalm.danger_replies import danger, danger_again, danger_message, privacy, settled, withheld
from kalm.fixed_replies import Answer, handoff, with_starters
from kalm.reply import Kind
from kalm.sentences import sentences

NEW = Conversation()
TALKED = Conversation(
    disclaimed=True, topic="ijzer", question="ijzer", shown=("ijzer#tekort",), latest=1, answers=2
)


def test_crisis_and_emergency_name_their_own_numbers() -> None:
    assert "113" in danger(Kind.CRISIS, "", NEW).reply.message
    assert "112" in danger(Kind.EMERGENCY, "", NEW).reply.message


@pytest.mark.parametrize(
    "answer", [danger(Kind.CRISIS, "", TALKED), handoff(TALKED)], ids=["crisis", "handoff"]
)
def test_after_what_is_no_answer_nothing_older_can_be_cited(answer: Answer) -> None:
    assert (answer.conversation.shown, answer.conversation.question) == ((), "")
    assert answer.conversation.topic == TALKED.topic


def test_forgetting_leaves_nothing() -> None:
    assert privacy(TALKED).conversation == NEW


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_forgetting_after_danger_says_the_numbers_first_and_forgets_all_but_the_danger(kind: Kind) -> None:
    before = danger(kind, "", TALKED).conversation
    answer = privacy(before)
    assert answer.reply.message.startswith(danger_message(before))
    assert answer.reply.message.endswith(sentences().privacy)
    assert answer.conversation.is_in_danger
    assert (answer.conversation.topic, answer.conversation.shown) == ("", ())


@pytest.mark.parametrize(("kind", "numbers"), [(Kind.CRISIS, ("112", "113")), (Kind.EMERGENCY, ("112",))])
def test_danger_is_stayed_with_until_another_question_is_answered(
    kind: Kind, numbers: tuple[str, ...]
) -> None:
    conversation = danger(kind, "", NEW).conversation
    said = []
    for _ in range(9):
        repeated = danger_again("hmm", conversation)
        assert repeated is not None
        assert repeated.reply.kind is kind
        assert all(number in repeated.reply.message for number in numbers)
        said.append(repeated.reply.message)
        conversation = repeated.conversation
    assert len(set(said)) == 3
    assert all(one != another for one, another in pairwise(said))
    assert danger_again("hmm", replace(conversation, danger_open=False)) is None


@pytest.mark.parametrize(
    ("text", "emergency", "crisis"),
    [
        ("ik heb al gebeld", "Goed dat je belt", "Goed dat je belt"),
        ("ze nemen niet op", "probeer het dan opnieuw", "Blijf aan de lijn"),
        ("ik durf niet te bellen", "Je valt niemand lastig", "Je hoeft je naam niet te zeggen"),
        ("kan het wachten tot morgen", "Stel het niet uit", "Wacht er niet mee"),
        ("ben zo bang", "heel begrijpelijk", "niet alleen doorheen"),
        ("dank je wel", "Veel sterkte", "Fijn dat je het vertelde"),
    ],
)
def test_what_is_said_during_danger_gets_an_answer_of_its_own(text: str, emergency: str, crisis: str) -> None:
    for kind, expected in ((Kind.EMERGENCY, emergency), (Kind.CRISIS, crisis)):
        again = danger_again(text, danger(kind, "", NEW).conversation)
        assert again is not None
        assert expected in again.reply.message
        assert "112" in again.reply.message


def test_the_same_danger_told_again_is_not_answered_with_the_same_words() -> None:
    first = danger(Kind.CRISIS, "ik wil niet meer leven", NEW)
    second = danger(Kind.CRISIS, "ik wil echt niet meer leven", first.conversation)
    assert second.reply.kind is Kind.CRISIS
    assert second.reply.message != first.reply.message
    assert "113" in second.reply.message
    other = danger(Kind.EMERGENCY, "ik heb nu pijn op de borst", second.conversation)
    assert other.reply.message.startswith("Bel nu 112.")


def test_who_worries_about_another_is_not_spoken_to_as_if_in_crisis() -> None:
    first = danger(Kind.CRISIS, "mijn zoon zegt dat hij dood wil", NEW)
    again = danger_again("hmm", first.conversation)
    assert again is not None
    assert again.reply.message.startswith(first.reply.message)


def test_without_danger_nothing_is_repeated() -> None:
    assert danger_again("hmm", NEW) is None
    assert danger_again("hmm", Conversation(danger="weg", danger_kind="weg", danger_open=True)) is None


def test_the_message_is_that_of_the_sign_and_of_the_kind_where_no_rule_saw_it() -> None:
    by_rule = danger(Kind.EMERGENCY, "mijn kuit is plots dik, rood en warm", NEW)
    assert "trombose" in by_rule.reply.message
    assert (by_rule.conversation.danger, by_rule.conversation.danger_kind) == ("trombose", "emergency")
    assert danger(Kind.EMERGENCY, "wat geen regel kent", NEW).reply.message == sentences().emergency
    again = danger_again("en nu", by_rule.conversation)
    assert again is not None
    assert again.reply.message.startswith(by_rule.reply.message)


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_a_visitor_who_says_it_is_over_is_believed_and_told_whom_to_call(kind: Kind) -> None:
    conversation = danger(kind, "", TALKED).conversation
    answer = settled("het gaat weer goed", conversation)
    assert answer is not None
    assert not answer.conversation.is_in_danger
    assert "112" in answer.reply.message
    assert answer.reply.suggestions == ()
    assert settled("waar moet ik heen", conversation) is None
    assert settled("het is opgelost", NEW) is None


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_in_danger_nothing_to_buy_is_suggested(kind: Kind) -> None:
    conversation = danger(kind, "", NEW).conversation
    offered = with_starters(Kind.CLARIFY, "Wat wil je weten?", conversation).reply
    assert offered.suggestions
    assert not any("magnesium" in suggestion.payload.lower() for suggestion in offered.suggestions)
    assert "magnesium" not in withheld(conversation).reply.text.lower()


@pytest.mark.parametrize(
    ("told", "over"),
    [
        (("ik heb 40 paracetamol ingenomen", "ik heb nu ook pijn op de borst"), False),
        (("haar mond hangt scheef", "ze is flauwgevallen"), False),
        (("ik wil niet meer leven", "ik heb pijn op de borst"), True),
        (("ik heb pijn op de borst",), True),
    ],
)
def test_a_later_danger_takes_nothing_from_an_earlier_one(told: tuple[str, ...], over: bool) -> None:
    conversation = NEW
    for text in told:
        conversation = danger(Kind.EMERGENCY, text, conversation).conversation
    after = settled("het gaat weer goed", conversation)
    assert after is not None
    assert after.conversation.is_in_danger is not over


def test_a_false_alarm_after_a_crisis_is_not_believed() -> None:
    conversation = danger(Kind.CRISIS, "ik wil niet meer leven", NEW).conversation
    conversation = danger(Kind.EMERGENCY, "ik heb pijn op de borst", conversation).conversation
    assert settled("vals alarm", conversation) is None


def test_a_danger_that_only_the_classifier_sees_is_not_answered_with_a_milder_one() -> None:
    mild = danger(Kind.EMERGENCY, "ik plas bloed", NEW)
    assert "Bel nu je huisarts" in mild.reply.message
    other = danger(
        Kind.EMERGENCY, "mijn man loopt helemaal vreemd en herkent ons niet meer", mild.conversation
    )
    assert other.reply.message == sentences().emergency


def test_a_danger_told_while_another_lasts_is_no_talk_about_it() -> None:
    first = danger(Kind.EMERGENCY, "mijn tong zwelt op", NEW)
    again = danger(Kind.EMERGENCY, "mijn keel zwelt helemaal dicht", first.conversation)
    assert again.reply.message.startswith(first.reply.message)


def test_what_only_the_classifier_takes_for_danger_may_be_talk_about_the_one_before() -> None:
    first = danger(Kind.EMERGENCY, "ik heb pijn op de borst", NEW)
    called = danger(Kind.EMERGENCY, "ik heb 112 gebeld", first.conversation)
    assert called.reply.message.startswith("Goed dat je belt")
    assert called.conversation.danger == "hart"
