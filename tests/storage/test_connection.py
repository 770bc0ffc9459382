"""Connections live in one process, and end when they should."""

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_worker_has_connections_of_its_own(store):
    """RQ forks for each job: parent and child must not read each other's replies."""
    data = {f"k{n}": os.urandom(50_000) for n in range(8)}
    for key, value in data.items():
        store.put_bytes(key, value, "text/plain")

    def look():
        return all(store.get(key) == value for _ in range(5) for key, value in data.items())

    def child():
        os._exit(0 if look() else 1)

    children = [multiprocessing.get_context("fork").Process(target=child) for _ in range(3)]
    for each in children:
        each.start()

    assert look()
    for each in children:
        each.join(60)
    assert [each.exitcode for each in children] == [0, 0, 0]


def test_threads_share_one_store(store):
    """More threads than connections are no error."""
    with ThreadPoolExecutor(24) as pool:
        put = list(pool.map(lambda n: store.put_bytes(f"k{n}", b"%d" % n, "text/plain"), range(48)))

    assert [item.size_bytes for item in put] == [len(str(n)) for n in range(48)]


def test_a_closed_store_can_be_used_again(store):
    """Closing gives idle connections back; it is no end."""
    store.close()
    store.put_bytes("a", b"1", "text/plain")
    store.close()

    assert store.get("a") == b"1"
