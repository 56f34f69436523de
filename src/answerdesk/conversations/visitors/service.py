"""Visitors' sessions, their identities signed by sites, and the origins of their pages."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.access import require_open
from answerdesk.conversations.errors import (
    identity_invalid,
    identity_required,
    origin_not_allowed,
    visitor_token_invalid,
)
from answerdesk.conversations.types import RequestOrigin, Visitor, VisitorId
from answerdesk.conversations.visitors import repository
from answerdesk.conversations.visitors.identity import Identity, verify_identity
from answerdesk.conversations.visitors.tokens import LIFE, VisitorClaims, VisitorTokens
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database
from answerdesk.core.errors import NotAuthenticated, NotFound
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.origins import origin_allowed
from answerdesk.projects.identity import identity_secret
from answerdesk.projects.service import get_project, project_of_widget_key
from answerdesk.projects.types import Project

MOST_ATTRIBUTES: Final = 50
"""Of one visitor."""

Moved = Callable[[AsyncSession, VisitorId], Awaitable[None]]
"""Told, in the same transaction, of a visitor who has been given conversations."""


@dataclass(frozen=True, slots=True)
class Session:
    """A visitor and their token, which is valid for `expires_in` seconds.

    `resume_token` begins their next session on our own page, and does nothing else.
    """

    visitor: Visitor
    token: str
    expires_in: int
    resume_token: str


class Visitors:
    """Begins sessions, and finds the visitor of a token."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        *,
        return_seconds: float,
        moved: Moved | None = None,
    ) -> None:
        """Let an anonymous visitor come back for `return_seconds` after their token expired."""
        self._database = database
        self._moved = moved
        self._sealer = sealer
        self._tokens = VisitorTokens(sealer)
        self._return_seconds = return_seconds

    async def start_session(
        self,
        widget_key: str,
        origin: RequestOrigin,
        *,
        identity_token: str | None = None,
        visitor_token: str | None = None,
    ) -> Session:
        """Begin a session of an identified, returning, or new visitor.

        Without a token it is a new anonymous visitor. An identified visitor can come back only with
        an identity token. With both tokens, what the anonymous visitor of this browser has asked
        becomes the identified visitor's: nothing else makes two visitors one. Raises NotFound for
        an unknown widget key, NotPermitted for the page's origin or a suspended account, and
        NotAuthenticated for an invalid token; a visitor token beside a valid identity token may be.
        """
        account_id, project_id = await project_of_widget_key(self._database, widget_key)
        return await self._start(account_id, project_id, origin, identity_token, visitor_token)

    async def start_own_session(
        self,
        account_id: AccountId,
        project_id: ProjectId,
        origin: RequestOrigin,
        *,
        identity_token: str | None = None,
        visitor_token: str | None = None,
        resume_token: str | None = None,
    ) -> Session:
        """Begin a session on our own page of a project, without a widget key.

        Otherwise it works like `start_session`. A resume token counts if there is no visitor token.
        """
        if identity_token is not None or visitor_token is not None or resume_token is None:
            tokens = (identity_token, visitor_token, resume_token)
            return await self._start(account_id, project_id, origin, *tokens)
        claims = self._tokens.read_resume(resume_token)
        async with self._admitted(account_id, project_id, origin) as (session, project):
            return self._session(await self._returning(session, project, claims))

    async def _start(
        self,
        account_id: AccountId,
        project_id: ProjectId,
        origin: RequestOrigin,
        identity_token: str | None,
        visitor_token: str | None,
        resume_token: str | None = None,
    ) -> Session:
        async with self._admitted(account_id, project_id, origin) as (session, project):
            if identity_token is not None:
                identity = await self._verified(session, project_id, identity_token)
                before = self._before(visitor_token, resume_token)
                visitor = await self._logged_in(session, project, identity, before)
                return self._session(visitor, identity.expires_at)
            if visitor_token is not None:
                claims = self._tokens.read(visitor_token, expired_since=self._return_seconds)
                return self._session(await self._returning(session, project, claims))
            return self._session(await repository.add(session, project_id))

    @asynccontextmanager
    async def _admitted(
        self, account_id: AccountId, project_id: ProjectId, origin: RequestOrigin
    ) -> AsyncIterator[tuple[AsyncSession, Project]]:
        """Open a transaction with a project, unless its account or the page keeps visitors out."""
        async with self._database.transaction(account_id) as session:
            await require_open(session)
            project = await get_project(session, project_id)
            require_origin(project, origin, said=True)
            yield session, project

    def read(self, token: str) -> VisitorClaims:
        """Return the claims of a token of ours; raises NotAuthenticated.

        The caller must still check that the visitor exists and may use the project.
        """
        return self._tokens.read(token)

    async def recognise(self, token: str, origin: RequestOrigin) -> Visitor:
        """Return the token's visitor, checking that they exist and may use the project.

        Raises NotAuthenticated for an invalid token or a deleted visitor or project, NotPermitted
        for the page's origin or a suspended account.
        """
        claims = self._tokens.read(token)
        async with self._database.transaction(claims.account_id) as session:
            try:
                await require_open(session)
                project = await get_project(session, claims.project_id)
            except NotFound as error:
                raise visitor_token_invalid() from error
            require_origin(project, origin, said=False)
            visitor = await repository.get(session, claims.project_id, claims.visitor_id)
        if visitor is None:
            raise visitor_token_invalid()
        return visitor

    async def identity(self, session: AsyncSession, project_id: ProjectId, token: str) -> str:
        """Return the subject of the project's identity token; raises NotAuthenticated."""
        return (await self._verified(session, project_id, token)).subject

    async def identify(self, session: AsyncSession, project_id: ProjectId, token: str) -> Visitor:
        """Return the visitor of an identity token, created if new; raises NotAuthenticated."""
        identity = await self._verified(session, project_id, token)
        return await _identified(session, project_id, identity)

    def _before(self, visitor_token: str | None, resume_token: str | None) -> VisitorClaims | None:
        """Return the claims of whoever used this browser before; None if no token holds."""
        try:
            if visitor_token is not None:
                return self._tokens.read(visitor_token, expired_since=self._return_seconds)
            return None if resume_token is None else self._tokens.read_resume(resume_token)
        except NotAuthenticated:
            return None

    async def _logged_in(
        self, session: AsyncSession, project: Project, identity: Identity, by: VisitorClaims | None
    ) -> Visitor:
        """Return the identified visitor, who takes along what the claims' anonymous one has."""
        before = None if by is None else await _anonymous(session, project, by)
        if before is None:
            return await _identified(session, project.id, identity)
        # The conversations first, as whoever changes them and then their visitor does.
        await repository.lock_conversations(session, before.id)
        visitor = await _identified(session, project.id, identity)
        moved = await repository.move_conversations(session, before.id, visitor.id, MOST_ATTRIBUTES)
        if moved and self._moved is not None:
            await self._moved(session, visitor.id)
        return visitor

    async def _returning(
        self, session: AsyncSession, project: Project, claims: VisitorClaims
    ) -> Visitor:
        if (claims.account_id, claims.project_id) != (project.account_id, project.id):
            raise visitor_token_invalid()
        visitor = await repository.get(session, project.id, claims.visitor_id)
        if visitor is None:
            raise visitor_token_invalid()
        if visitor.identity is not None:
            raise identity_required()
        await repository.mark_seen(session, visitor.id)
        return visitor

    async def _verified(self, session: AsyncSession, project_id: ProjectId, token: str) -> Identity:
        secret = await identity_secret(session, self._sealer, project_id)
        if secret is None:
            raise identity_invalid("this project has no identity secret; its owner can create one")
        return verify_identity(token, secret, project_id)

    def _session(self, visitor: Visitor, no_longer_than: int | None = None) -> Session:
        now = int(time.time())
        expires_at = now + LIFE
        if no_longer_than is not None:
            # As clocks may differ, a token that was just accepted is valid for at least a second.
            expires_at = max(now + 1, min(expires_at, no_longer_than))
        claims = VisitorClaims(visitor.account_id, visitor.project_id, visitor.id, expires_at)
        resumable = replace(claims, expires_at=expires_at + int(self._return_seconds))
        return Session(
            visitor,
            self._tokens.sign(claims),
            expires_at - now,
            self._tokens.sign_resume(resumable),
        )


async def _anonymous(
    session: AsyncSession, project: Project, claims: VisitorClaims
) -> Visitor | None:
    """Return the claims' anonymous visitor of the project; None if it has no such."""
    if (claims.account_id, claims.project_id) != (project.account_id, project.id):
        return None
    visitor = await repository.get(session, project.id, claims.visitor_id)
    # Who was logged in here before is somebody else.
    return None if visitor is None or visitor.identity is not None else visitor


async def _identified(session: AsyncSession, project_id: ProjectId, identity: Identity) -> Visitor:
    return await repository.upsert_identity(
        session, project_id, identity.subject, identity.email, identity.name
    )


def require_origin(project: Project, request: RequestOrigin, *, said: bool) -> None:
    """Raise NotPermitted if the project lists allowed origins and the request's is not among them.

    With `said`, a request without an origin is refused as well. Our own pages are always allowed,
    since their requests don't show which site frames them.

    Browsers set the header `Origin` and pages can't forge it, so the list keeps other sites from
    using a project's widget in their visitors' browsers. Programs can send any origin, so only rate
    limits protect against them.
    """
    allowed = project.settings.allowed_origins
    if not allowed or request.is_own:
        return
    if request.origin is None:
        if said:
            raise origin_not_allowed(None)
    elif not origin_allowed(request.origin, allowed):
        raise origin_not_allowed(request.origin)
