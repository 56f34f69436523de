"""Endpoints: find, list, create, change and delete them, and renew their secrets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits.service import plan_of
from answerdesk.accounts.members.service import list_owners
from answerdesk.accounts.principal import Principal
from answerdesk.core.crypto import Sealer
from answerdesk.core.due import JsonValue, schedule, schedule_many
from answerdesk.core.events import EVERY_TYPE, EventTypes, consume, record
from answerdesk.core.outbound import Outbound, checked_url
from answerdesk.core.tenancy import AccountId, ProjectId, new_id, public_id
from answerdesk.projects.service import get_project, list_after
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.webhooks import errors, repository, secrets
from answerdesk.webhooks.encoding import Encoders
from answerdesk.webhooks.events import WEBHOOK_DISABLED, DisabledWebhook
from answerdesk.webhooks.types import (
    DESCRIPTION_LENGTH,
    FORMATS,
    MOST_ENDPOINTS,
    OVERLAP_HOURS,
    URL_LENGTH,
    WEBHOOK_PREFIX,
    Changes,
    Endpoint,
    EndpointDraft,
    Format,
    Place,
)

FAN_OUT: Final = "webhooks.fan_out"
"""The job that is scheduled with the ids of events that an endpoint of the account may want."""
DELIVER: Final = "webhooks.deliver"
"""The job that sends an endpoint's deliveries: one run at a time for each endpoint."""
ERASE: Final = "webhooks.erase"
FORGET_OLD_SECRET: Final = "webhooks.forget_old_secret"  # noqa: S105  # A job's name.
DISABLED_LETTER: Final = "webhooks.disabled_letter"

_ERASED_AT_ONCE: Final = 200
_MOST_TOLD: Final = 100
"""Owners who get a mail."""


async def schedule_run(
    session: AsyncSession,
    account_id: AccountId,
    endpoint_id: UUID,
    *,
    run_at: datetime | None = None,
) -> None:
    """Schedule sending an endpoint's deliveries, at `run_at` or now; last in a transaction."""
    await schedule(
        session,
        DELIVER,
        account_id=account_id,
        payload={"webhook_id": str(endpoint_id)},
        run_at=run_at,
        key=f"{DELIVER}:{endpoint_id}",
    )


async def get_endpoint(session: AsyncSession, caller: Principal, endpoint_id: UUID) -> Endpoint:
    """Return an endpoint that the caller reaches; raises NotFound for any other id."""
    return _reached(await repository.get(session, endpoint_id), caller)


async def list_endpoints(
    session: AsyncSession,
    caller: Principal,
    *,
    project_id: ProjectId | None = None,
    formats: Sequence[Format] = FORMATS,
    after: Place = None,
    limit: int,
) -> Sequence[Endpoint]:
    """Return at most `limit` endpoints that the caller reaches, oldest first, behind `after`.

    With `project_id`, only those of that project alone; raises NotFound if it is not the caller's.
    """
    only = caller.projects
    if project_id is not None:
        caller.require_project(project_id)
        only = frozenset({(await get_project(session, project_id)).id})
    return await repository.list_after(session, only, formats, after, limit)


def require_shown_again(endpoint: Endpoint) -> None:
    """Raise NotPermitted unless the endpoint's format shows its secret more than once."""
    if endpoint.format != "orac":
        raise errors.secret_not_shown_again()


def _reached(endpoint: Endpoint | None, caller: Principal) -> Endpoint:
    if endpoint is None:
        raise errors.webhook_not_found()
    if caller.projects is not None and endpoint.project_id not in caller.projects:
        raise errors.webhook_not_found()
    return endpoint


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Changes endpoints.

    Every change keeps true for which types of events the account's fan-out is scheduled.
    """

    sealer: Sealer
    event_types: EventTypes
    encoders: Encoders
    outbound: Outbound

    async def require_url(self, url: str) -> None:
        """Raise what sending to this address would raise because of the address alone.

        It may look up the host, so call it before the transaction. Raises InvalidInput.
        """
        if len(url) > URL_LENGTH:
            raise errors.url_too_long(URL_LENGTH)
        await self.outbound.require_host(url, "webhooks")

    async def create(
        self, session: AsyncSession, caller: Principal, draft: EndpointDraft
    ) -> tuple[Endpoint, str]:
        """Create an endpoint; return it with its secret. Call `require_url` before.

        Raises InvalidInput, NotPermitted, NotFound for a project that the caller does not reach,
        and Conflict.
        """
        draft = self._checked(draft)
        if draft.project_id is not None:
            caller.require_project(draft.project_id)
            await get_project(session, draft.project_id)
        elif caller.projects is not None:
            raise errors.project_needed()
        plan = await plan_of(session, caller.account_id)
        # A plan that includes another service's API includes its webhooks.
        if not plan.has("webhooks") and not any(one == draft.format for one in plan.dialects):
            raise errors.webhooks_not_in_plan()
        await repository.lock_account(session)
        if await repository.count(session) >= MOST_ENDPOINTS:
            raise errors.too_many_webhooks()
        endpoint = await repository.add(session, new_id(), draft)
        secret = draft.secret or secrets.new_secret()
        await secrets.keep_secret(session, self.sealer, endpoint.id, secret)
        await self._consume(session)
        await _audit(session, caller, "webhook.created", endpoint)
        return endpoint, secret

    def _checked(self, draft: EndpointDraft) -> EndpointDraft:
        if draft.format not in FORMATS:
            raise errors.format_unknown(draft.format)
        if draft.secret is not None:
            secrets.secret_key(draft.secret)
        return replace(
            draft,
            url=checked_url(draft.url),
            description=_checked_description(draft.description),
            events=self._checked_events(draft.format, draft.events),
        )

    def _checked_events(
        self, chosen: Format, events: Sequence[str] | None
    ) -> tuple[str, ...] | None:
        if events is None:
            return None
        if not events:
            raise errors.events_empty()
        told = self.told_by(chosen)
        for one in events:
            if one not in self.event_types.public:
                raise errors.event_unknown(one, self.event_types.public)
            if one not in told:
                raise errors.event_not_in_format(one, chosen, told)
        return tuple(one for one in told if one in events)

    def told_by(self, chosen: Format) -> Sequence[str]:
        """Return the names of the types of events that a format can tell."""
        encoder = self.encoders.get(chosen)
        return () if encoder is None else tuple(encoder.names)

    async def change(
        self, session: AsyncSession, caller: Principal, endpoint_id: UUID, changes: Changes
    ) -> Endpoint:
        """Change an endpoint. Call `require_url` before. Raises NotFound and InvalidInput."""
        await repository.lock_account(session)
        endpoint = await _locked(session, caller, endpoint_id)
        wanted = replace(endpoint, **changes)
        wanted = replace(
            wanted,
            url=checked_url(wanted.url),
            description=_checked_description(wanted.description),
            events=self._checked_events(endpoint.format, wanted.events),
        )
        if wanted == endpoint:
            return endpoint
        changed = endpoint
        if replace(wanted, enabled=endpoint.enabled) != endpoint:
            changed = await repository.change(session, wanted)
            await _audit(session, caller, "webhook.changed", changed)
        if wanted.enabled and not endpoint.enabled:
            changed = await repository.enable(session, endpoint_id)
            await _audit(session, caller, "webhook.enabled", changed)
        elif endpoint.enabled and not wanted.enabled:
            changed = await repository.disable(session, endpoint_id, "owner")
            await _audit(session, caller, "webhook.disabled", changed)
        await self._consume(session)
        if endpoint.enabled and not changed.enabled:
            # It ends what waits, and forgets private bodies.
            await schedule_run(session, changed.account_id, endpoint_id)
        return changed

    async def delete(self, session: AsyncSession, caller: Principal, endpoint_id: UUID) -> None:
        """Delete an endpoint with all its deliveries, also those that wait. Raises NotFound."""
        await repository.lock_account(session)
        endpoint = await _locked(session, caller, endpoint_id)
        await self._delete(session, [endpoint.id])
        await _audit(session, caller, "webhook.deleted", endpoint)
        await schedule(
            session,
            ERASE,
            account_id=caller.account_id,
            payload={"webhook_id": str(endpoint.id)},
            key=f"{ERASE}:{endpoint.id}",
        )

    async def _delete(self, session: AsyncSession, endpoint_ids: Sequence[UUID]) -> None:
        await repository.mark_deleted(session, endpoint_ids)
        for one in endpoint_ids:
            await secrets.forget_secrets(session, one)
        await self._consume(session)

    async def rotate_secret(
        self,
        session: AsyncSession,
        caller: Principal,
        endpoint_id: UUID,
        *,
        secret: str | None = None,
        overlap_hours: int = OVERLAP_HOURS,
    ) -> tuple[Endpoint, str]:
        """Give an endpoint a new secret, or the owner's own; return both.

        For `overlap_hours`, deliveries are signed with the old one as well. Raises NotFound and
        InvalidInput.
        """
        if secret is not None:
            secrets.secret_key(secret)
        endpoint = await _locked(session, caller, endpoint_id)
        new = secret or secrets.new_secret()
        await secrets.keep_old_secret(session, self.sealer, endpoint.id)
        await secrets.keep_secret(session, self.sealer, endpoint.id, new)
        endpoint = await repository.rotated(session, endpoint.id, overlap_hours)
        await _audit(session, caller, "webhook.secret_rotated", endpoint)
        await schedule(
            session,
            FORGET_OLD_SECRET,
            account_id=caller.account_id,
            payload={"webhook_id": str(endpoint.id)},
            run_at=endpoint.old_secret_until,
        )
        return endpoint, new

    async def secret_again(
        self, session: AsyncSession, caller: Principal, endpoint_id: UUID
    ) -> str:
        """Return the secret to a person who has just given the password.

        Raises NotFound, and NotPermitted for a format that shows its secrets only once.
        """
        endpoint = await get_endpoint(session, caller, endpoint_id)
        require_shown_again(endpoint)
        await _audit(session, caller, "webhook.secret_shown", endpoint)
        return await secrets.secret_of(session, self.sealer, endpoint_id)

    async def disable(
        self, session: AsyncSession, endpoint_id: UUID, reason: Literal["gone", "failing"]
    ) -> None:
        """Send nothing more to an endpoint, and tell the owners by an event and a mail.

        Call it before the transaction locks rows of the endpoint's. If it is disabled or deleted
        already, nothing is done.
        """
        await repository.lock_account(session)
        endpoint = await repository.get(session, endpoint_id, lock=True)
        if endpoint is None or not endpoint.enabled:
            return
        await repository.disable(session, endpoint_id, reason)
        await self._consume(session)
        told = await _project_to_tell(session, endpoint)
        if told is not None:
            webhook_id = public_id(WEBHOOK_PREFIX, endpoint_id)
            payload = DisabledWebhook(webhook_id=webhook_id, reason=reason)
            await record(session, endpoint.account_id, told, WEBHOOK_DISABLED, payload)
        # A mail for each, so that one that is refused doesn't have the others sent again.
        letters: list[dict[str, JsonValue]] = [
            {"webhook_id": str(endpoint_id), "member_id": str(owner.id)}
            for owner in await list_owners(session, limit=_MOST_TOLD)
        ]
        await schedule_many(
            session, DISABLED_LETTER, account_id=endpoint.account_id, payloads=letters
        )

    async def erase(self, session: AsyncSession, project_id: ProjectId) -> int:
        """Remove some rows of a deleted project; return how many, 0 if none is left."""
        await repository.lock_account(session)
        found = await repository.of_project(session, project_id)
        await self._delete(session, found)
        erased = await repository.erase_deliveries_of_project(session, project_id, _ERASED_AT_ONCE)
        if not erased:
            await repository.remove(session, found)
        return erased

    async def _consume(self, session: AsyncSession) -> None:
        """Have the fan-out scheduled for what the account's enabled endpoints want."""
        types: set[str] = set()
        for one in await repository.enabled(session):
            if one.events is not None:
                types.update(one.events)
            elif one.format == "standard":
                types.add(EVERY_TYPE)
            else:
                types.update(self.told_by(one.format))
        await consume(session, FAN_OUT, sorted(types))


async def disabled_endpoint(session: AsyncSession, endpoint_id: UUID) -> Endpoint | None:
    """Return an endpoint that was disabled because of its receiver, and still is."""
    endpoint = await repository.get(session, endpoint_id)
    if endpoint is None or endpoint.disabled_reason in (None, "owner"):
        return None
    return endpoint


async def erase_some(session: AsyncSession, endpoint_id: UUID) -> bool:
    """Delete some deliveries of a deleted endpoint, at last itself; tell whether any is left."""
    if await repository.erase_deliveries(session, endpoint_id, _ERASED_AT_ONCE):
        return True
    await repository.remove(session, [endpoint_id])
    return False


def _checked_description(description: str) -> str:
    description = description.strip()
    if len(description) > DESCRIPTION_LENGTH:
        raise errors.description_too_long(DESCRIPTION_LENGTH)
    return description


async def _locked(session: AsyncSession, caller: Principal, endpoint_id: UUID) -> Endpoint:
    return _reached(await repository.get(session, endpoint_id, lock=True), caller)


async def _project_to_tell(session: AsyncSession, endpoint: Endpoint) -> ProjectId | None:
    """Return the project whose event tells of an endpoint: of all projects', the first."""
    if endpoint.project_id is not None:
        return endpoint.project_id
    first = await list_after(session, None, None, 1)
    return first[0].id if first else None


async def _audit(session: AsyncSession, caller: Principal, action: str, endpoint: Endpoint) -> None:
    detail: dict[str, JsonValue] = {"url": endpoint.url, "format": endpoint.format}
    if endpoint.project_id is not None:
        detail["project_id"] = public_id(PROJECT_PREFIX, endpoint.project_id)
    target = public_id(WEBHOOK_PREFIX, endpoint.id)
    await record_audit(session, caller, action, "webhook", target, detail)
