"""Bad input, in every operation of every dialect: the vendor's envelope and status, never ours.

That is never problem details, never HTML and never a 5xx.
"""

import json
import re
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import pytest

from tests.accounts.people import sign_up
from tests.dialects.bad_input import (
    ELSEWHERE,
    ENVELOPES,
    GOOD,
    NOBODYS,
    NOBODYS_NUMBER,
    NOVACHAT,
    WIDGET,
    World,
    changed,
    description,
    expect_described,
    operations,
    refused,
    told,
    wrong_values,
)
from tests.dialects.keys import key_of
from tests.entrypoints.bad_bodies import EVERY_VALUE, PARAMETERS, SPOILT, Bodies, Turns
from tests.isolation.caller import filled
from tests.isolation.conftest import OURS, running_estate
from tests.isolation.table import ROUTES

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
_TOO_LARGE: Final = (b'{"a": "' + b"x" * 2_000_000 + b'"}', "application/json")
_HARMLESS: Final = (b'{"a": NaN}', "application/json")

EVERY_DIALECT: Final = pytest.mark.parametrize("dialect", ENVELOPES)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running_estate(OURS, row_security=True) as estate:
        for held in (estate.ours, estate.theirs):
            key = {"Authorization": f"Bearer {held.credentials['jwt']}"}
            domains = estate.client.get(f"{NOVACHAT}/account/domains", headers=key).json()
            held.ids["website_token"] = domains[0]["website_token"]
            begun = GOOD["POST", f"{WIDGET}/conversations"](held)
            said = estate.client.post(f"{WIDGET}/conversations", **begun)
            held.ids["said_number"] = str(said.json()["id"])
        keys = []
        for plan in ("free", "enterprise"):
            person = sign_up(estate.server)
            keys.append(key_of(person.client))
            account = UUID(person.account_id.rpartition("_")[2])
            estate.rows("update account set plan = %s where account_id = %s", plan, account)
            person.client.close()
        for dialect in ENVELOPES:
            method, path = next(one for one in operations(dialect) if ROUTES[one].guard == "scope")
            estate.client.request(method, path, headers=keys[1])
        estate.rows(
            "update rate_window set count = 1000000, ends_at = now() + interval '1 hour'"
            " where name like 'requests:%%'"
        )
        yield World(estate, *keys)


@EVERY_DIALECT
def test_without_a_good_key_nothing_else_is_looked_at(world: World, dialect: str) -> None:
    assert {*operations(dialect)} <= ROUTES.keys()
    bad = (f"ad_live_{'x' * 43}", world.estate.ours.credentials["revoked_key"])
    for key in operations(dialect):
        if ROUTES[key].guard == "none":
            continue
        headers = [{"Authorization": f"Bearer {one}"} for one in bad]
        if ROUTES[key].guard == "scope":
            headers += [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}]
        for one in headers:
            answer = world.send(key, one, content=b"{")
            refused(dialect, answer, 401, about=one)
            assert "x-ratelimit-limit" not in answer.headers


@EVERY_DIALECT
def test_a_wrong_plan_and_too_many_requests_come_next(world: World, dialect: str) -> None:
    for key in operations(dialect):
        if ROUTES[key].guard != "scope":
            continue
        answer = world.send(key, world.poor, content=b"{")
        refused(dialect, answer, 403)
        assert {"x-ratelimit-limit", "x-ratelimit-remaining"} <= answer.headers.keys()
        answer = world.send(key, world.busy, content=b"{")
        refused(dialect, answer, 429)
        assert int(answer.headers["x-ratelimit-limit"]) > 0
        assert answer.headers["x-ratelimit-remaining"] == "0"
        assert 0 < int(answer.headers["retry-after"]) <= 3600


@EVERY_DIALECT
def test_unknown_methods_and_paths_are_refused(world: World, dialect: str) -> None:
    known = {*operations(dialect)}
    there_is = [(method, re.compile(re.sub(r"\{\w+\}", "[^/]+", path))) for method, path in known]
    headers = {"Authorization": f"Bearer {world.estate.ours.credentials['write_key']}"}
    for path in {path for _, path in known}:
        there = re.sub(r"\{\w+\}", NOBODYS, path)
        for method in _METHODS:
            if not any(one == method and form.fullmatch(there) for one, form in there_is):
                answer = world.estate.client.request(method, there, headers=headers)
                refused(dialect, answer, 404, 405)
        refused(dialect, world.estate.client.get(f"{there}/x/y/z", headers=headers), 404)


@EVERY_VALUE
@EVERY_DIALECT
def test_a_body_that_cannot_be_read_is_refused(
    world: World, dialect: str, *, every_value: bool
) -> None:
    turns = Turns(every_value=every_value)
    for key in operations(dialect):
        body = told(key).get("requestBody", {})
        takes = f"{sorted(body.get('content', ()))} {body.get('required')}"
        for content, kind in turns.of(takes, (*SPOILT, _TOO_LARGE)) if body else ():
            answer = world.send_body(key, content, kind)
            if answer.status_code == 400:
                refused(dialect, answer, 400, about=content[:80])
            else:  # Where all fields may be left out, others are ignored.
                assert (content, kind) == _HARMLESS or not body.get("required"), (key, content[:80])
                expect_described(dialect, key, answer, content[:80])


@EVERY_VALUE
@EVERY_DIALECT
def test_a_field_that_is_missing_or_wrong_is_refused(
    world: World, dialect: str, *, every_value: bool
) -> None:
    bodies, sent = Bodies(description(dialect), every_value=every_value), 0
    for key in operations(dialect):
        content = told(key).get("requestBody", {}).get("content", {}).get("application/json")
        for place, value in wrong_values(bodies, content["schema"]) if content else ():
            body = changed(world.options(key).get("json", {}), place, value)
            answer = world.send_body(key, json.dumps(body).encode(), "application/json")
            refused(dialect, answer, 400, about=(place, value))
            sent += 1
        for bad in bodies.bad(content["schema"]) if content else ():
            answer = world.send_body(key, json.dumps(bad.body).encode(), "application/json")
            expect_described(dialect, key, answer, bad)
    assert sent > 40


@EVERY_VALUE
@EVERY_DIALECT
def test_a_parameter_that_is_wrong_is_refused(
    world: World, dialect: str, *, every_value: bool
) -> None:
    bodies, turns = Bodies(description(dialect)), Turns(every_value=every_value)
    for key in operations(dialect):
        for parameter in told(key).get("parameters", ()):
            name, schema = parameter["name"], bodies.resolved(parameter["schema"])
            values = turns.of(str(schema), PARAMETERS) if parameter["in"] == "query" else ()
            for value in values:
                params = {**world.options(key).get("params", {}), name: value}
                answer = world.send(key, world.credential(key), params=params)
                is_number = value.isdigit() and len(value) < 9
                if schema.get("format") == "date" or (
                    schema["type"] == "integer" and not is_number
                ):
                    refused(dialect, answer, 400, about=(name, value))
                else:
                    expect_described(dialect, key, answer, (name, value))


@EVERY_DIALECT
def test_what_nobody_or_another_account_has_is_not_found(world: World, dialect: str) -> None:
    ours, theirs, sent = world.estate.ours, world.estate.theirs, 0
    for key in operations(dialect):
        path = filled(key[1], ROUTES[key], ours)
        for options in (world.options(key), *(one(ours) for one in ELSEWHERE.get(key, ()))):
            written = json.dumps([path, options])
            for name, value in ours.ids.items():
                # Without a key, these are what opens a project to everybody.
                is_public = ROUTES[key].guard == "id" and name in ("project", "website_token")
                kind = value.rpartition("_")[0]
                nobodys = NOBODYS_NUMBER if value.isdigit() else f"{kind}_{NOBODYS}"
                whole = re.compile(rf"(?<![\w.-]){re.escape(value)}(?![\w.-])")
                others = {nobodys, nobodys if is_public else theirs.ids[name]}
                texts = {whole.sub(other, written) for other in others}
                answers = set()
                for text in texts - {written}:
                    there, changed_options = json.loads(text)
                    headers = world.credential(key)
                    answer = world.estate.client.request(
                        key[0], there, headers=headers, **changed_options
                    )
                    answers.add(refused(dialect, answer, 404, about=(name, text)))
                    sent += 1
                assert len(answers) <= 1, answers
    assert sent > 8
