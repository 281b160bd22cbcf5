from __future__ import annotations

import pytest

from review.judging.sentences import (
    LONGEST,
    JudgementError,
    Mark,
    marks_carried_over,
    marks_of,
    read_marks,
    tidied,
    what_is_wrong_with,
)


@pytest.mark.parametrize(
    "sentence",
    [
        "wat is rls",
        "helpt 250 mg? 😂",
        "ben ik zwanger - of niet",
        "100% zeker: ja/nee",
        "👩‍👩‍👧 en rls",
        "a" * LONGEST,
    ],
)
def test_what_people_type_can_be_learnt_from(sentence: str) -> None:
    assert what_is_wrong_with(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "  ",
        "a\nb",
        "a\u2028b",
        "a\x0bb",
        "a\x85b",
        "[a](product)",
        "{a}",
        "a\\b",
        "`a`",
        "# a",
        "- a",
        "* a",
        " a",
        "ik ben [naam]",
        "a" * (LONGEST + 1),
        "mail jan@voorbeeld.nl",
        "\ud800",
    ],
)
def test_what_would_hurt_the_training_data_cannot(sentence: str) -> None:
    assert what_is_wrong_with(sentence).endswith(".")


def test_a_sentence_is_put_on_one_line() -> None:
    assert tidied(" wat\n is\u2028\trls ") == "wat is rls"


def test_places_count_whole_characters() -> None:
    sentence = "😂 helpt citraat"
    said = [{"start": 8, "end": 15, "entity": "product", "value": "citraat"}]
    assert read_marks(sentence, said) == (Mark(8, 15, "product"),)
    with pytest.raises(JudgementError):  # as JavaScript would count
        read_marks(sentence, [{**said[0], "start": 9, "end": 16}])


def test_marks_may_not_overlap() -> None:
    said = [
        {"start": 0, "end": 6, "entity": "product", "value": "wat is"},
        {"start": 4, "end": 10, "entity": "trigger", "value": "is rls"},
    ]
    with pytest.raises(JudgementError, match="over elkaar"):
        read_marks("wat is rls", said)


def test_of_what_kalm_understood_only_what_fits_is_marked() -> None:
    entities = [
        {"start": 0, "end": 3, "entity": "product"},
        {"start": 2, "end": 6, "entity": "product"},
        {"start": 0, "end": 99, "entity": "product"},
        {"start": 4, "end": 6, "entity": "unknown"},
        {"start": None, "end": 6, "entity": "product"},
        "nonsense",
    ]
    assert marks_of("wat is rls", entities) == (Mark(0, 3, "product"),)


def test_words_are_marked_in_another_sentence_where_they_stand_alone() -> None:
    words = {"citraat": "product", "magnesium citraat": "product"}
    assert marks_carried_over("Citraat of Magnesium Citraat, citraatje", words) == (
        Mark(0, 7, "product"),
        Mark(11, 28, "product"),
    )
    assert marks_carried_over("iets anders", words) == ()
