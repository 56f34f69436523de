"""The command line: `answerdesk serve | worker | ingest | search | ask`.

`app` declares the commands and their options; a command's own module does the work and is imported
when the command runs, so that `answerdesk --help` answers at once.
"""

from answerdesk.entrypoints.cli.app import main

__all__ = ["main"]
