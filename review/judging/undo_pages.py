"""What somebody did lately, to be taken back."""

from __future__ import annotations

from starlette.responses import Response

from review import words
from review.judging.undo import LAST, Undone, batches_of, undo
from review.requests import ReviewRequest


def show(asked: ReviewRequest) -> Response:
    """The last things that somebody did, the newest first."""
    with asked.database.reading() as connection:
        batches = batches_of(connection, asked.member, asked.now)
    return asked.render("inbox/done.html", batches=batches, most=LAST)


def take_back(asked: ReviewRequest) -> Response:
    """Take back what the form names, or else what was done last."""
    batch = asked.value("batch")
    with asked.database.writing() as connection:
        if not batch:
            last = batches_of(connection, asked.member, asked.now, 1)
            batch = last[0].name if last else ""
        undone = undo(connection, asked.member, batch) if batch else Undone((), ())
        if undone.done:
            asked.note(connection, "item.undo", batch, number=len(undone.done))
    return asked.go_to(_onward(asked, undone), _what_became(undone))


def _onward(asked: ReviewRequest, undone: Undone) -> str:
    """The message that was taken back, or the list it was done from."""
    if asked.value("naar") == "gedaan":
        return "/postvak/gedaan"
    return f"/postvak/{undone.done[0]}" if len(undone.done) == 1 else "/postvak"


def _what_became(undone: Undone) -> str:
    if not undone.done and not undone.changed:
        return "Er is niets om ongedaan te maken."
    said = []
    if undone.done:
        said.append(f"{words.count(len(undone.done), 'bericht is', 'berichten zijn')} weer zoals het was.")
    if undone.changed:
        said.append(
            f"{words.count(len(undone.changed), 'bericht kon', 'berichten konden')} niet terug: "
            "een collega veranderde het intussen, of Kalm leert er al van."
        )
    return " ".join(said)
