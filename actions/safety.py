"""Replies that send to a person who can help: a doctor, an emergency number, someone to talk to."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import ReplyingAction, answering
from actions.tracker import text_of, understanding_of
from kalm.conversation import Conversation
from kalm.danger_replies import danger
from kalm.fixed_replies import Answer
from kalm.reply import Kind


class Refer(ReplyingAction):
    """Refers a personal medical decision to huisarts or apotheker."""

    def name(self) -> str:
        """See base."""
        return "action_refer"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return answering().referral(text_of(tracker), understanding_of(tracker), conversation)


class RespondToEmergency(ReplyingAction):
    """Says whom to call now."""

    breaks_off_danger = True

    def name(self) -> str:
        """See base."""
        return "action_respond_to_emergency"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return danger(Kind.EMERGENCY, text_of(tracker), conversation)


class RespondToCrisis(ReplyingAction):
    """Points to someone to talk to now."""

    breaks_off_danger = True

    def name(self) -> str:
        """See base."""
        return "action_respond_to_crisis"

    def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
        """See base."""
        return danger(Kind.CRISIS, text_of(tracker), conversation)
