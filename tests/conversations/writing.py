"""Who writes the answers in tests: whatever model a reply is given, for every agent."""

from answerdesk.bootstrap import Application
from answerdesk.conversations.reply.writers import Writers


def writers_of(application: Application) -> Writers:
    """Return who writes, also for agents that name no model."""
    return Writers(
        application.database,
        application.language_models,
        application.budget,
        application.actions,
        always=True,
    )
