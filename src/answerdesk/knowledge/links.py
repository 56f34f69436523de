"""The addresses at which passages can be read."""

from urllib.parse import quote
from uuid import UUID

from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.knowledge.types import PASSAGE_PREFIX
from answerdesk.projects.types import PROJECT_PREFIX


def passage_path(project_id: ProjectId, chunk_id: UUID) -> str:
    """Return the path of our own public page for a passage."""
    project = public_id(PROJECT_PREFIX, project_id)
    return f"/passages/{project}/{public_id(PASSAGE_PREFIX, chunk_id)}"


def source_url(
    project_id: ProjectId, chunk_id: UUID, document: tuple[str | None, str | None], base_url: str
) -> str:
    """Return where a passage can be read: in its document, or on our page if that has no address.

    `document` is the document's address and the passage's anchor in it.
    """
    url, anchor = document
    return deep_link(url, anchor) if url else base_url + passage_path(project_id, chunk_id)


def deep_link(url: str, anchor: str | None) -> str:
    """Return the address of a document, at the passage's heading or page if it has an anchor."""
    # PDF viewers understand "page=3" only if the `=` is not escaped.
    return f"{url.partition('#')[0]}#{quote(anchor, safe='/=')}" if anchor else url
