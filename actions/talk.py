"""The conversation itself: a person, what Kalm can do, yes and no, forgetting."""

from __future__ import annotations

from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import (
    ReplyingAction,
    answering,
    conversation_of,
    offered_to,
    say,
    was_asked_to_choose,
    was_asked_whether_it_helped,
    was_asked_which,
    was_offered_one,
)
from kalm.conversation import Conversation
from kalm.fixed_replies import Answer, capabilities, danger_again, handoff, privacy


class SmallTalk(Action):
    """Answers small talk with the response for its intent; after danger the number comes again."""

    RESPONSES: ClassVar = {
        "greet": "utter_greet",
        "goodbye": "utter_goodbye",
        "thank": "utter_thank",
        "bot_challenge": "utter_bot",
        "give_feedback_positive": "utter_glad",
    }

    def name(self) -> str:
        """The name that rules and domain use."""
        return "action_small_talk"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say it."""
        repeated = danger_again(conversation_of(tracker))
        if repeated is not None:
            say(dispatcher, repeated.reply)
            return [SlotSet("conversation", repeated.conversation.to_slot())]
        intent = str((tracker.latest_message.get("intent") or {}).get("name"))
        dispatcher.utter_message(response=self.RESPONSES.get(intent, "utter_go_on"))
        return []


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
    """Forgets what was talked about."""

    def name(self) -> str:
        """See base."""
        return "action_forget"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return privacy()

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say what is kept, and empty the slots."""
        return [*await super().run(dispatcher, tracker, domain), SlotSet("helped", None)]


class Confirm(ReplyingAction):
    """Takes a "yes": to "did it help", to "do you mean this", or as a start to go on."""

    def name(self) -> str:
        """See base."""
        return "action_confirm"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().agree(offered_to(tracker), conversation)

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Keep the judgement if one was asked, answer what was offered, else small talk.

        After danger the number comes again, also where no index is left to answer from.
        """
        repeated = danger_again(conversation_of(tracker))
        if repeated is not None:
            say(dispatcher, repeated.reply)
            return [SlotSet("conversation", repeated.conversation.to_slot())]
        if was_asked_whether_it_helped(tracker):
            dispatcher.utter_message(response="utter_glad")
            return [SlotSet("helped", True)]
        if was_asked_to_choose(tracker) or was_asked_which(tracker) or was_offered_one(tracker):
            return await super().run(dispatcher, tracker, domain)
        dispatcher.utter_message(response="utter_go_on")
        return []


class Decline(ReplyingAction):
    """Takes a "no": to "did it help" (then another answer follows), or to whatever else."""

    def name(self) -> str:
        """See base."""
        return "action_decline"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().differently(conversation)

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Look for another answer when this one did not help, else small talk."""
        if was_asked_whether_it_helped(tracker):
            return [SlotSet("helped", False), *await super().run(dispatcher, tracker, domain)]
        if was_asked_to_choose(tracker) or danger_again(conversation_of(tracker)) is not None:
            return await super().run(dispatcher, tracker, domain)
        dispatcher.utter_message(response="utter_fine")
        return []
