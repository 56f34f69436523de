"""The application in a process whose clock is so many seconds ahead as `MOVED_CLOCK` says.

Nobody can move the machine's clock for one process, so what tells the time is replaced before the
application is made: `time.time`, and `datetime` in every module that has it.
"""

import os
import sys
import time
from datetime import datetime, tzinfo

from fastapi import FastAPI

from answerdesk.entrypoints.asgi import create_app

_AHEAD = float(os.environ["MOVED_CLOCK"])
_time = time.time


class _Moved(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_Moved":
        return cls.fromtimestamp(_time() + _AHEAD, tz)


def create_moved_app() -> FastAPI:
    time.time = lambda: _time() + _AHEAD
    for name, module in list(sys.modules.items()):
        if name.startswith("answerdesk.") and vars(module).get("datetime") is datetime:
            vars(module)["datetime"] = _Moved
    return create_app()
