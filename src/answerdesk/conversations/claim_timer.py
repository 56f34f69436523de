"""When a visitor who waits for a person is told that nobody has been free, and in which words.

The time counts in office hours. If they are never open, it counts anyway: the visitor is told what
else they can do.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.types import Desk
from answerdesk.conversations.repository import LockedConversation, hands
from answerdesk.conversations.tasks import schedule_unclaimed
from answerdesk.conversations.texts import language_of, passed_on, visitor_text
from answerdesk.projects.office_hours import end_of_wait
from answerdesk.projects.types import HandoffText

_READ = 5
"""Latest messages of a visitor in which their language is looked for."""


def told_at(desk: Desk, waits_since: datetime) -> datetime:
    """Return when a visitor is told that nobody has taken their conversation."""
    patience = timedelta(minutes=desk.project.settings.handoff.unclaimed_minutes)
    return end_of_wait(desk.hours, waits_since, patience) or waits_since + patience


async def start_claim_timer(
    session: AsyncSession, desk: Desk, conversation: LockedConversation, waits_since: datetime
) -> None:
    """Have the visitor told, unless somebody takes the conversation before."""
    at = told_at(desk, waits_since)
    await schedule_unclaimed(session, conversation.account_id, conversation.id, at)


async def text_for(
    session: AsyncSession, desk: Desk, conversation: LockedConversation, name: HandoffText
) -> str:
    """Return a text for the conversation's visitor; `passed_on` as it is at this time of day."""
    said = await hands.last_said(session, conversation.id, _READ)
    language = language_of(said, desk.languages)
    if name == "passed_on":
        return passed_on(desk.project.settings, desk.hours, language, conversation.now)
    return visitor_text(name, language, desk.project.settings.handoff)
