"""Answers from the articles."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import ReplyingAction, answering, kind_word
from actions.tracker import offered_to, text_of, understanding_of
from kalm.conversation import Conversation
from kalm.fixed_replies import Answer


class AnswerQuestion(ReplyingAction):
    """Answers whatever question, on any subject the articles hold."""

    breaks_off_danger = True

    def name(self) -> str:
        """See base."""
        return "action_answer_question"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().answer(text_of(tracker), understanding_of(tracker), conversation)


class AnswerMore(ReplyingAction):
    """Tells more about the same question."""

    def name(self) -> str:
        """See base."""
        return "action_answer_more"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().more(conversation)


class AnswerDifferently(ReplyingAction):
    """Looks for another answer after one was rejected; "helaas een miskraam gehad" rejects nothing."""

    goes_before = (kind_word,)

    def name(self) -> str:
        """See base."""
        return "action_answer_differently"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().differently(conversation)


class AnswerChoice(ReplyingAction):
    """Answers the suggestion that the visitor points at by its number."""

    def name(self) -> str:
        """See base."""
        return "action_answer_choice"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().choose(
            text_of(tracker), understanding_of(tracker), offered_to(tracker), conversation
        )


class ShowSource(ReplyingAction):
    """Tells where the last answer stands."""

    def name(self) -> str:
        """See base."""
        return "action_show_source"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().source(text_of(tracker), understanding_of(tracker), conversation)
