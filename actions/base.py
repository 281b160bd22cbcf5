"""What all of Kalm's actions share: one way in, one way out, and an apology when it fails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.tracker import (
    conversation_of,
    intent_of,
    is_only_masked,
    text_before,
    text_of,
    understanding_of,
    was_asked_to_erase,
    was_told_how_to_erase,
)
from kalm import logs, release
from kalm.answering import Answering
from kalm.comforting import comfort_reply, comforted
from kalm.conversation import Conversation
from kalm.danger_replies import (
    danger_again,
    danger_is_back,
    danger_told_in_pieces,
    done_in_crisis,
    settled,
)
from kalm.erasure_wish import Wish, asks_to_be_asked, wish_of
from kalm.fixed_replies import Answer, failure, only_masked
from kalm.forgetting import ask_to_erase, erased, kept, not_sure, not_yet
from kalm.language import normalise
from kalm.privacy.receipts import new_receipt
from kalm.reply import Reply
from kalm.safety import danger_in, says_help_has_been
from kalm.safety.fallback import unless_it_fails
from kalm.sentences import sentences
from kalm.small_talk import asked_in_small_talk
from kalm.understanding import INTENT_OF_DANGER

Look = Callable[[Tracker], Answer | None]
"""Something that may be said in place of an action; None when there is nothing."""


@cache
def answering() -> Answering:
    """The answering of this process, loaded with the index of the newest release."""
    return Answering(release.load_index())


class KalmAction(Action, ABC):
    """What every action does first: stay with a danger that was just spoken of.

    Attributes:
        breaks_off_danger: the action decides by itself what to say after a danger.
        goes_before: what is looked for before this action responds, after danger.
    """

    breaks_off_danger: ClassVar[bool] = False
    goes_before: ClassVar[tuple[Look, ...]] = ()

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
        if _says_to_erase(tracker):
            return _erase(dispatcher, tracker)
        about_danger = (self._over, self._back, _done_in_crisis, self._told_in_pieces)
        answer = self._first(tracker, *about_danger, _about_erasing, self._after_danger)
        if answer is not None:
            return _say(dispatcher, answer)
        answer = self._first(tracker, _only_masked, *self.goes_before)
        if answer is not None:
            return _say(dispatcher, _not_yet_erased(tracker, answer))
        return self.respond(dispatcher, tracker)

    def _first(self, tracker: Tracker, *looks: Look) -> Answer | None:
        """What the first look finds that finds something."""
        answers = (self._guarded(look, tracker) for look in looks)
        return next((answer for answer in answers if answer is not None), None)

    def _told_in_pieces(self, tracker: Tracker) -> Answer | None:
        before = text_before(tracker)
        if not before:
            return None
        return danger_told_in_pieces(before, text_of(tracker), conversation_of(tracker))

    def _guarded(self, look: Look, tracker: Tracker) -> Answer | None:
        """What a net finds; a net that fails must not take the others along."""
        try:
            return look(tracker)
        except Exception as error:
            logs.failure("a look before an action failed", error, action=self.name())
            return None

    def _over(self, tracker: Tracker) -> Answer | None:
        text = text_of(tracker)
        # What the classifier takes for danger never says that it is over, unless a doctor has looked.
        if _is_danger(tracker) and not says_help_has_been(text):
            return None
        return settled(text, conversation_of(tracker))

    def _back(self, tracker: Tracker) -> Answer | None:
        text = text_of(tracker)
        return None if danger_in(text) else danger_is_back(text, conversation_of(tracker))

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
            return _say(dispatcher, _not_yet_erased(tracker, with_word or answer))
        except Exception as error:
            logs.failure("an action failed", error, action=self.name())
            _dispatch(dispatcher, failure())
            return []


def _may_be_crisis(tracker: Tracker) -> bool:
    return understanding_of(tracker).suspected_danger() == INTENT_OF_DANGER["crisis"]


def _is_danger(tracker: Tracker) -> bool:
    return intent_of(tracker) in INTENT_OF_DANGER.values()


def small_talk(dispatcher: CollectingDispatcher, tracker: Tracker, response: str) -> list[dict[str, Any]]:
    """Say a response of ``domain/responses.yml``; the first of a conversation says that Kalm is a chatbot."""
    conversation = conversation_of(tracker)
    introduction = "" if conversation.introduced else f"{sentences().introduction} "
    if was_asked_to_erase(tracker):
        introduction = f"{sentences().forget_not_yet} {introduction}"
    dispatcher.utter_message(response=response, introduction=introduction)
    return [SlotSet("conversation", replace(conversation, introduced=True).to_slot())]


def kind_word(tracker: Tracker) -> Answer | None:
    """A kind word alone, for who tells of something heavy where there is nothing to answer.

    Who asks whether this is a person gets an honest answer to that.
    """
    if intent_of(tracker) == "bot_challenge":
        return None
    return comfort_reply(text_of(tracker), conversation_of(tracker))


def question_within(tracker: Tracker) -> Answer | None:
    """The answer to a question in what sounds like small talk."""
    if intent_of(tracker) == "bot_challenge":
        return None
    return asked_in_small_talk(
        text_of(tracker), understanding_of(tracker), conversation_of(tracker), answering()
    )


def _done_in_crisis(tracker: Tracker) -> Answer | None:
    return done_in_crisis(text_of(tracker), conversation_of(tracker))


def _wish(tracker: Tracker) -> Wish | None:
    """What is said to the question whether to erase; None when it was not asked, or danger goes before."""
    text = text_of(tracker)
    if not was_asked_to_erase(tracker) or _is_danger(tracker):
        return None
    if unless_it_fails(danger_in, text):
        return None
    wish = wish_of(text, intent_of(tracker))
    # On a slow line people send the same twice.
    is_sent_twice = normalise(text_before(tracker)) == normalise(text)
    return Wish.UNCLEAR if wish is Wish.ERASE and is_sent_twice else wish


def _says_to_erase(tracker: Tracker) -> bool:
    return _wish(tracker) is Wish.ERASE


def _erase(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Let the tracker store erase the conversation in place of saving this turn."""
    receipt = new_receipt()
    _dispatch(dispatcher, erased(receipt, conversation_of(tracker)).reply)
    return [SlotSet("erasure", receipt)]


def _about_erasing(tracker: Tracker) -> Answer | None:
    """To the question whether to erase: a no, or what is neither that nor a clear yes."""
    conversation = conversation_of(tracker)
    if was_told_how_to_erase(tracker) and not _is_danger(tracker) and asks_to_be_asked(text_of(tracker)):
        return ask_to_erase(conversation)
    wish = _wish(tracker)
    if wish is Wish.KEEP:
        return kept(conversation)
    return not_sure(conversation) if wish is Wish.UNCLEAR else None


def _only_masked(tracker: Tracker) -> Answer | None:
    return only_masked(conversation_of(tracker)) if is_only_masked(tracker) else None


def _not_yet_erased(tracker: Tracker, answer: Answer) -> Answer:
    """An answer to something else, for who was asked whether to erase."""
    return not_yet(answer) if was_asked_to_erase(tracker) else answer


def _say(dispatcher: CollectingDispatcher, answer: Answer) -> list[dict[str, Any]]:
    _dispatch(dispatcher, answer.reply)
    return [SlotSet("conversation", answer.conversation.to_slot())]


def _dispatch(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Hand a reply to the channel, as text and as data in one message."""
    dispatcher.utter_message(text=reply.text, json_message=reply.payload)
