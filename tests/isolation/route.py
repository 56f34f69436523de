"""How a route is called with the ids of an account, and what opens it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.isolation.estate import Holding

Body = Callable[[Holding], dict[str, Any]]
Guard = Literal["scope", "person", "visitor", "id", "none"]


@dataclass(frozen=True, slots=True)
class Route:
    """How a route is called with the ids of an account.

    `guard` says what opens it: a credential with `scope`; a person's log-in; a visitor's token;
    the ids themselves, which nobody can guess; or nothing, since it shows nothing of anybody's.
    `ids` names what each parameter of the path is, where its name does not say it.
    """

    guard: Guard
    scope: str = ""
    body: Body | None = None
    query: Body | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    lists: bool = False


def nothing(_: Holding) -> dict[str, Any]:
    return {}


def named(_: Holding) -> dict[str, Any]:
    return {"name": "Somebody else's"}


def nowhere(_: Holding) -> dict[str, Any]:
    # A stream that is asked to continue from another's place ends.
    return {"cursor": "0-0-00000000"}


def reads(scope: str, *, lists: bool = False, ids: Mapping[str, str] | None = None) -> Route:
    return Route("scope", f"{scope}:read", lists=lists, ids=ids or {})


def writes(scope: str, body: Body | None = None, ids: Mapping[str, str] | None = None) -> Route:
    return Route("scope", f"{scope}:write", body=body, ids=ids or {})
