"""A help desk whose people answer visitors, for the tests of what conversations teach."""

from typing import Any

from answerdesk.insights.drafts.extraction.types import Said
from tests.conftest import Rows
from tests.inbox.team import Team, bare, ok
from tests.waiting import PATIENCE, attempts

QUESTION = "Do you repair bicycles from other shops?"
ANSWER = "We repair bicycles from every shop. A repair takes about a week."
UNKNOWN = "0198c0de0000700080000000000000d7"


class LearningDesk:
    """A team with a project, conversations that people close, and what is drawn from them."""

    def __init__(self, team: Team, rows: Rows) -> None:
        self.team = team
        self.rows = rows
        self.project = team.site.project_id
        self.path = f"/v1/projects/{self.project}"
        self.drafts = f"{self.path}/item-drafts"
        self.questions = f"{self.path}/open-questions"
        self.client = team.owner.client

    def asked(self, question: str = QUESTION) -> str:
        """Have a visitor ask; return the conversation's id."""
        return self.team.site.guest().start(question)

    def reply(self, conversation_id: str, answer: str = ANSWER) -> None:
        ok(
            self.team.ana.client.post(
                f"/v1/conversations/{conversation_id}/messages", json={"content": answer}
            ),
            201,
        )

    def close(self, conversation_id: str) -> None:
        ok(self.team.ana.client.post(f"/v1/conversations/{conversation_id}/close", json={}))

    def resolved(self, question: str = QUESTION, answer: str = ANSWER) -> str:
        """Have a person answer a visitor and close the conversation; return its id."""
        conversation_id = self.asked(question)
        self.reply(conversation_id, answer)
        self.close(conversation_id)
        return conversation_id

    def open(self) -> str:
        """Return the id of a conversation that a person has answered and not closed."""
        conversation_id = self.asked()
        self.reply(conversation_id)
        return conversation_id

    def put(self, conversation_id: str, said: list[Said]) -> None:
        """Replace what a conversation consists of."""
        owner = (bare(self.team.owner.account_id), bare(conversation_id), bare(self.project))
        self.rows("delete from message where conversation_id = %s returning 1", owner[1])
        for one in said:
            self.rows(
                "insert into message (account_id, id, conversation_id, project_id, author, content)"
                " values (%s, gen_random_uuid(), %s, %s, %s, %s) returning 1",
                *(*owner, one.author, one.text),
            )

    def draw(self, conversation_id: str) -> list[dict[str, Any]]:
        drawn = self.client.post(f"/v1/conversations/{conversation_id}/item-drafts")
        items: list[dict[str, Any]] = ok(drawn)["items"]
        return items

    def listed(self, status: str = "pending") -> list[dict[str, Any]]:
        found = ok(self.client.get(self.drafts, params={"status": status}))
        items: list[dict[str, Any]] = found["items"]
        return items

    def wait_for_drafts(self, number: int = 1) -> list[dict[str, Any]]:
        """Wait until so many drafts wait for review."""
        for _ in attempts(PATIENCE):
            if len(found := self.listed()) >= number:
                return found
        raise AssertionError(f"no {number} drafts were drawn within {PATIENCE:g} s")

    def answer_to(self, question: str) -> str:
        """Ask as another visitor; return the assistant's answer."""
        frames = self.team.site.guest().ask(question).frames
        return "".join(data["text"] for name, data in frames if name == "token")

    def turn_off(self) -> None:
        self.team.site.change(learning={"enabled": False})

    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ok(self.client.get(f"{self.path}/items"))["items"]
        return found

    def wait_for_jobs(self) -> None:
        """Wait until no job of drafts is left of this account."""
        for _ in attempts(PATIENCE):
            left = self.rows(
                "select 1 from due_job where account_id = %s and name like 'drafts.%%'"
                " and state <> 'failed'",
                bare(self.team.owner.account_id),
            )
            if not left:
                return
        raise AssertionError(f"jobs were left after {PATIENCE:g} s")
