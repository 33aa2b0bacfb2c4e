"""One function over many items, by several processes.

In: a function of a module, items, a number of processes. Out: the results, in the order of the items, as they come.
It must never leave a process behind: not after an error, nor after Ctrl-C, nor if this process is killed. A process
that dies costs no result, and never a wait without end.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from typing import Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK: Final = 8
"""Items handed over at once: few, so that Ctrl-C and a slow item hold up little."""


def in_processes(function: Callable[[Item], Result], items: Sequence[Item], processes: int) -> Iterator[Result]:
    """The results in the order of the items; raises whatever the function raises.

    What a process leaves undone that was killed, say for want of memory, is done in this one.
    """
    done = 0
    try:
        with closing(_shared(function, items, processes)) as results:
            for result in results:
                done += 1
                yield result
    except BrokenProcessPool:
        yield from map(function, items[done:])


def _shared(function: Callable[[Item], Result], items: Sequence[Item], processes: int) -> Generator[Result, None, None]:
    executor = ProcessPoolExecutor(processes, multiprocessing.get_context(_start_method()), initializer=_begin)
    try:
        with _no_interrupt():  # an interrupt between fork and `_begin` would end a child with a traceback
            results = executor.map(function, items, chunksize=CHUNK)
        yield from results
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _start_method() -> str:
    # A fork starts in milliseconds with everything imported, and shares its memory; it is safe as long as no other
    # thread can hold a lock in the moment of the fork, and the command line has none. Elsewhere: a fresh process.
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


@contextmanager
def _no_interrupt() -> Iterator[None]:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()  # or a child would write it again when it ends
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """In the child: Ctrl-C is the parent's matter, and without a parent there is nothing to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
