"""Names of the events that conversations store (`core.events`), for webhooks and statistics."""

from typing import Final

CONVERSATION_STARTED: Final = "new_conversation"
CONVERSATION_REOPENED: Final = "conversation_reopened"
CONVERSATION_ENDED: Final = "conversation_ended"
MESSAGE_RECEIVED: Final = "message_received"
QUESTION_ANSWERED: Final = "question_answered"
QUESTION_UNANSWERED: Final = "unanswered_question"
ANSWER_FAILED: Final = "answer_failed"
MESSAGE_CAP_REACHED: Final = "message_cap_reached"
ESCALATION: Final = "escalation"
PERSON_TOOK_OVER: Final = "person_took_over"
HANDED_BACK: Final = "handed_back"
REPLY_SENT: Final = "reply_sent"
FEEDBACK: Final = "feedback"
NEGATIVE_FEEDBACK: Final = "negative_feedback"
