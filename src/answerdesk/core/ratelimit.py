"""Rate limits: fixed windows from the first request, exact however many processes share them.

A window is one row; a request that passes raises its count by one in the same statement that checks
it, so that no two requests can take the last place. Names hold ids and hashes, never an address or
a text: the table belongs to no tenant.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.errors import RateLimited


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that passed: how many more the window takes, and when it ends."""

    limit: int
    remaining: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """A limit on what has `name`: at most `limit` in `seconds`."""

    name: str
    limit: int
    seconds: float


# `statement_timestamp` of the database is the one clock that all processes share. The row of a full
# window is not written: `where` leaves it as it is, and nothing is returned.
_TAKE: Final = text(
    "insert into rate_window as w (name, ends_at, count)"
    " values (:name, statement_timestamp() + make_interval(secs => :seconds), 1)"
    " on conflict (name) do update set"
    "  count = case when w.ends_at <= statement_timestamp() then 1 else w.count + 1 end,"
    "  ends_at = case when w.ends_at <= statement_timestamp()"
    "   then excluded.ends_at else w.ends_at end"
    " where w.count < :limit or w.ends_at <= statement_timestamp()"
    " returning ends_at, count as taken"
)
COUNT_IN: Final = (
    "window_counted as ("
    "  insert into rate_window as w (name, ends_at, count)"
    "  select cast(:window as text),"
    "   statement_timestamp() + make_interval(secs => :window_seconds), 1"
    "   from {source} where cast(:window as text) is not null and :window_limit > 0"
    "  on conflict (name) do update set"
    "   count = case when w.ends_at <= statement_timestamp() then 1 else w.count + 1 end,"
    "   ends_at = case when w.ends_at <= statement_timestamp()"
    "    then excluded.ends_at else w.ends_at end"
    "  where w.count < :window_limit or w.ends_at <= statement_timestamp()"
    "  returning ends_at, count"
    "), window_state as ("
    "  select c.count, coalesce(c.ends_at, f.ends_at) as ends_at,"
    "   extract(epoch from f.ends_at - statement_timestamp())::float8 as seconds_left"
    "  from (select from {source}) s left join window_counted c on true"
    "  left join rate_window f on f.name = cast(:window as text)"
    ")"
)
"""Part of a statement that counts in a window for each row of `source` (one or none), and tells.

Its parameters are `window_parameters`; `window_state` has what `require_counted` reads.
"""

TAKE_OF_WINDOWS: Final = (
    "lateral take_of_windows({name}, {rates}) rate(rate_is_full, rate_most, rate_seconds,"
    " rate_remaining, rate_ends_at, rate_wait)"
)
"""Part of a statement, to be joined: counts a request in all windows of a name, or in none.

`rates` is `[[most, seconds], …]` as jsonb, and null counts nothing. The windows are those of the
name with `:<seconds>` behind it. `require_taken` reads what it tells.
"""

_FILL: Final = text(
    "insert into rate_window as w (name, ends_at, count)"
    " values (:name, statement_timestamp() + make_interval(secs => :seconds), :limit)"
    " on conflict (name) do update set count = excluded.count, ends_at = excluded.ends_at"
)
_LOOK: Final = text(
    "select ends_at, extract(epoch from ends_at - statement_timestamp())::float8 as seconds"
    " from rate_window where name = :name"
)
_FORGET: Final = text(
    "delete from rate_window where name in (select name from rate_window"
    " where ends_at < statement_timestamp() order by ends_at limit :most for update skip locked)"
    " returning 1"
)


class WindowFull(RateLimited):
    """A window takes no more; it ends at `ends_at`."""

    def __init__(self, window: Window, *, ends_at: datetime, retry_after: float) -> None:
        super().__init__(
            f"At most {window.limit} requests in {_said(window.seconds)}; "
            f"try again in {max(1, round(retry_after))} seconds",
            retry_after=retry_after,
        )
        self.window = window
        self.ends_at = ends_at


async def take(database: Database, name: str, limit: int, window_seconds: int) -> Taken:
    """Count a request against the window `name`, which its first request opens.

    Commits at once, whatever becomes of the request. Raises WindowFull, a RateLimited, when `limit`
    requests have passed.
    """
    async with database.transaction(None) as session:
        return await take_in(session, Window(name, limit, window_seconds))


async def take_in(session: AsyncSession, window: Window) -> Taken:
    """Count a request against `window` in a transaction, which holds the window until it ends.

    Raises WindowFull: what the transaction took of other windows is then given back with it. Those
    who take several take them in the same order, so that they never wait for each other.
    """
    parameters = {"name": window.name, "limit": window.limit, "seconds": window.seconds}
    if window.limit > 0:
        row = (await session.execute(_TAKE, parameters)).one_or_none()
        if row is not None:
            return Taken(window.limit, window.limit - int(row.taken), row.ends_at)
    full = (await session.execute(_LOOK, {"name": window.name})).one_or_none()
    if full is None:
        ends_at = datetime.now(UTC) + timedelta(seconds=window.seconds)
        raise WindowFull(window, ends_at=ends_at, retry_after=window.seconds)
    raise WindowFull(window, ends_at=full.ends_at, retry_after=max(0.0, float(full.seconds)))


def window_parameters(window: Window | None) -> dict[str, Any]:
    """Return the parameters of COUNT_IN; without a window nothing is counted."""
    return {
        "window": None if window is None else window.name,
        "window_limit": 0 if window is None else window.limit,
        "window_seconds": 0 if window is None else window.seconds,
    }


def require_counted(window: Window, state: Any) -> Taken:  # noqa: ANN401  # A row of `window_state`.
    """Return what COUNT_IN has taken of `window`; raises WindowFull."""
    if state.count is not None:
        return Taken(window.limit, window.limit - int(state.count), state.ends_at)
    if state.ends_at is None:
        ends_at = datetime.now(UTC) + timedelta(seconds=window.seconds)
        raise WindowFull(window, ends_at=ends_at, retry_after=window.seconds)
    raise WindowFull(window, ends_at=state.ends_at, retry_after=max(0.0, state.seconds_left or 0.0))


def require_taken(row: Any) -> Taken | None:  # noqa: ANN401  # A row with TAKE_OF_WINDOWS' columns.
    """Return the tighter of the windows that counted a request, None without any.

    Raises WindowFull for the first that was full; then none has counted it.
    """
    if row.rate_most is None:
        return None
    if row.rate_is_full:
        window = Window("", row.rate_most, float(row.rate_seconds))
        raise WindowFull(window, ends_at=row.rate_ends_at, retry_after=float(row.rate_wait))
    return Taken(row.rate_most, int(row.rate_remaining), row.rate_ends_at)


async def fill_in(session: AsyncSession, window: Window) -> None:
    """Begin `window` anew and let nothing pass until it ends."""
    parameters = {"name": window.name, "limit": window.limit, "seconds": window.seconds}
    await session.execute(_FILL, parameters)


async def forget_ended(database: Database, most: int = 10_000) -> int:
    """Delete up to `most` windows that have ended; return how many there were."""
    async with database.transaction(None) as session:
        result = await session.execute(_FORGET, {"most": most})
        return len(result.all())


def _said(seconds: float) -> str:
    named: dict[float, str] = {1: "a second", 60: "a minute", 3600: "an hour", 86400: "a day"}
    return named.get(seconds, f"{seconds:g} seconds")
