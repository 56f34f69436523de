"""White space is squeezed before a text is worked on."""

import pytest

from answerdesk.kit.whitespace import squeezed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("How much is it?", "How much is it?"),
        ("  how   much\t\tis  it? ", "how much is it?"),
        ("how much\u00a0\u2003\u3000is it?", "how much is it?"),
        ("Hello,\r\n\r\n  how much?\n", "Hello,\nhow much?"),
        ("a \n \n\v\f b", "a\nb"),
        ("a\u2028b\u0085c", "a\nb\nc"),
        ("a\u200bb", "a\u200bb"),
    ],
)
def test_runs_are_one(text: str, expected: str) -> None:
    assert squeezed(text) == expected
