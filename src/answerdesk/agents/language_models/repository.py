"""Reads and writes language models."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.language_models.types import (
    LONGEST_CHAIN,
    LanguageModel,
    ModelSettings,
    Place,
    UsingAgent,
)
from answerdesk.core.crypto import Sealed
from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId

_COLUMNS: Final = (
    "account_id, id, project_id, name, provider, url, model, max_tokens, input_price,"
    " output_price, currency, has_key, key_end, fallback_id, version, created_at, updated_at"
)
# The models of a deleted project are gone immediately, though a job removes the rows later.
_OF_ACCOUNT: Final = (
    f"select {_COLUMNS} from language_model where account_id = :account_id"
    " and (project_id is null or exists (select from project p"
    "  where p.account_id = language_model.account_id and p.id = language_model.project_id"
    "  and p.deleted_at is null))"
)
_FIND: Final = text(f"{_OF_ACCOUNT} and id = :id")
_LOCK: Final = text(f"{_OF_ACCOUNT} and id = :id for update")
_ALL: Final = text(f"{_OF_ACCOUNT} order by created_at, id")
_FOR_PROJECTS: Final = " and (project_id is null or project_id = any(cast(:projects as uuid[])))"
_AFTER: Final = " and (created_at, id) > (:after_time, :after_id)"
_IN_ORDER: Final = " order by created_at, id limit :limit"
_LOCK_ACCOUNT: Final = text(
    "select pg_advisory_xact_lock("
    "hashtextextended('language_models:' || cast(:account_id as text), 0))"
)
_ADD: Final = text(
    f"insert into language_model ({_COLUMNS.removesuffix(', version, created_at, updated_at')})"
    " values (:account_id, :id, :project_id, :name, :provider, :url, :model, :max_tokens,"
    "  :input_price, :output_price, :currency, :has_key, :key_end, :fallback_id)"
    f" returning {_COLUMNS}"
)
_CHANGE: Final = text(
    "update language_model set name = :name, url = :url, model = :model,"
    " max_tokens = :max_tokens, input_price = :input_price, output_price = :output_price,"
    " currency = :currency, has_key = :has_key, key_end = :key_end, fallback_id = :fallback_id,"
    " version = version + 1, updated_at = now()"
    f" where account_id = :account_id and id = :id returning {_COLUMNS}"
)
_DELETE: Final = text("delete from language_model where account_id = :account_id and id = :id")
# An agent names a model of its own project before one of all projects.
_USERS: Final = text(
    "select m.id as model_id, a.id, a.name, a.project_id from language_model m"
    " join agent a on a.account_id = m.account_id and a.settings->>'model' = m.name"
    "  and (a.project_id = m.project_id or m.project_id is null and not exists ("
    "   select from language_model o where o.account_id = a.account_id"
    "    and o.project_id = a.project_id and o.name = m.name))"
    " join project p on p.account_id = a.account_id and p.id = a.project_id"
    "  and p.deleted_at is null"
    " where m.account_id = :account_id and m.id = any(cast(:ids as uuid[]))"
    "  and (cast(:projects as uuid[]) is null or a.project_id = any(cast(:projects as uuid[])))"
    " order by a.created_at, a.id limit :limit"
)
_CHAIN: Final = text(
    f"with recursive {TENANT}, chain as ("
    f" (select 1 as place, m.* from language_model m where m.account_id = :account_id and {IS_SET}"
    "   and (m.id = cast(:model_id as uuid) or cast(:model_id as uuid) is null and m.name = :name)"
    "   and (m.project_id = :project_id or m.project_id is null)"
    "   order by m.project_id nulls last limit 1)"
    " union all"
    " select c.place + 1, m.* from chain c join language_model m"
    f"  on m.account_id = :account_id and m.id = c.fallback_id and {IS_SET}"
    f"  where c.place < {LONGEST_CHAIN}"
    f") select {', '.join(f'c.{one}' for one in _COLUMNS.split(', '))}, s.key_id, s.sealed"
    " from chain c left join stored_secret s on s.account_id = :account_id"
    f"  and s.subject_id = c.id and s.name = :secret and {IS_SET} order by c.place"
)


@dataclass(frozen=True, slots=True)
class KeyedModel:
    """A model with its key, which is sealed."""

    model: LanguageModel
    key: Sealed | None


def _model(row: Row[Any] | Any) -> LanguageModel:  # noqa: ANN401  # Or a driver's row.
    return LanguageModel(
        account_id=AccountId(row.account_id),
        id=row.id,
        project_id=None if row.project_id is None else ProjectId(row.project_id),
        settings=ModelSettings.model_construct(
            name=row.name,
            provider=row.provider,
            url=row.url,
            model=row.model,
            max_tokens=row.max_tokens,
            input_price=row.input_price,
            output_price=row.output_price,
            currency=row.currency,
        ),
        has_key=row.has_key,
        key_end=row.key_end,
        fallback_id=row.fallback_id,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def lock_account(session: AsyncSession) -> None:
    """Let no other transaction change models of the account until this one ends."""
    await session.execute(_LOCK_ACCOUNT, {"account_id": tenant_of(session)})


async def find(
    session: AsyncSession, model_id: UUID, *, lock: bool = False
) -> LanguageModel | None:
    parameters = {"account_id": tenant_of(session), "id": model_id}
    row = (await session.execute(_LOCK if lock else _FIND, parameters)).first()
    return None if row is None else _model(row)


async def every(session: AsyncSession) -> Sequence[LanguageModel]:
    """Return all models of the account, oldest first."""
    rows = await session.execute(_ALL, {"account_id": tenant_of(session)})
    return [_model(row) for row in rows]


async def list_after(
    session: AsyncSession, projects: Collection[ProjectId] | None, after: Place, limit: int
) -> Sequence[LanguageModel]:
    """Return at most `limit` models behind `after`, oldest first.

    Only those that one of `projects` can use, unless it is None.
    """
    statement = _OF_ACCOUNT
    parameters: dict[str, object] = {"account_id": tenant_of(session), "limit": limit}
    if projects is not None:
        statement += _FOR_PROJECTS
        parameters["projects"] = list(projects)
    if after is not None:
        statement += _AFTER
        parameters["after_time"], parameters["after_id"] = after
    return [_model(row) for row in await session.execute(text(statement + _IN_ORDER), parameters)]


async def users(
    session: AsyncSession,
    ids: Collection[UUID],
    projects: Collection[ProjectId] | None,
    limit: int,
) -> Sequence[UsingAgent]:
    """Return at most `limit` agents that answer with these models, oldest first.

    Only those of `projects`, unless it is None.
    """
    parameters = {
        "account_id": tenant_of(session),
        "ids": list(ids),
        "projects": None if projects is None else list(projects),
        "limit": limit,
    }
    return [
        UsingAgent(row.model_id, row.id, row.name, ProjectId(row.project_id))
        for row in await session.execute(_USERS, parameters)
    ]


async def add(session: AsyncSession, model: LanguageModel) -> LanguageModel:
    """Store a new model. Its name must be free, which the lock on the account keeps true."""
    return _model((await session.execute(_ADD, _values(session, model))).one())


async def change(session: AsyncSession, model: LanguageModel) -> LanguageModel:
    """Store a locked model as it now is; return it with its new version."""
    return _model((await session.execute(_CHANGE, _values(session, model))).one())


async def delete(session: AsyncSession, model_id: UUID) -> None:
    """Delete a model; its key goes with it."""
    await session.execute(_DELETE, {"account_id": tenant_of(session), "id": model_id})


async def chain(
    executor: Executor, project_id: ProjectId, named: str | UUID, secret: str
) -> Sequence[KeyedModel]:
    """Return a model, by the name that a project's agents use or its id, then its fallbacks.

    One round trip. `secret` is the name of the secret that has a model's key.
    """
    parameters: Mapping[str, object] = {
        "project_id": project_id,
        "model_id": named if isinstance(named, UUID) else None,
        "name": named if isinstance(named, str) else "",
        "secret": secret,
    }
    return [
        KeyedModel(
            _model(row), None if row.key_id is None else Sealed(row.key_id, bytes(row.sealed))
        )
        for row in await executor.rows(_CHAIN, parameters)
    ]


def _values(session: AsyncSession, model: LanguageModel) -> Mapping[str, object]:
    return {
        **model.settings.model_dump(),
        "account_id": tenant_of(session),
        "id": model.id,
        "project_id": model.project_id,
        "has_key": model.has_key,
        "key_end": model.key_end,
        "fallback_id": model.fallback_id,
    }
