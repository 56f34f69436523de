"""Which dialect a request goes to, and what it is told when none is meant."""

import json
from collections.abc import Mapping
from typing import Any, get_args

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from answerdesk.core.dialects import Dialect
from answerdesk.core.web.dialect import DialectApp
from answerdesk.core.web.wire import Wire
from answerdesk.dialects.dispatch import DialectDispatch

WIRE = Wire(lambda fault: {"error": fault.message})


def fake(
    name: Dialect, paths: tuple[str, ...], prefix: str | None, field: str | None
) -> DialectApp:
    return DialectApp(name, paths, prefix, field, WIRE, lambda _: True, lambda _: FastAPI())


# As the real ones are, without what they do.
DIALECTS = (
    fake("orac", ("/api/widget/*", "/api/projects/*"), "orac_live_", "project_id"),
    fake("noras", ("/api/widgets/*",), "sk_", "widget_key"),
    fake("chatorex", ("/api/widget-config", "/api/widget-settings"), "sk_live_", "chatbot_id"),
    fake("novachat", ("/nc-api/*", "/api/v1/widget/*"), "nc_live_", None),
    fake("novaro", ("/api/v1/auth/verify", "/api/v1/messages/*"), None, None),
)


def told(name: str) -> Any:
    """An application that says who was called with what."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        said = {"to": name, "path": scope["path"], "body": body.decode("utf-8", "replace")}
        await JSONResponse(said)(scope, receive, send)

    return app


def client(hosts: Mapping[str, Dialect] | None = None, most_bytes: int = 1000) -> httpx.AsyncClient:
    app = DialectDispatch(
        told("native"),
        dialects=DIALECTS,
        mounted={one.name: told(one.name) for one in DIALECTS},
        hosts=hosts or {},
        most_bytes=most_bytes,
    )
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://desk.example")


async def sent(method: str, path: str, key: str | None = None, **fields: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with client() as web:
        answered = await web.request(method, path, headers=headers, **fields)
    said: dict[str, Any] = answered.json()
    return {"status": answered.status_code, **said}


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/api/nothing", None),
        ("/api", None),
        ("/api/v1/nothing", "nc_live_x"),
        ("/api/widget-config/more", None),
        ("/api/v1/auth/verify/more", None),
    ],
)
async def test_what_no_dialect_has_is_refused_with_what_any_client_looks_for(
    path: str, key: str | None
) -> None:
    refused = await sent("GET", path, key)
    assert refused["status"] == 404
    assert set(refused) == {"success", "error", "message", "code", "status"}
    assert refused["success"] is False


async def test_a_chat_that_names_two_dialects_is_refused() -> None:
    refused = await sent("POST", "/api/chat", json={"project_id": "p", "chatbot_id": "c"})
    assert refused["status"] == 400
    assert (
        "chatbot_id and project_id" in refused["error"]
        or "project_id and chatbot_id" in (refused["error"])
    )


async def test_a_chat_with_a_key_of_no_dialect_has_to_name_one() -> None:
    refused = await sent("POST", "/api/chat", "ad_live_x", json={"message": "hi"})
    assert (refused["status"], refused["code"]) == (400, "dialect_unknown")


@pytest.mark.parametrize(
    ("body", "key", "to"),
    [
        ({"project_id": "p"}, None, "orac"),
        ({"widget_key": "w"}, None, "noras"),
        ({"chatbot_id": "c"}, None, "chatorex"),
        # The body decides, whatever the key is.
        ({"chatbot_id": "c"}, "orac_live_x", "chatorex"),
        ({"project_id": None, "widget_key": "w"}, None, "noras"),
        # Without a name the key decides, by its longest prefix.
        ({"message": "hi"}, "sk_x", "noras"),
        ({"message": "hi"}, "sk_live_x", "chatorex"),
        ({"message": "hi"}, "orac_live_x", "orac"),
        ({"message": "hi"}, None, "orac"),
        ([], None, "orac"),
        ("no object", "sk_x", "noras"),
    ],
)
async def test_a_chat_goes_where_its_body_or_key_says(body: Any, key: str | None, to: str) -> None:
    said = await sent("POST", "/api/chat", key, json=body)
    assert said["to"] == to
    assert json.loads(said["body"]) == body


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 900, b"null", b'{"a":' * 150])
async def test_a_body_that_cannot_be_read_arrives_as_it_was_sent(body: bytes) -> None:
    said = await sent("POST", "/api/chat", content=body)
    assert said["to"] == "orac"
    assert said["body"] == body.decode("utf-8", "replace")


async def test_a_body_beyond_the_bound_is_not_read_for_its_names() -> None:
    body = json.dumps({"widget_key": "w", "message": "x" * 2000}).encode()
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]

    async def stream() -> Any:
        for piece in pieces:
            yield piece

    async with client() as web:
        said = (await web.post("/api/chat", content=stream())).json()
    assert (said["to"], said["body"]) == ("orac", body.decode())


@pytest.mark.parametrize(
    ("path", "key", "to"),
    [
        ("/api/sources", "orac_live_x", "orac"),
        ("/api/sources", "sk_live_x", "chatorex"),
        ("/api/sources", None, "chatorex"),
        ("/api/leads/7", "orac_live_x", "orac"),
        ("/api/analytics", None, "noras"),
        ("/api/analytics/widget_1", "orac_live_x", "orac"),
        ("/api/conversations/widget_1", "sk_x", "noras"),
        ("/api/conversations", "orac_live_x", "orac"),
        ("/api/widget/config", None, "orac"),
        ("/api/widgets/widget_1", None, "noras"),
        ("/api/widget-config", None, "chatorex"),
        ("/api/v1/widget/messages", None, "novachat"),
        ("/nc-api/v1/agents", None, "novachat"),
        ("/nc-api/anything", None, "novachat"),
        ("/api/v1/auth/verify", None, "novaro"),
        ("/api/v1/messages/async/7", None, "novaro"),
        ("/", None, "native"),
        ("/v1/projects", "sk_x", "native"),
        ("/apiary", None, "native"),
        ("/openapi.json", None, "native"),
    ],
)
async def test_a_path_has_one_dialect(path: str, key: str | None, to: str) -> None:
    assert (await sent("GET", path, key))["to"] == to


@pytest.mark.parametrize(
    ("path", "inner"),
    [
        ("/noras/api/chat", "/noras/api/chat"),
        ("/novachat/nc-api/v1/agents/", "/novachat/nc-api/v1/agents"),
        ("/api/widgets/", "/api/widgets"),
    ],
)
async def test_a_slash_at_the_end_changes_nothing(path: str, inner: str) -> None:
    said = await sent("GET", path)
    assert said["path"] == inner


async def test_below_its_name_a_dialect_has_every_path() -> None:
    for one in DIALECTS:
        assert (await sent("POST", f"/{one.name}/api/chat", "sk_x"))["to"] == one.name


async def test_below_its_name_a_dialects_reference_is_a_page_of_ours() -> None:
    for one in DIALECTS:
        assert (await sent("GET", f"/{one.name}/scalar"))["to"] == "native"
        assert (await sent("GET", f"/{one.name}/scalar/x"))["to"] == one.name


async def test_at_a_host_of_its_own_a_dialect_has_every_path() -> None:
    async with client({"desk.example": "chatorex"}) as web:
        for path in ("/api/chat", "/api/conversations", "/nc-api/v1/agents"):
            said = (await web.post(path, json={"widget_key": "w"})).json()
            assert said["to"] == "chatorex"
        assert (await web.get("/v1/projects")).json()["to"] == "native"


def test_every_name_has_one_meaning() -> None:
    """The fakes above are called as the dialects are."""
    assert {one.name for one in DIALECTS} == set(get_args(Dialect))
