"""Candidates: new models that are trained, compared, and perhaps put live by a person."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.pointer import Release, ReleaseError, current
from review.audit.log import note
from review.background import TRAINING, BusyError
from review.states import CandidateState
from review.training.changes import ChangeSet
from review.training.folders import CandidateFolder, folder_of, is_id, make_folder, remove_others
from storage.database import Database
from storage.schema import (
    article_drafts,
    candidates,
    guest_links,
    judgements,
    training_edits,
)

_KEPT = 5
"""Candidates that never went live keep their folder and their model as long as this many are not newer."""

_BROKE_OFF = (
    "De training is onverwacht gestopt, bijvoorbeeld omdat de computer opnieuw startte of het geheugen vol "
    "was. Er is niets veranderd; je kunt opnieuw beginnen."
)
_NOT_STARTED = "De training kon niet beginnen. Probeer het nog eens, of vraag de beheerder."


class NothingToTrainError(Exception):
    """Nothing changes."""


def start(database: Database, member_id: int, member: str, changes: ChangeSet, now: float) -> str:
    """Begin to train a candidate, in a process of its own.

    Args:
        database: where candidates are.
        member_id: who begins.
        member: name of who begins, for the audit log.
        changes: what it learns.
        now: seconds since 1970.

    Returns:
        Its id.

    Raises:
        NothingToTrainError: the changes are empty.
        BusyError: another one is being trained.
        OSError: its folder cannot be written.
    """
    if not changes.files:
        raise NothingToTrainError
    lock = TRAINING.take()
    if lock is None:
        raise BusyError
    with lock:
        _bury(database)
        with database.reading() as connection:
            remove_others(_worth_keeping(connection))
        candidate_id = secrets.token_hex(6)
        folder = make_folder(candidate_id, changes)
        with database.writing() as connection:
            _insert(connection, candidate_id, member_id, folder, now)
            _mark(connection, changes.learns, candidate_id)
            note(connection, member, "candidate.start", candidate_id, now, files=len(changes.files))
        try:
            with folder.log.open("ab") as log:
                TRAINING.hand_over(lock, ("candidate", candidate_id), log)
        except OSError:
            fail(database, candidate_id, _NOT_STARTED)
    return candidate_id


def stop(database: Database, candidate_id: str, member: str, now: float) -> bool:
    """Break a training off; whether it was still going on."""
    with database.writing() as connection:
        stopped = _end(connection, candidate_id, CandidateState.STOPPED, "")
        if stopped:
            note(connection, member, "candidate.stop", candidate_id, now)
    if stopped:
        TRAINING.end()
        folder_of(candidate_id).remove_work()
    return stopped


def throw_away(database: Database, candidate_id: str, member: str, now: float) -> bool:
    """Give up a candidate that never went live: its work waits again; whether it could be given up."""
    with database.writing() as connection:
        done = _end(connection, candidate_id, CandidateState.STOPPED, "", CandidateState.READY)
        if done:
            note(connection, member, "candidate.throw_away", candidate_id, now)
    if done:
        folder_of(candidate_id).remove()
    return done


def fail(database: Database, candidate_id: str, error: str) -> bool:
    """Keep that a training failed, and why, in Dutch; whether it was still going on."""
    with database.writing() as connection:
        return _end(connection, candidate_id, CandidateState.FAILED, error)


def is_wanted(database: Database, candidate_id: str) -> bool:
    """Whether a training was not broken off."""
    with database.reading() as connection:
        return candidate_id in connection.scalars(_of_state(CandidateState.TRAINING)).all()


def ready(database: Database, candidate_id: str, release: Release) -> bool:
    """Keep that a candidate is trained and compared; False when it is not wanted any more."""
    names = {"model": release.model.name, "index": release.index.name}
    with database.writing() as connection:
        done = connection.execute(
            candidates.update()
            .where(candidates.c.id == candidate_id, candidates.c.state == CandidateState.TRAINING.value)
            .values(state=CandidateState.READY.value, release=names)
        )
        return bool(done.rowcount)


def bury_dead(database: Database) -> None:
    """Find a training whose process is gone, say so, and remove what it left behind."""
    with database.reading() as connection:
        is_training = connection.execute(_of_state(CandidateState.TRAINING)).first() is not None
    if is_training and not TRAINING.lives():
        lock = TRAINING.take()
        if lock is not None:
            with lock:
                _bury(database)


def release_names(data: Any) -> tuple[str, str]:
    """Names of model and index as a row has them; two empty ones when it has none."""
    if not isinstance(data, dict):
        return "", ""
    return str(data.get("model") or ""), str(data.get("index") or "")


def _bury(database: Database) -> None:
    """The same, by who has the lock: every training there is has lost its process."""
    with database.reading() as connection:
        ids = list(connection.scalars(_of_state(CandidateState.TRAINING)))
    for candidate_id in ids:
        if fail(database, candidate_id, _BROKE_OFF):
            folder_of(candidate_id).remove_work()


def _insert(
    connection: Connection, candidate_id: str, member_id: int, folder: CandidateFolder, now: float
) -> None:
    try:
        earlier = dict(zip(("model", "index"), current().names, strict=True))
    except ReleaseError:
        earlier = {}
    connection.execute(
        candidates.insert().values(
            id=candidate_id,
            at=now,
            member_id=member_id,
            state=CandidateState.TRAINING.value,
            error="",
            files=[{"name": one.name, "before": one.before} for one in folder.changes().files],
            release={},
            earlier=earlier,
        )
    )


def _mark(connection: Connection, learns: Any, candidate_id: str) -> None:
    """Say of the work that a candidate has it: it can no longer be taken back as if nothing happened."""
    for table, key, name in _WORK:
        ids = [one[0] for one in learns.get(name, ())]
        for start_at in range(0, len(ids), 500):
            some = table.c[key].in_(ids[start_at : start_at + 500])
            connection.execute(table.update().where(some).values(candidate=candidate_id))


def _end(
    connection: Connection,
    candidate_id: str,
    state: CandidateState,
    error: str,
    of: CandidateState = CandidateState.TRAINING,
) -> bool:
    """Let a candidate end that did not go live; its work waits again."""
    if not is_id(candidate_id):
        return False
    ended = connection.execute(
        candidates.update()
        .where(candidates.c.id == candidate_id, candidates.c.state == of.value)
        .values(state=state.value, error=error)
    )
    if not ended.rowcount:
        return False
    for table, _, _ in _WORK:
        connection.execute(table.update().where(table.c.candidate == candidate_id).values(candidate=""))
    return True


def _of_state(state: CandidateState) -> Any:
    return sa.select(candidates.c.id).where(candidates.c.state == state.value)


def _worth_keeping(connection: Connection) -> set[str]:
    """Candidates that are or were live, that a guest may try, and the last ones that are ready."""
    kept: set[str] = set()
    for state in (CandidateState.GOING_LIVE, CandidateState.LIVE):
        kept |= set(connection.scalars(_of_state(state)))
    retired = _of_state(CandidateState.RETIRED).order_by(candidates.c.live_at.desc()).limit(_KEPT)
    kept |= set(connection.scalars(retired))
    kept |= set(connection.scalars(sa.select(guest_links.c.candidate).distinct()))
    newest = _of_state(CandidateState.READY).order_by(candidates.c.at.desc()).limit(_KEPT)
    return kept | set(connection.scalars(newest))


_WORK = (
    (judgements, "message_id", "messages"),
    (training_edits, "id", "edits"),
    (article_drafts, "id", "drafts"),
)
"""Where approved work is: its table, the column of its number, and its name in a set of changes."""
