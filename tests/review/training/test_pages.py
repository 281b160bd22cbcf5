"""The screen Training, as a browser sees it."""

from __future__ import annotations

import html
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from kalm.pointer import named
from review import background, words
from review.states import CandidateState
from review.training import candidates, changes, export, listing, pages, steps
from review.training.comparing import compare
from review.training.data_files import Place
from review.training.folders import folder_of
from storage.schema import audit_log
from storage.schema import candidates as rows
from tests.review.conftest import Enter, Shop
from tests.review.training.conftest import Judge
from tests.review.training.test_comparing import after, measured

NEW = "mijn onderstel krijgt <b>maar</b> geen vrede als ik op de sofa plof"
SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")


@pytest.fixture(autouse=True)
def here(place: Place, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens work on a checkout of their own, and train nothing."""
    for module in (changes, export):
        monkeypatch.setattr(module, "here", lambda: place)
    monkeypatch.setattr(background, "KALM", SLEEPS)


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def test_without_work_there_is_nothing_to_train(enter: Enter) -> None:
    page = enter("eva").get("/training").text
    assert "Er wacht niets." in page
    assert "Er is hier nog niet getraind." in page
    assert "Train met deze wijzigingen" not in page


def test_what_waits_is_shown_line_by_line_with_who_wants_it(enter: Enter, judge: Judge) -> None:
    judge(NEW, "ask_product", "restless-legs-en-magnesium#vraag")
    judge("mijn adres is [adres]", "out_of_scope")

    page = enter("eva").get("/training").text

    assert "<b>maar</b>" not in page
    shown = text_of(page)
    assert "2 regels erbij en 0 regels weg, in 2 bestanden." in shown
    assert f"+ erbij {NEW} vraag over magnesium of een product door Bea Bos, nagekeken" in shown
    assert "Voorbeeldzinnen: magnesium en producten" in shown
    assert "Artikel: restless legs en magnesium" in shown
    assert "Dit doet nog niet mee" in shown
    assert "In de zin staat [adres]" in shown
    assert "examples:" not in shown


def test_marked_words_are_shown_as_such(enter: Enter, judge: Judge) -> None:
    judge(
        "ik ben zwanger en lig wakker",
        "ask_personal_advice",
        entities=[{"start": 7, "end": 14, "entity": "trigger"}],
    )
    page = enter("eva").get("/training").text
    assert "<mark>zwanger</mark>" in page
    assert "](" not in text_of(page)


def test_a_training_begins_shows_how_far_it_is_and_is_broken_off(
    shop: Shop, enter: Enter, judge: Judge
) -> None:
    judge(NEW)
    eva = enter("eva")
    digest = digest_on(eva.get("/training").text)

    begun = eva.post("/training", {"digest": digest})
    assert (begun.status_code, begun.headers["location"]) == (303, "/review/training")

    page = eva.get("/training").text
    assert "Er loopt een training" in page
    assert "Stap 1 van 8: Kalm begint." in page
    assert "Train met deze wijzigingen" not in page
    refused = eva.post("/training", {"digest": digest})
    assert refused.status_code == 409
    assert "Er loopt al een training" in refused.text
    with shop.database.reading() as connection:
        known = listing.all_candidates(connection)
    assert len(known) == 1
    one = known[0].id
    background.TRAINING.tell("model")
    part = eva.get(
        "/training/voortgang", params={"kandidaat": one, "verteld": "iets"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    begins = round(100 * steps.share(steps.MODEL, 0))
    assert re.search(rf">({begins}|{begins + 1})%<", part.text)
    assert "Stap 5 van 8: Kalm traint het taalmodel." in part.text
    told = "Stap 5 van 8: Kalm traint het taalmodel."
    again = eva.get(
        "/training/voortgang", params={"kandidaat": one, "verteld": told}, headers={"HX-Request": "true"}
    )
    assert "hx-swap-oob" not in again.text

    stopped = enter("emiel").post(f"/training/{one}/stop")
    assert stopped.status_code == 303
    assert "afgebroken" in eva.get("/training").text
    ended = eva.get("/training/voortgang", params={"kandidaat": one}, headers={"HX-Request": "true"})
    assert (ended.status_code, "De training loopt niet meer." in ended.text) == (286, True)
    with shop.database.reading() as connection:
        noted = connection.execute(
            sa.select(audit_log.c.member, audit_log.c.action, audit_log.c.details)
        ).all()
    assert [tuple(line) for line in noted] == [
        ("eva", "candidate.start", {"files": 1}),
        ("emiel", "candidate.stop", {}),
    ]


def test_work_that_came_after_the_page_is_not_trained_unseen(enter: Enter, judge: Judge) -> None:
    judge(NEW)
    eva = enter("eva")
    digest = digest_on(eva.get("/training").text)
    judge("een zin van daarna over bananen", "out_of_scope")

    refused = eva.post("/training", {"digest": digest})

    assert refused.status_code == 409
    assert "Intussen is er werk bijgekomen" in refused.text
    assert digest_on(refused.text) != digest


def test_data_that_cannot_be_read_has_a_decent_page(enter: Enter, judge: Judge, place: Place) -> None:
    judge(NEW)
    place.path("data/unanswered.yml").write_text("vragen: [")
    page = enter("eva").get("/training")
    assert page.status_code == 200
    assert "kan de trainingsgegevens nu niet lezen" in page.text
    assert enter("eva").post("/training", {"digest": "x"}).status_code == 409


@pytest.fixture
def trained(
    shop: Shop, member: Callable[[str], int], judge: Judge, place: Place, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A candidate that is trained and compared."""
    monkeypatch.setattr(background, "KALM", ("true",))
    judge(NEW)
    waiting = changes.waiting_changes(shop.database, place)
    started = candidates.start(shop.database, member("eva"), "eva", waiting, time.time())
    folder_of(started).keep_comparison(compare(measured(), after()))
    release = named("kalm-x.tar.gz", "index-x")
    assert candidates.ready(shop.database, started, release)
    return started


def test_a_comparison_shows_what_changes_and_who_may_decide(enter: Enter, trained: str) -> None:
    page = enter("eva").get(f"/training/{trained}").text
    shown = text_of(page)
    assert "Antwoorden op testberichten die veranderen: 1 beter, 1 slechter, 1 anders." in shown
    assert "Van de 2 vragen waarvan dit model leerde, gaan er nu 2 goed." in shown
    assert "<b>dank</b>" in shown
    assert "<b>dank</b>" not in page
    assert "Artikel: goed" in shown
    assert f'action="/review/training/{trained}/live"' in page
    assert page.count("<svg") == 1
    assert f"+ erbij {NEW}" in shown
    assert "Bekijk de vergelijking" in enter("eva").get("/training").text


def test_what_a_model_that_is_ready_learnt_is_not_trained_again_unawares(
    enter: Enter, trained: str, judge: Judge
) -> None:
    judge("nog een heel andere zin over mijn benen", "ask_product")
    page = enter("eva").get("/training").text
    assert "Er staat al een model klaar" in page
    assert f'href="/review/training/{trained}">Bekijk dat eerst' in page


def test_one_that_misses_danger_has_no_button(enter: Enter, trained: str) -> None:
    lost = [{**one, "seen": False} for one in measured()["danger"]]
    folder_of(trained).keep_comparison(compare(measured(), after(danger=lost)))
    page = enter("eva").get(f"/training/{trained}").text
    assert "Mag niet live." in page
    assert "pijn op de borst" in page
    assert f"/training/{trained}/live" not in page
    assert "Gooi dit model weg" in page


def test_one_whose_folder_is_gone_still_says_which_files_it_changed(enter: Enter, trained: str) -> None:
    shutil.rmtree(folder_of(trained).path)
    page = enter("eva").get(f"/training/{trained}").text
    assert "Voorbeeldzinnen: rusteloze benen" in page
    assert "niet meer te lezen" in page


def test_one_that_is_out_of_date_has_no_button(enter: Enter, trained: str, place: Place) -> None:
    with place.path("data/nlu/rls.yml").open("a") as file:
        file.write("# met de hand\n")
    page = enter("eva").get(f"/training/{trained}").text
    assert "Het bestand data/nlu/rls.yml is veranderd sinds deze training." in page
    assert f"/training/{trained}/live" not in page


@pytest.mark.parametrize("broken", ["[", "{}", '{"forbidden": []}', "null"])
def test_a_comparison_that_is_broken_has_a_decent_page(enter: Enter, trained: str, broken: str) -> None:
    (folder_of(trained).path / "comparison.json").write_text(broken)
    page = enter("eva").get(f"/training/{trained}")
    assert page.status_code == 200
    assert "De vergelijking van deze training is niet meer te lezen." in page.text


def test_one_that_is_thrown_away_lets_its_work_wait(shop: Shop, enter: Enter, trained: str) -> None:
    eva = enter("eva")
    assert eva.post(f"/training/{trained}/weg").status_code == 303
    assert "Het nieuwe model is weggegooid." in eva.get("/training").text
    assert "Dit model komt niet live." in eva.get(f"/training/{trained}").text
    eva.post(f"/training/{trained}/weg")
    assert "al weg" in eva.get("/training").text


def test_one_that_failed_says_why(shop: Shop, enter: Enter, trained: str) -> None:
    with shop.database.writing() as connection:
        connection.execute(rows.update().values(state="failed", error="fout <i>data</i>\ntweede regel"))
    page = enter("eva").get(f"/training/{trained}").text
    assert "fout &lt;i&gt;data&lt;/i&gt;\ntweede regel" in page


def test_the_live_one_offers_the_way_back(shop: Shop, enter: Enter, trained: str) -> None:
    with shop.database.writing() as connection:
        connection.execute(
            rows.update().values(state=CandidateState.LIVE.value, live_at=time.time(), live_by=1)
        )
    page = enter("eva").get("/training").text
    assert "Terug naar het vorige model" in page
    assert "door Bea Bos" in text_of(page)


@pytest.mark.parametrize("path", ["bestaat-niet", "..%2f..%2fetc", "%00", "a" * 300])
def test_a_candidate_that_does_not_exist_is_not_found(enter: Enter, path: str) -> None:
    assert enter("eva").get(f"/training/{path}").status_code == 404
    progress = enter("eva").get("/training/voortgang", params={"kandidaat": path})
    assert progress.status_code == 286
    for action in ("stop", "weg"):
        assert enter("eva").post(f"/training/{path}/{action}").status_code in (303, 404)


def test_a_reviewer_does_not_train(enter: Enter) -> None:
    bea = enter("bea")
    assert bea.get("/training").status_code == 403
    assert bea.post("/training", {"digest": "x"}).status_code == 403


def test_a_thousand_sentences_are_shown_in_part(
    enter: Enter, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SHOWN", 5)
    for number in range(12):
        judge(f"{NEW} {number}")
    assert "En nog 8 regels. Die doen gewoon mee." in text_of(enter("eva").get("/training").text)


def test_every_state_of_a_candidate_has_a_name() -> None:
    assert set(words.CANDIDATES) == {state.value for state in CandidateState}
