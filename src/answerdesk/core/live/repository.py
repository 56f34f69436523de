"""Says which accounts are watched, and sends messages to all processes that watch one."""

import json
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import IS_SET, TENANT, Database, tenant_of
from answerdesk.core.live.types import Passing
from answerdesk.core.tenancy import AccountId

CHANNEL: Final = "live"
"""Where the trigger `tell_live` names accounts with new events, and messages are sent."""

_WATCHED_SECONDS: Final = 60
"""How long an account counts as watched; it is renewed three times as often."""

RENEW_SECONDS: Final = _WATCHED_SECONDS / 3

MOST_BYTES: Final = 2000
"""Of a message. PostgreSQL takes less than 8,000."""

_WATCH: Final = text(
    f"with {TENANT} insert into live_account (account_id, until)"
    f" select :account_id, clock_timestamp() + make_interval(secs => :seconds) where {IS_SET}"
    " on conflict (account_id) do update set until = greatest(live_account.until, excluded.until)"
    " returning account_id"
)
_WATCHED: Final = (
    "exists (select from live_account where account_id = :account_id and until > clock_timestamp())"
)
_SEND: Final = text(
    f"with {TENANT} select pg_notify('{CHANNEL}', :message) where {IS_SET} and {_WATCHED}"
)
_SEND_IN: Final = text(
    f"select pg_notify('{CHANNEL}', message)"  # noqa: S608  # Constants of this module only.
    f" from unnest(cast(:messages as text[])) as message where {_WATCHED}"
)


async def watch(database: Database, account_id: AccountId) -> None:
    """Have everybody told of the account's new events for a while."""
    await database.reserved(account_id).rows(_WATCH, {"seconds": _WATCHED_SECONDS})


async def send(database: Database, account_id: AccountId, message: Passing) -> None:
    """Send a message to all processes that watch the account, if any does."""
    await database.single(account_id).rows(_SEND, {"message": encoded(account_id, message)})


async def send_in(session: AsyncSession, messages: Sequence[Passing]) -> None:
    """Send messages when the session's transaction commits."""
    account_id = tenant_of(session)
    encoded_ones = [encoded(account_id, one) for one in messages]
    await session.execute(_SEND_IN, {"account_id": account_id, "messages": encoded_ones})


def encoded(account_id: AccountId, message: Passing) -> str:
    """Return a message as it is sent; raises ValueError if it is too large."""
    text = json.dumps({"account": str(account_id), **message}, separators=(",", ":"))
    if len(text) > MOST_BYTES:
        msg = f"a message to live views has at most {MOST_BYTES} bytes"
        raise ValueError(msg)
    return text
