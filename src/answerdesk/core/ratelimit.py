"""Rate limits: fixed windows from the first request, exact however many processes share them.

A window is one row. The statement that checks its count also raises it, so no two requests can take
the last place. Names contain only ids and hashes, never an address or a text: the table belongs to
no tenant.
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
    """An accepted request: how many more the window accepts, and when it ends."""

    limit: int
    remaining: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """A limit: at most `limit` requests in `seconds`, counted under `name`."""

    name: str
    limit: int
    seconds: float


# The database's `statement_timestamp` is the one clock that all processes share. The row of a full
# window is not written: `where` skips it, and nothing is returned.
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
"""Part of a statement that counts in a window for each row of `source` (at most one).

Its parameters are `window_parameters`; `require_counted` reads the result in `window_state`.
"""

TAKE_OF_WINDOWS: Final = (
    "lateral take_of_windows({name}, {rates}) rate(rate_is_full, rate_most, rate_seconds,"
    " rate_remaining, rate_ends_at, rate_wait)"
)
"""Part of a statement, to be joined: counts a request in all windows of a name, or in none.

`rates` is `[[most, seconds], …]` as jsonb; null counts nothing. The windows' names are the given
name followed by `:<seconds>`. `require_taken` reads the result.
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
    """A window is full until `ends_at`."""

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

    Commits immediately, whatever becomes of the request. Raises WindowFull, a RateLimited, if
    `limit` requests have already been accepted.
    """
    async with database.transaction(None) as session:
        return await take_in(session, Window(name, limit, window_seconds))


async def take_in(session: AsyncSession, window: Window) -> Taken:
    """Count a request against `window` in a transaction, which locks the window until it ends.

    Raises WindowFull; what the transaction took from other windows is then rolled back with it.
    Callers that take several windows must take them in the same order, to avoid deadlocks.
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
    """Return what COUNT_IN has counted in `window`; raises WindowFull."""
    if state.count is not None:
        return Taken(window.limit, window.limit - int(state.count), state.ends_at)
    if state.ends_at is None:
        ends_at = datetime.now(UTC) + timedelta(seconds=window.seconds)
        raise WindowFull(window, ends_at=ends_at, retry_after=window.seconds)
    raise WindowFull(window, ends_at=state.ends_at, retry_after=max(0.0, state.seconds_left or 0.0))


def require_taken(row: Any) -> Taken | None:  # noqa: ANN401  # A row with TAKE_OF_WINDOWS' columns.
    """Return the tightest of the windows that counted a request; None if there is none.

    Raises WindowFull for the first full window; then none has counted the request.
    """
    if row.rate_most is None:
        return None
    if row.rate_is_full:
        window = Window("", row.rate_most, float(row.rate_seconds))
        raise WindowFull(window, ends_at=row.rate_ends_at, retry_after=float(row.rate_wait))
    return Taken(row.rate_most, int(row.rate_remaining), row.rate_ends_at)


async def fill_in(session: AsyncSession, window: Window) -> None:
    """Restart `window` as full, so that it accepts nothing until it ends."""
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
