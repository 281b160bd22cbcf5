from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kalm import release
from kalm.embedding import OtherEmbedderError
from kalm.release import Release, ReleaseError
from kalm.search import SearchIndex
from kalm.search.calibration import feature_names

Run = Callable[..., tuple[int, str, str]]
OLD = Release(Path("kalm-1.tar.gz"), Path("index-1"))
NEW = Release(Path("kalm-2.tar.gz"), Path("index-2"))
STALE = "De zoekindex is ouder dan de artikelen; draai 'make train'."


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch, index: SearchIndex) -> None:
    """The small index is that of the present articles; the terminal is 80 columns wide."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(release, "current", lambda: NEW)
    monkeypatch.setattr(release, "wanted", lambda: NEW)
    monkeypatch.setattr(release, "load_index", lambda: index)


@pytest.mark.usefixtures("released")
def test_the_best_passage_is_shown_first_with_its_heading_below(run_app: Run) -> None:
    code, out, err = run_app("search", "Wat is een ijzertekort?")

    assert (code, err) == (0, "")
    title, best, heading, *_ = out.splitlines()
    assert title.startswith("Kans  Passage")
    assert best == "1.00  ijzer#tekort"
    assert heading.strip() == "Een ijzertekort"
    assert STALE not in out


@pytest.mark.usefixtures("released")
def test_as_many_passages_are_shown_as_asked_for(run_app: Run) -> None:
    _, out, _ = run_app("search", "ijzer", "--limit", "2")

    assert out.count("#") == 2


@pytest.mark.usefixtures("released")
def test_details_fit_in_the_terminal_and_leave_ids_whole(run_app: Run, index: SearchIndex) -> None:
    _, out, _ = run_app("search", "ijzer", "--details")

    assert all(len(line) <= 80 for line in out.splitlines())
    words = " ".join(out.replace("\N{NO-BREAK SPACE}", " ").split())
    assert all(name.replace("_", " ") in words for name in feature_names(with_embeddings=False))
    assert all(match.passage.id in out.split() for match in index.search("ijzer"))


@pytest.mark.usefixtures("released")
def test_an_id_is_never_cut_or_folded(
    run_app: Run, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "12")

    _, out, _ = run_app("search", "ijzer")

    assert all(match.passage.id in out.split() for match in index.search("ijzer"))


@pytest.mark.usefixtures("released")
def test_an_index_older_than_the_articles_is_told_before_the_passages(
    run_app: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "current", lambda: OLD)

    code, out, _ = run_app("search", "ijzer")

    assert code == 0
    assert out.splitlines()[0] == STALE
    assert "ijzer#tekort" in out


@pytest.mark.usefixtures("released")
def test_another_model_with_the_same_index_is_not_told(run_app: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "current", lambda: Release(OLD.model, NEW.index))

    _, out, _ = run_app("search", "ijzer")

    assert STALE not in out


@pytest.mark.parametrize("question", [[], [""], ["   "], ["?!"]])
def test_an_empty_question_is_told_in_dutch(run_app: Run, question: list[str]) -> None:
    code, out, err = run_app("search", *question)

    assert (code, out) == (1, "")
    assert err.startswith("Er staat geen vraag; zet haar tussen aanhalingstekens")


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ReleaseError("no model"), "Er is nog geen zoekindex; draai 'make train'."),
        (OtherEmbedderError("other"), "De zoekindex is met een ander taalmodel gemaakt"),
    ],
)
def test_an_index_that_cannot_be_used_is_told_in_dutch(
    run_app: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail() -> SearchIndex:
        raise error

    monkeypatch.setattr(release, "load_index", fail)

    code, _, err = run_app("search", "ijzer")

    assert code == 1
    assert told in err
