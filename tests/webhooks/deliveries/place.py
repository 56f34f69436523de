"""An installation without a worker, whose jobs a test runs itself, one by one."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from answerdesk.accounts.principal import Principal, owner_principal
from answerdesk.agents.service import begin_project
from answerdesk.bootstrap import Application, running
from answerdesk.core.due import Job
from answerdesk.core.events import Event, record
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.leads.events import LEAD_CREATED
from answerdesk.webhooks.deliveries import service, tasks
from answerdesk.webhooks.deliveries.run import Engine
from answerdesk.webhooks.deliveries.types import Attempt, Delivery, DeliveryFilter
from answerdesk.webhooks.encoding import Session
from answerdesk.webhooks.service import DELIVER, FAN_OUT
from answerdesk.webhooks.types import Endpoint, EndpointDraft, Format
from tests.ready_database import lay_ready_database
from tests.webhooks.deliveries.conftest import NETWORKS

CANARY = "rosebud-in-the-snow"


@dataclass
class Told:
    """An encoder that tells an event's number, unless that is broken or gone."""

    names: Mapping[str, str] = field(default_factory=lambda: {LEAD_CREATED.name: "lead"})
    broken: Sequence[int] = ()
    gone: Sequence[int] = ()
    unsendable: Sequence[bytes] = ()
    format: Format = "standard"

    async def body(
        self, session: Session, event: Event, endpoint: Endpoint
    ) -> Mapping[str, Any] | None:
        del session, endpoint
        if event.id in self.broken:
            raise RuntimeError(f"Event {event.id} cannot be told")
        return None if event.id in self.gone else {"event": event.id, "said": CANARY}

    def example(self, event: Event) -> Mapping[str, Any]:
        return {"event": event.id}

    def headers(self, secret: str, body: bytes) -> Mapping[str, str]:
        del secret
        if body in self.unsendable:
            raise RuntimeError("A header cannot be written")
        return {}


@dataclass
class Place:
    """An installation without a worker, with a project, and a webhook to a receiver."""

    application: Application
    project_id: ProjectId
    endpoint: Endpoint
    encoder: Told
    rows: Callable[..., list[tuple[Any, ...]]]

    @property
    def account_id(self) -> AccountId:
        return self.application.account_id

    @property
    def engine(self) -> Engine:
        own = replace(self.application.webhooks, encoders={"standard": self.encoder})
        return replace(self.application.deliveries, endpoints=own)

    @property
    def caller(self) -> Principal:
        return owner_principal(self.account_id)

    async def happen(self, count: int = 1) -> list[int]:
        """Let so many leads be created; return the events' ids."""
        async with self.application.database.transaction(self.account_id) as session:
            for _ in range(count):
                await record(
                    session, self.account_id, self.project_id, LEAD_CREATED, LEAD_CREATED.example
                )
        newest = self.rows("select id from event order by id desc limit %s", count)
        return sorted(event_id for (event_id,) in newest)

    def fanning_out(self) -> Callable[[Sequence[int]], Awaitable[None]]:
        """Return what runs a fan-out, beside others of the same worker."""
        handler = tasks.registrations(self.engine)[FAN_OUT].handler

        async def fan_out(event_ids: Sequence[int]) -> None:
            await handler(Job(1, FAN_OUT, self.account_id, {"events": list(event_ids)}, 1))

        return fan_out

    async def fan_out(self, event_ids: Sequence[int]) -> None:
        await self.fanning_out()(event_ids)

    async def deliver(self) -> None:
        await self._do(DELIVER, webhook_id=str(self.endpoint.id))

    async def disable(self) -> None:
        """Disable the webhook as its owner does."""
        async with self.application.database.transaction(self.account_id) as session:
            await self.application.webhooks.change(
                session, self.caller, self.endpoint.id, {"enabled": False}
            )

    async def forget(self) -> None:
        await self._do(tasks.FORGET)

    async def _do(self, name: str, **payload: Any) -> None:
        handler = tasks.registrations(self.engine)[name].handler
        await handler(Job(1, name, self.account_id, payload, 1))

    async def send(self, body: bytes = CANARY.encode(), **fields: Any) -> UUID:
        """Send a body that is written already."""
        async with self.application.database.transaction(self.account_id) as session:
            return await service.send(
                session,
                self.application.sealer,
                self.endpoint,
                type="reply.ready",
                body=body,
                **fields,
            )

    async def replay(self, delivery_id: UUID) -> Delivery:
        async with self.application.database.transaction(self.account_id) as session:
            return await service.replay(session, self.endpoint, delivery_id)

    async def cancel(self, delivery_id: UUID) -> bool:
        async with self.application.database.transaction(self.account_id) as session:
            return await service.cancel(session, delivery_id)

    async def cancel_about(self, subject_id: UUID) -> int:
        async with self.application.database.transaction(self.account_id) as session:
            return await service.cancel_about(session, subject_id)

    async def states(self, delivery_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        async with self.application.database.transaction(self.account_id) as session:
            return await service.states_of(session, delivery_ids)

    async def deliveries(self) -> Sequence[Delivery]:
        """Return all deliveries, oldest first."""
        async with self.application.database.transaction(self.account_id) as session:
            found = await service.list_deliveries(session, self.endpoint, DeliveryFilter(), 200)
        return found[::-1]

    async def one(self, delivery_id: UUID) -> tuple[Delivery, Sequence[Attempt]]:
        async with self.application.database.transaction(self.account_id) as session:
            return await service.get_delivery(session, self.endpoint, delivery_id)

    def now_due(self) -> None:
        """Let everything that waits be due, and nothing rest."""
        self.rows("update webhook_delivery set due_at = now() where state = 'pending' returning 1")
        self.rows("update webhook_endpoint set resting_until = null returning 1")

    def bodies(self) -> set[UUID]:
        """Return the deliveries whose bodies are kept."""
        found = self.rows("select subject_id from stored_secret where name = 'webhook_body'")
        return {subject_id for (subject_id,) in found}


@asynccontextmanager
async def placed(url: str, **settings: Any) -> AsyncIterator[Place]:
    """Run a fresh installation with a webhook to `url`."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        data_dir = lay_ready_database(Path(folder) / "data")
        wanted = Settings(
            data_dir=data_dir,
            embedder="fake",
            demo=False,
            webhook_networks=NETWORKS,
            **{"webhook_schedule": (0, 60, 60), "webhook_seconds": 10, **settings},
        )
        with EmbeddedPostgres.start(data_dir) as postgres:
            admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
            async with running(wanted) as application:
                with psycopg.connect(**admin, autocommit=True) as connection:

                    def rows(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
                        return connection.execute(statement.encode(), parameters).fetchall()

                    yield await _place(application, url, rows)


async def _place(
    application: Application, url: str, rows: Callable[..., list[tuple[Any, ...]]]
) -> Place:
    account_id = application.account_id
    caller = owner_principal(account_id)
    async with application.database.transaction(account_id) as session:
        project = await begin_project(session, account_id, "Shop")
        draft = EndpointDraft(url, project_id=project.id)
        endpoint, _ = await application.webhooks.create(session, caller, draft)
    return Place(application, project.id, endpoint, Told(), rows)
