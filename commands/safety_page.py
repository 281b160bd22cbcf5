"""``kalm safety-page``: what Kalm does and says where it matters, for a doctor or a lawyer to approve."""

from __future__ import annotations

import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kalm.articles import Evidence
from kalm.conversation import DANGER_LASTS, FORGOTTEN_AFTER
from kalm.safety import danger_rules
from kalm.safety.claims import claim_rules
from kalm.safety.comfort import comfort_rules
from kalm.safety.conditions import condition_rules
from kalm.safety.during import during_danger
from kalm.safety.files import read_file
from kalm.said import responses, written_sentences

_TEMPLATES = Path(__file__).parent / "templates"


def safety_page() -> None:
    """Print the page, as it stands in docs/veiligheid.md."""
    sys.stdout.write(render_safety())


def render_safety() -> str:
    """The page in Markdown."""
    environment = Environment(  # the page is Markdown, where markup has no meaning to escape
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template("veiligheid.md").render(
        sentences=written_sentences(),
        signs=danger_rules().signs,
        during=during_danger(),
        comforts=comfort_rules(),
        conditions=condition_rules().conditions.values(),
        claims=claim_rules(),
        decisions=read_file("decisions.yml")["uitspraken"],
        evidence=[kind.in_words for kind in Evidence],
        bot=next(text.text for text in responses() if text.name == "responses/utter_bot/0"),
        hours=DANGER_LASTS // 3600,
        minutes=FORGOTTEN_AFTER // 60,
    )
