from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commands.errors import CommandError
from commands.import_article import import_article
from kalm.articles import check_articles, read_article

Run = Callable[..., tuple[int, str, str]]
TEXT = "Slapen met RLS\n\nWat het is\n\nEen korte zin.\n\nWat helpt\n\nNog een korte zin.\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "bron.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_an_import_makes_a_draft_in_the_folder_of_articles(
    run_app: Run, articles: Path, source: Path
) -> None:
    code, out, err = run_app("import", str(source))

    assert (code, err) == (0, "")
    target = articles / "slapen-met-rls.md"
    assert list(articles.iterdir()) == [target]
    article = read_article(target)
    assert [section.heading for section in article.sections] == ["Wat het is", "Wat helpt"]
    assert all(section.draft for section in article.sections)
    assert not any(fault.blocking for fault in check_articles([article]))
    assert f"Gemaakt: {target} met 2 secties, allemaal als concept." in out


def test_an_import_tells_what_is_left_to_do(run_app: Run, articles: Path, source: Path) -> None:
    _, out, _ = run_app("import", str(source))

    assert 'Vul "Wat het is" aan: 3 woorden' in out
    assert "'vragen:'" in out
    assert out.strip().endswith("Draai daarna '.venv/bin/python -m kalm check --concepten'.")


def test_an_import_never_overwrites(run_app: Run, articles: Path, source: Path) -> None:
    articles.mkdir()
    existing = articles / "slapen-met-rls.md"
    existing.write_text("werk van een ander", encoding="utf-8")

    code, out, err = run_app("import", str(source))

    assert code == 1
    assert existing.read_text(encoding="utf-8") == "werk van een ander"
    assert f"Niets geïmporteerd: {existing} bestaat al en wordt nooit overschreven" in err
    assert out == ""


def test_an_import_never_writes_through_a_dangling_link(articles: Path, source: Path, tmp_path: Path) -> None:
    articles.mkdir()
    (articles / "slapen-met-rls.md").symlink_to(tmp_path / "elders.md")

    with pytest.raises(CommandError, match="bestaat al"):
        import_article(str(source))

    assert not (tmp_path / "elders.md").exists()


def test_a_title_never_leads_out_of_the_folder(articles: Path, source: Path, tmp_path: Path) -> None:
    source.write_text("Titel ../../weg\nKop\nEen zin.\n", encoding="utf-8")

    import_article(str(source))

    assert [path.name for path in articles.iterdir()] == ["titel-weg.md"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "er staat geen tekst in"),
        (b"Een zin met een punt.", "er staan geen koppen in"),
        (b"\0\1\2", "binair bestand"),
        (b"---\ntitle: 'open\n---\n## Kop\nEen zin.\n", "de kop tussen de streepjes is niet te lezen"),
    ],
)
def test_a_refused_source_leaves_nothing_behind(
    run_app: Run, articles: Path, source: Path, content: bytes, why: str
) -> None:
    source.write_bytes(content)

    code, out, err = run_app("import", str(source))

    assert code == 1
    assert out == ""
    assert err.startswith("Niets geïmporteerd: ")
    assert why in err
    assert not articles.exists()


def test_a_source_that_is_not_there_is_told_by_name(run_app: Run, articles: Path, tmp_path: Path) -> None:
    code, _, err = run_app("import", str(tmp_path / "weg.txt"))

    assert code == 1
    assert err.strip() == (
        f"Niets geïmporteerd: {tmp_path / 'weg.txt'} bestaat niet of is geen bestand; controleer het pad."
    )


@pytest.mark.parametrize("heading", ["Zink [oxide] en ijzer", "Wat [/x] is", "De [red] lijst"])
def test_brackets_in_a_heading_are_printed_as_they_stand(
    run_app: Run, articles: Path, source: Path, heading: str
) -> None:
    source.write_text(f"Titel\n{heading}\nEen zin.\n", encoding="utf-8")

    code, out, _ = run_app("import", str(source))

    assert code == 0
    assert f'Vul "{heading}" aan' in out
