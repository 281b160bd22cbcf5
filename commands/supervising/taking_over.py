"""How a new release takes over: which step comes when, and what is undone when one fails.

The order, and what a power cut between two steps leaves behind (``kalm run`` trains what the files say and
takes what is trained for it, so after a start files and release always belong together):

1. The new servers start and answer their canary questions. Cut off here: old files, old release.
2. The files of the candidate are put in their place, all or none. Cut off after it: new files, for which the
   model is there already. The start takes the new release, which a person chose and which answered.
3. The pointer names the new release. The same.
4. The new bot accepts. When it does not: files and pointer go back, and the old servers were never disturbed.
5. The old servers finish what they are answering, and end.

The pointer before the files would be worse: cut off between them, a start would train the old files and take
the old release, though visitors had been told the new one. Opening before the files would be, too: what
visitors are told would then depend on whether the export succeeds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from commands.supervising.child import Child
from commands.supervising.generation import Generation, RefusedError
from commands.supervising.printer import Printer
from commands.supervising.programs import EXPLAINED, Programs
from kalm import going_live, pointer
from kalm.going_live import Outcome, Reason, Running, Step, Wish
from kalm.pointer import Release
from kalm.settings import settings

_TIME_TO_EXPORT = 60.0
_SOON = 5.0
"""Seconds that new servers which do not go live get to end; nobody has spoken to them."""


class TakingOver:
    """One wish, on its way."""

    def __init__(self, wish: Wish, old: Generation, programs: Programs, printer: Printer) -> None:
        """A wish that was just found.

        Args:
            wish: what is wanted.
            old: what runs.
            programs: what is started.
            printer: where all lines go.
        """
        self._wish = wish
        self._old = old
        self._programs = programs
        self._printer = printer
        self._are_files_new = False

    async def try_(self, make: Callable[[Release], Generation]) -> Generation | None:
        """Bring the new release to where it accepts.

        Args:
            make: makes the new generation.

        Returns:
            It, accepting beside the old one; None when it was refused: then all is as before.
        """
        new: Generation | None = None
        try:
            new = make(self._release())
            self._tell(Step.STARTING)
            await self._let_it_answer(new)
            self._tell(Step.ANSWERED)
            await self._replace_files_and_open(new)
        except RefusedError as refused:
            await self._refuse(new, refused)
            return None
        except Exception as error:  # whatever it is, nobody may be left with two generations
            self._printer.tell(f"the new model could not go live ({type(error).__name__})")
            await self._refuse(new, RefusedError(Reason.FAILED))
            return None
        except asyncio.CancelledError:  # Kalm stops
            await self._refuse(new, RefusedError(Reason.STOPPED))
            raise
        return new

    def done(self, new: Generation) -> None:
        """Keep that it is live.

        Raises:
            OSError: that could not be written; it is live all the same.
        """
        wish, before = self._wish, self._old.release.names
        going_live.tell_running(
            Running(
                wish.model,
                wish.index,
                # After the way back nothing of a candidate is in the files that could go back once more.
                "" if wish.back else wish.candidate,
                actions_port=new.actions_port,
                earlier=before,
            )
        )
        self._tell(Step.LIVE)

    def _release(self) -> Release:
        try:
            wanted = pointer.named(self._wish.model, self._wish.index)
        except pointer.ReleaseError:
            raise RefusedError(Reason.BROKEN) from None
        if not wanted.is_there:
            raise RefusedError(Reason.MISSING)
        if wanted == self._old.release:
            raise RefusedError(Reason.RUNNING)
        return wanted

    async def _let_it_answer(self, new: Generation) -> None:
        async def answer() -> None:
            await new.start_beside()
            await new.answer_canary()

        try:
            await asyncio.wait_for(answer(), settings().start_timeout)
        except asyncio.TimeoutError:
            raise RefusedError(Reason.TOO_SLOW) from None

    async def _replace_files_and_open(self, new: Generation) -> None:
        before = pointer.current()
        try:
            await self._export(forward=True)
            pointer.publish(new.release)
            await new.open()
        except BaseException:
            try:
                if self._are_files_new:
                    await self._export(forward=False)
            finally:
                # The last: the web app shows the articles as they are when the pointer changes.
                pointer.publish(before)
            raise

    async def _export(self, forward: bool) -> None:
        """Put the files in their place that belong to the new release, or to the old one again.

        Raises:
            RefusedError: that failed; they are as before.
        """
        if not self._wish.candidate:
            return
        command = self._programs.export(self._wish.candidate, self._wish.back is forward)
        # From its very start: one that was begun and is not waited for would go on alone.
        ending = asyncio.ensure_future(self._export_by(command, forward))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:  # Kalm stops: it is quick, and must be known to be whole or not begun
            await ending
            raise

    async def _export_by(self, command: list[str], forward: bool) -> None:
        child = await Child.start("export", command, self._printer, self._programs.environment())
        await asyncio.wait({child.ended}, timeout=_TIME_TO_EXPORT)
        await child.end(_SOON)
        code = child.ended.result()
        # Of one that broke nobody knows how far it came; the way back finishes it first.
        if code != EXPLAINED:
            self._are_files_new = forward
        if code != 0:
            raise RefusedError(Reason.FILES, child.last_line if code == EXPLAINED else "")

    async def _refuse(self, new: Generation | None, refused: RefusedError) -> None:
        if new is not None:
            await new.end(_SOON)
        self._printer.tell(f"the new model does not go live ({refused.reason.value})")
        going_live.tell(Outcome.of(self._wish, Step.REFUSED, refused.reason.value, refused.details))

    def _tell(self, step: Step) -> None:
        self._printer.tell(f"the new model: {step.value}")
        going_live.tell(Outcome.of(self._wish, step))
