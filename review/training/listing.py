"""Candidates as the screens read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm import going_live
from review.states import CandidateState
from review.training.candidates import release_names
from review.training.folders import CandidateFolder, folder_of, is_id
from storage.schema import candidates, team_members


@dataclass(frozen=True)
class Candidate:
    """A row of ``candidates``.

    Attributes:
        by: full name of who began it.
        live_by: full name of who put it live, or "".
        files: names of the files that it changes.
        release: names of its model and index, two empty ones before it has them.
        earlier: names of those that it takes over from.
    """

    id: str
    at: float
    by: str
    state: CandidateState
    error: str
    files: tuple[str, ...]
    release: tuple[str, str]
    earlier: tuple[str, str]
    live_by: str
    live_at: float | None

    @property
    def folder(self) -> CandidateFolder:
        """Its folder, which may be gone."""
        return folder_of(self.id)

    @property
    def can_go_back(self) -> bool:
        """Whether what it took over from is still there."""
        return self.state is CandidateState.LIVE and going_live.release_of(self.earlier) is not None


def all_candidates(connection: Connection, most: int = 30) -> list[Candidate]:
    """The newest candidates, the newest first."""
    return _read(connection, sa.true(), most)


def one_candidate(connection: Connection, candidate_id: str) -> Candidate | None:
    """The candidate of that id; None when there is none."""
    if not is_id(candidate_id):
        return None
    return next(iter(_read(connection, candidates.c.id == candidate_id, 1)), None)


def _read(connection: Connection, which: Any, most: int) -> list[Candidate]:
    live_by = team_members.alias()
    wanted = (
        sa.select(candidates, team_members.c.full_name, live_by.c.full_name.label("live_name"))
        .join(team_members, team_members.c.id == candidates.c.member_id)
        .outerjoin(live_by, live_by.c.id == candidates.c.live_by)
        .where(which)
        .order_by(candidates.c.at.desc(), candidates.c.id)
        .limit(most)
    )
    return [
        Candidate(
            row.id,
            row.at,
            row.full_name,
            CandidateState(row.state),
            row.error,
            tuple(str(one.get("name", "")) for one in row.files or () if isinstance(one, dict)),
            release_names(row.release),
            release_names(row.earlier),
            row.live_name or "",
            row.live_at,
        )
        for row in connection.execute(wanted)
    ]
