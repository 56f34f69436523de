"""Nova Chat's knowledge base: single items and both imports."""

from typing import Any

import pytest

from tests.dialects.novachat.shop import ITEMS, Shop, refused

IMPORT = "/nc-api/v1/knowledge_base/import"
FIELDS = {"id", "title", "content", "category", "tags", "created_at", "updated_at"}


def titles(shop: Shop) -> list[str]:
    listed = shop.call("GET", ITEMS)
    assert listed.status_code == 200, listed.text
    assert listed.headers["x-total-count"] == str(len(listed.json()))
    return [one["title"] for one in listed.json()]


@pytest.mark.parametrize(
    "body",
    [
        [],
        7,
        "title",
        {},
        {"title": "Where?"},
        {"content": "Here."},
        {"title": " ", "content": "Here."},
        {"title": 7, "content": "Here."},
        {"title": "x" * 2001, "content": "Here."},
        {"title": "Where?", "content": "x" * 20_001},
        {"title": "Where?", "content": "Here.", "tags": "a"},
        {"title": "Where?", "content": "Here.", "tags": ["a"] * 21},
        {"title": "Where?", "content": "Here.", "category": "x" * 101},
        {"title": "Where?", "content": "Here.\0"},
    ],
)
def test_an_item_that_cannot_be_is_refused(shop: Shop, body: Any) -> None:
    refused(shop.call("POST", ITEMS, json=body), 400)
    assert titles(shop) == []


def test_a_fault_is_told_in_the_clients_words(shop: Shop) -> None:
    told = shop.call("POST", ITEMS, json={"title": "Where?", "content": ""}).json()
    assert "content" in told["message"]
    assert "answer" not in told["message"]


def test_items_of_others_do_not_exist(shop: Shop, large: Shop) -> None:
    theirs = large.add("What is the code?", "The code is 4711.")
    shop.add("Ours?", "Yes.")
    body = {"title": "Mine?", "content": "Yes."}
    for named in (
        str(theirs["id"]),
        "9007199254740991",
        "9" * 40,
        "0",
        "-1",
        "x",
        "item_" + "0" * 32,
    ):
        refused(shop.call("GET", f"{ITEMS}/{named}"), 404)
        refused(shop.call("PUT", f"{ITEMS}/{named}", json=body), 404)
        refused(shop.call("DELETE", f"{ITEMS}/{named}"), 404)
        refused(shop.call("DELETE", f"{ITEMS}?id={named}"), 404)
    refused(shop.call("PUT", ITEMS, json={**body, "id": theirs["id"]}), 404)
    refused(shop.call("DELETE", ITEMS, json={"id": theirs["id"]}), 404)
    refused(shop.call("DELETE", ITEMS), 400)
    refused(shop.call("PUT", ITEMS, json=body), 400)
    refused(shop.call("PUT", f"{ITEMS}?id=1", json={**body, "id": 2}), 400)
    assert titles(large) == ["What is the code?"]


def test_a_key_that_may_only_read_changes_nothing(shop: Shop) -> None:
    kept = shop.add("Where?", "Here.")
    reader = shop.key("read")
    row = {"title": "A?", "content": "B."}
    assert shop.call("GET", ITEMS, token=reader).status_code == 200
    for method, path, body in (
        ("POST", ITEMS, row),
        ("PUT", f"{ITEMS}/{kept['id']}", row),
        ("DELETE", f"{ITEMS}/{kept['id']}", None),
        ("POST", f"{ITEMS}/import", [row]),
        ("POST", IMPORT, [row]),
    ):
        refused(shop.call(method, path, token=reader, json=body), 403)
    assert titles(shop) == ["Where?"]
    writer = shop.key("write")
    assert shop.call("POST", ITEMS, token=writer, json=row).status_code == 201
    assert shop.call("GET", ITEMS, token=writer).status_code == 200


def test_an_item_comes_changes_and_goes(shop: Shop) -> None:
    body = {
        "title": "How to reset password?",
        "content": "Go to Settings → Change Password...",
        "category": "After-sales",
        "tags": ["password", "account"],
    }
    added = shop.call("POST", ITEMS, json={**body, "unknown": 1})
    assert added.status_code == 201, added.text
    item = added.json()
    assert set(item) == FIELDS
    assert {name: item[name] for name in body} == body
    again = shop.call("POST", ITEMS, json=body)
    assert (again.status_code, again.json()) == (200, item)
    path = f"{ITEMS}/{item['id']}"
    assert shop.call("GET", path).json() == item
    changed = shop.call("PUT", path, json={"content": "Ask us."}).json()
    assert (changed["id"], changed["title"]) == (item["id"], body["title"])
    assert (changed["content"], changed["tags"]) == ("Ask us.", body["tags"])
    named = {"id": item["id"], "category": None, "tags": []}
    changed = shop.call("PUT", ITEMS, json=named).json()
    assert (changed["category"], changed["tags"]) == (None, [])
    other = shop.add("Other?", "Yes.")
    same = {"title": "Other?", "content": "Yes."}
    refused(shop.call("PUT", path, json=same), 400)
    gone = shop.call("DELETE", f"{ITEMS}?id={item['id']}")
    assert (gone.status_code, gone.json()) == (200, {"success": True})
    refused(shop.call("GET", path), 404)
    assert shop.call("DELETE", ITEMS, json={"id": other["id"]}).status_code == 200
    assert titles(shop) == []


def test_lists_have_parts(shop: Shop) -> None:
    for number in range(5):
        shop.add(f"Question {number}?", "Answer.")
    part = shop.call("GET", f"{ITEMS}?page=2&per_page=2")
    assert [one["title"] for one in part.json()] == ["Question 2?", "Question 3?"]
    assert part.headers["x-total-count"] == "5"
    assert shop.call("GET", f"{ITEMS}?page=9").json() == []
    for query in ("page=0", "page=x", "per_page=0", "per_page=501", "page=1000001"):
        refused(shop.call("GET", f"{ITEMS}?{query}"), 400)


def test_the_plan_has_room_for_fifty_items(shop: Shop) -> None:
    rows = [{"title": f"Question {number}?", "content": "A."} for number in range(51)]
    assert refused(shop.call("POST", f"{ITEMS}/import", json=rows), 403) == "limit_reached"
    assert titles(shop) == []
    assert shop.call("POST", f"{ITEMS}/import", json=rows[:50]).status_code == 200
    assert refused(shop.call("POST", ITEMS, json=rows[50]), 403) == "limit_reached"


@pytest.mark.parametrize("path", [f"{ITEMS}/import", IMPORT])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"7", b"[]", b"{}", b'{"items": {}}', b'{"items": []}', b"[" * 5000]
)
def test_an_import_that_is_none_is_refused(shop: Shop, path: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {shop.token}"}
    refused(shop.client.post(path, content=body, headers=headers), 400)


def test_imports_have_a_bound(large: Shop) -> None:
    rows = [{"title": f"Question {number}?", "content": "A."} for number in range(501)]
    assert refused(large.call("POST", f"{ITEMS}/import", json=rows[:201]), 400) == "import_invalid"
    assert refused(large.call("POST", IMPORT, json=rows), 400) == "import_invalid"
    assert titles(large) == []
    pushed = large.call("POST", f"{ITEMS}/import", json=rows[:200])
    assert (pushed.status_code, len(pushed.json())) == (200, 200)
    imported = large.call("POST", IMPORT, json={"items": rows[:500]}).json()
    assert (imported["imported"], len(imported["items"])) == (300, 500)
    assert imported["errors"] == []
    assert imported["items"][0] == pushed.json()[0]


@pytest.mark.parametrize("path", [f"{ITEMS}/import", IMPORT])
def test_one_bad_row_imports_none(shop: Shop, path: str) -> None:
    rows: list[Any] = [{"title": "Good?", "content": "Yes."}, {"title": "Bad?"}, 7]
    answered = shop.call("POST", path, json=rows)
    assert answered.status_code == 400
    told = answered.json()
    assert told["error"] == "rows_invalid"
    assert "row 2" in told["message"]
    assert [one["row"] for one in told["errors"]] == [2, 3]
    assert told["errors"][0]["field"] == "content"
    assert titles(shop) == []


def test_rows_become_items_in_their_order(shop: Shop) -> None:
    kept = shop.add("Do you ship abroad?", "Yes.", category="Shipping")
    rows: list[dict[str, Any]] = [
        {
            "title": "What is your return policy?",
            "content": "30-day returns, free shipping label.",
            "category": "After-sales",
            "tags": ["return", "refund"],
        },
        {"title": "Do you ship abroad?", "content": "Yes."},
        {"title": "How to track my order?", "content": "Login → Orders → Track."},
        {"title": "How to track my order?", "content": "Login → Orders → Track."},
    ]
    answered = shop.call("POST", f"{ITEMS}/import", json=rows)
    assert answered.status_code == 200, answered.text
    items = answered.json()
    assert [one["title"] for one in items] == [one["title"] for one in rows]
    assert set(items[0]) == FIELDS
    assert items[0]["tags"] == ["return", "refund"]
    assert items[1] == kept
    assert items[2] == items[3]
    assert len(titles(shop)) == 3


def test_an_export_of_questions_and_answers_is_imported(shop: Shop) -> None:
    rows = [
        {"question": "Shipping time?", "answer": "3-5 business days", "category": ""},
        {"title": "Payment methods?", "answer": "Visa, MC, PayPal", "tags": None},
    ]
    answered = shop.call("POST", IMPORT, json={"items": rows})
    assert answered.status_code == 200, answered.text
    told = answered.json()
    assert set(told) == {"imported", "errors", "items"}
    assert (told["imported"], told["errors"]) == (2, [])
    assert [one["title"] for one in told["items"]] == ["Shipping time?", "Payment methods?"]
    again = shop.call("POST", IMPORT, json=rows).json()
    assert (again["imported"], again["items"]) == (0, told["items"])
