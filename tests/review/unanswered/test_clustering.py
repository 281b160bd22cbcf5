from __future__ import annotations

import json

import pytest

from kalm.articles import passages, read_articles
from kalm.settings import ROOT
from review.unanswered.clustering import cluster

QUESTIONS = [
    "kan rls ook maar in 1 been zitten",
    "rusteloze benen maar in een been, kan dat",
    "zit rls soms in een been alleen",
    "hoeveel magnesium zit er in pindakaas",
    "zit er veel magnesium in pindakaas",
]


def test_questions_about_one_thing_come_together() -> None:
    found = cluster(QUESTIONS, ["Wat is rls?", "Wat is magnesium?"], None)
    assert found.labels == (0, 0, 0, 1, 1)
    assert all(0 <= one <= 1 for one in found.typical)


@pytest.mark.parametrize("texts", [[], ["een vraag"], ["de en het", "een of"], ["😣", "kan rls in 1 been"]])
def test_few_or_empty_questions(texts: list[str]) -> None:
    assert len(cluster(texts, [], None).labels) == len(texts)


def test_most_of_a_cluster_asks_for_one_passage() -> None:
    """On the development set, without embeddings: far more often than by chance."""
    path = ROOT / "tests" / "data" / "development" / "answerable.jsonl"
    asked = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    known = [one.questions[0] for one in passages(read_articles(ROOT / "data" / "articles"))]
    found = cluster([one["text"] for one in asked], known, None)
    pairs = [
        set(one["sections"]) & set(other["sections"])
        for place, one in enumerate(asked)
        for beside, other in enumerate(asked[:place])
        if found.labels[place] == found.labels[beside]
    ]
    by_chance = 0.007
    assert sum(map(bool, pairs)) / len(pairs) > 10 * by_chance
