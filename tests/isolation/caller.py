"""Calls the table's routes with one account's ids and whatever credential."""

import re
from typing import Any

import httpx

from tests.isolation.estate import Estate, Holding
from tests.isolation.route import Route
from tests.isolation.table import ROUTES

Key = tuple[str, str]
"""A route's method and path."""


class Caller:
    """Sends the table's requests with one account's ids and another's credentials."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate

    @staticmethod
    def names_ids(key: Key) -> bool:
        """Tell whether a request of a route can name ids at all."""
        _, path = key
        route = ROUTES[key]
        return "{" in path or route.body is not None or route.query is not None

    def call(
        self,
        key: Key,
        ids: Holding,
        credential: str | None,
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Call a route with the ids of an account."""
        method, path = key
        route = ROUTES[key]
        sent = {} if credential is None else {"Authorization": f"Bearer {credential}"}
        options: dict[str, Any] = {"headers": sent | (headers or {}), "params": query or {}}
        if route.query is not None:
            options["params"] = route.query(ids) | options["params"]
        if path.endswith("/files"):
            options["files"] = {"file": ("planted.txt", b"Planted by somebody else.")}
        elif route.body is not None:
            options["json"] = route.body(ids)
        return self.estate.client.request(method, filled(path, route, ids), **options)


def filled(path: str, route: Route, ids: Holding) -> str:
    """Return a route's path with the ids of an account."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return ids.ids[route.ids.get(name, name.removesuffix("_id"))]

    return re.sub(r"\{(\w+)\}", value, path)
