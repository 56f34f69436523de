"""Events that leads record (`answerdesk.core.events`)."""

from typing import Final

NEW_LEAD: Final = "new_lead"
LEAD_UPDATED: Final = "lead_updated"
