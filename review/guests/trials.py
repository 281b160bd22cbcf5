"""Lets candidates answer guests: one question at a time, and one candidate in memory at most."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kalm import logs
from review.guests import marks
from review.guests.child import Child, FailedError, GoneError, LateError, command_for
from storage.database import Database

_STARTS = 2
"""How often a process may be started for one question."""


@dataclass(frozen=True)
class Question:
    """A question that waits for a candidate.

    Attributes:
        mark_id: where the reply is kept.
        candidate: id of the candidate.
        session: name of the conversation.
        text: masked.
    """

    mark_id: int
    candidate: str
    session: str
    text: str


@dataclass(frozen=True)
class Patience:
    """Seconds that something may take.

    Attributes:
        load: to load a model.
        answer: to answer a question.
        idle: without a question until the process ends.
    """

    load: float = 120.0
    answer: float = 20.0
    idle: float = 600.0


class Trials:
    """The questions of guests, in the order in which they came; any thread may use it."""

    def __init__(
        self,
        database: Database,
        command: Callable[[str], Sequence[str]] = command_for,
        patience: Patience | None = None,
    ) -> None:
        """Prepare; nothing is started before the first question.

        Args:
            database: where replies are kept.
            command: gives what lets a candidate answer, by its id.
            patience: how long things may take.
        """
        self._database, self._command = database, command
        self._patience = patience or Patience()
        self._questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting: set[int] = set()
        self._worker: threading.Thread | None = None
        self._child: Child | None = None
        self._loaded = ""

    def expect(self, mark_id: int) -> None:
        """A question is about to be asked: from now on its reply is waited for."""
        with self._lock:
            self._waiting.add(mark_id)

    def ask(self, question: Question) -> None:
        """Let a candidate answer, in a moment; the reply is kept with the question."""
        self.expect(question.mark_id)
        with self._lock:
            if self._worker is None:
                # It must not hold up the end of the web app: the child ends with the web app all the same.
                self._worker = threading.Thread(target=self._work, daemon=True)
                self._worker.start()
        self._questions.put(question)

    def is_waiting(self, mark_id: int) -> bool:
        """Whether the reply to a question is being made; if not and there is none, none will come."""
        return mark_id in self.waiting()

    def waiting(self) -> frozenset[int]:
        """The questions whose reply is being made."""
        with self._lock:
            return frozenset(self._waiting)

    def is_loaded(self, candidate: str) -> bool:
        """Whether a candidate can answer without its model being loaded first."""
        return self._loaded == candidate

    def close(self) -> None:
        """Answer what waits, and end."""
        with self._lock:
            worker = self._worker
        if worker is not None:
            self._questions.put(None)
            worker.join()

    def _work(self) -> None:
        while True:
            try:
                question = self._questions.get(timeout=self._patience.idle if self._child else None)
            except queue.Empty:
                self._end_child()
                continue
            if question is None:
                self._end_child()
                return
            try:
                self._answer(question)
            except Exception as error:  # the next guest gets an answer all the same
                logs.failure("a question in a trial failed", error)
            finally:
                with self._lock:
                    self._waiting.discard(question.mark_id)

    def _answer(self, question: Question) -> None:
        replies = self._replies_to(question)
        if replies:
            marks.keep_reply(self._database, question.mark_id, replies)
        else:
            logs.note("a question in a trial got no reply")

    def _replies_to(self, question: Question) -> list[dict[str, Any]]:
        for _ in range(_STARTS):
            try:
                child = self._child_for(question.candidate)
                return child.ask(question.session, question.text, self._patience.answer)
            except FailedError:
                return []
            except GoneError:
                self._end_child()
            except LateError:
                self._end_child()
                return []
        return []

    def _child_for(self, candidate: str) -> Child:
        if self._child is None or self._loaded != candidate:
            self._end_child()
            self._child = Child(self._command(candidate))
            self._child.wait_until_ready(self._patience.load)
            self._loaded = candidate
        return self._child

    def _end_child(self) -> None:
        child, self._child, self._loaded = self._child, None, ""
        if child is not None:
            child.end()
