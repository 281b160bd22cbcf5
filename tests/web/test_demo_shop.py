"""The shop that the chat is tried in: what it may say, and how its pages are made."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kalm.safety.claims import claims_in, sentences_of

PAGES = ("/winkel", "/winkel/magnesiumvlokken")
IN_A_LINE = {"a", "span", "strong", "em", "img"}
NO_WORD_ON_HEALTH = re.compile(
    r"goed voor|help|ontspan|kramp|rust|slaap|slapen|nacht|spier|benen|huid|pijn|klacht|gezond|moe\b|stress|"
    r"verzorg|verzacht|herstel|natuurlijk|zuiver|heilzaam|weldadig|opname|opgenomen|lichaam|tekort|werk[te]"
)


class Seen(HTMLParser):
    """What a visitor sees or hears of a page, a block a line, and its elements in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        lines = (" ".join(line.split()) for line in self.text.split("\0"))
        self.lines = [line for line in lines if line]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        self.text += "" if tag in IN_A_LINE else "\0"
        for name, value in attributes:
            if name in ("alt", "title", "aria-label") and value:
                self.text += f"\0{value}\0"

    def handle_endtag(self, tag: str) -> None:
        self.text += "" if tag in IN_A_LINE else "\0"

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(params=PAGES)
def seen(request: pytest.FixtureRequest, client: TestClient, element: Path) -> Seen:
    answer = client.get(request.param)
    assert answer.status_code == 200
    return Seen(answer.text)


def test_the_text_of_a_page_is_read_as_a_visitor_reads_it() -> None:
    page = '<h2>Kop</h2><p>Een <a href="x">link</a>\n  &amp; meer.</p><img alt="Magnesium helpt bij kramp.">'
    lines = Seen(page).lines
    assert lines == ["Kop", "Een link & meer.", "Magnesium helpt bij kramp."]
    assert claims_in("\n".join(lines)), "then a claim would be found"


def test_no_page_makes_a_health_claim(seen: Seen) -> None:
    assert len(seen.lines) > 20
    assert [claim.sentence for claim in claims_in("\n".join(seen.lines))] == []


def test_no_sentence_is_a_claim_when_magnesium_is_named_before_it(seen: Seen) -> None:
    sentences = [sentence for line in seen.lines for sentence in sentences_of(line)]
    assert [sentence for sentence in sentences if claims_in(f"magnesium, {sentence}")] == []


def test_no_page_speaks_of_the_body(seen: Seen) -> None:
    assert [line for line in seen.lines if NO_WORD_ON_HEALTH.search(line.lower())] == []


def test_it_says_that_it_is_no_real_shop(seen: Seen) -> None:
    told = "Dit is een voorbeeldwinkel om Kalm te proberen; er is niets te koop."
    assert seen.lines[2].startswith(told), "after the title and the skip link"
    assert "voorbeeldwinkel" in seen.lines[0]


def test_the_pages_are_dutch_and_calm(seen: Seen) -> None:
    assert dict(seen.elements)["html"]["lang"] == "nl"
    assert not [line for line in seen.lines if "!" in line]


def test_headings_follow_each_other_and_pictures_have_words(seen: Seen) -> None:
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all("alt" in attributes for tag, attributes in seen.elements if tag == "img")
    assert [tag for tag, _ in seen.elements if tag in ("header", "main", "footer")] == [
        "header",
        "main",
        "footer",
    ]


def test_nothing_is_inline_or_from_elsewhere_and_every_file_is_there(seen: Seen, client: TestClient) -> None:
    for tag, attributes in seen.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert tag not in ("style", "iframe", "form")
        if tag == "script":
            assert list(attributes) == ["src", "data-server", "defer"]
        for name in ("src", "href"):
            address = attributes.get(name)
            if address and not address.startswith("#"):
                assert address.startswith("/")
                assert client.get(address.partition("#")[0]).status_code == 200


MISSING = "De chat is hier nog niet gebouwd. Wat daarvoor nodig is, staat in de README."


@pytest.mark.usefixtures("no_element")
@pytest.mark.parametrize("path", PAGES)
def test_without_the_element_the_page_says_what_is_missing(client: TestClient, path: str) -> None:
    lines = Seen(client.get(path).text).lines
    assert MISSING in lines
    assert not [line for line in lines if "rechtsonder" in line]
    assert not claims_in("\n".join(lines))


def test_with_the_element_nothing_is_missing(seen: Seen) -> None:
    assert MISSING not in seen.lines
