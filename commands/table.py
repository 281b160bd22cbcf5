"""``kalm settings``: the settings table of the docs, made from the code."""

from __future__ import annotations

import sys

from kalm.settings import ROOT, Settings


def settings_table() -> None:
    """Print the table of all settings, as it stands in docs/settings.md."""
    sys.stdout.write(render_settings())


def render_settings() -> str:
    """The table in Markdown."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for name, field in Settings.__fields__.items():
        default = field.default
        if name in ("articles", "models", "var"):
            default = default.relative_to(ROOT) if default.is_absolute() else default
        lines.append(f"| `KALM_{name.upper()}` | `{default}` | {field.field_info.description} |")
    return "\n".join(lines) + "\n"
