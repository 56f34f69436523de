"""The reference pages say of everything that the vendors document what it is here, and which test
shows it.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.dialects.examples.documents import VENDORS, examples
from tests.rules.tree import ROOT, expect_none, python_files

DOCUMENTS: Final = os.environ.get("VENDOR_DOCUMENTS")
_PAGES: Final = ROOT / "docs" / "reference" / "dialects"
_TABLE: Final = re.compile(r"## What the vendor documents\n(.*?)\nThe tests are in", re.DOTALL)
_QUOTE: Final = re.compile("“([^”]*)”")
_CODE: Final = re.compile(r"`([^`]*)`")
_TEST: Final = re.compile(r"(?:[\w/]+/)?test_\w+(?:\.py)?|tests/[\w/]+")
_SPACES: Final = re.compile(r"\s+")
_MARKS: Final = re.compile(r"[|`*]|^\s*-+(?= )|(?<=\|)-+(?=\|)", re.MULTILINE)
_PATH_BEFORE_TEXT: Final = re.compile(r"(/api/[a-z-]+)(?=[A-Z])")

# Where a document has lost a space, or a dash has become a letter.
_MENDED: Final[Mapping[str, str]] = {
    "Authorizationheader": "Authorization header",
    "initiatedmessage.": "initiated message.",
    "userconversation.": "user conversation.",
    "calls.Use": "calls. Use",
    "/apiAuthorization": "/api Authorization",
    "YOUR_API_KEYAll": "YOUR_API_KEY All",
    "websitesCopy": "websites Copy",
    "β": "–",
    "Β·": "–",
}
# Headings, and what the documents say about themselves.
_NOT_OF_THE_API: Final[Mapping[str, tuple[str, ...]]] = {
    "chatorex": (
        "Integrate Chatorex programmatically with our REST API.",
        "Send messages, manage sources, retrieve leads, and configure your widget.",
        "View plans →",
        "Contact us if you need higher limits.",
        "If you have questions about the API, need help with integration, or want to request",
        *("a new endpoint, get in touch.", "Get your API key and start integrating"),
        "AI-powered customer support into your applications.",
    ),
    "noras": (
        "API Documentation",
        "Complete guide to integrate Noras.AI AI chatbot into your applications",
        "Getting Started",
        "Welcome to the Noras.AI API! This RESTful API allows you to integrate",
        "our AI chatbot capabilities into your applications.",
        *("Base URL", "Quick Start", "To get started with the API:", "Authentication"),
        *("Example Request", "Rate Limits", "Error Handling", "Error Response Example"),
        *("Make requests to the endpoints documented below", "Send Chat Message"),
        "Plan Requests per Minute Requests per Hour",
        *("Status Code Meaning", "Request Parameters", "Query Parameters"),
        *("Parameter Type Required Description", "Parameter Type Description"),
        *("Success Response (200 OK)", "JavaScript Example", "Python Example"),
        *("Get Conversations", "Widget Management", "Analytics", "Response Example"),
        *("Webhooks", "Available Events", "Webhook Payload Example"),
    ),
    "novachat": (
        "Integrate Nova Chat into your website or app in minutes.",
        "Endpoint Description",
        "Nova Chat API Quick Start",
    ),
    "novaro": (
        *("Docs", "API API", "Authentication", "Verifying Authentication", "Realtime Messages"),
        *("Asynchronous Message Requests", "Webhook Data", "Response Timings"),
        "We provide a REST API to interact with our services.",
        "A quick overview of things you can do with the API:",
        "In the future we will add these additional features to the API:",
        "Attention:",
        *("(opens in a new tab)", "The probablilites table is as follows:"),
        "Response TimeProbabilityTotal Probability",
    ),
    "orac": (
        *("API Reference", "Base URL and conventions", "Errors", "Webhooks (outbound)"),
        "Every public endpoint the widget and your own integrations can call.",
        *("Request body:", "Response:", "Example signature header:"),
        "Programmatic API (Business plan)",
    ),
}


def page(vendor: str) -> str:
    return (_PAGES / f"{vendor}.md").read_text(encoding="utf-8")


def documented(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Yield the rows about what the vendor documents: that, what it is here, and the tests."""
    (table,) = _TABLE.findall(page(vendor))
    for line in table.splitlines():
        if line.startswith("|") and not line.startswith(("|---", "| Documented ")):
            what, here, tests = (cell.strip() for cell in line.strip().strip("|").split("|"))
            yield what, here, tests


def plain(text: str) -> str:
    """Return a document's or a page's text without its marks and line breaks."""
    text = _SPACES.sub(" ", _MARKS.sub(" ", text))
    for lost, given in _MENDED.items():
        text = text.replace(lost, given)
    return _PATH_BEFORE_TEXT.sub(r"\1 ", text).strip()


def quotes(vendor: str) -> list[str]:
    """Return what the page quotes of the document."""
    return [
        plain(part)
        for what, _, _ in documented(vendor)
        for quote in _QUOTE.findall(what)
        for part in quote.split(" … ")
    ]


def names(vendor: str) -> set[str]:
    """Return the paths and fields that the page's rows name, longest and shortest form."""
    codes = [code for what, _, _ in documented(vendor) for code in _CODE.findall(what)]
    return {plain(one) for code in codes for one in (code, *code.split())}


def left_over(vendor: str, document: str) -> str:
    """Return what a document says and the page does not."""
    for example in examples(vendor):
        document = document.replace(example.text, "\n", 1)
    rest = plain(document)
    told = {*quotes(vendor), *names(vendor), *_NOT_OF_THE_API[vendor]}
    for one in sorted(told, key=len, reverse=True):
        begins, ends = ("(?<!\\w)" if one[:1].isalnum() else ""), "(?!\\w)"
        is_path = one.startswith("/")
        rest = re.sub(begins + re.escape(one) + ("(?![\\w-]*/)" if is_path else ends), "\n", rest)
    return "\n".join(line.strip() for line in rest.splitlines() if re.search(r"\w", line))


def unknown_tests(text: str, functions: str, files: set[str]) -> list[str]:
    """Return the tests that a text names and that are not there."""
    named = [one for code in _CODE.findall(text) for one in _TEST.findall(code) if one == code]
    return [
        one
        for one in named
        if not (
            any(f"/{path}".endswith(f"/{one}") for path in files)
            if one.endswith(".py")
            else (ROOT / one).is_dir() or f"def {one}(" in functions
        )
    ]


@pytest.fixture(scope="module")
def functions() -> str:
    return "\n".join(text for _, text in python_files("tests"))


@pytest.fixture(scope="module")
def files() -> set[str]:
    return {str(path) for path, _ in python_files("tests")}


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_row_names_a_test_that_is_there(vendor: str, functions: str, files: set[str]) -> None:
    rows = [*documented(vendor)]
    assert len(rows) > 8
    expect_none(f"{vendor}: {what}: no test" for what, _, tests in rows if not _TEST.search(tests))
    expect_none(
        f"{vendor}: there is no {one}" for one in unknown_tests(page(vendor), functions, files)
    )


@pytest.mark.skipif(
    DOCUMENTS is None, reason="set VENDOR_DOCUMENTS to the folder of the vendors' documents"
)
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_sentence_of_a_document_has_a_row(vendor: str) -> None:
    document = (Path(DOCUMENTS or "") / f"{vendor}.txt").read_text(encoding="utf-8")
    said = plain(document)
    expect_none(
        f"{vendor}: not in the document: {one}" for one in quotes(vendor) if one not in said
    )
    assert left_over(vendor, document) == ""


def test_a_sentence_without_a_row_and_a_test_that_is_gone_are_seen() -> None:
    said = "Retrieve conversation history for a specific widget."
    assert left_over("noras", said) == ""
    assert left_over("noras", f"{said} Delete it, too.") == "Delete it, too."
    known = ("def test_a(", {"tests/dialects/noras/test_noras.py"})
    assert unknown_tests("`test_a`, `test_noras.py`, `tests/dialects`, `test`", *known) == []
    assert unknown_tests("`test_b`, `noras/test_a.py`", *known) == ["test_b", "noras/test_a.py"]
