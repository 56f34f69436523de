"""Whose pages may let visitors talk to a project.

The header `Origin` is written by browsers and cannot be forged by a page, so that the list keeps
other sites from using a project's widget in their visitors' browsers. A program can send any
origin: against programs it protects nothing, and limits do.
"""

from answerdesk.conversations.types import RequestOrigin
from answerdesk.conversations.visitors.errors import origin_not_allowed
from answerdesk.kit.origins import origin_allowed
from answerdesk.projects.types import Project


def require_origin(project: Project, request: RequestOrigin, *, said: bool) -> None:
    """Raise NotPermitted for a page of an origin that the project does not list, if it lists any.

    With `said`, a request that names no origin is refused as well. Our own pages are always
    allowed: which sites may frame them is not told by their requests.
    """
    allowed = project.settings.allowed_origins
    if not allowed or request.is_own:
        return
    if request.origin is None:
        if said:
            raise origin_not_allowed(None)
    elif not origin_allowed(request.origin, allowed):
        raise origin_not_allowed(request.origin)
