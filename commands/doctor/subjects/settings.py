"""Each setting readable and sensible; names that are none."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from commands.doctor.finding import Finding, fault, good, warning
from commands.doctor.look import Look
from commands.doctor.reading import PREFIX
from commands.doctor.redacting import looks_like_a_secret
from kalm.settings import Settings

_NEAR = 70
"""Of 100, by rapidfuzz; a name less like any other is given no suggestion."""

_DOCS = "docs/settings.md lists them"


def look(looked: Look) -> Iterator[Finding]:
    """What is wrong with the variables themselves."""
    yield from _unusable(looked)
    yield from _unknown(looked)
    yield from _misplaced(looked)
    yield from _ports(looked)
    yield from _still_the_example(looked)
    known = _known()
    count = sum(variable.upper() in known for variable in looked.environment) - len(looked.refused)
    yield good(f"{max(count, 0)} settings come from the environment, the others are at their default")


def _unusable(looked: Look) -> Iterator[Finding]:
    for refused in looked.refused:
        remedy = "correct it (docs/settings.md); until then no server starts, and below its default was used"
        yield fault(refused.variable, refused.why, remedy)


def _unknown(looked: Look) -> Iterator[Finding]:
    known = _known()
    for variable in sorted(looked.environment):
        name = variable.upper()
        if not name.startswith(PREFIX) or name in known:
            continue
        nearest = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=_NEAR)
        remedy = f"did you mean {nearest[0]}? Else remove it" if nearest else f"remove it; {_DOCS}"
        yield fault(variable, "is no setting of Kalm, so it does nothing", remedy)


def _misplaced(looked: Look) -> Iterator[Finding]:
    hidden = {f"{PREFIX}{name.upper()}" for name in looked.settings.secret_names}
    for variable, value in sorted(looked.environment.items()):
        name = variable.upper()
        if name in _known() and name not in hidden and looks_like_a_secret(value):
            remedy = "look whether it belongs in another variable; if it does, choose a new secret as well"
            yield warning(variable, "looks like a secret, and this setting is shown to others", remedy)


def _ports(looked: Look) -> Iterator[Finding]:
    seen: dict[int, str] = {}
    for name in ("bot_port", "actions_port", "web_port"):
        port, variable = getattr(looked.settings, name), f"{PREFIX}{name.upper()}"
        if port in seen:
            what = f"is {port}, which {seen[port]} is too"
            yield fault(variable, what, "choose another; two servers cannot share a port")
        seen.setdefault(port, variable)


def _still_the_example(looked: Look) -> Iterator[Finding]:
    """What visitors would hear, once there are visitors."""
    if not looked.settings.public_url:
        return
    for name in ("shop_name", "contact"):
        default = Settings.__fields__[name].default
        if getattr(looked.settings, name) == default:
            what = f"is not set, so visitors read '{default}'"
            yield warning(f"{PREFIX}{name.upper()}", what, "say it as the shop does")


def _known() -> list[str]:
    return [f"{PREFIX}{name.upper()}" for name in Settings.__fields__]
