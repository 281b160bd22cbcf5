"""The list of the inbox, and the way from one message to the next."""

from __future__ import annotations

import time

from starlette.responses import Response

from kalm import logs
from review.inbox.filters import CERTAINTY, ORDERS, Filters
from review.inbox.groups import AT_ONCE, Group, Place, next_free, page
from review.inbox.indexing import RECENT, index
from review.inbox.progress import progress
from review.inbox.scoring import REASONS
from review.judging.form import CHOICES
from review.judging.locks import held_by_others
from review.judging.undo import last_batch
from review.requests import ReviewRequest
from review.words import CHANNELS, INTENTS, KINDS, STATES
from storage.database import Database

_AT_OPENING = 100
"""Messages that are put in the inbox while somebody waits for the page."""

_FILTERED = (*CHOICES, *(name for name in INTENTS if name and name not in CHOICES))


def show_list(asked: ReviewRequest) -> Response:
    """The groups of messages that are wanted, a page of them."""
    _look_for_new(asked.database)
    filters, beyond = Filters.of(asked.query), Place.of(asked.query.get("na", ""))
    with asked.database.reading() as connection:
        found = page(connection, filters, beyond, at_most=AT_ONCE + 1)
        shown = found[:AT_ONCE]
        ids = [group.message.message_id for group in shown]
        held = held_by_others(connection, ids, asked.member.id, asked.now)
        mine = progress(connection, asked.member.id, asked.now)
        last = last_batch(connection, asked.member, asked.now)
    return asked.render(
        "inbox/list.html",
        groups=shown,
        held=held,
        progress=mine,
        last=last,
        filters=filters,
        beyond=beyond,
        onward=shown[-1].place if len(found) > AT_ONCE else None,
        intents=_FILTERED,
        channels=CHANNELS,
        kinds=KINDS,
        states=STATES,
        certainty=CERTAINTY,
        orders=ORDERS,
        reasons=REASONS,
        choices=CHOICES,
    )


def _look_for_new(database: Database) -> None:
    """What was typed a moment ago is in the list as well; the list does not depend on it."""
    try:
        index(database, time.time() - RECENT, _AT_OPENING)
    except Exception as error:
        logs.failure("the inbox could not be brought up to date and is tried again", error)


def show_next(asked: ReviewRequest) -> Response:
    """Lead to the next message that nobody else has open."""
    return _lead(asked, backwards=False)


def show_previous(asked: ReviewRequest) -> Response:
    """Lead to the message before it."""
    return _lead(asked, backwards=True)


def _lead(asked: ReviewRequest, backwards: bool) -> Response:
    filters, beyond = Filters.of(asked.query), Place.of(asked.query.get("na", ""))
    with asked.database.reading() as connection:
        group = next_free(connection, filters, beyond, asked.member.id, asked.now, backwards)
    if group is None:
        end = "Dit was het eerste bericht van de lijst." if backwards else "Dit was het laatste van de lijst."
        return asked.go_to(f"/postvak{filters.behind}", end)
    return asked.go_to(f"/postvak/{_address(group)}{filters.behind}")


def _address(group: Group) -> str:
    return str(group.message.message_id)
