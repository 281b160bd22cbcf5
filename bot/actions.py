"""How the bot has a custom action run by the action server.

Two things cost Rasa's own ``RemoteAction`` more than the action itself. It checks the schema of an answer,
not only the answer, at each call, and tries each event against all kinds of events that there are. And it
sends all events of the conversation, where an action looks at the last messages.
"""

from __future__ import annotations

from collections import deque
from copy import copy, deepcopy
from functools import cache
from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from kalm.meaning_along import with_meaning
from kalm.privacy.masking import without_labels

EVENTS = 24
"""Events that an action is told: those of the last three messages at least. It looks no further back
(``actions/tracker.py``)."""


class KalmRemoteAction(RemoteAction):
    """A custom action."""

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        lately = copy(tracker)
        lately.events = deque(list(tracker.events)[-EVENTS:])
        call: dict[str, Any] = super()._action_call_format(lately, domain)
        latest = tracker.latest_message
        return with_meaning(call, without_labels((latest and latest.text) or ""))

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        if not _of_slots_alone().is_valid(result):
            _of_all_events().validate(result)
        return True


@cache
def _of_slots_alone() -> Draft7Validator:
    """Of Rasa's own schema of an answer, where all events set a slot: those of Kalm's actions do."""
    schema = _schema()
    event = schema["properties"]["events"]["items"]
    event["oneOf"] = [kind for kind in event["oneOf"] if kind["properties"]["event"] == {"const": "slot"}]
    return Draft7Validator(schema)


@cache
def _of_all_events() -> Draft7Validator:
    """Of the whole schema."""
    return Draft7Validator(_schema())


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = deepcopy(RemoteAction.action_response_format_spec())
    Draft7Validator.check_schema(schema)
    return schema
