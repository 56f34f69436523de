"""The command line: `answerdesk serve | worker | ingest | search | ask`.

`app` declares the commands and their options. A command's own module does the work and is imported
only when the command runs, so that `answerdesk --help` is fast.
"""

from answerdesk.entrypoints.cli.app import main

__all__ = ["main"]
