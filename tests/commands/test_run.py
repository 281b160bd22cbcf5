"""What ``kalm run`` does before it starts the servers."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console

from commands import announcing, run
from commands.errors import CommandError
from kalm.settings import LOOPBACK, settings
from review import background
from review.background import TRAINING, Work

UNREADY = f"{announcing._UNREADY}: …; the ERROR lines above say why"

Run = Callable[..., tuple[int, str, str]]
Choose = Callable[..., None]


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Iterator[Choose]:
    """Set settings for a test; ports that it does not name are free ones."""
    monkeypatch.delenv("KALM_HOST", raising=False)
    monkeypatch.delenv("KALM_PUBLIC_URL", raising=False)
    monkeypatch.delenv("KALM_PUBLIC_BOT_URL", raising=False)

    def choose(**values: str | int) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"KALM_{name.upper()}", str(value))
        settings.cache_clear()

    with socket.socket() as bot, socket.socket() as actions, socket.socket() as web:
        for name, one in (("bot", bot), ("actions", actions), ("web", web)):
            one.bind((LOOPBACK, 0))
            monkeypatch.setenv(f"KALM_{name.upper()}_PORT", str(one.getsockname()[1]))
    settings.cache_clear()
    yield choose
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of loopback on which something listens."""
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        listening.listen()
        yield listening.getsockname()[1]


needs_ipv6 = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")


@pytest.mark.parametrize(
    "host", [LOOPBACK, "0.0.0.0", *(pytest.param(h, marks=needs_ipv6) for h in ("::", "::1"))]
)
def test_free_ports_are_fine(choose: Choose, host: str) -> None:
    choose(host=host)
    run._check_ports()


@pytest.mark.parametrize("name", ["bot", "actions", "web"])
def test_a_port_in_use_is_named_with_its_server_and_its_setting(
    choose: Choose, taken: int, name: str
) -> None:
    choose(**{f"{name}_port": taken})

    with pytest.raises(CommandError) as refused:
        run._check_ports()

    for told in (f"port {taken} on {LOOPBACK}", f"the {name} server", f"KALM_{name.upper()}_PORT"):
        assert told in str(refused.value)


@needs_ipv6
def test_with_ipv6_a_port_in_use_on_ipv4_is_free_but_not_for_the_action_server(
    choose: Choose, taken: int
) -> None:
    choose(host="::", bot_port=taken, web_port=taken)
    run._check_ports()

    choose(actions_port=taken)
    with pytest.raises(CommandError, match=f"port {taken} on {LOOPBACK} .*KALM_ACTIONS_PORT"):
        run._check_ports()


def test_each_port_is_tried_where_its_server_will_listen(
    choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []
    monkeypatch.setattr(run, "_try_to_listen", lambda host, port: tried.append((host, port)))
    choose(host="192.0.2.1", bot_port=1, actions_port=2, web_port=3)

    run._check_ports()

    assert tried == [("192.0.2.1", 1), (LOOPBACK, 2), ("192.0.2.1", 3)]


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address"),
    ],
)
def test_a_host_that_is_not_this_machine_is_told_apart_from_a_port_in_use(
    choose: Choose, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def fail(host: str, port: int) -> None:
        raise error

    monkeypatch.setattr(run, "_try_to_listen", fail)
    choose(host="kalm.example")

    with pytest.raises(CommandError, match=r"^kalm\.example is no address of this machine .*KALM_HOST"):
        run._check_ports()


def warning(capsys: pytest.CaptureFixture[str]) -> str:
    run._warn_of_local_links(Console(soft_wrap=True))
    return capsys.readouterr().out


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "2001:db8::1"])
def test_links_that_only_work_on_this_machine_are_warned_of(
    choose: Choose, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    choose(host=host, web_port=8001)

    told = warning(capsys)

    assert told.count("Warning") == 1
    assert "http://localhost:8001" in told
    assert "KALM_PUBLIC_URL" in told


@pytest.mark.parametrize("host", [LOOPBACK, "127.0.0.2", "::1", "localhost"])
def test_who_stays_on_this_machine_is_not_warned(
    choose: Choose, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    choose(host=host)
    assert warning(capsys) == ""


def test_who_set_the_public_address_is_not_warned(choose: Choose, capsys: pytest.CaptureFixture[str]) -> None:
    choose(host="0.0.0.0", public_url="https://kalm.winkel.nl", public_bot_url="https://bot.winkel.nl")
    assert warning(capsys) == ""


def test_a_page_over_https_that_cannot_reach_the_bot_is_warned_of(
    choose: Choose, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(public_url="https://kalm.winkel.nl")
    told = warning(capsys)
    assert told.count("Warning") == 1
    assert "KALM_PUBLIC_BOT_URL" in told


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[Any]]:
    """Let the training end with an exit code; gives back how it was started."""

    def prepare(code: int) -> list[Any]:
        started: list[Any] = []

        def fake(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
            started.append((command, options))
            return subprocess.CompletedProcess(command, code)

        monkeypatch.setattr(run, "run_child", fake)
        return started

    return prepare


def test_training_runs_in_a_process_of_its_own_on_the_same_terminal(
    training: Callable[[int], list[Any]],
) -> None:
    started = training(0)

    run._train()

    [(command, options)] = started
    assert command == [sys.executable, "-m", "kalm", "train"]
    assert not {"stdin", "stdout", "stderr", "capture_output", "env"} & set(options)


def test_the_exit_code_of_a_failing_training_is_kept(training: Callable[[int], list[Any]]) -> None:
    training(3)
    with pytest.raises(typer.Exit) as ended:
        run._train()
    assert ended.value.exit_code == 3


def test_a_killed_training_is_explained(training: Callable[[int], list[Any]]) -> None:
    training(-9)
    with pytest.raises(CommandError, match=r"SIGKILL.*memory.*make train"):
        run._train()


def test_nothing_is_started_when_the_training_fails(
    run_app: Run, training: Callable[[int], list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    training(3)
    started: list[str] = []
    monkeypatch.setattr(run, "_become_the_supervisor", lambda: started.append("servers"))

    code, _, err = run_app("run")

    assert (code, err, started) == (3, "", [])


def test_a_minute_in_which_nobody_can_be_answered_ends_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 5))
    monkeypatch.setattr(announcing, "_missing", lambda *_: UNREADY)
    monkeypatch.setattr(announcing.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(announcing.time, "sleep", lambda _: None)
    assert "ERROR" in announcing.wait_until_ready(lambda: False)
    assert 60 <= next(clock) < 180


def test_that_nobody_can_be_answered_while_a_server_starts_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([UNREADY, "no answer yet", UNREADY, ""])
    clock = iter(range(0, 1000, 9))
    monkeypatch.setattr(announcing, "_missing", lambda *_: next(found))
    monkeypatch.setattr(announcing.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(announcing.time, "sleep", lambda _: None)
    assert announcing.wait_until_ready(lambda: False) == ""


def test_a_training_that_an_earlier_kalm_left_behind_ends(
    run_app: Run,
    choose: Choose,
    training: Callable[[int], list[Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(var=str(tmp_path))
    training(3)
    monkeypatch.setattr(background, "KALM", (sys.executable, "-c", "import time; time.sleep(60)"))
    assert TRAINING.start()
    assert TRAINING.lives()
    run_app("run")
    assert not TRAINING.lives()


def test_while_another_kalm_runs_its_training_goes_on(
    run_app: Run, choose: Choose, taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(var=str(tmp_path), web_port=taken)
    monkeypatch.setattr(Work, "end", lambda work: pytest.fail("it was ended"))
    code, _, complaint = run_app("run")
    assert code == 1
    assert str(taken) in complaint


def test_an_action_server_at_an_address_of_another_machine(choose: Choose) -> None:
    choose(actions_host="192.0.2.1")
    with pytest.raises(CommandError, match=r"192\.0\.2\.1 is no address .* KALM_ACTIONS_HOST"):
        run._check_ports()
