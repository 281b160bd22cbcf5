"""Change lines of a text and keep every other byte: line ends, indentation, the end of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


def split(text: str) -> list[str]:
    """The lines with their ends; only line ends of files count, not those that Unicode knows besides."""
    return _LINE.findall(text)


def bare(line: str) -> str:
    """A line without its end."""
    return line.rstrip("\r\n")


def end_of(line: str) -> str:
    """The end of a line, "" for the last one of a file without."""
    return line[len(bare(line)) :]


def insert(lines: Sequence[str], place: int, contents: Iterable[str]) -> str:
    """The text with lines put in.

    Args:
        lines: with their ends.
        place: which line the first one becomes, at least 1: they end as the line before does.
        contents: of the new lines, without ends.
    """
    if end := end_of(lines[place - 1]):
        return "".join([*lines[:place], *(content + end for content in contents), *lines[place:]])
    usual = end_of(lines[0]) or "\n"
    return "".join([*lines[:place], *(usual + content for content in contents)])


def remove(lines: Sequence[str], place: int) -> str:
    """The text without a line; a file without an end at its last line stays so."""
    kept = [*lines[:place], *lines[place + 1 :]]
    if kept and place == len(kept) and not end_of(lines[place]):
        kept[-1] = bare(kept[-1])
    return "".join(kept)
