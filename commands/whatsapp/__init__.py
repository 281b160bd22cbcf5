"""``kalm whatsapp``: trying the channel without Meta, and testing what Meta will call."""

from __future__ import annotations

import typer

from commands.whatsapp import simulate, verify

app = typer.Typer(
    help="Probeer WhatsApp zonder Meta, en controleer wat Meta straks aanroept.", no_args_is_help=True
)
app.command("simulate")(simulate.simulate)
app.command("verify")(verify.verify)
