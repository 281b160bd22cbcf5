"""The OpenAPI description of the website's routes, made from the models."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.schema import schema

from channels.website import models

_MODELS: tuple[type[BaseModel], ...] = (
    models.SessionAsked,
    models.MessageSent,
    models.Judgement,
    models.SessionGiven,
    models.MessageKept,
    models.History,
    models.Erased,
    models.Configuration,
    models.FaultGiven,
)
_FAULTS = {
    400: "the request cannot be read",
    401: "the session has ended or is unknown",
    403: "the origin is not allowed",
    404: "there is no such message",
    409: "the last reply did not offer this; or what was agreed to has changed",
    413: "the body is too large",
    422: "the text is empty or too long",
    429: "too many requests; Retry-After tells the seconds to wait",
    503: "nothing was kept; the same may be sent again",
}
_WAIT = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}


@cache
def description() -> dict[str, Any]:
    """OpenAPI 3.0."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Kalm on the website", "version": "1"},
        "servers": [{"url": "/webhooks/website"}],
        "paths": {
            "/session": {
                "post": _operation(
                    "Start a session, for a visitor who agrees; with the token of one, it lasts longer",
                    201,
                    models.SessionGiven,
                    (400, 401, 409, 413, 429, 503),
                    body=models.SessionAsked,
                    also_without_session=True,
                )
            },
            "/messages": {
                "get": _operation(
                    "Read messages after a number",
                    200,
                    models.History,
                    (400, 401, 429, 503),
                    parameters=[
                        {
                            "name": "after",
                            "in": "query",
                            "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
                        }
                    ],
                ),
                "post": _operation(
                    "Send a message; the same id twice gives the same reply",
                    200,
                    models.MessageKept,
                    (400, 401, 409, 413, 422, 429, 503),
                    body=models.MessageSent,
                ),
            },
            "/conversation": {
                "delete": _operation("Erase the conversation", 200, models.Erased, (401, 429, 503))
            },
            "/feedback": {
                "post": _operation(
                    "Judge an answer",
                    204,
                    None,
                    (400, 401, 404, 413, 429, 503),
                    body=models.Judgement,
                )
            },
            "/configuration": {
                "get": _operation("What the element needs to know", 200, models.Configuration, (503,))
            },
        },
        "components": {
            "schemas": schema(_MODELS, ref_prefix="#/components/schemas/")["definitions"],
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(
    summary: str,
    status: int,
    given: type[BaseModel] | None,
    faults: tuple[int, ...],
    body: type[BaseModel] | None = None,
    parameters: list[dict[str, Any]] | None = None,
    also_without_session: bool = False,
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": summary,
        "responses": {
            str(status): {"description": "done", **_content(given)},
            **{
                str(fault): {
                    "description": _FAULTS[fault],
                    **({"headers": _WAIT} if fault == 429 else {}),
                    **_content(models.FaultGiven),
                }
                for fault in (403, *faults)
            },
        },
    }
    if 401 in faults:
        found["security"] = [{"session": []}, *([{}] if also_without_session else [])]
    if parameters:
        found["parameters"] = parameters
    if body:
        found["requestBody"] = {"required": True, **_content(body)}
    return found


def _content(model: type[BaseModel] | None) -> dict[str, Any]:
    if model is None:
        return {}
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}}
