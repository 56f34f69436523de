"""Whatever is sent, and however badly, no answer speaks a validator's language.

Every field of every body, every parameter and every way to spoil a body as a whole, of the native
API. (`tests/dialects/test_bad_input.py` does the same for the dialects.)
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from tests.accounts.people import sign_up
from tests.conftest import Server
from tests.core.phrases import phrases_in
from tests.entrypoints.bad_bodies import (
    DEEP,
    EVERY_VALUE,
    PARAMETERS,
    SPOILT,
    Bodies,
    Schema,
    Turns,
)

_LIVES_ON: Final = ("/v1/auth/logout", "/v1/auth/password", "/v1/auth/switch")
"""What would end the caller's own log-in if it succeeded: called by nobody who is logged in."""

_METHODS: Final = ("get", "put", "post", "patch")


@dataclass
class Api:
    """An API with its description, and a caller who may do everything in it."""

    description: Schema
    client: httpx.Client
    ids: dict[str, str]

    def operations(self) -> Iterator[tuple[str, str, Schema]]:
        for path, item in self.description["paths"].items():
            for method in _METHODS:
                if method in item and path not in _LIVES_ON:
                    filled = path.format_map(_Ids(self.ids))
                    yield method, filled, self._whole(item[method])

    def _whole(self, operation: Schema) -> Schema:
        return {"parameters": [], **operation}


class _Ids(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "x"


@pytest.fixture(scope="module")
def api(server: Server) -> Iterator[Api]:
    """The native API for an owner, and for a visitor of the owner's project."""
    person = sign_up(server)
    project = person.client.post("/v1/projects", json={"name": "Words"}).json()["id"]
    path = f"/v1/projects/{project}"
    key = person.client.post(f"{path}/widget-keys", json={"name": "Site"}).json()["id"]
    agent = person.client.post(f"{path}/agents", json={"name": "Anna"}).json()["id"]
    item = {"question": "Do you deliver?", "answer": "Yes."}
    ids = {
        "project_id": project,
        "agent_id": agent,
        "item_id": person.client.post(f"{path}/items", json=item).json()["id"],
        "member_id": person.member_id,
    }
    description = person.client.get("/openapi.json").json()
    # Novaro's operations are described there, too; its refusals have tests of their own.
    ours = description["paths"].items()
    description["paths"] = {path: item for path, item in ours if path.startswith("/v1/")}
    session = person.client.post("/v1/visitor/session", json={"widget_key": key}).json()
    person.client.event_hooks["request"] = [
        lambda request: _as_visitor(request, session["visitor_token"])
    ]
    yield Api(description, person.client, ids)
    person.client.close()


def _as_visitor(request: httpx.Request, token: str) -> None:
    if request.url.path.startswith("/v1/visitor/"):
        request.headers["Authorization"] = f"Bearer {token}"


def expect_own_words(answer: httpx.Response, sent: object) -> None:
    """Fail where an answer is no clear one of ours."""
    shown = f"{answer.request.method} {answer.request.url.path} {str(sent)[:300]}: {answer.text}"
    assert answer.status_code < 500, shown
    if answer.status_code >= 400:
        assert phrases_in(answer.text) == [], shown
        assert told_in(answer), shown


def told_in(answer: httpx.Response) -> str:
    """Return what an error says to people."""
    body = answer.json()
    told: str = body["detail"] if "detail" in body else body["error"]
    return told


def send(api: Api, method: str, path: str, body: Any) -> httpx.Response:
    # As programs write it: half of a surrogate pair is escaped, and infinity is not JSON.
    content = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    return api.client.request(method, path, content=content, headers=headers)


def _with_settings(schema: Schema) -> Schema:
    """Return a body's schema with settings that are merged, and so free, as they have to be."""
    properties = dict(schema.get("properties", {}))
    if properties.get("settings", {}).get("additionalProperties") is True:
        properties["settings"] = {"$ref": "#/components/schemas/ProjectSettings"}
    return {**schema, "properties": properties} if properties else schema


@EVERY_VALUE
def test_every_field_is_refused_in_our_words(api: Api, *, every_value: bool) -> None:
    bodies = Bodies(api.description, every_value=every_value)
    seen: Counter[int] = Counter()
    named = 0
    for method, path, operation in api.operations():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        schema = _with_settings(bodies.resolved(content["schema"]))
        good = send(api, method, path, bodies.good(schema))
        usual = set() if good.is_success else {*told_in(good).split("; ")}
        for bad in bodies.bad(schema):
            answer = send(api, method, path, bad.body)
            expect_own_words(answer, bad)
            seen[answer.status_code] += 1
            if answer.status_code == 422 and answer.json()["code"] == "invalid_input":
                named += bad.field in told_in(answer)
                is_told = _names(bad.path, told_in(answer)) or _says_no_more(answer, usual)
                assert is_told, (path, bad, answer.text)
    assert seen[422] + seen[400] > 100
    assert named > 500


def _names(path: tuple[str | int, ...], told: str) -> bool:
    """Tell whether an error names the field that is at fault, or one around or in it."""
    return not path or str(path[0]) in told or "The body" in told


def _says_no_more(answer: httpx.Response, usual: set[str]) -> bool:
    """Tell whether what is wrong was wrong before the field was changed."""
    return {*told_in(answer).split("; ")} <= usual


_WITHOUT_END = ("/progress", "/stream")
"""Ends of paths whose answers go on; a place in a stream is asked for by itself."""


@EVERY_VALUE
def test_every_parameter_is_refused_in_our_words(api: Api, *, every_value: bool) -> None:
    turns, refused = Turns(every_value=every_value), 0
    for method, path, operation in api.operations():
        if method != "get" or path.endswith(_WITHOUT_END):
            continue
        plain = api.client.get(path)
        usual = set() if plain.is_success else {*told_in(plain).split("; ")}
        for parameter in operation["parameters"]:
            decides = str((parameter["in"], parameter["schema"]))
            for value in turns.of(decides, PARAMETERS):
                if parameter["in"] == "query":
                    answer = api.client.get(path, params={parameter["name"]: value})
                elif parameter["in"] == "header" and value.isprintable():
                    answer = api.client.get(path, headers={parameter["name"]: value})
                else:
                    continue
                expect_own_words(answer, (parameter["name"], value))
                if answer.status_code == 422 and answer.json()["code"] == "invalid_input":
                    refused += 1
                    is_told = parameter["name"] in told_in(answer)
                    assert is_told or _says_no_more(answer, usual), answer.text
    assert refused > 50


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"params": {"cursor": "x" * 101}}, "cursor"),
        ({"params": {"cursor": "x\0"}}, "cursor"),
        ({"headers": {"Last-Event-ID": "x" * 101}}, "last-event-id"),
    ],
)
def test_a_place_in_a_stream_is_refused_in_our_words(
    api: Api, asked: dict[str, Any], named: str
) -> None:
    streams = [path for _, path, _ in api.operations() if path.endswith("/stream")]
    assert len(streams) > 1
    for path in streams:
        answer = api.client.get(path, **asked)
        expect_own_words(answer, (path, named))
        if answer.status_code not in (401, 404):  # A visitor's asks for the visitor first.
            assert (answer.status_code, named in told_in(answer).lower()) == (422, True)


@EVERY_VALUE
def test_a_body_that_is_spoilt_as_a_whole_is_refused_in_our_words(
    api: Api, *, every_value: bool
) -> None:
    turns = Turns(every_value=every_value)
    for method, path, operation in api.operations():
        if "requestBody" not in operation:
            continue
        takes = str(sorted(operation["requestBody"]["content"]))
        for content, kind in turns.of(takes, SPOILT):
            headers = {} if kind is None else {"Content-Type": kind}
            answer = api.client.request(method, path, content=content, headers=headers)
            expect_own_words(answer, (content[:80], kind))


def test_what_is_not_there_is_told_in_our_words(api: Api) -> None:
    for method, path in (
        ("GET", "/v1/nothing"),
        ("PUT", "/v1/projects"),
        ("PROPFIND", "/v1/projects"),
    ):
        answer = api.client.request(method, path)
        expect_own_words(answer, path)
        assert answer.status_code in (404, 405)


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (b'{"name": "x"', "application/json", "not valid JSON; see its end (line 1, column 13)"),
        (b'{\n "name" "x"}', "application/json", "not valid JSON; see line 2, column 9"),
        (b'{"name": "\xff"}', "application/json", "The body is not UTF-8 text; see its byte 11"),
        (b"[]", "application/json", "The body has to be an object, not a list"),
        (b"null", "application/json", "The body has to be an object, not null"),
        (b"", "application/json", "The body is missing; send a JSON object"),
        (b'{"name": "x"}', "text/plain", "sent as text/plain; send JSON, with the header Content-"),
        (b'{"name": "x"}', None, "sent without a Content-Type; send JSON"),
        (b'{"nam": "x"}', "application/json", "nam is not a known field; did you mean name?"),
        (DEEP[:100_000], "application/json", "nested too deeply"),
        (b'{"name": %s}' % (b"9" * 5000), "application/json", "a number with too many digits"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_is_told_what_to_mend(api: Api, content: bytes, kind: str | None, told: str) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = api.client.post("/v1/projects", content=content, headers=headers)
    assert answer.status_code in (400, 422)
    assert told in told_in(answer)


def test_a_file_that_is_text_is_told(api: Api) -> None:
    path = f"/v1/projects/{api.ids['project_id']}/files"
    answer = api.client.post(path, files={"file": (None, "text")})
    assert told_in(answer) == "file has to be a file"
    answer = api.client.post(path, files={"other": ("a.txt", b"text")})
    assert told_in(answer) == "file is missing"


def test_rows_of_an_import_are_told_by_their_field(api: Api) -> None:
    rows = [
        {"question": "q", "answer": "a", "tags": ["x"] * 30},
        {"question": "q", "anwser": "a"},
        {"question": 7, "answer": "a" * 30_000},
        "row",
    ]
    path = f"/v1/projects/{api.ids['project_id']}/items/import"
    problem = api.client.post(path, json={"items": rows}).json()
    assert problem["code"] == "rows_invalid"
    assert phrases_in(json.dumps(problem)) == []
    told = {(one["row"], one["field"]): one["message"] for one in problem["errors"]}
    assert told[2, "anwser"] == "is not a known field; did you mean answer?"
    assert told[2, "answer"] == "is missing"
    assert told[3, "question"] == "has to be text, not a number"
    assert told[4, "row"] == "has to be an object, not text"
    assert told[1, "tags"].startswith("has more than ")
