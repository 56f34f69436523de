"""`answerdesk webhooks …`: an account's webhooks."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Principal
from answerdesk.bootstrap import Administration, administered_webhooks
from answerdesk.core import faults
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.tenancy import AccountId, parse_public_id, public_id
from answerdesk.entrypoints.cli.account import (
    Shown,
    find_account,
    operator_of,
    run_administering,
)
from answerdesk.entrypoints.cli.output import one_line, write_note
from answerdesk.entrypoints.cli.table import write_table
from answerdesk.webhooks.deliveries.run import Engine
from answerdesk.webhooks.schemas import WebhookIn, WebhookMade, WebhookOut, WebhookPatch
from answerdesk.webhooks.service import Endpoints, list_endpoints
from answerdesk.webhooks.types import MOST_ENDPOINTS, WEBHOOK_PREFIX, Endpoint, Format

_LISTED: Final = 10
_REASONS: Final = {
    "owner": "disabled",
    "gone": "disabled: the receiver answered 410 (gone)",
    "failing": "disabled: it failed for days",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A new webhook's properties, as typed."""

    url: str
    form: Format
    events: Sequence[str] | None
    project: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class WebhookWork:
    """An account's webhooks, and what sends to them."""

    engine: Engine
    account_id: AccountId

    @property
    def endpoints(self) -> Endpoints:
        return self.engine.endpoints

    @property
    def caller(self) -> Principal:
        return operator_of(self.account_id)

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.engine.database.transaction(self.account_id)

    async def find(self, wanted: str) -> Endpoint:
        """Find a webhook by its id or its address; raises NotFound or InvalidInput."""
        every = await self.every()
        endpoint_id = parse_public_id(WEBHOOK_PREFIX, wanted)
        found = [one for one in every if endpoint_id == one.id or wanted == one.url]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(_id(one) for one in found)
            raise InvalidInput(
                f"{len(found)} webhooks have the address {wanted}; name one by its id: {ids}",
                code="webhook_ambiguous",
            )
        listed = [f"{one.url} ({_id(one)})" for one in every[:_LISTED]]
        if len(every) > _LISTED:
            listed.append(f"and {len(every) - _LISTED} more")
        known = f"there is {'; '.join(listed)}" if listed else "there is none yet"
        raise NotFound(f"No webhook {wanted!r}: {known}", code="webhook_not_found")

    async def every(self) -> Sequence[Endpoint]:
        async with self.transaction() as session:
            return await list_endpoints(session, self.caller, limit=MOST_ENDPOINTS)


Work = Callable[[WebhookWork], Awaitable[Shown]]


def run_on_webhooks(
    account: str | None,
    work: Work,
    write: Callable[[Shown], None],
    *,
    as_json: bool,
    failed: Callable[[Shown], bool] = lambda _: False,
) -> None:
    """Run `work` on the webhooks of the named account, write its result, and exit."""

    async def administer(administration: Administration) -> Shown:
        account_id = administration.account_id
        if account is not None:
            account_id = (await find_account(administration, account)).id
        async with administered_webhooks(administration) as engine:
            return await work(WebhookWork(engine, account_id))

    run_administering(administer, write, as_json=as_json, failed=failed)


def run_list(account: str | None, *, as_json: bool) -> None:
    async def work(on: WebhookWork) -> Shown:
        return {"webhooks": [_shown(one) for one in await on.every()]}

    run_on_webhooks(account, work, lambda shown: _write_list(shown["webhooks"]), as_json=as_json)


def run_add(account: str | None, wish: Wish, *, as_json: bool) -> None:
    async def work(on: WebhookWork) -> Shown:
        asked = _checked(
            WebhookIn,
            url=wish.url,
            format=wish.form,
            events=wish.events or None,
            project_id=wish.project,
            description=wish.description or "",
        )
        draft = asked.draft()
        await on.endpoints.require_url(draft.url)
        async with on.transaction() as session:
            endpoint, secret = await on.endpoints.create(session, on.caller, draft)
        return WebhookMade.made(endpoint, secret).model_dump(mode="json")

    run_on_webhooks(account, work, _write_secret, as_json=as_json)


def run_show(account: str | None, wanted: str, *, as_json: bool) -> None:
    async def work(on: WebhookWork) -> Shown:
        return _shown(await on.find(wanted))

    run_on_webhooks(account, work, _write_one, as_json=as_json)


def run_change(
    account: str | None, wanted: str, changes: dict[str, object], *, as_json: bool
) -> None:
    async def work(on: WebhookWork) -> Shown:
        asked = _checked(WebhookPatch, **changes)
        endpoint = await on.find(wanted)
        if "url" in changes:
            await on.endpoints.require_url(asked.url)
        given = asked.model_dump(exclude_unset=True)
        async with on.transaction() as session:
            return _shown(await on.endpoints.change(session, on.caller, endpoint.id, given))

    run_on_webhooks(account, work, _write_one, as_json=as_json)


def run_remove(account: str | None, wanted: str, *, yes: bool, as_json: bool) -> None:
    """Remove a webhook with its deliveries, and exit; refuses without `yes`."""

    async def work(on: WebhookWork) -> Shown:
        endpoint = await on.find(wanted)
        if not yes:
            raise InvalidInput(
                f"{endpoint.url} would be removed with all its deliveries, also those that wait. "
                "To remove it, repeat with --yes; to send nothing for a time, use `answerdesk "
                "webhooks change --disable`",
                code="removal_unconfirmed",
            )
        async with on.transaction() as session:
            await on.endpoints.delete(session, on.caller, endpoint.id)
        return {"id": _id(endpoint), "url": endpoint.url, "removed": True}

    run_on_webhooks(
        account, work, lambda shown: write_note(f"Removed {shown['url']}."), as_json=as_json
    )


def run_rotate(account: str | None, wanted: str, overlap_hours: int, *, as_json: bool) -> None:
    async def work(on: WebhookWork) -> Shown:
        endpoint = await on.find(wanted)
        async with on.transaction() as session:
            rotated, secret = await on.endpoints.rotate_secret(
                session, on.caller, endpoint.id, overlap_hours=overlap_hours
            )
        return WebhookMade.made(rotated, secret).model_dump(mode="json")

    run_on_webhooks(account, work, _write_secret, as_json=as_json)


_Asked = TypeVar("_Asked", bound=BaseModel)


def _checked(kind: type[_Asked], **fields: object) -> _Asked:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput(faults.describe(error.errors())) from error


def _id(endpoint: Endpoint) -> str:
    return public_id(WEBHOOK_PREFIX, endpoint.id)


def _shown(endpoint: Endpoint) -> Shown:
    return WebhookOut.of(endpoint).model_dump(mode="json")


def _write_secret(shown: Shown) -> None:
    write_note(f"{shown['id']} sends to {shown['url']}. Its secret is shown only this once:")
    sys.stdout.write(f"{shown['secret']}\n")


def _write_list(webhooks: list[Shown]) -> None:
    if not webhooks:
        write_note("No webhooks yet; `answerdesk webhooks add URL` adds one.")
        return
    write_table(
        [
            {
                "id": one["id"],
                "address": one["url"],
                "format": one["format"],
                "events": " ".join(one["events"] or ["all"]),
                "project": one["project_id"] or "all",
                "state": _state(one),
                "description": one["description"],
            }
            for one in webhooks
        ]
    )


def _write_one(shown: Shown) -> None:
    rows = [
        ("Webhook", shown["id"]),
        ("Address", shown["url"]),
        ("Description", shown["description"]),
        ("Format", shown["format"]),
        ("Events", ", ".join(shown["events"] or ["all that the format can tell"])),
        ("Project", shown["project_id"] or "all"),
        ("State", _state(shown)),
        ("Old secret", shown["old_secret_until"] and f"valid until {shown['old_secret_until']}"),
    ]
    for name, value in rows:
        if value:
            sys.stdout.write(f"{name:<12} {one_line(value)}\n")


def _state(shown: Shown) -> str:
    if not shown["enabled"]:
        return _REASONS[shown["disabled_reason"] or "owner"]
    since = shown["failing_since"]
    return f"failing since {since}" if since else "enabled"
