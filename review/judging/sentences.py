"""Whether Kalm can learn from a sentence: what would hurt the training data, or somebody's privacy."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kalm.privacy.masking import LABELS, mask

LONGEST = 250
"""Characters of an example; what is longer is a story, from which Kalm learns little."""

ENTITIES: Mapping[str, str] = {
    "product": "product",
    "treatment": "behandeling",
    "trigger": "wat het uitlokt",
}
"""Each sort of word that Kalm notices, as a reviewer reads it; a test compares the names with ``domain/``."""

_MOST_ENTITIES = 20
_MARKUP = "[]{}\\`"
"""Signs with which a file of training data says what is an entity, or where a line ends."""


class JudgementError(Exception):
    """A judgement cannot be kept as it is; the message says why, in Dutch."""


@dataclass(frozen=True, order=True)
class Mark:
    """Words of a sentence that are an entity.

    Attributes:
        start: index of the first character.
        end: index behind the last one.
        entity: one of :data:`ENTITIES`.
    """

    start: int
    end: int
    entity: str

    @property
    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        return {"start": self.start, "end": self.end, "entity": self.entity}


def what_is_wrong_with(sentence: str) -> str:
    """Why Kalm cannot learn from a sentence, in Dutch; "" when it can."""
    if not sentence.strip():
        return "Vul de zin in waarvan Kalm moet leren."
    if masked := [label for label in LABELS if label in sentence]:
        return (
            f"In de zin staat {masked[0]}. Dat is van een bezoeker en hoort niet in de voorbeelden. Maak er "
            "een zin van zonder, of kies ‘Niet voor training’."
        )
    if len(sentence) > LONGEST:
        return (
            f"De zin is te lang om van te leren: hooguit {LONGEST} tekens. Kort hem in tot waar het om gaat."
        )
    if found := sorted({sign for sign in sentence if sign in _MARKUP}):
        return f"De tekens {' '.join(found)} kunnen niet in een voorbeeldzin. Haal ze weg."
    if sentence != " ".join(sentence.split(" ")).strip() or any(_breaks(sign) for sign in sentence):
        return "Zet de zin op één regel, zonder witregels of rare tekens aan het begin of eind."
    if sentence.startswith(("/", "#", "- ", "* ")):
        return "Een voorbeeldzin begint niet met / # - of *. Haal dat teken weg."
    if mask(sentence) != sentence:
        return (
            "In de zin staat een naam, adres of nummer. Zoiets hoort niet in de voorbeelden: maak er een zin "
            "van zonder."
        )
    return ""


def tidied(sentence: str) -> str:
    """A sentence on one line, without white space around it; what was typed stays as it is otherwise."""
    return " ".join(sentence.split())


def _breaks(sign: str) -> bool:
    """Whether a sign ends a line somewhere, or cannot be seen; a part of a smile may."""
    return unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs", "Co", "Cn")


def read_marks(sentence: str, said: Any) -> tuple[Mark, ...]:
    """The marks that a form gives, in order.

    Args:
        sentence: in which they stand.
        said: a list of ``start``, ``end``, ``entity`` and, to be sure, the ``value`` that stands there.

    Raises:
        JudgementError: they do not fit the sentence.
    """
    if not isinstance(said, list) or len(said) > _MOST_ENTITIES:
        raise JudgementError("De gemarkeerde woorden konden niet gelezen worden. Markeer ze opnieuw.")
    marks = []
    for one in said:
        try:
            mark, value = _mark(one), str(one["value"])
        except (TypeError, KeyError, ValueError, OverflowError) as error:
            raise JudgementError(
                "De gemarkeerde woorden konden niet gelezen worden. Markeer ze opnieuw."
            ) from error
        if not _fits(sentence, mark) or sentence[mark.start : mark.end] != value:
            raise JudgementError("De gemarkeerde woorden passen niet meer bij de zin. Markeer ze opnieuw.")
        marks.append(mark)
    ordered = tuple(sorted(marks))
    if len(without_overlap(ordered)) != len(ordered):
        raise JudgementError("Twee gemarkeerde stukjes vallen over elkaar heen. Markeer ze opnieuw.")
    return ordered


def marks_of(sentence: str, entities: Iterable[Any]) -> tuple[Mark, ...]:
    """The marks among what Kalm understood, those that fit the sentence and each other."""
    found = []
    for one in entities:
        try:
            mark = _mark(one)
        except (TypeError, KeyError, ValueError, OverflowError):
            continue
        if _fits(sentence, mark):
            found.append(mark)
    return without_overlap(sorted(found))


def marks_carried_over(sentence: str, words: Mapping[str, str]) -> tuple[Mark, ...]:
    """The same words marked in another sentence, as far as they are there.

    Args:
        sentence: the other one.
        words: what was marked, in small letters, with its entity.
    """
    small = sentence.lower()
    if len(small) != len(sentence):  # a few letters become two
        return ()
    found: list[Mark] = []
    for word, entity in sorted(words.items(), key=lambda one: -len(one[0])):
        start = small.find(word)
        while start >= 0:
            end = start + len(word)
            alone = not (small[start - 1 : start].isalnum() or small[end : end + 1].isalnum())
            mark = Mark(start, end, entity)
            if alone and all(end <= other.start or other.end <= start for other in found):
                found.append(mark)
            start = small.find(word, end)
    return tuple(sorted(found))


def without_overlap(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Of marks in order those that begin after the one before ended."""
    kept: list[Mark] = []
    for mark in marks:
        if not kept or kept[-1].end <= mark.start:
            kept.append(mark)
    return tuple(kept)


def _mark(said: Any) -> Mark:
    return Mark(int(said["start"]), int(said["end"]), str(said["entity"]))


def _fits(sentence: str, mark: Mark) -> bool:
    piece = sentence[mark.start : mark.end]
    inside = 0 <= mark.start < mark.end <= len(sentence)
    return inside and mark.entity in ENTITIES and piece == piece.strip()
