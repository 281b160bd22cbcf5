"""The meaning of a message goes along from the server that found it to the one that needs it next.

To find it takes longer than any other step. It travels in the call of an action, between two processes of
one machine, and is kept nowhere.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np

from kalm.embedding import DIMENSIONS, Vectors, lately

FIELD = "meaning"
"""Name in the call of an action."""


def with_meaning(call: dict[str, Any], text: str) -> dict[str, Any]:
    """The call of an action, with the meaning of a text when this process looked for it lately.

    Args:
        call: data of JSON.
        text: of the message, as it is embedded.
    """
    vector = lately.get(text)
    if vector is None:
        return call
    return {**call, FIELD: {"text": text, "vector": base64.b64encode(vector.tobytes()).decode("ascii")}}


def take_meaning(call: Any) -> None:
    """Remember the meaning that came along with a call; whatever is no meaning is passed over.

    Args:
        call: data of JSON.
    """
    told = call.get(FIELD) if isinstance(call, dict) else None
    if not isinstance(told, dict):
        return
    text, vector = told.get("text"), _vector(told.get("vector"))
    if isinstance(text, str) and vector is not None:
        lately.put(text, vector)


def _vector(data: Any) -> Vectors | None:
    try:
        content = base64.b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return None
    if len(content) != DIMENSIONS * np.dtype(np.float32).itemsize:
        return None
    return np.frombuffer(content, dtype=np.float32)
