from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.language import Term, character_ngrams
from kalm.search.features import NAMES, PassageTerms, features_by_classifier, features_by_words
from kalm.search.likeness import Questions
from kalm.search.vectors import Analysed, Rarity, Vector, analysed_terms

WORDS = ("ijzer", "bloed", "tekort", "water", "nacht", "voet")
RARITY = Rarity.count([["ijzer", "bloed"], ["ijzer", "tekort"], ["water"], ["nacht", "voet"]])
SOME_WORDS = st.lists(st.sampled_from(WORDS), unique=True, max_size=5)


def question(*words: str) -> Analysed:
    return analysed_terms(map(Term, words), character_ngrams(" ".join(words)))


def features(
    asked: list[Term],
    *,
    text: frozenset[str] = frozenset(),
    parts: frozenset[str] = frozenset(),
    heading: tuple[str, ...] = (),
    questions: tuple[Analysed, ...] = (),
    likelihoods: tuple[float, ...] = (0.5, 0.5),
) -> dict[str, float]:
    """Features of passage 0 for the question ``asked``."""
    query = analysed_terms(asked, character_ngrams(" ".join(term.form for term in asked)))
    vector = Vector(query.weights, RARITY)
    before = question("voet")
    passages = (questions, (before,))
    index = Questions(
        [[Vector(each.weights, RARITY) for each in own] for own in passages],
        [[each.ngrams for each in own] for own in passages],
    )
    passage = PassageTerms(
        text,
        parts,
        Vector(dict.fromkeys(heading, 1.0), RARITY),
        questions=[each.content for each in questions],
        asked=frozenset(form for each in questions for form in each.weights),
    )
    other = PassageTerms(
        frozenset(), frozenset(), Vector({}, RARITY), [before.content], frozenset(before.weights)
    )
    by_classifier = features_by_classifier([0], np.array(likelihoods, dtype=np.float32))
    likeness = index.likeness(vector, query.ngrams, [0])
    by_words = features_by_words(query, vector, likeness, [passage, other], RARITY)
    return dict(zip(NAMES, (*by_classifier[0], *by_words[0]), strict=True))


def terms(*words: str) -> list[Term]:
    return [Term(word) for word in words]


@given(
    asked=SOME_WORDS,
    text=st.frozensets(st.sampled_from(WORDS)),
    heading=SOME_WORDS,
    asked_before=st.lists(SOME_WORDS, max_size=3),
    likelihood=st.floats(0, 1),
)
def test_features_stay_between_0_and_1(
    asked: list[str],
    text: frozenset[str],
    heading: list[str],
    asked_before: list[list[str]],
    likelihood: float,
) -> None:
    row = features(
        terms(*asked),
        text=text,
        heading=tuple(heading),
        questions=tuple(question(*words) for words in asked_before),
        likelihoods=(likelihood, 1 - likelihood),
    )
    assert -1.0 <= row.pop("classifier_lead") <= 1.0
    assert all(-1e-9 <= value <= 1 + 1e-9 for value in row.values())


@given(asked=SOME_WORDS, text=st.frozensets(st.sampled_from(WORDS)), extra=st.sampled_from(WORDS))
def test_a_passage_that_says_more_never_covers_less(
    asked: list[str], text: frozenset[str], extra: str
) -> None:
    before, after = features(terms(*asked), text=text), features(terms(*asked), text=text | {extra})
    assert after["coverage"] >= before["coverage"] - 1e-12
    assert after["text_coverage"] >= before["text_coverage"] - 1e-12
    assert after["missing"] <= before["missing"] + 1e-12


@given(low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_likelier_passage_never_scores_lower(low: float, high: float) -> None:
    low, high = sorted((low, high))
    first = features(terms("ijzer"), likelihoods=(low, 0.1))
    second = features(terms("ijzer"), likelihoods=(high, 0.1))
    assert second["classifier"] >= first["classifier"]
    assert second["classifier_lead"] >= first["classifier_lead"]


def test_the_very_question_of_an_editor_is_covered_whole() -> None:
    row = features(terms("ijzer", "tekort"), questions=(question("water"), question("ijzer", "tekort")))
    for name in ("question_cosine", "question_dice", "back_coverage", "coverage"):
        assert row[name] == pytest.approx(1.0)
    assert row["missing"] == 0.0
    assert row["text_coverage"] == 0.0


def test_second_question_is_the_next_nearest_not_the_nearest() -> None:
    alone = features(terms("ijzer"), questions=(question("ijzer"),))
    beside = features(
        terms("ijzer"), questions=(question("water"), question("ijzer"), question("ijzer", "bloed"))
    )
    assert alone["second_question"] == 0.0
    assert 0.0 < beside["second_question"] < 1.0


def test_part_of_a_compound_counts_less_than_the_word() -> None:
    compound = [Term("ijzertekort", ("ijzer", "tekort"))]
    whole = features(compound, text=frozenset({"ijzertekort"}))["coverage"]
    parts = features(compound, text=frozenset({"ijzer", "tekort"}))["coverage"]
    half = features(compound, text=frozenset({"ijzer"}))["coverage"]
    assert whole == 1.0 > parts > half > 0.0


def test_part_asked_for_is_found_in_a_compound_of_the_text() -> None:
    row = features(terms("ijzer"), text=frozenset({"ijzertekort"}), parts=frozenset({"ijzer", "tekort"}))
    assert 0.0 < row["text_coverage"] < 1.0


def test_a_rare_gap_is_worse_than_a_common_one() -> None:
    common = features(terms("ijzer", "water"), text=frozenset({"water"}))["missing"]
    rare = features(terms("ijzer", "water"), text=frozenset({"ijzer"}))["missing"]
    assert rare > common > 0.0


def test_question_words_need_no_answer_and_say_nothing() -> None:
    with_word = features([Term("hoe", (), False), *terms("ijzer")], text=frozenset({"ijzer"}))
    without = features(terms("ijzer"), text=frozenset({"ijzer"}))
    assert with_word["coverage"] == 1.0
    assert with_word["informative"] == without["informative"]


def test_more_words_inform_more() -> None:
    assert features(terms("ijzer", "water"))["informative"] > features(terms("ijzer"))["informative"] > 0.0


def test_lead_is_the_distance_to_the_likeliest_other() -> None:
    assert features(terms("ijzer"), likelihoods=(0.7, 0.2, 0.1))["classifier_lead"] == pytest.approx(0.5)
    assert features(terms("ijzer"), likelihoods=(0.2, 0.7, 0.1))["classifier_lead"] == pytest.approx(-0.5)
    assert features(terms("ijzer"), likelihoods=(0.4, 0.4))["classifier_lead"] == 0.0
