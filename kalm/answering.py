"""From a visitor's message to a reply, and to what Kalm remembers of the conversation.

Every function takes the conversation so far and gives back the reply with the conversation after it, so
that the caller has nothing to decide. The rules of thumb here were chosen on the development set
(``tests/data/development``); ``make evaluate`` measures them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kalm.articles import Passage
from kalm.conversation import Conversation
from kalm.followup import resolve
from kalm.reply import Disclaimer, Kind, Reply, Suggestion, dutch_date
from kalm.search import Match, SearchIndex
from kalm.search.fit import Fit, judge
from kalm.sentences import sentences
from kalm.understanding import Understanding

ASK_HELPED_EVERY = 3
"""After how many answers Kalm asks whether it helped."""

REJECTIONS_BEFORE_PERSON = 2
"""The second "that is not what I mean" about one question leads to a person."""

ELSEWHERE_FROM = 0.5
"""Probability of "out of scope" from which a message does not lean on what was said before."""

NEXT_FROM = 0.1
"""Least probability of a passage that is offered as "perhaps this"."""

MORE_FROM = 0.02
"""Least probability of a passage that is offered as "more about it", or as a near subject."""

_SUGGESTIONS = 3
_CHOICES = 4
_MAGNESIUM = "magnesium"


@dataclass(frozen=True)
class Answer:
    """A reply and the conversation after it."""

    reply: Reply
    conversation: Conversation


class Answering:
    """Everything Kalm can say; holds the index and no state of its own."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def answer(self, text: str, understanding: Understanding, conversation: Conversation) -> Answer:
        """Answer a question, or say honestly that no passage does.

        Args:
            text: what the visitor typed.
            understanding: what the intent classifier made of it.
            conversation: what was said before.
        """
        danger = understanding.suspected_danger
        if danger is not None:
            return self.danger(danger, conversation)
        if not any(letter.isalnum() for letter in text):
            return self._say(Kind.NO_ANSWER, sentences().empty, conversation)
        before = Conversation() if understanding.out_of_scope >= ELSEWHERE_FROM else conversation
        question = resolve(text, before, self._index)
        verdict = judge(
            question.matches,
            0.0 if question.leaned else understanding.out_of_scope,
            self._index.fit_calibration,
        )
        if verdict.fit is Fit.FITS:
            asked = replace(
                conversation, topic=question.topic, question=question.text, shown=(), rejections=0
            )
            # What stands above in the chat is not shown again beside something new.
            beside = [passage for passage in verdict.passages[1:] if passage.id not in conversation.shown]
            return self._passages([verdict.passages[0], *beside], asked)
        # Nothing was answered; a "no, not that" is about this question, not about an earlier one.
        elsewhere = verdict.fit is Fit.NOT and understanding.is_out_of_scope
        conversation = replace(_closed(conversation), question="" if elsewhere else question.text)
        if verdict.fit is Fit.MAYBE:
            return self._clarify(verdict.passages, conversation)
        if elsewhere:
            return self._with_starters(Kind.OUT_OF_SCOPE, sentences().out_of_scope, conversation)
        return self._no_answer(question.matches, conversation)

    def more(self, conversation: Conversation) -> Answer:
        """Another passage about the same question, or the end of what the articles say."""
        if not conversation.shown:
            return self._with_starters(Kind.CLARIFY, sentences().nothing_before, conversation)
        passage = self._next_passage(conversation)
        if passage is None:
            last = self._shown(conversation)[-1:]
            return self._say(
                Kind.SOURCE if last else Kind.NO_ANSWER,
                sentences().no_more,
                conversation,
                passages=last,
                cites_only=True,
                suggestions=self._next_questions(last[0], conversation.shown) if last else (),
            )
        return self._passages([passage], conversation, sentences().more)

    def differently(self, conversation: Conversation) -> Answer:
        """After a rejected answer: the next best, then a person. Never the same passage again."""
        rejections = conversation.rejections + 1
        conversation = replace(conversation, rejections=rejections)
        if conversation.question and rejections < REJECTIONS_BEFORE_PERSON:
            unseen = self._unseen(conversation)
            likely = [match.passage for match in unseen if match.probability >= NEXT_FROM]
            if likely and conversation.shown:
                return self._passages(likely[:1], conversation, sentences().next_best)
            if unseen:
                return self._clarify([match.passage for match in unseen], conversation)
        return self._say(Kind.HANDOFF, sentences().handoff_after_rejection, conversation)

    def source(self, text: str, understanding: Understanding, conversation: Conversation) -> Answer:
        """Where the last answer stands, and what the article itself rests on.

        A question about studies can sound like one about the source: what the search knows well is answered.
        """
        if not understanding.is_sure:
            matches = self._index.search(text)
            verdict = judge(matches, understanding.out_of_scope, self._index.fit_calibration)
            if verdict.fit is Fit.FITS:
                return self.answer(text, understanding, conversation)
        shown = self._shown(conversation)
        if not shown:
            return self._say(Kind.NO_ANSWER, sentences().no_source_before, conversation)
        cited = shown[-max(1, conversation.latest) :]
        message = " ".join(
            sentences().source.format(
                article=passage.article, section=passage.section, date=dutch_date(passage.updated)
            )
            for passage in cited
        )
        return self._say(
            Kind.SOURCE,
            message,
            conversation,
            passages=cited,
            cites_only=True,
            sources=list(
                dict.fromkeys(
                    f"{source.title}: {source.url}" for passage in cited for source in passage.sources
                )
            ),
        )

    def capabilities(self, conversation: Conversation) -> Answer:
        """What Kalm can do, with questions to start from."""
        return self._with_starters(Kind.CLARIFY, sentences().capabilities, conversation)

    def referral(self, text: str, understanding: Understanding, conversation: Conversation) -> Answer:
        """A personal medical decision: huisarts or apotheker.

        What an editor wrote as a question is general, and its passage was written for it.
        """
        matches = self._index.search(text)
        if matches and matches[0].is_exact:
            return self.answer(text, understanding, conversation)
        return self._say(Kind.REFERRAL, sentences().referral, _closed(conversation))

    def danger(self, kind: Kind, conversation: Conversation) -> Answer:
        """An emergency or a crisis: who to call, and nothing else."""
        message = sentences().crisis if kind is Kind.CRISIS else sentences().emergency
        return self._say(kind, message, _closed(conversation))

    def handoff(self, conversation: Conversation) -> Answer:
        """How to reach a person."""
        return self._say(Kind.HANDOFF, sentences().handoff, _closed(conversation))

    def privacy(self) -> Answer:
        """Forget what was talked about and tell what is kept."""
        return self._say(Kind.PRIVACY, sentences().privacy, Conversation())

    def _passages(self, passages: Sequence[Passage], conversation: Conversation, message: str = "") -> Answer:
        shown = (*conversation.shown, *(passage.id for passage in passages))
        answers = conversation.answers + 1
        ask = answers % ASK_HELPED_EVERY == 0
        sells = any(
            _MAGNESIUM in passage.topics or _MAGNESIUM in passage.text.lower() for passage in passages
        )
        return self._say(
            Kind.ANSWER,
            message,
            replace(conversation, shown=shown, latest=len(passages), answers=answers),
            passages=passages,
            notice=sentences().notice_magnesium if sells else "",
            suggestions=self._next_questions(passages[0], shown),
            question=sentences().helped_question if ask else "",
        )

    def _with_starters(self, kind: Kind, message: str, conversation: Conversation) -> Answer:
        return self._say(
            kind,
            message,
            conversation,
            choices=sentences().capabilities_choices,
            suggestions=_asked(sentences().starters),
        )

    def _clarify(self, passages: Sequence[Passage], conversation: Conversation) -> Answer:
        return self._say(
            Kind.CLARIFY,
            sentences().clarify,
            conversation,
            choices=sentences().clarify_choices,
            suggestions=_subjects(passages[:_CHOICES]),
        )

    def _no_answer(self, matches: Sequence[Match], conversation: Conversation) -> Answer:
        near = [match.passage for match in matches if match.probability >= MORE_FROM]
        nearest = near[:_SUGGESTIONS]
        return self._say(
            Kind.NO_ANSWER,
            sentences().no_answer,
            conversation,
            choices=sentences().no_answer_choices if nearest else "",
            suggestions=_subjects(nearest),
        )

    def _say(
        self,
        kind: Kind,
        message: str,
        conversation: Conversation,
        *,
        passages: Sequence[Passage] = (),
        cites_only: bool = False,
        sources: Sequence[str] = (),
        notice: str = "",
        choices: str = "",
        suggestions: Sequence[Suggestion] = (),
        question: str = "",
    ) -> Answer:
        reply = Reply(
            kind=kind,
            disclaimer=Disclaimer.SHORT if conversation.disclaimed else Disclaimer.LONG,
            message=message,
            passages=tuple(passages),
            cites_only=cites_only,
            sources=tuple(sources),
            notice=notice,
            choices=choices,
            suggestions=tuple(suggestions),
            question=question,
        )
        # After forgetting, the next reply is a first one again.
        disclaimed = kind is not Kind.PRIVACY
        return Answer(reply, replace(conversation, disclaimed=disclaimed))

    def _shown(self, conversation: Conversation) -> list[Passage]:
        """The passages given for the present question that the articles still hold."""
        found = (self._index.passage(passage_id) for passage_id in conversation.shown)
        return [passage for passage in found if passage is not None]

    def _unseen(self, conversation: Conversation) -> list[Match]:
        """What else was found for the present question, best first."""
        matches = self._index.search(conversation.question)
        return [match for match in matches if match.passage.id not in conversation.shown]

    def _next_passage(self, conversation: Conversation) -> Passage | None:
        """What else was found in the same article."""
        slugs = {passage.slug for passage in self._shown(conversation)}
        near = (
            match.passage
            for match in self._unseen(conversation)
            if match.passage.slug in slugs and match.probability >= MORE_FROM
        )
        return next(near, None)

    def _next_questions(self, passage: Passage, shown: Sequence[str]) -> list[Suggestion]:
        """Questions that the same article answers, those that follow the passage first."""
        article = self._index.of_article(passage.slug)
        here = article.index(passage)
        others = [other for other in article[here + 1 :] + article[:here] if other.id not in shown]
        return _subjects(others[:_SUGGESTIONS])


def _closed(conversation: Conversation) -> Conversation:
    """The conversation after a reply without an answer: "waar staat dat?" must not cite an older one."""
    return replace(conversation, question="", shown=(), latest=0, rejections=0)


def failure() -> Reply:
    """The honest apology for when nothing else can be said; needs no index and no conversation."""
    return Reply(kind=Kind.FAILURE, disclaimer=Disclaimer.LONG, message=sentences().failure)


def empty() -> Reply:
    """For a message without words that never reached the understanding."""
    return Reply(kind=Kind.NO_ANSWER, disclaimer=Disclaimer.LONG, message=sentences().empty)


def too_long(limit: int) -> Reply:
    """For a message longer than ``limit`` characters."""
    return Reply(
        kind=Kind.NO_ANSWER,
        disclaimer=Disclaimer.LONG,
        message=sentences().too_long.format(limit=limit),
    )


def _asked(questions: Iterable[str]) -> list[Suggestion]:
    return [Suggestion(question, question) for question in questions]


def _subjects(passages: Sequence[Passage]) -> list[Suggestion]:
    """One button per passage; its heading as payload would read oddly, so its first question is sent."""
    return _asked(passage.questions[0] for passage in passages)
