"""What the next training would change, file by file, and what has to wait and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from review.training import kept_apart
from review.training.data_files import APPROVED, Place, here, read_texts
from review.training.differences import ADDED, REMOVED, DiffLine, differences
from review.training.making import make
from review.training.work import Work, approved_work
from storage.database import Database


@dataclass(frozen=True)
class FileChange:
    """A file that changes.

    Attributes:
        name: see :class:`review.training.data_files.Place`.
        before: its content as it is, None for a new file.
        after: as it becomes.
        lines: what a person reads of it.
    """

    name: str
    before: bytes | None
    after: bytes
    lines: tuple[DiffLine, ...]

    @property
    def is_read(self) -> bool:
        """Whether a person should read its lines; those of the approvals are names and hashes."""
        return self.name != APPROVED

    @property
    def added(self) -> int:
        """Lines that are new."""
        return sum(line.sign == ADDED for line in self.lines)

    @property
    def removed(self) -> int:
        """Lines that go."""
        return sum(line.sign == REMOVED for line in self.lines)


@dataclass(frozen=True)
class LeftOut:
    """Something approved that cannot be learnt yet.

    Attributes:
        text: the sentence, or the name of a piece of text.
        who: who approved it.
        reason: a sentence in Dutch.
        message_id: of the judgement, None for other work.
    """

    text: str
    who: str
    reason: str
    message_id: int | None = None


@dataclass(frozen=True)
class ChangeSet:
    """All that a training would change now.

    Attributes:
        files: that change, by name.
        left_out: approved work that has to wait.
        known: how many sentences stand in the training data already, so that nothing changes.
        learns: ids of the work that is in it, with a mark that tells whether it is still the same:
            "messages", "edits" and "drafts".
        asked: the questions it learns from, with "text", "intent" and "passage"; of a question that an editor
            put with a text the intent is "".
        judged_by: full names of who judged or wrote.
        reviewed_by: full names of who approved that.
    """

    files: tuple[FileChange, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    known: int = 0
    learns: Mapping[str, list[list[Any]]] = field(default_factory=dict)
    asked: tuple[Mapping[str, str], ...] = ()
    judged_by: tuple[str, ...] = ()
    reviewed_by: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Tells one set of changes from another."""
        parts = [f"{one.name} {hashlib.sha256(one.after).hexdigest()}" for one in self.files]
        return hashlib.sha256("\n".join([*parts, repr(dict(self.learns))]).encode()).hexdigest()[:24]

    @property
    def added(self) -> int:
        """Lines that are new, in all files."""
        return sum(one.added for one in self.files)

    @property
    def removed(self) -> int:
        """Lines that go, in all files."""
        return sum(one.removed for one in self.files)


def waiting_changes(database: Database, place: Place | None = None) -> ChangeSet:
    """What a training would change now.

    Raises:
        OSError: a file cannot be read.
        UnicodeDecodeError: one is no text.
        ArticleError: an article cannot be read.
        TrainingExamplesError: the examples or the unanswered questions cannot be read.
    """
    place = place or here()
    with database.reading() as connection:
        work = approved_work(connection)
    return changes_of(work, place)


def changes_of(work: Work, place: Place) -> ChangeSet:
    """What some work changes; see :func:`waiting_changes`."""
    if not (work.judged or work.edited or work.drafted):
        return ChangeSet()
    before = read_texts(place)
    made = make(work, before, place, kept_apart.kept_apart(place.root))
    return ChangeSet(
        files=tuple(
            FileChange(
                name,
                before[name].encode() if name in before else None,
                text.encode(),
                tuple(differences(before.get(name, ""), text, made.notes[name], made.file_notes.get(name))),
            )
            for name, text in sorted(made.texts.items())
            if before.get(name) != text
        ),
        left_out=tuple(LeftOut(*one) for one in made.left_out),
        known=made.known,
        learns=made.learns,
        asked=tuple(made.asked),
        judged_by=tuple(sorted(made.judged_by - {""})),
        reviewed_by=tuple(sorted(made.reviewed_by - {""})),
    )
