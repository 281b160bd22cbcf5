"""Time as the clock of the shop shows it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from kalm.settings import settings


def local_time(at: float) -> datetime:
    """A time as the team's clock shows it.

    Args:
        at: seconds since 1970.
    """
    return datetime.fromtimestamp(at, ZoneInfo(settings().time_zone))


def midnight(day: date) -> float:
    """When a day begins there, in seconds since 1970."""
    return datetime.combine(day, time(), ZoneInfo(settings().time_zone)).timestamp()
