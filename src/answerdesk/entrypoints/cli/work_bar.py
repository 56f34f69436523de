"""The progress bar of background work that a command waits for."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from answerdesk.entrypoints.cli.output import make_console, one_line


class WorkBar:
    """Shows how much of some work is done; `progress` is shown while its block lasts."""

    def __init__(self, label: str) -> None:
        self.progress = Progress(
            TextColumn(label),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[waits]}"),
            console=make_console(stderr=True),
            transient=True,
        )
        self._task = self.progress.add_task("", total=None, waits="")

    def show(self, done: int, total: int, waits: str) -> None:
        """Show how much is done, and why the work waits, if it does."""
        self.progress.update(self._task, completed=done, total=total or None, waits=one_line(waits))
