"""The training data keeps the promises of the design."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
import yaml

from commands.evaluation.data import DEVELOPMENT, HELD_OUT, read_dialogues, read_messages
from commands.evaluation.intents import training_examples
from kalm.articles import passages, read_articles
from kalm.settings import ROOT
from kalm.understanding import KNOWLEDGE

TEXTS, INTENTS = training_examples()
FEWEST = {**dict.fromkeys(KNOWLEDGE, 60), "out_of_scope": 120}


def fold(text: str) -> str:
    return re.sub(r"[^\w ]", "", text.lower()).strip()


@pytest.mark.parametrize("intent", sorted(set(INTENTS)))
def test_each_intent_has_enough_examples(intent: str) -> None:
    assert Counter(INTENTS)[intent] >= FEWEST.get(intent, 25)


def test_every_intent_of_the_domain_is_trained_and_has_one_rule() -> None:
    domain = yaml.safe_load((ROOT / "domain" / "conversation.yml").read_text(encoding="utf-8"))
    ruled = Counter(
        rule["steps"][0]["intent"]
        for path in (ROOT / "data" / "rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    )
    assert set(domain["intents"]) == set(INTENTS)
    assert ruled == Counter([*domain["intents"], "nlu_fallback"])


def test_no_sentence_stands_under_two_intents_or_twice() -> None:
    places = defaultdict(list)
    for text, intent in zip(TEXTS, INTENTS, strict=True):
        places[fold(text)].append(intent)
    assert {text: intents for text, intents in places.items() if len(intents) > 1 and text} == {}


def test_small_talk_holds_no_word_about_health() -> None:
    responses = yaml.safe_load((ROOT / "domain" / "responses.yml").read_text(encoding="utf-8"))["responses"]
    words = re.compile(r"magnesium|benen|rls|slaap|klacht|medicijn|behandel|gezond|pijn", re.IGNORECASE)
    for name, variants in responses.items():
        for variant in variants:
            assert list(variant) == ["text"], name
            assert not words.search(variant["text"]), name


def test_the_development_set_is_large_enough_and_its_labels_exist() -> None:
    known = {passage.id for passage in passages(read_articles(ROOT / "data" / "articles"))}
    messages, dialogues = read_messages(DEVELOPMENT), read_dialogues(DEVELOPMENT)
    turns = [turn.message for dialogue in dialogues for turn in dialogue.turns]
    assert len(messages) >= 300
    assert len(dialogues) >= 20
    for message in [*messages, *turns, *read_messages(HELD_OUT)]:
        assert message.intent in set(INTENTS)
        assert set(message.sections) <= known


def test_development_and_held_out_questions_are_not_learned_from() -> None:
    learned = {
        fold(question)
        for a in read_articles(ROOT / "data" / "articles")
        for s in a.sections
        for question in s.questions
    }
    learned |= {
        fold(text) for text in yaml.safe_load((ROOT / "data/unanswered.yml").read_text("utf-8"))["vragen"]
    }
    learned |= {fold(text) for text, intent in zip(TEXTS, INTENTS, strict=True) if intent in KNOWLEDGE}
    for folder in (DEVELOPMENT, HELD_OUT):
        labelled = read_messages(folder)
        if folder == DEVELOPMENT:
            # Dialogues measure what follows: the plain question that opens one may be an editor's own.
            turns = [turn.message for dialogue in read_dialogues(folder) for turn in dialogue.turns]
            labelled += [message for message in turns if not message.sections]
        asked = [message for message in labelled if message.intent in KNOWLEDGE]
        shared = [message.text for message in asked if fold(message.text) in learned]
        assert shared == []
