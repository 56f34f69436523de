"""Events that changes of the embedding model record (`answerdesk.core.events`)."""

from typing import Final

SPACE_CHANGED: Final = "embedding_space_changed"
"""Another space is served from now on; `space` names it, `previous` the one before."""
