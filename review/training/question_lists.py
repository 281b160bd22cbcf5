"""Add a question to a section of an article, and to the list of what no article answers, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import yaml

from review.training import text_lines
from review.training.nlu_file import Loader, TrainingFileError

_HEADING = re.compile(r"^## .+?\{#(?P<id>[^}]*)\}\s*$")
_ANY_HEADING = re.compile(r"^## ")
_FIELD = re.compile(r"^\w+:")
_QUESTION = re.compile(r"^\s*- \s*(?P<text>.*?)\s*$")
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def add_questions(text: str, section: str, questions: Iterable[str]) -> str:
    """The article with more questions, the last ones of the section's ``vragen:``.

    Args:
        text: of the article.
        section: id of the section.
        questions: each on one line.

    Raises:
        TrainingFileError: there is no such section, or it has no questions yet.
    """
    lines = text_lines.split(text)
    last, inside, listed = -1, False, False
    for number, line in enumerate(map(text_lines.bare, lines)):
        if _ANY_HEADING.match(line):
            heading = _HEADING.match(line)
            inside, listed = bool(heading and heading["id"] == section), False
        elif inside and _FIELD.match(line):
            listed = line.startswith("vragen:")
        elif inside and listed and _QUESTION.match(line):
            last = number
    if last < 0:
        raise TrainingFileError("dit stukje tekst staat er niet meer, of heeft nog geen vragen")
    return text_lines.insert(lines, last + 1, (f"- {question}" for question in questions))


def unanswered_in(text: str) -> list[str]:
    """The questions of ``data/unanswered.yml``, in order.

    Raises:
        TrainingFileError: it is no such list.
    """
    return [question for question, _ in _unanswered(text_lines.split(text))]


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
    if unanswered_in(changed) != [*(one for one, _ in known), *questions]:
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
        listed = yaml.load("".join(lines), Loader=Loader)["vragen"]
        places = [
            number for number, line in enumerate(lines) if line.lstrip(" ").startswith("- ") and line.strip()
        ]
        if len(listed) != len(places):
            raise TrainingFileError("de lijst met vragen zonder antwoord is anders opgebouwd dan verwacht")
        return list(zip(map(str, listed), places, strict=True))
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise TrainingFileError("de lijst met vragen zonder antwoord is niet te lezen") from error


def questions_in(text: str) -> dict[str, list[str]]:
    """The questions of each section of an article that has an id, in order."""
    found: dict[str, list[str]] = {}
    section, listed = "", False
    for line in map(text_lines.bare, text_lines.split(text)):
        if _ANY_HEADING.match(line):
            heading = _HEADING.match(line)
            section, listed = heading["id"] if heading else "", False
            if section:
                found[section] = []
        elif section and _FIELD.match(line):
            listed = line.startswith("vragen:")
        elif section and listed and (question := _QUESTION.match(line)):
            found[section].append(question["text"])
    return found
