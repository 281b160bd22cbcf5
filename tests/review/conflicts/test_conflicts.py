"""Conflicts on the screen, and what the team decides about them."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from review.background import CONFLICTS
from review.conflicts import results, solving
from review.conflicts.edits import edits_in_force
from review.conflicts.findings import Finding, Kind
from review.conflicts.results import Result
from review.conflicts.sentences import Sentence, fingerprint, sentences
from review.words import INTENTS
from storage.schema import audit_log, judgements, messages, review_comments, review_items, training_edits
from tests.review.conflicts.conftest import EXAMPLES, write
from tests.review.conftest import Colleague, Enter, Shop
from tests.review.second_look.conftest import Judged

HERE = "/tegenstrijdig"
pytestmark = pytest.mark.usefixtures("examples")

DAG, OTHER_DAG = Sentence("dag", "greet"), Sentence("Dag", "goodbye")
YOGA = Sentence("helpt [yoga](treatment)", "ask_treatment")


def decide(who: Colleague, kind: str, one: Sentence, other: Sentence | None = None, **fields: Any) -> Any:
    form = {"besluit": kind, "zin": one.key, "andere": other.key if other else "", "na": "0", **fields}
    if kind == "move":
        form.setdefault("naar", other.intent if other else "ask_rls")
    return who.post(f"{HERE}/besluit", form)


def learnt_from(shop: Shop) -> list[tuple[str, str]]:
    with shop.database.reading() as connection:
        found = sentences(connection, edits_in_force(connection))
    return sorted((sentence.text, sentence.intent) for sentence in found)


def decided(shop: Shop) -> list[tuple[Any, ...]]:
    with shop.database.reading() as connection:
        rows = connection.execute(sa.select(training_edits).order_by(training_edits.c.id))
        return [
            (row.kind, row.text, row.intent, row.to_intent, row.other_text, row.state, row.candidate)
            for row in rows
        ]


def kept(shop: Shop, *findings: Finding) -> None:
    """Keep a result of a long look at what is there now."""
    with shop.database.reading() as connection:
        now = fingerprint(sentences(connection, edits_in_force(connection)))
    results.write(Result(now, 1.0, 2.0, 3, tuple(map(results.line, findings))))


def test_the_same_sentence_under_two_intents_is_seen_at_once(enter: Enter) -> None:
    page = enter("eva").get(HERE).text
    assert "Op hoofdletters en leestekens na dezelfde zin" in page
    assert INTENTS["greet"] in page
    assert INTENTS["goodbye"] in page
    assert "Alles (1)" in page
    assert "helpt yoga" not in page


def test_nothing_wrong_has_its_own_words(enter: Enter, examples: Path) -> None:
    write(examples, {"talk.yml": {"greet": ["hoi"], "deny": ["nee"]}})
    assert "Niets dat elkaar tegenspreekt" in enter("eva").get(HERE).text
    assert "Nog niets besloten" in enter("eva").get(f"{HERE}/besloten").text


def test_removing_one_solves_it_and_can_be_taken_back(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    answer = decide(eva, "remove", DAG, OTHER_DAG, plek="0", soort="normalised", pagina="1")
    assert answer.headers["location"] == f"/review{HERE}?soort=normalised&pagina=1#vondst-0"
    assert decided(shop) == [("remove", "dag", "greet", "", "", "approved", "")]
    assert ("dag", "greet") not in learnt_from(shop)
    assert "Niets dat elkaar tegenspreekt" in eva.get(HERE).text
    page = eva.get(f"{HERE}/besloten").text
    assert "“dag”" in page
    assert "Eva Evers" in page

    number = re.search(r"besloten/(\d+)/terug", page)
    assert number
    for _ in range(2):
        assert eva.post(f"{HERE}/besloten/{number[1]}/terug").status_code == 303
    assert decided(shop)[0][5] == "undone"
    assert ("dag", "greet") in learnt_from(shop)
    with shop.database.reading() as connection:
        rows = connection.execute(sa.select(audit_log).where(audit_log.c.action.like("edit.%")))
        lines = [(row.action, str(row.details)) for row in rows]
    assert [action for action, _ in lines] == ["edit.remove", "edit.undo"]
    assert not any("dag" in details for _, details in lines)


def test_moving_keeps_the_marks_and_the_screen_follows(shop: Shop, enter: Enter) -> None:
    decide(enter("eva"), "move", YOGA, naar="greet")
    assert decided(shop) == [("move", YOGA.text, "ask_treatment", "greet", "", "approved", "")]
    assert (YOGA.text, "greet") in learnt_from(shop)
    assert (YOGA.text, "ask_treatment") not in learnt_from(shop)
    # What moved can be removed where it is now; the move cannot be taken back under it.
    decide(enter("emiel"), "remove", Sentence(YOGA.text, "greet"))
    assert YOGA.text not in [text for text, _ in learnt_from(shop)]
    with shop.database.reading() as connection:
        move, remove = connection.scalars(sa.select(training_edits.c.id).order_by(training_edits.c.id))
    refused = enter("eva").post(f"{HERE}/besloten/{move}/terug")
    assert refused.status_code == 409
    assert "Draai eerst dat terug" in refused.text
    enter("eva").post(f"{HERE}/besloten/{remove}/terug")
    assert enter("eva").post(f"{HERE}/besloten/{move}/terug").status_code == 303
    assert (YOGA.text, "ask_treatment") in learnt_from(shop)


def test_what_may_stay_is_not_shown_again(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    decide(eva, "keep", DAG, OTHER_DAG)
    assert decided(shop) == [("keep", "dag", "greet", "goodbye", "Dag", "approved", "")]
    assert "Niets dat elkaar tegenspreekt" in eva.get(HERE).text
    decide(eva, "keep", OTHER_DAG, DAG, na="999")
    assert len(learnt_from(shop)) == sum(len(lines) for of in EXAMPLES.values() for lines in of.values())


def test_sent_twice_counts_once(shop: Shop, enter: Enter, examples: Path) -> None:
    write(examples, {"talk.yml": {"greet": ["hoi", "hoi", "dag"], "deny": ["nee"]}})
    hoi = Sentence("hoi", "greet")
    for kind in ("remove", "keep"):
        first = decide(enter("eva"), kind, hoi, hoi if kind == "keep" else None)
        again = decide(enter("eva"), kind, hoi, hoi if kind == "keep" else None)
        assert (first.status_code, again.status_code) == (303, 303)
        assert "al%20besloten" in again.headers["set-cookie"]
    assert [row[0] for row in decided(shop)] == ["remove", "keep"]
    assert learnt_from(shop).count(("hoi", "greet")) == 1, "of two the same one stays"


def test_the_last_example_of_an_intent_stays(shop: Shop, enter: Enter, examples: Path) -> None:
    write(examples, {"talk.yml": {"greet": ["hoi"], "deny": ["Hoi", "nee"]}})
    for kind in ("remove", "move"):
        answer = decide(enter("eva"), kind, Sentence("hoi", "greet"), Sentence("Hoi", "deny"))
        assert answer.status_code == 409
        assert "laatste voorbeeldzin" in answer.text
    assert decided(shop) == []


def test_what_is_gone_meanwhile_is_told(shop: Shop, enter: Enter) -> None:
    decide(enter("eva"), "remove", DAG)
    late = decide(enter("emiel"), "move", DAG, OTHER_DAG)
    assert late.status_code == 409
    assert "staat er intussen niet meer zo" in late.text
    assert len(decided(shop)) == 1
    assert decide(enter("emiel"), "keep", OTHER_DAG, DAG).status_code == 409


def test_who_decides_in_between_goes_first(shop: Shop, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking a sentence up and keeping the decision somebody else removes it."""
    emiel, eva = enter("emiel"), enter("eva")
    wish: list[Any] = []
    read = solving._read

    def read_and_lose(asked: Any) -> Any:
        found = read(asked)
        if not wish:
            wish.append(found)
            decide(emiel, "remove", DAG)
        return found

    monkeypatch.setattr(solving, "_read", read_and_lose)
    assert decide(eva, "move", DAG, OTHER_DAG).status_code == 409
    assert [row[0] for row in decided(shop)] == ["remove"]


def test_examples_of_danger_are_not_taken_away_without_a_second_thought(shop: Shop, enter: Enter) -> None:
    crisis = Sentence("zo wil ik niet verder", "report_crisis")
    eva = enter("eva")
    for kind in ("remove", "move"):
        asked = decide(eva, kind, crisis, naar="deny")
        assert asked.status_code == 200
        assert "Weet je het zeker?" in asked.text
        assert "in gevaar" in asked.text
        assert decided(shop) == []
    assert decide(eva, "keep", crisis, naar="deny").status_code == 303
    assert decide(eva, "move", crisis, naar="deny", bevestigd="1").status_code == 303
    assert ("zo wil ik niet verder", "deny") in learnt_from(shop)


def test_the_page_that_asks_again_sends_what_was_asked(shop: Shop, enter: Enter) -> None:
    crisis = Sentence("zo wil ik niet verder", "report_crisis")
    eva = enter("eva")
    page = decide(eva, "move", crisis, naar="deny", soort="alike").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert fields["bevestigd"] == "1"
    assert eva.post(f"{HERE}/besluit", fields).status_code == 303
    assert decided(shop)[0][:4] == ("move", crisis.text, "report_crisis", "deny")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"besluit": "wis alles"},
        {"besluit": "move", "zin": DAG.key, "naar": "bestaat niet"},
        {"besluit": "move", "zin": DAG.key},
        {"besluit": "back", "zin": DAG.key},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(shop: Shop, enter: Enter, form: dict[str, str]) -> None:
    assert enter("eva").post(f"{HERE}/besluit", form).status_code == 400
    assert decided(shop) == []


def test_a_decision_in_a_new_model_stays(shop: Shop, enter: Enter) -> None:
    decide(enter("eva"), "remove", DAG)
    with shop.database.writing() as connection:
        connection.execute(training_edits.update().values(candidate="kandidaat"))
        number = connection.scalar(sa.select(training_edits.c.id))
    assert "zit in een nieuw model" in enter("eva").get(f"{HERE}/besloten").text
    refused = enter("eva").post(f"{HERE}/besloten/{number}/terug")
    assert refused.status_code == 409
    assert "zit al in een nieuw model" in refused.text
    assert enter("eva").post(f"{HERE}/besloten/999/terug").status_code == 409
    assert enter("eva").post(f"{HERE}/besloten/x/terug").status_code == 404


def test_an_approved_message_takes_part_and_is_sent_back(shop: Shop, enter: Enter, judged: Judged) -> None:
    message_id = judged("HOI!", intent="goodbye", state="approved")
    hoi, message = Sentence("hoi", "greet"), Sentence("HOI!", "goodbye", message_id)
    eva = enter("eva")
    page = eva.get(HERE).text
    assert "HOI!" in page
    assert "goedgekeurd bericht" in page
    assert decide(eva, "remove", message, hoi).status_code == 400, "it stands in no file"
    assert decide(eva, "back", message, hoi).status_code == 303
    with shop.database.reading() as connection:
        assert connection.scalar(sa.select(review_items.c.state)) == "sent_back"
        comment = connection.scalar(sa.select(review_comments.c.text))
    assert INTENTS["greet"] in comment
    assert "HOI!" not in eva.get(HERE).text
    assert decide(eva, "back", message, hoi).status_code == 409


def test_a_message_that_may_stay_is_kept_by_number_and_not_by_its_words(
    shop: Shop, enter: Enter, judged: Judged
) -> None:
    message_id = judged("HOI!", intent="goodbye", state="approved")
    hoi, message = Sentence("hoi", "greet"), Sentence("HOI!", "goodbye", message_id)
    eva = enter("eva")
    decide(eva, "keep", hoi, message)
    assert decided(shop) == [("keep", "hoi", "greet", "goodbye", f"message:{message_id}", "approved", "")]
    assert "HOI!" not in eva.get(HERE).text
    assert "een goedgekeurd bericht" in eva.get(f"{HERE}/besloten").text


def test_a_message_that_a_new_model_has_is_not_sent_back(shop: Shop, enter: Enter, judged: Judged) -> None:
    message_id = judged("HOI!", intent="goodbye", state="approved", candidate="kandidaat")
    message = Sentence("HOI!", "goodbye", message_id)
    assert decide(enter("eva"), "back", message, Sentence("hoi", "greet")).status_code == 409
    assert "al in een nieuw model" in enter("eva").get(HERE).text
    with shop.database.reading() as connection:
        assert connection.scalar(sa.select(judgements.c.candidate)) == "kandidaat"


def test_what_the_long_look_found_is_shown_worst_first(shop: Shop, enter: Enter) -> None:
    hoi, hallo, crisis = (
        Sentence("hoi", "greet"),
        Sentence("Hallo", "greet"),
        Sentence("zo wil ik niet verder", "report_crisis"),
    )
    bye = Sentence("doei", "goodbye")
    kept(
        shop,
        Finding(Kind.SUPERFLUOUS, hoi, hallo, score=0.98),
        Finding(Kind.DOUBTED, YOGA, predicted="ask_rls", score=0.9),
        Finding(Kind.ALIKE, hoi, bye, score=0.99),
        Finding(Kind.ALIKE, crisis, bye, score=0.96),
    )
    page = enter("eva").get(HERE).text
    places = [page.index(words) for words in ("zo wil ik niet verder", "99% op elkaar", "90% zekerheid")]
    assert places == sorted(places)
    assert page.index("90% zekerheid") < page.index("98% op elkaar")
    assert page.index("leestekens na dezelfde zin") < places[0]
    assert "gaat over gevaar" in page
    assert "Daarna is er niets veranderd" in page
    only = enter("eva").get(f"{HERE}?soort=doubted").text
    assert "90% zekerheid" in only
    assert "zo wil ik niet verder" not in only

    decide(enter("eva"), "remove", hoi)
    later = enter("eva").get(HERE).text
    assert "Dit is van voor je laatste wijzigingen" in later
    assert "99% op elkaar" not in later, "what was removed contradicts nothing"
    decide(enter("eva"), "keep", YOGA, naar="ask_rls")
    assert "90% zekerheid" not in enter("eva").get(HERE).text


def test_the_result_holds_no_words_and_forgets_who_is_forgotten(
    shop: Shop, enter: Enter, judged: Judged
) -> None:
    message_id = judged("mijn geheime zin", intent="goodbye", state="approved")
    kept(
        shop,
        Finding(Kind.ALIKE, Sentence("hoi", "greet"), Sentence("mijn geheime zin", "goodbye", message_id)),
    )
    assert "geheime" not in results._file().read_text()
    assert "mijn geheime zin" in enter("eva").get(HERE).text
    with shop.database.writing() as connection:
        connection.execute(messages.delete().where(messages.c.id == message_id))
    assert "mijn geheime zin" not in enter("eva").get(HERE).text


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 1}', '{"format": 0}', '{"format": 1, "at": "x"}']
)
def test_a_broken_result_is_no_result(enter: Enter, content: str) -> None:
    results._file().write_text(content)
    CONFLICTS._file("progress").write_text(content)
    page = enter("eva").get(HERE)
    assert page.status_code == 200
    assert "Kijk ook naar zinnen die op elkaar lijken" in page.text


def test_a_file_that_cannot_be_read_is_told(enter: Enter, examples: Path) -> None:
    (examples / "talk.yml").write_text("nlu: [")
    page = enter("eva").get(HERE)
    assert page.status_code == 200
    assert "De voorbeelden zijn niet te lezen" in page.text
    assert "talk.yml" in page.text
    assert decide(enter("eva"), "remove", DAG).status_code == 200


def test_hostile_sentences_are_shown_as_text(enter: Enter, examples: Path) -> None:
    text = "<script>alert(1)</script> " + "x" * 900
    write(examples, {"talk.yml": {"greet": [text], "deny": [text]}})
    page = enter("eva").get(HERE).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_thousands_come_in_pages(enter: Enter, examples: Path) -> None:
    lines = [f"zin nummer {n}" for n in range(3000)]
    write(examples, {"talk.yml": {"greet": lines, "deny": lines}})
    page = enter("eva").get(HERE).text
    assert "Alles (3.000)" in page
    assert "Pagina 1 van 150" in page
    assert page.count("<article") == 20
    last = enter("eva").get(f"{HERE}?pagina=150").text
    assert "zin nummer 2999" in last
    assert enter("eva").get(f"{HERE}?pagina=abc&soort=onzin").status_code == 200


def test_a_look_is_started_once_and_shows_how_far_it_is(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []

    class Child:
        pid = 12345

        def __init__(self, command: list[str], pass_fds: list[int], **options: Any) -> None:
            started.append(command)
            self.lock = os.dup(pass_fds[0])  # as a child has it

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(subprocess, "Popen", Child)
    eva = enter("eva")
    assert "Kijk ook naar" in eva.get(HERE).text
    for _ in range(2):
        assert eva.post(f"{HERE}/kijken").status_code == 303
    assert len(started) == 1
    assert started[0][-3:-1] == ["conflicts", "--lock"]
    assert "Kalm kijkt.</strong> Begint…" in eva.get(HERE).text
    CONFLICTS.tell("Vergelijkt de zinnen met elkaar", 0.4)
    part = eva.get(f"{HERE}/voortgang", headers={"HX-Request": "true"}).text
    assert "Vergelijkt de zinnen met elkaar" in part
    assert 'value="40"' in part
    assert "<html" not in part


def test_a_look_that_was_killed_is_told(enter: Enter) -> None:
    with suppress(ZeroDivisionError), CONFLICTS.do() as tell:
        tell("Vergelijkt de zinnen met elkaar", 0.4)
        raise ZeroDivisionError
    assert "De vorige keer is afgebroken" in enter("eva").get(HERE).text
    part = enter("eva").get(f"{HERE}/voortgang", headers={"HX-Request": "true"})
    assert part.headers["hx-redirect"] == f"/review{HERE}"
    with CONFLICTS.do():
        pass
    assert "De vorige keer is afgebroken" not in enter("eva").get(HERE).text


def test_a_machine_without_room_is_told(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise OSError(12, "no memory")

    monkeypatch.setattr(subprocess, "Popen", fail)
    answer = enter("eva").post(f"{HERE}/kijken")
    assert answer.status_code == 503
    assert "kan nu niet beginnen" in answer.text
    assert not CONFLICTS.lives()
