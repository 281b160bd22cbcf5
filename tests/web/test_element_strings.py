"""The words that the chat element must have itself are Kalm's own; it is built without asking Kalm."""

from __future__ import annotations

import re

from channels.website.models import LONGEST_REASON
from kalm.articles import Evidence
from kalm.sentences import sentences
from kalm.settings import ROOT

STRINGS = (ROOT / "widget" / "src" / "strings.ts").read_text(encoding="utf-8")


def string(name: str) -> str:
    found = re.search(rf'^\s+{name}: "([^"]*)"', STRINGS, re.MULTILINE)
    assert found, f"the element has no {name}"
    return found[1]


def test_whom_to_call_and_the_disclaimer_are_those_of_kalm() -> None:
    assert string("danger") == sentences().danger_line
    assert string("disclaimer") == sentences().disclaimer_short
    assert string("rests_on") == sentences().source_rests_on


def test_each_kind_of_evidence_has_the_words_of_the_source_line() -> None:
    assert {kind.value: string(kind.value) for kind in Evidence} == {
        kind.value: kind.in_words for kind in Evidence
    }


def test_a_reason_is_as_long_as_the_channel_takes() -> None:
    feedback = (ROOT / "widget" / "src" / "panel" / "feedback.ts").read_text(encoding="utf-8")
    assert f"const LONGEST_REASON = {LONGEST_REASON};" in feedback
