"""One thread that runs a model for all callers: urgent calls before background work."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from answerdesk.core.errors import Unavailable

Result = TypeVar("Result")


class WorkerClosed(Unavailable):
    """The model is shutting down and accepts no more work."""

    code = "shutting_down"


class ModelWorker:
    """A thread with two queues, each in the order of its calls.

    A background job runs only if nothing urgent waits, so an urgent job waits for at most one
    background job. Waiting futures may be cancelled. An error goes to the job's caller, and the
    thread continues.
    """

    def __init__(self, name: str) -> None:
        self._urgent: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._background: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        # A daemon thread: a program that forgets to close it can still exit.
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def hurry(self, job: Callable[[], Result]) -> Future[Result]:
        """Queue an urgent job; raises `WorkerClosed` after `close`."""
        return self._queue(self._urgent, job)

    def run(self, job: Callable[[], Result]) -> Future[Result]:
        """Queue a background job; raises `WorkerClosed` after `close`."""
        return self._queue(self._background, job)

    def close(self) -> None:
        """Finish the running job, fail the waiting ones, end the thread; idempotent.

        Waiting jobs fail with `WorkerClosed`.
        """
        with self._changed:
            self._closed = True
            abandoned = [future for _, future in (*self._urgent, *self._background)]
            self._urgent.clear()
            self._background.clear()
            self._changed.notify()
        for future in abandoned:
            if future.set_running_or_notify_cancel():
                future.set_exception(WorkerClosed("The server is shutting down."))
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _queue(
        self, lane: deque[tuple[Callable[[], Any], Future[Any]]], job: Callable[[], Result]
    ) -> Future[Result]:
        future: Future[Result] = Future()
        with self._changed:
            if self._closed:
                raise WorkerClosed("The server is shutting down.")
            lane.append((job, future))
            self._changed.notify()
        return future

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._urgent or self._background or self._closed):
                    self._changed.wait()
                if self._closed:
                    return
                job, future = (self._urgent or self._background).popleft()
            _run(job, future)
            # Don't keep results alive while the thread waits.
            del job, future


def _run(job: Callable[[], Any], future: Future[Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = job()
    except BaseException as error:  # noqa: BLE001 - the caller gets it; the thread continues
        future.set_exception(_as_exception(error))
    else:
        future.set_result(result)


def _as_exception(error: BaseException) -> Exception:
    """Return `error`, wrapped if `except Exception` would not catch it.

    Libraries written in Rust raise their panics as such; callers must not take them for a shutdown.
    """
    if isinstance(error, Exception):
        return error
    wrapped = RuntimeError(f"The model's library failed: {error}")
    wrapped.__cause__ = error
    return wrapped
