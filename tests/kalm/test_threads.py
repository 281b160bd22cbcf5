from __future__ import annotations

from threadpoolctl import threadpool_info, threadpool_limits

from kalm.threads import compute_in_one_thread


def test_matrix_products_of_this_process_take_one_thread() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        compute_in_one_thread()
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
