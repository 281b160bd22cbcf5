"""What all of Kalm's actions share: one way in, one way out, and an apology when it fails."""

from __future__ import annotations

import logging
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from kalm import release
from kalm.answering import Answering
from kalm.comforting import comfort_reply, comforted
from kalm.conversation import Conversation
from kalm.danger_replies import back, danger_again, danger_told_in_pieces, settled
from kalm.fixed_replies import Answer, failure
from kalm.notice import is_about_what_is_sold
from kalm.reply import Reply
from kalm.safety import danger_in, says_help_has_been
from kalm.safety.conditions import conditions_in, conditions_over
from kalm.safety.personal import is_personal_decision
from kalm.sentences import sentences
from kalm.understanding import INTENT_OF_DANGER, Understanding

logger = logging.getLogger(__name__)

ONE_STORY = 300
"""Seconds within which two messages may be pieces of one: people type "ik heb pijn", "op mijn borst"."""


A_QUESTION = 4
"""Words from which a message that sounds like small talk may ask something."""

A_WORD_OR_TWO = 2
"""Words of a message that is hardly one: the message before it then counts too."""


@cache
def answering() -> Answering:
    """The answering of this process, loaded with the index of the newest release."""
    return Answering(release.load_index())


class KalmAction(Action, ABC):
    """What every action does first: stay with a danger that was just spoken of.

    Attributes:
        breaks_off_danger: the action decides by itself what to say after a danger.
    """

    breaks_off_danger: ClassVar[bool] = False

    @abstractmethod
    def name(self) -> str:
        """The name that rules and domain use."""

    @abstractmethod
    def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Say what there is to say; gives the events to keep."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say what goes before this action, or else respond."""
        answer = self.instead(tracker)
        return self.respond(dispatcher, tracker) if answer is None else _say(dispatcher, answer)

    def instead(self, tracker: Tracker) -> Answer | None:
        """What is said in place of this action: danger told in pieces, "it is over", or the numbers again."""
        return (
            self._guarded(self._over, tracker)
            or self._guarded(self._back, tracker)
            or self._guarded(self._told_in_pieces, tracker)
            or self._guarded(self._after_danger, tracker)
        )

    def _told_in_pieces(self, tracker: Tracker) -> Answer | None:
        before = text_before(tracker)
        if not before:
            return None
        return danger_told_in_pieces(before, text_of(tracker), conversation_of(tracker))

    def _guarded(self, look: Callable[[Tracker], Answer | None], tracker: Tracker) -> Answer | None:
        """What a net finds; a net that fails must not take the others along."""
        try:
            return look(tracker)
        except Exception as error:
            _log_without_text(self.name(), error)
            return None

    def _over(self, tracker: Tracker) -> Answer | None:
        text = text_of(tracker)
        # What the classifier takes for danger never says that it is over, unless a doctor has looked.
        if _is_danger(tracker) and not says_help_has_been(text):
            return None
        return settled(text, conversation_of(tracker))

    def _back(self, tracker: Tracker) -> Answer | None:
        text = text_of(tracker)
        return None if danger_in(text) else back(text, conversation_of(tracker))

    def _after_danger(self, tracker: Tracker) -> Answer | None:
        if self.breaks_off_danger:
            return None
        asked_who = intent_of(tracker) == "bot_challenge"
        return danger_again(text_of(tracker), conversation_of(tracker), asked_who)


class ReplyingAction(KalmAction):
    """An action that says one reply. Subclasses give the name and the answer."""

    @abstractmethod
    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """The reply, and what to remember."""

    def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Say the reply; whatever goes wrong, the visitor hears an apology with the disclaimer."""
        try:
            answer = self.answer(tracker, conversation_of(tracker))
            with_word = self._guarded(
                lambda tracker: comforted(text_of(tracker), answer, _may_be_crisis(tracker)), tracker
            )
            return _say(dispatcher, with_word or answer)
        except Exception as error:
            _log_without_text(self.name(), error)
            _dispatch(dispatcher, failure())
            return []


def conversation_of(tracker: Tracker) -> Conversation:
    """What Kalm remembers, from the slot, with what the last message told."""
    known = Conversation.from_slot(tracker.get_slot("conversation"), int(time.time()))
    try:
        text = text_of(tracker)
        return known.told(conditions_in(text), conditions_over(text))
    except Exception as error:
        _log_without_text("reading conditions", error)
        return known


def _may_be_crisis(tracker: Tracker) -> bool:
    return understanding_of(tracker).suspected_danger() == INTENT_OF_DANGER["crisis"]


def _is_danger(tracker: Tracker) -> bool:
    return intent_of(tracker) in INTENT_OF_DANGER.values()


def intent_of(tracker: Tracker) -> str:
    """The name of the intent of the last message."""
    return str((tracker.latest_message.get("intent") or {}).get("name"))


def small_talk(dispatcher: CollectingDispatcher, tracker: Tracker, response: str) -> list[dict[str, Any]]:
    """Say a response of ``domain/responses.yml``; the first of a conversation says that Kalm is a chatbot."""
    conversation = conversation_of(tracker)
    introduction = "" if conversation.introduced else f"{sentences().introduction} "
    dispatcher.utter_message(response=response, introduction=introduction)
    return [SlotSet("conversation", replace(conversation, introduced=True).to_slot())]


def text_of(tracker: Tracker) -> str:
    """The visitor's last message."""
    return str(tracker.latest_message.get("text") or "")


def text_before(tracker: Tracker) -> str:
    """The visitor's message before the last one, "" when there was none for :data:`ONE_STORY` seconds.

    The one before that goes with it when each of them is a word or two: "pijn", "op mijn", "borst".
    """
    messages = [event for event in tracker.events if event.get("event") == "user"][-3:]
    if len(messages) < 2:
        return ""
    *before, last = messages
    now = float(last.get("timestamp") or 0)
    texts = [
        str(message.get("text") or "")
        for message in before
        if now - float(message.get("timestamp") or 0) <= ONE_STORY
    ]
    is_one_story = all(len(text.split()) <= A_WORD_OR_TWO for text in texts)
    return " ".join(texts if is_one_story else texts[-1:])


def understanding_of(tracker: Tracker) -> Understanding:
    """The classifier's ranking of the last message."""
    return Understanding.of_ranking(tracker.latest_message.get("intent_ranking") or [])


def kind_word(tracker: Tracker) -> Answer | None:
    """A kind word alone, for who tells of something heavy where there is nothing to answer.

    Who asks whether this is a person gets an honest answer to that.
    """
    if intent_of(tracker) == "bot_challenge":
        return None
    return comfort_reply(text_of(tracker), conversation_of(tracker))


def answer_within(tracker: Tracker) -> Answer | None:
    """The answer to a message that sounds like small talk, and asks about a decision or what the shop sells.

    "Fijn om te horen" to "zeg eerlijk, helpt jullie gel" would read as a yes.
    """
    text = text_of(tracker)
    if intent_of(tracker) == "bot_challenge" or len(text.split()) < A_QUESTION:
        return None
    if is_personal_decision(text):
        return answering().referral(text, understanding_of(tracker), conversation_of(tracker))
    if is_about_what_is_sold((), text):
        return answering().answer(text, understanding_of(tracker), conversation_of(tracker))
    return None


def was_asked_whether_it_helped(tracker: Tracker) -> bool:
    """Whether the last thing Kalm said ended with that question, so that a "yes" or "no" answers it."""
    return bool(_last_payload(tracker).get("question"))


def was_asked_to_choose(tracker: Tracker) -> bool:
    """Whether Kalm last asked "is it about this", so that a "yes" or "no" is about the suggestions."""
    return str(_last_payload(tracker).get("message")).endswith(sentences().clarify)


def was_asked_which(tracker: Tracker) -> bool:
    """Whether Kalm last asked which suggestion was meant."""
    return str(_last_payload(tracker).get("message")).endswith(sentences().which)


def was_offered_one(tracker: Tracker) -> bool:
    """Whether Kalm's last message named a single question, so that a "yes" means that one."""
    return bool(_last_payload(tracker).get("choices")) and len(offered_to(tracker)) == 1


def offered_to(tracker: Tracker) -> list[str]:
    """The questions that Kalm's last message suggested, in its order."""
    return [str(suggestion["payload"]) for suggestion in _last_payload(tracker).get("suggestions", ())]


def _last_payload(tracker: Tracker) -> dict[str, Any]:
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            payload = (event.get("data") or {}).get("custom")
            return payload if isinstance(payload, dict) else {}
    return {}


def _say(dispatcher: CollectingDispatcher, answer: Answer) -> list[dict[str, Any]]:
    _dispatch(dispatcher, answer.reply)
    return [SlotSet("conversation", answer.conversation.to_slot())]


def _dispatch(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Hand a reply to the channel, as text and as data in one message."""
    dispatcher.utter_message(text=reply.text, json_message=reply.payload)


def _log_without_text(name: str, error: Exception) -> None:
    """Log where it failed, but not the error's message: it may quote the visitor."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s failed with %s\n%s", name, type(error).__name__, where)
