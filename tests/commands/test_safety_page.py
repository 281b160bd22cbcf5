from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.cli import _app
from commands.safety_page import render_safety
from kalm.approval import Approvals, read_approvals
from kalm.safety import danger_rules
from kalm.safety.claims import claim_rules
from kalm.said import said
from kalm.settings import ROOT


def test_the_docs_hold_exactly_what_the_data_says() -> None:
    assert (ROOT / "docs" / "veiligheid.md").read_text(encoding="utf-8") == render_safety()


def test_every_safety_text_and_rule_stands_in_the_page_word_for_word() -> None:
    page = render_safety()
    for text in said():
        if text.is_safety and not text.is_rule and not text.name.startswith("conditions/"):
            assert text.text in page, text.name
    for sign in danger_rules().signs:
        assert sign.meaning in page
        assert all(source in page for source in sign.sources)
    for rule in claim_rules().rules:
        assert rule.explanation in page


def test_the_command_prints_the_page() -> None:
    result = CliRunner().invoke(_app, ["safety-page"])
    assert result.exit_code == 0
    assert result.output == render_safety()


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Approvals]:
    kept: list[Approvals] = []
    monkeypatch.setattr("commands.approve.write_approvals", kept.append)
    return kept


def test_approving_keeps_who_and_when_and_touches_nothing_else(written: list[Approvals]) -> None:
    result = CliRunner().invoke(_app, ["approve", "danger/hart", "--door", "dr. De Vries"])
    assert result.exit_code == 0
    (after,) = written
    before = read_approvals()
    assert " door dr. De Vries op " in after.safety["danger/hart"]
    assert {**after.safety, "danger/hart": ""} == {**before.safety, "danger/hart": ""}
    assert after.passages == before.passages


@pytest.mark.parametrize(
    "arguments", [["danger/weg", "--door", "x"], ["--door", "x"], ["--door", " ", "--alles"]]
)
def test_approving_what_does_not_exist_or_by_nobody_is_refused(
    written: list[Approvals], arguments: list[str]
) -> None:
    result = CliRunner().invoke(_app, ["approve", *arguments])
    assert result.exit_code != 0
    assert written == []


def test_approving_everything_leaves_out_what_is_doubted_unless_it_is_named(
    written: list[Approvals], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.approve.doubted_passages", lambda *_: {"magnesiumtekort#klachten"})
    monkeypatch.setattr("commands.approve.read_approvals", Approvals)
    everything = CliRunner().invoke(_app, ["approve", "--alles", "--door", "x"])
    CliRunner().invoke(_app, ["approve", "--alles", "magnesiumtekort#klachten", "--door", "x"])
    without, with_it = (approvals.passages.keys() for approvals in written)
    assert "Niet vastgelegd: magnesiumtekort#klachten" in everything.output
    assert set(with_it) - set(without) == {"magnesiumtekort#klachten"}
