"""New intents that reviewers miss."""

from __future__ import annotations

import html
import re

from tests.review.conftest import Enter
from tests.review.judging.conftest import Fill, save

LONG_TEXT = "x" * 300


def _rows(page: str) -> list[str]:
    found = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def test_without_a_proposal_it_says_how_to_make_one(enter: Enter) -> None:
    page = enter("bea").get("/postvak/voorstellen").text
    assert "Er is niets voorgesteld" in page
    assert "<table" not in page


def test_what_is_missed_most_comes_first_with_its_last_message(enter: Enter, fill: Fill) -> None:
    first, second, third = fill("bezorgen jullie ook op zondag", "wanneer komt mijn pakje", LONG_TEXT)
    bea, bram = enter("bea"), enter("bram")
    save(bea, first, bedoeling="", voorstel="Vraag over bezorging")
    save(bea, third, bedoeling="", voorstel="<b>iets anders</b>")
    save(bram, second, bedoeling="", voorstel="vraag over bezorging!")

    page = bea.get("/postvak/voorstellen").text

    one, other = _rows(page)
    assert one.startswith("vraag over bezorging! 2 Bea Bos, Bram Boer wanneer komt mijn pakje ")
    assert other.startswith("<b>iets anders</b> 1 Bea Bos xxx")
    assert len(other) < 250
    assert f'href="/review/postvak/{second}?stand=alles"' in page
    assert "<b>iets" not in page


def test_a_judgement_that_is_taken_back_takes_its_proposal_along(enter: Enter, fill: Fill) -> None:
    (only,) = fill("bezorgen jullie ook op zondag")
    bea = enter("bea")
    save(bea, only, bedoeling="", voorstel="Vraag over bezorging")
    batch = re.search(r'name="batch" value="([^"]+)"', bea.get("/postvak").text)
    assert batch is not None
    bea.post("/postvak/ongedaan", {"batch": batch[1]})
    assert "Er is niets voorgesteld" in bea.get("/postvak/voorstellen").text
