"""What approved work changes, and what has to wait and why."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml

from kalm.approval import read_approvals, stale_passages
from kalm.articles import read_article, read_articles
from kalm.training_examples import examples_in, read_examples
from review.articles.fields import fields_of
from review.judging.sentences import what_is_wrong_with
from review.states import ItemState
from review.training.changes import ChangeSet, waiting_changes
from review.training.data_files import Place
from review.training.differences import ADDED, REMOVED
from storage.schema import article_drafts
from tests.review.conftest import Shop
from tests.review.training.conftest import NEW, Judge

TEXT = "Magnesium is een mineraal. Je krijgt het binnen met je eten. Meer zegt dit stukje tekst niet."

PASSAGE = "restless-legs-en-magnesium#vraag"


def changed(changes: ChangeSet) -> dict[str, list[tuple[str, str]]]:
    """Sign and line of what changes, per file."""
    return {
        one.name: [(line.sign, line.text) for line in one.lines if line.sign in (ADDED, REMOVED)]
        for one in changes.files
    }


def reasons(changes: ChangeSet) -> list[str]:
    return [one.reason for one in changes.left_out]


def write(place: Place, changes: ChangeSet) -> None:
    for one in changes.files:
        place.path(one.name).write_bytes(one.after)


def test_nothing_approved_changes_nothing(shop: Shop, place: Place, judge: Judge) -> None:
    judge(NEW, state=ItemState.JUDGED)
    judge("nog een zin", intent="")
    assert waiting_changes(shop.database, place) == ChangeSet()


def test_a_sentence_becomes_an_example_and_a_question(shop: Shop, place: Place, judge: Judge) -> None:
    message = judge(NEW, "ask_product", PASSAGE)

    changes = waiting_changes(shop.database, place)

    assert changed(changes) == {
        "data/articles/restless-legs-en-magnesium.md": [(ADDED, f"- {NEW}")],
        "data/nlu/product.yml": [(ADDED, f"- {NEW}")],
    }
    assert changes.left_out == ()
    assert [one[0] for one in changes.learns["messages"]] == [message]
    assert changes.asked == ({"text": NEW, "intent": "ask_product", "passage": PASSAGE},)
    assert (changes.judged_by, changes.reviewed_by) == (("Bea Bos",), ("Bram Boer",))
    note = next(line.note for line in changes.files[0].lines if line.sign == ADDED)
    assert note is not None
    assert note.who == "door Bea Bos, nagekeken door Bram Boer"


def test_a_question_that_nothing_answers_goes_on_that_list(shop: Shop, place: Place, judge: Judge) -> None:
    judge(f'{NEW} "zo"', "ask_rls", "none")

    changes = waiting_changes(shop.database, place)

    assert changed(changes)["data/unanswered.yml"] == [(ADDED, f'- "{NEW} \\"zo\\""')]
    write(place, changes)
    assert yaml.safe_load(place.path("data/unanswered.yml").read_text())["vragen"][-1] == f'{NEW} "zo"'


def test_a_question_that_is_answered_now_leaves_that_list(shop: Shop, place: Place, judge: Judge) -> None:
    known = yaml.safe_load(place.path("data/unanswered.yml").read_text())["vragen"][0]
    judge(known, "ask_product", PASSAGE)

    changes = waiting_changes(shop.database, place)

    assert changed(changes)["data/unanswered.yml"] == [(REMOVED, f'- "{known}"')]
    assert changed(changes)["data/articles/restless-legs-en-magnesium.md"] == [(ADDED, f"- {known}")]


def test_small_talk_has_no_passage(shop: Shop, place: Place, judge: Judge) -> None:
    judge("toppie bedankt voor de uitleg maat", "thank", "none")
    assert list(changed(waiting_changes(shop.database, place))) == ["data/nlu/smalltalk.yml"]


def test_the_same_sentence_twice_is_added_once_and_both_are_learnt(
    shop: Shop, place: Place, judge: Judge
) -> None:
    judge(NEW)
    judge(f"{NEW.upper()}?")

    changes = waiting_changes(shop.database, place)

    assert changed(changes) == {"data/nlu/rls.yml": [(ADDED, f"- {NEW}")]}
    assert (len(changes.learns["messages"]), changes.known) == (2, 1)


def test_a_known_sentence_changes_nothing(shop: Shop, place: Place, judge: Judge) -> None:
    example = read_examples(place.root / "data/nlu")[0]
    judge(example.plain, example.intent)

    changes = waiting_changes(shop.database, place)

    assert (changes.files, changes.known, changes.left_out) == ((), 1, ())


def measured(place: Place, folder: str) -> str:
    """A sentence of the measurements that is no example."""
    name = {"development": "answerable.jsonl", "heldout": "questions.jsonl"}[folder]
    first = (place.root / "tests/data" / folder / name).read_text().splitlines()[0]
    return str(json.loads(first)["text"])


@pytest.mark.parametrize("folder", ["development", "heldout"])
def test_a_sentence_of_the_measurements_is_never_learnt(
    shop: Shop, place: Place, judge: Judge, folder: str
) -> None:
    judge(measured(place, folder).upper() + " !", "ask_product", "none")

    changes = waiting_changes(shop.database, place)

    assert changes.files == ()
    assert reasons(changes) == [
        "deze zin gebruiken we om te meten hoe goed Kalm is; daarom mag Kalm er niet van leren"
    ]


@pytest.mark.parametrize("path", ["safety/danger.jsonl", "safety/danger_by_both.jsonl", "dialogues.jsonl"])
def test_nor_one_of_danger_or_of_a_dialogue(shop: Shop, place: Place, judge: Judge, path: str) -> None:
    rows = (place.root / "tests/data/development" / path).read_text().splitlines()
    texts = [one["text"] for row in map(json.loads, rows) for one in row.get("turns", [row])]
    judge(max((one for one in texts if not what_is_wrong_with(one)), key=len), "out_of_scope")
    assert "meten" in reasons(waiting_changes(shop.database, place))[0]


@pytest.mark.parametrize(
    ("text", "intent", "passage", "entities", "reason"),
    [
        ("wat is rls eigenlijk", "ask_product", "", [], "staat al bij een andere bedoeling"),
        (NEW, "ask_rls", "is-er-niet#weg", [], "staat er niet meer"),
        (NEW, "bestaat_niet", "", [], "kent Kalm nog niet"),
        ("mijn adres is [adres]", "ask_rls", "", [], "In de zin staat [adres]"),
        ("kijk [hier] eens", "ask_rls", "", [], "kunnen niet in een voorbeeldzin"),
        (f"- {NEW}", "ask_rls", "", [], "begint niet met"),
        ("mijn nummer is 0612345678 en ik heb rls", "ask_rls", "", [], "een naam, adres of nummer"),
        ("x" * 251, "ask_rls", "", [], "hooguit 250 tekens"),
        (" \u2028 ", "ask_rls", "", [], "Vul de zin in"),
        (f"{NEW}\u0007", "ask_rls", "", [], "op één regel"),
        (NEW, "ask_rls", "", [{"start": 3, "end": 999, "entity": "product"}], "wijs ze opnieuw aan"),
        (NEW, "ask_rls", "", ["kapot"], "niet te lezen"),
        (f" {NEW}", "ask_rls", "", [{"start": 1, "end": 5, "entity": "product"}], "op één regel"),
        ("Is magnesium een medicijn?", "ask_product", "none", [], "staat al bij een stukje tekst"),
        (
            "Is magnesium een medicijn?",
            "ask_product",
            "rusteloze-benen-herkennen#wat",
            [],
            "staat er niet meer",
        ),
    ],
)
def test_what_cannot_be_learnt_waits_and_says_why(
    shop: Shop, place: Place, judge: Judge, text: str, intent: str, passage: str, entities: Any, reason: str
) -> None:
    judge(text, intent, passage, entities)

    changes = waiting_changes(shop.database, place)

    assert changes.files == ()
    assert reason in reasons(changes)[0]


def test_one_sentence_with_two_meanings_waits(shop: Shop, place: Place, judge: Judge) -> None:
    judge(NEW, "ask_rls")
    judge(NEW, "ask_treatment")
    judge("een heel andere zin over bananen", "out_of_scope")

    changes = waiting_changes(shop.database, place)

    assert list(changed(changes)) == ["data/nlu/out_of_scope.yml"]
    assert len(changes.left_out) == 2
    assert "kies er een" in reasons(changes)[0]


def test_broken_entities_of_a_row_are_no_end(shop: Shop, place: Place, judge: Judge) -> None:
    judge(NEW, entities={"a": 1})
    assert list(changed(waiting_changes(shop.database, place))) == ["data/nlu/rls.yml"]


Edit = Callable[..., int]


def test_examples_go_away_and_move_with_their_marks(shop: Shop, place: Place, edit: Edit) -> None:
    edit("remove", "rls erfelijk?", "ask_rls")
    edit("move", "helpt [magnesium](product) tegen rusteloze benen?", "ask_treatment", "ask_product")
    edit("keep", "wat is rls eigenlijk", "ask_rls")

    changes = waiting_changes(shop.database, place)

    assert changed(changes) == {
        "data/nlu/product.yml": [(ADDED, "- helpt [magnesium](product) tegen rusteloze benen?")],
        "data/nlu/rls.yml": [(REMOVED, "- rls erfelijk?")],
        "data/nlu/treatment.yml": [(REMOVED, "- helpt [magnesium](product) tegen rusteloze benen?")],
    }
    assert len(changes.learns["edits"]) == 2


def test_a_sentence_may_be_learnt_where_it_was_taken_away(
    shop: Shop, place: Place, edit: Edit, judge: Judge
) -> None:
    edit("remove", "wat is rls eigenlijk", "ask_rls")
    judge("wat is rls eigenlijk", "ask_treatment")
    assert changed(waiting_changes(shop.database, place)) == {
        "data/nlu/rls.yml": [(REMOVED, "- wat is rls eigenlijk")],
        "data/nlu/treatment.yml": [(ADDED, "- wat is rls eigenlijk")],
    }


def test_an_example_that_is_gone_already_waits(shop: Shop, place: Place, edit: Edit) -> None:
    edit("remove", "deze zin staat er niet", "ask_rls")
    edit("move", "rls erfelijk?", "ask_rls", "bestaat_niet")

    changes = waiting_changes(shop.database, place)

    assert changes.files == ()
    assert len(changes.left_out) == 2


@pytest.fixture
def draft(shop: Shop, place: Place, member: Callable[[str], int]) -> Callable[..., None]:
    """Keeps an approved draft of the section about the question of magnesium."""

    def keep(section: str = "vraag", approved: float = 0.0, **fields: Any) -> None:
        article = next(
            one for one in read_articles(place.articles) if one.slug == "restless-legs-en-magnesium"
        )
        known = fields_of(next(one for one in article.sections if one.id == "vraag"), article.evidence)
        data = json.loads(json.dumps({**known.data, **fields}))
        with shop.database.writing() as connection:
            connection.execute(
                article_drafts.insert().values(
                    article=article.slug,
                    section=section,
                    fields=data,
                    member_id=member("eva"),
                    at=approved,
                    state="approved",
                    approved_by=member("emiel"),
                    candidate="",
                    version=3,
                )
            )

    return keep


def test_a_draft_changes_its_article_and_is_kept_as_approved(
    shop: Shop, place: Place, draft: Callable[..., None]
) -> None:
    draft(text=TEXT)

    changes = waiting_changes(shop.database, place)

    assert [one.name for one in changes.files] == [
        "data/approved.yml",
        "data/articles/restless-legs-en-magnesium.md",
    ]
    assert [one.is_read for one in changes.files] == [False, True]
    assert changes.learns["drafts"] == [[1, 3]]
    assert "door Emiel Eik op" in changes.files[0].after.decode()
    write(place, changes)
    articles = read_articles(place.articles)
    approvals = read_approvals(place.path("data/approved.yml"))
    changed_article = next(one for one in articles if one.slug == "restless-legs-en-magnesium")
    assert next(one.text for one in changed_article.sections if one.id == "vraag") == TEXT
    assert not [
        one
        for one in stale_passages(approvals, articles)
        if one.section == changed_article.sections[0].heading
    ]
    other = waiting_changes(shop.database, place)
    assert other.files == ()


@pytest.mark.parametrize(("is_draft", "asked"), [(False, [NEW]), (True, [])])
def test_the_questions_of_a_draft_are_asked_of_both_models_once_visitors_see_it(
    shop: Shop, place: Place, draft: Callable[..., None], is_draft: bool, asked: list[str]
) -> None:
    draft(text=TEXT, questions=[NEW], is_draft=is_draft)
    changes = waiting_changes(shop.database, place)
    passage = "restless-legs-en-magnesium#vraag"
    assert changes.asked == tuple({"text": one, "intent": "", "passage": passage} for one in asked)


@pytest.mark.parametrize(
    ("fields", "days", "is_updated"),
    [
        ({"text": TEXT}, 0, True),
        ({"text": TEXT, "section": ""}, 0, True),
        ({"text": TEXT}, 1, True),  # by the team's clock, which is ahead
        ({"text": TEXT}, -9999, False),  # somebody updated it since
        ({"questions": ["Is magnesium een medicijn?", "wat is het"]}, 0, False),
        ({"text": TEXT, "is_draft": True, "section": ""}, 0, False),
    ],
)
def test_the_article_has_the_day_of_the_approval_where_visitors_read_something_else(
    shop: Shop, place: Place, draft: Callable[..., None], fields: Any, days: int, is_updated: bool
) -> None:
    path = place.articles / "restless-legs-en-magnesium.md"
    path.write_text(re.sub(r"(?m)^updated: .*", "updated: 2026-11-22", path.read_text()))
    draft(approved=time.time() + days * 24 * 3600, **fields)

    write(place, waiting_changes(shop.database, place))

    day = date.today() if is_updated else date(2026, 11, 22)
    assert read_article(path).updated == day
    assert (f"door Emiel Eik op {day}" in place.path("data/approved.yml").read_text()) is is_updated


def test_a_question_in_a_draft_may_not_be_one_of_the_measurements(
    shop: Shop, place: Place, draft: Callable[..., None]
) -> None:
    draft(questions=["Is magnesium een medicijn?", measured(place, "development")])

    changes = waiting_changes(shop.database, place)

    assert changes.files == ()
    assert "meten" in reasons(changes)[0]


def test_a_draft_of_a_section_that_is_gone_waits(
    shop: Shop, place: Place, draft: Callable[..., None]
) -> None:
    draft(section="weg")
    assert reasons(waiting_changes(shop.database, place)) == [
        "het stukje tekst dat dit verandert staat niet meer in het artikel"
    ]


def test_all_that_is_added_is_read_back_and_nothing_else_changes(
    shop: Shop, place: Place, judge: Judge
) -> None:
    paths = (place.root / "data/nlu").glob("*.yml")
    before = {path: examples_in(path.read_text(), path.name) for path in paths}
    for number in range(12):
        judge(f"{NEW} keer {number}", "ask_rls" if number % 2 else "ask_product", PASSAGE)

    write(place, waiting_changes(shop.database, place))

    for path, old in before.items():
        now = examples_in(path.read_text(), path.name)
        assert [one for one in now if NEW not in one.text] == old
        assert len(now) - len(old) == {"rls.yml": 6, "product.yml": 6}.get(path.name, 0)
    assert waiting_changes(shop.database, place).files == ()
