"""All commands together. Errors that a person can mend are shown without a stack trace."""

from __future__ import annotations

import os
import sys

import typer
from rich.console import Console

from commands import (
    approve,
    calibrate,
    candidate,
    chat,
    check,
    cluster,
    conflicts,
    database,
    demo,
    doctor,
    evaluate,
    export,
    forgetting,
    import_article,
    live,
    measure,
    run,
    safety_page,
    schema_page,
    search,
    table,
    train,
    transcript,
    trial,
    user,
    whatsapp,
)
from commands.child import stop_on_sigterm
from commands.environment import NO_TELEMETRY
from commands.errors import CommandError
from kalm.articles import ArticleError
from kalm.embedding import EmbedderError, OtherEmbedderError
from kalm.release import ReleaseError
from kalm.safety import SafetyError
from kalm.sentences import SentencesError
from kalm.settings import SettingsError
from kalm.training_examples import TrainingExamplesError
from storage.errors import StorageError

_app = typer.Typer(
    name="kalm",
    help="Kalm: antwoorden over rusteloze benen uit de artikelen van een winkel.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_app.command("run")(run.run)
_app.command("demo")(demo.demo)
_app.command("train")(train.train)
_app.command("live")(live.live)
_app.command("check")(check.check)
_app.command("doctor")(doctor.doctor)
_app.command("approve")(approve.approve)
_app.command("import")(import_article.import_article)
_app.command("search")(search.search)
_app.command("chat")(chat.chat)
_app.command("evaluate")(evaluate.evaluate)
_app.command("candidate", hidden=True)(candidate.candidate)
_app.command("export", hidden=True)(export.export)
_app.command("measure", hidden=True)(measure.measure)
_app.command("trial", hidden=True)(trial.trial)
_app.command("cluster")(cluster.cluster)
_app.command("calibrate")(calibrate.calibrate)
_app.command("conflicts")(conflicts.conflicts)
_app.command("safety-page")(safety_page.safety_page)
_app.command("migrate")(database.migrate)
_app.command("backup")(database.backup)
_app.command("restore")(database.restore)
_app.command("purge")(forgetting.purge)
_app.command("forget")(forgetting.forget)
_app.command("receipt")(forgetting.receipt)
_app.command("transcript")(transcript.transcript)
_app.command("rotate-key")(forgetting.rotate_key)
_app.command("schema")(schema_page.schema)
_app.command("settings")(table.settings_table)
_app.add_typer(user.app, name="user")
_app.add_typer(whatsapp.app, name="whatsapp")


_MENDABLE = (
    CommandError,
    ArticleError,
    EmbedderError,
    OtherEmbedderError,
    ReleaseError,
    SafetyError,
    SentencesError,
    SettingsError,
    StorageError,
    TrainingExamplesError,
)


def app() -> None:
    """Run the command line; exit code 1 for a fault that the message explains."""
    stop_on_sigterm()
    os.environ.update(NO_TELEMETRY)
    try:
        _app()
    except _MENDABLE as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), style="red", markup=False)
        sys.exit(1)
