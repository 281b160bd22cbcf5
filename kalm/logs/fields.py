"""The fields that Kalm's own entries may have, and what may stand in each.

A field holds a number, a name out of a closed list, or something of a shape that no sentence has. Anything
else is written as "?": a mistake in a call then costs a value and gives nothing away.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache

import yaml

from kalm.settings import ROOT

Value = str | int | float

UNKNOWN = "?"
"""What stands in the place of a value that may not be written."""

CHANNELS = frozenset({"rest", "website", "whatsapp"})
PROCESSES = frozenset({"bot", "actions", "web"})
OUTCOMES = frozenset({"small_talk", "nothing", "empty", "too_long", "refused", "duplicate", "limited"})
"""Kinds of a message line that are no kinds of a reply."""

REASONS = frozenset(
    {
        *("pair_limit", "number_limit", "app_limit", "spam_limit", "access_token", "account", "maintenance"),
        *("window_closed", "not_on_whatsapp", "not_allowed", "malformed", "server_error", "no_connection"),
        *("unsure", "unknown_error", "failed", "missing", "wrong"),
        *("no_model", "no_store", "no_actions", "no_answer", "slow_answer"),
    }
)
"""Why a message of WhatsApp waits or was set aside, a signature was refused, or nobody can be answered."""

_PSEUDONYM = re.compile(r"[0-9a-f]{16,64}")
_PSEUDONYM_SHOWN = 16
_PASSAGE = re.compile(r"[a-z0-9-]{1,80}#[a-z0-9-]{1,80}")


def allowed(fields: dict[str, object]) -> dict[str, Value]:
    """The fields as they may be written, in the same order.

    One that is None is left out. A field of another name than those below may hold a number.
    """
    return {name: FIELDS.get(name, _number)(value) for name, value in fields.items() if value is not None}


@cache
def _kinds() -> frozenset[str]:
    from kalm.reply import Kind  # not above: what kalm.reply imports writes to the log itself

    return OUTCOMES | {kind.value for kind in Kind}


@cache
def _names_of_domain() -> frozenset[str]:
    """Intents and actions; none when the file cannot be read, for a log must go on."""
    try:
        domain = yaml.safe_load((ROOT / "domain" / "conversation.yml").read_text(encoding="utf-8"))
        return frozenset({*domain["intents"], *domain["actions"], "nlu_fallback"})
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError):
        return frozenset()


def _one_of(names: Callable[[], frozenset[str]]) -> Callable[[object], Value]:
    def check(value: object) -> Value:
        name = str(getattr(value, "value", value))  # of an enumeration, its value
        return name if name in names() else UNKNOWN

    return check


def _shaped(shape: re.Pattern[str], longest: int) -> Callable[[object], Value]:
    def check(value: object) -> Value:
        return value[:longest] if isinstance(value, str) and shape.fullmatch(value) else UNKNOWN

    return check


def _number(value: object) -> Value:
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        return UNKNOWN
    return int(value) if isinstance(value, int) else round(value, 1)


FIELDS: dict[str, Callable[[object], Value]] = {
    "conversation": _shaped(_PSEUDONYM, _PSEUDONYM_SHOWN),
    "channel": _one_of(lambda: CHANNELS),
    "kind": _one_of(_kinds),
    "intent": _one_of(_names_of_domain),
    "action": _one_of(_names_of_domain),
    "reason": _one_of(lambda: REASONS),
    "server": _one_of(lambda: PROCESSES),
    "passage": _shaped(_PASSAGE, 161),
}
"""Fields that hold something else than a number, each with what may be written of a value."""
