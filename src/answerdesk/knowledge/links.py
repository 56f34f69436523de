"""Where a passage can be read."""

from urllib.parse import quote
from uuid import UUID

from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.knowledge.types import PASSAGE_PREFIX
from answerdesk.projects.types import PROJECT_PREFIX


def passage_path(project_id: ProjectId, chunk_id: UUID) -> str:
    """Return the path of our own public page of a passage."""
    project = public_id(PROJECT_PREFIX, project_id)
    return f"/passages/{project}/{public_id(PASSAGE_PREFIX, chunk_id)}"


def source_url(
    project_id: ProjectId, chunk_id: UUID, document: tuple[str | None, str | None], base_url: str
) -> str:
    """Return where a passage can be read: in its document, if that has an address, or with us.

    `document` is its address and the passage's anchor in it.
    """
    url, anchor = document
    return deep_link(url, anchor) if url else base_url + passage_path(project_id, chunk_id)


def deep_link(url: str, anchor: str | None) -> str:
    """Return the address of a document, at the passage's heading or page if it has an anchor."""
    # A PDF's "page=3" is understood as it stands only.
    return f"{url.partition('#')[0]}#{quote(anchor, safe='/=')}" if anchor else url
