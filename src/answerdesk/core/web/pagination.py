"""Lists in parts: `?limit=…&cursor=…` in, `items` and `next_cursor` out.

A cursor says after which row a part begins. It is a position, never a permission: its user still
needs a credential for the list itself, and only rows of the caller's account are read.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar, overload
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from answerdesk.core.errors import InvalidInput

MOST: Final = 200
"""Maximum rows per response."""

_USUAL: Final = 50
_LONGEST: Final = 2000
_DIGEST_BYTES: Final = 8
_BIGINT: Final = 2**63

CursorValue = datetime | UUID | int | str

A = TypeVar("A", bound=CursorValue)
B = TypeVar("B", bound=CursorValue)
C = TypeVar("C", bound=CursorValue)
T = TypeVar("T")


class Listing(BaseModel, Generic[T]):
    """One part of a list. Subclass it, so that the schema has a name: `ProjectList`."""

    items: list[T]
    next_cursor: str | None = Field(
        default=None, description="Send it as `cursor` to get the next part; null at the end."
    )


def _invalid() -> InvalidInput:
    message = "This cursor is damaged or belongs to another list; start again without it"
    return InvalidInput(message, code="cursor_invalid")


def encode_cursor(of: str, values: Sequence[CursorValue]) -> str:
    """Write the cursor of the list `of` that points behind the row with these sort values.

    `of` names the list with all its filters, such as `documents:<source id>`.
    """
    payload = json.dumps([_plain(value) for value in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_digest(of, payload) + payload).decode().rstrip("=")


@overload
def decode_cursor(of: str, cursor: str, first: type[A], /) -> tuple[A]: ...
@overload
def decode_cursor(of: str, cursor: str, first: type[A], second: type[B], /) -> tuple[A, B]: ...
@overload
def decode_cursor(
    of: str, cursor: str, first: type[A], second: type[B], third: type[C], /
) -> tuple[A, B, C]: ...
def decode_cursor(of: str, cursor: str, /, *types: Any) -> tuple[Any, ...]:
    """Read the sort values that `encode_cursor` wrote for the list `of`.

    Raises InvalidInput (`cursor_invalid`) for another list's cursor and for any other text. The
    digest detects mistakes, not forgery: the values are validated like any other input.
    """
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        payload = decoded[_DIGEST_BYTES:]
        if decoded[:_DIGEST_BYTES] != _digest(of, payload):
            raise _invalid()
        values = json.loads(payload)
        if not isinstance(values, list) or len(values) != len(types):
            raise _invalid()
        return tuple(_typed(value, kind) for value, kind in zip(values, types, strict=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _invalid() from error


def _digest(of: str, payload: bytes) -> bytes:
    return hashlib.sha256(of.encode() + b"\0" + payload).digest()[:_DIGEST_BYTES]


def _plain(value: CursorValue) -> str | int:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _typed(value: object, kind: type[CursorValue]) -> CursorValue:
    """Return a decoded value as `kind`; raises InvalidInput or ValueError if it isn't one."""
    if kind is int:
        if type(value) is int and -_BIGINT <= value < _BIGINT:
            return value
        raise _invalid()
    if not isinstance(value, str):
        raise _invalid()
    if kind is UUID:
        return UUID(value)
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise _invalid()
        return moment
    # PostgreSQL can store neither NUL nor half of a surrogate pair, which `encode` refuses.
    if b"\0" in value.encode():
        raise _invalid()
    return value


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is requested.

    A list reads `fetch` rows after `after(…)` in the order of its sort values. `cut` drops the one
    extra row, which only tells whether there is more.
    """

    limit: int = _USUAL
    cursor: str | None = None

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than is returned."""
        return self.limit + 1

    @overload
    def after(self, of: str, first: type[A], /) -> tuple[A] | None: ...
    @overload
    def after(self, of: str, first: type[A], second: type[B], /) -> tuple[A, B] | None: ...
    @overload
    def after(
        self, of: str, first: type[A], second: type[B], third: type[C], /
    ) -> tuple[A, B, C] | None: ...
    def after(self, of: str, /, *types: Any) -> tuple[Any, ...] | None:
        """Return the sort values behind which the part begins; None for the first part.

        Raises InvalidInput (`cursor_invalid`).
        """
        if self.cursor is None:
            return None
        values: tuple[Any, ...] = decode_cursor(of, self.cursor, *types)
        return values

    def cut(
        self, of: str, rows: Sequence[T], key: Callable[[T], Sequence[CursorValue]]
    ) -> tuple[Sequence[T], str | None]:
        """Return the rows to show, and the cursor for the next part if there is one.

        `key` returns a row's sort values, in the order and of the types that `after` names.
        """
        shown = rows[: self.limit]
        if len(rows) <= self.limit:
            return shown, None
        return shown, encode_cursor(of, key(shown[-1]))


async def _paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="Maximum items to return.")] = _USUAL,
    cursor: Annotated[
        str | None,
        Query(max_length=_LONGEST, description="`next_cursor` of the previous response."),
    ] = None,
) -> Paging:
    return Paging(limit, cursor)


PagingOf = Annotated[Paging, Depends(_paging)]
"""Which part of a list the request asks for."""
