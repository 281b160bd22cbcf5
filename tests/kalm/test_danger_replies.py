from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from kalm.conversation import Conversation
from kalm.danger_replies import (
    danger,
    danger_again,
    danger_is_back,
    done_in_crisis,
    settled,
    withheld,
)
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
    assert danger_again("hmm", Conversation(danger_open=True)) is None


def test_the_message_is_that_of_the_sign_and_of_the_kind_where_no_rule_saw_it() -> None:
    by_rule = danger(Kind.EMERGENCY, "mijn kuit is plots dik, rood en warm", NEW)
    assert "trombose" in by_rule.reply.message
    assert by_rule.conversation.dangers == ("trombose",)
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


def test_a_false_alarm_after_a_crisis_is_not_believed() -> None:
    conversation = danger(Kind.CRISIS, "ik wil niet meer leven", NEW).conversation
    conversation = danger(Kind.EMERGENCY, "ik heb pijn op de borst", conversation).conversation
    assert settled("vals alarm", conversation) is None


def test_a_danger_told_while_another_lasts_is_no_talk_about_it() -> None:
    first = danger(Kind.EMERGENCY, "mijn tong zwelt op", NEW)
    again = danger(Kind.EMERGENCY, "mijn keel zwelt helemaal dicht", first.conversation)
    assert again.reply.message.startswith(first.reply.message)


def test_what_only_the_classifier_takes_for_danger_may_be_talk_about_the_one_before() -> None:
    first = danger(Kind.EMERGENCY, "ik heb pijn op de borst", NEW)
    called = danger(Kind.EMERGENCY, "ik heb 112 gebeld", first.conversation)
    assert called.reply.message.startswith("Goed dat je belt")
    assert called.conversation.dangers == ("hart",)


def test_what_is_about_to_happen_is_no_call_for_help() -> None:
    first = danger(Kind.CRISIS, "ik wil niet meer leven", NEW)
    for text in ("ik ga het nu doen", "ik ga nu mijn pillen pakken"):
        again = danger(Kind.CRISIS, text, first.conversation)
        assert not again.reply.message.startswith("Goed dat je belt")
    fallen = danger(Kind.EMERGENCY, "mijn vrouw is bewusteloos", NEW)
    for text in ("ze is hier bij mij", "ze is binnen"):
        answer = danger_again(text, fallen.conversation)
        assert answer is not None
        assert answer.reply.message.startswith("Bel nu 112")


def test_somebody_elses_crisis_is_not_over_because_the_visitor_is_safe() -> None:
    conversation = danger(Kind.CRISIS, "mijn zoon zegt dat hij dood wil", NEW).conversation
    assert settled("ik ben veilig", conversation) is None
    over = settled("hij is veilig", conversation)
    assert over is not None
    assert not over.conversation.is_in_danger


@pytest.mark.parametrize("told", ["ik heb pijn op de borst", "ik wil niet meer leven"])
def test_a_danger_that_was_over_and_is_back_brings_its_text_again(told: str) -> None:
    first = danger(Kind.EMERGENCY, told, NEW)
    over = settled("de dokter is geweest, het gaat weer goed", first.conversation)
    assert over is not None
    assert not over.conversation.is_in_danger
    assert danger_is_back("dank je", over.conversation) is None
    again = danger_is_back("het is weer terug", over.conversation)
    assert again is not None
    assert again.reply.message == first.reply.message
    assert again.conversation.is_in_danger
    assert danger_is_back("het is weer terug", first.conversation) is None
    assert danger_is_back("het is weer terug", NEW) is None


def test_who_was_misread_needs_no_doctor() -> None:
    conversation = danger(Kind.EMERGENCY, "ik heb pijn op de borst", NEW).conversation
    answer = settled("je begrijpt me verkeerd", conversation)
    assert answer is not None
    assert not answer.conversation.is_in_danger


def test_what_is_withheld_names_the_way_out_that_there_is() -> None:
    for text, words in (
        ("ik heb pijn op de borst", "Heeft een arts gekeken"),
        ("heet water over mijn voet, nu overal blaren", "Typ dan"),
        ("ik wil niet meer leven", "Typ dan"),
    ):
        assert words in withheld(danger(Kind.EMERGENCY, text, NEW).conversation).reply.message


@pytest.mark.parametrize("text", ["ze nemen niet op bij 113", "heb al gebeld met 113"])
def test_a_call_to_113_is_talk_about_the_crisis(text: str) -> None:
    first = danger(Kind.CRISIS, "ik wil dood", NEW)
    again = danger(Kind.CRISIS, text, first.conversation)
    assert again.reply.message.startswith(("Wat naar dat je moet wachten", "Goed dat je belt"))


@pytest.mark.parametrize(
    "text", ["ik heb alles geslikt", "ik heb het al gedaan", "heb ze allemaal ingenomen"]
)
def test_in_a_crisis_what_was_taken_is_112_and_stays_so(text: str) -> None:
    in_crisis = danger(Kind.CRISIS, "ik wil niet meer leven", Conversation(at=1)).conversation
    answer = done_in_crisis(text, in_crisis)
    assert answer is not None
    assert answer.reply.message.startswith("Bel nu 112")
    assert "met_opzet_ingenomen" in answer.conversation.dangers
    after = danger_again("ik word suf", answer.conversation)
    assert after is not None
    assert "112" in after.reply.message.split("113")[0]


@pytest.mark.parametrize("text", ["ik heb niks ingenomen", "ik heb 113 gebeld", "wat is ferritine"])
def test_in_a_crisis_other_things_are_not_taken_for_it(text: str) -> None:
    in_crisis = danger(Kind.CRISIS, "ik wil niet meer leven", Conversation(at=1)).conversation
    assert done_in_crisis(text, in_crisis) is None


def test_without_a_crisis_medicine_that_was_taken_is_no_danger() -> None:
    assert done_in_crisis("ik heb ze al ingenomen", Conversation(at=1)) is None
