"""Templates: Dutch pages, everything escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from kalm.reply import dutch_date

_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
_templates.env.filters["dutch_date"] = dutch_date


def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """A page from a template in ``web/templates``."""
    return _templates.TemplateResponse(request, template, context, status_code=status)
