from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request

from kalm.articles import read_articles
from kalm.settings import ROOT
from kalm.settings import settings as shop_settings
from review.articles import approval_pages, editor_pages
from review.articles import library as library_module
from review.articles.checking import Checked
from review.articles.form import read_form
from review.articles.library import library
from review.clock import local_time
from review.requests import PREFIX, ReviewRequest
from storage.schema import article_drafts
from tests.review.articles.conftest import SECTION, SLUG, TEXT, done, draft, draft_id, open_form, send
from tests.review.conftest import Colleague, Enter, Shop

pytestmark = pytest.mark.usefixtures("second_reader")

READ = {"doubts": "gelezen", "rest": "gelezen"}
ADDRESS = f"/artikelen/{SLUG}/{SECTION}"
ARTICLES = read_articles(ROOT / "data" / "articles")


def look(who: Colleague, form: dict[str, list[str]], **changes: str) -> str:
    """What stands beside the form, as htmx asks for it."""
    answer = who.post("/concepten/controle", {**form, **changes}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.text)


def act(who: Colleague, number: int, step: str, version: int, **fields: str) -> int:
    return who.post(f"/concepten/{number}/{step}", {"version": str(version), **fields}).status_code


def test_every_section_goes_through_the_form_unchanged(
    shop: Shop, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open each in the editor and read the form as it would be sent: nothing of it differs from its file."""
    monkeypatch.setattr(editor_pages, "check", lambda *_: Checked((), None, True))  # that is looked at below
    eva = enter("eva")
    for article in ARTICLES:
        for section in article.sections:
            sent = open_form(eva, f"/artikelen/{article.slug}/{section.id}")
            read = read_form(as_received(shop, sent), section.id)
            own = library().fields(article.slug, section.id)
            assert own is not None
            assert set(read.conditions or ()) == set(own.conditions or ()), section.id
            assert replace(read, conditions=own.conditions) == own, section.id


def as_received(shop: Shop, form: dict[str, list[str]]) -> ReviewRequest:
    """A request with this form, as the door of the screens gives it to a handler."""
    received = {name: [value.replace("\r\n", "\n") for value in values] for name, values in form.items()}
    return ReviewRequest(Request({"type": "http"}), shop.database, None, received, 0.0)


def test_a_text_is_kept_and_found_again(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    number = draft_id(send(eva, open_form(eva, ADDRESS), heading="Meldingen bij Lareb", text=TEXT))
    kept = draft(shop, number)
    assert (kept.article, kept.section, kept.state, kept.version) == (SLUG, SECTION, "draft", 1)
    assert kept.fields["text"] == TEXT
    assert eva.get(ADDRESS).headers["location"] == f"{PREFIX}/concepten/{number}"
    assert open_form(enter("emiel"), ADDRESS)["heading"] == ["Meldingen bij Lareb"]
    assert done(shop) == ["draft.save"]


def test_nothing_of_it_reaches_the_articles(shop: Shop, enter: Enter, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    eva = enter("eva")
    send(eva, open_form(eva, ADDRESS), text=TEXT)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_the_check_stands_beside_it_with_links_to_the_fields(enter: Enter) -> None:
    eva = enter("eva")
    form = open_form(eva, ADDRESS)
    said = look(
        eva,
        form,
        text="Magnesium geneest rusteloze benen.",
        source_title="",
        source_url="",
        button="Dit is een veel te lange knop",
        questions="wat is magnesium",
    )
    for field, words in (
        ("text", "iets wat een winkel niet mag zeggen"),
        ("text", "De tekst heeft 4 woorden"),
        ("sources", "Er is nog geen bron"),
        ("button", "De knop heeft 29 tekens"),
        ("questions", "Er staan te weinig vragen (1)"),
    ):
        assert re.search(rf'<a href="#veld-{field}">[^<]*{re.escape(words)}', said), (field, words)
    assert "Dit stuurt Kalm nooit" in said
    assert "data/" not in said
    assert "let_op" not in said


def test_a_question_of_another_section_is_told_whichever_comes_first(enter: Enter) -> None:
    eva = enter("eva")
    for article, section in (
        (ARTICLES[0], ARTICLES[0].sections[0]),
        (ARTICLES[-1], ARTICLES[-1].sections[-1]),
    ):
        form = open_form(eva, f"/artikelen/{article.slug}/{section.id}")
        other = ARTICLES[4].sections[2].questions[3]
        said = look(eva, form, questions="\n".join([*section.questions, other]))
        assert "staat ook bij" in said


def test_the_preview_is_what_a_visitor_gets(enter: Enter) -> None:
    eva = enter("eva")
    said = look(eva, open_form(eva, ADDRESS), text=TEXT + "\n\n- een\n- twee")
    assert "Dit is algemene informatie en geen medisch advies" in said
    assert "<ul><li>een</li><li>twee</li></ul>" in re.sub(r"\s+(?=<)", "", said)
    assert "verkoopt zelf magnesium" in said


@pytest.mark.parametrize(
    "text",
    ["## Een kop {#x}", "bron: een titel https://x.nl", "Bron: iets", "vragen:\n- een", "# iets", "knop: x"],
)
def test_a_text_cannot_become_a_field_or_a_heading(enter: Enter, text: str) -> None:
    eva = enter("eva")
    said = look(eva, open_form(eva, ADDRESS), text=f"{TEXT}\n{text}")
    assert "moet eerst anders" in said or "moeten eerst anders" in said


@pytest.mark.parametrize(
    "url", ["http://x.nl/a", "javascript:alert(1)", "https://", "x.nl", "https://localhost"]
)
def test_a_source_has_an_address_of_its_own(enter: Enter, url: str) -> None:
    eva = enter("eva")
    said = look(eva, open_form(eva, ADDRESS), source_title="Een titel", source_url=url)
    assert 'href="#veld-sources"' in said


def test_hostile_text_is_shown_as_text(enter: Enter) -> None:
    eva = enter("eva")
    hostile = "<script>alert(1)</script> " + "x" * 3000 + " 😈 </textarea><b>"
    answer = send(eva, open_form(eva, ADDRESS), text=hostile, heading="<img src=x>", questions=hostile)
    page = eva.client.get(answer.headers["location"]).text
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "</textarea><b>" not in page


def test_without_a_source_it_is_not_laid_before_anybody(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    form = open_form(eva, ADDRESS)
    for is_draft in ("", "ja"):
        number = draft_id(send(eva, form, "klaar", source_title="", source_url="", is_draft=is_draft))
        assert draft(shop, number).state == "draft"
        form = open_form(eva, ADDRESS)
    assert "Er is nog geen bron" in eva.get(f"/concepten/{number}").text


def test_another_editor_approves(shop: Shop, enter: Enter) -> None:
    eva, emiel = enter("eva"), enter("emiel")
    number = draft_id(send(eva, open_form(eva, ADDRESS), "klaar", heading="Wat Lareb meldt"))
    assert draft(shop, number).state == "ready"
    assert "Een andere eindredacteur keurt" in eva.get(f"/concepten/{number}").text
    assert act(eva, number, "goedkeuren", 2) == 422
    page = emiel.get(f"/concepten/{number}").text
    assert re.search(r"<del>.*?Meldingen", page, re.S)
    assert re.search(r"<ins>.*?meldt", page, re.S)
    version = draft(shop, number).version
    assert act(emiel, number, "goedkeuren", version, **READ) == 303
    kept = draft(shop, number)
    assert (kept.state, kept.version) == ("approved", version + 1)
    assert kept.approved_by != kept.member_id
    assert act(emiel, number, "goedkeuren", version) == 303  # sent twice
    assert done(shop) == ["draft.ready", "draft.approve"]


def test_a_team_of_one_approves_its_own(shop: Shop, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = shop_settings().copy(update={"second_look": False})
    monkeypatch.setattr(approval_pages, "settings", lambda: alone)
    eva = enter("eva")
    number = draft_id(send(eva, open_form(eva, ADDRESS), "klaar", heading="Wat Lareb meldt"))
    assert act(eva, number, "goedkeuren", draft(shop, number).version, **READ) == 303
    assert draft(shop, number).state == "approved"


def test_doubted_sentences_are_read_by_who_approves(shop: Shop, enter: Enter) -> None:
    eva, emiel = enter("eva"), enter("emiel")
    text = f"{TEXT} Slik elke dag twee tabletten extra en stop met je andere pillen."
    number = draft_id(
        send(eva, open_form(eva, ADDRESS), "klaar", text=text, caution="wie", conditions="medicijnen")
    )
    kept = draft(shop, number)
    page = emiel.get(f"/concepten/{number}").text
    assert "Kalm twijfelt" in page
    assert kept.state == "ready", page
    assert act(emiel, number, "goedkeuren", kept.version, rest="gelezen") == 422
    assert act(emiel, number, "goedkeuren", kept.version, **READ) == 303


def test_who_approves_reads_the_rest_that_gets_the_same_date(
    shop: Shop, enter: Enter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva, emiel = enter("eva"), enter("emiel")
    number = draft_id(send(eva, open_form(eva, ADDRESS), "klaar", heading="Wat Lareb meldt"))
    version = draft(shop, number).version
    asked = 'name="rest"'
    assert asked in emiel.get(f"/concepten/{number}").text
    answer = emiel.post(f"/concepten/{number}/goedkeuren", {"version": str(version), "doubts": "gelezen"})
    assert answer.status_code == 422
    assert "Lees eerst ook de rest van het artikel na" in answer.text
    assert draft(shop, number).state == "ready"

    file = folder / f"{SLUG}.md"
    known, today = library().articles[SLUG].updated, local_time(time.time()).date()
    file.write_text(file.read_text().replace(f"updated: {known}", f"updated: {today}"))
    assert asked not in emiel.get(f"/concepten/{number}").text
    assert act(emiel, number, "goedkeuren", version, doubts="gelezen") == 303


@pytest.mark.parametrize("changes", [{"questions": "Wat meldt Lareb?\nlareb\nmeldingen"}, {"is_draft": "ja"}])
def test_what_visitors_do_not_read_gives_no_other_text_a_new_date(
    shop: Shop, enter: Enter, changes: dict[str, str]
) -> None:
    eva, emiel = enter("eva"), enter("emiel")
    number = draft_id(send(eva, open_form(eva, ADDRESS), "klaar", **changes))
    kept = draft(shop, number)
    assert kept.state == "ready"
    assert act(emiel, number, "goedkeuren", kept.version, doubts="gelezen") == 303


def test_before_the_second_reader_has_looked_nothing_is_approved(
    shop: Shop, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva, emiel = enter("eva"), enter("emiel")
    number = draft_id(send(eva, open_form(eva, ADDRESS), "klaar", heading="Wat Lareb meldt"))
    version = draft(shop, number).version
    monkeypatch.setattr("review.articles.checking.wording_reader", lambda *_: None)
    answer = emiel.post(f"/concepten/{number}/goedkeuren", {"version": str(version), "doubts": "gelezen"})
    assert answer.status_code == 422
    assert "Kalm leest de zinnen nog" in answer.text
    assert draft(shop, number).state == "ready"


@pytest.mark.parametrize("text", ["???", "😣", ". . ."])
def test_a_title_or_heading_without_a_word_is_none(enter: Enter, text: str) -> None:
    eva = enter("eva")
    said = look(eva, open_form(eva, "/artikelen/nieuw"), title=text, heading=text, text=TEXT)
    assert "Het artikel heeft nog geen titel" in said
    assert "De sectie heeft nog geen kop" in said


def test_it_can_be_taken_back_thrown_away_and_had_again(shop: Shop, enter: Enter) -> None:
    eva, emiel = enter("eva"), enter("emiel")
    number = draft_id(send(eva, open_form(eva, ADDRESS), "klaar", heading="Wat Lareb meldt"))
    for who, step, state in (
        (emiel, "terug", "draft"),
        (eva, "weg", "undone"),
        (eva, "terughalen", "draft"),
    ):
        version = draft(shop, number).version
        assert act(who, number, step, version) == 303
        assert act(who, number, step, version) == 303  # sent twice
        assert draft(shop, number).state == state
    assert act(eva, number, "weg", 1) == 409  # somebody else's version


def test_two_people_never_overwrite_each_other(shop: Shop, enter: Enter) -> None:
    eva, emiel = enter("eva"), enter("emiel")
    number = draft_id(send(eva, open_form(eva, ADDRESS), heading="Eerste"))
    hers, his = open_form(eva, ADDRESS), open_form(emiel, ADDRESS)
    assert send(emiel, his, heading="Van Emiel").status_code == 303
    answer = send(eva, hers, heading="Van Eva")
    assert answer.status_code == 409
    assert "Emiel Eik veranderde deze tekst intussen" in answer.text
    assert 'value="Van Eva"' in answer.text
    assert draft(shop, number).fields["heading"] == "Van Emiel"


def test_two_people_who_begin_at_once(shop: Shop, enter: Enter) -> None:
    eva, emiel = enter("eva"), enter("emiel")
    hers, his = open_form(eva, ADDRESS), open_form(emiel, ADDRESS)
    assert send(emiel, his, heading="Van Emiel").status_code == 303
    answer = send(eva, hers, heading="Van Eva")
    assert answer.status_code == 409
    assert 'value="Van Eva"' in answer.text


def test_sent_twice_is_kept_once(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    for path in (ADDRESS, f"/artikelen/{SLUG}/nieuw", "/artikelen/nieuw"):
        form = open_form(eva, path)
        first = draft_id(send(eva, form, heading="Dezelfde", title="Een artikel"))
        assert draft_id(send(eva, form, heading="Dezelfde", title="Een artikel")) == first
        again = open_form(eva, f"/concepten/{first}")
        assert draft_id(send(eva, again, heading="Anders")) == first
        assert draft_id(send(eva, again, heading="Anders")) == first
        assert draft(shop, first).version == 2


def test_what_a_training_has_stays_as_it_is(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    number = draft_id(send(eva, open_form(eva, ADDRESS), heading="Wat Lareb meldt"))
    form = open_form(eva, ADDRESS)
    with shop.database.writing() as connection:
        connection.execute(article_drafts.update().values(candidate="c1", state="approved"))
    assert send(eva, form, heading="Anders").status_code == 409
    assert act(eva, number, "terug", 1) == 409
    assert "zit in een training" in eva.get(f"/concepten/{number}").text


def test_a_new_article_gets_its_address_from_its_title(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    form = open_form(eva, "/artikelen/nieuw")
    number = draft_id(send(eva, form, title="Koffie en rusteloze benen", topics="RLS, voeding"))
    kept = draft(shop, number)
    assert (kept.article, kept.section) == ("koffie-en-rusteloze-benen", "")
    assert kept.fields["head"]["topics"] == ["rls", "voeding"]
    assert "Er is al een artikel met deze titel" in look(
        eva, open_form(eva, f"/concepten/{number}"), title="Magnesiumtekort", heading="x", text="y"
    )


def test_a_broken_row_opens_empty(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    number = draft_id(send(eva, open_form(eva, ADDRESS), heading="Wat Lareb meldt"))
    with shop.database.writing() as connection:
        connection.execute(article_drafts.update().values(fields=["onzin"]))
    assert eva.get(f"/concepten/{number}").status_code == 200
    assert eva.get("/concepten").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/concepten/0", "/concepten/999999", "/concepten/x", "/artikelen/weg/nieuw", f"/artikelen/{SLUG}/weg"],
)
def test_what_is_not_there_is_said(enter: Enter, path: str) -> None:
    assert enter("eva").get(path).status_code == 404


def test_a_form_about_nothing_is_refused(enter: Enter) -> None:
    eva = enter("eva")
    assert eva.post("/concepten", {"article": "weg", "section": ""}).status_code == 404
    assert eva.post("/concepten", {"draft": "-1"}).status_code == 404
    assert eva.post("/concepten", {"article": SLUG, "section": "weg"}).status_code == 404


def test_a_section_that_left_its_article_is_told(shop: Shop, enter: Enter, folder: Path) -> None:
    eva = enter("eva")
    number = draft_id(send(eva, open_form(eva, ADDRESS), heading="Wat Lareb meldt"))
    path = folder / f"{SLUG}.md"
    path.write_text(path.read_text().replace("{#lareb}", "{#anders}"))
    assert "staat niet meer in het artikel" in eva.get(f"/concepten/{number}").text


def test_a_file_that_is_gone_just_now_is_said(
    enter: Enter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise FileNotFoundError(2, "No such file", "weg.md")

    monkeypatch.setattr(library_module, "_stamp", fail)
    eva = enter("eva")
    assert eva.get("/artikelen").status_code == 503
    assert eva.get(ADDRESS).status_code == 503
    assert eva.get("/concepten").status_code == 200


def test_unreadable_articles_are_said(enter: Enter, folder: Path) -> None:
    (folder / f"{SLUG}.md").write_text("geen kop")
    eva = enter("eva")
    answer = eva.get("/artikelen")
    assert answer.status_code == 503
    assert "magnesiumtekort.md" in answer.text
    assert eva.get(ADDRESS).status_code == 503
    assert eva.get("/concepten").status_code == 200
