import json

import pytest

from answerdesk.knowledge.ingestion.parse import Block, ParsedDocument, UnreadableDocument, parse

JSON = "application/json"


def read(value: object) -> ParsedDocument:
    return parse(json.dumps(value).encode(), JSON, "shop.json")


@pytest.mark.parametrize(
    ("name", "content", "reason", "says"),
    [
        ("a.json", b"", "empty", "empty"),
        ("a.json", b"{}", "no_text", "has no text"),
        ("a.json", b'{"a": nul}', "broken", "line 1, column 7"),
        ("a.json", b'{"a": 1}\n{"b": 2', "broken", "line 2, column 8"),
        ("a.json", b"[1]\n[2]", "broken", "line 2, column 1"),
        ("a.jsonl", b'{"a": 1}\n\n{"b"', "broken", "line 3, column 5"),
        ("a.json", b"[" * 100_000, "broken", "too deep"),
        ("a.json", b"1" * 5_000, "broken", "too many digits"),
        ("a.json", b"\xff\xfe\xfd", "encoding", "UTF-16"),
        ("a.json", json.dumps(list(range(500_001))).encode(), "too_large", "500,000 values"),
    ],
)
def test_what_cannot_be_read_is_refused_with_where_it_is_wrong(
    name: str, content: bytes, reason: str, says: str
) -> None:
    with pytest.raises(UnreadableDocument, match=f"^{name}: ") as refusal:
        parse(content, "", name)
    assert refusal.value.reason == reason
    assert says in refusal.value.message


def test_objects_are_sections_and_their_values_lines() -> None:
    document = read(
        {
            "name": "Acme",
            "openingHours": {"monday": "9–17", "sunday": None, "holidays": [], "note": "a\n\nb"},
            "languages": ["de", "en"],
            "plans": [
                {"plan_name": "Pro", "price": 20, "seats": 5},
                {"plan_name": "Team", "price": 50.5, "trial": True},
            ],
            "pages": [
                {"title": "Returns", "body": "<p>Within <b>30</b> days.</p><ul><li>free</ul>"},
                {"title": "Shipping", "body": "<p>3 days.</p>"},
            ],
        }
    )
    assert document.title == "Acme"
    hours, returns = ("opening hours",), ("pages", "Returns")
    assert list(document.blocks) == [
        Block("paragraph", "name: Acme\nlanguages: de, en"),
        Block("paragraph", "monday: 9–17\nnote: a b", hours),
        Block(
            "table",
            "plan name: Pro | price: 20 | seats: 5\nplan name: Team | price: 50.5 | trial: true",
            ("plans",),
        ),
        Block("paragraph", "title: Returns", returns),
        Block("paragraph", "Within 30 days.", (*returns, "body")),
        Block("list", "- free", (*returns, "body")),
        Block("paragraph", "title: Shipping", ("pages", "Shipping")),
        Block("paragraph", "3 days.", ("pages", "Shipping", "body")),
    ]


def test_json_lines_are_a_list() -> None:
    content = b'{"plan": "Pro", "price": 20}\n\n{"plan": "Team", "price": 50}\n'
    for name in ("a.jsonl", "a.ndjson"):
        (block,) = parse(content, "", name).blocks
        assert block.text == "plan: Pro | price: 20\nplan: Team | price: 50"


@pytest.mark.parametrize(
    "value",
    [
        [{"question": "Why?", "answer": "So.", "tags": ["a"], "id": 3}],
        {"items": [{"Frage": "Why?", "Antwort": "So."}]},
        {"question": "Why?", "answer": "So."},
        [{"title": "Why?", "content": "<p>So.</p>"}],
    ],
)
def test_questions_and_answers_are_read_as_such(value: object) -> None:
    assert read(value).blocks == (Block("qa", "Why?\nSo.", has_caption=True),)


@pytest.mark.parametrize(
    "value",
    [
        [{"question": "Why?", "votes": 3}],
        [{"question": ["Why?"], "answer": "So."}],
        [{"title": "Why?", "content": "So.", "author": "me"}],
    ],
)
def test_what_only_looks_like_questions_is_read_as_data(value: object) -> None:
    assert all(block.kind != "qa" for block in read(value).blocks)


def test_values_nested_deeper_than_headings_help_stay_on_a_line() -> None:
    value: object = "deep"
    for _ in range(60):
        value = {"a": value, "b": {}}
    assert any("deep" in block.text for block in read(value).blocks)
