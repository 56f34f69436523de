"""Ways to send items in bulk, and to look at what is there."""

from typing import Any

import httpx

from tests.conftest import Desk


def import_json(desk: Desk, items: list[Any], **options: Any) -> httpx.Response:
    """Send rows as JSON."""
    return desk.owner.post(f"{desk.path}/items/import", json={"items": items}, **options)


def import_file(desk: Desk, name: str, content: bytes, **options: Any) -> httpx.Response:
    """Send rows as a file."""
    files = {"file": (name, content)}
    return desk.owner.post(f"{desk.path}/items/import", files=files, **options)


def all_items(desk: Desk, **only: str) -> list[dict[str, Any]]:
    """Return all items, page by page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        params = {"limit": "200", **only, **cursor}
        page = desk.owner.get(f"{desk.path}/items", params=params)
        assert page.status_code == 200, page.text
        items += page.json()["items"]
        if page.json()["next_cursor"] is None:
            return items
        cursor = {"cursor": page.json()["next_cursor"]}


def numbered(count: int) -> list[dict[str, Any]]:
    """Return rows that all differ."""
    return [
        {"question": f"What is number {n}?", "answer": f"Number {n} is {n * n}."}
        for n in range(count)
    ]
