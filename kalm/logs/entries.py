"""One entry of the log, and the two ways to write it: a readable line, or a JSON object."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from kalm.logs.errors import Failure
from kalm.logs.fields import Value


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Entry:
    """What is written; whoever makes one has left out everything that may hold what a visitor typed.

    Attributes:
        event: what happened, a constant of the code.
        level: as in :mod:`logging`.
        fields: what belongs to it, see :mod:`kalm.logs.fields`.
        failures: the error and what it came from, without their messages.
        whole: the whole message of a library with its traceback; only before the first visitor, else empty.
        at: when, in UTC.
    """

    event: str
    level: int = logging.INFO
    fields: Mapping[str, Value] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    whole: str = ""
    at: datetime = field(default_factory=_now)

    def __str__(self) -> str:
        """The entry without time, level and process."""
        parts = [self.event, *(f"{name}={_quoted(value)}" for name, value in self.fields.items())]
        if self.failures:
            parts.append(f"error={_quoted(', from '.join(map(str, self.failures)))}")
        line = " ".join(parts)
        return line + "".join(f"\n    {part}" for part in self.whole.splitlines())


def as_text(process: str, entry: Entry) -> str:
    """``2026-01-31T09:30:00.123Z INFO    bot     message channel=rest kind=answer milliseconds=12.3``."""
    return f"{_time(entry)} {_level(entry):<7} {process:<7} {entry}\n"


def as_json(process: str, entry: Entry) -> str:
    """The same as one JSON object on one line."""
    data: dict[str, Any] = {
        "time": _time(entry),
        "level": _level(entry),
        "process": process,
        "event": entry.event,
        **entry.fields,
    }
    if entry.failures:
        data["errors"] = [failure.as_data() for failure in entry.failures]
    if entry.whole:
        data["whole"] = entry.whole
    return json.dumps(data, allow_nan=False) + "\n"


FORMATS: dict[str, Callable[[str, Entry], str]] = {"text": as_text, "json": as_json}
"""By the value of the setting ``KALM_LOG_FORMAT``."""


def _time(entry: Entry) -> str:
    return entry.at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _level(entry: Entry) -> str:
    return logging.getLevelName(entry.level)


def _quoted(value: Value) -> str:
    """As it is when that is plain to read, else as JSON: no line break can pass for another entry."""
    text = str(value)
    plain = text.isprintable() and text and not set(text) & set(" \"'=")
    return text if plain else json.dumps(text)
