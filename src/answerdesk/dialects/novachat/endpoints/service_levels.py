"""How soon people reply on each website, and who waits for them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.dialects.novachat.dependencies import MOST_ROWS, Workspace, WorkspaceOf
from answerdesk.dialects.novachat.encoder import encode_target
from answerdesk.dialects.novachat.schemas import (
    ERRORS,
    DomainStatus,
    SlaStatus,
    TargetMinutes,
    Wait,
)
from answerdesk.inbox.service_levels import service as service_levels
from answerdesk.inbox.service_levels.clocks import Target
from answerdesk.inbox.service_levels.types import CurrentWait, Status, Tally
from answerdesk.kit.instants import instant
from answerdesk.projects.domains import service as domains
from answerdesk.projects.domains.types import Domain
from answerdesk.projects.types import ServiceLevels

Reader = Annotated[Principal, needs("conversations:read")]

_PATH: Final = "/api/v1/sla/status"


def make_router(settings: Settings) -> APIRouter:
    """Make the route."""
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes), responses=ERRORS)
    router.add_api_route(_PATH, show_status)
    return router


async def show_status(caller: Reader, workspace: WorkspaceOf, database: DatabaseOf) -> SlaStatus:
    """Show how soon people replied and resolved in the last 30 days, by website, and who waits."""
    now, project = datetime.now(UTC), await workspace.project()
    if project is None:
        return await _encoded(workspace, ServiceLevels(), (), Status(now, (), ()))
    async with database.transaction(caller.account_id) as session:
        bound = await domains.list_domains(session, project.id, limit=MOST_ROWS)
        status = await service_levels.status(session, project, now)
    return await _encoded(workspace, project.settings.service_levels, bound, status)


async def _encoded(
    workspace: Workspace, levels: ServiceLevels, bound: Sequence[Domain], status: Status
) -> SlaStatus:
    numbers = await workspace.numbers.of("domain", [one.id for one in bound])
    waits = await _waits(workspace, numbers, status.waits)
    tallies: defaultdict[tuple[int | None, Target], list[Tally]] = defaultdict(list)
    for one in status.tallies:
        tallies[_known(one.domain_id, numbers), one.tally.target].append(one.tally)
    waiting = Counter(one.domain_id for one in waits)

    def row(number: int | None, website_url: str | None) -> DomainStatus:
        return DomainStatus(
            domain_id=number,
            website_url=website_url,
            first_response=encode_target(tallies[number, "first_response"]),
            resolution=encode_target(tallies[number, "resolution"]),
            waiting=waiting[number],
        )

    return SlaStatus(
        targets=TargetMinutes(
            first_response_minutes=levels.first_response_minutes,
            resolution_minutes=levels.resolution_minutes,
        ),
        since=instant(status.since),
        domains=[*(row(numbers[one.id], one.website_url) for one in bound), row(None, None)],
        waits=waits,
    )


async def _waits(
    workspace: Workspace, domain_numbers: Mapping[UUID, int], waits: Sequence[CurrentWait]
) -> list[Wait]:
    ids = [one.conversation_id for one in waits]
    numbers = await workspace.numbers.of("conversation", ids)
    assignees = [one.assignee_id for one in waits if one.assignee_id is not None]
    people = await workspace.numbers.of("user", assignees)
    return [
        Wait(
            conversation_id=numbers[one.conversation_id],
            domain_id=_known(one.domain_id, domain_numbers),
            assignee_id=None if one.assignee_id is None else people[one.assignee_id],
            waiting_since=instant(one.waiting_since),
            due_at=None if one.due_at is None else instant(one.due_at),
            breached=one.breached,
        )
        for one in waits
    ]


def _known(domain_id: UUID | None, numbers: Mapping[UUID, int]) -> int | None:
    """Return a domain's number; None for one that is not bound any more."""
    return None if domain_id is None else numbers.get(domain_id)
