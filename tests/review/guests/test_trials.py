"""The processes in which candidates answer, played by a stand-in that dies, hangs or talks nonsense."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from kalm import logs
from review.guests.trials import Patience
from tests.review.guests.conftest import DIES, NEVER_READY, ONE, OTHER, Invite, StandIns

NO_ANSWER = "Hier kwam geen antwoord op. Stel je vraag nog eens."


def lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def until(true: Callable[[], bool]) -> None:
    for _ in range(6000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to that")


def test_nothing_is_started_before_the_first_question(invite: Invite, stand_ins: StandIns) -> None:
    guest = invite()
    guest.page()
    assert stand_ins.started == []
    guest.said("hallo")
    assert [one for one, _ in stand_ins.started] == [ONE]


def test_a_conversation_goes_on_and_two_guests_have_each_their_own(
    invite: Invite, stand_ins: StandIns
) -> None:
    karin, kees = invite("Karin"), invite("Kees")
    assert karin.ask("een") == 303
    assert kees.ask("een") == 303
    assert "zegt 1: een" in karin.wait()
    assert "zegt 1: een" in kees.wait()
    assert "zegt 2: twee" in karin.said("twee")
    assert len(stand_ins.started) == 1


def test_while_the_model_is_loaded_the_page_says_so_and_takes_no_second_question(
    invite: Invite, stand_ins: StandIns
) -> None:
    trials = stand_ins.use(Patience(load=600))
    guest = invite(candidate_id=NEVER_READY)
    assert guest.ask("een") == 303
    page = guest.page()
    assert "Het model wordt geladen, dit duurt een halve minuut." in page
    assert "Kijk of het antwoord er is" in page
    mark = guest.marks()[0]
    part = guest.browser.get(f"{guest.path}/antwoord/{mark.id}", headers={"HX-Request": "true"})
    assert (part.status_code, "wordt geladen" in part.text) == (200, True)
    again = guest.browser.get(
        f"{guest.path}/antwoord/{mark.id}?verteld=loads", headers={"HX-Request": "true"}
    )
    assert again.status_code == 204
    assert guest.ask("twee") == 409
    assert guest.judge(mark.id, "goed") == 303
    assert guest.marks()[0].is_good is None, "there is nothing to mark yet"
    until(lambda: len(stand_ins.started) == 1)
    os.kill(stand_ins.started[0][1], 9)
    until(lambda: len(stand_ins.started) == 2)
    os.kill(stand_ins.started[1][1], 9)
    assert NO_ANSWER in guest.wait()
    assert not trials.is_loaded(NEVER_READY)


def test_a_process_that_dies_is_started_anew_once(invite: Invite, stand_ins: StandIns) -> None:
    guest = invite()
    assert "zegt 1: sterf een keer" in guest.said("sterf een keer")
    assert len(stand_ins.started) == 2
    assert NO_ANSWER in guest.said("sterf")
    # The one that lived answered first, so it counts as the first; one more was started.
    assert len(stand_ins.started) == 3
    assert "zegt 1: hallo" in guest.said("hallo")


def test_a_process_that_cannot_start_gives_an_apology(invite: Invite, stand_ins: StandIns) -> None:
    assert NO_ANSWER in invite(candidate_id=DIES).said("hallo")
    assert len(stand_ins.started) == 2


@pytest.mark.parametrize(
    "nonsense",
    [
        "rommel",
        "eindeloos",
        "lijn []",
        "lijn {}",
        'lijn {"replies": []}',
        'lijn {"replies": [5]}',
        'lijn {"replies": [{"custom": {"passages": 5}}]}',
        'lijn {"replies": [{}]}',
    ],
)
def test_nonsense_is_no_reply(invite: Invite, stand_ins: StandIns, nonsense: str) -> None:
    guest = invite()
    assert NO_ANSWER in guest.said(nonsense)
    assert len(stand_ins.started) == 2
    assert guest.marks()[0].reply == []
    assert "zegt 1: hallo" in guest.said("hallo"), "what stood in the pipe is not taken for a reply"


def test_a_question_on_which_the_candidate_fails_costs_no_process(
    invite: Invite, stand_ins: StandIns
) -> None:
    guest = invite()
    assert NO_ANSWER in guest.said("fout")
    assert "zegt 2: hallo" in guest.said("hallo")
    assert len(stand_ins.started) == 1


def test_who_hangs_is_ended_and_the_next_question_is_answered(invite: Invite, stand_ins: StandIns) -> None:
    stand_ins.use(Patience(answer=0.3))
    guest = invite()
    assert NO_ANSWER in guest.said("hang")
    assert not lives(stand_ins.started[0][1])
    stand_ins.use()
    assert "zegt 1: hallo" in guest.said("hallo")


def test_who_is_never_ready_is_ended(invite: Invite, stand_ins: StandIns) -> None:
    stand_ins.use(Patience(load=1.5))
    assert NO_ANSWER in invite(candidate_id=NEVER_READY).said("hallo")
    assert not any(lives(number) for _, number in stand_ins.started)


def test_another_candidate_takes_the_place_of_the_first(invite: Invite, stand_ins: StandIns) -> None:
    karin, kees = invite("Karin"), invite("Kees", OTHER)
    assert f"{ONE} zegt 1: hallo" in karin.said("hallo")
    assert f"{OTHER} zegt 1: hallo" in kees.said("hallo")
    (_, first), (_, second) = stand_ins.started
    assert not lives(first)
    assert lives(second)
    assert f"{ONE} zegt 1: daar ben ik weer" in karin.said("daar ben ik weer")


def test_who_is_asked_nothing_ends_and_starts_again(invite: Invite, stand_ins: StandIns) -> None:
    stand_ins.use(Patience(idle=0.2))
    guest = invite()
    guest.said("hallo")
    until(lambda: not lives(stand_ins.started[0][1]))
    assert "zegt 1: hallo" in guest.said("hallo").split("Niet goed")[-2]
    assert len(stand_ins.started) == 2


def test_no_word_of_a_guest_gets_into_the_log(
    invite: Invite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    told: list[object] = []
    for name in ("note", "alarm", "failure"):
        monkeypatch.setattr(logs, name, lambda *args, **fields: told.append((args, fields)))
    monkeypatch.setattr("review.guests.marks.keep_reply", lambda *_: 1 / 0)
    guest = invite()
    assert NO_ANSWER in guest.said("mijn geheim")
    assert NO_ANSWER in guest.said("fout")
    assert "a question in a trial failed" in str(told)
    assert ("a question in a trial got no reply",) in [one[0] for one in told]  # type: ignore[index]
    printed = capfd.readouterr()
    everything = f"{told}{printed.out}{printed.err}"
    assert "geheim" not in everything
    assert guest.path.rsplit("/", 1)[1] not in everything
