"""One thread that runs a model for everybody: urgent requests share a pass and go first."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from answerdesk.core.errors import Unavailable

Request = TypeVar("Request")
Reply = TypeVar("Reply")
Result = TypeVar("Result")


class WorkerClosed(Unavailable):
    """The model is being shut down and takes no more work."""

    code = "shutting_down"


class BatchingWorker(Generic[Request, Reply]):
    """A thread with two lanes: urgent requests, and background jobs one at a time.

    Whatever urgent requests wait when the thread is free, up to `batch` of them, go through
    `answer` together; nobody waits for a batch to fill. A background job runs only when no urgent
    request waits, so an urgent request waits for at most one job. Futures may be cancelled while
    they wait; an error goes to those whose batch or job it was, and the thread goes on.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[Request]], Sequence[Reply]],
        *,
        batch: int,
        name: str,
    ) -> None:
        self._answer = answer
        self._batch = batch
        self._urgent: deque[tuple[Request, Future[Reply]]] = deque()
        self._background: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        # A daemon: a program that forgets to close it can still end.
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def ask(self, request: Request) -> Future[Reply]:
        """Queue an urgent request; raises `WorkerClosed` after `close`."""
        future: Future[Reply] = Future()
        with self._changed:
            self._refuse_if_closed()
            self._urgent.append((request, future))
            self._changed.notify()
        return future

    def run(self, job: Callable[[], Result]) -> Future[Result]:
        """Queue a background job; raises `WorkerClosed` after `close`."""
        future: Future[Result] = Future()
        with self._changed:
            self._refuse_if_closed()
            self._background.append((job, future))
            self._changed.notify()
        return future

    def close(self) -> None:
        """Finish what runs, fail what waits (`WorkerClosed`), end the thread; may be repeated."""
        with self._changed:
            self._closed = True
            abandoned: list[Future[Any]] = [future for _, future in self._urgent]
            abandoned += [future for _, future in self._background]
            self._urgent.clear()
            self._background.clear()
            self._changed.notify()
        for future in abandoned:
            if future.set_running_or_notify_cancel():
                future.set_exception(WorkerClosed("The server is shutting down."))
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise WorkerClosed("The server is shutting down.")

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._urgent or self._background or self._closed):
                    self._changed.wait()
                if self._closed:
                    return
                if self._urgent:
                    count = min(self._batch, len(self._urgent))
                    batch = [self._urgent.popleft() for _ in range(count)]
                    job = None
                else:
                    batch, job = [], self._background.popleft()
            if job is None:
                self._run_batch(batch)
            else:
                self._run_job(*job)
            # Results are not kept alive while the thread waits.
            del batch, job

    def _run_batch(self, batch: list[tuple[Request, Future[Reply]]]) -> None:
        wanted = [entry for entry in batch if entry[1].set_running_or_notify_cancel()]
        if not wanted:
            return
        try:
            replies = self._answer([request for request, _ in wanted])
            paired = list(zip(wanted, replies, strict=True))
        except BaseException as error:  # noqa: BLE001 - each caller gets it; the thread goes on
            for _, future in wanted:
                future.set_exception(_as_exception(error))
            return
        for (_, future), reply in paired:
            future.set_result(reply)

    def _run_job(self, job: Callable[[], Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = job()
        except BaseException as error:  # noqa: BLE001 - the caller gets it; the thread goes on
            future.set_exception(_as_exception(error))
        else:
            future.set_result(result)


def _as_exception(error: BaseException) -> Exception:
    """Return `error`, wrapped where `except Exception` would let it pass.

    A library written in Rust raises its panics so; a caller must not take them for a shutdown.
    """
    if isinstance(error, Exception):
        return error
    wrapped = RuntimeError(f"The model's library failed: {error}")
    wrapped.__cause__ = error
    return wrapped
