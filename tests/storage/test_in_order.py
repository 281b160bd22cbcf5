"""One at a time and in order, whatever becomes of those before."""

from __future__ import annotations

import asyncio
import gc

import pytest

from storage.in_order import InOrder, WaitedTooLongError

LONG = 5.0


async def take(queue: InOrder, name: str, done: list[str], what: str, lasts: float = 0.01) -> None:
    async with queue.turn(name, LONG):
        done.append(f"{what} begins")
        await asyncio.sleep(lasts)
        done.append(f"{what} ends")


async def started(*tasks: asyncio.Task[None]) -> None:
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)


def test_one_at_a_time_in_the_order_in_which_they_came() -> None:
    done: list[str] = []

    async def run() -> None:
        queue = InOrder()
        await asyncio.gather(*(take(queue, "een", done, str(number)) for number in range(20)))

    asyncio.run(run())
    assert done == [f"{number} {what}" for number in range(20) for what in ("begins", "ends")]


def test_another_conversation_does_not_wait() -> None:
    done: list[str] = []

    async def run() -> None:
        queue = InOrder()
        await asyncio.gather(take(queue, "een", done, "lang", 0.2), take(queue, "ander", done, "kort"))

    asyncio.run(run())
    assert done == ["lang begins", "kort begins", "kort ends", "lang ends"]


@pytest.mark.parametrize("cancelled", [0, 1, 2])
def test_who_is_cancelled_holds_up_nobody(cancelled: int) -> None:
    done: list[str] = []

    async def run() -> None:
        queue = InOrder()
        tasks = [asyncio.create_task(take(queue, "een", done, str(n), 0.05)) for n in range(4)]
        await started(*tasks)
        tasks[cancelled].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    left = [str(number) for number in range(4) if number != cancelled]
    assert [what.split()[0] for what in done if what.endswith("ends")] == left


def test_who_is_cancelled_just_when_it_is_its_turn_holds_up_nobody() -> None:
    done: list[str] = []

    async def run() -> None:
        queue = InOrder()
        first = asyncio.create_task(take(queue, "een", done, "eerste", 0.02))
        second = asyncio.create_task(take(queue, "een", done, "tweede"))
        third = asyncio.create_task(take(queue, "een", done, "derde"))
        await first  # the second is woken, and has not run yet
        second.cancel()
        await asyncio.wait_for(third, 10)

    asyncio.run(run())
    assert done[-1] == "derde ends"


def test_an_error_in_the_middle_lets_the_next_go_on() -> None:
    done: list[str] = []

    async def fail(queue: InOrder) -> None:
        async with queue.turn("een", LONG):
            await asyncio.sleep(0.01)
            raise ValueError

    async def run() -> None:
        queue = InOrder()
        failing = asyncio.create_task(fail(queue))
        await started(failing)
        await take(queue, "een", done, "volgende")
        with pytest.raises(ValueError, match=r"^$"):
            await failing

    asyncio.run(run())
    assert done == ["volgende begins", "volgende ends"]


def test_who_waits_too_long_gives_up_and_those_behind_go_on() -> None:
    done: list[str] = []

    async def run() -> None:
        queue = InOrder()
        first = asyncio.create_task(take(queue, "een", done, "eerste", 0.3))
        await started(first)
        last = asyncio.create_task(take(queue, "een", done, "laatste"))
        with pytest.raises(WaitedTooLongError):
            async with queue.turn("een", 0.05):
                pass
        await asyncio.gather(first, last)

    asyncio.run(run())
    assert done == ["eerste begins", "eerste ends", "laatste begins", "laatste ends"]


def test_nothing_is_left_of_a_queue_in_which_nobody_is() -> None:
    async def run() -> int:
        queue = InOrder()
        await asyncio.gather(*(take(queue, str(number % 50), [], "") for number in range(200)))
        gc.collect()
        return len(queue)

    assert asyncio.run(run()) == 0
