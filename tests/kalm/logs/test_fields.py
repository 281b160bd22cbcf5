from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from kalm.logs.fields import FIELDS, UNKNOWN, allowed
from kalm.reply import Kind
from kalm.settings import ROOT

ROOMS = ("kalm", "storage", "nlu", "bot", "actions", "channels", "commands", "web")
PSEUDONYM = "0123456789abcdef" * 4
SAID = st.text().map(lambda text: f"{text} {text}")
"""With a space, which no name has: Hypothesis tries words that stand in our code, such as the known names."""


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("conversation", PSEUDONYM, PSEUDONYM[:16]),
        ("channel", "rest", "rest"),
        ("kind", "answer", "answer"),
        ("kind", Kind.CRISIS, "crisis"),
        ("kind", "small_talk", "small_talk"),
        ("intent", "ask_rls", "ask_rls"),
        ("intent", "nlu_fallback", "nlu_fallback"),
        ("action", "action_answer_question", "action_answer_question"),
        ("passage", "restless-legs#twee-soorten", "restless-legs#twee-soorten"),
        ("milliseconds", 12.345, 12.3),
        ("count", 3, 3),
    ],
)
def test_what_is_known_is_written(name: str, value: object, written: object) -> None:
    assert allowed({name: value}) == {name: written}


@pytest.mark.parametrize("name", [*FIELDS, "milliseconds", "whatever"])
@given(value=SAID | st.binary() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()))
@example("truus")
@example("ik heb kriebels")
@example("12")
@example("0123456789abcdef\n")
def test_no_text_fits_in_any_field(name: str, value: object) -> None:
    assert allowed({name: value}) == {name: UNKNOWN}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_in_json_is_not_written(value: float) -> None:
    assert allowed({"milliseconds": value}) == {"milliseconds": UNKNOWN}


def test_what_there_is_not_is_left_out() -> None:
    assert allowed({"intent": None, "channel": "rest"}) == {"channel": "rest"}


def test_every_kind_intent_and_action_is_known() -> None:
    domain = yaml.safe_load((ROOT / "domain" / "conversation.yml").read_text(encoding="utf-8"))
    for name, values in (("kind", Kind), ("intent", domain["intents"]), ("action", domain["actions"])):
        for value in values:
            assert allowed({name: value}) == {name: getattr(value, "value", value)}


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Each call of ``logs.note`` and the like in our own code."""
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "logs"
                and node.func.attr in ("note", "alarm", "failure")
            ):
                yield path, node


def test_every_event_and_every_name_of_a_field_in_our_code_is_a_constant() -> None:
    found = list(calls())
    assert len(found) >= 4
    for path, call in found:
        where = f"{path}:{call.lineno}"
        assert isinstance(call.args[0], ast.Constant), f"{where}: the event must be a plain string"
        assert None not in [keyword.arg for keyword in call.keywords], f"{where}: write the fields out"


def test_our_code_calls_the_log_by_its_name_so_that_the_test_above_sees_it() -> None:
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if path.is_relative_to(ROOT / "kalm" / "logs"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "kalm.logs":
                names = {alias.name for alias in node.names}
                assert not names & {"note", "alarm", "failure"}, f"{path}: write 'from kalm import logs'"
