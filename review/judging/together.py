"""Many messages judged at once: first shown as they would become, then done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection, Row
from starlette.responses import Response

from review import words
from review.inbox.filters import Filters
from review.inbox.items import items_with_text
from review.judging.danger import DANGERS, sees_danger
from review.judging.form import CHOICES, Decision
from review.judging.judgements import (
    Judgement,
    Settled,
    Wanted,
    new_batch,
    settle,
    state_after_judging,
)
from review.judging.locks import held_by_others
from review.judging.sentences import tidied, what_is_wrong_with
from review.requests import ReviewRequest
from review.states import ItemState
from review.whole_numbers import versions
from storage.schema import review_items

MOST = 500
"""Messages at once: as many as somebody can look through, and as a short transaction can change."""


@dataclass(frozen=True)
class Line:
    """One message of the preview.

    Attributes:
        item: a row of ``review_items`` with ``text``.
        wanted: what would become of it; None when it is left out.
        why_not: why it is left out, in Dutch, or "".
    """

    item: Row
    wanted: Wanted | None
    why_not: str = ""


def preview(asked: ReviewRequest) -> Response:
    """Every message of the chosen groups, as it is and as it would become; nothing is changed."""
    filters = Filters.read(asked.value("lijst"))
    decision, intent, fault = _decision(asked)
    keys = [key for key in asked.values("groep") if len(key) <= 32][:MOST]
    if not fault and not keys:
        fault = "Je koos nog geen berichten. Zet een vinkje bij de berichten die je samen wilt beoordelen."
    if fault:
        return asked.go_to(f"/postvak{filters.behind}", fault)
    with asked.database.reading() as connection:
        items = _of_groups(connection, keys, filters)
        held = _held(connection, asked, [item.message_id for item in items])
    lines = [_line(item, decision, intent, held) for item in items[:MOST]]
    return asked.render(
        "inbox/together.html",
        lines=[line for line in lines if line.wanted],
        left_out=[line for line in lines if not line.wanted],
        more=len(items) > MOST,
        most=MOST,
        decision=decision,
        intent=intent,
        filters=filters,
    )


def do(asked: ReviewRequest) -> Response:
    """Do what the preview showed, with the messages that are still as they were then."""
    filters = Filters.read(asked.value("lijst"))
    decision, intent, fault = _decision(asked)
    seen = versions(asked.value("berichten").split()[:MOST])
    if fault or not seen:
        return asked.go_to(f"/postvak{filters.behind}", fault or "Er was niets meer om te doen.")
    with asked.database.reading() as connection:
        items = _by_ids(connection, list(seen))
    lines = [_line(item, decision, intent, {}) for item in items]
    wanted = [replace(line.wanted, version=seen[line.wanted.message_id]) for line in lines if line.wanted]
    batch = new_batch()
    with asked.database.writing() as connection:
        settled = settle(connection, asked.member, batch, wanted, asked.now)
        if settled.done:
            state = wanted[0].state.value
            asked.note(connection, "item.many", batch, number=len(settled.done), intent=intent, state=state)
    gone = len(seen) - len(wanted)
    return asked.go_to(f"/postvak{filters.behind}", _what_became(settled, gone))


def _what_became(settled: Settled, gone: int) -> str:
    said = [f"{words.count(len(settled.done), 'bericht is', 'berichten zijn')} gedaan."]
    for name, number in Counter(settled.held.values()).items():
        said.append(f"{words.count(number, 'bleef', 'bleven')} staan: {name} is ermee bezig.")
    if other := len(settled.changed) + gone:
        said.append(f"{words.count(other, 'bleef', 'bleven')} staan: intussen veranderd.")
    return " ".join(said)


def _decision(asked: ReviewRequest) -> tuple[Decision, str, str]:
    """What is to be done, the intent if any, and what is wrong with it."""
    said, intent = asked.value("wat"), asked.value("bedoeling")
    if said not in set(Decision):
        return Decision.JUDGE, "", "Kies wat er met de berichten moet gebeuren."
    decision = Decision(said)
    if decision is not Decision.JUDGE:
        return decision, "", ""
    return decision, intent, "" if intent in CHOICES else "Kies een bedoeling voor deze berichten."


def _of_groups(connection: Connection, keys: Sequence[str], filters: Filters) -> list[Row]:
    wanted = items_with_text().where(
        review_items.c.group_key.in_(keys), *filters.conditions(within_group=True)
    )
    ordered = wanted.order_by(review_items.c.group_key, review_items.c.at.desc(), review_items.c.message_id)
    return list(connection.execute(ordered.limit(MOST + 1)))


def _by_ids(connection: Connection, ids: Sequence[int]) -> list[Row]:
    return list(connection.execute(items_with_text().where(review_items.c.message_id.in_(ids))))


def _held(connection: Connection, asked: ReviewRequest, ids: Sequence[int]) -> dict[int, str]:
    return held_by_others(connection, ids, asked.member.id, asked.now)


def _line(item: Row, decision: Decision, intent: str, held: dict[int, str]) -> Line:
    if item.message_id in held:
        return Line(item, None, f"{held[item.message_id]} is hiermee bezig")
    if item.state == ItemState.LEARNT.value:
        return Line(item, None, "Kalm heeft dit al geleerd")
    if intent not in DANGERS and sees_danger(item.text, item.intent, item.kind):
        return Line(item, None, "hier is misschien gevaar: bekijk dit bericht apart")
    if decision is Decision.SKIP:
        return Line(item, Wanted(item.message_id, item.version, ItemState.SKIPPED))
    sentence = tidied(item.text)
    if decision is Decision.EXCLUDE:
        said = Judgement(sentence, "")
        return Line(item, Wanted(item.message_id, item.version, ItemState.EXCLUDED, said))
    if wrong := what_is_wrong_with(sentence):
        return Line(item, None, f"bekijk dit bericht apart. {wrong}")
    said = Judgement(sentence, intent)
    return Line(item, Wanted(item.message_id, item.version, state_after_judging(), said))
