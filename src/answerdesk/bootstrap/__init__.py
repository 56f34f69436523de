"""The composition root: from settings to running parts. The only place that names providers."""

from answerdesk.bootstrap.administration import Administration, administering
from answerdesk.bootstrap.application import Application, running, working

__all__ = ["Administration", "Application", "administering", "running", "working"]
