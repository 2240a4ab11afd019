"""Pure work on all cores, in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def in_order(
    function: Callable[[Batch], Result], batches: Iterable[Batch], *, worthwhile: bool
) -> Iterator[tuple[Batch, Result]]:
    """Each batch with what the function makes of it; in processes of their own when that is worthwhile.

    The function and its batches must be picklable, and the function's module must import without Django. No more
    batches are taken than the processes can hold ready.
    """
    workers = os.cpu_count() or 1
    if not worthwhile or workers < 2:
        yield from ((batch, function(batch)) for batch in batches)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[tuple[Batch, Future[Result]]] = deque()
        for batch in batches:
            waiting.append((batch, pool.submit(function, batch)))
            if len(waiting) > 2 * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
