"""Questions go into articles and out of the list of what no article answers, line by line."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.articles import read_articles
from kalm.settings import ROOT
from kalm.training_examples import unanswered_in
from review.training.nlu_file import TrainingFileError
from review.training.question_lists import (
    add_questions,
    add_unanswered,
    questions_in,
    remove_unanswered,
)
from review.training.text_lines import split
from tests.review.training.sentences import sentences

ARTICLES = {article.slug: article for article in read_articles(ROOT / "data" / "articles")}
TEXTS = {slug: article.path.read_bytes().decode() for slug, article in ARTICLES.items()}
UNANSWERED = (ROOT / "data" / "unanswered.yml").read_bytes().decode()
SECTIONS = [
    (slug, section.id)
    for slug, article in ARTICLES.items()
    for section in article.sections
    if section.questions
]


def test_the_questions_are_those_that_kalm_reads() -> None:
    for slug, article in ARTICLES.items():
        assert questions_in(TEXTS[slug]) == {one.id: list(one.questions) for one in article.sections}


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(SECTIONS), st.lists(sentences(), min_size=1, max_size=3), st.booleans())
def test_a_question_comes_last_in_its_section_and_nothing_else_changes(
    where: tuple[str, str], added: list[str], with_cr: bool
) -> None:
    slug, section = where
    before = TEXTS[slug].replace("\n", "\r\n") if with_cr else TEXTS[slug]

    after = add_questions(before, section, added)

    expected = questions_in(before)
    expected[section] = [*expected[section], *added]
    assert questions_in(after) == expected
    end = "\r\n" if with_cr else "\n"
    old, new = split(before), split(after)
    first = next((place for place, line in enumerate(old) if line != new[place]), len(old))
    assert any(
        new[start : start + len(added)] == [f"- {one}{end}" for one in added]
        and new[:start] + new[start + len(added) :] == old
        for start in range(max(0, first - len(added)), first + 1)
    )


def test_a_section_that_is_gone_is_refused() -> None:
    slug = SECTIONS[0][0]
    with pytest.raises(TrainingFileError):
        add_questions(TEXTS[slug], "is-er-niet", ["wat nu"])


def _questions(text: str) -> list[str]:
    return list(yaml.load(text, Loader=yaml.CSafeLoader)["vragen"])


@settings(max_examples=30, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=3, unique=True), st.sampled_from([0, 1, 2]))
def test_a_question_without_answer_goes_in_and_out_and_no_byte_changed(added: list[str], ends: int) -> None:
    before = (UNANSWERED, UNANSWERED.replace("\n", "\r\n"), UNANSWERED.rstrip("\n"))[ends]
    added = [one for one in added if one not in unanswered_in(before)]

    after = add_unanswered(before, added)

    assert _questions(after) == [*_questions(before), *added]
    for one in reversed(added):
        after = remove_unanswered(after, one)
    assert after == before


@pytest.mark.parametrize("text", ["", "vragen: []", "vragen: [", "iets: anders", 'vragen:\n  - "a\n    b"\n'])
def test_a_list_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(TrainingFileError):
        remove_unanswered(text, "wat nu")
