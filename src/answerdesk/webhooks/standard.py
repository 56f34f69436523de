"""Our own format: Standard Webhooks, with a body of at most 20 kB."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from answerdesk.core.events import Event, EventTypes
from answerdesk.core.tenancy import public_id
from answerdesk.kit.instants import instant
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.webhooks.encoding import Details, Session, written
from answerdesk.webhooks.types import Endpoint, Format

MOST_BYTES: Final = 20_000
_SHORT: Final = 200
"""Characters of a text that is not worth leaving out."""


class StandardWebhooks:
    """Writes every public event: its payload, and what `details`, by type, know beyond it."""

    format: Format = "standard"

    def __init__(self, event_types: EventTypes, details: Mapping[str, Details]) -> None:
        self.names: Final[Mapping[str, str]] = {name: name for name in event_types.public}
        self._details = details

    async def body(
        self, session: Session, event: Event, endpoint: Endpoint
    ) -> Mapping[str, Any] | None:
        """Return the body; None if what it would tell of is gone."""
        del endpoint
        source = self._details.get(event.type)
        found = {} if source is None else await source.read(session, event)
        return None if found is None else _body(event, found)

    def example(self, event: Event) -> Mapping[str, Any]:
        """Return the body of an event that did not happen."""
        source = self._details.get(event.type)
        return _body(event, {} if source is None else source.example(event))

    def headers(self, secret: str, body: bytes) -> Mapping[str, str]:
        """Return nothing: the headers of Standard Webhooks are ours."""
        del secret, body
        return {}


def _body(event: Event, found: Mapping[str, Any]) -> Mapping[str, Any]:
    body = {
        "id": event.id,
        "type": event.type,
        "timestamp": instant(event.created_at),
        "project_id": public_id(PROJECT_PREFIX, event.project_id),
        "data": {**event.payload, **found},
    }
    return body if len(written(body)) <= MOST_BYTES else _shortened(body, event.payload)


def _shortened(body: Mapping[str, Any], payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the body without its longest texts: what they belonged to is `truncated`."""
    data = deepcopy(body["data"])
    # Each round leaves out one text.
    for holder, name in sorted(
        _long_texts(data), key=lambda one: len(one[0][one[1]]), reverse=True
    ):
        del holder[name]
        holder["truncated"] = True
        if len(written({**body, "data": data})) <= MOST_BYTES:
            return {**body, "data": data}
    return {**body, "data": {**payload, "truncated": True}}


def _long_texts(holder: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each long text in an object or those in it: what holds it, and under which name."""
    for name, value in holder.items():
        if isinstance(value, dict):
            yield from _long_texts(value)
        elif isinstance(value, str) and len(value) > _SHORT:
            yield holder, name
