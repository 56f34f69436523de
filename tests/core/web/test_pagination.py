"""Cursors say where a page begins, of one list only, and permit nothing."""

import base64
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from answerdesk.core.errors import InvalidInput
from answerdesk.core.web.pagination import Paging, decode_cursor, encode_cursor
from tests.conftest import Desk, Server

_AT = datetime(2026, 11, 21, 6, 30, 0, 123456, tzinfo=UTC)
_ID = UUID("0123456789abcdef0123456789abcdef")


def refused(response: httpx.Response, code: str) -> None:
    assert response.status_code == 422, response.text
    assert response.json()["code"] == code


@pytest.mark.parametrize("cursor", ["", "a", "====", "%%%", "\0", "ä", "bnVsbA", "A" * 2000])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        decode_cursor("things", cursor, datetime, UUID)
    assert raised.value.code == "cursor_invalid"


def test_the_cursor_of_another_list_is_refused() -> None:
    cursor = encode_cursor("things", (_AT, _ID))
    with pytest.raises(InvalidInput):
        decode_cursor("others", cursor, datetime, UUID)


def test_no_changed_character_goes_unnoticed() -> None:
    cursor = encode_cursor("things", (_AT, _ID))
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for position in range(len(raw)):
        changed = bytes([*raw[:position], raw[position] ^ 1, *raw[position + 1 :]])
        with pytest.raises(InvalidInput):
            decode_cursor("things", base64.urlsafe_b64encode(changed).decode(), datetime, UUID)


@pytest.mark.parametrize(
    "values",
    [(1, _ID), ("2026-11-21", _ID), (_AT, "x"), (_AT,), (_AT, _ID, 1), ("2026-11-21T00:00", _ID)],
)
def test_values_of_other_types_are_refused(values: tuple[datetime | UUID | int | str, ...]) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor("things", encode_cursor("things", values), datetime, UUID)


@pytest.mark.parametrize("value", ["a\0b", 2**63, -(2**63) - 1])
def test_what_the_database_cannot_hold_is_refused(value: str | int) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor("things", encode_cursor("things", (value,)), type(value))


def test_values_come_back_as_they_were() -> None:
    cursor = encode_cursor("things", (_AT, _ID, "Straße/ä"))
    assert decode_cursor("things", cursor, datetime, UUID, str) == (_AT, _ID, "Straße/ä")


def test_the_last_page_has_no_cursor() -> None:
    rows = [1, 2, 3]
    assert Paging(limit=3).cut("n", rows, lambda one: (one,)) == (rows, None)
    shown, cursor = Paging(limit=2).cut("n", rows, lambda one: (one,))
    assert (shown, Paging(2, cursor).after("n", int)) == ([1, 2], (2,))


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=-1", "limit=x", "limit="])
def test_a_limit_out_of_bounds_is_refused(owner: httpx.Client, query: str) -> None:
    refused(owner.get(f"/v1/projects?{query}"), "invalid_input")


def test_pages_make_up_the_list(desk: Desk) -> None:
    for number in range(5):
        text = {"title": f"Text {number}", "content": "Some words."}
        assert desk.owner.post(f"{desk.path}/texts", json=text).status_code == 201
    whole = desk.owner.get(f"{desk.path}/sources").json()
    assert (len(whole["items"]), whole["next_cursor"]) == (5, None)
    seen, cursor, page = [], "", whole
    for _ in range(3):
        page = desk.owner.get(f"{desk.path}/sources?limit=2{cursor}").json()
        seen += page["items"]
        cursor = f"&cursor={page['next_cursor']}"
    assert [one["id"] for one in seen] == [one["id"] for one in whole["items"]]
    assert page["next_cursor"] is None


def test_a_cursor_of_another_project_is_refused(desk: Desk, owner: httpx.Client) -> None:
    other = Desk(owner, desk.visitor)
    for title in ("One", "Two"):
        desk.owner.post(f"{desk.path}/texts", json={"title": title, "content": "Words."})
    cursor = desk.owner.get(f"{desk.path}/sources?limit=1").json()["next_cursor"]
    refused(owner.get(f"{other.path}/sources?cursor={cursor}"), "cursor_invalid")
    refused(owner.get(f"/v1/projects?cursor={cursor}"), "cursor_invalid")


def test_a_cursor_is_no_credential(desk: Desk, server: Server) -> None:
    for title in ("One", "Two"):
        desk.owner.post(f"{desk.path}/texts", json={"title": title, "content": "Words."})
    cursor = desk.owner.get(f"{desk.path}/sources?limit=1").json()["next_cursor"]
    path = f"{desk.path}/sources?cursor={cursor}"
    assert desk.visitor.get(path).status_code == 401
    with server.client() as stranger:
        signed_up = stranger.post(
            "/v1/auth/signup",
            json={"email": f"{uuid4().hex}@example.com", "password": "nobody says this sentence"},
        )
        token = signed_up.json()["access_token"]
        seen = stranger.get(path, headers={"Authorization": f"Bearer {token}"})
    assert seen.status_code == 404
