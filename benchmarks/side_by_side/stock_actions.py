"""The action of the stock bot: copied into its project as ``actions.py``, and served by ``rasa_sdk``."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

DISCLAIMER = "Dit is geen medisch advies."


class ActionAnswer(Action):
    """Says what the ResponseSelector found, its source with it, and the disclaimer."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the response that the message was classified as."""
        found = tracker.latest_message["response_selector"]["default"]["response"]
        dispatcher.utter_message(text=f"{found['responses'][0]['text']} {DISCLAIMER}")
        return []
