"""`answerdesk webhooks`: refusals, and webhooks from the shell beside a running server."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import Server, serving
from tests.entrypoints.installation import Installation, wait_until
from tests.webhooks.receiver import Receiver, answer, receiving

_DAYS_AGO = "2020-01-01T00:00:00"


_SETTINGS = {"ANSWERDESK_WEBHOOK_NETWORKS": "127.0.0.0/8", "ANSWERDESK_WEBHOOK_SCHEDULE": "0"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may send webhooks to this machine, and tries each only once."""
    with serving(**_SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def desk(server: Server) -> Installation:
    """The command line beside that server."""
    return Installation(server.data_dir, **_SETTINGS)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def add(desk: Installation, url: str, *arguments: str) -> dict[str, str]:
    webhook: dict[str, str] = desk.run("webhooks", "add", url, *arguments, "--json").ok().json
    return webhook


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "http://10.0.0.1/hook"), "address_refused"),
        (("add", "ftp://example.com/hook"), "url_refused"),
        (("add", "https://1.2.3.4/", "--event", "lead.create"), "event_unknown"),
        (("add", "https://1.2.3.4/", "--event", ""), "event_unknown"),
        (("add", "https://1.2.3.4/", "--project", "proj_0"), "project_not_found"),
        (("add", "https://1.2.3.4/", "--account", "nobody"), "account_not_found"),
        (("show", "https://nowhere.example/"), "webhook_not_found"),
        (("replay", "webhook_0", "dlv_0"), "webhook_not_found"),
    ],
)
def test_what_does_not_hold_is_refused(
    desk: Installation, arguments: tuple[str, ...], code: str
) -> None:
    done = desk.run("webhooks", *arguments, "--json")
    assert (done.status, done.output) == (1, ""), done
    assert json.loads(done.errors)["error"]["code"] == code


def test_wrong_usage_is_told(desk: Installation) -> None:
    for arguments in (
        ("add", "https://1.2.3.4/", "--format", "carrier-pigeon"),
        ("change", "webhook_0"),
        ("change", "webhook_0", "--event", "lead.created", "--all-events"),
        ("replay", "webhook_0"),
        ("replay", "webhook_0", "dlv_0", "--since", _DAYS_AGO),
        ("deliveries", "webhook_0", "--state", "lost"),
    ):
        assert desk.run("webhooks", *arguments).status == 2, arguments


def test_the_secret_is_printed_once_and_alone(desk: Installation, receiver: Receiver) -> None:
    url = receiver.at("/once")
    added = desk.run("webhooks", "add", url, "--event", "lead.created").ok()
    assert added.output.startswith("whsec_")
    assert added.output.count("\n") == 1
    secret = added.output.strip()
    assert secret not in added.errors
    rotated = desk.run("webhooks", "rotate", url, "--overlap-hours", "0").ok()
    assert rotated.output.startswith("whsec_")
    assert rotated.output != added.output
    for arguments in (("list",), ("list", "--json"), ("show", url), ("show", url, "--json")):
        shown = desk.run("webhooks", *arguments).ok()
        for one in (secret, rotated.output.strip()):
            assert one not in shown.output + shown.errors


def test_a_webhook_is_changed_disabled_enabled_and_removed(
    desk: Installation, receiver: Receiver
) -> None:
    url = receiver.at("/changed")
    webhook = add(desk, url, "--event", "lead.created", "--description", "The till")
    changed = desk.run(
        "webhooks", "change", url, "--event", "conversation.ended", "--disable", "--json"
    )
    told = changed.ok().json
    assert (told["events"], told["disabled_reason"]) == (["conversation.ended"], "owner")
    assert told["description"] == "The till"
    shown = desk.run("webhooks", "show", url).ok().output
    assert "conversation.ended" in shown
    assert "disabled" in shown
    assert desk.run("webhooks", "enable", url, "--json").ok().json["enabled"] is True
    every = desk.run("webhooks", "change", url, "--all-events", "--json").ok().json
    assert every["events"] is None
    refused = desk.run("webhooks", "remove", url, "--json")
    assert json.loads(refused.errors)["error"]["code"] == "removal_unconfirmed"
    assert webhook["id"] in desk.run("webhooks", "list").ok().output
    desk.run("webhooks", "remove", webhook["id"], "--yes").ok()
    assert webhook["id"] not in desk.run("webhooks", "list").ok().output


def test_a_test_call_shows_what_came_back(desk: Installation, receiver: Receiver) -> None:
    url = receiver.at("/test", answer(503, b"Out \x1b[31mto lunch"), answer())
    add(desk, url)
    failed = desk.run("webhooks", "test", url, "--event", "lead.created")
    assert failed.status == 1
    assert "status 503" in failed.output
    assert "Out \N{REPLACEMENT CHARACTER}[31mto lunch" in failed.output
    accepted = desk.run("webhooks", "test", url, "--json").ok().json
    assert (accepted["status"], accepted["error"], accepted["answer"]) == (200, None, "Thank you")
    [first, _] = receiver.of("/test")
    assert first.json["type"] == "lead.created"
    other = desk.run("webhooks", "test", url, "--event", "lead.lost", "--json")
    assert json.loads(other.errors)["error"]["code"] == "event_not_in_format"


def test_a_failed_delivery_is_seen_and_replayed(
    desk: Installation, owner: httpx.Client, receiver: Receiver
) -> None:
    url = receiver.at("/shop", answer(500, b"Broken"), answer())
    webhook = add(desk, url, "--event", "lead.created")
    deliveries = f"/v1/webhooks/{webhook['id']}/deliveries"
    project = owner.post("/v1/projects", json={"name": "Shop"}).json()["id"]
    lead = {"email": "ann@example.com"}
    owner.post(f"/v1/projects/{project}/leads", json=lead).raise_for_status()

    def ended(state: str) -> bool:
        return bool(owner.get(deliveries, params={"state": state}).json()["items"])

    wait_until(lambda: ended("failed"))
    listed = desk.run("webhooks", "deliveries", url, "--state", "failed", "--json").ok()
    [failed] = listed.json["deliveries"]
    shown = desk.run("webhooks", "deliveries", webhook["id"], failed["id"]).ok().output
    assert "Attempt 1" in shown
    assert "status 500" in shown
    assert "Broken" in shown
    nothing = desk.run(
        *("webhooks", "replay", url, "--since", _DAYS_AGO, "--until", "2020-01-02"), "--json"
    )
    assert nothing.ok().json["replayed"] == 0
    again = desk.run("webhooks", "replay", url, "--since", _DAYS_AGO, "--json").ok()
    assert again.json["replayed"] == 1
    wait_until(lambda: ended("delivered"))
    once_more = desk.run("webhooks", "replay", url, failed["id"], "--json").ok().json
    assert once_more["id"] == failed["id"]
    received = receiver.wait_for("/shop", 3)
    assert {one.id for one in received} == {failed["id"]}
    assert len({one.body for one in received}) == 1
