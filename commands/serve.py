"""``python -m commands.serve bot|actions|web``: one server, with its log set up before all else is loaded.

``rasa run``, ``python -m rasa_sdk`` and ``python -m uvicorn`` set up logs of their own, which quote what
visitors type. Here the same servers are started by the functions below those commands. It is no command of
``kalm``: that loads the modules of all commands, which a server would keep in memory as long as it runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from asyncio import AbstractEventLoop
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from commands.environment import ONE_THREAD, rasa_environment
from kalm import logs
from kalm.settings import LOOPBACK, ROOT, SettingsError, settings
from kalm.text_cache import forget_texts_often
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import require_newest

if TYPE_CHECKING:
    from sanic import Sanic

SERVERS = ("bot", "actions", "web")


class NoModelError(Exception):
    """The bot has nothing to work with; the message says what to run."""


def main() -> None:
    """Run a server until it is told to stop; exit code 1 when it could not start."""
    chosen = _arguments().parse_args()
    try:
        # Also when it was not started by ``kalm run``.
        os.environ.update({**ONE_THREAD, **rasa_environment()})
        logs.configure(chosen.server)
    except SettingsError as error:
        sys.exit(str(error))
    try:
        if chosen.server == "bot":
            serve_bot(chosen.model)
        elif chosen.server == "actions":
            serve_actions()
        else:
            serve_web()
    except StorageError as error:  # the message says it all
        sys.exit(str(error))
    except Exception as error:
        logs.failure("the server ends by an error", error, server=chosen.server)
        sys.exit(1)


def serve_bot(model: Path) -> None:
    """The bot server: what ``rasa.core.run.serve_application`` does, without its logs.

    Args:
        model: the trained model, a ``.tar.gz``.

    Raises:
        NoModelError: there is no such file, or Rasa cannot load it.
        StorageError: the database is not there, or has another schema.
    """
    if not model.exists():
        raise NoModelError(f"{model} does not exist; run 'make train'")
    _refuse_without_database()

    from rasa.core import run
    from rasa.core.utils import AvailableEndpoints, number_of_sanic_workers

    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    channels = run.create_http_input_channels(None, str(ROOT / "credentials.yml"))
    app = run.configure_app(channels, enable_api=False, port=settings().bot_port, endpoints=endpoints)
    load = partial(run.load_agent_on_start, str(model), endpoints, None)
    app.register_listener(load, "before_server_start")
    app.register_listener(partial(_refuse_without_model, model), "before_server_start")
    app.register_listener(_warm_up, "before_server_start")
    app.register_listener(run.close_resources, "after_server_stop")
    _serve(app, settings().host, settings().bot_port, number_of_sanic_workers(endpoints.lock_store))


def _refuse_without_database() -> None:
    # The tracker store refuses as well, but Rasa then leaves half a screen of a stack behind.
    database = Database(settings().database_url)
    require_newest(database)
    database.close()


def serve_actions() -> None:
    """The action server: what ``rasa_sdk.endpoint.run`` does, on this machine alone."""
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.utils import number_of_sanic_workers

    _serve(create_app("actions"), LOOPBACK, settings().actions_port, number_of_sanic_workers())


def serve_web() -> None:
    """The web app.

    Raises:
        StorageError: the database is not there, or has another schema.
    """
    _refuse_without_database()

    import uvicorn

    from review.application import create_app as create_review
    from storage.housekeeping import keep_house
    from web import create_app

    database = Database(settings().database_url)
    app = create_app(mounts={"/review": create_review(database)}, chores=[partial(keep_house, database)])
    logs.open_for_visitors(settings().web_port)
    uvicorn.run(
        app,
        host=settings().host,
        port=settings().web_port,
        log_config=None,
        access_log=False,
        ws="none",  # Rasa pins a websockets that uvicorn cannot use; nothing here needs it
    )


def _serve(app: Sanic, host: str, port: int, workers: int) -> None:
    app.register_listener(partial(_open, port), "before_server_start")  # the last one: then Sanic listens
    try:
        app.run(host, port, workers=workers, access_log=False, debug=False, motd=False)
    except Exception:  # Sanic has logged it
        sys.exit(1)


async def _open(port: int, app: Sanic, loop: AbstractEventLoop) -> None:
    forget_texts_often()
    logs.open_for_visitors(port)


async def _refuse_without_model(model: Path, app: Sanic, loop: AbstractEventLoop) -> None:
    # Rasa would go on without one, and answer nothing.
    if not app.ctx.agent.is_ready():
        raise NoModelError(f"Rasa loaded no model from {model}; remove it and run 'make train'")


async def _warm_up(app: Sanic, loop: AbstractEventLoop) -> None:
    """Load now what is needed at the first message: a visitor should not wait for it."""
    try:
        await app.ctx.agent.parse_message("hallo")
    except Exception as error:  # with a model that fails, whoever is in danger still hears whom to call
        logs.failure("the model could not be tried", error)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m commands.serve", description=__doc__)
    servers = parser.add_subparsers(dest="server", required=True)
    for name in SERVERS:
        server = servers.add_parser(name)
        if name == "bot":
            server.add_argument("--model", type=Path, required=True, help="the trained model, a .tar.gz")
    return parser


if __name__ == "__main__":
    main()
