"""Contact details of visitors are taken with the consent that the project asks for."""

from typing import Any

import pytest

from tests.conversations.visitors.site import Guest, Site, assert_problem
from tests.dialects.orac.chat import parse_frames
from tests.privacy.asking import ok

TEXT = "You may write to me about my question."


def leads(site: Site) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ok(site.owner.get(f"{site.path}/leads"))["items"]
    return items


@pytest.fixture
def asking(site: Site) -> Site:
    """A site that asks for consent."""
    site.change(lead_capture={"enabled": True, "consent_text": TEXT})
    return site


def begun(guest: Guest) -> str:
    return f"conversations/{guest.start()}/escalate"


@pytest.mark.parametrize("contact", [{"email": "ann@example.com"}, {"phone": "+49 30 1234567"}])
def test_nothing_is_taken_without_consent(asking: Site, contact: dict[str, str]) -> None:
    guest = asking.guest()
    path = begun(guest)
    assert_problem(guest.post(path, **contact), 422, "consent_missing")
    assert_problem(guest.post(path, **contact, consent=None), 422, "consent_missing")
    assert_problem(guest.post(path, **contact, consent={"text": " "}), 422, "invalid_input")
    assert leads(asking) == []


def test_no_consent_is_needed_to_ask_for_a_person(asking: Site) -> None:
    guest = asking.guest(identity_token=asking.sign("ann", email="ann@example.com"))
    ok(guest.post(begun(guest), message="Please help."))
    [lead] = leads(asking)
    # The address that the site has signed is not passed on either.
    assert (lead["email"], lead["message"], lead["consent"]) == (None, "Please help.", None)


def test_what_was_agreed_to_is_kept(asking: Site) -> None:
    guest = asking.guest()
    page = "https://shop.example/contact"
    consent = {"text": TEXT, "page_url": page}
    ok(guest.post(begun(guest), email="ann@example.com", consent=consent))
    [lead] = leads(asking)
    given = lead["consent"]
    assert (given["given"], given["text"], given["page_url"]) == (True, TEXT, page)
    assert given["at"][:10] == lead["created_at"][:10]


def test_an_address_that_is_typed_makes_no_lead_then(asking: Site) -> None:
    asking.guest().ask("I am ann@example.com.")
    assert leads(asking) == []
    asking.change(lead_capture={"consent_text": None})
    asking.guest().ask("I am ann@example.com.")
    assert [one["email"] for one in leads(asking)] == ["ann@example.com"]


def test_other_services_clients_go_on_as_they_did(asking: Site) -> None:
    body = {"project_id": asking.project_id, "message": "Hello?"}
    chat = parse_frames(asking.visitor.post("/orac/api/chat", json=body).text)
    left = {
        "conversation_id": chat.conversation_id,
        "email": "ann@example.com",
        "consent": "unknown here",
    }
    ok(asking.visitor.post("/orac/api/widget/escalate", json=left))
    assert [one["consent"] for one in leads(asking)] == [None]


def test_without_a_text_nobody_is_asked(site: Site) -> None:
    guest = site.guest()
    ok(guest.post(begun(guest), email="ann@example.com"))
    assert [one["consent"] for one in leads(site)] == [None]


def test_a_program_may_bring_consent_with_its_page(site: Site) -> None:
    consent = {"text": TEXT, "page_url": "https://shop.example/", "at": "2026-01-02T03:04:05Z"}
    body = {"email": "ann@example.com", "consent": consent}
    assert ok(site.owner.post(f"{site.path}/leads", json=body))["consent"] == {
        "given": True,
        **consent,
    }
