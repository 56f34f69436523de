"""Responses that go on after the application has returned, as `core.web.sse` asks for."""

from starlette.types import ASGIApp, Receive, Scope, Send

from answerdesk.core.web.sse import AFTERWARDS, GoingOn


async def run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the application answer, then what it has left to go on."""
    going_on: list[GoingOn] = []
    scope["extensions"] = {**scope.get("extensions", {}), AFTERWARDS: going_on.append}
    given = frozenset(scope)
    await app(scope, receive, send)
    if not going_on:
        return
    for note in scope.keys() - given:
        # What the application has noted would live as long as the stream.
        del scope[note]
    await going_on.pop()(receive, send)
