"""Dependencies of the endpoints of replies: the service, and the reply named in a path."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from answerdesk.core.tenancy import parse_public_id
from answerdesk.delayed_replies.errors import delayed_reply_not_found
from answerdesk.delayed_replies.service import DelayedReplies
from answerdesk.delayed_replies.types import DELAYED_REPLY_PREFIX


async def _replies(request: Request) -> DelayedReplies:
    replies: DelayedReplies = request.app.state.application.delayed_replies
    return replies


DelayedRepliesOf = Annotated[DelayedReplies, Depends(_replies)]


async def _reply_id(reply_id: str) -> UUID:
    value = parse_public_id(DELAYED_REPLY_PREFIX, reply_id)
    if value is None:
        raise delayed_reply_not_found()
    return value


ReplyIdOf = Annotated[UUID, Depends(_reply_id)]
"""The id of a delayed reply in a path, which may be anybody's."""
