from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from kalm.settings import load_settings
from review.overview import periods
from review.overview.periods import DAYS_AT_FIRST, LONGEST, Period, PeriodError, hour_of, read_period
from storage.database import Database

TODAY = date(2026, 11, 30)
ZONES = ["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "UTC"]


def in_zone(monkeypatch: pytest.MonkeyPatch, name: str) -> ZoneInfo:
    chosen = load_settings(time_zone=name)
    monkeypatch.setattr(periods, "settings", lambda: chosen)
    return ZoneInfo(name)


def by_the_database(database: Database, period: Period, at: float) -> tuple[int, int, bool]:
    """Number of the part, hour, and whether it is within the period."""
    moment = sa.literal(at, sa.Float(53))
    local = period.local(moment)
    with database.reading() as connection:
        row = connection.execute(
            sa.select(period.part_of(local), hour_of(local), period.holds(moment, local))
        )
        part, hour, holds = row.one()
        return part, hour, bool(holds)


@pytest.mark.parametrize("zone_name", ZONES)
@pytest.mark.parametrize(
    "middle", [datetime(2026, 3, 29, 12), datetime(2026, 10, 25, 12), datetime(2026, 4, 5)]
)
def test_each_database_knows_the_day_the_week_and_the_hour_by_the_clock_of_the_shop(
    database: Database, monkeypatch: pytest.MonkeyPatch, zone_name: str, middle: datetime
) -> None:
    zone = in_zone(monkeypatch, zone_name)
    days = Period(middle.date() - timedelta(days=2), middle.date() + timedelta(days=2))
    weeks = Period(days.first, days.last, by_week=True)
    start = middle.replace(tzinfo=ZoneInfo("UTC")).timestamp()
    for quarter in range(-3 * 96, 3 * 96, 5):
        at = start + quarter * 900 + 899.7
        local = datetime.fromtimestamp(at, zone)
        part, hour, holds = by_the_database(database, days, at)
        assert (days.first_day(part), hour) == (local.date(), local.hour)
        assert holds == (days.first <= local.date() <= days.last)
        week, _, _ = by_the_database(database, weeks, at)
        assert weeks.first_day(week) == local.date() - timedelta(days=local.weekday())


def test_the_parts_are_all_days_or_all_mondays() -> None:
    assert Period(date(2026, 3, 28), date(2026, 3, 30)).parts == [
        date(2026, 3, 28),
        date(2026, 3, 29),
        date(2026, 3, 30),
    ]
    assert Period(date(2026, 3, 28), date(2026, 3, 30), by_week=True).parts == [
        date(2026, 3, 23),
        date(2026, 3, 30),
    ]


def test_without_a_wish_the_last_days_are_shown() -> None:
    found = read_period("", "", "", TODAY)

    assert (found.last, (found.last - found.first).days + 1) == (TODAY, DAYS_AT_FIRST)
    assert not found.by_week


def test_a_wish_is_followed() -> None:
    assert read_period("2026-01-01", "2026-02-01", "week", TODAY) == Period(
        date(2026, 1, 1), date(2026, 2, 1), by_week=True
    )


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        ("2026-02-30", "", "geen datum"),
        ("gisteren", "", "geen datum"),
        ("", "<script>", "geen datum"),
        ("", "0001-01-05", "geen datum"),
        ("2026-02-02", "2026-02-01", "eerste dag ligt na"),
        ("1999-12-31", "2000-01-01", "vanaf het jaar 2000"),
        ("2100-12-31", "2101-01-01", "vanaf het jaar 2000"),
        ("2020-01-01", "2026-01-01", "hoogstens drie jaar"),
    ],
)
def test_what_is_no_period_is_refused_in_dutch(first: str, last: str, fault: str) -> None:
    with pytest.raises(PeriodError, match=fault):
        read_period(first, last, "", TODAY)


def test_the_longest_period_is_allowed() -> None:
    first = TODAY - timedelta(days=LONGEST - 1)

    assert len(read_period(first.isoformat(), "", "", TODAY).parts) == LONGEST
