"""Days and weeks by the clock of the shop, also for a database that knows no time zones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from kalm.settings import settings

DAY = 24 * 60 * 60
DAYS_AT_FIRST = 30
LONGEST = 3 * 366
"""Days of a period, at most."""

_EPOCH = date(1970, 1, 1)
_MONDAY = 3
"""1970 began on a Thursday: so many days after a Monday."""


class PeriodError(ValueError):
    """A period cannot be used; the message says why, in Dutch."""


class _Whole(FunctionElement):  # type: ignore[misc]
    """The whole part of a positive number. PostgreSQL's cast would round, and SQLite has no floor()."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(_Whole)  # type: ignore[untyped-decorator]
def _whole(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS INTEGER)"


@compiles(_Whole, "postgresql")  # type: ignore[untyped-decorator]
def _whole_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(FLOOR({compiler.process(element.clauses, **options)}) AS BIGINT)"


@dataclass(frozen=True)
class Period:
    """Whole days, told by the day or by the week.

    Attributes:
        first: the first day.
        last: the last day, which belongs to it.
        by_week: weeks begin on Monday; the first and the last may be cut off.
    """

    first: date
    last: date
    by_week: bool = False

    @property
    def parts(self) -> list[date]:
        """The first day of each part: each day, or the Monday of each week."""
        step = timedelta(days=7 if self.by_week else 1)
        part = self.first - timedelta(days=self.first.weekday()) if self.by_week else self.first
        found = []
        while part <= self.last:
            found.append(part)
            part += step
        return found

    def part_of(self, local: sa.sql.ColumnElement[Any]) -> sa.sql.ColumnElement[int]:
        """Number of the part in which a local time falls; see :meth:`first_day`."""
        if self.by_week:
            return (_Whole(local) + _MONDAY * DAY) / (7 * DAY)
        return _Whole(local) / DAY

    def first_day(self, number: int) -> date:
        """First day of a part by its number."""
        return _EPOCH + timedelta(days=number * 7 - _MONDAY if self.by_week else number)

    def local(self, at: sa.sql.ColumnElement[float]) -> sa.sql.ColumnElement[float]:
        """A time as the clock of the shop showed it, in seconds since 1970 on that clock.

        Twice a year the clock changes; so each stretch of time has an offset of its own.
        """
        *earlier, (_, last) = self._offsets()
        if not earlier:
            return at + last
        return sa.case(*((at < until, at + offset) for until, offset in earlier), else_=at + last)

    def holds(self, at: sa.sql.ColumnElement[float], local: sa.sql.ColumnElement[float]) -> Any:
        """Whether a time is within it.

        Args:
            at: the time; an index on it is used.
            local: the same by the clock of the shop.
        """
        first, end = ((day - _EPOCH).days * DAY for day in (self.first, self.last + timedelta(days=1)))
        # No clock is more than 14 hours from UTC.
        return (at >= first - DAY) & (at < end + DAY) & (local >= first) & (local < end)

    def _offsets(self) -> list[tuple[float, int]]:
        """Stretches of time with one offset to UTC: until when (seconds since 1970), and the offset."""
        zone = ZoneInfo(settings().time_zone)

        def offset(at: float) -> int:
            return round((datetime.fromtimestamp(at, zone).utcoffset() or timedelta()).total_seconds())

        start = datetime.combine(self.first, time(), zone).timestamp() - DAY
        end = datetime.combine(self.last, time(), zone).timestamp() + 2 * DAY
        found: list[tuple[float, int]] = []
        at = start
        while at < end:
            following = at + DAY
            if offset(at) != offset(following):
                before, after = at, following
                while after - before > 1:
                    middle = (before + after) // 2
                    before, after = (middle, after) if offset(middle) == offset(at) else (before, middle)
                found.append((after, offset(at)))
            at = following
        return [*found, (end, offset(at))]


def hour_of(local: sa.sql.ColumnElement[float]) -> sa.sql.ColumnElement[int]:
    """Hour of the day of a local time, 0 to 23."""
    return _Whole(local) % DAY / 3600


def read_period(first: str, last: str, by: str, today: date) -> Period:
    """The period that somebody asked for; the last :data:`DAYS_AT_FIRST` days when nothing was.

    Args:
        first: as ``2026-11-30``, or "".
        last: in the same way.
        by: "week" or anything else for days.
        today: by the clock of the shop.

    Raises:
        PeriodError: it is no period, or too long.
    """
    try:
        end = date.fromisoformat(last) if last else today
        start = date.fromisoformat(first) if first else end - timedelta(days=DAYS_AT_FIRST - 1)
    except (ValueError, OverflowError) as error:
        raise PeriodError("Dat is geen datum. Kies een dag in de kalender.") from error
    if start > end:
        raise PeriodError("De eerste dag ligt na de laatste. Draai ze om.")
    if start.year < 2000 or end.year > 2100:
        raise PeriodError("Kies dagen vanaf het jaar 2000.")
    if (end - start).days >= LONGEST:
        raise PeriodError("Kies een periode van hoogstens drie jaar.")
    return Period(start, end, by == "week")
