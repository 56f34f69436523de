"""The script of the tag and the page in its frame over HTTP: what they refuse and tell."""

import gzip
import json
import re
from typing import Any

import httpx
import pytest

from tests.conftest import Desk
from tests.entrypoints.test_pages import HOSTILE, UNKNOWN, policy_of

MOST_BYTES = 5000
SCRIPTS = ("/widget.js", "/nova-widget-sdk-v2.js")
NOBODYS: tuple[dict[str, str], ...] = (
    {},
    {"project": ""},
    {"project": f"proj_{UNKNOWN}"},
    {"project": "\x00"},
    {"project": HOSTILE},
    {"token": f"wk_live_{UNKNOWN}"},
    {"token": "wk_live_nothing"},
    {"token": "x" * 5000},
)


def change(desk: Desk, **settings: Any) -> None:
    changed = desk.owner.patch(desk.path, json={"settings": settings})
    assert changed.status_code == 200, changed.text


def bind(desk: Desk, website_url: str, **fields: Any) -> dict[str, Any]:
    made = desk.owner.post(f"{desk.path}/domains", json={"website_url": website_url, **fields})
    assert made.status_code == 201, made.text
    domain: dict[str, Any] = made.json()
    return domain


def embed(desk: Desk, **query: str) -> httpx.Response:
    return desk.visitor.get("/embed", params=query or {"project": desk.project_id})


def look(client: httpx.Client, **query: str) -> dict[str, Any]:
    """Return what a module exports."""
    response = client.get("/embed/look.js", params=query)
    assert response.status_code == 200, response.text
    found = re.fullmatch(r"export default (.+);\n", response.text)
    assert found, response.text
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.mark.parametrize("query", NOBODYS)
def test_an_unknown_chat_is_told_and_nothing_else(
    visitor: httpx.Client, query: dict[str, str]
) -> None:
    page = visitor.get("/embed", params=query)
    assert page.status_code == 404
    assert "This chat is not available" in page.text
    assert not re.search(r"<script|<a |alert", page.text)
    assert policy_of(page)["frame-ancestors"] == "*"
    told = look(visitor, **query)
    assert set(told) == {"refused"}
    assert told["refused"].startswith("There is no chat")


def test_a_deleted_projects_chat_is_gone(desk: Desk) -> None:
    token = bind(desk, "https://shop.example")["website_token"]
    assert desk.owner.delete(desk.path).status_code == 204
    for query in ({"project": desk.project_id}, {"token": token}):
        assert embed(desk, **query).status_code == 404
        assert "refused" in look(desk.visitor, **query)


@pytest.mark.parametrize("path", SCRIPTS)
def test_the_script_is_small_kept_and_open_to_every_page(visitor: httpx.Client, path: str) -> None:
    response = visitor.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    headers = response.headers
    assert int(headers["content-length"]) <= MOST_BYTES
    assert headers["content-encoding"] == "gzip"
    assert headers["content-type"].startswith("text/javascript")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=300" in headers["cache-control"]
    plain = visitor.get(path, headers={"Accept-Encoding": "identity"})
    assert plain.content == gzip.decompress(gzip.compress(response.content))
    assert "content-encoding" not in plain.headers
    again = visitor.get(path, headers={"If-None-Match": headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert visitor.head(path).status_code == 200


def test_both_names_are_one_script_and_lead_there_below_the_dialects_name(
    visitor: httpx.Client,
) -> None:
    first, second = (visitor.get(path) for path in SCRIPTS)
    assert first.content == second.content
    for path in SCRIPTS:
        led = visitor.get(f"/novachat{path}")
        assert (led.status_code, led.headers["location"]) == (308, path)


def test_without_a_list_any_site_may_frame_it(desk: Desk) -> None:
    page = embed(desk)
    policy = policy_of(page)
    assert policy["frame-ancestors"] == "*"
    assert policy["default-src"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "x-frame-options" not in page.headers
    assert "set-cookie" not in page.headers
    assert not re.search(r"<style|<script>|\sstyle=|\son[a-z]+=", page.text)


def test_listed_origins_and_bound_websites_may_frame_it_and_no_others(desk: Desk) -> None:
    change(desk, allowed_origins=["https://a.example", "https://*.b.example"])
    assert policy_of(embed(desk))["frame-ancestors"] == "https://a.example https://*.b.example"
    token = bind(desk, "https://shop.example/en")["website_token"]
    bind(desk, "https://a.example/other")
    allowed = {"https://a.example", "https://*.b.example", "https://shop.example"}
    for query in ({"project": desk.project_id}, {"token": token}):
        assert set(policy_of(embed(desk, **query))["frame-ancestors"].split()) == allowed
        for origin in ("https://a.example", "https://x.b.example", "https://shop.example"):
            assert "color" in look(desk.visitor, **query, origin=origin)
        for origin in ("https://b.example", "http://a.example", "null", "x" * 5000, HOSTILE):
            told = look(desk.visitor, **query, origin=origin)
            assert set(told) == {"refused"}
            assert "allowed origins" in told["refused"]
            # The list itself is nobody's business.
            assert "b.example" not in told["refused"].replace(origin, "")


def test_a_bound_website_alone_is_a_list(desk: Desk) -> None:
    bind(desk, "https://shop.example")
    assert policy_of(embed(desk))["frame-ancestors"] == "https://shop.example"


@pytest.mark.parametrize(
    ("color", "ink"),
    [
        ("#2F5BEA", "#ffffff"),
        ("#ffd400", "#000000"),
        ("#000000", "#ffffff"),
        ("#ffffff", "#000000"),
        ("#757575", "#ffffff"),
        ("#777777", "#000000"),
    ],
)
def test_text_on_the_colour_is_readable(desk: Desk, color: str, ink: str) -> None:
    change(desk, look={"color": color, "position": "bottom-left"})
    assert look(desk.visitor, project=desk.project_id) == {
        "label": "Chat with Assistant",
        "color": color,
        "ink": ink,
        "position": "bottom-left",
    }


def test_the_page_has_the_projects_look_and_obeys_none_of_it(desk: Desk) -> None:
    change(
        desk,
        look={
            "welcome": f"Welcome {HOSTILE}",
            "quick_prompts": [f"Prices? {HOSTILE}"],
            "avatar": "https://cdn.example/a.png?x=;script-src *",
            "show_branding": False,
        },
    )
    page = embed(desk)
    assert "<script>" not in page.text
    assert "<img src=x" not in page.text
    assert "Powered by" not in page.text
    assert page.text.count("&lt;script&gt;") == 2
    assert policy_of(page)["img-src"] == "'self' data: https://cdn.example"
    assert policy_of(page)["script-src"] == "'self'"
    change(desk, look={"avatar": None, "show_branding": True, "quick_prompts": []})
    assert "Powered by Answerdesk" in embed(desk).text


def test_an_avatar_whose_address_names_no_origin_is_left_out(desk: Desk) -> None:
    change(desk, look={"avatar": "https://user:word@cdn.example/a.png"})
    page = embed(desk)
    assert policy_of(page)["img-src"] == "'self' data:"
    assert "user:word" not in page.text


def test_a_websites_chat_is_its_own_agents(desk: Desk) -> None:
    sales = {"name": "Sales", "greeting": "Hello from sales."}
    made = desk.owner.post(f"{desk.path}/agents", json=sales)
    assert made.status_code == 201, made.text
    agent = made.json()["id"]
    token = bind(desk, "https://shop.example", agent=agent)["website_token"]
    page = embed(desk, token=token)
    assert "Hello from sales." in page.text
    assert look(desk.visitor, token=token)["label"] == "Chat with Sales"
    assert "Hello from sales." not in embed(desk).text
    assert desk.owner.delete(f"{desk.path}/agents/{agent}").status_code == 204
    assert look(desk.visitor, token=token)["label"] == "Chat with Assistant"


def test_the_look_may_be_read_by_a_module_of_any_page(desk: Desk) -> None:
    response = desk.visitor.get("/embed/look.js", params={"project": desk.project_id})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["x-content-type-options"] == "nosniff"
