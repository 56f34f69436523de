"""Every route, with the cookie of a log-in: but for the call that asks for it, it opens nothing."""

from answerdesk.accounts.endpoints.dependencies import cookie_name
from answerdesk.core.tenancy import AccountId
from tests.isolation.caller import Caller
from tests.isolation.conftest import BEFORE_EITHER
from tests.isolation.estate import Estate
from tests.isolation.table import ROUTES


@BEFORE_EITHER
def test_no_cookie_opens_anything(estate: Estate, caller: Caller) -> None:
    """A log-in's cookie is for the refresh call, which asks for it; see `test_log_in_cookie`."""
    ((installation,),) = estate.rows("select account_id from account order by created_at limit 1")
    names = [cookie_name(AccountId(installation), secure=secure) for secure in (False, True)]
    values = [estate.ours.credentials[name] for name in ("refresh", "jwt", "write_key")]
    page = {"Origin": estate.server.url, "Sec-Fetch-Site": "same-origin"}
    for key, route in ROUTES.items():
        without = 401  # See `test_every_route`.
        if route.guard in ("id", "none"):
            without = caller.call(key, estate.ours, None, headers=page).status_code
        for value in values:
            cookies = "; ".join(f"{name}={value}" for name in (*names, "Authorization"))
            answer = caller.call(key, estate.ours, None, headers={**page, "Cookie": cookies})
            told = f"{key}: {answer.status_code} {answer.text}"
            assert answer.status_code == without, told
            assert "set-cookie" not in answer.headers, told
