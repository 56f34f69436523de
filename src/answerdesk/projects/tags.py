"""The script tags that put a project's chat on the pages of a website."""

from html import escape

from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.projects.types import PROJECT_PREFIX


def project_tag(base_url: str, project_id: ProjectId) -> str:
    """Return the tag for any page of a project, as HTML."""
    return _tag(f"{base_url}/widget.js", "data-project", public_id(PROJECT_PREFIX, project_id))


def website_tag(base_url: str, website_token: str) -> str:
    """Return the tag for the pages of one website, as HTML.

    The script's name is Nova Chat's, so that owners who come from there recognise it.
    """
    return _tag(f"{base_url}/nova-widget-sdk-v2.js", "data-token", website_token)


def _tag(address: str, attribute: str, value: str) -> str:
    # `async`, so that a page never waits for us.
    return f'<script src="{escape(address)}" {attribute}="{value}" async></script>'
