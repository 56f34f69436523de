"""The application with its routes laid out before a process is forked: most of a start is that.

A prepared application serves settings that agree with its own in all that were read to lay it out;
the others are read when it starts. With other settings a process lays out its own.

Either hashes passwords cheaply: hundreds of tests sign people up. What serves as installed does not
(`tests/entrypoints/test_secrets_stay_out_of_logs`).
"""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI

from answerdesk.accounts.passwords import Passwords
from answerdesk.core.environment import load_settings
from answerdesk.core.settings import Settings
from answerdesk.entrypoints import asgi


@dataclass(frozen=True, slots=True)
class Prepared:
    """An application that has not started, its settings, and which of them it depends on."""

    app: FastAPI
    settings: Settings
    read: frozenset[str]

    def fits(self, settings: Settings) -> bool:
        """Tell whether these settings lay out the same application."""
        return all(getattr(self.settings, one) == getattr(settings, one) for one in self.read)

    def with_settings(self, settings: Settings) -> FastAPI:
        """Return the application, whose settings are these from now on."""
        vars(self.settings).update(vars(settings))
        return self.app


_FIELDS: Final = frozenset(Settings.model_fields)
_kept: Final[list[Prepared]] = []
"""What this process was forked with, until it is used."""


def cheap_passwords() -> Passwords:
    """Return what hashes by the same algorithm in a thousandth of the time."""
    return Passwords(memory_kib=64, passes=1)


def prepare() -> Prepared:
    """Lay out an application with the default settings, and note which of them are read."""
    read: set[str] = set()

    class Watched(Settings):
        def __getattribute__(self, name: str) -> Any:
            if name in _FIELDS:
                read.add(name)
            return super().__getattribute__(name)

    settings = Watched()
    read.clear()  # Their own checks do not lay anything out.
    app = asgi.create_app(settings, make_passwords=cheap_passwords)
    # From here on it is as fast as any.
    object.__setattr__(settings, "__class__", Settings)
    return Prepared(app, settings, frozenset(read))


def keep_prepared() -> None:
    """Prepare an application for the processes that will be forked from this one."""
    _kept.append(prepare())


def create_app() -> FastAPI:
    """Return the whole application with the environment's settings, as uvicorn's factory."""
    settings = load_settings()
    if _kept and _kept[-1].fits(settings):
        return _kept.pop().with_settings(settings)
    return asgi.create_app(settings, make_passwords=cheap_passwords)
