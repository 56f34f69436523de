"""The catalogue of language models: find, list, add, change, delete and test them."""

import asyncio
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits.service import plan_of
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.secrets import delete_secret, get_secret, put_secret
from answerdesk.agents.language_models import errors, repository
from answerdesk.agents.language_models.types import (
    KEY_LENGTH,
    LONGEST_CHAIN,
    MODEL_PREFIX,
    MOST_MODELS,
    LanguageModel,
    ModelSettings,
    Place,
    UsingAgent,
    end_of,
)
from answerdesk.core import faults
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.due import JsonValue
from answerdesk.core.errors import InvalidInput, require_version
from answerdesk.core.outbound import HeaderRefused, Outbound, OutboundError
from answerdesk.core.outbound.headers import require_sendable
from answerdesk.core.ratelimit import take
from answerdesk.core.tenancy import AccountId, ProjectId, new_id, parse_public_id, public_id
from answerdesk.kit.merge_patch import merge_patch
from answerdesk.projects.service import get_project
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.providers.chat_model import ChatRequest, ChatTurn, ModelUnavailable, TextDelta
from answerdesk.providers.chat_models import MakeChatModel, ModelService

KEY: Final = "language_model_key"
"""The name of the secret that has a model's key."""

MOST_TESTS: Final = 30
"""Maximum questions in a minute by which an account's models are tested."""

_SECONDS: Final = 15.0
_QUESTION: Final = ChatRequest(
    [ChatTurn("user", "Reply with: ok")], max_tokens=8, deadline=_SECONDS
)
_LONGEST_SHOWN: Final = 200
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """A language model to add. `fallback` is the name or the id of another."""

    project_id: ProjectId | None
    settings: ModelSettings
    key: str | None = field(repr=False)
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of asking a model for a word: its answer, or why there is none."""

    milliseconds: int
    answer: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """A model as a patch changes it. `is_other` tells that it might no longer answer."""

    model: LanguageModel
    key: str | None = field(repr=False)
    is_other: bool


async def find_model(session: AsyncSession, caller: Principal, model_id: UUID) -> LanguageModel:
    """Return a model that the caller may see; raises NotFound."""
    return _seen(await repository.find(session, model_id), caller)


async def find_usable_model(
    session: AsyncSession, caller: Principal, project_id: ProjectId, model_id: UUID
) -> LanguageModel:
    """Return a model that agents of a project can name; raises NotFound for any other."""
    model = await find_model(session, caller, model_id)
    if model.project_id not in (None, project_id):
        raise errors.model_not_found()
    return model


async def list_models(
    session: AsyncSession,
    caller: Principal,
    *,
    project_id: ProjectId | None = None,
    after: Place = None,
    limit: int,
) -> Sequence[LanguageModel]:
    """Return at most `limit` models that the caller may see, oldest first, behind `after`.

    With `project_id`, only those that its agents can name; raises NotFound if it is not the
    caller's.
    """
    only: Collection[ProjectId] | None = caller.projects
    if project_id is not None:
        caller.require_project(project_id)
        only = [(await get_project(session, project_id)).id]
    return await repository.list_after(session, only, after, limit)


async def agents_using(
    session: AsyncSession, caller: Principal, models: Iterable[LanguageModel], limit: int
) -> Sequence[UsingAgent]:
    """Return at most `limit` agents, of projects that the caller reaches, that name the models."""
    ids = [one.id for one in models]
    return await repository.users(session, ids, caller.projects, limit)


class Catalogue:
    """Changes the account's language models, and asks them whether they answer."""

    def __init__(
        self, database: Database, sealer: Sealer, outbound: Outbound, make: MakeChatModel
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._outbound = outbound
        self._make = make

    async def add(
        self, caller: Principal, draft: ModelDraft, *, unchecked: bool = False
    ) -> LanguageModel:
        """Add a model that answers a question, or, `unchecked`, any.

        Raises InvalidInput, NotFound for a project that the caller does not reach, NotPermitted,
        Conflict and RateLimited.
        """
        key = _checked_key(draft.key)
        async with self._database.transaction(caller.account_id) as session:
            await _require_addable(session, caller, draft)
        if not unchecked:
            await self._require_answer(caller.account_id, draft.settings.service(key))
        async with self._database.transaction(caller.account_id) as session:
            await repository.lock_account(session)
            model = await repository.add(session, await _require_addable(session, caller, draft))
            if key is not None:
                await put_secret(session, self._sealer, model.id, KEY, key.encode())
            await _audit(session, caller, "language_model.created", model)
        return model

    async def change(
        self,
        caller: Principal,
        model_id: UUID,
        patch: Mapping[str, Any],
        expected: AbstractSet[int] | None = None,
        *,
        unchecked: bool = False,
    ) -> LanguageModel:
        """Change a model by a merge patch of its settings, `key` and `fallback`.

        If it might no longer answer, it is asked first. Raises what `add` raises, and
        PreconditionFailed if its version is not in `expected`.
        """
        async with self._database.transaction(caller.account_id) as session:
            found = _changeable(await repository.find(session, model_id), caller)
            require_version(found.version, expected)
            change = await self._changed(session, found, patch)
        if change.is_other and not unchecked:
            await self._require_answer(caller.account_id, change.model.settings.service(change.key))
            expected = {found.version}
        async with self._database.transaction(caller.account_id) as session:
            await repository.lock_account(session)
            found = _changeable(await repository.find(session, model_id, lock=True), caller)
            require_version(found.version, expected)
            change = await self._changed(session, found, patch)
            if change.model == found and not change.is_other:
                return found
            if change.key is None:
                await delete_secret(session, model_id, KEY)
            elif "key" in patch:
                await put_secret(session, self._sealer, model_id, KEY, change.key.encode())
            stored = await repository.change(session, change.model)
            await _audit(session, caller, "language_model.changed", stored)
        return stored

    async def delete(
        self, caller: Principal, model_id: UUID, expected: AbstractSet[int] | None = None
    ) -> None:
        """Delete a model. Raises NotFound, PreconditionFailed, and Conflict if it is in use."""
        async with self._database.transaction(caller.account_id) as session:
            await repository.lock_account(session)
            model = _changeable(await repository.find(session, model_id, lock=True), caller)
            require_version(model.version, expected)
            await _require_unnamed(session, model)
            others = await repository.every(session)
            over = [one.name for one in others if one.fallback_id == model_id]
            if over:
                raise errors.used_as_fallback(over[:_MOST_NAMED], more=len(over) > _MOST_NAMED)
            await repository.delete(session, model_id)
            await _audit(session, caller, "language_model.deleted", model)

    async def test(self, caller: Principal, model_id: UUID) -> Tested:
        """Ask a model for a word. Raises NotFound, NotPermitted and RateLimited."""
        async with self._database.transaction(caller.account_id) as session:
            model = _changeable(await repository.find(session, model_id), caller)
            key = await self._key_of(session, model)
        return await self._ask(caller.account_id, model.settings.service(key))

    async def _require_answer(self, account_id: AccountId, service: ModelService) -> None:
        tested = await self._ask(account_id, service)
        if tested.error is not None:
            raise errors.does_not_answer(tested.error)

    async def _ask(self, account_id: AccountId, service: ModelService) -> Tested:
        await take(self._database, f"language_models:{account_id.hex}", MOST_TESTS, 60)
        began = time.monotonic()
        answer, error = None, None
        try:
            if service.url is not None:
                await self._outbound.require_host(service.url, "providers")
            answer = await _answer(await asyncio.to_thread(self._make, service))
        except TimeoutError:
            error = f"It said nothing for {_SECONDS:g} seconds"
        except (ModelUnavailable, OutboundError) as failure:
            error = failure.message.rstrip(".")
        return Tested(round((time.monotonic() - began) * 1000), answer, error)

    async def _changed(
        self, session: AsyncSession, found: LanguageModel, patch: Mapping[str, Any]
    ) -> _Change:
        of_settings = dict(patch)
        given, fallback = of_settings.pop("key", None), of_settings.pop("fallback", None)
        settings = _patched(found.settings, of_settings)
        before = key = await self._key_of(session, found)
        if "key" in patch:
            key = _checked_key(given)
        elif key is not None and _host(settings.url) != _host(found.settings.url):
            raise errors.key_needed_again()
        every = await repository.every(session)
        model = replace(found, settings=settings, has_key=key is not None, key_end=end_of(key))
        if "fallback" in patch:
            model = replace(model, fallback_id=_named(fallback, model, every))
        _require_fitting(model, every)
        if model.name != found.name:
            await _require_unnamed(session, found)
        was, now = found.settings.service(before), settings.service(key)
        return _Change(model, key, now != was)

    async def _key_of(self, session: AsyncSession, model: LanguageModel) -> str | None:
        if not model.has_key:
            return None
        stored = await get_secret(session, self._sealer, model.id, KEY)
        return None if stored is None else stored.decode()


async def _answer(client: Any) -> str:  # noqa: ANN401
    try:
        async with asyncio.timeout(_SECONDS), aclosing(client.stream(_QUESTION)) as events:
            said = [event.text async for event in events if isinstance(event, TextDelta)]
    finally:
        await client.close()
    return "".join(said).strip()[:_LONGEST_SHOWN]


def _seen(model: LanguageModel | None, caller: Principal) -> LanguageModel:
    if model is None:
        raise errors.model_not_found()
    is_narrower = caller.projects is not None and model.project_id is not None
    if is_narrower and model.project_id not in (caller.projects or ()):
        raise errors.model_not_found()
    return model


def _changeable(model: LanguageModel | None, caller: Principal) -> LanguageModel:
    seen = _seen(model, caller)
    if seen.project_id is None and caller.projects is not None:
        raise errors.all_projects_needed()
    return seen


async def _require_addable(
    session: AsyncSession, caller: Principal, draft: ModelDraft
) -> LanguageModel:
    """Return the model as it will be stored. Raises what `Catalogue.add` does."""
    if draft.project_id is not None:
        caller.require_project(draft.project_id)
        await get_project(session, draft.project_id)
    elif caller.projects is not None:
        raise errors.all_projects_needed()
    if not (await plan_of(session, caller.account_id)).has("byok"):
        raise errors.models_not_in_plan()
    every = await repository.every(session)
    if len(every) >= MOST_MODELS:
        raise errors.too_many_models()
    now = datetime.now(UTC)
    model = LanguageModel(
        account_id=tenant_of(session),
        id=new_id(),
        project_id=draft.project_id,
        settings=draft.settings,
        has_key=draft.key is not None,
        key_end=end_of(draft.key),
        fallback_id=None,
        version=1,
        created_at=now,
        updated_at=now,
    )
    model = replace(model, fallback_id=_named(draft.fallback, model, every))
    _require_fitting(model, every)
    return model


async def _require_unnamed(session: AsyncSession, model: LanguageModel) -> None:
    """Raise Conflict if an agent answers with the model."""
    users = await repository.users(session, [model.id], None, _MOST_NAMED + 1)
    if users:
        names = [one.name for one in users[:_MOST_NAMED]]
        raise errors.used_by_agents(names, more=len(users) > _MOST_NAMED)


def _named(told: str | None, model: LanguageModel, every: Sequence[LanguageModel]) -> UUID | None:
    """Return the id of the model that an id or a name stands for; raises InvalidInput."""
    if told is None:
        return None
    value = parse_public_id(MODEL_PREFIX, told)
    usable = [one for one in every if one.project_id in (None, model.project_id)]
    # The project's own before those of all projects.
    usable.sort(key=lambda one: one.project_id is None)
    for one in usable:
        if value == one.id or told == one.name:
            return one.id
    raise errors.fallback_unknown(told)


def _require_fitting(model: LanguageModel, every: Sequence[LanguageModel]) -> None:
    """Raise Conflict or InvalidInput unless the model fits to the account's other models."""
    others = {one.id: one for one in every if one.id != model.id}
    for one in others.values():
        if (one.project_id, one.name) == (model.project_id, model.name):
            raise errors.name_taken(model.name)
        currencies = {one.settings.currency, model.settings.currency} - {None}
        if len(currencies) > 1:
            raise errors.currency_differs(str(one.settings.currency))
    together = {**others, model.id: model}
    for one in together.values():
        chain = [one.id]
        following = one.fallback_id
        while following is not None:
            if following in chain:
                raise errors.fallback_circle()
            chain.append(following)
            following = together[following].fallback_id
        if len(chain) > LONGEST_CHAIN:
            raise errors.chain_too_long()


def _patched(before: ModelSettings, patch: Mapping[str, Any]) -> ModelSettings:
    try:
        return ModelSettings.model_validate(merge_patch(before.model_dump(), patch))
    except ValidationError as error:
        raise InvalidInput(faults.describe(error.errors(), model=ModelSettings)) from error


def _checked_key(key: str | None) -> str | None:
    if key is None:
        return None
    if not key:
        raise errors.key_refused("it is empty; leave it out for a service that needs none")
    if len(key) > KEY_LENGTH:
        raise errors.key_refused(f"it is longer than {KEY_LENGTH:,} characters")
    try:
        require_sendable({"Authorization": f"Bearer {key}"})
    except HeaderRefused as error:
        raise errors.key_refused("it has characters outside visible ASCII") from error
    return key


def _host(url: str | None) -> tuple[str, str]:
    split = urlsplit(url or "")
    return split.scheme.lower(), split.netloc.lower()


async def _audit(
    session: AsyncSession, caller: Principal, action: str, model: LanguageModel
) -> None:
    told: dict[str, JsonValue] = {
        "name": model.name,
        "provider": model.settings.provider,
        "model": model.settings.model,
    }
    if model.project_id is not None:
        told["project_id"] = public_id(PROJECT_PREFIX, model.project_id)
    target = public_id(MODEL_PREFIX, model.id)
    await record_audit(session, caller, action, "language_model", target, told)
