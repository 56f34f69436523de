"""No example of a document is forgotten: it runs, or it is listed as coming."""

import os
from pathlib import Path

import pytest

from tests.dialects.examples.documents import (
    ALL,
    COMING,
    PAGES,
    REPLIES,
    RUN,
    SENT,
    VENDORS,
    Example,
    examples,
    summary,
    table,
    unlisted,
)
from tests.dialects.examples.running import restored
from tests.dialects.examples.shapes import SHAPES, misfits
from tests.rules.tree import ROOT, python_files

DOCUMENTS = os.environ.get("VENDOR_DOCUMENTS")


def test_every_example_runs_or_has_a_reason() -> None:
    assert {*RUN, *REPLIES, *SENT, *PAGES, *COMING} == {*ALL}
    assert len({str(one) for one in ALL}) == len(ALL)
    assert all(one.text.strip() for one in ALL)
    assert {one for one in ALL if one.beside} == {*SENT, *PAGES, *COMING}


def test_what_compares_a_body_or_opens_a_page_is_there() -> None:
    tests = "\n".join(text for _, text in python_files("tests"))
    for one in (*SENT, *PAGES):
        assert f"def {one.beside}(" in tests, one


@pytest.mark.skipif(
    DOCUMENTS is None, reason="set VENDOR_DOCUMENTS to the folder of the vendors' documents"
)
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_example_of_a_document_is_listed(vendor: str) -> None:
    text = (Path(DOCUMENTS or "") / f"{vendor}.txt").read_text(encoding="utf-8")
    assert unlisted(text, examples(vendor)) == []


def test_what_is_not_listed_or_not_in_the_document_is_seen() -> None:
    listed = [Example("noras", "sh", "a", "curl a -d '{\"b\": 1}'")]
    document = "See:\ncurl a -d '{\"b\": 1}'\nThen GET /api/c, and\n"
    assert unlisted(document, listed) == []
    for more in ("curl c", "await fetch('c')", "GET /api/c?d=1", '"e": 7', "<script src=x>"):
        assert unlisted(document + more, listed) == [more]
    assert unlisted("curl b", listed) == [listed[0].text, "curl b"]


def test_the_reference_page_counts_and_names_them() -> None:
    page = (ROOT / "docs" / "reference" / "dialects.md").read_text(encoding="utf-8")
    assert table() in page, table()


def test_the_summary_counts_those_that_passed() -> None:
    tests = [f"test_examples.py::test_an_example_runs_as_printed[{one}]" for one in RUN[:2]]
    tests += [f"test_other.py::{SENT[0].beside}[a]", "test_other.py::test_a"]
    first, coming = summary(tests)
    assert f" 3 of {len(ALL)} " in first
    assert all(one.name in coming for one in COMING)
    assert list(summary(["test_other.py::test_a"])) == []


def test_every_example_has_a_shape_that_the_printed_reply_has() -> None:
    for vendor, shapes in SHAPES.items():
        named = [one.name for one in (*RUN, *REPLIES) if one.vendor == vendor]
        assert shapes.keys() <= {*named}
        assert {*named} - shapes.keys() <= {"an error"}
    for one in RUN:
        if one.printed is not None and one.kind != "http":
            assert misfits(one.printed, SHAPES[one.vendor][one.name][-1], whole=False) == []


def test_nothing_but_line_breaks_is_restored() -> None:
    for example in RUN:
        assert restored(example).replace("\n", " ").split() == example.text.split(), example


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"a": 1}, {"a": str}),
        ({"a": True}, {"a": int}),
        ({"a": "1"}, {"a": float}),
        ({}, {"a": int}),
        ({"a": 1, "b": 2}, {"a": int}),
        ({"a": []}, {"a": [int]}),
        ({"a": [1, None]}, {"a": [int]}),
        ({"a": None}, {"a": (int, str)}),
        ([], {"a": int}),
        ({}, [int]),
    ],
)
def test_what_is_not_of_a_shape_is_seen(value: object, shape: object) -> None:
    assert len(misfits(value, shape)) == 1
