"""Bring the candidates in line with what runs.

The supervisor writes no database. So the states of candidates follow from what it says in its files, whenever
somebody looks: whatever breaks off at whatever point, there is no step that nobody makes up for.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from kalm import going_live
from kalm.going_live import Outcome, Reason, Running, Step
from review.live.words import why_not
from review.states import CandidateState
from review.training.candidates import release_names
from storage.database import Database
from storage.schema import candidates

_MAY_RUN = (
    CandidateState.READY,  # somebody looked between the asking and the wish, or that was told as broken off
    CandidateState.GOING_LIVE,
    CandidateState.LIVE,
    CandidateState.RETIRED,
)


def settle(database: Database) -> None:
    """Bring the states of all candidates in line with what runs; writes only where one changes."""
    with database.reading() as connection:
        rows = connection.execute(_ROWS).all()
    running = going_live.running() if rows else None
    live = "" if running is None else _live(running, rows)
    wanted = {row.id: values for row in rows if (values := _values(row, running, live))}
    if not wanted:
        return
    states = {row.id: row.state for row in rows}
    with database.writing() as connection:
        for candidate_id, values in wanted.items():
            as_it_was = (candidates.c.id == candidate_id) & (candidates.c.state == states[candidate_id])
            connection.execute(candidates.update().where(as_it_was).values(**values))


def _values(row: Row, running: Running | None, live: str) -> dict[str, Any]:
    """What changes of a candidate."""
    state = CandidateState(row.state)
    if running is not None and row.id == live:
        if state is CandidateState.LIVE:
            return {}
        return {"state": CandidateState.LIVE.value, "live_at": running.since, "error": ""}
    if state is CandidateState.LIVE and running is not None:
        return {"state": CandidateState.RETIRED.value}
    if state is CandidateState.GOING_LIVE:
        last = going_live.last_about(row.id)
        if last is None:
            last = Outcome("", Step.REFUSED, Reason.STOPPED.value, candidate=row.id)
        if last.step is Step.REFUSED:
            return {"state": CandidateState.READY.value, "error": why_not(last)}
    return {}


def _live(running: Running, rows: list[Row]) -> str:
    """Id of the candidate that runs; empty when it came otherwise."""
    same = [row for row in rows if release_names(row.release) == running.names]
    if any(row.id == running.candidate for row in same):
        return running.candidate
    lived = [row for row in same if row.state != CandidateState.GOING_LIVE.value]
    return max(lived, key=lambda row: row.live_at or 0.0).id if lived else ""


_ROWS = sa.select(candidates.c.id, candidates.c.state, candidates.c.release, candidates.c.live_at).where(
    candidates.c.state.in_([state.value for state in _MAY_RUN])
)
