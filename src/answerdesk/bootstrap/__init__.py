"""The composition root: from settings to running parts. The only place that names providers."""

from answerdesk.bootstrap.administration import Administration, administering
from answerdesk.bootstrap.application import Application, running, share_keys, working
from answerdesk.bootstrap.providers import import_ahead
from answerdesk.bootstrap.storage import Files, read_files
from answerdesk.bootstrap.webhooks import administered_webhooks

__all__ = [
    "Administration",
    "Application",
    "Files",
    "administered_webhooks",
    "administering",
    "import_ahead",
    "read_files",
    "running",
    "share_keys",
    "working",
]
