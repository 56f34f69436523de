"""Whatever is killed, and whatever the application's clock says: replies arrive once, in time."""

import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from tests.conftest import Desk, Server
from tests.delayed_replies.conftest import PATH, Agent, by_reference
from tests.waiting import PATIENCE
from tests.webhooks.receiver import Received, Receiver, receiving

LEASE = 20.0
"""Seconds after which the jobs of a killed process are begun again."""

_ASKERS = 4
_PAUSE = 0.1
"""Seconds between two requests of one of them."""

MOVED = "tests.delayed_replies.moved_clock:create_moved_app"
HOUR = 3600


@dataclass(frozen=True)
class Kill:
    """When a server was killed, and when the next was ready."""

    at: float
    ready: float


@dataclass
class Asked:
    """What was requested: when each accepted request is due, by its reference.

    `delays` are in how many seconds they were due, by the clock of this process. `unknown` are the
    references of those that a kill cut off: they were accepted or not.
    """

    due: dict[str, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


class Asking(threading.Thread):
    """Requests replies, one after another, of whichever server runs."""

    def __init__(
        self, name: str, agent: Agent, webhook: str, requests: int, installation: "Installation"
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._agent = agent
        self._webhook = webhook
        self._requests = requests
        self._installation = installation
        self.asked = Asked()

    def run(self) -> None:
        numbers = itertools.count()
        with httpx.Client(timeout=PATIENCE) as client:
            while len(self.asked.due) < self._requests:
                self._request(client, f"{self.name} {next(numbers)}")
                time.sleep(_PAUSE)

    def _request(self, client: httpx.Client, reference: str) -> None:
        body = self._agent.asked(
            f"What does {reference} cost?",
            deliver="later",
            webhook_id=self._webhook,
            reference=reference,
        )
        url = f"{self._installation.running.url}{self._agent.path}"
        try:
            answer = client.post(url, json=body, headers=self._agent.key)
        except httpx.TransportError:
            self.asked.unknown.add(reference)
            return
        if answer.status_code == 202:
            due = datetime.fromisoformat(answer.json()["scheduled_for"]).timestamp()
            self.asked.delays.append(due - time.time())
            self.asked.due[reference] = due
        else:  # While it starts or ends.
            assert answer.status_code >= 500, answer.text
            self.asked.unknown.add(reference)


class Installation:
    """Servers of one data folder, of which one runs at a time: the next after each kill.

    The clock of the first is right, that of the second an hour behind, that of the third an hour
    ahead.
    """

    def __init__(self, folder: Path, delays: str) -> None:
        environment = {
            "ANSWERDESK_REPLY_DELAYS": delays,
            "ANSWERDESK_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "ANSWERDESK_WEBHOOK_SCHEDULE": "0,1,2,5",
        }
        self._servers = itertools.cycle(
            [
                Server(folder, **environment),
                Server(folder, factory=MOVED, MOVED_CLOCK=str(-HOUR), **environment),
                Server(folder, factory=MOVED, MOVED_CLOCK=str(HOUR), **environment),
            ]
        )
        self.running = next(self._servers).start()

    def kill(self) -> Kill:
        """Kill the server, and start the next."""
        at = time.time()
        self.running.kill()
        self.running = next(self._servers).start()
        return Kill(at, time.time())


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        yield Path(folder) / "data"


def asked_and_killed(
    installation: Installation, receiver: Receiver, *, requests: int, kills_at: Sequence[float]
) -> tuple[Asked, list[Kill]]:
    """Request replies, kill servers so many seconds after the beginning, wait for all replies."""
    server = installation.running
    with server.client(owner=True) as owner, server.client() as visitor:
        agent = Agent(Desk(owner, visitor))
        webhook = agent.webhook(receiver)
    askers = [
        Asking(f"asker {number}", agent, webhook, requests // _ASKERS, installation)
        for number in range(_ASKERS)
    ]
    began = time.monotonic()
    for one in askers:
        one.start()
    kills = []
    for at in kills_at:
        time.sleep(max(0.0, began + at - time.monotonic()))
        kills.append(installation.kill())
    asked = Asked()
    for one in askers:
        one.join(PATIENCE + requests * 0.2)
        assert not one.is_alive()
        asked.due |= one.asked.due
        asked.delays += one.asked.delays
        asked.unknown |= one.asked.unknown
    assert min(asked.delays) > -PATIENCE
    assert max(asked.delays) < HOUR / 2
    ends = max(time.time(), *asked.due.values()) + PATIENCE
    while time.time() < ends and not asked.due.keys() <= by_reference(receiver).keys():
        time.sleep(1)
    return asked, kills


def expect_each_once(asked: Asked, receiver: Receiver) -> dict[str, list[Received]]:
    """Check that what was accepted has arrived, not early, and always the same."""
    found = by_reference(receiver)
    lost = asked.due.keys() - found.keys()
    assert lost == set()
    assert found.keys() - asked.due.keys() <= asked.unknown
    for reference, received in found.items():
        assert len({(one.id, one.body) for one in received}) == 1, "one text and one webhook-id"
        if reference in asked.due:
            early = asked.due[reference] - received[0].at
            assert early <= 0, f"{reference} came {early:.3f} s early"
    assert len({received[0].id for received in found.values()}) == len(found)
    return found


def hours_off(found: dict[str, list[Received]]) -> set[int]:
    """Return by how many hours the clocks of those who sent were off."""
    received = itertools.chain.from_iterable(found.values())
    return {round((int(one.headers["webhook-timestamp"]) - one.at) / HOUR) for one in received}


def test_a_few_kills_lose_nothing_and_answer_nothing_twice(data_dir: Path) -> None:
    with receiving() as receiver:
        receiver.at(PATH)
        installation = Installation(data_dir, "1:20,4:50,7:30")
        try:
            asked, _ = asked_and_killed(installation, receiver, requests=80, kills_at=(3, 7))
            found = expect_each_once(asked, receiver)
        finally:
            installation.running.kill()
    repeats = sum(len(received) - 1 for received in found.values())
    assert repeats <= len(found) / 10
    assert 1 in hours_off(found), "the last server's clock was an hour ahead"


@pytest.mark.soak
def test_twenty_kills_lose_nothing_of_ten_thousand(
    data_dir: Path, record_property: Callable[[str, object], None]
) -> None:
    with receiving() as receiver:
        receiver.at(PATH)
        installation = Installation(data_dir, "10:10,60:30,200:30,400:20,600:10")
        try:
            asked, kills = asked_and_killed(
                installation,
                receiver,
                requests=10_000,
                kills_at=[20 + 45 * number for number in range(20)],
            )
            found = expect_each_once(asked, receiver)
        finally:
            installation.running.kill()
    assert len(asked.due) == 10_000
    assert hours_off(found) == {-1, 0, 1}
    repeats = sum(len(received) - 1 for received in found.values())
    late: dict[bool, list[float]] = {False: [], True: []}
    for reference, due in asked.due.items():
        arrived = found[reference][0].at
        late[_interrupted(due, arrived, kills)].append(arrived - due)
    p99 = {which: statistics.quantiles(all_of_it, n=100)[98] for which, all_of_it in late.items()}
    told = (
        f"{len(found)} replies, {repeats} repeats; late at p99: {p99[False]:.2f} s where nothing "
        f"was killed ({len(late[False])}), else {p99[True]:.2f} s ({len(late[True])})"
    )
    record_property("figures", told)
    assert repeats <= len(found) / 100, told
    assert p99[False] <= 5, told
    assert p99[True] <= 30, told


def _interrupted(due: float, arrived: float, kills: Sequence[Kill]) -> bool:
    """Tell whether a kill came between, or held up what was due then."""
    return any(
        due <= one.at <= arrived or one.at - 1 <= due <= one.ready + LEASE + 2 for one in kills
    )
