"""Programs of ours in processes of their own, without the seconds that importing takes.

`start` is `subprocess.Popen([sys.executable, …])`, but the new process is forked from one that has
imported everything. It has an id, an environment, a folder, streams and signals of its own and runs
the program from its first line, so whatever is shown with it holds for the program. What Python
makes of its own settings it does not show: where that matters, a test starts the program itself.
"""

from tests.warm.process import Process, run, start

__all__ = ["Process", "run", "start"]
