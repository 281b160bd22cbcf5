"""What the dangers that were told one after the other add up to, and what Kalm then says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kalm import danger_replies, dangers
from kalm.conversation import Conversation
from kalm.danger_replies import danger, danger_again, settled, withheld
from kalm.dangers import Dangers
from kalm.reply import Kind
from kalm.sentences import sentences

NEW = Conversation()


def test_nothing_told_is_no_danger() -> None:
    nothing = Dangers.of(())
    told = (nothing.has_emergency, nothing.has_crisis, nothing.needs_help, nothing.is_of_another)
    assert not any(told)


def test_a_kind_without_a_sign_adds_nothing_where_one_of_that_kind_is_known() -> None:
    heart = Dangers.of(["hart"])
    assert heart.joined(Dangers.of(["emergency"])).names == ("hart",)
    assert heart.joined(Dangers.of(["crisis"])).names == ("hart", "crisis")
    assert heart.joined(heart).names == ("hart",)
    assert Dangers.of(()).joined(Dangers.of(["emergency"])).names == ("emergency",)


def test_the_most_urgent_emergency_is_spoken_of_whatever_the_order_in_which_they_were_told() -> None:
    assert Dangers.of(["trombose", "hart"]).message == Dangers.of(["hart", "trombose"]).message
    assert Dangers.of(["trombose", "hart"]).message == Dangers.of(["hart"]).message


def test_a_sign_that_the_rules_no_longer_know_is_an_emergency() -> None:
    again = danger_again("hmm", Conversation(dangers=("weg",), danger_open=True))
    assert again is not None
    assert again.reply.message.startswith(sentences().emergency)


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


def test_a_danger_that_only_the_classifier_sees_is_not_answered_with_a_milder_one() -> None:
    mild = danger(Kind.EMERGENCY, "ik plas bloed", NEW)
    assert "Bel nu je huisarts" in mild.reply.message
    other = danger(
        Kind.EMERGENCY, "mijn man loopt helemaal vreemd en herkent ons niet meer", mild.conversation
    )
    assert other.reply.message == f"{sentences().danger_grows} {mild.reply.message}"
    assert other.conversation.dangers == mild.conversation.dangers


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


def test_a_new_danger_takes_nothing_from_one_that_was_over() -> None:
    crisis = settled("het gaat weer", danger(Kind.CRISIS, "ik wil dood", NEW).conversation)
    assert crisis is not None
    burnt = danger(Kind.EMERGENCY, "heet water over mijn voet, nu overal blaren", crisis.conversation)
    assert burnt.conversation.dangers == ("brandwond",)
    assert not burnt.conversation.danger_over
