"""A client of the live inbox: keeps a snapshot up to date by what it is told, and nothing else."""

import json
from copy import deepcopy
from typing import Any, Final

import httpx

from tests.inbox.team import ok

WHOLE: Final[dict[str, str]] = {"snoozed": "any", "limit": "200"}
"""The filters of a snapshot of everything."""


class View:
    """What a page would show. Frames are whole states, so that each replaces what was known."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.cursor: str = snapshot["cursor"]
        self.counts: dict[str, int] = snapshot["counts"]
        self.projects: list[str] = snapshot["projects"]
        self.entries = {one["id"]: _without_own(one) for one in snapshot["entries"]}
        self.own = {one["id"]: one["own"] for one in snapshot["entries"] if one["own"]}
        self.people = {one["user_id"]: one for one in snapshot["people"]}
        self.messages: dict[str, dict[str, Any]] = {}
        self.notes: dict[str, dict[str, Any]] = {}
        self.told: list[tuple[str, dict[str, Any]]] = []

    @classmethod
    def of(cls, client: httpx.Client) -> "View":
        return cls(ok(client.get("/v1/inbox/snapshot", params=WHOLE)))

    def poll(self, client: httpx.Client) -> "View":
        """Catch up without a stream."""
        more = True
        while more:
            found = ok(client.get("/v1/inbox/events", params={"cursor": self.cursor}))
            for frame in found["frames"]:
                self.apply(frame["event"], frame["data"])
            self.cursor, more = found["cursor"], found["more"]
        return self

    def apply(self, event: str, data: dict[str, Any], cursor: str | None = None) -> None:
        """Take in a frame."""
        self.told.append((event, data))
        match event:
            case "conversation":
                known = self.entries.get(data["id"])
                if known is None or known["version"] <= data["version"]:
                    self.entries[data["id"]] = data
            case "own":
                self.own[data["conversation_id"]] = data
            case "message":
                self.messages[data["id"]] = data
            case "note":
                self.notes[data["id"]] = data
            case "counts":
                self.counts = data
            case "projects":
                self._keep(data["ids"])
            case "presence":
                self.people[data["user_id"]] = {**self.people[data["user_id"]], **data}
        self.cursor = cursor or self.cursor

    def _keep(self, projects: list[str]) -> None:
        self.projects = projects
        kept = {id_ for id_, one in self.entries.items() if one["project_id"] in projects}
        self.entries = {id_: one for id_, one in self.entries.items() if id_ in kept}
        self.own = {id_: one for id_, one in self.own.items() if id_ in kept}

    def shown(self) -> dict[str, Any]:
        """Return all of it in a form that can be compared.

        Versions only order readings: what concerns one person alone raises them for nobody else.
        """
        entries = deepcopy(self.entries)
        for one in entries.values():
            del one["version"]
        return {
            "entries": entries,
            "own": {id_: one for id_, one in self.own.items() if one["read_at"] or one["drafts"]},
            "counts": self.counts,
            "projects": sorted(self.projects),
        }


def _without_own(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "own"}


def parsed(block: str) -> tuple[str | None, str, dict[str, Any]] | None:
    """Return a server-sent event's id, name and data; None for a comment."""
    lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
    if "event" not in lines:
        return None
    return lines.get("id"), lines["event"], json.loads(lines["data"])
