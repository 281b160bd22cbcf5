from __future__ import annotations

import pytest

from kalm.conversation import Conversation
from kalm.followup import leans_on_before, resolve
from kalm.search import SearchIndex

ABOUT_HEREDITY = Conversation(
    topic="Zijn rusteloze benen erfelijk?",
    question="Zijn rusteloze benen erfelijk?",
    shown=("onrust#erfelijk",),
)


@pytest.mark.parametrize(
    "text",
    [
        "en de bijwerkingen?",
        "En bij zwangerschap?",
        "maar helpt dat",
        "werkt dat?",
        "hoe vaak komt dat voor",
        "hoezo?",
        "waarom?",
    ],
)
def test_half_a_question_leans_on_what_was_said(text: str) -> None:
    assert leans_on_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "Zijn rusteloze benen erfelijk?",
        "welke bijwerkingen hebben ijzertabletten",
        "Endorfine, helpt lopen?",
        "en kan magnesium in badkristallen door de huid komen bij kinderen met kramp",
    ],
)
def test_whole_question_stands_by_itself(text: str) -> None:
    assert not leans_on_before(text)


def test_follow_up_is_read_with_the_topic(index: SearchIndex) -> None:
    question = resolve("en bij zwangerschap?", ABOUT_HEREDITY, index)
    assert question.text == "Zijn rusteloze benen erfelijk? en bij zwangerschap?"
    assert question.topic == ABOUT_HEREDITY.topic
    assert question.matches[0].passage.id == "onrust#zwangerschap"


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("Hoe lang duurt een voetenbad?", "voetenbad#hoe-lang"),
        ("welke temperatuur moet voetbad hebben", "voetenbad#temperatuur"),
    ],
)
def test_changed_subject_counts_by_itself(index: SearchIndex, text: str, passage: str) -> None:
    question = resolve(text, ABOUT_HEREDITY, index)
    assert (question.text, question.topic) == (text, text)
    assert question.matches[0].passage.id == passage


def test_first_question_leans_on_nothing(index: SearchIndex) -> None:
    question = resolve("en bij zwangerschap?", Conversation(), index)
    assert question.text == question.topic == "en bij zwangerschap?"


def test_follow_up_that_finds_nothing_with_the_topic_counts_by_itself(index: SearchIndex) -> None:
    lost = Conversation(topic="qwxz vrtplm", question="qwxz vrtplm")
    text = "en pannenkoeken?"
    assert resolve(text, lost, index).topic == text


@pytest.mark.parametrize(
    "question", ["Wat is het restless legs syndroom?", "Hoe warm moet het voetenbad zijn?"]
)
def test_an_editors_own_question_leans_on_nothing(index: SearchIndex, question: str) -> None:
    # These words stand on buttons: pressing one must lead to its own passage whatever came before.
    (own,) = (passage for passage in index.passages if question in passage.questions)
    for before in index.passages:
        topic = before.questions[0]
        found = resolve(question, Conversation(topic=topic, question=topic, shown=(before.id,)), index)
        assert found.matches[0].passage.id == own.id, f"after {topic!r}"


def test_where_nothing_was_answered_last_a_text_alone_does_not_count_as_leaning(index: SearchIndex) -> None:
    # An unanswered question leaves ``question`` empty: then there is only the topic to lean on.
    before = Conversation(topic="Zijn rusteloze benen erfelijk?", question="", shown=("onrust#erfelijk",))
    for text in (
        "en bij zwangerschap?",
        "en hoe warm is het voetenbad",
        "en de bijwerkingen van ijzertabletten?",
    ):
        found = resolve(text, before, index)
        assert found.text in (text, f"{before.topic} {text}")
        assert found.leaned == (found.text != text)
