"""Visitors who wait for a person are told when nobody is free, once a wait, in office hours."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from answerdesk.agents.types import Desk as AgentsDesk
from answerdesk.conversations.claim_timer import told_at
from answerdesk.conversations.waits import tell_unclaimed
from answerdesk.core.due import RetryLater
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId
from answerdesk.projects.office_hours import end_of_wait
from answerdesk.projects.types import OfficeHours, Project, ProjectSettings
from tests.conftest import Rows
from tests.conversations.program import Program
from tests.conversations.test_people import jobs
from tests.conversations.visitors.orac import Orac
from tests.conversations.visitors.site import Site
from tests.waiting import PATIENCE, attempts

PERSON = "I want to talk to a human, please."
UNCLAIMED = "nobody on the team has been free"
BERLIN = OfficeHours.model_validate(
    {
        "timezone": "Europe/Berlin",
        "days": {
            "fri": [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}],
            "sun": [{"start": "00:00", "end": "24:00"}],
            "mon": [{"start": "09:00", "end": "17:00"}],
        },
        "holidays": ["2026-08-03"],
    }
)


@pytest.mark.parametrize(
    ("begins", "minutes", "ends"),
    [
        ("2026-07-31T08:00", 5, "2026-07-31T08:05"),
        ("2026-07-31T09:58", 5, "2026-07-31T11:03"),
        ("2026-07-31T03:00", 5, "2026-07-31T07:05"),
        # From Friday's evening to Sunday's midnight, and beyond Monday's holiday.
        ("2026-07-31T14:59", 5, "2026-08-01T22:04"),
        ("2026-08-02T21:58", 5, "2026-08-07T07:03"),
        # The clock goes back: that Sunday has 25 hours.
        ("2026-10-24T22:00", 25 * 60, "2026-10-25T23:00"),
    ],
)
def test_the_time_counts_in_office_hours(begins: str, minutes: int, ends: str) -> None:
    begun = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    found = end_of_wait(BERLIN, begun, timedelta(minutes=minutes))
    assert found == datetime.fromisoformat(ends).replace(tzinfo=UTC)


def test_it_counts_anyway_if_there_are_none() -> None:
    never = OfficeHours.model_validate({"days": {"mon": []}})
    begun = datetime(2026, 8, 3, 10, tzinfo=UTC)
    assert end_of_wait(never, begun, timedelta(minutes=5)) is None
    nobody = UUID(int=0)
    settings = ProjectSettings(office_hours=never)
    project = Project(AccountId(nobody), ProjectId(nobody), "x", settings, False, begun, 1, begun)
    assert told_at(AgentsDesk(project, None), begun) == begun + timedelta(minutes=5)


def bare(conversation_id: str) -> ConversationId:
    return ConversationId(UUID(conversation_id.removeprefix("conv_")))


def let_time_pass(rows: Rows, conversation_id: str, minutes: float) -> None:
    rows(
        "update conversation set escalated_at = escalated_at - make_interval(mins => %s)"
        " where id = %s returning id",
        minutes,
        bare(conversation_id),
    )


async def fire(program: Program, conversation_id: str) -> None:
    application = program.application
    await tell_unclaimed(application.database, application.account_id, bare(conversation_id))


def told(program: Program, conversation_id: str) -> int:
    return sum(UNCLAIMED in text for _, text in program.course(conversation_id))


async def test_it_is_told_once_a_wait(program: Program, rows: Rows) -> None:
    conversation_id = await program.tell("ada", PERSON)
    assert jobs(rows, conversation_id) == 1
    with pytest.raises(RetryLater) as later:
        await fire(program, conversation_id)
    assert timedelta(minutes=4) < later.value.delay <= timedelta(minutes=5)
    assert told(program, conversation_id) == 0
    let_time_pass(rows, conversation_id, 6)
    # A worker that dies after its commit runs it again.
    for _ in range(2):
        await fire(program, conversation_id)
        assert told(program, conversation_id) == 1
    assert program.state(conversation_id) == "waiting"
    # Another wait has a timer of its own.
    program.do(conversation_id, "messages", content="Ana here.")
    assert jobs(rows, conversation_id) == 0
    await fire(program, conversation_id)
    assert told(program, conversation_id) == 1
    program.do(conversation_id, "assign", member_id=None)
    assert jobs(rows, conversation_id) == 1
    with pytest.raises(RetryLater):
        await fire(program, conversation_id)
    let_time_pass(rows, conversation_id, 6)
    await fire(program, conversation_id)
    assert told(program, conversation_id) == 2


@pytest.mark.parametrize("what", ["claim", "hand-back", "close"])
async def test_it_is_not_told_after_all(program: Program, rows: Rows, what: str) -> None:
    conversation_id = await program.tell("ada", PERSON)
    let_time_pass(rows, conversation_id, 6)
    program.do(conversation_id, what)
    assert jobs(rows, conversation_id) == 0
    await fire(program, conversation_id)
    assert told(program, conversation_id) == 0


async def test_the_assistant_goes_on_while_it_waits(program: Program, rows: Rows) -> None:
    program.desk.add_text("Prices", "The small plan costs nine euros a month.")
    conversation_id = await program.tell("ada", PERSON)
    let_time_pass(rows, conversation_id, 6)
    await fire(program, conversation_id)
    assert await program.tell("ada") == conversation_id
    assert "nine euros" in program.course(conversation_id)[-1][1]


def test_a_worker_tells_it_and_the_widget_sees_it(site: Site, orac: Orac, rows: Rows) -> None:
    """Nobody is online: neither a person nor the visitor."""
    conversation_id = orac.start(message=PERSON)
    before: dict[str, Any] = orac.messages(conversation_id).json()["messages"][-1]
    let_time_pass(rows, conversation_id, 6)
    rows(
        "update due_job set run_at = now(), state = 'ready'"
        " where name = 'conversations.tell_unclaimed' and payload->>'conversation_id' = %s"
        " returning id",
        str(bare(conversation_id)),
    )
    said: list[dict[str, Any]] = []
    for _ in attempts(PATIENCE):
        said = orac.messages(conversation_id, since=before["created_at"]).json()["messages"]
        if any(UNCLAIMED in one["content"] for one in said):
            break
    assert [one["role"] for one in said if UNCLAIMED in one["content"]] == ["assistant"]
