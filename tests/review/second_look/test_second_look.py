"""The second look: who may, what becomes of it, and that nobody overwrites anybody."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from kalm.settings import load_settings, settings
from review.audit.actions import READING
from review.second_look import waiting
from storage.schema import audit_log, judgement_steps, judgements, messages, review_comments, review_items
from tests.review.conftest import Enter, Shop
from tests.review.second_look.conftest import Judged, member_id

HERE = "/tweede-blik"


def state(shop: Shop, message_id: int) -> tuple[str, int]:
    with shop.database.reading() as connection:
        row = connection.execute(sa.select(review_items).where(review_items.c.message_id == message_id)).one()
        return row.state, row.version


def judgement(shop: Shop, message_id: int) -> dict[str, Any]:
    with shop.database.reading() as connection:
        query = sa.select(judgements).where(judgements.c.message_id == message_id)
        return dict(connection.execute(query).one()._mapping)


def actions(shop: Shop) -> list[tuple[str, str]]:
    with shop.database.reading() as connection:
        changes = sa.select(audit_log).where(audit_log.c.action.not_in(READING))
        rows = connection.execute(changes.order_by(audit_log.c.id))
        return [(row.action, row.subject) for row in rows if row.action.startswith("item.")]


def switch_off(monkeypatch: pytest.MonkeyPatch) -> None:
    off = load_settings(**{**settings().dict(), "second_look": False})
    for module in ("waiting", "pages", "together"):
        monkeypatch.setattr(f"review.second_look.{module}.settings", lambda: off)


def test_without_judgements_it_says_that_all_was_seen(enter: Enter) -> None:
    for path in (HERE, f"{HERE}/samen"):
        answer = enter("eva").get(path)
        assert answer.status_code == 200
        assert "Alles is bekeken" in answer.text
    assert "Nog niets te vergelijken" in enter("eva").get(f"{HERE}/overeenstemming").text


def test_the_oldest_of_somebody_else_comes_first_and_ones_own_never(enter: Enter, judged: Judged) -> None:
    judged("van eva zelf", by="eva")
    judged("de oudste van bea")
    judged("de nieuwste van bea")
    page = enter("eva").get(HERE).text
    assert "de oudste van bea" in page
    assert "van eva zelf" not in page
    assert "2 oordelen wachten" in page
    assert "1 oordeel van jezelf wacht" in page
    assert "van eva zelf" not in enter("eva").get(f"{HERE}/samen").text
    assert "van eva zelf" in enter("emiel").get(HERE).text


def test_the_judgement_is_hidden_until_the_second_person_chose_or_asked_for_it(
    shop: Shop, enter: Enter, judged: Judged
) -> None:
    message_id = judged("helpt yoga", intent="ask_treatment", proposal="een nieuw soort vraag")
    eva = enter("eva")
    hidden = eva.get(HERE).text
    assert "een nieuw soort vraag" not in hidden
    assert "Keur goed" not in hidden
    assert "een nieuw soort vraag" in eva.get(f"{HERE}?bericht={message_id}&toon=1").text

    answer = eva.post(f"{HERE}/{message_id}/mening", {"keuze": "ask_rls", "versie": 3})
    assert answer.headers["location"] == f"/review{HERE}?bericht={message_id}&toon=1"
    page = eva.get(f"{HERE}?bericht={message_id}").text
    assert "Jullie kozen niet hetzelfde" in page
    assert "Keur goed" in page
    assert judgement(shop, message_id)["second_intent"] == "ask_rls"
    assert state(shop, message_id) == ("judged", 3)

    later = eva.post(f"{HERE}/{message_id}/mening", {"keuze": "ask_treatment", "versie": 3})
    assert later.status_code == 409, "the first view stays, once the judgement was seen"
    assert judgement(shop, message_id)["second_intent"] == "ask_rls"


@pytest.mark.parametrize("chosen", ["", "nlu_fallback", "bestaat niet"])
def test_only_a_known_intent_is_a_view(enter: Enter, judged: Judged, chosen: str) -> None:
    answer = enter("eva").post(f"{HERE}/{judged()}/mening", {"keuze": chosen, "versie": 3})
    assert answer.status_code == 400


def test_approving_leads_to_the_next_and_can_be_undone(shop: Shop, enter: Enter, judged: Judged) -> None:
    first, second = judged("een"), judged("twee")
    eva = enter("eva")
    answer = eva.post(f"{HERE}/{first}/goed", {"versie": 3})
    assert answer.headers["location"] == f"/review{HERE}?bericht={second}"
    assert state(shop, first) == ("approved", 4)
    assert judgement(shop, first)["looked_by"] == member_id(shop, "eva")
    assert actions(shop) == [("item.approve", str(first))]

    page = eva.get(HERE).text
    assert "Maak ongedaan: 1 oordeel goedgekeurd" in page
    batch = page.split('name="batch" value="')[1].split('"')[0]
    assert "wacht weer" in eva.post(f"{HERE}/ongedaan", {"batch": batch}).headers["set-cookie"].replace(
        "%20", " "
    )
    assert state(shop, first) == ("judged", 5)
    was = judgement(shop, first)
    assert (was["looked_by"], was["looked_at"], was["text"]) == (None, None, "een")
    again = eva.post(f"{HERE}/ongedaan", {"batch": batch})
    assert "niets meer" in again.headers["set-cookie"].replace("%20", " ")
    assert state(shop, first) == ("judged", 5)


def test_nobody_undoes_what_somebody_else_did(shop: Shop, enter: Enter, judged: Judged) -> None:
    message_id = judged()
    enter("eva").post(f"{HERE}/{message_id}/goed", {"versie": 3})
    with shop.database.reading() as connection:
        batch = connection.scalar(sa.select(judgement_steps.c.batch))
    enter("emiel").post(f"{HERE}/ongedaan", {"batch": batch})
    assert state(shop, message_id) == ("approved", 4)


@pytest.mark.parametrize("path", ["goed", "terug"])
def test_ones_own_judgement_is_refused_by_the_server_too(
    shop: Shop, enter: Enter, judged: Judged, path: str
) -> None:
    message_id = judged(by="eva")
    answer = enter("eva").post(f"{HERE}/{message_id}/{path}", {"versie": 3, "opmerking": "x"})
    assert answer.status_code == 403
    assert "Dit oordeel is van jezelf" in answer.text
    mine = enter("eva").post(f"{HERE}/{message_id}/mening", {"versie": 3, "keuze": "ask_rls"})
    assert mine.status_code == 403
    assert state(shop, message_id) == ("judged", 3)
    together = {"kies": f"{message_id}:3", "bevestigd": "1"}
    enter("eva").post(f"{HERE}/samen", together)
    assert state(shop, message_id) == ("judged", 3)


def test_sending_back_wants_a_comment_and_keeps_what_was_typed(
    shop: Shop, enter: Enter, judged: Judged
) -> None:
    message_id = judged()
    eva = enter("eva")
    empty = eva.post(f"{HERE}/{message_id}/terug", {"versie": 3, "opmerking": "  "})
    assert empty.status_code == 422
    assert "Schrijf op wat er anders moet" in empty.text
    long = "<b>" + "x" * 2001
    refused = eva.post(f"{HERE}/{message_id}/terug", {"versie": 3, "opmerking": long})
    assert refused.status_code == 422
    assert "te lang" in refused.text
    assert "&lt;b&gt;xxx" in refused.text
    assert state(shop, message_id) == ("judged", 3)

    eva.post(f"{HERE}/{message_id}/terug", {"versie": 3, "opmerking": "Dit is een groet."})
    assert state(shop, message_id) == ("sent_back", 4)
    with shop.database.reading() as connection:
        assert connection.scalars(sa.select(review_comments.c.text)).all() == ["Dit is een groet."]
    assert actions(shop) == [("item.send_back", str(message_id))]


def test_what_changed_meanwhile_is_not_approved(shop: Shop, enter: Enter, judged: Judged) -> None:
    message_id = judged()
    with shop.database.writing() as connection:
        connection.execute(review_items.update().values(version=4))
    for path in ("goed", "terug", "mening"):
        form = {"versie": 3, "opmerking": "x", "keuze": "ask_rls"}
        answer = enter("eva").post(f"{HERE}/{message_id}/{path}", form)
        assert answer.status_code == 409, path
        assert "net veranderd" in answer.text
    assert state(shop, message_id) == ("judged", 4)
    assert actions(shop) == []


def test_of_two_people_who_decide_at_once_one_is_told(shop: Shop, enter: Enter, judged: Judged) -> None:
    message_id = judged()
    assert enter("eva").post(f"{HERE}/{message_id}/goed", {"versie": 3}).status_code == 303
    late = enter("emiel").post(f"{HERE}/{message_id}/terug", {"versie": 3, "opmerking": "nee"})
    assert late.status_code == 409
    assert "goedgekeurd" in late.text
    assert state(shop, message_id) == ("approved", 4)


def test_sent_twice_counts_once(shop: Shop, enter: Enter, judged: Judged) -> None:
    message_id = judged()
    eva = enter("eva")
    for _ in range(2):
        assert eva.post(f"{HERE}/{message_id}/goed", {"versie": 3}).status_code == 303
    assert state(shop, message_id) == ("approved", 4)
    assert len(actions(shop)) == 1
    other = judged("nog een")
    for _ in range(2):
        answer = eva.post(f"{HERE}/samen", {"kies": f"{other}:3", "bevestigd": "1"})
        assert "1%20oordeel%20goedgekeurd" in answer.headers["set-cookie"]
    assert len(actions(shop)) == 2


def test_several_at_once_are_shown_first_and_undone_together(
    shop: Shop, enter: Enter, judged: Judged
) -> None:
    ids = [judged(f"zin {n}", intent="greet" if n % 2 else "ask_rls") for n in range(12)]
    form = {"kies": [f"{one}:3" for one in ids]}
    eva = enter("eva")
    preview = eva.post(f"{HERE}/samen", form)
    assert "Keur deze 12 goed" in preview.text
    assert all(f"zin {n}" in preview.text for n in range(12))
    assert state(shop, ids[0]) == ("judged", 3), "a preview changes nothing"

    with shop.database.writing() as connection:
        late = review_items.c.message_id == ids[3]
        connection.execute(review_items.update().where(late).values(version=9))
    done = eva.post(f"{HERE}/samen", {**form, "bevestigd": "1"})
    said = done.headers["set-cookie"].replace("%20", " ")
    assert "11 oordelen goedgekeurd" in said
    assert "1 is intussen veranderd" in said
    assert [state(shop, one)[0] for one in ids].count("approved") == 11
    batch = eva.get(HERE).text.split('name="batch" value="')[1].split('"')[0]
    eva.post(f"{HERE}/ongedaan", {"batch": batch})
    assert [state(shop, one)[0] for one in ids].count("judged") == 12


def test_a_danger_that_was_judged_away_is_told_and_looked_at_by_itself(
    shop: Shop, enter: Enter, judged: Judged
) -> None:
    danger = judged("hij krijgt geen lucht meer")
    named = judged("ik krijg geen lucht meer", intent="report_emergency")
    eva = enter("eva")
    warning = "Dit bericht gaat misschien over gevaar."
    assert warning in eva.get(f"/tweede-blik?bericht={danger}&toon=1").text
    assert warning not in eva.get(f"/tweede-blik?bericht={named}&toon=1").text
    assert "misschien gevaar: bekijk apart" in eva.get("/tweede-blik/samen").text
    both = {"kies": [f"{danger}:3", f"{named}:3"]}
    assert "hij krijgt geen lucht" not in eva.post("/tweede-blik/samen", both).text
    eva.post("/tweede-blik/samen", {**both, "bevestigd": "1"})
    assert state(shop, danger) == ("judged", 3)
    assert state(shop, named) == ("approved", 4)


def test_choosing_nothing_or_nonsense_is_told(enter: Enter) -> None:
    for chosen in ([], ["x"], ["1:1:1"], ["9" * 25 + ":1"]):
        answer = enter("eva").post(f"{HERE}/samen", {"kies": chosen})
        assert answer.status_code == 422
        assert "Kies eerst" in answer.text
    many = enter("eva").post(f"{HERE}/samen", {"kies": [f"{n}:1" for n in range(101)]})
    assert many.status_code == 422
    assert "te veel ineens" in many.text
    gone = enter("eva").post(f"{HERE}/samen", {"kies": ["12345:1"]})
    assert gone.status_code == 409


def test_an_erased_message_is_gone_here_too(shop: Shop, enter: Enter, judged: Judged) -> None:
    message_id = judged("verdwijnt")
    with shop.database.writing() as connection:
        connection.execute(messages.delete().where(messages.c.id == message_id))
    eva = enter("eva")
    assert "Alles is bekeken" in eva.get(HERE).text
    assert eva.get(f"{HERE}?bericht={message_id}").status_code == 303
    assert eva.post(f"{HERE}/{message_id}/goed", {"versie": 3}).status_code == 404


@pytest.mark.parametrize("wanted", ["x", "-1", "1" * 30, "١"])
def test_a_strange_number_is_not_found(enter: Enter, wanted: str) -> None:
    eva = enter("eva")
    assert eva.get(f"{HERE}?bericht={wanted}").status_code in (303, 404)
    assert eva.post(f"{HERE}/{wanted}/goed", {"versie": 3}).status_code == 404


def test_broken_and_hostile_rows_are_shown_all_the_same(shop: Shop, enter: Enter, judged: Judged) -> None:
    text = "<script>alert(1)</script>" + "x" * 1000 + "🙂"
    judged(text, entities={"start": "x"}, proposal="<img src=x>")
    odd = judged("nog een", entities=[1, {"start": 50, "end": 99, "entity": "product"}, {"start": "a"}])
    eva = enter("eva")
    for path in (f"{HERE}?toon=1", f"{HERE}?bericht={odd}&toon=1", f"{HERE}/samen"):
        page = eva.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_words_that_are_marked_are_shown_so(enter: Enter, judged: Judged) -> None:
    judged("helpt yoga echt", entities=[{"start": 6, "end": 10, "entity": "treatment"}], said="helpt joga")
    page = enter("eva").get(f"{HERE}?toon=1").text
    assert "<mark>yoga" in page
    assert "behandeling" in page
    assert "aangepast" in page


def test_switched_off_it_says_what_that_means_and_lets_one_finish(
    shop: Shop, enter: Enter, judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = judged(by="eva")
    switch_off(monkeypatch)
    page = enter("eva").get(HERE).text
    assert "De tweede blik staat uit" in page
    assert "meteen door naar de volgende training" in page
    assert enter("eva").post(f"{HERE}/{message_id}/goed", {"versie": 3}).status_code == 303
    assert state(shop, message_id) == ("approved", 4)


def test_thousands_come_in_pages(shop: Shop, enter: Enter, judged: Judged) -> None:
    for n in range(60):
        judged(f"zin {n}!", intent="greet" if n < 5 else "ask_rls")
    eva = enter("eva")
    first, last = eva.get(f"{HERE}/samen").text, eva.get(f"{HERE}/samen?pagina=2").text
    assert "zin 0!" in first
    assert "zin 59!" not in first
    assert "zin 59!" in last
    assert eva.get(f"{HERE}/samen?pagina=999").text.count("zin 59!") >= 1
    assert eva.get(f"{HERE}/samen?pagina=x").status_code == 200
    only = eva.get(f"{HERE}/samen?bedoeling=greet").text
    assert "5 oordelen" in only
    assert "Bij deze bedoeling wacht niets" in eva.get(f"{HERE}/samen?bedoeling=onbekend").text


def test_ones_own_view_is_asked_without_giving_the_judgement_away(
    shop: Shop, enter: Enter, judged: Judged
) -> None:
    first = enter("eva")
    judged("zelfde", intent="deny")
    before = first.get(HERE).text
    with shop.database.writing() as connection:
        connection.execute(judgements.update().values(intent="affirm"))
    cut = "csrf_token"
    assert [part[40:] for part in before.split(cut)] == [
        part[40:] for part in first.get(HERE).text.split(cut)
    ]


def test_a_judgement_in_a_new_model_is_not_changed(shop: Shop, enter: Enter, judged: Judged) -> None:
    message_id = judged(candidate="kandidaat")
    answer = enter("eva").post(f"{HERE}/{message_id}/terug", {"versie": 3, "opmerking": "x"})
    assert answer.status_code == 409
    assert state(shop, message_id) == ("judged", 3)
    with shop.database.reading() as connection:
        found = waiting.find(connection, message_id)
    assert found is not None
    assert found.candidate == "kandidaat"
