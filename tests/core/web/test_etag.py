"""Settings carry a version: who has it need not read it, who has an old one changes nothing."""

import httpx
import pytest

from tests.conftest import Desk


def change(desk: Desk, name: str, if_match: str | None) -> httpx.Response:
    headers = {} if if_match is None else {"If-Match": if_match}
    return desk.owner.patch(desk.path, json={"name": name}, headers=headers)


def tag_of(desk: Desk) -> str:
    return desk.owner.get(desk.path).headers["etag"]


@pytest.mark.parametrize("stale", ['"0"', "nonsense", '""', '"1"', "1", '"999999999999999999999"'])
def test_a_change_of_something_else_is_refused(desk: Desk, stale: str) -> None:
    refused = change(desk, "Taken", stale)
    assert refused.status_code == 412, refused.text
    assert refused.json()["code"] == "precondition_failed"
    assert desk.owner.get(desk.path).json()["name"] != "Taken"


def test_a_change_of_what_has_moved_on_is_refused(desk: Desk) -> None:
    before = tag_of(desk)
    assert change(desk, "First", before).status_code == 200
    assert change(desk, "Second", before).status_code == 412
    assert desk.owner.get(desk.path).json()["name"] == "First"


def test_a_weak_tag_permits_no_change(desk: Desk) -> None:
    assert change(desk, "Taken", f"W/{tag_of(desk)}").status_code == 412


def test_a_change_tells_the_new_tag(desk: Desk) -> None:
    before = tag_of(desk)
    changed = change(desk, "Changed", f'"other", {before}')
    assert changed.status_code == 200
    assert changed.headers["etag"] == tag_of(desk) != before
    assert change(desk, "Again", "*").status_code == 200
    assert change(desk, "And again", None).status_code == 200


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_the_version_need_not_read_it(desk: Desk, form: str) -> None:
    tag = tag_of(desk)
    again = desk.owner.get(desk.path, headers={"If-None-Match": form.format(tag)})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag


@pytest.mark.parametrize("other", ['"other"', "nonsense", ""])
def test_who_has_another_version_reads_it(desk: Desk, other: str) -> None:
    assert desk.owner.get(desk.path, headers={"If-None-Match": other}).status_code == 200
