"""What changes in a file, line by line, as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from review.training import text_lines
from review.training.markup import split_marked

ADDED, REMOVED, SAME, GAP = "+", "-", " ", ""
_STRUCTURE = re.compile(r"(?:- )?(?:intent|examples|vragen|version|nlu|lookup|synonym|regex):|---")
_AROUND = 1
"""Unchanged lines that are shown on either side, to see where it is."""


@dataclass(frozen=True)
class Note:
    """Why a line changes.

    Attributes:
        place: where it stands, such as a name of an intent in Dutch.
        who: who wants it.
    """

    place: str
    who: str


Notes = Mapping[tuple[str, str], Note]
"""By sign and line without white space around it."""


@dataclass(frozen=True)
class DiffLine:
    """One line.

    Attributes:
        sign: :data:`ADDED`, :data:`REMOVED`, :data:`SAME`, or :data:`GAP` for lines that are left out.
        number: in the file as it becomes, of a removed line as it was; 0 for a gap.
    """

    sign: str
    number: int
    text: str
    note: Note | None = None

    @property
    def is_structure(self) -> bool:
        """Whether it only holds the file together, and says nothing to a reader."""
        return self.sign in (SAME, GAP) and (not self.text or bool(_STRUCTURE.match(self.text)))

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The line without what only the file needs: words, and the name of their entity or ""."""
        text = self.text.removeprefix("- ")
        if text.startswith('"') and text.endswith('"') and len(text) > 1:
            text = text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        return split_marked(text)


def differences(before: str, after: str, notes: Notes, otherwise: Note | None = None) -> list[DiffLine]:
    """The lines that differ, with one unchanged line around them.

    Args:
        before: the file as it is.
        after: the file as it becomes.
        notes: of lines.
        otherwise: of lines that have no note.
    """
    old = [text_lines.bare(line) for line in text_lines.split(before)]
    new = [text_lines.bare(line) for line in text_lines.split(after)]
    found: list[DiffLine] = []

    def add(sign: str, lines: list[str], first: int, last: int) -> None:
        for place in range(first, last):
            text = lines[place].strip()
            note = notes.get((sign, text), otherwise) if sign != SAME else None
            found.append(DiffLine(sign, place + 1, text, note))

    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND):
        if found:
            found.append(DiffLine(GAP, 0, ""))
        for tag, old_first, old_last, new_first, new_last in group:
            if tag == "equal":
                add(SAME, new, new_first, new_last)
            else:
                add(REMOVED, old, old_first, old_last)
                add(ADDED, new, new_first, new_last)
    return found
