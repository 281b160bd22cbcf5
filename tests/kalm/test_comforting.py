from __future__ import annotations

import pytest

from kalm.articles import Passage
from kalm.comforting import comfort_reply, comforted
from kalm.conversation import Conversation
from kalm.danger_replies import danger
from kalm.fixed_replies import handoff, say, with_starters
from kalm.reply import Kind
from kalm.safety.comfort import comfort_for

LOSS = "mijn man is overleden"
NEW = Conversation()


def test_a_kind_word_stands_before_an_answer(passages: tuple[Passage, ...]) -> None:
    answer = say(Kind.ANSWER, "", NEW, passages=passages[:1])
    reply = comforted(f"{LOSS}, komt rls door slecht slapen?", answer).reply
    comfort = comfort_for(LOSS)
    assert comfort is not None
    assert reply.message == comfort.word
    assert reply.passages == answer.reply.passages
    assert comforted(LOSS, handoff(NEW)).reply.message.startswith(comfort.word)


@pytest.mark.parametrize("kind", [Kind.NO_ANSWER, Kind.OUT_OF_SCOPE])
def test_where_there_is_nothing_to_answer_it_points_to_someone_and_sells_nothing(kind: Kind) -> None:
    reply = comforted(LOSS, with_starters(kind, "Daar vind ik niets over.", NEW)).reply
    assert "Luisterlijn" in reply.message
    assert "niets over" not in reply.message
    assert reply.suggestions == ()
    assert reply.payload["numbers"] == {
        "088 0767 000": "tel:0880767000",
        "106": "tel:106",
        "113": "tel:113",
        "1813": "tel:1813",
    }


def test_who_is_worn_out_is_offered_what_the_articles_say() -> None:
    answer = with_starters(Kind.NO_ANSWER, "Daar vind ik niets over.", NEW)
    assert comforted("ik ben radeloos", answer).reply.suggestions == answer.reply.suggestions


def test_danger_and_what_is_not_heavy_stay_as_they_are() -> None:
    in_danger = danger(Kind.CRISIS, "", NEW)
    assert comforted(LOSS, in_danger) == in_danger
    assert comfort_reply(LOSS, in_danger.conversation) is None
    plain = handoff(NEW)
    assert comforted("wat is rls", plain) == plain
    assert comfort_reply("wat is rls", NEW) is None


def test_beside_small_talk_the_kind_word_is_the_whole_reply() -> None:
    answer = comfort_reply(LOSS, NEW)
    assert answer is not None
    assert answer.reply.kind is Kind.OUT_OF_SCOPE
    assert "geen medisch advies" in answer.reply.text
