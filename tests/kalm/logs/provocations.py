"""Everything that could bring a text into the log of a process, one function each.

Run as a program it sets up the log as a server does, lets the visitors in, and calls them all. The text comes
in by standard input, so that it stands nowhere in the source, which the log may quote.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import logging.config
import os
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import structlog

from kalm import logs

library = logging.getLogger("rasa.core.processor")
structured = structlog.get_logger("rasa.core.channels")


def error_with(text: str) -> ValueError:
    try:
        raise ValueError(f"cannot parse {text}")
    except ValueError as error:
        return error


def arguments(text: str) -> None:
    library.error("Received %s from %s", text, text)


def dictionary_as_argument(text: str) -> None:
    library.error("Received %(text)s", {"text": text})


def arguments_that_do_not_fit(text: str) -> None:
    library.error("Received %d of %d", text)


def an_f_string(text: str) -> None:
    library.error(f"Received {text}")


def a_formatted_string(text: str) -> None:
    library.critical("Received {}".format(text))  # noqa: UP032


def a_variable(text: str) -> None:
    library.log(logging.WARNING, text)


def an_object_as_message(text: str) -> None:
    library.error({"text": text})


def an_error_as_message(text: str) -> None:
    library.error(error_with(text))


def an_error_as_argument(text: str) -> None:
    library.error("Failed because of %s", error_with(text))


def an_error_with_its_traceback(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError:
        library.exception("Failed")


def a_chain_of_errors(text: str) -> None:
    try:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise RuntimeError(text) from error
    except RuntimeError:
        library.exception("Failed")


def an_error_while_handling_an_error(text: str) -> None:
    try:
        try:
            raise KeyError(text)
        except KeyError:
            raise RuntimeError(text)  # noqa: B904
    except RuntimeError as error:
        library.error("Failed", exc_info=error)


def an_error_that_cannot_be_told(text: str) -> None:
    class UntellableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError(text)

    library.error("Failed", exc_info=UntellableError())


def a_stack(text: str) -> None:
    library.error("Here", stack_info=True, extra={"text": text})


def extra_fields(text: str) -> None:
    library.warning("Received", extra={"text": text, "sender": {"text": text}})


def the_name_of_a_logger(text: str) -> None:
    logging.getLogger(text.split()[0]).error("Failed")


def structlog_keywords(text: str) -> None:
    structured.error("rest.message.received.timeout", text=text, event_info=text)


def structlog_with_an_error(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError:
        structured.exception("rest.message.received.failure", text=text)


def structlog_with_a_bound_text(text: str) -> None:
    structured.bind(text=text).warning(text)


def a_field_of_our_own(text: str) -> None:
    logs.note(
        "message", conversation=text, channel=text, kind=text, intent=text, passage=text, milliseconds=text
    )


def a_failure_of_our_own(text: str) -> None:
    logs.failure("failed", error_with(text), action=text)


def a_warning(text: str) -> None:
    warnings.warn(f"cannot use {text}", UserWarning, stacklevel=1)


def a_task_that_nobody_waits_for(text: str) -> None:
    async def fail() -> None:
        raise ValueError(text)

    async def forget() -> None:
        asyncio.get_running_loop().create_task(fail(), name=text)
        await asyncio.sleep(0.01)
        gc.collect()

    asyncio.run(forget())


def a_callback_that_fails(text: str) -> None:
    async def call() -> None:
        asyncio.get_running_loop().call_soon(int, text)
        await asyncio.sleep(0.01)

    asyncio.run(call())


def a_slow_callback_in_debug_mode(text: str) -> None:
    async def call() -> None:
        asyncio.get_running_loop().slow_callback_duration = 0
        asyncio.get_running_loop().call_soon(text.upper)
        await asyncio.sleep(0.01)

    asyncio.run(call(), debug=True)


def a_thread_that_dies(text: str) -> None:
    thread = threading.Thread(target=int, args=(text,), name=text)
    thread.start()
    thread.join()


def a_destructor_that_fails(text: str) -> None:
    class Fragile:
        def __del__(self) -> None:
            raise ValueError(text)

        def __repr__(self) -> str:
            return text

    Fragile()
    gc.collect()


def a_print(text: str) -> None:
    print(text)
    print(text, file=sys.stderr)


def a_print_past_our_stream(text: str) -> None:
    print(text, file=sys.__stdout__, flush=True)
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def a_printed_traceback(text: str) -> None:
    traceback.print_exception(error_with(text))


def a_print_from_c(text: str) -> None:
    library_of_c = ctypes.CDLL(None)
    library_of_c.puts(text.encode())
    library_of_c.fflush(None)
    os.write(1, text.encode())
    os.write(2, text.encode())


def a_print_of_a_child(text: str) -> None:
    subprocess.run(["sh", "-c", 'echo "$1"; echo "$1" >&2', "sh", text], check=True)


def a_handler_of_a_library(text: str) -> None:
    other = logging.getLogger("other")
    other.addHandler(logging.StreamHandler(sys.stderr))
    other.propagate = False
    other.error("Received %s", text)


def a_logger_of_its_own_without_handler(text: str) -> None:
    other = logging.getLogger("lonely")
    other.propagate = False
    other.error("Received %s", text)


def logging_set_up_again(text: str) -> None:
    handlers = logging.root.handlers[:]
    try:
        logging.basicConfig(force=True, level=logging.DEBUG, format="%(message)s", stream=sys.stdout)
        structlog.configure(processors=[structlog.processors.JSONRenderer()])
        library.debug("Received %s", text)
        structured.error("rest.message.received.timeout", text=text)
        structlog.get_logger("new").error("rest.message.received.timeout", text=text)
        logs.note("message", kind="answer")
    finally:
        logging.root.handlers[:] = handlers


SILENT: tuple[Callable[[str], None], ...] = (a_print_past_our_stream, a_print_from_c, a_print_of_a_child)
"""These leave no entry at all."""

PROVOCATIONS: dict[str, Callable[[str], Any]] = {
    name: found
    for name, found in vars().copy().items()
    if callable(found) and getattr(found, "__module__", "") == __name__ and name != "error_with"
}


def main() -> None:
    text = sys.stdin.read()
    logs.configure("bot")
    logs.open_for_visitors(5005)
    for name, provoke in PROVOCATIONS.items():
        sys.stderr.flush()
        logs.note(f"begin {name}")
        provoke(text)
    logs.note("begin the_end")
    raise ValueError(text)


if __name__ == "__main__":
    main()
