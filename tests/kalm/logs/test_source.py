from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kalm.logs.source import message_in_source

CODE = """
logger.error("plain")
logger.error("with %s and %s", one, two)
logger.error(
    f"over {lines.of('code')} "
    "and more"
)
logger.log(logging.ERROR, "with a level")
if wrong: logger.warning("on one line")
logger.error(error)
call(logger.error("inside"))
structlogger.error("an.event", text=text)
other.thing("no log")
logger.error()
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (2, "plain"),
        (3, "with %s and %s"),
        (4, "over {lines.of('code')} and more"),
        (8, "with a level"),
        (9, "on one line"),
        (10, "error"),
        (11, "inside"),
        (12, "an.event"),
        (13, ""),
        (14, ""),
        (99, ""),
        (0, ""),
        (-1, ""),
    ],
)
def test_what_the_code_says_at_a_line(tmp_path: Path, line: int, said: str) -> None:
    path = tmp_path / "code.py"
    path.write_text(CODE, encoding="utf-8")

    assert message_in_source(str(path), line) == said


@pytest.mark.parametrize("filename", ["", "<string>", "/nowhere/code.py"])
def test_where_there_is_no_code_nothing_is_said(filename: str) -> None:
    assert message_in_source(filename, 1) == ""


def test_the_calls_of_rasa_itself_are_found() -> None:
    import rasa_sdk.executor as library

    path = Path(library.__file__)
    lines = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger.")
    ]
    assert len(lines) > 5
    assert all(message_in_source(str(path), line) for line in lines)
