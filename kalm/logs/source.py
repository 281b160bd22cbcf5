"""What a call to a logger says in the source: the code of its message, not the message it made.

Rasa, Sanic and others mostly log f-strings. The string that arrives holds the values already, and nothing
tells what of it was theirs and what a visitor's. The code that made it can be read instead: at the file and
line of the call stands ``f"Failed to run custom action '{self.name()}'."``, which says what happened and
holds no value.
"""

from __future__ import annotations

import ast
import linecache
import textwrap
from functools import lru_cache

_MOST_LINES = 40
_LONGEST = 300
_METHODS = frozenset({"debug", "info", "warn", "warning", "error", "exception", "critical", "fatal", "log"})


@lru_cache(maxsize=512)
def message_in_source(filename: str, line: int) -> str:
    """The code of the message; of a string, what stands between its quotes; "" when not found.

    Args:
        filename: file of Python code.
        line: the line where the call begins, as a log record names it.
    """
    call = _call_at(linecache.getlines(filename), line)
    if call is None:
        return ""
    arguments = call.args[1:] if _method(call) == "log" else call.args
    if not arguments:
        return ""
    return " ".join(_readable(arguments[0]).split())[:_LONGEST]


def _readable(code: ast.expr) -> str:
    if isinstance(code, ast.Constant):
        return str(code.value)
    if isinstance(code, ast.JoinedStr):
        return "".join(map(_readable, code.values))
    if isinstance(code, ast.FormattedValue):
        return f"{{{ast.unparse(code.value)}}}"
    return ast.unparse(code)


def _call_at(lines: list[str], line: int) -> ast.Call | None:
    if line < 1:
        return None
    for end in range(line, min(line + _MOST_LINES, len(lines) + 1)):
        try:
            tree = ast.parse(textwrap.dedent("".join(lines[line - 1 : end])))
        except (SyntaxError, ValueError):  # not yet whole
            continue
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        return next((call for call in calls if _method(call) in _METHODS), None)
    return None


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""
