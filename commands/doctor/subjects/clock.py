"""The clock, by which conversations end, locks expire and what is kept goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from commands.doctor.finding import Finding, fault, good
from commands.doctor.look import Look
from storage.schema import conversations

TOLERATED = 60.0
"""Seconds that another machine's clock may be ahead."""


def look(looked: Look) -> Iterator[Finding]:
    """Whether it stands before what was already written, and what time it is for the team."""
    zone = looked.settings.time_zone
    newest = _newest(looked)
    if newest is not None and newest > looked.now + TOLERATED:
        behind = newest - looked.now
        yield fault(
            "the clock of this machine",
            f"stands {behind / 3600:.1f} hours before the newest conversation in the database",
            "set it by NTP ('timedatectl'); meanwhile nothing expires, and order is lost",
        )
        return
    there = datetime.fromtimestamp(looked.now, ZoneInfo(zone))
    yield good(f"it is {there:%Y-%m-%d %H:%M} in {zone}, the team's time zone")


def _newest(looked: Look) -> float | None:
    """When something was last said, None when that is not known."""
    if looked.database.trouble:
        return None
    with looked.database.reading() as connection:
        found = connection.scalar(sa.select(sa.func.max(conversations.c.last_at)))
    return None if found is None else float(found)
