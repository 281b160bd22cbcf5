"""Which messages are unanswered: nothing fitted, or what was said was not wanted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kalm.reply import Kind
from review.articles.usage import rejected_replies
from review.judging.judgements import NOT_THERE
from storage.schema import judgements, messages, review_items

_REFUSED = (Kind.NO_ANSWER.value, Kind.OUT_OF_SCOPE.value)
_ANSWERING = (Kind.ANSWER.value, Kind.REFERRAL.value)
_LED_ON = (Kind.ANSWER.value, Kind.REFERRAL.value, Kind.SOURCE.value)
"""Replies to a next message that show that asking back was of use."""

KINDS = (*_REFUSED, Kind.CLARIFY.value, *_ANSWERING)
"""Kinds of reply that can leave a question unanswered."""


def unanswered(connection: Connection, since: float = 0) -> list[Row]:
    """The items of all unanswered messages, the newest first.

    Unanswered is a message that got no answer, was taken for another subject, got a question back that led
    nowhere, got an answer that was turned down, or of which a reviewer said that it stands nowhere. Not
    unanswered is one of which a reviewer named the passage.

    Args:
        connection: of a transaction.
        since: seconds since 1970; only later messages.

    Returns:
        Rows with ``message_id``, ``text`` and ``at``.
    """
    wanted = (
        sa.select(review_items.c.message_id, messages.c.text, review_items.c.at)
        .select_from(_joined())
        .where(_is_unanswered(), is_not_settled(), review_items.c.at >= since)
        .order_by(review_items.c.at.desc(), review_items.c.message_id)
    )
    return list(connection.execute(wanted))


def count_new(connection: Connection, since: float) -> int:
    """How many unanswered messages came after a moment, in seconds since 1970."""
    wanted = (
        sa.select(sa.func.count())
        .select_from(_joined())
        .where(_is_unanswered(), is_not_settled(), review_items.c.at > since)
    )
    return int(connection.scalar(wanted) or 0)


def is_not_settled() -> sa.sql.ColumnElement[bool]:
    """That no reviewer named the passage; ``judgements`` is joined by an outer join."""
    return sa.func.coalesce(judgements.c.passage, "").in_(("", NOT_THERE))


def _joined() -> sa.sql.Join:
    return review_items.join(messages, messages.c.id == review_items.c.message_id).outerjoin(
        judgements, judgements.c.message_id == review_items.c.message_id
    )


def _is_unanswered() -> sa.sql.ColumnElement[bool]:
    rejected = rejected_replies(0).subquery()
    return sa.or_(
        review_items.c.kind.in_(_REFUSED),
        judgements.c.passage == NOT_THERE,
        sa.and_(review_items.c.kind == Kind.CLARIFY.value, _led_nowhere()),
        sa.and_(review_items.c.kind.in_(_ANSWERING), messages.c.id.in_(sa.select(rejected.c.id))),
    )


def _led_nowhere() -> sa.sql.ColumnElement[bool]:
    """The next message got no answer either. Without its conversation only what was seen before is known."""
    following = messages.alias("following")
    led_on = sa.exists().where(
        following.c.conversation_id == messages.c.conversation_id,
        following.c.number == messages.c.number + 1,
        following.c.kind.in_(_LED_ON),
    )
    return sa.or_(
        sa.and_(messages.c.conversation_id.isnot(None), ~led_on),
        sa.and_(messages.c.conversation_id.is_(None), review_items.c.cluster.isnot(None)),
    )
