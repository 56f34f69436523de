"""An installation without a worker, whose jobs a test runs itself, and whose time it moves."""

import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from answerdesk.accounts.letters import Post
from answerdesk.accounts.principal import Principal, Role, owner_principal
from answerdesk.agents.service import begin_project
from answerdesk.bootstrap import Application, running
from answerdesk.conversations.events import MESSAGE_SENT, change_events, message_change
from answerdesk.conversations.types import ConversationState
from answerdesk.core.due import Job, JsonValue, Registration
from answerdesk.core.events import Payload, record, record_new
from answerdesk.core.events.types import EventType, NewEvents
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId, UserId, new_id
from answerdesk.inbox.notices import tasks as notice_tasks
from answerdesk.inbox.notices.types import Pace, Preference
from answerdesk.inbox.service_levels import tasks as service_level_tasks
from answerdesk.inbox.service_levels.service import report
from answerdesk.inbox.service_levels.types import Report
from answerdesk.projects.service import get_project
from answerdesk.projects.types import ProjectSettings
from answerdesk.providers.fake_mailer import FakeMailer
from tests.ready_database import lay_ready_database

BASE_URL = "https://desk.example"

_TIMES = {
    "notice": ("due_at", "created_at", "told_at", "mailed_at"),
    "notice_mail": ("next_at",),
    "due_job": ("run_at",),
    "conversation": ("waiting_since",),
    "event": ("created_at",),
    "sla_clock": ("started_at", "due_at", "met_at", "breached_at"),
    "presence": ("until",),
}


@dataclass
class Place:
    """Runs the jobs of notices and service levels when a test says so."""

    application: Application
    project_id: ProjectId
    rows: Callable[..., list[tuple[Any, ...]]]
    mailer: FakeMailer
    handlers: Mapping[str, Registration]

    @property
    def account_id(self) -> AccountId:
        return self.application.account_id

    def join(self, role: Role = "agent") -> UserId:
        """Have somebody join; return who."""
        user_id = UserId(new_id())
        email = self.email(user_id)
        self.rows(
            "insert into app_user (id, email, email_key, name)"
            " values (%s, %s, %s, 'Ann') returning 1",
            *(user_id, email, email),
        )
        self.rows(
            "insert into membership (account_id, id, user_id, role)"
            " values (%s, %s, %s, %s) returning 1",
            *(self.account_id, new_id(), user_id, role),
        )
        return user_id

    def caller(self, user_id: UserId) -> Principal:
        return replace(owner_principal(self.account_id), kind="user", subject=user_id)

    @staticmethod
    def email(user_id: UserId) -> str:
        return f"{user_id.hex}@example.com"

    def prefer(self, user_id: UserId, preference: Preference) -> None:
        self.rows(
            "insert into notice_preference (account_id, user_id, preference)"
            " values (%s, %s, %s) returning 1",
            *(self.account_id, user_id, preference.model_dump_json()),
        )

    def converse(self, said: str = "Where is my parcel?") -> ConversationId:
        """Begin a conversation in which a visitor has written something."""
        conversation_id = ConversationId(new_id())
        self.rows(
            "insert into conversation (account_id, id, project_id) values (%s, %s, %s) returning 1",
            *(self.account_id, conversation_id, self.project_id),
        )
        self.say(conversation_id, "visitor", said)
        return conversation_id

    def say(self, conversation_id: ConversationId, author: str, content: str) -> MessageId:
        message_id = MessageId(new_id())
        self.rows(
            "insert into message (account_id, id, conversation_id, project_id, author, content)"
            " values (%s, %s, %s, %s, %s, %s) returning 1",
            *(self.account_id, message_id, conversation_id, self.project_id, author, content),
        )
        return message_id

    async def move(
        self,
        conversation_id: ConversationId,
        state: ConversationState,
        *,
        assignee: UserId | None = None,
        waits: bool | None = None,
    ) -> None:
        """Bring a conversation into a state, with the events that tell of it."""
        [(before,)] = self.rows("select state from conversation where id = %s", conversation_id)
        self.rows(
            "update conversation set state = %s, assignee_id = %s,"
            " waiting_since = case when %s then coalesce(waiting_since, clock_timestamp()) end"
            " where id = %s returning 1",
            *(state, assignee, state == "waiting" if waits is None else waits, conversation_id),
        )
        await self.record_all(change_events(conversation_id, before, state))

    async def reply(self, conversation_id: ConversationId, by: UserId | None = None) -> None:
        """Have a person reply."""
        await self.move(conversation_id, "human", assignee=by, waits=False)
        message_id = self.say(conversation_id, "human", "I'm looking.")
        change = message_change(conversation_id, message_id, "human")
        await self.record_all(NewEvents.of((MESSAGE_SENT, change)))

    async def record_all(self, events: NewEvents) -> None:
        async with self.application.database.transaction(self.account_id) as session:
            await record_new(session, self.project_id, events)

    async def happen(self, event_type: EventType[Payload], payload: Payload) -> None:
        async with self.application.database.transaction(self.account_id) as session:
            await record(session, self.account_id, self.project_id, event_type, payload)

    async def work(self, *names: str) -> int:
        """Run the jobs that are due until none is; return how many ran."""
        ran = 0
        while job := self._take(names or tuple(self.handlers)):
            await self.handlers[job.name].handler(job)
            ran += 1
        return ran

    def job(self, name: str, **payload: JsonValue) -> Job:
        return Job(1, name, self.account_id, payload, 1)

    async def report(self) -> Report:
        """Return how the project keeps its service levels."""
        async with self.application.database.transaction(self.account_id) as session:
            project = await get_project(session, self.project_id)
            return await report(session, project, None, None, datetime.now(UTC))

    def _take(self, names: Sequence[str]) -> Job | None:
        found = self.rows(
            "delete from due_job where id = (select id from due_job where name = any(%s)"
            "  and run_at <= clock_timestamp() order by run_at, id limit 1)"
            " returning id, name, account_id, payload",
            list(names),
        )
        if not found:
            return None
        [(job_id, name, account_id, payload)] = found
        return Job(job_id, name, account_id, payload, 1)

    def later(self, by: timedelta) -> None:
        """Let time pass: what has a time is as much earlier."""
        for table, columns in _TIMES.items():
            shifts = ", ".join(f"{one} = {one} - %s" for one in columns)
            self.rows(f"update {table} set {shifts} returning 1", *[by] * len(columns))

    def count(self, table: str, where: str = "true") -> int:
        [(found,)] = self.rows(f"select count(*) from {table} where {where}")
        number: int = found
        return number

    def told(self) -> list[str]:
        """Return whose browsers have been told something, a person once for each notice."""
        found = self.events("inbox.noticed")
        return [person["user_id"] for notice in found for person in notice["people"]]

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return the payloads of the events of a type."""
        found = self.rows("select payload from event where type = %s order by id", name)
        return [payload for (payload,) in found]


@asynccontextmanager
async def placed(
    settings: ProjectSettings | None = None, pace: Pace | None = None
) -> AsyncIterator[Place]:
    """Run a fresh installation with one project."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        data_dir = lay_ready_database(Path(folder) / "data")
        wanted = Settings(data_dir=data_dir, embedder="fake", demo=False)
        with EmbeddedPostgres.start(data_dir) as postgres:
            admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
            async with running(wanted) as application:
                with psycopg.connect(**admin, autocommit=True) as connection:

                    def rows(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
                        return connection.execute(statement.encode(), parameters).fetchall()

                    yield await _place(application, rows, settings, pace or Pace())


async def _place(
    application: Application,
    rows: Callable[..., list[tuple[Any, ...]]],
    settings: ProjectSettings | None,
    pace: Pace,
) -> Place:
    database, account_id = application.database, application.account_id
    async with database.transaction(account_id) as session:
        project = await begin_project(session, account_id, "Shop", settings=settings)
    mailer = FakeMailer()
    post = Post(mailer, BASE_URL)
    handlers = {
        **notice_tasks.registrations(database, post, account_id, pace),
        **service_level_tasks.registrations(database),
    }
    return Place(application, project.id, rows, mailer, handlers)
