"""Writes which cluster each unanswered message is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Row

from kalm.privacy.masking import without_labels
from review.folding import fold
from review.unanswered.runs import PER_RUN
from storage.database import Database
from storage.schema import review_items

BATCH = 500
"""Messages in one transaction: a visitor who is answered meanwhile waits some milliseconds at most."""

LONGEST = 400
"""Characters of a message that count."""


@dataclass(frozen=True)
class Different:
    """Messages by what they ask.

    Attributes:
        texts: the different questions, the newest first.
        messages: ids of the messages of each.
        left_out: how many older questions are not among them.
    """

    texts: tuple[str, ...]
    messages: tuple[tuple[int, ...], ...]
    left_out: int


def different(rows: Sequence[Row], at_most: int) -> Different:
    """The different questions in these messages; capitals and marks make no difference.

    Args:
        rows: with ``message_id`` and ``text``, the newest first.
        at_most: this many questions; older ones are left out.
    """
    texts: dict[str, str] = {}
    ids: dict[str, list[int]] = {}
    for row in rows:
        text, key = without_labels(row.text[:LONGEST]).strip(), what_is_asked(row.text)
        if any(sign.isalpha() for sign in key):
            texts.setdefault(key, text)
            ids.setdefault(key, []).append(row.message_id)
    kept = list(texts)[:at_most]
    return Different(
        texts=tuple(texts[key] for key in kept),
        messages=tuple(tuple(ids[key]) for key in kept),
        left_out=len(texts) - len(kept),
    )


def what_is_asked(text: str) -> str:
    """The same for questions that differ in capitals, marks and what was masked alone."""
    return fold(without_labels(text[:LONGEST]))


def write(
    database: Database, number: int, found: Different, labels: Sequence[int], typical: Sequence[float]
) -> None:
    """Write what a look found, and take away what an earlier one said of other messages.

    Args:
        database: where.
        number: of the look.
        found: the questions.
        labels: number of the cluster of each, from 0.
        typical: how typical each is of its cluster.
    """
    changes = [
        {"of_message": id_, "new_cluster": number * PER_RUN + label, "new_typical": score}
        for ids, label, score in zip(found.messages, labels, typical, strict=True)
        for id_ in ids
    ]
    changes.sort(key=_by_message)
    change = (
        review_items.update()
        .where(review_items.c.message_id == sa.bindparam("of_message"))
        .values(cluster=sa.bindparam("new_cluster"), typical=sa.bindparam("new_typical"))
    )
    for start in range(0, len(changes), BATCH):
        with database.writing() as connection:
            connection.execute(change, changes[start : start + BATCH])
    with database.writing() as connection:
        connection.execute(
            review_items.update()
            .where(review_items.c.cluster < number * PER_RUN)
            .values(cluster=None, typical=None)
        )


def _by_message(change: Mapping[str, float]) -> float:
    # In one order, so that two who write wait for each other instead of for ever.
    return change["of_message"]
