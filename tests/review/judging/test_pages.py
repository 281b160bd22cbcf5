from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from kalm.articles import passages, read_articles
from kalm.settings import settings
from review.judging.form import CHOICES
from review.judging.sentences import ENTITIES
from storage.schema import audit_log, judgements, messages, review_comments, review_items
from tests.review.conftest import Enter, Shop
from tests.review.judging.conftest import Fill, judgement, save, state, steps, version_in


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A team of one, without a second look."""
    monkeypatch.setenv("KALM_SECOND_LOOK", "false")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def actions(shop: Shop) -> list[str]:
    with shop.database.reading() as connection:
        return list(connection.scalars(sa.select(audit_log.c.action).order_by(audit_log.c.id)))


def test_a_message_is_shown_with_its_conversation_and_what_kalm_made_of_it(
    fill: Fill, enter: Enter, shop: Shop
) -> None:
    _, (_, id_) = shop.conversation(
        {"text": "hallo daar", "intent": "greet", "kind": "small_talk"},
        {
            "text": "helpt citraat bij rls",
            "intent": "ask_product",
            "confidence": 0.55,
            "ranking": (("ask_product", 0.55), ("ask_rls", 0.4)),
            "entities": ({"start": 6, "end": 13, "entity": "product", "value": "magnesiumcitraat"},),
        },
    )
    fill()
    html = enter("bea").get(f"/postvak/{id_}").text
    assert "hallo daar" in html
    assert (
        "vraag over magnesium of een product</strong> (55%), daarna vraag over rusteloze benen (40%)" in html
    )
    assert '<span class="quote">citraat</span> (product).</p>' in html, "as it was typed"
    assert "magnesiumcitraat (product)" not in html
    order = [html.index(f'value="{name}"') for name in ("ask_product", "ask_rls", "ask_treatment")]
    assert order == sorted(order), "the likeliest stand on top"
    assert (
        json.dumps([{"start": 6, "end": 13, "entity": "product", "value": "citraat"}]).replace('"', "&#34;")
        in html
    )


def test_the_passage_that_was_shown_stands_on_top(fill: Fill, enter: Enter, shop: Shop) -> None:
    shown = passages(read_articles(settings().articles))[3]
    _, (id_,) = shop.conversation({"text": "wat is rls", "passages": (shown.id,)})
    fill()
    html = enter("bea").get(f"/postvak/{id_}").text
    assert (
        html.index("Dit gaf Kalm als antwoord")
        < html.index(f'<option value="{shown.id}"')
        < html.index("</optgroup>")
    )


def test_a_judgement_is_kept_and_the_next_message_opens(fill: Fill, enter: Enter, shop: Shop) -> None:
    now = time.time()
    (id_,) = fill({"text": "helpt citraat bij rls", "intent": "nlu_fallback"}, at=now - 10)
    (other,) = fill("iets anders dan", at=now - 60)
    passage = passages(read_articles(settings().articles))[0].id
    bea = enter("bea")
    marks = [{"start": 6, "end": 13, "entity": "product", "value": "citraat"}]
    answer = save(
        bea,
        id_,
        bedoeling="ask_product",
        zin="helpt  citraat bij rls ",
        woorden=json.dumps(marks),
        passage=passage,
        opmerking="dit zien we vaker",
        lijst="volgorde=nieuw",
    )
    assert answer.status_code == 303
    assert bea.client.get(answer.headers["location"]).headers["location"] == f"/review/postvak/{other}"
    kept = judgement(shop, id_)
    assert kept is not None
    assert (kept.text, kept.intent, kept.passage) == ("helpt citraat bij rls", "ask_product", passage)
    assert kept.entities == [{"start": 6, "end": 13, "entity": "product"}]
    assert kept.looked_by is None
    assert state(shop, id_) == ("judged", 2)
    with shop.database.reading() as connection:
        assert connection.scalar(sa.select(review_comments.c.text)) == "dit zien we vaker"
        log = connection.execute(audit_log.select()).all()
    assert actions(shop) == ["item.comment", "item.judge"]
    assert "citraat" not in json.dumps([dict(row._mapping) for row in log]), (
        "no words of a visitor in the log"
    )


def test_without_a_second_look_a_judgement_is_approved_at_once(
    alone: None, fill: Fill, enter: Enter, shop: Shop
) -> None:
    (id_,) = fill("wat is rls")
    save(enter("bea"), id_)
    assert state(shop, id_) == ("approved", 2)


@pytest.mark.parametrize(
    ("pressed", "expected", "action"),
    [("overslaan", "skipped", "item.skip"), ("buiten", "excluded", "item.exclude")],
)
def test_skipping_and_leaving_out_ask_for_nothing(
    fill: Fill, enter: Enter, shop: Shop, pressed: str, expected: str, action: str
) -> None:
    (id_,) = fill("ik ben [naam]")
    assert save(enter("bea"), id_, wat=pressed, bedoeling=None, zin="ik ben [naam]").status_code == 303
    assert state(shop, id_) == (expected, 2)
    assert actions(shop) == [action]
    kept = judgement(shop, id_)
    assert (kept is None) if pressed == "overslaan" else (kept is not None and kept.intent == "")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"bedoeling": ""}, "Kies wat de bezoeker bedoelde"),
        ({"bedoeling": "nlu_fallback"}, "Kies wat de bezoeker bedoelde"),
        ({"bedoeling": "DROP TABLE"}, "Kies wat de bezoeker bedoelde"),
        ({"zin": ""}, "Vul de zin in"),
        ({"zin": "ik ben [naam]"}, "In de zin staat [naam]"),
        ({"zin": "bel [telefoonnummer]"}, "In de zin staat [telefoonnummer]"),
        ({"zin": "a" * 251}, "te lang om van te leren"),
        ({"zin": "helpt [gel](product)"}, "De tekens [ ]"),
        ({"zin": "mail mij op jan@voorbeeld.nl"}, "naam, adres of nummer"),
        ({"zin": "/greet"}, "begint niet met"),
        ({"zin": "a\\nb"}, "De tekens"),
        ({"woorden": "geen json"}, "konden niet gelezen worden"),
        ({"woorden": "[1]"}, "konden niet gelezen worden"),
        (
            {"woorden": '[{"start":1e999,"end":3,"entity":"product","value":"wat"}]'},
            "konden niet gelezen worden",
        ),
        ({"woorden": "[" * 5000}, "konden niet gelezen worden"),
        (
            {"woorden": '[{"start":0,"end":3,"entity":"product","value":"xyz"}]'},
            "passen niet meer bij de zin",
        ),
        ({"woorden": '[{"start":0,"end":300,"entity":"product","value":"wat is rls"}]'}, "passen niet meer"),
        ({"woorden": '[{"start":0,"end":3,"entity":"iets","value":"wat"}]'}, "passen niet meer"),
        ({"passage": "weg#weg"}, "staat er niet meer"),
        ({"voorstel": "v" * 161}, "te lang"),
        ({"opmerking": "o" * 2001}, "te lang"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_typed_is_lost(
    fill: Fill, enter: Enter, shop: Shop, fields: dict[str, str], sentence: str
) -> None:
    (id_,) = fill("wat is rls")
    answer = save(enter("bea"), id_, **{"opmerking": "mijn opmerking", **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    if "opmerking" not in fields:
        assert "mijn opmerking" in answer.text
    assert state(shop, id_) == ("new", 1)
    assert steps(shop) == []


def test_a_masked_message_warns_before_anything_is_typed(fill: Fill, enter: Enter) -> None:
    (id_,) = fill("ik ben [naam]")
    assert "In de zin staat [naam]" in enter("bea").get(f"/postvak/{id_}").text


def test_a_new_intent_can_be_wished_for_without_one_that_fits(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("waar is mijn pakje")
    assert save(enter("bea"), id_, bedoeling="", voorstel="vraagt naar een bestelling").status_code == 303
    kept = judgement(shop, id_)
    assert kept is not None
    assert (kept.intent, kept.proposal) == ("", "vraagt naar een bestelling")
    assert state(shop, id_) == ("excluded", 2)
    html = enter("bram").get(f"/postvak/{id_}").text
    assert "vraagt naar een bestelling" in html


def test_another_version_is_refused_with_what_it_became_and_what_was_typed(
    fill: Fill, enter: Enter, shop: Shop
) -> None:
    (id_,) = fill("wat is rls")
    bea, bram = enter("bea"), enter("bram")
    save(bram, id_, bedoeling="ask_treatment")
    answer = save(bea, id_, zin="mijn zin over rls", opmerking="mijn opmerking")
    assert answer.status_code == 409
    assert "Bram Boer was je voor" in answer.text
    assert "vraag over wat je eraan doet" in answer.text
    assert "mijn zin over rls" in answer.text
    assert "mijn opmerking" in answer.text
    kept = judgement(shop, id_)
    assert kept is not None
    assert kept.intent == "ask_treatment"
    again = save(bea, id_, version_in(answer.text), zin="mijn zin over rls")
    assert again.status_code == 303
    assert state(shop, id_) == ("judged", 3)


def test_the_same_form_sent_twice_is_kept_once(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    assert [save(bea, id_).status_code for _ in range(2)] == [303, 303]
    assert state(shop, id_) == ("judged", 2)
    assert len(steps(shop)) == 1
    assert save(bea, id_, bedoeling="ask_product").status_code == 409, "another form of the same page"


def test_a_message_that_is_gone_or_never_was_says_so(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    assert bea.get(f"/postvak/{id_}").status_code == 200
    with shop.database.writing() as connection:
        connection.execute(messages.delete())
    assert save(bea, id_).status_code == 404
    assert "intussen gewist" in bea.get(f"/postvak/{id_}").text
    for path in ("/postvak/abc", "/postvak/" + "9" * 5000, "/postvak/-1", "/postvak/²"):
        assert bea.get(path).status_code == 404
    assert bea.post(f"/postvak/{id_}/slot").status_code == 404
    assert bea.post(f"/postvak/{id_}/los").status_code == 204


def test_a_conversation_that_cannot_be_read_leaves_the_message_to_be_judged(
    fill: Fill, enter: Enter, shop: Shop
) -> None:
    (id_,) = fill("wat is rls")
    broken = "{nonsense" if shop.database.is_sqlite else '{"ranking": 3}'
    with shop.database.writing() as connection:
        connection.execute(sa.text("UPDATE messages SET understood = :broken"), {"broken": broken})
    bea = enter("bea")
    answer = bea.get(f"/postvak/{id_}")
    assert answer.status_code == 200
    assert "Rusteloze benen is een aandoening." in answer.text, "what can be read is shown"
    assert save(bea, id_).status_code == 303


def test_what_came_back_says_why_and_by_whom(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    save(bea, id_, opmerking="van mij")
    with shop.database.writing() as connection:
        who = connection.scalar(sa.text("SELECT id FROM team_members WHERE name = 'eva'"))
        connection.execute(review_items.update().values(state="sent_back", version=3))
        connection.execute(
            judgements.update().values(looked_by=who, looked_at=50.0, second_intent="ask_product")
        )
        connection.execute(
            review_comments.insert().values(
                message_id=id_, member_id=who, at=50.0, text="gaat over een product"
            )
        )
    html = bea.get(f"/postvak/{id_}").text
    came_back, others = html.index("Dit is teruggestuurd"), html.index("<h3>Opmerkingen</h3>")
    assert (
        came_back
        < html.index("gaat over een product")
        < html.index("Eva Evers")
        < others
        < html.index("van mij")
    )
    assert "Je collega zou kiezen: <strong>vraag over magnesium of een product" in html
    assert "wat is rls" in bea.get("/postvak").text, "it is to be done again"
    assert save(bea, id_, 3, bedoeling="ask_product").status_code == 303
    kept = judgement(shop, id_)
    assert kept is not None
    assert kept.looked_by is None


@pytest.mark.parametrize("change", [{"state": "learnt"}, {"candidate": "abc"}])
def test_what_kalm_learnt_or_is_learning_stays(
    fill: Fill, enter: Enter, shop: Shop, change: dict[str, str]
) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    save(bea, id_)
    with shop.database.writing() as connection:
        table = review_items if "state" in change else judgements
        connection.execute(table.update().values(**change))
    assert save(bea, id_, 2, bedoeling="ask_product").status_code == 409
    kept = judgement(shop, id_)
    assert kept is not None
    assert kept.intent == "ask_rls"


def test_the_page_counts_what_is_left_and_what_i_did_today(fill: Fill, enter: Enter) -> None:
    ids = fill("een over rls", "twee over rls", "drie over rls")
    bea = enter("bea")
    save(bea, ids[0])
    assert "Nog 2 berichten te doen. Jij deed er vandaag 1." in bea.get("/postvak").text
    assert "Jij deed er vandaag 0." in enter("bram").get("/postvak").text


def test_the_names_are_those_of_the_domain() -> None:
    domain = (settings().articles.parents[1] / "domain" / "conversation.yml").read_text(encoding="utf-8")
    for name in (*CHOICES, *ENTITIES):
        assert f"\n  - {name}\n" in domain
