from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from benchmarks.servers import launch, wait_for
from benchmarks.side_by_side.processes import ended_afterwards, run_to_its_end
from benchmarks.side_by_side.workers import worker


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_program_that_fails_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"(?s)ended with 3:.*so it was"):
        run_to_its_end(python("print('so it was'); exit(3)"), tmp_path / "log", os.environ, tmp_path)


def test_the_time_of_a_program_is_taken(tmp_path: Path) -> None:
    assert 0 < run_to_its_end(python("pass"), tmp_path / "log", os.environ, tmp_path) < 60


def test_a_server_that_ends_is_not_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = launch(python("exit('no port is left')"), log, os.environ, tmp_path)
    with httpx.Client() as client, pytest.raises(SystemExit, match="no port is left"):
        wait_for(client, process, "http://127.0.0.1:9/", log)


def test_what_was_started_is_ended_when_something_goes_wrong(tmp_path: Path) -> None:
    code = "import time; time.sleep(600)"
    process = launch(python(code), tmp_path / "log", os.environ, tmp_path)
    with pytest.raises(KeyboardInterrupt), ended_afterwards({"sleeper": process}):
        raise KeyboardInterrupt
    assert not psutil.pid_exists(process.pid)


def test_a_worker_builds_an_index_and_another_searches_it(tmp_path: Path) -> None:
    asked = {"folder": str(tmp_path / "index"), "count": 50, "terms": ["been", "ijzer", "bad"] * 30}
    (tmp_path / "index").mkdir()
    with worker("search_at_size", tmp_path / "log", os.environ) as builder:
        assert builder.ask({**asked, "what": "build"})["build"] < 60
    with worker("search_at_size", tmp_path / "log", os.environ) as searcher:
        found = searcher.ask({**asked, "what": "search", "queries": [["been"], ["nergens"]]})
    assert len(found["milliseconds"]) == 6
    assert found["memory"] >= 0


def test_a_worker_that_fails_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    with (
        worker("search_at_size", tmp_path / "search.log", os.environ) as builder,
        pytest.raises(SystemExit, match=r"(?s)search ended with 1:.*KeyError"),
    ):
        builder.ask({"what": "build"})
