"""A passage as visitors would get it, made by what makes every reply."""

from __future__ import annotations

from typing import Any

from kalm.articles import Passage
from kalm.reply import ClaimError, Disclaimer, Kind, Reply
from kalm.showing import caution_for, notice_for


def preview(passage: Passage) -> dict[str, Any] | None:
    """The reply with this passage, as data; None when Kalm would never send it because of a claim."""
    try:
        reply = Reply(
            Kind.ANSWER,
            Disclaimer.SHORT,
            passages=(passage,),
            caution=caution_for((passage,)),
            notice=notice_for((passage,)),
        )
    except ClaimError:
        return None
    return {**reply.payload, "evidence": passage.evidence.in_words}
