"""Work that only its client wants: it ends when the client hangs up."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from fastapi import Request

from answerdesk.core.errors import TooSlow

ENDS_AT_EOF: Final = "answerdesk.ends_at_eof"
"""The ASGI extension by which a request says that its client hangs up by closing its writing side.

Otherwise such a client may be waiting for its response.
"""

_T = TypeVar("_T")


async def unless_hung_up(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """Return what `work` returns; cancel it if the client disconnects before.

    The request's body must have been read. Raises TooSlow then, which nobody reads.
    """
    end_at_eof = request.scope.get("extensions", {}).get(ENDS_AT_EOF)
    if end_at_eof is not None:
        end_at_eof()
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise TooSlow("The client disconnected before its answer was ready", code="client_gone")
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
