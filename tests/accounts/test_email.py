"""E-mail addresses: one key for every spelling, and no address that is none."""

import pytest

from answerdesk.accounts.users.email import find_email, parse_email


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


@pytest.mark.parametrize(
    "text",
    [
        *("", "@", "no address", "ann@", "@example.com", "ann@localhost", "ann @example.com"),
        *("https://ann@example.com/", "see https://ann:secret@example.com", "pip tool@1.2.3"),
        *("ann@example.com2", "a" * 65 + "@example.com", "x" * 20_000 + " ann@example.com"),
        *("ann@-example.com", "a..b@example.com", "@" * 20_000, "a@" * 10_000, "a." * 10_000),
        "b@a-.com " * 20 + "ann@example.com",
    ],
)
def test_no_address_is_found_where_none_is(text: str) -> None:
    assert find_email(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann@example.com", "ann@example.com"),
        ("I'm Ann (ann@example.com), hello", "ann@example.com"),
        ("Mail:ann.o'neil+shop@mail.example.co.uk.", "ann.o'neil+shop@mail.example.co.uk"),
        ("mailto:ann@example.com?subject=x", "ann@example.com"),
        ("'ann@example.com'", "ann@example.com"),
        ("schreib an änne@exämple.de!", "änne@xn--exmple-cua.de"),
        ("https://me@a.example/ or ann@example.com and bob@example.com", "ann@example.com"),
        ("\u200bann@example.com\nbye", "ann@example.com"),
    ],
)
def test_the_first_address_in_a_text_is_found(text: str, found: str) -> None:
    email = find_email(text)
    assert email is not None
    assert email.address == found
