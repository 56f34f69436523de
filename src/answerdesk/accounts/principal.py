"""Who calls, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args
from uuid import UUID

from answerdesk.core.errors import NotFound, NotPermitted
from answerdesk.core.tenancy import AccountId, ProjectId, UserId

Role = Literal["owner", "admin", "agent", "viewer"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

Resource = Literal[
    "account",
    "agents",
    "audit",
    "conversations",
    "keys",
    "knowledge",
    "leads",
    "members",
    "privacy",
    "projects",
    "webhooks",
]
Scope = str
"""`<resource>:read` or `<resource>:write`; writing includes reading. Bare `read` and `write` mean
every resource that a key may reach but those in `NAMED_ONLY`."""

PEOPLE_ONLY: Final[frozenset[Resource]] = frozenset({"account", "audit", "keys", "members"})
"""What no API key reaches, whatever its scopes: a leaked key can't create keys or invite people."""

NAMED_ONLY: Final[frozenset[Resource]] = frozenset({"privacy"})
"""What an API key reaches only by a scope that names it: `read` and `write` alone don't include it.
It shows or erases a person everywhere, so people need a role for it, too."""

_EVERY: Final[frozenset[Resource]] = frozenset(get_args(Resource))
_OF_MEMBERS: Final = _EVERY - PEOPLE_ONLY - NAMED_ONLY
_OF_AGENTS: Final[frozenset[Scope]] = frozenset({"conversations:write", "leads:write"})

ROLE_SCOPES: Final[Mapping[Role, frozenset[Scope]]] = {
    "owner": frozenset(f"{one}:write" for one in _EVERY),
    "admin": frozenset(f"{one}:write" for one in _EVERY),
    "agent": frozenset(f"{one}:read" for one in _OF_MEMBERS) | _OF_AGENTS,
    "viewer": frozenset(f"{one}:read" for one in _OF_MEMBERS),
}
"""What each role may do. Only an owner may also change owners, which the service checks."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a credential stands for, and what it may reach.

    `subject` is the user's or key's id (the account's for the owner's key), `name` what the audit
    log calls it. `projects` are the only ones it may reach; None means all of the account's.
    `address` is the request's origin, for the audit log.
    """

    account_id: AccountId
    kind: Literal["owner_key", "user", "api_key"]
    subject: UUID
    name: str
    role: Role
    scopes: frozenset[Scope]
    projects: frozenset[ProjectId] | None = None
    session_id: UUID | None = None
    """The log-in that a user calls from."""
    address: str | None = field(default=None, compare=False)

    def may(self, scope: Scope) -> bool:
        resource, _, action = scope.partition(":")
        if self.kind == "api_key" and resource in PEOPLE_ONLY:
            return False
        wanted = {scope, f"{resource}:write"}
        if resource not in NAMED_ONLY:
            wanted |= {"write", action}
        return not wanted.isdisjoint(self.scopes)

    def require(self, scope: Scope) -> None:
        """Raise NotPermitted, naming the scope, unless the credential has it."""
        if not self.may(scope):
            raise NotPermitted(f"This needs the scope {scope}", code="scope_missing")

    def require_person(self) -> UserId:
        """Return the caller's user id; raises NotPermitted for a key."""
        if self.kind != "user":
            raise NotPermitted("Only a person who is logged in can do this", code="person_needed")
        return UserId(self.subject)

    def require_project(self, project_id: ProjectId) -> None:
        """Raise NotFound for a project out of reach, without revealing whether it exists."""
        if self.projects is not None and project_id not in self.projects:
            raise NotFound("Project not found", code="project_not_found")


def owner_principal(account_id: AccountId) -> Principal:
    """Return the caller that the installation's own key stands for."""
    return Principal(
        account_id=account_id,
        kind="owner_key",
        subject=account_id,
        name="the owner's key",
        role="owner",
        scopes=ROLE_SCOPES["owner"],
    )
