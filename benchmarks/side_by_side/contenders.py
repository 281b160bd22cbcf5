"""Kalm, stock Rasa and the floors as servers on free ports, each started as it is started in earnest."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import psutil

from benchmarks import servers
from benchmarks.side_by_side import stock_project
from benchmarks.side_by_side.processes import ended_afterwards, run_to_its_end
from commands.environment import NO_TELEMETRY, ONE_THREAD, rasa_environment
from commands.supervising.programs import Programs
from kalm.pointer import Release
from kalm.settings import LOOPBACK, ROOT, settings

KALM = "Kalm"
STOCK = "stock Rasa"
STOCK_LEANER = "leaner stock"
FLOOR = "Sanic"
FLOOR_COMMIT = "Sanic, SQLite commit"

CONTENDERS = (KALM, STOCK, STOCK_LEANER, FLOOR, FLOOR_COMMIT)

BRIEF = (STOCK_LEANER,)
"""Asked one message at a time and by 16 senders, in no long conversation."""

QUIET = {
    "PYTHONWARNINGS": "ignore",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
"""As the Makefile has it: nothing that changes how a server works."""

_START_WITHIN = 400.0
"""Seconds: stock Rasa needs most of a minute on a quiet machine."""

_MEGABYTE = 1024 * 1024


@dataclass
class Running:
    """A contender that answers.

    Attributes:
        address: to which messages are posted.
        seconds_to_ready: from the start of its processes until each of them answered.
        processes: by name.
        extra_memory: starts what stands beside it in earnest and gives its resident memory in MB.
    """

    address: str
    seconds_to_ready: float
    processes: Mapping[str, psutil.Process]
    extra_memory: Callable[[], dict[str, float]] = field(default=dict)

    def memory(self) -> dict[str, float]:
        """Resident memory of each process in MB."""
        return {name: one.memory_info().rss / _MEGABYTE for name, one in self.processes.items()}

    def processor(self) -> float:
        """Seconds of processor that all processes used since they began."""
        return sum(sum(one.cpu_times()[:2]) for one in self.processes.values())


Contender = Callable[[Path], AbstractContextManager[Running]]
"""Starts a contender in an empty folder, and ends it afterwards."""


@dataclass(frozen=True)
class _Server:
    """A server to be started: command line, environment, where it runs and what answers when it is ready."""

    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    ready: str


@contextmanager
def _started(wanted: Mapping[str, _Server], logs: Path, webhook: str) -> Iterator[Running]:
    processes: dict[str, subprocess.Popen[bytes]] = {}
    with ended_afterwards(processes), httpx.Client(timeout=10) as client:
        started = time.perf_counter()
        for name, one in wanted.items():
            processes[name] = servers.launch(one.command, logs / f"{name}.log", one.environment, one.folder)
        for name, one in wanted.items():
            servers.wait_for(client, processes[name], one.ready, logs / f"{name}.log", _START_WITHIN)
        taken = time.perf_counter() - started
        seen = {name: psutil.Process(process.pid) for name, process in processes.items()}
        yield Running(webhook, taken, seen)


@contextmanager
def kalm(release: Release, folder: Path, root: Path = ROOT) -> Iterator[Running]:
    """Kalm's bot and action server; its web app on demand.

    Args:
        release: that they load.
        folder: empty; for the SQLite database and the logs.
        root: the checkout whose Kalm it is, one that has this benchmark too.
    """
    bot, actions, web = servers.free_ports(3)
    database = f"sqlite:///{folder / 'kalm.db'}"
    environment = {
        **rasa_environment(),
        **ONE_THREAD,
        "KALM_ARTICLES": str(_in_checkout(settings().articles, root)),
        "KALM_VAR": str(folder),
        "KALM_MODELS": str(release.model.parent),
        "KALM_DATABASE": database,
        "KALM_PSEUDONYM_KEY": secrets.token_hex(32),
        "KALM_BOT_PORT": str(bot),
        "KALM_ACTIONS_PORT": str(actions),
        "KALM_WEB_PORT": str(web),
    }
    run_to_its_end([sys.executable, "-m", "kalm", "migrate"], folder / "migrate.log", environment, root)
    programs, at = Programs(), f"http://{LOOPBACK}"
    unlimited = [
        "benchmarks.side_by_side.kalm_bot" if word == "commands.serve" else word
        for word in programs.bot(release.model)
    ]
    health = f"{at}:{actions}/health"
    wanted = {
        "actions": _Server(programs.actions(release.index), environment, root, health),
        "bot": _Server(unlimited, environment, root, f"{at}:{bot}/webhooks/rest/ready"),
    }
    page = _Server(programs.web(), environment, root, f"{at}:{web}/gezond")
    with _started(wanted, folder, f"{at}:{bot}/webhooks/rest/webhook") as running:
        running.extra_memory = partial(_memory_of, {"web": page}, folder)
        yield running


def _in_checkout(path: Path, root: Path) -> Path:
    """The same place in a checkout, of one that is in this one."""
    return root / path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _memory_of(wanted: Mapping[str, _Server], logs: Path) -> dict[str, float]:
    with _started(wanted, logs, "") as running:
        return running.memory()


@contextmanager
def stock(project: Path, model: Path, packages: Path | None, folder: Path) -> Iterator[Running]:
    """Stock Rasa as ``rasa run`` starts it, conversations in memory as is its default; its action server.

    Args:
        project: written by :func:`benchmarks.side_by_side.stock_project.write_project`.
        model: trained from it.
        packages: folder of packages that go before those of Kalm; None for none.
        folder: for the logs.
    """
    bot, actions = servers.free_ports(2)
    at = f"http://{LOOPBACK}"
    stock_project.write_endpoints(project, f"{at}:{actions}")
    environment = {**stock_environment(packages), "SANIC_HOST": LOOPBACK}
    serve = [
        *(sys.executable, "-m", "rasa", "run", "--model", str(model), "--port", str(bot)),
        *("--interface", LOOPBACK, "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]
    act = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions)]
    wanted = {
        "actions": _Server(act, environment, project, f"{at}:{actions}/health"),
        "bot": _Server(serve, environment, project, f"{at}:{bot}/"),
    }
    with _started(wanted, folder, f"{at}:{bot}/webhooks/rest/webhook") as running:
        yield running


def stock_environment(packages: Path | None) -> dict[str, str]:
    """Environment of stock Rasa's processes: this one's, without Kalm's settings and without telemetry.

    Args:
        packages: folder of packages that go before those of Kalm; None for none.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("KALM_")}
    path = {} if packages is None else {"PYTHONPATH": str(packages)}
    return {**own, **NO_TELEMETRY, **QUIET, **path, "PYTHONUNBUFFERED": "1"}


@contextmanager
def floor(with_commit: bool, folder: Path) -> Iterator[Running]:
    """A Sanic that always says the same; see :mod:`benchmarks.side_by_side.floor`."""
    (port,) = servers.free_ports(1)
    command = [sys.executable, "-m", "benchmarks.side_by_side.floor", str(port)]
    if with_commit:
        command.append(str(folder / "floor.db"))
    address = f"http://{LOOPBACK}:{port}"
    wanted = {"server": _Server(command, {**os.environ, **QUIET}, ROOT, f"{address}/")}
    with _started(wanted, folder, f"{address}/webhooks/rest/webhook") as running:
        yield running
