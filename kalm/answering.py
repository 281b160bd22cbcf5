"""From a visitor's message to a reply, and to what Kalm remembers of the conversation.

Every function takes the conversation so far and gives back the reply with the conversation after it, so
that the caller has nothing to decide. The rules of thumb here were chosen on the development set
(``tests/data/development``); ``make evaluate`` measures them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kalm.articles import Passage
from kalm.asking import clarify, no_answer, subjects, which
from kalm.choosing import is_choice, pointed_at
from kalm.conversation import Conversation
from kalm.danger_replies import after_danger, danger_again, withheld
from kalm.fixed_replies import Answer, closed, say, to_person, with_starters
from kalm.followup import Question, asks_in_general, leans_on_before, resolve
from kalm.reply import Kind, Suggestion, dutch_date
from kalm.safety.conditions import in_words
from kalm.safety.personal import is_personal_decision
from kalm.search import Match, SearchIndex
from kalm.search.fit import MAYBE_FROM, Fit, Verdict
from kalm.sentences import sentences
from kalm.showing import (
    caution_for,
    conditions_of,
    is_about_products,
    is_blocked,
    may_be_offered,
    needs_care,
    notice_for,
)
from kalm.understanding import Understanding

ASK_HELPED_EVERY = 3
"""After how many answers Kalm asks whether it helped."""

REJECTIONS_BEFORE_PERSON = 2
"""The second "that is not what I mean" about one question leads to a person."""

ELSEWHERE_FROM = 0.5
"""Probability of "out of scope" from which a message does not lean on what was said before."""

_SUGGESTIONS = 3
_MANY = 4
"""Conditions that a passage without any is sorted behind."""


class Answering:
    """Everything Kalm says from the articles; holds the index and no state of its own."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._blocked = {passage.id for passage in index.passages if is_blocked(passage)}

    def answer(self, text: str, understanding: Understanding, conversation: Conversation) -> Answer:
        """Answer a question, or say honestly that no passage does.

        Args:
            text: what the visitor typed.
            understanding: what the intent classifier made of it.
            conversation: what was said before.
        """
        repeated = danger_again(text, conversation)
        if not _has_words(text):
            return repeated or say(Kind.NO_ANSWER, sentences().empty, conversation)
        elsewhere = repeated is not None or understanding.out_of_scope >= ELSEWHERE_FROM
        before = Conversation() if elsewhere else conversation
        question = self._allowed(resolve(text, before, self._index))
        verdict = self._index.judge(question.matches, 0.0 if question.leaned else understanding.out_of_scope)
        is_exact = bool(question.matches) and question.matches[0].is_exact
        goes_on = conversation.referred and leans_on_before(text) and not asks_in_general(text)
        is_decision = (goes_on or is_personal_decision(text)) and not is_exact
        if repeated is not None and (
            is_decision or not _is_another_question(text, understanding, verdict, question)
        ):
            return repeated
        if is_decision:
            return self.referral(text, understanding, conversation)
        if verdict.fit is Fit.FITS:
            answered = replace(
                conversation,
                topic=question.topic,
                question=question.text,
                shown=(),
                rejections=0,
            )
            # What stands above in the chat is not shown again beside something new.
            beside = [passage for passage in verdict.passages[1:] if passage.id not in conversation.shown]
            message = after_danger(conversation) if repeated is not None else ""
            return self._passages([verdict.passages[0], *beside], answered, message)
        # Nothing was answered; a "no, not that" is about this question, not about an earlier one.
        out_of_scope = verdict.fit is Fit.NOT and understanding.is_out_of_scope
        conversation = replace(closed(conversation), question="" if out_of_scope else question.text)
        if verdict.fit is Fit.MAYBE:
            return clarify(verdict.passages, conversation)
        if out_of_scope:
            return with_starters(Kind.OUT_OF_SCOPE, sentences().out_of_scope, conversation)
        return no_answer(question.matches, conversation)

    def more(self, conversation: Conversation) -> Answer:
        """Another passage about the same question, or the end of what the articles say."""
        if not conversation.shown:
            return with_starters(Kind.CLARIFY, sentences().nothing_before, conversation)
        passage = self._next_passage(conversation)
        if passage is None:
            last = self._shown(conversation)[-1:]
            return say(
                Kind.SOURCE if last else Kind.NO_ANSWER,
                sentences().no_more,
                conversation,
                passages=last,
                cites_only=True,
                notice=notice_for(last),
                suggestions=self._next_questions(last[0], conversation) if last else (),
            )
        return self._passages([passage], conversation, sentences().more)

    def differently(self, conversation: Conversation) -> Answer:
        """After a rejected answer: the next best, then a person. Never the same passage again."""
        rejections = conversation.rejections + 1
        conversation = replace(conversation, rejections=rejections)
        # Where nothing was shown, it was a choice of these same subjects that was rejected.
        if conversation.shown and rejections < REJECTIONS_BEFORE_PERSON:
            unseen = self._unseen(conversation)
            likely = [match.passage for match in unseen if match.probability >= MAYBE_FROM]
            if likely:
                return self._passages(likely[:1], conversation, sentences().next_best)
            if unseen:
                return clarify([match.passage for match in unseen], conversation)
        return to_person(sentences().handoff_after_rejection, conversation)

    def choose(
        self, text: str, understanding: Understanding, offered: Sequence[str], conversation: Conversation
    ) -> Answer:
        """Answer the suggestion that the visitor points at, or ask which one is meant.

        Args:
            text: what the visitor typed: "1", "de tweede".
            understanding: what the intent classifier made of it, for a text that turns out to be no choice.
            offered: the questions that the last reply suggested, in its order.
            conversation: what was said before.
        """
        if not is_choice(text):  # "mag ik er 2" holds a number too
            decide = self.referral if understanding.may_be_personal else self.answer
            return decide(text, understanding, conversation)
        place = pointed_at(text, len(offered))
        if place is None:
            return which(offered, conversation)
        return self.answer(offered[place], Understanding(), conversation)

    def agree(self, offered: Sequence[str], conversation: Conversation) -> Answer:
        """After a "yes" to suggestions: answer the only one, or ask which one is meant."""
        if len(offered) == 1:
            return self.answer(offered[0], Understanding(), conversation)
        return which(offered, conversation)

    def source(self, text: str, understanding: Understanding, conversation: Conversation) -> Answer:
        """Where the last answer stands, and what the article itself rests on.

        A question about studies can sound like one about the source: what the search knows well is answered.
        """
        if not understanding.is_sure:
            matches = self._search(text)
            verdict = self._index.judge(matches, understanding.out_of_scope)
            if verdict.fit is Fit.FITS:
                return self.answer(text, understanding, conversation)
        if not _has_words(text):  # "?" asks for nothing in particular
            return self.answer(text, understanding, conversation)
        shown = self._shown(conversation)
        if not shown:
            return say(Kind.NO_ANSWER, sentences().no_source_before, conversation)
        cited = shown[-max(1, conversation.latest) :]
        message = " ".join(
            sentences().source.format(
                article=passage.article, section=passage.section, date=dutch_date(passage.updated)
            )
            for passage in cited
        )
        return say(
            Kind.SOURCE,
            message,
            conversation,
            passages=cited,
            cites_only=True,
            notice=notice_for(cited),
            sources=list(
                dict.fromkeys(
                    f"{source.title}: {source.url}" for passage in cited for source in passage.sources
                )
            ),
        )

    def referral(self, text: str, understanding: Understanding, conversation: Conversation) -> Answer:
        """A personal medical decision: huisarts or apotheker, and what the articles say in general.

        What an editor wrote as a question is general, and its passage was written for it.
        """
        matches = self._search(text)
        if matches and matches[0].is_exact:
            return self.answer(text, understanding, conversation)
        general = [match.passage for match in matches if match.probability >= MAYBE_FROM]
        return self._refer(sentences().referral, general, replace(closed(conversation), question=text))

    def _refer(self, message: str, general: Sequence[Passage], conversation: Conversation) -> Answer:
        """Refer, with the passages among ``general`` that an editor found safe for that."""
        safe = [passage for passage in dict.fromkeys(general) if passage.fits_referral]
        if conversation.is_in_danger:
            safe = [passage for passage in safe if not is_about_products(passage)]
        shown, more = safe[:1], safe[1 : 1 + _SUGGESTIONS]
        return say(
            Kind.REFERRAL,
            f"{message} {sentences().referral_passage}" if shown else message,
            replace(
                conversation, shown=tuple(passage.id for passage in shown), latest=len(shown), referred=True
            ),
            passages=shown,
            notice=notice_for(shown),
            choices=sentences().referral_choices if more else "",
            suggestions=subjects(more),
        )

    def _passages(self, passages: Sequence[Passage], conversation: Conversation, message: str = "") -> Answer:
        if conversation.is_in_danger:
            passages = [passage for passage in passages if not is_about_products(passage)]
            if not passages:
                return withheld(conversation)
        # What is sold is not shown to whoever told of anything that asks for care.
        asked = [name for name in conditions_of(passages) if name in conversation.conditions]
        told = asked or (list(conversation.conditions) if any(map(needs_care, passages)) else [])
        if told:
            # What an editor wrote about this very condition helps more than what was asked for.
            about = [
                other
                for other in self._index.passages
                if set(other.conditions) & set(told) and other.id not in self._blocked
            ]
            general = sorted((*passages, *about), key=lambda other: len(other.conditions) or _MANY)
            condition = sentences().referral_condition.format(conditions=in_words(told, "told"))
            return self._refer(f"{message} {condition}".strip(), general, conversation)
        conversation = replace(conversation, danger_open=False, referred=False)
        shown = (*conversation.shown, *(passage.id for passage in passages))
        answers = conversation.answers + 1
        ask = answers % ASK_HELPED_EVERY == 0
        return say(
            Kind.ANSWER,
            message,
            replace(conversation, shown=shown, latest=len(passages), answers=answers),
            passages=passages,
            caution=caution_for(passages),
            notice=notice_for(passages),
            suggestions=self._next_questions(passages[0], conversation),
            question=sentences().helped_question if ask else "",
        )

    def _search(self, text: str) -> list[Match]:
        """What was found that Kalm may say."""
        return [match for match in self._index.search(text) if match.passage.id not in self._blocked]

    def _allowed(self, question: Question) -> Question:
        """The question without what Kalm may not say."""
        kept = [match for match in question.matches if match.passage.id not in self._blocked]
        return replace(question, matches=kept)

    def _shown(self, conversation: Conversation) -> list[Passage]:
        """The passages given for the present question that the articles still hold."""
        found = (self._index.passage(passage_id) for passage_id in conversation.shown)
        return [passage for passage in found if passage is not None and passage.id not in self._blocked]

    def _unseen(self, conversation: Conversation) -> list[Match]:
        """What else was found for the present question, best first."""
        matches = self._search(conversation.question)
        return [match for match in matches if match.passage.id not in conversation.shown]

    def _next_passage(self, conversation: Conversation) -> Passage | None:
        """What else was found, in the same article if possible."""
        slugs = {passage.slug for passage in self._shown(conversation)}
        near = [match.passage for match in self._unseen(conversation) if match.probability >= MAYBE_FROM]
        return next((passage for passage in near if passage.slug in slugs), next(iter(near), None))

    def _next_questions(self, passage: Passage, conversation: Conversation) -> list[Suggestion]:
        """Questions that the same article answers, those that follow the passage first."""
        article = self._index.of_article(passage.slug)
        here = article.index(passage)
        hidden = {*conversation.shown, *self._blocked}
        others = [other for other in article[here + 1 :] + article[:here] if other.id not in hidden]
        return subjects(may_be_offered(others, conversation)[:_SUGGESTIONS])


def _is_another_question(
    text: str, understanding: Understanding, verdict: Verdict, question: Question
) -> bool:
    """Whether a message after a danger is clearly about something that the articles answer."""
    if verdict.fit is not Fit.FITS:
        return False
    return question.matches[0].is_exact or (understanding.is_sure_knowledge and not leans_on_before(text))


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
