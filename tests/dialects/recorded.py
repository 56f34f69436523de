"""The recorded events of a project, as an encoder of webhooks tells them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from answerdesk.conversations import events as conversations
from answerdesk.core.database import Database
from answerdesk.core.events import Event, EventType, Payload, events_after
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.leads import events as leads
from answerdesk.webhooks.encoding import Encoder
from answerdesk.webhooks.types import Endpoint
from tests.conftest import Rows

TYPES: dict[str, EventType[Payload]] = {
    one.name: one for one in (*conversations.TYPES, *leads.TYPES)
}


@dataclass(frozen=True)
class Told:
    """An event with the body that tells it, None if what it tells of is gone."""

    event: Event
    body: Mapping[str, Any] | None


@dataclass(frozen=True)
class Recorded:
    """Reads what happened from the database, and has it told."""

    database: Database
    rows: Rows

    async def told(self, encoder: Encoder, project_id: str) -> list[Told]:
        """Return the project's events that an encoder can tell, oldest first."""
        project = ProjectId(UUID(project_id.removeprefix("proj_")))
        ((account,),) = self.rows("select account_id from project where id = %s", project)
        endpoint = endpoint_of(AccountId(account), encoder)
        async with self.database.transaction(endpoint.account_id) as session:
            found, _ = await events_after(session, 0, projects=[project])
            return [
                Told(one, await encoder.body(session, one, endpoint))
                for one in found
                if one.type in encoder.names
            ]

    async def bodies(self, encoder: Encoder, project_id: str) -> list[Mapping[str, Any]]:
        """Return the bodies of the project's events that an encoder can tell, oldest first."""
        return [one.body for one in await self.told(encoder, project_id) if one.body is not None]


def endpoint_of(account: AccountId, encoder: Encoder) -> Endpoint:
    """Return an endpoint of a format that is sent everything."""
    now = datetime.now(UTC)
    return Endpoint(
        account_id=account,
        id=uuid4(),
        project_id=None,
        url="https://receiver.example/",
        description="",
        format=encoder.format,
        events=None,
        enabled=True,
        disabled_reason=None,
        failing_since=None,
        old_secret_until=None,
        created_at=now,
        updated_at=now,
    )


def examples(encoder: Encoder) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the example that an encoder gives of each type of events that it can tell."""
    for name in encoder.names:
        payload = TYPES[name].example.model_dump(mode="json", exclude_none=True)
        event = Event(1, ProjectId(UUID(int=7)), name, payload, datetime.now(UTC))
        yield name, encoder.example(event)


def assert_as_printed(printed: str, body: Mapping[str, Any], *nulls: str) -> None:
    """Check each field against the vendor's example: its name, its place and its type.

    The fields `nulls` have to be null instead.
    """
    example = json.loads(printed)
    assert shape(json.loads(json.dumps(body))) == {
        **shape(example),
        **dict.fromkeys(nulls, "NoneType"),
    }
    assert list(body) == list(example)
    for field, value in example.items():
        if isinstance(value, dict):
            assert list(body[field]) == list(value)


def shape(value: Any) -> Any:
    """Return a JSON value with the name of its type in place of each text and number."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__
