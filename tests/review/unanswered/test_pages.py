from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
import sqlalchemy as sa

from review.background import CLUSTERING
from review.unanswered import runs
from review.unanswered.sparkline import in_words, points
from storage.schema import article_drafts, audit_log, judgements, review_items, unanswered_decisions
from tests.review.conftest import Enter, Shop
from tests.review.unanswered.conftest import put_together

DAY = 86400
LEG, TWO = "kan het ook in een been", "zit rls soms in 1 been"
PINDA = "hoeveel magnesium in pindakaas"
Ask = Callable[..., list[int]]


def names(page: str) -> list[str]:
    return re.findall(r'<h3 class="quote"><a href="[^"]+">([^<]*)</a>', page)


def decisions(shop: Shop) -> int:
    with shop.database.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(unanswered_decisions)))


def test_before_the_first_look(shop: Shop, enter: Enter) -> None:
    page = enter("bea").get("/zonder-antwoord").text
    assert "Nog niet bekeken" in page
    assert ">Kijk nu</button>" in page


def test_the_most_asked_stands_first_with_its_figures(shop: Shop, enter: Enter, ask: Ask) -> None:
    now = time.time()
    ask(PINDA)
    ask(LEG, TWO, TWO, at=now - 2 * DAY)
    ask(LEG, at=now - 9 * DAY)
    put_together(shop, [LEG, TWO], [PINDA])
    page = enter("bea").get("/zonder-antwoord").text
    assert names(page) == [LEG, PINDA]
    assert "4 berichten</strong> in 4 gesprekken" in page
    assert "3 deze week, meer dan de week ervoor (1)" in page
    assert page.count("<polyline") == 2


def test_filters_narrow_it(shop: Shop, enter: Enter, ask: Ask) -> None:
    ask(LEG, at=time.time() - 20 * DAY)
    ask(PINDA, channel="whatsapp")
    ask({"text": "hoe laat open", "kind": "out_of_scope"})
    put_together(shop, [LEG], [PINDA], ["hoe laat open"])
    bea = enter("bea")
    for query, expected in (
        ("periode=7", {PINDA, "hoe laat open"}),
        ("kanaal=whatsapp", {PINDA}),
        ("soort=out_of_scope", {"hoe laat open"}),
        ("soort=onzin&periode=x&pagina=-3", {LEG, PINDA, "hoe laat open"}),
    ):
        assert set(names(bea.get(f"/zonder-antwoord?{query}").text)) == expected, query
    assert "Bij deze keuze zijn er geen vragen" in bea.get("/zonder-antwoord?kanaal=rest").text


def test_a_cluster_is_put_away_and_had_back(shop: Shop, enter: Enter, ask: Ask) -> None:
    ask(LEG, TWO, PINDA)
    number = put_together(shop, [LEG, TWO], [PINDA])
    bea = enter("bea")
    for _ in range(2):  # sent twice
        assert bea.post(f"/zonder-antwoord/{number}/weg").status_code == 303
    assert decisions(shop) == 2
    assert names(bea.get("/zonder-antwoord").text) == [PINDA]
    assert names(bea.get("/zonder-antwoord?stand=klaar").text) == [LEG]
    assert "Zet terug" in bea.get(f"/zonder-antwoord/{number}").text
    assert bea.post(f"/zonder-antwoord/{number}/terug").status_code == 303
    assert set(names(bea.get("/zonder-antwoord").text)) == {LEG, PINDA}


def test_a_few_new_questions_do_not_bring_it_back(shop: Shop, enter: Enter, ask: Ask) -> None:
    ask(LEG, TWO)
    bea = enter("bea")
    bea.post(f"/zonder-antwoord/{put_together(shop, [LEG, TWO])}/weg")
    ask(LEG)
    put_together(shop, [LEG, TWO])
    assert names(bea.get("/zonder-antwoord").text) == []
    ask(LEG, LEG)
    put_together(shop, [LEG, TWO])
    assert names(bea.get("/zonder-antwoord").text) == [LEG]


def test_a_number_of_an_earlier_look_leads_to_the_list(shop: Shop, enter: Enter, ask: Ask) -> None:
    ask(LEG, PINDA)
    old = put_together(shop, [LEG], [PINDA])
    put_together(shop, [PINDA], [LEG])
    bea = enter("bea")
    assert bea.get(f"/zonder-antwoord/{old}").headers["location"].endswith("/zonder-antwoord")
    for step in ("weg", "terug", "staat-er"):
        assert bea.post(f"/zonder-antwoord/{old}/{step}").status_code == 303
    assert decisions(shop) == 0


def test_it_does_stand_somewhere(shop: Shop, enter: Enter, ask: Ask) -> None:
    ids = ask(LEG, TWO, "Jan de Vries [naam] heeft het in een been")
    number = put_together(shop, [LEG, TWO, "Jan de Vries  heeft het in een been"])
    bea = enter("bea")
    assert (
        bea.post(f"/zonder-antwoord/{number}/staat-er", {"passage": "weg", "intent": "ask_rls"}).status_code
        == 422
    )
    form = {"passage": "magnesiumtekort#lareb", "intent": "ask_rls"}
    assert bea.post(f"/zonder-antwoord/{number}/staat-er", form).status_code == 303
    with shop.database.reading() as connection:
        judged = {row.message_id: row for row in connection.execute(judgements.select())}
        states = dict(connection.execute(sa.select(review_items.c.message_id, review_items.c.state)).all())
    assert set(judged) == set(ids[:2])  # what was masked is for a person to read
    assert {row.passage for row in judged.values()} == {"magnesiumtekort#lareb"}
    assert [states[id_] for id_ in ids] == ["judged", "judged", "new"]
    assert names(bea.get("/zonder-antwoord").text) == []


def test_an_article_begins_with_the_questions(shop: Shop, enter: Enter, ask: Ask) -> None:
    masked = "mijn buurman [naam] heeft het in 1 been"
    ask(LEG, LEG, TWO, masked, "x " * 400)
    number = put_together(shop, [LEG, TWO, "mijn buurman  heeft het in 1 been", ("x " * 200).strip()])
    assert enter("bea").post(f"/zonder-antwoord/{number}/artikel").status_code == 403
    eva = enter("eva")
    assert eva.post(f"/zonder-antwoord/{number}/artikel", {"article": "weg"}).status_code == 422
    answer = eva.post(f"/zonder-antwoord/{number}/artikel", {"article": "magnesiumtekort"})
    assert answer.status_code == 303
    with shop.database.reading() as connection:
        kept = connection.execute(article_drafts.select()).one()
    assert kept.article == "magnesiumtekort"
    assert sorted(kept.fields["questions"]) == [LEG, TWO]
    page = eva.client.get(answer.headers["location"]).text
    assert "2 vragen liet Kalm weg" in page
    assert masked not in page
    again = eva.post(f"/zonder-antwoord/{number}/artikel", {"article": "magnesiumtekort"})  # sent twice
    assert again.headers["location"] == answer.headers["location"]
    assert eva.post(f"/zonder-antwoord/{number}/artikel", {"article": ""}).status_code == 422
    new = eva.post(f"/zonder-antwoord/{number}/artikel", {"article": "nieuw"})
    assert "Titel van het artikel" in eva.client.get(new.headers["location"]).text


def test_a_cluster_says_that_its_text_is_being_written_also_after_another_look(
    shop: Shop, enter: Enter, ask: Ask
) -> None:
    ask(LEG, TWO, PINDA)
    number = put_together(shop, [LEG, TWO], [PINDA])
    bea, eva = enter("bea"), enter("eva")
    assert "wordt al geschreven" not in bea.get("/zonder-antwoord").text
    written = eva.post(f"/zonder-antwoord/{number}/artikel", {"article": "magnesiumtekort"})
    number = put_together(shop, [PINDA], [LEG, TWO])
    said = "Hieraan wordt al geschreven door Eva Evers: "
    assert bea.get("/zonder-antwoord").text.count(said) == 1
    assert said not in bea.get(f"/zonder-antwoord/{number}").text
    path = written.headers["location"]
    for colleague, leads_to in ((bea, "/review/concepten"), (eva, path.partition("?")[0])):
        page = colleague.get(f"/zonder-antwoord/{number + 1}").text
        assert f'{said}<a href="{leads_to}">een tekst zonder kop</a>. Stand: wordt geschreven.' in page
    with shop.database.writing() as connection:
        connection.execute(article_drafts.update().values(state="undone"))
    assert said not in bea.get("/zonder-antwoord").text


def test_hostile_text_is_shown_as_text(shop: Shop, enter: Enter, ask: Ask) -> None:
    hostile = "<script>alert(1)</script>" + "a" * 900
    ask(hostile)
    number = put_together(shop)
    bea = enter("bea")
    for path in ("/zonder-antwoord", f"/zonder-antwoord/{number}"):
        page = bea.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_many_clusters_have_pages(shop: Shop, enter: Enter, ask: Ask) -> None:
    said = [f"vraag nummer {chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(45)]
    ask(*said)
    put_together(shop, *[[one] for one in said], left_out=1200)
    bea = enter("bea")
    page = bea.get("/zonder-antwoord?pagina=3").text
    assert len(names(page)) == 5
    assert "Bladzijde 3 van 3" in page
    assert "De oudste 1.200" in page


def test_one_looks_at_a_time_and_a_dead_one_is_told(shop: Shop, enter: Enter) -> None:
    bea = enter("bea")
    with suppress(ZeroDivisionError), CLUSTERING.do() as tell:
        tell("", 0.4)
        bea.post("/zonder-antwoord/kijken")
        assert looks(shop) == 0
        part = bea.get("/zonder-antwoord/voortgang", headers={"HX-Request": "true"})
        assert "Kalm zet de vragen bij elkaar" in part.text
        assert "40%" in part.text
        assert "Straks staan hier de vragen" in bea.get("/zonder-antwoord").text
        raise ZeroDivisionError
    assert bea.get("/zonder-antwoord/voortgang").headers["HX-Refresh"] == "true"
    assert "brak het indelen af" in bea.get("/zonder-antwoord").text
    bea.post("/zonder-antwoord/kijken")
    assert looks(shop) == 1


def looks(shop: Shop) -> int:
    wanted = sa.select(sa.func.count()).where(audit_log.c.action == "unanswered.look")
    with shop.database.reading() as connection:
        return int(connection.scalar(wanted))


def test_once_a_day_is_enough(shop: Shop, ask: Ask) -> None:
    now = time.time()
    assert not runs.is_due(shop.database, now)  # there is nothing
    ask(LEG)
    assert runs.is_due(shop.database, now)
    put_together(shop, [LEG])
    assert not runs.is_due(shop.database, now + 3600)
    assert runs.is_due(shop.database, now + 2 * DAY)


@pytest.mark.parametrize(
    ("week", "before", "said"),
    [
        (0, 0, "de laatste twee weken niet gevraagd"),
        (2, 2, "2 deze week, evenveel als de week ervoor"),
        (3, 0, "3 deze week, de week ervoor geen"),
        (1, 4, "1 deze week, minder dan de week ervoor (4)"),
    ],
)
def test_the_trend_in_words(week: int, before: int, said: str) -> None:
    assert in_words(week, before) == said


def test_the_line_stays_within_its_picture() -> None:
    assert points([]) == ""
    for x, y in (one.split(",") for one in points([0, 5, 100, 3]).split()):
        assert 0 <= float(x) <= 120
        assert 0 <= float(y) <= 28
