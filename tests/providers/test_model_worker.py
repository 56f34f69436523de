"""The thread behind the model: who waits for whom, and whom an error reaches."""

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as wait_for
from functools import partial

import pytest

from answerdesk.providers.model_worker import ModelWorker, WorkerClosed

PATIENCE = 10


class Held:
    """A worker whose first job waits until it is let go, so that others queue behind it."""

    def __init__(self) -> None:
        self.log: list[object] = []
        self.gate = threading.Event()
        self.worker = ModelWorker("held")
        running = threading.Event()

        def hold() -> None:
            running.set()
            self.gate.wait(PATIENCE)

        self.first = self.worker.run(hold)
        assert running.wait(PATIENCE)

    def job(self, name: str) -> Future[str]:
        return self.worker.run(partial(self._work, name))

    def urgent(self, name: str) -> Future[str]:
        return self.worker.hurry(partial(self._work, name))

    def _work(self, name: str) -> str:
        self.log.append(name)
        if name == "panic":
            raise SystemExit("as a library may")
        if name == "poison":
            raise ArithmeticError("poison")
        return name


@pytest.fixture
def held() -> Iterator[Held]:
    held = Held()
    yield held
    held.gate.set()
    held.worker.close()


@pytest.mark.parametrize(
    ("poison", "expected"), [("poison", ArithmeticError), ("panic", RuntimeError)]
)
def test_an_error_is_its_own(held: Held, poison: str, expected: type[Exception]) -> None:
    urgent, beside = held.urgent(poison), held.urgent("beside")
    job, after = held.job(poison), held.job("after")
    held.gate.set()
    assert isinstance(urgent.exception(PATIENCE), expected)
    assert isinstance(job.exception(PATIENCE), expected)
    assert (beside.result(PATIENCE), after.result(PATIENCE)) == ("beside", "after")


def test_what_is_urgent_goes_ahead_of_jobs_queued_before_it(held: Held) -> None:
    jobs = [held.job("first job"), held.job("second job")]
    urgent = [held.urgent("first"), held.urgent("second")]
    held.gate.set()
    wait_for([*jobs, *urgent], PATIENCE)
    assert held.log == ["first", "second", "first job", "second job"]


def test_what_was_given_up_is_not_computed(held: Held) -> None:
    futures = [held.urgent(text) for text in "abc"]
    job = held.job("given up")
    assert futures[1].cancel()
    assert job.cancel()
    held.gate.set()
    assert futures[0].result(PATIENCE) == "a"
    assert futures[2].result(PATIENCE) == "c"
    with pytest.raises(CancelledError):
        futures[1].result(PATIENCE)
    assert held.job("last").result(PATIENCE) == "last"
    assert held.log == ["a", "c", "last"]


def test_closing_finishes_what_runs_and_refuses_what_waits(held: Held) -> None:
    request, job = held.urgent("waits"), held.job("waits too")
    closing = [threading.Thread(target=held.worker.close) for _ in range(3)]
    for thread in closing:
        thread.start()
    assert isinstance(request.exception(PATIENCE), WorkerClosed)
    assert isinstance(job.exception(PATIENCE), WorkerClosed)
    assert not held.first.done()
    held.gate.set()
    for thread in closing:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert held.first.exception(PATIENCE) is None
    held.worker.close()
    with pytest.raises(WorkerClosed):
        held.urgent("late")
    with pytest.raises(WorkerClosed):
        held.job("late")
    assert held.log == []
