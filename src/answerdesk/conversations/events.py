"""Names of the events that conversations store (`core.events`), for webhooks and statistics."""

from typing import Final

CONVERSATION_STARTED: Final = "new_conversation"
MESSAGE_RECEIVED: Final = "message_received"
QUESTION_ANSWERED: Final = "question_answered"
QUESTION_UNANSWERED: Final = "unanswered_question"
ANSWER_FAILED: Final = "answer_failed"
MESSAGE_CAP_REACHED: Final = "message_cap_reached"
ESCALATION: Final = "escalation"
FEEDBACK: Final = "feedback"
NEGATIVE_FEEDBACK: Final = "negative_feedback"
