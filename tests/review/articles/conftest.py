"""Articles in a folder of their own, and the section editor's form as the page sends it."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Row

from kalm.safety.wording import train_reader
from kalm.settings import ROOT
from review.articles import library as library_module
from review.articles import list_pages
from storage.schema import article_drafts, audit_log
from tests.review.conftest import Colleague, Shop

SLUG = "magnesiumtekort"
SECTION = "lareb"
TEXT = (
    "Bij Bijwerkingencentrum Lareb kwamen meldingen binnen over te weinig magnesium. Die gingen over mensen "
    "die lang maagzuurremmers slikten. Hoe vaak het voorkomt, kun je uit zulke meldingen niet aflezen. "
    "Vragen over je eigen medicijn stel je aan je arts of apotheker."
)


def form_of(page: str) -> dict[str, list[str]]:
    """The fields of the form of the editor, as a browser would send them."""
    reader = _Form()
    reader.feed(page)
    return reader.fields


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._textarea = self._select = ""
        self._typed: list[str] = []
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        name = said.get("name") or ""
        if tag == "form":
            self._inside = said.get("id") == "tekst"
        if not self._inside:
            return
        if tag == "input" and name:
            if said.get("type") not in ("checkbox", "radio") or "checked" in said:
                self.fields.setdefault(name, []).append(said.get("value") or "")
        elif tag == "textarea":
            self._textarea, self._typed = name, []
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((said.get("value") or "", "selected" in said))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._typed.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            typed = "".join(self._typed).removeprefix("\n")  # as browsers do
            self.fields[self._textarea] = [typed.replace("\n", "\r\n")]
            self._textarea = ""
        elif tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            self.fields[self._select] = chosen[:1]
            self._select = ""
        elif tag == "form":
            self._inside = False


def open_form(who: Colleague, path: str) -> dict[str, list[str]]:
    """The form at an address, also when that leads on to a draft."""
    answer = who.get(path)
    if answer.status_code == 303:
        answer = who.client.get(answer.headers["location"])
    assert answer.status_code == 200, answer.text
    return form_of(answer.text)


def send(who: Colleague, form: dict[str, Any], action: str = "bewaar", **changes: Any) -> Any:
    """Send the form with some fields changed."""
    return who.post("/concepten", {**form, "actie": action, **changes})


def draft_id(answer: Any) -> int:
    """The number of the draft that a save leads to."""
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", html.unescape(answer.text))[:2000]
    found = re.search(r"/concepten/(\d+)$", answer.headers["location"])
    assert found is not None, answer.headers["location"]
    return int(found[1])


def draft(shop: Shop, number: int) -> Row:
    """The row of a draft."""
    with shop.database.reading() as connection:
        return connection.execute(article_drafts.select().where(article_drafts.c.id == number)).one()


def done(shop: Shop) -> list[str]:
    """Names of what the audit log has, in order."""
    with shop.database.reading() as connection:
        return list(connection.scalars(sa.select(audit_log.c.action).order_by(audit_log.c.id)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shop's articles, copied to where a test may change them."""
    copied = tmp_path / "articles"
    shutil.copytree(ROOT / "data" / "articles", copied)
    changed = library_module.settings().copy(update={"articles": copied})
    monkeypatch.setattr(library_module, "settings", lambda: changed)
    library_module._last.clear()
    yield copied
    library_module._last.clear()


@pytest.fixture(scope="session")
def second_reader() -> None:
    """It learned before the first test: in its own thread it would meet pytest's filters of warnings."""
    train_reader(library_module.library().approved)


@pytest.fixture(autouse=True)
def nothing_counted_before() -> None:
    """Figures are counted anew for each test."""
    list_pages._counted.clear()
