"""All sentences that Kalm would learn from now: the examples, as changed here, and what was approved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.settings import ROOT
from kalm.training_examples import read_examples, without_marks
from review.states import ItemState
from storage.schema import judgements, review_items

FOLDER = ROOT / "data" / "nlu"

REMOVE, MOVE, KEEP = "remove", "move", "keep"
"""Kinds of change: take one example away, give it another intent, or let two stand beside each other."""

MOST_EXAMPLES = 20_000
"""Examples of which is remembered what was worked out once: each page looks at all of them."""

_MESSAGE = "message:"


@dataclass(frozen=True)
class Sentence:
    """One sentence to learn from.

    Attributes:
        text: as it stands in the file, entities marked; of a judgement, as the reviewer left it.
        intent: under which it stands.
        message_id: of the visitor's message that it came from; None for an example.
        version: of that message's review, 0 for an example.
        in_candidate: whether a new model has that judgement already.
    """

    text: str
    intent: str
    message_id: int | None = None
    version: int = 0
    in_candidate: bool = False

    @property
    def plain(self) -> str:
        """As a visitor would type it."""
        return self.text if self.message_id is not None else _without_marks(self.text)

    @property
    def key(self) -> str:
        """Names this sentence without holding its words, so that it may be kept where nobody erases."""
        if self.message_id is None:
            return _example_key(self.intent, self.text)
        return _hash(f"{self.message_id}\n{self.intent}\n{self.text}")

    @property
    def reference(self) -> str:
        """How a decision names it: an example by its text, a visitor's message never by its words."""
        return self.text if self.message_id is None else f"{_MESSAGE}{self.message_id}"


# Of the examples alone: what visitors typed is remembered nowhere but in the database.
_without_marks = lru_cache(maxsize=MOST_EXAMPLES)(without_marks)


@lru_cache(maxsize=MOST_EXAMPLES)
def _example_key(intent: str, text: str) -> str:
    return _hash(f"\n{intent}\n{text}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


@dataclass(frozen=True)
class Edit:
    """A decision about the examples.

    Attributes:
        id: number.
        kind: :data:`REMOVE`, :data:`MOVE` or :data:`KEEP`.
        text: the example, as it stands in the file.
        intent: under which it stands.
        to_intent: where it goes; for :data:`KEEP` the intent of the other, or what Kalm took it for.
        other_text: the other sentence of a pair that stays; empty otherwise.
        member: full name of who decided.
        at: in seconds since 1970.
        candidate: id of the new model that has it, or "".
    """

    id: int
    kind: str
    text: str
    intent: str
    to_intent: str
    other_text: str
    member: str
    at: float
    candidate: str

    @property
    def plain(self) -> str | None:
        """The sentence as a visitor would type it; None for an approved message."""
        return _plain(self.text)

    @property
    def other_plain(self) -> str | None:
        """The same of the other sentence."""
        return _plain(self.other_text)


def _plain(reference: str) -> str | None:
    return None if reference.startswith(_MESSAGE) else without_marks(reference)


def sentences(connection: Connection, edits: Iterable[Edit]) -> list[Sentence]:
    """What Kalm would learn from when it were trained now.

    Args:
        connection: of a transaction.
        edits: decisions that are not in the files yet.

    Raises:
        TrainingExamplesError: a file of the training data cannot be read.
    """
    return [*_examples(edits), *_approved(connection)]


def fingerprint(all_of_them: Sequence[Sentence]) -> str:
    """The same for the same sentences under the same intents."""
    keys = "\n".join(sorted(sentence.key for sentence in all_of_them))
    return hashlib.sha256(keys.encode()).hexdigest()


def _examples(edits: Iterable[Edit]) -> list[Sentence]:
    lines = Counter((example.text, example.intent) for example in read_examples(FOLDER))
    for edit in edits:
        place = (edit.text, edit.intent)
        # One decision is about one line: of a sentence that stands there twice, the other stays.
        if edit.kind == KEEP or not lines[place]:
            continue
        lines[place] -= 1
        if edit.kind == MOVE:
            lines[edit.text, edit.to_intent] += 1
    return [Sentence(text, intent) for text, intent in lines.elements()]


def _approved(connection: Connection) -> list[Sentence]:
    rows = connection.execute(
        sa.select(
            judgements.c.message_id,
            judgements.c.text,
            judgements.c.intent,
            judgements.c.candidate,
            review_items.c.version,
        )
        .join_from(judgements, review_items, judgements.c.message_id == review_items.c.message_id)
        .where(review_items.c.state == ItemState.APPROVED.value, judgements.c.intent != "")
        .order_by(judgements.c.message_id)
    )
    return [Sentence(row.text, row.intent, row.message_id, row.version, bool(row.candidate)) for row in rows]
