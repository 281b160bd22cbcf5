"""Add a question to a section of an article, and to the list of what no article answers, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from kalm.training_examples import TrainingExamplesError, unanswered_in
from review.articles.markdown import question_lines, sections_in
from review.training import text_lines
from review.training.nlu_file import TrainingFileError

_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def add_questions(text: str, section: str, added: Sequence[str]) -> str:
    """The article with more questions, the last ones of the section's ``vragen:``.

    Args:
        text: of the article.
        section: id of the section.
        added: each on one line.

    Raises:
        TrainingFileError: there is no such section, it has no questions yet, or one would not be read back
            the same.
        ArticleError: the article has no head that can be read.
    """
    lines = text.splitlines(keepends=True)
    found = next((one for one in sections_in(text) if one.id == section), None)
    there = question_lines(lines, found) if found is not None else []
    if not there:
        raise TrainingFileError("dit stukje tekst staat er niet meer, of heeft nog geen vragen")
    changed = text_lines.insert(lines, there[-1][0] + 1, (f"- {question}" for question in added))
    expected = questions_in(text)
    expected[section] += added
    if questions_in(changed) != expected:
        raise TrainingFileError("deze vraag is niet zo te bewaren dat Kalm haar hetzelfde terugleest")
    return changed


def add_unanswered(text: str, questions: Sequence[str]) -> str:
    """The list with more questions, at its end.

    Raises:
        TrainingFileError: the list is empty or cannot be read.
    """
    lines = text_lines.split(text)
    known = _unanswered(lines)
    if not known:
        raise TrainingFileError("de lijst met vragen zonder antwoord is leeg")
    last = known[-1][1]
    indent = lines[last][: lines[last].index("-")]
    changed = text_lines.insert(lines, last + 1, (f"{indent}- {quoted(one)}" for one in questions))
    if [one for one, _ in _unanswered(text_lines.split(changed))] != [*(one for one, _ in known), *questions]:
        raise TrainingFileError("deze zin is niet zo te bewaren dat Kalm hem hetzelfde terugleest")
    return changed


def quoted(question: str) -> str:
    """A question as YAML keeps it between quotes."""
    return f'"{question.translate(_QUOTED)}"'


def remove_unanswered(text: str, question: str) -> str:
    """The list without a question, which an article answers now.

    Raises:
        TrainingFileError: it is not there, or it is the only one.
    """
    lines = text_lines.split(text)
    known = _unanswered(lines)
    places = [place for one, place in known if one == question]
    if not places or len(known) == 1:
        raise TrainingFileError("deze vraag staat niet in de lijst met vragen zonder antwoord")
    return text_lines.remove(lines, places[-1])


def _unanswered(lines: list[str]) -> list[tuple[str, int]]:
    """Each question, and its place among the lines."""
    try:
        listed = unanswered_in("".join(lines))
    except TrainingExamplesError as error:
        raise TrainingFileError("de lijst met vragen zonder antwoord is niet te lezen") from error
    places = [number for number, line in enumerate(lines) if line.lstrip(" ").startswith("- ")]
    if len(listed) != len(places):
        raise TrainingFileError("de lijst met vragen zonder antwoord is anders opgebouwd dan verwacht")
    return list(zip(listed, places, strict=True))


def questions_in(text: str) -> dict[str, list[str]]:
    """The questions of each section of an article that has an id, in order.

    Raises:
        ArticleError: the article has no head that can be read.
    """
    lines = text.splitlines()
    return {
        one.id: [question for _, question in question_lines(lines, one)]
        for one in sections_in(text)
        if one.id
    }
