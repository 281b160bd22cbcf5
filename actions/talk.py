"""The conversation itself: a person, what Kalm can do, yes and no, forgetting."""

from __future__ import annotations

from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import KalmAction, ReplyingAction, answering, kind_word, question_within, small_talk
from actions.tracker import (
    intent_of,
    offered_to,
    text_of,
    understanding_of,
    was_asked_to_choose,
    was_asked_whether_it_helped,
    was_asked_which,
    was_offered_one,
)
from kalm.conversation import Conversation
from kalm.erasure_wish import wants_erasing
from kalm.fixed_replies import Answer, capabilities, handoff
from kalm.forgetting import ask_to_erase, privacy


class SmallTalk(KalmAction):
    """Answers small talk with the response for its intent; "mijn man is overleden" asks for more."""

    goes_before = (kind_word, question_within)
    RESPONSES: ClassVar = {
        "greet": "utter_greet",
        "goodbye": "utter_goodbye",
        "thank": "utter_thank",
        "bot_challenge": "utter_bot",
        "give_feedback_positive": "utter_glad",
    }

    def name(self) -> str:
        """See base."""
        return "action_small_talk"

    def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """See base."""
        response = self.RESPONSES.get(intent_of(tracker), "utter_go_on")
        return small_talk(dispatcher, tracker, response)


class HandOver(ReplyingAction):
    """Tells how to reach a person."""

    def name(self) -> str:
        """See base."""
        return "action_hand_over"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return handoff(conversation)


class ExplainCapabilities(ReplyingAction):
    """Tells what Kalm can do."""

    def name(self) -> str:
        """See base."""
        return "action_explain_capabilities"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return capabilities(conversation)


class Forget(ReplyingAction):
    """Tells what is kept, or asks whether to erase it (:mod:`actions.base` takes the answer)."""

    breaks_off_danger = True
    goes_before = (kind_word,)

    def name(self) -> str:
        """See base."""
        return "action_forget"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base; what only resembles such a question is answered like any other."""
        understanding = understanding_of(tracker)
        if not understanding.asks_to_forget:
            return answering().answer(text_of(tracker), understanding, conversation)
        return (ask_to_erase if wants_erasing(text_of(tracker)) else privacy)(conversation)


class Confirm(ReplyingAction):
    """Takes a "yes": to "did it help", to "do you mean this", or as a start to go on."""

    goes_before = (question_within,)

    def name(self) -> str:
        """See base."""
        return "action_confirm"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().agree(offered_to(tracker), conversation)

    def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Keep the judgement if one was asked, answer what was offered, else small talk."""
        if was_asked_whether_it_helped(tracker):
            return [SlotSet("helped", True), *small_talk(dispatcher, tracker, "utter_glad")]
        if was_asked_to_choose(tracker) or was_asked_which(tracker) or was_offered_one(tracker):
            return super().respond(dispatcher, tracker)
        return small_talk(dispatcher, tracker, "utter_go_on")


class Decline(ReplyingAction):
    """Takes a "no": to "did it help" (then another answer follows), or to whatever else."""

    goes_before = (question_within,)

    def name(self) -> str:
        """See base."""
        return "action_decline"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().differently(conversation)

    def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Look for another answer when this one did not help, else small talk."""
        if was_asked_whether_it_helped(tracker):
            return [SlotSet("helped", False), *super().respond(dispatcher, tracker)]
        if was_asked_to_choose(tracker):
            return super().respond(dispatcher, tracker)
        return small_talk(dispatcher, tracker, "utter_fine")
