"""The names of the fields that an article has, and which one an editor meant by another name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

FRONT_MATTER = ("title", "slug", "url", "published", "updated", "evidence", "topics")
OPTIONAL_FRONT_MATTER = ("gecontroleerd",)
SECTION_FIELDS = ("bewijs", "status", "let_op", "bij_verwijzing", "bron", "knop", "vragen")

_NEAR = 0.6
_NEAR_IN_TEXT = 0.72  # "vraag" and "bronnen" are nearer to a field than that, "brood" and "statines" are not
_OTHER_NAMES = {
    "bewijs": "evidence",
    "bijgewerkt": "updated",
    "evidence": "bewijs",
    "gepubliceerd": "published",
    "onderwerpen": "topics",
}
_LIKE_FIELD = re.compile(r"^\s*[*_]*(?P<name>[^\W\d_]{3,12})[*_]*\s*:[*_]*\s*(?P<value>.*)$")


def meant(name: str, names: Iterable[str], least: float = _NEAR) -> str:
    """The one of ``names`` that ``name`` was meant to be, or "" when it looks like none.

    Args:
        name: as typed.
        names: to choose from.
        least: likeness from which it counts, between 0 and 1, as difflib measures it.
    """
    typed, known = name.strip().lower(), list(names)
    other = _OTHER_NAMES.get(typed, "")
    if other in known:
        return other
    return next(iter(get_close_matches(typed, known, 1, least)), "")


def mistyped_field(line: str, in_text: bool) -> tuple[str, str, str] | None:
    """What a line holds that looks like a field of a section but is none, or None for any other line.

    Args:
        line: that is no field.
        in_text: it stands in the passage, where "Brood: ..." is ordinary text; stricter.

    Returns:
        The name as typed, the field it was meant to be, and what stands behind the colon.
    """
    found = _LIKE_FIELD.match(line)
    if not found:
        return None
    name = found["name"]
    field = meant(name, SECTION_FIELDS, _NEAR_IN_TEXT if in_text else _NEAR)
    if not field or (in_text and field[0] != name[0].lower()):
        return None
    return name, field, found["value"].strip()
