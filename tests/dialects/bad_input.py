"""How every operation of every dialect is called, well and badly, and how its vendor refuses.

What operations there are and which fields they have, each dialect's own description says; how they
are called with an account's ids, the table of routes in `tests/isolation`.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import httpx

from answerdesk.core.settings import Settings
from answerdesk.dialects import DIALECTS
from tests.core.phrases import phrases_in
from tests.entrypoints.bad_bodies import Bodies, Schema
from tests.isolation.caller import Key, filled
from tests.isolation.estate import Estate, Holding
from tests.isolation.table import ROUTES

Options = dict[str, Any]
Place = tuple[str | int, ...]

ENVELOPES: Final[Mapping[str, set[str]]] = {
    "chatorex": {"error"},
    "noras": {"success", "error", "message"},
    "novachat": {"error", "message"},
    "novaro": {"error", "message"},
    "orac": {"error", "code", "status"},
}
# What some refusals say besides: the wait, and what is wrong in each row of an import.
_BESIDES: Final = {"retry_after", "errors", "imported", "items"}
NOBODYS: Final = "0f" * 16
NOBODYS_NUMBER: Final = str(2**53 - 1)
_LEFT_OUT: Final = object()

NOVACHAT: Final = "/novachat/nc-api/v1"
WIDGET: Final = "/novachat/api/v1/widget"
_PERSON: Final = {"email": "nobody@example.com", "password": "MyPass123!"}


def _token(held: Holding) -> dict[str, str]:
    return {"website_token": held.ids["website_token"]}


def _said(held: Holding) -> Options:
    return {"conversation_id": int(held.ids["said_number"]), "content": "Hello?"}


# Requests that the table does not have, since they need no key or change nothing there.
GOOD: Final[Mapping[Key, Callable[[Holding], Options]]] = {
    **{
        (method, f"{NOVACHAT}/{one}"): lambda _: {"params": {"id": NOBODYS_NUMBER}, "json": {}}
        for method, one in (
            ("DELETE", "api-keys"),
            ("DELETE", "knowledge_base/items"),
            ("PUT", "knowledge_base/items"),
        )
    },
    ("POST", f"{NOVACHAT}/accounts"): lambda _: {"json": {"name": "Theirs", **_PERSON}},
    ("POST", f"{NOVACHAT}/auth/login"): lambda _: {"json": _PERSON},
    **{
        ("POST", f"{NOVACHAT}/knowledge_base/{one}"): lambda _: {
            "json": [{"title": "Planted?", "content": "Planted.", "tags": ["a"]}]
        }
        for one in ("items/import", "import")
    },
    ("POST", f"{WIDGET}/conversations"): lambda held: {
        "params": _token(held),
        "json": {"message": "Hello?", "contact": {"name": "John"}},
    },
    ("POST", f"{WIDGET}/messages"): lambda held: {"params": _token(held), "json": _said(held)},
    ("GET", f"{WIDGET}/messages"): lambda held: {
        "params": {**_token(held), "conversation_id": held.ids["said_number"]}
    },
}


def _chosen(place: str, name: str, what: str) -> Callable[[Holding], Options]:
    """Return options that name a thing in the query or the body, a number as such."""

    def options(held: Holding) -> Options:
        value = held.ids[what]
        return {place: {name: int(value) if value.isdigit() else value}}

    return options


# Where else an id can stand.
ELSEWHERE: Final[Mapping[Key, Sequence[Callable[[Holding], Options]]]] = {
    ("GET", "/chatorex/api/sources"): [_chosen("params", "chatbot_id", "project")],
    ("GET", "/chatorex/api/leads"): [_chosen("params", "chatbot_id", "project")],
    **{
        ("GET", f"/orac/api/{one}"): [_chosen("params", "project_id", "project")]
        for one in ("sources", "conversations", "leads", "analytics")
    },
    ("POST", f"{NOVACHAT}/conversations"): [lambda held: {"json": _said(held)}],
    ("DELETE", f"{NOVACHAT}/api-keys"): [
        _chosen("params", "id", "key_number"),
        _chosen("json", "id", "key_number"),
    ],
    ("DELETE", f"{NOVACHAT}/knowledge_base/items"): [_chosen("json", "id", "item_number")],
    ("POST", f"{NOVACHAT}/account/domains/{{domain_id}}/ai-config"): [
        _chosen("json", "ai_bot_config_id", "agent_number")
    ],
    ("POST", "/novaro/api/v1/agents"): [
        lambda held: {"json": {"name": "Anna", "projectId": held.ids["project"]}}
    ],
    ("POST", "/novaro/api/v1/messages"): [
        lambda held: {
            "json": {
                "agentId": held.ids["agent"],
                "contexts": [held.ids["context"]],
                "messages": [{"role": "user", "content": "Hello?"}],
            }
        }
    ],
}


@dataclass(frozen=True)
class World:
    """Accounts with one of everything.

    `poor` is the key of one whose plan has no dialect, `busy` of one that is over every rate.
    """

    estate: Estate
    poor: dict[str, str]
    busy: dict[str, str]

    def credential(self, key: Key) -> dict[str, str]:
        """Return what opens an operation of our account; nothing if it needs no key."""
        route, held = ROUTES[key], self.estate.ours.credentials
        if route.guard != "scope":
            return {}
        # Only people have keys.
        name = "jwt" if route.scope.startswith("keys:") else "write_key"
        return {"Authorization": f"Bearer {held[name]}"}

    def options(self, key: Key) -> Options:
        """Return the query and the body of a good request of our account."""
        held, route = self.estate.ours, ROUTES[key]
        if key in GOOD:
            return GOOD[key](held)
        parts = {"params": route.query, "json": route.body}
        return {name: make(held) for name, make in parts.items() if make is not None}

    def send(self, key: Key, headers: Mapping[str, str], **options: Any) -> httpx.Response:
        """Send a good request but for what the options say."""
        good = self.options(key)
        if "content" in options:
            good.pop("json", None)
        # What a request deletes after all is nobody's.
        ids = dict.fromkeys(self.estate.ours.ids, NOBODYS_NUMBER)
        held = Holding("", "", ids) if key[0] == "DELETE" else self.estate.ours
        path = filled(key[1], ROUTES[key], held)
        return self.estate.client.request(key[0], path, headers=headers, **{**good, **options})

    def send_body(self, key: Key, content: bytes, kind: str | None) -> httpx.Response:
        headers = self.credential(key) | ({"Content-Type": kind} if kind else {})
        return self.send(key, headers, content=content)


@cache
def description(dialect: str) -> Schema:
    """Return how a dialect describes itself."""
    [app] = [one for one in DIALECTS if one.name == dialect]
    made: Schema = app.create(Settings(demo=False)).openapi()
    return made


def operations(dialect: str) -> Iterator[Key]:
    """Yield the operations that a dialect describes, as the table of routes has them."""
    for path, item in description(dialect)["paths"].items():
        for method in item:
            yield method.upper(), f"/{dialect}{path}"


def told(key: Key) -> Schema:
    """Return what an operation's description tells."""
    _, dialect, path = key[1].split("/", 2)
    operation: Schema = description(dialect)["paths"][f"/{path}"][key[0].lower()]
    return operation


def refused(dialect: str, response: httpx.Response, *statuses: int, about: object = "") -> str:
    """Check that a request was refused as the vendor does it; return the response's text."""
    shown = f"{response.request.method} {response.request.url} {str(about)[:300]}: {response.text}"
    assert response.status_code in statuses, f"{response.status_code} {shown}"
    assert response.headers["content-type"] == "application/json", shown
    assert response.headers["access-control-allow-origin"] == "*", shown
    body = response.json()
    assert body.keys() - _BESIDES == ENVELOPES[dialect], shown
    assert all(body[name] not in (None, "") for name in ENVELOPES[dialect]), shown
    assert body.get("status", response.status_code) == response.status_code, shown
    assert phrases_in(response.text) == [], shown
    return response.text


def expect_described(dialect: str, key: Key, response: httpx.Response, about: object) -> None:
    """Check that a request either succeeded as described or was refused as the vendor does it."""
    if response.is_success:
        assert str(response.status_code) in told(key)["responses"]
    else:
        refused(dialect, response, 400, 401, 403, 404, about=about)


def wrong_values(bodies: Bodies, schema: Schema, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield what no field takes: another type, what is too long, and that it is left out."""
    schema = bodies.resolved(schema)
    kind = schema.get("type", ())
    if kind == "object":
        yield from ((place, "x"), (place, [{}]))
        for name, one in schema.get("properties", {}).items():
            if name in schema.get("required", ()):
                yield (*place, name), _LEFT_OUT
            yield from wrong_values(bodies, one, (*place, name))
    elif kind == "array":
        yield from ((place, "x"), (place, {"x": 1}))
        if schema.get("maxItems", 1000) < 1000:
            yield place, [{"x": "x"}] * (schema["maxItems"] + 1)
        yield from wrong_values(bodies, schema.get("items", {}), (*place, 0))
    elif kind:
        yield from ((place, [{}]), (place, {"x": 1}))
        if "string" in kind:
            yield from ((place, "a\0b"), (place, "\ud800"))
            if schema.get("maxLength", 8000) <= 2000:
                yield place, "😀" * 2001
        elif kind != "boolean":
            yield from ((place, "x"), (place, 10**400))


def changed(whole: Any, place: Place, value: Any) -> Any:
    """Return a copy of a body with another value at a place, or with nothing there."""
    if not place:
        return value
    at = whole = copy.deepcopy(whole)
    for here, inner in pairwise(place):
        if isinstance(at, dict):
            at.setdefault(here, [None] if inner == 0 else {})
        elif at[here] is None:
            at[here] = {}
        at = at[here]
    if value is _LEFT_OUT:
        at.pop(place[-1], None)
    else:
        at[place[-1]] = value
    return whole
