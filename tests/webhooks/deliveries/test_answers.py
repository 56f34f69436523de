"""Whatever a receiver does comes to an end soon, and to words that its owner understands."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

import pytest

from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.core.tenancy import AccountId
from answerdesk.webhooks.deliveries.sending import Outcome, Sender, Target
from answerdesk.webhooks.secrets import new_secret
from answerdesk.webhooks.types import Endpoint
from tests.core.outbound.certificates import self_signed
from tests.waiting import PATIENCE
from tests.webhooks.receiver import (
    Answer,
    Receiver,
    answer,
    drip,
    drip_headers,
    hang_up,
    huge,
    huge_without_content,
    receiving,
    silence,
)

SECONDS = 1.5


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    client = Outbound(OutboundPolicy(networks={"webhooks": (ip_network("127.0.0.0/8"),)}))
    yield client
    await client.close()


async def sent(outbound: Outbound, url: str, *, private: bool = False) -> Outcome:
    """Make one attempt."""
    now = datetime.now(UTC)
    endpoint = Endpoint(
        account_id=AccountId(uuid4()),
        id=uuid4(),
        project_id=None,
        url=url,
        description="",
        format="standard",
        events=None,
        enabled=True,
        disabled_reason=None,
        failing_since=None,
        old_secret_until=None,
        created_at=now,
        updated_at=now,
    )
    target = Target(endpoint, (new_secret(),), None)
    async with asyncio.timeout(PATIENCE):
        return await Sender(outbound, SECONDS).send(target, "dlv_1", b"{}", private=private)


@pytest.mark.parametrize(
    ("told", "status", "says"),
    [
        (answer(500), 500, "The receiver answered 500"),
        (answer(404), 404, "The receiver answered 404"),
        (answer(410), 410, "410 (Gone)"),
        (answer(304, b""), 304, "The receiver redirects (304)"),
        (silence, None, "did not respond in time"),
        (hang_up, None, "cannot be reached, or closes the connection"),
        (drip_headers, None, "did not respond in time"),
    ],
)
async def test_a_receiver_that_does_not_accept(
    told: Answer, status: int | None, says: str, outbound: Outbound, receiver: Receiver
) -> None:
    outcome = await sent(outbound, receiver.at("/", told))
    assert not outcome.accepted
    assert outcome.attempt.status == status
    assert says in (outcome.attempt.error or "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int, outbound: Outbound, receiver: Receiver) -> None:
    there = receiver.at("/there", answer())
    outcome = await sent(outbound, receiver.at("/", answer(status, location=there)))
    assert not outcome.accepted
    assert f"redirects to {there} ({status}). Redirects are not followed" in (
        outcome.attempt.error or ""
    )
    assert [one.path for one in receiver.received] == ["/"]


@pytest.mark.parametrize("told", [huge, drip])
async def test_an_answer_without_end_is_cut(
    told: Answer, outbound: Outbound, receiver: Receiver
) -> None:
    """Its status says that the receiver has the delivery; its first kilobyte is kept."""
    outcome = await sent(outbound, receiver.at("/", told))
    assert outcome.accepted
    assert outcome.attempt.status == 200
    assert 0 < len(outcome.attempt.answer or "") <= 1024
    assert outcome.attempt.milliseconds < 10_000
    assert receiver.written < 50_000_000  # What the sockets' buffers hold, of a gigabyte.


async def test_a_body_where_none_may_be_is_not_read(outbound: Outbound, receiver: Receiver) -> None:
    """A receiver that answers 204 has the delivery, whatever it says beside."""
    for told in (answer(204, b"Thank you"), answer(204, b""), huge_without_content):
        outcome = await sent(outbound, receiver.at("/", told))
        assert outcome.accepted
        assert (outcome.attempt.status, outcome.attempt.answer) == (204, "")
    assert receiver.written < 50_000_000


async def test_the_first_kilobyte_is_kept_as_text(outbound: Outbound, receiver: Receiver) -> None:
    """Whatever the bytes are, and without half a character at the end."""
    bodies = {
        b"": "",
        b"Thank you": "Thank you",
        b"a\x00b\xff": "a�b�",
        b"a" * 1023 + "é".encode(): "a" * 1023,
        b"b" * 5000: "b" * 1024,
    }
    for body, kept in bodies.items():
        outcome = await sent(outbound, receiver.at("/", answer(200, body)))
        assert outcome.attempt.answer == kept


async def test_the_first_headers_are_kept(outbound: Outbound, receiver: Receiver) -> None:
    many = {f"x_{number}": "v" * 500 for number in range(60)}
    outcome = await sent(outbound, receiver.at("/", answer(200, b"", **many)))
    headers = outcome.attempt.headers or {}
    assert headers["x-1"] == "v" * 200
    assert len(headers) == 40


async def test_of_a_private_answer_only_the_status_is_kept(
    outbound: Outbound, receiver: Receiver
) -> None:
    echo = answer(302, b"You said: rosebud", location="/?said=rosebud", x_said="rosebud")
    outcome = await sent(outbound, receiver.at("/", echo), private=True)
    assert outcome.attempt.status == 302
    assert "rosebud" not in repr(outcome)


async def test_a_receiver_says_when_to_try_again(outbound: Outbound, receiver: Receiver) -> None:
    for told, seconds in (
        (answer(503, retry_after="120"), 120),
        (answer(429, retry_after="999999999"), 24 * 3600),
        (answer(503, retry_after="soon"), None),
        (answer(200, retry_after="120"), None),
    ):
        assert (await sent(outbound, receiver.at("/", told))).retry_after == seconds


async def test_an_address_that_is_refused(receiver: Receiver) -> None:
    """The guard looks at every attempt, whatever was allowed when the webhook was made."""
    client = Outbound(OutboundPolicy())
    try:
        outcome = await sent(client, receiver.at("/", answer()))
    finally:
        await client.close()
    assert "this machine (loopback)" in (outcome.attempt.error or "")
    assert not receiver.received


async def test_a_bad_certificate(outbound: Outbound, tmp_path: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(self_signed("host.example", tmp_path))
    with receiving(tls) as receiver:
        outcome = await sent(outbound, receiver.at("/", answer()))
        assert "has a bad certificate" in (outcome.attempt.error or "")
        assert not receiver.received


async def test_nobody_listens(outbound: Outbound) -> None:
    with receiving() as receiver:
        url = receiver.at("/", answer())
    outcome = await sent(outbound, url)
    assert "cannot be reached" in (outcome.attempt.error or "")


async def test_a_connection_is_used_again(outbound: Outbound, receiver: Receiver) -> None:
    """Also if the answer is longer than what is kept of it."""
    url = receiver.at("/", answer(200, b"a" * 3000), answer(500, b"a" * 3000), answer())
    for _ in range(3):
        await sent(outbound, url)
    assert len({one.port for one in receiver.received}) == 1


@pytest.mark.parametrize(("body", "connections"), [(b"", 1), (b"HTTP", 3)])
async def test_a_body_where_none_may_be_is_not_the_next_answer(
    body: bytes, connections: int, outbound: Outbound, receiver: Receiver
) -> None:
    url = receiver.at("/", answer(204, body))
    for _ in range(3):
        assert (await sent(outbound, url)).accepted
    assert len({one.port for one in receiver.received}) == connections
