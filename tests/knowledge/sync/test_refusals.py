"""What is refused of websites as sources, by name."""

from typing import Any

import pytest

from tests.knowledge.sync.site_desk import SiteDesk
from tests.projects.problems import assert_problem
from tests.websites import Website

_ID = "0f" * 16
_URL = "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "kind"),
        ({"kind": "site"}, "url"),
        ({"kind": "text", "url": _URL}, "kind"),
        ({"kind": "site", "url": ""}, "url"),
        ({"kind": "site", "url": "ftp://example.com/"}, ""),
        ({"kind": "site", "url": "file:///etc/passwd"}, ""),
        ({"kind": "site", "url": "https://user:secret@example.com/"}, ""),
        ({"kind": "site", "url": "https://"}, ""),
        ({"kind": "site", "url": "https://example.com/\0"}, "url"),
        ({"kind": "site", "url": "https://example.com/" + "x" * 2000}, "url"),
        ({"kind": "site", "url": _URL, "include": [""]}, "include"),
        ({"kind": "site", "url": _URL, "exclude": ["x" * 501]}, "exclude"),
        ({"kind": "site", "url": _URL, "include": ["/x"] * 101}, "include"),
        ({"kind": "page", "url": _URL, "include": ["/x"]}, "include"),
        ({"kind": "page", "url": _URL, "max_pages": 2}, "max_pages"),
        ({"kind": "site", "url": _URL, "max_pages": 0}, "max_pages"),
        ({"kind": "site", "url": _URL, "sync_every_hours": 0}, "sync_every_hours"),
        ({"kind": "site", "url": _URL, "name": " "}, "name"),
        ({"kind": "site", "url": _URL, "depth": 3}, "depth"),
    ],
)
def test_a_source_that_cannot_be_meant_is_refused(
    site_desk: SiteDesk, body: dict[str, Any], named: str
) -> None:
    answer = site_desk.owner.post(f"{site_desk.path}/sources", json=body)
    assert answer.status_code == 422, answer.text
    assert named in answer.json()["detail"]
    assert "secret" not in answer.text
    assert site_desk.get("sources")["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"url": "https://example.org/"},
        {"name": ""},
        {"name": None},
        {"include": "/x"},
        {"max_pages": -1},
        {"sync_every_hours": 1.5},
    ],
)
def test_a_change_that_does_not_hold_is_refused(
    site_desk: SiteDesk, site: Website, body: dict[str, Any]
) -> None:
    site.set("/", "<title>Home</title><main><p>The harbour opens at nine every day.</p></main>")
    source = site_desk.add(site, kind="page")
    answer = site_desk.owner.patch(f"{site_desk.path}/sources/{source['id']}", json=body)
    assert answer.status_code == 422, answer.text
    assert site_desk.source(source["id"]) == source


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("PATCH", f"sources/src_{_ID}", "source_not_found"),
        ("POST", f"sources/src_{_ID}/syncs", "source_not_found"),
        ("GET", f"sources/src_{_ID}/syncs", "source_not_found"),
        ("GET", f"sources/src_{_ID}/pages", "source_not_found"),
        ("GET", f"sources/src_{_ID}/syncs/sync_{_ID}", "sync_not_found"),
        ("POST", f"sources/src_{_ID}/syncs/sync_{_ID}/cancel", "sync_not_found"),
        ("GET", f"sources/src_{_ID}/syncs/sync_{_ID}/changes", "sync_not_found"),
        ("GET", f"sources/src_{_ID}/syncs/sync_{_ID}/progress", "sync_not_found"),
        ("GET", f"sources/src_{_ID}/changes?since=sync_{_ID}", "sync_not_found"),
        ("GET", f"pages/page_{_ID}", "page_not_found"),
        ("GET", "pages/nonsense", "page_not_found"),
    ],
)
def test_what_is_not_there_is_not_found(
    site_desk: SiteDesk, method: str, path: str, code: str
) -> None:
    body = {"name": "x"} if method == "PATCH" else None
    assert_problem(
        site_desk.owner.request(method, f"{site_desk.path}/{path}", json=body), 404, code
    )


def test_what_was_put_in_by_hand_is_not_synced(site_desk: SiteDesk) -> None:
    text = site_desk.add_text("Hours", "The museum opens at nine.")
    path = f"{site_desk.path}/sources/{text['source_id']}"
    assert_problem(site_desk.owner.post(f"{path}/syncs", json={}), 422, "source_not_website")
    refused = site_desk.owner.patch(path, json={"sync_every_hours": 3})
    assert_problem(refused, 422, "source_not_website")
    renamed = site_desk.owner.patch(path, json={"name": "Times"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Times")


def test_a_page_goes_by_its_website_alone(site_desk: SiteDesk, site: Website) -> None:
    site.set("/", "<title>Home</title><main><p>The harbour opens at nine every day.</p></main>")
    source = site_desk.add(site, kind="page")
    (document,) = site_desk.documents(source).values()
    refused = site_desk.owner.delete(f"{site_desk.path}/documents/{document['id']}")
    assert_problem(refused, 409, "document_of_website")
    assert site_desk.documents(source)["/"] == document


def test_one_sync_at_a_time(site_desk: SiteDesk, site: Website) -> None:
    site.set("/", "<title>Home</title><main><p>The harbour opens at nine.</p></main>", delay=1)
    added = site_desk.owner.post(
        f"{site_desk.path}/sources", json={"kind": "page", "url": f"{site.url}/"}
    ).json()
    path = f"{site_desk.path}/sources/{added['id']}/syncs"
    assert_problem(site_desk.owner.post(path, json={}), 409, "sync_running")
    assert len(site_desk.get(f"sources/{added['id']}/syncs")["items"]) == 1
    site_desk.wait(added["id"], added["last_sync"]["id"])


def test_what_has_changed_meanwhile_is_not_changed(site_desk: SiteDesk, site: Website) -> None:
    site.set("/", "<title>Home</title><main><p>The harbour opens at nine every day.</p></main>")
    source = site_desk.add(site, kind="page")
    path = f"{site_desk.path}/sources/{source['id']}"
    tag = site_desk.owner.get(path).headers["etag"]
    changed = site_desk.owner.patch(path, json={"name": "A"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["version"]) == (200, source["version"] + 1)
    assert changed.headers["etag"] != tag
    refused = site_desk.owner.patch(path, json={"name": "B"}, headers={"If-Match": tag})
    assert_problem(refused, 412, "precondition_failed")
    assert site_desk.source(source["id"])["name"] == "A"


def test_the_same_website_again_is_the_one_that_there_is(
    site_desk: SiteDesk, site: Website
) -> None:
    site.set("/", "<title>Home</title><main><p>The harbour opens at nine every day.</p></main>")
    source = site_desk.add(site, kind="page")
    body = {"kind": "page", "url": f"{site.url.upper()}/#top", "name": "Another"}
    again = site_desk.owner.post(f"{site_desk.path}/sources", json=body)
    assert (again.status_code, again.json()["id"]) == (200, source["id"])
    assert again.json()["name"] == source["name"]
    assert len(site_desk.get(f"sources/{source['id']}/syncs")["items"]) == 1


def test_a_private_address_is_not_fetched_and_the_reason_is_told(desk: SiteDesk) -> None:
    """Here on a server that has no loopback on its list."""
    refused = SiteDesk(desk.owner, desk.visitor)
    with Website() as site:
        source = refused.add(site, kind="page")
        assert site.requests == []
    assert source["last_sync"]["state"] == "failed"
    assert source["last_sync"]["error_code"] == "address_refused"
    (page,) = refused.pages(source).values()
    assert (page["state"], page["reason_code"]) == ("failed", "address_refused")
