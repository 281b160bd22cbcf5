"""A whole process: whatever is done in it, a text that came in does not come out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kalm.settings import ROOT
from tests.kalm.logs.provocations import PROVOCATIONS, SILENT

TEXT = "kanarie Truus & 'zus' kanarie"
QUOTED = ("kanarie", "truus")


@dataclass
class Ran:
    """A process that ended, and what it left."""

    code: int
    out: str
    err: str
    files: dict[str, str]

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def assert_silent_about(self, *words: str) -> None:
        for where, said in {"output": self.out, "errors": self.err, **self.files}.items():
            assert not [word for word in words if word in said.lower()], f"{where}: {said}"


def run(folder: Path, code: list[str], text: str = TEXT, log_format: str = "json") -> Ran:
    done = subprocess.run(
        [sys.executable, *code],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"},
            "KALM_VAR": str(folder),
            "KALM_LOG_FORMAT": log_format,
            "LOG_LEVEL": "DEBUG",
            "PYTHONPATH": str(ROOT),
        },
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    files = {path.name: path.read_text() for path in (folder / "logs").glob("*")}
    return Ran(done.returncode, done.stdout, done.stderr, files)


@pytest.fixture(scope="module")
def provoked(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(tmp_path_factory.mktemp("var"), ["-m", "tests.kalm.logs.provocations"])


def entries_of(provoked: Ran, name: str) -> list[dict[str, Any]]:
    """What came into the log while one of the provocations ran."""
    events = [entry["event"] for entry in provoked.entries]
    begin = events.index(f"begin {name}")
    after = [number for number, event in enumerate(events) if event.startswith("begin ") and number > begin]
    return provoked.entries[begin + 1 : after[0] if after else None]


def test_no_text_comes_out(provoked: Ran) -> None:
    provoked.assert_silent_about(*QUOTED)
    assert provoked.err == ""


@pytest.mark.parametrize("name", [name for name, call in PROVOCATIONS.items() if call not in SILENT])
def test_each_provocation_leaves_an_entry(provoked: Ran, name: str) -> None:
    assert entries_of(provoked, name), "nothing was logged, so it proves nothing"


def test_the_file_holds_the_same_as_the_output(provoked: Ran) -> None:
    assert list(provoked.files) == [f"bot-{time.strftime('%Y-%m-%d', time.gmtime())}.log"]
    assert [*provoked.files.values()] == [provoked.out]


def test_folder_and_file_are_for_their_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir(mode=0o755)
    run(tmp_path, ["-m", "tests.kalm.logs.provocations"])
    (path,) = (tmp_path / "logs").iterdir()
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_f_string_is_told_by_its_code_and_place(provoked: Ran) -> None:
    (entry,) = entries_of(provoked, "an_f_string")
    assert entry["level"] == "ERROR"
    assert entry["process"] == "bot"
    assert entry["logger"] == "rasa.core.processor"
    assert entry["says"] == "Received {text}"
    assert entry["at"].startswith("tests/kalm/logs/provocations.py:")
    assert entry["at"].endswith(" an_f_string")


def test_what_structlog_is_told_appears_by_its_event_and_place(provoked: Ran) -> None:
    (entry,) = entries_of(provoked, "structlog_with_an_error")
    assert entry["says"] == "rest.message.received.failure"
    assert entry["at"].endswith(" structlog_with_an_error")
    assert [error["type"] for error in entry["errors"]] == ["KeyError"]


def test_a_chain_of_errors_is_told_whole(provoked: Ran) -> None:
    (entry,) = entries_of(provoked, "a_chain_of_errors")
    assert [error["type"] for error in entry["errors"]] == ["RuntimeError", "KeyError"]
    assert all("a_chain_of_errors" in error["at"][0] for error in entry["errors"])


def test_a_print_is_told_by_its_place(provoked: Ran) -> None:
    first, second = entries_of(provoked, "a_print")
    assert first["event"] == second["event"] == "printed, and not shown"
    assert first["at"].endswith(" a_print")


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("a_thread_that_dies", "a thread ends by an error"),
        ("a_destructor_that_fails", "an error where nobody could catch it"),
        ("a_warning", "warning"),
    ],
)
def test_what_python_itself_would_print_is_told(provoked: Ran, name: str, event: str) -> None:
    assert [entry["event"] for entry in entries_of(provoked, name)] == [event]


def test_the_error_that_ends_the_process_is_told(provoked: Ran) -> None:
    (entry,) = entries_of(provoked, "the_end")
    assert provoked.code == 1
    assert entry["event"] == "the process ends by an error"
    assert entry["errors"][0]["type"] == "ValueError"


def test_our_own_entries_still_come_when_a_library_sets_up_logging_again(provoked: Ran) -> None:
    assert "message" in [entry["event"] for entry in entries_of(provoked, "logging_set_up_again")]


def test_a_line_in_text_names_time_level_process_event_and_fields(tmp_path: Path) -> None:
    ran = run(tmp_path, ["-m", "tests.kalm.logs.provocations"], log_format="text")
    ran.assert_silent_about(*QUOTED)
    assert "INFO    bot     open for visitors port=5005 seconds=0.0\n" in ran.out
    assert 'says="Received {text}"' in ran.out


HANDLER = """
import logging, sys
from kalm import logs
logs.configure("bot")
text = sys.stdin.read()
library = logging.getLogger("absl")
library.addHandler(logging.StreamHandler())
library.propagate = False
logs.open_for_visitors(5005)
library.error("Failed: %s", text)
"""


def test_what_a_library_installed_while_it_was_loaded_is_taken_away(tmp_path: Path) -> None:
    ran = run(tmp_path, ["-c", HANDLER])
    ran.assert_silent_about(*QUOTED)
    assert [entry["event"] for entry in ran.entries] == ["open for visitors", "library"]
    assert ran.entries[1]["logger"] == "absl"


STARTING = """
import logging, sys, warnings
import structlog
from kalm import logs
logs.configure("actions")
text = sys.stdin.read()
logging.getLogger("sanic.error").error("cannot start: %s", text)
structlog.get_logger().error("starting", text=text)
logs.failure("cannot start", ValueError(text))
warnings.warn(text)
print(text)
raise KeyError(text)
"""


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_while_it_starts_an_engineer_sees_everything(tmp_path: Path, log_format: str) -> None:
    ran = run(tmp_path, ["-W", "default", "-c", STARTING], "port in use", log_format)
    (written,) = ran.files.values()
    assert ran.code == 1
    assert written.count("port in use") == 5
    assert ran.out.count("port in use") == 6


CRASH = """
import faulthandler, sys
from kalm import logs
logs.configure("bot")
logs.open_for_visitors(5005)
text = sys.stdin.read()
faulthandler._sigsegv()
"""


def test_a_crash_is_told_by_its_places(tmp_path: Path) -> None:
    ran = run(tmp_path, ["-c", CRASH])
    assert ran.code < 0
    assert "Segmentation fault" in ran.out
    assert "line 7 in <module>" in ran.out
    ran.assert_silent_about(*QUOTED)


RASA = """
import sys, logging, structlog, warnings
from kalm import logs
logs.configure("bot")
import rasa.core.processor, rasa.core.run, rasa.utils.common, rasa.utils.io, rasa.utils.log_utils
import rasa_sdk.utils, sanic.log
logs.open_for_visitors(5005)
text = sys.stdin.read()

def say(logger):
    logging.getLogger("rasa.core.processor").error(f"Received {text}")
    logging.getLogger("rasa.core.processor").debug(f"Received {text}")
    sanic.log.logger.error(f"Received {text}")
    sanic.log.access_logger.info("", extra={"request": text, "host": text, "status": 200, "byte": 1})
    rasa.core.processor.structlogger.error("processor.message.parse", parse_data_text=text)
    structlog.get_logger("new").error("processor.message.parse", parse_data_text=text)
    warnings.warn(text)

say("as we set it up")
rasa.utils.common.configure_logging_and_warnings(logging.DEBUG, None, True, True)
rasa.utils.io.configure_colored_logging("DEBUG")
rasa.utils.log_utils.configure_structlog(logging.DEBUG)
rasa.utils.common.update_sanic_log_level()
rasa_sdk.utils.configure_colored_logging("DEBUG")
logging.config.dictConfig(sanic.log.LOGGING_CONFIG_DEFAULTS)
say("as Rasa sets it up")
logs.note("message", kind="answer")
"""


def test_rasas_own_setting_up_of_logs_does_not_bring_text_back(tmp_path: Path) -> None:
    ran = run(tmp_path, ["-W", "default", "-c", RASA])
    ran.assert_silent_about(*QUOTED)
    assert ran.code == 0, ran.out + ran.err
    assert ran.entries[-1]["event"] == "message"
    assert "Received {text}" not in ran.err
