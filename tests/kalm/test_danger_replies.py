from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from kalm import danger_replies, dangers
from kalm.conversation import Conversation
from kalm.danger_replies import (
    danger,
    danger_again,
    danger_is_back,
    danger_message,
    privacy,
    settled,
    withheld,
)
from kalm.fixed_replies import Answer, handoff, with_starters
from kalm.reply import Disclaimer, Kind
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
    assert answer.reply.message.endswith(sentences().privacy_but_danger)
    assert answer.reply.disclaimer is Disclaimer.DANGER
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
    assert danger_again("hmm", Conversation(danger_open=True)) is None


def test_a_sign_that_the_rules_no_longer_know_is_an_emergency() -> None:
    again = danger_again("hmm", Conversation(dangers=("weg",), danger_open=True))
    assert again is not None
    assert again.reply.message.startswith(sentences().emergency)


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


@pytest.mark.parametrize(
    ("told", "over"),
    [
        (("ik heb 40 paracetamol ingenomen", "ik heb nu ook pijn op de borst"), False),
        (("haar mond hangt scheef", "ze is flauwgevallen"), False),
        (("ik wil niet meer leven", "hij heeft een brandwond met blaren"), True),
        (("ik heb pijn op de borst",), False),
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
    assert other.reply.message == f"{sentences().danger_grows} {mild.reply.message}"
    assert other.conversation.dangers == mild.conversation.dangers


def test_a_danger_told_while_another_lasts_is_no_talk_about_it() -> None:
    first = danger(Kind.EMERGENCY, "mijn tong zwelt op", NEW)
    again = danger(Kind.EMERGENCY, "mijn keel zwelt helemaal dicht", first.conversation)
    assert again.reply.message.startswith(first.reply.message)


def test_what_only_the_classifier_takes_for_danger_may_be_talk_about_the_one_before() -> None:
    first = danger(Kind.EMERGENCY, "ik heb pijn op de borst", NEW)
    called = danger(Kind.EMERGENCY, "ik heb 112 gebeld", first.conversation)
    assert called.reply.message.startswith("Goed dat je belt")
    assert called.conversation.dangers == ("hart",)


TAKEN, WISH = "ik heb 40 paracetamol ingenomen", "ik wil niet meer leven"


@pytest.mark.parametrize(
    "told",
    [
        (TAKEN, WISH),
        (WISH, TAKEN),
        (f"{TAKEN}, {WISH}",),
        (TAKEN, "ik heb pijn op de borst", WISH),
        (WISH, "het gaat weer", TAKEN),
    ],
)
def test_a_crisis_and_too_much_taken_bring_112_first_in_whichever_order(told: tuple[str, ...]) -> None:
    conversation = NEW
    for text in told:
        answer = settled(text, conversation) or danger(Kind.CRISIS, text, conversation)
        conversation = answer.conversation
    assert answer.reply.message.startswith("Bel nu 112 en zeg wat er is ingenomen")
    assert "113" in answer.reply.message
    again = danger_again("ben bang", conversation)
    assert again is not None
    assert again.reply.message.startswith("Bel nu 112 en zeg wat er is ingenomen")
    assert "112" in withheld(conversation).reply.message
    feels_better = settled("het gaat weer", conversation)
    assert feels_better is not None
    assert feels_better.conversation.is_in_danger
    assert "Bel nu 112 en zeg wat er is ingenomen" in feels_better.reply.message
    seen = settled("de dokter heeft gekeken", conversation)
    assert seen is not None
    assert not seen.conversation.is_in_danger


@pytest.mark.parametrize(
    "told",
    [
        ("ik wil niet meer leven en ik heb pijn op de borst",),
        ("ik heb pijn op de borst", "ik wil niet meer leven"),
        ("ik wil niet meer leven", "ik heb pijn op de borst"),
    ],
)
def test_an_emergency_and_a_crisis_name_112_first_and_then_113(told: tuple[str, ...]) -> None:
    conversation = NEW
    for text in told:
        answer = danger(Kind.EMERGENCY, text, conversation)
        conversation = answer.conversation
    for message in (answer, danger_again("hmm", conversation), danger_again("ik heb gebeld", conversation)):
        assert message is not None
        assert 0 <= message.reply.message.index("112") < message.reply.message.index("113")
    over = settled("de dokter is geweest, het gaat weer", conversation)
    assert over is not None
    assert "113" in over.reply.message


def test_a_crisis_that_only_the_classifier_sees_takes_nothing_from_an_emergency() -> None:
    first = danger(Kind.EMERGENCY, "ik heb pijn op de borst", NEW)
    answer = danger(Kind.CRISIS, "ik ben zo bang en ik wil dat het stopt", first.conversation)
    assert answer.reply.message.startswith(first.reply.message)
    assert "113" in answer.reply.message
    assert answer.conversation.dangers == ("hart", "crisis")
    later = replace(first.conversation, danger_open=False)
    grown = danger(Kind.EMERGENCY, "wat geen regel kent", later)
    assert grown.reply.message == f"{sentences().danger_grows} {first.reply.message}"


def test_what_was_taken_on_purpose_stays_first_whatever_else_is_the_matter() -> None:
    taken = danger(Kind.CRISIS, "ik heb expres 40 paracetamol geslikt", NEW)
    both = danger(Kind.EMERGENCY, "ik heb nu pijn op de borst", taken.conversation)
    assert both.reply.message == taken.reply.message
    assert "hart" in both.conversation.dangers


def test_who_is_in_a_crisis_beside_another_says_so_for_both() -> None:
    another = danger(Kind.CRISIS, "mijn zoon zegt dat hij dood wil", NEW)
    own = danger(Kind.CRISIS, "ik wil zelf ook niet meer leven", another.conversation)
    assert settled("hij is veilig", own.conversation) is None
    assert settled("het gaat weer", own.conversation) is not None


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


@pytest.mark.parametrize("name", ["look_for_danger", "remark_in", "answer_during"])
def test_when_the_rules_fail_whoever_is_in_danger_still_gets_a_number(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("cannot read")

    monkeypatch.setattr(danger_replies, name, fail)
    monkeypatch.setattr(dangers, "danger_rules", fail)
    first = danger(Kind.EMERGENCY, "ik heb pijn op de borst", NEW)
    assert "112" in first.reply.message
    assert first.conversation.is_in_danger
    again = danger_again("en nu", first.conversation)
    assert again is not None
    assert "112" in again.reply.message


def test_forgetting_forgets_a_danger_that_is_over() -> None:
    over = settled("het gaat weer", danger(Kind.CRISIS, WISH, TALKED).conversation)
    assert over is not None
    assert privacy(over.conversation).conversation == NEW


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


def test_a_new_danger_takes_nothing_from_one_that_was_over() -> None:
    crisis = settled("het gaat weer", danger(Kind.CRISIS, "ik wil dood", NEW).conversation)
    assert crisis is not None
    burnt = danger(Kind.EMERGENCY, "heet water over mijn voet, nu overal blaren", crisis.conversation)
    assert burnt.conversation.dangers == ("brandwond",)
    assert not burnt.conversation.danger_over


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
