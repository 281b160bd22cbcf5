"""What the chat element sends and gets, as the OpenAPI description shows it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Extra, Field, StrictBool, StrictInt, StrictStr, ValidationError

from channels.errors import Code, RequestError

EXAMPLES = {
    "session": '{"consent": "..."}',
    "message": '{"id": "...", "text": "..."}',
    "judgement": '{"number": 1, "helped": true}',
}
"""For who sends something else."""

LONGEST_REASON = 500
_ID = r"^[A-Za-z0-9_-]{8,64}$(?!\n)"  # Python's $ alone also stands before a last line break


class _Number(StrictInt):
    ge, le = 1, 2**31 - 1


class _Sent(BaseModel):
    """Strict types: pydantic would take ``false`` for the text "False"."""

    class Config:
        extra = Extra.forbid


class SessionAsked(_Sent):
    """A visitor who agrees."""

    consent: StrictStr = Field(..., max_length=64, description="Id of what the visitor agreed to")


class MessageSent(_Sent):
    """A message of the visitor: typed, or one of the suggestions that the last reply offered."""

    id: StrictStr = Field(..., regex=_ID, description="Made by the element; the same id twice is one message")
    text: StrictStr = Field(..., description="What was typed, or the payload of what was pressed")
    chosen: StrictBool = Field(False, description="Pressed: then the last reply must have offered it")


class Judgement(_Sent):
    """What the visitor thinks of an answer."""

    number: _Number = Field(..., description="Number of the message that was answered")
    helped: StrictBool
    reason: StrictStr = Field("", max_length=LONGEST_REASON, description="In the visitor's words, or empty")


class SessionGiven(BaseModel):
    """A new session."""

    token: str = Field(..., description="For the header `Authorization: Bearer ...`")
    ends_at: int = Field(..., description="Seconds since 1970")


class MessageKept(BaseModel):
    """A message of the visitor with what Kalm said to it."""

    id: str
    number: int = Field(..., description="Within the conversation, from 1; 0 when the conversation is erased")
    at: float = Field(..., description="Seconds since 1970")
    text: str = Field(..., description="What was typed, without personal data")
    replies: list[dict[str, Any]] = Field(..., description="Each with a `kind`; see docs/architecture.md")
    helped: bool | None = Field(
        ..., nullable=True, description="What the visitor said of it, null for nothing"
    )


class History(BaseModel):
    """Messages of a conversation."""

    messages: list[MessageKept]
    more: bool = Field(..., description="Whether there are later ones")


class Erased(BaseModel):
    """The conversation is erased."""

    receipt: str = Field(..., description="Receipt number; empty when there was nothing to erase")


class Consent(BaseModel):
    """What a visitor is asked before anything is sent."""

    id: str = Field(..., description="Changes with the text; a session starts with it")
    text: str
    agree: str = Field(..., description="What the button says")
    instead: str = Field(..., description="For who does not agree")


class DangerLine(BaseModel):
    """Whom to call, shown before anything is asked."""

    message: str
    numbers: dict[str, str] = Field(..., description="Each number in the text with its `tel:` address")


class Configuration(BaseModel):
    """What the element needs to know before the first message."""

    consent: Consent
    danger: DangerLine
    greeting: str
    disclaimer: str
    suggestions: list[dict[str, str]]
    privacy_page: str
    articles_page: str
    longest_text: int


class Fault(BaseModel):
    """Why a request was not answered."""

    code: Code
    message: str = Field(..., description="For the visitor, in Dutch")
    reply: dict[str, Any] | None = Field(
        None, nullable=True, description="An apology, or whom to call in danger"
    )
    again: bool = Field(False, description="Whether sending the same once more may help")


class FaultGiven(BaseModel):
    """The one shape of an error."""

    error: Fault


def read(model: type[_Sent], data: dict[str, Any]) -> Any:
    """The data as a model.

    Raises:
        RequestError: a field is missing, unknown or wrong.
    """
    try:
        return model.parse_obj(data)
    except ValidationError as error:
        names = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors()}))
        raise RequestError(f"Dit veld klopt niet of ontbreekt: {names}.") from None
