"""Compare what two releases made of the same messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Found = Mapping[str, Any]

_CONFUSIONS = 25
"""Pairs of intents that the table names, the most frequent ones."""

BETTER, WORSE, OTHER = "better", "worse", "other"

_MISSED = (
    "Het nieuwe model ziet {count} in de testberichten niet meer als gevaar, en het huidige wel. "
    "Daarom mag het niet live."
)


def compare(before: Found, after: Found) -> dict[str, Any]:
    """How a candidate compares with the current release.

    Args:
        before: what was measured of the current release, see :mod:`commands.comparing.measuring`.
        after: of the candidate.

    Returns:
        What the screen shows: ``numbers``, ``intents`` and ``crossed`` (per intent), ``confusion``,
        ``changed`` (answers that differ), ``asked``, ``danger``, and ``forbidden``: why it may not go live,
        empty when it may.
    """
    danger = _danger(before["danger"], after["danger"])
    return {
        "numbers": _numbers(before, after),
        "intents": _intents(before["development"], after["development"]),
        "crossed": _intents(before["crossed"], after["crossed"]),
        "confusion": _confusion(before["crossed"], after["crossed"]),
        "changed": [
            {**change, "verdict": _verdict(change)}
            for change in _pairs(before["answers"], after["answers"])
            if _differs(change)
        ],
        "asked": [_with_verdict(pair) for pair in _pairs(before["asked"], after["asked"])],
        "danger": danger,
        "forbidden": [_MISSED.format(count=_messages(len(danger["lost"])))] if danger["lost"] else [],
    }


def _messages(count: int) -> str:
    return "één bericht" if count == 1 else f"{count} berichten"


def _numbers(before: Found, after: Found) -> list[dict[str, Any]]:
    rows = [
        ("vraag goed beantwoord", "right", _count(before, _right), True),
        ("fout antwoord", "wrong", _count(before, _wrong), False),
        ("terecht geen antwoord", "refused", _count(before, _refused), True),
    ]
    tests = {"right": _right, "wrong": _wrong, "refused": _refused}
    found = [
        {
            "name": name,
            "before": count,
            "after": _count(after, tests[key]),
            "of": _total(after, key),
            "more_is_better": more,
        }
        for name, key, count, more in rows
    ]
    for name, part in (
        ("testberichten goed begrepen", "development"),
        ("kruisproef goed begrepen", "crossed"),
    ):
        found.append(
            {
                "name": name,
                "before": before[part]["accuracy"],
                "after": after[part]["accuracy"],
                "of": 0,
                "more_is_better": True,
            }
        )
    return found


def _right(one: Found) -> bool:
    return bool(one["answerable"] and one["hit"])


def _wrong(one: Found) -> bool:
    return bool(one["shown"] and not one["hit"])


def _refused(one: Found) -> bool:
    return bool(one["unanswerable"] and not one["shown"])


def _count(found: Found, test: Any) -> int:
    return sum(map(test, found["answers"]))


def _total(found: Found, key: str) -> int:
    wanted = {"right": "answerable", "refused": "unanswerable"}.get(key)
    return sum(bool(one[wanted]) if wanted else True for one in found["answers"])


def _intents(before: Found, after: Found) -> list[dict[str, Any]]:
    """Precision, recall and F1 of each intent before and after, what changed most first."""
    nothing = {"support": 0, "precision": 0.0, "recall": 0.0, "f1": 0.0}
    found = [
        {
            "intent": label,
            "before": before["intents"].get(label, nothing),
            "after": after["intents"].get(label, nothing),
        }
        for label in sorted(set(before["intents"]) | set(after["intents"]))
    ]
    return sorted(found, key=lambda one: -abs(one["after"]["f1"] - one["before"]["f1"]))


def _confusion(before: Found, after: Found) -> dict[str, Any]:
    """The matrix of the candidate, and the pairs that it confuses most, with how often before."""
    earlier = dict(_confused(before))
    pairs = dict(_confused(after))
    named = sorted(
        pairs.keys() | earlier.keys(), key=lambda pair: -max(pairs.get(pair, 0), earlier.get(pair, 0))
    )
    return {
        "labels": after["labels"],
        "matrix": after["matrix"],
        "pairs": [
            {
                "intent": is_,
                "as": as_,
                "before": earlier.get((is_, as_), 0),
                "after": pairs.get((is_, as_), 0),
            }
            for is_, as_ in named[:_CONFUSIONS]
        ],
    }


def _confused(scores: Found) -> Iterable[tuple[tuple[str, str], int]]:
    labels: Sequence[str] = scores["labels"]
    for row, counts in enumerate(scores["matrix"]):
        for column, count in enumerate(counts):
            if row != column and count:
                yield (labels[row], labels[column]), count


def _pairs(before: Sequence[Found], after: Sequence[Found]) -> list[dict[str, Any]]:
    """Each message once, with what became of it; both lists have the same messages in the same order."""
    return [
        {
            "text": new["text"],
            "intent": new["intent"],
            "passage": new.get("passage", ""),
            "answerable": new["answerable"],
            "before": _answer(old),
            "after": _answer(new),
        }
        for old, new in zip(before, after, strict=True)
    ]


def _answer(one: Found) -> dict[str, Any]:
    return {name: one[name] for name in ("understood", "kind", "shown", "hit", "offered")}


def _differs(pair: Found) -> bool:
    def said(one: Found) -> tuple[str, list[str]]:
        return one["kind"], [passage["id"] for passage in one["shown"]]

    return said(pair["before"]) != said(pair["after"])


def _verdict(pair: Found) -> str:
    def worth(one: Found) -> int:
        if one["hit"]:
            return 3
        if one["shown"]:
            return 0  # a wrong answer is worse than none
        return 2 if one["offered"] or not pair["answerable"] else 1

    before, after = worth(pair["before"]), worth(pair["after"])
    return OTHER if before == after else BETTER if after > before else WORSE


def _with_verdict(pair: Found) -> dict[str, Any]:
    """A question that was learnt from: whether it is answered as the reviewer wanted, and was before."""

    def right(one: Found) -> bool:
        if pair["passage"] == "none":
            return not one["shown"]
        return bool(one["hit"]) if pair["passage"] else one["understood"] == pair["intent"]

    before, after = right(pair["before"]), right(pair["after"])
    verdict = OTHER if before == after else BETTER if after else WORSE
    return {**pair, "verdict": verdict, "is_right": after}


def _danger(before: Sequence[Found], after: Sequence[Found]) -> dict[str, Any]:
    seen_before = {one["text"] for one in before if one["seen"]}
    return {
        "total": sum(one["is_danger"] for one in after),
        "seen_before": sum(one["is_danger"] and one["seen"] for one in before),
        "seen_after": sum(one["is_danger"] and one["seen"] for one in after),
        "lost": [
            one["text"]
            for one in after
            if one["is_danger"] and not one["seen"] and one["text"] in seen_before
        ],
        "harmless": sum(not one["is_danger"] for one in after),
        "stopped_before": sum(not one["is_danger"] and one["seen"] for one in before),
        "stopped_after": sum(not one["is_danger"] and one["seen"] for one in after),
    }
