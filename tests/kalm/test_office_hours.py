from __future__ import annotations

from datetime import datetime

import pytest

from kalm.office_hours import OfficeHours, clock, day_in_words, parse

MONDAY = datetime(2026, 11, 30)


def hours(text: str) -> OfficeHours:
    found = parse(text)
    assert found is not None
    return found


SHOP = hours("ma-vr 09:00-17:00, za 10:00-13:00")


@pytest.mark.parametrize("text", ["", "  "])
def test_without_hours_nothing_is_known(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ma-vr 09:00-17:00", "maandag tot en met vrijdag van 9 tot 17 uur"),
        (
            "ma-vr 09:00-17:00, za 10:00-13:00",
            "maandag tot en met vrijdag van 9 tot 17 uur en zaterdag van 10 tot 13 uur",
        ),
        ("MA-DI  9:00–17:30", "maandag en dinsdag van 9 tot 17.30 uur"),
        ("wo 13:00-17:00 09:00-12:00", "woensdag van 9 tot 12 en van 13 tot 17 uur"),
        ("wo 09:00-12:00, wo 13:00-17:00", "woensdag van 9 tot 12 en van 13 tot 17 uur"),
        ("za-zo 00:00-24:00", "zaterdag en zondag de hele dag"),
        ("ma-zo 08:05-20:00", "elke dag van 8.05 tot 20 uur"),
        ("zo-ma 10:00-11:00", "maandag van 10 tot 11 uur en zondag van 10 tot 11 uur"),
        (
            "ma 9:00-10:00, wo 9:00-10:00, vr 9:00-10:00",
            "maandag van 9 tot 10 uur, woensdag van 9 tot 10 uur en vrijdag van 9 tot 10 uur",
        ),
    ],
)
def test_the_week_is_told_in_dutch(text: str, words: str) -> None:
    assert hours(text).in_words() == words


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("9-17", "no part of office hours"),
        ("ma", "no part of office hours"),
        ("ma-vr 09:00-17:00,", "no part of office hours"),
        ("ma-vr 9-17", "no part of office hours"),
        ("mo-fr 09:00-17:00", "'mo' is no day"),
        ("ma 09:00-24:01", "'24:01' is no time"),
        ("ma 09:60-12:00", "'09:60' is no time"),
        ("vr 22:00-02:00", "ends before it begins"),
        ("vr 09:00-09:00", "ends before it begins"),
        ("ma-vr 09:00-17:00, wo 16:00-18:00", "'wo' overlap"),
    ],
)
def test_hours_that_cannot_be_used_are_refused_with_the_reason(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse(text)


@pytest.mark.parametrize(
    ("when", "until"),
    [
        (MONDAY.replace(hour=8, minute=59), None),
        (MONDAY.replace(hour=9), 17 * 60),
        (MONDAY.replace(hour=16, minute=59, second=59), 17 * 60),
        (MONDAY.replace(hour=17), None),
        (datetime(2026, 12, 5, 12, 0), 13 * 60),
        (datetime(2026, 12, 6, 12, 0), None),
    ],
)
def test_somebody_is_there_from_the_first_minute_until_the_last(when: datetime, until: int | None) -> None:
    assert SHOP.closes_at(when) == until


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (MONDAY.replace(hour=7), "vandaag 9 uur"),
        (MONDAY.replace(hour=18), "morgen 9 uur"),
        (datetime(2026, 12, 4, 18, 0), "morgen 10 uur"),
        (datetime(2026, 12, 5, 13, 0), "maandag 9 uur"),
    ],
)
def test_the_next_time_is_named_by_its_day(when: datetime, said: str) -> None:
    ahead, minute = SHOP.opens_next(when)

    assert f"{day_in_words(ahead, when)} {clock(minute)}" == said


def test_with_one_morning_a_week_the_next_time_is_in_a_week() -> None:
    ahead, minute = hours("ma 09:30-12:00").opens_next(MONDAY.replace(hour=12))

    assert (ahead, minute) == (7, 9 * 60 + 30)
    assert day_in_words(ahead, MONDAY) == "volgende week maandag"


def test_between_two_slots_of_a_day_the_second_is_next() -> None:
    assert hours("ma 9:00-12:00 13:00-17:00").opens_next(MONDAY.replace(hour=12, minute=30)) == (0, 13 * 60)
