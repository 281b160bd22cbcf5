from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kalm.answering import ASK_HELPED_EVERY, Answering
from kalm.articles import Evidence, Passage
from kalm.conversation import Conversation
from kalm.danger_replies import danger, danger_again
from kalm.fixed_replies import Answer, capabilities, empty, handoff
from kalm.forgetting import privacy
from kalm.reply import Disclaimer, Kind, Reply
from kalm.search import SearchIndex
from kalm.search.fit import Fit, Verdict
from kalm.sentences import sentences
from kalm.settings import load_settings
from kalm.understanding import Understanding

NEW = Conversation()
KNOWS = Understanding({"ask_rls": 0.9})
INTENTS = [
    "ask_rls",
    "ask_treatment",
    "ask_product",
    "out_of_scope",
    "report_crisis",
    "report_emergency",
    "greet",
]
WORDS = [
    "rusteloze",
    "benen",
    "ijzer",
    "voetenbad",
    "en",
    "dat",
    "erfelijk",
    "hoe",
    "bij",
    "zwangerschap",
    "mop",
    "?",
]
IDS = ["onrust#wat-is-het", "onrust#erfelijk", "ijzer#tekort", "ijzer#eten", "voetenbad#huid", "weg#weg", ""]
QUESTIONS = ["Zijn rusteloze benen erfelijk?", "Wat is een ijzertekort?", "Hoe lang duurt een voetenbad?"]

texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    st.sampled_from(QUESTIONS),
)
rankings = st.dictionaries(st.sampled_from(INTENTS), st.floats(0, 1), max_size=4).map(Understanding)
conversations = st.builds(
    Conversation,
    disclaimed=st.booleans(),
    topic=texts,
    question=texts,
    shown=st.lists(st.sampled_from(IDS), max_size=4).map(tuple),
    rejections=st.integers(0, 4),
    answers=st.integers(0, 9),
)
json_values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.lists(st.text(max_size=9), max_size=2)
)
damaged = st.dictionaries(st.sampled_from(sorted(NEW.to_slot())), json_values).map(Conversation.from_slot)

Method = Callable[[Answering, str, Understanding, Conversation], Answer]
METHODS: dict[str, Method] = {
    "answer": lambda asking, text, understanding, before: asking.answer(text, understanding, before),
    "more": lambda asking, _, __, before: asking.more(before),
    "differently": lambda asking, _, __, before: asking.differently(before),
    "choose": lambda asking, text, understanding, before: asking.choose(
        text, understanding, QUESTIONS[: len(text) % 4], before
    ),
    "agree": lambda asking, text, _, before: asking.agree(QUESTIONS[: len(text) % 4], before),
    "source": lambda asking, text, understanding, before: asking.source(text, understanding, before),
    "capabilities": lambda _, __, ___, before: capabilities(before),
    "referral": lambda asking, text, understanding, before: asking.referral(text, understanding, before),
    "emergency": lambda _, __, ___, before: danger(Kind.EMERGENCY, "", before),
    "crisis": lambda _, __, ___, before: danger(Kind.CRISIS, "", before),
    "handoff": lambda _, __, ___, before: handoff(before),
    "privacy": lambda _, __, ___, before: privacy(before),
}

FIXED = {"emergency", "crisis", "capabilities", "handoff", "privacy"}
"""Said without the index."""


def assert_safe(reply: Reply) -> dict[str, Any]:
    """A reply that may leave the house; gives its payload."""
    assert "geen medisch advies" in reply.text
    assert all(line.strip() for line in reply.text.splitlines())
    payload: dict[str, Any] = json.loads(json.dumps(reply.payload, allow_nan=False))
    kind = Kind(payload["kind"])
    assert "geen medisch advies" in payload["disclaimer"]
    if kind in (Kind.CRISIS, Kind.EMERGENCY):
        assert (payload["passages"], payload["suggestions"]) == ([], [])
    return payload


def ids(reply: Reply) -> list[str]:
    return [passage.id for passage in reply.passages]


@pytest.fixture
def generous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other passage may come next, so that the order of things does not hang on fitted weights."""
    monkeypatch.setattr("kalm.answering.MAYBE_FROM", 0.0)
    monkeypatch.setattr("kalm.asking.NEAR_FROM", 0.0)


def test_every_method_that_says_something_is_in_this_test() -> None:
    public = {name for name in vars(Answering) if not name.startswith("_")}
    assert public == METHODS.keys() - FIXED


@pytest.mark.parametrize("name", METHODS)
@settings(deadline=None, max_examples=20)
@given(text=texts, understanding=rankings, before=conversations)
def test_no_reply_leaves_without_disclaimer(
    asking: Answering, name: str, text: str, understanding: Understanding, before: Conversation
) -> None:
    answer = METHODS[name](asking, text, understanding, before)
    assert_safe(answer.reply)
    assert Conversation.from_slot(answer.conversation.to_slot()) == answer.conversation
    if name in ("emergency", "crisis"):
        assert answer.reply.disclaimer is Disclaimer.DANGER
        assert answer.conversation.disclaimed == before.disclaimed
    elif not (name == "privacy" and before.is_in_danger):
        assert answer.reply.disclaimer is (Disclaimer.SHORT if before.disclaimed else Disclaimer.LONG)
        assert answer.conversation.disclaimed


@pytest.mark.parametrize("name", METHODS)
@settings(deadline=None, max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(text=texts, before=damaged)
def test_a_damaged_slot_does_no_harm(asking: Answering, name: str, text: str, before: Conversation) -> None:
    answer = METHODS[name](asking, text, KNOWS, before)
    assert_safe(answer.reply)


def test_long_disclaimer_comes_first_and_the_short_one_after(asking: Answering) -> None:
    first = asking.answer(QUESTIONS[0], KNOWS, NEW)
    second = asking.answer(QUESTIONS[1], KNOWS, first.conversation)
    assert (first.reply.disclaimer, second.reply.disclaimer) == (Disclaimer.LONG, Disclaimer.SHORT)


def test_answer_is_the_passage_word_for_word(asking: Answering, index: SearchIndex) -> None:
    reply = asking.answer("zijn wriemelbenen erfelijk", KNOWS, NEW).reply
    passage = index.passage("onrust#erfelijk")
    assert reply.kind is Kind.ANSWER
    assert passage is not None
    assert reply.passages[0] == passage
    assert passage.text in reply.text


@pytest.mark.parametrize("text", ["", "  ", "?!...", "🙂"])
def test_message_without_words_asks_for_words(asking: Answering, text: str) -> None:
    answer = asking.answer(text, KNOWS, NEW)
    assert answer.reply.message == empty().message
    assert answer.reply.passages == ()


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_clear_question_after_danger_is_answered_after_the_numbers(asking: Answering, kind: Kind) -> None:
    after = asking.answer(QUESTIONS[0], KNOWS, danger(kind, "", NEW).conversation)
    assert after.reply.kind is Kind.ANSWER
    numbers = {Kind.CRISIS: sentences().after_crisis, Kind.EMERGENCY: sentences().after_emergency}
    assert after.reply.message == numbers[kind]
    assert danger_again("hmm", after.conversation) is None


@pytest.mark.parametrize(
    ("text", "understanding"),
    [
        ("komt dat van rusteloze benen?", KNOWS),
        ("moet ik wachten tot morgen", Understanding({"goodbye": 0.7})),
        ("Zijn rusteloze benen bij iedereen erfelijk of niet", Understanding({"ask_rls": 0.4})),
        ("vertel een mop", Understanding({"out_of_scope": 0.9})),
        ("🙂", KNOWS),
    ],
)
def test_after_danger_only_a_clear_other_question_is_answered(
    asking: Answering, text: str, understanding: Understanding
) -> None:
    before = danger(Kind.EMERGENCY, "", NEW).conversation
    assert asking.answer(text, understanding, before).reply.kind is Kind.EMERGENCY


def test_a_personal_decision_is_referred_with_general_subjects_to_choose_from(
    asking: Answering, index: SearchIndex
) -> None:
    text = "ferritine laten meten bij mijn bloedonderzoek"
    nothing_marked = asking.referral(text, Understanding(), NEW).reply
    assert (nothing_marked.kind, nothing_marked.passages) == (Kind.REFERRAL, ())
    assert nothing_marked.suggestions == ()
    marked = [replace(passage, fits_referral=True) for passage in index.passages]
    answer = Answering(with_passages(index, marked)).referral(text, Understanding(), NEW)
    assert answer.reply.kind is Kind.REFERRAL
    assert ids(answer.reply) == ["ijzer#meten"]
    assert answer.conversation.shown == ("ijzer#meten",)


def with_passages(index: SearchIndex, passages: Sequence[Passage]) -> SearchIndex:
    """The same index over passages with other fields."""
    changed = copy(index)
    changed.passages = tuple(passages)
    return changed


def test_a_condition_that_the_visitor_told_makes_an_answer_a_referral(
    asking: Answering, index: SearchIndex
) -> None:
    marked = [replace(passage, conditions=("nierziekte",)) for passage in index.passages]
    careful = Answering(with_passages(index, marked))
    answered = careful.answer(QUESTIONS[0], KNOWS, NEW).reply
    assert answered.kind is Kind.ANSWER
    assert "als je nieren minder goed werken" in answered.caution
    referred = careful.answer(QUESTIONS[0], KNOWS, NEW.told(["nierziekte", "medicijnen"])).reply
    assert (referred.kind, referred.passages) == (Kind.REFERRAL, ())
    assert "Je noemde nieren die minder goed werken." in referred.message
    assert careful.answer(QUESTIONS[0], KNOWS, NEW.told(["kind"])).reply.kind is Kind.ANSWER


@pytest.mark.parametrize(
    "text", ["mag ik er nog een bijnemen", "kan ik de dosis verdubbelen", "hoeveel mag ik slikken"]
)
def test_a_dose_is_referred_whatever_the_intent(asking: Answering, text: str) -> None:
    assert asking.answer(text, KNOWS, NEW).reply.kind is Kind.REFERRAL


def test_half_a_question_after_a_referral_is_a_personal_decision_too(asking: Answering) -> None:
    referred = asking.referral("mag ik 400 mg nemen", KNOWS, NEW)
    assert referred.conversation.referred
    for text in ("en 300", "hoeveel dan", "kan dat kwaad"):
        assert asking.answer(text, KNOWS, referred.conversation).reply.kind is Kind.REFERRAL
    general = asking.answer("en in welke voeding zit het", KNOWS, referred.conversation)
    assert general.reply.kind is not Kind.REFERRAL
    answered = asking.answer(QUESTIONS[0], KNOWS, referred.conversation)
    assert answered.reply.kind is Kind.ANSWER
    assert not answered.conversation.referred


def test_a_passage_with_a_claim_is_never_sent_and_named_in_the_log(
    index: SearchIndex, caplog: pytest.LogCaptureFixture
) -> None:
    claim = "Magnesium geneest rusteloze benen."
    bad = Answering(with_passages(index, [replace(passage, text=claim) for passage in index.passages]))
    assert caplog.text.count("makes a claim (werking_bij_klacht) and is never sent") == len(index.passages)
    for question in QUESTIONS:
        assert bad.answer(question, KNOWS, NEW).reply.kind is Kind.NO_ANSWER
    assert claim not in caplog.text


@pytest.mark.parametrize(("claims", "kind"), [("gewoon", Kind.ANSWER), ("streng", Kind.NO_ANSWER)])
def test_experiences_are_withheld_where_the_shop_wants_that(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch, claims: str, kind: Kind
) -> None:
    monkeypatch.setattr("kalm.showing.settings", lambda: load_settings(claims=claims))
    experiences = [replace(passage, evidence=Evidence.EXPERIENCE) for passage in index.passages]
    asking = Answering(with_passages(index, experiences))
    assert asking.answer(QUESTIONS[0], KNOWS, NEW).reply.kind is kind


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_in_danger_what_is_sold_is_withheld_and_the_rest_is_answered(index: SearchIndex, kind: Kind) -> None:
    sold = [replace(passage, text=f"{passage.text} Het gaat over magnesium.") for passage in index.passages]
    conversation = replace(danger(kind, "", NEW).conversation, danger_open=False)
    assert Answering(index).answer(QUESTIONS[0], KNOWS, conversation).reply.kind is Kind.ANSWER
    withheld = Answering(with_passages(index, sold)).answer(QUESTIONS[0], KNOWS, conversation)
    assert (withheld.reply.kind, withheld.reply.passages) == (kind, ())
    assert withheld.conversation.is_in_danger


def test_another_subject_is_out_of_scope_or_unanswered_but_never_made_up(asking: Answering) -> None:
    scoped = asking.answer("vertel nog een mop", Understanding({"out_of_scope": 0.9}), NEW).reply
    unsure = asking.answer("wanneer vertrekt de trein", Understanding(), NEW).reply
    assert (scoped.kind, unsure.kind) == (Kind.OUT_OF_SCOPE, Kind.NO_ANSWER)
    assert scoped.passages == unsure.passages == ()
    assert scoped.suggestions


@pytest.mark.parametrize(("near_from", "starters"), [(0.0, False), (1.1, True)])
def test_unanswered_question_comes_with_the_nearest_subjects_or_the_starters(
    asking: Answering, monkeypatch: pytest.MonkeyPatch, near_from: float, starters: bool
) -> None:
    monkeypatch.setattr("kalm.asking.NEAR_FROM", near_from)
    monkeypatch.setattr("kalm.search.SearchIndex.judge", lambda *_: Verdict(Fit.NOT, 0.0, ()))
    reply = asking.answer("ijzer of staal voor een brug", Understanding(), NEW).reply
    assert reply.kind is Kind.NO_ANSWER
    offered = [suggestion.payload for suggestion in reply.suggestions]
    assert offered
    assert (offered == list(sentences().starters)) is starters


def test_unanswered_question_keeps_the_topic_but_cites_nothing_older(asking: Answering) -> None:
    known = asking.answer(QUESTIONS[0], KNOWS, NEW).conversation
    after = asking.answer("vertel nog een mop", Understanding({"out_of_scope": 0.9}), known).conversation
    assert (after.topic, after.shown) == (known.topic, ())
    assert asking.source("waar staat dat?", Understanding(), after).reply.kind is Kind.NO_ANSWER


@pytest.mark.parametrize("text", ["en CBD-olie?", "en wie wint het WK?", "hoe duur is het?"])
def test_nonsense_after_an_answer_does_not_get_the_answer_again(asking: Answering, text: str) -> None:
    known = asking.answer("Komt magnesium door de huid?", KNOWS, NEW)
    elsewhere = Understanding({"out_of_scope": 0.6})
    reply = asking.answer(text, elsewhere, known.conversation).reply
    assert reply == asking.answer(text, elsewhere, Conversation(disclaimed=True)).reply
    assert not set(ids(reply)) & set(ids(known.reply))


def test_follow_up_leans_on_the_topic(asking: Answering) -> None:
    known = asking.answer("Zijn rusteloze benen erfelijk?", KNOWS, NEW).conversation
    answer = asking.answer("en bij zwangerschap?", KNOWS, known)
    assert ids(answer.reply)[0] == "onrust#zwangerschap"
    assert answer.conversation.topic == "Zijn rusteloze benen erfelijk?"


def test_changed_subject_becomes_the_topic(asking: Answering) -> None:
    known = asking.answer("Zijn rusteloze benen erfelijk?", KNOWS, NEW).conversation
    answer = asking.answer("welke temperatuur moet voetbad hebben", KNOWS, known)
    assert ids(answer.reply)[0] == "voetenbad#temperatuur"
    assert answer.conversation.topic == "welke temperatuur moet voetbad hebben"


@pytest.mark.usefixtures("generous")
def test_rejected_answer_leads_to_the_next_best_and_then_to_a_person(asking: Answering) -> None:
    first = asking.answer(QUESTIONS[0], KNOWS, NEW)
    second = asking.differently(first.conversation)
    third = asking.differently(second.conversation)
    fourth = asking.differently(third.conversation)
    kinds = [answer.reply.kind for answer in (first, second, third, fourth)]
    assert kinds == [Kind.ANSWER, Kind.ANSWER, Kind.HANDOFF, Kind.HANDOFF]
    assert not set(ids(first.reply)) & set(ids(second.reply))


@pytest.mark.usefixtures("generous")
def test_who_comes_to_a_person_by_rejecting_hears_when_somebody_is_there_but_not_in_danger(
    asking: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = load_settings(office_hours="ma-zo 00:00-24:00")
    monkeypatch.setattr("kalm.fixed_replies.settings", lambda: chosen)
    rejecting = replace(NEW, rejections=4)
    in_danger = replace(rejecting, dangers=("emergency",), danger_at=1)

    assert "We zijn er elke dag" in asking.differently(rejecting).reply.message
    assert "We zijn er" not in asking.differently(in_danger).reply.message


@pytest.mark.usefixtures("generous")
def test_new_question_may_be_rejected_anew(asking: Answering) -> None:
    rejected = asking.differently(asking.answer(QUESTIONS[0], KNOWS, NEW).conversation)
    fresh = asking.answer(QUESTIONS[1], KNOWS, rejected.conversation)
    assert asking.differently(fresh.conversation).reply.kind is Kind.ANSWER


def test_where_nothing_else_is_likely_a_rejection_leads_to_subjects_and_then_to_a_person(
    asking: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kalm.answering.MAYBE_FROM", 1.1)
    monkeypatch.setattr("kalm.asking.NEAR_FROM", 1.1)
    known = asking.answer(QUESTIONS[0], KNOWS, NEW).conversation
    first = asking.differently(known)
    assert first.reply.kind is Kind.CLARIFY
    assert not first.reply.passages
    assert asking.differently(first.conversation).reply.kind is Kind.HANDOFF
    assert asking.more(known).reply.kind is Kind.SOURCE


def test_rejection_after_no_answer_does_not_bring_up_what_was_asked_before(asking: Answering) -> None:
    known = asking.answer("ijzer", KNOWS, NEW).conversation
    lost = asking.answer("vertel nog een mop", Understanding({"out_of_scope": 0.9}), known).conversation
    assert asking.differently(lost).reply.kind is Kind.HANDOFF


def test_rejection_before_any_answer_leads_to_a_person(asking: Answering) -> None:
    assert asking.differently(NEW).reply.kind is Kind.HANDOFF


@settings(deadline=None, max_examples=60)
@given(
    question=st.sampled_from([*QUESTIONS, "ijzer", "onrust in de avond", "wat doet magnesium"]),
    steps=st.lists(st.sampled_from(["differently", "more", "source"]), min_size=1, max_size=12),
)
def test_no_passage_is_said_twice_about_one_question(
    asking: Answering, question: str, steps: list[str]
) -> None:
    answer = asking.answer(question, KNOWS, NEW)
    said = ids(answer.reply)
    rejections = 0
    for step in steps:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kalm.answering.MAYBE_FROM", 0.0)
            patch.setattr("kalm.asking.NEAR_FROM", 0.0)
            answer = METHODS[step](asking, "", KNOWS, answer.conversation)
        rejections += step == "differently"
        if answer.reply.kind is Kind.ANSWER:
            said += ids(answer.reply)
        if step == "differently" and rejections >= 2:
            assert answer.reply.kind is Kind.HANDOFF
    assert len(said) == len(set(said))


@pytest.mark.usefixtures("generous")
def test_more_tells_the_rest_of_the_article_then_of_others_and_then_the_end(asking: Answering) -> None:
    answer = asking.answer("Wat is een ijzertekort?", KNOWS, NEW)
    told = ids(answer.reply)
    for _ in range(10):
        answer = asking.more(answer.conversation)
        if answer.reply.kind is not Kind.ANSWER:
            break
        told += ids(answer.reply)
    assert answer.reply.kind is Kind.SOURCE
    assert answer.reply.cites_only
    assert len(told) == len(set(told)) > 1
    from_article = [passage.startswith("ijzer#") for passage in told]
    assert from_article == sorted(from_article, reverse=True)
    assert sum(from_article) > 1


def test_more_before_any_answer_offers_subjects(asking: Answering) -> None:
    reply = asking.more(NEW).reply
    assert reply.kind is Kind.CLARIFY
    assert reply.suggestions


def test_source_cites_article_section_date_link_and_what_it_rests_on(asking: Answering) -> None:
    known = asking.answer("Zijn rusteloze benen erfelijk?", KNOWS, NEW).conversation
    reply = asking.source("waar staat dat?", Understanding(), known).reply
    for words in (
        "Onrust in de benen",
        "Erfelijkheid",
        "6 september 2024",
        "https://example.org/onrust-in-de-benen",
        "Een richtlijn, 2023: https://example.org/richtlijn",
    ):
        assert words in reply.text
    assert (reply.kind, reply.cites_only) == (Kind.SOURCE, True)
    assert "erfelijke aanleg" not in reply.text


@pytest.mark.parametrize(("text", "place"), [("1", 0), ("de tweede graag", 1), ("3", 2)])
def test_the_suggestion_that_is_pointed_at_is_answered(asking: Answering, text: str, place: int) -> None:
    chosen = asking.choose(text, KNOWS, QUESTIONS, NEW)
    assert ids(chosen.reply) == ids(asking.answer(QUESTIONS[place], KNOWS, NEW).reply)
    assert chosen.conversation.topic == QUESTIONS[place]


@pytest.mark.parametrize("text", ["7", "nummer 0", "de vierde"])
def test_a_choice_that_is_not_clear_is_asked_again_with_the_same_suggestions(
    asking: Answering, text: str
) -> None:
    reply = asking.choose(text, KNOWS, QUESTIONS, NEW).reply
    assert reply.kind is Kind.CLARIFY
    assert [suggestion.payload for suggestion in reply.suggestions] == QUESTIONS
    assert "1. " + QUESTIONS[0] in reply.text


def test_yes_is_enough_for_a_single_suggestion(asking: Answering) -> None:
    assert asking.agree(QUESTIONS[:1], NEW).reply.kind is Kind.ANSWER
    assert asking.agree(QUESTIONS, NEW).reply.kind is Kind.CLARIFY


@pytest.mark.parametrize("text", ["mag ik er 2", "2 per dag", "niet de eerste", "doe maar 3 pillen"])
def test_number_in_a_sentence_is_no_choice_and_a_dose_is_referred(asking: Answering, text: str) -> None:
    personal = Understanding({"choose_suggestion": 0.6, "ask_personal_advice": 0.2})
    assert asking.choose(text, personal, QUESTIONS, NEW).reply.kind is Kind.REFERRAL
    other = Understanding({"choose_suggestion": 0.6, "ask_rls": 0.2})
    assert asking.choose(text, other, QUESTIONS, NEW) == asking.answer(text, other, NEW)


def test_choice_where_nothing_was_offered_offers_the_starters(asking: Answering) -> None:
    reply = asking.choose("2", KNOWS, [], NEW).reply
    assert reply.kind is Kind.CLARIFY
    assert reply.suggestions


def test_question_mark_alone_asks_for_words_not_for_a_source(asking: Answering) -> None:
    answered = asking.answer(QUESTIONS[0], KNOWS, NEW)
    assert asking.source("?", KNOWS, answered.conversation).reply.message == empty().message


def test_source_before_any_answer_or_of_a_removed_article_is_honest(asking: Answering) -> None:
    for before in (NEW, Conversation(shown=("weg#weg",), question="x")):
        reply = asking.source("waar staat dat?", Understanding(), before).reply
        assert (reply.kind, reply.passages) == (Kind.NO_ANSWER, ())


def test_helped_question_comes_with_every_third_answer(asking: Answering) -> None:
    before, asked = NEW, []
    for turn in range(2 * ASK_HELPED_EVERY):
        answer = asking.answer(QUESTIONS[turn % 3], KNOWS, before)
        asked.append(bool(answer.reply.question))
        before = answer.conversation
    assert asked == [False, False, True] * 2
    assert handoff(before).reply.question == ""


def test_only_answers_count_towards_the_helped_question(asking: Answering) -> None:
    before = asking.answer(QUESTIONS[0], KNOWS, NEW).conversation
    for method in (handoff, capabilities):
        before = method(before).conversation
    assert before.answers == 1


@pytest.mark.usefixtures("generous")
def test_suggestions_are_few_from_the_same_article_and_not_what_was_shown(
    asking: Answering, index: SearchIndex
) -> None:
    owner = {question: passage for passage in index.passages for question in passage.questions}
    for question in owner:
        answer = asking.answer(question, KNOWS, NEW)
        for _ in range(3):
            suggested = [owner[suggestion.payload] for suggestion in answer.reply.suggestions]
            assert len(suggested) <= 3
            assert {other.slug for other in suggested} <= {found.slug for found in answer.reply.passages}
            assert not {other.id for other in suggested} & set(answer.conversation.shown)
            answer = asking.more(answer.conversation)


def test_a_pressed_suggestion_leads_to_its_own_passage(asking: Answering, index: SearchIndex) -> None:
    for passage in index.passages:
        answer = asking.answer(passage.questions[0], KNOWS, NEW)
        assert answer.reply.suggestions
        for suggestion in answer.reply.suggestions:
            pressed = asking.answer(suggestion.payload, KNOWS, answer.conversation).reply
            assert suggestion.payload in pressed.passages[0].questions


def test_shop_tells_that_it_sells_what_it_talks_about(asking: Answering) -> None:
    assert "verkoopt zelf magnesium" in asking.answer("Komt magnesium door de huid?", KNOWS, NEW).reply.text
    assert "verkoopt" not in asking.answer("Wat is een ijzertekort?", KNOWS, NEW).reply.text


def test_referral_sends_to_huisarts_or_apotheker_without_passages(asking: Answering) -> None:
    reply = asking.referral("mag ik ijzer slikken?", Understanding(), NEW).reply
    assert (reply.kind, reply.passages) == (Kind.REFERRAL, ())
    assert "huisarts of apotheker" in reply.message
