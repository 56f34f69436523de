"""Which model writes the answer to a question, for which agent, and by which policies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from answerdesk.accounts.limits.spending.service import Budget
from answerdesk.accounts.types import Sender
from answerdesk.agents.actions.calling import Actions
from answerdesk.agents.actions.tools import action_tools
from answerdesk.agents.language_models.errors import key_not_readable
from answerdesk.agents.language_models.running import LanguageModels, Priced
from answerdesk.agents.types import Agent
from answerdesk.answering.generation.links import host_of
from answerdesk.answering.types import AnswerRequest
from answerdesk.answering.writing import Writing
from answerdesk.conversations.reply.repository.parties import parties_of
from answerdesk.conversations.reply.spending import QuestionBudget
from answerdesk.conversations.reply.tools import NamingTools, Offer, QuestionTools
from answerdesk.conversations.texts import language_of
from answerdesk.conversations.types import Question, VisitorId
from answerdesk.core.database import Database
from answerdesk.core.tenancy import ConversationId
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

    def asked(self, request: AnswerRequest) -> AnswerRequest:
        """Return a request that has its guidance already, to be answered by this writer."""
        return replace(request, writing=self.writing, redact=self.redact)


NOBODY: Final = Writer()
"""The answer consists of passages."""


class Writers:
    """Finds who writes the answers of each conversation.

    `always`: a model writes the answers to questions that name none, too, so guidance matters.
    """

    def __init__(
        self,
        database: Database,
        models: LanguageModels,
        budget: Budget,
        actions: Actions,
        *,
        always: bool,
    ) -> None:
        self._database = database
        self._models = models
        self._budget = budget
        self._actions = actions
        self._always = always

    async def of(self, question: Question, said: Sequence[str]) -> Writer:
        """Return who writes the answer to a question; `said` is all that the visitor has written.

        Costs nothing for a project without models, if the message was accepted here.
        """
        if question.names_models is False and not self._always:
            return NOBODY
        executor = self._database.single(question.account_id)
        parties = await parties_of(executor, question.project_id, question.conversation_id)
        agent, project = parties.agent, question.project
        chain = await self._models.chain_of(
            executor, question.account_id, question.project_id, agent
        )
        if project is None:
            async with self._database.transaction(question.account_id) as session:
                project = await get_project(session, question.project_id)
        if agent is None:
            return NOBODY
        sender = Sender(
            question.account_id,
            question.project_id,
            parties.visitor or question.conversation_id,
        )
        writer = self._writer(agent, project, chain, sender, question.conversation_id)
        if writer.writing is None or not agent.settings.actions:
            return writer
        tools = await self._tools(question, agent, project, said, parties.visitor)
        return replace(writer, writing=replace(writer.writing, tools=tools))

    async def _tools(
        self,
        question: Question,
        agent: Agent,
        project: Project,
        said: Sequence[str],
        visitor: VisitorId | None,
    ) -> QuestionTools | None:
        """Return the actions that the agent's model may call, if there are any."""
        async with self._database.transaction(question.account_id) as session:
            tools = await action_tools(session, question.project_id, agent.settings.actions)
        counted = visitor or question.conversation_id
        if not tools:
            return None
        return QuestionTools(self._database, self._actions, question, project, tools, said, counted)

    async def of_agent(self, agent: Agent, *, numbered: bool) -> Writer:
        """Return who writes an agent's answer to a question outside of conversations.

        A program asks, for people that nobody knows: the caps of its project and account count,
        those of a visitor don't. Costs nothing for an agent without a model.
        """
        if agent.settings.model is None and not self._always:
            return NOBODY
        account_id, project_id = agent.account_id, agent.project_id
        async with self._database.transaction(account_id) as session:
            project = await get_project(session, project_id)
            chain = await self._models.chain_of(session, account_id, project_id, agent)
        sender = Sender(account_id, project_id, None)
        return self._writer(agent, project, chain, sender, None, numbered=numbered)

    async def of_trial(
        self,
        agent: Agent,
        project: Project,
        sender: Sender,
        said: Sequence[str],
        model_id: UUID | None,
        *,
        numbered: bool,
    ) -> Writer:
        """Return who writes an agent's answer that is tried out: its own model, or another.

        Its caps are those of a visitor. Its tools call nothing. Raises Conflict if the other model
        can't be used.
        """
        executor = self._database.single(agent.account_id)
        named = agent.settings.model if model_id is None else model_id
        chain = await self._models.chain_from(executor, agent.account_id, project.id, named)
        if model_id is not None and (not chain or chain[0].entry.id != model_id):
            raise key_not_readable()
        writer = self._writer(agent, project, chain, sender, None, numbered=numbered)
        if writer.writing is None or not agent.settings.actions:
            return writer
        async with self._database.transaction(agent.account_id) as session:
            tools = await action_tools(session, project.id, agent.settings.actions)
        if not tools:
            return writer
        offer = Offer(tools, said, language_of(said, project.settings.languages), verified=False)
        return replace(writer, writing=replace(writer.writing, tools=NamingTools(offer)))

    def _writer(
        self,
        agent: Agent,
        project: Project,
        chain: Sequence[Priced],
        sender: Sender,
        conversation_id: ConversationId | None,
        *,
        numbered: bool = True,
    ) -> Writer:
        if not (chain or self._always):
            return NOBODY
        writing = None
        if chain:
            caps = project.settings.spending_caps
            writing = Writing(
                ModelChain([one.link for one in chain]),
                verification=agent.settings.verification,
                knowledge=agent.settings.knowledge,
                hosts=_hosts(project),
                budget=QuestionBudget(
                    self._database, self._budget, conversation_id, sender, caps, chain
                ),
                numbered=numbered,
            )
        return Writer(writing, agent.settings.guidance, project.settings.privacy.redact)


def _hosts(project: Project) -> frozenset[str]:
    """Return the hosts of the project's own sites; a pattern names none."""
    hosts = (host_of(origin) for origin in project.settings.allowed_origins)
    return frozenset(host for host in hosts if host is not None and "*" not in host)
