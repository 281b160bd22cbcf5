from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from channels.visitor import as_messages
from channels.whatsapp.outbound.limits import (
    LONGEST_ADVISED,
    LONGEST_BUTTONS_TEXT,
    LONGEST_TEXT,
    Choice,
    LimitError,
    length,
)
from channels.whatsapp.outbound.rendering import render
from kalm import channel_replies, fixed_replies
from kalm.articles import Passage
from kalm.asking import which
from kalm.choosing import pointed_at
from kalm.conversation import Conversation
from kalm.danger_replies import in_danger
from kalm.forgetting import ask_to_erase, privacy
from kalm.reply import Disclaimer, Kind, Reply, Suggestion, numbers
from kalm.sentences import sentences

LONG = "Dit is een zin van precies veertig letters. "
UNTITLED = Suggestion("Hoe lang duurt een voetenbad eigenlijk?", "Hoe lang duurt een voetenbad eigenlijk?")


def shown(reply: Reply, beside: str = "") -> list[str]:
    """The blocks of the text."""
    return render(as_messages(reply), beside).text.split("\n\n")


def short(number: int) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(f"Vraag {place}", f"vraag {place}") for place in range(number))


@pytest.fixture
def answer(passages: tuple[Passage, ...]) -> Reply:
    return Reply(
        Kind.ANSWER,
        Disclaimer.SHORT,
        passages=(passages[0],),
        caution="Let op: vraag eerst je huisarts.",
        notice="Let op, de winkel verkoopt zelf magnesium.",
    )


def test_an_answer_stands_in_blocks_with_the_link_on_a_line_of_its_own(answer: Reply) -> None:
    assert shown(answer, "Ik lees alleen je tekst.") == [
        "Ik lees alleen je tekst.",
        "*Wat rusteloze benen zijn*\nRusteloze benen geven een drang om te bewegen.",
        "Die drang komt vooral in rust.",
        "Bron: ‘Onrust in de benen’ (officiële bron, 6 september 2024)\nhttps://example.org/onrust-in-de-benen",
        answer.caution,
        answer.notice,
        f"_{Disclaimer.SHORT.text}_",
    ]


def test_no_words_of_others_format_anything(answer: Reply) -> None:
    sign = "*x*"
    passage = replace(answer.passages[0], article=sign, section=sign, text=sign)
    reply = replace(
        answer,
        message=sign,
        passages=(passage,),
        sources=(sign,),
        caution=sign,
        notice=sign,
        choices=sign,
        suggestions=(replace(UNTITLED, title=f"{sign} {UNTITLED.title}"),),
        question="",
    )
    text = render(as_messages(reply), sign).text
    assert text.replace("*∗x∗*", "").count("*") == 0
    assert text.count("∗x∗") == 10
    cited = render(as_messages(replace(reply, kind=Kind.SOURCE, cites_only=True, question=sign))).text
    assert "*" not in cited


def test_an_old_text_tells_its_age_below_the_link(answer: Reply, passages: tuple[Passage, ...]) -> None:
    old = replace(answer, passages=(replace(passages[0], reviewed="2020-01-01"),))
    age = old.payload["passages"][0]["age"]
    assert age
    assert f"{passages[0].url}\n{age}\n\n" in render(as_messages(old)).text


def test_of_two_passages_each_has_its_own_source(answer: Reply, passages: tuple[Passage, ...]) -> None:
    text = render(as_messages(replace(answer, passages=(passages[0], passages[4])))).text
    first, second = (text.index(f"*{one.section}*") for one in (passages[0], passages[4]))
    assert first < text.index(passages[0].url) < second < text.index("/artikelen/ijzer#tekort")


def test_a_list_of_an_article_stays_a_list_and_signs_do_not_format(answer: Reply) -> None:
    passage = replace(
        answer.passages[0], section="De *kop*", text="Eet:\n- *noten*\n- zaden\n\n1. is geen lijst"
    )
    assert shown(replace(answer, passages=(passage,)))[:2] == [
        "*De ∗kop∗*\nEet:\n- ∗noten∗\n- zaden",
        "\u20601. is geen lijst",
    ]


def test_a_cited_source_names_its_section_and_what_the_article_rests_on(
    passages: tuple[Passage, ...],
) -> None:
    reply = Reply(
        Kind.SOURCE,
        Disclaimer.SHORT,
        "Dat staat hier.",
        passages=passages[:1],
        cites_only=True,
        sources=("Een richtlijn, 2023: https://example.org/een_richt_lijn",),
    )
    assert shown(reply) == [
        "Dat staat hier.",
        "Bron: ‘Onrust in de benen’, onder ‘Wat rusteloze benen zijn’ (officiële bron, 6 september 2024)\n"
        "https://example.org/onrust-in-de-benen",
        f"{sentences().source_rests_on}\n- Een richtlijn, 2023: https://example.org/een_richt_lijn",
        f"_{Disclaimer.SHORT.text}_",
    ]


@pytest.mark.parametrize("text", ["mijn man reageert niet meer en ademt niet", "ik wil niet meer leven"])
def test_numbers_stand_out_in_danger(text: str) -> None:
    reply = in_danger(text)
    assert reply is not None
    said = shown(reply)[0]
    assert numbers(reply.message)
    assert all(f"*{number}*" in said for number in numbers(reply.message))
    assert said.replace("*", "") == reply.message


def test_numbers_stand_out_in_other_replies_and_in_text_alone() -> None:
    assert "bel je *112*." in shown(channel_replies.cannot_listen())[0]
    assert render([{"text": "In nood bel je 112."}]).text == "In nood bel je *112*."


def test_small_talk_is_one_message_without_a_disclaimer() -> None:
    message = render(
        [{"text": "Hallo, ik ben *Kalm*."}, {"text": ""}, {"text": "Zeg het maar."}], "Eerst dit."
    )
    assert message.text == "Eerst dit.\n\nHallo, ik ben ∗Kalm∗.\n\nZeg het maar."
    assert not message.choices


@pytest.mark.parametrize("parts", [[], [{"text": " "}]])
def test_nothing_to_say_is_refused(parts: list[dict[str, Any]]) -> None:
    with pytest.raises(LimitError, match="empty"):
        render(parts)


def test_three_short_choices_are_buttons_that_send_the_question() -> None:
    message = render(as_messages(fixed_replies.capabilities(Conversation()).reply))
    assert [choice.id for choice in message.choices] == list(sentences().starters)
    assert message.list_button == ""
    assert message.text.endswith(f"_\n\n{sentences().capabilities_choices}")


@pytest.mark.parametrize("number", [1, 3])
def test_up_to_three_choices_are_buttons(number: int) -> None:
    message = render(as_messages(Reply(Kind.CLARIFY, Disclaimer.SHORT, "Wat?", suggestions=short(number))))
    assert message.choices == tuple(Choice(f"vraag {place}", f"Vraag {place}") for place in range(number))
    assert message.list_button == ""


def test_four_choices_are_a_list() -> None:
    message = render(as_messages(Reply(Kind.CLARIFY, Disclaimer.SHORT, "Wat?", suggestions=short(4))))
    assert message.choices == tuple(Choice(f"vraag {place}", f"Vraag {place}") for place in range(4))
    assert message.list_button == sentences().more_questions


def test_choices_below_a_long_text_are_a_list_with_the_whole_question(answer: Reply) -> None:
    (question, *_) = sentences().starters
    passage = replace(answer.passages[0], text=LONG * 20)
    (row,) = render(
        as_messages(replace(answer, passages=(passage,), suggestions=(Suggestion(question, question),)))
    ).choices
    assert (row.id, row.description) == (question, question)
    assert row.title != question


@pytest.mark.parametrize(
    "suggestions",
    [
        (UNTITLED, *short(2)),
        (Suggestion("Vraag", "vraag 1"), Suggestion("Vraag", "vraag 2")),
        (Suggestion("Vraag 1", "vraag"), Suggestion("Vraag 2", "vraag")),
        (Suggestion("Vraag", "v" * 257),),
    ],
)
@pytest.mark.parametrize("choices", ["Kies uit:", ""])
def test_choices_that_cannot_be_pressed_stand_in_the_text(
    suggestions: tuple[Suggestion, ...], choices: str
) -> None:
    reply = Reply(Kind.CLARIFY, Disclaimer.SHORT, "Wat?", choices=choices, suggestions=suggestions)
    message = render(as_messages(reply))
    assert not message.choices
    introduction, *lines = message.text.split("\n\n")[1].splitlines()
    assert introduction == (choices or sentences().capabilities_choices)
    assert lines == [f"{number}. {one.title}" for number, one in enumerate(suggestions, 1)]
    assert [pointed_at(line.partition(".")[0], len(lines)) for line in lines] == list(range(len(lines)))


def test_whether_it_helped_is_asked_last_with_two_buttons(answer: Reply) -> None:
    asked = replace(answer, question=sentences().helped_question, suggestions=short(3))
    message = render(as_messages(asked))
    assert message.text.endswith(f"_\n\n{sentences().helped_question}")
    assert message.choices == (Choice("ja", sentences().helped_yes), Choice("nee", sentences().helped_no))
    assert message.list_button == ""


@pytest.mark.parametrize("number", [0, 2])
def test_below_a_text_too_long_for_buttons_the_question_stays_and_the_list_comes(
    answer: Reply, number: int
) -> None:
    passage = replace(answer.passages[0], text=LONG * 22)
    asked = replace(
        answer, passages=(passage,), question=sentences().helped_question, suggestions=short(number)
    )
    message = render(as_messages(asked))
    assert length(message.text) > LONGEST_BUTTONS_TEXT
    assert message.text.endswith(sentences().helped_question)
    assert [choice.id for choice in message.choices] == [f"vraag {place}" for place in range(number)]


def test_below_whether_it_helped_there_are_no_other_questions_in_the_text(answer: Reply) -> None:
    passage = replace(answer.passages[0], text=LONG * 22)
    asked = replace(answer, passages=(passage,), question="Hielp dit?", suggestions=(UNTITLED,))
    message = render(as_messages(asked))
    assert not message.choices
    assert UNTITLED.title not in message.text


def test_a_long_passage_is_cut_at_a_sentence_with_the_way_to_the_rest(
    answer: Reply, passages: tuple[Passage, ...]
) -> None:
    long = replace(passages[0], text=(LONG * 50).strip())
    *_, last, read_on = shown(replace(answer, passages=(long,)))[:2]
    text = render(as_messages(replace(answer, passages=(long,)))).text
    assert LONGEST_ADVISED - len(LONG) < length(text) <= LONGEST_ADVISED
    assert last.endswith(LONG.strip())
    assert read_on.startswith(f"{sentences().read_on}\nBron: ")
    assert text.count(sentences().read_on) == 1
    for kept in (long.url, answer.caution, answer.notice, Disclaimer.SHORT.text):
        assert kept in text


def test_what_stands_beside_the_answer_is_cut_before_the_answer(
    answer: Reply, passages: tuple[Passage, ...]
) -> None:
    first = replace(passages[0], text=(LONG * 14).strip())
    second = replace(passages[4], text=(LONG.replace("Dit", "Dat") * 20).strip())
    text = render(as_messages(replace(answer, passages=(first, second)))).text
    assert first.text in text
    assert second.text not in text
    assert text.count(sentences().read_on) == 1
    assert second.url in text


def test_nothing_but_passages_is_ever_cut(answer: Reply) -> None:
    text = render(as_messages(replace(answer, caution=LONG * 50))).text
    assert LONGEST_ADVISED < length(text) <= LONGEST_TEXT
    assert LONG * 49 in text
    assert answer.passages[0].text not in text
    with pytest.raises(LimitError, match="4096"):
        render(as_messages(replace(answer, caution=LONG * 100)))


@pytest.mark.parametrize(
    "reply",
    [
        channel_replies.ask_consent(),
        channel_replies.stopped(has_conversation=True),
        privacy(Conversation()).reply,
        ask_to_erase(Conversation()).reply,
    ],
)
def test_what_is_about_the_conversation_has_buttons(reply: Reply) -> None:
    message = render(as_messages(reply))
    assert [choice.id for choice in message.choices] == [one.payload for one in reply.suggestions]
    assert message.list_button == ""


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.EMERGENCY, Kind.CRISIS)])
def test_every_kind_of_reply_says_all_it_has_to_say(kind: Kind, answer: Reply) -> None:
    reply = replace(answer, kind=kind, message="Eerst dit.", suggestions=short(2), choices="Kies uit:")
    text = render(as_messages(reply)).text
    for said in ("Eerst dit.", reply.caution, reply.notice, f"_{reply.disclaimer.text}_", "Kies uit:"):
        assert said in text


def test_the_last_of_several_replies_counts(answer: Reply) -> None:
    asked = which(["Wat is ijzer?"], Conversation()).reply
    assert render([*as_messages(answer), *as_messages(asked)]) == render(as_messages(asked))
