"""Put a candidate's files in their place when it goes live, and take them back when it does no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from kalm import logs
from kalm.locks import alone_in
from review.access.members import Member
from review.training import commit, journal, learning
from review.training.data_files import Place, hash_of, here
from review.training.folders import CandidateFolder, Kept, folder_of
from review.training.journal import Replacement
from storage.database import Database

_GONE = "De bestanden van deze kandidaat zijn er niet meer. Train opnieuw."
_CHANGED = "Het bestand {name} is veranderd sinds deze training. Daarom blijft alles zoals het is. {mend}"
_TRAIN_AGAIN = "Train opnieuw; dan doet die verandering mee."
_ERASED = (
    "Van een zin waarvan dit model leerde, is het gesprek intussen gewist. Train opnieuw; dan doet die zin "
    "niet meer mee."
)


class ExportError(Exception):
    """The files stay as they are; the message says why, in Dutch."""


@dataclass(frozen=True)
class Exported:
    """What was done.

    Attributes:
        files: names of the files that changed.
        learnt: how many pieces of work count as learnt now, or wait again.
        commit: the commit in git, "" for none.
        remark: a sentence in Dutch about git, "" when there is nothing to say.
    """

    files: tuple[str, ...]
    learnt: int
    commit: str = ""
    remark: str = ""


def export(
    candidate_id: str, database: Database, member: Member | None, place: Place | None = None
) -> Exported:
    """Put the files of a candidate in their place, all or none, and count its work as learnt.

    Args:
        candidate_id: that was trained and compared.
        database: where the work is.
        member: who puts it live, the author of the commit; None when nobody is known.
        place: the checkout.

    Raises:
        ExportError: a file changed meanwhile, or the candidate may not go live.
        OSError: a file cannot be written; what was begun is finished at the next start.
    """
    return _change(candidate_id, database, member, place or here(), back=False)


def restore_files(
    candidate_id: str, database: Database, member: Member | None, place: Place | None = None
) -> Exported:
    """Put back the files as they were before a candidate, and let its work wait again; see :func:`export`."""
    return _change(candidate_id, database, member, place or here(), back=True)


def finish_interrupted(database: Database | None = None, place: Place | None = None) -> bool:
    """Finish an export that was broken off, if there is one; called by whatever starts.

    Args:
        database: to count its work as learnt; without one that is left to who starts next.
        place: the checkout.

    Returns:
        Whether there was one.

    Raises:
        OSError: a file cannot be written.
    """
    place = place or here()
    if not journal.folder().exists():
        return False
    with alone_in(journal.folder()):
        return _finish(database, place)


def why_not(folder: CandidateFolder, place: Place | None = None) -> list[str]:
    """Why a candidate may not go live, in Dutch sentences; empty when it may.

    Args:
        folder: of the candidate.
        place: the checkout.
    """
    comparison = folder.comparison()
    if comparison is None:
        return ["Van deze kandidaat is geen vergelijking bewaard. Train opnieuw."]
    forbidden = comparison.get("forbidden")
    if not isinstance(forbidden, list):
        return ["De vergelijking is niet te lezen."]
    try:
        files = folder.changes().files
    except (OSError, ValueError):
        return [_GONE]
    place = place or here()
    changed = [one.name for one in files if _hash_at(place.path(one.name)) not in (one.before, one.after)]
    return [*map(str, forbidden), *(_CHANGED.format(name=name, mend=_TRAIN_AGAIN) for name in changed)]


def _change(
    candidate_id: str, database: Database, member: Member | None, place: Place, back: bool
) -> Exported:
    folder = folder_of(candidate_id)
    try:
        kept = folder.changes()
    except (OSError, ValueError) as error:
        raise ExportError(_GONE) from error
    if not back and (reasons := why_not(folder, place)):
        raise ExportError(reasons[0])
    if not back:
        _refuse_what_was_erased(database, kept)
    journal.folder().mkdir(parents=True, exist_ok=True)
    with alone_in(journal.folder()):
        _finish(database, place)
        wanted = _replacements(folder, kept, place, back)
        names = [one.name for one in kept.files]
        unclean = commit.unclean(place.root, _inside(place, names))
        begun = journal.begin(place, candidate_id, back, wanted)
        try:
            journal.prepare(place, begun)
        except OSError:
            journal.take_back(place, begun)
            raise
        journal.write_files(place, begun)
        learnt = _close(database, begun, kept)
    message = commit.message_of(candidate_id, kept, back)
    made = commit.commit(place.root, _inside(place, names), unclean, message, member)
    return Exported(tuple(one.name for one in wanted), learnt, made.id, made.remark)


def _close(database: Database, begun: journal.Journal, kept: Kept) -> int:
    """Count the work, and close the journal; how many pieces changed."""
    try:
        with database.writing() as connection:
            learnt = _count_as_learnt(connection, begun.candidate, kept, begun.back)
    except SQLAlchemyError as error:
        # The files are in their place, and nobody may take that for a failure; who starts next counts.
        logs.failure("what a candidate learnt could not be counted yet", error)
        return 0
    journal.close()
    return learnt


def _refuse_what_was_erased(database: Database, kept: Kept) -> None:
    """Whoever was forgotten after the training has the right that nothing is learnt from them.

    Raises:
        ExportError: a message that it learnt from is gone.
    """
    with database.reading() as connection:
        if learning.are_erased(connection, kept.learns.get("messages", ())):
            raise ExportError(_ERASED)


def _hash_at(path: Path) -> str:
    return hash_of(path.read_bytes()) if path.exists() else ""


def _finish(database: Database | None, place: Place) -> bool:
    begun = journal.open_journal(place)
    if begun is None:
        return False
    journal.prepare(place, begun)
    journal.write_files(place, begun)
    if database is not None:
        try:
            kept = folder_of(begun.candidate).changes()
        except (OSError, ValueError):
            kept = None  # somebody removed it by hand; then its work just waits
        if kept is None:
            journal.close()
        else:
            _close(database, begun, kept)
    return True


def _count_as_learnt(connection: Connection, candidate_id: str, kept: Kept, back: bool) -> int:
    if back:
        return learning.unlearn(connection, candidate_id)
    return learning.learn(connection, candidate_id, kept.learns)


def _replacements(folder: CandidateFolder, kept: Kept, place: Place, back: bool) -> list[Replacement]:
    """What becomes of each file that is not so already.

    Raises:
        ExportError: one was changed by somebody else.
    """
    wanted = []
    for number, one in enumerate(kept.files):
        there = _hash_at(place.path(one.name))
        start, goal = (one.after, one.before) if back else (one.before, one.after)
        if there == goal:
            continue
        if there != start:
            mend = "Vraag de beheerder om hulp." if back else _TRAIN_AGAIN
            raise ExportError(_CHANGED.format(name=one.name, mend=mend))
        content = folder.content(number, after=not back)
        if (hash_of(content) if goal else "") != goal:
            raise ExportError("De bewaarde bestanden van deze kandidaat zijn beschadigd. Train opnieuw.")
        wanted.append(Replacement(one.name, there, content if goal else None))
    return wanted


def _inside(place: Place, names: Sequence[str]) -> list[Path]:
    return [place.path(name) for name in names if place.path(name).is_relative_to(place.root)]
