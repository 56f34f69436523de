"""Letters that do not leave: who is told what, and where it can be seen."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import httpx
import pytest

from answerdesk.accounts import service as accounts
from answerdesk.accounts import tasks
from answerdesk.accounts.audit import list_entries
from answerdesk.accounts.invitations import service as invitations
from answerdesk.accounts.letters import MAIL_AWAY, Concern, Letters, Post
from answerdesk.accounts.principal import owner_principal
from answerdesk.accounts.sessions import install_token_keys
from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.accounts.types import OPERATOR, AuditFilter
from answerdesk.accounts.users.email import parse_email
from answerdesk.core.crypto import Sealer, new_secret_key
from answerdesk.core.database import Database
from answerdesk.core.due import Backoff, Worker, failed_jobs
from answerdesk.core.tenancy import AccountId, new_id
from answerdesk.providers.fake_mailer import FakeMailer
from answerdesk.providers.mailer import Mail, MailUnavailable
from tests.accounts.people import (
    PASSWORD,
    Person,
    fresh_email,
    logged_in,
    sign_up,
)
from tests.conftest import Server, serving
from tests.providers.smtp_server import HOST, SmtpService, smtp_service
from tests.ready_database import ready_postgres
from tests.waiting import PATIENCE, attempts


def invited(person: httpx.Client, email: str | None = None) -> dict[str, Any]:
    body = {"email": email or fresh_email(), "role": "viewer"}
    answer = person.post("/v1/invitations", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def letter_of(person: httpx.Client, invitation_id: str, *states: str) -> dict[str, Any]:
    """Wait until an invitation's letter is in one of the states."""
    for _ in attempts(PATIENCE):
        letter = person.get(f"/v1/invitations/{invitation_id}").json()["letter"]
        if letter is not None and letter["state"] in states:
            found: dict[str, Any] = letter
            return found
    raise AssertionError(f"the letter did not become {states} within {PATIENCE:g} s")


def first_failures(owner: httpx.Client, target: str) -> list[dict[str, Any]]:
    """Wait until the operator sees failures of letters about `target`."""
    for _ in attempts(PATIENCE):
        if seen := failures(owner, target):
            return seen
    raise AssertionError(f"no failure was seen within {PATIENCE:g} s")


def failures(owner: httpx.Client, target: str) -> list[dict[str, Any]]:
    entries = owner.get("/v1/audit-log", params={"action": "letter.failed", "limit": 200})
    return [one["detail"] for one in entries.json()["items"] if one["target"]["id"] == target]


def test_without_a_mail_server_the_words_fit_who_asks(server: Server, owner: httpx.Client) -> None:
    path = str(server.data_dir / "letters.txt")
    made = invited(owner)
    assert made["mailed"] is False
    assert made["message"] == (
        f"No mail server is set up. The mail was written to {path} on the server; pass on the "
        "link yourself."
    )
    assert letter_of(owner, made["id"], "written")["error"] is None
    # Whoever owns an account here is not whoever runs the server.
    stranger = sign_up(server)
    told = stranger.client.post("/v1/invitations", json={"email": fresh_email(), "role": "owner"})
    assert told.json()["message"] == (
        "This installation can't send mail yet. Pass on the link yourself."
    )
    letter = letter_of(stranger.client, told.json()["id"], "written")
    assert str(server.data_dir) not in told.text + str(letter)


@contextmanager
def mail_service() -> Iterator[SmtpService]:
    """A mail server on a thread of its own."""
    service, loop = SmtpService(), asyncio.new_event_loop()
    begun, stop = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        async with smtp_service(service):
            begun.set()
            await stop.wait()

    thread = Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    asyncio.run_coroutine_threadsafe(begun.wait(), loop).result(30)
    try:
        yield service
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()


@pytest.fixture(scope="module")
def mails() -> Iterator[SmtpService]:
    with mail_service() as service:
        yield service


@pytest.fixture(scope="module")
def mailing(mails: SmtpService) -> Iterator[Server]:
    """A server with a mail server."""
    with serving(
        ANSWERDESK_SMTP_URL=f"smtp://{HOST}:{mails.port}?tls=none",
        ANSWERDESK_MAIL_FROM="Desk <desk@example.com>",
        ANSWERDESK_PUBLIC_URL="https://desk.example",
    ) as running:
        yield running


def test_a_refused_address_is_told_at_once_and_not_tried_again(
    mailing: Server, mails: SmtpService
) -> None:
    refused = fresh_email("refused")
    mails.refusals[refused] = "550 no such user in mail.internal.example"
    person = sign_up(mailing)
    made = invited(person.client, refused)
    assert made["mailed"] is True
    letter = letter_of(person.client, made["id"], "failed")
    assert letter["error"] == "the mail server refuses this address"
    with mailing.client(owner=True) as owner:
        (failure,) = failures(owner, made["id"])
    assert "550 no such user" in failure["reason"]
    assert (failure["letter"], failure["tried_again"]) == ("invitation", False)
    # The account's own people read nothing of the operator's server.
    assert "internal" not in person.client.get("/v1/audit-log").text
    assert mails.mails == [] or refused not in {str(one["To"]) for one in mails.mails}


def test_a_new_address_that_is_refused_is_told_to_who_typed_it(
    mailing: Server, mails: SmtpService
) -> None:
    mistyped = fresh_email("mistyped")
    mails.refusals[mistyped] = "550 no such user in mail.internal.example"
    person = sign_up(mailing)
    body = {"email": mistyped, "current_password": PASSWORD}
    made = person.client.post("/v1/me/email-change", json=body).json()
    assert made["mailed"] is True
    assert "on its way to the new address" in made["message"]
    letter = None
    for _ in attempts(PATIENCE):
        letter = person.client.get("/v1/me").json()["email_change"]["letter"]
        if letter is not None:
            break
    assert letter is not None
    assert letter["state"] == "failed"
    assert letter["error"] == "the mail server refuses this address"
    with mailing.client(owner=True) as owner:
        [failure] = first_failures(owner, person.user_id)
    assert (failure["letter"], failure["tried_again"]) == ("email_change", False)
    # The present address is told all the same.
    told = [one for one in mails.mails if str(one["To"]) == person.email]
    assert [str(one["Subject"]) for one in told] == ["Your e-mail address is about to change"]
    assert "https://desk.example/forgotten" in told[0].get_content()


def test_a_letter_that_fails_is_seen_at_once_tried_again_and_mailed(
    mailing: Server, mails: SmtpService
) -> None:
    later = fresh_email("later")
    mails.refusals[later] = "451 come back later"
    person = sign_up(mailing)
    made = invited(person.client, later)
    letter = letter_of(person.client, made["id"], "failing")
    assert letter["error"] == "the mail server cannot be reached or does not accept mail now"
    with mailing.client(owner=True) as owner:
        seen = first_failures(owner, made["id"])
        assert [one["tried_again"] for one in seen] == [True]
        assert "451 come back later" in seen[0]["reason"]
    del mails.refusals[later]
    assert letter_of(person.client, made["id"], "mailed")["error"] is None
    assert later in {str(one["To"]) for one in mails.mails}
    assert not (mailing.data_dir / "letters.txt").exists()


def test_a_failed_reset_is_seen_by_the_operator_and_told_to_nobody(
    mailing: Server, mails: SmtpService
) -> None:
    person = sign_up(mailing)
    mails.refusals[person.email] = "550 mailbox gone"
    with mailing.client() as stranger:
        answers = [
            stranger.post("/v1/auth/reset-request", json={"email": one})
            for one in (person.email, fresh_email("nobody"))
        ]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["mailed"] is True
    target = person.tokens["user"]["id"]
    with mailing.client(owner=True) as owner:
        seen = first_failures(owner, target)
    assert [(one["letter"], one["tried_again"]) for one in seen] == [("password_reset", False)]
    assert "letter.failed" not in person.client.get("/v1/audit-log").text


def test_the_installations_owner_is_its_operator_to_the_end(
    server: Server, owner: httpx.Client
) -> None:
    """An admin of the installation's account looks after it, and does not run the server."""
    made = owner.post("/v1/invitations", json={"email": fresh_email(), "role": "admin"}).json()
    token = made["link"].partition("#invitation=")[2]
    body = {"invitation": token, "password": PASSWORD}
    url = f"{server.url}/v1/auth/accept-invitation"
    admin: Person = logged_in(server, httpx.post(url, json=body, timeout=PATIENCE))
    told = invited(admin.client)["message"]
    assert str(server.data_dir) not in told


async def test_a_letter_that_is_given_up_says_so() -> None:
    away = FakeMailer()
    await away.close()
    account_id = AccountId(new_id())
    with ready_postgres() as server:
        database = Database(
            server.conninfo(user=server.runtime_user, password=server.runtime_password)
        )
        install_token_keys(database, Sealer([new_secret_key()]))
        async with database.transaction(account_id) as session:
            await accounts.create_account(session, account_id, "Desk", "unlimited")
            made, _ = await invitations.invite(
                session,
                owner_principal(account_id),
                token_keys(database),
                invitations.Invited(parse_email(fresh_email()), "viewer", OPERATOR),
            )
        work = tasks.registrations(database, Post(away, "https://desk.example"), account_id)
        hurried = replace(
            work[invitations.INVITATION_LETTER], max_attempts=3, backoff=Backoff(timedelta(0))
        )
        worker = Worker(database.connect, {invitations.INVITATION_LETTER: hurried})
        running = asyncio.create_task(worker.run())
        try:
            async with asyncio.timeout(60), database.transaction(account_id) as session:
                while not await failed_jobs(session):  # noqa: ASYNC110 - it looks into the database
                    await asyncio.sleep(0.05)
        finally:
            await worker.stop(5)
            await running
        async with database.transaction(account_id) as session:
            found = await invitations.get_invitation(session, made.id)
            entries = await list_entries(session, limit=10, wanted=AuditFilter("letter.failed"))
        await database.close()
    assert (found.letter, found.letter_error) == ("failed", MAIL_AWAY)
    assert [one.detail["tried_again"] for one in entries] == [False, True]
    assert "is unavailable" in str(entries[0].detail["reason"])


async def test_the_operator_is_told_once_that_a_letter_is_late_and_once_that_it_failed() -> None:
    mailer = FakeMailer(refused=frozenset({"refused@example.com"}))
    account_id = AccountId(new_id())
    mail = Mail("ann@example.com", "A visitor waits", "Somebody asks for a person.")
    late, refused = Concern("notice", "user_late"), Concern("notice", "user_refused")
    with ready_postgres() as server:
        database = Database(
            server.conninfo(user=server.runtime_user, password=server.runtime_password)
        )
        async with database.transaction(account_id) as session:
            await accounts.create_account(session, account_id, "Desk", "unlimited")
        letters = Letters(database, Post(mailer, "https://desk.example"), account_id)
        mailer.away = True
        for attempt in (1, 2):
            with pytest.raises(MailUnavailable):
                await letters.send(mail, late, attempt=attempt)
        mailer.away = False
        assert await letters.send(mail, late, attempt=3) == "mailed"
        to_nobody = replace(mail, to="refused@example.com")
        assert await letters.send(to_nobody, refused, attempt=1) == "failed"
        async with database.transaction(account_id) as session:
            entries = await list_entries(session, limit=10, wanted=AuditFilter("letter.failed"))
        await database.close()
    assert mailer.sent == [mail]
    told = [(one.target_kind, one.target_id, one.detail["tried_again"]) for one in entries]
    assert told == [("user", "user_refused", False), ("user", "user_late", True)]
    assert {one.detail["letter"] for one in entries} == {"notice"}
