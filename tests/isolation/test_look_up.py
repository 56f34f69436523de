"""The statements that find a caller keep accounts apart by either defence alone."""

from uuid import UUID

import pytest

from answerdesk.accounts.sessions.tokens import AccessClaims, make_access_token
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.tenancy import AccountId, UserId
from tests.isolation.estate import Estate, Holding


def _claims(estate: Estate, held: Holding) -> AccessClaims:
    account, user = (UUID(held.ids[name].rpartition("_")[2]) for name in ("account", "user"))
    (session,) = estate.rows("select id from login_session where user_id = %s limit 1", user)
    return AccessClaims(AccountId(account), UserId(user), session[0])


@pytest.mark.parametrize("mixed", ["account", "user", "session"])
def test_a_token_of_two_accounts_opens_neither(estate: Estate, mixed: str) -> None:
    """Nobody but us can sign one; it shows that each part of the look-up is held to the others."""
    ours, theirs = _claims(estate, estate.ours), _claims(estate, estate.theirs)
    claims = AccessClaims(
        account_id=theirs.account_id if mixed == "account" else ours.account_id,
        user_id=theirs.user_id if mixed == "user" else ours.user_id,
        session_id=theirs.session_id if mixed == "session" else ours.session_id,
    )
    key = Sealer(load_secret_keys(estate.server.data_dir)).derive("access tokens")
    for one, status in ((ours, 200), (claims, 401)):
        headers = {"Authorization": f"Bearer {make_access_token(key, one)}"}
        answer = estate.client.get("/v1/projects", headers=headers)
        assert answer.status_code == status, answer.text


def test_a_key_is_known_as_its_own_accounts(estate: Estate) -> None:
    for held, other in ((estate.ours, estate.theirs), (estate.theirs, estate.ours)):
        headers = {"Authorization": f"Bearer {held.credentials['read_key']}"}
        told = estate.client.get("/v1/me", headers=headers).json()
        assert told["account"]["id"] == held.ids["account"]
        shown = estate.client.get("/v1/projects", headers=headers).json()["items"]
        ids = {one["id"] for one in shown}
        # The walk over all routes may have made further ones.
        assert held.ids["project"] in ids
        assert other.ids["project"] not in ids
