"""Choosing a plan when signing up, its trial, and log-ins whose token lives for a day."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from answerdesk.accounts.passwords import Passwords
from answerdesk.accounts.service import get_account
from answerdesk.accounts.sessions import install_token_keys
from answerdesk.accounts.sessions.types import DAY_SECONDS, Client, LogIn
from answerdesk.accounts.signup import Newcomer, SignUp, SignUpRules
from answerdesk.accounts.users.attempts import AttemptLimits
from answerdesk.accounts.users.email import parse_email
from answerdesk.accounts.users.service import Credentials, People
from answerdesk.bootstrap.storage import read_files
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.errors import InvalidInput
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, new_id
from tests.accounts.people import PASSWORD, fresh_email, refused, sign_up
from tests.conftest import Server, serving
from tests.knowledge.search.library import runtime_database
from tests.waiting import PATIENCE

CLIENT = Client()


@pytest.fixture(scope="module")
def offering() -> Iterator[Server]:
    """A server on which people choose a plan when they sign up."""
    settings = {"ANSWERDESK_SIGNUP_PLANS": "free, growth", "ANSWERDESK_SIGNUP_PLAN": "scale"}
    with serving(**settings) as running:
        yield running


def attempt(server: Server, **fields: Any) -> httpx.Response:
    body = {"email": fresh_email(), "password": PASSWORD, **fields}
    return httpx.post(f"{server.url}/v1/auth/signup", json=body, timeout=PATIENCE)


def test_a_plan_that_nobody_offers_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nothing") as wrong:
        read_files(Settings(data_dir=tmp_path / "data", signup_plans=("free", "nothing")))
    assert wrong.value.code == "plan_unknown"


def test_no_plan_is_chosen_where_none_is_offered(server: Server) -> None:
    for plan in ("starter", "unlimited", "nothing"):
        told = refused(attempt(server, plan=plan), 422, "plan_not_offered")
        assert "leave it out" in told["detail"]


def test_a_plan_that_is_not_offered_is_refused(offering: Server) -> None:
    told = refused(attempt(offering, plan="unlimited"), 422, "plan_not_offered")
    assert "free, growth" in told["detail"]
    refused(attempt(offering, plan=" "), 422, "invalid_input")
    # The installation's account has its plan, and so has one that invites.
    for way in ({"owner_key": offering.owner_key}, {"invitation": "inv_x"}):
        refused(attempt(offering, plan="free", **way), 422, "invalid_input")


def test_a_chosen_plan_begins_with_a_trial(offering: Server) -> None:
    chosen = sign_up(offering, plan="growth")
    account = chosen.client.get("/v1/account").json()
    assert account["plan"] == "growth"
    lasts = _moment(account["trial_ends_at"]) - _moment(account["created_at"])
    assert lasts == timedelta(days=14)
    account = sign_up(offering).client.get("/v1/account").json()
    assert (account["plan"], account["trial_ends_at"]) == ("scale", None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
async def people(server: Server) -> AsyncIterator[People]:
    """Who logs people in, in this process and at the server's database."""
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        async for database in runtime_database(postgres):
            install_token_keys(database, Sealer(load_secret_keys(server.data_dir)))
            made = People(database, Passwords(), AttemptLimits(0, 0, 0))
            yield made
            await made.passwords.close()


@pytest.fixture
def signing_up(people: People) -> SignUp:
    return SignUp(people, SignUpRules("open", "unlimited", "x" * 24, AccountId(new_id())))


async def test_what_a_dialect_offers_is_offered_there_only(signing_up: SignUp) -> None:
    for plan in ("free", "professional"):
        newcomer = Newcomer(parse_email(fresh_email()), PASSWORD, plan=plan)
        with pytest.raises(InvalidInput) as wrong:
            await signing_up.sign_up(newcomer, CLIENT, offered=["starter"])
        assert wrong.value.code == "plan_not_offered"


async def test_a_dialects_log_in_lasts_a_day(
    server: Server, people: People, signing_up: SignUp
) -> None:
    # The password of the vendor's example.
    email, password = parse_email(fresh_email()), "MyPass123!"
    newcomer = Newcomer(email, password, plan="starter")
    made = await signing_up.sign_up(
        newcomer, CLIENT, offered=["starter"], access_seconds=DAY_SECONDS
    )
    async with people.database.transaction(made.account_id) as session:
        account = await get_account(session)
    assert account.plan == "starter"
    assert account.trial_ends_at == account.created_at + timedelta(days=14)
    given = Credentials(email, password)
    again = await people.log_in(given, None, CLIENT, access_seconds=DAY_SECONDS)
    usual = await people.log_in(given, None, CLIENT)
    assert [_seconds(one) for one in (made, again, usual)] == [86_400, 86_400, 900]
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as client:

        async def me(log_in: LogIn) -> httpx.Response:
            client.headers["Authorization"] = f"Bearer {log_in.access_token}"
            return await client.get("/v1/me")

        for one in (made, again):
            assert (await me(one)).json()["user"]["email"] == email.address
        # A day is long, but the log-in can be ended at once.
        out = await client.post("/v1/auth/logout", json={"everywhere": True})
        assert out.status_code == 204, out.text
        for one in (made, again):
            refused(await me(one), 401, "session_ended")


def _seconds(log_in: LogIn) -> int:
    claims = jwt.decode(log_in.access_token, options={"verify_signature": False})
    lasts: int = claims["exp"] - claims["iat"]
    assert log_in.expires_in == lasts
    return lasts
