"""The page where one asks begins a session by its project's id, and is a client like any other."""

from typing import Any

import httpx
import pytest

from tests.conversations.visitors.site import Guest, Site, assert_problem

UNKNOWN = "proj_00000000000040008000000000000000"


def visit(site: Site, project: str = "", **fields: Any) -> httpx.Response:
    """Begin a session as the page does."""
    headers = {"Origin": str(site.visitor.base_url).rstrip("/")}
    return site.visitor.post(f"/visits/{project or site.project_id}", json=fields, headers=headers)


def guest(site: Site, **fields: Any) -> Guest:
    return begun(site, **fields)[0]


def begun(site: Site, **fields: Any) -> tuple[Guest, str]:
    """Begin a session that has to be let in; return the visitor and their resume token."""
    told = visit(site, **fields)
    assert told.status_code == 200, told.text
    session = told.json()
    resume: str = session.pop("resume_token")
    return Guest(site.visitor, **session), resume


@pytest.mark.parametrize("project", [UNKNOWN, "proj_nothing", "nothing"])
def test_an_unknown_project_is_not_found(site: Site, project: str) -> None:
    assert_problem(visit(site, project), 404, "project_not_found")


def test_a_deleted_project_is_not_found(site: Site) -> None:
    assert site.owner.delete(site.path).status_code == 204
    assert_problem(visit(site), 404, "project_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"visitor_token": 1},
        {"visitor_token": "x" * 5000},
        {"resume_token": 1},
        {"resume_token": "x" * 5000},
        {"identity_token": "x" * 5000},
        {"widget_key": "x"},
        [],
    ],
)
def test_other_bodies_are_refused(site: Site, body: object) -> None:
    refused = site.visitor.post(f"/visits/{site.project_id}", json=body)
    assert_problem(refused, 422, "invalid_input")


def test_a_large_body_is_refused(site: Site) -> None:
    refused = visit(site, visitor_token="x" * 5_000_000)
    assert_problem(refused, 413, "body_too_large")


def test_a_page_that_is_not_listed_begins_nothing(site: Site) -> None:
    site.change(allowed_origins=["https://shop.example"])
    path = f"/visits/{site.project_id}"
    headers = {"Origin": "https://other.example"}
    assert_problem(site.visitor.post(path, json={}, headers=headers), 403, "origin_not_allowed")
    assert_problem(site.visitor.post(path, json={}), 403, "origin_not_allowed")
    assert visit(site).status_code == 200


def test_no_page_of_another_site_may_read_it(site: Site) -> None:
    path = f"/visits/{site.project_id}"
    headers = {"Origin": "https://other.example"}
    response = site.visitor.post(path, json={}, headers=headers)
    assert "access-control-allow-origin" not in response.headers


def test_a_visitor_comes_back_as_the_same(site: Site) -> None:
    first = guest(site)
    conversation = first.start()
    again = guest(site, visitor_token=first.token)
    assert again.id == first.id
    assert again.conversations() == [conversation]
    other = guest(site)
    assert other.id != first.id
    assert other.conversations() == []


def test_a_token_of_another_project_is_refused(site: Site, other_site: Site) -> None:
    token = guest(site).token
    assert_problem(visit(other_site, visitor_token=token), 401, "visitor_token_invalid")


def test_an_identified_visitor_does_not_come_back_without_the_site(site: Site) -> None:
    known = site.guest(identity_token=site.sign())
    assert_problem(visit(site, visitor_token=known.token), 401, "identity_required")


def test_a_resume_token_does_nothing_else(site: Site) -> None:
    known, resume = begun(site)
    conversation = known.start()
    bearer = {"Authorization": f"Bearer {resume}"}
    for path in ("conversations", f"conversations/{conversation}/messages"):
        refused = site.visitor.get(f"/v1/visitor/{path}", headers=bearer)
        assert_problem(refused, 401, "visitor_token_invalid")
    asked = site.visitor.post("/v1/visitor/chat", json={"message": "Hi"}, headers=bearer)
    assert_problem(asked, 401, "visitor_token_invalid")
    assert_problem(site.begin(visitor_token=resume), 401, "visitor_token_invalid")
    assert_problem(visit(site, visitor_token=resume), 401, "visitor_token_invalid")
    assert_problem(visit(site, resume_token=known.token), 401, "visitor_token_invalid")


def test_a_resume_token_brings_the_visitor_back(site: Site) -> None:
    known, resume = begun(site)
    conversation = known.start()
    again, next_resume = begun(site, resume_token=resume)
    assert again.id == known.id
    assert again.conversations() == [conversation]
    third, _ = begun(site, resume_token=next_resume)
    assert third.id == known.id


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_a_wrong_resume_token_is_refused(site: Site, token: str) -> None:
    assert_problem(visit(site, resume_token=token), 401, "visitor_token_invalid")


def test_a_resume_token_of_another_project_or_site_is_refused(site: Site, other_site: Site) -> None:
    _, resume = begun(site)
    assert_problem(visit(other_site, resume_token=resume), 401, "visitor_token_invalid")
    site.change(allowed_origins=["https://shop.example"])
    path = f"/visits/{site.project_id}"
    headers = {"Origin": "https://other.example"}
    refused = site.visitor.post(path, json={"resume_token": resume}, headers=headers)
    assert_problem(refused, 403, "origin_not_allowed")
    assert visit(site, resume_token=resume).status_code == 200


def test_a_wrong_identity_token_is_refused_whatever_else_is_there(site: Site) -> None:
    known, resume = begun(site)
    for token in ("x", site.sign(seconds=-3600), site.sign() + "x"):
        refused = visit(site, identity_token=token, visitor_token=known.token, resume_token=resume)
        assert refused.status_code == 401
        assert refused.json()["code"].startswith("identity_token_")


@pytest.mark.parametrize("by", ["visitor_token", "resume_token"])
def test_who_logs_in_takes_along_what_they_asked_before(site: Site, by: str) -> None:
    anonymous, resume = begun(site)
    before = anonymous.start()
    token = {"visitor_token": anonymous.token, "resume_token": resume}[by]
    ada = guest(site, identity_token=site.sign("ada"), **{by: token})
    assert ada.id != anonymous.id
    assert ada.conversations() == [before]
    assert anonymous.conversations() == []
    # On another device, the site's signature is enough.
    assert guest(site, identity_token=site.sign("ada")).conversations() == [before]


def test_who_logs_in_takes_nothing_of_anybody_elses(site: Site, other_site: Site) -> None:
    ada, of_ada = begun(site, identity_token=site.sign("ada"))
    conversation = ada.start()
    elsewhere, resume = begun(other_site)
    elsewhere.start()
    bob = guest(site, identity_token=site.sign("bob"), resume_token=of_ada)
    assert bob.conversations() == []
    assert ada.conversations() == [conversation]
    assert guest(site, identity_token=site.sign("bob"), resume_token=resume).conversations() == []
    # Logged out, the browser comes back as nobody that it was.
    assert_problem(visit(site, resume_token=of_ada), 401, "identity_required")
