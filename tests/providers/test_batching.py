"""The thread behind the model: who shares a pass, who waits for whom, and what an error reaches."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as wait_for

import pytest

from answerdesk.providers.batching import BatchingWorker, WorkerClosed

PATIENCE = 10


class Held:
    """A worker whose first job waits until it is let go, so that others queue behind it."""

    def __init__(self) -> None:
        self.log: list[object] = []
        self.gate = threading.Event()
        self.worker = BatchingWorker(self._answer, batch=4, name="held")
        running = threading.Event()

        def hold() -> None:
            running.set()
            self.gate.wait(PATIENCE)

        self.first = self.worker.run(hold)
        assert running.wait(PATIENCE)

    def _answer(self, requests: Sequence[str]) -> list[str]:
        self.log.append(list(requests))
        if "panic" in requests:
            raise SystemExit("as a library may")
        if "poison" in requests:
            raise ArithmeticError("poison")
        if "short" in requests:
            return []
        return [request.upper() for request in requests]

    def job(self, name: str) -> Future[str]:
        def work() -> str:
            self.log.append(name)
            return name

        return self.worker.run(work)


@pytest.fixture
def held() -> Iterator[Held]:
    held = Held()
    yield held
    held.gate.set()
    held.worker.close()


@pytest.mark.parametrize(
    ("poison", "expected"),
    [("poison", ArithmeticError), ("panic", RuntimeError), ("short", ValueError)],
)
def test_an_error_reaches_all_of_its_batch_and_no_other(
    held: Held, poison: str, expected: type[Exception]
) -> None:
    batch = [held.worker.ask(text) for text in ("a", poison, "b", "c")]
    after = held.worker.ask("after")
    held.gate.set()
    for future in batch:
        assert isinstance(future.exception(PATIENCE), expected)
    assert after.result(PATIENCE) == "AFTER"


def test_an_error_in_a_job_is_its_own(held: Held) -> None:
    def fail() -> None:
        raise SystemExit("as a library may")

    failed, after = held.worker.run(fail), held.job("after")
    held.gate.set()
    assert isinstance(failed.exception(PATIENCE), RuntimeError)
    assert after.result(PATIENCE) == "after"


def test_what_waits_goes_together_up_to_the_limit(held: Held) -> None:
    futures = [held.worker.ask(str(number)) for number in range(6)]
    held.gate.set()
    assert [future.result(PATIENCE) for future in futures] == list("012345")
    assert held.log == [["0", "1", "2", "3"], ["4", "5"]]


def test_requests_go_ahead_of_jobs_queued_before_them(held: Held) -> None:
    jobs = [held.job("first job"), held.job("second job")]
    request = held.worker.ask("urgent")
    held.gate.set()
    wait_for([*jobs, request], PATIENCE)
    assert held.log == [["urgent"], "first job", "second job"]


def test_what_was_given_up_is_not_computed(held: Held) -> None:
    futures = [held.worker.ask(text) for text in "abc"]
    job = held.job("given up")
    assert futures[1].cancel()
    assert job.cancel()
    held.gate.set()
    assert futures[0].result(PATIENCE) == "A"
    assert futures[2].result(PATIENCE) == "C"
    with pytest.raises(CancelledError):
        futures[1].result(PATIENCE)
    assert held.job("last").result(PATIENCE) == "last"
    assert held.log == [["a", "c"], "last"]


def test_closing_finishes_what_runs_and_refuses_what_waits(held: Held) -> None:
    request, job = held.worker.ask("waits"), held.job("waits too")
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
        held.worker.ask("late")
    with pytest.raises(WorkerClosed):
        held.job("late")
    assert held.log == []
