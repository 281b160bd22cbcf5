"""Ask the supervisor for another model."""

from __future__ import annotations

from kalm import going_live, pointer
from kalm.going_live import BusyError, NoSupervisorError, Wish
from kalm.pointer import ReleaseError
from review.live import words
from review.live.withdrawn import WITHDRAWN, has_withdrawn_text
from review.requests import ReviewRequest
from review.states import CandidateState
from review.training.export import why_not
from review.training.listing import Candidate
from storage.schema import candidates


class NotNowError(Exception):
    """It cannot be asked for; the message says why, in Dutch."""


def put_live(asked: ReviewRequest, found: Candidate) -> None:
    """Ask for a candidate.

    Raises:
        NotNowError: it may not, or nobody would do it.
    """
    if found.state is not CandidateState.READY:
        raise NotNowError("Dit model kan nu niet live: het is al live, gaat net live, of is niet klaar.")
    reasons = why_not(found.folder)
    if reasons:
        raise NotNowError(reasons[0])
    if has_withdrawn_text(asked.database, found.folder):
        raise NotNowError(WITHDRAWN)
    if going_live.release_of(found.release) is None:
        raise NotNowError(words.INCOMPLETE)
    _refuse_if_compared_with_another(found)
    _refuse_without_supervisor()
    with asked.database.writing() as connection:
        taken = connection.execute(
            candidates.update()
            .where(candidates.c.id == found.id, candidates.c.state == CandidateState.READY.value)
            .values(state=CandidateState.GOING_LIVE.value, live_by=asked.member.id, error="")
        )
        if not taken.rowcount:
            raise NotNowError(words.BUSY)
        asked.note(connection, "candidate.live", found.id)
    try:
        _ask(Wish(*found.release, candidate=found.id, member=asked.member.name))
    except NotNowError:
        with asked.database.writing() as connection:
            connection.execute(
                candidates.update()
                .where(candidates.c.id == found.id, candidates.c.state == CandidateState.GOING_LIVE.value)
                .values(state=CandidateState.READY.value, live_by=None)
            )
            asked.note(connection, "candidate.live.refused", found.id)
        raise


def go_back(asked: ReviewRequest, found: Candidate) -> None:
    """Ask for what a candidate took over from, files and release.

    Raises:
        NotNowError: it is not live, or there is no way back.
    """
    if found.state is not CandidateState.LIVE:
        raise NotNowError("Dit model is niet (meer) live.")
    if not found.can_go_back:
        raise NotNowError("Het vorige model is er niet meer, dus terug kan niet. Vraag je beheerder.")
    _refuse_without_supervisor()
    _ask(Wish(*found.earlier, candidate=found.id, back=True, member=asked.member.name))
    with asked.database.writing() as connection:
        asked.note(connection, "candidate.back", found.id)


def _ask(wish: Wish) -> None:
    try:
        going_live.ask(wish)
    except BusyError:
        raise NotNowError(words.BUSY) from None
    except NoSupervisorError:
        raise NotNowError(words.NO_SUPERVISOR) from None
    except OSError:
        raise NotNowError(
            "Dit kon niet bewaard worden. Misschien is de schijf vol; vraag je beheerder."
        ) from None


def _refuse_without_supervisor() -> None:
    if not going_live.is_supervised():
        raise NotNowError(words.NO_SUPERVISOR)
    if going_live.wish_or_none() is not None:
        raise NotNowError(words.BUSY)


def _refuse_if_compared_with_another(found: Candidate) -> None:
    """What was compared is only worth something against what visitors get now."""
    try:
        now = pointer.current().names
    except ReleaseError:
        now = ("", "")
    if found.earlier != now:
        raise NotNowError(
            "Sinds deze training ging een ander model live. Train opnieuw; dan leert Kalm van alles samen."
        )
