from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kalm import channel_replies
from kalm.conversation import Conversation
from kalm.fixed_replies import capabilities, empty, failure, handoff, too_long, when_somebody_is_there
from kalm.reply import Disclaimer, Reply
from kalm.sentences import sentences
from kalm.settings import load_settings

Open = Callable[[str], None]

TALKED = Conversation(
    disclaimed=True, topic="ijzer", question="ijzer", shown=("ijzer#tekort",), latest=1, answers=2
)


@pytest.mark.parametrize(
    "reply", [failure(), empty(), too_long(500)], ids=lambda reply: str(reply.kind.value)
)
def test_replies_without_conversation_carry_the_long_disclaimer(reply: Reply) -> None:
    assert reply.disclaimer is Disclaimer.LONG
    assert reply.disclaimer.text in reply.text


def test_too_long_names_the_limit() -> None:
    assert "500 tekens" in too_long(500).text


def test_what_kalm_can_do_keeps_what_was_talked_about() -> None:
    assert capabilities(TALKED).conversation == replace(TALKED, introduced=True)


@pytest.fixture
def open_at(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Sets the office hours."""

    def set_hours(hours: str) -> None:
        chosen = load_settings(office_hours=hours, time_zone="Europe/Amsterdam")
        monkeypatch.setattr("kalm.fixed_replies.settings", lambda: chosen)

    return set_hours


def test_without_office_hours_nothing_is_promised() -> None:
    assert handoff(Conversation()).reply.message == sentences().handoff
    assert channel_replies.handoff().message == sentences().handoff


@pytest.mark.parametrize(
    ("local", "present"),
    [
        (datetime(2026, 11, 30, 16, 59), "Nu is er iemand, tot 17 uur."),
        (datetime(2026, 11, 30, 20, 0), "Nu is er niemand; vanaf morgen 9 uur wel."),
        (datetime(2026, 12, 4, 20, 0), "Nu is er niemand; vanaf maandag 9 uur wel."),
        # In summer the clock is an hour ahead of winter's.
        (datetime(2026, 7, 6, 9, 0), "Nu is er iemand, tot 17 uur."),
        (datetime(2026, 7, 6, 8, 59), "Nu is er niemand; vanaf vandaag 9 uur wel."),
    ],
)
def test_with_office_hours_a_visitor_hears_when_somebody_is_there(
    open_at: Open, local: datetime, present: str
) -> None:
    open_at("ma-vr 09:00-17:00")

    assert when_somebody_is_there(local.replace(tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp()) == (
        "We zijn er maandag tot en met vrijdag van 9 tot 17 uur. "
        f"Op feestdagen kan dat anders zijn. {present}"
    )


def test_the_hours_stand_behind_how_to_reach_a_person_on_every_channel(open_at: Open) -> None:
    open_at("ma-zo 00:00-24:00")
    said = "We zijn er elke dag de hele dag. Op feestdagen kan dat anders zijn. Nu is er iemand, tot 24 uur."

    assert handoff(Conversation()).reply.message == f"{sentences().handoff} {said}"
    assert channel_replies.handoff().message == f"{sentences().handoff} {said}"


def test_in_a_danger_nobody_hears_when_the_shop_opens(open_at: Open) -> None:
    open_at("ma-zo 00:00-24:00")
    in_danger = Conversation(dangers=("emergency",), danger_at=1)

    assert handoff(in_danger).reply.message == sentences().handoff
    assert "We zijn er" in handoff(in_danger.settled()).reply.message
