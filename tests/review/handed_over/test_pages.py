from __future__ import annotations

import re
import time

import pytest
import sqlalchemy as sa

from kalm.settings import load_settings
from review.audit.actions import READING
from review.handed_over.cases import AT_ONCE
from storage import erasure
from storage.schema import audit_log, handover_cases, handovers
from tests.review.conftest import Colleague, Enter, Shop

ASKED = {"text": "ik wil een mens spreken", "intent": "ask_human", "kind": "handoff"}


def ask(shop: Shop, *said: dict[str, object], channel: str = "website", at: float = 0) -> int:
    """A conversation that ends with the wish for a person; gives the id of the last request."""
    conversation_id, _ = shop.conversation(*said, ASKED, channel=channel, at=at)
    with shop.database.reading() as connection:
        wanted = sa.select(sa.func.max(handovers.c.id)).where(handovers.c.conversation_id == conversation_id)
        return int(connection.scalar(wanted))


def version(colleague: Colleague, case: int) -> str:
    """What the page of a case sends along."""
    found = re.search(r'name="version" value="([^"]+)"', colleague.get(f"/doorgegeven/{case}").text)
    assert found
    return found[1]


def act(colleague: Colleague, case: int, step: str, shown: str = "") -> int:
    """Press a button; gives the status."""
    sent = {"version": shown or version(colleague, case)}
    return colleague.post(f"/doorgegeven/{case}/{step}", sent).status_code


def rows(shop: Shop) -> list[tuple[str, int | None, int]]:
    with shop.database.reading() as connection:
        found = connection.execute(handover_cases.select().order_by(handover_cases.c.handover_id))
        return [(row.state, row.member_id, row.version) for row in found]


def actions(shop: Shop) -> list[tuple[str, str, str]]:
    """What was done, reading left out."""
    with shop.database.reading() as connection:
        changes = audit_log.select().where(audit_log.c.action.not_in(READING))
        found = connection.execute(changes.order_by(audit_log.c.id))
        return [(row.member, row.action, row.subject) for row in found]


def test_without_requests_the_list_says_what_will_come(enter: Enter) -> None:
    page = enter("bea").get("/doorgegeven").text

    assert "Nog niemand vroeg om een medewerker." in page
    assert "Er zijn geen openingstijden ingesteld" in page


def test_the_list_tells_the_office_hours_as_visitors_hear_them(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = load_settings(office_hours="ma-zo 00:00-24:00")
    monkeypatch.setattr("kalm.fixed_replies.settings", lambda: chosen)

    assert "Bezoekers horen nu: “We zijn er elke dag de hele dag." in enter("bea").get("/doorgegeven").text


def test_who_waits_longest_comes_first_or_last(shop: Shop, enter: Enter) -> None:
    now = time.time()
    late, early = ask(shop, at=now - 7200), ask(shop, at=now - 3 * 86400)

    def order(path: str) -> list[str]:
        return re.findall(r'href="/review/doorgegeven/(\d+)"', enter("bea").get(path).text)

    assert order("/doorgegeven") == [str(early), str(late)]
    assert order("/doorgegeven?volgorde=nieuwste") == [str(late), str(early)]
    page = enter("bea").get("/doorgegeven").text
    assert "3 dagen" in page
    assert "2 uur" in page


def test_several_requests_of_one_conversation_are_one_case(shop: Shop, enter: Enter) -> None:
    case = ask(shop, ASKED, {"text": "nog een vraag"})
    bea = enter("bea")

    assert "2 keer gevraagd" in bea.get("/doorgegeven").text
    assert act(bea, case, "nemen") == 303
    assert [state for state, _, _ in rows(shop)] == ["taken", "taken"]
    assert act(bea, case, "afronden") == 303
    assert [state for state, _, _ in rows(shop)] == ["done", "done"]


def test_a_case_goes_from_open_to_taken_to_done_and_back(shop: Shop, enter: Enter) -> None:
    case = ask(shop, {"text": "wat is rls"})
    bea = enter("bea")
    page = bea.get(f"/doorgegeven/{case}").text
    assert "wat is rls" in page
    assert "Ik pak dit op" in page

    assert act(bea, case, "nemen") == 303
    assert "Jij hebt dit gesprek" in bea.get(f"/doorgegeven/{case}").text
    assert "Bea Bos heeft dit gesprek" in enter("bram").get(f"/doorgegeven/{case}").text
    assert "Bea Bos" in bea.get("/doorgegeven?staat=bezig").text
    assert act(bea, case, "teruggeven") == 303
    assert rows(shop)[0][:2] == ("open", None)
    assert act(bea, case, "afronden") == 303
    assert "Bea Bos rondde dit af." in bea.get(f"/doorgegeven/{case}").text
    assert "Er wacht niemand" in bea.get("/doorgegeven").text
    assert f"/doorgegeven/{case}" in bea.get("/doorgegeven?staat=klaar").text
    assert actions(shop) == [
        ("bea", "case.take", str(case)),
        ("bea", "case.open", str(case)),
        ("bea", "case.done", str(case)),
    ]


def test_sent_twice_is_done_once(shop: Shop, enter: Enter) -> None:
    case, bea = ask(shop), enter("bea")
    shown = version(bea, case)

    assert [act(bea, case, "nemen", shown) for _ in range(2)] == [303, 303]
    assert len(actions(shop)) == 1


def test_of_two_colleagues_the_second_hears_that_somebody_was_quicker(shop: Shop, enter: Enter) -> None:
    case, bea, bram = ask(shop), enter("bea"), enter("bram")
    shown = version(bram, case)
    assert act(bea, case, "nemen") == 303

    refused = bram.post(f"/doorgegeven/{case}/nemen", {"version": shown})

    assert refused.status_code == 409
    assert "een collega was je voor" in refused.text
    assert "Neem het over" in refused.text
    assert len(actions(shop)) == 1
    assert act(bram, case, "nemen") == 303
    assert "Jij hebt dit gesprek" in bram.get(f"/doorgegeven/{case}").text


def test_a_step_that_does_not_fit_the_state_is_refused(shop: Shop, enter: Enter) -> None:
    case, bea, bram = ask(shop), enter("bea"), enter("bram")
    assert act(bea, case, "afronden") == 303

    assert act(bram, case, "nemen") == 409
    assert rows(shop)[0][0] == "done"


def test_a_visitor_who_asks_again_opens_the_case_and_stops_whoever_did_not_see_it(
    shop: Shop, enter: Enter
) -> None:
    case, bea = ask(shop, ASKED), enter("bea")
    shown = version(bea, case)
    with shop.database.writing() as connection:
        old = connection.execute(handovers.select().where(handovers.c.id == case)).one()
        again = handovers.insert().values(
            conversation_id=old.conversation_id, message_id=old.message_id, at=old.at + 5, state="open"
        )
        connection.execute(again)

    assert act(bea, case, "afronden", shown) == 409
    assert "3 keer gevraagd" in bea.get("/doorgegeven").text


def test_after_done_a_new_request_alone_is_open(shop: Shop, enter: Enter) -> None:
    case, bea = ask(shop), enter("bea")
    act(bea, case, "afronden")
    with shop.database.writing() as connection:
        old = connection.execute(handovers.select().where(handovers.c.id == case)).one()
        values = {"conversation_id": old.conversation_id, "message_id": old.message_id, "state": "open"}
        connection.execute(handovers.insert().values(at=old.at + 60, **values))

    act(bea, case, "nemen")

    assert [state for state, _, _ in rows(shop)] == ["done", "taken"]


def test_a_note_is_kept_shown_escaped_and_not_in_the_audit_log(shop: Shop, enter: Enter) -> None:
    case, bea = ask(shop), enter("bea")
    note = "<script>alert(1)</script> belt morgen 😴"

    sent = bea.post(f"/doorgegeven/{case}/notitie", {"version": version(bea, case), "note": note})

    assert sent.status_code == 303
    page = enter("bram").get(f"/doorgegeven/{case}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; belt morgen 😴" in page
    assert "<script>alert" not in page
    with shop.database.reading() as connection:
        of_note = audit_log.select().where(audit_log.c.action == "case.note")
        assert connection.execute(of_note).one().details == {"characters": len(note)}


def test_a_note_goes_along_with_a_step(shop: Shop, enter: Enter) -> None:
    case, bea = ask(shop), enter("bea")
    form = {"version": version(bea, case), "note": "belt morgen"}
    assert bea.post(f"/doorgegeven/{case}/afronden", form).status_code == 303
    assert bea.post(f"/doorgegeven/{case}/afronden", form).status_code == 303  # sent twice
    assert ">belt morgen</textarea>" in bea.get(f"/doorgegeven/{case}").text
    assert [action for _, action, _ in actions(shop)] == ["case.done", "case.note"]

    assert act(bea, case, "teruggeven") == 303
    assert ">belt morgen</textarea>" in bea.get(f"/doorgegeven/{case}").text, "a form without a note"
    long = {"version": version(bea, case), "note": "a" * 2001}
    assert bea.post(f"/doorgegeven/{case}/nemen", long).status_code == 422
    assert rows(shop)[0][0] == "open"


def test_a_note_that_is_too_long_or_too_late_is_not_lost(shop: Shop, enter: Enter) -> None:
    case, bea = ask(shop), enter("bea")
    shown = version(bea, case)

    long = bea.post(f"/doorgegeven/{case}/notitie", {"version": shown, "note": "a" * 2001})
    assert long.status_code == 422
    assert "Deze notitie is te lang: 2001 tekens." in long.text
    assert "a" * 2001 in long.text
    act(enter("bram"), case, "nemen")
    late = bea.post(f"/doorgegeven/{case}/notitie", {"version": shown, "note": "belt terug"})
    assert late.status_code == 409
    assert "belt terug" in late.text
    assert rows(shop)[0][0] == "taken"


def test_the_page_says_how_a_visitor_of_whatsapp_can_be_reached(shop: Shop, enter: Enter) -> None:
    page = enter("bea").get(f"/doorgegeven/{ask(shop, channel='whatsapp')}").text

    assert "Kalm bewaart het telefoonnummer niet" in page
    assert "Gesprek via WhatsApp" in page


def test_what_the_visitor_heard_stands_there(shop: Shop, enter: Enter) -> None:
    page = enter("bea").get(f"/doorgegeven/{ask(shop)}").text

    assert page.index("Wat de bezoeker hoorde") < page.index("Wat er gezegd is")
    assert page.count("Dat weet ik niet.") == 2


def test_an_erased_conversation_leaves_no_case(shop: Shop, enter: Enter) -> None:
    case, bea = ask(shop), enter("bea")
    act(bea, case, "nemen")
    with shop.database.writing() as connection:
        ids = list(connection.scalars(sa.select(handovers.c.conversation_id)))
        erasure.delete_conversations(connection, ids)

    assert bea.get(f"/doorgegeven/{case}").status_code == 404
    assert bea.post(f"/doorgegeven/{case}/afronden", {"version": "1.1"}).status_code == 404
    assert bea.post(f"/doorgegeven/{case}/notitie", {"version": "1.1", "note": "x"}).status_code == 404
    assert rows(shop) == []
    assert "Nog niemand vroeg" in bea.get("/doorgegeven").text


@pytest.mark.parametrize("number", ["0", str(2**63), "9" * 40])
def test_a_case_that_never_was_is_not_found(enter: Enter, number: str) -> None:
    assert enter("bea").get(f"/doorgegeven/{number}").status_code == 404


def test_a_long_list_comes_in_pages(shop: Shop, enter: Enter) -> None:
    now = time.time()
    for number in range(AT_ONCE + 2):
        ask(shop, at=now - 3600 - number)
    bea = enter("bea")

    def shown(path: str) -> list[str]:
        return re.findall(r'href="/review/doorgegeven/(\d+)"', bea.get(path).text)

    first, second = shown("/doorgegeven"), shown("/doorgegeven?pagina=2")
    assert (len(first), len(second)) == (AT_ONCE, 2)
    assert not set(first) & set(second)
    assert "Pagina 1 van 2" in bea.get("/doorgegeven").text


@pytest.mark.parametrize("query", ["pagina=99999999999", "pagina=-1", "pagina=x", "pagina=²", "staat=<b>"])
def test_an_address_of_ones_own_shows_a_list_all_the_same(shop: Shop, enter: Enter, query: str) -> None:
    case = ask(shop)

    page = enter("bea").get(f"/doorgegeven?{query}")

    assert page.status_code == 200
    assert f"/doorgegeven/{case}" in page.text
    assert "<b>" not in page.text
