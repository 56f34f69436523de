"""Server-sent events: frames, heartbeats, and the response that carries them."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from starlette.responses import StreamingResponse

HEARTBEAT_SECONDS: Final = 15.0
"""Longest silence on a stream; a comment keeps proxies from closing it."""

_HEARTBEAT: Final = b": keep-alive\n\n"
_HEADERS: Final = {
    "Cache-Control": "no-cache, no-transform",
    # Asks a proxy of the nginx kind not to hold frames back.
    "X-Accel-Buffering": "no",
}


def frame(event: str, data: Mapping[str, Any]) -> bytes:
    """Write one event with a JSON object as its data."""
    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {event}\ndata: {payload}\n\n".encode()


def event_stream(frames: AsyncIterator[bytes]) -> StreamingResponse:
    """Return the response that sends `frames` as they come."""
    return StreamingResponse(
        _with_heartbeats(frames), media_type="text/event-stream", headers=_HEADERS
    )


async def _with_heartbeats(frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the frames, and a comment whenever none has come for a while."""
    iterator = frames.__aiter__()
    pending: asyncio.Future[bytes] | None = None
    try:
        while True:
            if pending is None:
                pending = asyncio.ensure_future(anext(iterator))
            done, _ = await asyncio.wait([pending], timeout=HEARTBEAT_SECONDS)
            if not done:
                yield _HEARTBEAT
                continue
            try:
                yield pending.result()
            except StopAsyncIteration:
                return
            finally:
                pending = None
    finally:
        if pending is not None:
            pending.cancel()
