"""`answerdesk webhooks test|deliveries|replay`: what was sent to a webhook, and sending again."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from answerdesk.core.tenancy import parse_public_id
from answerdesk.entrypoints.cli.account import Shown
from answerdesk.entrypoints.cli.output import one_line, printable, write_note
from answerdesk.entrypoints.cli.table import write_table
from answerdesk.entrypoints.cli.webhooks import WebhookWork, run_on_webhooks
from answerdesk.webhooks.deliveries import service
from answerdesk.webhooks.deliveries.endpoints import AttemptOut, DeliveryOut
from answerdesk.webhooks.deliveries.types import DELIVERY_PREFIX, DeliveryFilter, DeliveryState

_SENDER: Final = "`answerdesk serve` or `answerdesk worker` sends"


@dataclass(frozen=True, slots=True)
class Only:
    """Which deliveries to list, and how many at most."""

    state: DeliveryState | None
    since: datetime | None
    until: datetime | None
    limit: int


def run_test(account: str | None, wanted: str, event: str | None, *, as_json: bool) -> None:
    """Send an example, show the response, and exit with status 1 if it was not accepted."""

    async def work(on: WebhookWork) -> Shown:
        endpoint = await on.find(wanted)
        attempt = await service.test(on.engine, on.caller, endpoint.id, event)
        return AttemptOut.of(attempt).model_dump(mode="json", exclude={"number", "begun_at"})

    run_on_webhooks(
        account,
        work,
        _write_response,
        as_json=as_json,
        failed=lambda shown: shown["error"] is not None,
    )


def run_list(account: str | None, wanted: str, only: Only, *, as_json: bool) -> None:
    async def work(on: WebhookWork) -> Shown:
        endpoint = await on.find(wanted)
        of = DeliveryFilter(only.state, only.since, only.until)
        async with on.transaction() as session:
            found = await service.list_deliveries(session, endpoint, of, only.limit)
        return {"deliveries": [DeliveryOut.of(one).model_dump(mode="json") for one in found]}

    run_on_webhooks(account, work, lambda shown: _write_list(shown["deliveries"]), as_json=as_json)


def run_show(account: str | None, wanted: str, delivery: str, *, as_json: bool) -> None:
    async def work(on: WebhookWork) -> Shown:
        endpoint = await on.find(wanted)
        async with on.transaction() as session:
            found, attempts = await service.get_delivery(session, endpoint, _delivery_id(delivery))
        log = [AttemptOut.of(one).model_dump(mode="json") for one in attempts]
        return {**DeliveryOut.of(found).model_dump(mode="json"), "log": log}

    run_on_webhooks(account, work, _write_one, as_json=as_json)


def run_replay(account: str | None, wanted: str, delivery: str, *, as_json: bool) -> None:
    async def work(on: WebhookWork) -> Shown:
        endpoint = await on.find(wanted)
        async with on.transaction() as session:
            again = await service.replay(session, endpoint, _delivery_id(delivery))
        return DeliveryOut.of(again).model_dump(mode="json")

    def write(shown: Shown) -> None:
        write_note(f"{shown['id']} is queued; {_SENDER} it.")

    run_on_webhooks(account, work, write, as_json=as_json)


def run_replay_failed(
    account: str | None, wanted: str, between: tuple[datetime, datetime | None], *, as_json: bool
) -> None:
    async def work(on: WebhookWork) -> Shown:
        endpoint = await on.find(wanted)
        since, until = between[0], between[1] or datetime.now(UTC)
        async with on.transaction() as session:
            return {"replayed": await service.replay_failed(session, endpoint, since, until)}

    def write(shown: Shown) -> None:
        count = shown["replayed"]
        if not count:
            write_note("No delivery of that time has failed.")
            return
        more = "; repeat the command for more" if count == service.MOST_REPLAYED else ""
        write_note(f"{count:,} failed deliveries are queued; {_SENDER} them{more}.")

    run_on_webhooks(account, work, write, as_json=as_json)


def _delivery_id(text: str) -> UUID:
    value = parse_public_id(DELIVERY_PREFIX, text)
    if value is None:
        raise service.delivery_not_found()
    return value


def _write_response(shown: Shown) -> None:
    status = "no response" if shown["status"] is None else f"status {shown['status']}"
    sys.stdout.write(f"{status} after {shown['milliseconds']:,} ms\n")
    if shown["error"]:
        sys.stdout.write(f"{one_line(shown['error'])}\n")
    if shown["answer"]:
        sys.stdout.write(f"\n{printable(shown['answer']).rstrip()}\n")


def _write_list(deliveries: list[Shown]) -> None:
    if not deliveries:
        write_note("No delivery matches.")
        return
    write_table(
        [
            {
                "id": one["id"],
                "event": one["type"],
                "created": one["created_at"],
                "state": one["state"],
                "attempts": one["attempts"],
                "next attempt": one["next_attempt_at"] or "none",
                "error": one["error"] or "",
            }
            for one in deliveries
        ]
    )


def _write_one(shown: Shown) -> None:
    for name, value in (
        ("Delivery", shown["id"]),
        ("Event", shown["type"]),
        ("Created", shown["created_at"]),
        ("State", shown["state"]),
        ("Next attempt", shown["next_attempt_at"]),
    ):
        if value:
            sys.stdout.write(f"{name:<13} {value}\n")
    for attempt in shown["log"]:
        sys.stdout.write(f"\nAttempt {attempt['number']} at {attempt['begun_at']}: ")
        _write_response(attempt)
