"""The conversation itself: a person, what Kalm can do, yes and no, forgetting."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ReplyingAction, answering, conversation_of, followed_by
from kalm.answering import Answer
from kalm.conversation import AWAITING_HELPED, Conversation


class HandOver(ReplyingAction):
    """Tells how to reach a person."""

    def name(self) -> str:
        """See base."""
        return "action_hand_over"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().handoff(conversation)


class ExplainCapabilities(ReplyingAction):
    """Tells what Kalm can do."""

    def name(self) -> str:
        """See base."""
        return "action_explain_capabilities"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().capabilities(conversation)


class Forget(ReplyingAction):
    """Forgets what was talked about."""

    def name(self) -> str:
        """See base."""
        return "action_forget"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().privacy()


class Confirm(Action):
    """Takes a "yes": to "did it help", or as a start to go on."""

    def name(self) -> str:
        """The name that rules and domain use."""
        return "action_confirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Keep the judgement if one was asked, and leave the words to another action."""
        if conversation_of(tracker).awaiting == AWAITING_HELPED:
            return [SlotSet("helped", True), followed_by("utter_glad")]
        return [followed_by("utter_go_on")]


class Decline(Action):
    """Takes a "no": to "did it help", or to whatever else."""

    def name(self) -> str:
        """The name that rules and domain use."""
        return "action_decline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Keep the judgement if one was asked, and leave the words to another action."""
        if conversation_of(tracker).awaiting == AWAITING_HELPED:
            return [SlotSet("helped", False), followed_by("action_answer_differently")]
        return [followed_by("utter_fine")]
