"""What Rasa's tracker holds, in the terms of ``kalm``."""

from __future__ import annotations

import time
from typing import Any

from rasa_sdk import Tracker

from kalm.conversation import ONE_STORY, Conversation
from kalm.privacy.masking import without_labels
from kalm.safety.conditions import conditions_in, conditions_over
from kalm.safety.fallback import unless_it_fails
from kalm.sentences import sentences
from kalm.understanding import Understanding

A_WORD_OR_TWO = 2
"""Words of a message that is hardly one: the message before it then counts too."""


def conversation_of(tracker: Tracker) -> Conversation:
    """What Kalm remembers, from the slot, with what the last message told."""
    text = text_of(tracker)
    told, over = (unless_it_fails(look, text) or () for look in (conditions_in, conditions_over))
    return Conversation.from_slot(tracker.get_slot("conversation"), int(time.time())).told(told, over)


def intent_of(tracker: Tracker) -> str:
    """The name of the intent of the last message."""
    return str((tracker.latest_message.get("intent") or {}).get("name"))


def text_of(tracker: Tracker) -> str:
    """The visitor's last message, without the labels of what was masked in it."""
    return without_labels(_whole_text(tracker))


def is_only_masked(tracker: Tracker) -> bool:
    """Whether the last message had nothing in it but personal data."""
    text = _whole_text(tracker)
    return any(map(str.isalnum, text)) and not any(map(str.isalnum, without_labels(text)))


def _whole_text(tracker: Tracker) -> str:
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
        without_labels(str(message.get("text") or ""))
        for message in before
        if now - float(message.get("timestamp") or 0) <= ONE_STORY
    ]
    is_one_story = all(len(text.split()) <= A_WORD_OR_TWO for text in texts)
    return " ".join(texts if is_one_story else texts[-1:])


def understanding_of(tracker: Tracker) -> Understanding:
    """The classifier's ranking of the last message."""
    return Understanding.of_ranking(tracker.latest_message.get("intent_ranking") or [])


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


def was_asked_to_erase(tracker: Tracker) -> bool:
    """Whether Kalm last asked "shall I erase this conversation"."""
    return sentences().forget_yes in offered_to(tracker)


def was_told_how_to_erase(tracker: Tracker) -> bool:
    """Whether Kalm last told what is kept, and that it can be erased."""
    return sentences().forget_wish in offered_to(tracker)


def offered_to(tracker: Tracker) -> list[str]:
    """The questions that Kalm's last message suggested, in its order."""
    return [str(suggestion["payload"]) for suggestion in _last_payload(tracker).get("suggestions", ())]


def _last_payload(tracker: Tracker) -> dict[str, Any]:
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            payload = (event.get("data") or {}).get("custom")
            return payload if isinstance(payload, dict) else {}
    return {}
