"""Every route, with every kind of credential, and one account's ids wherever an id can stand."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from answerdesk.accounts.principal import NAMED_ONLY, PEOPLE_ONLY, ROLE_SCOPES
from answerdesk.entrypoints.asgi import create_app
from tests.isolation.caller import Caller, Key
from tests.isolation.conftest import BEFORE_EITHER
from tests.isolation.estate import Estate, Holding
from tests.isolation.table import ROUTES

GUARDED = [key for key, route in ROUTES.items() if route.guard in ("scope", "person", "visitor")]
OF_SCOPES = [key for key, route in ROUTES.items() if route.guard == "scope"]
OF_VISITORS = [key for key, route in ROUTES.items() if route.guard == "visitor"]
LISTS = [key for key, route in ROUTES.items() if route.lists]

NOBODYS = ("none", "nonsense", "expired_jwt", "expired_key", "revoked_key", "widget_key")


def _served(app: FastAPI, prefix: str = "") -> Iterator[Key]:
    for context in iter_route_contexts(app.routes):
        path = prefix + str(context.path or getattr(context.starlette_route, "path", ""))
        for method in (context.methods or {"GET"}) - {"HEAD", "OPTIONS"}:
            yield method, path


def test_every_route_is_in_the_table() -> None:
    app = create_app()
    served = set(_served(app))
    for middleware in app.user_middleware:
        dialects: dict[str, Any] = middleware.kwargs.get("mounted", {})  # type: ignore[assignment]
        for name, wrapper in dialects.items():
            served |= set(_served(wrapper.app, f"/{name}"))
    assert served == ROUTES.keys()


def _unknown(like: Holding) -> Holding:
    """Return ids of the same kinds that nobody has."""
    ids = {name: f"{value.rpartition('_')[0]}_{uuid4().hex}" for name, value in like.ids.items()}
    return Holding(like.word, like.mail, ids)


def _silent(answer: httpx.Response, held: Holding, told: str) -> None:
    """Hold that an answer has nothing of an account's in it, in body or headers."""
    said = answer.text + str(answer.headers)
    assert held.word not in said, f"{told}: {said}"
    assert held.mail not in said, f"{told}: {said}"


@BEFORE_EITHER
@pytest.mark.parametrize("name", NOBODYS)
def test_what_is_no_credential_opens_nothing(estate: Estate, caller: Caller, name: str) -> None:
    given = {**estate.ours.credentials, "none": None, "nonsense": "ad_live_" + "x" * 43}[name]
    for key in GUARDED:
        answer = caller.call(key, estate.ours, given)
        assert answer.status_code == 401, f"{key}: {answer.status_code} {answer.text}"
        _silent(answer, estate.ours, str(key))


@BEFORE_EITHER
def test_a_suspended_accounts_credentials_open_nothing(estate: Estate, caller: Caller) -> None:
    for name in ("jwt", "write_key", "viewer", "visitor"):
        for key in OF_VISITORS if name == "visitor" else OF_SCOPES:
            answer = caller.call(key, estate.suspended, estate.suspended.credentials[name])
            assert answer.status_code in (401, 403), f"{name} {key}: {answer.text}"
            _silent(answer, estate.suspended, f"{name} {key}")


@BEFORE_EITHER
def test_visitors_and_people_are_not_each_other(estate: Estate, caller: Caller) -> None:
    for key in OF_VISITORS:
        for name in ("jwt", "write_key"):
            answer = caller.call(key, estate.ours, estate.ours.credentials[name])
            assert answer.status_code == 401, f"{name} {key}: {answer.text}"
    for key in GUARDED:
        if ROUTES[key].guard != "visitor":
            answer = caller.call(key, estate.ours, estate.ours.credentials["visitor"])
            assert answer.status_code == 401, f"visitor {key}: {answer.text}"


@pytest.mark.parametrize("name", ["jwt", "write_key", "viewer", "owner_key"])
def test_another_accounts_ids_are_as_unknown_ones(
    estate: Estate, caller: Caller, name: str
) -> None:
    given = {**estate.theirs.credentials, "owner_key": estate.server.owner_key}[name]
    before = _possessions(estate)
    for key in OF_SCOPES:
        answer = caller.call(key, estate.ours, given)
        told = f"{name} {key}: {answer.status_code} {answer.text}"
        _silent(answer, estate.ours, told)
        if not caller.names_ids(key):
            continue
        unknown = caller.call(key, _unknown(estate.ours), given)
        assert answer.status_code == unknown.status_code, f"{told} / {unknown.text}"
        if "{" in key[1]:
            assert answer.status_code in _refusals(key, name), told
            assert _anonymous(answer) == _anonymous(unknown), told
    assert _possessions(estate) == before


_BY_NAME = PEOPLE_ONLY | NAMED_ONLY
"""What neither viewers nor keys with `read` and `write` alone reach."""


def _refusals(key: Key, name: str) -> tuple[int, ...]:
    """Return how another account's id may be answered: what one may not do comes first."""
    resource = ROUTES[key].scope.partition(":")[0]
    if name == "viewer":
        return (403, 404)
    return (403,) if name == "write_key" and resource in _BY_NAME else (404,)


def _anonymous(answer: httpx.Response) -> str:
    """Return a body without the ids in it."""
    return re.sub(r"[0-9a-f]{32}", "·", answer.text)


def test_an_own_project_does_not_open_what_is_anothers(estate: Estate, caller: Caller) -> None:
    before = _possessions(estate)
    mixed = Holding(
        estate.ours.word,
        estate.ours.mail,
        {**estate.ours.ids, "project": estate.theirs.ids["project"]},
    )
    nested = [key for key in OF_SCOPES if key[1].count("{") > 1 and "project_id" in key[1]]
    assert len(nested) > 8
    for key in nested:
        answer = caller.call(key, mixed, estate.theirs.credentials["jwt"])
        assert answer.status_code == 404, f"{key}: {answer.text}"
        _silent(answer, estate.ours, str(key))
    for key in [("GET", "/v1/passages/{project_id}/{passage_id}"), ("POST", "/orac/api/chat")]:
        answer = caller.call(key, mixed, None)
        assert answer.status_code == 404, f"{key}: {answer.text}"
        _silent(answer, estate.ours, str(key))
    assert _possessions(estate) == before


def test_ids_in_a_body_open_nothing(estate: Estate, caller: Caller) -> None:
    theirs = estate.theirs.credentials["jwt"]
    key = caller.call(("POST", "/v1/api-keys"), estate.ours, theirs)
    assert key.status_code in (404, 422), key.text
    switch = caller.call(("POST", "/v1/auth/switch"), estate.ours, theirs)
    assert switch.status_code == 404, switch.text


@pytest.mark.parametrize("whose", ["another account's", "another visitor's"])
def test_a_visitor_reaches_only_their_own(estate: Estate, caller: Caller, whose: str) -> None:
    held, name = (
        (estate.theirs, "visitor")
        if whose.startswith("another a")
        else (estate.ours, "second_visitor")
    )
    before = _possessions(estate)
    for key in OF_VISITORS:
        answer = caller.call(key, estate.ours, held.credentials[name])
        if "{" in key[1] or ROUTES[key].body is not None:
            assert answer.status_code == 404, f"{key}: {answer.status_code} {answer.text}"
        _silent(answer, estate.ours, str(key))
    assert _possessions(estate) == before


@BEFORE_EITHER
@pytest.mark.parametrize("name", ["viewer", "agent", "read_key", "write_key"])
def test_a_credential_does_what_its_scopes_say_and_no_more(
    estate: Estate, caller: Caller, name: str
) -> None:
    before = _possessions(estate)
    for key in OF_SCOPES:
        resource, _, action = ROUTES[key].scope.partition(":")
        reads = action == "read" and resource not in _BY_NAME
        of_agents = name == "agent" and ROUTES[key].scope in ROLE_SCOPES["agent"]
        of_keys = name == "write_key" and resource not in _BY_NAME
        if action == "write" and (of_agents or of_keys):
            continue  # It may, and what then happens is not the question here.
        answer = caller.call(key, estate.ours, estate.ours.credentials[name])
        told = f"{name} {key}: {answer.status_code} {answer.text}"
        assert answer.status_code == (200 if reads else 403), told
    assert _possessions(estate) == before


def test_a_cursor_is_no_permission(estate: Estate, caller: Caller) -> None:
    for key in LISTS:
        names = ("visitor",) if ROUTES[key].guard == "visitor" else ("jwt",)
        for name in names:
            page = caller.call(
                key, estate.ours, estate.ours.credentials[name], query={"limit": "1"}
            )
            assert page.status_code == 200, f"{key}: {page.text}"
            cursor = page.json()["next_cursor"]
            if cursor is None:
                continue
            answer = caller.call(
                key, estate.theirs, estate.theirs.credentials[name], query={"cursor": cursor}
            )
            assert answer.status_code in (200, 422), f"{key}: {answer.text}"
            _silent(answer, estate.ours, str(key))


def test_an_idempotency_key_is_no_permission(estate: Estate, caller: Caller) -> None:
    headers = {"Idempotency-Key": "the-same-for-both"}
    key = ("POST", "/v1/projects")
    ours = estate.client.post(
        key[1],
        json={"name": "The same"},
        headers={**headers, "Authorization": f"Bearer {estate.ours.credentials['jwt']}"},
    )
    theirs = estate.client.post(
        key[1],
        json={"name": "The same"},
        headers={**headers, "Authorization": f"Bearer {estate.theirs.credentials['jwt']}"},
    )
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert ours.json()["id"] != theirs.json()["id"]
    estate.call("DELETE", f"/v1/projects/{theirs.json()['id']}", estate.theirs.credentials["jwt"])


def test_no_log_line_and_no_event_tells_of_another(estate: Estate) -> None:
    log = estate.server.log()
    for held in (estate.ours, estate.theirs, estate.suspended):
        assert held.word not in log
    everybody = [estate.ours, estate.theirs, estate.suspended]
    for held in everybody:
        account = UUID(held.ids["account"].rpartition("_")[2])
        told = str(estate.rows("select * from event where account_id = %s", account))
        told += str(estate.rows("select * from audit_entry where account_id = %s", account))
        for other in everybody:
            assert other is held or other.word not in told
            assert other is held or other.mail not in told


# What a look of the account's own people changes: when a credential was last used. And what time
# brings: people are mailed that a visitor waits.
_TOUCHED = {
    "api_key": ["last_used_at"],
    "login_session": ["used_at"],
    "notice": ["told_at", "mailed_at"],
}


def _possessions(estate: Estate) -> dict[str, Any]:
    """Return a digest of every row that our account owns."""
    account = UUID(estate.ours.ids["account"].rpartition("_")[2])
    tables = estate.rows(
        "select table_name from information_schema.columns where table_schema = 'public'"
        " and column_name = 'account_id' and table_name not in"
        " ('due_job', 'term', 'visitor', 'public_number', 'notice_mail')"
    )
    found = {}
    for (table,) in sorted(tables):
        without = _TOUCHED.get(table, [])
        found[table] = estate.rows(
            "select count(*), md5(coalesce(string_agg((to_jsonb(t) - %s::text[])::text, '|'"
            " order by (to_jsonb(t) - %s::text[])::text), ''))"
            f" from {table} t where account_id = %s",
            without,
            without,
            account,
        )
    return found
