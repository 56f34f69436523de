"""The events of actions (`core.events`)."""

from typing import Final

from answerdesk.core.events import EventType, Payload


class ActionCall(Payload):
    """A call of an action for a visitor. The log has its parameters and what came back."""

    action_id: str
    call_id: str
    conversation_id: str


_EXAMPLE: Final = ActionCall(
    action_id="action_2d3e4f5061728394a5b6c7d8e9f00112",
    call_id="call_7c8d9e0f1a2b3c4d5e6f708192a3b4c5",
    conversation_id="conv_5f0c6e9b8a7d4e21b3c4d5e6f7a8b9c0",
)

ACTION_CALLED: Final = EventType(
    "action.called",
    "The assistant called an action for a visitor, and told what came back.",
    ActionCall,
    _EXAMPLE,
)
ACTION_FAILED: Final = EventType(
    "action.failed",
    "The assistant called an action for a visitor, and it failed.",
    ActionCall,
    _EXAMPLE,
)

TYPES: Final = (ACTION_CALLED, ACTION_FAILED)
