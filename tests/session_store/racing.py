"""Many threads that start at the same moment, each on its own connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def race(number, work):
    """What ``work(0)`` … ``work(number - 1)`` returned or raised, all begun together."""
    barrier = Barrier(number)

    def run(which):
        barrier.wait()
        try:
            return work(which)
        except Exception as error:  # noqa: BLE001 - what a loser raises is a result like any other
            return error

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))
