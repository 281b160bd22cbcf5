"""A person puts a model live, sees how far it is, and goes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest
import sqlalchemy as sa

from kalm import going_live, pointer
from kalm.going_live import Reason, Running, Step, Wish
from review.live.settling import settle
from review.states import CandidateState
from review.training.folders import folder_of
from storage.schema import audit_log
from tests.review.conftest import Colleague, Shop
from tests.review.live.conftest import ID, NEW, OLD, PlayedSupervisor, made

Enter = Callable[[str], Colleague]
Candidate = Callable[..., str]
StateOf = Callable[[str], tuple[str, str]]

PART = {"HX-Request": "true"}


def actions(shop: Shop) -> list[tuple[str, str, str]]:
    """What the audit log has about models."""
    with shop.database.reading() as connection:
        rows = connection.execute(sa.select(audit_log).order_by(audit_log.c.id)).all()
    return [(row.member, row.action, row.subject) for row in rows if row.action.startswith("candidate")]


def test_an_editor_puts_a_model_live_and_sees_each_step(
    shop: Shop, enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor, state_of: StateOf
) -> None:
    eva, path = enter("eva"), f"/training/{candidate()}/live"

    asked = eva.post(path)
    assert (asked.status_code, asked.headers["location"]) == (303, f"/review{path}")
    assert (supervisor.wish.model, supervisor.wish.index) == NEW
    assert (supervisor.wish.candidate, supervisor.wish.back, supervisor.wish.member) == (ID, False, "eva")
    assert state_of(ID)[0] == "going_live"
    assert "De nieuwe Kalm wordt gestart" in eva.get(path).text

    supervisor.reach(Step.STARTING)
    assert eva.get(path).text.count(">bezig<") == 2
    supervisor.reach(Step.ANSWERED)
    assert eva.get(path).text.count(">klaar<") == 2
    assert state_of(ID)[0] == "going_live"

    supervisor.fulfil()
    page = eva.get(path).text
    assert "Dit model is live sinds" in page
    assert "proefwinkel" in page
    assert "Terug naar het vorige model" in page
    assert "hx-get" not in page
    assert state_of(ID) == ("live", "")
    assert actions(shop) == [("eva", "candidate.live", ID)]


def test_an_open_page_gets_only_what_changed_and_then_asks_no_more(
    enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor
) -> None:
    eva, path = enter("eva"), f"/training/{candidate()}/live"
    eva.post(path)
    supervisor.reach(Step.STARTING)
    assert eva.get(f"{path}?verteld=going_live-waiting", headers=PART).status_code == 200
    assert eva.get(f"{path}?verteld=going_live-starting", headers=PART).status_code == 204
    supervisor.fulfil()
    last = eva.get(f"{path}?verteld=going_live-starting", headers=PART)
    assert last.status_code == 286
    assert "<html" not in last.text
    assert "Dit model is live sinds" in last.text


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason.NO_ANSWER, "proefvraag geen antwoord"),
        (Reason.NO_HELP, "niet de hulpnummers"),
        (Reason.TOO_SLOW, "niet op tijd"),
        (Reason.ENDED, "stopte tijdens het starten"),
        (Reason.FILES, "Iemand was je voor."),
    ],
)
def test_a_model_that_does_not_go_live_says_why_and_may_try_again(
    enter: Enter,
    candidate: Candidate,
    supervisor: PlayedSupervisor,
    state_of: StateOf,
    reason: Reason,
    told: str,
) -> None:
    eva, path = enter("eva"), f"/training/{candidate()}/live"
    eva.post(path)
    supervisor.refuse(reason, "Iemand was je voor." if reason is Reason.FILES else "")
    page = eva.get(path).text
    assert "Het ging niet door" in page
    assert told in page
    assert "draait gewoon door" in page
    state, error = state_of(ID)
    assert state == "ready"
    assert told in error
    assert eva.post(path).status_code == 303


def test_the_way_back_brings_the_release_of_before(
    shop: Shop, enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor, state_of: StateOf
) -> None:
    eva, path = enter("eva"), f"/training/{candidate()}"
    eva.post(f"{path}/live")
    supervisor.fulfil()
    emiel = enter("emiel")

    assert emiel.post(f"{path}/terug").status_code == 303
    assert (supervisor.wish.model, supervisor.wish.index) == OLD
    assert (supervisor.wish.candidate, supervisor.wish.back) == (ID, True)
    assert "De vorige Kalm wordt gestart" in emiel.get(f"{path}/live").text
    supervisor.fulfil()

    assert "Het vorige model draait weer sinds" in emiel.get(f"{path}/live").text
    assert state_of(ID)[0] == "retired"
    assert actions(shop) == [("eva", "candidate.live", ID), ("emiel", "candidate.back", ID)]


def test_a_way_back_that_fails_leaves_the_model_live(
    enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor, state_of: StateOf
) -> None:
    eva, path = enter("eva"), f"/training/{candidate()}"
    eva.post(f"{path}/live")
    supervisor.fulfil()
    eva.post(f"{path}/terug")
    supervisor.refuse(Reason.FILES, "Het bestand is veranderd.")
    page = eva.get(f"{path}/live").text
    assert "Het ging niet door" in page
    assert "Het bestand is veranderd." in page
    assert "Dit model is live sinds" in page
    assert state_of(ID)[0] == "live"


def test_two_models_one_after_the_other_and_twice_back(
    enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor, state_of: StateOf
) -> None:
    eva, newest = enter("eva"), ("kalm-newest.tar.gz", "index-newest")
    made(newest)
    first = candidate()
    eva.post(f"/training/{first}/live")
    supervisor.fulfil()
    second = candidate("fedcba543210", release=newest, earlier=NEW)
    assert eva.post(f"/training/{second}/live").status_code == 303
    supervisor.fulfil()
    eva.get(f"/training/{second}/live")
    assert (state_of(first)[0], state_of(second)[0]) == ("retired", "live")

    assert eva.post(f"/training/{second}/terug").status_code == 303
    supervisor.fulfil()
    eva.get(f"/training/{second}/live")
    assert (state_of(first)[0], state_of(second)[0]) == ("live", "retired")

    assert eva.post(f"/training/{first}/terug").status_code == 303
    assert (supervisor.wish.model, supervisor.wish.index) == OLD


def test_without_kalm_run_it_is_said_honestly_and_nothing_waits(
    enter: Enter, candidate: Candidate, state_of: StateOf
) -> None:
    eva, path = enter("eva"), f"/training/{candidate()}/live"
    answer = eva.post(path)
    assert answer.status_code == 409
    assert "op een andere manier gestart" in answer.text
    assert "hx-get" not in answer.text
    assert state_of(ID)[0] == "ready"
    assert going_live.wish() is None


def test_a_supervisor_that_goes_away_meanwhile_is_noticed(
    enter: Enter, candidate: Candidate, models: None, state_of: StateOf
) -> None:
    eva, path = enter("eva"), f"/training/{candidate()}/live"
    with PlayedSupervisor() as supervisor:
        eva.post(path)
        supervisor.reach(Step.STARTING)
    page = eva.get(path).text
    assert "Kalm werd intussen gestopt" in page
    assert "hx-get" not in page
    assert state_of(ID)[0] == "ready"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"forbidden": ("Het mist gevaar.",)}, "Het mist gevaar."),
        ({"state": CandidateState.TRAINING}, "kan nu niet live"),
        ({"state": CandidateState.STOPPED}, "kan nu niet live"),
        ({"state": CandidateState.RETIRED}, "kan nu niet live"),
        ({"release": ("kalm-gone.tar.gz", "index-gone")}, "is niet meer compleet"),
        ({"release": ("../../etc/passwd", "index-new")}, "is niet meer compleet"),
        ({"release": "broken"}, "is niet meer compleet"),
        ({"earlier": ("kalm-older.tar.gz", "index-older")}, "ging een ander model live"),
        ({"earlier": None}, "ging een ander model live"),
    ],
)
def test_what_may_not_go_live_is_refused_with_the_reason(
    enter: Enter,
    candidate: Candidate,
    supervisor: PlayedSupervisor,
    fields: dict[str, object],
    told: str,
) -> None:
    fields = {"earlier": {}, **fields} if "earlier" in fields and fields["earlier"] is None else fields
    answer = enter("eva").post(f"/training/{candidate(**fields)}/live")
    assert answer.status_code == 409
    assert told in answer.text
    assert going_live.wish() is None


def test_a_text_that_was_taken_back_after_the_training_does_not_go_live(
    enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor, state_of: StateOf
) -> None:
    """Also where nothing kept it any more, since another candidate had it meanwhile."""
    path = folder_of(candidate()).path / "changes.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "learns": {"drafts": [[7, 2]]}}))
    answer = enter("eva").post(f"/training/{ID}/live")
    assert answer.status_code == 409
    assert "teruggehaald of veranderd" in answer.text
    assert going_live.wish() is None
    assert state_of(ID)[0] == "ready"


def test_who_looks_between_the_asking_and_the_wish_keeps_nothing_from_being_noticed(
    shop: Shop,
    enter: Enter,
    candidate: Candidate,
    supervisor: PlayedSupervisor,
    state_of: StateOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ask(wish: Wish) -> None:
        settle(shop.database)
        assert state_of(ID)[0] == "ready"
        ask_as_ever(wish)

    ask_as_ever = going_live.ask
    monkeypatch.setattr(going_live, "ask", ask)
    path = f"/training/{candidate()}/live"
    eva = enter("eva")
    assert eva.post(path).status_code == 303
    supervisor.fulfil()
    assert "Dit model is live sinds" in eva.get(path).text
    assert state_of(ID) == ("live", "")


def test_sent_twice_or_by_two_people_it_is_asked_once(
    shop: Shop, enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor
) -> None:
    path = f"/training/{candidate()}/live"
    assert enter("eva").post(path).status_code == 303
    wish = supervisor.wish
    assert enter("eva").post(path).status_code == 409
    assert enter("emiel").post(path).status_code == 409
    assert supervisor.wish == wish
    assert actions(shop) == [("eva", "candidate.live", ID)]


def test_while_another_goes_live_one_is_told_to_wait(
    enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor, state_of: StateOf
) -> None:
    eva = enter("eva")
    eva.post(f"/training/{candidate()}/live")
    other = candidate("fedcba543210")
    answer = eva.post(f"/training/{other}/live")
    assert answer.status_code == 409
    assert "een ander model live" in answer.text
    assert state_of(other)[0] == "ready"


def test_a_wish_that_came_in_between_puts_the_candidate_back(
    shop: Shop,
    enter: Enter,
    candidate: Candidate,
    supervisor: PlayedSupervisor,
    state_of: StateOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy(wish: Wish) -> None:
        raise going_live.BusyError

    monkeypatch.setattr(going_live, "ask", busy)
    assert enter("eva").post(f"/training/{candidate()}/live").status_code == 409
    assert state_of(ID)[0] == "ready"
    assert [action for _, action, _ in actions(shop)] == ["candidate.live", "candidate.live.refused"]


def test_there_is_no_way_back_to_what_is_gone(
    enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor
) -> None:
    eva, path = enter("eva"), f"/training/{candidate()}"
    eva.post(f"{path}/live")
    supervisor.fulfil()
    pointer.named(*OLD).model.unlink()
    assert "Terug naar het vorige model" not in eva.get(f"{path}/live").text
    answer = eva.post(f"{path}/terug")
    assert answer.status_code == 409
    assert "is er niet meer" in answer.text


def test_back_from_what_is_not_live_is_refused(
    enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor
) -> None:
    answer = enter("eva").post(f"/training/{candidate()}/terug")
    assert answer.status_code == 409
    assert "niet (meer) live" in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_candidate_is_not_found(enter: Enter, supervisor: PlayedSupervisor, method: str) -> None:
    assert getattr(enter("eva"), method)("/training/000000000000/live").status_code == 404


def test_a_reviewer_may_not(enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor) -> None:
    bea, path = enter("bea"), f"/training/{candidate()}"
    answers = [bea.get(f"{path}/live"), bea.post(f"{path}/live"), bea.post(f"{path}/terug")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert going_live.wish() is None


def test_cut_off_after_the_files_the_start_makes_it_live(
    shop: Shop, enter: Enter, candidate: Candidate, state_of: StateOf
) -> None:
    """The start trains what the files say and takes the new release; the wish is told as stopped."""
    eva, path = enter("eva"), f"/training/{candidate()}/live"
    with PlayedSupervisor() as supervisor:
        eva.post(path)
        supervisor.reach(Step.ANSWERED)
    with PlayedSupervisor() as supervisor:
        going_live.tell_running(Running(*NEW, ID, earlier=OLD))
        supervisor.refuse(Reason.STOPPED)
        page = eva.get(path).text
    assert "Dit model is live sinds" in page
    assert "Het ging niet door" not in page
    assert state_of(ID) == ("live", "")


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", "{", '{"step": "flying"}', '{"wish": 1, "step": "live", "x": 1}'),
        '{"wish": "a", "step": "live", "candidate": "abcdef012345", "at": "gisteren"}',
        '{"model": 1, "index": 2, "earlier": ["a", "b"]}',
        '{"model": "a", "index": "b", "earlier": "abc"}',
        '{"model": "a", "index": "b", "earlier": 3}',
    ],
)
def test_broken_files_of_the_supervisor_have_a_decent_page(
    enter: Enter, candidate: Candidate, supervisor: PlayedSupervisor, content: str
) -> None:
    for name in ("outcome.json", "running.json", "wish.json"):
        (going_live.folder() / name).write_text(content)
    answer = enter("eva").get(f"/training/{candidate()}/live")
    assert answer.status_code == 200
    assert "Dit model is niet live" in answer.text


def test_settling_writes_nothing_when_nothing_changed(
    shop: Shop, candidate: Candidate, supervisor: PlayedSupervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate(state=CandidateState.LIVE, release=OLD, live_at=1.0)
    monkeypatch.setattr(shop.database, "writing", lambda: pytest.fail("it wrote"))
    settle(shop.database)


def test_a_model_that_was_trained_by_hand_takes_the_place_of_a_live_candidate(
    shop: Shop, candidate: Candidate, supervisor: PlayedSupervisor, state_of: StateOf
) -> None:
    candidate(state=CandidateState.LIVE, live_at=1.0)
    settle(shop.database)
    assert state_of(ID)[0] == "retired"


def test_the_wish_is_as_the_supervisor_reads_it(supervisor: PlayedSupervisor) -> None:
    wish = Wish(*NEW, candidate=ID, member="eva")
    going_live.ask(wish)
    assert json.loads((going_live.folder() / "wish.json").read_text()) == asdict(wish)
    assert list(going_live.folder().glob("wish.*")) == [going_live.folder() / "wish.json"]
