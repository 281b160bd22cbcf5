"""What two releases made of the same messages, side by side, and as the screen shows it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from review.training.comparing import compare
from review.training.view import describe, view_of


def one(
    text: str,
    intent: str = "ask_rls",
    shown: tuple[str, ...] = (),
    hit: bool = False,
    kind: str = "",
    answerable: bool = True,
    understood: str = "",
    **more: Any,
) -> dict[str, Any]:
    """What was measured of one message."""
    passages = [{"id": id_, "article": "Artikel", "section": id_, "text": "Tekst."} for id_ in shown]
    return {
        "text": text,
        "intent": intent,
        "sections": ["goed"] if answerable else [],
        "understood": understood or intent,
        "kind": kind or ("answer" if shown else "no_answer"),
        "shown": passages,
        "offered": False,
        "answerable": answerable,
        "unanswerable": not answerable,
        "hit": hit,
        **more,
    }


def scores(matrix: list[list[int]], f1: float = 0.9) -> dict[str, Any]:
    labels = ["ask_rls", "thank"]
    share = {"support": 10, "precision": f1, "recall": f1, "f1": f1}
    return {
        "labels": labels,
        "matrix": matrix,
        "macro_f1": f1,
        "accuracy": f1,
        "intents": dict.fromkeys(labels, share),
    }


def measured(**changes: Any) -> dict[str, Any]:
    return {
        "answers": [
            one("beter", shown=("fout",)),
            one("slechter", shown=("goed",), hit=True),
            one("gelijk", shown=("goed",), hit=True),
            one("anders", shown=("fout",)),
            one("geweigerd", answerable=False),
        ],
        "asked": [
            one("geleerd", passage="p#goed"),
            one("<b>dank</b>", "thank", kind="smalltalk", passage=""),
        ],
        "danger": [
            {"text": "pijn op de borst", "is_danger": True, "seen": True},
            {"text": "ik stik", "is_danger": True, "seen": False},
            {"text": "ik stik van het lachen", "is_danger": False, "seen": False},
        ],
        "development": scores([[9, 1], [0, 10]]),
        "crossed": scores([[8, 2], [1, 9]]),
        **changes,
    }


def after(**changes: Any) -> dict[str, Any]:
    return measured(
        answers=[
            one("beter", shown=("goed",), hit=True),
            one("slechter", shown=("fout",)),
            one("gelijk", shown=("goed",), hit=True),
            one("anders", shown=("ook fout",)),
            one("geweigerd", answerable=False),
        ],
        asked=[
            one("geleerd", shown=("p#goed",), hit=True, passage="p#goed"),
            one("<b>dank</b>", "thank", kind="smalltalk", passage=""),
        ],
        **changes,
    )


def test_every_changed_answer_is_there_with_what_it_became() -> None:
    found = compare(measured(), after())
    assert [(change["text"], change["verdict"]) for change in found["changed"]] == [
        ("beter", "better"),
        ("slechter", "worse"),
        ("anders", "other"),
    ]
    assert [(one["text"], one["is_right"], one["verdict"]) for one in found["asked"]] == [
        ("geleerd", True, "better"),
        ("<b>dank</b>", True, "other"),
    ]


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        ({}, {"offered": True, "kind": "clarify"}, "better"),
        ({}, {"shown": ("fout",)}, "worse"),
        ({"shown": ("fout",)}, {}, "better"),
        ({"shown": ("goed",), "hit": True}, {}, "worse"),
        ({"answerable": False}, {"answerable": False, "shown": ("fout",)}, "worse"),
        ({"answerable": False}, {"answerable": False, "kind": "referral"}, "other"),
    ],
)
def test_a_wrong_answer_is_worse_than_none(before: Any, now: Any, verdict: str) -> None:
    found = compare(measured(answers=[one("vraag", **before)]), measured(answers=[one("vraag", **now)]))
    assert [change["verdict"] for change in found["changed"]] == [verdict]


def test_a_danger_that_is_no_longer_seen_forbids_it() -> None:
    lost = copy.deepcopy(measured()["danger"])
    lost[0]["seen"] = False

    found = compare(measured(), after(danger=lost))

    assert found["danger"]["lost"] == ["pijn op de borst"]
    assert len(found["forbidden"]) == 1
    assert "mag het niet live" in found["forbidden"][0]


def test_one_danger_more_does_not_make_up_for_one_that_is_lost() -> None:
    swapped = copy.deepcopy(measured()["danger"])
    swapped[0]["seen"], swapped[1]["seen"] = False, True
    assert compare(measured(), after(danger=swapped))["forbidden"]


def test_a_danger_that_neither_sees_forbids_nothing() -> None:
    assert compare(measured(), after())["forbidden"] == []


def test_the_screen_shows_all_of_it_in_dutch() -> None:
    found = view_of(json.loads(json.dumps(compare(measured(), after()))))
    assert found is not None
    assert [one.verdict for one in found.changed] == ["slechter", "beter", "anders"]
    assert found.answered_now == 2
    numbers = {one.name: (one.before, one.after, one.verdict) for one in found.numbers}
    assert numbers["fout antwoord"] == ("2 van 5", "2 van 5", "gelijk")
    assert numbers["vraag goed beantwoord"] == ("2 van 4", "2 van 4", "gelijk")
    assert found.danger[0].after == "1 van 2"
    assert found.intents[0].name in ("vraag over rusteloze benen", "bedankt")
    assert [(cell.row, cell.column, cell.count) for cell in found.picture.cells] == [
        (0, 0, 8),
        (0, 1, 2),
        (1, 0, 1),
        (1, 1, 9),
    ]
    assert found.pairs[0] == ("vraag over rusteloze benen", "bedankt", 2, 2, "gelijk")
    assert found.asked[1].after.kind == "praatje"
    assert [answer.verdict for answer in found.asked] == ["beter", "goed, net als nu"]
    wrong = one("fout", passage="p#goed")
    still = view_of(json.loads(json.dumps(compare(measured(asked=[wrong]), measured(asked=[wrong])))))
    assert still is not None
    assert [answer.verdict for answer in still.asked] == ["nog niet goed"]


@pytest.mark.parametrize("broken", [None, {}, {"numbers": 3}, {"changed": [{"verdict": "best"}]}])
def test_what_cannot_be_read_is_no_comparison(broken: Any) -> None:
    assert view_of(broken) is None


def test_an_intent_that_is_new_or_gone_is_compared_with_nothing() -> None:
    extra = scores([[8, 2], [1, 9]])
    extra["intents"] = {"ask_product": extra["intents"]["thank"]}
    found = view_of(compare(measured(), after(crossed=extra)))
    assert found is not None
    assert {one.before[2] for one in found.crossed} == {"0%", "90%"}


def test_a_summary_leaves_out_what_is_not() -> None:
    assert describe([(2, "beter"), (0, "slechter"), (1, "anders")]) == "2 beter, 1 anders"
    assert describe([(0, "beter")]) == "geen"
