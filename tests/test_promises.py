"""docs/promises.md: each promise has tests, and each of those exists and is not skipped; none is run here."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from kalm.settings import ROOT

PAGE = ROOT / "docs" / "promises.md"
_HEAD = "| Promise | Made in | Held by |\n|---|---|---|\n"
_TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)#]+)\)")
NOT_RUN = {"skip", "xfail"}
"""Marks that keep a test from failing everywhere; ``skipif`` is for what a machine does not have."""


def promises() -> list[list[str]]:
    """The rows of all tables of promises: the promise, where it is made, what holds it."""
    tables = PAGE.read_text(encoding="utf-8").split(_HEAD)[1:]
    return [
        [cell.strip() for cell in row.strip("|").split("|")]
        for table in tables
        for row in table.partition("\n\n")[0].splitlines()
    ]


def held_by(row: list[str]) -> list[tuple[str, str]]:
    return _TEST.findall(row[2])


@cache
def written_in(path: Path) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The tests at the outer level of a file, by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def is_run(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it checks something, and no mark keeps it from running."""
    parts = [part for mark in test.decorator_list for part in ast.walk(mark)]
    marks = {part.attr for part in parts if isinstance(part, ast.Attribute)}
    return not marks & NOT_RUN and any(_checks(node) for node in ast.walk(test))


def _checks(node: ast.AST) -> bool:
    """Whether it can fail: an assertion, or a call of pytest, playwright or a helper that makes one."""
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Assert)
    name = ast.unparse(node.func).rpartition(".")[2]
    return name in {"raises", "expect", "keep_house_until"} or name.startswith("assert_")


def test_there_are_promises_in_each_table() -> None:
    assert len(promises()) >= 40
    assert PAGE.read_text(encoding="utf-8").count(_HEAD) >= 8
    assert {len(row) for row in promises()} == {3}


@pytest.mark.parametrize("row", promises(), ids=lambda row: row[0])
def test_each_promise_is_held_by_tests_that_exist_and_run(row: list[str]) -> None:
    assert held_by(row), "a promise without a test"
    assert _TEST.sub("", row[2]).replace(",", "").strip() == "", "something else than tests"
    for path, name in held_by(row):
        found = written_in(ROOT / "tests" / path).get(name)
        assert found is not None, f"{path} has no {name}"
        assert is_run(found), f"{path}::{name} is skipped, or checks nothing"


@pytest.mark.parametrize("row", promises(), ids=lambda row: row[0])
def test_each_promise_is_made_in_a_page_that_is_there(row: list[str]) -> None:
    ((_, target),) = _LINK.findall(row[1])
    assert (PAGE.parent / target).resolve().exists()


def test_no_promise_stands_there_twice() -> None:
    said = [row[0] for row in promises()]
    assert sorted(set(said)) == sorted(said)


@pytest.mark.parametrize(
    ("code", "runs"),
    [
        ("def test_x(): assert 1", True),
        ("async def test_x():\n with pytest.raises(ValueError): f()", True),
        ("def test_x(): f()", False),
        ("@pytest.mark.skip\ndef test_x(): assert 1", False),
        ("@pytest.mark.skipif(not NODE, reason='')\ndef test_x(): assert 1", True),
        ("@pytest.mark.xfail(strict=False)\ndef test_x(): assert 1", False),
        ("@pytest.mark.parametrize('a', [1])\ndef test_x(a): assert a", True),
    ],
)
def test_a_test_that_is_skipped_or_checks_nothing_holds_no_promise(code: str, runs: bool) -> None:
    (test,) = ast.parse(code).body
    assert isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef)
    assert is_run(test) is runs
