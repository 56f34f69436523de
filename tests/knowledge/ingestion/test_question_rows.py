import json

import pytest

from answerdesk.knowledge.ingestion.parse import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.question_rows import (
    QuestionRow,
    QuestionRows,
    RowError,
    read_rows,
)

WHY = QuestionRow(2, "Why?", "So.\nReally.", "Orders", ("a", "b c"))


def read(content: str | bytes, name: str = "items.csv", media_type: str = "") -> QuestionRows:
    return read_rows(content.encode() if isinstance(content, str) else content, media_type, name)


@pytest.mark.parametrize(
    ("name", "content", "reason", "says"),
    [
        ("a.csv", b"", "empty", "empty"),
        ("a.csv", b"Name,Price\nx,1\n", "columns", 'no column "question"'),
        ("a.csv", b"question,votes\nx,1\n", "columns", 'no column "answer"'),
        ("a.csv", b"q,a,frage\nx,1,2\n", "columns", 'more than one column means "question"'),
        ("a.json", b"[1, 2]", "columns", "expected a list of objects"),
        ("a.json", b'{"a": [{}], "b": [{}]}', "columns", "expected a list of objects"),
        ("a.json", b"[{]", "broken", "line 1"),
        ("a.txt", b"question,answer\nx,y\n", "unsupported_type", "CSV or JSON"),
        ("a.pdf", b"%PDF-1.7", "unsupported_type", "CSV or JSON"),
        ("a.csv", b"\0\1\2\3" * 9, "binary", "binary"),
    ],
)
def test_a_file_that_holds_no_items_is_refused(
    name: str, content: bytes, reason: str, says: str
) -> None:
    with pytest.raises(UnreadableDocument, match=f"^{name}: ") as refusal:
        read(content, name)
    assert refusal.value.reason == reason
    assert says in refusal.value.message


def test_what_is_wrong_with_a_row_names_it_and_its_column() -> None:
    found = read('Frage,Antwort,Color\n,x,\n\nWhy?, ,\nWhy?,So.,red\nHow?,"Thus.",,extra\nOk?,Yes')
    assert [(row.row, row.question) for row in found.rows] == [(7, "Ok?")]
    assert found.errors == (
        RowError(2, "Frage", "is empty"),
        RowError(4, "Antwort", "is empty"),
        RowError(5, "Color", '"Color" is unknown; an item has question, answer, category, tags'),
        RowError(
            6, "column 4", '"column 4" is unknown; an item has question, answer, category, tags'
        ),
    )


def test_what_is_wrong_with_an_entry_names_its_number_and_its_key() -> None:
    entries = [
        {"question": "Why?", "answer": 3},
        {"answer": "So.", "color": "red"},
        {"question": "Why?", "answer": "So.", "tags": ["a", 1], "category": 2},
        {"question": "Why?", "Frage": "How?", "answer": "So."},
        {"question": "Why?", "answer": "So.", "category": None, "tags": None},
    ]
    found = read(json.dumps(entries), "items.json")
    assert [(error.row, error.field) for error in found.errors] == [
        (1, "answer"),
        (2, "color"),
        (2, "question"),
        (3, "tags"),
        (3, "category"),
        (4, "Frage"),
    ]
    assert found.rows == (QuestionRow(5, "Why?", "So.", None, ()),)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'question,answer,category,tags\nWhy?,"So.\nReally.",Orders,"a; b  c,a"\n'),
        ("a.tsv", 'Q\tA\tTopic\tLabels\n Why? \t"So.\nReally."\tOrders\ta,b c\n'),
        ("a.csv", 'Tags;Antwort;Frage;Kategorie\n"a,b c";"So.\nReally.";Why?;Orders\n'),
    ],
)
def test_rows_of_a_table_are_read_whatever_its_columns_are_called(name: str, content: str) -> None:
    assert read(content, name) == QuestionRows((WHY,), ())


@pytest.mark.parametrize("in_object", [False, True])
def test_an_export_is_read_as_it_was_written(*, in_object: bool) -> None:
    entry = {
        "id": "item_1",
        "question": "Why?",
        "answer": "So.\nReally.",
        "category": "Orders",
        "tags": ["a", "b c"],
        "version": 2,
        "created_at": "2026-01-05T00:00:00Z",
        "updated_at": None,
    }
    content = json.dumps({"items": [entry]} if in_object else [entry])
    expected = QuestionRow(1, WHY.question, WHY.answer, WHY.category, WHY.tags)
    assert read(content, "items.json").rows == (expected,)
    assert read(json.dumps(entry) + "\n", "items.jsonl").rows == (expected,)
    assert read(content, "upload", "application/json").rows == (expected,)
