"""Which model writes the answer to a question, for which agent, and by which policies."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits.spending.service import Budget
from answerdesk.accounts.types import Sender
from answerdesk.agents.language_models.running import LanguageModels
from answerdesk.agents.service import active_agent, get_agent
from answerdesk.agents.types import Agent
from answerdesk.answering.generation.links import host_of
from answerdesk.answering.writing import Writing
from answerdesk.conversations import repository
from answerdesk.conversations.reply.spending import QuestionBudget
from answerdesk.conversations.types import Question
from answerdesk.core.database import Database
from answerdesk.core.errors import NotFound
from answerdesk.projects.service import get_project
from answerdesk.projects.types import Project
from answerdesk.providers.model_chain import ModelChain


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes an answer: `writing` has the models, `guidance` how they speak.

    With `redact`, they get no e-mail address, phone or card number.
    """

    writing: Writing | None = None
    guidance: str = ""
    redact: bool = True


NOBODY: Final = Writer()
"""The answer consists of passages."""


class Writers:
    """Finds who writes the answers of each conversation.

    `always`: a model writes the answers to questions that name none, too, so guidance matters.
    """

    def __init__(
        self, database: Database, models: LanguageModels, budget: Budget, *, always: bool
    ) -> None:
        self._database = database
        self._models = models
        self._budget = budget
        self._always = always

    async def of(self, question: Question) -> Writer:
        """Return who writes the answer to a question.

        Costs nothing for a project without models, if the message was accepted here.
        """
        if question.names_models is False and not self._always:
            return NOBODY
        async with self._database.transaction(question.account_id) as session:
            agent = await agent_of(session, question)
            project = question.project or await get_project(session, question.project_id)
            chain = await self._models.chain_of(
                session, question.account_id, question.project_id, agent
            )
            visitor = await repository.visitor_of(session, question.conversation_id)
        if agent is None or not (chain or self._always):
            return NOBODY
        writing = None
        if chain:
            sender = Sender(
                question.account_id, question.project_id, visitor or question.conversation_id
            )
            caps = project.settings.spending_caps
            writing = Writing(
                ModelChain([one.link for one in chain]),
                verification=agent.settings.verification,
                knowledge=agent.settings.knowledge,
                max_tokens=chain[0].entry.settings.max_tokens,
                hosts=_hosts(project),
                budget=QuestionBudget(self._database, self._budget, question, sender, caps, chain),
            )
        return Writer(writing, agent.settings.guidance, project.settings.privacy.redact)


async def agent_of(session: AsyncSession, question: Question) -> Agent | None:
    """Return the agent that the conversation keeps, if it still exists, else the active one."""
    kept = await repository.agent_of(session, question.conversation_id)
    if kept is not None:
        try:
            return await get_agent(session, question.project_id, kept)
        except NotFound:
            pass
    return await active_agent(session, question.project_id)


def _hosts(project: Project) -> frozenset[str]:
    """Return the hosts of the project's own sites; a pattern names none."""
    hosts = (host_of(origin) for origin in project.settings.allowed_origins)
    return frozenset(host for host in hosts if host is not None and "*" not in host)
