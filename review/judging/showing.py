"""Everything that the page of one message shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Row

from kalm.privacy.masking import LABELS
from kalm.understanding import NLU_FALLBACK
from review import transcript
from review.access import members
from review.inbox.filters import Filters
from review.inbox.groups import Place, place_of
from review.inbox.progress import Progress, progress
from review.judging import alike
from review.judging.comments import Comment, comments_of
from review.judging.danger import sees_danger
from review.judging.form import CHOICES, Decision, Draft, marks_as_json
from review.judging.judgements import judgements_of
from review.judging.passages import Choice, choices, questions_offered, shown_in
from review.judging.sentences import marks_of, tidied
from review.states import ItemState
from review.transcript import Exchange

_KEYS = 9
"""Intents that have a key of their own: 1 to 9."""


@dataclass(frozen=True)
class Intent:
    """One intent to choose.

    Attributes:
        name: of the intent.
        share: how sure Kalm was of it, from 0 to 1; None when it was not among the likeliest.
        key: that chooses it, or "".
    """

    name: str
    share: float | None
    key: str


@dataclass(frozen=True)
class Shown:
    """One message with all that belongs to it.

    Attributes:
        item: a row of ``review_items`` with ``text``.
        exchange: the message with its reply.
        around: the conversation.
        place: in the list.
        others: some of those that are alike and not judged yet.
        others_count: how many there are.
        others_until: when the last of them was typed, in seconds since 1970.
        judgement: that is kept now, as :func:`judgements_of` gives it, or None.
        judged_by: full name of who judged, or "".
        comments: in order.
        in_danger: whether Kalm or the rules see a danger.
        progress: of who looks.
    """

    item: Row
    exchange: Exchange
    around: Sequence[Exchange]
    place: Place
    others: Sequence[Row]
    others_count: int
    others_until: float
    judgement: Mapping[str, Any] | None
    judged_by: str
    comments: Sequence[Comment]
    in_danger: bool
    progress: Progress

    @property
    def intents(self) -> list[Intent]:
        """Those to choose from, the likeliest first."""
        ranking = dict(self.exchange.ranking)
        if self.item.intent in CHOICES:
            ranking.setdefault(self.item.intent, self.item.confidence)
        likely = sorted((name for name in ranking if name in CHOICES), key=lambda name: -ranking[name])
        ordered = [*likely, *(name for name in CHOICES if name not in ranking)]
        return [
            Intent(name, ranking.get(name), str(number) if number <= _KEYS else "")
            for number, name in enumerate(ordered, 1)
        ]

    @property
    def draft(self) -> Draft:
        """The form as it stands when somebody opens the page."""
        kept = self.judgement
        sentence = tidied(self.item.text)
        if kept and (kept["intent"] or kept["proposal"]):
            sentence = kept["text"]
            marks = marks_of(sentence, kept["entities"])
        else:
            understood = self.exchange.entities if sentence == self.item.text else ()
            marks = marks_of(sentence, understood)
        intent = kept["intent"] if kept else self.item.intent
        return Draft(
            decision=Decision.JUDGE,
            version=self.item.version,
            intent=intent if intent != NLU_FALLBACK else "",
            sentence=sentence,
            marks=marks_as_json(sentence, marks),
            passage=kept["passage"] if kept else "",
            proposal=kept["proposal"] if kept else "",
        )

    @property
    def noticed(self) -> list[tuple[str, str]]:
        """Words of the message that Kalm noticed, as they were typed, each with its entity."""
        marks = marks_of(self.item.text, self.exchange.entities)
        return [(self.item.text[mark.start : mark.end], mark.entity) for mark in marks]

    @property
    def labels(self) -> list[str]:
        """What stands in the message in the place of personal data."""
        return [label for label in LABELS if label in self.item.text]

    def passages(self, chosen: str) -> list[Choice]:
        """The passages to choose from, with the one that was chosen."""
        reply = self.exchange.reply
        return choices(shown_in(reply), questions_offered(reply), chosen)


def show(connection: Connection, item: Row, filters: Filters, member_id: int, now: float) -> Shown:
    """All that the page of a message shows.

    Args:
        connection: of a transaction that reads.
        item: from :func:`review.inbox.items.find`.
        filters: of the list it was opened from.
        member_id: who looks.
        now: seconds since 1970.
    """
    around = transcript.around(connection, item.message_id)
    judgement = judgements_of(connection, [item.message_id]).get(item.message_id)
    names = members.names(connection)
    count, until = alike.count_others(connection, item)
    return Shown(
        item=item,
        exchange=next(one for one in around if one.id == item.message_id),
        around=around,
        place=place_of(connection, filters, item),
        others=alike.others(connection, item, alike.SHOWN),
        others_count=count,
        others_until=until,
        judgement=judgement,
        judged_by=names.get(judgement["judged_by"], "") if judgement else "",
        comments=comments_of(connection, item.message_id, _sent_back(item, judgement)),
        in_danger=sees_danger(item.text, item.intent, item.kind),
        progress=progress(connection, member_id, now),
    )


def _sent_back(item: Row, judgement: Mapping[str, Any] | None) -> tuple[int | None, float | None] | None:
    if item.state != ItemState.SENT_BACK.value or judgement is None:
        return None
    return judgement["looked_by"], judgement["looked_at"]
