"""How many threads the linear algebra of a process takes."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def compute_in_one_thread() -> None:
    """Let numpy's matrix products of this process run in the thread that asks for them, from now on.

    What Kalm multiplies is small. With a pool of threads each product waits, spinning, for the other core,
    which is at work for another visitor: on two cores the index answered in 6 ms instead of 2, and the
    slowest embeddings took 110 ms instead of 26 (``benchmarks/search.py``).
    """
    threadpool_limits(limits=1, user_api="blas")
