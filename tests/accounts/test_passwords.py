"""Passwords: what is refused, and how they are kept."""

import asyncio

import pytest

from answerdesk.accounts.passwords import Passwords, check_new_password
from answerdesk.core.errors import InvalidInput, Unavailable

EMAIL = "anna.smith@example.com"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("short pwd", "password_too_short"),
        ("ﬁﬁﬁﬁ", "password_too_short"),
        ("ab cde fgh-" * 94, "password_too_long"),
        ("Password123!", "password_too_common"),
        ("P@ssw0rd2024", "password_too_common"),
        ("iloveyou2024!", "password_too_common"),
        ("qwertyuiop", "password_too_common"),
        ("1234567890", "password_too_common"),
        ("12345678910", "password_too_common"),
        ("98765 43210", "password_too_common"),
        ("aaaaaaaaaaaa", "password_too_common"),
        ("abcabcabcabc", "password_too_common"),
        ("1q2w3e4r5t6y", "password_too_common"),
        ("anna.smith1", "password_too_common"),
        (EMAIL, "password_too_common"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_new_password(password, EMAIL)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "password",
    [
        "MyPass123!",
        "correct horse",
        "tuesday we swim",
        "дом у моря 7",
        "x" * 9 + "y",
        "ab cde fgh-" * 93,
    ],
)
def test_any_other_is_taken_whatever_it_is_made_of(password: str) -> None:
    check_new_password(password, EMAIL)


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(memory_kib=64, passes=1)


async def test_only_the_right_password_is_right(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")
    assert stored.startswith("$argon2id$v=19$")
    assert not (await passwords.verify(stored, "correct horsf")).right
    assert not (await passwords.verify("no hash at all", "correct horse")).right
    assert not (await passwords.verify(None, "nobody has this password")).right
    assert not (await passwords.verify(stored, "correct horse" * 200)).right
    assert (await passwords.verify(stored, "correct horse")).right
    await passwords.close()


async def test_letters_may_be_composed_either_way(passwords: Passwords) -> None:
    stored = await passwords.hash("größe des hafens")
    assert (await passwords.verify(stored, "gro\u0308ße des hafens")).right
    await passwords.close()


async def test_todays_parameters_are_the_recommended_ones() -> None:
    passwords = Passwords()
    assert "$m=19456,t=2,p=1$" in await passwords.hash("correct horse")
    await passwords.close()


async def test_an_older_hash_is_renewed(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")
    assert (await passwords.verify(stored, "correct horse")).renewed is None
    stronger = Passwords(memory_kib=128, passes=1)
    renewed = (await stronger.verify(stored, "correct horse")).renewed
    assert renewed is not None
    assert "$m=128,t=1,p=1$" in renewed
    assert (await stronger.verify(renewed, "correct horse")).renewed is None
    await stronger.close()
    await passwords.close()


async def test_those_who_wait_are_bounded() -> None:
    few = Passwords(memory_kib=64, passes=1, most_waiting=3)
    results = await asyncio.gather(
        *(few.verify(None, "correct horse") for _ in range(10)), return_exceptions=True
    )
    turned_away = [one for one in results if isinstance(one, Unavailable)]
    assert len(turned_away) == 7
    assert {one.code for one in turned_away} == {"log_in_busy"}
    assert not (await few.verify(None, "correct horse")).right
    await few.close()
    with pytest.raises(Unavailable):
        await few.verify(None, "correct horse")
