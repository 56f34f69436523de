"""E-mail addresses: one key for every spelling, and no address that is none."""

import pytest

from answerdesk.accounts.users.email import parse_email


@pytest.mark.parametrize(
    "text",
    [
        *("", "ann", "@", "ann@", "@example.com", "ann@exa mple.com", "a nn@example.com"),
        *("ann@example..com", ".ann@example.com", "ann.@example.com", "a..nn@example.com"),
        *("ann@-example.com", "ann@example.com\nBcc: eve@example.com", "ann\0@example.com"),
        *("<ann@example.com>", '"ann"@example.com', "ann,eve@example.com", "ann@[127.0.0.1]"),
        *("a" * 65 + "@example.com", "ann@" + "a." * 130 + "com", "a" * 100_000 + "@x"),
        *("ann\u200b@example.com", "ann\ud800@example.com", "ann@exa_mple.com"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        parse_email(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        (" ann@example.com ", "ann@example.com"),
        ("ann@exämple.com", "ann@xn--exmple-cua.com"),
        ("ann@EXÄMPLE.com", "ann@xn--exmple-cua.com"),
        ("Größe@example.com", "GRÖSSE@example.com"),
        ("\uff41nn@example.com", "ann@example.com"),
    ],
)
def test_spellings_of_one_address_have_one_key(text: str, same: str) -> None:
    assert parse_email(text).key == parse_email(same).key


def test_different_addresses_have_different_keys() -> None:
    texts = ["ann@example.com", "ann+a@example.com", "an.n@example.com", "ann@example.org"]
    assert len({parse_email(text).key for text in texts}) == len(texts)
