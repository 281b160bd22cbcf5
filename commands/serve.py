"""``python -m commands.serve bot|actions|web``: one server, with its log set up before all else is loaded.

``rasa run``, ``python -m rasa_sdk`` and ``python -m uvicorn`` set up logs of their own, which quote what
visitors type. Here the same servers are started by the functions below those commands. It is no command of
``kalm``: that loads the modules of all commands, which a server would keep in memory as long as it runs.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from asyncio import AbstractEventLoop
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.environment import ONE_THREAD, rasa_environment
from commands.garbage import pass_over_what_is_loaded
from commands.open_files import allow_many_open_files
from commands.telling import ANSWERED, OPEN, REFUSED, Supervisor
from kalm import logs
from kalm.embedding import EmbedderError, embed_once
from kalm.limits import ACTION_CONNECTION_KEPT, LONGEST_BODY
from kalm.pointer import ReleaseError, current
from kalm.settings import ROOT, SettingsError, settings
from kalm.text_cache import forget_texts_often
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import require_newest

if TYPE_CHECKING:
    from sanic import Sanic

    from bot.action_endpoint import ActionEndpoint

SERVERS = ("bot", "actions", "web")


class NoModelError(Exception):
    """The bot has nothing to work with; the message says what to run."""


class CanaryError(Exception):
    """A bot that was to take over may not."""


def main() -> None:
    """Run a server until it is told to stop; exit code 1 when it could not start."""
    chosen = _arguments().parse_args()
    try:
        # Also when it was not started by ``kalm run``.
        os.environ.update({**ONE_THREAD, **rasa_environment()})
        allow_many_open_files()
        logs.configure(chosen.server)
    except SettingsError as error:
        sys.exit(str(error))
    try:
        if chosen.server == "bot":
            serve_bot(chosen.model or current().model, _inherited(chosen.listen), chosen.tell)
        elif chosen.server == "actions":
            serve_actions(chosen.index, _inherited(chosen.listen))
        else:
            serve_web()
    except (EmbedderError, ReleaseError, StorageError) as error:  # the message says it all
        sys.exit(str(error))
    except Exception as error:
        logs.failure("the server ends by an error", error, server=chosen.server)
        sys.exit(1)


def serve_bot(model: Path, listening: socket.socket | None = None, tell: int | None = None) -> None:
    """The bot server: what ``rasa.core.run.serve_application`` does, without its logs.

    Args:
        model: the trained model, a ``.tar.gz``.
        listening: where to accept, in place of host and port of the settings.
        tell: file descriptor by which a supervisor hears how the canary questions went, and lets it open.

    Raises:
        EmbedderError: there is an embedder that does not work; messages that tell of danger may need it.
        NoModelError: there is no such file, or Rasa cannot load it.
        StorageError: the database is not there, or has another schema.
    """
    if not model.exists():
        raise NoModelError(f"{model} does not exist; run 'make train'")
    _refuse_without_database()
    refuse_several_on_sqlite()
    embed_once()

    from rasa.core import run
    from rasa.core.utils import AvailableEndpoints, number_of_sanic_workers

    from bot.action_endpoint import ActionEndpoint
    from bot.agent import load_on_start
    from channels import readiness
    from channels.refusals import Refusals
    from channels.visitor import conversations
    from commands.metering import meter_bot

    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action = ActionEndpoint.of_file(ROOT / "endpoints.yml")
    channels = run.create_http_input_channels(None, str(ROOT / "credentials.yml"))
    app = run.configure_app(channels, enable_api=False, port=settings().bot_port, endpoints=endpoints)
    # Of a body that no route asked for: Sanic would read 100 MB of it, into memory or to throw away.
    app.config.REQUEST_MAX_SIZE = LONGEST_BODY
    app.blueprint(readiness.routes(conversations()))
    Refusals().slow_down(app)
    meter_bot(app, Database(settings().database_url))
    app.register_listener(partial(load_on_start, model, endpoints), "before_server_start")
    app.register_listener(partial(_refuse_without_model, model), "before_server_start")
    app.register_listener(_warm_up, "before_server_start")
    if tell is not None:
        supervisor = Supervisor(tell)
        app.register_listener(partial(_let_it_be_tried, supervisor), "before_server_start")
        app.register_listener(partial(_say_that_it_is_open, supervisor), "after_server_start")
    app.register_listener(partial(_close, endpoints.action), "after_server_stop")
    workers = number_of_sanic_workers(endpoints.lock_store)
    _serve(app, settings().host, settings().bot_port, workers, listening)


def _refuse_without_database() -> None:
    # The tracker store refuses as well, but Rasa then leaves half a screen of a stack behind.
    database = Database(settings().database_url)
    require_newest(database)
    database.close()


def refuse_several_on_sqlite() -> None:
    """Rasa takes any lock store that is not its own for one that holds between processes.

    Raises:
        StorageError: several bots were asked for, and nothing would keep them out of one conversation.
    """
    wanted = os.environ.get("SANIC_WORKERS", "1")
    if wanted.strip() not in ("", "0", "1") and Database(settings().database_url).is_sqlite:
        raise StorageError(
            f"SANIC_WORKERS is {wanted}: with SQLite there is one bot process; leave it out, or name a "
            "PostgreSQL database in KALM_DATABASE"
        )


def serve_actions(index: Path | None = None, listening: socket.socket | None = None) -> None:
    """The action server: what ``rasa_sdk.endpoint.run`` does, on this machine alone by default.

    Args:
        index: the search index, in place of that of the current release.
        listening: where to accept, in place of host and port of the settings.

    Raises:
        EmbedderError: as of :func:`serve_bot`.
    """
    from kalm import release

    if index is not None:
        release.pin(index)
    embed_once()

    from rasa_sdk.endpoint import create_app
    from rasa_sdk.utils import number_of_sanic_workers

    from commands.action_calls import take_along
    from commands.metering import meter_actions

    host, port = settings().actions_host, settings().actions_port
    # No page of any website may ask it something; rasa_sdk lets all of them.
    app = create_app("actions", cors_origins="")
    app.config.KEEP_ALIVE_TIMEOUT = round(2 * ACTION_CONNECTION_KEPT)  # the bot closes a connection first
    meter_actions(app)
    app.register_middleware(take_along, "request")
    app.register_listener(_answer_once, "before_server_start")
    _serve(app, host, port, number_of_sanic_workers(), listening)


def serve_web() -> None:
    """The web app.

    Raises:
        StorageError: the database is not there, or has another schema.
    """
    _refuse_without_database()

    import uvicorn

    from commands.metering import meter_web
    from review.application import create_app as create_review
    from review.handed_over.mailing import tell_team
    from review.inbox.keeping import keep_inbox
    from review.training.export import finish_interrupted
    from review.unanswered.runs import look_daily
    from storage.housekeeping import keep_house
    from web import create_app

    database = Database(settings().database_url)
    finish_interrupted(database)
    chores = [partial(chore, database) for chore in (keep_house, keep_inbox, tell_team, look_daily)]
    scraper = meter_web(Database(settings().database_url))
    app = create_app(mounts={"/review": create_review(database)}, chores=chores, scraper=scraper)
    pass_over_what_is_loaded()
    forget_texts_often()  # the inbox reads what visitors typed
    logs.open_for_visitors(settings().web_port)
    uvicorn.run(
        app,
        host=settings().host,
        port=settings().web_port,
        log_config=None,
        access_log=False,
        ws="none",  # Rasa pins a websockets that uvicorn cannot use; nothing here needs it
    )


def _serve(app: Sanic, host: str, port: int, workers: int, listening: socket.socket | None) -> None:
    from commands.draining import DrainingProtocol

    where: dict[str, Any] = {"host": host, "port": port} if listening is None else {"sock": listening}
    port = port if listening is None else listening.getsockname()[1]
    app.register_listener(partial(_open, port), "before_server_start")  # the last one: then Sanic listens
    try:
        app.run(
            **where, workers=workers, protocol=DrainingProtocol, access_log=False, debug=False, motd=False
        )
    except Exception:  # Sanic has logged it
        sys.exit(1)


async def _open(port: int, app: Sanic, loop: AbstractEventLoop) -> None:
    pass_over_what_is_loaded()
    forget_texts_often()
    logs.open_for_visitors(port)


async def _close(action_server: ActionEndpoint, app: Sanic, loop: AbstractEventLoop) -> None:
    await action_server.close()


async def _refuse_without_model(model: Path, app: Sanic, loop: AbstractEventLoop) -> None:
    # The server would go on without one, and answer nothing.
    if not app.ctx.agent.is_ready():
        raise NoModelError(f"Rasa loaded no model from {model}; remove it and run 'make train'")


async def _let_it_be_tried(supervisor: Supervisor, app: Sanic, loop: AbstractEventLoop) -> None:
    """Ask the canary questions, and wait until the supervisor lets this server open."""
    from commands.canary import what_fails

    reason = await what_fails(app.ctx.agent)
    if reason is not None:
        await supervisor.tell(f"{REFUSED}{reason.value}")
        raise CanaryError(f"the canary questions went wrong: {reason.value}")
    await supervisor.tell(ANSWERED)
    if await supervisor.hear() != OPEN:
        raise CanaryError("the supervisor does not want this server any more")


async def _say_that_it_is_open(supervisor: Supervisor, app: Sanic, loop: AbstractEventLoop) -> None:
    await supervisor.tell(OPEN)


async def _warm_up(app: Sanic, loop: AbstractEventLoop) -> None:
    """Load now what is needed at the first message: a visitor should not wait for it."""
    try:
        await app.ctx.agent.parse_message("hallo")
    except Exception as error:  # with a model that fails, whoever is in danger still hears whom to call
        logs.failure("the model could not be tried", error)


async def _answer_once(app: Sanic, loop: AbstractEventLoop) -> None:
    """Load the index and all that an answer takes before it listens: else the first visitor waits for it."""
    from actions.base import answering
    from kalm.conversation import Conversation
    from kalm.sentences import sentences
    from kalm.understanding import Understanding

    try:
        answering().answer(sentences().starters[0], Understanding(), Conversation())
    except Exception as error:  # whoever is in danger hears whom to call without an index too
        logs.failure("no answer could be tried", error)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m commands.serve", description=__doc__)
    servers = parser.add_subparsers(dest="server", required=True)
    for name in SERVERS:
        server = servers.add_parser(name)
        if name == "bot":
            server.add_argument("--model", type=Path, help="the trained model, another than the current one")
            server.add_argument("--tell", type=int, help="descriptor of a socket to the supervisor")
        if name == "actions":
            server.add_argument("--index", type=Path, help="the search index, another than the current one")
        if name != "web":
            server.add_argument("--listen", type=int, help="descriptor of the socket to listen on")
    return parser


def _inherited(descriptor: int | None) -> socket.socket | None:
    """A socket that the process which started this one has bound."""
    return None if descriptor is None else socket.socket(fileno=descriptor)


if __name__ == "__main__":
    main()
