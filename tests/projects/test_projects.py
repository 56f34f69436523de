"""Projects over the native API: refusals first, then changes and versions."""

import secrets
import threading
from typing import Any

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Desk, Rows, Server
from tests.projects.foreign import Foreign
from tests.projects.problems import assert_problem, refusal
from tests.waiting import PATIENCE, attempts

UNKNOWN = "proj_" + "0f" * 16


def patch(desk: Desk, body: Any, **headers: str) -> httpx.Response:
    """Change the project of `desk`."""
    return desk.owner.patch(desk.path, json=body, headers=headers)


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "Ours now"}),
        ("DELETE", "", None),
        ("GET", "/availability", None),
        ("GET", "/widget-keys", None),
        ("POST", "/widget-keys", {"name": "x"}),
        ("DELETE", "/widget-keys/wk_" + "0f" * 16, None),
        ("GET", "/identity-secret", None),
        ("POST", "/identity-secret", None),
        ("DELETE", "/identity-secret", None),
        ("GET", "/agents", None),
        ("POST", "/agents", {"name": "x"}),
    ],
)
def test_anothers_project_is_as_unknown_as_none(
    owner: httpx.Client,
    confined: httpx.Client,
    foreign: Foreign,
    method: str,
    suffix: str,
    body: Any,
) -> None:
    beyond = owner.post("/v1/projects", json={"name": "Beyond the key"}).json()["id"]
    answers = [
        owner.request(method, f"/v1/projects/{UNKNOWN}{suffix}", json=body),
        owner.request(method, f"{foreign.path}{suffix}", json=body),
        owner.request(method, f"/v1/projects/no-id{suffix}", json=body),
        confined.request(method, f"/v1/projects/{beyond}{suffix}", json=body),
    ]
    for answer in answers:
        assert_problem(answer, 404, "project_not_found")
    assert len({answer.text for answer in answers}) == 1
    assert owner.get(f"/v1/projects/{beyond}").json()["name"] == "Beyond the key"


def test_nothing_of_anothers_has_changed(owner: httpx.Client, foreign: Foreign, rows: Rows) -> None:
    owner.patch(foreign.path, json={"name": "Ours now"})
    owner.delete(foreign.path)
    theirs = foreign.project.removeprefix("proj_")
    found = rows("select name, deleted_at from project where id = cast(%s as uuid)", theirs)
    assert found == [("Theirs", None)]


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [
        ("PATCH", "", {"name": "x"}),
        ("DELETE", "", None),
        ("POST", "/widget-keys", {"name": "x"}),
        ("POST", "/identity-secret", None),
        ("DELETE", "/identity-secret", None),
    ],
)
def test_a_key_that_reads_changes_nothing(
    reader: httpx.Client, desk: Desk, method: str, suffix: str, body: Any
) -> None:
    told = refusal(reader.request(method, desk.path + suffix, json=body), 403, "scope_missing")
    assert "projects:write" in told
    assert reader.get(desk.path).json()["version"] == 1


def test_a_key_of_one_project_sees_one_and_makes_none(
    confined: httpx.Client, desk: Desk, owner: httpx.Client
) -> None:
    owner.post("/v1/projects", json={"name": "Another"})
    listed = confined.get("/v1/projects").json()
    assert [one["id"] for one in listed["items"]] == [desk.project_id]
    assert_problem(confined.post("/v1/projects", json={"name": "More"}), 403, "key_of_projects")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"nme": "x"}, "nme "),
        ({"name": None}, "name "),
        ({"name": ""}, "name is empty"),
        ({"name": "x" * 201}, "name "),
        ({"name": "a\0b"}, "NUL"),
        ({"settings": None}, "settings "),
        ({"settings": []}, "settings "),
        ({"settings": {"colour": "#000000"}}, "settings.colour "),
        ({"settings": {"look": {"colour": "#000000"}}}, "settings.look.colour "),
        ({"settings": {"look": {"color": "red"}}}, "settings.look.color "),
        ({"settings": {"look": "blue"}}, "settings.look "),
        ({"settings": {"look": {"welcome": "a\0b"}}}, "settings.look.welcome contains a NUL"),
        ({"settings": {"look": {"welcome": "x" * 501}}}, "settings.look.welcome "),
        ({"settings": {"look": {"avatar": "javascript:alert(1)"}}}, "settings.look.avatar is no"),
        (
            {"settings": {"look": {"quick_prompts": [" "]}}},
            "settings.look.quick_prompts[0] is empty",
        ),
        ({"settings": {"look": {"quick_prompts": ["?"] * 11}}}, "settings.look.quick_prompts "),
        ({"settings": {"allowed_origins": ["example.com"]}}, "settings.allowed_origins[0]: "),
        ({"settings": {"allowed_origins": "https://example.com"}}, "settings.allowed_origins "),
        ({"settings": {"languages": {"offered": ["english"]}}}, "not a language tag"),
        ({"settings": {"languages": {"offered": ["en", "EN"]}}}, "offered twice"),
        (
            {"settings": {"languages": {"offered": ["en"], "default": "de"}}},
            "settings.languages: the default language de is not among",
        ),
        ({"settings": {"message_caps": {"per_day": -1}}}, "settings.message_caps.per_day "),
        ({"settings": {"message_caps": {"per_day": 1.5}}}, "settings.message_caps.per_day "),
        ({"settings": {"office_hours": {"timezone": "Mars"}}}, "is not a time zone"),
        (
            {"settings": {"office_hours": {"days": {"mon": [{"start": "9", "end": "17"}]}}}},
            "settings.office_hours.days.mon[0].start has",
        ),
    ],
)
def test_what_does_not_hold_is_refused_by_name(desk: Desk, body: Any, fault: str) -> None:
    assert fault in refusal(patch(desk, body), 422, "invalid_input")
    assert desk.owner.get(desk.path).json()["version"] == 1
    if body.get("settings") is not None and "name" not in body:
        made = desk.owner.post("/v1/projects", json={"name": "New", **body})
        assert made.status_code == 422, made.text


def test_identities_are_not_enforced_without_a_secret(desk: Desk) -> None:
    enforced = {"settings": {"identity": {"enforce": True}}}
    assert_problem(patch(desk, enforced), 422, "identity_secret_missing")
    body = {"name": "New", **enforced}
    assert_problem(desk.owner.post("/v1/projects", json=body), 422, "identity_secret_missing")


def test_settings_are_merged_field_by_field(desk: Desk) -> None:
    first = {"look": {"color": "#112233", "welcome": "Hello"}, "message_caps": {"per_day": 5}}
    changed = patch(desk, {"settings": first}).json()
    assert changed["version"] == 2
    again = patch(desk, {"settings": {"look": {"position": "bottom-left", "welcome": None}}}).json()
    assert again["settings"]["look"]["color"] == "#112233"
    assert again["settings"]["look"]["position"] == "bottom-left"
    assert again["settings"]["look"]["welcome"] is None
    assert again["settings"]["message_caps"] == {"per_day": 5, "per_visitor_per_day": None}
    reset = patch(desk, {"settings": {"look": None}}).json()
    assert reset["settings"]["look"]["color"] == "#2F5BEA"
    assert reset["settings"]["message_caps"]["per_day"] == 5
    assert reset["name"] == desk.owner.get(desk.path).json()["name"]
    assert desk.owner.get(desk.path).json() == reset


def test_settings_come_back_as_they_are_kept(desk: Desk) -> None:
    settings = {
        "allowed_origins": ["HTTPS://Bücher.example:443/", "https://xn--bcher-kva.example"],
        "languages": {"offered": ["en", "pt-br", "zh-hant"], "default": "PT-BR"},
        "office_hours": {
            "timezone": "Europe/Berlin",
            "days": {"mon": [{"start": "09:00", "end": "24:00"}]},
            "holidays": ["2026-12-26", {"date": "2026-12-25", "name": "Christmas"}],
        },
    }
    kept = patch(desk, {"settings": settings}).json()["settings"]
    assert kept["allowed_origins"] == ["https://xn--bcher-kva.example"]
    assert kept["languages"] == {"offered": ["en", "pt-BR", "zh-Hant"], "default": "pt-BR"}
    assert kept["office_hours"]["days"] == {"mon": [{"start": "09:00:00", "end": "00:00:00"}]}
    assert kept["office_hours"]["holidays"] == [
        {"date": "2026-12-26", "name": None},
        {"date": "2026-12-25", "name": "Christmas"},
    ]
    # What is shown can be sent back whole.
    assert patch(desk, {"settings": kept}).json()["settings"] == kept


def test_a_change_that_changes_nothing_makes_no_version(desk: Desk) -> None:
    name = desk.owner.get(desk.path).json()["name"]
    bodies: list[dict[str, Any]] = [
        {},
        {"name": name},
        {"settings": {}},
        {"settings": {"look": {}}},
    ]
    for body in bodies:
        assert patch(desk, body).json()["version"] == 1


def test_what_has_moved_on_is_not_overwritten(desk: Desk) -> None:
    seen = desk.owner.get(desk.path)
    tag = seen.headers["etag"]
    moved = patch(desk, {"name": "Second"}, **{"If-Match": tag})
    assert moved.status_code == 200, moved.text
    assert moved.headers["etag"] != tag
    late = patch(desk, {"name": "Third"}, **{"If-Match": tag})
    assert_problem(late, 412, "precondition_failed")
    gone = desk.owner.delete(desk.path, headers={"If-Match": tag})
    assert_problem(gone, 412, "precondition_failed")
    assert desk.owner.get(desk.path).json()["name"] == "Second"
    unchanged = desk.owner.get(desk.path, headers={"If-None-Match": moved.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert patch(desk, {"name": "Any"}, **{"If-Match": "*"}).status_code == 200


def test_of_many_changes_of_one_version_one_is_taken(desk: Desk) -> None:
    tag = desk.owner.get(desk.path).headers["etag"]
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda n=n: statuses.append(
                patch(desk, {"name": f"Name {n}"}, **{"If-Match": tag}).status_code
            )
        )
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 5


def test_a_change_waits_for_the_one_before_and_sees_it(
    server: Server, desk: Desk, rows: Rows
) -> None:
    tag = desk.owner.get(desk.path).headers["etag"]
    answers: list[httpx.Response] = []
    thread = threading.Thread(
        target=lambda: answers.append(patch(desk, {"name": "Late"}, **{"If-Match": tag}))
    )
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as before:
            before.execute(
                "update project set version = version + 1 where id = cast(%s as uuid)",
                (desk.project_id.removeprefix("proj_"),),
            )
            thread.start()
            waiting = "select count(*) from pg_locks where not granted"
            assert any(rows(waiting) != [(0,)] for _ in attempts(PATIENCE))
    thread.join()
    assert_problem(answers[0], 412, "precondition_failed")


def test_every_change_is_in_the_audit_log(owner: httpx.Client, rows: Rows) -> None:
    name = f"Audited {secrets.token_hex(4)}"
    project = owner.post("/v1/projects", json={"name": name}).json()["id"]
    owner.patch(f"/v1/projects/{project}", json={"settings": {"look": {"color": "#000000"}}})
    owner.patch(f"/v1/projects/{project}", json={"name": name})
    assert owner.delete(f"/v1/projects/{project}").status_code == 204
    found = rows(
        "select action, actor_kind, detail from audit_entry where target_id = %s order by at",
        project,
    )
    assert [(action, kind) for action, kind, _ in found] == [
        ("project.created", "owner_key"),
        ("project.changed", "owner_key"),
        ("project.deleted", "owner_key"),
    ]
    assert found[1][2] == {"name": name, "changed": ["settings.look"]}


def test_a_body_that_is_too_large_is_refused(desk: Desk) -> None:
    body = {"settings": {"look": {"custom_css": "x" * 300_000}}}
    assert_problem(patch(desk, body), 413, "body_too_large")
