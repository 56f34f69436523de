"""A project with conversations of the past, put there as rows."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.projects import service as projects
from answerdesk.projects.types import OfficeHours, ProjectSettings
from tests.conftest import Rows


class Past:
    """A project with conversations of the past, put there as rows."""

    def __init__(self, rows: Rows, account: AccountId, project: ProjectId) -> None:
        self.rows = rows
        self.account = account
        self.project = project

    @classmethod
    async def of(
        cls, database: Database, rows: Rows, account: AccountId, zone: str = "UTC"
    ) -> "Past":
        settings = ProjectSettings(office_hours=OfficeHours(timezone=zone))
        async with database.transaction(account) as session:
            made = await projects.create_project(session, account, "Test", settings=settings)
        return cls(rows, account, made.id)

    def visitor(self) -> UUID:
        visitor_id = uuid4()
        self.rows(
            "insert into visitor (account_id, id, project_id) values (%s, %s, %s) returning 1",
            *(self.account, visitor_id, self.project),
        )
        return visitor_id

    def conversation(
        self, at: datetime, visitor: UUID | None = None, escalated_at: datetime | None = None
    ) -> UUID:
        conversation = uuid4()
        self.rows(
            "insert into conversation"
            " (account_id, id, project_id, visitor_id, created_at, updated_at, escalated_at)"
            " values (%s, %s, %s, %s, %s, %s, %s) returning 1",
            *(self.account, conversation, self.project, visitor, at, escalated_at or at),
            escalated_at,
        )
        return conversation

    def turn(self, conversation: UUID, at: datetime, decision: str | None, **fields: str) -> None:
        """Have a visitor ask, and the question decided; `fields` are the turn's other ones."""
        self.rows(
            "insert into turn (account_id, question_id, conversation_id, project_id, state,"
            "  error_code, holder, lease_until, decision, created_at)"
            " values (%s, %s, %s, %s, %s, %s, gen_random_uuid(), %s, %s, %s) returning 1",
            *(self.account, self.say(conversation, at), conversation, self.project),
            *(fields.get("state", "answered"), fields.get("error_code"), at, decision, at),
        )

    def lead(self, at: datetime) -> None:
        self.rows(
            "insert into lead (account_id, id, project_id, conversation_id, email, created_at)"
            " values (%s, %s, %s, %s, 'ann@example.com', %s) returning 1",
            *(self.account, uuid4(), self.project, uuid4(), at),
        )

    def say(
        self, conversation: UUID, at: datetime, author: str = "visitor", question: Any = None
    ) -> UUID:
        message = uuid4()
        self.rows(
            "insert into message"
            " (account_id, id, conversation_id, project_id, author, content, question_id,"
            "  created_at) values (%s, %s, %s, %s, %s, 'Words', %s, %s) returning 1",
            *(self.account, message, conversation, self.project, author, question, at),
        )
        self.rows(
            "update conversation set updated_at = greatest(updated_at, %s) where id = %s"
            " returning 1",
            at,
            conversation,
        )
        return message

    def answered(self, conversation: UUID, at: datetime, seconds: float) -> UUID:
        question = self.say(conversation, at)
        return self.say(conversation, at + timedelta(seconds=seconds), "assistant", question)

    def rate(self, message: UUID, rating: str) -> None:
        self.rows(
            "insert into feedback (account_id, message_id, rating) values (%s, %s, %s) returning 1",
            *(self.account, message, rating),
        )
