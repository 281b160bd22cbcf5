from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kalm.articles import passages, read_articles
from kalm.buttons import button_for, read_buttons
from kalm.fixed_replies import as_suggestions
from kalm.sentences import sentences
from kalm.settings import ROOT, settings

OWN = ROOT / "data" / "articles"
TITLED = """\
## Koffie {#koffie}

Tekst.

knop: Koffie en RLS
vragen:
- Kun je koffie drinken met RLS?
- koffie en rls en thee

## Thee {#thee}

Tekst.

vragen:
- Kun je thee drinken met RLS?

## Concept {#concept}

Tekst.

status: concept
knop: Cola en RLS
vragen:
- Kun je cola drinken met RLS?

## Zonder vraag {#zonder}

Tekst.

knop: Zonder vraag
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that articles are read from."""
    monkeypatch.setenv("KALM_ARTICLES", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def write(folder: Path) -> Callable[[str, str], Path]:
    """Write an article of these sections under this name."""

    def write_article(name: str, body: str) -> Path:
        path = folder / f"{name}.md"
        head = (
            f"---\ntitle: Drinken\nslug: {name}\nurl: /artikelen/{name}\npublished: 2024-01-02\n"
            "updated: 2024-09-06\nevidence: algemeen\ntopics: [rls]\n---\n"
        )
        path.write_text(head + body, encoding="utf-8")
        return path

    return write_article


@pytest.mark.parametrize(
    ("question", "button"),
    [
        ("Kun je koffie drinken met RLS?", "Koffie en RLS"),
        ("koffie en rls en thee", ""),
        ("Kun je thee drinken met RLS?", ""),
        ("Kun je cola drinken met RLS?", ""),
        ("Waar staat dit nergens?", ""),
        ("Wis dit gesprek", "Wis dit gesprek"),
        ("x" * 20, "x" * 20),
        ("x" * 21, ""),
        ("", ""),
    ],
)
def test_a_first_question_has_the_title_of_its_section_and_a_short_text_is_its_own(
    write: Callable[[str, str], Path], question: str, button: str
) -> None:
    write("drinken", TITLED)

    assert button_for(question) == button


def test_the_articles_are_read_once(write: Callable[[str, str], Path]) -> None:
    path = write("drinken", TITLED)

    assert read_buttons() == 1
    path.unlink()
    assert button_for("Kun je koffie drinken met RLS?") == "Koffie en RLS"


def test_an_article_that_cannot_be_read_gives_no_buttons_and_the_log_says_so(
    write: Callable[[str, str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    write("drinken", TITLED)
    write("broken", TITLED.replace("Koffie en RLS", "").replace("koffie drinken", "water drinken"))

    assert button_for("Kun je water drinken met RLS?") == ""
    assert button_for("Kun je koffie drinken met RLS?") == "Koffie en RLS"
    assert "an article cannot be read, so it gives no buttons" in caplog.text
    assert "ArticleError" in caplog.text


def test_a_title_that_no_check_approved_is_never_longer_than_a_button(
    write: Callable[[str, str], Path],
) -> None:
    write("drinken", TITLED.replace("Koffie en RLS", "x" * 21))

    assert button_for("Kun je koffie drinken met RLS?") == ""


def test_without_articles_a_long_question_has_no_button(folder: Path) -> None:
    assert button_for("Wat zijn rusteloze benen?") == ""


def test_all_that_kalm_suggests_has_a_button_of_its_own(folder: Path) -> None:
    shutil.copytree(OWN, folder, dirs_exist_ok=True)
    first = [passage.questions[0] for passage in passages(read_articles(OWN))]
    said = sentences()
    texts = [*first, said.forget_wish, said.forget_yes, said.forget_no]

    buttons = [button_for(suggestion.payload) for suggestion in as_suggestions(texts)]

    assert [text for text, button in zip(texts, buttons, strict=True) if not 0 < len(button) <= 20] == []
    assert len({button.casefold() for button in buttons}) == len(texts)


def test_each_starter_has_the_button_that_an_editor_wrote() -> None:
    buttons = {
        section.questions[0]: section.button for article in read_articles(OWN) for section in article.sections
    }

    assert [starter for starter in sentences().starters if not buttons.get(starter)] == []
