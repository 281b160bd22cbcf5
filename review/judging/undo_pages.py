"""What somebody did lately, to be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.responses import Response

from review import words
from review.inbox.filters import Filters
from review.judging.undo import LAST, Undone, batches_of, last_batch, undo
from review.requests import ReviewRequest
from storage.schema import messages


def show(asked: ReviewRequest) -> Response:
    """The last things that somebody did, the newest first."""
    with asked.database.reading() as connection:
        batches = batches_of(connection, asked.member, asked.now)
        one_of_each = [batch.message_id for batch in batches]
        rows = connection.execute(
            sa.select(messages.c.id, messages.c.text).where(messages.c.id.in_(one_of_each))
        )
        texts = {row.id: row.text for row in rows}
    return asked.render("inbox/done.html", batches=batches, texts=texts, most=LAST)


def take_back(asked: ReviewRequest) -> Response:
    """Take back what the form names, or else what was done last."""
    batch = asked.value("batch")
    if not batch:
        with asked.database.reading() as connection:
            last = last_batch(connection, asked.member, asked.now)
        batch = last.name if last else ""
    undone = in_parts(asked, batch)
    return asked.go_to(_onward(asked, undone), _what_became(undone))


def in_parts(asked: ReviewRequest, batch: str, second_look: bool = False) -> Undone:
    """Take back all of a batch, in transactions that nobody has to wait for long; see :func:`undo`."""
    undone, beyond = Undone((), ()), -1
    while True:
        with asked.database.writing() as connection:
            part = undo(connection, asked.member, batch, second_look, beyond)
            if part.done:
                asked.note(connection, "item.undo", batch[:32], number=len(part.done))
        if part.last is None:
            return undone
        undone, beyond = undone + part, part.last


def _onward(asked: ReviewRequest, undone: Undone) -> str:
    """The message that was taken back, or the list it was done from."""
    if asked.value("naar") == "gedaan":
        return "/postvak/gedaan"
    one = f"/{undone.done[0]}" if len(undone.done) == 1 else ""
    return f"/postvak{one}{Filters.read(asked.value('lijst')).behind}"


def _what_became(undone: Undone) -> str:
    if not undone.done and not undone.changed:
        return "Er is niets om ongedaan te maken."
    said = []
    if undone.done:
        one, more = "bericht is weer zoals het was", "berichten zijn weer zoals ze waren"
        said.append(f"{words.count(len(undone.done), one, more)}.")
    if undone.changed:
        said.append(
            f"{words.count(len(undone.changed), 'bericht kon', 'berichten konden')} niet terug: "
            "een collega veranderde er intussen iets aan, of Kalm leert er al van."
        )
    return " ".join(said)
