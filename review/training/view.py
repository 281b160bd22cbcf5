"""A comparison as the screen shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from review import words
from review.training.comparing import BETTER, OTHER, WORSE

VERDICTS = {BETTER: "beter", WORSE: "slechter", OTHER: "anders"}

_SAME = "gelijk"
_NOTICEABLE = 0.005
"""Difference of a share that shows in whole percents."""

_STEPS = 5
"""Shades of the picture."""


@dataclass(frozen=True)
class Change:
    """A number before and after.

    Attributes:
        name: what it counts.
        before: as shown.
        after: as shown.
        verdict: beter, slechter or gelijk.
    """

    name: str
    before: str
    after: str
    verdict: str


@dataclass(frozen=True)
class Intent:
    """An intent before and after: shares of precision, recall and F1 in percents.

    Attributes:
        support: how many messages had it.
    """

    name: str
    support: int
    before: tuple[str, str, str]
    after: tuple[str, str, str]
    verdict: str


@dataclass(frozen=True)
class Said:
    """What Kalm said.

    Attributes:
        understood: the intent, in Dutch.
        kind: of the reply, in Dutch.
        passages: article and section, and the text, of each that was shown.
    """

    understood: str
    kind: str
    passages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """A question whose answer changed, or that was learnt from.

    Attributes:
        wanted: what a reviewer wanted, in Dutch, "" for a message of the measurements.
        is_right: whether the new answer is what was wanted.
    """

    text: str
    intent: str
    wanted: str
    before: Said
    after: Said
    verdict: str
    is_right: bool


@dataclass(frozen=True)
class Cell:
    """A square of the picture: row and column from 0, how many, and its shade from 1."""

    row: int
    column: int
    count: int
    shade: int
    title: str


@dataclass(frozen=True)
class Picture:
    """What is taken for what."""

    labels: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class View:
    """A whole comparison.

    Attributes:
        changed: what became worse first.
        pairs: what is taken for what: is, as, before, after, verdict.
        forbidden: why it may not go live.
        lost: dangers that are no longer seen.
    """

    numbers: tuple[Change, ...]
    danger: tuple[Change, ...]
    intents: tuple[Intent, ...]
    crossed: tuple[Intent, ...]
    changed: tuple[Answer, ...]
    asked: tuple[Answer, ...]
    picture: Picture
    pairs: tuple[tuple[str, str, int, int, str], ...]
    forbidden: tuple[str, ...]
    lost: tuple[str, ...]

    def count(self, verdict: str) -> int:
        """How many answers changed that way."""
        return sum(one.verdict == verdict for one in self.changed)

    @property
    def answered_now(self) -> int:
        """How many of the questions that were learnt from are answered as wanted."""
        return sum(one.is_right for one in self.asked)


def view_of(comparison: Mapping[str, Any] | None) -> View | None:
    """The comparison as shown; None when there is none, or what was kept cannot be read."""
    if comparison is None:
        return None
    try:
        order = (WORSE, BETTER, OTHER)
        changed = sorted(map(_changed, comparison["changed"]), key=lambda one: order.index(one[0]))
        return View(
            numbers=tuple(map(_number, comparison["numbers"])),
            danger=_danger(comparison["danger"]),
            intents=tuple(map(_intent, comparison["intents"])),
            crossed=tuple(map(_intent, comparison["crossed"])),
            changed=tuple(answer for _, answer in changed),
            asked=tuple(map(_asked, comparison["asked"])),
            picture=_picture(comparison["confusion"]),
            pairs=tuple(map(_pair, comparison["confusion"]["pairs"])),
            forbidden=tuple(map(str, comparison["forbidden"])),
            lost=tuple(map(str, comparison["danger"]["lost"])),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return None


def _number(one: Mapping[str, Any]) -> Change:
    if one["of"]:
        before, after = (f"{words.number(one[side])} van {words.number(one['of'])}" for side in _SIDES)
    else:
        before, after = (words.percent(one[side]) for side in _SIDES)
    difference = one["after"] - one["before"]
    return Change(one["name"], before, after, _direction(difference, one["more_is_better"], bool(one["of"])))


_SIDES = ("before", "after")


def _direction(difference: float, more_is_better: bool, is_count: bool) -> str:
    if abs(difference) < (1 if is_count else _NOTICEABLE):
        return _SAME
    return VERDICTS[BETTER if (difference > 0) == more_is_better else WORSE]


def _danger(found: Mapping[str, Any]) -> tuple[Change, ...]:
    rows = (
        ("gevaar gezien", "seen_before", "seen_after", "total", True),
        ("onschuldig bericht voor gevaar aangezien", "stopped_before", "stopped_after", "harmless", False),
    )
    return tuple(
        _number(
            {"name": name, "before": found[was], "after": found[is_], "of": found[of], "more_is_better": more}
        )
        for name, was, is_, of, more in rows
    )


def _intent(one: Mapping[str, Any]) -> Intent:
    before, after = one["before"], one["after"]
    return Intent(
        words.intent(one["intent"]),
        int(after["support"]),
        _shares(before),
        _shares(after),
        _direction(after["f1"] - before["f1"], True, is_count=False),
    )


def _shares(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return words.percent(one["precision"]), words.percent(one["recall"]), words.percent(one["f1"])


def _changed(one: Mapping[str, Any]) -> tuple[str, Answer]:
    passage, intent = str(one["passage"]), str(one["intent"])
    return str(one["verdict"]), Answer(
        str(one["text"]),
        words.intent(intent) if intent else "vraag uit een nieuwe tekst",
        "er hoort geen antwoord bij" if passage == "none" else passage and f"hoort bij {passage}",
        _said(one["before"]),
        _said(one["after"]),
        VERDICTS[one["verdict"]],
        bool(one.get("is_right", False)),
    )


def _asked(one: Mapping[str, Any]) -> Answer:
    """Of a question that was learnt from it matters more whether it goes well now than that it changed."""
    answer = _changed(one)[1]
    if one["verdict"] != OTHER:
        return answer
    return replace(answer, verdict="goed, net als nu" if answer.is_right else "nog niet goed")


def _said(one: Mapping[str, Any]) -> Said:
    kind = "small_talk" if one["kind"] == "smalltalk" else str(one["kind"])
    return Said(
        words.intent(str(one["understood"])),
        words.kind(kind),
        tuple((f"{shown['article']}: {shown['section']}", str(shown["text"])) for shown in one["shown"]),
    )


def _picture(found: Mapping[str, Any]) -> Picture:
    names = [words.intent(str(label)) for label in found["labels"]]
    cells = []
    for row, counts in enumerate(found["matrix"]):
        total = sum(counts) or 1
        for column, count in enumerate(counts):
            if count:
                title = f"{names[row]}, begrepen als {names[column]}: {count} keer"
                shade = min(_STEPS, 1 + int(_STEPS * count / total))
                cells.append(Cell(row, column, int(count), shade, title))
    return Picture(tuple(names), tuple(cells))


def _pair(one: Mapping[str, Any]) -> tuple[str, str, int, int, str]:
    before, after = int(one["before"]), int(one["after"])
    verdict = _direction(after - before, more_is_better=False, is_count=True)
    return words.intent(str(one["intent"])), words.intent(str(one["as"])), before, after, verdict


def describe(verdicts: Sequence[tuple[int, str]]) -> str:
    """Numbers with their verdict in one line, without those that are zero."""
    return ", ".join(f"{words.number(count)} {verdict}" for count, verdict in verdicts if count) or "geen"
