"""The manual of the team: its pictures are there, are described, and its links lead somewhere."""

from __future__ import annotations

import re

from kalm.settings import ROOT
from scripts.manual_screenshots import MOST_BYTES, PICTURES, TO

MANUAL = ROOT / "docs" / "handleiding.md"
PICTURE = re.compile(r"!\[([^\]]*)\]\(images/handleiding/([^)]+)\.png\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")


def test_each_picture_that_can_be_made_is_shown_and_described_in_words() -> None:
    found = {name: description for description, name in PICTURE.findall(MANUAL.read_text(encoding="utf-8"))}
    assert sorted(found) == sorted(PICTURES)
    assert [name for name, description in found.items() if len(description.split()) < 5] == []


def test_the_pictures_are_small_and_none_lies_there_for_nothing() -> None:
    sizes = {path.stem: path.stat().st_size for path in TO.glob("*.png")}
    assert sorted(sizes) == sorted(PICTURES)
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


def test_links_lead_to_a_file_or_a_heading() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    headings = {_anchor(line) for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    for target in LINK.findall(text):
        path, _, anchor = target.partition("#")
        assert (MANUAL.parent / path).exists() if path else anchor in headings, target


def _anchor(heading: str) -> str:
    """What a heading is called in an address, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
