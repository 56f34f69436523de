"""Nova Chat's account status and domains."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response, status

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.limits.service import plan_of
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.service import get_account
from answerdesk.agents.service import get_agent
from answerdesk.core.database import Database
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.dialects.novachat.dependencies import (
    PartOf,
    Workspace,
    WorkspaceOf,
    number_in_path,
)
from answerdesk.dialects.novachat.encoder import (
    encode_domain,
    encode_limits,
)
from answerdesk.dialects.novachat.schemas import (
    ERRORS,
    AccountOut,
    AccountStatus,
    AiConfig,
    AiConfigIn,
    BoundDomain,
    DomainIn,
    DomainOut,
)
from answerdesk.kit.instants import instant
from answerdesk.projects.domains import service as domains
from answerdesk.projects.domains.types import Domain, DomainDraft
from answerdesk.projects.tags import website_tag

Reader = Annotated[Principal, needs("projects:read")]
Writer = Annotated[Principal, needs("projects:write")]

_ACCOUNT: Final = "/nc-api/v1/account"
_MOST_SHOWN: Final = 500


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix=_ACCOUNT, route_class=bounded_route(settings.max_json_bytes), responses=ERRORS
    )
    created = status.HTTP_201_CREATED
    router.add_api_route("/status", show_status)
    router.add_api_route(
        "/bind-domain",
        bind_domain,
        methods=["POST"],
        status_code=created,
        responses={200: {"model": BoundDomain, "description": "It was bound already."}},
    )
    router.add_api_route("/domains", list_domains)
    router.add_api_route("/domains/{domain_id}/ai-config", configure_ai, methods=["POST"])
    return router


async def show_status(
    caller: Reader, workspace: WorkspaceOf, database: DatabaseOf
) -> AccountStatus:
    """Show the account's plan, its limits and its first 500 websites."""
    async with database.transaction(caller.account_id) as session:
        account = await get_account(session)
        plan = await plan_of(session, caller.account_id)
    limits = encode_limits(plan.limit("domains"), plan.limit("agents"), plan.limit("items"))
    number = await workspace.numbers.of_one("account", account.id)
    found, _ = await _listed(caller, workspace, database, 0, _MOST_SHOWN)
    return AccountStatus(
        account=AccountOut(id=number, name=account.name, plan=account.plan),
        plan=account.plan,
        trial_ends_at=None if account.trial_ends_at is None else instant(account.trial_ends_at),
        limits=limits,
        agentic_rag_enabled=plan.feature_flags().get("agentic_rag", False),
        domains=found,
    )


async def bind_domain(
    body: DomainIn,
    caller: Writer,
    workspace: WorkspaceOf,
    database: DatabaseOf,
    base_url: BaseUrl,
    response: Response,
) -> BoundDomain:
    """Bind a website; one that is bound already is returned as it is (200)."""
    project = await workspace.own_project()
    draft = DomainDraft(body.website_url, body.label or "")
    async with database.transaction(caller.account_id) as session:
        domain, is_new = await domains.add_domain(session, caller, project.id, draft)
    if not is_new:
        response.status_code = status.HTTP_200_OK
    told = (await _encoded(workspace, [domain]))[0]
    code = website_tag(base_url, domain.website_token)
    return BoundDomain(**told.model_dump(), domain_id=told.id, widget_code=code)


async def list_domains(
    caller: Reader, workspace: WorkspaceOf, database: DatabaseOf, part: PartOf
) -> list[DomainOut]:
    """List the account's websites, oldest first."""
    found, total = await _listed(caller, workspace, database, part.offset, part.limit)
    part.count(total)
    return found


async def configure_ai(
    domain_id: str, body: AiConfigIn, caller: Writer, workspace: WorkspaceOf, database: DatabaseOf
) -> AiConfig:
    """Choose the agent that answers on a website, and whether it answers.

    While `is_active` is false, messages are stored and wait for a person.
    """
    number = number_in_path("domain", domain_id)
    project = await workspace.known_project("domain")
    value = await workspace.numbers.id_of("domain", number)
    changes: dict[str, object] = {}
    if body.is_active is not None:
        changes["is_active"] = body.is_active
    if body.ai_bot_config_id is not None:
        changes["agent_id"] = await workspace.numbers.id_of("agent", body.ai_bot_config_id)
    async with database.transaction(caller.account_id) as session:
        if isinstance(agent_id := changes.get("agent_id"), UUID):
            # It may be deleted, or another project's.
            await get_agent(session, project.id, agent_id)
        domain = await domains.change_domain(session, caller, project.id, value, changes)
    told = (await _encoded(workspace, [domain]))[0]
    return AiConfig(**told.model_dump(), domain_id=told.id)


async def _listed(
    caller: Principal, workspace: Workspace, database: Database, offset: int, limit: int
) -> tuple[list[DomainOut], int]:
    """Return a part of the account's domains, and how many there are."""
    project = await workspace.project()
    if project is None:
        return [], 0
    async with database.transaction(caller.account_id) as session:
        found = await domains.list_domains(session, project.id, offset=offset, limit=limit)
        total = await domains.count_domains(session, project.id)
    return await _encoded(workspace, found), total


async def _encoded(workspace: Workspace, found: Sequence[Domain]) -> list[DomainOut]:
    numbers = await workspace.numbers.of("domain", [one.id for one in found])
    ids = [one.agent_id for one in found if one.agent_id is not None]
    bots = await workspace.numbers.of("agent", ids)
    return [
        encode_domain(one, numbers[one.id], None if one.agent_id is None else bots[one.agent_id])
        for one in found
    ]
